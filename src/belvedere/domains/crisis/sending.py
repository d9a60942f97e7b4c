"""Letters about crises that wait leave: to each person what is due of a crisis in one letter, at least once.

Whoever sends holds the calls of that person until they are marked, so that two processes never send the
same; one that dies in between leaves them waiting, and the same letter (same key) leaves again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Contact, contacts
from belvedere.domains.crisis.models import Call, Crisis, Task
from belvedere.domains.crisis.states import OPEN_TASKS, CallState, Phase, Why
from belvedere.domains.crisis.views import Told

FIRST_RETRY: Final = timedelta(seconds=30)
LONGEST_RETRY: Final = timedelta(minutes=10)
MOST_IN_A_LETTER: Final = 40
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is sent now of one crisis; `key` is the same for the same calls."""

    person: Contact
    territory_id: UUID
    crisis_id: UUID
    name: str
    reason: str
    is_exercise: bool
    phase: Phase
    begun_at: datetime
    summary: str
    told: tuple[Told, ...]
    key: str


Deliver = Callable[[Letter], bool]


def send_due(at: datetime, deliver: Deliver) -> int:
    """Have the letters that are due delivered; gives how many left. `deliver` says whether it was taken."""
    left = 0
    waiting = Call.objects.filter(state=CallState.WAITING, next_at__lte=at)
    for person_id, crisis_id in list(waiting.order_by().values_list("person_id", "crisis_id").distinct()):
        try:
            left += _send_to(person_id, crisis_id, at, deliver)
        except Exception:
            # One letter that cannot be made must not hold up the others; nothing of it is marked.
            log.exception("a letter about a crisis could not be made")
    return left


def _send_to(person_id: UUID, crisis_id: UUID, at: datetime, deliver: Deliver) -> int:
    with transaction.atomic():
        mine = Call.objects.filter(
            person_id=person_id, crisis_id=crisis_id, state=CallState.WAITING, next_at__lte=at
        )
        rows = list(
            mine.select_for_update(of=("self",), skip_locked=True)
            .select_related("crisis")
            .order_by("pk")[:MOST_IN_A_LETTER]
        )
        person = contacts([person_id]).get(person_id)
        crisis = rows[0].crisis if rows else None
        over = [
            one
            for one in rows
            if person is None or (one.crisis.ended_at is not None and one.why != Why.ENDED)
        ]
        _mark(over, CallState.NOT_SENT, at)
        live = [one for one in rows if one not in over]
        if not live or person is None or crisis is None:
            return 0
        if deliver(_letter(person, crisis, live)):
            _mark(live, CallState.SENT, at)
            return 1
        attempts = max(one.attempts for one in live)
        wait = min(FIRST_RETRY * 2 ** min(attempts, 6), LONGEST_RETRY)
        Call.objects.filter(pk__in=[one.pk for one in live]).update(attempts=attempts + 1, next_at=at + wait)
        return 0


def _letter(person: Contact, crisis: Crisis, rows: list[Call]) -> Letter:
    ids = {pk for one in rows for pk in one.task_ids}
    tasks = Task.objects.filter(pk__in=ids, state__in=OPEN_TASKS).in_bulk()
    return Letter(
        person=person,
        territory_id=crisis.territory_id,
        crisis_id=crisis.pk,
        name=crisis.name,
        reason=crisis.reason,
        is_exercise=crisis.is_exercise,
        phase=Phase(crisis.phase),
        begun_at=crisis.begun_at,
        summary=crisis.summary,
        told=tuple(
            Told(
                Why(one.why),
                one.role_name,
                tuple((tasks[pk].what, tasks[pk].due_at) for pk in one.task_ids if pk in tasks),
            )
            for one in rows
        ),
        key="crisis-" + "-".join(str(one.pk) for one in rows),
    )


def _mark(rows: list[Call], state: CallState, at: datetime) -> None:
    if rows:
        Call.objects.filter(pk__in=[one.pk for one in rows]).update(state=state, done_at=at)
