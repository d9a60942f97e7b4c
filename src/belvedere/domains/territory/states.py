"""The levels of places, the kinds of organisations and of networks."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """From the largest to the smallest."""

    COUNTRY = "country"
    REGION = "region"  # région, canton
    DEPARTMENT = "department"  # département, district
    INTERCOMMUNAL = "intercommunal"
    AGGLOMERATION = "agglomeration"
    COMMUNE = "commune"
    QUARTER = "quarter"


class OrganisationKind(StrEnum):
    COMMUNE = "commune"
    INTERCOMMUNAL = "intercommunal"
    AGGLOMERATION = "agglomeration"
    DEPARTMENT = "department"
    REGION = "region"
    CANTON = "canton"
    CONFEDERATION = "confederation"
    STATE = "state"
    EU = "eu"
    OPERATOR = "operator"
    ASSOCIATION = "association"
    PRIVATE = "private"


class NetworkKind(StrEnum):
    ROAD = "road"
    PATH = "path"
    CYCLE = "cycle"
    RAIL = "rail"
    OTHER = "other"


# First segments of addresses that are not territories.
RESERVED_SLUGS = frozenset(
    {
        "account",
        "e",  # the codes on labels of equipment
        "api",
        "cockpit",
        "healthz",
        "language",
        "metrics",
        "readyz",
        "static",
        "media",
        "admin",
        "ogc",
    }
)
