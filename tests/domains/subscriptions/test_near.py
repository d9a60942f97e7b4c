"""Near means near: against the distance on the ellipsoid, for every published site."""

from __future__ import annotations

import random
from typing import Any

import pytest
import shapely

from belvedere.domains.subscriptions.errors import BadScope
from belvedere.domains.subscriptions.public import near, of_circle
from belvedere.kernel.geometry import EARTH
from tests.faces.web.plans_examples import create, point


@pytest.mark.django_db
def test_near_agrees_with_the_ellipsoid_and_leaves_the_unpublished_out(valbelle: Any) -> None:
    chance = random.Random(7)
    places = {}
    for number in range(40):
        at = (7.4 + chance.uniform(-0.03, 0.03), 46.2 + chance.uniform(-0.02, 0.02))
        published = number % 4 != 0
        key = create(valbelle, valbelle.montaigu, f"M{number}", published=published, sites=(point(*at),))
        if published:
            places[key] = EARTH.inv(7.4, 46.2, *at)[2]
    for radius in (500, 1000, 2000):
        found = near(valbelle.territory.pk, shapely.Point(7.4, 46.2), radius)
        assert {one.measure_id for one in found} == {key for key, far in places.items() if far <= radius}
        assert found == sorted(found, key=lambda one: one.distance_m)
        for one in found:
            assert one.distance_m == pytest.approx(places[one.measure_id], rel=0.004)


@pytest.mark.parametrize(
    ("longitude", "latitude", "radius"),
    [(181, 46, 500), (7, 91, 500), (float("nan"), 46, 500), (float("inf"), 46, 500), (7, 46, 501)],
)
def test_a_circle_that_is_none_is_refused(longitude: float, latitude: float, radius: int) -> None:
    with pytest.raises(BadScope):
        of_circle(longitude, latitude, radius)


def test_a_position_is_kept_no_finer_than_a_hundred_metres() -> None:
    scope = of_circle(7.40149, 46.20051, 500)
    assert scope.centre == (7.401, 46.201)
    assert of_circle(7.4011, 46.2009, 500).key == scope.key
