"""Who is on duty at an instant: a pure function of the roster; exactly one person wherever it covers.

A week turns from hand-over to hand-over; a shift is a stretch of some weekdays, whose people take it in
turn week by week. On holidays those take turns who are named for them. A stand-in takes the place of one
person, or of whoever it would be; the one entered last counts, and a stand-in can have a stand-in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from belvedere.kernel.holidays import holidays
from belvedere.science.rosters.instants import DAY_MINUTES, instant

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Turns of a week, handed over on a weekday (1 is Monday) at a minute of the day; `people` in order."""

    people: tuple[UUID, ...]
    weekday: int = 1
    minute: int = 8 * 60


@dataclass(frozen=True, slots=True)
class Shift:
    """From a minute of these weekdays to another one, of the next day when it is not later."""

    days: frozenset[int]
    start: int
    end: int
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class StandIn:
    """`who` is on duty in the place of `instead_of` (None: of anybody) from an instant until another."""

    since: datetime
    until: datetime
    who: UUID
    instead_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """`first`: a day of the first turn. `weeks` or `shifts`, not both. `stand_ins` as they were entered."""

    zone: ZoneInfo
    first: date
    weeks: Weeks | None = None
    shifts: tuple[Shift, ...] = ()
    calendar: str = ""
    on_holidays: tuple[UUID, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody (None: nobody) is on duty from an instant until another; `instead_of`: whose turn it was."""

    since: datetime
    until: datetime
    who: UUID | None
    instead_of: UUID | None = None


def on_duty(roster: Roster, at: datetime) -> UUID | None:
    """Who is on duty at an instant; None where the roster does not cover it."""
    return stood_in(roster, planned(roster, at), at)


def planned(roster: Roster, at: datetime) -> UUID | None:
    """Whose turn it is, stand-ins aside."""
    day = at.astimezone(roster.zone).date()
    if roster.on_holidays and day in holidays(roster.calendar, day.year):
        past = sum(_holidays_in(roster, year) for year in range(roster.first.year, day.year))
        past += sum(1 for one in holidays(roster.calendar, day.year) if one < day)
        return roster.on_holidays[past % len(roster.on_holidays)]
    if roster.weeks is not None:
        return _of_week(roster.weeks, roster, at)
    for shift in roster.shifts:
        for start in (day - timedelta(1), day):
            since, until = _bounds(shift, start, roster.zone)
            if start.isoweekday() in shift.days and since <= at < until:
                return shift.people[_week_number(roster.first, start) % len(shift.people)]
    return None


def stood_in(roster: Roster, who: UUID | None, at: datetime) -> UUID | None:
    """Who stands in for `who` at an instant, or they themselves."""
    seen: set[UUID | None] = set()
    while who is not None and who not in seen:
        seen.add(who)
        for one in reversed(roster.stand_ins):
            if one.since <= at < one.until and one.instead_of in (None, who) and one.who not in seen:
                if one.instead_of is None:
                    return one.who
                who = one.who
                break
        else:
            return who
    return who


def turns(roster: Roster, since: datetime, until: datetime) -> list[Turn]:
    """Who is on duty from one instant to another, without gap: where the same goes on it is one turn."""
    edges = sorted({since, until, *(one for one in _edges(roster, since, until) if since < one < until)})
    found: list[Turn] = []
    for start, end in pairwise(edges):
        meant = planned(roster, start)
        who = stood_in(roster, meant, start)
        instead = meant if meant != who else None
        if found and (found[-1].who, found[-1].instead_of) == (who, instead):
            start = found.pop().since
        found.append(Turn(start, end, who, instead))
    return found


def overlap(shifts: Sequence[Shift]) -> bool:
    """Whether two shifts hold the same minute of a week."""
    taken: list[tuple[int, int]] = []
    for shift in shifts:
        for day in shift.days:
            start = (day - 1) * DAY_MINUTES + shift.start
            end = start + _minutes(shift)
            pieces = [(start, end)] if end <= 7 * DAY_MINUTES else [
                (start, 7 * DAY_MINUTES), (0, end - 7 * DAY_MINUTES)
            ]  # fmt: skip
            if any(a < upto and b > since for a, b in pieces for since, upto in taken):
                return True
            taken += pieces
    return False


def _minutes(shift: Shift) -> int:
    return shift.end - shift.start if shift.end > shift.start else shift.end + DAY_MINUTES - shift.start


def _bounds(shift: Shift, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return instant(day, shift.start, zone), instant(day, shift.start + _minutes(shift), zone)


def _holidays_in(roster: Roster, year: int) -> int:
    return len(holidays(roster.calendar, year))


def _week_number(first: date, day: date) -> int:
    monday = first - timedelta(first.isoweekday() - 1)
    return (day - monday).days // 7


def _of_week(weeks: Weeks, roster: Roster, at: datetime) -> UUID:
    day = at.astimezone(roster.zone).date()
    handed = day - timedelta((day.isoweekday() - weeks.weekday) % 7)
    if instant(handed, weeks.minute, roster.zone) > at:
        handed -= WEEK
    first = roster.first - timedelta((roster.first.isoweekday() - weeks.weekday) % 7)
    return weeks.people[(handed - first).days // 7 % len(weeks.people)]


def _edges(roster: Roster, since: datetime, until: datetime) -> Iterator[datetime]:
    """Where the person on duty may change."""
    for one in roster.stand_ins:
        yield from (one.since, one.until)
    day, last = since.astimezone(roster.zone).date() - timedelta(2), until.astimezone(roster.zone).date()
    while day <= last:
        if roster.on_holidays and day in holidays(roster.calendar, day.year):
            yield from (instant(day, 0, roster.zone), instant(day, DAY_MINUTES, roster.zone))
        if roster.weeks is not None and day.isoweekday() == roster.weeks.weekday:
            yield instant(day, roster.weeks.minute, roster.zone)
        for shift in roster.shifts:
            if day.isoweekday() in shift.days:
                yield from _bounds(shift, day, roster.zone)
        day += timedelta(1)
