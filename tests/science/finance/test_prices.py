"""Index series, VAT and conversions: explicit, in order, refused where they would be guesses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.money import Kind, Money, UnlikeMoney, Vat
from belvedere.science.finance.prices import IndexSeries, NoPrice, Prices, VatRates, nominal, to_base

CHF = Kind("CHF", Vat.EXCLUDED, "2025-10")
INDEX = IndexSeries(
    {
        "2024-04": Decimal("113.1"),
        "2024-10": Decimal("113.9"),
        "2025-04": Decimal("114.0"),
        "2025-10": Decimal("114.3"),
    },
    "construction",
    "BFS",
)
VAT = VatRates([(date(2024, 1, 1), Decimal("0.081")), (date(2018, 1, 1), Decimal("0.077"))])


def test_a_month_takes_the_last_value_known_before_it() -> None:
    assert INDEX.value("2024-09") == Decimal("113.1")
    assert INDEX.value("2026-03") == Decimal("114.3")  # the next value is due in 2026-04
    assert not INDEX.is_projected("2026-03")


@pytest.mark.parametrize("month", ["2024-03", "2026-04", "2030-01"])
def test_what_the_series_does_not_reach_is_refused(month: str) -> None:
    with pytest.raises(NoPrice):
        INDEX.value(month)


def test_beyond_the_last_value_a_stated_rate_projects() -> None:
    ahead = INDEX.projected(Decimal("0.02"))
    assert ahead.value("2027-10") == (Decimal("114.3") * Decimal("1.0404")).quantize(Decimal("0.000001"))
    assert ahead.is_projected("2027-10")
    assert INDEX.of_year(2025) == Decimal("114.050000")
    with pytest.raises(NoPrice):
        INDEX.of_year(2026)
    with pytest.raises(NoPrice):
        INDEX.of_year(2023)


def test_a_year_s_mean_starts_with_the_series() -> None:
    mean = (Decimal("113.1") * 6 + Decimal("113.9") * 3) / 9  # April to September, October to December
    assert INDEX.of_year(2024) == mean.quantize(Decimal("0.000001"))


def test_a_base_is_converted_and_nominal_money_is_refused() -> None:
    old = Money(Decimal(1000), Kind("CHF", Vat.EXCLUDED, "2024-04"))
    assert to_base(old, "2025-10", INDEX) == Money(Decimal("1010.61"), CHF)
    assert to_base(Money(Decimal(5), CHF), "2025-10", INDEX) == Money(Decimal(5), CHF)
    with pytest.raises(UnlikeMoney):
        to_base(Money(Decimal(5), Kind("CHF")), "2025-10", INDEX)


def test_vat_comes_after_indexation_at_the_rate_of_the_year() -> None:
    amount = Money(Decimal("1000.00"), CHF)
    series = IndexSeries({"2025-10": Decimal(100), "2030-01": Decimal(110)}, "i")
    paid = nominal(amount, 2030, series, VAT)
    assert paid == Money(Decimal("1189.10"), Kind("CHF", Vat.INCLUDED, ""))
    assert nominal(amount, 2030, series, None) == Money(Decimal(1100), Kind("CHF", Vat.EXCLUDED, ""))
    with_vat = Money(Decimal(1000), Kind("CHF", Vat.INCLUDED, "2025-10"))
    assert nominal(with_vat, 2030, series, VAT) == Money(Decimal(1100), Kind("CHF", Vat.INCLUDED, ""))
    with pytest.raises(UnlikeMoney):
        _ = amount + paid
    assert VAT.of_year(2023) == Decimal("0.077")
    with pytest.raises(NoPrice):
        VAT.of_year(2017)


@given(st.integers(-(10**14), 10**14), st.integers(2024, 2060))
def test_arrays_and_single_amounts_agree(cents: int, year: int) -> None:
    """Half-up at each step, as Money rounds."""
    series = INDEX.projected(Decimal("0.013"))
    found = Prices(series, VAT).nominal(np.array([[cents, 7]]), CHF, (year, 2025))
    amount = Money(Decimal(cents) / 100, CHF)
    indexed = Money(amount.amount * series.of_year(year) / series.value("2025-10"), CHF)
    assert int(found[0, 0]) == int(indexed.times(Decimal("1.081")).amount * 100)
    assert nominal(amount, year, series, VAT).amount == Decimal(int(found[0, 0])) / 100


def test_bad_series_are_refused() -> None:
    for points in ({}, {"2025-10": Decimal(0)}, {"2025-13": Decimal(1)}):
        with pytest.raises(InvalidInput):
            IndexSeries(points, "bad")
    with pytest.raises(InvalidInput):
        VatRates([(date(2024, 1, 1), Decimal("8.1"))])
