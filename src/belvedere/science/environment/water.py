"""Water that is lost: the flow of the night, and what goes into a district against what is taken there.

The minimum night flow is the lowest mean of an hour between two and four o'clock, when people take least
(IWA, Losses in Water Distribution Networks, Farley and Trow 2003, chapter on assessing night flows). Flows
and volumes are in the unit of what is given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
NIGHT: Final = (2, 3)
#: From the first to the last reading, of the span.
LEAST_HEARD: Final = 0.9
#: An index that falls was reset, or the meter replaced.
_FALLS = -1e-9


def taken(index: Vector) -> Vector:
    """What was taken in each hour, from the highest reading of a meter's index in each hour, in order of time
    (NaN: not heard). The hour after a gap is not known, nor the one in which the index falls."""
    steps = np.diff(np.asarray(index, np.float64), prepend=np.nan)
    return np.where(steps < _FALLS, np.nan, np.maximum(steps, 0.0))


def volume(index: Vector) -> float:
    """What went through a meter in a span, from the highest reading of its index in each hour (NaN: not
    heard). NaN where the index falls, or was heard over less than nine tenths of the span."""
    known = np.flatnonzero(np.isfinite(index))
    if len(known) < 2 or known[-1] - known[0] < LEAST_HEARD * (len(index) - 1):
        return math.nan
    heard = np.asarray(index, np.float64)[known]
    return math.nan if bool((np.diff(heard) < _FALLS).any()) else float(heard[-1] - heard[0])


def night_flows(hourly: Vector) -> Vector:
    """The minimum night flow of each day, from days x 24 flows; NaN where the night was not heard."""
    night = np.asarray(hourly, np.float64)[:, list(NIGHT)]
    lowest = np.min(np.where(np.isfinite(night), night, np.inf), axis=1)
    return np.where(np.isfinite(lowest), lowest, np.nan)


@dataclass(frozen=True, slots=True)
class Balance:
    """What went into a district, what was taken by those measured there, what is not accounted for."""

    inflow: float
    measured: float

    @property
    def lost(self) -> float:
        return self.inflow - self.measured

    @property
    def lost_share(self) -> float:
        """Of the inflow; NaN where nothing flowed in."""
        return self.lost / self.inflow if self.inflow > 0 else math.nan


def balance(fed_in: float, measured: Sequence[float]) -> Balance:
    """The balance of a district over one span of time: the volume that went in, and what each meter there
    measured, that of the next district among them; NaN wherever one of them is not known."""
    return Balance(fed_in, math.fsum(measured))
