"""Few points that look the same: extremes stay, gaps stay."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belvedere.domains.observations.public import Points, downsample
from belvedere.kernel.errors import InvalidInput

QUARTER = 900_000_000


def points(numbers: list[float], at: list[int] | None = None) -> Points:
    steps = np.array(at if at is not None else range(len(numbers)), np.int64) * QUARTER
    return Points(steps.view("datetime64[us]"), np.array(numbers, np.float64))


def reference(given: Points, n: int) -> list[int]:
    """Steinarsson's algorithm, bucket by bucket, as the thesis tells it."""
    x, y = given.times.astype(float), given.numbers
    edges = np.linspace(1, len(x) - 1, n - 1).astype(int)
    chosen, last = [0], 0
    for number in range(n - 2):
        low, high = edges[number], edges[number + 1]
        after = range(edges[number + 1], edges[number + 2]) if number < n - 3 else [len(x) - 1]
        cx, cy = np.mean([x[i] for i in after]), np.mean([y[i] for i in after])
        areas = [
            abs((x[last] - cx) * (y[i] - y[last]) - (x[last] - x[i]) * (cy - y[last]))
            for i in range(low, high)
        ]
        last = int(low + int(np.argmax(areas)))
        chosen.append(last)
    return [*chosen, len(x) - 1]


def test_it_is_the_published_algorithm() -> None:
    rng = np.random.default_rng(3)
    line = points(list(rng.normal(0, 1, 500).cumsum()))
    found = downsample(line, 40)
    assert found.times.tolist() == line.times[reference(line, 40)].tolist()
    assert len(found) == 40


def test_the_peak_of_a_flat_year_is_on_the_chart() -> None:
    numbers = [1.0] * 35_040
    numbers[20_000] = 50.0
    assert downsample(points(numbers), 1000).numbers.max() == 50.0


def test_a_gap_is_kept_and_a_short_pause_is_none() -> None:
    at = [*range(100), 101, *range(130, 230)]
    found = downsample(points([1.0] * 201, at), 50, interval=timedelta(minutes=15))
    missing = np.flatnonzero(np.isnan(found.numbers))
    assert len(missing) == 1
    before, after = found.times[missing[0] - 1], found.times[missing[0] + 1]
    assert (before.astype(int) // QUARTER, after.astype(int) // QUARTER) == (101, 130)
    assert not np.isnan(downsample(points([1.0] * 201, at), 50).numbers).any()


def test_fewer_points_than_asked_for_stay_as_they_are() -> None:
    assert downsample(points([3.0, 1.0]), 10).numbers.tolist() == [3.0, 1.0]
    assert len(downsample(points([]), 10, interval=timedelta(minutes=1))) == 0
    with pytest.raises(InvalidInput):
        downsample(points([1.0]), 2)


@settings(max_examples=100)
@given(
    numbers=st.lists(st.floats(-1e6, 1e6), max_size=200),
    n=st.integers(3, 40),
    pauses=st.lists(st.integers(1, 9), min_size=200, max_size=200),
)
def test_what_is_shown_was_measured(numbers: list[float], n: int, pauses: list[int]) -> None:
    at = np.cumsum(pauses[: len(numbers)]).tolist()
    line = points(numbers, at)
    found = downsample(line, n, interval=timedelta(minutes=15))
    real = ~np.isnan(found.numbers)
    known = dict(zip(line.times.tolist(), numbers, strict=True))
    assert all(known[t] == y for t, y in zip(found.times[real].tolist(), found.numbers[real], strict=True))
    assert real.sum() <= max(n, 1)
    assert (np.diff(found.times.astype(np.int64)) > 0).all()
    if numbers:
        assert found.times[0] == line.times[0] and found.times[-1] == line.times[-1]
