"""Messages to people by the ways they chose: each told once for each key, sent until it is taken.

A try is marked before it leaves, and its row is held until what became of it is written: who dies in between
lets it go, and some seconds later it is tried again by the same key. A way that fails gives place to the next
one at once; the last one is tried for days.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext

from belvedere.domains.access.public import Contact, contacts
from belvedere.domains.reach.browsers import Notification, push
from belvedere.domains.reach.models import Message
from belvedere.domains.reach.sending import ring
from belvedere.domains.reach.states import MessageState, Way
from belvedere.domains.reach.wishes import not_before, phone_to_ring, ways_of
from belvedere.domains.territory.public import territory_by_id
from belvedere.kernel.clock import now

FIRST_HELD: Final = timedelta(seconds=5)
FIRST_RETRY: Final = timedelta(seconds=30)
LONGEST_RETRY: Final = timedelta(hours=1)
TRIED_FOR: Final = timedelta(days=3)
KEPT: Final = timedelta(days=31)
MOST_AT_ONCE: Final = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """A message to be mailed. `sentence`: in the language of the person; `key`: the same at every try."""

    person: Contact
    territory_id: UUID
    sentence: str
    link: str
    key: str


Mail = Callable[[Post], bool]


def tell(
    people: Iterable[UUID],
    text: str,
    values: Mapping[str, str],
    *,
    key: str,
    severity: int,
    territory_id: UUID,
    owner_id: UUID | None = None,
    link: str = "",
) -> int:
    """Tell people `text` (a msgid filled by `values`) as they chose for this severity, after their quiet
    hours; gives how many are told anew. Call it in the transaction of what happened."""
    at, zone = now(), territory_by_id(territory_id).zone
    rows = []
    for person in sorted(set(people)):
        way, *then = ways_of(person, severity, territory_id, owner_id)
        rows.append(
            Message(
                territory_id=territory_id,
                owner_id=owner_id,
                person_id=person,
                key=key,
                text=text,
                values=dict(values),
                link=link,
                way=way.value,
                then=[one.value for one in then],
                created_at=at,
                next_at=not_before(person, severity, at, zone),
            )
        )
    before = Message.objects.filter(key=key).count()
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return Message.objects.filter(key=key).count() - before


def send_due(at: datetime, mail: Mail) -> int:
    """Send the messages that are due; gives how many were taken."""
    due = Message.objects.filter(state=MessageState.WAITING, next_at__lte=at).order_by("next_at", "pk")
    return sum(_try(pk, at, mail) for pk in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]))


def _try(pk: int, at: datetime, mail: Mail) -> int:
    mine = Message.objects.filter(pk=pk, state=MessageState.WAITING)
    with transaction.atomic():
        row = mine.filter(next_at__lte=at).select_for_update(skip_locked=True).first()
        if row is None:
            return 0
        # A message that kills must not do so all the time.
        held = FIRST_HELD * 2 ** min(row.attempts, 5)
        mine.update(attempts=F("attempts") + 1, next_at=at + held)
    with transaction.atomic():  # who dies lets the message go; as long as it is being sent nobody else does
        row = mine.select_for_update(skip_locked=True).first()
        return 0 if row is None else _hold_and_send(row, at, mail)


def _hold_and_send(row: Message, at: datetime, mail: Mail) -> int:
    mine = Message.objects.filter(pk=row.pk)
    try:
        with transaction.atomic():
            is_taken = _send(row, mail)
    except Exception:
        # One that cannot be made must not hold up the others.
        log.exception("a message to a person could not be made")
        is_taken = False
    if is_taken:
        mine.update(state=MessageState.SENT, done_at=at)
    elif row.then:
        mine.update(way=row.then[0], then=row.then[1:], attempts=0, next_at=at)
    elif at - row.created_at > TRIED_FOR:
        mine.update(state=MessageState.GIVEN_UP, done_at=at)
    else:
        mine.update(next_at=at + min(FIRST_RETRY * 2 ** min(row.attempts, 10), LONGEST_RETRY))
    return int(is_taken)


def _send(row: Message, mail: Mail) -> bool:
    person = contacts([row.person_id]).get(row.person_id)
    if person is None:
        return True  # the account was closed: nobody waits for it
    with translation.override(person.language):
        sentence = gettext(row.text).format(**row.values)
    if row.way == Way.MAIL:
        return mail(
            Post(person, row.territory_id, sentence, settings.PUBLIC_URL + row.link, f"reach-{row.pk}")
        )
    if row.way == Way.PUSH:
        name = territory_by_id(row.territory_id).name_in(person.language)
        told = Notification(name, sentence, row.link, f"m{row.pk}", person.language)
        return push(row.person_id, told).taken
    to = phone_to_ring(row.person_id)
    if not to:
        return False
    text = f"{sentence} {settings.PUBLIC_URL}{row.link}" if row.way == Way.SMS else sentence
    key = f"m{row.pk}{row.way}"
    return ring(row.territory_id, row.owner_id, Way(row.way), to, text, person.language, key).taken


def forget_old(at: datetime) -> int:
    """Delete what was done with more than a month ago."""
    done = Message.objects.exclude(state=MessageState.WAITING)
    return done.filter(created_at__lt=at - KEPT).delete()[0]
