"""Where things lie that say it in GeoJSON: their shape, and the commune they are in."""

from __future__ import annotations

import struct
from typing import Any
from uuid import UUID

import msgspec
import shapely

from belvedere.domains.territory.public import Level, TerritoryView, boundaries, places_of
from belvedere.kernel.clock import today
from belvedere.kernel.geometry import BadGeometry, from_geojson

_POINT = struct.Struct("<BIdd").pack
_MOST_TREES = 50


class Placed(msgspec.Struct):
    """The columns of a thing that say where it is; all None for a thing without a place."""

    geometry: str | None = None  # WKB in hexadecimal
    longitude: float | None = None
    latitude: float | None = None
    west: float | None = None
    south: float | None = None
    east: float | None = None
    north: float | None = None
    place_id: UUID | None = None


def placed(territory: TerritoryView, geojson: Any) -> Placed:
    """Where a geometry lies. What is a geometry and yet not on the Earth's map (degrees beyond the poles, an
    outline without an area) has no place: the value is kept as it was said."""
    if not isinstance(geojson, dict):
        return Placed()
    if geojson.get("type") == "Point":
        x, y = float(geojson["coordinates"][0]), float(geojson["coordinates"][1])
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            return Placed()
        return Placed(_POINT(1, 1, x, y).hex(), x, y, x, y, x, y, _commune(territory, x, y))
    try:
        shape = from_geojson(geojson)
    except BadGeometry:
        return Placed()
    (x, y), box = shape.centre, shape.box
    place = _commune(territory, x, y)
    return Placed(shape.wkb.hex(), x, y, box.west, box.south, box.east, box.north, place)


Tree = tuple[Any, list[UUID]]
_trees: dict[tuple[UUID, int, Any], Tree | None] = {}


def _commune(territory: TerritoryView, x: float, y: float) -> UUID | None:
    day = today(territory.zone)
    key = (territory.id, territory.version, day)
    if key not in _trees:
        if len(_trees) >= _MOST_TREES:
            _trees.clear()
        _trees[key] = _tree(territory, day)
    tree = _trees[key]
    if tree is None:
        return None
    found = tree[0].query(shapely.Point(x, y), predicate="intersects")
    return tree[1][int(found.min())] if len(found) else None


def _tree(territory: TerritoryView, day: Any) -> Tree | None:
    outlines = boundaries([place.id for place in places_of(territory, day, Level.COMMUNE)], day)
    if not outlines:
        return None
    keys = list(outlines)
    return shapely.STRtree([outlines[key].geometry for key in keys]), keys
