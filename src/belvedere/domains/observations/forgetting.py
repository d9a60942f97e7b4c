"""The history of things that were removed: taken out of hot days, late readings and the lake.

Noted in the transaction that removes the thing; a job does it within the hour, for the lake writes whole
days anew. Once its thing is gone nobody can ask for a series any more.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from belvedere.domains.observations import settling, thinning
from belvedere.domains.observations.models import Finding, Forgotten, Measured, Rule
from belvedere.domains.twin.events import EntityRemoved
from belvedere.kernel.clock import now

#: So long a series is looked for again: a batch under way when its thing went may have brought more.
AGAIN = timedelta(days=1)


def note_removed(event: EntityRemoved) -> None:
    """Remember which series to take away; with the removal itself."""
    at = now()
    Finding.objects.filter(entity_id=event.entity_id).delete()
    Measured.objects.filter(entity_id=event.entity_id).delete()
    Forgotten.objects.bulk_create(
        [Forgotten(series_id=one, removed_at=at) for one in event.series_ids], ignore_conflicts=True
    )


def forget_removed() -> int:
    """Take the readings of removed things away, wherever they are; of how many series.

    Raises:
        AlreadySettling: another process moves days now; the next call does it.
    """
    asked_at = now()
    waiting = list(Forgotten.objects.filter(done_at=None).values_list("series_id", flat=True))
    if not waiting:
        return 0
    with settling.alone(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM observations_reading WHERE series_id = ANY(%s)", [waiting])
        cursor.execute("DELETE FROM observations_late WHERE series_id = ANY(%s)", [waiting])
        Rule.objects.filter(series_id__in=waiting).delete()
    thinning.take_away(waiting)
    done = Forgotten.objects.filter(series_id__in=waiting, removed_at__lt=asked_at - AGAIN)
    done.update(done_at=asked_at)
    return len(waiting)
