"""What is said of sensors, on weeks whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belvedere.science.anomalies import readings

WEEK = 7 * 24


def weather(rows: int, seed: int = 1) -> np.ndarray:
    """Temperatures of one valley: a day's curve, a front that comes on the last day, noise of 0.3 °C."""
    dice = np.random.default_rng(seed)
    hour = np.arange(WEEK)
    valley = 10 + 5 * np.sin(hour / 24 * 2 * np.pi) + np.where(hour >= 6 * 24, -6.0, 0.0)
    return valley + dice.normal(0, 2, rows)[:, None] + dice.normal(0, 0.3, (rows, WEEK))


def test_completeness_counts_against_what_is_expected() -> None:
    counts = np.array([[4] * 24, [4, 0] * 12, [9] * 24, [0] * 24, [1] * 24])
    share = readings.completeness(counts, np.array([96.0, 96.0, 96.0, 96.0, 0.0]))
    assert share[:4].tolist() == [1.0, 0.5, 1.0, 0.0] and np.isnan(share[4])


@settings(max_examples=60)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=40))
def test_the_longest_gap_is_that_between_readings(counts: list[int]) -> None:
    inner = "".join("x" if one else "." for one in counts).strip(".")
    right = max((len(part) for part in inner.split("x")), default=0)
    assert readings.longest_gap(np.array([counts], np.int64)).tolist() == [right]


def test_unchanged_goes_back_to_the_last_other_value() -> None:
    nan = np.nan
    lows = np.array(
        [
            [1, 2, 2, nan, 2, nan],  # four hours, the silent one in between with them
            [1, 1, 1, 1, 1, 1],
            [1, 2, 3, 4, 5, 6],
            [nan] * 6,
            [3, 3, 3, 3, 3, 2],
        ]
    )
    highs = lows.copy()
    highs[4, 5] = 3  # two values within the last hour
    assert readings.unchanged(lows, highs).tolist() == [4, 6, 1, 0, 0]


def test_outside_counts_hours_and_knows_open_bounds() -> None:
    lows = np.array([[0.0, -1, 5, np.nan]] * 3)
    highs = np.array([[1.0, 2, 50, np.nan]] * 3)
    least, greatest = np.array([0.0, np.nan, np.nan]), np.array([10.0, 10.0, np.nan])
    assert readings.outside(lows, highs, least, greatest).tolist() == [2, 1, 0]


def test_drift_finds_the_one_that_left_its_neighbours_and_forgives_the_front() -> None:
    means = weather(12)
    means[7, -24:] += 4
    found = readings.drift(means, np.zeros(12, np.int64))
    assert np.flatnonzero(np.abs(found) > 6).tolist() == [7]
    assert found[7] > 0
    # Alone, a sensor cannot tell the front from a fault: both lie below what was usual.
    alone = readings.drift(means[:1], np.zeros(1, np.int64))
    assert alone[0] < -6


def test_drift_is_not_told_from_too_little() -> None:
    means = weather(6)
    means[0, -24:] = np.nan
    means[1, : 6 * 24] = np.nan
    means[2] = 4.0
    found = readings.drift(means, np.arange(6))
    assert np.isnan(found[:3]).all() and not np.isnan(found[3:]).any()


@pytest.mark.parametrize("scale", [0.001, 1000.0])
def test_drift_does_not_depend_on_the_unit(scale: float) -> None:
    means, groups = weather(8, seed=3), np.zeros(8, np.int64)
    assert readings.drift(means * scale, groups) == pytest.approx(readings.drift(means, groups))
