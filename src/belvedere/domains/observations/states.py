"""The states of a day, and the widths of what is kept after the readings themselves."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class DayState(StrEnum):
    """Where a day is read from. A day without a row is hot."""

    SETTLING = "settling"  # being copied: read from PostgreSQL; what arrives waits among the late ones
    SETTLED = "settled"  # read from the lake; the hot copy may still be there
    RELEASED = "released"  # read from the lake; the hot copy is gone


class Width(StrEnum):
    """The stretches of time that readings are summed up by when they are not kept themselves."""

    QUARTER = "15m"
    HOUR = "1h"
    DAY = "1d"

    @property
    def length(self) -> timedelta:
        """How long one is."""
        return {
            Width.QUARTER: timedelta(minutes=15),
            Width.HOUR: timedelta(hours=1),
            Width.DAY: timedelta(days=1),
        }[self]
