"""A measure's money as two small values of bytes, so that ten thousand measures are read in milliseconds.

`pack_spending` gives one head (cost, eligible part, kind, dates of the works) and a record for each yearly
amount; `pack_rules` gives a record for each funding line. `book.Book.from_packed` joins and reads them with
`numpy.frombuffer`. Little-endian, without padding; `FORMAT` tells versions apart. Amounts are cents, shares
hundred-thousandths, dates proleptic ordinals (0: none), absent amounts −1, identifiers 16 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from struct import Struct
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from belvedere.kernel.errors import N_
from belvedere.kernel.money import Kind, Money, UnlikeMoney, Vat
from belvedere.science.finance.cents import E5, to_cents
from belvedere.science.finance.funding import FillUp, Fixed, LumpPerUnit, RateWithCap, Rule, class_of

FORMAT = 1
NO_AMOUNT = -1
CURRENCY_CODES = ("CHF", "EUR", "USD", "GBP")  # at most four: see kind_codes
VAT_CODES = (Vat.EXCLUDED, Vat.INCLUDED, Vat.UNKNOWN)


class RuleCode(IntEnum):
    """The classes of rules, in the order of resolution (funding.ORDER)."""

    FIXED = 0
    LUMP = 1
    RATE = 2
    FILL_UP = 3
    RESIDUAL = 4


class Bucket(IntEnum):
    """Where an amount belongs in time: its year, or all that came before or comes after the years known."""

    YEAR = 0
    BEFORE = 1
    AFTER = 2


_KIND = [("currency", "u1"), ("vat", "u1"), ("price_base", "<u4")]  # 202510 for "2025-10", 0: nominal

HEAD_DTYPE = np.dtype(
    [
        ("format", "u1"),
        *_KIND,
        ("cost", "<i8"),  # −1: no estimate
        ("eligible", "<i8"),  # −1: the whole cost
        ("works_start", "<i4"),
        ("works_end", "<i4"),
    ]
)
SPENDING_DTYPE = np.dtype(
    [("year", "<i2"), ("bucket", "u1"), ("paid", "u1"), ("operation", "u1"), ("cents", "<i8")]
)
RULES_DTYPE = np.dtype(
    [
        ("rule", "u1"),
        ("position", "<u2"),
        *_KIND,
        ("rate_e5", "<i4"),
        ("amount", "<i8"),  # fixed amount, or tariff × quantity
        ("cap", "<i8"),  # −1: none
        ("start_deadline", "<i4"),
        ("claim_deadline", "<i4"),
        ("advance_e5", "<i4"),
        ("lag", "u1"),
        ("alive", "u1"),
        ("indexed", "u1"),
        ("payer", "V16"),
        ("line", "V16"),
    ]
)
# The same layouts for writing: an import packs tens of thousands of measures one by one.
_HEAD = Struct("<BBBIqqii")
_SPENDING = Struct("<hBBBq")
_RULES = Struct("<BHBBIiqqiiiBBB16s16s")


@dataclass(frozen=True, slots=True)
class Head:
    """What a measure costs and when it is built. `cost` None: no estimate (never 0)."""

    cost: Money | None
    kind: Kind
    eligible: Money | None = None
    works_start: date | None = None
    works_end: date | None = None


@dataclass(frozen=True, slots=True)
class SpendingLine:
    """An amount of a year (or of all years before or after). Paid amounts never move."""

    year: int
    amount: Money
    paid: bool = False
    operation: bool = False  # running cost, not investment
    bucket: Bucket = Bucket.YEAR


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A funding line. `kind` is that of its amounts; a line already paid has no deadline any more.

    `advance_share` of the aid arrives in the year of the spending, the rest `lag_years` later. `alive` is
    False for a line refused or forfeited. `indexed`: its stated amounts and its cap follow the index.
    """

    payer: UUID
    rule: Rule
    kind: Kind
    position: int = 1
    alive: bool = True
    indexed: bool = False
    start_deadline: date | None = None
    claim_deadline: date | None = None
    advance_share: Decimal = Decimal(1)
    lag_years: int = 0
    line: UUID | None = None


def pack_spending(head: Head, lines: Iterable[SpendingLine]) -> bytes:
    """The head and the yearly amounts of one measure.

    Raises UnlikeMoney when an amount is not of the head's kind: leave such lines out and name them.
    """
    for money in (head.cost, head.eligible):
        _check(money, head.kind)
    cells = []
    for line in lines:
        _check(line.amount, head.kind)
        cells.append(
            (line.year, line.bucket, line.paid, line.operation, to_cents(line.amount.amount)),
        )
    top = _HEAD.pack(
        FORMAT,
        *_coded(head.kind),
        _cents(head.cost),
        _cents(head.eligible),
        _day(head.works_start),
        _day(head.works_end),
    )
    return top + b"".join([_SPENDING.pack(*cell) for cell in cells])


def pack_rules(lines: Iterable[RuleLine]) -> bytes:
    """The funding lines of one measure. Raises UnlikeMoney when a line's amounts are not of its kind."""
    return b"".join([_RULES.pack(*_rule_cells(line)) for line in lines])


def _rule_cells(line: RuleLine) -> tuple[int | bytes, ...]:
    rule = line.rule
    rate = rule.rate if isinstance(rule, RateWithCap | FillUp) else Decimal(0)
    amount = rule.amount if isinstance(rule, Fixed | LumpPerUnit) else None
    cap = rule.cap if isinstance(rule, LumpPerUnit | RateWithCap | FillUp) else None
    _check(amount, line.kind)
    _check(cap, line.kind)
    return (
        class_of(line.rule),
        line.position,
        *_coded(line.kind),
        share_e5(rate),
        max(_cents(amount), 0),
        _cents(cap),
        _day(line.start_deadline),
        _day(line.claim_deadline),
        share_e5(line.advance_share),
        line.lag_years,
        line.alive,
        line.indexed,
        line.payer.bytes,
        line.line.bytes if line.line else bytes(16),
    )


@lru_cache(maxsize=4096)
def share_e5(share: Decimal) -> int:
    """A share in hundred-thousandths; ValueError when it has more than five decimals."""
    scaled = share * E5
    if scaled != int(scaled):
        raise ValueError(f"the share {share} has more than five decimals")
    return int(scaled)


def _check(money: Money | None, kind: Kind) -> None:
    if money is not None and money.kind is not kind and money.kind != kind:
        raise UnlikeMoney(
            N_("{left} and {right} cannot be added: they differ in currency, VAT or price base."),
            left=str(money),
            right=str(Money(Decimal(0), kind)),
        )


def _cents(money: Money | None) -> int:
    return NO_AMOUNT if money is None else to_cents(money.amount)


def _day(day: date | None) -> int:
    return 0 if day is None else day.toordinal()


@lru_cache(maxsize=1024)
def _coded(kind: Kind) -> tuple[int, int, int]:
    base = int(kind.price_base.replace("-", "")) if kind.price_base else 0
    return CURRENCY_CODES.index(kind.currency), VAT_CODES.index(kind.vat), base


def kind_codes(cells: NDArray[np.void]) -> NDArray[np.int64]:
    """One number for the kind of each record."""
    base = cells["price_base"].astype(np.int64)
    return np.asarray(base * 16 + cells["vat"].astype(np.int64) * 4 + cells["currency"], np.int64)


def kind_of_code(code: int) -> Kind:
    """The kind behind such a number."""
    base, rest = divmod(code, 16)
    month = f"{base // 100:04d}-{base % 100:02d}" if base else ""
    return Kind(CURRENCY_CODES[rest % 4], VAT_CODES[rest // 4], month)
