"""An outlook at constant prices becomes one at the prices of each year (see `outlook`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from belvedere.science.finance.book import Book, Ints
from belvedere.science.finance.cents import Bools, Cents
from belvedere.science.finance.packing import RuleCode
from belvedere.science.finance.prices import Prices
from belvedere.science.finance.resolving import Resolved


def priced(
    book: Book,
    resolved: Resolved,
    gross: Cents,
    operation: Cents,
    aid_line: Cents,
    prices: Prices,
    years: Sequence[int],
) -> tuple[Cents, Cents, Cents]:
    """`gross`[n, c], `operation`[n, c] and `aid_line`[L, c] at the prices of `years`[c]."""
    rule, indexed = book.line_rule, book.line_indexed
    stated = (rule == RuleCode.FIXED) | resolved.capped
    follows = ~stated & ((rule != RuleCode.LUMP) | indexed)
    filling = follows & ((rule == RuleCode.FILL_UP) | (rule == RuleCode.RESIDUAL)) & (resolved.aid > 0)
    kind = book.kind[book.line_measure]
    lines = _nominal(aid_line, kind, book, prices, years, follows & ~filling)
    lines = _nominal(lines, kind, book, prices, years, stated & indexed, with_vat=False)
    lines = _filled(book, lines, aid_line, filling, prices, years)
    running = at_prices(book, operation, prices, years) if operation.any() else operation
    return at_prices(book, gross, prices, years), running, lines


def at_prices(book: Book, values: Cents, prices: Prices, years: Sequence[int]) -> Cents:
    """`values`[n, c], parts of what measures cost, at the prices of `years`[c]."""
    return _nominal(values, book.kind, book, prices, years, np.ones(book.measures, bool))


def _nominal(
    values: Cents,
    kinds: Ints,
    book: Book,
    prices: Prices,
    years: Sequence[int],
    chosen: Bools,
    *,
    with_vat: bool = True,
) -> Cents:
    """`values`[r, c] with the `chosen`[r] rows at the prices of the years; columns without money ask none."""
    result = values.copy()
    for number, kind in enumerate(book.kinds):
        rows = np.flatnonzero(chosen & (kinds == number))
        if not len(rows):
            continue
        block = values[rows]
        columns = np.flatnonzero(block.any(axis=0))
        if not len(columns):
            continue
        wanted = [years[column] for column in columns.tolist()]
        convert = prices.nominal if with_vat else prices.indexed
        result[np.ix_(rows, columns)] = convert(block[:, columns], kind, wanted)
    return result


def _filled(
    book: Book, lines: Cents, constant: Cents, filling: Bools, prices: Prices, years: Sequence[int]
) -> Cents:
    """Fill-ups and residuals: with the lines before them, the same share of prices as at constant ones.

    nominal(own + before) − nominal lines before; never less than nothing in all.
    """
    if not filling.any():
        return lines
    constant_before = np.zeros((book.measures, book.axis.width), np.int64)
    nominal_before = np.zeros_like(constant_before)
    for step in book.by_order:
        measure = book.line_measure[step]
        fills = np.flatnonzero(filling[step])
        if len(fills):
            rows, of = step[fills], measure[fills]
            together = constant[rows] + constant_before[of]
            every = np.ones(len(rows), bool)
            own = _nominal(together, book.kind[of], book, prices, years, every) - nominal_before[of]
            lines[rows] = np.where((own.sum(axis=1) >= 0)[:, None], own, 0)
        constant_before[measure] += constant[step]
        nominal_before[measure] += lines[step]
    return lines
