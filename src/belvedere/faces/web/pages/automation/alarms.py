"""The list of alarms, one alarm with its timeline, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import AlarmState, AlarmView
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.context import url_or_none
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.automation import asking, showing, words
from belvedere.faces.web.pages.live.listing import shape_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput, NotFound
from belvedere.kernel.severity import Severity

MOST_POINTS = 500


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def listed(request: HttpRequest, room: Room, asked: asking.Asked) -> dict[str, Any]:
    """What the list needs, on its page and on the desk. `rows`: as many as were shown before."""
    given = request.GET.get("rows", "")
    rows = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else asking.STEP
    size = min(max(rows, asking.STEP), asking.MOST_ROWS)
    after = request.GET.get("after", "")
    found = automation.alarms(room.actor, room.territory.id, asked.filters, after=after, size=size)
    shown = showing.lines(room, found.rows)
    return {
        "room": room,
        "asked": asked,
        "found": found,
        "lines": shown,
        "groups": list(showing.groups(shown)),
        "finding": words.finding(found, chosen=asked.any),
        "summary": showing.summary(found.by_severity),
        "next_url": asked.query(after=found.after) if found.after else "",
        "next": request.get_full_path(),
        "script": script(room),
    }


def script(room: Room) -> dict[str, Any]:
    """What the script is given."""
    return {
        "ticket": url_or_none("live:ticket", territory=room.territory.slug),
        "points": reverse("automation:points", args=[room.territory]),
        "zone": room.territory.zone,
        "told": gettext("New alarm: %(name)s"),
        "live": gettext("Live"),
        "waiting": gettext("Waiting"),
    }


def _alarms(request: HttpRequest, room: Room) -> HttpResponse:
    asked = asking.read(request.GET)
    context = listed(request, room, asked)
    if request.headers.get("HX-Request"):
        return render(request, "automation/lines.html", context)
    context |= {
        "menus": asking.menus(asked, twin.tallies(room.actor, room.territory.id)),
        "panel_url": reverse("automation:panel", args=[room.territory, 0]).replace("/0/", "/{id}/"),
        "clear_url": reverse("automation:alarms", args=[room.territory]),
    }
    return render(request, "automation/alarms.html", context)


def _points(request: HttpRequest, room: Room) -> HttpResponse:
    """The alarms as the map draws things: each where its thing stands, under the number of the alarm."""
    asked = asking.read(request.GET)
    found = automation.alarms(room.actor, room.territory.id, asked.filters, size=MOST_POINTS)
    rows = [one for one in found.rows if one.longitude is not None and one.latitude is not None]
    table = {
        "ids": [one.id for one in rows],
        "lon": [round(one.longitude or 0.0, 6) for one in rows],
        "lat": [round(one.latitude or 0.0, 6) for one in rows],
        "kind": [one.kind for one in rows],
        "prio": [f"~{shape_of(one.kind)}.{_sign(one)}" for one in rows],
        "title": [
            f"{showing.name_of(room, one)}, {one.rule_name}, {words.severity(one.severity).label}"
            for one in rows
        ],
        "label": [one.rule_name if one.severity >= Severity.MAJOR else "" for one in rows],
        "n": [1] * len(rows),
        "words": {"alarm": "", "watch": "", "normal": "", "silent": ""},
    }
    return HttpResponse(msgspec.json.encode(table), content_type="application/json")


def _sign(view: AlarmView) -> str:
    if view.state is AlarmState.CLEARED:
        return "normal"
    return "alarm" if view.severity >= Severity.MAJOR else "watch"


def _beneath(request: HttpRequest, room: Room, alarm_id: int) -> HttpResponse:
    """Those that are grouped with it."""
    context = showing.alarm_context(room, alarm_id)
    return render(request, "automation/beneath.html", context)


def _panel(request: HttpRequest, room: Room, alarm_id: int) -> HttpResponse:
    context = showing.alarm_context(room, alarm_id) | {"next": ""}
    return render(request, "automation/panel.html", context)


def _alarm(request: HttpRequest, room: Room, alarm_id: int) -> HttpResponse:
    return page(request, room, alarm_id)


def page(
    request: HttpRequest, room: Room, alarm_id: int, error: BelvedereError | None = None
) -> HttpResponse:
    """The page of an alarm; `error`: what could not be done, with what was typed kept."""
    context = showing.alarm_context(room, alarm_id)
    context |= {
        "next": "",
        "error": sentence(error) if error else "",
        "typed": request.POST if error else {},
        "script": script(room),
    }
    return render(request, "automation/alarm.html", context, status=error.status if error else 200)


def _shelve(actor: Any, alarm_id: int, given: Mapping[str, str]) -> AlarmView:
    hours = given.get("hours", "")
    if hours not in {str(one) for one in showing.SHELVED_FOR}:
        raise InvalidInput(N_("Choose until when it shall not be shown."), field="until")
    until = now() + timedelta(hours=int(hours))
    return automation.shelve(actor=actor, alarm_id=alarm_id, until=until, why=given.get("why", ""))


def _expected(given: Mapping[str, str]) -> AlarmState | None:
    state = given.get("expected", "")
    return AlarmState(state) if state in set(AlarmState) else None


ACTS: dict[str, Callable[[Any, int, Mapping[str, str]], AlarmView]] = {
    "acknowledge": lambda actor, key, given: automation.acknowledge(
        actor=actor, alarm_id=key, note=given.get("note", ""), expected=_expected(given)
    ),
    "take-up": lambda actor, key, given: automation.take_up(
        actor=actor, alarm_id=key, note=given.get("note", ""), expected=_expected(given)
    ),
    "close": lambda actor, key, given: automation.close(
        actor=actor, alarm_id=key, proof=given.get("proof", ""), expected=_expected(given)
    ),
    "comment": lambda actor, key, given: automation.comment(
        actor=actor, alarm_id=key, text=given.get("text", "")
    ),
    "shelve": _shelve,
    "unshelve": lambda actor, key, given: automation.unshelve(actor=actor, alarm_id=key),
}
TOLD = {
    "acknowledge": N_("Acknowledged: others see that somebody knows."),
    "take-up": N_("You look after it now."),
    "close": N_("Closed. Its timeline is kept."),
    "comment": N_("Your comment stands in its timeline."),
    "shelve": N_("Shelved: it comes back by itself."),
    "unshelve": N_("It is shown again."),
}


def _act(request: HttpRequest, room: Room, alarm_id: int, verb: str) -> HttpResponse:
    """Do something about one alarm."""
    if verb not in ACTS:
        raise NotFound(N_("There is no such page."))
    if automation.alarm(room.actor, alarm_id).alarm.territory_id != room.territory.id:
        raise showing.missing()
    try:
        ACTS[verb](room.actor, alarm_id, request.POST)
    except BelvedereError as error:
        if wants_json(request) or error.status not in (409, 422):
            raise
        return page(request, room, alarm_id, error)
    return _done(request, gettext(TOLD[verb]), reverse("automation:alarm", args=[room.territory, alarm_id]))


def _acknowledge(request: HttpRequest, room: Room) -> HttpResponse:
    """Acknowledge those that are ticked."""
    ids = {
        int(one) for one in request.POST.getlist("alarm") if one.isascii() and one.isdigit() and len(one) < 19
    }
    if not ids:
        raise InvalidInput(N_("Tick the alarms first."))
    done = automation.acknowledge_all(actor=room.actor, alarm_ids=ids)
    told = ngettext("%(n)s alarm is acknowledged.", "%(n)s alarms are acknowledged.", len(done))
    home = reverse("automation:alarms", args=[room.territory])
    return _done(request, told % {"n": formats.number(len(done))}, home)


def _done(request: HttpRequest, told: str, home: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": told})
    messages.success(request, told)
    back = request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = home
    return redirect(back)


alarms = never_cache(require_GET(in_cockpit(_alarms)))
points = never_cache(require_GET(in_cockpit(_points)))
panel = never_cache(require_GET(in_cockpit(_panel)))
beneath = never_cache(require_GET(in_cockpit(_beneath)))
alarm = never_cache(require_GET(in_cockpit(_alarm)))
act = require_POST(in_cockpit(_act))
acknowledge = require_POST(in_cockpit(_acknowledge))
