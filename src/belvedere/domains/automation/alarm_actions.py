"""Verbs on alarms: what people do about them. Each is a step of the timeline and an entry of the journal.

`expected`: the state in which the actor saw the alarm; where it stands otherwise now, ChangedMeanwhile is
raised and nothing is done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.automation.alarm_queries import NO_SUCH, views_of
from belvedere.domains.automation.errors import ChangedMeanwhile, NoSuchAlarm, WrongState
from belvedere.domains.automation.models import Alarm
from belvedere.domains.automation.moving import Moves
from belvedere.domains.automation.policies import may, require
from belvedere.domains.automation.states import TRANSITIONS, Act, AlarmState
from belvedere.domains.automation.views import AlarmView
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput

LONGEST_NOTE = 5000
LONGEST_WHY = 500
MOST_AT_ONCE = 500
LONGEST_SHELVED = timedelta(days=90)
_WRONG: Mapping[Act, str] = {
    Act.ACKNOWLEDGE: N_("Only an alarm that is raised can be acknowledged."),
    Act.TAKE_UP: N_("Only an alarm that goes on can be taken up."),
    Act.CLOSE: N_("What raised the alarm is not over: it can be closed once it is cleared, or shelved now."),
}


def acknowledge(
    *, actor: Actor, alarm_id: int, note: str = "", expected: AlarmState | None = None
) -> AlarmView:
    """Somebody has seen it."""
    return _act(actor, [alarm_id], Act.ACKNOWLEDGE, note, expected)[0]


def acknowledge_all(*, actor: Actor, alarm_ids: Collection[int], note: str = "") -> list[AlarmView]:
    """The same for many at once, all or none; those that somebody has seen already stay as they are."""
    return _act(actor, alarm_ids, Act.ACKNOWLEDGE, note, None, passing=True)


def take_up(*, actor: Actor, alarm_id: int, note: str = "", expected: AlarmState | None = None) -> AlarmView:
    """Somebody works on it."""
    return _act(actor, [alarm_id], Act.TAKE_UP, note, expected)[0]


def close(*, actor: Actor, alarm_id: int, proof: str, expected: AlarmState | None = None) -> AlarmView:
    """It is done, with what is grouped beneath it and over: `proof` says what was found and done."""
    if not proof.strip():
        raise InvalidInput(N_("Say what was found and what was done: that is the proof."), field="proof")
    return _act(actor, [alarm_id], Act.CLOSE, proof, expected)[0]


def comment(*, actor: Actor, alarm_id: int, text: str) -> AlarmView:
    """Add a word to its timeline."""
    if not text.strip():
        raise InvalidInput(N_("Write a comment first."), field="text")
    return _act(actor, [alarm_id], Act.COMMENT, text, None)[0]


def shelve(*, actor: Actor, alarm_id: int, until: datetime, why: str) -> AlarmView:
    """Do not show it until then, nor tell anybody, whatever it does meanwhile."""
    why = why.strip()
    if not why or len(why) > LONGEST_WHY:
        raise InvalidInput(
            N_("Say in {most} characters at most why it shall not be shown."), field="why", most=LONGEST_WHY
        )
    at = now()
    if not at < until <= at + LONGEST_SHELVED:
        raise InvalidInput(
            N_("Choose an end to come, {days} days from now at most."),
            field="until",
            days=LONGEST_SHELVED.days,
        )
    return _act(actor, [alarm_id], Act.SHELVE, why, None, until=until)[0]


def unshelve(*, actor: Actor, alarm_id: int, note: str = "") -> AlarmView:
    """Show it again now."""
    return _act(actor, [alarm_id], Act.UNSHELVE, note, None)[0]


def _act(
    actor: Actor,
    alarm_ids: Collection[int],
    act: Act,
    note: str,
    expected: AlarmState | None,
    *,
    until: datetime | None = None,
    passing: bool = False,
) -> list[AlarmView]:
    """Do it to each, all or none. `passing`: where it cannot be done, leave the alarm as it is."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(N_("Write {most} characters at most."), field="note", most=LONGEST_NOTE)
    if not 0 < len(alarm_ids) <= MOST_AT_ONCE:
        raise InvalidInput(N_("Choose 1 to {most} alarms."), most=MOST_AT_ONCE)
    at = now()
    with transaction.atomic():
        rows = _locked(actor, alarm_ids)
        if act is Act.CLOSE:
            rows += _beneath(rows)
        moves = Moves(at)
        entries = []
        for row in rows:
            if expected is not None and row.pk in alarm_ids and row.state != expected:
                raise ChangedMeanwhile(
                    N_("Somebody, or what happened, moved this alarm meanwhile. Look at it again.")
                )
            if passing and not _can(row, act):
                continue
            _require_possible(row, act)
            before: dict[str, Any] = {"state": row.state}
            data = _put(row, act, at, until, note)
            moves.move(row, act, at, person_id=actor.person_id, note=note, data=data)
            entries.append(_entry(actor, row, act, before, note, data))
        moves.write()
        record_many(entries)
    return views_of(rows)


