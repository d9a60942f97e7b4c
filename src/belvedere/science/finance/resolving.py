"""`funding.resolve` on arrays: the first line of every measure at once, then the second, and so on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from belvedere.science.finance.book import Book
from belvedere.science.finance.cents import E5, Bools, Cents, round_share
from belvedere.science.finance.packing import RuleCode


@dataclass(frozen=True, slots=True)
class Resolved:
    """What each line brings [L], in cents, and whether its cap or what was left held it."""

    aid: Cents
    capped: Bools
    clipped: Bools


def resolve_lines(book: Book, cost: Cents, eligible: Cents, bringing: Bools) -> Resolved:
    """Resolve the lines that are `bringing`[L] on `cost`[n] and `eligible`[n]; the others bring 0."""
    aid = np.zeros(book.lines, np.int64)
    capped, clipped = np.zeros(book.lines, bool), np.zeros(book.lines, bool)
    already = np.zeros(book.measures, np.int64)
    for step in book.by_order:
        lines = step[bringing[step]]
        measure = book.line_measure[lines]
        rule = book.line_rule[lines]
        before = already[measure]
        left = np.maximum(cost[measure] - before, 0)
        by_rate = round_share(eligible[measure], book.line_rate_e5[lines], E5)
        uncut = np.select(
            [rule <= RuleCode.LUMP, rule == RuleCode.RATE, rule == RuleCode.FILL_UP],
            [book.line_amount[lines], by_rate, np.maximum(by_rate - before, 0)],
            left,
        )
        cap = book.line_cap[lines]
        held = (cap >= 0) & (cap < uncut) & (rule != RuleCode.FIXED)
        wanted = np.where(held, cap, uncut)
        short = (wanted > left) & (rule != RuleCode.FIXED)
        aid[lines] = np.where(short, left, wanted)
        capped[lines], clipped[lines] = held, short
        already[measure] = before + aid[lines]  # a measure has one line of each order
    return Resolved(aid, capped, clipped)
