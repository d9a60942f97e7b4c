"""What is in progress, on the desk: alarms taken up, interventions at a team, commands not yet answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import AlarmState
from belvedere.domains.commands import public as commands
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import State
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation import showing
from belvedere.faces.web.pages.commands import words as command_words
from belvedere.faces.web.pages.interventions import words as job_words
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.live.words import Word
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.paging import Window

#: Of each sort, the desk shows so many; the title counts all.
MOST = 12
#: The way of a job, step by step.
_WAY = (State.DISPATCHED, State.ACCEPTED, State.ON_THE_WAY, State.ON_SITE)


@dataclass(frozen=True, slots=True)
class Going:
    """A line. `beside`: where it stands and until when; `steps`: done and still to do, none for an alarm."""

    sign: Word
    title: str
    url: str
    what: Sequence[str]
    beside: str
    is_late: bool = False
    steps: Sequence[bool] = ()


def in_progress(room: Room) -> tuple[list[Going], str]:
    """The lines, jobs first, and what they are in words."""
    jobs = interventions.listed(
        room.actor, room.territory.id, interventions.Wanted(states=_WAY), Window(0, MOST)
    )
    alarms = automation.alarms(
        room.actor, room.territory.id, automation.Filters(states=(AlarmState.IN_PROGRESS,)), size=MOST
    )
    told = commands.commands(
        room.actor, room.territory.id, commands.Wanted(states=commands.OPEN), Window(0, MOST)
    )
    lines = [_job(room, one) for one in jobs.rows]
    lines += [_alarm(one) for one in showing.lines(room, alarms.rows)]
    lines += [_command(room, one) for one in told.rows]
    return lines, _counted(jobs.total, alarms.total, told.total)


def _counted(jobs: int, alarms: int, told: int) -> str:
    parts = [
        (jobs, ngettext("%(n)s intervention", "%(n)s interventions", jobs)),
        (alarms, ngettext("%(n)s alarm", "%(n)s alarms", alarms)),
        (told, ngettext("%(n)s command", "%(n)s commands", told)),
    ]
    return ", ".join(text % {"n": formats.number(many)} for many, text in parts if many)


def _job(room: Room, one: interventions.Row) -> Going:
    state = job_words.state(one.state)
    at = _WAY.index(one.state)
    due = gettext("due %(at)s") % {"at": formats.moment(one.due)} if one.due else ""
    return Going(
        sign=state,
        title=one.what,
        url=reverse("interventions:intervention", args=[room.territory, one.id]),
        what=[text for text in (one.number, one.team, one.where, due) if text],
        beside=gettext("late") if one.late else state.label,
        is_late=one.late,
        steps=[step <= at for step in range(len(_WAY))],
    )


def _alarm(line: showing.Line) -> Going:
    return Going(
        sign=line.severity,
        title=line.view.rule_name,
        url=line.url,
        what=[text for text in (line.name, line.who) if text],
        beside=line.since,
    )


def _command(room: Room, one: commands.CommandView) -> Going:
    state = command_words.state(one.state)
    name = name_in(one.names, room.language, room.territory.languages) or live.number(one.entity_id)
    return Going(
        sign=state,
        title=command_words.what(one.kind, one.value),
        url=reverse("commands:command", args=[room.territory, one.id]),
        what=[
            name,
            state.label,
            gettext("expires %(at)s") % {"at": formats.moment(one.expires_at)},
        ],
        beside=live.age(one.created_at),
    )
