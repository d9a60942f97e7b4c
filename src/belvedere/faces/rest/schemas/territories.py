"""Territories, organisations, categories, plans."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema

from belvedere.domains.plans.public import plan_reads
from belvedere.domains.territory.public import OrganisationView, TerritoryView


class TerritoryOut(Schema):
    id: UUID
    slug: str
    names: dict[str, str]
    country: str
    currency: str
    languages: list[str]
    published: bool
    is_example: bool
    attribution: str
    bounds: list[float] | None
    communes: int

    @classmethod
    def of(cls, view: TerritoryView) -> TerritoryOut:
        return cls(
            id=view.id,
            slug=view.slug,
            names=dict(view.names),
            country=view.country,
            currency=view.currency,
            languages=list(view.languages),
            published=view.published,
            is_example=view.is_example,
            attribution=view.attribution,
            bounds=list(view.bounds.as_tuple()) if view.bounds else None,
            communes=view.communes,
        )


class OrganisationOut(Schema):
    id: UUID
    kind: str
    names: dict[str, str]
    short_name: str
    code_scheme: str
    code: str
    active: bool

    @classmethod
    def of(cls, view: OrganisationView) -> OrganisationOut:
        return cls(
            id=view.id,
            kind=view.kind.value,
            names=dict(view.names),
            short_name=view.short_name,
            code_scheme=view.code_scheme,
            code=view.code,
            active=view.active,
        )


class CategoryOut(Schema):
    id: int
    names: dict[str, str]


class AxisOut(Schema):
    """An axis, field or package of a plan; `depth` 0 at the top, in the order of the tree."""

    id: UUID
    code: str
    title: dict[str, str]
    depth: int


class PlanOut(Schema):
    id: UUID
    code: str
    title: dict[str, str]
    type: str
    generation: int | None
    year_from: int | None
    owner_id: UUID
    has_agreement: bool
    currency: str
    vat: str
    price_base: str
    axes: list[AxisOut]

    @classmethod
    def of(cls, plan: plan_reads.PlanChoice) -> PlanOut:
        return cls(
            id=plan.id,
            code=plan.code,
            title=dict(plan.title),
            type=plan.type,
            generation=plan.generation,
            year_from=plan.year_from,
            owner_id=plan.owner_id,
            has_agreement=plan.has_agreement,
            currency=plan.money_kind.currency,
            vat=plan.money_kind.vat.value,
            price_base=plan.money_kind.price_base,
            axes=[
                AxisOut(id=node.id, code=node.code, title=dict(node.title), depth=node.depth)
                for node in plan.nodes
            ],
        )
