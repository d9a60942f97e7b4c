"""Floods, chattering and durations, by hand-counted examples."""

from __future__ import annotations

import pytest

from belvedere.science.alarms.flooding import Flood, Lasted, chattering, floods, lasted

SPAN = 600.0


def spans(*counts: int) -> list[float]:
    """So many alarms in each ten minutes."""
    return [n * SPAN + i for n, count in enumerate(counts) for i in range(count)]


def test_a_flood_begins_above_ten_and_ends_below_five() -> None:
    assert floods(spans(10, 9, 10)) == [], "ten is no flood"
    assert floods(spans(2, 11, 7, 5, 4, 9)) == [Flood(SPAN, 4 * SPAN, 23, 11)]
    assert floods(spans(11)) == [Flood(0, SPAN, 11, 11)]
    assert floods(spans(12, 0, 12)) == [Flood(0, SPAN, 12, 12), Flood(2 * SPAN, 3 * SPAN, 12, 12)]


def test_two_operators_carry_twice_as_many() -> None:
    assert floods(spans(20), operators=2) == []
    assert floods(spans(21, 10, 9), operators=2) == [Flood(0, 2 * SPAN, 31, 21)]


def test_three_times_in_an_hour_chatters() -> None:
    told = chattering({"often": [0, 1800, 3600, 3700, 9000], "rare": [0, 1801, 3602], "never": []})
    assert told == {"often": 3}


def test_the_middle_and_the_ninth_of_ten() -> None:
    assert lasted([]) == Lasted(0, None, None)
    assert lasted([float(n) for n in range(11)]) == Lasted(11, 5.0, pytest.approx(9.0))
