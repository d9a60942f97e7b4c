"""A measure whole: all parts the reader may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from belvedere.domains.plans.public import follow, states, views
from belvedere.faces.rest.schemas.followed import (
    DecisionOut,
    DocumentOut,
    IndicatorOut,
    LinkOut,
    MilestoneOut,
    QuantityOut,
)
from belvedere.faces.rest.schemas.measures import ListingOut, PhaseOut, SiteOut
from belvedere.faces.rest.schemas.money import EstimateOut, FundingOut, SpendingOut
from belvedere.faces.rest.schemas.shared import MoneyOut


class MeasureOut(Schema):
    """A measure. Newest estimate first; `flags` and deadlines only for those who work on it."""

    id: UUID
    url: str
    territory: str
    version: int
    updated_at: datetime
    external_id: str
    title: dict[str, str]
    description: dict[str, str]
    justification: dict[str, str]
    kind: str
    category_id: int | None
    owner_id: UUID
    owner_name: dict[str, str]
    published: bool
    is_example: bool
    priority: states.Priority
    phase_scheme: str
    phase: str
    implementation: states.Implementation
    replaced_by: UUID | None
    works_start: date | None
    works_end: date | None
    cost: MoneyOut | None
    aid: MoneyOut | None
    net: MoneyOut | None
    flags: list[states.Flag]
    place_ids: list[UUID]
    listings: list[ListingOut]
    phases: list[PhaseOut]
    sites: list[SiteOut]
    estimates: list[EstimateOut]
    spending: list[SpendingOut]
    funding: list[FundingOut]
    milestones: list[MilestoneOut]
    quantities: list[QuantityOut]
    indicators: list[IndicatorOut]
    links: list[LinkOut]
    decisions: list[DecisionOut]
    documents: list[DocumentOut]
    may: list[str]

    @classmethod
    def of(
        cls,
        view: views.MeasureView,
        followed: follow.Followed,
        documents: list[DocumentOut],
        url: str,
        territory: str,
        *,
        inside: bool,
    ) -> MeasureOut:
        return cls(
            **_said(view, inside),
            url=url,
            territory=territory,
            listings=[ListingOut.of(one, inside=inside) for one in view.listings],
            phases=[PhaseOut.of(one) for one in view.phases],
            sites=[SiteOut.of(one) for one in view.sites],
            estimates=[EstimateOut.of(one) for one in view.estimates],
            spending=[SpendingOut.of(one) for one in view.spending],
            funding=[FundingOut.of(one, inside=inside) for one in view.funding],
            milestones=[MilestoneOut.of(one) for one in followed.milestones],
            quantities=[QuantityOut.of(one) for one in followed.quantities],
            indicators=[IndicatorOut.of(one) for one in followed.effects],
            links=[LinkOut.of(one) for one in followed.links],
            decisions=[DecisionOut.of(one) for one in followed.decisions],
            documents=documents,
        )


def _said(view: views.MeasureView, inside: bool) -> dict[str, Any]:
    """What the measure says of itself."""
    return {
        "id": view.id,
        "version": view.version,
        "updated_at": view.updated_at,
        "external_id": view.external_id,
        "title": dict(view.title),
        "description": dict(view.description),
        "justification": dict(view.justification),
        "kind": view.kind,
        "category_id": view.category_id,
        "owner_id": view.owner_id,
        "owner_name": dict(view.owner_name),
        "published": view.published,
        "is_example": view.is_example,
        "priority": view.priority,
        "phase_scheme": view.phase_scheme,
        "phase": view.phase,
        "implementation": view.implementation,
        "replaced_by": view.replaced_by.id if view.replaced_by else None,
        "works_start": view.works[0],
        "works_end": view.works[1],
        "cost": MoneyOut.of(view.cost),
        "aid": MoneyOut.of(view.aid),
        "net": MoneyOut.of(view.net),
        "flags": list(view.flags) if inside else [],
        "place_ids": list(view.place_ids),
        "may": sorted(view.may),
    }