def _locked(actor: Actor, alarm_ids: Collection[int]) -> list[Alarm]:
    """The alarms, locked in the order of their numbers, which the actor may look after."""
    wanted = set(alarm_ids)
    rows = list(
        Alarm.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .select_related("version")
        .order_by("pk")
    )
    if len(rows) < len(wanted):
        raise NoSuchAlarm(NO_SUCH)
    for row in rows:
        if may(actor, "view", row.territory_id, row.owner_id) is not None:
            raise NoSuchAlarm(NO_SUCH)
        require(actor, "handle", row.territory_id, row.owner_id)
    return rows


def _beneath(rows: list[Alarm]) -> list[Alarm]:
    """What is grouped beneath these, of the same owner, and over: it is closed with them."""
    beneath = Alarm.objects.select_for_update(of=("self",)).filter(
        parent_id__in=[row.pk for row in rows], state=AlarmState.CLEARED
    )
    owners = {row.pk: row.owner_id for row in rows}
    found = beneath.select_related("version").order_by("pk")
    return [row for row in found if row.parent_id and owners[row.parent_id] == row.owner_id]


def _can(row: Alarm, act: Act) -> bool:
    return act not in TRANSITIONS or AlarmState(row.state) in TRANSITIONS[act]


def _require_possible(row: Alarm, act: Act) -> None:
    if not _can(row, act):
        raise WrongState(_WRONG[act], state=row.state)
    if act is Act.SHELVE and row.state == AlarmState.CLOSED:
        raise WrongState(N_("A closed alarm needs no shelving."), state=row.state)
    if act is Act.UNSHELVE and row.shelved_until is None:
        raise WrongState(N_("This alarm is not shelved."), state=row.state)


def _put(row: Alarm, act: Act, at: datetime, until: datetime | None, why: str) -> dict[str, Any]:
    """The columns that the act writes beside the state; gives what its step keeps."""
    if act is Act.ACKNOWLEDGE or (act is Act.TAKE_UP and row.acknowledged_at is None):
        row.acknowledged_at = at
    elif act is Act.CLOSE:
        row.closed_at, row.shelved_until, row.shelved_why = at, None, ""
    elif act is Act.SHELVE:
        assert until is not None
        row.shelved_until, row.shelved_why = until, why
        return {"until": until.isoformat()}
    elif act is Act.UNSHELVE:
        row.shelved_until, row.shelved_why = None, ""
    return {}


def _entry(
    actor: Actor, row: Alarm, act: Act, before: dict[str, Any], note: str, data: dict[str, Any]
) -> Entry:
    return Entry(
        **signed(actor),
        verb=f"automation.alarm_{act.value}",
        subject=("automation.alarm", str(row.pk)),
        territory_id=row.territory_id,
        before=before,
        after={"state": row.state, "rule": row.version.name, **data},
        reason=note,
    )
