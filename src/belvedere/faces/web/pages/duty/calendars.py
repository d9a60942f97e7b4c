"""Turns as calendars read them (iCalendar, RFC 5545) under private addresses; absences out of files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from belvedere.domains.duty import public as duty
from belvedere.domains.duty.public import FeedRead, RosterView
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.duty import words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.holidays import holidays
from belvedere.science.rosters.turns import Turn

REFRESH_EVERY = timedelta(hours=6)
LARGEST = 500_000
NOT_SHOWN = (403, 404)


class AbsencesForm(forms.Form):
    """Whose absences, and the file."""

    person = forms.ChoiceField(label=_("Who is away"))
    file = forms.FileField(
        label=_("Calendar (.ics)"),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("Each event counts as an absence; what it is about is not kept."),
    )

    def __init__(self, people: dict[UUID, str], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["person"].choices = [(str(key), name) for key, name in people.items()]  # type: ignore[attr-defined]


def address(token: str) -> str:
    """The whole address that a calendar subscribes to."""
    return settings.PUBLIC_URL + reverse("duty_feeds:feed", args=[token])


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What is under a private address."""
    read = duty.read_feed(token, now())
    territory = territory_by_id(read.territory_id)
    with translation.override(read.language):
        content = _calendar(read, territory)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="duty.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(read: FeedRead, territory: TerritoryView) -> bytes:
    made = Calendar()
    made.add("prodid", "-//Belvedere//Duty//" + read.language.upper())
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    names = [one.name for one in read.rosters] if read.person_id is None else [gettext("My duty")]
    for name in ("name", "x-wr-calname"):
        made.add(name, f"{', '.join(names)} · {territory.name_in(read.language)}")
    made.add("x-wr-timezone", territory.zone)
    made.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for view in read.rosters:
        for number, turn in enumerate(view.turns):
            if read.person_id is None or turn.who == read.person_id:
                made.add_component(_event(territory, view, turn, is_first=number == 0, mine=read.person_id))
        if read.person_id is None:
            for day in _holidays(view, territory):
                made.add_component(_holiday(view, day))
    content: bytes = made.to_ical()
    return content


def _event(
    territory: TerritoryView, view: RosterView, turn: Turn, *, is_first: bool, mine: UUID | None
) -> Event:
    """A turn, in UTC. It keeps its UID while it begins when it did: the first one, cut, by its roster."""
    url = settings.PUBLIC_URL + reverse("duty:roster", args=[territory, view.id])
    who = words.who(view, turn.who)
    told = {"roster": view.name, "who": who}
    if mine is not None:
        summary = gettext("On duty: %(roster)s") % told
    elif turn.who is None:
        summary = gettext("%(roster)s: nobody is on duty") % told
    else:
        summary = gettext("%(roster)s: %(who)s") % told
    lines = [url]
    if turn.instead_of is not None:
        lines.insert(0, gettext("instead of %(instead)s") % {"instead": words.who(view, turn.instead_of)})
    event = _begun(f"duty-{view.id}-{'first' if is_first else f'{turn.since:%Y%m%dT%H%M%SZ}'}", view)
    event.add("dtstart", turn.since.astimezone(ZoneInfo("UTC")))
    event.add("dtend", turn.until.astimezone(ZoneInfo("UTC")))
    event.add("summary", summary)
    event.add("description", "\n".join(lines))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")  # on duty, yet free to work
    return event


def _holiday(view: RosterView, day: date) -> Event:
    event = _begun(f"holiday-{view.id}-{day:%Y%m%d}", view)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", gettext("Public holiday (%(calendar)s)") % {"calendar": view.body.calendar})
    event.add("transp", "TRANSPARENT")
    return event


def _begun(uid: str, view: RosterView) -> Event:
    event = Event()
    host = settings.PUBLIC_URL.split("//")[-1].split("/")[0].split(":")[0] or "localhost"
    event.add("uid", f"{uid}@{host}")
    event.add("sequence", view.version)
    event.add("dtstamp", now().astimezone(ZoneInfo("UTC")))
    return event


