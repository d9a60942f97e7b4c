"""The owners whose outlook a person may open, each with its figure; straight on where there is only one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import MeasureFilter, policies, totals
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import findings
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.paging import Window

SHOWN = 200


def _owners(request: HttpRequest, room: Room) -> HttpResponse:
    mine = [one for one in room.actor.roles if one in room.actor.sees]
    page = totals.by_owner(
        room.actor, room.territory.id, MeasureFilter(), language=room.language, window=Window(0, SHOWN)
    )
    seen = [row for row in page.rows if policies.sees_outlook(room.actor, room.territory.id, row.owner_id)]
    own = [row.owner_id for row in seen if row.owner_id in mine]
    if len(set(own)) == 1 and "all" not in request.GET:
        return redirect(room.url("outlook", organisation_id=own[0]))
    rows: list[dict[str, Any]] = [
        {
            "name": row.owner_name,
            "url": room.url("outlook", organisation_id=row.owner_id),
            "count": row.total.count,
            "cost": findings.headline(row.total.cost),
            "net": findings.headline(row.total.net),
            "kind": formats.money_kind(row.total.kind),
            "mine": row.owner_id in mine,
        }
        for row in seen
    ]
    number = len({row.owner_id for row in seen})
    said = ngettext("%(n)s owner and what it has to pay", "%(n)s owners and what they have to pay", number)
    context = {
        "room": room,
        "rows": rows,
        "money_url": room.url("finance"),
        "finding": said % {"n": formats.number(number)}
        if rows
        else gettext("No owner has a measure with a cost yet"),
    }
    return render(request, "plans/outlook/owners.html", context)


owners = in_cockpit(_owners)

__all__ = ["owners"]
