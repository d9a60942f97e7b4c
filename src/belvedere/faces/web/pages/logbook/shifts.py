"""The change of shift: what stands, the word of who leaves, who takes over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.logbook import public as logbook
from belvedere.domains.logbook.public import Shift
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation import showing
from belvedere.faces.web.pages.commands import words as command_words
from belvedere.faces.web.pages.interventions import words as job_words
from belvedere.faces.web.pages.logbook import words
from belvedere.faces.web.pages.logbook.forms import TextForm
from belvedere.faces.web.pages.logbook.views import NOT_YOURS, books, owner_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import BelvedereError, NotFound, Refused


def _shift(request: HttpRequest, room: Room) -> HttpResponse:
    """`?book=`: whose desk; the first that the actor may write for, if nothing is asked."""
    own = books(room)
    if not own:
        raise Refused(NOT_YOURS, code="may_not_write")
    key = request.GET.get("book") or own[0][0]
    owner_id = owner_of(room, key)
    reason = logbook.may_write(room.actor, room.territory.id, owner_id)
    if reason is not None:
        raise Refused(reason, code="may_not_write")
    form = TextForm(gettext("A word for who comes"), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            logbook.hand_over(
                actor=room.actor,
                territory=room.territory,
                owner_id=owner_id,
                word=form.cleaned_data["text"],
            )
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            if error.data.get("field") == "word":
                error.data["field"] = "text"
            form.blame(error)
        else:
            messages.success(request, gettext("The shift is handed over: somebody else takes it over here."))
            return redirect(f"{request.path}?book={key}")
    stands = logbook.shift(room.actor, room.territory.id, owner_id)
    context = _context(room, stands) | {
        "room": room,
        "form": form,
        "books": [
            {
                "name": name,
                "url": f"{reverse('logbook:shift', args=[room.territory])}?book={one}",
                "on": one == key,
            }
            for one, name in own
        ],
        "book": next((name for one, name in own if one == key), room.territory.name),
        "at": now(),
    }
    return render(request, "logbook/shift.html", context, status=422 if form.errors else 200)


def _context(room: Room, stands: Shift) -> dict[str, object]:
    waits, last = stands.waiting, stands.last
    return {
        "stands": stands,
        "finding": _finding(stands),
        "alarms": showing.lines(room, stands.alarms),
        "shelved": showing.lines(room, stands.shelved),
        "jobs": [(one, job_words.state(one.state)) for one in stands.interventions],
        "failed": [
            (
                one,
                name_in(one.names, room.language, room.territory.languages) or str(one.entity_id),
                command_words.kind(one.kind),
                command_words.state(one.state),
            )
            for one in stands.failed
        ],
        "marked": words.lines(room, stands.marked),
        "left_by": waits.names.get(waits.left_by, "") if waits and waits.left_by else "",
        "may_take": waits is not None and waits.left_by != room.actor.person_id,
        "last_left": last.names.get(last.left_by, "") if last and last.left_by else "",
        "last_taken": last.names.get(last.taken_by, "") if last and last.taken_by else "",
    }


def _finding(stands: Shift) -> str:
    waits = stands.waiting
    if waits is not None:
        who = waits.names.get(waits.left_by, "") if waits.left_by else ""
        return gettext("%(who)s has handed the shift over: somebody has to take over") % {"who": who}
    many = len(stands.alarms) + stands.more_alarms
    return gettext("To hand over: %(alarms)s open alarms, %(jobs)s interventions, %(marked)s entries") % {
        "alarms": formats.number(many),
        "jobs": formats.number(len(stands.interventions)),
        "marked": formats.number(len(stands.marked)),
    }


def _take(request: HttpRequest, room: Room, hand_over_id: UUID) -> HttpResponse:
    logbook.take_over(actor=room.actor, territory=room.territory, hand_over_id=hand_over_id)
    messages.success(request, gettext("You have taken the shift over."))
    return redirect("logbook:list", room.territory)


shift = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_shift)))
take = require_POST(in_cockpit(_take))
