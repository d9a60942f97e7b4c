"""A measure in a list, and whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.plans.public import states, views
from belvedere.faces.rest.schemas.shared import MoneyOut


class MeasureRowOut(Schema):
    """A line of the list. `title` in the reader's language, or in `title_language` where that lacks."""

    id: UUID
    url: str
    title: str
    title_language: str
    codes: str
    priority: states.Priority
    owner_id: UUID
    owner_name: str
    category: str
    phase_scheme: str
    phase: str
    implementation: states.Implementation
    first_year: int | None
    last_year: int | None
    cost: MoneyOut | None
    aid: MoneyOut | None
    net: MoneyOut | None
    flags: list[states.Flag] = Field(description="What to look at; only for those who work on the measure")
    longitude: float | None
    latitude: float | None
    published: bool
    is_example: bool
    updated_at: datetime

    @classmethod
    def of(cls, row: views.MeasureRow, url: str, *, inside: bool) -> MeasureRowOut:
        return cls(
            id=row.id,
            url=url,
            title=row.title,
            title_language=row.title_language,
            codes=row.codes,
            priority=row.priority,
            owner_id=row.owner_id,
            owner_name=row.owner_name or "",
            category=row.category_name or "",
            phase_scheme=row.phase_scheme,
            phase=row.phase,
            implementation=row.implementation,
            first_year=row.years[0],
            last_year=row.years[1],
            cost=MoneyOut.of(row.cost),
            aid=MoneyOut.of(row.aid),
            net=MoneyOut.of(row.net),
            flags=list(row.flags) if inside else [],
            longitude=row.position[0] if row.position else None,
            latitude=row.position[1] if row.position else None,
            published=row.published,
            is_example=row.is_example,
            updated_at=row.updated_at,
        )


class MeasurePage(Schema):
    """A window of the list; `next` is the address of the following one, null at the end."""

    total: int
    next: str | None
    measures: list[MeasureRowOut]


class Feature(Schema):
    """A measure as a GeoJSON feature: all its sites together as its geometry."""

    type: str = "Feature"
    id: UUID
    geometry: dict[str, Any] | None
    properties: MeasureRowOut


class FeatureCollection(Schema):
    """RFC 7946; `next` and `total` are members of ours."""

    type: str = "FeatureCollection"
    total: int
    next: str | None
    features: list[Feature]


class ListingOut(Schema):
    """That a plan lists the measure. Numbers and deadlines only for those who work on it."""

    plan_id: UUID
    plan_code: str
    generation: int | None
    code: str
    are_code: str
    priority: states.Priority
    assessed_priority: states.Priority
    axis_id: UUID | None
    horizon_from: int | None
    horizon_to: int | None
    listed_cost: MoneyOut | None
    agreement: states.Agreement
    agreement_number: str
    financing_number: str
    financing_date: date | None
    start_deadline: date | None
    claim_deadline: date | None

    @classmethod
    def of(cls, one: views.Listing, *, inside: bool) -> ListingOut:
        return cls(
            plan_id=one.plan_id,
            plan_code=one.plan_code,
            generation=one.generation,
            code=one.code,
            are_code=one.are_code,
            priority=one.priority,
            assessed_priority=one.assessed,
            axis_id=one.node_id,
            horizon_from=one.horizon[0],
            horizon_to=one.horizon[1],
            listed_cost=MoneyOut.of(one.listed_cost),
            agreement=one.agreement,
            agreement_number=one.agreement_number if inside else "",
            financing_number=one.financing_number if inside else "",
            financing_date=one.financing_date if inside else None,
            start_deadline=one.start_deadline if inside else None,
            claim_deadline=one.claim_deadline if inside else None,
        )


class PhaseOut(Schema):
    code: str
    planned_start: date | None
    planned_end: date | None
    forecast_start: date | None
    forecast_end: date | None
    actual_start: date | None
    actual_end: date | None
    confirmed: bool

    @classmethod
    def of(cls, one: views.PhaseView) -> PhaseOut:
        return cls(
            code=one.code,
            planned_start=one.planned[0],
            planned_end=one.planned[1],
            forecast_start=one.forecast[0],
            forecast_end=one.forecast[1],
            actual_start=one.actual[0],
            actual_end=one.actual[1],
            confirmed=one.confirmed,
        )


class SiteOut(Schema):
    id: UUID
    name: str
    method: str
    accuracy_m: float | None
    geometry: dict[str, Any]
    length_m: float
    area_m2: float

    @classmethod
    def of(cls, one: views.SiteView) -> SiteOut:
        return cls(
            id=one.id,
            name=one.name,
            method=one.method,
            accuracy_m=one.accuracy_m,
            geometry=one.geometry,
            length_m=one.length_m,
            area_m2=one.area_m2,
        )
