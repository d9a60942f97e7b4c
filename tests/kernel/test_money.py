"""Money refuses unlike sums, and sharing out loses no cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.money import Kind, Money, Totals, UnlikeMoney, Vat, split

CHF = Kind("CHF", Vat.EXCLUDED, "2025-10")


def chf(amount: str, **kind: object) -> Money:
    return Money(
        Decimal(amount), Kind(**{"currency": "CHF", "vat": Vat.EXCLUDED, "price_base": "2025-10", **kind})
    )  # type: ignore[arg-type]


def test_like_amounts_add_up() -> None:
    assert chf("10.10") + chf("0.15") == chf("10.25")
    assert chf("1") - chf("3") == chf("-2")


@pytest.mark.parametrize(
    "other",
    [
        chf("1", currency="EUR"),
        chf("1", vat=Vat.INCLUDED),
        chf("1", price_base="2005-10"),
        chf("1", price_base=""),
    ],
    ids=["currency", "vat", "price base", "nominal"],
)
def test_unlike_amounts_are_refused(other: Money) -> None:
    with pytest.raises(UnlikeMoney):
        chf("1") + other
    with pytest.raises(UnlikeMoney):
        _ = chf("1") < other


def test_totals_keep_unlike_sums_apart() -> None:
    totals = Totals([chf("5"), chf("7"), chf("3", currency="EUR")])
    assert [str(m.amount) for m in totals] == ["12.00", "3.00"]


def test_a_float_has_already_lost_cents() -> None:
    with pytest.raises(TypeError):
        Money(1.1, CHF)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e13"])
def test_amounts_that_cannot_be_real_are_refused(amount: str) -> None:
    with pytest.raises(InvalidInput):
        Money(Decimal(amount), CHF)


@pytest.mark.parametrize("kind", [("XYZ", "2025-10"), ("CHF", "2025-13"), ("CHF", "octobre 2025")])
def test_a_kind_says_what_is_wrong(kind: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput):
        Kind(kind[0], Vat.EXCLUDED, kind[1])


cents = st.integers(-(10**11), 10**11).map(lambda n: Decimal(n) / 100)
weights = st.lists(st.integers(0, 10**9).map(lambda n: Decimal(n) / 100), min_size=1, max_size=30)


@given(cents, weights)
def test_the_parts_add_up_to_the_cent(amount: Decimal, given_weights: list[Decimal]) -> None:
    parts = split(amount, given_weights)
    assert sum(parts) == amount
    whole = sum(given_weights)
    if whole:
        for part, weight in zip(parts, given_weights, strict=True):
            assert abs(part - amount * weight / whole) < Decimal("0.01")


@given(st.lists(cents, max_size=40))
def test_totals_equal_the_plain_sum(amounts: list[Decimal]) -> None:
    assert Totals(Money(a, CHF) for a in amounts).of(CHF).amount == sum(amounts, Decimal(0))
