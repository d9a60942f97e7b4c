"""What some of the demo's stations hand on from a forecast service: once an hour, the next day and a half.

The service knows the invented world, and errs the more the farther it looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from belvedere.demo.live_kinds import KINDS, told
from belvedere.demo.live_world import HOUR_US, SECOND_US, Devices, World, luck

#: By kind, what is forecast and the standard error of it a day ahead; which of the stations tell it.
FORECAST: Final[Mapping[str, tuple[str, float, frozenset[int]]]] = {
    "weather": ("temperature", 1.5, frozenset({0, 2, 3})),
    "water-observed": ("waterLevel", 0.08, frozenset({0, 1, 2})),
}
HOURS: Final = 36
DAY_HOURS: Final = 24


def tells(kind: str, number: int) -> str:
    """The attribute whose forecast the station of that number tells; "" for one that tells none."""
    term, _error, numbers = FORECAST.get(kind, ("", 0.0, frozenset()))
    return term if number in numbers else ""


def said(world: World, device: Devices, us: int) -> dict[str, Any]:
    """What one station tells of what is to come at the first of its messages in an hour; else nothing."""
    term = tells(device.kind, int(device.numbers[0, 0]))
    interval_us = KINDS[device.kind].interval_s * SECOND_US
    if not term or us // HOUR_US == (us - interval_us) // HOUR_US:
        return {}
    hour = us // HOUR_US
    start_us = (hour + 1) * HOUR_US
    instants = start_us + np.arange(HOURS, dtype=np.int64)[None, :] * HOUR_US
    drawn = luck(device.seeds, 140, hour).item() + luck(device.seeds, 141, hour).item() - 1
    error = FORECAST[device.kind][1] * np.sqrt(6) * drawn
    numbers = told(world, device, instants)[term] + error * np.arange(1, HOURS + 1) / DAY_HOURS
    values = [round(number, 2) for number in numbers[0].tolist()]
    return {f"{term}Forecast": {"start": start_us // SECOND_US, "every_s": 3600, "values": values}}
