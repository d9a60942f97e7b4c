"""One intervention: facts, timeline, proof, cost, and what the office does with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.automation import public as automation
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.errors import NoSuchIntervention
from belvedere.domains.interventions.public import Act, InterventionView, State
from belvedere.domains.scenes import public as scenes
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.interventions import words
from belvedere.faces.web.pages.interventions.forms import InterventionForm
from belvedere.faces.web.pages.live import around
from belvedere.faces.web.pages.live import thing as things
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused

SANDBOX = "default-src 'none'; sandbox"


def here(room: Room, intervention_id: UUID) -> InterventionView:
    view = interventions.intervention(room.actor, intervention_id)
    if view.territory_id != room.territory.id:
        raise NoSuchIntervention(N_("There is no such intervention, or it is not for you to see."))
    return view


def context_of(room: Room, view: InterventionView, problem: str = "") -> dict[str, Any]:
    row = view.row
    names = {key: one.label for key, one in organisations_by_id({row.owner_id}).items()}
    known = equipment.known([row.equipment_id]).get(row.equipment_id) if row.equipment_id else None
    dues = (
        (gettext("To acknowledge"), view.due_acknowledge, view.accepted_at),
        (gettext("To arrive"), view.due_arrive, view.arrived_at),
        (gettext("To repair"), view.due_repair, view.finished_at),
    )
    able = view.may_plan
    return {
        "groups": around.around_intervention(room, view),
        "thing": things.seen(room, view.entity_id),
        "room": room,
        "view": view,
        "row": row,
        "problem": problem,
        "state": words.state(row.state),
        "urgency": words.urgency(row.priority),
        "kind": words.kind(row.kind),
        "owner": names.get(row.owner_id, ""),
        "equipment": known,
        "dues": [
            {"label": label, "due": due, "done": done, "late": done is not None and done > due}
            for label, due, done in dues
            if due is not None
        ],
        "steps": [(one, words.act(one.act), one.known_at != one.at) for one in reversed(view.steps)],
        "held": [(one, words.act(one.act), words.why(one.why, dict(one.why_data))) for one in view.held],
        "done_points": sum(one.done_at is not None for one in view.points),
        "saving_url": _saving_url(room, view),
        "may_change": able and interventions.can(Act.CHANGE, row.state),
        "may_dispatch": able and interventions.can(Act.DISPATCH, row.state),
        "may_verify": able and interventions.can(Act.VERIFY, row.state),
        "may_cancel": able and interventions.can(Act.CANCEL, row.state),
    }


def _saving_url(room: Room, view: InterventionView) -> str:
    """Where what it saved is entered, once it is done, for who may; else nothing."""
    if view.row.state not in (State.DONE, State.VERIFIED):
        return ""
    if scenes.may(room.actor, "write", room.territory.id, view.row.owner_id) is not None:
        return ""
    return f"{reverse('scenes:new_entry', args=[room.territory])}?intervention={view.row.id}"


def _one(request: HttpRequest, room: Room, intervention_id: UUID) -> HttpResponse:
    return render(request, "interventions/one.html", context_of(room, here(room, intervention_id)))


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    alarm = _alarm(request, room)
    start: dict[str, Any] = {"kind": "corrective", "priority": "3"}
    if alarm is not None:
        start |= {"priority": str(int(alarm.severity)), "what": alarm.rule_name}
        known = equipment.by_thing([alarm.entity_id]).get(alarm.entity_id)
        start |= {"equipment": known.number} if known else {}
    elif request.GET.get("equipment"):
        start["equipment"] = request.GET["equipment"][:60]
    form = InterventionForm(room, None, request.POST or None, **start)
    if request.method == "POST" and form.is_valid():
        try:
            draft = form.draft(alarm.id if alarm else None)
            made = interventions.plan(actor=room.actor, territory=room.territory, draft=draft)
        except Refused:
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The intervention is planned."))
            return redirect("interventions:intervention", room.territory, made)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "interventions/form.html", {"room": room, "form": form, "alarm": alarm}, status=status
    )


def _alarm(request: HttpRequest, room: Room) -> automation.AlarmView | None:
    given = request.GET.get("alarm", "")
    if not (given.isascii() and given.isdigit() and len(given) < 18):
        return None
    return automation.alarm(room.actor, int(given)).alarm


def _change(request: HttpRequest, room: Room, intervention_id: UUID) -> HttpResponse:
    view = here(room, intervention_id)
    if not view.may_plan:
        raise Refused(
            N_("Only contributors and managers of the organisation that owns the equipment may do this.")
        )
    form = InterventionForm(room, view, request.POST or None)
    seen = request.POST.get("version", "")
    if request.method == "POST" and form.is_valid():
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None
        try:
            interventions.change(
                actor=room.actor, intervention_id=intervention_id, facts=form.facts(), version=version
            )
        except Refused:
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("interventions:intervention", room.territory, intervention_id)
    context = {"room": room, "form": form, "view": view, "version": seen or view.row.version}
    return render(
        request, "interventions/form.html", context, status=422 if request.method == "POST" else 200
    )


def _act(request: HttpRequest, room: Room, intervention_id: UUID) -> HttpResponse:
    """What the office does: the button names it."""
    here(room, intervention_id)
    said = request.POST.get("note", "").strip()[:5000]
    which: dict[str, Any] = {"actor": room.actor, "intervention_id": intervention_id}
    try:
        match request.POST.get("act"):
            case Act.DISPATCH:
                interventions.dispatch(**which, note=said)
            case Act.VERIFY:
                interventions.verify(**which, note=said)
            case Act.SEND_BACK:
                interventions.send_back(**which, why=said)
            case Act.CANCEL:
                interventions.cancel(**which, why=said)
            case _:
                raise NotFound(N_("There is no such act."))
    except (Refused, NotFound):
        raise
    except BelvedereError as error:
        context = context_of(room, here(room, intervention_id), sentence(error))
        return render(request, "interventions/one.html", context, status=error.status)
    return redirect("interventions:intervention", room.territory, intervention_id)


def _settle(request: HttpRequest, room: Room, intervention_id: UUID, act_id: UUID) -> HttpResponse:
    here(room, intervention_id)
    interventions.settle(actor=room.actor, act_id=act_id)
    return redirect("interventions:intervention", room.territory, intervention_id)


def _picture(content: bytes, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


def _photo(request: HttpRequest, room: Room, intervention_id: UUID, photo_id: UUID) -> HttpResponse:
    here(room, intervention_id)
    return _picture(*interventions.photo(room.actor, intervention_id, photo_id))


def _signature(request: HttpRequest, room: Room, intervention_id: UUID) -> HttpResponse:
    here(room, intervention_id)
    return _picture(interventions.signature_image(room.actor, intervention_id), "image/png")


def _held(request: HttpRequest, room: Room, intervention_id: UUID, act_id: UUID) -> HttpResponse:
    """What could not be taken is handed out as a file: nobody has looked into it."""
    here(room, intervention_id)
    content = interventions.held_picture(room.actor, intervention_id, act_id)
    answer = _picture(content, "application/octet-stream")
    answer["Content-Disposition"] = 'attachment; filename="photo.jpg"'
    return answer


intervention = never_cache(require_GET(in_cockpit(_one)))
new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
change = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_change)))
act = never_cache(require_POST(in_cockpit(_act)))
settle = require_POST(in_cockpit(_settle))
photo = require_GET(in_cockpit(_photo))
signature = require_GET(in_cockpit(_signature))
held = require_GET(in_cockpit(_held))
