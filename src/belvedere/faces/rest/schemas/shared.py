"""Values that every resource speaks of: texts by language, exact money, dates, problems."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.money import Kind, Money, Vat

# PostgreSQL keeps no NUL, and no person types one.
Line = Annotated[str, Field(max_length=200, pattern="^[^\\x00]*$")]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]
Title = Annotated[str, Field(max_length=500, pattern="^[^\\x00]*$")]
LongText = Annotated[str, Field(max_length=20_000, pattern="^[^\\x00]*$")]
Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$", examples=["1250000.00"])]
Share = Annotated[str, Field(pattern=r"^(0(\.[0-9]{1,5})?|1(\.0{1,5})?)$", examples=["0.35"])]
Year = Annotated[int, Field(ge=1950, le=2150)]


class Strict(Schema):
    """What is sent: a member that is not known is refused, rather than silently left out."""

    model_config = ConfigDict(extra="forbid")


class MoneyOut(Schema):
    """An exact amount and what it is expressed in; unlike amounts are never added."""

    amount: str = Field(description="Decimal, two places", examples=["1250000.00"])
    currency: str
    vat: Vat
    price_base: str = Field(description="A month such as 2025-10; empty for prices of the day")

    @classmethod
    def of(cls, money: Money | None) -> MoneyOut | None:
        if money is None:
            return None
        return cls(
            amount=f"{money.amount:.2f}",
            currency=money.currency,
            vat=money.vat,
            price_base=money.price_base,
        )


class MoneyIn(Strict):
    """An exact amount and what it is expressed in."""

    amount: Amount
    currency: str = Field(pattern="^(CHF|EUR|GBP|USD)$")
    vat: Vat = Vat.EXCLUDED
    price_base: str = Field(default="", pattern="^((19|20)[0-9][0-9]-(0[1-9]|1[0-2]))?$")

    def money(self) -> Money:
        return Money(Decimal(self.amount), Kind(self.currency, self.vat, self.price_base))


class Between(Strict):
    """Two days, each may be unknown."""

    start: date | None = None
    end: date | None = None

    def pair(self) -> tuple[date | None, date | None]:
        for day in (self.start, self.end):
            checked_day(day)
        return self.start, self.end


def checked_day(day: date | None) -> date | None:
    """A day of a project; one centuries away is a mistake."""
    if day is not None and not 1950 <= day.year <= 2150:
        raise InvalidInput(N_("{day} is not a date of a project."), day=day, field="date")
    return day


class Fault(Schema):
    path: str
    message: str


class Problem(Schema):
    """What went wrong (RFC 9457), in the language asked for."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What happened and what to do")
    code: str = Field(description="Stable name of the error, for programs")
    errors: list[Fault] = []


Texts = dict[Language, str]
Geometry = dict[str, Any]
