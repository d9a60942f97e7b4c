"""The two rooms that show measures: the cockpit of the staff, the public portal.

A `Room` says who looks, in which language, and how addresses are made; the views and templates are the
same in both. In the portal a person who is signed in sees what everyone sees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import policies
from belvedere.domains.territory.public import TerritoryView, territories_of_organisations
from belvedere.kernel.errors import N_, NotFound, Refused

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Room:
    """Who looks at which territory, and from where."""

    territory: TerritoryView
    actor: Actor
    language: str
    is_cockpit: bool

    @property
    def base(self) -> str:
        """The template that frames the page."""
        return "cockpit.html" if self.is_cockpit else "portal.html"

    @property
    def audience(self) -> str:
        """A mark of what the actor may see, the same for all who see the same; for caches."""
        if not self.is_cockpit:
            return "public"
        if self.actor.governs(self.territory.id) or self.actor.is_elected(self.territory.id):
            return "all"
        return ",".join(sorted(str(organisation) for organisation in self.actor.sees))

    def url(self, name: str, **kwargs: Any) -> str:
        """The address called `name` in this room."""
        space = "plans" if self.is_cockpit else "portal_plans"
        return reverse(f"{space}:{name}", kwargs={"territory": self.territory, **kwargs})

    @property
    def measures_url(self) -> str:
        return self.url("measures")

    def measure_url(self, measure_id: UUID) -> str:
        return self.url("measure", measure_id=measure_id)


def _language() -> str:
    return (get_language() or "fr")[:2]


def _cockpit_room(request: HttpRequest, territory: TerritoryView) -> Room:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here = territory.id in territories_of_organisations(list(actor.roles))
    mine = frozenset(actor.roles) if here else frozenset()
    if not policies.enters_cockpit(actor, territory.id, mine):
        raise Refused(
            N_(
                "The cockpit of this territory is for the people who work there. "
                "Ask its administrator for an invitation, or look at the public pages."
            ),
            code="not_of_this_territory",
        )
    return Room(territory, actor, _language(), is_cockpit=True)


def _portal_room(request: HttpRequest, territory: TerritoryView) -> Room:
    if not territory.published:
        raise NotFound(N_("There is no territory “{slug}” here."), slug=territory.slug)
    language = _language()
    sender: str = getattr(request, "request_id", "")
    return Room(territory, Actor.public(language, sender), language, is_cockpit=False)


RoomView = Callable[Concatenate[HttpRequest, Room, P], HttpResponseBase]
TerritoryPage = Callable[..., Any]  # Django gives the territory by name, and takes any kind of answer


def in_cockpit(view: RoomView[P]) -> TerritoryPage:
    """`view` for the staff of the territory: the room in place of the territory of the address."""

    def page(
        request: HttpRequest, territory: TerritoryView, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        request.territory = territory  # type: ignore[attr-defined]
        return view(request, _cockpit_room(request, territory), *args, **kwargs)

    update_wrapper(page, view)
    return page


def in_portal(view: RoomView[P]) -> TerritoryPage:
    """`view` for everyone, with what is published only."""

    def page(
        request: HttpRequest, territory: TerritoryView, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        request.territory = territory  # type: ignore[attr-defined]
        return view(request, _portal_room(request, territory), *args, **kwargs)

    update_wrapper(page, view)
    return page
