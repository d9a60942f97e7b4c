"""What notifications hold about a person, for whoever answers to the rights over personal data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from belvedere.duties.notifications.models import Notice, Preference
from belvedere.duties.notifications.reading import view_of

Rows = list[tuple[str, str, dict[str, Any]]]


def held_of(person_id: UUID) -> Rows:
    """(table, identifier, values) of each row about the person: told to them, chosen by them."""
    notices = Notice.objects.filter(recipient_id=person_id).order_by("created_at", "pk")
    chosen = Preference.objects.filter(person_id=person_id).order_by("kind")
    return [
        *(
            (
                "notifications.notice",
                str(row.pk),
                {
                    "text": view_of(row).sentence(),
                    "quote": row.quote,
                    "told_at": row.told_at.isoformat(),
                    "sent_at": row.sent_at and row.sent_at.isoformat(),
                    "read_at": row.read_at and row.read_at.isoformat(),
                },
            )
            for row in notices
        ),
        *(
            ("notifications.preference", str(row.pk), {"kind": row.kind, "rhythm": row.rhythm})
            for row in chosen
        ),
    ]


def forget(person_id: UUID) -> dict[str, int]:
    """Remove what the person was told and what others were told in their name; rows by table."""
    told = Notice.objects.filter(recipient_id=person_id).delete()[0]
    told += Notice.objects.filter(author_id=person_id).delete()[0]
    return {
        "notifications.notice": told,
        "notifications.preference": Preference.objects.filter(person_id=person_id).delete()[0],
    }
