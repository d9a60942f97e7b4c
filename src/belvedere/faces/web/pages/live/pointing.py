"""What the map draws: its points, or counts by square where they are many; and the last day again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.intake import public as intake
from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.live import asking, listing, telling, words
from belvedere.faces.web.pages.live.thing import name_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.portal.rooms import for_everyone
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.geometry import Box

MOST = 5_000  # points; where there are more, squares are counted
ACROSS = 40
DAY = timedelta(hours=24)


def _json(table: dict[str, Any]) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(table), content_type="application/json")


def _box(request: HttpRequest) -> Box | None:
    given = request.GET.get("box")
    if given is None:
        return None
    try:
        west, south, east, north = (float(part) for part in given.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidInput(N_("A window of the map is west,south,east,north in degrees."), code="bad_box")
    return Box(west, south, east, north)


def _points(request: HttpRequest, room: Room) -> HttpResponse:
    """The table of points: each with the shape of its kind and its state; the words of the states beside."""
    asked, box = asking.read(request.GET), _box(request)
    states = {state.value: words.state(state).label for state in telling.URGENCY}
    if box is not None and asked.found(room, 0, box).total > MOST:
        return _json({"cells": True, "words": states, **_cells(asked.cells(room, box, ACROSS))})
    found = asked.found(room, MOST, box)
    dots = [dot for dot in found.dots if dot.longitude is not None and dot.latitude is not None]
    return _json({"cells": False, "words": states, **_things(room, dots)})


def _things(room: Room, dots: list[twin.Dot]) -> dict[str, list[Any]]:
    return {
        "ids": [dot.id for dot in dots],
        "lon": [round(dot.longitude or 0.0, 6) for dot in dots],
        "lat": [round(dot.latitude or 0.0, 6) for dot in dots],
        "kind": [dot.kind for dot in dots],
        "prio": [f"~{listing.shape_of(dot.kind)}.{dot.state}" for dot in dots],
        "title": [name_of(room, dot.names, dot.kind) for dot in dots],
        "label": [_label(dot) for dot in dots],
    }


def _label(dot: twin.Dot) -> str:
    """What stands beside a thing in alarm: its value."""
    if dot.state != twin.State.ALARM or dot.main is None:
        return ""
    return words.value(dot.kind, dot.main.term, dot.main.number, dot.main.value, dot.main.unit)


def _cells(cells: tuple[twin.Cell, ...]) -> dict[str, list[Any]]:
    return {
        "ids": list(range(len(cells))),
        "lon": [round(cell.longitude, 6) for cell in cells],
        "lat": [round(cell.latitude, 6) for cell in cells],
        "kind": [cell.kind for cell in cells],
        "prio": [f"~{listing.shape_of(cell.kind)}.{cell.state}" for cell in cells],
        "n": [cell.count for cell in cells],
    }


def _day(request: HttpRequest, room: Room) -> HttpResponse:
    """The last 24 hours: what changed and when, and how many messages arrived by hour (for the staff)."""
    asked, end = asking.read(request.GET), now()
    told = twin.passages_between(room.actor, room.territory.id, end - DAY, end, asked.wanted)
    hours: list[list[int]] = []
    if room.is_cockpit:
        first = (end - DAY).replace(minute=0, second=0, microsecond=0)
        counted = intake.messages_by_hour(room.actor, room.territory.id, first, end)
        hours = [[int(hour.timestamp()), n] for hour, n in counted]
    letters = telling.LETTERS
    return _json(
        {
            "start": int((end - DAY).timestamp()),
            "known": int(told.start.timestamp()),
            "end": int(end.timestamp()),
            "hours": hours,
            "first": {str(key): letters[state] for key, state in told.at_start.items()},
            "ids": [one.entity_id for one in told.passages],
            "at": [int(one.at.timestamp()) for one in told.passages],
            "to": "".join(letters[one.after] for one in told.passages),
        }
    )


points = never_cache(require_GET(in_cockpit(_points)))
day = never_cache(require_GET(in_cockpit(_day)))
public_points = never_cache(require_GET(for_everyone(_points)))
public_day = never_cache(require_GET(for_everyone(_day)))
