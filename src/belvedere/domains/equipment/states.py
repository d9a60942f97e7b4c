"""How a piece of equipment is, how urgent a fault is, when a contract's hours run."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class State(StrEnum):
    """How it is. `MAINTENANCE` is never stored: it holds while a maintenance runs."""

    IN_SERVICE = "in_service"
    MAINTENANCE = "maintenance"
    OUT_OF_SERVICE = "out_of_service"
    REMOVED = "removed"


STORED: Final = (State.IN_SERVICE, State.OUT_OF_SERVICE, State.REMOVED)


class Severity(IntEnum):
    """How soon somebody must act; the numbers are those of alarms."""

    INFO = 1
    MINOR = 2
    MAJOR = 3
    CRITICAL = 4


class Step(StrEnum):
    """What a contractor owes within a time."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVE = "arrive"
    REPAIR = "repair"


class Purpose(StrEnum):
    """What a file is for."""

    PHOTO = "photo"
    DOCUMENT = "document"


STATE_NAMES: Final = {
    State.IN_SERVICE: N_("In service"),
    State.MAINTENANCE: N_("Under maintenance"),
    State.OUT_OF_SERVICE: N_("Out of service"),
    State.REMOVED: N_("Removed"),
}
SEVERITY_NAMES: Final = {
    Severity.INFO: N_("Information"),
    Severity.MINOR: N_("Minor"),
    Severity.MAJOR: N_("Major"),
    Severity.CRITICAL: N_("Critical"),
}
