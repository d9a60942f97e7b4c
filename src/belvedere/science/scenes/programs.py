"""Programs: which value holds at an instant, from steps by the clock and by the sun, and overrides.

A program has sheets of steps; the first sheet that is for a day gives the steps of that day. By night
(street lights) a day runs from noon to noon: a step at 01:00 belongs to the evening before. Steps are written
in the order in which they are meant. Between two steps by the sun, one by the clock is moved to the first
where it would come before it, and left out where it would not come before the second: "23:00" waits for a
late sunset, "05:30" is dropped where the sun has risen. Where the sun does not rise or set there is no step
by it; where it never sets, a program that begins with the sun has no steps.

An instant of the clock that comes twice is its first, one that is skipped is the jump.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from belvedere.kernel.holidays import holidays
from belvedere.science.rosters.instants import DAY_MINUTES, instant
from belvedere.science.sun.days import Polar, SunDay, sun_day

NOON: Final = 12 * 60
DAY: Final = timedelta(days=1)
#: In `Sheet.days`, after Sunday.
HOLIDAY: Final = 8
#: How far back the step that holds now is looked for: a season may be over for long.
LOOK_BACK_DAYS: Final = 400
Value = float | str


class By(StrEnum):
    """What tells when a step is."""

    CLOCK = "clock"
    SUNSET = "sunset"
    SUNRISE = "sunrise"


@dataclass(frozen=True, slots=True)
class When:
    """Minutes after midnight, or minutes after (before, if negative) the sun does it."""

    by: By
    minutes: int


@dataclass(frozen=True, slots=True)
class Step:
    when: When
    value: Value


@dataclass(frozen=True, slots=True)
class Sheet:
    """Steps of some days: weekdays (1 is Monday) and `HOLIDAY`; from one day of the year to another
    ((month, day), over the new year too), or all year."""

    steps: tuple[Step, ...]
    days: frozenset[int] = frozenset(range(1, HOLIDAY))
    season: tuple[tuple[int, int], tuple[int, int]] | None = None

    def in_season(self, day: date) -> bool:
        if self.season is None:
            return True
        begins, ends = self.season
        here = (day.month, day.day)
        return begins <= here <= ends if begins <= ends else here >= begins or here <= ends


@dataclass(frozen=True, slots=True)
class Site:
    """Where it is: the clock on the wall and, in degrees, latitude north and longitude east."""

    zone: ZoneInfo
    latitude: float
    longitude: float

    def sun(self, day: date) -> SunDay:
        return sun_day(day, self.zone, self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at` on this value holds."""

    at: datetime
    value: Value


@dataclass(frozen=True, slots=True)
class Override:
    """A value that wins from an instant until another; of two, the one entered last. `cover`: which
    things, in the caller's words."""

    since: datetime
    until: datetime
    value: Value
    cover: int = 0


