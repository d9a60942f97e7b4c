"""Funding rules: in order, capped, exact, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.money import Kind, Money, Vat
from belvedere.science.finance.funding import Fixed, RateWithCap, Rule, allot, resolve

CHF = Kind("CHF", Vat.EXCLUDED, "2025-10")
OLD = Kind("CHF", Vat.EXCLUDED, "2005-10")


def chf(amount: object, kind: Kind = CHF) -> Money:
    return Money(Decimal(str(amount)), kind)


def test_a_rate_applies_to_the_eligible_part_and_stops_at_its_cap() -> None:
    under = resolve(chf("12.64"), chf("8.11"), [RateWithCap(Decimal("0.35"), chf("3.20"))])
    assert under.aid == chf("2.84")
    assert under.net == chf("9.80")
    assert not under.shares[0].capped
    held = resolve(chf("12.64"), chf("11.00"), [RateWithCap(Decimal("0.35"), chf("3.20"))])
    assert held.aid == chf("3.20")
    assert held.shares[0].capped


def test_a_line_at_another_price_base_is_named_and_brings_nothing() -> None:
    result = resolve(
        chf(100), None, [Fixed(chf(10)), Fixed(chf(20, OLD)), RateWithCap(Decimal("0.5"), chf(5, OLD))]
    )
    assert result.aid == chf(10)
    assert result.unlike
    assert [share.amount for share in result.shares] == [chf(10), None, None]


def test_aid_above_the_cost_is_kept_and_named() -> None:
    result = resolve(chf(0), None, [Fixed(chf(3000))])
    assert result.exceeds
    assert result.net == chf(-3000)


@pytest.mark.parametrize("rate", ["-0.1", "1.01"])
def test_a_rate_is_a_share(rate: str) -> None:
    with pytest.raises(InvalidInput):
        RateWithCap(Decimal(rate))


def test_negative_aid_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Fixed(chf(-1))


amounts = st.integers(0, 10**11).map(lambda n: Decimal(n) / 100)
rules = st.lists(
    st.one_of(
        amounts.map(lambda a: Fixed(Money(a, CHF))),
        st.builds(
            lambda r, c: RateWithCap(Decimal(r) / 1000, None if c is None else Money(c, CHF)),
            st.integers(0, 1000),
            st.none() | amounts,
        ),
    ),
    max_size=6,
)


@given(amounts, rules)
def test_shares_and_net_always_add_up_to_the_cost(cost: Decimal, given_rules: list[Rule]) -> None:
    result = resolve(Money(cost, CHF), None, given_rules)
    assert sum((s.amount.amount for s in result.shares if s.amount), Decimal(0)) == result.aid.amount
    assert result.aid + result.net == result.cost
    for share, rule in zip(result.shares, given_rules, strict=True):
        if isinstance(rule, RateWithCap) and rule.cap is not None and share.amount is not None:
            assert share.amount.amount <= rule.cap.amount


@given(amounts, st.lists(amounts, min_size=1, max_size=15))
def test_yearly_aid_adds_up_to_the_aid(aid: Decimal, spending: list[Decimal]) -> None:
    assert sum(allot(aid, spending)) == aid


def test_without_years_nothing_is_allotted() -> None:
    assert allot(Decimal(5), []) == []
