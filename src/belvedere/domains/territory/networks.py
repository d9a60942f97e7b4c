"""Typed reads of networks: which there are, which lines lie in a box or near a shape."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import shapely
from django.db import connection
from django.db.models import Count

from belvedere.domains.territory.models import Network
from belvedere.domains.territory.states import NetworkKind
from belvedere.domains.territory.values import NetworkLineView, NetworkView
from belvedere.kernel.geometry import Box, Shape, from_wkb

# The expression of the index `network_line_box`, to the letter.
_IN_BOX = """
    SELECT line.id, line.network_id, line.name, line.number, line.geometry
    FROM territory_networkline line JOIN territory_network network ON network.id = line.network_id
    WHERE box(point(line.east, line.north), point(line.west, line.south)) && box(point(%s, %s), point(%s, %s))
      AND network.territory_id = %s AND (network.kind = %s OR %s IS NULL)
    ORDER BY line.id LIMIT %s
"""
DEGREE_M = 111_320.0


def networks(territory_id: UUID) -> list[NetworkView]:
    """The networks of a territory by name, with how many lines each holds."""
    rows = Network.objects.filter(territory_id=territory_id).annotate(count=Count("lines")).order_by("name")
    return [
        NetworkView(
            row.pk,
            row.territory_id,
            row.name,
            NetworkKind(row.kind),
            row.source,
            row.licence,
            row.imported_at,
            row.count,
        )
        for row in rows
    ]


def network_lines(
    territory_id: UUID, box: Box, most: int = 5000, kind: NetworkKind | None = None
) -> list[NetworkLineView]:
    """At most `most` lines of all networks of a territory, or of those of a kind, whose bounding box meets
    `box` (degrees)."""
    of_kind = None if kind is None else kind.value
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_BOX, [box.east, box.north, box.west, box.south, territory_id, of_kind, of_kind, most]
        )
        rows: Sequence[tuple[int, UUID, str, str, memoryview]] = cursor.fetchall()
    return [
        NetworkLineView(pk, network, name, number, from_wkb(wkb)) for pk, network, name, number, wkb in rows
    ]


def follows_network(territory_id: UUID, shape: Shape, within_m: float = 1.0) -> bool:
    """Whether every position of `shape` lies on a line of a network, to `within_m` metres."""
    west, south, east, north = shape.box.as_tuple()
    margin = 2 * within_m / DEGREE_M
    box = Box(west - margin * 2, south - margin, east + margin * 2, north + margin)
    lines = [line.shape.geometry for line in network_lines(territory_id, box)]
    if not lines:
        return False
    # Equal lengths in both directions at this latitude; within a few kilometres the error is a thousandth.
    flat = _flattened([*lines, shape.geometry], (south + north) / 2)
    tree = shapely.STRtree(flat[:-1])
    positions = np.asarray(shapely.points(shapely.get_coordinates(flat[-1])))
    _at, distances = tree.query_nearest(positions, return_distance=True, all_matches=False)
    return bool(len(distances) == len(positions) and distances.max() <= within_m)


def _flattened(geometries: list[shapely.Geometry], latitude: float) -> list[shapely.Geometry]:
    scale = np.array([DEGREE_M * np.cos(np.radians(latitude)), DEGREE_M])
    return [shapely.transform(geometry, lambda xy: xy * scale) for geometry in geometries]
