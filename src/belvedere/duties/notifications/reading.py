"""The inbox of a person: what they were told, newest first, and what is still unread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext

from belvedere.duties.notifications.models import Notice
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.paging import Page, Window


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice for its reader. `count`: how often it happened. `sentence()` is in the reader's language."""

    id: UUID
    kind: str
    message: str
    values: Mapping[str, Any]
    quote: str
    link: str
    subject_id: str
    group: str
    territory_id: UUID | None
    count: int
    told_at: datetime
    read: bool

    def sentence(self, language: str = "") -> str:
        """What is told, in `language` or the one in use."""
        wanted = language or (get_language() or "fr")[:2]
        with translation.override(wanted):
            said = gettext(self.message)
        text = said.format_map({name: _in(value, wanted) for name, value in self.values.items()})
        return f"{text} ({self.count} ×)" if self.count > 1 else text

    def __str__(self) -> str:
        return self.sentence()


def _in(value: Any, language: str) -> str:
    if not isinstance(value, dict):
        return str(value)
    return str(
        value.get(language)
        or value.get(settings.LANGUAGE_CODE)
        or next((text for text in value.values() if text), "")
    )


def view_of(row: Notice) -> NoticeView:
    return NoticeView(
        id=row.pk,
        kind=row.kind,
        message=row.message,
        values=row.values,
        quote=row.quote,
        link=row.link,
        subject_id=row.subject_id,
        group=row.group,
        territory_id=row.territory_id,
        count=row.count,
        told_at=row.told_at,
        read=row.read_at is not None,
    )


def unread(person_id: UUID) -> int:
    """How many notices a person has not read: one count on a partial index."""
    return Notice.objects.filter(recipient_id=person_id, read_at__isnull=True).count()


def inbox(person_id: UUID, window: Window | None = None) -> Page[NoticeView]:
    """What a person was told, newest first."""
    window = window or Window()
    rows = Notice.objects.filter(recipient_id=person_id).order_by("-told_at", "-pk")
    shown = rows[window.start : window.start + window.size]
    return Page([view_of(row) for row in shown], rows.count(), window)


def read_notice(person_id: UUID, notice_id: UUID) -> NoticeView:
    """Mark one notice of the person as read and give it; NotFound when it is not theirs."""
    row = Notice.objects.filter(pk=notice_id, recipient_id=person_id).first()
    if row is None:
        raise NotFound(N_("There is no such message for you. It may be older than a year."))
    if row.read_at is None:
        Notice.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=now())
    return view_of(row)


def read_all(person_id: UUID) -> int:
    """Mark everything as read; gives how many were not."""
    return Notice.objects.filter(recipient_id=person_id, read_at__isnull=True).update(read_at=now())


def read_group(person_id: UUID, group: str) -> int:
    """Mark as read what was told of one thing, once the person looks at it."""
    return Notice.objects.filter(recipient_id=person_id, group=group, read_at__isnull=True).update(
        read_at=now()
    )
