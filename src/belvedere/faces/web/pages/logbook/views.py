"""The log book: the list, the same on paper and as CSV, a new entry, a struck one."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from belvedere.domains.logbook import public as logbook
from belvedere.domains.logbook.public import Category
from belvedere.domains.territory.public import Level, organisations_by_id, places_of
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation.alarms import wants_json
from belvedere.faces.web.pages.logbook import words
from belvedere.faces.web.pages.logbook.forms import EntryForm, Narrow, TextForm
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused
from belvedere.kernel.paging import LARGEST_PAGE, Window
from belvedere.kernel.texts import cell

SIZE = 60
NOT_YOURS = N_("Only contributors and managers of the organisation write in its log book.")


def books(room: Room) -> list[tuple[str, str]]:
    """The log books that the actor may write in: key, name; those of organisations first."""
    here = room.territory.id
    own = [one for one in room.actor.roles if logbook.may_write(room.actor, here, one) is None]
    found = [(str(key), one.label) for key, one in organisations_by_id(own).items()]
    found.sort(key=lambda pair: pair[1].casefold())
    if logbook.may_write(room.actor, here, None) is None:
        found.append(("territory", room.territory.name))
    return found


def _places(room: Room) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in places_of(room.territory, level=Level.COMMUNE)]


def _listed(request: HttpRequest, room: Room) -> HttpResponse:
    """A window at a time; `HX-Request` with `start` gets the next rows only."""
    form = Narrow(_places(room), request.GET)
    start = request.GET.get("start", "")
    begin = int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0
    wanted = form.wanted(room.territory.zone)
    page = logbook.entries(room.actor, room.territory.id, wanted, Window(begin, SIZE))
    query = request.GET.copy()
    query.pop("start", None)
    kept = query.urlencode()
    query["start"] = str(page.next_start or 0)
    context = {
        "room": room,
        "form": form,
        "lines": words.lines(room, page.rows),
        "finding": _finding(page.total, asked=bool(kept)),
        "may_write": bool(books(room)),
        "kept": f"?{kept}" if kept else "",
        "next_url": f"?{query.urlencode()}" if page.next_start else "",
    }
    piece = request.headers.get("HX-Request") and begin
    return render(request, "logbook/rows.html" if piece else "logbook/list.html", context)


def _finding(total: int, *, asked: bool) -> str:
    if not total:
        return gettext("No entry fits") if asked else gettext("Nothing is written in the log book yet")
    return ngettext("%(count)s entry in the log book", "%(count)s entries in the log book", total) % {
        "count": formats.number(total)
    }


def _paper(request: HttpRequest, room: Room) -> HttpResponse:
    """All that fits, the oldest first, to be printed; at most as many as a page may hold."""
    form = Narrow(_places(room), request.GET)
    page = logbook.entries(
        room.actor, room.territory.id, form.wanted(room.territory.zone), Window(0, LARGEST_PAGE)
    )
    asked = [
        (
            field.label,
            dict(field.field.choices)[field.value()] if hasattr(field.field, "choices") else field.value(),
        )
        for field in form
        if field.value() and not field.errors
    ]
    context = {
        "room": room,
        "lines": words.lines(room, page.rows)[::-1],
        "finding": _finding(page.total, asked=bool(asked)),
        "asked": asked,
        "left_out": page.total - len(page.rows),
        "kept": f"?{request.GET.urlencode()}" if request.GET else "",
        "at": now(),
        "by": room.actor.label,
    }
    return render(request, "logbook/paper.html", context)


def _as_csv(request: HttpRequest, room: Room) -> HttpResponse:
    """All that fits, the newest first; times in UTC as ISO 8601."""
    wanted = Narrow(_places(room), request.GET).wanted(room.territory.zone)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["number", "happened_at", "written_at", "log_book", "category", "text", "place", "by", "strikes",
         "struck_by", "to_hand_over"]
    )  # fmt: skip
    start: int | None = 0
    while start is not None:
        page = logbook.entries(room.actor, room.territory.id, wanted, Window(start, LARGEST_PAGE))
        for line in words.lines(room, page.rows):
            view = line.view
            writer.writerow(
                [
                    view.id,
                    view.happened_at.isoformat(),
                    view.written_at.isoformat(),
                    cell(line.owner),
                    view.category.value,
                    cell(line.plain),
                    cell(line.where),
                    cell(line.by),
                    view.strikes or "",
                    view.struck_by or "",
                    "1" if view.hand_over else "",
                ]
            )
        start = page.next_start
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-logbook.csv"'
    return answer


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    own = books(room)
    if not own:
        raise Refused(NOT_YOURS, code="may_not_write")
    at = now().astimezone(ZoneInfo(room.territory.zone)).replace(second=0, microsecond=0, tzinfo=None)
    alarm = request.GET.get("alarm", "")
    start = {
        "happened_at": at,
        "alarm": int(alarm) if alarm.isascii() and alarm.isdigit() and len(alarm) < 16 else None,
    }
    given = _given(request, at) if request.method == "POST" else None
    form = EntryForm(own, _places(room), room.territory.zone, given, initial=start)
    back = _back(request, room)
    if request.method == "POST" and form.is_valid():
        try:
            logbook.write_entry(
                actor=room.actor, territory=room.territory, owner_id=form.owner_id(), draft=form.draft()
            )
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            told = gettext("It is written in the log book.")
            if wants_json(request):
                return JsonResponse({"message": told})
            messages.success(request, told)
            return redirect(back)
    if form.errors and wants_json(request):
        return JsonResponse({"message": next(iter(form.errors.values()))[0]}, status=422)
    context = {"room": room, "form": form, "back": back}
    return render(request, "logbook/new.html", context, status=422 if form.errors else 200)


def _given(request: HttpRequest, at: datetime) -> QueryDict:
    """What was sent. A line written on the desk is no more than a text: an observation, of now."""
    given = request.POST.copy()
    if "quick" in given:
        given.setdefault("category", Category.OBSERVATION.value)
        given.setdefault("happened_at", at.isoformat(timespec="minutes"))
    return given


def _back(request: HttpRequest, room: Room) -> str:
    asked = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, hosts, require_https=request.is_secure()):
        return asked
    return reverse("logbook:list", args=[room.territory])


def _strike(request: HttpRequest, room: Room, entry_id: int) -> HttpResponse:
    view = logbook.entry(room.actor, room.territory.id, entry_id)
    reason = logbook.may_write(room.actor, room.territory.id, view.owner_id)
    if reason is not None:
        raise Refused(reason, code="may_not_write")
    form = TextForm(gettext("What is right"), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            logbook.strike_entry(
                actor=room.actor,
                territory=room.territory,
                entry_id=entry_id,
                text=form.cleaned_data["text"],
            )
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The entry is struck; both stay to be read."))
            return redirect("logbook:list", room.territory)
    context = {"room": room, "form": form, "line": words.lines(room, [view])[0]}
    return render(request, "logbook/strike.html", context, status=422 if form.errors else 200)


def owner_of(room: Room, key: str) -> UUID | None:
    """The organisation of a key of `books`; NotFound for what is no key."""
    if key == "territory":
        return None
    try:
        return UUID(key)
    except ValueError:
        raise NotFound(N_("There is no such log book.")) from None


listed = never_cache(require_GET(in_cockpit(_listed)))
paper = never_cache(require_GET(in_cockpit(_paper)))
as_csv = never_cache(require_GET(in_cockpit(_as_csv)))
new = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_new)))
strike = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_strike)))
