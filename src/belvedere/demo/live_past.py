"""The invented past of the demo's devices: months of readings at once, straight to the history.

Left out is what devices tell by messages on the last day: see `live_today`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from belvedere.demo.live_faults import DAILY, Fate, fates, is_renamed, is_silent, measured, tells_daily
from belvedere.demo.live_fleet import Group
from belvedere.demo.live_world import DAY_US, Floats, Ints, World
from belvedere.domains.observations import public as observations
from belvedere.domains.twin.public import Target

NAME = "Passé inventé pour la démonstration"


@dataclass(frozen=True, slots=True)
class Told:
    """The devices of a kind with where each of their numbers goes, in the order of the group."""

    group: Group
    targets: Sequence[Mapping[str, Target]]


def load(world: World, told: Sequence[Told], days: int) -> int:
    """Fill the days before the demo's birth; how many readings."""
    rows = 0
    for first_us, end_us in _months(world.birth_us - days * DAY_US, world.birth_us):
        found = sorted(_blocks(world, told, first_us, end_us), key=lambda block: block[0])
        ids = np.repeat(np.array([one[0] for one in found], np.int64), [len(one[1]) for one in found])
        times = np.concatenate([one[1] for one in found])
        numbers = np.concatenate([one[2] for one in found])
        del found  # there are millions of them
        rows += observations.bulk_numbers(ids, times, numbers, name=NAME).rows
    return rows


def _months(first_us: int, end_us: int) -> Iterator[tuple[int, int]]:
    """The stretch cut at the months of UTC, as the files of the lake are."""
    while first_us < end_us:
        at = datetime.fromtimestamp(first_us // 1_000_000, UTC)
        following = datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)
        edge = min(end_us, int(following.timestamp()) * 1_000_000)
        yield first_us, edge
        first_us = edge


def _blocks(
    world: World, told: Sequence[Told], first_us: int, end_us: int
) -> Iterator[tuple[int, Ints, Floats]]:
    """Of each series its number, instants and numbers."""
    for one in told:
        us = one.group.steps(first_us, end_us)
        if us.size == 0:
            continue
        devices = one.group.devices
        kept = (us >= first_us) & (us < end_us) & ~is_silent(world, devices, us)
        kept &= (fates(devices, us) != Fate.GARBAGE) & ~is_renamed(world, devices, us)
        kept &= ~one.group.by_message(world, us)
        daily = kept & tells_daily(world, devices, us)
        columns = measured(world, devices, us)
        for row, targets in enumerate(one.targets):
            for term, target in targets.items():
                if term in columns:
                    chosen = (daily if term == DAILY else kept)[row]
                    yield target.series_id, us[row][chosen], columns[term][row][chosen]
