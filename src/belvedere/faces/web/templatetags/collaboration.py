"""Working together, on pages of others: the bell, the star, the comments, the saved views.

`{% load collaboration %}`, then one tag where it is to stand. A tag asks for what it shows by itself and
shows nothing to whom it is not open.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import template
from django.db import DatabaseError
from django.template import Context
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from belvedere.domains.collaboration.public import CommentView, views_of
from belvedere.duties.notifications.public import unread
from belvedere.faces.web.pages.collaboration.inbox import room_url
from belvedere.faces.web.pages.collaboration.talking import looked_at, star_context, talk_context
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.identifiers import fold

register = template.Library()
_MENTION = re.compile(r"(?<![\w@])(@[\w-]+)")


@register.inclusion_tag("collaboration/bell.html", takes_context=True)
def bell(context: Context) -> dict[str, Any]:
    """The bell of the cockpit: how many messages are unread, one count on an index."""
    request: Any = context.get("request")
    territory = getattr(request, "territory", None)
    actor = getattr(request, "actor", None)
    try:
        if territory is None or actor is None or actor.person_id is None:
            return {}
        count = unread(actor.person_id)
    except DatabaseError:  # the page that says the database is away must still be drawn
        return {}
    url = reverse("collaboration:inbox", args=[territory.slug])
    return {"url": url, "count": count, "current": request.path == url}


@register.inclusion_tag("collaboration/on_measure.html", takes_context=True)
def comments(context: Context, measure_id: UUID, inside: bool) -> dict[str, Any]:
    """The comments of a measure, for the people who work on it (`inside`); what they were told is read."""
    room: Room = context["room"]
    if not room.is_cockpit:
        return {}
    looked_at(room, measure_id)
    if not inside:
        return {}
    return {**talk_context(room, measure_id), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("collaboration/star.html", takes_context=True)
def follow_star(context: Context, measure_id: UUID) -> dict[str, Any]:
    """The button that follows a measure, or follows it no more."""
    room: Room = context["room"]
    if not room.is_cockpit or room.actor.person_id is None:
        return {}
    return {**star_context(room, measure_id), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("collaboration/suggest_link.html", takes_context=True)
def suggest_link(context: Context, measure_id: UUID, may_edit: object) -> dict[str, Any]:
    """The way to suggest a correction, for those who cannot make it themselves."""
    room: Room = context["room"]
    if may_edit:
        return {}
    return {"url": room_url(room, "suggest", measure_id=measure_id)}


@register.inclusion_tag("collaboration/chips.html", takes_context=True)
def saved_views(context: Context) -> dict[str, Any]:
    """The saved views of the list of measures, one's own and those shared, and the way to keep this one."""
    room: Room = context["room"]
    if not room.is_cockpit or room.actor.person_id is None:
        return {}
    request: Any = context.get("request")
    now = request.META.get("QUERY_STRING", "") if request else ""
    return {
        "keep_url": room_url(room, "views"),
        "lines": [
            (one, room_url(room, "view", view_id=one.id), one.query == now)
            for one in views_of(room.actor, room.territory.id)
        ],
    }


@register.filter
def comment_text(comment: CommentView) -> SafeString:
    """The words of a comment: links open safely, mentions stand out, everything else is plain text."""
    names = {fold(re.sub(r"[^\w-]+", "", name)) for name in comment.mentioned}
    parts = []
    for at, part in enumerate(_MENTION.split(comment.text)):
        if at % 2 and fold(re.sub(r"\d+$", "", part[1:])) in names:
            parts.append(format_html('<b class="cv-at">{}</b>', part))
        elif at % 2:
            parts.append(conditional_escape(part))
        else:
            parts.append(mark_safe(urlize(part, nofollow=True, autoescape=True)))  # noqa: S308
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 (each part was escaped)
