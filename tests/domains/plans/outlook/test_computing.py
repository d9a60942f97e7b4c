"""What is spared changes no number: a change of some measures is the same as computing all again."""

from __future__ import annotations

import random
from dataclasses import fields
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np
import pytest

from belvedere.domains.plans.outlook import computing
from belvedere.domains.plans.outlook.question import Adjustments, Change
from belvedere.domains.plans.outlook.reading import Holdings
from belvedere.kernel.money import Money
from belvedere.science.finance.book import Axis, Book
from belvedere.science.finance.funding import FillUp, Fixed, RateWithCap, Residual, Rule
from belvedere.science.finance.moving import Moves
from belvedere.science.finance.outlook import Outlook, outlook
from belvedere.science.finance.packing import Head, RuleLine, SpendingLine, pack_rules, pack_spending
from belvedere.science.finance.prices import IndexSeries, Prices, VatRates
from tests.domains.plans.drafts import CHF

NOW = 2026
AXIS = Axis(2025, 2035)
PAYERS = [UUID(int=number) for number in range(1, 4)]
MEASURES = 40
PRICES = Prices(
    IndexSeries({"2025-10": Decimal(100)}, "Index", yearly_rate=Decimal("0.013")),
    VatRates([(date(2024, 1, 1), Decimal("0.081"))]),
)


def cents(amount: int) -> Money:
    return Money(Decimal(amount) / 100, CHF)


def rules(chance: random.Random, cost: int) -> list[Rule]:
    """None to three rules."""
    known: list[Rule] = [
        RateWithCap(Decimal("0.4"), cents(cost // 3)),
        Fixed(cents(cost // 7)),
        FillUp(Decimal("0.6")),
        Residual(),
    ]
    return chance.sample(known, chance.randrange(4))


@pytest.fixture
def holdings() -> Holdings:
    chance = random.Random(7)
    spending, funding = [], []
    for _number in range(MEASURES):
        cells = [chance.randrange(10**3, 10**7) for _year in AXIS.years]
        cost = sum(cells)
        start = date(chance.randrange(2026, 2032), 3, 1)
        head = Head(cents(cost + 17), CHF, None, start, date(start.year + 2, 5, 1))
        years = zip(AXIS.years, cells, strict=True)
        lines = [SpendingLine(year, cents(amount), paid=year < NOW) for year, amount in years]
        spending.append(pack_spending(head, lines))
        funding.append(
            pack_rules(
                RuleLine(
                    PAYERS[at],
                    rule,
                    CHF,
                    position=at,
                    start_deadline=date(2031, 12, 31) if at == 0 else None,
                    advance_share=Decimal("0.2"),
                    lag_years=1,
                    line=UUID(int=chance.randrange(1, 10**9)),
                )
                for at, rule in enumerate(rules(chance, cost))
            )
        )
    ids = tuple(UUID(int=number + 100) for number in range(MEASURES))
    book = Book.from_packed(AXIS, spending, funding)
    started = tuple("in_progress" if number % 3 else "not_started" for number in range(MEASURES))
    return Holdings(ids, ids, (("", ""),) * MEASURES, started, (None,) * MEASURES, book)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    computing.forget()


def same(left: Outlook, right: Outlook) -> bool:
    names = [each.name for each in fields(Outlook) if each.name not in ("book", "kinds")]
    return left.kinds == right.kinds and all(
        np.array_equal(getattr(left, name), getattr(right, name)) for name in names
    )


def every(holdings: Holdings) -> np.ndarray:
    return np.arange(holdings.book.measures)


def computed(holdings: Holdings, rows: np.ndarray, prices: Prices | None) -> computing.Computed:
    return computing.reference_of(
        holdings, rows, kind=CHF, within=(None, None), current_year=NOW, prices=prices
    )


@pytest.mark.parametrize("prices", [None, PRICES], ids=["constant", "current"])
@pytest.mark.parametrize("seed", range(6))
def test_some_changes_are_as_computing_all_again(
    holdings: Holdings, prices: Prices | None, seed: int
) -> None:
    chance = random.Random(seed)
    rows = every(holdings) if seed % 2 else np.arange(1, MEASURES, 2)
    chosen = chance.sample(holdings.ids, chance.randrange(1, 6))
    adjustments = Adjustments(
        {
            one: Change(chance.randrange(-1, 8), Decimal(chance.randrange(-10, 31)) / 100)
            for one in (*chosen, UUID(int=5))
        }
    )
    known = computed(holdings, rows, prices)
    found = computing.changed(known, adjustments, current_year=NOW, prices=prices)
    moves = adjustments.moves(holdings).only(rows)
    assert same(found, outlook(known.book, moves, current_year=NOW, prices=prices))
    # The reference that stays in memory is not what was changed.
    assert same(known.reference, outlook(known.book, Moves(), current_year=NOW, prices=prices))


@pytest.mark.parametrize(
    "adjustments",
    [Adjustments(general=Change(2, Decimal("0.1"))), Adjustments(leavers=frozenset(PAYERS[:1]))],
    ids=["general", "departure"],
)
def test_what_touches_all_is_computed_on_all(holdings: Holdings, adjustments: Adjustments) -> None:
    known = computed(holdings, every(holdings), None)
    found = computing.changed(known, adjustments, current_year=NOW, prices=None)
    whole = outlook(known.book, adjustments.moves(holdings), current_year=NOW)
    assert same(found, whole)
    assert not same(found, known.reference)


def test_the_reference_is_computed_once_for_the_same_arrays_and_prices(holdings: Holdings) -> None:
    first = computed(holdings, every(holdings), None)
    assert computed(holdings, every(holdings), None) is first
    current = computed(holdings, every(holdings), PRICES)
    assert current is not first
    dearer = Prices(PRICES.series, VatRates([(date(2024, 1, 1), Decimal("0.10"))]))
    assert computed(holdings, every(holdings), dearer) is not current
    assert computed(holdings, np.arange(3), None) is not first
