"""Where things lie that say it in GeoJSON: their shape, and the commune they are in."""

from __future__ import annotations

import struct
from typing import Any
from uuid import UUID

import msgspec

from belvedere.domains.territory.public import TerritoryView, commune_at
from belvedere.kernel.geometry import BadGeometry, from_geojson

_POINT = struct.Struct("<BIdd").pack


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
        return Placed(_POINT(1, 1, x, y).hex(), x, y, x, y, x, y, commune_at(territory, x, y))
    try:
        shape = from_geojson(geojson)
    except BadGeometry:
        return Placed()
    (x, y), box = shape.centre, shape.box
    place = commune_at(territory, x, y)
    return Placed(shape.wkb.hex(), x, y, box.west, box.south, box.east, box.north, place)
