"""The log book as a source of personal data: what a person wrote, the shifts they handed on and took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import person_by_email
from belvedere.domains.logbook.models import Entry, HandOver
from belvedere.duties.privacy.public import Basis, Held, Order, Outcome, Subject, by_table
from belvedere.kernel.errors import N_

_KEPT = N_("The log book proves what was known and done; it no longer shows the name.")


class LogbookSource:
    """The answers of the log book; see `belvedere.duties.privacy.sources.Source`."""

    def find(self, subject: Subject) -> list[Held]:
        person_id = person_by_email(subject.email)
        if person_id is None:
            return []
        wrote = Entry.objects.filter(person_id=person_id).order_by("pk")
        shifts = HandOver.objects.filter(Q(left_by_id=person_id) | Q(taken_by_id=person_id)).order_by("pk")
        return [
            *(Held("logbook.entry", str(row.pk), _entry(row)) for row in wrote),
            *(Held("logbook.handover", str(row.pk), _shift(row, person_id)) for row in shifts),
        ]

    def export(self, subject: Subject) -> Mapping[str, Any]:
        return by_table(self.find(subject))

    def rectify(self, subject: Subject, changes: Mapping[str, str], order: Order) -> list[Outcome]:
        """What is written is struck, never changed; the account holds the name."""
        return []

    def erase(self, subject: Subject, order: Order) -> list[Outcome]:
        """Nothing is deleted here: the account loses its name, and with it every entry."""
        kept = Counter(one.table for one in self.find(subject))
        return [Outcome(table, rows, _KEPT, Basis.PUBLIC_TASK) for table, rows in sorted(kept.items())]


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
