"""The desk: map, alarms and what is in progress on one screen, for people at work and for a wall."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import AlarmState
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation import alarms, asking, showing
from belvedere.faces.web.pages.logbook.desk import noted
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit

IN_PROGRESS = 20


def _desk(request: HttpRequest, room: Room) -> HttpResponse:
    """`?wall` for a screen that people look at from afar: nothing to press."""
    asked = asking.read(request.GET)
    wall = "wall" in request.GET
    context = alarms.listed(request, room, asked)
    running = automation.alarms(
        room.actor, room.territory.id, automation.Filters(states=(AlarmState.IN_PROGRESS,)), size=IN_PROGRESS
    )
    here = reverse("automation:desk", args=[room.territory])
    context |= {
        "wall": wall,
        "running": showing.lines(room, running.rows),
        "running_sum": ngettext("%(n)s alarm", "%(n)s alarms", running.total)
        % {"n": formats.number(running.total)},
        "map": map_context(room),
        "panel_url": ""
        if wall
        else reverse("automation:panel", args=[room.territory, 0]).replace("/0/", "/{id}/"),
        "seg": _seg(asked, here),
        "wall_url": f"{here}?wall=1",
        "desk_url": here,
        "noted": noted(room),
        "at": timezone.localtime(),
    }
    return render(request, "automation/desk.html", context)


def _seg(asked: asking.Asked, here: str) -> list[dict[str, Any]]:
    """All, or those that nobody looks after yet."""
    waiting = asked.states == (AlarmState.RAISED,)
    return [
        {"label": gettext("All"), "url": here, "current": not waiting},
        {"label": gettext("Nobody yet"), "url": f"{here}?state=raised", "current": waiting},
    ]


desk = never_cache(require_GET(in_cockpit(_desk)))
