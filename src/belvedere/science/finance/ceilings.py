"""Spending ceilings: which years pass which, what makes the excess, and the smallest slip that mends it.

A ceiling bounds the amounts of some measures (an organisation's, an axis's), by year. Several may hold the
same measure; each is judged on its own, and the tightest of a year is the one with the largest excess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from belvedere.kernel.errors import N_
from belvedere.kernel.money import Kind, UnlikeMoney
from belvedere.science.finance.book import Ints
from belvedere.science.finance.cents import Bools, Cents
from belvedere.science.finance.moving import Lost, Moves
from belvedere.science.finance.outlook import Outlook, outlook
from belvedere.science.finance.prices import Prices

NO_LIMIT = -1


class Counted(StrEnum):
    """Which amounts a ceiling counts; OPERATION and INVESTMENT are the parts of NET, by nature."""

    GROSS = "gross"
    NET = "net"
    NEED = "need"
    INVESTMENT = "investment"
    OPERATION = "operation"


def counted(found: Outlook, what: Counted) -> Cents:
    """[n, c] the amounts of an outlook that a ceiling counts."""
    match what:
        case Counted.GROSS:
            return found.gross
        case Counted.NET:
            return found.net
        case Counted.NEED:
            return found.need
        case Counted.OPERATION:
            return found.net_operation
        case Counted.INVESTMENT:
            return found.net - found.net_operation


@dataclass(frozen=True)
class Ceiling:
    """At most `limit`[c] cents (NO_LIMIT: none in that column) for the measures of `rows`[n].

    `besides`[c] counts under it too: what the organisation pays to the measures of others.
    """

    key: str
    kind: Kind
    rows: Bools
    limit: Cents
    what: Counted = Counted.NET
    besides: Cents | None = None


@dataclass(frozen=True)
class Excess:
    """A ceiling passed in a column, by `over` cents; `measures` are (row, cents), the largest first."""

    key: str
    column: int
    limit: int
    spent: int
    measures: tuple[tuple[int, int], ...]

    @property
    def over(self) -> int:
        return self.spent - self.limit


@dataclass(frozen=True)
class Suggestion:
    """Shifting the measure `row` to `shift` years in all frees `freed` cents; nothing else is passed."""

    row: int
    shift: int
    freed: int


def spent(found: Outlook, ceiling: Ceiling) -> Cents:
    """[c] what counts under the ceiling; UnlikeMoney when its measures are of another kind than its own."""
    rows = np.flatnonzero(ceiling.rows)
    if len(rows):
        kind = found.kind_of(rows)
        if kind != ceiling.kind:
            raise UnlikeMoney(
                N_("A ceiling in {left} cannot be compared with amounts in {right}."),
                left=_words(ceiling.kind),
                right=_words(kind),
            )
    total = np.asarray(counted(found, ceiling.what)[rows].sum(axis=0), np.int64)
    return total if ceiling.besides is None else total + ceiling.besides


def _words(kind: Kind) -> str:
    return ", ".join(word for word in (kind.currency, kind.vat, kind.price_base) if word)


def excesses(found: Outlook, ceilings: Sequence[Ceiling]) -> list[Excess]:
    """Every ceiling passed, by column, the tightest first in each."""
    result = []
    for ceiling in ceilings:
        total = spent(found, ceiling)
        values = counted(found, ceiling.what)
        for column in np.flatnonzero((ceiling.limit >= 0) & (total > ceiling.limit)).tolist():
            rows = np.flatnonzero(ceiling.rows & (values[:, column] > 0))
            rows = rows[np.argsort(-values[rows, column], kind="stable")]
            measures = tuple((int(row), int(values[row, column])) for row in rows)
            result.append(
                Excess(ceiling.key, column, int(ceiling.limit[column]), int(total[column]), measures)
            )
    return sorted(result, key=lambda excess: (excess.column, -excess.over, excess.key))


def suggest(
    found: Outlook,
    excess: Excess,
    ceilings: Sequence[Ceiling],
    moves: Moves | None = None,
    *,
    current_year: int,
    prices: Prices | None = None,
    largest: int = 5,
    candidates: int = 200,
) -> Suggestion | None:
    """The smallest slip of one measure that brings the year of `excess` under its ceiling, if there is one.

    Tried: the `candidates` largest measures of the excess, 1 to `largest` years more than in `moves`. Kept
    only when no funding line is newly lost and no ceiling is passed more than before in any column. Among
    equals, the measure that frees least.
    """
    rows = np.array([row for row, _cents in excess.measures[:candidates]], np.int64)
    if not len(rows):
        return None
    book = found.book.only(rows)
    kept = (moves or Moves()).only(rows)
    lost_before = _lines_lost(found, rows)
    for step in range(1, largest + 1):
        shift = kept.shifts(len(rows)) + step
        tried = outlook(
            book, Moves(shift, kept.cost_e5, kept.leavers), current_year=current_year, prices=prices
        )
        fits = _lines_lost(tried, np.arange(len(rows))) <= lost_before
        freed = np.zeros(len(rows), np.int64)
        for ceiling in ceilings:
            total = spent(found, ceiling)
            change = counted(tried, ceiling.what) - counted(found, ceiling.what)[rows]
            change = np.where(ceiling.rows[rows][:, None], change, 0)
            limited = ceiling.limit >= 0
            over = np.maximum(total - ceiling.limit, 0)
            over_after = np.maximum(total + change - ceiling.limit, 0)
            fits &= (over_after <= over)[:, limited].all(axis=1)
            if ceiling.key == excess.key:
                fits &= over_after[:, excess.column] == 0
                freed = -change[:, excess.column]
        good = np.flatnonzero(fits)
        if len(good):
            best = int(good[np.argmin(freed[good])])
            return Suggestion(int(rows[best]), int(shift[best]), int(freed[best]))
    return None


def _lines_lost(found: Outlook, rows: Ints) -> Ints:
    """How many funding lines each of the rows loses."""
    gone = found.lost != Lost.NONE
    counts = np.bincount(found.book.line_measure[gone], minlength=found.book.measures)
    return np.asarray(counts[rows], np.int64)
