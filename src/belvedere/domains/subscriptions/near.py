"""Which published measures lie near a point or a street, by the true distance to their sites.

No external service: the sites are held in memory, for as long as nothing public changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
import shapely
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import MeasureFilter, queries

DEGREE_M: Final = 6_371_008.8 * math.pi / 180  # of a great circle, mean radius of the Earth (IUGG)


@dataclass(frozen=True, slots=True)
class Near:
    """`distance_m`: to the nearest site, 0 inside. `about`: only placed at the centre of its commune."""

    measure_id: UUID
    distance_m: float
    about: bool


@dataclass(frozen=True, slots=True)
class _Held:
    state: str
    ids: list[UUID]  # one for each geometry
    about: frozenset[UUID]
    geometries: list[BaseGeometry]
    tree: shapely.STRtree


_held: dict[UUID, _Held] = {}
_PUBLIC = Actor.public()


def near(territory_id: UUID, where: BaseGeometry, radius_m: float) -> list[Near]:
    """The published measures within `radius_m` metres of `where` (WGS 84), nearest first.

    Distances are planar after scaling at the latitude of `where`: right to 0.1 % within 20 km.
    """
    held = _sites(territory_id)
    scale_x = DEGREE_M * math.cos(math.radians(where.centroid.y))
    flat = [scale_x, 0, 0, DEGREE_M, 0, 0]
    margin_x, margin_y = radius_m / scale_x * 1.01, radius_m / DEGREE_M * 1.01
    west, south, east, north = where.bounds
    box = shapely.box(west - margin_x, south - margin_y, east + margin_x, north + margin_y)
    target = affine_transform(where, flat)
    best: dict[UUID, float] = {}
    for at in np.sort(held.tree.query(box)):
        distance = float(target.distance(affine_transform(held.geometries[at], flat)))
        key = held.ids[at]
        if distance <= radius_m and distance < best.get(key, math.inf):
            best[key] = distance
    found = [Near(key, distance, key in held.about) for key, distance in best.items()]
    return sorted(found, key=lambda one: (one.distance_m, one.measure_id))


def _sites(territory_id: UUID) -> _Held:
    state = queries.state_of(_PUBLIC, territory_id)
    held = _held.get(territory_id)
    if held is not None and held.state == state:
        return held
    points = queries.points(_PUBLIC, territory_id, MeasureFilter(), language="fr")
    about = frozenset(UUID(pk) for pk, far in zip(points.ids, points.approximate, strict=True) if far)
    ids: list[UUID] = []
    geometries: list[BaseGeometry] = []
    for key, shapes in queries.geometries(_PUBLIC, territory_id, [UUID(pk) for pk in points.ids]).items():
        ids += [key] * len(shapes)
        geometries += [shapely.from_wkb(shape) for shape in shapes]
    if len(_held) > 50:
        _held.clear()
    held = _held[territory_id] = _Held(state, ids, about, geometries, shapely.STRtree(geometries))
    return held
