"""The last day of the demo's devices before it was filled, as messages in slices of an hour, faults included.

Those that tell every hour tell every other one here, and the others once an hour at its beginning; of the
last two hours every message is there. What is left out comes with the past.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

import numpy as np

from belvedere.demo.live_faults import DELAYED, Fate, delay_s, fates, is_silent, payloads, sent
from belvedere.demo.live_fleet import Group
from belvedere.demo.live_world import DAY_US, HOUR_US, SECOND_US, World
from belvedere.domains.intake import public as intake
from belvedere.domains.twin import public as twin

STREAM = "demo"
# After the first messages of an hour, and before anybody's patience is over with whom tells more often.
NOTICE_US = 15 * 60 * SECOND_US
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN = "demo-waste-container-9999"

Arrival = tuple[int, str, bytes]  # when (microseconds since 1970), device key, payload


def take(slug: str, world: World, groups: Sequence[tuple[Group, Sequence[str]]]) -> int:
    """Hand the messages of the last day to the intake, hour after hour; how many."""
    arrivals = [one for group, keys in groups for one in _arrivals(world, group, keys)]
    arrivals += _faults(world, {key for _group, keys in groups for key in keys})
    arrivals.sort(key=lambda one: one[0])
    seq = 0
    for hour, found in groupby(arrivals, key=lambda one: one[0] // HOUR_US):
        messages = []
        for us, key, payload in found:
            seq += 1
            messages.append(intake.Message(f"devices.{slug}.{key}", payload, seq, _at(us)))
        intake.take(STREAM, messages)
        twin.notice_silence(_at(min(hour * HOUR_US + NOTICE_US, world.birth_us)))
    return seq


def _at(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _arrivals(world: World, group: Group, keys: Sequence[str]) -> Iterator[Arrival]:
    devices = group.devices
    last = world.birth_us // group.interval_us
    steps = np.arange(last - DAY_US // group.interval_us - 1, last + 1, dtype=np.int64)
    us = steps[None, :] * group.interval_us + group.phases_us
    wanted = group.by_message(world, us) & ~is_silent(world, devices, us)
    fate, delays = fates(devices, us), delay_s(devices, us)
    for row, step, said in payloads(world, devices, us, wanted):
        at = int(us[row, step])
        for arrived, payload in sent(devices.one(row), at, said, Fate(fate[row, step]), delays[row, step]):
            if arrived <= world.birth_us:
                yield arrived, keys[row], payload


def _faults(world: World, keys: set[str]) -> Iterator[Arrival]:
    """What nobody can read or nobody knows, and what a gateway kept for more than a day."""

    def told(key: str, payload: bytes, minutes: int) -> Iterator[Arrival]:
        if key in keys or key == UNKNOWN:
            yield world.birth_us - minutes * 60 * SECOND_US, key, payload

    def values(minutes: int, **numbers: float) -> bytes:
        at = _at(world.birth_us - minutes * 60 * SECOND_US).replace(microsecond=0)
        return json.dumps({"t": at.isoformat(), **numbers}).encode()

    for step in range(5):
        yield from told(UNKNOWN, b'{"fillingLevel": 0.5}', 280 * step + 20)
    for step in range(3):
        yield from told("demo-traffic-flow-02", b'{"intensity": 312, "averageVeh', 400 * step + 31)
    for step in range(2):
        yield from told("demo-air-quality-03", b'{"no2": "--"}', 60 * step + 44)
    yield from told("demo-water-observed-03", values(-180, height=0.9), 75)
    for step in range(4):
        delayed = f"demo-{DELAYED[0]}-{DELAYED[1] + 1:02d}"
        yield from told(delayed, values(60 * (30 + step), intensity=200.0 + step), 12)
