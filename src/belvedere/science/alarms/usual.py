"""What is usual at this hour of such a day, learnt from the days before: for rules that compare with it.

Medians and median absolute deviations as in `anomalies.readings`. Nothing of the present day or later is
looked at, so a test on the past tells what would have been told then.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
HOURS = 24
DAY_S = 86_400
TO_SIGMA = 1.4826
THURSDAY = 3  # 1 January 1970, counted from Monday
SATURDAY = 5


def deviations(
    times_s: Vector, numbers: Vector, *, days: int = 28, fewest: int = 4, offset_s: float = 0.0
) -> Vector:
    """How far each reading lies from what is usual at its hour, in standard deviations.

    Usual is the median of the same hour on the `days` days before, working days and weekends apart where
    `fewest` of the same sort have that hour, together where not. The spread is the MAD about it, never less
    than the middle one of the day's hours: an hour that was always the same makes no alarm of a trifle.

    Args:
        times_s: seconds since 1970, ascending.
        numbers: in the unit of the series; NaN where nothing was measured.
        offset_s: of the local clock from UTC.

    Returns:
        As many as readings; positive is above. NaN where too little is known.
    """
    local = np.asarray(times_s, np.float64) + offset_s
    day = np.floor(local / DAY_S).astype(np.int64)
    hour = ((local % DAY_S) // (DAY_S / HOURS)).astype(np.int64)
    if not len(day):
        return np.empty(0)
    hourly = _hourly(day - day[0], hour, np.asarray(numbers, np.float64))
    weekend = (np.arange(len(hourly)) + int(day[0]) + THURSDAY) % 7 >= SATURDAY
    found = np.full(len(day), np.nan)
    for today in np.unique(day - day[0]):
        before = slice(max(0, today - days), today)
        expected, spread = profile(hourly[before], weekend[before] == weekend[today], fewest)
        mine = np.flatnonzero(day - day[0] == today)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[mine] = (numbers[mine] - expected[hour[mine]]) / spread[hour[mine]]
    found[~np.isfinite(found)] = np.nan
    return found


def _hourly(day: npt.NDArray[np.int64], hour: npt.NDArray[np.int64], numbers: Vector) -> Vector:
    """Days × hours: the median of each hour."""
    table = np.full((int(day[-1]) + 1, HOURS), np.nan)
    cell = day * HOURS + hour
    edges = np.flatnonzero(np.diff(cell)) + 1
    starts = np.concatenate(([0], edges))
    for start, some in zip(starts, np.split(numbers, edges), strict=True):
        known = some[np.isfinite(some)]
        if len(known):
            table[divmod(int(cell[start]), HOURS)] = np.median(known)
    return table


def profile(hourly: Vector, alike: npt.NDArray[np.bool_], fewest: int = 4) -> tuple[Vector, Vector]:
    """By hour (24) what is usual, and its spread, in the unit of the series; NaN where fewer than `fewest`
    days have the hour.

    Args:
        hourly: days × 24; NaN where nothing was measured.
        alike: by day, whether it is of the sort that is asked for (working day, weekend).
    """
    expected, spread = _centre(hourly, fewest)
    close, close_spread = _centre(hourly[alike], fewest)
    known = np.isfinite(close)
    expected[known], spread[known] = close[known], close_spread[known]
    if np.isfinite(spread).any():
        spread = np.maximum(spread, np.nanmedian(spread))
    return expected, spread


def _centre(hourly: Vector, fewest: int) -> tuple[Vector, Vector]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an hour without a reading
        expected = np.nanmedian(hourly, axis=0) if len(hourly) else np.full(HOURS, np.nan)
        spread = TO_SIGMA * (
            np.nanmedian(np.abs(hourly - expected), axis=0) if len(hourly) else np.full(HOURS, np.nan)
        )
    few = np.isfinite(hourly).sum(axis=0) < fewest
    expected[few] = spread[few] = np.nan
    return expected, spread
