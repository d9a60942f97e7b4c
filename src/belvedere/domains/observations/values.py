"""What observations take and give. Instants are aware datetimes; in arrays, microseconds since 1970.

What is made by the hundred thousand a second is a struct, made in a quarter of the time of a dataclass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.datetime64]
Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
_MICROSECOND = timedelta(microseconds=1)


class Stored(StrEnum):
    """What became of a reading that was handed in."""

    NEW = "new"
    CORRECTED = "corrected"  # there was another value at this instant, told earlier
    DUPLICATE = "duplicate"  # known already, or told before what is known


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One value of one series at one instant.

    `number` for quantities and counts; `value` (anything JSON can say) for the rest. `seq` orders what is
    told about the same instant: the greater one is right. Messages use their number in the stream.
    """

    series_id: int
    observed_at: datetime
    number: float | None
    value: object | None
    seq: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers as readings, told at once: arrays of one length, times in microseconds since 1970."""

    series_ids: Integers
    times_us: Integers
    numbers: Numbers
    seq: int
    received_at: datetime

    def __len__(self) -> int:
        return len(self.times_us)

    def readings(self) -> Iterator[Reading]:
        """One by one."""
        rows = zip(self.series_ids.tolist(), self.times_us.tolist(), self.numbers.tolist(), strict=True)
        for series_id, at, number in rows:
            yield Reading(
                series_id, EPOCH + timedelta(microseconds=at), number, None, self.seq, self.received_at
            )


@dataclass(frozen=True, slots=True)
class Points:
    """A series of numbers in order of time: `times` are datetime64[us] in UTC, `numbers` as many floats."""

    times: Times
    numbers: Numbers

    def __len__(self) -> int:
        return len(self.times)


@dataclass(frozen=True, slots=True)
class Told:
    """A value that is not a number (text, boolean, structure), at its instant."""

    observed_at: datetime
    value: Any


@dataclass(frozen=True, slots=True)
class Buckets:
    """Readings summed up by series and stretch of time, in order of series then time; arrays of one length.

    `starts` are datetime64[us] in UTC. Stretches without a number are left out.
    """

    series_ids: npt.NDArray[np.int64]
    starts: Times
    counts: npt.NDArray[np.int64]
    sums: Numbers
    lows: Numbers
    highs: Numbers

    @property
    def means(self) -> Numbers:
        """The mean of each."""
        return self.sums / self.counts

    def __len__(self) -> int:
        return len(self.starts)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    return (instant - EPOCH) // _MICROSECOND


def day_of(microsecond: int) -> date:
    """The UTC day an instant lies in."""
    return date.fromordinal(719_163 + microsecond // DAY_US)


def first_microsecond(day: date) -> int:
    """When a UTC day begins."""
    return (day.toordinal() - 719_163) * DAY_US
