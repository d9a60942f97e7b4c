"""What is usual at the series that rules compare with the hours before: by series and local day, and kept.

Of a day it is learnt from the weeks that end with the day before the day before: so it can be learnt a day
ahead, little by little, and what came late is in it. What was learnt of a day stays as it was, also when the
process begins anew; after two days it is thrown away.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from belvedere.domains.automation.models import UsualDay
from belvedere.domains.observations.public import hourly
from belvedere.science.alarms.usual import HOURS, profile

#: Days between the last day that is learnt from and the day that is judged.
GAP_DAYS = 1
#: Series learnt at once.
CHUNK = 128
#: How often some of tomorrow's are learnt, in seconds.
AHEAD_EVERY_S = 5.0
_FRIDAY = 5  # the last working day, counted from Monday as 1

#: A series, how many weeks are looked at, a local day as its number.
Asked: TypeAlias = tuple[int, int, int]
Usual: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]
UNKNOWN: Usual = ((math.nan,) * HOURS, (math.nan,) * HOURS)


class Clock:
    """Local days and hours of instants, each hour looked up once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._known: dict[int, tuple[int, int]] = {}

    def at(self, instant: float) -> tuple[int, int]:
        """The number of the local day, and the hour."""
        quarter = int(instant // 900)  # of an hour: no zone is off by less
        found = self._known.get(quarter)
        if found is None:
            if len(self._known) > 100_000:
                self._known.clear()
            local = datetime.fromtimestamp(quarter * 900, self.zone)
            found = self._known[quarter] = (local.toordinal(), local.hour)
        return found


class Learnt:
    """What is usual, as far as it was asked for. `keeps`: read from the table and written to it; without,
    what is learnt is forgotten with the object (a rule tried on the past)."""

    def __init__(self, *, keeps: bool) -> None:
        self._keeps = keeps
        self._known: dict[Asked, Usual] = {}
        self._asked: dict[int, set[tuple[int, str]]] = defaultdict(set)
        self._clocks: dict[str, Clock] = {}
        self._ahead_at = -AHEAD_EVERY_S
        self._cleaned = 0

    def clock(self, zone: str) -> Clock:
        if zone not in self._clocks:
            self._clocks[zone] = Clock(ZoneInfo(zone))
        return self._clocks[zone]

    def wants(self, series_id: int, weeks: int, zone: str) -> None:
        """A rule compares this series."""
        self._asked[series_id].add((weeks, zone))

    def only(self, series_ids: set[int]) -> None:
        """Of all other series nothing needs to be known any more."""
        for one in [one for one in self._asked if one not in series_ids]:
            del self._asked[one]

    def usual(self, series_id: int, weeks: int, clock: Clock, at: float) -> tuple[float, float]:
        """What is usual at an instant, and its spread; NaN where too little is known (nothing prepared)."""
        day, hour = clock.at(at)
        expected, spread = self._known.get((series_id, weeks, day), UNKNOWN)
        return expected[hour], spread[hour]

    def knows(self, series_id: int, weeks: int, clock: Clock, at: float) -> bool:
        """Whether anything is usual there at any hour of that day, as far as was prepared."""
        expected, _spread = self._known.get((series_id, weeks, clock.at(at)[0]), UNKNOWN)
        return any(math.isfinite(number) for number in expected)

    def recall(self, series_ids: Iterable[int], at: float) -> None:
        """Take what was learnt of that day and is kept; nothing is learnt."""
        ids = self._asked.keys() & set(series_ids)
        asked = [(one, weeks, self.clock(zone).at(at)[0]) for one in ids for weeks, zone in self._asked[one]]
        self._read(asked)

    def prepare(self, series_ids: Iterable[int], first: float, last: float) -> None:
        """Learn what is not known yet of these series for the days from one instant to another."""
        if not self._asked:
            return
        missing: dict[tuple[int, str], set[Asked]] = defaultdict(set)
        for series_id in self._asked.keys() & set(series_ids):
            for weeks, zone in self._asked[series_id]:
                clock = self.clock(zone)
                for day in range(clock.at(first)[0], clock.at(last)[0] + 1):
                    if (series_id, weeks, day) not in self._known:
                        missing[weeks, zone].add((series_id, weeks, day))
        for (_weeks, zone), some in missing.items():
            self._learn(sorted(some), ZoneInfo(zone))

    def ahead(self, at: float) -> None:
        """Learn some of tomorrow's, and throw away what is over."""
        if not self._asked or time.monotonic() - self._ahead_at < AHEAD_EVERY_S:
            return
        self._ahead_at = time.monotonic()
        some: list[int] = []
        for series_id, asked in self._asked.items():
            days = [(weeks, self.clock(zone).at(at)[0] + 1) for weeks, zone in asked]
            if any((series_id, weeks, day) not in self._known for weeks, day in days):
                some.append(series_id)
            if len(some) == CHUNK:
                break
        self.prepare(some, at, at + 86_400)
        self._clean(datetime.fromtimestamp(at, UTC).toordinal() - 2)

    def _clean(self, before: int) -> None:
        if before != self._cleaned:
            self._cleaned = before
            self._known = {key: one for key, one in self._known.items() if key[2] >= before}
            UsualDay.objects.filter(day__lt=date.fromordinal(before)).delete()

    def _learn(self, asked: Sequence[Asked], zone: ZoneInfo) -> None:
        if self._keeps:
            self._read(asked)
            asked = [one for one in asked if one not in self._known]
        ids = sorted({one[0] for one in asked})
        for first in range(0, len(ids), CHUNK):
            some = set(ids[first : first + CHUNK])
            found = learn([one for one in asked if one[0] in some], zone)
            self._known.update(found)
            if self._keeps:
                rows = [_row(key, one) for key, one in found.items()]
                UsualDay.objects.bulk_create(rows, ignore_conflicts=True)

    def _read(self, asked: Sequence[Asked]) -> None:
        wanted = set(asked)
        rows = UsualDay.objects.filter(
            series_id__in={one[0] for one in asked}, day__in={date.fromordinal(one[2]) for one in asked}
        )
        for row in rows.iterator():
            key = (row.series_id, row.weeks, row.day.toordinal())
            if key in wanted:
                numbers = np.frombuffer(bytes(row.body), "<f8").tolist()
                self._known[key] = (tuple(numbers[:HOURS]), tuple(numbers[HOURS:]))


def learn(asked: Sequence[Asked], zone: ZoneInfo) -> dict[Asked, Usual]:
    """What is usual on each of these days, from the history."""
    if not asked:
        return {}
    first = min(day - GAP_DAYS - 7 * weeks for _series, weeks, day in asked)
    last = max(day - GAP_DAYS for _series, _weeks, day in asked)
    tables = hourly(sorted({one[0] for one in asked}), first, last, zone)
    found: dict[Asked, Usual] = {}
    sorts = np.array([_is_weekend(day) for day in range(first, last)])
    for series_id, weeks, day in asked:
        table = tables.get(series_id)
        if table is None:
            found[series_id, weeks, day] = UNKNOWN
            continue
        until = day - GAP_DAYS - first
        some = slice(until - 7 * weeks, until)
        expected, spread = profile(table[some], sorts[some] == _is_weekend(day))
        found[series_id, weeks, day] = (tuple(expected.tolist()), tuple(spread.tolist()))
    return found


def _is_weekend(day: int) -> bool:
    return date.fromordinal(day).isoweekday() > _FRIDAY


def _row(key: Asked, one: Usual) -> UsualDay:
    series_id, weeks, day = key
    body = np.array([*one[0], *one[1]], "<f8").tobytes()
    return UsualDay(series_id=series_id, weeks=weeks, day=date.fromordinal(day), body=body)