def _holidays(view: RosterView, territory: TerritoryView) -> Iterator[date]:
    """The holidays that count in the roster, in the time that is shown."""
    if not view.body.calendar:
        return
    zone = ZoneInfo(territory.zone)
    first, last = (at.astimezone(zone).date() for at in (view.turns[0].since, view.turns[-1].until))
    for year in range(first.year, last.year + 1):
        yield from sorted(day for day in holidays(view.body.calendar, year) if first <= day <= last)


# ------------------------------------------------------------------ addresses
def _open(request: HttpRequest, room: Room, roster_id: UUID | None = None) -> HttpResponse:
    duty.open_feed(actor=room.actor, territory=room.territory, roster_id=roster_id)
    messages.success(request, gettext("The address is made. Give it to your calendar, and to nobody else."))
    return _back(room, roster_id)


def _close(request: HttpRequest, room: Room, feed_id: UUID) -> HttpResponse:
    duty.close_feed(actor=room.actor, territory=room.territory, feed_id=feed_id)
    messages.success(
        request, gettext("The address is revoked: calendars that have it read nothing any more.")
    )
    return redirect("duty:board", room.territory)


def _back(room: Room, roster_id: UUID | None) -> HttpResponse:
    if roster_id is None:
        return redirect("duty:board", room.territory)
    return redirect("duty:roster", room.territory, roster_id)


# ------------------------------------------------------------------ absences
def whose(room: Room, view: RosterView) -> dict[UUID, str]:
    """Whose absences the reader may give: of all on the roster, or one's own."""
    members = {key: view.people[key] for key in view.body.everybody() if key in view.people}
    if duty.may_write(room.actor, room.territory.id, view.owner_id) is not None:
        members = {key: name for key, name in members.items() if key == room.actor.person_id}
    return dict(sorted(members.items(), key=lambda pair: pair[1].casefold()))


def _absences(request: HttpRequest, room: Room, roster_id: UUID) -> HttpResponse:
    """Take the absences of a file."""
    view = duty.roster(room.actor, room.territory.id, roster_id)
    form = AbsencesForm(whose(room, view), request.POST, request.FILES)
    if not form.is_valid():
        fault = next(iter(form.errors.values()))[0]
        messages.warning(
            request, gettext("Choose who is away, and a calendar file: %(fault)s") % {"fault": fault}
        )
        return redirect("duty:roster", room.territory, roster_id)
    file = form.cleaned_data["file"]
    try:
        read = duty.take_absences(
            actor=room.actor,
            territory=room.territory,
            roster_id=roster_id,
            person_id=UUID(form.cleaned_data["person"]),
            content=file.read(LARGEST + 1),
        )
    except BelvedereError as error:
        if error.status in NOT_SHOWN:
            raise
        messages.warning(request, sentence(error))
    else:
        messages.success(request, taken(read))
    return redirect("duty:roster", room.territory, roster_id)


def taken(read: duty.Read) -> str:
    """What was read of a file, and what was not."""
    count = len(read.away)
    parts = [ngettext("%(count)s absence is kept.", "%(count)s absences are kept.", count) % {"count": count}]
    if read.repeated:
        parts.append(
            ngettext(
                "%(count)s event that comes back was not read: enter it by hand.",
                "%(count)s events that come back were not read: enter them by hand.",
                read.repeated,
            )
            % {"count": read.repeated}
        )
    left = read.past + read.odd
    if left:
        parts.append(
            ngettext(
                "%(count)s event is past, far ahead or called off.",
                "%(count)s events are past, far ahead or called off.",
                left,
            )
            % {"count": left}
        )
    return " ".join(parts)


def _forget(request: HttpRequest, room: Room, roster_id: UUID, person_id: UUID) -> HttpResponse:
    duty.forget_absences(actor=room.actor, territory=room.territory, roster_id=roster_id, person_id=person_id)
    messages.success(request, gettext("The absences are forgotten."))
    return redirect("duty:roster", room.territory, roster_id)


open_mine = require_POST(in_cockpit(_open))
open_roster = require_POST(in_cockpit(_open))
close = require_POST(in_cockpit(_close))
absences = require_POST(in_cockpit(_absences))
forget = require_POST(in_cockpit(_forget))
