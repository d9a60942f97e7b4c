"""The tables of a round as pages; frozen once the round is closed, a preview before."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from belvedere.domains.reporting.public import outputs, queries
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.reporting import presenting, words
from belvedere.kernel.errors import N_, NotFound


def opened(room: Room, round_id: UUID, key: str) -> tuple[queries.Frozen, presenting.ShownTable]:
    """What the table is made of and its texts; NotFound for a table that does not exist."""
    frozen = queries.frozen(room.actor, round_id, territory_id=room.territory.id)
    if key not in outputs.TABLES:
        raise NotFound(N_("There is no such table. Choose one of those of the round."))
    return frozen, presenting.shown(frozen, outputs.table(frozen, key))


def _table(request: HttpRequest, room: Room, round_id: UUID, key: str) -> HttpResponse:
    frozen, shown = opened(room, round_id, key)
    here = {"territory": room.territory, "round_id": round_id}
    context = {
        "room": room,
        "frozen": frozen,
        "name": frozen.content["name"],
        "table": shown,
        "round_url": reverse("reporting:round", kwargs=here),
        "xlsx_url": reverse("reporting:table_xlsx", kwargs={**here, "key": key}),
        "pdf_url": reverse("reporting:table_pdf", kwargs={**here, "key": key}),
        "others": [
            {
                "label": gettext(words.TABLES[one][0]),
                "url": reverse("reporting:table", kwargs={**here, "key": one}),
                "current": one == key,
            }
            for one in outputs.TABLES
        ],
    }
    return render(request, "reporting/table.html", context)


table = require_safe(in_cockpit(_table))

__all__ = ["opened", "table"]
