"""Changing measures: each operation is a verb of plans, with the version the caller read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict, get_type_hints
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Status

from belvedere.domains.access.public import Actor
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


class Common(TypedDict):
    """What every change of a measure takes."""

    actor: Actor
    measure_id: UUID
    version: int | None
    reason: str


def change(method: str, path: str) -> Callable[[Callable[[Common, Any], None]], Callable[..., Any]]:
    """Make a change of a measure an operation: it asks for the version read and answers with the new one."""

    def register(verb: Callable[[Common, Any], None]) -> Callable[..., Any]:
        def operation(request: HttpRequest, response: HttpResponse, measure_id: UUID, given: Any) -> Any:
            version = expected_version(request)
            verb(
                Common(actor=actor_of(request), measure_id=measure_id, version=version, reason=given.reason),
                given,
            )
            return _written(request, response, measure_id)

        operation.__name__, operation.__doc__ = verb.__name__, verb.__doc__
        operation.__annotations__ = {
            "request": HttpRequest,
            "response": HttpResponse,
            "measure_id": UUID,
            "given": get_type_hints(verb)["given"],
        }
        route = router.api_operation(
            [method],
            f"/measures/{{uuid:measure_id}}{path}",
            response=Written,
            operation_id=verb.__name__,
            openapi_extra=IF_MATCH,
            tags=TAGS,
            auth=HOLDER,
        )
        return route(operation)

    return register


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


@change("PATCH", "")
def change_essentials(common: Common, given: EssentialsIn) -> None:
    """Change title, texts, kind or category."""
    actions.edit_measure(
        **common,
        title=given.title,
        description=given.description,
        justification=given.justification,
        kind=given.kind,
        category_id=given.category_id,
    )


@change("POST", "/estimates")
def add_estimate(common: Common, given: NewEstimate) -> None:
    """Record a new version of the cost; the earlier ones stay. A reason is due from the second on."""
    money_actions.record_estimate(
        **common, draft=given.draft(), follow_with_spending=given.follow_with_spending
    )


@change("PUT", "/spending")
def set_spending(common: Common, given: NewSpending) -> None:
    """Replace the yearly amounts."""
    money_actions.set_spending(**common, lines=[line.draft() for line in given.lines])


@change("POST", "/sites")
def add_site(common: Common, given: NewSite) -> None:
    """Add a geometry of the measure."""
    money_actions.add_site(**common, draft=given.draft())


@change("PUT", "/phases")
def set_phase_dates(common: Common, given: PhasesIn) -> None:
    """Set the dates of phases; those not sent stay."""
    actions.set_phase_dates(**common, phases=[phase.draft() for phase in given.phases])


@change("POST", "/planning")
def change_phase(common: Common, given: PlanningIn) -> None:
    """Move the planning to another phase."""
    actions.change_phase(**common, to=given.phase)


@change("POST", "/implementation")
def change_implementation(common: Common, given: ImplementationIn) -> None:
    """Say what one can see: begun, suspended, done, abandoned, replaced."""
    actions.change_implementation(**common, to=given.to, replaced_by=given.replaced_by)


@change("PUT", "/publication")
def publish_measure(common: Common, given: PublicationIn) -> None:
    """Show the measure to everyone, or take it back."""
    actions.publish_measure(**common, published=given.published)
