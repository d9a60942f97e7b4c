"""Plans of climbing: written, changed, read back as sentences, removed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.duty import public as duty
from belvedere.domains.duty.errors import ChangedMeanwhile
from belvedere.domains.duty.public import PlanView
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import organisations_by_id
from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.duty import plan_forms, plan_words
from belvedere.faces.web.pages.duty.owners import owners_for, require_writing, staff
from belvedere.faces.web.pages.duty.plan_forms import Offered, Typed
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, InvalidInput, Refused

NOBODY = N_("Only managers and administrators of the organisation write its rosters and plans.")


def _choose(request: HttpRequest, room: Room, what: str) -> HttpResponse:
    """For which organisation a roster or a plan is written, where there are several."""
    owners = owners_for(room)
    if not owners:
        raise Refused(NOBODY)
    name = {"rosters": "duty:new", "plans": "duty:new_plan"}[what]
    if len(owners) == 1:
        return redirect(name, room.territory, owners[0][0])
    context = {"room": room, "owners": owners, "address": name, "is_plan": what == "plans"}
    return render(request, "duty/choose.html", context)


def _new(request: HttpRequest, room: Room, owner_id: UUID) -> HttpResponse:
    require_writing(room, owner_id)
    return _edit(request, room, owner_id, None)


def _change(request: HttpRequest, room: Room, plan_id: UUID) -> HttpResponse:
    view = duty.plan(room.actor, room.territory.id, plan_id)
    require_writing(room, view.owner_id)
    return _edit(request, room, view.owner_id, view)


def _edit(request: HttpRequest, room: Room, owner_id: UUID, view: PlanView | None) -> HttpResponse:
    """Buttons that only change the form, or read it back, send it too; nothing is saved then."""
    offered = _offered(room, owner_id, view)
    if request.method == "GET":
        return _form(request, room, owner_id, view, plan_forms.begun(offered, view), offered)
    if {"more", "drop"} & set(request.POST):
        typed = plan_forms.reshaped(offered, view, request.POST)
        return _form(request, room, owner_id, view, typed, offered)
    typed = plan_forms.read(offered, view, request.POST)
    is_valid = typed.is_valid()
    if request.POST.get("act") == "preview":
        return render(request, "duty/plan_said.html", {"said": _said(typed, offered) if is_valid else None})
    if not is_valid or "save" not in request.POST:
        return _form(request, room, owner_id, view, typed, offered, 200 if is_valid else 422)
    try:
        duty.save_plan(
            actor=room.actor,
            territory=room.territory,
            owner_id=owner_id,
            name=typed.plan.cleaned_data["name"],
            severities=typed.plan.cleaned_data["severities"],
            kinds=typed.plan.cleaned_data["kinds"],
            body=typed.body(),
            plan_id=view.id if view else None,
            expected=typed.version,
        )
    except ChangedMeanwhile as error:
        assert view is not None
        typed.plan.show(error)
        # Whoever reads how it stands now, and saves again, means to replace it.
        typed = replace(typed, version=view.version)
        return _form(request, room, owner_id, view, typed, offered, error.status, changed=True)
    except InvalidInput as error:
        typed.plan.show(error)
        return _form(request, room, owner_id, view, typed, offered, error.status)
    messages.success(request, gettext("The plan is saved. Alarms that climb already go on as they began."))
    return redirect("duty:board", room.territory)


def _form(
    request: HttpRequest,
    room: Room,
    owner_id: UUID,
    view: PlanView | None,
    typed: Typed,
    offered: Offered,
    status: int = 200,
    *,
    changed: bool = False,
) -> HttpResponse:
    owner = organisations_by_id([owner_id]).get(owner_id)
    context = {
        "room": room,
        "here": request.path,
        "view": view,
        "owner": owner.label if owner else "",
        "typed": typed,
        "said": _said(typed, offered) if typed.plan.is_bound else _saved(view, offered),
        "now_said": _saved(view, offered) if changed else None,
    }
    return render(request, "duty/plan_form.html", context, status=status)


def _saved(view: PlanView | None, offered: Offered) -> plan_words.Said | None:
    if view is None:
        return None
    return plan_words.said(view.severities, view.kinds, view.body, offered.names)


def _said(typed: Typed, offered: Offered) -> plan_words.Said | None:
    """The plan so far; None while something is missing."""
    if not typed.is_valid():
        return None
    try:
        body = duty.checked_plan(typed.body())
    except InvalidInput:
        return None
    given = typed.plan.cleaned_data
    return plan_words.said(given["severities"], given["kinds"], body, offered.names)


def _offered(room: Room, owner_id: UUID, view: PlanView | None) -> Offered:
    seen = twin.tallies(room.actor, room.territory.id).kinds
    kinds = {one for one in (*seen, *(view.kinds if view else ())) if one}
    named = sorted(((one, live.kinds(one)) for one in kinds), key=lambda pair: pair[1].casefold())
    rooms = reach.rooms(room.territory.id, owner_id)
    return Offered(plan_words.rosters_of(room, owner_id), staff(owner_id), dict(named), rooms)


def _remove(request: HttpRequest, room: Room, plan_id: UUID) -> HttpResponse:
    duty.remove_plan(actor=room.actor, territory=room.territory, plan_id=plan_id)
    messages.success(request, gettext("The plan is removed."))
    return redirect("duty:board", room.territory)


choose = never_cache(require_GET(in_cockpit(_choose)))
new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
change = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_change)))
remove = require_POST(in_cockpit(_remove))
