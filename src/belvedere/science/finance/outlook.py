"""What an owner has to budget: the book of its measures, moved by a scenario, over the years.

Gross is what measures cost; aid what others pay, allotted to the years of the spending by cumulative
rounding; net = gross − aid. Aid arrives on a calendar of its own: `received`; need = gross − received. To
the cent, in every scenario: the columns of gross add up to the cost, those of a line to its aid, and
gross − net to the sum of the lines.

With `prices`, amounts become those of each column's year: index first, VAT after. Rates, fill-ups, the
residual and lump sums marked indexed follow prices and VAT (a fill-up and a residual go on filling up and
taking what is left); fixed amounts and caps that hold stay nominal, or follow the index alone when marked
indexed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from belvedere.kernel.errors import N_
from belvedere.kernel.money import Kind, UnlikeMoney
from belvedere.science.finance import moving
from belvedere.science.finance.book import Book, Ints
from belvedere.science.finance.cents import E5, Bools, Cents, by_group, floor_share
from belvedere.science.finance.moving import NO_SHIFT, Lost, Moves
from belvedere.science.finance.prices import Prices
from belvedere.science.finance.pricing import priced
from belvedere.science.finance.resolving import resolve_lines


@dataclass(frozen=True)
class Outlook:
    """Results in int64 cents; n measures, L lines, c columns of `book.axis`."""

    book: Book
    kinds: tuple[Kind, ...]  # of the amounts below, by book.kind: nominal kinds under prices
    gross: Cents  # [n, c]
    operation: Cents  # [n, c] of gross, the running costs
    aid_line: Cents  # [L, c]
    net: Cents  # [n, c]
    received: Cents  # [L, c]
    need: Cents  # [n, c]
    cost: Cents  # [n] at constant prices, after the scenario
    eligible: Cents  # [n] at constant prices
    aid: Cents  # [L] at constant prices
    capped: Bools  # [L]
    clipped: Bools  # [L] less was left than the rule would bring
    lost: Ints  # [L] moving.Lost
    at_stake: Cents  # [L] what a lost line would have brought, at constant prices
    keeping_shift: Ints  # [L] largest shift ≤ the asked one that keeps the line, NO_SHIFT: none
    shift: Ints  # [n] as asked
    works_start: Ints  # [n] ordinals after the scenario
    works_end: Ints  # [n]

    @cached_property
    def aid_by_measure(self) -> Cents:
        """[n, c]"""
        return self.gross - self.net

    @cached_property
    def net_operation(self) -> Cents:
        """[n, c] of net, the running costs: aid is shared between the natures as the gross of a column is."""
        if not self.operation.any():
            return self.operation
        return self.operation - share_of(self.aid_by_measure, self.operation, self.gross)

    def aid_operation(self, lines: Ints | Bools) -> Cents:
        """[k, c] of the aid of these lines, what goes to running costs, shared in the same way."""
        aid = self.aid_line[lines]
        if not self.operation.any():
            return np.zeros_like(aid)
        rows = self.book.line_measure[lines]
        return share_of(aid, self.operation[rows], self.gross[rows])

    def kind_of(self, rows: Ints | None = None) -> Kind:
        """The one kind of the amounts of these measures (of all when None); UnlikeMoney when several."""
        present = np.unique(self.book.kind if rows is None else self.book.kind[rows])
        kinds: list[Kind] = list(dict.fromkeys(self.kinds[int(number)] for number in present))
        if len(kinds) > 1:
            raise UnlikeMoney(
                N_("Amounts of {count} kinds cannot be added: they differ in currency, VAT or price base."),
                count=len(kinds),
            )
        if not kinds:
            raise ValueError("no measure, so no kind of money")
        return kinds[0]

    def rows_by_kind(self) -> dict[Kind, Ints]:
        """The measures of each kind: totals are made inside one."""
        groups: dict[Kind, Ints] = {}
        for number, kind in enumerate(self.kinds):
            rows = np.flatnonzero(self.book.kind == number)
            if len(rows):
                groups[kind] = np.sort(np.r_[groups[kind], rows]) if kind in groups else rows
        return groups


def outlook(
    book: Book, moves: Moves | None = None, *, current_year: int, prices: Prices | None = None
) -> Outlook:
    """The outlook of `book` under `moves` (as is when None), seen from `current_year`."""
    moves = moves or Moves()
    shift, costs = moves.shifts(book.measures), moves.costs(book.measures)
    gross = moving.scaled(book.spend, book.fixed_part, costs)
    cost = gross.sum(axis=1)
    eligible = moving.eligible_after(book.eligible, book.cost, cost)
    gross = moving.shifted(gross, book.fixed_part, shift, book.axis, current_year)
    lost = moving.lost_lines(book, moves, shift, current_year)
    could = book.line_alive & book.line_like & book.costed[book.line_measure]
    resolved = resolve_lines(book, cost, eligible, could & (lost == Lost.NONE))
    aid_line = moving.aid_over_columns(book, resolved.aid, gross)
    operation = _operation(book, costs, shift, current_year)
    kinds = book.kinds
    if prices is not None:
        years = book.axis.price_years(current_year)
        kinds = tuple(prices.kind(kind) for kind in book.kinds)
        gross, operation, aid_line = priced(book, resolved, gross, operation, aid_line, prices, years)
    received = _received(book, aid_line)
    return Outlook(
        book=book,
        kinds=kinds,
        gross=gross,
        operation=operation,
        aid_line=aid_line,
        net=gross - per_measure(book, aid_line),
        received=received,
        need=gross - per_measure(book, received),
        cost=cost,
        eligible=eligible,
        aid=resolved.aid,
        capped=resolved.capped,
        clipped=resolved.clipped,
        lost=lost,
        at_stake=_at_stake(book, cost, eligible, could, lost),
        keeping_shift=moving.keeping(book, lost, shift, current_year),
        shift=shift,
        works_start=moving.works_after(book.works_start, shift, current_year),
        works_end=moving.works_after(book.works_end, shift, current_year),
    )


def share_of(amount: Cents, part: Cents, whole: Cents) -> Cents:
    """What of `amount` goes to `part` of `whole`, rounded down; nothing or all of it where the part is no
    share (a correction makes it negative, or larger than the whole)."""
    inside = (part > 0) & (part < whole)
    shared = floor_share(amount, np.where(inside, part, 0), np.where(inside, whole, 1))
    return np.where(inside, shared, np.where(part > 0, amount, 0))


def _operation(book: Book, costs: Ints, shift: Ints, current_year: int) -> Cents:
    if not book.operation.any():
        return book.operation
    values = moving.scaled(book.operation, book.operation_fixed, costs)
    return moving.shifted(values, book.operation_fixed, shift, book.axis, current_year)


def _at_stake(book: Book, cost: Cents, eligible: Cents, could: Bools, lost: Ints) -> Cents:
    """[L] what the lost lines would have brought, had none been lost."""
    gone = lost != Lost.NONE
    if not gone.any():
        return np.zeros(book.lines, np.int64)
    touched = np.zeros(book.measures, bool)
    touched[book.line_measure[gone]] = True
    would = resolve_lines(book, cost, eligible, could & touched[book.line_measure])
    return np.where(gone, would.aid, 0)


def per_measure(book: Book, lines: Cents) -> Cents:
    """The sums of `lines`[L, …] by measure [n, …]."""
    sums = np.zeros((book.measures, *lines.shape[1:]), np.int64)
    for step in book.by_order:
        sums[book.line_measure[step]] += lines[step]
    return sums


def _received(book: Book, aid_line: Cents) -> Cents:
    """[L, c] the advance with the spending, the rest `lag` years later (past the axis: `after`).

    What was spent before the axis, after it or without a date has no year to count from: it stays there.
    """
    late = np.flatnonzero((book.line_lag > 0) & (book.line_advance_e5 < E5) & aid_line.any(axis=1))
    if not len(late):
        return aid_line
    received = aid_line.copy()
    first, after = 1, book.axis.after
    aid = aid_line[late][:, first:after]
    rest = aid - floor_share(aid, book.line_advance_e5[late][:, None], E5)
    received[late, first:after] -= rest
    for lag in np.unique(book.line_lag[late]).tolist():
        chosen = book.line_lag[late] == lag
        rows, part = late[chosen], rest[chosen]
        inside = max(after - first - lag, 0)
        received[rows, first + lag : first + lag + inside] += part[:, :inside]
        received[rows, after] += part[:, inside:].sum(axis=1)
    return received


def by_payer(found: Outlook, *, received: bool = False) -> Cents:
    """[payers, c] what each payer brings, or when it arrives; UnlikeMoney over several kinds."""
    if found.book.measures:
        found.kind_of()
    values = found.received if received else found.aid_line
    return by_group(values, found.book.line_payer, len(found.book.payers))


__all__ = [
    "NO_SHIFT",
    "Lost",
    "Moves",
    "Outlook",
    "by_group",
    "by_payer",
    "outlook",
    "per_measure",
    "share_of",
]
