"""The timeline of a crisis: on the screen, on paper, as CSV."""

from __future__ import annotations

import csv
import io
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.public import CrisisView
from belvedere.domains.territory.public import organisation
from belvedere.faces.web import formats
from belvedere.faces.web.pages.crisis import words
from belvedere.faces.web.pages.crisis.forms import Narrow
from belvedere.faces.web.pages.crisis.rooms import seen
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.texts import cell

SIZE = 100


def _told(request: HttpRequest, room: Room, view: CrisisView, form: Narrow) -> list[words.Told]:
    """All that fits, the oldest first."""
    lines = crises.timeline(room.actor, room.territory.id, view.id, form.wanted())
    return words.timeline(room, view, lines)


def _timeline(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    """The newest first, a window at a time; `HX-Request` with `start` gets the next rows only."""
    view, form = seen(room, crisis_id), Narrow(request.GET)
    told = _told(request, room, view, form)[::-1]
    start = request.GET.get("start", "")
    begin = int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0
    query = request.GET.copy()
    query.pop("start", None)
    kept = query.urlencode()
    query["start"] = str(begin + SIZE)
    context = {
        "room": room,
        "view": view,
        "form": form,
        "told": told[begin : begin + SIZE],
        "finding": _finding(view, len(told)),
        "kept": f"?{kept}" if kept else "",
        "next_url": f"?{query.urlencode()}" if begin + SIZE < len(told) else "",
    }
    piece = request.headers.get("HX-Request") and begin
    return render(request, "crisis/rows.html" if piece else "crisis/timeline.html", context)


def _finding(view: CrisisView, count: int) -> str:
    lines = ngettext("%(n)s line", "%(n)s lines", count) % {"n": formats.number(count)}
    return gettext("%(crisis)s: timeline, %(lines)s") % {"crisis": view.name, "lines": lines}


def _paper(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    """The whole crisis to be printed: what it was, its roles, its timeline from the beginning."""
    view, form = seen(room, crisis_id), Narrow(request.GET)
    told = _told(request, room, view, form)
    context = {
        "room": room,
        "view": view,
        "told": told,
        "finding": _finding(view, len(told)),
        "phase": words.phase(view.phase),
        "kind": words.kind(view.kind),
        "owner": organisation(view.owner_id).label,
        "kept": f"?{request.GET.urlencode()}" if request.GET else "",
        "at": now(),
        "by": room.actor.label,
    }
    return render(request, "crisis/paper.html", context)


def _as_csv(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    """All that fits, in the order in which it happened; times in UTC as ISO 8601."""
    view = seen(room, crisis_id)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["at", "written_at", "exercise", "category", "act", "phase", "what_happened", "what", "role", "by",
         "whom"]
    )  # fmt: skip
    for one in _told(request, room, view, Narrow(request.GET)):
        line = one.line
        writer.writerow(
            [
                line.at.isoformat(),
                line.written_at.isoformat(),
                "1" if view.is_exercise else "",
                line.category.value,
                line.act,
                line.phase.value if line.phase is not None else "",
                cell(one.title),
                cell(one.plain),
                cell(line.role),
                cell(one.by),
                cell(line.other),
            ]
        )
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-crisis-{view.id}.csv"'
    return answer


timeline = never_cache(require_GET(in_cockpit(_timeline)))
paper = never_cache(require_GET(in_cockpit(_paper)))
as_csv = never_cache(require_GET(in_cockpit(_as_csv)))
