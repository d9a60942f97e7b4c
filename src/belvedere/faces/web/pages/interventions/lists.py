"""The interventions of a territory: what waits, for whom, by when."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import KIND_NAMES, OPEN, STATE_NAMES, Kind, State, Tallies, Wanted
from belvedere.faces.web import formats
from belvedere.faces.web.pages.interventions import words
from belvedere.faces.web.pages.interventions.forms import owners_for, teams_for
from belvedere.faces.web.pages.live.menus import Menu, Option, chosen_ids
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.paging import Window
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

SIZE = 60


def _list(request: HttpRequest, room: Room) -> HttpResponse:
    query = request.GET
    states = tuple(one for one in State if one.value in query.getlist("state"))
    kinds = tuple(one for one in Kind if one.value in query.getlist("kind"))
    urgent = tuple(one for one in Severity if str(one.value) in query.getlist("urgency"))
    given = query.get("start", "")
    start = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    wanted = Wanted(
        text=query.get("q", "").strip()[:200],
        states=states,
        kinds=kinds,
        priorities=urgent,
        teams=chosen_ids(query, "team"),
        late=query.get("late") == "1",
    )
    found = interventions.listed(room.actor, room.territory.id, wanted, Window(start, SIZE))
    tallies = interventions.tallies(room.actor, room.territory.id)
    pairs = [(name, value) for name in query for value in query.getlist(name) if name != "start"]
    able = bool(owners_for(room))
    context = {
        "room": room,
        "finding": _finding(tallies),
        "whole": tallies.total,
        "total": found.total,
        "asked": wanted,
        "filtered": bool(pairs),
        "menus": _menus(room, wanted, tallies),
        "rows": [_row(room, one) for one in found.rows],
        "next_url": "?" + urlencode([*pairs, ("start", str(found.next_start))]) if found.next_start else "",
        "first_url": "?" + urlencode(pairs) if start else "",
        "new_url": reverse("interventions:new", args=[room.territory]) if able else "",
        "held": interventions.held(room.actor, room.territory.id) if able else (),
    }
    return render(request, "interventions/list.html", context)


def _finding(tallies: Tallies) -> str:
    waiting = sum(tallies.states.get(one, 0) for one in OPEN)
    if tallies.late:
        return ngettext(
            "%(count)s intervention is late by its contract",
            "%(count)s interventions are late by their contract",
            tallies.late,
        ) % {"count": formats.number(tallies.late)}
    if waiting:
        return ngettext(
            "%(count)s intervention is open, none is late",
            "%(count)s interventions are open, none is late",
            waiting,
        ) % {"count": formats.number(waiting)}
    return gettext("No intervention is open")


def _menus(room: Room, wanted: Wanted, tallies: Tallies) -> list[Menu]:
    states = tuple(
        Option(one.value, gettext(name), one in wanted.states, tallies.states.get(one, 0))
        for one, name in STATE_NAMES.items()
    )
    urgent = tuple(
        Option(str(one.value), gettext(name), one in wanted.priorities)
        for one, name in SEVERITY_NAMES.items()
    )
    kinds = tuple(Option(one.value, gettext(name), one in wanted.kinds) for one, name in KIND_NAMES.items())
    teams = tuple(Option(str(one.id), one.name, one.id in wanted.teams) for one in teams_for(room))
    return [
        Menu("state", gettext("How it is"), states),
        Menu("urgency", gettext("Urgency"), urgent),
        Menu("kind", gettext("Kind of intervention"), kinds),
        *([Menu("team", gettext("Team"), teams)] if teams else []),
    ]


def _row(room: Room, one: interventions.Row) -> dict[str, Any]:
    return {
        "one": one,
        "url": reverse("interventions:intervention", args=[room.territory, one.id]),
        "state": words.state(one.state),
        "urgency": words.urgency(one.priority),
        "kind": words.kind(one.kind),
    }


interventions_list = never_cache(require_GET(in_cockpit(_list)))
