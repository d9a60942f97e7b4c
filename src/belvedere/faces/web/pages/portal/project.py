"""The page of a project for residents: what changes, when, where, what it costs and who pays, how far it is.

The cockpit's page of the same measure is `pages/plans/measure.py`. Read with the eyes of the public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from belvedere.domains.plans.public import follow, page, states, views, vocabulary
from belvedere.domains.subscriptions.public import ChangeKind, changes, of_measure, telling
from belvedere.domains.territory.public import name_in, organisation, places
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import follow_words, tracks
from belvedere.faces.web.pages.plans.accounts import account_of
from belvedere.faces.web.pages.plans.measure import in_words
from belvedere.faces.web.pages.plans.places import feature_collection, map_context, site_words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.portal.near import following
from belvedere.faces.web.pages.portal.rooms import for_everyone, head
from belvedere.faces.web.pages.portal.works import LEVELS, when_in_words
from belvedere.kernel.clock import today

MilestoneType = vocabulary.MilestoneType
WORKS_PHASES = ("5", "EXE")
LATEST = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the calendar: a phase or a step. `at`, `width`: shares of the years shown."""

    name: str
    when: str
    kind: str  # "is-planned", "", "is-day"
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, for everyone to read."""

    on: date
    title: str
    text: str = ""
    url: str = ""


def works_phase(view: views.MeasureView) -> views.PhaseView | None:
    return next((phase for phase in view.phases if phase.code in WORKS_PHASES), None)


def days_of(phase: views.PhaseView | None) -> tuple[date | None, date | None]:
    """As they are known: real, else forecast, else planned."""
    if phase is None:
        return (None, None)
    start = phase.actual[0] or phase.forecast[0] or phase.planned[0]
    return (start, phase.actual[1] or phase.forecast[1] or phase.planned[1])


def answer(view: views.MeasureView, where: str, when: str) -> str:
    """What a resident came to know, in a line: “Works from 3 March 2027 to 30 April 2028 in Noës”."""
    told = {"when": when, "where": where, "state": telling.state(view.implementation)}
    over = view.implementation in {states.Implementation.DONE, states.Implementation.ABANDONED}
    if over or view.implementation is states.Implementation.REPLACED:
        return gettext("%(state)s, %(where)s") % told if where else told["state"]
    if not when:
        return gettext("%(state)s, dates not known yet") % told
    if where:
        return gettext("%(state)s: %(when)s, %(where)s") % told
    return gettext("%(state)s: %(when)s") % told


def slip(phase: views.PhaseView | None) -> str:
    """“7 months later than planned”; "" when on time or not known."""
    if phase is None or phase.planned[1] is None:
        return ""
    end = days_of(phase)[1]
    days = 0 if end is None else (end - phase.planned[1]).days
    if days < 15:
        return ""
    months = max(1, round(days / 30.4))
    return ngettext("%(n)s month later than planned", "%(n)s months later than planned", months) % {
        "n": months
    }


def rows_of(view: views.MeasureView, followed: follow.Followed) -> tuple[list[int], list[Row]]:
    """The phases with dates and the dated steps, in order of time, on a common scale of years."""
    order = [step.code for step in states.PHASE_SCHEMES.get(view.phase_scheme, ())]
    labels = {step.code: gettext(step.label) for step in states.PHASE_SCHEMES.get(view.phase_scheme, ())}
    spans = []
    for phase in view.phases:
        start, end = days_of(phase)
        start, end = start or end, end or start
        if start is not None and end is not None and phase.code in order:
            sure = "" if phase.actual[0] else "is-planned"
            spans.append((start, end, labels[phase.code], telling.period(start, end), sure))
    for step in followed.milestones:
        on = step.expected
        if on is not None:
            done = gettext("reached on %(day)s") if step.actual else gettext("awaited on %(day)s")
            name = telling.milestone(step.type, dict(step.title.texts))
            spans.append((on, on, name, done % {"day": telling.day(on)}, "is-day"))
    if not spans:
        return [], []
    first, last = min(one[0] for one in spans).year, max(one[1] for one in spans).year
    left, width = date(first, 1, 1), (date(last + 1, 1, 1) - date(first, 1, 1)).days
    rows = [
        Row(name, when, kind, (start - left).days / width, ((end - start).days + 1) / width)
        for start, end, name, when, kind in sorted(spans, key=lambda one: (one[0], one[1]))
    ]
    return list(range(first, last + 1)), rows


def facts_of(room: Room, view: views.MeasureView, followed: follow.Followed) -> list[Fact]:
    """Decisions, steps reached and what changed for everyone, newest first."""
    found = []
    for one in followed.decisions:
        url = room.url("document", document_id=one.document.id) if one.document else ""
        title = one.title.text or gettext(follow_words.DECISIONS[one.type])
        found.append(Fact(one.dated, title, one.body, url))
    found += [
        Fact(step.actual, telling.milestone(step.type, dict(step.title.texts)))
        for step in followed.milestones
        if step.actual is not None
    ]
    found += [
        Fact(local_day(one.at, room), telling.change(one))
        for one in changes(room.territory.id, of_measure(view.id))
        if not (one.kind is ChangeKind.MILESTONE and one.detail["reached"])  # told above, on its own day
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)[:LATEST]


def local_day(at: datetime, room: Room) -> date:
    return at.astimezone(ZoneInfo(room.territory.zone)).date()


def progress_of(
    room: Room, view: views.MeasureView, followed: follow.Followed
) -> list[tuple[str, Decimal, str]]:
    """What is built of what was planned, and the time that has passed: (name, share, words)."""
    found = []
    for one in followed.quantities:
        name = one.label.text or gettext(follow_words.UNITS[one.unit]).capitalize()
        planned = follow_words.quantity(one.planned, one.unit)
        if one.realised is None:
            found.append((name, Decimal(0), gettext("%(planned)s planned") % {"planned": planned}))
            continue
        realised = follow_words.quantity(one.realised, one.unit)
        share = min(max(one.share or Decimal(0), Decimal(0)), Decimal(1))
        said = gettext("%(realised)s of %(planned)s") % {"realised": realised, "planned": planned}
        found.append((name, share, said))
    start, end = days_of(works_phase(view))
    if start is not None and end is not None and end > start and view.works_begun:
        gone = min(max((today(room.territory.zone) - start).days, 0), (end - start).days)
        whole = (end - start).days
        said = gettext("%(gone)s of %(whole)s days") % {"gone": gone, "whole": whole}
        found.append((gettext("Time of the works"), Decimal(gone) / whole, said))
    return found


def effects_of(followed: follow.Followed) -> list[dict[str, str]]:
    """What the project is to change, and where it stands: in words."""
    found = []
    for one in followed.effects:
        unit = one.indicator
        latest = one.progress[0] if one.progress else None
        parts = []
        if one.baseline is not None:
            parts.append(gettext("before: %(n)s") % {"n": follow_words.of_indicator(one.baseline, unit)})
        if latest is not None:
            told = {
                "n": follow_words.of_indicator(latest.value, unit),
                "day": formats.day(latest.dated, "short"),
            }
            parts.append(gettext("latest: %(n)s on %(day)s") % told)
        if one.target is not None:
            parts.append(gettext("aim: %(n)s") % {"n": follow_words.of_indicator(one.target, unit)})
        found.append({"name": unit.name.text, "said": ", ".join(parts)})
    return found


def context_of(request: HttpRequest, room: Room, view: views.MeasureView) -> dict[str, Any]:
    followed = follow.followed(room.actor, view.id, room.language, territory_id=room.territory.id)
    title, title_language = in_words(view.title, room)
    description, description_language = in_words(view.description, room)
    owner = organisation(view.owner_id)
    where = ", ".join(place.name for place in places(view.place_ids).values())
    phase = works_phase(view)
    when = when_in_words(days_of(phase), view.works)
    years, rows = rows_of(view, followed)
    openings = (step.expected for step in followed.milestones if step.type is MilestoneType.OPENING)
    opening = next((day for day in openings if day is not None), None)
    said = answer(view, where, when)
    return {
        "room": room,
        "view": view,
        "title": title,
        "title_language": title_language,
        "answer": said,
        "description": description,
        "description_language": description_language,
        "owner": name_in(owner.names, room.language, room.territory.languages),
        "where": where,
        "when": when,
        "state": telling.state(view.implementation),
        "state_level": LEVELS.get(view.implementation, ""),
        "slip": slip(phase),
        "opening": "" if opening is None else telling.day(opening),
        "life": tracks.planning(view) if view.phase else [],
        "years": years,
        "rows": rows,
        "account": account_of(room, view, owner.name),
        "progress": progress_of(room, view, followed),
        "effects": effects_of(followed),
        "facts": facts_of(room, view, followed),
        "documents": [
            (one, room.url("document", document_id=one.id), gettext(follow_words.DOCUMENTS[one.type]))
            for one in followed.documents
        ],
        "sites": site_words(view, {}, lambda _part, _item: ""),
        "site_data": feature_collection(view),
        "map": map_context(room),
        "may": {},
        "head": head(request, room, f"{said}. {description}"),
        **following(room, of_measure(view.id)),
    }


def _project(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    view = page.measure_page(room.actor, measure_id, language=room.language, territory_id=room.territory.id)
    return render(request, "portal/project.html", context_of(request, room, view))


project = require_safe(for_everyone(_project))

__all__ = ["project"]
