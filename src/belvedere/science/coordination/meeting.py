"""Pairs of works that overlap, come near each other or open the same section of a road, within some years.

Distances are planar, in a transverse Mercator projection centred on the data (Snyder 1987, Map projections:
a working manual, USGS Professional Paper 1395, §8): within 100 km of its middle, lengths are true to 0.02 %.
Candidates come from a sort-tile-recursive tree (Leutenegger, Lopez and Edgington 1997, STR: a simple and
efficient algorithm for R-tree packing) and are then measured exactly. The answer does not depend on the
order of what is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from belvedere.kernel.errors import N_, InvalidInput

DAYS_A_YEAR = 365.25
FARTHEST_M = 5_000.0
LONGEST_YEARS = 30.0
POINT = 0  # shapely's type of a single point


class Place(StrEnum):
    """How two works meet on the ground."""

    OVERLAP = "overlap"  # they share ground
    NEAR = "near"
    SAME_ROAD = "same_road"  # apart, but on the same section of a road


class Time(StrEnum):
    """How they meet in time."""

    SAME_TIME = "same_time"
    SECOND_TIME = "second_time"  # one begins after the other has ended


@dataclass(frozen=True, slots=True)
class Params:
    """How near is near.

    `within_m`: metres between two sites, and from a site to a road it lies on. `along_m`: metres between two
    sites along one road. `within_years`: years from the end of the first works to the start of the second.
    `shared_m`: metres of one stretch that both open, or that each runs along the road; 0 takes every touch,
    more leaves crossings and sites without extent (points) aside.
    """

    within_m: float = 30.0
    along_m: float = 150.0
    within_years: float = 5.0
    shared_m: float = 0.0

    def __post_init__(self) -> None:
        for name in ("within_m", "along_m", "shared_m"):
            if not 0 <= getattr(self, name) <= FARTHEST_M:
                raise InvalidInput(
                    N_("Give a distance from 0 to {most} metres."), most=int(FARTHEST_M), field=name
                )
        if not 0 <= self.within_years <= LONGEST_YEARS:
            raise InvalidInput(
                N_("Give a time from 0 to {most} years."), most=int(LONGEST_YEARS), field="within_years"
            )


@dataclass(frozen=True, slots=True)
class Site:
    """Where and when a work opens the ground; `geometry` in WGS 84 longitude and latitude, not empty.

    A work may have several sites; they have its period and its organisation. `start` to `end` inclusive.
    """

    work: UUID
    organisation: UUID
    geometry: BaseGeometry
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InvalidInput(N_("The works cannot end before they start."), field="end")


@dataclass(frozen=True, slots=True)
class Road:
    """A section of a road: a line in WGS 84."""

    id: int
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two works that meet; `first` starts first (then the smaller identifier).

    `distance_m`: between their nearest sites, 0 where they share ground. `gap_days`: from the end of the one
    to the start of the other, 0 or less when they are at the same time. `stretch_m`: the longest stretch of
    the one that lies within reach of the other, as the diagonal of its box. `road`: the section both lie on,
    if any. `sites`: positions of the nearest sites in what was given.
    """

    first: UUID
    second: UUID
    place: Place
    time: Time
    distance_m: float
    gap_days: int
    stretch_m: float
    road: int | None
    sites: tuple[int, int]
    same_organisation: bool


def find_meetings(
    sites: Sequence[Site], roads: Iterable[Road] = (), params: Params | None = None
) -> list[Meeting]:
    """Every pair of works that meets within `params`, each once, by the identifiers of its works.

    Works of one identifier never meet themselves. O((n + k) log n) for n sites and k candidates.
    """
    params = params or Params()
    if not sites:
        return []
    lines = list(roads)
    flat, flat_roads = _projected([site.geometry for site in sites], [road.geometry for road in lines])
    near = _near(flat, params.within_m)
    on_road = _on_same_road(flat, flat_roads, [road.id for road in lines], params)
    pairs = [pair for pair in sorted({*near, *on_road}) if _in_time(sites[pair[0]], sites[pair[1]], params)]
    distances, stretches = _measured(flat, pairs, params.within_m)
    best: dict[tuple[UUID, UUID], Meeting] = {}
    for pair, distance, stretch in zip(pairs, distances, stretches, strict=True):
        touches = distance <= params.within_m and stretch >= params.shared_m
        road = on_road.get(pair)
        if not touches and road is None:
            continue
        place = (Place.NEAR if distance else Place.OVERLAP) if touches else Place.SAME_ROAD
        made = _meeting(sites, pair, place, float(distance), float(stretch), road)
        key = (made.first, made.second)
        best[key] = _joined(best[key], made) if key in best else made
    return sorted(best.values(), key=lambda made: (made.first, made.second))


def _in_time(a: Site, b: Site, params: Params) -> bool:
    """Whether two sites are of two works, and near enough in time."""
    gap = max((a.start - b.end).days, (b.start - a.end).days)
    return a.work != b.work and gap <= params.within_years * DAYS_A_YEAR


def _meeting(
    sites: Sequence[Site],
    pair: tuple[int, int],
    place: Place,
    distance_m: float,
    stretch_m: float,
    road: int | None,
) -> Meeting:
    """What two sites say of their works."""
    a, b = pair
    if (sites[b].start, sites[b].work) < (sites[a].start, sites[a].work):
        a, b = b, a
    gap = (sites[b].start - sites[a].end).days
    return Meeting(
        first=sites[a].work,
        second=sites[b].work,
        place=place,
        time=Time.SECOND_TIME if gap > 0 else Time.SAME_TIME,
        distance_m=distance_m,
        gap_days=gap,
        stretch_m=stretch_m,
        road=road,
        sites=(a, b),
        same_organisation=sites[a].organisation == sites[b].organisation,
    )


