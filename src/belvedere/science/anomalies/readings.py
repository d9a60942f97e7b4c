"""How good the readings of sensors are, from what was read hour by hour.

All functions take matrices of series × hours, the oldest hour first, the present one last. A cell without a
reading is NaN (0 in counts). Numbers are in the unit of their series; results say their own.

Medians and median absolute deviations (MAD) rather than means and standard deviations: one wrong value does
not move them. The MAD times 1.4826 estimates the standard deviation of normal values (P. J. Rousseeuw,
C. Croux, Alternatives to the Median Absolute Deviation, Journal of the American Statistical Association 88,
1993, 1273–1283). A value is called outlying from 3.5 of them (B. Iglewicz, D. Hoaglin, How to Detect and
Handle Outliers, ASQC, 1993, chapter 3); `drift` is used with a calmer bound.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
DAY = 24  # hours
TO_SIGMA = 1.4826
FEWEST_NEIGHBOURS = 5  # fewer do not say what is usual
FEWEST_HOURS = 12  # of the last day, and of the same hours before


def completeness(counts: npt.NDArray[np.int64], expected: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Share of the expected readings that came, 0 to 1; more than expected is 1, NaN where none was.

    Args:
        counts: series × hours.
        expected: how many readings each series should have in all these hours.
    """
    got = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(got / expected, 1.0)
    return np.where(expected > 0, share, np.nan)


def longest_gap(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The most hours in a row without a reading, between readings: what was before the first and is after
    the last does not count (a series that begins, one that is silent)."""
    longest = np.zeros(len(counts), np.int64)
    run = np.zeros(len(counts), np.int64)
    begun = np.zeros(len(counts), bool)
    for column in counts.T:
        heard = column > 0
        ended = heard & begun
        longest[ended] = np.maximum(longest[ended], run[ended])
        run = np.where(heard, 0, run + 1)
        begun |= heard
    return longest


def unchanged(lows: Matrix, highs: Matrix) -> npt.NDArray[np.int64]:
    """For how many hours each series has told one and the same value, up to its last reading.

    Hours without a reading in between count, those after the last reading do not.
    """
    hours = np.zeros(len(lows), np.int64)
    for at in range(len(lows)):
        heard = np.flatnonzero(~np.isnan(lows[at]))
        if not len(heard):
            continue
        last = lows[at, heard[-1]]
        same = (lows[at, heard] == last) & (highs[at, heard] == last)
        other = np.flatnonzero(~same)
        first = heard[other[-1] + 1] if len(other) and other[-1] + 1 < len(heard) else heard[0]
        if same[-1]:
            hours[at] = heard[-1] - first + 1
    return hours


def outside(lows: Matrix, highs: Matrix, least: Matrix, greatest: Matrix) -> npt.NDArray[np.int64]:
    """In how many hours each series told something below `least` or above `greatest` (NaN: no bound)."""
    with np.errstate(invalid="ignore"):
        found: npt.NDArray[np.int64] = (
            ((lows < least[:, None]) | (highs > greatest[:, None])).sum(axis=1).astype(np.int64)
        )
    return found


def drift(means: Matrix, groups: npt.NDArray[np.int64]) -> Matrix:
    """How far the last day lies from what the same hours were before, in standard deviations.

    Each hour of the last day is compared with the median of the same hour on the days before. What all
    series of a group went through together (a cold front) is taken off: the median of the group, where it
    has `FEWEST_NEIGHBOURS` or more. The rest, its median over the day, is divided by the usual spread: the
    MAD of what is left of the days before.

    Args:
        means: series × hours, whole days, two or more; at least `FEWEST_HOURS` hours of each series in the
            last day with such an hour before.
        groups: which series are of one kind, numbered.

    Returns:
        For each series; positive is above. NaN where there is too little to tell, or where the days before
        did not vary at all.
    """
    days = means.reshape(len(means), -1, DAY)
    usual = _median(days[:, :-1], 1)
    rest = days - usual[:, None, :]
    for group in np.unique(groups):
        mine = groups == group
        if mine.sum() >= FEWEST_NEIGHBOURS:
            rest[mine] -= _median(rest[mine], 0)[None]
    before, last = rest[:, :-1].reshape(len(means), -1), rest[:, -1]
    spread = TO_SIGMA * _median(np.abs(before - _median(before, 1)[:, None]), 1)
    enough = ((~np.isnan(last)).sum(axis=1) >= FEWEST_HOURS) & (
        (~np.isnan(before)).sum(axis=1) >= 2 * FEWEST_HOURS
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _median(last, 1) / spread
    return np.where(enough & (spread > 0), found, np.nan)


def _median(values: Any, axis: int) -> Matrix:
    """Of what is there; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a slice without a number
        found: Matrix = np.nanmedian(values, axis=axis)
    return found
