"""When a person last looked at a territory, so that the first page says what changed since.

Not an act: the journal keeps nothing of it. A visit goes on while the person comes back within `PAUSE`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.models import Visit
from belvedere.kernel.clock import now

PAUSE = timedelta(hours=2)
# Within a visit the row is rewritten at most that often.
GRAIN = timedelta(minutes=1)


def note_visit(*, actor: Actor, territory_id: UUID) -> datetime | None:
    """Keep that the actor looks now; gives when the visit before this one ended, None on the first.

    A token or a face without a person leaves no trace.
    """
    if actor.person_id is None or actor.scopes is not None:
        return None
    moment = now()
    with transaction.atomic():
        row = Visit.objects.select_for_update().filter(person_id=actor.person_id, territory_id=territory_id)
        visit = row.first()
        if visit is None:
            _first(actor.person_id, territory_id, moment)
            return None
        if moment - visit.last_at > PAUSE:
            visit.before_at = visit.last_at
        elif moment - visit.last_at < GRAIN:
            return visit.before_at
        visit.last_at = max(moment, visit.last_at)
        visit.save(update_fields=["last_at", "before_at"])
        return visit.before_at


def _first(person_id: UUID, territory_id: UUID, moment: datetime) -> None:
    try:
        with transaction.atomic():
            Visit.objects.create(person_id=person_id, territory_id=territory_id, last_at=moment)
    except IntegrityError:
        return  # another window of the same person was faster


__all__ = ["GRAIN", "PAUSE", "note_visit"]
