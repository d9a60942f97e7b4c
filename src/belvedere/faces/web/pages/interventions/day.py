"""A team's day: its visits numbered on the map, a shorter order proposed, taken or put by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.errors import BadIntervention, NoSuchTeam
from belvedere.domains.interventions.public import DayOrdered, DayProposed, Row, TeamView
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.interventions import words
from belvedere.faces.web.pages.interventions.board import read_day
from belvedere.faces.web.pages.interventions.forms import teams_for
from belvedere.faces.web.pages.live.menus import chosen_ids
from belvedere.faces.web.pages.live.words import Word
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused

HAND = ("up", "down")


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit: its place now, the place that is proposed."""

    place: int
    proposed: int
    one: Row
    url: str
    state: Word
    urgency: Word
    is_last: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The team and the day of the address; `team` None where the reader sees no team."""

    team: TeamView | None
    teams: Sequence[TeamView]
    day: date

    def url(self, room: Room) -> str:
        pairs = {"team": str(self.team.id) if self.team else "", "day": self.day.isoformat()}
        return reverse("interventions:team_day", args=[room.territory]) + "?" + urlencode(pairs)


def _asked(room: Room, query: QueryDict) -> Asked:
    teams = teams_for(room)
    chosen = chosen_ids(query, "team")
    team = next((one for one in teams if one.id in chosen), None)
    if team is None and query.get("team"):
        raise NoSuchTeam(N_("There is no such team, or it is not for you to see. Choose one of the list."))
    return Asked(
        team or (teams[0] if teams else None),
        teams,
        read_day(query.get("day", "")) or today(room.territory.zone),
    )


def _km(length_m: float) -> str:
    return formats.number(_tenths(length_m), 1)


def _tenths(length_m: float) -> Decimal:
    """Kilometres as they are written, so that what is less is the difference of what one reads."""
    return Decimal(round(length_m / 100)) / 10


def _finding(asked: Asked, found: DayProposed) -> str:
    team = asked.team.name if asked.team else ""
    day = formats.day(asked.day, "full")
    if not found.rows:
        return gettext("%(team)s has no open visit on %(day)s") % {"team": team, "day": day}
    return ngettext(
        "%(team)s has %(count)s visit on %(day)s", "%(team)s has %(count)s visits on %(day)s", len(found.rows)
    ) % {"team": team, "day": day, "count": formats.number(len(found.rows))}


def _stops(room: Room, found: DayProposed) -> list[Stop]:
    return [
        Stop(
            place=at,
            proposed=found.order.index(one.id) + 1,
            one=one,
            url=reverse("interventions:intervention", args=[room.territory, one.id]),
            state=words.state(one.state),
            urgency=words.urgency(one.priority),
            is_last=at == len(found.rows),
        )
        for at, one in enumerate(found.rows, 1)
    ]


def _drawn(stops: Sequence[Stop], way: Sequence[Sequence[float]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the map draws: the numbered visits, and the way from one to the next (RFC 7946)."""
    placed = [(stop, stop.one.at) for stop in stops if stop.one.at is not None]
    table = {
        "ids": [stop.one.id for stop, _at in placed],
        "lon": [at[0] for _stop, at in placed],
        "lat": [at[1] for _stop, at in placed],
        "prio": [f"#{stop.place}" for stop, _at in placed],
        "title": [f"{stop.place} · {stop.one.number} · {stop.one.what}" for stop, _at in placed],
    }
    line = {"type": "LineString", "coordinates": way}
    features = [{"type": "Feature", "properties": {}, "geometry": line}] if len(way) > 1 else []
    return table, {"type": "FeatureCollection", "features": features}


def _measured(told: DayOrdered) -> str:
    """On what the lengths are measured."""
    legs = told.visits - 1
    if told.straight >= legs:
        return gettext(
            "Measured on straight lines from the first visit to the last, not on roads: the way driven is "
            "longer, and no driving time is reckoned."
        )
    along = gettext(
        "Measured along the roads of the territory. One-way streets and driving times are not known."
    )
    if not told.straight:
        return along
    some = ngettext(
        "%(count)s of %(legs)s legs is a straight line: no road leads there, or the next visit is nearer "
        "than the road.",
        "%(count)s of %(legs)s legs are straight lines: no road leads there, or the next visit is nearer "
        "than the road.",
        told.straight,
    ) % {"count": formats.number(told.straight), "legs": formats.number(legs)}
    return f"{along} {some}"


def _shown(
    request: HttpRequest, room: Room, asked: Asked, problem: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"room": room, "asked": asked, "problem": problem}
    if asked.team is not None:
        found = interventions.propose_day(room.actor, room.territory.id, asked.team.id, asked.day)
        stops = _stops(room, found)
        points, line = _drawn(stops, found.way)
        told = found.ordered
        context |= {
            "finding": _finding(asked, found),
            "stops": stops,
            "points": points,
            "line": line,
            "map": map_context(room),
            "told": told,
            "measured": _measured(told),
            "before_km": _km(told.before_m),
            "after_km": _km(told.after_m),
            "less_km": formats.number(_tenths(told.before_m) - _tenths(told.after_m), 1),
            "is_shorter": told.before_m - told.after_m >= 50,
            "may_order": found.may_order,
            "seen": ",".join(str(one.id) for one in found.rows),
            "order_url": asked.url(room).replace("/day/?", "/day/order/?"),
        }
    return render(request, "interventions/day.html", context, status=status)


def _day(request: HttpRequest, room: Room) -> HttpResponse:
    return _shown(request, room, _asked(room, request.GET))


def _order(request: HttpRequest, room: Room) -> HttpResponse:
    """Take the order that is proposed, or bring one visit a place up or down."""
    asked = _asked(room, request.GET)
    if asked.team is None:
        raise NoSuchTeam(N_("There is no such team, or it is not for you to see. Choose one of the list."))
    which: dict[str, Any] = {
        "actor": room.actor,
        "territory_id": room.territory.id,
        "team_id": asked.team.id,
        "day": asked.day,
    }
    try:
        seen = _ids(request.POST.get("seen", ""))
        if request.POST.get("take"):
            interventions.order_day(**which, seen=seen)
        else:
            interventions.put_in_order(**which, seen=seen, order=_by_hand(request.POST, seen))
    except (Refused, NotFound):
        raise
    except BelvedereError as error:
        return _shown(request, room, asked, sentence(error), error.status)
    messages.success(request, gettext("The visits are in their new order."))
    return redirect(asked.url(room))


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(one) for one in text.split(",")[:500]]
    except ValueError as error:
        raise BadIntervention(N_("This page is not whole. Open the day anew.")) from error


def _by_hand(posted: QueryDict, seen: Sequence[UUID]) -> list[UUID]:
    """The order seen, with the one that the button names a place up or down."""
    for way in HAND:
        given = posted.get(way, "")
        for one in _ids(str(given)) if given else ():
            at = seen.index(one) if one in seen else -1
            to = at - 1 if way == "up" else at + 1
            if at >= 0 and 0 <= to < len(seen):
                order = list(seen)
                order[at], order[to] = order[to], order[at]
                return order
    raise BadIntervention(N_("This visit cannot be moved further. Open the day anew."))


team_day = never_cache(require_GET(in_cockpit(_day)))
order = never_cache(require_POST(in_cockpit(_order)))
