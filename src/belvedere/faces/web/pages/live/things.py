"""The things of the territory as they are now: map and list as twins, a panel for each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.context import url_or_none
from belvedere.faces.web.pages.live import asking, listing, pointing, telling, words
from belvedere.faces.web.pages.live.showing import panel_context
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit

BESIDE_MAP = 12  # the most urgent, in the panel before anything is chosen
IN_LIST = 300
ALL = 5_000


def _layouts(asked: asking.Asked) -> list[dict[str, Any]]:
    named = (("map", gettext("Map")), ("table", gettext("List")))
    return [
        {
            "name": name,
            "label": label,
            "url": asked.query(view="" if name == "map" else name) or "?",
            "current": asked.layout == name,
        }
        for name, label in named
    ]


def heard(whole: twin.Tallies) -> dict[str, Any]:
    """The share of things that were heard when they should have been."""
    silent = whole.states.get(twin.State.SILENT, 0)
    share = 1 - silent / whole.total if whole.total else 1.0
    # Never rounded up to all of them while one is silent.
    shown = min(share, 0.999) if silent else share
    return {
        "share": formats.percent(shown, 0 if shown in (0, 1) else 1),
        "on_time": whole.total - silent,
        "silent": silent,
    }


def shown(room: Room, asked: asking.Asked, limit: int) -> dict[str, Any]:
    """What list, layers and script need of a choice of things; in both rooms."""
    counted = asked.counted(room)
    found = asked.found(room, limit)
    sums = listing.by_state(counted)
    total, state = sum(sums.values()), telling.first(sums)
    summary = []
    for one in telling.URGENCY[:3]:
        n, word = sums.get(one, 0), words.state(one)
        text = telling.counted(one, n) % {"n": formats.number(n)} if n else ""
        summary.append((one.value, words.Word(text, word.level, word.icon)))
    return {
        "room": room,
        "asked": asked,
        "total": total,
        "finding": telling.finding(state, sums[state]) % {"count": formats.number(sums[state])}
        if total
        else gettext("Nothing to show in this choice"),
        "summary": summary,
        "layers": listing.layers(room, asked, counted),
        "lines": listing.lines(room, asked, found.dots),
        "states": [(one.value, words.state(one)) for one in telling.URGENCY],
        "map": map_context(room),
        "points_url": telling.address(room, "points") + asked.query(),
        "panel_url": telling.address(room, "panel", 0).replace("/0/", "/{id}/"),
        "csv_url": telling.address(room, "csv") + asked.query(),
        "many": total > pointing.MOST,
        "script": telling.script(
            room, asked.query(), many=total > pointing.MOST, replays=asked.layout == "map"
        ),
    }


def _things(request: HttpRequest, room: Room) -> HttpResponse:
    asked = asking.read(request.GET)
    whole = twin.tallies(room.actor, room.territory.id)
    limit = (ALL if "all" in request.GET else IN_LIST) if asked.layout == "table" else BESIDE_MAP
    context = shown(room, asked, limit)
    things = telling.address(room, "things")
    context |= {
        "whole": whole.total,
        "finding": context["finding"] if whole.total else gettext("No thing yet"),
        "heard": heard(whole),
        "left_out": context["total"] - len(context["lines"]),
        "all_url": asked.query(view="table", all=1),
        "menus": asking.menus(asked, whole),
        "layouts": _layouts(asked),
        "share_url": request.build_absolute_uri(),
        "clear_url": things + asking.Asked().query(view=asked.view),
        "silent_url": things + asking.Asked(states=(twin.State.SILENT,)).query(view="table"),
        "devices_url": telling.address(room, "devices"),
        "quality_url": url_or_none("live:quality", territory=room.territory.slug),
        "ledger_url": url_or_none("live:ledger", territory=room.territory.slug)
        if room.actor.governs(room.territory.id)
        else "",
    }
    return render(request, "live/things.html", context)


def csv_of(request: HttpRequest, room: Room) -> HttpResponse:
    """The things of the choice as CSV, the most urgent first."""
    found = asking.read(request.GET).found(room, ALL)
    answer = HttpResponse(listing.as_csv(room, found.dots), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-live.csv"'
    return answer


def _panel(request: HttpRequest, room: Room, entity_id: int) -> HttpResponse:
    return render(request, "live/panel.html", panel_context(room, entity_id))


things = never_cache(require_GET(in_cockpit(_things)))
csv = never_cache(require_GET(in_cockpit(csv_of)))
panel = never_cache(require_GET(in_cockpit(_panel)))
