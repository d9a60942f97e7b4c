"""What the map draws: its points, or counts by square where they are many; and the last day again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

MOST = 5_000  # things of a territory that the page holds at once
IN_WINDOW = 1_500  # of more things than that, a page asks window by window: squares where there are many
ACROSS = 24
ALARMS = 300  # in alarm: shown one by one whatever is near
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


def answer(request: HttpRequest, room: Room) -> HttpResponse:
    """The table of points: each with the shape of its kind and its state; the words of the states beside."""
    asked, box = asking.read(request.GET), _box(request)
    states = {state.value: words.state(state).label for state in telling.URGENCY}
    if box is not None:
        cells = asked.cells(room, box, ACROSS)
        if sum(cell.count for cell in cells) > IN_WINDOW:
            return _json({"cells": True, "words": states, **_squares(room, asked, box, cells)})
    found = asked.drawn(room, MOST, box)
    return _json({"cells": False, "words": states, **_things(room, found.dots)})


def _things(room: Room, dots: Iterable[twin.Dot]) -> dict[str, list[Any]]:
    placed = [dot for dot in dots if dot.longitude is not None and dot.latitude is not None]
    alarms = [(dot.id, dot.kind) for dot in placed if dot.state == twin.State.ALARM][:ALARMS]
    mains = twin.main_values(alarms)
    return {
        "ids": [dot.id for dot in placed],
        "lon": [round(dot.longitude or 0.0, 6) for dot in placed],
        "lat": [round(dot.latitude or 0.0, 6) for dot in placed],
        "kind": [dot.kind for dot in placed],
        "prio": [f"~{listing.shape_of(dot.kind)}.{dot.state}" for dot in placed],
        "title": [name_of(room, dot.names, dot.kind) for dot in placed],
        "label": [_label(dot.kind, mains.get(dot.id)) for dot in placed],
        "n": [1] * len(placed),
    }


def _label(kind: str, main: twin.Value | None) -> str:
    """What stands beside a thing in alarm: its value."""
    return "" if main is None else words.value(kind, main.term, main.number, main.value, main.unit)


def _squares(room: Room, asked: asking.Asked, box: Box, cells: Sequence[twin.Cell]) -> dict[str, list[Any]]:
    """Counts by square, and the things in alarm one by one. A square has no number of its own: 0."""
    alone = 0 < sum(cell.count for cell in cells if cell.state == twin.State.ALARM) <= ALARMS
    table = _things(room, asked.drawn(room, ALARMS, box, twin.State.ALARM).dots if alone else ())
    if alone:
        cells = [cell for cell in cells if cell.state != twin.State.ALARM]
    urgencies = {
        pair: f"~{listing.shape_of(pair[0])}.{pair[1]}" for pair in {(c.kind, c.state) for c in cells}
    }
    for name, column in (
        ("ids", [0] * len(cells)),
        ("lon", [round(cell.longitude, 6) for cell in cells]),
        ("lat", [round(cell.latitude, 6) for cell in cells]),
        ("kind", [cell.kind for cell in cells]),
        ("prio", [urgencies[cell.kind, cell.state] for cell in cells]),
        ("title", [""] * len(cells)),
        ("label", [""] * len(cells)),
        ("n", [cell.count for cell in cells]),
    ):
        table[name] += column
    return table


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


points = never_cache(require_GET(in_cockpit(answer)))
day = never_cache(require_GET(in_cockpit(_day)))
public_points = never_cache(require_GET(for_everyone(answer)))
public_day = never_cache(require_GET(for_everyone(_day)))
