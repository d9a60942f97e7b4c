"""What the pages of crisis mode share: for whom the reader writes and declares, who works there, what is done
with a press of a button."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.errors import BadCrisis, WrongState
from belvedere.domains.crisis.public import CrisisView
from belvedere.domains.territory.public import organisations, organisations_by_id, owners_among
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_, Refused

NOT_YOURS = N_("Only people of the public bodies of the territory see its crises.")


def require_reading(room: Room) -> None:
    """Refused for companies, associations and whoever has no public body here."""
    if not crises.follows_all(room.actor, room.territory.id):
        raise Refused(NOT_YOURS, code="may_not_see")


def able(room: Room, may: Callable[[UUID], str | None]) -> list[tuple[UUID, str]]:
    """The organisations for which `may` gives no reason against, by name."""
    here, actor = room.territory.id, room.actor
    if actor.governs(here):
        found = {one.id: one.label for one in organisations(here, active_only=True)}
    else:
        keys = [key for key in actor.roles if may(key) is None]
        mine = organisations_by_id(owners_among(here, keys)) if keys else {}
        found = {key: one.label for key, one in mine.items()}
    return sorted(found.items(), key=lambda pair: pair[1].casefold())


def writes_for(room: Room) -> list[tuple[UUID, str]]:
    return able(room, lambda key: crises.may_write_plan(room.actor, room.territory.id, key))


def declares_for(room: Room) -> list[tuple[UUID, str]]:
    return able(room, lambda key: crises.may_declare(room.actor, room.territory.id, key))


def seen(room: Room, crisis_id: UUID) -> CrisisView:
    return crises.crisis(room.actor, room.territory.id, crisis_id)


def back_to(request: HttpRequest, room: Room, crisis_id: UUID) -> str:
    """Where a press of a button leads: where it was pressed, else the page of the crisis."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("crisis:crisis", args=[room.territory, crisis_id])


def pressed(
    request: HttpRequest, room: Room, crisis_id: UUID, done: str, verb: Callable[[], None]
) -> HttpResponse:
    """Do it and go back; where somebody was quicker, say so there."""
    try:
        verb()
    except (BadCrisis, WrongState) as error:
        messages.error(request, sentence(error))
    else:
        if done:
            messages.success(request, done)
    return redirect(back_to(request, room, crisis_id))
