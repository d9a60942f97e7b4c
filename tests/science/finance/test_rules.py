"""The five rules in their order, the decree, exact arithmetic, public limits, explanations."""

from __future__ import annotations

import csv
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.money import Kind, Money, UnlikeMoney, Vat
from belvedere.science.finance.cents import LARGE, cumulative, floor_share, round_share
from belvedere.science.finance.explain import Explained, Part
from belvedere.science.finance.funding import (
    FillUp,
    Fixed,
    LumpPerUnit,
    RateWithCap,
    Residual,
    Rule,
    Why,
    allot,
    over_public_limit,
    resolve,
)
from tests.realdata import real_data
from tests.science.finance.making import CHF, OLD, chf, rules


def test_rules_are_resolved_in_their_order_whatever_the_order_of_the_lines() -> None:
    lines: list[Rule] = [
        Residual(),
        FillUp(Decimal("0.5")),
        RateWithCap(Decimal("0.35"), chf(30_000)),
        LumpPerUnit(chf(10), Decimal("120.5"), "m"),
        Fixed(chf(5_000)),
    ]
    found = resolve(chf(100_000), chf(90_000), lines)
    amounts = [int(share.amount.amount * 100) for share in found.shares if share.amount]
    assert amounts == [55_000, 8_795, 30_000, 1_205, 5_000]
    assert [share.why for share in found.shares] == [Why.LEFT, Why.FILL_UP, Why.RATE, Why.TARIFF, Why.STATED]
    rate = found.shares[2]
    assert (rate.capped, rate.base, rate.uncut, rate.already) == (True, chf(90_000), chf(31_500), chf(6_205))
    assert not found.net


def test_inside_a_class_the_position_decides() -> None:
    lines = [FillUp(Decimal("0.4")), FillUp(Decimal("0.6"))]
    assert [share.amount for share in resolve(chf(100), None, lines).shares] == [chf(40), chf(20)]
    assert [share.amount for share in resolve(chf(100), None, lines, [2, 1]).shares] == [chf(0), chf(60)]


def test_computed_rules_never_bring_more_than_what_is_left() -> None:
    found = resolve(chf(100), None, [RateWithCap(Decimal("0.8")), RateWithCap(Decimal("0.5"))])
    assert [share.amount for share in found.shares] == [chf(80), chf(20)]
    assert [share.clipped for share in found.shares] == [False, True]
    over = resolve(chf(100), None, [Residual(), Fixed(chf(130)), LumpPerUnit(chf(1), Decimal(5), "m")])
    assert [share.amount for share in over.shares] == [chf(0), chf(130), chf(0)]
    assert over.exceeds


def test_unlike_lines_of_every_rule_are_named() -> None:
    lines = [
        LumpPerUnit(chf(1, OLD), Decimal(5), "m"),
        FillUp(Decimal("0.5"), chf(1, OLD)),
        Fixed(chf(1, OLD)),
    ]
    found = resolve(chf(100), None, lines)
    assert [share.why for share in found.shares] == [Why.UNLIKE] * 3
    assert found.unlike
    assert found.net == chf(100)
    with pytest.raises(UnlikeMoney):
        LumpPerUnit(chf(1), Decimal(5), "m", chf(1, OLD))
    with pytest.raises(InvalidInput):
        LumpPerUnit(chf(1), Decimal(-5), "m")


@given(st.integers(0, 10**12), st.lists(rules, max_size=6))
def test_shares_and_net_add_up_and_computed_rules_leave_nothing_below_zero(
    cost: int, lines: list[Rule]
) -> None:
    found = resolve(chf(cost), None, lines)
    assert (
        sum((share.amount.amount for share in found.shares if share.amount), Decimal(0)) == found.aid.amount
    )
    assert found.aid + found.net == found.cost
    stated = sum((line.amount.amount for line in lines if isinstance(line, Fixed)), Decimal(0))
    assert found.net.amount >= min(Decimal(0), found.cost.amount - stated)
    assert all(share.amount is not None and share.amount.amount >= 0 for share in found.shares)


