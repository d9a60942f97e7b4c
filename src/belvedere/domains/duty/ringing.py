"""Calls to telephones and into rooms: each try is marked before it leaves, its outcome written after.

Who dies in between leaves the mark; when it is old the same is tried again. A way that fails gives place to
the next one at once, and where all failed on a level the next level does not wait for its time.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from belvedere.domains.access.public import Contact, contacts
from belvedere.domains.duty.bodies import plan_body
from belvedere.domains.duty.letters import Say, letter
from belvedere.domains.duty.models import Call, Climb
from belvedere.domains.duty.states import CallState, Channel
from belvedere.domains.reach import public as reach
from belvedere.domains.reach.public import Outcome, Way
from belvedere.domains.territory.public import territory_by_id
from belvedere.kernel.errors import N_

HELD: Final = timedelta(minutes=2)
FIRST_RETRY: Final = timedelta(seconds=30)
LONGEST_RETRY: Final = timedelta(minutes=10)
MOST_AT_ONCE: Final = 20
RUNG: Final = (Channel.SMS, Channel.VOICE, Channel.ROOM)
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
        rows = _claimed(mine, at)
        if not rows:
            continue
        try:
            outcome = _tell(rows, person_id, gateway_id, territory_id, Channel(channel), say)
        except Exception:
            # What cannot be made must not hold up the others; the mark makes it wait.
            log.exception("a call about alarms could not be made")
            continue
        _note(rows, outcome, at)
        taken += outcome.taken
    return taken


def _waiting(at: datetime) -> QuerySet[Call]:
    return Call.objects.filter(state=CallState.WAITING, channel__in=RUNG, next_at__lte=at)


def _claimed(mine: QuerySet[Call], at: datetime) -> list[Call]:
    """The rows that are tried now, marked so; those whose alarm is over are not told any more."""
    with transaction.atomic():
        rows = list(
            mine.select_for_update(of=("self",), skip_locked=True)
            .select_related("climb")
            .order_by("-climb__severity", "pk")
        )
        over = [one.pk for one in rows if one.climb.ended_at is not None]
        Call.objects.filter(pk__in=over).update(state=CallState.NOT_SENT, done_at=at)
        live = [one for one in rows if one.pk not in over]
        marked = Call.objects.filter(pk__in=[one.pk for one in live])
        marked.update(attempts=F("attempts") + 1, next_at=at + HELD)
        return live


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
        return reach.write_into(gateway_id, say(made, channel), _key(made.key))
    person = contacts([person_id]).get(person_id) if person_id is not None else None
    number = reach.phone_to_ring(person.id) if person is not None else ""
    if person is None or not number:
        return Outcome(wrong={"message": _NO_NUMBER, "data": {}}, is_permanent=True)
    made = letter(person, territory_id, rows)
    text, owner_id = say(made, channel), rows[0].climb.owner_id
    return reach.ring(
        territory_id, owner_id, Way(channel.value), number, text, person.language, _key(made.key)
    )


def _key(key: str) -> str:
    return key if len(key) <= 64 else f"duty-{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def _note(rows: list[Call], outcome: Outcome, at: datetime) -> None:
    mine = Call.objects.filter(pk__in=[one.pk for one in rows], state=CallState.WAITING)
    if outcome.taken:
        mine.update(state=CallState.SENT, done_at=at)
        return
    with transaction.atomic():
        again = [one for one in rows if not one.then and not outcome.is_permanent]
        attempts = max((one.attempts for one in again), default=0)
        wait = min(FIRST_RETRY * 2 ** min(attempts, 6), LONGEST_RETRY)
        mine.filter(pk__in=[one.pk for one in again]).update(wrong=outcome.wrong, next_at=at + wait)
        lost = [one for one in rows if one not in again]
        mine.filter(pk__in=[one.pk for one in lost]).update(
            state=CallState.FAILED, wrong=outcome.wrong, done_at=at
        )
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
        untried = beside.filter(state=CallState.WAITING, attempts=0, next_at__lte=at + HELD)
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
