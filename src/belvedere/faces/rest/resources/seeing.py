"""Which territory an address speaks of, and what the caller sees of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from belvedere.domains.access.public import Actor, Door, note_reading
from belvedere.domains.plans.public import page, policies, views
from belvedere.domains.territory.public import (
    TerritoryView,
    territories_of_organisations,
    territory_by_id,
    territory_by_slug,
)
from belvedere.faces.rest.tokens import SAFE, actor_of, language
from belvedere.kernel.errors import N_, NotFound, Refused

#: What an address holds, the most particular first; all else tells of the territory.
RESOURCES = (
    "series",
    "things",
    "devices",
    "measures",
    "export",
    "ledger",
    "refused",
    "equipment",
    "contracts",
    "rules",
    "alarms",
    "interventions",
    "teams",
    "commands",
    "scenes",
    "savings",
    "log",
)


def enters(actor: Actor, territory: TerritoryView) -> bool:
    """Whether the caller works in the territory; everyone else sees what its portal shows."""
    if actor.person_id is None:
        return False
    here = territory.id in territories_of_organisations(list(actor.roles))
    return policies.enters_cockpit(actor, territory.id, frozenset(actor.roles) if here else frozenset())


def territory_at(request: HttpRequest, slug: str) -> TerritoryView:
    """The territory of an address; NotFound where it is not published and the caller does not work there."""
    territory = territory_by_slug(slug)
    _seen(request, territory)
    return territory


def worked_in(request: HttpRequest, slug: str) -> TerritoryView:
    """The territory of an address that tells its inner matters: Refused for who does not work there."""
    here = territory_at(request, slug)
    if not enters(actor_of(request), here):
        raise Refused(N_("This is told to the people who work in the territory."), code="may_not_view")
    return here


def territory_of(request: HttpRequest, territory_id: UUID) -> TerritoryView:
    """The territory of something that the caller may see; counts what a program reads."""
    territory = territory_by_id(territory_id)
    _seen(request, territory)
    return territory


def _seen(request: HttpRequest, territory: TerritoryView) -> None:
    """Refuse what the caller may not know of; count what a program reads."""
    actor = actor_of(request)
    if not territory.published and not enters(actor, territory):
        raise NotFound(N_("There is no territory “{slug}” here."), slug=territory.slug)
    if request.method in SAFE:
        note_reading(actor, territory.id, Door.REST, _what(request))


def _what(request: HttpRequest) -> str:
    """The resource, such as `things`, and the kinds of things where some were asked for."""
    parts = request.path.split("/")
    resource = next((known for known in RESOURCES if any(p.startswith(known) for p in parts)), "territory")
    return ",".join([resource, *sorted(request.GET.getlist("kind"))])


def measure_at(request: HttpRequest, measure_id: UUID) -> tuple[views.MeasureView, TerritoryView]:
    """The measure of an address with its territory, as far as the caller may know."""
    actor = actor_of(request)
    view = page.measure_page(actor, measure_id, language=language())
    territory = territory_by_id(view.territory_id)
    _seen(request, territory)
    return view, territory


def inside(actor: Actor, territory_id: UUID, owner_id: UUID) -> bool:
    """Whether the caller would know of a measure were it not published."""
    return policies.sees(actor, policies.Thing(territory_id, owner_id))
