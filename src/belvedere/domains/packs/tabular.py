"""Figures as tables: columns, a row for each thing, and whose values a reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import Visibility, Watchable

#: Things of which figures are computed, at most.
MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Column:
    """A figure: its name (a msgid), its unit, and what it must not exceed (None: nothing)."""

    name: str
    unit: str = ""
    limit: float | None = None
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A thing with its figures, by column; None where too little was measured."""

    entity_id: int
    names: Mapping[str, str]
    kind: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of some things over whole local days, `days` of them; `left_out`: things beyond the first."""

    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    days: int
    left_out: int


def sees(actor: Actor, territory: TerritoryView, thing: Watchable) -> bool:
    """Whether the actor may see all that this thing tells."""
    if actor.governs(territory.id) or actor.is_elected(territory.id) or thing.owner_id in actor.sees:
        return True
    kept = {thing.visibility, *(one.visibility for one in thing.series.values())}
    return Visibility.OWN not in kept
