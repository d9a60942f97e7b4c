"""Money that knows what it is.

An amount without its currency, its VAT status and its price base is not a number one may add: the
Swiss federal share is stated at October 2005 prices without VAT, a commune votes at current prices with
VAT. `Money` refuses to add unlike things; `Totals` keeps unlike sums side by side instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from belvedere.kernel.errors import N_, InvalidInput

CENT = Decimal("0.01")
CURRENCIES = frozenset({"CHF", "EUR", "GBP", "USD"})
LARGEST = Decimal(10) ** 13


class Vat(StrEnum):
    """Whether an amount holds value added tax."""

    EXCLUDED = "excluded"
    INCLUDED = "included"
    UNKNOWN = "unknown"


class UnlikeMoney(InvalidInput):
    """Two amounts that cannot be added: another currency, VAT status or price base."""

    default_code = "unlike_money"


_PRICE_BASE = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What an amount is expressed in.

    `price_base` is a month, "2025-10", or "" for nominal amounts (at the prices of the day they are paid).
    """

    currency: str
    vat: Vat = Vat.EXCLUDED
    price_base: str = ""

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise InvalidInput(
                N_("The currency “{currency}” is not known. Use one of: {known}."),
                currency=self.currency,
                known=sorted(CURRENCIES),
                field="currency",
            )
        if self.price_base and not _PRICE_BASE.fullmatch(self.price_base):
            raise InvalidInput(
                N_("“{value}” is not a price base. Write the year and the month, as in 2025-10."),
                value=self.price_base,
                field="price_base",
            )


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in base units (CHF, EUR…, never thousands or millions), exact to the cent."""

    amount: Decimal
    kind: Kind

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("Money takes a Decimal; a float has already lost cents")
        if not self.amount.is_finite() or abs(self.amount) >= LARGEST:
            raise InvalidInput(N_("The amount {amount} is too large to be real."), amount=str(self.amount))
        object.__setattr__(self, "amount", self.amount.quantize(CENT, ROUND_HALF_UP))

    @property
    def currency(self) -> str:
        return self.kind.currency

    @property
    def vat(self) -> Vat:
        return self.kind.vat

    @property
    def price_base(self) -> str:
        return self.kind.price_base

    def _like(self, other: Money) -> None:
        if self.kind != other.kind:
            raise UnlikeMoney(
                N_("{left} and {right} cannot be added: they differ in currency, VAT or price base."),
                left=str(self),
                right=str(other),
            )

    def __add__(self, other: Money) -> Money:
        self._like(other)
        return replace(self, amount=self.amount + other.amount)

    def __sub__(self, other: Money) -> Money:
        self._like(other)
        return replace(self, amount=self.amount - other.amount)

    def __neg__(self) -> Money:
        return replace(self, amount=-self.amount)

    def __lt__(self, other: Money) -> bool:
        self._like(other)
        return self.amount < other.amount

    def __bool__(self) -> bool:
        return bool(self.amount)

    def times(self, share: Decimal) -> Money:
        """This amount times a plain number, rounded half up to the cent."""
        return replace(self, amount=self.amount * share)

    def __str__(self) -> str:
        parts = [f"{self.amount} {self.currency}"]
        if self.vat is not Vat.UNKNOWN:
            parts.append(f"VAT {self.vat}")
        parts.append(f"prices of {self.price_base}" if self.price_base else "nominal")
        return ", ".join(parts)


def split(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Share `amount` out by `weights` so that the parts add up to it to the cent.

    Largest remainder: each part is rounded towards zero, then the missing cents go one by one to the
    parts that lost most. Weights are not negative; when all are zero the first part takes everything.
    """
    if not weights:
        raise ValueError("nothing to share out to")
    if any(weight < 0 for weight in weights):
        raise ValueError("a negative weight")
    amount = amount.quantize(CENT, ROUND_HALF_UP)
    whole = sum(weights, Decimal(0))
    if not whole:
        return [amount, *(Decimal("0.00") for _ in weights[1:])]
    cents = int(abs(amount) * 100)
    exact = [cents * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_loss = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_loss[: cents - sum(parts)]:
        parts[at] += 1
    sign = -1 if amount < 0 else 1
    return [sign * Decimal(part) * CENT for part in parts]


class Totals:
    """Sums kept apart by kind: a sum that cannot be made is shown as two sums."""

    def __init__(self, amounts: Iterable[Money] = ()) -> None:
        self._sums: dict[Kind, Money] = {}
        for amount in amounts:
            self.add(amount)

    def add(self, amount: Money) -> None:
        known = self._sums.get(amount.kind)
        self._sums[amount.kind] = amount if known is None else known + amount

    def __iter__(self) -> Iterator[Money]:
        """The largest sum first."""
        return iter(sorted(self._sums.values(), key=lambda m: (-abs(m.amount), m.kind)))

    def __len__(self) -> int:
        return len(self._sums)

    def of(self, kind: Kind) -> Money:
        return self._sums.get(kind, Money(Decimal(0), kind))
