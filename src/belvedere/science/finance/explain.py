"""A number with the lines it comes from: what a total opens into.

`label` is a key that faces translate (or the name of a thing, with `of` its identifier); nothing here is
prose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.kernel.money import Kind, Money


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a sum: how much, of what, at which prices, from which source, as known when."""

    amount: Money
    label: str
    source: str = ""
    dated: date | None = None
    of: UUID | None = None

    @property
    def price_base(self) -> str:
        return self.amount.price_base


@dataclass(frozen=True, slots=True)
class Explained:
    """A value and its parts, which add up to it to the cent.

    Raises UnlikeMoney when the parts are of several kinds, ValueError when they do not add up: a total that
    its lines contradict is a fault of ours and must not be shown.
    """

    value: Money
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        total = sum((part.amount for part in self.parts), Money(Decimal(0), self.value.kind))
        if total != self.value:
            raise ValueError(f"the parts add up to {total}, not to {self.value}")

    @classmethod
    def of(cls, parts: Iterable[Part], kind: Kind) -> Explained:
        """The sum of the parts, all of `kind`."""
        kept = tuple(parts)
        return cls(sum((part.amount for part in kept), Money(Decimal(0), kind)), kept)
