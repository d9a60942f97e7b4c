"""A rule tried on the past before it is switched on: what it would have raised, by the same signals.

The readings that are kept are read, hot ones and those of the lake. The work is bounded: of a rule that
watches more than can be tried, the first things are, and it is said how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import bodies
from belvedere.domains.automation.bodies import Body, Neighbours
from belvedere.domains.automation.crowds import Followed, made
from belvedere.domains.automation.minds import Told
from belvedere.domains.automation.models import Rule, RuleVersion
from belvedere.domains.automation.packing import NOTHING, text_of
from belvedere.domains.automation.policies import require
from belvedere.domains.automation.shared import Shared
from belvedere.domains.automation.signals import (
    LONGEST_PAST_S,
    alone,
    prepare,
    unlearnt,
    windows,
)
from belvedere.domains.automation.targets import Target, Watching, targets
from belvedere.domains.automation.views import Past, RuleDraft, Tried, WatchedBy
from belvedere.domains.observations.public import Raw, raw
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput

MOST_DAYS = 92
MOST_THINGS = 500
MOST_READINGS = 400_000
MOST_SHOWN = 200
NAMED = 5
#: Things compared with each other, at most: all that they told is in memory at once.
MOST_TOGETHER = 100
_AT_ONCE = 40_000  # readings in memory, about
_WARM_S = 86_400.0


def watched_by(
    actor: Actor, territory: TerritoryView, body: Body | dict[str, Any], owner_id: Any = None
) -> WatchedBy:
    """How many things a rule of that owner would watch now; raises BadRule, Refused."""
    found = _found(actor, territory, owner_id, body)
    at, shared = now(), Shared(keeps=True)
    minds = alone(made(target, shared) for target in found)
    found = [mind.target for mind in minds]
    shared.learnt.recall((one for target in found for one in target.series_ids), at.timestamp())
    return WatchedBy(
        things=len(found),
        unlearnt=unlearnt(minds, at),
        series=len({series_id for one in found for series_id in one.series_ids}),
        names=tuple(one.thing.names for one in found[:NAMED]),
    )


def try_on_past(
    actor: Actor,
    territory: TerritoryView,
    draft: RuleDraft,
    *,
    days: int = 30,
    until: datetime | None = None,
) -> Tried:
    """What the rule would have raised in the last days (before `until`); for who may write it.

    Raises:
        BadRule, Refused; InvalidInput: more days than can be tried.
    """
    if not 0 < days <= MOST_DAYS:
        raise InvalidInput(N_("A rule is tried on 1 to {most} days."), field="days", most=MOST_DAYS)
    end = until or now()
    start = end - timedelta(days=days)
    found = _found(actor, territory, draft.owner_id, draft.body)
    work = _Work(start, end, ZoneInfo(territory.zone))
    together = any(
        isinstance(one.condition, Neighbours) for one in (found[0].watching.body.clauses if found else ())
    )
    if found and found[0].members:
        work.follow_whole(found)
        return work.tried(len(found[0].members))
    some, left = MOST_TOGETHER if together else 1, found[:MOST_THINGS]
    while left and work.readings < MOST_READINGS:
        work.follow(left[:some])
        if together:
            break  # who is compared with each other is followed at once
        left = left[some:]
        # As many together as fit into memory, by what those before had.
        some = max(1, min(100, _AT_ONCE * work.things // max(work.readings, 1)))
    return work.tried(len(found))


def _found(actor: Actor, territory: TerritoryView, owner_id: Any, body: Any) -> list[Target]:
    require(actor, "write_rule", territory.id, owner_id)
    if isinstance(body, Body):
        bodies.judge(body)
    else:
        body = bodies.read(body)
    row = Rule(territory_id=territory.id, owner_id=owner_id)
    watching = Watching(row, RuleVersion(rule=row, number=0), body, territory.zone)
    return list(targets([watching]).values())


class _Work:
    """What was found so far."""

    def __init__(self, start: datetime, end: datetime, zone: ZoneInfo) -> None:
        self.start, self.end, self._zone = start, end, zone
        self.readings = self.things = self.unlearnt = 0
        self._episodes: list[Past] = []

    def follow(self, some: Sequence[Target], step: timedelta | None = None) -> None:
        """The same signals over the past of these things; `step` by step, that it fits into memory."""
        shared = Shared(keeps=False)
        made_of = [made(target, shared) for target in some]
        minds = alone(made_of)
        prepare(minds, self.start, self.end)
        back = max((window for mind in minds for _part, window in windows(mind)), default=0.0)
        at = self.start - timedelta(seconds=min(max(back, _WARM_S), LONGEST_PAST_S))
        shared.regroup(minds)
        followed = [_Heard(one, self.start.timestamp()) for one in made_of]
        while at < self.end:
            until = self.end if step is None else min(at + step, self.end)
            self._hear(followed, at, until)
            at = until
        self.things += len(minds)
        for one in followed:
            self._episodes += _episodes(one.mind, one.ends(self.end.timestamp()))
        self.unlearnt += unlearnt(minds, self.end)

    def follow_whole(self, found: Sequence[Target]) -> None:
        """All things of one crowd at once; where they have more readings than can be tried, of less time."""
        ids = set(found[0].series_ids)
        day = timedelta(days=1)
        a_day = sum(len(rows) for rows in raw(ids, self.end - day, self.end).values())
        self.start = max(self.start, self.end - max(MOST_READINGS / max(a_day, 1), 1.0) * day)
        self.follow(found, step=day)

    def _hear(self, followed: Sequence[_Heard], first: datetime, until: datetime) -> None:
        told = raw({one for each in followed for one in each.mind.target.series_ids}, first, until)
        rows = sorted(
            (row.observed_us, number, part, row)
            for number, each in enumerate(followed)
            for part, series_id in enumerate(each.mind.target.series_ids)
            for row in told.get(series_id, ())
        )
        self.readings += len(rows)
        for place, (us, number, part, row) in enumerate(rows):
            is_last = place + 1 == len(rows) or rows[place + 1][:2] != (us, number)
            followed[number].hears(part, row, is_last)

    def tried(self, things: int) -> Tried:
        by_day: dict[Any, int] = {}
        for one in self._episodes:
            day = one.start.astimezone(self._zone).date()
            by_day[day] = by_day.get(day, 0) + 1
        newest = sorted(self._episodes, key=lambda one: (one.start, one.entity_id), reverse=True)
        return Tried(
            start=self.start,
            end=self.end,
            alarms=len(self._episodes),
            episodes=tuple(newest[:MOST_SHOWN]),
            by_day=by_day,
            things=things,
            things_tried=self.things,
            things_alarmed=len({one.entity_id for one in self._episodes}),
            readings=self.readings,
            unlearnt=self.unlearnt,
        )


class _Heard:
    """A signal over the past: until the rule begins it only reads."""

    def __init__(self, mind: Followed, begins: float) -> None:
        self.mind = mind
        self._begins, self._begun = begins, False
        self._told: list[Told] = []

    def hears(self, part: int, row: Raw, is_last: bool) -> None:
        """A reading, in order of time; whether it is the last of its instant."""
        mind, at = self.mind, row.observed_us / 1e6
        number = NOTHING if row.number is None else row.number
        text = None if row.number is not None else text_of(row.value)
        if at < self._begins:
            mind.read_quietly(part, at, number, text)
            return
        self._begin()
        self._told += _passed(mind, at) + mind.read(part, at, number, text)
        if is_last and not mind.is_single:
            self._told += mind.judge(at)

    def ends(self, at: float) -> list[Told]:
        """All that it said until then."""
        self._begin()
        return self._told + _passed(self.mind, at)

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.mind.compares_again()
            self._told = self.mind.begins(self._begins)


def _passed(mind: Followed, at: float) -> list[Told]:
    """The clock goes on to `at`."""
    told: list[Told] = []
    while (due := mind.signal.next_due()) is not None and due <= at:
        told += mind.passes(due)
    return told


def _episodes(mind: Followed, told: Sequence[Told]) -> list[Past]:
    found: list[Past] = []
    thing = mind.target.thing
    begun: Told | None = None
    for one in told:
        turn = one[1]
        if turn.is_raised:
            begun = one
        elif begun is not None:
            found.append(_past(thing.entity_id, thing.names, begun, turn.at))
            begun = None
    return found if begun is None else [*found, _past(thing.entity_id, thing.names, begun, None)]


def _past(entity_id: int, names: Any, begun: Told, end: float | None) -> Past:
    _mind, turn, values = begun
    return Past(
        entity_id=entity_id,
        names=names,
        start=datetime.fromtimestamp(turn.at, UTC),
        end=None if end is None else datetime.fromtimestamp(end, UTC),
        number=values[0]["number"],
        text=values[0]["text"],
    )
