"""How alarms move: each step written with the row, journalled by who calls, announced in the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from belvedere.domains.automation.events import AlarmChange, AlarmsChanged
from belvedere.domains.automation.models import Alarm, AlarmStep, Rule, RuleVersion
from belvedere.domains.automation.states import ACTIVE, TRANSITIONS, Act, AlarmState, Closing, Why
from belvedere.engines.transactions import announce
from belvedere.kernel.identifiers import fold

_COLUMNS = (
    "version", "severity", "state", "times", "raised_at", "known_at", "cleared_at", "why_cleared",
    "acknowledged_at", "closed_at", "shelved_until", "shelved_why", "values", "parent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stood:
    """A thing as it is now, for the alarm to keep."""

    entity_id: int
    kind: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    owner_id: Any = None
    place_id: Any = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """By a rule, something of a thing begins to be wrong (`is_raised`), or is over, at an instant."""

    rule: Rule
    version: RuleVersion
    thing: Stood
    at: datetime
    is_raised: bool
    values: Sequence[Mapping[str, Any]] = ()
    why: Why = Why.VALUES
    closing: Closing = Closing.BY_HAND


class Moves:
    """Alarms in hand and their new steps, written together by `write`. In the caller's transaction, which has
    locked the rows it hands in."""

    def __init__(self, known_at: datetime) -> None:
        self._known_at = known_at
        self._new: list[Alarm] = []
        self._changed: dict[int, Alarm] = {}
        self._steps: list[tuple[Alarm, AlarmStep]] = []
        self._beneath: dict[int, tuple[Alarm, Alarm]] = {}  # by the place in memory: new ones have no number

    def raised(self, turned: Turned, alarm: Alarm | None) -> Alarm:
        """Something is wrong: a new alarm, or the open one once more; one that goes on stays as it is."""
        values = [dict(one) for one in turned.values]
        if alarm is None:
            alarm = self._begun(turned, values)
            self._new.append(alarm)
            self._step(alarm, Act.RAISE, "", turned.at, data={"values": values})
            return alarm
        if AlarmState(alarm.state) is AlarmState.CLEARED:
            alarm.times += 1
            alarm.raised_at, alarm.known_at = turned.at, self._known_at
            alarm.cleared_at, alarm.why_cleared, alarm.acknowledged_at = None, Why.VALUES, None
            alarm.version, alarm.severity, alarm.values = turned.version, turned.version.severity, values
            self.move(alarm, Act.RAISE_AGAIN, turned.at, data={"values": values})
        return alarm

    def cleared(self, turned: Turned, alarm: Alarm) -> Alarm | None:
        """It is over; gives the alarm while it is open."""
        if AlarmState(alarm.state) not in TRANSITIONS[Act.CLEAR]:
            return alarm
        alarm.cleared_at, alarm.why_cleared = max(turned.at, alarm.raised_at), turned.why
        values = [dict(one) for one in turned.values]
        self.move(alarm, Act.CLEAR, turned.at, data={"values": values, "why": turned.why.value})
        if turned.closing is Closing.BY_ITSELF:
            alarm.closed_at = self._known_at
            self.move(alarm, Act.CLOSE, self._known_at)
            return None
        return alarm

    def move(
        self,
        alarm: Alarm,
        act: Act,
        at: datetime,
        *,
        person_id: Any = None,
        note: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """A step; to another state where the act has a transition from where the alarm stands."""
        before = AlarmState(alarm.state)
        if act in TRANSITIONS:
            alarm.state = TRANSITIONS[act][before]
        if alarm.pk is not None:
            self._changed[alarm.pk] = alarm
        self._step(alarm, act, before, at, person_id=person_id, note=note, data=data)

    def put_beneath(self, alarm: Alarm, top: Alarm, at: datetime) -> None:
        """Group an alarm beneath another one (or what that is beneath), which may be new too."""
        while id(top) in self._beneath:
            top = self._beneath[id(top)][1]
        if top is alarm:
            return
        self._beneath[id(alarm)] = (alarm, top)
        for other, under in list(self._beneath.values()):
            if under is alarm:
                self._beneath[id(other)] = (other, top)
        self.move(alarm, Act.GROUP, at)

    def is_beneath(self, alarm: Alarm) -> bool:
        """Whether it is, or is being, grouped beneath another."""
        return alarm.parent_id is not None or id(alarm) in self._beneath

    def in_hand(self) -> list[Alarm]:
        """The alarms that were moved, new ones among them."""
        return [*self._new, *self._changed.values()]

    def raised_now(self) -> list[Alarm]:
        """Those that begin, or begin again, and still are."""
        begun = {id(alarm) for alarm, step in self._steps if step.act in (Act.RAISE, Act.RAISE_AGAIN)}
        return [one for one in self.in_hand() if id(one) in begun and AlarmState(one.state) in ACTIVE]

    def write(self) -> tuple[AlarmChange, ...]:
        """Write all, and announce it."""
        # Those on top first: what is beneath needs their numbers.
        Alarm.objects.bulk_create([one for one in self._new if not self.is_beneath(one)], batch_size=1000)
        for alarm, top in self._beneath.values():
            alarm.parent = top
        Alarm.objects.bulk_create([one for one in self._new if self.is_beneath(one)], batch_size=1000)
        if self._changed:
            Alarm.objects.bulk_update(list(self._changed.values()), _COLUMNS, batch_size=500)
        for alarm, step in self._steps:
            step.alarm_id = alarm.pk
        AlarmStep.objects.bulk_create([step for _alarm, step in self._steps], batch_size=1000)
        changes = tuple(_change(alarm, step) for alarm, step in self._steps)
        if changes:
            announce(AlarmsChanged(changes))
        return changes

    def _begun(self, turned: Turned, values: list[dict[str, Any]]) -> Alarm:
        thing, rule, version = turned.thing, turned.rule, turned.version
        return Alarm(
            territory_id=rule.territory_id,
            rule=rule,
            version=version,
            entity_id=thing.entity_id,
            severity=version.severity,
            state=AlarmState.RAISED,
            raised_at=turned.at,
            first_raised_at=turned.at,
            known_at=self._known_at,
            values=values,
            owner_id=rule.owner_id or thing.owner_id,
            place_id=thing.place_id,
            kind=thing.kind,
            names=dict(thing.names),
            longitude=thing.longitude,
            latitude=thing.latitude,
            search=fold(" ".join([*thing.names.values(), version.name])),
        )

    def _step(
        self,
        alarm: Alarm,
        act: Act,
        before: str,
        at: datetime,
        *,
        person_id: Any = None,
        note: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> None:
        step = AlarmStep(
            at=at,
            act=act,
            before=before,
            after=alarm.state,
            person_id=person_id,
            note=note,
            data=dict(data or {}),
        )
        self._steps.append((alarm, step))


def _change(alarm: Alarm, step: AlarmStep) -> AlarmChange:
    return AlarmChange(
        alarm_id=alarm.pk,
        step_id=step.pk,
        territory_id=alarm.territory_id,
        rule_id=alarm.rule_id,
        entity_id=alarm.entity_id,
        owner_id=alarm.owner_id,
        place_id=alarm.place_id,
        severity=alarm.severity,
        act=str(step.act),
        before=str(step.before),
        after=str(step.after),
        parent_id=alarm.parent_id,
        shelved_until=alarm.shelved_until,
        at=step.at,
    )
