"""What can be odd about what a device tells. The order is that of urgency."""

from __future__ import annotations

from enum import StrEnum


class Oddity(StrEnum):
    """A finding on a thing, or on one of its series."""

    SILENT = "silent"  # amount: hours since the last reading
    STUCK = "stuck"  # hours of one and the same value
    OUT_OF_BOUNDS = "out_of_bounds"  # hours of the last day with such a value
    CLOCK = "clock"  # seconds that the clock of the device runs ahead
    INCOMPLETE = "incomplete"  # share of the expected readings that came in the last day
    GAP = "gap"  # longest hours in a row without a reading, last seven days
    DRIFT = "drift"  # standard deviations from its usual values
    LATE = "late"  # share of readings that arrived late
    BATTERY = "battery"  # share that is left


class Weight(StrEnum):
    """How much a finding weighs: what it tells is wrong or missing; may become so."""

    BAD = "bad"
    POOR = "poor"
