"""Calls that wait leave: to each person what is due in one letter, at least once, marked.

Whoever sends holds the calls of the letter until they are marked, so that two processes never send the same;
one that dies in between leaves them waiting, and the same letter (same key) leaves again.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from belvedere.domains.access.public import contacts
from belvedere.domains.duty import ringing
from belvedere.domains.duty.leaving import LETTERS
from belvedere.domains.duty.letters import Deliver, Say, letter
from belvedere.domains.duty.models import Call
from belvedere.domains.duty.states import CallState, Channel
from belvedere.duties.notifications.public import told_by_mail
from belvedere.engines.letters import Leaving

#: Of the notices of automation, whose mail is not needed where this one left.
_ALARM_KIND: Final = "alarm"
log = logging.getLogger(__name__)


def send_due(at: datetime, deliver: Deliver, say: Say | None = None) -> int:
    """Have the letters that are due delivered; gives how many left. `deliver` says whether it was taken.
    `say` words what telephones and rooms are told; without it they wait."""
    left = ringing.ring_due(at, say) if say is not None else 0
    waiting = _waiting(at).order_by().values_list("person_id", "climb__territory_id").distinct()
    for person_id, territory_id in list(waiting):
        mine = _waiting(at).filter(person_id=person_id, climb__territory_id=territory_id)
        while (leaving := LETTERS.next(mine, at)) is not None:
            try:
                left += _send(leaving, person_id, territory_id, at, deliver)
            except Exception:
                # One letter that cannot be made must not hold up the others; the mark makes it wait.
                log.exception("a letter about alarms could not be made")
    return left


def _waiting(at: datetime) -> QuerySet[Call]:
    return Call.objects.filter(state=CallState.WAITING, channel=Channel.MAIL, next_at__lte=at)


def _send(leaving: Leaving, person_id: UUID, territory_id: UUID, at: datetime, deliver: Deliver) -> int:
    with LETTERS.held(leaving) as rows:
        person = contacts([person_id]).get(person_id)
        if person is None:  # the account was closed: nobody reads it
            LETTERS.settle(rows, CallState.NOT_SENT, at)
            return 0
        if not rows:
            return 0
        if deliver(letter(person, territory_id, rows)):
            LETTERS.settle(rows, CallState.SENT, at)
            told_by_mail(person_id, _ALARM_KIND, [str(one.climb.alarm_id) for one in rows])
            return 1
        if max(one.attempts for one in rows) > 1:
            ringing.hasten(rows, at)
        LETTERS.try_again(rows, leaving, at, is_sure=True)
        return 0
