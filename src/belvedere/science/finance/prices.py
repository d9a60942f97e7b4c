"""Prices over time: index series, VAT rates, and the amounts they make.

An amount at the prices of a month becomes an amount of a year in two steps, in this order: indexation
(amount × index(year) / index(month)), then VAT of that year where the amount excludes it. Each step rounds
half up to the cent. Index values are decimals with at most six places; months are "YYYY-MM".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.money import Kind, Money, UnlikeMoney, Vat
from belvedere.science.finance.cents import E5, Cents, round_share

PLACES = Decimal("0.000001")
SCALE = 1_000_000
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


class NoPrice(InvalidInput):
    """The series does not reach the month, and no projection was stated."""

    default_code = "no_price"


def _number(month: str) -> int:
    """Months since the year 0."""
    if not _MONTH.fullmatch(month):
        raise InvalidInput(
            N_("“{value}” is not a price base. Write the year and the month, as in 2025-10."),
            value=month,
            field="price_base",
        )
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _name(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@dataclass(frozen=True)
class IndexSeries:
    """Values of a price index by month, e.g. the Swiss construction price index (half-yearly).

    A month without a value takes the last one known before it. The last value holds until the next one is
    due (the longest step between two published values); beyond, `yearly_rate` (0.015 for 1.5 % a year) says
    how prices go on, and without it the series refuses.
    """

    points: Mapping[str, Decimal]
    name: str
    source: str = ""
    yearly_rate: Decimal | None = None
    _months: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _values: tuple[Decimal, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.points:
            raise InvalidInput(N_("The index “{name}” holds no value."), name=self.name)
        if any(not value.is_finite() or value <= 0 for value in self.points.values()):
            raise InvalidInput(N_("The values of the index “{name}” are above 0."), name=self.name)
        if self.yearly_rate is not None and not Decimal("-0.5") < self.yearly_rate < 1:
            raise InvalidInput(
                N_("A yearly rise of prices lies between −50 % and 100 %."), field="yearly_rate"
            )
        ordered = sorted((_number(month), value) for month, value in self.points.items())
        object.__setattr__(self, "_months", tuple(month for month, _value in ordered))
        object.__setattr__(self, "_values", tuple(_rounded(value) for _month, value in ordered))

    @property
    def first(self) -> str:
        return _name(self._months[0])

    @property
    def last(self) -> str:
        return _name(self._months[-1])

    def projected(self, yearly_rate: Decimal) -> IndexSeries:
        """The same series, going on at `yearly_rate` beyond its last value."""
        return replace(self, yearly_rate=yearly_rate)

    def value(self, month: str) -> Decimal:
        """The index of `month`; NoPrice before the first value and beyond the last."""
        return self._value(_number(month))

    def is_projected(self, month: str) -> bool:
        """Whether the value of `month` is a projection, not a published value."""
        return _number(month) >= self._holds_until

    @property
    def _holds_until(self) -> int:
        """The month from which the last value no longer holds."""
        steps = [b - a for a, b in zip(self._months, self._months[1:], strict=False)]
        return self._months[-1] + max(steps, default=1)

    def _value(self, month: int) -> Decimal:
        at = bisect_right(self._months, month) - 1
        if at < 0:
            raise NoPrice(
                N_("The index “{name}” starts in {first}: it says nothing about {month}."),
                name=self.name,
                first=self.first,
                month=_name(month),
            )
        if month < self._holds_until:
            return self._values[at]
        if self.yearly_rate is None:
            raise NoPrice(
                N_("The index “{name}” ends in {last}: say by how much prices rise a year to reach {month}."),
                name=self.name,
                last=self.last,
                month=_name(month),
            )
        with localcontext() as context:
            context.prec = 28
            years = Decimal(month - self._months[-1]) / 12
            return _rounded(self._values[-1] * (1 + self.yearly_rate) ** years)

    def of_year(self, year: int) -> Decimal:
        """The mean of the year's months (from the first value on), to six places."""
        start = max(year * 12, self._months[0])
        if start > year * 12 + 11:
            return self._value(year * 12)  # refuses
        values = [self._value(month) for month in range(start, year * 12 + 12)]
        return _rounded(sum(values, Decimal(0)) / len(values))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


