"""Ways along a network: the shortest one, around what no road crosses, and straight where none leads."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from belvedere.science.visits.ordering import distance_m, ordered
from belvedere.science.visits.roads import DEGREE_M, Ways

LON, LAT = 7.5, 46.3
Spot = tuple[float, float]


def at(east_m: float, north_m: float) -> Spot:
    """A place by metres from the middle of the example."""
    return LON + east_m / (DEGREE_M * cos(radians(LAT))), LAT + north_m / DEGREE_M


def line(*metres: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([at(*one) for one in metres])


#: Two banks with a road each; the only bridge is 2 km upstream.
BANKS = [
    line((0, 0), (1000, 0), (2000, 0)),
    line((2000, 0), (2000, 200)),
    line((0, 200), (2000, 200)),
]


def test_a_way_goes_over_the_bridge_not_through_the_river() -> None:
    ways = Ways(BANKS, [at(100, -5), at(100, 205), at(900, 0)])
    assert ways.legs[0][1] == pytest.approx(1900 + 200 + 1900 + 10, abs=2)
    assert ways.legs[0][2] == pytest.approx(805, abs=2)
    assert all(ways.by_road[a][b] for a, b in ((0, 1), (1, 0), (0, 2)))
    way = ways.drawn(0, 1)
    assert (way[0], way[-1]) == (at(100, -5), at(100, 205))
    assert max(x for x, _y in way) == pytest.approx(at(2000, 0)[0])


def test_the_order_of_a_day_follows_the_roads() -> None:
    """On straight lines one would cross the river twice."""
    spots = [at(0, 0), at(50, 200), at(500, 0), at(550, 200), at(1000, 0)]
    assert ordered(Ways([], spots).legs).order[1] == 1
    found = ordered(Ways(BANKS, spots).legs)
    assert found.order == (0, 2, 4, 3, 1)
    assert found.after_m == pytest.approx(2000 + 200 + 1950, abs=2)


def test_visits_on_one_stretch_lie_behind_each_other() -> None:
    ways = Ways([line((0, 0), (1000, 0))], [at(900, 0), at(100, 0), at(400, 0), at(400, 0)])
    assert ways.legs[0] == pytest.approx([0, 800, 500, 500], abs=1)
    assert ways.legs[2][3] == 0
    assert [x for x, _y in ways.drawn(0, 1)] == sorted((x for x, _y in ways.drawn(0, 1)), reverse=True)


def test_no_road_leads_there() -> None:
    """Another island of roads, a place far from all, a neighbour nearer than the road."""
    island = line((0, 5000), (1000, 5000))
    spots = [at(0, 0), at(500, 5000), at(1000, 900), at(500, -40), at(500, -41)]
    ways = Ways([*BANKS, island], spots)
    for a, b in ((0, 1), (0, 2), (1, 2), (3, 4)):
        assert not ways.by_road[a][b]
        assert ways.legs[a][b] == distance_m(spots[a], spots[b])
        assert ways.drawn(a, b) == [spots[a], spots[b]]
    assert ways.by_road[0][3]


def test_a_ring_is_driven_the_short_way_round() -> None:
    ring = line((0, 0), (300, 0), (300, 300), (0, 300), (0, 0))
    ways = Ways([ring, line((-500, 0), (0, 0))], [at(-500, 0), at(0, 100), at(100, 0)])
    assert ways.legs[0] == pytest.approx([0, 600, 600], abs=1)
    assert ways.legs[1][2] == pytest.approx(200, abs=1)


def test_nothing_to_visit_and_no_roads() -> None:
    assert Ways([], []).legs == []
    assert Ways([shapely.LineString(), line((0, 0), (0, 0))], [at(0, 0)]).legs == [[0.0]]
    several = shapely.MultiLineString([line((0, 0), (500, 0)), line((500, 0), (500, 500))])
    assert Ways([several], [at(0, 0), at(500, 500)]).legs[0][1] == pytest.approx(1000, abs=1)


GRID = [
    line(*((100 * x + 100 * step * dx, 100 * y + 100 * step * dy) for step in (0, 0.4, 1)))
    for x in range(6)
    for y in range(6)
    for dx, dy in ((1, 0), (0, 1))
]
crossings = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda one: one != (6, 6))


@given(st.lists(crossings, min_size=2, max_size=7))
def test_on_a_grid_of_streets_a_way_is_as_long_as_its_blocks(chosen: list[tuple[int, int]]) -> None:
    spots = [at(100 * x, 100 * y) for x, y in chosen]
    ways = Ways(GRID, spots)
    for a, (x, y) in enumerate(chosen):
        for b, (u, v) in enumerate(chosen):
            outside = x == u == 6 or y == v == 6  # there is no street along the last row and column
            if not outside:
                assert ways.legs[a][b] == pytest.approx(100 * (abs(x - u) + abs(y - v)), abs=1)
            assert ways.legs[a][b] == pytest.approx(ways.legs[b][a], abs=0.01)
            drawn = sum(distance_m(one, other) for one, other in pairwise(ways.drawn(a, b)))
            assert drawn == pytest.approx(ways.legs[a][b], abs=1)
