"""What a round holds of a measure: plain values that mean the same years later, without the plans.

`FrozenMeasure` is what is kept of a measure, `Asked` the few values that its owner is asked to confirm.
Amounts and days are texts in JSON, so that a database gives them back letter by letter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import msgspec

from belvedere.domains.plans.public import reported
from belvedere.domains.reporting.states import Question
from belvedere.kernel.money import Kind, Money, Vat


class Amount(msgspec.Struct, frozen=True):
    value: Decimal
    currency: str
    vat: str
    price_base: str = ""

    @property
    def kind(self) -> Kind:
        return Kind(self.currency, Vat(self.vat), self.price_base)

    @property
    def money(self) -> Money:
        return Money(self.value, self.kind)


def amount_of(money: Money | None) -> Amount | None:
    if money is None:
        return None
    return Amount(money.amount, money.currency, money.vat.value, money.price_base)


def money_of(amount: Amount | None) -> Money | None:
    return None if amount is None else amount.money


class PhaseDays(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str
    planned_start: date | None = None
    planned_end: date | None = None
    forecast_start: date | None = None
    forecast_end: date | None = None
    actual_start: date | None = None
    actual_end: date | None = None


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """That a plan lists the measure; `plan` is an identifier of the round's content."""

    plan: UUID
    code: str = ""
    are_code: str = ""
    priority: str = ""
    assessed: str = ""
    agreement: str = ""
    agreement_number: str = ""
    financing_number: str = ""
    financing_date: date | None = None
    contribution: str = ""
    listed_cost: Amount | None = None
    start_deadline: date | None = None
    claim_deadline: date | None = None


class Estimated(msgspec.Struct, frozen=True, omit_defaults=True):
    dated: date
    kind: str
    amount: Amount
    eligible: Decimal | None = None
    accuracy: Decimal | None = None


class Spent(msgspec.Struct, frozen=True, omit_defaults=True):
    year: int
    nature: str
    state: str
    amount: Amount
    aid: Decimal = Decimal(0)
    span: str = ""  # "before", "after" or one year


class Funded(msgspec.Struct, frozen=True, omit_defaults=True):
    payer: UUID
    state: str
    granted: Amount
    received: Decimal = Decimal(0)
    instrument: str = ""


class Paid(msgspec.Struct, frozen=True):
    year: int
    amount: Amount


