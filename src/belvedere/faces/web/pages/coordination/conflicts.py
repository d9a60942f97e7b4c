"""Conflicts of works: the list with its map, one pair with its verdict, and how near is near."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from belvedere.domains.coordination import errors
from belvedere.domains.coordination.public import (
    Conflict,
    State,
    conflict,
    conflicts,
    give_verdict,
    may_decide,
    may_set_rule,
    rule_of,
    set_rule,
    withdraw_verdict,
)
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.coordination import showing, words
from belvedere.faces.web.pages.coordination.forms import RuleForm, VerdictForm
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, InvalidInput

ROWS = 20


def _list(request: HttpRequest, room: Room) -> HttpResponse:
    return _show(request, room, RuleForm.of(rule_of(room.territory.id)))


def _show(request: HttpRequest, room: Room, rule_form: RuleForm, status: int = 200) -> HttpResponse:
    day = today(room.territory.zone)
    every = conflicts(room.actor, room.territory.id, day=day)
    mine = _mine(room)
    which = showing.asked(request.GET.dict(), mine=bool(mine))
    shown = [one for one in every if which.keeps(one, mine)]
    names = showing.named(every, room)
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {
        "room": room,
        "finding": showing.finding(shown, names, which, day),
        "lines": [showing.line(one, names, room, day) for one in page],
        "page": page,
        "whole": len(every),
        "which": which,
        "mine": bool(mine),
        "owners": showing.options(every, names),
        "kinds": words.KINDS.items(),
        "states": words.STATES.items(),
        "measure_title": names.titles.get(which.measure, "") if which.measure else "",
        "points": showing.points(list(page), names),
        "map": map_context(room),
        "rule": rule_of(room.territory.id),
        "rule_form": rule_form if may_set_rule(room.actor, room.territory.id) is None else None,
        "url": reverse("coordination:conflicts", kwargs={"territory": room.territory}),
    }
    return render(request, "coordination/conflicts.html", context, status=status)


def _mine(room: Room) -> list[UUID]:
    """The organisations whose conflicts come first; none for who looks at the whole territory."""
    if room.actor.governs(room.territory.id) or room.actor.is_elected(room.territory.id):
        return []
    return list(room.actor.sees)


def _one(room: Room, one: UUID, other: UUID) -> Conflict:
    found = conflict(room.actor, room.territory.id, (one, other), day=today(room.territory.zone))
    if found is None:
        raise errors.NoConflict(N_("These two works do not meet, or no longer. Look at the list again."))
    return found


def _pair(request: HttpRequest, room: Room, one: UUID, other: UUID) -> HttpResponse:
    found = _one(room, one, other)
    names = showing.named([found], room)
    owners = [(str(pk), names.owners.get(pk, "")) for pk in found.owners]
    if request.method == "POST":
        return _posted(request, room, found, VerdictForm(request.POST, owners=owners))
    said = found.verdict
    start = {} if said is None else {"state": said.state.value, "note": said.note, "leader": said.leader_id}
    return _shown(request, room, found, VerdictForm(initial=start, owners=owners))


def _posted(request: HttpRequest, room: Room, found: Conflict, form: VerdictForm) -> HttpResponse:
    common: dict[str, Any] = {
        "actor": room.actor,
        "territory_id": room.territory.id,
        "pair": found.pair,
    }
    if request.POST.get("act") == "withdraw":
        withdraw_verdict(**common)
        messages.success(request, gettext("The pair is open again."))
        return redirect(showing.pair_url(room, found))
    if form.is_valid():
        leader = form.cleaned_data["leader"]
        try:
            give_verdict(
                **common,
                state=form.verdict,
                note=form.cleaned_data["note"],
                leader_id=UUID(leader) if leader else None,
            )
        except InvalidInput as error:
            field = error.data.get("field", "")
            form.add_error(field if field in form.fields else None, sentence(error))
        else:
            messages.success(request, gettext("What comes of it is saved; both measures tell it."))
            return redirect(showing.pair_url(room, found))
    return _shown(request, room, found, form, 422)


def _shown(
    request: HttpRequest, room: Room, found: Conflict, form: VerdictForm, status: int = 200
) -> HttpResponse:
    names = showing.named([found], room)
    sites, letters = showing.pair_map(found, names)
    able = may_decide(room.actor, (found.first, found.second)) is None
    context = {
        "room": room,
        "line": showing.line(found, names, room, today(room.territory.zone)),
        "form": form if able else None,
        "decided": found.verdict is not None,
        "coordinated": found.verdict is not None and found.verdict.state is State.COORDINATED,
        "sites": sites,
        "letters": letters,
        "map": map_context(room),
        "list_url": reverse("coordination:conflicts", kwargs={"territory": room.territory}),
    }
    return render(request, "coordination/pair.html", context, status=status)


def _rule(request: HttpRequest, room: Room) -> HttpResponse:
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _show(request, room, form, 422)
    if set_rule(actor=room.actor, territory_id=room.territory.id, rule=form.rule):
        messages.success(request, gettext("From now on these distances and years count."))
    return redirect("coordination:conflicts", territory=room.territory)


list_page = require_safe(in_cockpit(_list))
pair_page = require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_pair))
rule = require_POST(in_cockpit(_rule))
