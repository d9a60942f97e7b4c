"""What a scenario moves: spending in time and in size, the dates of works, and the deadlines they miss.

A shift by s years moves what is not paid and lies in or after the current year; a negative one piles up at
the current year; years beyond the axis fall into `after` (which has no year, so nothing comes back out of
it). The dates of works move likewise: a start that lies in the past has happened and stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from belvedere.science.finance.book import Axis, Book, Ints
from belvedere.science.finance.cents import E5, Bools, Cents, floor_share, shared_out

NO_SHIFT = -10_000  # no shift keeps the line
_EPOCH = 719_163  # the ordinal of 1970-01-01


class Lost(IntEnum):
    """Why a line brings nothing."""

    NONE = 0
    START_DEADLINE = 1
    CLAIM_DEADLINE = 2
    DEPARTURE = 3


@dataclass(frozen=True)
class Moves:
    """A scenario: years of shift by measure, cost in hundred-thousandths of today's, payers who leave.

    `shift` and `cost_e5` are [n] or None (as is); `leavers` are indices into `book.payers`.
    """

    shift: NDArray[np.integer[Any]] | None = None
    cost_e5: NDArray[np.integer[Any]] | None = None
    leavers: frozenset[int] = frozenset()

    def shifts(self, measures: int) -> Ints:
        return _all(self.shift, measures, 0)

    def costs(self, measures: int) -> Ints:
        return _all(self.cost_e5, measures, E5)

    @classmethod
    def of_one(cls, book: Book, measure: int, *, shift: int = 0, cost_e5: int = E5) -> Moves:
        """One measure slips or changes its cost, the others stay."""
        shifts, costs = np.zeros(book.measures, np.int64), np.full(book.measures, E5, np.int64)
        shifts[measure], costs[measure] = shift, cost_e5
        return cls(shifts, costs)

    def only(self, rows: Ints) -> Moves:
        """The moves of some measures."""
        return Moves(
            None if self.shift is None else self.shift[rows],
            None if self.cost_e5 is None else self.cost_e5[rows],
            self.leavers,
        )


def _all(values: NDArray[np.integer[Any]] | None, count: int, default: int) -> Ints:
    if values is None:
        return np.full(count, default, np.int64)
    if values.shape != (count,):
        raise ValueError(f"a move for each of the {count} measures is due, not {values.shape}")
    return np.asarray(values, np.int64)


def scaled(spend: Cents, fixed: Cents, cost_e5: Ints) -> Cents:
    """`spend`[n, c] with its unpaid part at `cost_e5`, by cumulative rounding along the columns.

    A row whose unpaid part adds up to nothing, or less, stays: nothing is left to change.
    """
    rows = np.flatnonzero(cost_e5 != E5)
    if not len(rows):
        return spend
    unpaid = spend[rows] - fixed[rows]
    cumulated = np.cumsum(unpaid, axis=1)
    steps = floor_share(cumulated, cost_e5[rows][:, None], E5)
    new = np.diff(steps, axis=1, prepend=0)
    new = np.where(cumulated[:, -1:] > 0, new, unpaid)
    result = spend.copy()
    result[rows] = fixed[rows] + new
    return result


def eligible_after(eligible: Cents, cost: Cents, new_cost: Cents) -> Cents:
    """The eligible part follows the cost: floor(eligible·new/cost), ≥ 0; as it is where nothing was due."""
    if (cost == new_cost).all():
        return eligible
    known = cost > 0
    part = floor_share(eligible, np.maximum(new_cost, 0), np.where(known, cost, 1))
    return np.where(known, part, eligible)


def shifted(spend: Cents, fixed: Cents, shift: Ints, axis: Axis, current_year: int) -> Cents:
    """`spend`[n, c] with its movable part `shift`[n] years later. Rows add up to what they did."""
    result = spend
    years = [year for year in axis.years if year >= current_year]
    if not years:
        return result
    for step in np.unique(shift[shift != 0]).tolist():
        if result is spend:
            result = spend.copy()
        rows = np.flatnonzero(shift == step)
        movable = spend[rows] - fixed[rows]
        block = spend[rows]
        for year in years:
            source, target = axis.column(year), axis.column(max(year + step, current_year))
            block[:, source] -= movable[:, source]
            block[:, target] += movable[:, source]
        result[rows] = block
    return result


def add_years(days: Ints, years: Ints) -> Ints:
    """Ordinals `years` later on the calendar; 29 February becomes the 28th; 0 (unknown) stays."""
    dates = (days - _EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    target = months + 12 * years
    last = (target + 1).astype("datetime64[D]") - 1
    moved = np.minimum(target.astype("datetime64[D]") + (dates - months.astype("datetime64[D]")), last)
    return np.where(days == 0, 0, moved.astype(np.int64) + _EPOCH)


def year_of(days: Ints) -> Ints:
    """The years of ordinals."""
    return (days - _EPOCH).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def works_after(days: Ints, shift: Ints, current_year: int) -> Ints:
    """Dates of works after a shift: what lies before the current year stays, nothing moves to before it."""
    years = year_of(days)
    step = np.where(years < current_year, 0, np.maximum(shift, current_year - years))
    return add_years(days, step) if step.any() else days


def missed(book: Book, lines: Ints, shift: Ints, current_year: int) -> Ints:
    """For each of `lines`, the deadline it misses when its measure shifts by `shift`[len(lines)] years."""
    measure = book.line_measure[lines]
    start = works_after(book.works_start[measure], shift, current_year)
    end = works_after(book.works_end[measure], shift, current_year)
    claim = add_years(end, book.line_lag[lines])
    start_by, claim_by = book.line_start_deadline[lines], book.line_claim_deadline[lines]
    late = (start > 0) & (start_by > 0) & (start > start_by)
    unclaimed = (end > 0) & (claim_by > 0) & (claim > claim_by)
    return np.where(late, Lost.START_DEADLINE, np.where(unclaimed, Lost.CLAIM_DEADLINE, Lost.NONE))


def lost_lines(book: Book, moves: Moves, shift: Ints, current_year: int) -> Ints:
    """`Lost`[L]: a line whose payer leaves is lost by departure, whatever its deadlines."""
    lost = np.zeros(book.lines, np.int64)
    bound = np.flatnonzero((book.line_start_deadline > 0) | (book.line_claim_deadline > 0))
    if len(bound):
        lost[bound] = missed(book, bound, shift[book.line_measure[bound]], current_year)
    if moves.leavers:
        lost[np.isin(book.line_payer, sorted(moves.leavers))] = Lost.DEPARTURE
    lost[~book.line_alive] = Lost.NONE
    return lost


def keeping(book: Book, lost: Ints, shift: Ints, current_year: int) -> Ints:
    """[L] the largest shift, at most the asked one, under which a line misses no deadline.

    NO_SHIFT where none does: the works date is past, or would have to be.
    """
    kept = shift[book.line_measure].copy() if book.lines else np.zeros(0, np.int64)
    late = np.flatnonzero((lost == Lost.START_DEADLINE) | (lost == Lost.CLAIM_DEADLINE))
    if not len(late):
        return kept
    measure = book.line_measure[late]
    best = kept[late]
    for days, deadline, lag in (
        (book.works_start[measure], book.line_start_deadline[late], np.int64(0)),
        (book.works_end[measure], book.line_claim_deadline[late], book.line_lag[late]),
    ):
        moves = year_of(days) >= current_year  # what is done already stays, in time or not
        bound = (days > 0) & (deadline > 0) & moves
        room = year_of(deadline) - lag - year_of(days)  # the year of the deadline; else the year before
        same_year = add_years(add_years(days, room), np.broadcast_to(lag, room.shape))
        room = room - (same_year > deadline)
        best = np.where(bound, np.minimum(best, room), best)
    ok = missed(book, late, best, current_year) == Lost.NONE
    kept[late] = np.where(ok, best, NO_SHIFT)
    return kept


def aid_over_columns(book: Book, aid: Cents, gross: Cents) -> Cents:
    """[L, c] the aid of each line over the columns, following the spending of its measure."""
    result = np.zeros((book.lines, book.axis.width), np.int64)
    lines: Bools = aid != 0
    cumulated = np.cumsum(gross, axis=1)
    rows = np.flatnonzero(lines)
    if len(rows):
        result[rows] = shared_out(aid[rows], cumulated[book.line_measure[rows]])
    return result
