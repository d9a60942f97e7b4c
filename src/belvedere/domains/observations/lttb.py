"""A long series as few points that look the same: Largest-Triangle-Three-Buckets, with its gaps kept.

S. Steinarsson, Downsampling Time Series for Visual Representation, University of Iceland, 2013, §4.2.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from belvedere.domains.observations.reading import series
from belvedere.domains.observations.values import Points
from belvedere.kernel.errors import N_, InvalidInput

#: A pause longer than this many expected intervals is a gap.
GAP = 2.5


def lttb(
    series_id: int, start: datetime, end: datetime, n: int, *, interval: timedelta | None = None
) -> Points:
    """At most `n` points of a series that keep its shape (and a point for each gap, see `downsample`)."""
    return downsample(series(series_id, start, end), n, interval=interval)


def downsample(points: Points, n: int, *, interval: timedelta | None = None) -> Points:
    """`n` points chosen among `points`, the first and the last of each run between gaps with them.

    Args:
        n: at least 3.
        interval: how far apart readings are expected. Where they are GAP times further, a point whose
            number is not a number stands between them: a chart draws no line there.
    """
    if n < 3:
        raise InvalidInput(N_("A chart needs three points at least."), code="too_few_points")
    at = points.times.astype(np.int64)
    breaks = np.empty(0, np.int64)
    if interval is not None and len(at):
        breaks = np.flatnonzero(np.diff(at) > GAP * (interval / timedelta(microseconds=1)))
    chosen = np.arange(len(at)) if len(at) <= n else _chosen(at, points.numbers, n, breaks)
    times, numbers = points.times[chosen], points.numbers[chosen]
    if not len(breaks):
        return Points(times, numbers)
    middle = (at[breaks] + (at[breaks + 1] - at[breaks]) // 2).view("datetime64[us]")
    places = np.searchsorted(times, middle)
    return Points(np.insert(times, places, middle), np.insert(numbers, places, np.nan))


def _chosen(
    at: npt.NDArray[np.int64], numbers: npt.NDArray[np.float64], n: int, breaks: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Indices: each run between gaps gets its part of `n`, by its length."""
    edges = np.concatenate([[0], breaks + 1, [len(at)]])
    if len(edges) > n // 2:  # gaps everywhere: a chart of n points cannot show each of them
        return _triangles(at, numbers, n)
    found = []
    for low, high in pairwise(edges):
        share = max(2, int((high - low) * n / len(at)))
        found.append(low + _triangles(at[low:high], numbers[low:high], share))
    return np.concatenate(found)


def _triangles(at: npt.NDArray[np.int64], numbers: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64]:
    size = len(at)
    if size <= n:
        return np.arange(size)
    if n < 3:
        return np.array([0, size - 1])
    x = (at - at[0]).astype(np.float64)
    edges = np.linspace(1, size - 1, n - 1).astype(np.int64)
    edges[-1] = size - 1
    widths = np.diff(edges)
    mean_x = np.add.reduceat(x[:-1], edges[:-1]) / widths
    mean_y = np.add.reduceat(numbers[:-1], edges[:-1]) / widths
    chosen = np.empty(n, np.int64)
    chosen[0], chosen[-1] = 0, size - 1
    previous = 0
    for number in range(n - 2):
        low, high = edges[number], edges[number + 1]
        next_x = mean_x[number + 1] if number + 1 < n - 2 else x[-1]
        next_y = mean_y[number + 1] if number + 1 < n - 2 else numbers[-1]
        area = np.abs(
            (x[previous] - next_x) * (numbers[low:high] - numbers[previous])
            - (x[previous] - x[low:high]) * (next_y - numbers[previous])
        )
        previous = low + int(area.argmax())
        chosen[number + 1] = previous
    return chosen
