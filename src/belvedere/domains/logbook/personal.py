"""The log book as a source of personal data: what a person wrote, the shifts they handed on and took."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import AccountSource, staying
from belvedere.domains.logbook.models import Entry, HandOver
from belvedere.duties.privacy.public import Held, Outcome
from belvedere.kernel.errors import N_

_KEPT = N_("The log book proves what was known and done; it no longer shows the name.")


class LogbookSource(AccountSource):
    """The answers of the log book: what is written is struck, never changed or deleted."""

    def held(self, person_id: UUID) -> list[Held]:
        wrote = Entry.objects.filter(person_id=person_id).order_by("pk")
        shifts = HandOver.objects.filter(Q(left_by_id=person_id) | Q(taken_by_id=person_id)).order_by("pk")
        return [
            *(Held("logbook.entry", str(row.pk), _entry(row)) for row in wrote),
            *(Held("logbook.handover", str(row.pk), _shift(row, person_id)) for row in shifts),
        ]

    def let_go(self, person_id: UUID) -> list[Outcome]:
        return staying(self.held(person_id), _KEPT)


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "category": row.category,
        "text": row.text,
        "happened_at": row.happened_at.isoformat(),
        "written_at": row.written_at.isoformat(),
    }


def _shift(row: HandOver, person_id: UUID) -> dict[str, Any]:
    left = row.left_by_id == person_id
    return {
        "left_at": row.left_at.isoformat() if left else None,
        "word": row.word if left else "",
        "taken_at": row.taken_at.isoformat() if row.taken_by_id == person_id and row.taken_at else None,
    }
