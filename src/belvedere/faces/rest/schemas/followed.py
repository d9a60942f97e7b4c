"""What is followed on a measure: milestones, quantities, indicators, links, decisions, documents."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Schema

from belvedere.domains.plans.public import follow, vocabulary
from belvedere.faces.rest.schemas.shared import MoneyOut


class MilestoneOut(Schema):
    id: UUID
    type: vocabulary.MilestoneType
    title: dict[str, str]
    planned: date | None
    forecast: date | None
    actual: date | None

    @classmethod
    def of(cls, one: follow.MilestoneView) -> MilestoneOut:
        return cls(
            id=one.id,
            type=one.type,
            title=dict(one.title.texts),
            planned=one.planned,
            forecast=one.forecast,
            actual=one.actual,
        )


class QuantityOut(Schema):
    id: UUID
    unit: vocabulary.QuantityUnit
    label: dict[str, str]
    planned: str
    realised: str | None

    @classmethod
    def of(cls, one: follow.QuantityView) -> QuantityOut:
        return cls(
            id=one.id,
            unit=one.unit,
            label=dict(one.label.texts),
            planned=f"{one.planned:f}",
            realised=None if one.realised is None else f"{one.realised:f}",
        )


class ValueOut(Schema):
    dated: date
    kind: vocabulary.ValueKind
    value: str
    source: str


class IndicatorOut(Schema):
    """An indicator of the measure with its measured values, oldest or newest first as kept."""

    id: UUID
    code: str
    name: dict[str, str]
    unit: str
    direction: vocabulary.Direction
    role: vocabulary.IndicatorRole
    baseline: str | None
    baseline_on: date | None
    target: str | None
    target_on: date | None
    values: list[ValueOut]

    @classmethod
    def of(cls, one: follow.EffectView) -> IndicatorOut:
        return cls(
            id=one.id,
            code=one.indicator.code,
            name=dict(one.indicator.name.texts),
            unit=one.indicator.unit,
            direction=one.indicator.direction,
            role=one.role,
            baseline=None if one.baseline is None else f"{one.baseline:f}",
            baseline_on=one.baseline_on,
            target=None if one.target is None else f"{one.target:f}",
            target_on=one.target_on,
            values=[
                ValueOut(dated=value.dated, kind=value.kind, value=f"{value.value:f}", source=value.source)
                for value in one.values
            ],
        )


class LinkOut(Schema):
    """A link to another measure that the reader may see; `way` “out” where this measure states it."""

    type: vocabulary.LinkType
    way: str
    measure_id: UUID

    @classmethod
    def of(cls, one: follow.LinkView) -> LinkOut:
        return cls(type=one.type, way=one.way.value, measure_id=one.measure_id)


class DecisionOut(Schema):
    id: UUID
    type: vocabulary.DecisionType
    body: str
    dated: date
    title: dict[str, str]
    amount: MoneyOut | None
    document_id: UUID | None

    @classmethod
    def of(cls, one: follow.DecisionView) -> DecisionOut:
        return cls(
            id=one.id,
            type=one.type,
            body=one.body,
            dated=one.dated,
            title=dict(one.title.texts),
            amount=MoneyOut.of(one.amount),
            document_id=one.document.id if one.document else None,
        )


class DocumentOut(Schema):
    """A document in its latest version; `url` opens it, for what is not public in a signed-in browser."""

    id: UUID
    type: vocabulary.DocumentType
    title: str
    public: bool
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_at: datetime
    url: str

    @classmethod
    def of(cls, one: follow.DocumentView, url: str) -> DocumentOut:
        latest = one.latest
        return cls(
            id=one.id,
            type=one.type,
            title=one.title,
            public=one.public,
            file_name=latest.file_name,
            media_type=latest.media_type,
            size_bytes=latest.size_bytes,
            sha256=latest.sha256,
            added_at=latest.added_at,
            url=url,
        )