@given(st.integers(0, 10**13), st.lists(st.integers(-(10**6), 10**12), min_size=1, max_size=15))
def test_each_year_stands_within_a_cent_and_arrays_agree(aid: int, spending: list[int]) -> None:
    parts = [
        int(part * 100) for part in allot(Decimal(aid) / 100, [Decimal(cell) / 100 for cell in spending])
    ]
    assert sum(parts) == aid
    assert cumulative(np.array([aid]), np.array([spending]))[0].tolist() == parts
    total = sum(spending)
    if total > 0 and aid * max(map(abs, np.cumsum(spending).tolist())) < LARGE * total:
        assert all(
            abs(part * total - aid * cell) <= total for part, cell in zip(parts, spending, strict=True)
        )


big = st.integers(-(10**17), 10**17)


@given(big, st.integers(-(10**6), 10**6), st.integers(1, 10**17))
@example(LARGE - 1, LARGE - 1, LARGE - 1)
@example(-LARGE + 1, 3, 2)
@example(9 * 10**16, 100_000, 100_000)
def test_products_beyond_int64_divide_exactly(a: int, b: int, t: int) -> None:
    if abs(a * b // t) >= 2**63:
        return
    assert floor_share([a], [b], [t])[0] == a * b // t
    sign = -1 if a * b < 0 else 1
    assert round_share([a], [b], [t])[0] == sign * ((2 * abs(a * b) + t) // (2 * t))


def test_public_aid_above_80_percent_of_the_cost_without_vat_is_measured() -> None:
    assert over_public_limit(chf(80_000), chf(100_000)) is None
    assert over_public_limit(chf(80_001), chf(100_000)) == chf(1)
    with_vat = Kind("EUR", Vat.INCLUDED, "")
    with pytest.raises(UnlikeMoney):
        over_public_limit(Money(Decimal(1), with_vat), Money(Decimal(1), with_vat))
    with pytest.raises(UnlikeMoney):
        over_public_limit(chf(1), chf(1, OLD))


def test_an_explained_value_is_the_sum_of_its_parts() -> None:
    parts = (Part(chf(10), "estimate", source="sheet 12"), Part(chf(-3), "aid"))
    assert Explained(chf(7), parts).parts[0].price_base == "2025-10"
    assert Explained.of(parts, CHF).value == chf(7)
    with pytest.raises(ValueError, match="add up"):
        Explained(chf(8), parts)
    with pytest.raises(UnlikeMoney):
        Explained(chf(7), (*parts, Part(chf(0, OLD), "old")))


@pytest.mark.realdata
def test_the_federal_decree_binds_where_its_maxima_say() -> None:
    """Federal decree of 21.09.2010 (FF 2010 6293): 27 programmes, October 2005 prices, without VAT."""
    path = real_data("measures/ch_arrete_federal_agglo_2011_taux_contributions.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 27
    assert {(row["base_prix"], row["tva"]) for row in rows} == {("2005-10", "hors TVA")}
    total = Money(Decimal(0), OLD)
    for row in rows:
        rate = Decimal(row["taux_contribution_confederation_pct"]) / 100
        cap = Money(Decimal(row["contribution_maximale_mio_chf"]) * 10**6, OLD)
        rule = RateWithCap(rate, cap)
        binds_at = Money(cap.amount / rate, OLD)
        assert abs(binds_at.amount - Decimal(row["implied_max_eligible_cost_mio_chf"]) * 10**6) <= 5_000
        for cost, held in ((binds_at, False), (binds_at + Money(Decimal(1), OLD), True)):
            share = resolve(cost, None, [rule]).shares[0]
            assert share.capped is held
            assert share.amount is not None
            assert abs(share.amount.amount - cap.amount) <= Decimal("0.01")
        now = Money(Decimal(10**9), CHF)
        assert resolve(now, None, [rule]).unlike
        with pytest.raises(UnlikeMoney):
            _ = now + cap
        total = total + cap
    assert total == Money(Decimal("1510620000"), OLD)
