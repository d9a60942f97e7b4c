"""The board: what is open, by the day it is planned for, and moved from one day or team to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.errors import BadIntervention, ChangedMeanwhile
from belvedere.domains.interventions.public import OPEN, Act, Row, State, TeamView, Wanted
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.interventions import words
from belvedere.faces.web.pages.interventions.forms import owners_for, teams_for
from belvedere.faces.web.pages.interventions.one import here
from belvedere.faces.web.pages.live.menus import Menu, Option, chosen_ids
from belvedere.faces.web.pages.live.words import Word
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused
from belvedere.kernel.paging import Window
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

DAYS = 7
FIRST_DAY = date(2000, 1, 1)
FARTHEST = timedelta(days=366)
SIDE = Window(0, 60)  # without a day, or of days that are over: the first ones
WEEK = Window(0, 400)


@dataclass(frozen=True, slots=True)
class Card:
    """An intervention on the board. `days` and `teams`: where it may be put, (value, label, chosen); no days:
    the reader does not move it."""

    one: Row
    url: str
    state: Word
    urgency: Word
    days: Sequence[tuple[str, str, bool]]
    teams: Sequence[tuple[str, str, bool]]
    may_send: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The cards of a team in a column; `url`: that day of the team on the map, "" where there is none."""

    team: str
    url: str
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Column:
    """A day, what has none (`day` ""), or what is over (`day` None: nothing is put there)."""

    key: str
    label: str
    note: str
    day: str | None
    groups: Sequence[Group]
    count: int
    more: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The week and the filters of the address."""

    first: date
    teams: tuple[UUID, ...]
    text: str = ""
    priorities: tuple[Severity, ...] = ()
    late: bool = False

    @property
    def filtered(self) -> bool:
        return bool(self.teams or self.text or self.priorities or self.late)

    def query(self, first: date | None = None) -> str:
        pairs = [("from", (first or self.first).isoformat()), *(("team", str(one)) for one in self.teams)]
        pairs += [("q", self.text)] if self.text else []
        pairs += [("urgency", str(one.value)) for one in self.priorities]
        return "?" + urlencode(pairs + ([("late", "1")] if self.late else []))


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _asked(room: Room, query: Any) -> Asked:
    now = today(room.territory.zone)
    first = read_day(query.get("from", "")) or now
    return Asked(
        min(max(first, now), now + FARTHEST),
        chosen_ids(query, "team"),
        query.get("q", "").strip()[:200],
        tuple(one for one in Severity if str(one.value) in query.getlist("urgency")),
        query.get("late") == "1",
    )


class _Moves:
    """Where each intervention may be put, by who looks."""

    def __init__(self, room: Room, days: Sequence[date]) -> None:
        self.room, self.days = room, days
        self.teams: Sequence[TeamView] = teams_for(room)
        found = equipment.contracts(room.actor, room.territory.id)
        self.contractors: Mapping[UUID, UUID] = {one.id: one.contractor_id for one in found}
        self.able: dict[UUID, bool] = {}

    def may(self, one: Row) -> bool:
        if one.owner_id not in self.able:
            why = interventions.may_plan(self.room.actor, self.room.territory.id, one.owner_id)
            self.able[one.owner_id] = why is None
        return self.able[one.owner_id] and interventions.can(Act.CHANGE, one.state)

    def days_of(self, one: Row) -> list[tuple[str, str, bool]]:
        days = sorted({*self.days, *([one.planned_on] if one.planned_on else [])})
        return [
            ("", gettext("No day yet"), one.planned_on is None),
            *((day.isoformat(), formats.day(day, "full"), day == one.planned_on) for day in days),
        ]

    def teams_of(self, one: Row) -> list[tuple[str, str, bool]]:
        if one.state is not State.PLANNED:
            return []  # a team has it, and gives it back before another one gets it
        bodies = {one.owner_id}
        if one.contract_id is not None and one.contract_id in self.contractors:
            bodies.add(self.contractors[one.contract_id])
        found = [
            (str(team.id), team.name, team.id == one.team_id)
            for team in self.teams
            if team.organisation_id in bodies
        ]
        return [*([] if one.team_id else [("", gettext("no team yet"), True)]), *found]


def _columns(room: Room, asked: Asked) -> list[Column]:
    now = today(room.territory.zone)
    days = [asked.first + timedelta(days=at) for at in range(DAYS)]
    moves = _Moves(room, sorted({now, *days}))

    def found(window: Window, **more: Any) -> tuple[Sequence[Row], int]:
        wanted = Wanted(
            text=asked.text,
            states=OPEN,
            priorities=asked.priorities,
            teams=asked.teams,
            late=asked.late,
            **more,
        )
        page = interventions.listed(room.actor, room.territory.id, wanted, window)
        return page.rows, page.total

    over, over_all = found(SIDE, days=(FIRST_DAY, now - timedelta(days=1)))
    free, free_all = found(SIDE, unplanned=True)
    week, week_all = found(WEEK, days=(days[0], days[-1]))
    columns = [_column(room, moves, "none", gettext("No day yet"), "", "", free, free_all)]
    if over:
        label, note = gettext("Earlier and still open"), gettext("Their day is over.")
        columns.insert(0, _column(room, moves, "over", label, note, None, over, over_all))
    near = {now: gettext("Today"), now + timedelta(days=1): gettext("Tomorrow")}
    for day in days:
        rows = [one for one in week if one.planned_on == day]
        full = formats.day(day, "full")
        label, note = (near[day], full) if day in near else (full, "")
        last = week_all - len(week) if day == days[-1] else 0
        key = day.isoformat()
        columns.append(_column(room, moves, key, label, note, key, rows, len(rows) + last))
    return columns


def _column(
    room: Room,
    moves: _Moves,
    key: str,
    label: str,
    note: str,
    day: str | None,
    rows: Iterable[Row],
    total: int,
) -> Column:
    # The rows of a day come in their order; the teams by name, those that nobody has yet last.
    by_team = sorted(rows, key=lambda one: (not one.team, one.team.casefold(), str(one.team_id)))
    groups = [
        Group(some[0].team, _day_url(room, some[0], day), [_card(room, moves, one) for one in some])
        for _key, some in ((team, list(rows)) for team, rows in groupby(by_team, lambda one: one.team_id))
    ]
    return Column(key, label, note, day, groups, total, total - len(by_team))


def _day_url(room: Room, one: Row, day: str | None) -> str:
    if not day or one.team_id is None:
        return ""
    query = urlencode({"team": str(one.team_id), "day": day})
    return reverse("interventions:team_day", args=[room.territory]) + "?" + query


def _card(room: Room, moves: _Moves, one: Row) -> Card:
    may = moves.may(one)
    return Card(
        one=one,
        url=reverse("interventions:intervention", args=[room.territory, one.id]),
        state=words.state(one.state),
        urgency=words.urgency(one.priority),
        days=moves.days_of(one) if may else (),
        teams=moves.teams_of(one) if may else (),
        may_send=may and one.team_id is not None and interventions.can(Act.DISPATCH, one.state),
    )


def _finding(columns: Sequence[Column], asked: Asked) -> str:
    over = sum(one.count for one in columns if one.day is None)
    free = sum(one.count for one in columns if one.day == "")
    if over:
        return ngettext(
            "%(count)s intervention is open though its day is over",
            "%(count)s interventions are open though their day is over",
            over,
        ) % {"count": formats.number(over)}
    if free:
        return ngettext(
            "%(count)s intervention waits for a day", "%(count)s interventions wait for a day", free
        ) % {"count": formats.number(free)}
    if asked.filtered and not any(one.count for one in columns):
        return gettext("No open intervention in this choice")
    return gettext("Each open intervention has its day")


def _shown(
    request: HttpRequest, room: Room, asked: Asked, problem: str = "", status: int = 200
) -> HttpResponse:
    columns = _columns(room, asked)
    now = today(room.territory.zone)
    step = timedelta(days=DAYS)
    teams = tuple(Option(str(one.id), one.name, one.id in asked.teams) for one in teams_for(room))
    urgent = tuple(
        Option(str(one.value), gettext(name), one in asked.priorities) for one, name in SEVERITY_NAMES.items()
    )
    context = {
        "room": room,
        "finding": _finding(columns, asked),
        "columns": columns,
        "asked": asked,
        "problem": problem,
        "menus": [
            Menu("urgency", gettext("Urgency"), urgent),
            *([Menu("team", gettext("Team"), teams)] if teams else []),
        ],
        "movable": any(card.days for one in columns for group in one.groups for card in group.cards),
        "move_query": asked.query(),
        "before_url": asked.query(max(asked.first - step, now)) if asked.first > now else "",
        "after_url": asked.query(asked.first + step) if asked.first + step <= now + FARTHEST else "",
        "today_url": asked.query(now) if asked.first > now else "",
        "new_url": reverse("interventions:new", args=[room.territory]) if owners_for(room) else "",
    }
    return render(request, "interventions/board.html", context, status=status)


def _board(request: HttpRequest, room: Room) -> HttpResponse:
    return _shown(request, room, _asked(room, request.GET))


def _move(request: HttpRequest, room: Room, intervention_id: UUID) -> HttpResponse:
    """Another day, another team; the board again, at the card."""
    number = here(room, intervention_id).row.number
    asked = _asked(room, request.GET)
    try:
        _put(request, room, intervention_id)
    except (Refused, NotFound) as error:
        if error.code == "no_such_team":
            return _shown(request, room, asked, sentence(error), 422)
        raise
    except ChangedMeanwhile as error:
        said = gettext(
            "Somebody changed %(number)s meanwhile: it stays where they put it, as the board shows it now. "
            "Move it again if you still want to."
        ) % {"number": number}
        return _shown(request, room, asked, said, error.status)
    except BelvedereError as error:
        return _shown(request, room, asked, f"{number}\u00a0: {sentence(error)}", error.status)
    messages.success(request, gettext("%(number)s is moved.") % {"number": number})
    return _at_card(room, asked, intervention_id)


def _send(request: HttpRequest, room: Room, intervention_id: UUID) -> HttpResponse:
    """Dispatch a card to its team; the board again, at the card."""
    row = here(room, intervention_id).row
    asked = _asked(room, request.GET)
    try:
        interventions.dispatch(actor=room.actor, intervention_id=intervention_id)
    except (Refused, NotFound):
        raise
    except BelvedereError as error:
        return _shown(request, room, asked, f"{row.number}\u00a0: {sentence(error)}", error.status)
    said = gettext("%(number)s is dispatched to %(team)s.") % {"number": row.number, "team": row.team}
    messages.success(request, said)
    return _at_card(room, asked, intervention_id)


def _at_card(room: Room, asked: Asked, intervention_id: UUID) -> HttpResponse:
    url = reverse("interventions:board", args=[room.territory])
    return redirect(f"{url}{asked.query()}#card-{intervention_id}")


def _put(request: HttpRequest, room: Room, intervention_id: UUID) -> None:
    given, team = request.POST.get("day", ""), request.POST.get("team", "")
    version = request.POST.get("version", "")
    day = read_day(given)
    if given and day is None:
        raise BadIntervention(N_("Choose a day of the list."), field="planned_on")
    if not (version.isascii() and version.isdigit() and len(version) < 9):
        raise BadIntervention(N_("This page is not whole. Open the board anew, then move it again."))
    chosen = chosen_ids(request.POST, "team")
    if team and not chosen:
        raise BadIntervention(N_("Choose a team of the list."), field="team")
    interventions.move(
        actor=room.actor,
        intervention_id=intervention_id,
        planned_on=day,
        team_id=chosen[0] if chosen else None,
        version=int(version),
    )


board = never_cache(require_GET(in_cockpit(_board)))
move = never_cache(require_POST(in_cockpit(_move)))
send = never_cache(require_POST(in_cockpit(_send)))
