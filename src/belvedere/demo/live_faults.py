"""What goes wrong with the demo's devices and their messages, at known rates, and what they send.

A device can be silent for hours or days, or stuck at a value; a message can come late, twice, or as rubbish.
Some devices are known for their fault: the tests and the guides show them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

import numpy as np

from belvedere.demo import live_forecasts
from belvedere.demo.live_kinds import KINDS, is_broken, told
from belvedere.demo.live_world import (
    DAY_US,
    HOUR_US,
    SECOND_US,
    Devices,
    Flags,
    Floats,
    Ints,
    World,
    instants,
    luck,
    spell,
)

# Of messages.
GARBAGE, TWICE, LATE = 0.0004, 0.0012, 0.0015
# Of devices at any time, about: 0.7 % silent for hours, 0.8 % for days, 1 % stuck.
SHORT_SILENCE, LONG_SILENCE, STUCK = (
    (6.0, 0.06, (0.2, 1.2)),
    (45.0, 0.05, (3.0, 12.0)),
    (30.0, 0.08, (2.0, 6.0)),
)
SILENT_DAYS = 5  # of those that are silent when the demo is filled
RENAMED_HOURS = 18
STUCK_DAYS = 20
#: Told once a day, in the first message after midnight.
DAILY = "batteryLevel"
SILENT = frozenset({("waste-container", 8), ("noise-level", 2)})
RENAMED = ("waste-container", 10)  # a new version of its program names the level otherwise
DOUBLED = ("streetlight", 0)  # its gateway sends everything twice
DELAYED = ("traffic-flow", 2)  # kept by a gateway without a network, and sent at last
_MOVING = ("air-quality", "noise-level", "traffic-flow", "water-observed", "weather", "crowd-flow")
LATE_HOURS = 4  # at most
AGAIN_S = 20  # how long after the first the second of two comes
_RUBBISH = (b'{"t": "2026-', b"ERR 0x1f", b'{"value": NaN}', b"\x00\x17\xff\x02", b"[]", b'{"status": 12}')


class Fate(IntEnum):
    """What becomes of a message on its way."""

    FINE = 0
    GARBAGE = 1
    TWICE = 2
    LATE = 3


def is_silent(world: World, devices: Devices, us: Ints) -> Flags:
    """Whether a device says nothing at these instants."""
    silent = spell(devices.seeds, 110, us, *SHORT_SILENCE) >= 0
    silent = silent | (spell(devices.seeds, 115, us, *LONG_SILENCE) >= 0)
    silent = silent & ~_is_known(devices)
    numbers = [number for kind, number in SILENT if kind == devices.kind]
    gone = np.isin(devices.numbers, numbers) & (us > world.birth_us - SILENT_DAYS * DAY_US)
    if devices.kind == "waste-container":  # the second one was away for a day and a half, and came back
        ago = (world.birth_us - us) / DAY_US
        gone = gone | ((devices.numbers == 1) & (ago > 6) & (ago < 7.5))
    return silent | gone


def _is_known(devices: Devices) -> Flags:
    """The first devices of each kind have the faults that are told of them, and no others."""
    found: Flags = devices.numbers < 15
    return found


def measured(world: World, devices: Devices, us: Ints) -> dict[str, Floats]:
    """What each device believes to measure: that of the instant, or of when it got stuck."""
    began = np.full(us.shape, -1, np.int64)
    if devices.kind in _MOVING:
        began = np.where(_is_known(devices), -1, spell(devices.seeds, 120, us, *STUCK))
    if devices.kind == "water-observed":
        since = world.birth_us - STUCK_DAYS * DAY_US
        began = np.where((devices.numbers == 1) & (us > since), since, began)
    return told(world, devices, np.where(began >= 0, began, us))


def fates(devices: Devices, us: Ints) -> Ints:
    """The fate of each message, a number of `Fate`."""
    drawn = luck(devices.seeds, 130, us)
    found = np.full(us.shape, int(Fate.FINE), np.int64)
    found[drawn < GARBAGE + TWICE + LATE] = Fate.LATE
    found[drawn < GARBAGE + TWICE] = Fate.TWICE
    found[drawn < GARBAGE] = Fate.GARBAGE
    if devices.kind == DOUBLED[0]:
        found = np.where(devices.numbers == DOUBLED[1], int(Fate.TWICE), found)
    return found


def delay_s(devices: Devices, us: Ints) -> Floats:
    """By how many seconds a late message comes late: later than the one after it."""
    least = 1.2 * KINDS[devices.kind].interval_s
    found: Floats = least + luck(devices.seeds, 131, us) * (LATE_HOURS * 3600 - least)
    return found


def tells_daily(world: World, devices: Devices, us: Ints) -> Flags:
    """Whether this is a device's first message of the day."""
    before = us - KINDS[devices.kind].interval_s * SECOND_US
    found: Flags = np.floor(instants(world, us).days) > np.floor(instants(world, before).days)
    return found


