"""`/cockpit/`: straight to the overview of the only territory, else a choice."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import (
    TerritoryView,
    territories,
    territories_of_organisations,
)
from belvedere.kernel.errors import N_, Refused


def territories_of(actor: Actor) -> list[TerritoryView]:
    """The territories in which the actor holds a role, by name."""
    if actor.is_platform:
        return territories()
    mine = frozenset(actor.territory_roles) | territories_of_organisations(list(actor.roles))
    return sorted(territories(ids=mine), key=lambda territory: territory.name.casefold())


@never_cache
@require_safe
def chooser(request: HttpRequest) -> HttpResponse:
    """Where the person works; nobody else gets further than the sign-in page."""
    actor = cast("Actor", request.actor)  # type: ignore[attr-defined]
    if actor.person_id is None:
        raise Refused(N_("Sign in to work in the cockpit."))
    mine = territories_of(actor)
    if len(mine) == 1:
        return redirect("cockpit:territory", territory=mine[0])
    return render(request, "home/cockpit.html", {"territories": mine})