@dataclass(frozen=True)
class VatRates:
    """The normal rate of VAT since each date, e.g. Switzerland: 2018-01-01 7.7 %, 2024-01-01 8.1 %."""

    steps: Sequence[tuple[date, Decimal]]
    source: str = ""

    def __post_init__(self) -> None:
        if any(not 0 <= rate < 1 for _since, rate in self.steps):
            raise InvalidInput(N_("A VAT rate is a share from 0 to 100 %."), field="rate")
        object.__setattr__(self, "steps", tuple(sorted(self.steps)))

    def on(self, day: date) -> Decimal:
        """The rate in force on `day`."""
        known = [rate for since, rate in self.steps if since <= day]
        if not known:
            raise NoPrice(N_("No VAT rate is known on {day}."), day=day.isoformat())
        return known[-1]

    def of_year(self, year: int) -> Decimal:
        """The rate in force on the first of July of `year`."""
        return self.on(date(year, 7, 1))


def to_base(money: Money, base: str, series: IndexSeries) -> Money:
    """`money` at the prices of `base`; currency and VAT stay. Nominal money has no base to start from."""
    if not money.price_base:
        raise UnlikeMoney(
            N_("{amount} is nominal: it states no price base from which it could be converted."),
            amount=str(money),
        )
    kind = replace(money.kind, price_base=base)
    if kind == money.kind:
        return money
    return Money(money.amount * series.value(base) / series.value(money.price_base), kind)


def nominal(amount: Money, year: int, series: IndexSeries | None, vat: VatRates | None) -> Money:
    """`amount` at the prices of `year` (the mean of the series over it), then with its VAT.

    VAT is added where the amount excludes it and `vat` is given. The result is of a nominal kind.
    """
    cents = np.array([[int(amount.amount.scaleb(2))]], np.int64)
    found = Prices(series, vat).nominal(cents, amount.kind, (year,))
    kind = Prices(series, vat).kind(amount.kind)
    return Money(Decimal(int(found[0, 0])).scaleb(-2), kind)


@dataclass(frozen=True)
class Prices:
    """How constant amounts become those of a year: an index (none: prices stay) and VAT (none: not added)."""

    series: IndexSeries | None = None
    vat: VatRates | None = None

    def kind(self, kind: Kind) -> Kind:
        """What an amount of `kind` becomes."""
        adds = self.vat is not None and kind.vat is Vat.EXCLUDED
        return replace(kind, vat=Vat.INCLUDED if adds else kind.vat, price_base="")

    def index(self, kind: Kind, years: Sequence[int]) -> tuple[NDArray[np.int64], int]:
        """Numerators by year and the denominator of the index step, in millionths."""
        if self.series is None or not kind.price_base:
            return np.full(len(years), SCALE, np.int64), SCALE
        over = [int(_of_year(self.series, year) * SCALE) for year in years]
        return np.array(over, np.int64), int(self.series.value(kind.price_base) * SCALE)

    def vat_e5(self, kind: Kind, years: Sequence[int]) -> NDArray[np.int64] | None:
        """1 + the VAT rate by year, in hundred-thousandths; None where VAT is not added."""
        if self.vat is None or kind.vat is not Vat.EXCLUDED:
            return None
        return np.array([E5 + int(self.vat.of_year(year) * E5) for year in years], np.int64)

    def indexed(self, cents: Cents, kind: Kind, years: Sequence[int]) -> Cents:
        """`cents`[…, year] of `kind` at the prices of each year, VAT status unchanged."""
        over, under = self.index(kind, years)
        return cents if (over == under).all() else round_share(cents, over, np.int64(under))

    def nominal(self, cents: Cents, kind: Kind, years: Sequence[int]) -> Cents:
        """`cents`[…, year] of `kind` at the prices of each year, then with the VAT of that year."""
        indexed = self.indexed(cents, kind, years)
        vat = self.vat_e5(kind, years)
        return indexed if vat is None else round_share(indexed, vat, np.int64(E5))


def _of_year(series: IndexSeries, year: int) -> Decimal:
    return _means(tuple(sorted(series.points.items())), series.yearly_rate, series.name, year)


@lru_cache(maxsize=4096)
def _means(points: tuple[Any, ...], yearly_rate: Decimal | None, name: str, year: int) -> Decimal:
    """Means by year, kept: twelve decimal powers each are worth it."""
    return IndexSeries(dict(points), name, yearly_rate=yearly_rate).of_year(year)
