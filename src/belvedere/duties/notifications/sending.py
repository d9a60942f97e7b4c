"""When mails leave: the notices of one person together, after a quiet delay or at the hour of the digest.

What a mail holds is written down before it leaves, so that one that leaves twice is the same: who dies in
between leaves it to be sent again, by the same key, whatever was told meanwhile.
Not for making the mail: who calls gives `deliver`, which says whether the mail server took it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Least

from belvedere.duties.notifications.kinds import Rhythm
from belvedere.duties.notifications.models import Notice
from belvedere.duties.notifications.reading import NoticeView, view_of

log = logging.getLogger(__name__)
MOST_IN_A_MAIL = 60
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=6)
KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is sent in one mail, oldest first. `key`: the same at every try, so that a mail that is
    sent again is known as such."""

    recipient_id: UUID
    notices: tuple[NoticeView, ...]
    key: str

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(notice.kind for notice in self.notices)


Deliver = Callable[[Digest], bool]


def send_due(at: datetime, deliver: Deliver) -> int:
    """Have every mail that is due at `at` delivered; gives how many left.

    The notices of a person are locked while their mail leaves, so that two jobs never send the same. What
    the mail server does not take waits, longer each time, and is never given up.
    """
    taken = 0
    for person in _people_due(at):
        try:
            taken += _send_to(person, at, deliver)
        except Exception:
            # One mail that cannot be made holds up neither those of the others nor what comes later.
            log.exception("a mail could not be made")
            begun = _waiting(at).filter(recipient_id=person).exclude(letter="")
            begun.update(attempts=F("attempts") + 1, retry_at=at + FIRST_RETRY)
    return taken


def _waiting(at: datetime) -> QuerySet[Notice]:
    """Notices to be mailed that were not read meanwhile; the mail server may be tried."""
    return Notice.objects.filter(due_at__isnull=False, sent_at__isnull=True, read_at__isnull=True).filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=at)
    )


def _people_due(at: datetime) -> list[UUID]:
    at_once = (
        _waiting(at)
        .filter(rhythm=Rhythm.AT_ONCE)
        .values("recipient_id")
        .annotate(when=Least(Max("due_at"), Min("latest_at")))
        .filter(when__lte=at)
    )
    digests = _waiting(at).exclude(rhythm=Rhythm.AT_ONCE).filter(due_at__lte=at)
    begun = _waiting(at).exclude(letter="")
    return sorted(
        set(at_once.values_list("recipient_id", flat=True))
        | set(begun.values_list("recipient_id", flat=True).distinct())
        | set(digests.values_list("recipient_id", flat=True).distinct())
    )


def _send_to(person_id: UUID, at: datetime, deliver: Deliver) -> int:
    key, is_again = _put_together(person_id, at)
    if not key:
        return 0
    with transaction.atomic():
        mine = _waiting(at).filter(recipient_id=person_id, letter=key).order_by("created_at", "pk")
        rows = list(mine.select_for_update(skip_locked=True))
        if not rows:
            return 0
        held = Notice.objects.filter(pk__in=[row.pk for row in rows])
        if deliver(Digest(person_id, tuple(view_of(row) for row in rows), key)):
            held.update(sent_at=at, retry_at=None)
            return 1
        attempts = max(row.attempts for row in rows) + 1
        wait = min(FIRST_RETRY * 2 ** min(attempts - 1, 10), LONGEST_RETRY)
        held.update(attempts=attempts, retry_at=at + wait)
        if not is_again:  # it surely did not leave: what is told meanwhile may join it
            held.update(letter="")
        return 0


def _put_together(person_id: UUID, at: datetime) -> tuple[str, bool]:
    """The key of the mail that leaves now, "" for none; whether it was tried before, nobody knows how far."""
    with transaction.atomic():
        rows = _waiting(at).filter(recipient_id=person_id).order_by("created_at", "pk")
        locked = list(rows.select_for_update(skip_locked=True))
        begun = next((row.letter for row in locked if row.letter), "")
        if begun:
            return begun, True
        chosen = [row.pk for row in _chosen(locked, at)[:MOST_IN_A_MAIL]]
        key = hashlib.sha256("-".join(pk.hex for pk in chosen).encode()).hexdigest()[:40] if chosen else ""
        Notice.objects.filter(pk__in=chosen).update(letter=key)
        return key, False


def _chosen(rows: list[Notice], at: datetime) -> list[Notice]:
    quick = [row for row in rows if row.rhythm == Rhythm.AT_ONCE]
    if quick:
        quiet = max(row.due_at for row in quick if row.due_at)
        latest = min(row.latest_at for row in quick if row.latest_at)
        if min(quiet, latest) > at:
            quick = []
    slow = [row for row in rows if row.rhythm != Rhythm.AT_ONCE and row.due_at and row.due_at <= at]
    return sorted([*quick, *slow], key=lambda row: (row.created_at, row.pk))


def without_address(person_id: UUID) -> int:
    """No mail will reach this person any more: what waits stays in the inbox only."""
    return Notice.objects.filter(recipient_id=person_id, sent_at__isnull=True).update(due_at=None)


def told_by_mail(person_id: UUID, kind: str, subject_ids: Collection[str]) -> int:
    """Another mail told the person of these subjects: notices about them stay in the inbox only."""
    rows = Notice.objects.filter(recipient_id=person_id, kind=kind, subject_id__in=list(subject_ids))
    return rows.filter(sent_at__isnull=True).update(due_at=None)


def forget_old(at: datetime) -> int:
    """Remove what was told more than a year ago."""
    return Notice.objects.filter(told_at__lt=at - KEPT).delete()[0]
