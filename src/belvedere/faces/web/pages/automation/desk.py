"""The desk: map, alarms, what is in progress, duty and log book on one screen, for work and for a wall."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.automation.public import AlarmState
from belvedere.faces.web.pages.automation import alarms, asking, words
from belvedere.faces.web.pages.automation.in_progress import in_progress
from belvedere.faces.web.pages.duty.desk import on_duty
from belvedere.faces.web.pages.logbook.desk import noted
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.severity import Severity


def _desk(request: HttpRequest, room: Room) -> HttpResponse:
    """`?wall` for a screen that people look at from afar: nothing to press."""
    asked = asking.read(request.GET)
    wall = "wall" in request.GET
    context = alarms.listed(request, room, asked)
    running, running_sum = in_progress(room)
    here = reverse("automation:desk", args=[room.territory])
    context["script"] |= _for_the_desk()
    context |= {
        "wall": wall,
        "running": running,
        "running_sum": running_sum,
        "on_duty": on_duty(room),
        "map": map_context(room),
        "panel_url": ""
        if wall
        else reverse("automation:panel", args=[room.territory, 0]).replace("/0/", "/{id}/"),
        "seg": _seg(asked, here),
        "wall_url": f"{here}?wall=1",
        "desk_url": here,
        "noted": noted(room),
        "sounds": [(of.value, words.severity(of)) for of in sorted(Severity, reverse=True)],
        "at": timezone.localtime(),
    }
    return render(request, "automation/desk.html", context)


def _for_the_desk() -> dict[str, Any]:
    """The words that the script of the desk needs beside those of all lists of alarms."""
    return {
        "sounds": {
            "off": gettext("Sound off"),
            "on": gettext("Sound: %(which)s"),
            "waits": gettext("Sound waits: press any key"),
            "names": {of.value: words.severity(of).label for of in Severity},
        },
        "below": gettext("%(n)s more below"),
    }


def _seg(asked: asking.Asked, here: str) -> list[dict[str, Any]]:
    """All, or those that nobody looks after yet."""
    waiting = asked.states == (AlarmState.RAISED,)
    return [
        {"label": gettext("All"), "url": here, "current": not waiting},
        {"label": gettext("Nobody yet"), "url": f"{here}?state=raised", "current": waiting},
    ]


desk = never_cache(require_GET(in_cockpit(_desk)))
