"""Works that meet: against brute force in another projection, and by hand at each edge."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from belvedere.kernel.errors import InvalidInput
from belvedere.science.coordination.meeting import (
    Meeting,
    Params,
    Place,
    Road,
    Site,
    Time,
    find_meetings,
)

SWISS = Transformer.from_crs("EPSG:2056", "EPSG:4326", always_xy=True)
GRID = Transformer.from_crs("EPSG:4326", "EPSG:2056", always_xy=True)
EAST, NORTH = 2_594_000.0, 1_120_000.0  # Sion
EDGE_M = 0.05  # pairs so near the threshold may fall on either side: the projections differ by that much
TOWN = UUID(int=1)


def moved(geometry: Any, by: Transformer) -> Any:
    return shapely.transform(geometry, lambda xy: np.column_stack(by.transform(xy[:, 0], xy[:, 1])))


def here(geometry: Any) -> Any:
    """A drawing in metres around Sion as WGS 84."""
    return moved(shapely.transform(geometry, lambda xy: xy + np.array([EAST, NORTH])), SWISS)


def site(work: int, geometry: Any, start: str, end: str, organisation: UUID = TOWN) -> Site:
    return Site(
        UUID(int=work), organisation, here(geometry), date.fromisoformat(start), date.fromisoformat(end)
    )


def random_sites(count: int, seed: int, size_m: float, works: int | None = None) -> list[Site]:
    chance = random.Random(seed)
    made = []
    for number in range(count):
        x, y = chance.uniform(0, size_m), chance.uniform(0, size_m)
        shape: Any
        match chance.randrange(3):
            case 0:
                shape = shapely.Point(x, y)
            case 1:
                turns = [(x + chance.uniform(-150, 150), y + chance.uniform(-150, 150)) for _ in range(3)]
                shape = shapely.LineString([(x, y), *turns])
            case _:
                shape = shapely.box(x, y, x + chance.uniform(5, 120), y + chance.uniform(5, 120))
        start = date(2026, 1, 1) + timedelta(days=chance.randrange(0, 15 * 365))
        end = start + timedelta(days=chance.randrange(20, 900))
        work = UUID(int=number if works is None else chance.randrange(works))
        if works is not None:  # the sites of a work have one period
            steady = random.Random(work.int + seed)
            start = date(2026, 1, 1) + timedelta(days=steady.randrange(0, 15 * 365))
            end = start + timedelta(days=400)
        made.append(Site(work, UUID(int=chance.randrange(5)), here(shape), start, end))
    return made


def brute(sites: list[Site], params: Params) -> tuple[dict[tuple[UUID, UUID], float], set[tuple[UUID, UUID]]]:
    """Every pair measured in the national grid: nearest distances, and the pairs on the edge."""
    flat = np.array([moved(one.geometry, GRID) for one in sites], dtype=object)
    starts = np.array([one.start.toordinal() for one in sites])
    ends = np.array([one.end.toordinal() for one in sites])
    found: dict[tuple[UUID, UUID], float] = {}
    edge: set[tuple[UUID, UUID]] = set()
    for a in range(len(sites) - 1):
        others = np.arange(a + 1, len(sites))
        gaps = np.maximum(starts[others] - ends[a], starts[a] - ends[others])
        others = others[gaps <= params.within_years * 365.25]
        for b, distance in zip(others, shapely.distance(flat[a], flat[others]), strict=True):
            pair = tuple(sorted((sites[a].work, sites[b].work)))
            if pair[0] == pair[1]:
                continue
            if abs(distance - params.within_m) < EDGE_M:
                edge.add((pair[0], pair[1]))
            if distance <= params.within_m:
                found[pair[0], pair[1]] = min(distance, found.get((pair[0], pair[1]), np.inf))
    return found, edge


def compare(sites: list[Site], params: Params) -> int:
    found = {tuple(sorted((one.first, one.second))): one for one in find_meetings(sites, params=params)}
    expected, edge = brute(sites, params)
    assert set(found) ^ set(expected) <= edge
    for pair, distance in expected.items():
        if pair in found and pair not in edge:
            assert found[pair].distance_m == pytest.approx(distance, abs=EDGE_M)
            assert (found[pair].place is Place.OVERLAP) == (distance == 0)
    return len(found)


def test_the_same_as_brute_force_on_2000_sites() -> None:
    met = compare(random_sites(2000, 7, 9_000), Params(within_m=40, within_years=3))
    assert 300 < met < 20_000, "an answer that is neither empty nor everything"


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    within_m=st.floats(0, 400),
    years=st.floats(0, 12),
    works=st.integers(2, 40),
)
def test_the_same_as_brute_force_whatever_the_parameters(
    seed: int, within_m: float, years: float, works: int
) -> None:
    compare(random_sites(60, seed, 1_200, works), Params(within_m, 0, years))


def test_the_order_of_the_sites_changes_nothing() -> None:
    sites = random_sites(150, 3, 1_500)
    turned = sites[::-1]

    def told(found: list[Meeting], given: list[Site]) -> list[Any]:
        return [(m.first, m.second, m.place, m.time, round(m.distance_m, 6), m.gap_days) for m in found]

    params = Params(60, 0, 4)
    assert told(find_meetings(sites, params=params), sites) == told(
        find_meetings(turned, params=params), turned
    )


def on_road(site_shape: Any, road: Any, within_m: float) -> Any:
    """Where along a road (every 25 cm) it lies near a site."""
    along = np.arange(0, road.length, 0.25)
    return along[shapely.distance(site_shape, shapely.line_interpolate_point(road, along)) <= within_m]


def test_the_same_road_is_the_same_as_by_walking_it() -> None:
    sites = random_sites(70, 11, 1_000)
    drawn = [shapely.LineString([(0, y), (400, y + 90), (1_000, y - 60)]) for y in (150, 500, 850)]
    roads = [Road(n, here(line)) for n, line in enumerate(drawn)]
    params = Params(within_m=25, along_m=80, within_years=15)
    origin = np.array([EAST, NORTH])
    flat = [shapely.transform(moved(one.geometry, GRID), lambda xy: xy - origin) for one in sites]
    walked: dict[frozenset[UUID], float] = {}
    for road in drawn:
        places = [on_road(shape, road, params.within_m) for shape in flat]
        for a in range(len(sites)):
            for b in range(a + 1, len(sites)):
                if len(places[a]) and len(places[b]):
                    apart = float(np.abs(places[a][:, None] - places[b][None, :]).min())
                    pair = frozenset((sites[a].work, sites[b].work))
                    walked[pair] = min(apart, walked.get(pair, np.inf))
    near = {frozenset((one.first, one.second)) for one in find_meetings(sites, params=params)}
    found = {frozenset((one.first, one.second)) for one in find_meetings(sites, roads, params)}
    sure = {pair for pair, apart in walked.items() if apart < params.along_m - 3}
    perhaps = {pair for pair, apart in walked.items() if apart < params.along_m + 3}
    assert near <= found
    assert sure <= found <= near | perhaps
    assert found - near, "the road finds what lies apart"


STREET = shapely.LineString([(0, 0), (100, 0)])


def only(*sites: Site, roads: tuple[Road, ...] = (), params: Params | None = None) -> Meeting:
    (meeting,) = find_meetings(list(sites), roads, params)
    return meeting


def test_the_same_street_twice_and_at_the_same_time() -> None:
    first = site(2, STREET, "2027-03-01", "2027-10-31")
    again = site(1, STREET, "2029-03-01", "2029-10-31", UUID(int=9))
    told = only(again, first)
    assert (told.first, told.second) == (UUID(int=2), UUID(int=1)), "who starts first"
    assert (told.place, told.time, told.gap_days) == (Place.OVERLAP, Time.SECOND_TIME, 487)
    assert told.same_organisation is False and told.sites == (1, 0)
    together = only(first, site(1, STREET, "2027-10-31", "2028-06-01"))
    assert (together.time, together.gap_days) == (Time.SAME_TIME, 0), "the last day of the one"


@pytest.mark.parametrize(("apart", "met"), [(29.9, 1), (30.1, 0)])
def test_the_distance_has_an_edge(apart: float, met: int) -> None:
    beside = shapely.LineString([(0, apart), (100, apart)])
    sites = [site(1, STREET, "2027-01-01", "2027-12-31"), site(2, beside, "2027-01-01", "2027-12-31")]
    assert len(find_meetings(sites, params=Params(within_m=30))) == met


@pytest.mark.parametrize(("start", "met"), [("2031-01-01", 1), ("2031-01-02", 0)])
def test_the_years_have_an_edge(start: str, met: int) -> None:
    sites = [site(1, STREET, "2027-01-01", "2028-01-01"), site(2, STREET, start, "2032-01-01")]
    gap = (date(2031, 1, 1) - date(2028, 1, 1)).days / 365.25
    assert len(find_meetings(sites, params=Params(within_years=gap))) == met


@pytest.mark.parametrize(("gap", "met"), [(90, 1), (170, 0)])
def test_two_ends_of_one_road_meet_along_it(gap: float, met: int) -> None:
    road = Road(5, here(shapely.LineString([(-50, 0), (900, 0)])))
    other = shapely.LineString([(100 + gap, 0), (300 + gap, 0)])
    sites = [site(1, STREET, "2027-01-01", "2027-12-31"), site(2, other, "2028-06-01", "2028-12-31")]
    # Both reach out by 10 m.
    found = find_meetings(sites, [road], Params(within_m=10, along_m=100))
    assert len(found) == met
    if met:
        assert (found[0].place, found[0].road) == (Place.SAME_ROAD, 5)
        assert found[0].distance_m == pytest.approx(gap, abs=0.01)
    assert find_meetings(sites, [], Params(within_m=10, along_m=100)) == []


def test_the_sites_of_one_work_do_not_meet_each_other_and_the_nearest_speaks() -> None:
    far = shapely.Point(0, 20)
    sites = [
        site(1, far, "2027-01-01", "2027-12-31"),
        site(1, STREET, "2027-01-01", "2027-12-31"),
        site(2, shapely.Point(50, 1), "2027-01-01", "2027-12-31"),
    ]
    told = only(*sites)
    assert told.distance_m == pytest.approx(1, abs=0.01) and told.sites == (1, 2)
    assert find_meetings(sites[:2]) == [] and find_meetings([]) == []


def test_bad_parameters_are_refused() -> None:
    for bad in (
        {"within_m": -1},
        {"within_m": 6000},
        {"along_m": -1},
        {"shared_m": -1},
        {"within_years": 31},
    ):
        with pytest.raises(InvalidInput):
            Params(**bad)
    with pytest.raises(InvalidInput):
        site(1, STREET, "2027-02-01", "2027-01-01")


@pytest.mark.parametrize(
    ("other", "stretch"),
    [
        (shapely.LineString([(40, 0), (300, 0)]), 70),  # 60 m together, and 10 m of reach
        (shapely.LineString([(50, -80), (50, 80)]), 20),  # a crossing
        (shapely.box(20, -5, 60, 5), 60),
        (shapely.Point(50, 0), 20),
        (
            shapely.LineString([(-50, 300), (0, 0), (100, 300), (100, 0)]),
            11,
        ),  # two touches are not one stretch
    ],
)
def test_the_stretch_that_both_open(other: Any, stretch: float) -> None:
    sites = [site(1, STREET, "2027-01-01", "2027-12-31"), site(2, other, "2027-01-01", "2027-12-31")]
    (told,) = find_meetings(sites, params=Params(within_m=10))
    assert told.stretch_m == pytest.approx(stretch, abs=1.5)
    assert find_meetings(sites, params=Params(within_m=10, shared_m=stretch + 2)) == []
    assert len(find_meetings(sites, params=Params(within_m=10, shared_m=stretch - 2))) == 1


def test_what_only_crosses_a_road_does_not_run_along_it() -> None:
    road = Road(5, here(shapely.LineString([(-50, 0), (900, 0)])))
    across = shapely.LineString([(180, -60), (180, 60)])
    sites = [site(1, STREET, "2027-01-01", "2027-12-31"), site(2, across, "2028-06-01", "2028-12-31")]
    assert len(find_meetings(sites, [road], Params(within_m=10, along_m=100))) == 1
    assert find_meetings(sites, [road], Params(within_m=10, along_m=100, shared_m=50)) == []
