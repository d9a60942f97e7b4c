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
from belvedere.domains.automation.bodies import Body
from belvedere.domains.automation.models import Rule, RuleVersion
from belvedere.domains.automation.packing import NOTHING, text_of
from belvedere.domains.automation.policies import require
from belvedere.domains.automation.signals import LONGEST_PAST_S, Mind, Schedules, Told, window_of
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
_AT_ONCE = 40_000  # readings in memory, about
_WARM_S = 86_400.0


def watched_by(
    actor: Actor, territory: TerritoryView, body: Body | dict[str, Any], owner_id: Any = None
) -> WatchedBy:
    """How many things a rule of that owner would watch now; raises BadRule, Refused."""
    found = _found(actor, territory, owner_id, body)
    return WatchedBy(
        things=len(found),
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
    some, left = 1, found[:MOST_THINGS]
    while left and work.readings < MOST_READINGS:
        work.follow(left[:some])
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
        self.readings = self.things = 0
        self._schedules = Schedules()
        self._episodes: list[Past] = []

    def follow(self, some: Sequence[Target]) -> None:
        """The same signals over the past of these things."""
        minds = [Mind(target, self._schedules.of(target)) for target in some]
        back = max((window_of(part) for mind in minds for part in mind.signal.parts), default=0.0)
        first = self.start - timedelta(seconds=min(max(back, _WARM_S), LONGEST_PAST_S))
        told = raw({one for target in some for one in target.series_ids}, first, self.end)
        for mind in minds:
            rows = sorted(
                (row.observed_us, part, row)
                for part, series_id in enumerate(mind.target.series_ids)
                for row in told.get(series_id, ())
            )
            self.readings += len(rows)
            self.things += 1
            self._episodes += _episodes(mind, _said(mind, rows, self.start, self.end))

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
        )


def _said(mind: Mind, rows: Sequence[tuple[int, int, Raw]], start: datetime, end: datetime) -> list[Told]:
    """What the signal says of these readings, in order of time."""
    begins = start.timestamp()
    last, begun = end.timestamp(), False
    told: list[Told] = []
    for place, (us, part, row) in enumerate(rows):
        at = us / 1e6
        number = NOTHING if row.number is None else row.number
        text = None if row.number is not None else text_of(row.value)
        if at < begins:
            mind.read_quietly(part, at, number, text)
            continue
        if not begun:
            told, begun = mind.begins(begins), True
        told += _passed(mind, at) + mind.read(part, at, number, text)
        if not mind.is_single and (place + 1 == len(rows) or rows[place + 1][0] != us):
            told += mind.judge(at)
    if not begun:
        told = mind.begins(begins)
    return told + _passed(mind, last)


def _passed(mind: Mind, at: float) -> list[Told]:
    """The clock goes on to `at`."""
    told: list[Told] = []
    while (due := mind.signal.next_due()) is not None and due <= at:
        told += mind.passes(due)
    return told


def _episodes(mind: Mind, told: Sequence[Told]) -> list[Past]:
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
