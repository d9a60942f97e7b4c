"""The invented world in which the demo's devices measure: instants, luck, sun and weather, as arrays.

Nothing here remembers anything: what is asked for an instant is the same whenever it is asked, of one
device or of thousands at once. So the past that is filled and what devices send from then on are one curve.
Arrays of devices are columns (n, 1) and instants (n, steps), or shapes that broadcast to them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Seeds: TypeAlias = npt.NDArray[np.uint64]
Flags: TypeAlias = npt.NDArray[np.bool_]

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US
NOON_UTC = 11.5  # when the sun stands highest over the valley (7.45° east)


@dataclass(frozen=True, slots=True)
class World:
    """When the demo was filled (microseconds since 1970), and the clock that its people live by."""

    birth_us: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Devices:
    """Some devices of one kind: their numbers among those of the kind, from 0, and their luck."""

    kind: str
    numbers: Ints
    seeds: Seeds

    @classmethod
    def of(cls, kind: str, numbers: list[int], keys: list[str]) -> Devices:
        """As columns."""
        seeds = [int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) for key in keys]
        return cls(kind, np.array(numbers, np.int64)[:, None], np.array(seeds, np.uint64)[:, None])

    def one(self, row: int) -> Devices:
        """A single one of them."""
        return Devices(self.kind, self.numbers[row : row + 1], self.seeds[row : row + 1])


@dataclass(frozen=True, slots=True)
class Instants:
    """Instants (`us`), and what clocks and calendars say then: `days` since 1970 in local time, with the
    part of the day that has passed."""

    us: Ints
    days: Floats

    @property
    def hour(self) -> Floats:
        """Of local time, 0 to 24."""
        return (self.days % 1) * 24

    @property
    def weekday(self) -> Ints:
        """0 is Monday."""
        return (np.floor(self.days).astype(np.int64) + 3) % 7

    @property
    def is_weekend(self) -> Flags:
        return self.weekday >= 5

    @property
    def year_share(self) -> Floats:
        """How much of the year has passed, 0 to 1, nearly."""
        return (self.us / DAY_US / 365.2425) % 1


def instants(world: World, us: Ints) -> Instants:
    """What local clocks say at these instants; zones change at whole hours only."""
    hours = us // HOUR_US
    first, last = int(hours.min()), int(hours.max())
    table = np.array([_offset_us(world.zone, hour) for hour in range(first, last + 1)], np.int64)
    return Instants(us, (us + table[hours - first]) / DAY_US)


def _offset_us(zone: ZoneInfo, hour: int) -> int:
    told = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone).utcoffset()
    return 0 if told is None else int(told.total_seconds()) * SECOND_US


# ------------------------------------------------------------------ luck
def luck(seeds: Seeds, salt: int, step: Any = 0) -> Floats:
    """Between 0 and 1, evenly: of a device, for a purpose, at a step (Steele, Lea, Flood 2014: SplitMix)."""
    with np.errstate(over="ignore"):
        x = seeds + np.uint64(salt * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
        x = x + np.asarray(step, np.int64).astype(np.uint64) * np.uint64(0xD1342543DE82EF95)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
        found: Floats = (x >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found


def between(low: float, high: float, seeds: Seeds, salt: int, step: Any = 0) -> Floats:
    """The same between two bounds."""
    return low + (high - low) * luck(seeds, salt, step)


def spell(
    seeds: Seeds, salt: int, us: Ints, every_days: float, share: float, days: tuple[float, float]
) -> Ints:
    """When the spell that is on began, -1 where none is.

    Time is cut in stretches of `every_days`; in a `share` of them the device has one spell, somewhere, which
    lasts between the two `days`, which are fewer.
    """
    every = int(every_days * DAY_US)
    stretch = (us + (luck(seeds, salt) * every).astype(np.int64)) // every
    begin_of_stretch = stretch * every - (luck(seeds, salt) * every).astype(np.int64)
    length = (between(*days, seeds, salt + 1, stretch) * DAY_US).astype(np.int64)
    begin = begin_of_stretch + (luck(seeds, salt + 2, stretch) * (every - length)).astype(np.int64)
    is_on = (luck(seeds, salt + 3, stretch) < share) & (us >= begin) & (us < begin + length)
    return np.where(is_on, begin, -1)


# ------------------------------------------------------------------ days and weather
def wave(hour: Floats, peak: float) -> Floats:
    """A day as a wave 0 to 1, highest at the hour `peak`."""
    return (1 + np.cos((hour - peak) * (2 * np.pi / 24))) / 2


def rush(when: Instants) -> Floats:
    """How many are on their way, 0 to 1: morning and evening on working days, the afternoon else."""
    hour = when.hour
    working = np.maximum(np.exp(-((hour - 7.7) ** 2) / 2.5), np.exp(-((hour - 17.4) ** 2) / 4.5))
    calm = 0.38 * wave(hour, 14.5)
    return np.where(when.is_weekend, 1.5 * calm, np.maximum(working, calm))


def season(when: Instants) -> Floats:
    """-1 in the middle of January, 1 in the middle of July."""
    found: Floats = -np.cos((when.year_share - 0.04) * 2 * np.pi)
    return found


def is_night(when: Instants) -> Flags:
    """Whether lamps burn: from sunset to sunrise, by the sun and not by the clock."""
    length = 12 + 3.7 * season(when)
    found: Flags = np.abs((when.us / HOUR_US) % 24 - NOON_UTC) > length / 2
    return found


def fronts(us: Ints | Floats) -> Floats:
    """The weather over the whole valley, 0 (high pressure) to 1 (a front passes)."""
    days = us / DAY_US
    waves = (
        np.sin(days * (2 * np.pi / 4.3))
        + 0.8 * np.sin(days * (2 * np.pi / 7.1) + 1.3)
        + 0.6 * np.sin(days * (2 * np.pi / 2.17) + 0.4)
    )
    return 0.5 + waves / 4.8


def rain(us: Ints) -> Floats:
    """Millimetres in a quarter of an hour."""
    return np.maximum(0.0, fronts(us) - 0.74) * 6


def warmth(when: Instants) -> Floats:
    """Degrees Celsius in the shade in the plain."""
    daily = wave(when.hour, 15.5) - 0.5
    clear = 1.2 - fronts(when.us)
    return 11 + 10.5 * season(when) + (8 + 3 * season(when)) * clear * daily - 4 * fronts(when.us)
