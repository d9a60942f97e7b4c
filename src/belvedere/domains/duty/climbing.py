"""Alarms that nobody acknowledged climb from level to level; written with the steps of the alarm itself.

`follow` begins and ends a climb in the transaction of the step: no alarm without somebody to be told, nobody
told of what is over. `climb_due` turns levels that are due into calls, each once, in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.functional import cached_property

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.events import AlarmChange, AlarmsChanged
from belvedere.domains.automation.public import Act, AlarmState
from belvedere.domains.duty.bodies import BY_DEFAULT, LevelBody, PlanBody, first_on_duty, packed, plan_body
from belvedere.domains.duty.models import Call, Climb, Plan, Roster
from belvedere.domains.duty.reaching import on_duty_of, people_of, rooms_of
from belvedere.domains.duty.states import CallState, Channel, Ended, Target
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.notifications.public import Rhythm, declare_kind, notify
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity

KIND: Final = "duty"
MOST_AT_ONCE: Final = 200
SYSTEM: Final = Actor.system()
_RAISING = frozenset({Act.RAISE.value, Act.RAISE_AGAIN.value, Act.UNSHELVE.value, Act.UNGROUP.value})
_WHY = {AlarmState.CLEARED: Ended.CLEARED, AlarmState.CLOSED: Ended.CLEARED}


def declare_kinds() -> None:
    declare_kind(KIND, N_("An alarm waits for me"), Rhythm.NEVER, choice=False)


class Plans:
    """The plans of owners, each read once."""

    def __init__(self) -> None:
        self._read: dict[UUID, list[Plan]] = {}
        self._zones: dict[UUID, str] = {}
        self._lists: dict[UUID, list[UUID]] = {}

    def zone(self, territory_id: UUID) -> str:
        if territory_id not in self._zones:
            self._zones[territory_id] = territory_by_id(territory_id).zone
        return self._zones[territory_id]

    def of(self, change: AlarmChange) -> tuple[Plan | None, PlanBody | None]:
        """The plan of an alarm, one for its kind before one for all; else what holds by default."""
        found = [one for one in self._of(change.owner_id) if change.severity in one.severities]
        if any(one.kinds for one in found):
            kind = automation.alarm(SYSTEM, change.alarm_id).alarm.kind
            found = [one for one in found if not one.kinds or kind in one.kinds]
        for one in sorted(found, key=lambda plan: (not plan.kinds, plan.pk)):
            return one, plan_body(one.body)
        body = BY_DEFAULT.get(Severity(change.severity))
        lists = self._rosters(change.owner_id)
        return None, first_on_duty(body, lists) if body and lists else body

    def _rosters(self, owner_id: UUID | None) -> list[UUID]:
        if owner_id is None:
            return []
        if owner_id not in self._lists:
            rows = Roster.objects.filter(owner_id=owner_id, removed_at__isnull=True).order_by("pk")
            self._lists[owner_id] = list(rows.values_list("pk", flat=True))
        return self._lists[owner_id]

    def _of(self, owner_id: UUID | None) -> list[Plan]:
        if owner_id is None:
            return []
        if owner_id not in self._read:
            self._read[owner_id] = list(Plan.objects.filter(owner_id=owner_id, removed_at__isnull=True))
        return self._read[owner_id]


def follow(event: AlarmsChanged) -> None:
    """Begin and end climbs with the steps of alarms, by where each alarm stands after them."""
    steps: dict[int, list[AlarmChange]] = defaultdict(list)
    for change in event.changes:
        if change.act != Act.COMMENT:
            steps[change.alarm_id].append(change)
    if not steps:
        return
    at, plans = now(), Plans()
    # In the order of their numbers: two who move the same alarms wait for each other, and no circle.
    rows = Climb.objects.select_for_update().filter(alarm_id__in=list(steps), ended_at__isnull=True)
    climbing = {one.alarm_id: one for one in rows.order_by("alarm_id")}
    ended, begun = [], []
    for alarm_id, changes in steps.items():
        last, acts = changes[-1], {one.act for one in changes}
        begins = bool(acts & _RAISING) or Act.SHELVE in acts
        stands = last.after == AlarmState.RAISED and last.parent_id is None
        if stands and not begins:
            continue
        if alarm_id in climbing:
            ended.append(_over(climbing[alarm_id], _why(last), at))
        if stands:
            begun += _begun(last, plans, at)
    Climb.objects.bulk_update(ended, ["ended_at", "ended", "due_at"], batch_size=500)
    Climb.objects.bulk_create(begun, batch_size=500)


def _why(last: AlarmChange) -> Ended:
    if last.after != AlarmState.RAISED:
        return _WHY.get(AlarmState(last.after), Ended.ACKNOWLEDGED)
    if last.parent_id is not None:
        return Ended.GROUPED
    return Ended.SHELVED if last.shelved_until is not None else Ended.ANEW


def _over(row: Climb, why: Ended, at: datetime) -> Climb:
    row.ended_at, row.ended, row.due_at = at, why.value, None
    return row


def _begun(change: AlarmChange, plans: Plans, at: datetime) -> list[Climb]:
    """The climb of an alarm; of one that is shelved it begins when that is over."""
    plan, body = plans.of(change)
    if body is None:
        return []
    begins = max(at, change.shelved_until) if change.shelved_until else at
    due = begins + timedelta(minutes=body.levels[0].after_min)
    row = Climb(
        alarm_id=change.alarm_id,
        territory_id=change.territory_id,
        owner_id=change.owner_id,
        plan=plan,
        severity=change.severity,
        body=packed(body),
        begun_at=begins,
        due_at=body.not_before(change.severity, due, plans.zone(change.territory_id)),
    )
    return [row]


# ------------------------------------------------------------------ levels that are due
def climb_due(at: datetime) -> int:
    """Turn the levels that are due into calls; gives how many levels were told."""
    due = Climb.objects.filter(ended_at__isnull=True, due_at__lte=at).order_by("due_at", "pk")
    return sum(_climb(pk, at) for pk in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]))


def _climb(pk: int, at: datetime) -> int:
    with transaction.atomic():
        rows = Climb.objects.select_for_update(skip_locked=True)
        row = rows.filter(pk=pk, ended_at__isnull=True, due_at__lte=at).first()
        if row is None:
            return 0
        step = _Step(row, at)
        step.go_on(step.call())
        return 1


class _Step:
    """One level of one alarm, at its time."""

    def __init__(self, row: Climb, at: datetime) -> None:
        self._row, self._at, self._body = row, at, plan_body(row.body)

    @property
    def _level(self) -> LevelBody:
        return self._body.levels[self._row.level]

    @cached_property
    def _zone(self) -> str:
        return territory_by_id(self._row.territory_id).zone

    def call(self) -> bool:
        """Whether anybody hears of it now: not where all that are told keep quiet hours."""
        row, at, whom = self._row, self._at, self._level.whom
        rooms = rooms_of(whom, row.territory_id)
        is_rooms_only = bool(rooms) and all(one.target is Target.ROOM for one in whom)
        people = people_of(whom, row.territory_id, row.owner_id, at) if not is_rooms_only else frozenset()
        awake = on_duty_of(whom, at)
        calls = [self._new(Channel.ROOM, gateway_id=room) for room in sorted(rooms)]
        for channel in self._level.channels:
            if channel is Channel.INBOX:
                self._tell(people)
                told = {"state": CallState.SENT, "done_at": at}
                calls += [self._new(channel, person_id=one, **told) for one in sorted(people)]
                continue
            for one in sorted(people):
                first, *then = self._ways(one, channel)
                begin = at
                if one not in awake:
                    begin = reach.not_before(one, row.severity, at, self._zone)
                left = [way.value for way in then]
                calls.append(self._new(Channel(first.value), person_id=one, then=left, next_at=begin))
        Call.objects.bulk_create(calls, ignore_conflicts=True)
        return any(one.channel != Channel.INBOX and one.next_at <= at for one in calls) or not people

    def _new(self, channel: Channel, **members: Any) -> Call:
        row, at = self._row, self._at
        common = {"climb": row, "level": row.level, "round": row.round, "created_at": at, "next_at": at}
        return Call(**{**common, "channel": channel.value, **members})

    def _ways(self, person: UUID, channel: Channel) -> tuple[reach.Way, ...]:
        """What is tried, one after the other. Who is to be told by mail is told by mail alone."""
        if channel is Channel.MAIL:
            return (reach.Way.MAIL,)
        first = None if channel is Channel.OWN else reach.Way(channel.value)
        row = self._row
        return reach.ways_of(person, row.severity, row.territory_id, row.owner_id, first=first)

    def go_on(self, heard: bool) -> None:
        """When the next level is due, or the last one once more. Where nobody hears of it now, the next one
        does not wait: what is told only in the morning is not told in time."""
        row, levels = self._row, self._body.levels
        if row.level + 1 < len(levels):
            wait = levels[row.level + 1].after_min - levels[row.level].after_min if heard else 0
            row.level += 1
        else:
            wait, row.round = self._body.repeat_min, row.round + 1
        due = self._at + timedelta(minutes=wait)
        row.due_at = self._body.not_before(row.severity, due, self._zone)
        row.save(update_fields=["level", "round", "due_at"])

    def _tell(self, people: Iterable[UUID]) -> None:
        row = self._row
        view = automation.alarm(SYSTEM, row.alarm_id).alarm
        notify(
            people,
            KIND,
            N_("Nobody acknowledged yet: {rule}, {thing}"),
            {"rule": view.rule_name, "thing": dict(view.names) or str(view.entity_id)},
            key=f"climb:{row.pk}:{row.level}:{row.round}",
            group=f"alarm:{row.alarm_id}",
            subject_id=str(row.alarm_id),
            territory_id=row.territory_id,
            zone=self._zone,
            at=self._at,
        )
