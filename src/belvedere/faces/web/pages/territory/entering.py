"""Who may look at the pages of a territory: its staff in the cockpit, everyone where it is published."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView, territories_of_organisations
from belvedere.kernel.errors import N_, NotFound, Refused


def actor_of(request: HttpRequest) -> Actor:
    """Who the middleware says acts."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def works_here(actor: Actor, territory: TerritoryView) -> bool:
    """Whether the actor holds any role in the territory."""
    return (
        actor.governs(territory.id)
        or actor.is_elected(territory.id)
        or territory.id in territories_of_organisations(list(actor.roles))
    )


def enter_cockpit(request: HttpRequest, territory: TerritoryView) -> Actor:
    """Note the territory for the frame; Refused for whoever has no role there."""
    actor = actor_of(request)
    if not works_here(actor, territory):
        raise Refused(
            N_(
                "The cockpit of this territory is for the people who work there. "
                "Ask its administrator for an invitation, or look at the public pages."
            ),
            code="not_of_this_territory",
        )
    request.territory = territory  # type: ignore[attr-defined]
    return actor


def enter_portal(request: HttpRequest, territory: TerritoryView) -> None:
    """Note the territory for the frame; NotFound where it is not published and the reader is not of it."""
    if not territory.published and not works_here(actor_of(request), territory):
        raise NotFound(N_("There is no territory “{slug}” here."), slug=territory.slug)
    request.territory = territory  # type: ignore[attr-defined]
