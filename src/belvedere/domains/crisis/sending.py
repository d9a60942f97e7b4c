"""Letters about crises that wait leave: to each person what is due of a crisis in one letter, at least once.

Whoever sends holds the calls of the letter until they are marked, so that two processes never send the same;
one that dies in between leaves them waiting, and the same letter (same key) leaves again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from belvedere.domains.access.public import Contact, contacts
from belvedere.domains.crisis.models import Call, Crisis, Task
from belvedere.domains.crisis.states import OPEN_TASKS, CallState, Phase, Why
from belvedere.domains.crisis.views import Told
from belvedere.engines.letters import Leaving, Letters

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is sent now of one crisis; `key` is the same at every try."""

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


LETTERS: Final[Letters[Call]] = Letters(
    Call,
    "crisis",
    beside="crisis",
    order=("pk",),
    is_over=lambda one: one.crisis.ended_at is not None and one.why != Why.ENDED,
)


def send_due(at: datetime, deliver: Deliver) -> int:
    """Have the letters that are due delivered; gives how many left. `deliver` says whether it was taken."""
    left = 0
    waiting = Call.objects.filter(state=CallState.WAITING, next_at__lte=at)
    for person_id, crisis_id in list(waiting.order_by().values_list("person_id", "crisis_id").distinct()):
        mine = waiting.filter(person_id=person_id, crisis_id=crisis_id)
        while (leaving := LETTERS.next(mine, at)) is not None:
            try:
                left += _send(leaving, person_id, at, deliver)
            except Exception:
                # One letter that cannot be made must not hold up the others; the mark makes it wait.
                log.exception("a letter about a crisis could not be made")
    return left


def _send(leaving: Leaving, person_id: UUID, at: datetime, deliver: Deliver) -> int:
    with LETTERS.held(leaving) as rows:
        if not rows:
            return 0
        person = contacts([person_id]).get(person_id)
        if person is None:  # the account was closed: nobody reads it
            LETTERS.settle(rows, CallState.NOT_SENT, at)
            return 0
        if deliver(_letter(person, rows[0].crisis, rows, leaving.key)):
            LETTERS.settle(rows, CallState.SENT, at)
            return 1
        LETTERS.try_again(rows, leaving, at, is_sure=True)
        return 0


def _letter(person: Contact, crisis: Crisis, rows: list[Call], key: str) -> Letter:
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
        key=key,
    )
