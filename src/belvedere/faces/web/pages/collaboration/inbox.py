"""The inbox of the person who is signed in, and how fast each kind of message reaches them by mail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.territory.public import territories
from belvedere.duties.notifications.public import (
    RHYTHM_NAMES,
    Rhythm,
    inbox,
    kinds,
    read_all,
    read_notice,
    rhythms_of,
    set_rhythms,
    unread,
)
from belvedere.faces.web.pages.collaboration.links import ICONS, target
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Refused
from belvedere.kernel.paging import Window

PAGE_SIZE = 40
FURTHEST = 100_000


def person_of(room: Room) -> UUID:
    """Who is signed in; Refused for a token of the platform without a person."""
    if room.actor.person_id is None:
        raise Refused(N_("Sign in to do this."))
    return room.actor.person_id


def _start(request: HttpRequest) -> int:
    text = request.GET.get("start", "")
    return min(int(text), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _inbox(request: HttpRequest, room: Room) -> HttpResponse:
    person_id = person_of(room)
    page = inbox(person_id, Window(_start(request), PAGE_SIZE))
    where = {
        one.id: one for one in territories(ids={row.territory_id for row in page.rows if row.territory_id})
    }
    lines = [
        {
            "notice": row,
            "icon": ICONS.get(row.kind, "bell"),
            "elsewhere": where[row.territory_id].name
            if row.territory_id in where and row.territory_id != room.territory.id
            else "",
            "url": room_url(room, "open", notice_id=row.id),
        }
        for row in page.rows
    ]
    context = {
        "room": room,
        "lines": lines,
        "unread": unread(person_id),
        "total": page.total,
        "next_url": f"?start={page.next_start}" if page.next_start else "",
    }
    piece = request.headers.get("HX-Request") and page.window.start
    return render(request, "collaboration/notices.html" if piece else "collaboration/inbox.html", context)


def room_url(room: Room, name: str, **kwargs: Any) -> str:
    """An address of collaboration in this room."""
    space = "collaboration" if room.is_cockpit else "portal_collaboration"
    return reverse(f"{space}:{name}", kwargs={"territory": room.territory, **kwargs})


def _open(request: HttpRequest, room: Room, notice_id: UUID) -> HttpResponse:
    """Reading is what opening does: the notice is no longer counted, then its page is shown."""
    notice = read_notice(person_of(room), notice_id)
    slug = room.territory.slug
    if notice.territory_id is not None and notice.territory_id != room.territory.id:
        slug = next((one.slug for one in territories(ids={notice.territory_id})), slug)
    return HttpResponseRedirect(target(notice, slug))


def _read_everything(request: HttpRequest, room: Room) -> HttpResponse:
    read_all(person_of(room))
    return redirect(room_url(room, "inbox"))


class Rhythms(forms.Form):
    """One choice for each kind."""

    def __init__(self, data: Any, chosen: dict[str, Rhythm]) -> None:
        super().__init__(data, initial=dict(chosen))
        for kind in (one for one in kinds() if one.choice):
            self.fields[kind.code] = forms.ChoiceField(
                label=gettext(kind.label),
                choices=[(rhythm.value, gettext(name)) for rhythm, name in RHYTHM_NAMES.items()],
            )


def _preferences(request: HttpRequest, room: Room) -> HttpResponse:
    person_id = person_of(room)
    form = Rhythms(request.POST or None, rhythms_of(person_id))
    if request.method == "POST" and form.is_valid():
        set_rhythms(person_id, {code: Rhythm(value) for code, value in form.cleaned_data.items()})
        messages.success(request, gettext("Kept. Messages that wait follow the new choice."))
        return redirect(room_url(room, "preferences"))
    context = {"room": room, "form": form}
    return render(request, "collaboration/preferences.html", context, status=422 if form.errors else 200)


inbox_page = never_cache(require_GET(in_cockpit(_inbox)))
open_notice = never_cache(require_GET(in_cockpit(_open)))
read_everything = require_POST(in_cockpit(_read_everything))
preferences = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_preferences)))
