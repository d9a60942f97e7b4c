"""Computing of the owner's cockpit: 10,000 measures × 15 years × 4 payers × 3 scenarios.

    python -m bench.plans

Arrays only, no database: reading the packed money, the outlook of three scenarios, one slider move, the
outlook at current prices, ceilings. Times are the median of `RUNS`, after one run that is not counted.
"""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np

from belvedere.kernel.money import Kind, Money, Vat
from belvedere.science.finance.book import Axis, Book
from belvedere.science.finance.ceilings import NO_LIMIT, Ceiling, excesses, suggest
from belvedere.science.finance.funding import FillUp, Fixed, RateWithCap, Residual
from belvedere.science.finance.moving import Moves
from belvedere.science.finance.outlook import by_payer, outlook
from belvedere.science.finance.packing import Head, RuleLine, SpendingLine, pack_rules, pack_spending
from belvedere.science.finance.prices import IndexSeries, Prices, VatRates
from bench import outlook_files

MEASURES = 10_000
NOW = 2026
AXIS = Axis(2025, 2039)
PAYERS = [UUID(int=number) for number in range(1, 5)]
RUNS = 7
CHF = Kind("CHF", Vat.EXCLUDED, "2025-10")


def _chf(cents: int) -> Money:
    return Money(Decimal(cents) / 100, CHF)


def _packed() -> tuple[list[bytes], list[bytes]]:
    chance = random.Random(1)
    spending, rules = [], []
    for _number in range(MEASURES):
        cells = [chance.randrange(10**4, 10**8) for _year in AXIS.years]
        cost = sum(cells)
        head = Head(_chf(cost), CHF, _chf(cost * 8 // 10), date(chance.randrange(2026, 2030), 3, 1))
        years = zip(AXIS.years, cells, strict=True)
        lines = [SpendingLine(year, _chf(cents), paid=year < NOW) for year, cents in years]
        spending.append(pack_spending(head, lines))
        rate, late = RateWithCap(Decimal("0.35"), _chf(cost // 4)), date(2029, 12, 31)
        rules.append(
            pack_rules(
                [
                    RuleLine(
                        PAYERS[0], rate, CHF, start_deadline=late, advance_share=Decimal("0.8"), lag_years=2
                    ),
                    RuleLine(PAYERS[1], Fixed(_chf(10**6)), CHF),
                    RuleLine(PAYERS[2], FillUp(Decimal("0.5")), CHF),
                    RuleLine(PAYERS[3], Residual(), CHF, alive=chance.random() < 0.1),
                ]
            )
        )
    return spending, rules


def _timed(label: str, act: Callable[[], object], aim_ms: int | None = None) -> None:
    act()
    taken = []
    for _run in range(RUNS):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    aim = f"≤ {aim_ms} ms" if aim_ms else ""
    print(f"{label:<58} {statistics.median(taken):8.1f} ms {max(taken):8.1f} ms {aim:>10}")


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    began = time.perf_counter()
    spending, rules = _packed()
    size = (sum(map(len, spending)) + sum(map(len, rules))) / MEASURES
    print(f"{MEASURES:,} measures packed in {time.perf_counter() - began:.1f} s, {size:.0f} bytes each")
    before = _memory_mb()
    book = Book.from_packed(AXIS, spending, rules)
    chance = np.random.default_rng(1)
    slips = chance.integers(0, 4, MEASURES)
    costs = np.full(MEASURES, 115_000)
    gone = frozenset([book.payers.index(PAYERS[1])])
    scenarios = [Moves(), Moves(slips, costs), Moves(-np.minimum(slips, 1), None, gone)]
    index = IndexSeries({"2025-10": Decimal("114.3")}, "index", yearly_rate=Decimal("0.015"))
    prices = Prices(index, VatRates([(date(2024, 1, 1), Decimal("0.081"))]))
    one = Moves.of_one(book, 17, shift=3)
    reference = outlook(book, current_year=NOW)
    total = reference.net.sum(axis=0)
    limit = np.where(np.arange(AXIS.width) == AXIS.column(2028), total - 10_000, NO_LIMIT)
    ceiling = Ceiling("town", CHF, np.ones(MEASURES, bool), limit)

    def mended() -> object:
        return suggest(reference, excesses(reference, [ceiling])[0], [ceiling], current_year=NOW)

    print(f"\n{'Computing of the cockpit':<58} {'median':>11} {'worst':>11} {'aim':>10}")
    _timed("the book from its bytes", lambda: Book.from_packed(AXIS, spending, rules))
    _timed("three scenarios", lambda: [outlook(book, m, current_year=NOW) for m in scenarios], 200)
    _timed("one slider move (everything again)", lambda: outlook(book, one, current_year=NOW), 150)
    _timed("one scenario at current prices with VAT", lambda: outlook(book, current_year=NOW, prices=prices))
    _timed("sums by payer", lambda: by_payer(reference))
    _timed("a ceiling passed, its measures, the slip that mends it", mended)
    print(f"memory: {_memory_mb() - before:.0f} MB more at the worst than with the bytes alone\n")
    outlook_files.main()


if __name__ == "__main__":
    main()
