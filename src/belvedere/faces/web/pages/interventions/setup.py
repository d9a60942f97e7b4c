"""Teams, checklists and maintenance that comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.automation import public as automation
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.errors import BadIntervention
from belvedere.domains.territory.public import organisations
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.automation.sentences import number
from belvedere.faces.web.pages.equipment import words as equipment_words
from belvedere.faces.web.pages.interventions.forms import (
    ChecklistForm,
    NeedForm,
    PreventiveForm,
    TeamForm,
    owners_for,
    teams_for,
)
from belvedere.faces.web.pages.live import words as live_words
from belvedere.faces.web.pages.plans.fields import amount_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import BelvedereError, Refused


def _setup(request: HttpRequest, room: Room) -> HttpResponse:
    here = room.territory.id
    led = {
        one.id: one.label
        for one in organisations(here, active_only=True)
        if interventions.may_lead(room.actor, here, one.id) is None
    }
    chosen = _organisation(request, led)
    data = request.POST if request.method == "POST" else None
    of = data.get("form") if data else ""
    forms: dict[str, Any] = {"preventive_form": PreventiveForm(room, data if of == "preventive" else None)}
    if chosen is not None:
        people = interventions.candidates(room.actor, here, chosen).items()
        forms["team_form"] = TeamForm(people, data if of == "team" else None)
        forms["checklist_form"] = ChecklistForm(data if of == "checklist" else None)
    forms["need_form"] = NeedForm(room, data if of == "need" else None)
    form = forms.get(f"{of}_form")
    if form is not None and form.is_valid():
        try:
            _save(room, str(of), form, chosen)
        except Refused:
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect(f"{request.path}?organisation={chosen or ''}")
    context = {
        "room": room,
        "led": [(key, name, key == chosen) for key, name in led.items()],
        "chosen": chosen,
        "teams": [one for one in teams_for(room) if one.organisation_id == chosen],
        "checklists": [
            (equipment_words.kind(kind) if kind else gettext("any equipment"), points)
            for owner, kind, points in interventions.checklists(room.actor, here)
            if owner == chosen
        ],
        "plans": interventions.preventive_plans(room.actor, here),
        "needs": [(one, _needed(room, one)) for one in interventions.need_plans(room.actor, here)],
        "may_plan": bool(owners_for(room)),
        **forms,
    }
    return render(request, "interventions/setup.html", context, status=422 if data else 200)


def _organisation(request: HttpRequest, led: dict[UUID, str]) -> UUID | None:
    """The organisation whose teams are looked at: the one asked for, else an own one, else the first."""
    given = request.POST.get("organisation") or request.GET.get("organisation") or ""
    for key in led:
        if str(key) == given:
            return key
    return next(iter(led), None)


def _save(room: Room, of: str, form: Any, chosen: UUID | None) -> None:
    common: dict[str, Any] = {"actor": room.actor, "territory": room.territory}
    if of == "need":
        interventions.plan_by_need(**common, draft=form.draft())
    elif of == "preventive" or chosen is None:
        interventions.plan_preventive(**common, draft=form.draft())
    elif of == "team":
        interventions.save_team(
            **common, organisation_id=chosen, name=form.cleaned_data["name"], people=form.chosen()
        )
    else:
        interventions.save_checklist(
            **common,
            organisation_id=chosen,
            equipment_kind=form.cleaned_data["equipment_kind"],
            points=form.lines(),
        )


def _needed(room: Room, one: interventions.NeedView) -> str:
    """When it comes, in words."""
    if one.rule_id is not None:
        names = {rule.id: rule.name for rule in automation.rules(room.actor, room.territory.id)}
        return gettext("while “%(rule)s” finds something wrong") % {"rule": names.get(one.rule_id, "–")}
    told = {
        "counter": live_words.term(one.thing_kind, one.counter),
        "amount": number(one.thing_kind, one.counter, one.every or 0.0),
    }
    return gettext("each time “%(counter)s” went on by %(amount)s") % told


def _stop_need(request: HttpRequest, room: Room, plan_id: UUID) -> HttpResponse:
    interventions.stop_by_need(actor=room.actor, plan_id=plan_id)
    messages.success(request, gettext("No more interventions are made of this plan."))
    return redirect("interventions:setup", room.territory)


def _stop(request: HttpRequest, room: Room, plan_id: UUID) -> HttpResponse:
    interventions.stop_preventive(actor=room.actor, plan_id=plan_id)
    messages.success(request, gettext("No more interventions are made of this plan."))
    return redirect("interventions:setup", room.territory)


def _rate(request: HttpRequest, room: Room, team_id: UUID) -> HttpResponse:
    """Say what an hour of a team costs; empty: it is not said."""
    given = request.POST.get("hourly", "").strip()
    try:
        interventions.set_rate(actor=room.actor, team_id=team_id, hourly=amount_of(given) if given else None)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    except BadIntervention as error:
        messages.warning(request, sentence(error))
    else:
        messages.success(request, gettext("Saved. Time that was noted before keeps its rate."))
    url = reverse("interventions:setup", args=[room.territory])
    return redirect(f"{url}?organisation={request.POST.get('organisation', '')}")


def _remove_team(request: HttpRequest, room: Room, team_id: UUID) -> HttpResponse:
    interventions.remove_team(actor=room.actor, team_id=team_id)
    return redirect("interventions:setup", room.territory)


setup = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_setup)))
stop = require_POST(in_cockpit(_stop))
stop_need = require_POST(in_cockpit(_stop_need))
rate = require_POST(in_cockpit(_rate))
remove_team = require_POST(in_cockpit(_remove_team))