class FrozenMeasure(msgspec.Struct, frozen=True, omit_defaults=True):
    id: UUID
    title: dict[str, str]
    owner: UUID
    kind: str
    phase_scheme: str
    phase: str
    implementation: str
    listings: tuple[Listed, ...] = ()
    phases: tuple[PhaseDays, ...] = ()
    estimates: tuple[Estimated, ...] = ()
    spending: tuple[Spent, ...] = ()
    funding: tuple[Funded, ...] = ()
    paid: tuple[Paid, ...] = ()
    works_start: date | None = None
    works_end: date | None = None
    at_stake: Amount | None = None

    @property
    def cost(self) -> Money | None:
        return self.estimates[-1].amount.money if self.estimates else None

    @property
    def works(self) -> PhaseDays:
        """The dates of the works, all None where none are known."""
        code = {"sia112": "5", "mop": "EXE"}.get(self.phase_scheme, "")
        return next((one for one in self.phases if one.code == code), PhaseDays(code))

    def paid_in(self, kind: Kind) -> Decimal:
        """What was paid to date, of one kind of money."""
        return sum((one.amount.value for one in self.paid if one.amount.kind == kind), Decimal(0))

    def listing(self, plan: UUID) -> Listed | None:
        return next((one for one in self.listings if one.plan == plan), None)


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an owner confirms. `paid` is all that was paid to date, of the kind of the cost."""

    implementation: str = ""
    phase: str = ""
    phase_scheme: str = ""
    works_start: date | None = None
    works_end: date | None = None
    cost: Amount | None = None
    paid: Amount | None = None

    def differs(self, other: Asked, questions: Iterable[Question]) -> list[Question]:
        """The questions whose answer is not the same in `other`."""
        fields = {
            Question.IMPLEMENTATION: ("implementation",),
            Question.PHASE: ("phase",),
            Question.DATES: ("works_start", "works_end"),
            Question.COST: ("cost",),
            Question.PAID: ("paid",),
        }
        return [
            question
            for question in questions
            if any(getattr(self, name) != getattr(other, name) for name in fields[question])
        ]


def freeze(measure: reported.ReportedMeasure) -> FrozenMeasure:
    """The measure as it stands now."""
    works = measure.works_phase
    start, end = None, None  # what the figures derive from the years is no date anyone gave
    if works is not None:
        start = works.actual[0] or works.forecast[0] or works.planned[0]
        end = works.actual[1] or works.forecast[1] or works.planned[1]
    return FrozenMeasure(
        id=measure.id,
        title=dict(measure.title),
        owner=measure.owner_id,
        kind=measure.kind,
        phase_scheme=measure.phase_scheme,
        phase=measure.phase,
        implementation=measure.implementation.value,
        listings=tuple(_listed(one) for one in measure.listings),
        phases=tuple(PhaseDays(one.code, *one.planned, *one.forecast, *one.actual) for one in measure.phases),
        estimates=tuple(
            Estimated(
                one.dated,
                one.kind.value,
                _amount(one.amount),
                None if one.eligible is None else one.eligible.amount,
                one.accuracy,
            )
            for one in measure.estimates
        ),
        spending=tuple(
            Spent(one.year, one.nature, one.state.value, _amount(one.amount), one.aid.amount, one.span.value)
            for one in measure.spending
        ),
        funding=tuple(
            Funded(one.organisation_id, one.state.value, _amount(one.granted), one.received, one.instrument)
            for one in measure.funding
        ),
        paid=tuple(Paid(year, _amount(amount)) for year, amount in measure.paid),
        works_start=start,
        works_end=end,
        at_stake=amount_of(measure.at_stake),
    )


def _amount(money: Money) -> Amount:
    return cast("Amount", amount_of(money))


def _listed(one: reported.ReportedListing) -> Listed:
    return Listed(
        plan=one.plan_id,
        code=one.code,
        are_code=one.are_code,
        priority=one.priority.value,
        assessed=one.assessed.value,
        agreement=one.agreement.value,
        agreement_number=one.agreement_number,
        financing_number=one.financing_number,
        financing_date=one.financing_date,
        contribution=one.contribution.value,
        listed_cost=amount_of(one.listed_cost),
        start_deadline=one.start_deadline,
        claim_deadline=one.claim_deadline,
    )


def asked_of(measure: FrozenMeasure) -> Asked:
    """What the owner is asked to confirm of it."""
    cost = measure.cost
    paid = None
    if cost is not None:
        paid = amount_of(Money(measure.paid_in(cost.kind), cost.kind))
    return Asked(
        implementation=measure.implementation,
        phase=measure.phase,
        phase_scheme=measure.phase_scheme,
        works_start=measure.works_start,
        works_end=measure.works_end,
        cost=amount_of(cost),
        paid=paid,
    )


def plain(value: msgspec.Struct) -> dict[str, Any]:
    """`value` as JSON takes it."""
    made: dict[str, Any] = msgspec.to_builtins(value, str_keys=True)
    return made


def measure_from(value: Mapping[str, Any]) -> FrozenMeasure:
    """The measure that `plain` gave."""
    return msgspec.convert(value, FrozenMeasure, strict=False)


def asked_from(value: Mapping[str, Any]) -> Asked:
    """The answers that `plain` gave."""
    return msgspec.convert(value, Asked, strict=False)


def fingerprint(content: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8) of the content and its lines by measure."""
    ordered = sorted(lines, key=lambda line: str(line["measure"]["id"]))
    text = json.dumps(
        {"content": content, "lines": ordered},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()
