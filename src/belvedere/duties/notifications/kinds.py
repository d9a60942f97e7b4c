"""What people are told of, and how fast it reaches them by mail. Whoever tells declares its kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from belvedere.kernel.errors import N_

QUIET = timedelta(minutes=15)  # a mail leaves once nothing was added for so long…
LONGEST_WAIT = timedelta(hours=2)  # …and at the latest so long after its first notice
DIGEST_HOUR = time(7)  # of the territory
EVERY_KIND: Final = "*"


class Rhythm(StrEnum):
    """When notices of a kind are sent by mail; they stand in the inbox at once in any case."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


RHYTHM_NAMES: Final[Mapping[Rhythm, str]] = {
    Rhythm.AT_ONCE: N_("at once, a few together"),
    Rhythm.DAILY: N_("once a day"),
    Rhythm.WEEKLY: N_("once a week"),
    Rhythm.NEVER: N_("never by e-mail"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice. `label` is a msgid; `rhythm` holds for who chose nothing.

    `choice`: people choose its rhythm. Without, it keeps `rhythm`: NEVER for what another mail tells already.
    """

    code: str
    label: str
    rhythm: Rhythm
    choice: bool = True


_kinds: dict[str, Kind] = {}


def declare_kind(code: str, label: str, rhythm: Rhythm = Rhythm.AT_ONCE, *, choice: bool = True) -> None:
    """Make a kind known; declaring the same twice counts once."""
    kind = Kind(code, label, rhythm, choice)
    if _kinds.setdefault(code, kind) != kind:
        raise ValueError(f"the kind of notice {code!r} is declared twice, differently")


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which they were declared."""
    return tuple(_kinds.values())


def kind_of(code: str) -> Kind:
    return _kinds[code]


@dataclass(frozen=True, slots=True)
class Due:
    """When a notice is to be sent: `at`, or later while others join it, but not after `latest`."""

    at: datetime | None = None
    latest: datetime | None = None


def due_by(rhythm: Rhythm, told: datetime, zone: str) -> Due:
    """When what was told at `told` is to be sent in this rhythm, where the territory is."""
    if rhythm is Rhythm.NEVER:
        return Due()
    if rhythm is Rhythm.AT_ONCE:
        return Due(told + QUIET, told + LONGEST_WAIT)
    here = told.astimezone(ZoneInfo(zone))
    day = here.date()
    if here.time() >= DIGEST_HOUR:
        day += timedelta(days=1)
    if rhythm is Rhythm.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)  # the next Monday
    at = datetime.combine(day, DIGEST_HOUR, ZoneInfo(zone))
    return Due(at, at)
