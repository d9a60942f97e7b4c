"""The tables of a round as typed values, made of its frozen lines alone: no word, no query, no clock.

The same snapshot gives the same table whenever it is asked for. Who shows a table has the words of its
columns (by `Column.key`) and of its vocabularies (`Word`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.reporting.findings import Finding, findings_of
from belvedere.domains.reporting.frozen import Asked, FrozenMeasure, asked_from, measure_from
from belvedere.domains.reporting.queries import Frozen
from belvedere.domains.reporting.states import LineState
from belvedere.kernel.money import Kind, Money, Vat

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Named:
    """A text in several languages."""

    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a vocabulary: "implementation", "agreement", "phase"…; `of` is the scheme of a phase."""

    vocabulary: str
    code: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Days:
    """A difference of two days; above zero is later."""

    value: int


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the owner said, whether nobody did, and what does not hold together."""

    state: LineState
    note: str
    findings: tuple[Finding, ...]
    converted_from: str = ""  # the price base of the owner's own amount


Cell = None | str | Named | Word | Money | Share | Days | Remarks | date


@dataclass(frozen=True, slots=True)
class Column:
    """`key` says what it holds; `names` where it is an organisation's own, `year` where it is a year's."""

    key: str
    numeric: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    measure_id: UUID
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows whose amounts are of one kind, under a title; `totals` by column."""

    title: Named | None
    kind: Kind | None
    rows: tuple[Row, ...]
    totals: Mapping[int, Money]


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    index: Named = Named({})  # the index that brought amounts to another price base

    @property
    def rows(self) -> int:
        return sum(len(section.rows) for section in self.sections)


@dataclass(frozen=True, slots=True)
class Line:
    """A frozen line, read once."""

    measure: FrozenMeasure
    state: LineState
    note: str
    opened: Asked
    findings: tuple[Finding, ...]

    def remarks(self, converted_from: str = "") -> Remarks:
        return Remarks(self.state, self.note, self.findings, converted_from)


class World:
    """A frozen round, read once: its lines, names and index."""

    def __init__(self, frozen: Frozen) -> None:
        content = frozen.content
        self.as_of = frozen.as_of
        self.names: Mapping[str, Mapping[str, str]] = content["organisations"]
        self.plans: list[Mapping[str, Any]] = content["plans"]
        index = content.get("index")
        self.index: dict[str, Decimal] = {
            month: Decimal(value) for month, value in (index["values"] if index else {}).items()
        }
        self.index_names: Mapping[str, str] = index["names"] if index else {}
        self.lines = [_line(line, self.as_of) for line in frozen.lines]

    def organisation(self, key: UUID) -> Named:
        return Named(self.names.get(str(key), {}))

    def first_listing(self, measure: FrozenMeasure) -> str:
        """The code under which the plans of the round list the measure."""
        codes = (measure.listing(UUID(plan["id"])) for plan in self.plans)
        return next((one.code or one.are_code for one in codes if one is not None), "")

    def at_base(self, amount: Money | None, kind: Kind) -> Money | None:
        """`amount` in `kind`: as it is, or brought to its price base by the index, or None."""
        if amount is None or amount.kind == kind:
            return amount
        same = (amount.currency, amount.vat) == (kind.currency, kind.vat)
        if not same or not amount.price_base or not kind.price_base:
            return None
        before, after = self._index_of(amount.price_base), self._index_of(kind.price_base)
        if before is None or after is None:
            return None
        return Money(amount.amount * after / before, kind)

    def _index_of(self, month: str) -> Decimal | None:
        """The value of a month, or the last one known before it; None before the index begins."""
        known = [one for one in self.index if one <= month]
        return self.index[max(known)] if known else None


def _line(line: Mapping[str, Any], as_of: date) -> Line:
    measure, state = measure_from(line["measure"]), LineState(line["state"])
    opened = asked_from(line["opened"])
    found = findings_of(measure, as_of, state=state, opened=opened, note=line["note"])
    return Line(measure, state, line["note"], opened, found)


def plan_kind(plan: Mapping[str, Any]) -> Kind:
    return Kind(plan["currency"], Vat(plan["vat"]), plan["price_base"])


def natural(code: str) -> tuple[tuple[int, int | str], ...]:
    """For sorting codes as people do: M2 before M10."""
    parts: list[tuple[int, int | str]] = []
    word = ""
    for letter in code + "\0":
        if word and (letter.isdigit() != word[-1].isdigit() or letter == "\0"):
            parts.append((0, int(word)) if word.isdigit() else (1, word))
            word = ""
        word += letter
    return tuple(parts)


def totals_of(
    columns: Iterable[Column], rows: Iterable[Row], kind: Kind | None, add: set[str]
) -> dict[int, Money]:
    """The sums of the columns named in `add`, of amounts of `kind`."""
    if kind is None:
        return {}
    wanted = [at for at, column in enumerate(columns) if column.key in add]
    sums = dict.fromkeys(wanted, ZERO)
    for row in rows:
        for at in wanted:
            cell = row.cells[at]
            if isinstance(cell, Money) and cell.kind == kind:
                sums[at] += cell.amount
    return {at: Money(value, kind) for at, value in sums.items()}


def by_kind(
    world: World,
    columns: tuple[Column, ...],
    row_of: Callable[[Line, Kind], tuple[Cell, ...] | None],
    add: set[str],
) -> tuple[Section, ...]:
    """A section for each kind of money of the costs, the longest first.

    No row without a cost, or where `row_of` gives none.
    """
    groups: dict[Kind, list[Line]] = {}
    for line in world.lines:
        cost = line.measure.cost
        if cost is not None:
            groups.setdefault(cost.kind, []).append(line)
    made = []
    for kind, lines in groups.items():
        ordered = sorted(
            lines, key=lambda line: (natural(world.first_listing(line.measure)), str(line.measure.id))
        )
        told = ((line, row_of(line, kind)) for line in ordered)
        rows = tuple(Row(line.measure.id, cells) for line, cells in told if cells is not None)
        made.append(Section(None, kind, rows, totals_of(columns, rows, kind, add)))
    return tuple(sorted(made, key=lambda section: (-len(section.rows), section.kind or Kind("CHF"))))
