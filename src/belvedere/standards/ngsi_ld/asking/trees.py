"""Questions as values. All names are expanded; a store turns what it can into its own language and asks
`matching.matches` for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from belvedere.standards.ngsi_ld.documents import LOCATION

# ---------------------------------------------------------------- types and scopes (clauses 4.17, 4.19)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them holds (`,` and `|`)."""

    of: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of them hold (`;`)."""

    of: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One type (an IRI), or one scope pattern (`/a/+/c`, `/a/#`)."""

    word: str


Selection = AnyOf | AllOf | Word

# ---------------------------------------------------------------- q (clause 4.9)


class Comparing(StrEnum):
    EQUAL = "=="
    UNEQUAL = "!="
    GREATER = ">"
    GREATER_EQUAL = ">="
    LESS = "<"
    LESS_EQUAL = "<="
    PATTERN = "~="
    NOT_PATTERN = "!~="


#: A value in a query: a number, a boolean, a text or URI, or an instant written without quotes.
Scalar = bool | int | float | str | datetime


@dataclass(frozen=True, slots=True)
class Path:
    """`names`: the attribute and the sub-attributes (`a.b`), as IRIs; the last may be one of the members that
    are not attributes: "observedAt", "createdAt", "modifiedAt", "unitCode", "datasetId" (kept as terms).
    `members`: what stands in brackets (`a[b.c]`), inside the value, as written."""

    names: tuple[str, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both included."""

    low: Scalar
    high: Scalar


@dataclass(frozen=True, slots=True)
class Comparison:
    """`path operator values`; several values only with EQUAL (any of them) and UNEQUAL (none of them).
    With PATTERN and NOT_PATTERN there is one value, the text of the regular expression."""

    path: Path
    operator: Comparing
    values: tuple[Scalar | Range, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """The path leads somewhere."""

    path: Path


@dataclass(frozen=True, slots=True)
class And:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    of: tuple[Condition, ...]


Condition = Comparison | Exists | And | Or

# ---------------------------------------------------------------- geography (clause 4.10)


class GeoRelation(StrEnum):
    NEAR = "near"
    WITHIN = "within"
    CONTAINS = "contains"
    INTERSECTS = "intersects"
    EQUALS = "equals"
    DISJOINT = "disjoint"
    OVERLAPS = "overlaps"


@dataclass(frozen=True, slots=True)
class Geo:
    """`geometry`: GeoJSON in WGS 84. Distances in metres, only with NEAR. `bounds`: west, south, east,
    north of a box outside which nothing can match; None for DISJOINT and `minDistance` alone."""

    relation: GeoRelation
    geometry: dict[str, Any]
    name: str = LOCATION
    max_m: float | None = None
    min_m: float | None = None
    bounds: tuple[float, float, float, float] | None = None


# ---------------------------------------------------------------- all together (clauses 5.7.2, 5.2.33)


@dataclass(frozen=True, slots=True)
class Selector:
    """Entities by what they are (clause 5.2.33): all of what is said holds."""

    ids: tuple[str, ...] = ()
    id_pattern: str = ""
    types: Selection | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One part of `orderBy` (clause 4.23): `path.names` may also be ("id",), ("type",), ("createdAt",),
    ("modifiedAt",); `near` orders by the distance in metres from that geometry."""

    path: Path
    descending: bool = False
    near: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Which entities: one of `selectors` (none: any), and everything else that is said.

    `attrs`: at least one of them is there. `dataset_ids`: None for all; "" is the default instance.
    """

    selectors: tuple[Selector, ...] = ()
    attrs: tuple[str, ...] = ()
    q: Condition | None = None
    geo: Geo | None = None
    scope: Selection | None = None
    dataset_ids: tuple[str, ...] | None = None
    order: tuple[Order, ...] = ()
    limit: int = 20
    offset: int = 0
    count: bool = False
    local: bool = field(default=False)
