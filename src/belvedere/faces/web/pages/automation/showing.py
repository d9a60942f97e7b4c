"""Alarms as lists show them, and one alarm with all there is to tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import NoSuchAlarm
from belvedere.domains.automation.public import Act, AlarmState, AlarmView
from belvedere.domains.interventions.public import may_plan
from belvedere.domains.territory.public import name_in, organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.context import url_or_none
from belvedere.faces.web.pages.automation import sentences, words
from belvedere.faces.web.pages.live import around, charting, telling
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.live.thing import label_of
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.severity import Severity

SHELVED_FOR = (1, 4, 8, 24, 72, 168)  # hours


@dataclass(frozen=True, slots=True)
class Line:
    """An alarm in a list. `who`: who looks after it, "" for nobody."""

    view: AlarmView
    severity: live.Word
    state: live.Word
    name: str
    commune: str
    told: str
    since: str
    who: str
    url: str
    may_handle: bool
    can_acknowledge: bool
    can_take_up: bool

    @property
    def shelved_why(self) -> str:
        return words.noted(self.view.shelved_why)


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one severity, as they follow each other in the list."""

    word: live.Word
    lines: tuple[Line, ...]


def lines(room: Room, found: Sequence[AlarmView]) -> list[Line]:
    ids = {one.place_id for one in found if one.place_id}
    communes = {key: place.name for key, place in places(ids).items()} if ids else {}
    who = automation.handlers_of(room.actor, room.territory.id, [one.id for one in found]) if found else {}
    able: dict[UUID | None, bool] = {
        owner: automation.may(room.actor, "handle", room.territory.id, owner) is None
        for owner in {one.owner_id for one in found}
    }
    return [_line(room, one, communes, who, able[one.owner_id]) for one in found]


def _line(
    room: Room, view: AlarmView, communes: Mapping[UUID, str], who: Mapping[int, str], able: bool
) -> Line:
    name, commune = name_of(room, view), communes.get(view.place_id, "") if view.place_id else ""
    return Line(
        view=view,
        severity=words.severity(view.severity),
        state=words.state(view.state),
        name=name,
        commune="" if name.endswith(commune) else commune,  # many names end with it
        told=words.values(view),
        since=live.age(view.raised_at),
        who=who.get(view.id, "") if view.state is not AlarmState.RAISED else "",
        url=reverse("automation:alarm", args=[room.territory, view.id]),
        may_handle=able,
        can_acknowledge=able and _can(Act.ACKNOWLEDGE, view),
        can_take_up=able and _can(Act.TAKE_UP, view),
    )


def _can(act: Act, view: AlarmView) -> bool:
    return view.state in automation.TRANSITIONS[act]


def name_of(room: Room, view: AlarmView) -> str:
    """The thing that the alarm is about; its kind where it has no name."""
    return name_in(view.names, room.language, room.territory.languages) or live.kind(view.kind)


def groups(shown: Sequence[Line]) -> Iterator[Group]:
    """By severity, in the order given."""
    for of, some in groupby(shown, key=lambda line: line.view.severity):
        yield Group(words.severity(of), tuple(some))


