"""Calls to telephones and into rooms: each try is marked before it leaves, its outcome written after.

Who dies in between leaves the mark, and the same is tried again. A way that fails gives place to the next one
at once, and where all failed on a level the next level does not wait for its time.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from belvedere.domains.access.public import Contact, contacts
from belvedere.domains.duty.bodies import plan_body
from belvedere.domains.duty.leaving import LETTERS
from belvedere.domains.duty.letters import Letter, Said, Say, letter
from belvedere.domains.duty.models import Call, Climb
from belvedere.domains.duty.states import CallState, Channel
from belvedere.domains.reach import public as reach
from belvedere.domains.reach.public import Notification, Outcome, Way
from belvedere.domains.territory.public import territory_by_id
from belvedere.engines.letters import Leaving
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity

#: What is not due by then gives no hope: its reader keeps quiet hours.
SOON: Final = timedelta(minutes=2)
MOST_AT_ONCE: Final = 20
RUNG: Final = (Channel.PUSH, Channel.SMS, Channel.VOICE, Channel.ROOM)
_NO_NUMBER: Final = N_("Their account has no number that was proved.")
log = logging.getLogger(__name__)


def ring_due(at: datetime, say: Say) -> int:
    """Ring and write what is due, to each person or room all of it at once; gives how many were taken."""
    groups = _waiting(at).order_by().values_list("person_id", "gateway_id", "climb__territory_id", "channel")
    taken = 0
    for person_id, gateway_id, territory_id, channel in list(groups.distinct()[:MOST_AT_ONCE]):
        mine = _waiting(at).filter(
            person_id=person_id, gateway_id=gateway_id, climb__territory_id=territory_id, channel=channel
        )
        while (leaving := LETTERS.next(mine, at)) is not None:
            try:
                taken += _ring(leaving, person_id, gateway_id, territory_id, Channel(channel), at, say)
            except Exception:
                # What cannot be made must not hold up the others; the mark makes it wait.
                log.exception("a call about alarms could not be made")
    return taken


def _waiting(at: datetime) -> QuerySet[Call]:
    return Call.objects.filter(state=CallState.WAITING, channel__in=RUNG, next_at__lte=at)


def _ring(
    leaving: Leaving,
    person_id: UUID | None,
    gateway_id: UUID | None,
    territory_id: UUID,
    channel: Channel,
    at: datetime,
    say: Say,
) -> int:
    with LETTERS.held(leaving) as rows:
        if not rows:
            return 0
        outcome = _tell(rows, person_id, gateway_id, territory_id, channel, say)
        _note(rows, leaving, outcome, at)
        return int(outcome.taken)


def _tell(
    rows: list[Call],
    person_id: UUID | None,
    gateway_id: UUID | None,
    territory_id: UUID,
    channel: Channel,
    say: Say,
) -> Outcome:
    if gateway_id is not None:
        room = reach.room(gateway_id)
        reader = Contact(gateway_id, room.name, "", room.language)
        made = letter(reader, territory_id, rows)
        return reach.write_into(gateway_id, say(made, channel).text, made.key)
    person = contacts([person_id]).get(person_id) if person_id is not None else None
    if person is not None and channel is Channel.PUSH:
        made = letter(person, territory_id, rows)
        return reach.push(person.id, _notification(made, say(made, channel)))
    number = reach.phone_to_ring(person.id) if person is not None else ""
    if person is None or not number:
        return Outcome(wrong={"message": _NO_NUMBER, "data": {}}, is_permanent=True)
    made = letter(person, territory_id, rows)
    text, owner_id = say(made, channel).text, rows[0].climb.owner_id
    return reach.ring(territory_id, owner_id, Way(channel.value), number, text, person.language, made.key)


def _notification(made: Letter, said: Said) -> Notification:
    is_urgent = any(one.alarm.severity >= Severity.MAJOR for one in made.alarms)
    return Notification(said.title, said.text, said.link, made.key, made.person.language, is_urgent)


def _note(rows: list[Call], leaving: Leaving, outcome: Outcome, at: datetime) -> None:
    if outcome.taken:
        LETTERS.settle(rows, CallState.SENT, at)
        return
    Call.objects.filter(pk__in=[one.pk for one in rows]).update(wrong=outcome.wrong)
    again = [one for one in rows if not one.then and not outcome.is_permanent]
    LETTERS.try_again(again, leaving, at, is_sure=not outcome.is_unsure)
    lost = [one for one in rows if one not in again]
    LETTERS.settle(lost, CallState.FAILED, at)
    # Where they are told by the next way already, nothing is added.
    Call.objects.bulk_create((_next(one, at) for one in lost if one.then), ignore_conflicts=True)
    hasten(rows, at)


def _next(one: Call, at: datetime) -> Call:
    return Call(
        climb=one.climb,
        level=one.level,
        round=one.round,
        person_id=one.person_id,
        channel=one.then[0],
        then=one.then[1:],
        created_at=at,
        next_at=at,
    )


def hasten(rows: list[Call], at: datetime) -> None:
    """Where nobody of a level was reached by anything, and no way is left that was not tried, the next level
    is due now."""
    for climb_id, level, turn in {(one.climb_id, one.level, one.round) for one in rows}:
        beside = Call.objects.filter(climb_id=climb_id, level=level, round=turn)
        hopeful = beside.filter(state=CallState.SENT).exclude(channel=Channel.INBOX)
        untried = beside.filter(state=CallState.WAITING, attempts=0, next_at__lte=at + SOON)
        if hopeful.exists() or untried.exists():
            continue
        with transaction.atomic():
            climbs = Climb.objects.select_for_update().filter(
                pk=climb_id, ended_at__isnull=True, due_at__gt=at
            )
            row = climbs.filter(level=level + 1, round=0).first()
            if row is not None:
                zone = territory_by_id(row.territory_id).zone
                row.due_at = min(row.due_at or at, plan_body(row.body).not_before(row.severity, at, zone))
                row.save(update_fields=["due_at"])
