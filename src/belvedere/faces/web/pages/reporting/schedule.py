"""When everything happens: the phases of each measure on one axis of years, and the deadlines of aid.

The bars are SVG written here; the same row of the table says their dates in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from belvedere.domains.plans.public import MeasureFilter, plan_reads, queries, reported
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words as plan_words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.reporting import words
from belvedere.kernel.clock import today
from belvedere.kernel.money import Totals
from belvedere.kernel.paging import Window

ROWS = 60
MOST_YEARS = 16
MOST_DEADLINES = 12
NEAR_DAYS = 365
GROUPS = ("owner", "plan")
WIDTH = 1000  # of an SVG, in its own units


@dataclass(frozen=True, slots=True)
class Axis:
    """The years of the page."""

    first: int
    last: int

    def place(self, day: date) -> float:
        """Where a day stands, 0 to WIDTH; days outside stand at the ends."""
        start, end = date(self.first, 1, 1).toordinal(), date(self.last + 1, 1, 1).toordinal()
        share = (day.toordinal() - start) / (end - start)
        return round(min(1.0, max(0.0, share)) * WIDTH, 1)

    @property
    def years(self) -> list[int]:
        return list(range(self.first, self.last + 1))


def _schedule(request: HttpRequest, room: Room) -> HttpResponse:
    by = request.GET.get("by", "owner")
    by = by if by in GROUPS else "owner"
    plans = plan_reads.plan_choices(room.actor, room.territory.id)
    plan = next((one for one in plans if str(one.id) == request.GET.get("plan")), None)
    which = MeasureFilter(plans=frozenset({plan.id})) if plan else MeasureFilter()
    page, measures = _window(request, room, which, by)
    deadlines = reported.deadlines(room.actor, room.territory.id, which)
    names = organisations_by_id({*(one.owner_id for one in measures), *(one.owner_id for one in deadlines)})
    owners = {key: words.in_language(body.names) for key, body in names.items()}
    axis = _axis(measures)
    told = missed_first(_deadline(room, one, owners) for one in deadlines)
    shown = told if "deadlines" in request.GET else _critical(told)
    context = {
        "room": room,
        "by": by,
        "plan": plan,
        "plans": [{"id": str(one.id), "label": one.code} for one in plans],
        "page": page,
        "years": axis.years,
        "today": axis.place(today()) / WIDTH,
        "groups": _groups(room, measures, owners, axis, by, plan),
        "finding": _finding(deadlines),
        "deadlines": shown,
        "more": len(deadlines) - len(shown),
    }
    return render(request, "reporting/schedule.html", context)


def _window(
    request: HttpRequest, room: Room, which: MeasureFilter, by: str
) -> tuple[Page[Any], list[reported.ReportedMeasure]]:
    sort = "owner" if by == "owner" else "code"
    language = room.language
    head = queries.measure_rows(
        room.actor, room.territory.id, which, language=language, sort=sort, window=Window(0, 1)
    )
    paginator = Paginator(range(head.total), ROWS)
    page = paginator.get_page(request.GET.get("page"))
    start = (page.number - 1) * ROWS
    rows = queries.measure_rows(
        room.actor,
        room.territory.id,
        which,
        language=language,
        sort=sort,
        window=Window(start, ROWS),
        total=head.total,
    ).rows
    order = {row.id: at for at, row in enumerate(rows)}
    found = reported.reported(room.actor, room.territory.id, which, ids=order)
    return page, sorted(found, key=lambda one: order[one.id])


def _axis(measures: Iterable[reported.ReportedMeasure]) -> Axis:
    now = today().year
    days = [day.year for one in measures for day in _days(one)]
    first = max(min([*days, now]), now - 3)
    return Axis(first, max(min(max([*days, now + 3]), first + MOST_YEARS - 1), now + 1))


def _days(measure: reported.ReportedMeasure) -> list[date]:
    spans = [span for phase in measure.phases for span in (phase.planned, phase.forecast, phase.actual)]
    limits = [(one.start_deadline, one.claim_deadline) for one in measure.listings]
    return [day for span in (*spans, *limits, measure.works) for day in span if day is not None]


def _groups(
    room: Room,
    measures: list[reported.ReportedMeasure],
    owners: dict[UUID, str],
    axis: Axis,
    by: str,
    plan: Any,
) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for measure in measures:
        name = owners.get(measure.owner_id, "")
        if by == "plan":
            listed = plan.code if plan else (measure.listings[0].plan_code if measure.listings else "")
            name = listed or gettext("In no plan")
        groups.setdefault(name, []).append(_row(room, measure, owners, axis))
    return [{"name": name, "rows": rows} for name, rows in groups.items()]


def _row(
    room: Room, measure: reported.ReportedMeasure, owners: dict[UUID, str], axis: Axis
) -> dict[str, Any]:
    start, end = measure.works
    limit = (
        None
        if measure.begun
        else min((one.start_deadline for one in measure.listings if one.start_deadline), default=None)
    )
    return {
        "title": words.in_language(measure.title),
        "code": next((one.code for one in measure.listings if one.code), ""),
        "owner": owners.get(measure.owner_id, ""),
        "url": room.measure_url(measure.id),
        "state": plan_words.implementation(measure.implementation),
        "bars": _bars(measure, axis),
        "marks": [axis.place(one) for one in (limit,) if one is not None],
        "start": start,
        "end": end,
        "deadline": limit,
        "missed": bool(limit and start and start > limit),
        "phases": _phases(measure),
    }


def _bars(measure: reported.ReportedMeasure, axis: Axis) -> list[dict[str, Any]]:
    """Planned above as a thin line, forecast and real below it; from the years where no phase has dates."""
    made = []
    for phase in measure.phases:
        works = measure.works_phase is not None and phase.code == measure.works_phase.code
        for kind, span in (
            ("planned", phase.planned),
            ("forecast", phase.forecast),
            ("actual", phase.actual),
        ):
            start, end = span
            if kind == "forecast" and phase.actual[1] is not None:
                continue  # what really ended needs no forecast
            if kind == "actual" and start and not end:
                end = max(start, min(today(), phase.forecast[1] or today()))
            if start is None or end is None:
                continue
            made.append(_bar(axis, start, end, kind, works=works))
    if not made and measure.works[0] and measure.works[1]:
        made.append(_bar(axis, measure.works[0], measure.works[1], "derived", works=True))
    return [bar for bar in made if bar["w"] > 0]


def _bar(axis: Axis, start: date, end: date, kind: str, *, works: bool) -> dict[str, Any]:
    at = axis.place(start)
    inside = start.year <= axis.last and end.year >= axis.first
    width = max(4.0, axis.place(end) - at) if inside else 0.0
    top, height = (3, 4) if kind == "planned" else (10, 10)
    return {"x": at, "w": round(width, 1), "y": top, "h": height, "kind": kind, "works": works}


def _phases(measure: reported.ReportedMeasure) -> list[str]:
    """Each phase with its dates, for who does not see the bars."""
    said = []
    for phase in measure.phases:
        start = phase.actual[0] or phase.forecast[0] or phase.planned[0]
        end = phase.actual[1] or phase.forecast[1] or phase.planned[1]
        days = " – ".join(formats.day(one, "short") for one in (start, end) if one)
        if days:
            said.append(f"{plan_words.phase(measure.phase_scheme, phase.code)}: {days}")
    return said


def _finding(deadlines: list[reported.Deadline]) -> str:
    missed = [one for one in deadlines if one.missed]
    if missed:
        held = {one.measure_id: one.at_stake for one in missed if one.at_stake is not None}
        sums = " + ".join(formats.money(one) for one in Totals(one for one in held.values() if one))
        said = ngettext(
            "%(n)s deadline of aid will be missed", "%(n)s deadlines of aid will be missed", len(missed)
        ) % {"n": formats.number(len(missed))}
        return gettext("%(said)s: %(amount)s at stake") % {"said": said, "amount": sums} if sums else said
    if deadlines:
        return gettext("No deadline of aid is missed; the next one is on %(day)s") % {
            "day": formats.day(deadlines[0].day, "short")
        }
    return gettext("When everything happens")


def missed_first(told: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What will be missed, then the rest, each by its day."""
    return sorted(told, key=lambda one: (one["level"] != "major", one["day"]))


def _critical(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is not sure to be kept; where all is, the nearest."""
    doubtful = [one for one in told if one["level"] != "ok"]
    return (doubtful or told)[:MOST_DEADLINES]


def _deadline(room: Room, one: reported.Deadline, owners: dict[UUID, str]) -> dict[str, Any]:
    works = one.works[0] if one.what == "start" else one.works[1]
    margin = None if works is None else (one.day - works).days
    if one.missed:
        level, word = "major", gettext("missed")
    elif margin is not None and margin < NEAR_DAYS:
        level, word = "warn", gettext("near")
    elif works is None:
        level, word = "warn", gettext("no date")
    else:
        level, word = "ok", gettext("kept")
    return {
        "day": one.day,
        "past": one.day < today(),
        "what": gettext("Works started") if one.what == "start" else gettext("Aid claimed"),
        "title": words.in_language(one.title),
        "code": one.code or one.plan_code,
        "owner": owners.get(one.owner_id, ""),
        "url": room.measure_url(one.measure_id),
        "works": works,
        "at_stake": one.at_stake,
        "level": level,
        "word": word,
    }


schedule = require_safe(in_cockpit(_schedule))

__all__ = ["missed_first", "schedule"]