def summary(by_severity: Mapping[Severity, int]) -> list[tuple[str, live.Word]]:
    """“1 critical”, “3 major”: what goes on, urgent first."""
    return [
        (
            formats.number(n),
            live.Word(words.counted(of, n), words.severity(of).level, words.severity(of).icon),
        )
        for of in sorted(Severity, reverse=True)
        if (n := by_severity.get(of, 0))
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the timeline."""

    at: datetime
    act: str
    by: str
    note: str
    told: str


def steps(page: automation.AlarmPage) -> list[Step]:
    """The timeline, the last step first."""
    return [
        Step(
            one.at,
            words.act(one),
            one.by or gettext("the platform"),
            words.noted(one.note),
            _told(page.alarm, one),
        )
        for one in reversed(page.steps)
    ]


def _told(view: AlarmView, one: automation.StepView) -> str:
    """What the step keeps beside the note: until when it is shelved, why it cleared, what the values were."""
    if until := one.data.get("until"):
        return gettext("until %(when)s") % {"when": formats.moment(datetime.fromisoformat(str(until)))}
    if one.act is Act.CLEAR and view.why_cleared:
        return words.why(view.why_cleared)
    return ""


@dataclass(frozen=True, slots=True)
class Raised:
    """A value that raised it; of one of many things with its `name` and address."""

    label: str
    at: datetime | None
    name: str = ""
    url: str = ""


def alarm_context(room: Room, alarm_id: int) -> dict[str, Any]:
    """All that panel and page of an alarm show; NoSuchAlarm for who may not know of it."""
    page = automation.alarm(room.actor, alarm_id)
    view = page.alarm
    if view.territory_id != room.territory.id:
        raise missing()
    (line,) = lines(room, [view])
    owner = organisations_by_id([view.owner_id]) if view.owner_id else {}
    thing, chart = _thing(room, view)
    return {
        "room": room,
        "page": page,
        "view": view,
        "line": line,
        "kind": live.kind(view.kind),
        "owner": next((body.label for body in owner.values()), gettext("the territory")),
        "values": [
            Raised(words.value(view, one), one.at, name_in(one.names, room.language), _address(room, one))
            for one in view.values
        ],
        "why": words.why(view.why_cleared),
        "rule_said": sentences.said(page.rule.body, page.rule.severity),
        "rule_url": url_or_none("automation:rule", territory=room.territory.slug, rule_id=str(view.rule_id)),
        "steps": steps(page),
        "children": lines(room, page.children),
        "parent": lines(room, [page.parent])[0] if page.parent else None,
        "beneath": ngettext("%(n)s alarm beneath it", "%(n)s alarms beneath it", len(page.children))
        % {"n": formats.number(len(page.children))},
        "thing_url": thing,
        "groups": around.around_alarm(room, view.id, view.thing_id),
        "chart": chart,
        "csv_url": f"{telling.address(room, 'series', view.entity_id)}?term={view.values[0].attribute}"
        if chart
        else "",
        "ends": _ends(),
        "shelved_why": words.noted(view.shelved_why),
        "is_shelved": view.shelved_until is not None and view.shelved_until > now(),
        "can_close": line.may_handle and _can(Act.CLOSE, view),
        "can_shelve": line.may_handle and view.is_open,
        "plan_url": _plan_url(room, view),
    }


def _address(room: Room, one: automation.RaisedBy) -> str:
    return telling.address(room, "thing", one.thing) if one.thing is not None else ""


def _plan_url(room: Room, view: AlarmView) -> str:
    """Where an intervention begins from this alarm; "" for who may plan none."""
    if not view.is_open or view.owner_id is None:
        return ""
    if may_plan(room.actor, room.territory.id, view.owner_id) is not None:
        return ""
    return f"{reverse('interventions:new', args=[room.territory])}?alarm={view.id}"


def missing() -> NoSuchAlarm:
    """For an alarm of another territory."""
    return NoSuchAlarm(N_("There is no such alarm, or it is not yours to see."))


def _thing(room: Room, view: AlarmView) -> tuple[str, charting.Chart | None]:
    """The page of the thing with the chart of what raised the alarm; nothing where it may not be seen."""
    if view.thing_id is None:
        return "", None
    try:
        thing = twin.entity_page(room.actor, view.thing_id)
    except NotFound:
        return "", None
    named = {_drawn_as(view.kind, one.attribute) for one in view.values}
    drawn = next(
        (
            one
            for one in thing.attributes
            if one.term in named and one.value_kind is twin.ValueType.NUMBER and one.observed_at is not None
        ),
        None,
    )
    chart = charting.chart(room, thing, drawn, label_of(drawn)) if drawn else None
    return telling.address(room, "thing", view.entity_id), chart


def _drawn_as(kind: str, attribute: str) -> str:
    """What is drawn for an attribute: of a forecast what it is of, which the forecast goes on."""
    known = sentences.described_as(kind, attribute)
    return known.forecast_of or attribute if known is not None else attribute


def _ends() -> list[tuple[int, str]]:
    """Until when an alarm may be shelved: hours from now, and the instant."""
    return [
        (
            hours,
            gettext("%(span)s, until %(when)s")
            % {"span": live.span(hours * 3600), "when": formats.moment(now() + timedelta(hours=hours))},
        )
        for hours in SHELVED_FOR
    ]
