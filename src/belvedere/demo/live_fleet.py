"""What the home keeps of the demo's devices: their names and passwords, readable by its owner only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from belvedere.demo.live_kinds import KINDS
from belvedere.demo.live_world import DAY_US, HOUR_US, SECOND_US, Devices, Flags, Ints, World, luck
from belvedere.engines.home import Home, replace_private

FILE = "demo-devices.json"
FULL_HOURS = 2


class Credential(msgspec.Struct, frozen=True):
    """A device: its kind, its number among those of the kind, its name on the bus and its password."""

    kind: str
    number: int
    user: str
    password: str

    @property
    def key(self) -> str:
        """Its name in its territory."""
        return self.user.partition(".")[2]

    @property
    def topic(self) -> str:
        """Where it publishes."""
        return "devices/" + self.user.replace(".", "/", 1)


class Kept(msgspec.Struct, frozen=True):
    """The file: when the demo was filled (microseconds since 1970), its clock, its devices."""

    birth_us: int
    zone: str
    devices: tuple[Credential, ...]

    @property
    def world(self) -> World:
        """The world that they measure."""
        return World(self.birth_us, ZoneInfo(self.zone))


def write(home: Home, kept: Kept) -> None:
    """Keep them (0600)."""
    replace_private(home.path(FILE), msgspec.json.encode(kept).decode() + "\n")


def read(home: Home) -> Kept | None:
    """What is kept; None in a home whose demo has no devices."""
    try:
        return msgspec.json.decode(home.path(FILE).read_bytes(), type=Kept)
    except (FileNotFoundError, NotADirectoryError):
        return None


@dataclass(frozen=True, slots=True)
class Group:
    """The devices of one kind, and when each of them tells: every `interval_us`, `phases_us` after."""

    devices: Devices
    interval_us: int
    phases_us: Ints

    def by_message(self, world: World, us: Ints) -> Flags:
        """Whether what is told at these instants comes by message when the demo is filled, not with the past.

        On the last day those that tell every hour send every other time, the others first in each hour;
        of the last two hours every message is there.
        """
        hour = us // HOUR_US
        chosen = hour > (us - self.interval_us) // HOUR_US
        if self.interval_us == HOUR_US:
            chosen &= (hour + self.devices.numbers) % 2 == 0
        recent = us > world.birth_us - FULL_HOURS * HOUR_US
        found: Flags = (us > world.birth_us - DAY_US) & (us <= world.birth_us) & (recent | chosen)
        return found

    def steps(self, first_us: int, end_us: int) -> Ints:
        """The instants at which each tells from the first to the end, and maybe one before and one after."""
        first, last = first_us // self.interval_us, -(-end_us // self.interval_us)
        return np.arange(first - 1, last, dtype=np.int64)[None, :] * self.interval_us + self.phases_us


def group(kind: str, members: Iterable[tuple[int, str]]) -> Group:
    """The devices of a kind by number and key, in this order."""
    found = list(members)
    devices = Devices.of(kind, [number for number, _key in found], [key for _number, key in found])
    interval_s = KINDS[kind].interval_s
    phases = (luck(devices.seeds, 100) * interval_s).astype("int64") * SECOND_US
    return Group(devices, interval_s * SECOND_US, phases)
