"""Calls that wait leave: to each person what is due in one letter, at least once, marked.

Whoever sends holds the calls of that person until they are marked, so that two processes never send the
same; one that dies in between leaves them waiting, and the same letter (same key) leaves again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from belvedere.domains.access.public import contacts
from belvedere.domains.duty import ringing
from belvedere.domains.duty.letters import Deliver, Say, letter
from belvedere.domains.duty.models import Call
from belvedere.domains.duty.states import CallState, Channel
from belvedere.duties.notifications.public import told_by_mail

FIRST_RETRY: Final = timedelta(seconds=30)
LONGEST_RETRY: Final = timedelta(minutes=10)
MOST_IN_A_LETTER: Final = 40
#: Of the notices of automation, whose mail is not needed where this one left.
_ALARM_KIND: Final = "alarm"
log = logging.getLogger(__name__)


def send_due(at: datetime, deliver: Deliver, say: Say | None = None) -> int:
    """Have the letters that are due delivered; gives how many left. `deliver` says whether it was taken.
    `say` words what telephones and rooms are told; without it they wait."""
    left = ringing.ring_due(at, say) if say is not None else 0
    waiting = _waiting(at).order_by().values_list("person_id", "climb__territory_id").distinct()
    for person_id, territory_id in list(waiting):
        try:
            left += _send_to(person_id, territory_id, at, deliver)
        except Exception:
            # One letter that cannot be made must not hold up the others; nothing of it is marked.
            log.exception("a letter about alarms could not be made")
    return left


def _waiting(at: datetime) -> QuerySet[Call]:
    return Call.objects.filter(state=CallState.WAITING, channel=Channel.MAIL, next_at__lte=at)


def _send_to(person_id: UUID, territory_id: UUID, at: datetime, deliver: Deliver) -> int:
    with transaction.atomic():
        mine = _waiting(at).filter(person_id=person_id, climb__territory_id=territory_id)
        rows = list(
            mine.select_for_update(of=("self",), skip_locked=True)
            .select_related("climb")
            .order_by("-climb__severity", "pk")[:MOST_IN_A_LETTER]
        )
        person = contacts([person_id]).get(person_id)
        over = [one for one in rows if one.climb.ended_at is not None or person is None]
        _mark(over, CallState.NOT_SENT, at)
        live = [one for one in rows if one not in over]
        if not live or person is None:
            return 0
        if deliver(letter(person, territory_id, live)):
            _mark(live, CallState.SENT, at)
            told_by_mail(person_id, _ALARM_KIND, [str(one.climb.alarm_id) for one in live])
            return 1
        attempts = max(one.attempts for one in live)
        if attempts:
            ringing.hasten(live, at)
        wait = min(FIRST_RETRY * 2 ** min(attempts, 6), LONGEST_RETRY)
        Call.objects.filter(pk__in=[one.pk for one in live]).update(attempts=attempts + 1, next_at=at + wait)
        return 0


def _mark(rows: list[Call], state: CallState, at: datetime) -> None:
    if rows:
        Call.objects.filter(pk__in=[one.pk for one in rows]).update(state=state, done_at=at)
