"""Collaboration as a source of personal data: what a person wrote, follows, keeps, suggested and was told.

A person is found by their account, and without one by the address they gave with a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, Value

from belvedere.domains.access.public import person_by_email
from belvedere.domains.collaboration.models import Comment, Follow, SavedView, Suggestion
from belvedere.domains.collaboration.states import SuggestionState
from belvedere.duties.journal.public import record
from belvedere.duties.notifications.public import forget, held_of
from belvedere.duties.privacy.public import (
    Basis,
    Held,
    Order,
    Outcome,
    Subject,
    blind_index,
    decrypt,
    encrypt,
)
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

_TRACE = N_("That a comment was there stays to be seen, without its words and without its author.")
_TAKEN = N_("What was taken over into a measure stays, without who suggested it.")


class CollaborationSource:
    """The answers of collaboration; see `belvedere.duties.privacy.sources.Source`."""

    def find(self, subject: Subject) -> list[Held]:
        person_id = person_by_email(subject.email)
        found = [
            Held("collaboration.suggestion", str(row.pk), _suggestion(row)) for row in _suggestions(subject)
        ]
        if person_id is None:
            return found
        found += [Held("collaboration.comment", str(row.pk), _comment(row)) for row in _comments(person_id)]
        found += [
            Held("collaboration.follow", str(row.pk), {"measure": str(row.measure_id), "active": row.active})
            for row in Follow.objects.filter(person_id=person_id).order_by("pk")
        ]
        found += [
            Held("collaboration.savedview", str(row.pk), {"name": row.name, "query": row.query})
            for row in SavedView.objects.filter(person_id=person_id).order_by("pk")
        ]
        return found + [Held(*row) for row in held_of(person_id)]

    def export(self, subject: Subject) -> Mapping[str, Any]:
        found: dict[str, list[Mapping[str, Any]]] = {}
        for held in self.find(subject):
            found.setdefault(held.table.partition(".")[2] + "s", []).append(held.values)
        return found

    def rectify(self, subject: Subject, changes: Mapping[str, str], order: Order) -> list[Outcome]:
        """Correct the name or address given with a suggestion; an account's are corrected there."""
        rows = [row for row in _suggestions(subject, lock=True) if row.person_id is None]
        for row in rows:
            if changes.get("email", "").strip():
                row.email = encrypt(changes["email"].strip())
                row.email_index = blind_index(changes["email"])
            if changes.get("display_name", "").strip():
                row.name = encrypt(changes["display_name"].strip())
            row.save(update_fields=["email", "email_index", "name"])
        if rows:
            _journal(order, "rectify_suggestions", len(rows))
        return [Outcome("collaboration.suggestion", len(rows))]

    def erase(self, subject: Subject, order: Order) -> list[Outcome]:
        person_id = person_by_email(subject.email)
        outcomes = [_erase_suggestions(subject)]
        if person_id is not None:
            outcomes += _erase_person(person_id)
        if any(outcome.rows for outcome in outcomes):
            _journal(order, "erase_person", sum(outcome.rows for outcome in outcomes))
        return outcomes


def _suggestions(subject: Subject, *, lock: bool = False) -> list[Suggestion]:
    person_id = person_by_email(subject.email)
    mine = Q(email_index=blind_index(subject.email))
    if person_id is not None:
        mine |= Q(person_id=person_id)
    rows = Suggestion.objects.filter(mine).order_by("created_at", "pk")
    return list(rows.select_for_update(of=("self",)) if lock else rows)


def _comments(person_id: UUID) -> QuerySet[Comment]:
    return Comment.objects.filter(author_id=person_id).order_by("created_at", "pk")


def _erase_suggestions(subject: Subject) -> Outcome:
    rows = _suggestions(subject, lock=True)
    kept = [row for row in rows if row.state == SuggestionState.TAKEN]
    ids = [row.pk for row in kept]
    Suggestion.objects.filter(pk__in={row.pk for row in rows} - set(ids)).delete()
    Suggestion.objects.filter(pk__in=ids).exclude(value="").update(message="")
    Suggestion.objects.filter(pk__in=ids).update(
        person_id=None, name=None, email=None, email_index="", told_at=F("decided_at")
    )
    return Outcome(
        "collaboration.suggestion", len(rows), _TAKEN if kept else "", Basis.PUBLIC_TASK if kept else None
    )


def _erase_person(person_id: UUID) -> list[Outcome]:
    mine = Comment.objects.filter(author_id=person_id)
    mine.filter(removed_at__isnull=True).update(removed_at=now())
    comments = mine.update(text="", author_id=None)
    Comment.objects.filter(mentioned__contains=[person_id]).update(
        mentioned=Func(F("mentioned"), Value(person_id), function="array_remove")
    )
    told = forget(person_id)
    return [
        Outcome(
            "collaboration.comment",
            comments,
            _TRACE if comments else "",
            Basis.PUBLIC_TASK if comments else None,
        ),
        Outcome("collaboration.follow", Follow.objects.filter(person_id=person_id).delete()[0]),
        Outcome("collaboration.savedview", SavedView.objects.filter(person_id=person_id).delete()[0]),
        *(Outcome(table, rows) for table, rows in told.items()),
    ]


def _suggestion(row: Suggestion) -> dict[str, Any]:
    return {
        "measure": str(row.measure_id),
        "part": row.part,
        "value": row.value,
        "message": row.message,
        "name": decrypt(row.name) if row.name else "",
        "email": decrypt(row.email) if row.email else "",
        "state": row.state,
        "answer": row.answer,
        "created_at": row.created_at.isoformat(),
    }


def _comment(row: Comment) -> dict[str, Any]:
    return {
        "measure": str(row.measure_id),
        "text": row.text,
        "created_at": row.created_at.isoformat(),
        "removed_at": row.removed_at and row.removed_at.isoformat(),
    }


def _journal(order: Order, verb: str, rows: int) -> None:
    record(
        actor_id=order.by_id,
        actor_label=order.by_label,
        verb=f"collaboration.{verb}",
        subject=("collaboration.person", ""),
        after={"rows": rows},
        reason=order.reason,
        request_id=order.request_id,
    )
