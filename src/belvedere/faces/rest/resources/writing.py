"""Changing measures: each operation is a verb of plans, with the version the caller read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Status

from belvedere.domains.plans.public import (
    actions,
    money_actions,
    page,
    plan_reads,
    queries,
    states,
)
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.rest.conditions import expected_version
from belvedere.faces.rest.resources.measures import measure_url
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import territory_at
from belvedere.faces.rest.schemas.writing import (
    EssentialsIn,
    ImplementationIn,
    ListingIn,
    MeasureIn,
    NewEstimate,
    NewSite,
    NewSpending,
    PhasesIn,
    PlanningIn,
    PublicationIn,
    Written,
)
from belvedere.faces.rest.tokens import actor_of, language
from belvedere.kernel.errors import N_, InvalidInput

TAGS = ["Changes"]
IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the measure that you read, or *",
            "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[1-9][0-9]{0,8}(\.[0-9a-f]+)?")$'},
        }
    ]
}


def _written(request: HttpRequest, response: HttpResponse, measure_id: UUID) -> Written:
    version = page.measure_page(actor_of(request), measure_id, language=language()).version
    response["ETag"] = f'"{version}"'
    return Written(id=measure_id, version=version, url=measure_url(measure_id))


@router.post(
    "/territories/{slug:slug}/measures",
    response={201: Written},
    operation_id="create_measure",
    tags=TAGS,
    auth=HOLDER,
)
def create_measure(request: HttpRequest, response: HttpResponse, slug: str, given: MeasureIn) -> Any:
    """Add a measure of an organisation for which you may."""
    here = territory_at(request, slug)
    actor = actor_of(request)
    draft = given.draft(states.SCHEME_OF_COUNTRY.get(here.country, "sia112"))
    if draft.category_id is not None and draft.category_id not in dict(queries.categories(here.id)):
        raise InvalidInput(N_("This category is not of this territory."), field="category_id")
    _listed(request, here, given.plans)
    made = actions.create_measure(actor=actor, territory_id=here.id, draft=draft, reason=given.reason)
    response["Location"] = measure_url(made)
    return Status(201, _written(request, response, made))


def _listed(request: HttpRequest, territory: TerritoryView, listings: list[ListingIn]) -> None:
    plans = {plan.id: plan for plan in plan_reads.plan_choices(actor_of(request), territory.id)}
    for one in listings:
        plan = plans.get(one.plan_id)
        if plan is None:
            raise InvalidInput(N_("There is no such plan in this territory."), field="plan_id")
        if one.axis_id is not None and one.axis_id not in {node.id for node in plan.nodes}:
            raise InvalidInput(N_("There is no such axis in this plan."), field="axis_id")


@router.patch(
    "/measures/{uuid:measure_id}",
    response=Written,
    operation_id="change_essentials",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def change_essentials(
    request: HttpRequest, response: HttpResponse, measure_id: UUID, given: EssentialsIn
) -> Any:
    """Change title, texts, kind or category."""
    actions.edit_measure(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        title=given.title,
        description=given.description,
        justification=given.justification,
        kind=given.kind,
        category_id=given.category_id,
        reason=given.reason,
    )
    return _written(request, response, measure_id)


@router.post(
    "/measures/{uuid:measure_id}/estimates",
    response=Written,
    operation_id="add_estimate",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def add_estimate(request: HttpRequest, response: HttpResponse, measure_id: UUID, given: NewEstimate) -> Any:
    """Record a new version of the cost; the earlier ones stay. A reason is due from the second on."""
    money_actions.record_estimate(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        draft=given.draft(),
        follow_with_spending=given.follow_with_spending,
        reason=given.reason,
    )
    return _written(request, response, measure_id)


@router.put(
    "/measures/{uuid:measure_id}/spending",
    response=Written,
    operation_id="set_spending",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def set_spending(request: HttpRequest, response: HttpResponse, measure_id: UUID, given: NewSpending) -> Any:
    """Replace the yearly amounts."""
    money_actions.set_spending(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        lines=[line.draft() for line in given.lines],
        reason=given.reason,
    )
    return _written(request, response, measure_id)


@router.post(
    "/measures/{uuid:measure_id}/sites",
    response=Written,
    operation_id="add_site",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def add_site(request: HttpRequest, response: HttpResponse, measure_id: UUID, given: NewSite) -> Any:
    """Add a geometry of the measure."""
    money_actions.add_site(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        draft=given.draft(),
        reason=given.reason,
    )
    return _written(request, response, measure_id)


@router.put(
    "/measures/{uuid:measure_id}/phases",
    response=Written,
    operation_id="set_phase_dates",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def set_phase_dates(request: HttpRequest, response: HttpResponse, measure_id: UUID, given: PhasesIn) -> Any:
    """Set the dates of phases; those not sent stay."""
    actions.set_phase_dates(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        phases=[phase.draft() for phase in given.phases],
        reason=given.reason,
    )
    return _written(request, response, measure_id)


@router.post(
    "/measures/{uuid:measure_id}/planning",
    response=Written,
    operation_id="change_phase",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def change_phase(request: HttpRequest, response: HttpResponse, measure_id: UUID, given: PlanningIn) -> Any:
    """Move the planning to another phase."""
    actions.change_phase(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        to=given.phase,
        reason=given.reason,
    )
    return _written(request, response, measure_id)


@router.post(
    "/measures/{uuid:measure_id}/implementation",
    response=Written,
    operation_id="change_implementation",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def change_implementation(
    request: HttpRequest, response: HttpResponse, measure_id: UUID, given: ImplementationIn
) -> Any:
    """Say what one can see: begun, suspended, done, abandoned, replaced."""
    actions.change_implementation(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        to=given.to,
        replaced_by=given.replaced_by,
        reason=given.reason,
    )
    return _written(request, response, measure_id)


@router.put(
    "/measures/{uuid:measure_id}/publication",
    response=Written,
    operation_id="publish_measure",
    openapi_extra=IF_MATCH,
    tags=TAGS,
    auth=HOLDER,
)
def publish_measure(
    request: HttpRequest, response: HttpResponse, measure_id: UUID, given: PublicationIn
) -> Any:
    """Show the measure to everyone, or take it back."""
    actions.publish_measure(
        actor=actor_of(request),
        measure_id=measure_id,
        version=expected_version(request),
        published=given.published,
        reason=given.reason,
    )
    return _written(request, response, measure_id)
