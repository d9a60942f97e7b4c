"""Where a notice leads."""

from __future__ import annotations

from uuid import UUID

from django.urls import NoReverseMatch, reverse

from belvedere.domains.collaboration.public import kinds
from belvedere.duties.notifications.public import NoticeView

ICONS = {
    kinds.MENTION: "at",
    kinds.ANSWER: "message-reply",
    kinds.ASSIGNMENT: "user-check",
    kinds.DATA_CALL: "clipboard-check",
    kinds.DEADLINE: "calendar-due",
    kinds.CHANGE: "pencil",
    kinds.SUGGESTION: "message-2-question",
}


def target(notice: NoticeView, territory: str) -> str:
    """The path of the page a notice speaks of; the inbox of the territory where there is none."""
    if notice.link:
        return notice.link
    if notice.kind == kinds.SUGGESTION:
        return reverse("collaboration:suggestions", args=[territory])
    try:
        page = reverse("plans:measure", args=[territory, UUID(notice.subject_id)])
    except (NoReverseMatch, ValueError):
        return reverse("collaboration:inbox", args=[territory])
    return f"{page}#comments" if notice.kind in (kinds.MENTION, kinds.ANSWER) else page
