"""Which subscribers are to be told now, and of what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from belvedere.domains.subscriptions.events import DigestDue
from belvedere.domains.subscriptions.models import PublicChange, Subscription
from belvedere.domains.subscriptions.reading import changes, scope_of
from belvedere.domains.subscriptions.states import Rhythm
from belvedere.domains.subscriptions.values import ChangeView
from belvedere.domains.territory.public import territories
from belvedere.duties.privacy.public import decrypt
from belvedere.kernel import events
from belvedere.kernel.clock import now

# A message leaves when nothing has changed for a while, or when the first change has waited long enough.
QUIET: Final = timedelta(minutes=20)
LONGEST_WAIT: Final = timedelta(hours=2)
WEEK: Final = timedelta(days=7)


def send_due() -> int:
    """Ask for every message that is due; gives how many. One that does not leave is due again next time."""
    at = now()
    asked = 0
    for territory in territories(published_only=True):
        newest = PublicChange.objects.filter(territory_id=territory.id).order_by("-at").first()
        if newest is None:
            continue
        waiting = Subscription.objects.filter(
            territory_id=territory.id, confirmed_at__isnull=False, told_until__lt=newest.at
        )
        for row in waiting.order_by("pk").iterator(chunk_size=500):
            asked += _ask(territory.id, row, at)
    return asked


def _ask(territory_id: UUID, row: Subscription, at: datetime) -> int:
    if row.rhythm == Rhythm.WEEKLY and at - (row.sent_at or row.confirmed_at or at) < WEEK:
        return 0
    found = changes(territory_id, scope_of(row), since=row.told_until, until=at)
    if not found or (row.rhythm == Rhythm.GROUPED and not _settled(found, at)):
        return 0
    events.publish(
        DigestDue(
            subscription_id=row.pk,
            territory_id=territory_id,
            scope=scope_of(row),
            email=decrypt(row.email),
            language=row.language,
            changes=tuple(found),
            until=at,
        )
    )
    return 1


def _settled(found: list[ChangeView], at: datetime) -> bool:
    return found[0].at <= at - QUIET or found[-1].at <= at - LONGEST_WAIT
