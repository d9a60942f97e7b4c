"""Crises that run, plans, crises that are over; plans written, changed, read, removed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.errors import ChangedMeanwhile
from belvedere.domains.crisis.public import ORDER, Phase, PlanDraft, PlanView, Row
from belvedere.domains.territory.public import organisation, organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.pages.crisis import plan_forms, words
from belvedere.faces.web.pages.crisis.plan_forms import Typed
from belvedere.faces.web.pages.crisis.rooms import declares_for, require_reading, writes_for
from belvedere.faces.web.pages.duty.owners import staff
from belvedere.faces.web.pages.live.words import span
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, InvalidInput, Refused
from belvedere.kernel.paging import Window
from belvedere.kernel.texts import text_in

SIZE = 40
NOBODY = N_("Only managers and administrators of the organisation write its crisis plans.")


def _listed(request: HttpRequest, room: Room) -> HttpResponse:
    require_reading(room)
    running = crises.running(room.actor, room.territory.id)
    start = request.GET.get("start", "")
    begin = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 0
    over = crises.ended(room.actor, room.territory.id, Window(begin, SIZE))
    plans = crises.plans(room.actor, room.territory.id)
    rows = [*running, *over.rows]
    owners = organisations_by_id({one.owner_id for one in rows} | {one.owner_id for one in plans})
    names = {key: one.label for key, one in owners.items()}
    context = {
        "room": room,
        "finding": _finding(running),
        "running": [_shown(one, names) for one in running],
        "over": [_shown(one, names) for one in over.rows],
        "next_url": f"?start={over.next_start}" if over.next_start else "",
        "plans": [(one, names.get(one.owner_id, ""), _kinds(one)) for one in plans],
        "may_declare": bool(declares_for(room)) or any(one.may_declare for one in plans),
        "may_write": bool(writes_for(room)),
    }
    return render(request, "crisis/list.html", context)


def _finding(running: list[Row]) -> str:
    real = sum(not one.is_exercise for one in running)
    drills = len(running) - real
    if real:
        title = ngettext("%(n)s crisis runs", "%(n)s crises run", real) % {"n": formats.number(real)}
    else:
        title = gettext("No crisis runs")
    if not drills:
        return title
    more = ngettext("%(n)s exercise runs", "%(n)s exercises run", drills) % {"n": formats.number(drills)}
    return f"{title}, {more}"


def _shown(one: Row, names: dict[UUID, str]) -> dict[str, object]:
    return {
        "view": one,
        "owner": names.get(one.owner_id, ""),
        "phase": words.phase(one.phase),
        "kind": words.kind(one.kind),
    }


def _kinds(view: PlanView) -> str:
    return ", ".join(words.kind(one) for one in view.kinds)


def _plan(request: HttpRequest, room: Room, plan_id: UUID) -> HttpResponse:
    view = crises.plan(room.actor, room.territory.id, plan_id)
    roles = {one.key: one.name for one in view.body.roles}
    cards = [(words.phase(one), _cards(view, one, roles)) for one in ORDER]
    context = {
        "room": room,
        "view": view,
        "owner": organisation(view.owner_id).label,
        "kinds": _kinds(view),
        "finding": _summed(view),
        "roles": [
            (one, [view.names.get(person) or gettext("somebody who left") for person in one.people])
            for one in view.body.roles
        ],
        "phases": [(sign, some) for sign, some in cards if some],
    }
    return render(request, "crisis/plan.html", context)


def _summed(view: PlanView) -> str:
    roles, cards = len(view.body.roles), len(view.body.cards)
    vacant = sum(not one.people for one in view.body.roles)
    told = [
        ngettext("%(n)s role", "%(n)s roles", roles) % {"n": formats.number(roles)},
        ngettext("%(n)s task card", "%(n)s task cards", cards) % {"n": formats.number(cards)},
    ]
    if vacant:
        told.append(
            ngettext("%(n)s role without anybody", "%(n)s roles without anybody", vacant) % {"n": vacant}
        )
    return gettext("%(plan)s: %(what)s") % {"plan": view.name, "what": ", ".join(told)}


def _cards(view: PlanView, phase: Phase, roles: dict[str, str]) -> list[tuple[object, str, str]]:
    """The cards of a phase: each with its role, and the time that it has."""
    return [
        (one, roles[one.role], "" if one.due_min is None else span(60 * one.due_min))
        for one in view.body.cards
        if one.phase is phase
    ]


def _choose(request: HttpRequest, room: Room) -> HttpResponse:
    """For which organisation a plan is written, and from what."""
    owners = writes_for(room)
    if not owners:
        raise Refused(NOBODY)
    found = [
        (one, text_in(one.names, room.language), text_in(one.about, room.language))
        for one in crises.examples().values()
    ]
    return render(request, "crisis/choose.html", {"room": room, "owners": owners, "examples": found})


def _new(request: HttpRequest, room: Room, owner_id: UUID) -> HttpResponse:
    _require_writing(room, owner_id)
    slug = request.GET.get("example", "")
    draft = crises.example(slug).draft(room.language) if slug else None
    return _edit(request, room, owner_id, None, draft)


def _change(request: HttpRequest, room: Room, plan_id: UUID) -> HttpResponse:
    view = crises.plan(room.actor, room.territory.id, plan_id)
    _require_writing(room, view.owner_id)
    draft = PlanDraft(view.name, view.kinds, view.body, view.conditions, view.resources)
    return _edit(request, room, view.owner_id, view, draft)


def _require_writing(room: Room, owner_id: UUID) -> None:
    reason = crises.may_write_plan(room.actor, room.territory.id, owner_id)
    if reason is not None:
        raise Refused(reason)


def _edit(
    request: HttpRequest, room: Room, owner_id: UUID, view: PlanView | None, draft: PlanDraft | None
) -> HttpResponse:
    """Buttons that only change the form send it too; nothing is saved then."""
    people = staff(owner_id)
    if view is not None:
        gone = {key: gettext("somebody who left") for key in view.body.everybody() - set(people)}
        people |= {key: view.names.get(key, name) for key, name in gone.items()}
    if request.method == "GET":
        typed = plan_forms.begun(people, draft, view.version if view else None)
        return _form(request, room, owner_id, view, typed)
    if "save" not in request.POST:
        return _form(request, room, owner_id, view, plan_forms.reshaped(people, request.POST))
    typed = plan_forms.read(people, request.POST)
    if not typed.is_valid():
        return _form(request, room, owner_id, view, typed, 422)
    try:
        made = crises.save_plan(
            actor=room.actor,
            territory=room.territory,
            owner_id=owner_id,
            draft=typed.draft(),
            plan_id=view.id if view else None,
            expected=typed.version,
        )
    except ChangedMeanwhile as error:
        assert view is not None
        typed.blame(error)
        # Whoever reads how it stands now, and saves again, means to replace it.
        return _form(
            request, room, owner_id, view, replace(typed, version=view.version), error.status, changed=True
        )
    except InvalidInput as error:
        typed.blame(error)
        return _form(request, room, owner_id, view, typed, error.status)
    messages.success(request, gettext("The plan is saved. Crises that run go on as they began."))
    return redirect("crisis:plan", room.territory, made)


def _form(
    request: HttpRequest,
    room: Room,
    owner_id: UUID,
    view: PlanView | None,
    typed: Typed,
    status: int = 200,
    *,
    changed: bool = False,
) -> HttpResponse:
    slug = request.GET.get("example", "")
    context = {
        "room": room,
        "here": request.get_full_path(),
        "view": view,
        "owner": organisation(owner_id).label,
        "typed": typed,
        "changed": changed,
        "example": crises.example(slug) if slug and view is None else None,
    }
    return render(request, "crisis/plan_form.html", context, status=status)


def _remove(request: HttpRequest, room: Room, plan_id: UUID) -> HttpResponse:
    crises.remove_plan(actor=room.actor, territory=room.territory, plan_id=plan_id)
    messages.success(request, gettext("The plan is removed."))
    return redirect("crisis:list", room.territory)


listed = never_cache(require_GET(in_cockpit(_listed)))
plan = never_cache(require_GET(in_cockpit(_plan)))
choose = never_cache(require_GET(in_cockpit(_choose)))
new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
change = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_change)))
remove = require_POST(in_cockpit(_remove))
