"""The money of many measures as arrays: what `outlook` computes on.

n measures, L funding lines, c columns. Columns in the order of time: `before`, the years of the axis,
`after`, `undated` (cost − the amounts that have a year: the named gap, may be negative). The columns of a
measure add up to its cost. Amounts are int64 cents of the measure's kind (`kinds[kind[m]]`); amounts of two
kinds are never added (`outlook` and its reductions refuse).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from belvedere.kernel.money import Kind
from belvedere.science.finance.cents import Bools, Cents, round_share
from belvedere.science.finance.packing import (
    FORMAT,
    HEAD_DTYPE,
    RULES_DTYPE,
    SPENDING_DTYPE,
    Bucket,
    RuleCode,
    kind_codes,
    kind_of_code,
)
from belvedere.science.finance.prices import SCALE, IndexSeries, NoPrice

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Axis:
    """The years shown, both included; `before`, `after` and `undated` stand around them."""

    first_year: int
    last_year: int

    def __post_init__(self) -> None:
        if not 1900 <= self.first_year <= self.last_year <= 2200:
            raise ValueError(f"not an axis of years: {self.first_year} to {self.last_year}")

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.years) + 3

    @property
    def before(self) -> int:
        return 0

    @property
    def after(self) -> int:
        return self.width - 2

    @property
    def undated(self) -> int:
        return self.width - 1

    @property
    def labels(self) -> tuple[str, ...]:
        """Keys of the columns: "before", "2026"…, "after", "undated"."""
        return ("before", *(str(year) for year in self.years), "after", "undated")

    def column(self, year: int) -> int:
        """The column of a year; `before` or `after` where it lies beyond the axis."""
        return min(max(year - self.first_year + 1, self.before), self.after)

    def columns(self, years: Ints) -> Ints:
        """The columns of many years."""
        return np.clip(years - self.first_year + 1, self.before, self.after)

    def price_years(self, current_year: int) -> tuple[int, ...]:
        """The year whose prices hold in each column: the years around the axis, today for `undated`."""
        return (self.first_year - 1, *self.years, self.last_year + 1, current_year)


@dataclass(frozen=True)
class Book:
    """Measures (n) and funding lines (L), the lines ordered by measure and order of resolution."""

    axis: Axis
    kinds: tuple[Kind, ...]
    payers: tuple[UUID, ...]
    spend: Cents  # [n, c] with `undated`
    fixed_part: Cents  # [n, c] paid: never moves
    operation: Cents  # [n, c] of `spend`, the running costs
    operation_fixed: Cents  # [n, c] of `operation`, paid
    cost: Cents  # [n]; without an estimate the sum of the years
    costed: Bools  # [n] whether there is an estimate; without one no line brings anything
    eligible: Cents  # [n]
    works_start: Ints  # [n] ordinal, 0 unknown
    works_end: Ints  # [n]
    kind: Ints  # [n] index into kinds
    line_measure: Ints  # [L] row of the measure, ascending
    line_order: Ints  # [L] 0, 1, 2… inside the measure, in the order of resolution
    line_rule: Ints  # [L] packing.RuleCode
    line_rate_e5: Ints  # [L]
    line_amount: Cents  # [L] fixed amount, or tariff × quantity
    line_cap: Cents  # [L] −1 none
    line_payer: Ints  # [L] index into payers
    line_start_deadline: Ints  # [L] ordinal, 0 none
    line_claim_deadline: Ints  # [L]
    line_advance_e5: Ints  # [L]
    line_lag: Ints  # [L] years
    line_alive: Bools  # [L] not refused, not forfeited
    line_indexed: Bools  # [L]
    line_like: Bools  # [L] of the measure's kind, or converted to it
    line_id: NDArray[np.void]  # [L] 16 bytes

    @property
    def measures(self) -> int:
        return len(self.cost)

    @property
    def lines(self) -> int:
        return len(self.line_measure)

    @cached_property
    def by_order(self) -> tuple[Ints, ...]:
        """The lines of order 0 of every measure, then those of order 1…: resolved one step at a time."""
        steps = int(self.line_order.max()) + 1 if self.lines else 0
        return tuple(np.flatnonzero(self.line_order == step) for step in range(steps))

    def line_uuid(self, line: int) -> UUID:
        """The identifier that the line was packed with."""
        return UUID(bytes=self.line_id[line].tobytes())

    @classmethod
    def from_packed(
        cls,
        axis: Axis,
        spending: Sequence[bytes],
        rules: Sequence[bytes],
        *,
        series: IndexSeries | None = None,
    ) -> Book:
        """The book of the measures packed by `packing.pack_spending` and `pack_rules`, in their order.

        With `series`, a line marked indexed whose amounts differ from the measure's kind in the price base
        only is converted to it; every other unlike line is kept, named (`line_like`) and brings nothing.
        """
        if len(spending) != len(rules):
            raise ValueError("as many values of spending as of rules are due")
        size = HEAD_DTYPE.itemsize
        heads = np.frombuffer(b"".join([bytes(value[:size]) for value in spending]), HEAD_DTYPE)
        if len(heads) != len(spending) or (heads["format"] != FORMAT).any():
            raise ValueError("money packed in another format: refresh the figures of the measures")
        cells = np.frombuffer(b"".join([bytes(value[size:]) for value in spending]), SPENDING_DTYPE)
        owner = _owners([(len(value) - size) // SPENDING_DTYPE.itemsize for value in spending])
        lines = np.frombuffer(b"".join([bytes(value) for value in rules]), RULES_DTYPE)
        measure = _owners([len(value) // RULES_DTYPE.itemsize for value in rules])
        codes = kind_codes(heads)
        known, kind = np.unique(codes, return_inverse=True)
        return cls(
            axis=axis,
            kinds=tuple(kind_of_code(int(code)) for code in known),
            kind=np.asarray(kind, np.int64).reshape(-1),
            **_measures(axis, heads, cells, owner),
            **_lines(lines, measure, codes, series),
        )

    def only(self, rows: NDArray[Any]) -> Book:
        """The book of some measures (row numbers, or a mask), in that order; a row may stand several times.

        Payers and kinds keep their numbers.
        """
        if rows.dtype == np.bool_:
            rows = np.flatnonzero(rows)
        first = np.searchsorted(self.line_measure, rows, "left")
        counts = np.searchsorted(self.line_measure, rows, "right") - first
        starts = np.cumsum(counts) - counts
        taken = np.arange(int(counts.sum())) - np.repeat(starts - first, counts)
        changes: dict[str, Any] = {}
        for spec in fields(self):
            if spec.name in ("axis", "kinds", "payers"):
                continue
            values = getattr(self, spec.name)
            changes[spec.name] = values[taken] if spec.name.startswith("line_") else values[rows]
        changes["line_measure"] = np.repeat(np.arange(len(rows)), counts)
        return replace(self, **changes)


def _owners(counts: Sequence[int]) -> Ints:
    """The row that each record belongs to."""
    return np.repeat(np.arange(len(counts), dtype=np.int64), counts)


def _measures(axis: Axis, heads: NDArray[np.void], cells: NDArray[np.void], owner: Ints) -> dict[str, Any]:
    column = axis.columns(cells["year"].astype(np.int64))
    column = np.where(cells["bucket"] == Bucket.BEFORE, axis.before, column)
    column = np.where(cells["bucket"] == Bucket.AFTER, axis.after, column)
    place = owner * axis.width + column
    cents = cells["cents"].astype(np.int64)
    paid, operation = cells["paid"].astype(bool), cells["operation"].astype(bool)

    def table(chosen: Bools | slice) -> Cents:
        values = np.zeros(len(heads) * axis.width, np.int64)
        np.add.at(values, place[chosen], cents[chosen])
        return values.reshape(len(heads), axis.width)

    spend = table(slice(None))
    costed = heads["cost"] >= 0
    cost = np.where(costed, heads["cost"], spend.sum(axis=1))
    spend[:, axis.undated] = cost - spend.sum(axis=1)
    eligible = heads["eligible"].astype(np.int64)
    return {
        "spend": spend,
        "fixed_part": table(paid),
        "operation": table(operation),
        "operation_fixed": table(operation & paid),
        "cost": cost,
        "costed": costed,
        "eligible": np.where(eligible < 0, cost, eligible),
        "works_start": heads["works_start"].astype(np.int64),
        "works_end": heads["works_end"].astype(np.int64),
    }


def _lines(lines: NDArray[np.void], measure: Ints, codes: Ints, series: IndexSeries | None) -> dict[str, Any]:
    order = np.lexsort((lines["position"], lines["rule"], measure))
    lines, measure = lines[order], measure[order]
    begins = np.r_[True, measure[1:] != measure[:-1]] if len(measure) else np.zeros(0, bool)
    starts = np.flatnonzero(begins)
    counts = np.diff(np.r_[starts, len(measure)])
    amount, cap = lines["amount"].astype(np.int64), lines["cap"].astype(np.int64)
    rule = lines["rule"].astype(np.int64)
    plain = (rule == RuleCode.RESIDUAL) | (cap < 0) & ((rule == RuleCode.RATE) | (rule == RuleCode.FILL_UP))
    indexed = lines["indexed"].astype(bool)
    like = plain | _converted(kind_codes(lines), codes[measure], indexed, amount, cap, series)
    numbers: dict[bytes, int] = {}
    payer = [numbers.setdefault(value, len(numbers)) for value in lines["payer"].tolist()]
    return {
        "payers": tuple(UUID(bytes=value) for value in numbers),
        "line_measure": measure,
        "line_order": np.arange(len(measure)) - np.repeat(starts, counts),
        "line_rule": rule,
        "line_rate_e5": lines["rate_e5"].astype(np.int64),
        "line_amount": amount,
        "line_cap": cap,
        "line_payer": np.array(payer, np.int64),
        "line_start_deadline": lines["start_deadline"].astype(np.int64),
        "line_claim_deadline": lines["claim_deadline"].astype(np.int64),
        "line_advance_e5": lines["advance_e5"].astype(np.int64),
        "line_lag": lines["lag"].astype(np.int64),
        "line_alive": lines["alive"].astype(bool),
        "line_indexed": indexed,
        "line_like": like,
        "line_id": np.ascontiguousarray(lines["line"]),
    }


def _converted(
    own: Ints, wanted: Ints, indexed: Bools, amount: Cents, cap: Cents, series: IndexSeries | None
) -> Bools:
    """Which lines are of the measure's kind; `amount` and `cap` of indexed lines are converted in place."""
    like = np.asarray(own == wanted)
    if like.all() or series is None:
        return like
    for source, target in {(int(own[at]), int(wanted[at])) for at in np.flatnonzero(~like & indexed)}:
        left, right = kind_of_code(source), kind_of_code(target)
        if left.currency != right.currency or left.vat != right.vat:
            continue
        if not left.price_base or not right.price_base:
            continue
        try:
            over, under = series.value(right.price_base), series.value(left.price_base)
        except NoPrice:
            continue
        rows = np.flatnonzero((own == source) & (wanted == target) & indexed)
        for values in (amount, cap):
            there = rows[values[rows] >= 0]
            values[there] = round_share(values[there], int(over * SCALE), int(under * SCALE))
        like[rows] = True
    return like