def _joined(one: Meeting, other: Meeting) -> Meeting:
    """What two pairs of sites say of the same works: the nearest place, the longest stretch."""
    order = list(Place)
    near, far = sorted((one, other), key=lambda made: (order.index(made.place), made.distance_m, made.sites))
    return replace(
        near,
        stretch_m=max(near.stretch_m, far.stretch_m),
        road=near.road if near.road is not None else far.road,
    )


# ------------------------------------------------------------------ candidates
def _near(flat: npt.NDArray[Any], within_m: float) -> set[tuple[int, int]]:
    tree = shapely.STRtree(flat)
    left, right = tree.query(flat, predicate="dwithin", distance=within_m)
    return {(int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b}


def _measured(
    flat: npt.NDArray[Any], pairs: Sequence[tuple[int, int]], within_m: float
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """By pair: the distance of the two, and the longest stretch of one within reach of the other (metres)."""
    if not pairs:
        return np.zeros(0), np.zeros(0)
    left, right = np.array(pairs).T
    longest = np.zeros(len(pairs))
    for one, other in ((left, right), (right, left)):
        within = shapely.intersection(flat[one], shapely.buffer(flat[other], within_m))
        parts, of_pair = shapely.get_parts(within, return_index=True)
        box = shapely.bounds(parts)
        extent = np.nan_to_num(np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]))
        np.maximum.at(longest, of_pair, extent)
    return np.asarray(shapely.distance(flat[left], flat[right])), longest


def _on_same_road(
    flat: npt.NDArray[Any], roads: npt.NDArray[Any], ids: Sequence[int], params: Params
) -> dict[tuple[int, int], int]:
    """Pairs of sites that run along the same section and come within `along_m` of each other along it."""
    if not len(roads):
        return {}
    owner: npt.NDArray[np.int64]
    parts, owner = shapely.get_parts(roads, return_index=True)
    at, part = shapely.STRtree(parts).query(flat, predicate="dwithin", distance=params.within_m)
    # A site alone on its section meets nobody there, and one too small never runs along it.
    box = shapely.bounds(flat)
    longest = np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) + 2 * params.within_m * 1.01
    several = np.bincount(part, minlength=len(parts)) > 1
    worth = several[part] & ((longest[at] >= params.shared_m) | (shapely.get_type_id(flat[at]) > POINT))
    at, part = at[worth], part[worth]
    touched: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for start, end, pair in zip(*_touched(flat, parts, at, part, params.within_m), strict=True):
        if end - start >= params.shared_m:
            touched[int(part[pair])].append((float(start), float(end), int(at[pair])))
    found: dict[tuple[int, int], int] = {}
    for line in sorted(touched, key=lambda one: ids[int(owner[one])]):
        for a, b in _close_pairs(sorted(touched[line]), params.along_m):
            found.setdefault((min(a, b), max(a, b)), ids[int(owner[line])])
    return found


def _touched(
    flat: npt.NDArray[Any],
    lines: npt.NDArray[Any],
    at: npt.NDArray[np.int64],
    part: npt.NDArray[np.int64],
    within_m: float,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """From where to where (metres along it) the line `part` lies near the site `at`; and of which pair."""
    sites, back = np.unique(at, return_inverse=True)
    # A little more than asked, so that a line just at the distance is not lost to the corners of the circle.
    around = shapely.buffer(flat[sites], within_m * 1.005 + 1e-6, quad_segs=16)
    pieces, pair = shapely.get_parts(shapely.intersection(lines[part], around[back]), return_index=True)
    is_line = shapely.get_dimensions(pieces) == 1
    pieces, pair = pieces[is_line], pair[is_line]
    ends = [shapely.line_locate_point(lines[part[pair]], shapely.get_point(pieces, end)) for end in (0, -1)]
    return np.minimum(*ends), np.maximum(*ends), pair


def _close_pairs(stretches: list[tuple[float, float, int]], along_m: float) -> set[tuple[int, int]]:
    """Pairs of sites whose stretches are at most `along_m` apart; `stretches` are sorted by their start."""
    pairs: set[tuple[int, int]] = set()
    open_: list[tuple[float, int]] = []  # end, site
    for start, end, site in stretches:
        open_ = [(until, other) for until, other in open_ if until + along_m >= start]
        pairs.update((other, site) for _until, other in open_ if other != site)
        open_.append((end, site))
    return pairs


# ------------------------------------------------------------------ projection
@lru_cache(maxsize=32)
def _transverse_mercator(latitude: float, longitude: float) -> Transformer:
    """From WGS 84 to metres around a place; making one takes longer than using it."""
    plane = f"+proj=tmerc +lat_0={latitude} +lon_0={longitude} +k=1 +ellps=WGS84 +units=m"
    return Transformer.from_crs(CRS.from_epsg(4326), CRS.from_proj4(plane), always_xy=True)


def _projected(
    sites: Sequence[BaseGeometry], roads: Sequence[BaseGeometry]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """All geometries in metres, around the middle of the sites."""
    west, south, east, north = shapely.total_bounds(np.array(sites, dtype=object))
    turn = _transverse_mercator(round((south + north) / 2, 1), round((west + east) / 2, 1))

    def metres(geometries: Sequence[BaseGeometry]) -> npt.NDArray[Any]:
        array = np.array(geometries, dtype=object)
        if not len(array):
            return array
        moved: npt.NDArray[Any] = shapely.transform(
            array, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))
        )
        return moved

    return metres(sites), metres(roads)
