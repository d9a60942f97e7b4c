"""Which places lie at a point: the index on the boxes first, then the exact outline; for many points, a tree
of the communes of a territory, kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol
from uuid import UUID

import shapely
from django.db import connection

from belvedere.domains.territory.models import Place, PlaceBoundary
from belvedere.domains.territory.queries import on, place_views, places_of
from belvedere.domains.territory.states import Level
from belvedere.domains.territory.values import PlaceView, TerritoryView
from belvedere.kernel.clock import today
from belvedere.kernel.geometry import Shape, from_wkb

# The expression of the index `boundary_box`, to the letter.
_AT = """
    SELECT boundary.place_id, boundary.geometry
    FROM territory_placeboundary boundary JOIN territory_place place ON place.id = boundary.place_id
    WHERE box(point(boundary.east, boundary.north), point(boundary.west, boundary.south))
          {operator} box(point(%s, %s), point(%s, %s))
      AND (boundary.valid_from IS NULL OR boundary.valid_from <= %s)
      AND (boundary.valid_to IS NULL OR boundary.valid_to > %s)
      AND (place.valid_from IS NULL OR place.valid_from <= %s)
      AND (place.valid_to IS NULL OR place.valid_to > %s)
"""


def places_at(longitude: float, latitude: float, day: date) -> list[PlaceView]:
    """The places whose outline holds the point on `day`, the smallest area first."""
    point = shapely.Point(longitude, latitude)
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            _AT.format(operator="@>"), [longitude, latitude, longitude, latitude, day, day, day, day]
        )
        for place_id, wkb in cursor.fetchall():
            geometry = shapely.from_wkb(bytes(wkb))
            if geometry.covers(point):
                found.append((geometry.area, place_id))
    views = {view.id: view for view in place_views(Place.objects.filter(pk__in=[pk for _area, pk in found]))}
    return [views[place_id] for _area, place_id in sorted(found)]


def places_touched(shape: Shape, day: date, level: Level = Level.COMMUNE) -> list[UUID]:
    """The places of a level that share more than an edge with `shape` on `day`, the largest share first."""
    west, south, east, north = shape.box.as_tuple()
    found: list[tuple[float, UUID]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            _AT.format(operator="&&") + " AND place.level = %s",
            [east, north, west, south, day, day, day, day, level.value],
        )
        for place_id, wkb in cursor.fetchall():
            shared = shapely.from_wkb(bytes(wkb)).intersection(shape.geometry)
            if not shared.is_empty and shapely.get_dimensions(shared) == shapely.get_dimensions(
                shape.geometry
            ):
                found.append((-(shared.area or shared.length), place_id))
    return [place_id for _share, place_id in sorted(found)]


def boundaries(place_ids: Sequence[UUID], day: date) -> dict[UUID, Shape]:
    """The outlines in force on `day`, by place."""
    rows = PlaceBoundary.objects.filter(on(day), place_id__in=place_ids)
    return {row.place_id: from_wkb(row.geometry) for row in rows}


class Located(Protocol):
    """What stands at a point (degrees, WGS 84), and in a place."""

    longitude: float | None
    latitude: float | None
    place_id: UUID | None


def put_in_communes(territory: TerritoryView, rows: Sequence[Located]) -> None:
    """In which commune of the territory each lies today (not saved); None outside, and without a point."""
    for row in rows:
        row.place_id = None
        if row.longitude is not None and row.latitude is not None:
            row.place_id = commune_at(territory, row.longitude, row.latitude)


def commune_at(territory: TerritoryView, longitude: float, latitude: float) -> UUID | None:
    """The commune of the territory in which the point lies today; None outside of all."""
    day = today(territory.zone)
    key = (territory.id, territory.version, day)
    if key not in _trees:
        if len(_trees) >= _MOST_TREES:
            _trees.clear()
        _trees[key] = _tree(territory, day)
    tree, places = _trees[key]
    found = tree.query(shapely.Point(longitude, latitude), predicate="intersects")
    return places[int(found.min())] if len(found) else None


_MOST_TREES: Final = 50
_trees: dict[tuple[UUID, int, date], tuple[shapely.STRtree, list[UUID]]] = {}


def _tree(territory: TerritoryView, day: date) -> tuple[shapely.STRtree, list[UUID]]:
    outlines = boundaries([place.id for place in places_of(territory, day, Level.COMMUNE)], day)
    return shapely.STRtree([outline.geometry for outline in outlines.values()]), list(outlines)
