"""Works to follow without an account: RSS 2.0 of what changed, iCalendar (RFC 5545) of what is planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from belvedere.domains.plans.public import follow, states
from belvedere.domains.subscriptions.public import (
    Scope,
    ScopeKind,
    changes,
    check_scope,
    state_of,
    telling,
)
from belvedere.domains.territory.public import name_in, places
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.portal.asked import query_of, scope_in
from belvedere.faces.web.pages.portal.near import distance
from belvedere.faces.web.pages.portal.rooms import for_everyone
from belvedere.faces.web.pages.portal.works import Work, works_of
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import sha256

SHOWN = 50
REFRESH_EVERY = timedelta(hours=12)


def title_of(room: Room, scope: Scope) -> str:
    """What a reader or a calendar shows as the name of what is followed."""
    place = room.territory.name
    if scope.kind is ScopeKind.MEASURE:
        found = works_of(room, scope)
        return found[0].title if found else place
    if scope.kind is ScopeKind.PLACE and scope.place_id is not None:
        named = places([scope.place_id]).get(scope.place_id)
        return gettext("Works in %(place)s") % {"place": named.name if named else place}
    if scope.kind is ScopeKind.CIRCLE and scope.radius_m is not None:
        return gettext("Works within %(distance)s of my point, %(place)s") % {
            "distance": distance(scope.radius_m),
            "place": place,
        }
    return gettext("Works in %(place)s") % {"place": place}


def _page(room: Room, scope: Scope) -> str:
    """The page that says the same to people."""
    if scope.kind is ScopeKind.MEASURE and scope.measure_id is not None:
        return settings.PUBLIC_URL + room.measure_url(scope.measure_id)
    query = query_of(scope)
    path = reverse("works:near", kwargs={"territory": room.territory})
    return settings.PUBLIC_URL + path + (f"?{query}" if query else "")


def _answer(request: HttpRequest, content: bytes, kind: str, etag: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["ETag"] = quote_etag(etag)
    response["Cache-Control"] = "public, max-age=600"
    response["Access-Control-Allow-Origin"] = "*"  # public facts only; readers in browsers may fetch them
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response


def _feed(request: HttpRequest, room: Room) -> HttpResponse:
    scope = scope_in(request.GET)
    check_scope(room.territory.id, scope)
    here = settings.PUBLIC_URL + request.get_full_path()
    made = Rss201rev2Feed(
        title=title_of(room, scope),
        link=_page(room, scope),
        description=gettext("What changes for everyone: state, dates, steps and documents of the projects."),
        language=room.language,
        feed_url=here,
        ttl=60,
    )
    for one in changes(room.territory.id, scope)[:SHOWN]:
        made.add_item(
            title=f"{name_in(one.titles, languages=room.territory.languages)}: {telling.change(one)}",
            link=settings.PUBLIC_URL + room.measure_url(one.measure_id),
            description=telling.change(one),
            unique_id=f"urn:uuid:{one.id}",
            unique_id_is_permalink=False,
            pubdate=one.at,
        )
    content = made.writeString("utf-8").encode()
    return _answer(request, content, "application/rss+xml; charset=utf-8", sha256(content))


def _calendar(request: HttpRequest, room: Room) -> HttpResponse:
    scope = scope_in(request.GET)
    check_scope(room.territory.id, scope)
    made = Calendar()
    made.add("prodid", "-//Belvedere//Works//" + room.language.upper())
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    title = title_of(room, scope)
    for name in ("name", "x-wr-calname"):
        made.add(name, title)
    made.add("x-wr-timezone", room.territory.zone)
    made.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT12H")
    for work in works_of(room, scope):
        for event in _events(room, work, with_steps=scope.kind is not ScopeKind.TERRITORY):
            made.add_component(event)
    content = made.to_ical()
    etag = sha256(f"{state_of(room.territory.id)} {request.get_full_path()} {room.language}".encode())
    response = _answer(request, content, "text/calendar; charset=utf-8", etag)
    response["Content-Disposition"] = 'inline; filename="works.ics"'
    return response


def _events(room: Room, work: Work, *, with_steps: bool) -> Iterator[Event]:
    """The period of the works, then each dated step; the territory's calendar is too large for steps."""
    if work.start is not None:
        summary = gettext("Works: %(title)s") % {"title": work.title}
        if not work.exact:
            summary = gettext("Works planned in this year: %(title)s") % {"title": work.title}
            if work.end is not None and work.end.year != work.start.year:
                summary = gettext("Works planned in these years: %(title)s") % {"title": work.title}
        yield _event(room, work, f"works-{work.id}", summary, work.start, work.end or work.start)
    if not with_steps:
        return
    for one in follow.followed(room.actor, work.id, room.language).milestones:
        if one.expected is not None:
            name = telling.milestone(one.type, dict(one.title.texts))
            summary = gettext("%(step)s: %(title)s") % {"step": name, "title": work.title}
            sure = one.actual is not None
            yield _event(room, work, f"step-{one.id}", summary, one.expected, one.expected, sure=sure)


def _event(
    room: Room, work: Work, uid: str, summary: str, first: date, last: date, *, sure: bool | None = None
) -> Event:
    """A whole-day event: the days are those of the territory's zone. DTEND is the day after the last."""
    given_up = work.implementation in {states.Implementation.ABANDONED, states.Implementation.REPLACED}
    under_way = work.implementation in {states.Implementation.IN_PROGRESS, states.Implementation.DONE}
    status = "CONFIRMED" if (under_way if sure is None else sure) else "TENTATIVE"
    changed: datetime = work.updated_at.astimezone(ZoneInfo("UTC"))
    url = settings.PUBLIC_URL + room.measure_url(work.id)
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}")
    event.add("sequence", work.version)
    event.add("dtstamp", min(changed, now()))
    event.add("last-modified", changed)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", f"{work.state}. {work.owner}\n{url}")
    event.add("url", url)
    event.add("status", "CANCELLED" if given_up else status)
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    return event


feed = require_safe(for_everyone(_feed))
calendar = require_safe(for_everyone(_calendar))

__all__ = ["calendar", "feed", "title_of"]
