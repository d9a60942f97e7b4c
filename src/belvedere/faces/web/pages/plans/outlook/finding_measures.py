"""Suggestions for the field “Measure” of the scenario bar: by code or title, among the owner's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from belvedere.domains.plans.public import MeasureFilter, policies, queries
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.paging import Window

SHOWN = 12
LONGEST = 100


def suggestions(room: Room, organisation_id: UUID, asked: asking.Asked, text: str) -> dict[str, Any]:
    """What `finds.html` needs; without a text the measures that cost most."""
    which = MeasureFilter(text=text[:LONGEST].replace("\x00", ""), owners=frozenset({organisation_id}))
    page = queries.measure_rows(
        room.actor,
        room.territory.id,
        which,
        language=room.language,
        sort="-cost",
        window=Window(0, SHOWN),
    )
    url = room.url("outlook", organisation_id=organisation_id)
    left = page.total - len(page.rows)
    return {
        "finds": [
            {
                "url": url + asked.on_measure(row.id).query(),
                "codes": row.codes,
                "title": row.title,
                "language": "" if row.title_language == room.language else row.title_language,
                "cost": formats.money(row.cost) if row.cost else "",
            }
            for row in page.rows
        ],
        "finds_more": gettext("%(n)s more: type more of the title.") % {"n": formats.number(left)}
        if left > 0
        else "",
    }


def _find(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponse:
    policies.require_outlook(room.actor, room.territory.id, organisation_id)
    asked = asking.read(request.GET)
    context = suggestions(room, organisation_id, asked, request.GET.get("find", "").strip())
    return render(request, "plans/outlook/finds.html", context)


find = in_cockpit(_find)

__all__ = ["find", "suggestions"]