@dataclass(frozen=True)
class Program:
    """`by_night`: days run from noon to noon."""

    site: Site
    sheets: tuple[Sheet, ...]
    by_night: bool = True
    calendar: str = ""

    def day_of(self, at: datetime) -> date:
        """The day of the program that an instant belongs to."""
        here = at.astimezone(self.site.zone)
        return here.date() - DAY if self.by_night and here.hour < 12 else here.date()

    def sheet(self, day: date) -> Sheet | None:
        number = day.isoweekday()
        if self._minds_holidays and day in holidays(self.calendar, day.year):
            number = HOLIDAY
        return next((one for one in self.sheets if number in one.days and one.in_season(day)), None)

    @cached_property
    def _minds_holidays(self) -> bool:
        """Where no sheet is for holidays, a holiday is like its weekday."""
        return bool(self.calendar) and any(HOLIDAY in one.days for one in self.sheets)

    def moments(self, day: date) -> list[Moment]:
        """The steps of a day as they come, none twice at the same instant."""
        sheet = self.sheet(day)
        if sheet is None:
            return []
        found: list[Moment] = []
        if any(one.when.by is not By.CLOCK for one in sheet.steps) and self._never_sets(day):
            return []
        timed = [(step, self._at(step.when, day)) for step in sheet.steps]
        placed = [(step, at) for step, at in timed if at is not None]
        earliest = None
        for number, (step, at) in enumerate(placed):
            later = [one for after, one in placed[number + 1 :] if after.when.by is not By.CLOCK]
            if any(one <= at for one in later):
                continue
            if earliest is not None and at < earliest:
                at = earliest
            if found and found[-1].at >= at:
                at = max(at, found[-1].at)
                found.pop()
            found.append(Moment(at, step.value))
            if step.when.by is not By.CLOCK:
                earliest = at
        return found

    def between(self, since: datetime, until: datetime) -> list[Moment]:
        """The steps from an instant on, before another."""
        day, last = self.day_of(since) - DAY, self.day_of(until) + DAY
        found = []
        while day <= last:
            found += [one for one in self.moments(day) if since <= one.at < until]
            day += DAY
        return sorted(found, key=lambda one: one.at)

    def holds(self, at: datetime) -> Moment | None:
        """The last step at an instant or before; None where there was none for more than a year."""
        day = self.day_of(at) + DAY
        for back in range(LOOK_BACK_DAYS):
            past = [one for one in self.moments(day - back * DAY) if one.at <= at]
            if past:
                return max(past, key=lambda one: one.at)
        return None

    def follows(self, at: datetime) -> Moment | None:
        """The first step after an instant, within a year."""
        day = self.day_of(at) - DAY
        for ahead in range(LOOK_BACK_DAYS):
            coming = [one for one in self.moments(day + ahead * DAY) if one.at > at]
            if coming:
                return min(coming, key=lambda one: one.at)
        return None

    def window(self, day: date, begin: When, end: When) -> tuple[datetime, datetime] | None:
        """From one time of a day of the program to the next such other; None where the sun knows none."""
        since, until = self._at(begin, day), self._at(end, day)
        if since is None or until is None:
            return None
        if until <= since:
            until = self._at(end, day + DAY)
        return None if until is None else (since, until)

    def _never_sets(self, day: date) -> bool:
        return self.site.sun(day).polar is Polar.DAY

    def _at(self, when: When, day: date) -> datetime | None:
        if when.by is By.CLOCK:
            later = DAY_MINUTES if self.by_night and when.minutes < NOON else 0
            return instant(day, when.minutes + later, self.site.zone)
        if when.by is By.SUNSET:
            sun = self.site.sun(day).sets
        else:
            sun = self.site.sun(day + DAY if self.by_night else day).rises
        # To the minute, as clocks are read.
        return None if sun is None else _minute(sun) + timedelta(minutes=when.minutes)


def _minute(at: datetime) -> datetime:
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def holds_with(program: Program, overrides: Sequence[Override], at: datetime) -> Moment | None:
    """What holds at an instant and since when, overrides taken in: their begin and end are moments too."""
    running = [one for one in overrides if one.since <= at < one.until]
    if running:
        # Since when this one wins: from its own begin, or the end of a later one that won before.
        winner = running[-1]
        later = overrides[_place(overrides, winner) + 1 :]
        ended = [one.until for one in later if winner.since < one.until <= at]
        return Moment(max([winner.since, *ended]), winner.value)
    ends = [one.until for one in overrides if one.until <= at]
    below = program.holds(at)
    if below is None:
        return None
    return Moment(max([below.at, *ends]), below.value)


def _place(overrides: Sequence[Override], wanted: Override) -> int:
    return next(number for number, one in enumerate(overrides) if one is wanted)


def follows_with(program: Program, overrides: Sequence[Override], at: datetime) -> datetime | None:
    """When something changes next."""
    edges = [edge for one in overrides for edge in (one.since, one.until) if edge > at]
    step = program.follows(at)
    if step is not None:
        edges.append(step.at)
    return min(edges, default=None)
