"""What a roster and a plan of climbing say, as they are stored and as they are checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from belvedere.domains.duty.errors import BadPlan, BadRoster
from belvedere.domains.duty.states import MOST_LEVELS, SHORTEST_REPEAT, Channel, Target
from belvedere.kernel.errors import N_
from belvedere.kernel.holidays import CALENDARS
from belvedere.kernel.severity import Severity
from belvedere.science.rosters import turns
from belvedere.science.rosters.quiet import quiet_until

Minute = Annotated[int, Meta(ge=0, le=1439)]
Weekday = Annotated[int, Meta(ge=1, le=7)]
S = TypeVar("S", bound=Struct)


class ShiftBody(Struct, frozen=True, omit_defaults=True):
    """Stretches of the week: from a minute of these days to another one; whose turn it is, week by week."""

    days: tuple[Weekday, ...]
    start: Minute
    end: Minute
    people: tuple[UUID, ...]


class RosterBody(Struct, frozen=True, omit_defaults=True):
    """Turns by week of `people`, handed over on `weekday` at `minute`; or `shifts`. `first`: a day of the
    first turn; `calendar`, `on_holidays`: those who take turns on its holidays."""

    first: date
    people: tuple[UUID, ...] = ()
    weekday: Weekday = 1
    minute: Minute = 480
    shifts: tuple[ShiftBody, ...] = ()
    calendar: str = ""
    on_holidays: tuple[UUID, ...] = ()

    def everybody(self) -> frozenset[UUID]:
        return frozenset(
            [*self.people, *self.on_holidays, *(one for shift in self.shifts for one in shift.people)]
        )

    def roster(self, zone: str, stand_ins: tuple[turns.StandIn, ...] = ()) -> turns.Roster:
        """The roster that is calculated with."""
        return turns.Roster(
            ZoneInfo(zone),
            self.first,
            turns.Weeks(self.people, self.weekday, self.minute) if self.people else None,
            tuple(turns.Shift(frozenset(one.days), one.start, one.end, one.people) for one in self.shifts),
            self.calendar,
            self.on_holidays,
            stand_ins,
        )


class Whom(Struct, frozen=True, omit_defaults=True):
    """`id`: of the roster or the person."""

    target: Target
    id: UUID | None = None


class LevelBody(Struct, frozen=True, omit_defaults=True):
    """Whom to tell by what, so many minutes after the raise without anybody acknowledging."""

    after_min: Annotated[int, Meta(ge=0, le=7 * 24 * 60)]
    whom: tuple[Whom, ...]
    channels: tuple[Channel, ...] = (Channel.MAIL,)


class PlanBody(Struct, frozen=True, omit_defaults=True):
    """`repeat_min`: the last level is told again so often. Alarms up to `quiet_most` are not told from
    `quiet_from` until `quiet_until` (minutes of the day), but afterwards."""

    levels: tuple[LevelBody, ...]
    repeat_min: Annotated[int, Meta(ge=5, le=7 * 24 * 60)] = 60
    quiet_most: int = 0
    quiet_from: Minute = 22 * 60
    quiet_until: Minute = 7 * 60

    def not_before(self, severity: int, at: datetime, zone: str) -> datetime:
        """`at`, or the end of the quiet hours it falls in."""
        if severity > self.quiet_most:
            return at
        return quiet_until(at, ZoneInfo(zone), self.quiet_from, self.quiet_until) or at


_HANDLERS, _HEADS, _GOVERNORS = (Whom(one) for one in (Target.HANDLERS, Target.HEADS, Target.GOVERNORS))
_OWN: Final = (Channel.OWN,)
#: Where nobody wrote a plan. What only informs climbs nowhere.
BY_DEFAULT: Final[Mapping[Severity, PlanBody]] = {
    Severity.CRITICAL: PlanBody(
        (LevelBody(0, (_HANDLERS,), _OWN), LevelBody(15, (_HEADS, _GOVERNORS), _OWN)), 30
    ),
    Severity.MAJOR: PlanBody(
        (LevelBody(0, (_HANDLERS,), _OWN), LevelBody(60, (_HEADS, _GOVERNORS), _OWN)), 240
    ),
    Severity.MINOR: PlanBody((LevelBody(24 * 60, (_HANDLERS,), _OWN),), 24 * 60, quiet_most=Severity.MINOR),
}


ALONE_MIN: Final = 10


def first_on_duty(body: PlanBody, lists: Sequence[UUID]) -> PlanBody:
    """The same, with who is on duty by these rosters told first, and ten minutes later the first level."""
    first = body.levels[0]
    on_duty = LevelBody(first.after_min, tuple(Whom(Target.ROSTER, one) for one in lists), first.channels)
    then = LevelBody(first.after_min + ALONE_MIN, first.whom, first.channels)
    return msgspec.structs.replace(body, levels=(on_duty, then, *body.levels[1:]))


def packed(body: Struct) -> Any:
    """As JSON values, for a column."""
    return msgspec.to_builtins(body)


def plan_body(stored: Any) -> PlanBody:
    return msgspec.convert(stored, PlanBody)


def roster_body(stored: Any) -> RosterBody:
    return msgspec.convert(stored, RosterBody)


def checked_roster(body: RosterBody) -> RosterBody:
    """The body as it may be saved; BadRoster says what is wrong."""
    body = _converted(body, BadRoster)
    if bool(body.people) == bool(body.shifts):
        raise BadRoster(N_("Name the people who take turns, by week or by shifts."), field="people")
    if any(not one.people or not one.days for one in body.shifts):
        raise BadRoster(N_("Each shift has days and people."), field="shifts")
    made = body.roster("UTC")
    if turns.overlap(made.shifts):
        raise BadRoster(
            N_("Two shifts hold the same hour: only one person is on duty at a time."), field="shifts"
        )
    is_known = body.calendar in CALENDARS or not (body.calendar or body.on_holidays)
    if not is_known:
        raise BadRoster(N_("Choose whose holidays count."), field="calendar")
    return body


def checked_plan(body: PlanBody) -> PlanBody:
    """The body as it may be saved; BadPlan says what is wrong."""
    body = _converted(body, BadPlan)
    if not 1 <= len(body.levels) <= MOST_LEVELS:
        raise BadPlan(N_("A plan has one to {most} levels."), most=MOST_LEVELS, field="levels")
    if any(not level.whom or not level.channels for level in body.levels):
        raise BadPlan(N_("Say for each level who is told, and by what."), field="levels")
    if any(Channel.ROOM in level.channels for level in body.levels):
        raise BadPlan(N_("A room is told for itself: choose it among who is told."), field="levels")
    after = [level.after_min for level in body.levels]
    if after != sorted(set(after)):
        raise BadPlan(N_("Each level comes later than the one before it."), field="levels")
    if body.repeat_min * 60 < SHORTEST_REPEAT.total_seconds():
        raise BadPlan(N_("Repeat at most every five minutes."), field="repeat_min")
    return body


def _converted(body: S, error: type[BadPlan] | type[BadRoster]) -> S:
    try:
        return msgspec.convert(msgspec.to_builtins(body), type(body))
    except msgspec.ValidationError:
        raise error(N_("A time or a day cannot be so. Check hours, days and minutes.")) from None


def minute_of(at: time) -> int:
    return at.hour * 60 + at.minute
