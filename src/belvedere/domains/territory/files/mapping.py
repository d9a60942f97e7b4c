"""Which column of a file means what, as a value that is checked, saved by name and used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from belvedere.domains.territory.models import ColumnMapping
from belvedere.domains.territory.states import Level
from belvedere.kernel.errors import N_, InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class BoundaryMapping:
    """Columns of a file of outlines. An empty name: the file does not say it.

    `names` is by language, `codes` holds further schemes, `populations` is by year. `level` is for all rows
    unless `level_column` says it row by row.
    """

    scheme: str
    code: str
    names: Mapping[str, str] = field(default_factory=dict)
    level: str = Level.COMMUNE.value
    level_column: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    parent_scheme: str = ""
    parent_code: str = ""
    parent_name: str = ""
    parent_level: str = Level.INTERCOMMUNAL.value
    populations: Mapping[int, str] = field(default_factory=dict)
    population_kind: str = "total"
    valid_from: str = ""
    valid_to: str = ""
    country: str = ""

    def __post_init__(self) -> None:
        if not self.scheme or not self.code:
            raise InvalidInput(N_("Say which column holds the official code, and its scheme."), field="code")
        for level in (self.level, self.parent_level):
            if level not in set(Level):
                raise InvalidInput(
                    N_("“{level}” is not a level of places. Use one of: {known}."),
                    level=level,
                    known=[known.value for known in Level],
                    field="level",
                )
        if self.parent_code and not self.parent_scheme:
            raise InvalidInput(N_("Say the scheme of the parent's code, SIREN for example."), field="parent")

    def columns(self) -> list[str]:
        """Every column it names."""
        named = [
            self.code,
            self.level_column,
            self.parent_code,
            self.parent_name,
            self.valid_from,
            self.valid_to,
            *self.names.values(),
            *self.codes.values(),
            *self.populations.values(),
        ]
        return [name for name in dict.fromkeys(named) if name]


@dataclass(frozen=True, slots=True)
class MembershipMapping:
    """Columns of a table that says, vintage by vintage, which place lies in which body."""

    year: str
    code: str
    body: str
    scheme: str = "INSEE"
    body_scheme: str = "SIREN"
    body_level: str = Level.INTERCOMMUNAL.value
    body_name: str = ""
    name: str = ""
    language: str = "fr"
    populations: Mapping[str, str] = field(default_factory=dict)  # kind -> column

    def columns(self) -> list[str]:
        named = [self.year, self.code, self.body, self.body_name, self.name, *self.populations.values()]
        return [name for name in dict.fromkeys(named) if name]


def save_mapping(name: str, mapping: BoundaryMapping) -> None:
    """Keep a mapping under a name; the same name again replaces it."""
    if not name.strip() or len(name) > 80:
        raise InvalidInput(N_("Give the mapping a name of at most 80 characters."), field="mapping")
    ColumnMapping.objects.update_or_create(name=name, defaults={"columns": asdict(mapping)})


def saved_mapping(name: str) -> BoundaryMapping:
    """The mapping kept under `name`; NotFound lists those there are."""
    row = ColumnMapping.objects.filter(name=name).first()
    if row is None:
        known = list(ColumnMapping.objects.order_by("name").values_list("name", flat=True))
        raise NotFound(
            N_("There is no mapping “{name}”. Saved ones: {known}."), name=name, known=known or ["—"]
        )
    return mapping_from(row.columns)


def mapping_from(columns: Mapping[str, Any]) -> BoundaryMapping:
    """A mapping from its JSON form; refuses what it does not know."""
    known = set(BoundaryMapping.__dataclass_fields__)
    if unknown := sorted(set(columns) - known):
        raise InvalidInput(
            N_("The mapping holds {unknown}, which means nothing here. It may hold: {known}."),
            unknown=unknown,
            known=sorted(known),
        )
    values = dict(columns)
    values["populations"] = {
        int(year): column for year, column in dict(values.get("populations", {})).items()
    }
    try:
        return BoundaryMapping(**values)
    except TypeError as error:
        raise InvalidInput(N_("Say which column holds the official code, and its scheme.")) from error


def read_day(text: str, column: str) -> date | None:
    """A day written as 2024-01-01 (or a whole year, its first day); None when blank."""
    value = text.strip()[:10].replace("/", "-")
    if not value:
        return None
    if value.isdigit() and len(value) == 4:
        value = f"{value}-01-01"
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput(
            N_("“{text}” in {column} is not a date. Write it as 2024-01-01."), text=text, column=column
        ) from error