def is_renamed(world: World, devices: Devices, us: Ints) -> Flags:
    """Whether a device says its level under a name that nobody knows here."""
    is_it = devices.numbers == (RENAMED[1] if devices.kind == RENAMED[0] else -1)
    found: Flags = is_it & (us > world.birth_us - RENAMED_HOURS * HOUR_US)
    return found


# ------------------------------------------------------------------ what is sent
def payloads(
    world: World, devices: Devices, us: Ints, wanted: Flags | None = None
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """What each device says at each wanted instant, as it would be written in JSON: row, step and message."""
    columns = {term: values.tolist() for term, values in measured(world, devices, us).items()}
    daily = tells_daily(world, devices, us).tolist()
    renamed = np.broadcast_to(is_renamed(world, devices, us), us.shape).tolist()
    broken = is_broken(world, devices, us).tolist() if devices.kind == "streetlight" else None
    instants_us = us.tolist()
    for row, step in np.argwhere(np.ones(us.shape, bool) if wanted is None else wanted).tolist():
        one: dict[str, Any] = {"t": stamp(instants_us[row][step])}
        for term, values in columns.items():
            if term != DAILY or daily[row][step]:
                one[term] = values[row][step]
        if broken is not None:
            one |= _lamp(one, is_broken=broken[row][step])
        elif devices.kind == "waste-container":
            one["status"] = "ok"
        if devices.kind in live_forecasts.FORECAST:
            one |= live_forecasts.said(world, devices.one(row), instants_us[row][step])
        if renamed[row][step]:
            one["lvl"] = one.pop("fillingLevel")
        yield row, step, one


def _lamp(said: dict[str, Any], *, is_broken: bool) -> dict[str, str]:
    level = said["illuminanceLevel"]
    power = "off" if level == 0 else "low" if level < 1 else "on"
    return {"powerState": power, "status": "defectiveLamp" if is_broken else "ok"}


def stamp(us: int) -> str:
    """An instant as devices write it."""
    return datetime.fromtimestamp(us // SECOND_US, UTC).isoformat().replace("+00:00", "Z")


def written(said: dict[str, Any]) -> bytes:
    """A message of the simple form."""
    return json.dumps(said, separators=(",", ":")).encode()


def rubbish(devices: Devices, us: int) -> bytes:
    """What arrives of a message that was spoilt; `devices` is one device."""
    place = int(luck(devices.seeds, 132, us).item() * len(_RUBBISH))
    return _RUBBISH[place]


def sent(
    device: Devices, us: int, said: dict[str, object], fate: Fate, late_s: float
) -> Iterator[tuple[int, bytes]]:
    """When which bytes leave a device for what it says at an instant."""
    match fate:
        case Fate.GARBAGE:
            yield us, rubbish(device, us)
        case Fate.LATE:
            yield us + int(late_s * SECOND_US), written(said)
        case Fate.TWICE:
            yield us, written(said)
            yield us + AGAIN_S * SECOND_US, written(said)
        case _:
            yield us, written(said)
