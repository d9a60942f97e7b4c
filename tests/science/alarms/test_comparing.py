"""How far a number lies from what it is compared with; the others of a group, whatever their order."""

from __future__ import annotations

import math
import random
import statistics

import pytest

from belvedere.science.alarms.comparing import FEWEST, Apart, Group, Measure, distance, level_of


def test_a_distance_is_told_as_a_share_in_units_or_in_deviations() -> None:
    assert distance(15, 10, 2, Measure.SHARE) == 0.5
    assert distance(15, -10, 2, Measure.SHARE) == 2.5
    assert distance(15, 10, 2, Measure.UNITS) == 5
    assert distance(15, 10, 2, Measure.DEVIATIONS) == 2.5
    for nothing in (
        distance(15, 0, 2, Measure.SHARE),
        distance(15, 10, 0, Measure.DEVIATIONS),
        distance(15, math.nan, math.nan, Measure.UNITS),
    ):
        assert math.isnan(nothing)


def test_the_level_lies_on_the_side_that_is_wrong() -> None:
    assert level_of(Apart.ABOVE, 0.5, 0.2).holds(0.6, raised=False)
    below = level_of(Apart.BELOW, 0.5, 0.2)
    assert below.holds(-0.6, raised=False) and not below.holds(0.6, raised=False)
    assert below.holds(-0.3, raised=True) and not below.holds(-0.1, raised=True)


def test_fewer_than_four_others_say_nothing() -> None:
    group = Group(3600)
    for who in range(FEWEST):
        group.tell(who, 10.0, float(who))
    assert math.isnan(group.median_of_others(0))
    assert group.median_of_others(99) == 1.5
    group.tell(99, 11.0, 50.0)
    assert group.median_of_others(99) == 1.5 and group.median_of_others(0) == 2.5


@pytest.mark.parametrize("seed", range(5))
def test_the_middle_is_that_of_the_last_readings_that_are_fresh(seed: int) -> None:
    chance, group, last = random.Random(seed), Group(100.0), dict[int, tuple[float, float]]()
    for _reading in range(400):
        who, at = chance.randrange(12), _reading * 7 - chance.uniform(0, 60)
        if who in last and last[who][0] >= at:
            continue
        number = chance.choice((1.0, 2.0, 2.0, 5.5))
        last[who] = (at, number)
        group.tell(who, at, number)
        newest = max(at for at, _number in last.values())
        others = [n for one, (at, n) in last.items() if one != who and at >= newest - 100]
        told = group.median_of_others(who)
        assert math.isnan(told) if len(others) < FEWEST else told == statistics.median(others)
    again = Group(100.0)
    for who in chance.sample(sorted(last), len(last)):
        again.tell(who, *last[who])
    for who in last:
        assert repr(again.median_of_others(who)) == repr(group.median_of_others(who))
