"""The ways between visits: along the roads of the territory's networks, else straight."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from uuid import UUID

from belvedere.domains.territory.public import NetworkKind, network_lines
from belvedere.kernel.geometry import Box
from belvedere.science.visits.ordering import Spot
from belvedere.science.visits.roads import DEGREE_M, Ways

#: More lines than this around a day's visits are not read: the ways are straight then.
MOST_LINES = 60_000
#: How far beyond the visits roads are looked at: a share of their extent, and metres at least.
AROUND, AROUND_M = 0.5, 3_000.0


def ways_between(territory_id: UUID, spots: Sequence[Spot]) -> Ways:
    """The ways between visits (longitude and latitude in degrees) along the roads that the territory has."""
    if len(spots) < 2:
        return Ways((), spots)
    lines = network_lines(territory_id, _around(spots), MOST_LINES + 1, NetworkKind.ROAD)
    known = lines if len(lines) <= MOST_LINES else ()
    return Ways((line.shape.geometry for line in known), spots)


def _around(spots: Sequence[Spot]) -> Box:
    x, y = [one[0] for one in spots], [one[1] for one in spots]
    up = max((max(y) - min(y)) * AROUND, AROUND_M / DEGREE_M)
    aside = max((max(x) - min(x)) * AROUND, AROUND_M / DEGREE_M / cos(radians(max(map(abs, y)))))
    return Box(min(x) - aside, min(y) - up, max(x) + aside, max(y) + up)
