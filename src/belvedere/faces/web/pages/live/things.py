"""The things of the territory as they are now: list and map as twins, a panel for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.territory.public import places
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import asking, words
from belvedere.faces.web.pages.live.thing import here, name_of, present_rows, sentence
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit

BESIDE_MAP = 200
ALL = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in the list."""

    id: int
    name: str
    kind: str
    icon: str
    commune: str
    measure: str
    value: str
    age: str
    state: words.Word
    url: str


def _communes(dots: Sequence[twin.Dot]) -> Mapping[UUID, str]:
    ids = {one.place_id for one in dots if one.place_id}
    return {key: place.name for key, place in places(ids).items()} if ids else {}


def _line(room: Room, dot: twin.Dot, communes: Mapping[UUID, str]) -> Line:
    main = dot.main
    described = twin.descriptions().get(dot.kind)
    return Line(
        id=dot.id,
        name=name_of(room, dot.names, dot.kind),
        kind=words.kind(dot.kind),
        icon=described.icon if described else "map-pin",
        commune=communes.get(dot.place_id, "") if dot.place_id else "",
        measure=words.term(dot.kind, main.term) if main else "",
        value=words.value(dot.kind, main.term, main.number, main.value, main.unit) if main else "",
        age=words.age(main.observed_at if main else dot.last_seen_at),
        state=words.state(dot.state),
        url=reverse("live:thing", args=[room.territory, dot.id]),
    )


def _finding(by_state: Mapping[twin.State, int], total: int) -> str:
    """The title: what calls for somebody first."""
    alarm, watch, silent = (
        by_state.get(one, 0) for one in (twin.State.ALARM, twin.State.WATCH, twin.State.SILENT)
    )
    if not total:
        return gettext("Nothing to show in this choice")
    if alarm:
        return ngettext("%(count)s thing is in alarm", "%(count)s things are in alarm", alarm) % {
            "count": formats.number(alarm)
        }
    if watch:
        return ngettext("%(count)s thing is to be watched", "%(count)s things are to be watched", watch) % {
            "count": formats.number(watch)
        }
    if silent:
        return ngettext("%(count)s thing is silent", "%(count)s things are silent", silent) % {
            "count": formats.number(silent)
        }
    return gettext("Everything is normal")


def _summary(found: twin.Found) -> list[words.Word]:
    """How many of each state, in words."""
    counts = {one: found.by_state.get(one, 0) for one in twin.State}
    alarm, watch, silent = (counts[one] for one in (twin.State.ALARM, twin.State.WATCH, twin.State.SILENT))
    told = {
        twin.State.ALARM: ngettext("%(n)s in alarm", "%(n)s in alarm", alarm),
        twin.State.WATCH: ngettext("%(n)s to watch", "%(n)s to watch", watch),
        twin.State.SILENT: ngettext("%(n)s silent", "%(n)s silent", silent),
    }
    shown = []
    for one, text in told.items():
        if counts[one]:
            word = words.state(one)
            shown.append(words.Word(text % {"n": formats.number(counts[one])}, word.level, word.icon))
    return shown


def _layouts(asked: asking.Asked) -> list[dict[str, Any]]:
    named = (
        ("table", gettext("List")),
        ("split", gettext("List and map")),
        ("map", gettext("Map")),
    )
    return [
        {
            "name": name,
            "label": label,
            "url": asked.query(view="" if name == "split" else name) or "?",
            "current": asked.layout == name,
        }
        for name, label in named
    ]


def _things(request: HttpRequest, room: Room) -> HttpResponse:
    asked = asking.read(request.GET)
    whole = twin.tallies(room.actor, room.territory.id)
    limit = ALL if asked.layout == "table" else BESIDE_MAP
    found = asked.found(room, limit)
    communes = _communes(found.dots)
    context = {
        "room": room,
        "asked": asked,
        "whole": whole.total,
        "total": found.total,
        "finding": _finding(found.by_state, found.total) if whole.total else gettext("No thing yet"),
        "summary": _summary(found),
        "lines": [_line(room, dot, communes) for dot in found.dots],
        "left_out": found.total - len(found.dots),
        "all_url": asked.query(view="table"),
        "menus": asking.menus(asked, whole),
        "layouts": _layouts(asked),
        "map": map_context(room),
        "points_url": reverse("live:points", args=[room.territory]) + asked.query(),
        "panel_url": reverse("live:panel", args=[room.territory, 0]).replace("/0/", "/{id}/"),
        "clear_url": reverse("live:things", args=[room.territory])
        + asking.Asked().query(view="" if asked.layout == "split" else asked.layout),
        "devices_url": reverse("live:devices", args=[room.territory]),
    }
    return render(request, "live/things.html", context)


def _points(request: HttpRequest, room: Room) -> HttpResponse:
    """The table of points of the map: each with the shape of its kind and its state."""
    asked = asking.read(request.GET)
    known = twin.descriptions()
    table: dict[str, list[Any]] = {"ids": [], "lon": [], "lat": [], "prio": [], "title": []}
    for dot in asked.found(room, ALL).dots:
        if dot.longitude is None or dot.latitude is None:
            continue
        shape = known[dot.kind].shape if dot.kind in known else "circle"
        state = words.state(dot.state).label
        table["ids"].append(dot.id)
        table["lon"].append(round(dot.longitude, 6))
        table["lat"].append(round(dot.latitude, 6))
        table["prio"].append(f"~{shape}.{dot.state}")
        table["title"].append(f"{name_of(room, dot.names, dot.kind)}, {state}")
    return HttpResponse(msgspec.json.encode(table), content_type="application/json")


def _panel(request: HttpRequest, room: Room, entity_id: int) -> HttpResponse:
    view = here(room, entity_id)
    communes = places([view.place_id]) if view.place_id else {}
    context = {
        "room": room,
        "view": view,
        "name": name_of(room, view.names, view.kind),
        "kind": words.kind(view.kind),
        "commune": next((one.name for one in communes.values()), ""),
        "state": words.state(view.state),
        "since": words.age(view.state_since),
        "sentence": sentence(view),
        "rows": [row for row in present_rows(view) if row.at is not None][:6],
        "url": reverse("live:thing", args=[room.territory, entity_id]),
    }
    return render(request, "live/panel.html", context)


things = never_cache(require_GET(in_cockpit(_things)))
points = never_cache(require_GET(in_cockpit(_points)))
panel = never_cache(require_GET(in_cockpit(_panel)))
