"""Averages of air quality as the law asks for them, with what share of the hours must be known.

Directive 2008/50/EC, annexes VII (ozone) and XI: an hour counts for its day, a day needs 18 hours (75 %),
a running mean of eight hours needs six, a day's highest of them 18 of the 24. Hourly means are given as
days x 24 in the unit of the series, NaN where nothing was measured.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
HOURS = 24
LEAST_OF_DAY = 18
WINDOW, LEAST_OF_WINDOW = 8, 6


def daily_means(hourly: Vector) -> Vector:
    """The mean of each day; NaN where fewer than 18 hours are known."""
    table = np.asarray(hourly, np.float64)
    known = np.isfinite(table).sum(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a day without an hour
        means = np.nanmean(table, axis=1)
    return np.where(known >= LEAST_OF_DAY, means, np.nan)


def daily_eight_hours(hourly: Vector) -> Vector:
    """The highest running mean of eight hours of each day; a mean belongs to the day on which it ends, so the
    first one of a day begins at 17:00 the day before."""
    flat = np.asarray(hourly, np.float64).ravel()
    days = len(flat) // HOURS
    padded = np.concatenate((np.full(WINDOW - 1, np.nan), flat))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)
    known = np.isfinite(windows).sum(axis=1)
    sums = np.nansum(windows, axis=1)
    means = np.where(known >= LEAST_OF_WINDOW, sums / np.maximum(known, 1), np.nan).reshape(days, HOURS)
    enough = np.isfinite(means).sum(axis=1) >= LEAST_OF_DAY
    highest = np.max(np.where(np.isfinite(means), means, -np.inf), axis=1, initial=-np.inf)
    return np.where(enough, highest, np.nan)


def above(values: Vector, limit: float) -> int:
    """How many of these exceed a limit; what is not known does not."""
    return int((np.asarray(values, np.float64) > limit).sum())
