"""The page that adds a measure."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from belvedere.domains.plans.public import actions, policies
from belvedere.domains.territory.public import organisations, organisations_by_id
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.new_form import NewMeasureForm
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused


def owners(room: Room) -> list[tuple[str, str]]:
    """The organisations for which the actor may add measures, by name."""
    here = room.territory.id
    if room.actor.governs(here):
        return [(str(found.id), found.name) for found in organisations(here, active_only=True)]
    own = organisations_by_id(room.actor.roles)
    able = [
        found
        for found in own.values()
        if found.territory_id == here
        and policies.may(room.actor, "create", policies.Thing(here, found.id)) is None
    ]
    return sorted(((str(found.id), found.name) for found in able), key=lambda pair: pair[1].casefold())


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    known = owners(room)
    if not known:
        raise Refused(
            N_(
                "You may not add measures here. "
                "Ask a manager of your organisation for the role of contributor."
            ),
            code="may_not_create",
        )
    form = NewMeasureForm(room, known, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_measure(
                actor=room.actor, territory_id=room.territory.id, draft=form.draft()
            )
        except (InvalidInput, Conflict) as error:
            field = error.data.get("field", "")
            form.add_error(field if field in form.fields else None, sentence(error))
        else:
            messages.success(request, gettext("The measure is created. Complete it below."))
            return redirect(f"{room.measure_url(made)}#todo")
    status = 422 if form.is_bound else 200
    return render(request, "plans/new.html", {"room": room, "form": form}, status=status)


new = in_cockpit(_new)
