"""Typed reads of the journal, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from belvedere.duties.journal.entries import Recorded
from belvedere.duties.journal.models import ActorName, EntryRow
from belvedere.kernel.paging import Page, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which entries: each given one narrows. `verbs` are whole verbs or their domain with a dot ("plans.").
    `subjects`: (table label, identifiers) pairs, any of which may match.
    """

    actor_id: UUID | None = None
    verbs: Collection[str] = ()
    since: datetime | None = None  # inclusive
    until: datetime | None = None  # exclusive
    subjects: Collection[tuple[str, Collection[str]]] | None = None
    request_id: str = ""


def entries_of(subject: tuple[str, str], window: Window | None = None) -> Page[Recorded]:
    """What was done to one thing."""
    rows = EntryRow.objects.filter(subject_type=subject[0], subject_id=subject[1])
    return _page(rows, window or Window())


def entry_of(subject: tuple[str, str], entry_id: int) -> Recorded | None:
    """One act on a thing; None when it is not one of its own."""
    rows = EntryRow.objects.filter(subject_type=subject[0], subject_id=subject[1], pk=entry_id)
    found = _page(rows, Window(0, 1)).rows
    return found[0] if found else None


def entries_in(
    territory_id: UUID | None, window: Window | None = None, filters: Filters | None = None
) -> Page[Recorded]:
    """What was done in a territory; None: everywhere, what belongs to no territory included."""
    rows = EntryRow.objects.all()
    if territory_id is not None:
        rows = rows.filter(territory_id=territory_id)
    return _page(_narrowed(rows, filters or Filters()), window or Window())


def acts_of(actor_id: UUID, window: Window | None = None) -> Page[Recorded]:
    """What one person did."""
    return _page(EntryRow.objects.filter(actor_id=actor_id), window or Window())


def verbs_in(territory_id: UUID) -> list[str]:
    """The verbs that occur in a territory, by name."""
    rows = EntryRow.objects.filter(territory_id=territory_id)
    return list(rows.order_by("verb").values_list("verb", flat=True).distinct())


def actors_in(territory_id: UUID) -> list[tuple[UUID, str]]:
    """Who acted in a territory: identifier and present name, by name; erased people are left out."""
    ids = EntryRow.objects.filter(territory_id=territory_id, actor_id__isnull=False).values("actor_id")
    rows = ActorName.objects.filter(actor_id__in=ids).order_by("name", "actor_id")
    return list(rows.values_list("actor_id", "name"))


def _narrowed(rows: QuerySet[EntryRow], filters: Filters) -> QuerySet[EntryRow]:
    if filters.actor_id is not None:
        rows = rows.filter(actor_id=filters.actor_id)
    if filters.request_id:
        rows = rows.filter(request_id=filters.request_id)
    if filters.verbs:
        wanted = Q()
        for verb in filters.verbs:
            wanted |= Q(verb__startswith=verb) if verb.endswith(".") else Q(verb=verb)
        rows = rows.filter(wanted)
    if filters.since is not None:
        rows = rows.filter(at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(at__lt=filters.until)
    if filters.subjects is not None:
        any_of = Q(pk__in=[])
        for label, ids in filters.subjects:
            any_of |= Q(subject_type=label, subject_id__in=list(ids))
        rows = rows.filter(any_of)
    return rows


def _page(rows: QuerySet[EntryRow], window: Window) -> Page[Recorded]:
    shown = list(rows.order_by("-id")[window.start : window.start + window.size])
    names = dict(
        ActorName.objects.filter(actor_id__in={row.actor_id for row in shown if row.actor_id}).values_list(
            "actor_id", "name"
        )
    )
    return Page([_recorded(row, names) for row in shown], rows.count(), window)


def _recorded(row: EntryRow, names: dict[Any, str]) -> Recorded:
    return Recorded(
        id=row.pk,
        at=row.at,
        actor_id=row.actor_id,
        actor_label=names.get(row.actor_id, "") if row.actor_id else row.actor_label,
        verb=row.verb,
        subject=(row.subject_type, row.subject_id),
        territory_id=row.territory_id,
        before=row.before,
        after=row.after,
        reason=row.reason,
        request_id=row.request_id,
        hash=row.hash,
    )
