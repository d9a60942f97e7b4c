"""Actors of measures as a source of personal data: found, exported, corrected, erased.

A person is found by their account, and in typed names by their address or by the whole of their name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor, names_of, person_by_email
from belvedere.domains.plans.models import MeasureActor
from belvedere.domains.plans.writing import entry_of
from belvedere.duties.journal.public import record_many
from belvedere.duties.privacy.public import Held, Order, Outcome, Subject
from belvedere.kernel.identifiers import fold

TABLE = "plans.measureactor"


class ActorsSource:
    """The answers of plans; see `belvedere.duties.privacy.sources.Source`."""

    def find(self, subject: Subject) -> list[Held]:
        """The parts that the person plays in measures."""
        return [Held(TABLE, str(row.pk), _values(row)) for row in _rows(subject)]

    def export(self, subject: Subject) -> Mapping[str, Any]:
        parts = [_values(row) for row in _rows(subject)]
        return {"parts_in_measures": parts} if parts else {}

    def rectify(self, subject: Subject, changes: Mapping[str, str], order: Order) -> list[Outcome]:
        """Write the new name or address where it was typed; an account's name is shown as it is there."""
        replaced = _replacements(subject, changes)
        changed = []
        for row in _rows(subject, lock=True):
            label = row.label
            for pattern, new in replaced:
                label = pattern.sub(lambda _found, new=new: new, label)  # type: ignore[misc]
            if label != row.label:
                row.label = label[:120]
                row.save(update_fields=["label"])
                changed.append(row)
        _journal(changed, "rectify_actor", order)
        return [Outcome(TABLE, len(changed))]

    def erase(self, subject: Subject, order: Order) -> list[Outcome]:
        """Take the person out; the organisation they stood for stays, a part that was only them goes."""
        rows = _rows(subject, lock=True)
        person_id = person_by_email(subject.email)
        for row in rows:
            if row.person_id == person_id:
                row.person = None
            if _means(subject, _name(person_id), row.label):
                row.label = ""
            if row.organisation_id is None and row.person_id is None and not row.label:
                row.delete()
            else:
                row.save(update_fields=["person", "label"])
        _journal(rows, "erase_actor", order)
        return [Outcome(TABLE, len(rows))]


def _rows(subject: Subject, *, lock: bool = False) -> list[MeasureActor]:
    person_id = person_by_email(subject.email)
    name = _name(person_id)
    rows = MeasureActor.objects.select_related("measure").order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    mine = rows.filter(person_id=person_id) if person_id else rows.none()
    typed = [row for row in rows.exclude(label="") if _means(subject, name, row.label)]
    found = {row.pk: row for row in [*mine, *typed]}
    return [found[key] for key in sorted(found)]


def _name(person_id: UUID | None) -> str:
    return names_of({person_id}).get(person_id, "") if person_id else ""


def _means(subject: Subject, name: str, label: str) -> bool:
    """Whether a typed name is this person: their address stands in it, or the whole of their name.

    One word alone ("Martin") names nobody for sure, and is left.
    """
    email = subject.email.strip().casefold()
    if email and re.search(rf"(?<![\w.+-]){re.escape(email)}(?![\w-])", label.casefold()):
        return True
    words = fold(name)
    return " " in words and f" {words} " in f" {fold(label)} "


def _replacements(subject: Subject, changes: Mapping[str, str]) -> list[tuple[re.Pattern[str], str]]:
    olds = {"email": subject.email.strip(), "display_name": _name(person_by_email(subject.email))}
    return [
        (re.compile(re.escape(old), re.IGNORECASE), changes[name].strip())
        for name, old in olds.items()
        if old and changes.get(name, "").strip()
    ]


def _values(row: MeasureActor) -> dict[str, Any]:
    return {
        "measure": str(row.measure_id),
        "role": row.role,
        "label": row.label,
        "since": row.since and row.since.isoformat(),
        "until": row.until and row.until.isoformat(),
    }


def _journal(rows: list[MeasureActor], verb: str, order: Order) -> None:
    by = Actor(
        label=order.by_label,
        person_id=order.by_id,
        request_id=order.request_id,
        is_platform=order.by_id is None,
    )
    record_many(
        [
            entry_of(by, row.measure, verb=verb, after={"actor": {"role": row.role}}, reason=order.reason)
            for row in rows
        ]
    )
