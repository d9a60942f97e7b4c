"""The computing behind a picture, spared where it can be: a slider moves one measure of ten thousand.

The reference is computed once for each set of arrays and kept while they are; measures do not depend on one
another, so a change of some is computed on these alone and laid into a copy of the reference. Both give the
very numbers of a whole computing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np

from belvedere.domains.plans.outlook.question import NO_CHANGE, Adjustments
from belvedere.domains.plans.outlook.reading import Holdings
from belvedere.kernel.money import Kind
from belvedere.science.finance.book import Book, Ints
from belvedere.science.finance.moving import Moves
from belvedere.science.finance.outlook import Outlook, outlook
from belvedere.science.finance.prices import Prices

MOST_KEPT = 8  # references at a time in one process; ten thousand measures take about 20 MB each
BY_MEASURE = ("gross", "operation", "net", "need", "cost", "eligible", "shift", "works_start", "works_end")
BY_LINE = ("aid_line", "received", "aid", "capped", "clipped", "lost", "at_stake", "keeping_shift")
Key = tuple[int, Kind, tuple[UUID | None, UUID | None], str, int]


@dataclass(frozen=True)
class Computed:
    """Some rows of holdings, as a book, and their outlook without any change."""

    holdings: Holdings  # held, so that its identity in the key stays its own
    rows: Ints
    book: Book
    reference: Outlook


_kept: OrderedDict[Key, Computed] = OrderedDict()
_lock = Lock()


def reference_of(
    holdings: Holdings,
    rows: Ints,
    *,
    kind: Kind,
    within: tuple[UUID | None, UUID | None],
    current_year: int,
    prices: Prices | None,
) -> Computed:
    """The outlook of `rows`, those of this kind within a plan and an axis, from memory where they stand."""
    key = (id(holdings), kind, within, _said(prices), current_year)
    with _lock:
        known = _kept.get(key)
        if known is not None and known.holdings is holdings and np.array_equal(known.rows, rows):
            _kept.move_to_end(key)
            return known
    book = holdings.book if len(rows) == holdings.book.measures else holdings.book.only(rows)
    found = Computed(holdings, rows, book, outlook(book, Moves(), current_year=current_year, prices=prices))
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _said(prices: Prices | None) -> str:
    """All that an outlook takes of prices."""
    if prices is None:
        return ""
    series, vat = prices.series, prices.vat
    index = None if series is None else (sorted(series.points.items()), series.yearly_rate)
    return repr((index, None if vat is None else list(vat.steps)))


def changed(
    computed: Computed, adjustments: Adjustments, *, current_year: int, prices: Prices | None
) -> Outlook:
    """The outlook with the changes; the reference itself where there is none."""
    if not adjustments:
        return computed.reference
    moves = adjustments.moves(computed.holdings).only(computed.rows)
    if adjustments.leavers or adjustments.general != NO_CHANGE:
        return outlook(computed.book, moves, current_year=current_year, prices=prices)
    row_of = computed.holdings.row_of
    wanted = [row_of[measure_id] for measure_id in adjustments.changes if measure_id in row_of]
    return redone(
        computed.reference,
        np.flatnonzero(np.isin(computed.rows, wanted)),
        moves,
        current_year=current_year,
        prices=prices,
    )


def redone(
    reference: Outlook, rows: Ints, moves: Moves, *, current_year: int, prices: Prices | None
) -> Outlook:
    """`reference` with the measures of `rows` (ascending) moved; `moves` may change no others."""
    book = reference.book
    if not len(rows):
        return reference
    part = outlook(book.only(rows), moves.only(rows), current_year=current_year, prices=prices)
    lines = np.flatnonzero(np.isin(book.line_measure, rows))
    values: dict[str, Any] = {}
    for names, places in ((BY_MEASURE, rows), (BY_LINE, lines)):
        for name in names:
            whole = getattr(reference, name).copy()
            whole[places] = getattr(part, name)
            values[name] = whole
    return replace(reference, **values)


def forget() -> None:
    """Empty the memory of this process; for tests."""
    with _lock:
        _kept.clear()


__all__ = ["Computed", "changed", "forget", "redone", "reference_of"]
