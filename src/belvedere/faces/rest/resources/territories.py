"""Territories and what measures refer to: organisations, categories, plans with their axes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from belvedere.domains.plans.public import plan_reads, queries
from belvedere.domains.territory.public import organisations, territories
from belvedere.faces.rest.resources.routing import OPEN, router
from belvedere.faces.rest.resources.seeing import enters, territory_at
from belvedere.faces.rest.schemas.territories import CategoryOut, OrganisationOut, PlanOut, TerritoryOut
from belvedere.faces.rest.tokens import actor_of

TAGS = ["Territories"]


@router.get(
    "/territories",
    response=list[TerritoryOut],
    operation_id="list_territories",
    openapi_extra=OPEN,
    tags=TAGS,
)
def list_territories(request: HttpRequest) -> Any:
    """The territories that are published, and those where you work."""
    actor = actor_of(request)
    found = [one for one in territories() if one.published or enters(actor, one)]
    return [TerritoryOut.of(one) for one in found]


@router.get(
    "/territories/{slug:slug}",
    response=TerritoryOut,
    operation_id="read_territory",
    openapi_extra=OPEN,
    tags=TAGS,
)
def read_territory(request: HttpRequest, slug: str) -> Any:
    """One territory."""
    return TerritoryOut.of(territory_at(request, slug))


@router.get(
    "/territories/{slug:slug}/organisations",
    response=list[OrganisationOut],
    operation_id="list_organisations",
    openapi_extra=OPEN,
    tags=TAGS,
)
def list_organisations(request: HttpRequest, slug: str) -> Any:
    """The organisations of a territory, by name: owners and payers are among them."""
    return [OrganisationOut.of(one) for one in organisations(territory_at(request, slug).id)]


@router.get(
    "/territories/{slug:slug}/categories",
    response=list[CategoryOut],
    operation_id="list_categories",
    openapi_extra=OPEN,
    tags=TAGS,
)
def list_categories(request: HttpRequest, slug: str) -> Any:
    """The vocabulary of the territory."""
    found = queries.categories(territory_at(request, slug).id)
    return [CategoryOut(id=pk, names=names) for pk, names in found]


@router.get(
    "/territories/{slug:slug}/plans",
    response=list[PlanOut],
    operation_id="list_plans",
    openapi_extra=OPEN,
    tags=TAGS,
)
def list_plans(request: HttpRequest, slug: str) -> Any:
    """The plans of a territory, each with its axes."""
    found = plan_reads.plan_choices(actor_of(request), territory_at(request, slug).id)
    return [PlanOut.of(one) for one in found]
