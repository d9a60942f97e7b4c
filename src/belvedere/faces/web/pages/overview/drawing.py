"""The three small maps: the communes of the territory shaded by how many measures stand there."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.plans.public import glance
from belvedere.domains.territory.public import TerritoryView, outlines
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.rooms import Room

WIDTH = 320.0
LABELLED = 3
STEPS = (1, 3, 6, 10)  # lower bounds of the four shades
_KEPT = 20
_frames: OrderedDict[str, Frame] = OrderedDict()
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Outline:
    """A place drawn: `path` in SVG, where its number stands."""

    place_id: UUID
    key: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Frame:
    """All places of a territory in one box, the same for the three maps."""

    width: float
    height: float
    places: tuple[Outline, ...]

    @property
    def box(self) -> str:
        return f"-3 -3 {self.width + 6:.0f} {self.height + 6:.0f}"


@dataclass(frozen=True, slots=True)
class Shaded:
    outline: Outline
    number: int
    shade: int
    labelled: bool
    url: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One map: how many measures in all, its places, the first of them in words."""

    key: str
    number: int
    title: str
    url: str
    tone: str
    places: tuple[Shaded, ...]
    first: tuple[Shaded, ...]
    said: str


def frame(territory: TerritoryView, language: str) -> Frame:
    """The outlines on a plane of `WIDTH`; kept as long as the drawing is the same."""
    made = outlines(territory, language=language)
    if (known := _frames.get(made.etag)) is not None:
        _frames.move_to_end(made.etag)
        return known
    found = _frame([one for one in json.loads(made.body)["features"] if one["properties"].get("ours")])
    _frames[made.etag] = found
    if len(_frames) > _KEPT:
        _frames.popitem(last=False)
    return found


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """The outer rings: a hole does not show at this size."""
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"][0]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield polygon[0]


def _frame(features: Sequence[Mapping[str, Any]]) -> Frame:
    points = [point for one in features for ring in _rings(one["geometry"]) for point in ring]
    if not points:
        return Frame(WIDTH, 0.0, ())
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max((east - west) * narrow, 1e-9)

    def at(point: Sequence[float]) -> tuple[float, float]:
        return ((point[0] - west) * narrow * scale, (north - point[1]) * scale)

    made = []
    for number, one in enumerate(features):
        rings = [[at(point) for point in ring] for ring in _rings(one["geometry"])]
        largest = max(rings, key=_area)
        x, y = _middle(largest)
        path = "".join(_path(ring) for ring in rings)
        made.append(Outline(UUID(one["id"]), f"ov-{number}", one["properties"]["name"], path, x, y))
    return Frame(WIDTH, (north - south) * scale, tuple(made))


def _path(ring: Sequence[tuple[float, float]]) -> str:
    """To a fifth of a unit, without the points that would fall on the one before."""
    kept: list[tuple[float, float]] = []
    for x, y in ring:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 1.2:
            kept.append((x, y))
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in kept) + "Z"


def _area(ring: Sequence[tuple[float, float]]) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    turned = x = y = 0.0
    for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        turned, x, y = turned + cross, x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return (x / (3 * turned), y / (3 * turned)) if turned else ring[0]


def shade(number: int) -> int:
    return sum(number >= step for step in STEPS)


def maps(room: Room, found: glance.Standings) -> list[Drawn]:
    """In progress, starting within twelve months, at risk; each leads to those measures."""
    drawn = frame(room.territory, room.language)
    asked = (
        ("progress", found.in_progress, gettext("in progress"), "implementation=in_progress", ""),
        (
            "starting",
            found.starting,
            gettext("start within 12 months"),
            "implementation=not_started&sort=start",
            "",
        ),
        (
            "risk",
            found.at_risk,
            gettext("at risk"),
            "&".join(f"flag={flag}" for flag in glance.RISKS),
            "is-risk",
        ),
    )
    made = []
    for at, (key, number, title, query, tone) in enumerate(asked):
        url = f"{room.measures_url}?{query}"
        places = _shaded(drawn, {place: counts[at] for place, counts in found.by_place.items()}, url)
        first = tuple(sorted((one for one in places if one.number), key=_by_number)[:LABELLED])
        said = ", ".join(f"{one.outline.name} {formats.number(one.number)}" for one in first)
        made.append(Drawn(key, number, title, url, tone, places, first, said))
    return made


def _by_number(one: Shaded) -> tuple[int, str]:
    return (-one.number, one.outline.name)


def _shaded(drawn: Frame, numbers: Mapping[UUID, int], url: str) -> tuple[Shaded, ...]:
    top = sorted(drawn.places, key=lambda place: (-numbers.get(place.place_id, 0), place.name))[:LABELLED]
    return tuple(
        Shaded(
            place,
            numbers.get(place.place_id, 0),
            shade(numbers.get(place.place_id, 0)),
            place in top and numbers.get(place.place_id, 0) > 0,
            f"{url}&place={place.place_id}",
        )
        for place in drawn.places
    )


def table(drawn: Sequence[Drawn]) -> list[tuple[str, list[int]]]:
    """The maps as a list: each place with its three numbers, those without any left out."""
    rows = [
        (places[0].outline.name, [one.number for one in places])
        for places in zip(*(one.places for one in drawn), strict=True)
    ]
    return sorted((row for row in rows if any(row[1])), key=lambda row: row[0])
