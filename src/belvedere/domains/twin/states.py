"""The states of a thing, who may see it, and the kinds of attributes of NGSI-LD."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class State(StrEnum):
    """How a thing is now, from the thresholds of its description; `SILENT`: nothing heard for too long."""

    NORMAL = "normal"
    WATCH = "watch"
    ALARM = "alarm"
    SILENT = "silent"


class Level(IntEnum):
    """Where the present value of an attribute lies; the highest of a thing makes its state."""

    NORMAL = 0
    WATCH = 1
    ALARM = 2


class Visibility(StrEnum):
    OWN = "own"  # the owner, the bodies it belongs to, the territory's administrators and elected members
    SHARED = "shared"  # whoever holds a role in the territory
    PUBLIC = "public"


#: Kinds whose values tell how a household lives: such a thing is never public, whoever asks for it.
HOUSEHOLD = ("smart-meter", "water-consumption")


class AttributeKind(StrEnum):
    """ETSI GS CIM 009, 4.5: what an attribute says."""

    PROPERTY = "property"
    RELATIONSHIP = "relationship"
    GEO = "geo"
    LANGUAGE = "language"
    JSON = "json"
    VOCAB = "vocab"
    LIST = "list"
    LIST_RELATIONSHIP = "list_relationship"


#: An object that is read as a forecast where it comes in.
FORECAST = "forecast"


class ValueType(StrEnum):
    """What a value of a property is."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    OBJECT = "object"
