"""The money of one measure."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ninja import Schema

from belvedere.domains.plans.public import states, views
from belvedere.faces.rest.schemas.shared import MoneyOut


class EstimateOut(Schema):
    version: int
    dated: date
    kind: states.EstimateKind
    amount: MoneyOut | None
    eligible: MoneyOut | None
    accuracy: str | None
    source: str

    @classmethod
    def of(cls, one: views.EstimateView) -> EstimateOut:
        return cls(
            version=one.version,
            dated=one.dated,
            kind=one.kind,
            amount=MoneyOut.of(one.amount),
            eligible=MoneyOut.of(one.eligible),
            accuracy=None if one.accuracy is None else f"{one.accuracy:f}",
            source=one.source,
        )


class SpendingOut(Schema):
    """An amount of one year; `span` “before” or “after”: of all years up to or from it."""

    year: int
    span: str
    nature: str
    state: states.SpendState
    amount: MoneyOut | None
    aid: MoneyOut | None
    net: MoneyOut | None
    reason: str

    @classmethod
    def of(cls, one: views.SpendingView) -> SpendingOut:
        return cls(
            year=one.year,
            span=one.span.value,
            nature=one.nature,
            state=one.state,
            amount=MoneyOut.of(one.amount),
            aid=MoneyOut.of(one.aid),
            net=MoneyOut.of(one.net),
            reason=one.reason,
        )


class FundingOut(Schema):
    """Who pays what part; `resolved` is what the rule gives for the present cost."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    instrument: str
    rule: str
    rate: str | None
    cap: MoneyOut | None
    state: states.FundingState
    resolved: MoneyOut | None
    counted: bool
    start_deadline: date | None
    claim_deadline: date | None

    @classmethod
    def of(cls, one: views.FundingView, *, inside: bool) -> FundingOut:
        return cls(
            id=one.id,
            organisation_id=one.organisation_id,
            organisation_name=one.organisation_name,
            instrument=one.instrument,
            rule=one.rule,
            rate=None if one.rate is None else f"{one.rate:f}",
            cap=MoneyOut.of(one.cap),
            state=one.state,
            resolved=MoneyOut.of(one.resolved),
            counted=not (one.lost or one.unlike),
            start_deadline=one.start_deadline if inside else None,
            claim_deadline=one.claim_deadline if inside else None,
        )
