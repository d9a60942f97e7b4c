"""What the territory's reads return: frozen values, so that no row leaks out of the domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, ngettext

from belvedere.domains.territory.states import Level, NetworkKind, OrganisationKind
from belvedere.kernel.geometry import Box, Shape

Names = Mapping[str, str]


def name_in(names: Names, language: str | None = None, languages: Sequence[str] = ()) -> str:
    """The name in `language` (default: the reader's), else in the territory's own order, else any."""
    wanted = (language or get_language() or "fr").split("-")[0]
    for candidate in (wanted, *languages, *sorted(names)):
        if names.get(candidate):
            return names[candidate]
    return ""


@dataclass(frozen=True, slots=True)
class TerritoryView:
    """What one instance serves. `bounds` is the box of its places today, None before any boundary."""

    id: UUID
    slug: str
    names: Names
    country: str
    currency: str
    languages: tuple[str, ...]
    zone: str
    is_example: bool
    published: bool
    attribution: str
    base_map: Mapping[str, Any]
    parent_id: UUID | None
    place_id: UUID | None
    version: int
    bounds: Box | None = None
    communes: int = 0

    @property
    def summary(self) -> str:
        """Its size in a few words: "26 communes"; "" before any is known."""
        if not self.communes:
            return ""
        return ngettext("{count} commune", "{count} communes", self.communes).format(count=self.communes)

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return name_in(self.names, languages=self.languages)

    def name_in(self, language: str) -> str:
        return name_in(self.names, language, self.languages)

    def __str__(self) -> str:
        return self.slug  # what an address shows


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place as it is on the day asked for. `at` is longitude and latitude of its main settlement."""

    id: UUID
    country: str
    level: Level
    names: Names
    codes: Mapping[str, str] = field(default_factory=dict)
    at: tuple[float, float] | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def name(self) -> str:
        return name_in(self.names)

    @property
    def code(self) -> str:
        """Its first official code, by the order of the schemes' names."""
        return self.codes[min(self.codes)] if self.codes else ""


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """A body that owns, pays, governs or works."""

    id: UUID
    territory_id: UUID
    kind: OrganisationKind
    names: Names
    short_name: str = ""
    code_scheme: str = ""
    code: str = ""
    active: bool = True

    @property
    def name(self) -> str:
        return name_in(self.names)

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """An organisation to create."""

    kind: OrganisationKind
    names: Names
    short_name: str = ""
    code_scheme: str = ""
    code: str = ""
    place_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """Inhabitants of a place in a year."""

    place_id: UUID
    year: int
    kind: str
    inhabitants: int
    source: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible match. `score` is 0–1; `by` is "code", "name" (the same once folded) or "likeness"."""

    id: UUID
    name: str
    score: float
    by: str


@dataclass(frozen=True, slots=True)
class NetworkView:
    """A network of lines; `lines` is how many it holds."""

    id: UUID
    territory_id: UUID
    name: str
    kind: NetworkKind
    source: str
    licence: str
    imported_at: datetime
    lines: int = 0


@dataclass(frozen=True, slots=True)
class NetworkLineView:
    """A line of a network: `shape` is a line or several of one name."""

    id: int
    network_id: UUID
    name: str
    number: str
    shape: Shape

    @property
    def label(self) -> str:
        """“Route de la Plaine (9)”, the number alone, or ""."""
        return f"{self.name} ({self.number})" if self.name and self.number else self.name or self.number
