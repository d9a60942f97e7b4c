"""Random measures for the property tests: money, rules, spending, and the book they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from hypothesis import strategies as st

from belvedere.kernel.money import Kind, Money, Vat
from belvedere.science.finance.book import Axis, Book
from belvedere.science.finance.funding import FillUp, Fixed, LumpPerUnit, RateWithCap, Residual, Rule
from belvedere.science.finance.packing import (
    Bucket,
    Head,
    RuleLine,
    SpendingLine,
    pack_rules,
    pack_spending,
)

NOW = 2026
AXIS = Axis(2025, 2034)
CHF = Kind("CHF", Vat.EXCLUDED, "2025-10")
OLD = Kind("CHF", Vat.EXCLUDED, "2005-10")
PAYERS = tuple(UUID(int=number) for number in range(1, 6))


def chf(cents: int, kind: Kind = CHF) -> Money:
    return Money(Decimal(cents) / 100, kind)


@dataclass(frozen=True)
class Made:
    """A measure before it is packed."""

    cost: int
    eligible: int | None
    spending: tuple[SpendingLine, ...]
    lines: tuple[RuleLine, ...]
    works_start: date | None = None
    works_end: date | None = None

    @property
    def head(self) -> Head:
        eligible = None if self.eligible is None else chf(self.eligible)
        return Head(chf(self.cost), CHF, eligible, self.works_start, self.works_end)


def book_of(*measures: Made, axis: Axis = AXIS) -> Book:
    return Book.from_packed(
        axis,
        [pack_spending(made.head, made.spending) for made in measures],
        [pack_rules(made.lines) for made in measures],
    )


cents = st.one_of(st.integers(0, 50), st.integers(0, 10**9), st.integers(0, 10**14))
shares = st.integers(0, 100_000).map(lambda e5: Decimal(e5) / 100_000)
caps = st.none() | cents.map(chf)
rules: st.SearchStrategy[Rule] = st.one_of(
    cents.map(lambda amount: Fixed(chf(amount))),
    st.builds(
        LumpPerUnit,
        st.integers(0, 10**6).map(chf),
        st.integers(0, 10**6).map(lambda q: Decimal(q) / 100),
        st.just("m"),
        caps,
    ),
    st.builds(RateWithCap, shares, caps),
    st.builds(FillUp, shares, caps),
    st.just(Residual()),
)
days = st.dates(date(2024, 1, 1), date(2036, 12, 31))
rule_lines = st.builds(
    RuleLine,
    payer=st.sampled_from(PAYERS),
    rule=rules,
    kind=st.just(CHF),
    position=st.integers(1, 3),
    alive=st.sampled_from([True, True, True, False]),
    start_deadline=st.none() | days,
    claim_deadline=st.none() | days,
    advance_share=shares,
    lag_years=st.integers(0, 4),
)
spending_lines = st.builds(
    SpendingLine,
    year=st.integers(2020, 2040),
    amount=st.one_of(cents, st.integers(-(10**6), 10**8)).map(chf),
    paid=st.booleans(),
    operation=st.booleans(),
    bucket=st.sampled_from([Bucket.YEAR] * 6 + [Bucket.BEFORE, Bucket.AFTER]),
)


@st.composite
def measures(draw: st.DrawFn) -> Made:
    cost = draw(cents)
    start = draw(st.none() | days)
    end = None if start is None else date(min(start.year + draw(st.integers(0, 4)), 2040), 12, 28)
    return Made(
        cost,
        draw(st.none() | st.integers(0, cost)),
        tuple(draw(st.lists(spending_lines, max_size=6))),
        tuple(draw(st.lists(rule_lines, max_size=5))),
        start,
        end,
    )


def random_measure(chance: Random) -> Made:
    """A measure as `measures` draws them, from a seeded generator: thousands a second."""
    cost = chance.choice([chance.randrange(50), chance.randrange(10**6), chance.randrange(10**13)])
    days = [date(2024, 1, 1) + timedelta(chance.randrange(4000)) for _ in range(3)]

    def cap() -> Money | None:
        return chf(chance.randrange(cost + 2)) if chance.random() < 0.5 else None

    def rule() -> Rule:
        share = Decimal(chance.randrange(100_001)) / 100_000
        fixed = Fixed(chf(chance.randrange(cost // 3 + 2)))
        lump = LumpPerUnit(chf(chance.randrange(10**5)), Decimal(chance.randrange(10**5)) / 100, "m", cap())
        return chance.choice([fixed, lump, RateWithCap(share, cap()), FillUp(share, cap()), Residual()])

    def line() -> RuleLine:
        return RuleLine(
            chance.choice(PAYERS),
            rule(),
            CHF,
            chance.randrange(1, 4),
            chance.random() < 0.9,
            indexed=chance.random() < 0.3,
            start_deadline=chance.choice([None, None, days[1]]),
            claim_deadline=chance.choice([None, None, days[2]]),
            advance_share=Decimal(chance.randrange(100_001)) / 100_000,
            lag_years=chance.randrange(4),
        )

    def spending() -> SpendingLine:
        low = -cost // 50 if chance.random() < 0.1 else 0
        return SpendingLine(
            chance.randrange(2022, 2038),
            chf(chance.randrange(low, cost // 3 + 2)),
            paid=chance.random() < 0.2,
            operation=chance.random() < 0.2,
        )

    return Made(
        cost,
        chance.choice([None, cost * 8 // 10]),
        tuple(spending() for _ in range(chance.randrange(7))),
        tuple(line() for _ in range(chance.randrange(6))),
        days[0],
        days[0] + timedelta(chance.randrange(1500)),
    )
