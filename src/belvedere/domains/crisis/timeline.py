"""The timeline of a crisis: its own lines, and what the log book wrote meanwhile for who may read that.

Of the log book come what was written by hand, critical alarms, interventions and commands, of the
organisation and of the territory as a whole, from the begin to the end of the crisis.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.crisis.models import Crisis, Fact
from belvedere.domains.crisis.queries import found, point_views
from belvedere.domains.crisis.states import OWN, Category, Phase
from belvedere.domains.crisis.views import Line, PointView, Wanted
from belvedere.domains.logbook import public as logbook
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import fold
from belvedere.kernel.paging import LARGEST_PAGE, Window
from belvedere.kernel.severity import Severity

_FROM: Final = {
    logbook.Category.ALARM: Category.ALARM,
    logbook.Category.INTERVENTION: Category.INTERVENTION,
    logbook.Category.COMMAND: Category.COMMAND,
    **dict.fromkeys((*logbook.BY_HAND, logbook.Category.CORRECTION), Category.LOG),
}


def timeline(actor: Actor, territory_id: UUID, crisis_id: UUID, wanted: Wanted | None = None) -> list[Line]:
    """Every line that fits and that the actor may see, in the order in which it happened."""
    wanted = wanted or Wanted()
    row = found(actor, territory_id, crisis_id)
    lines = [*_own(row, wanted), *_from_log_book(actor, row, wanted)]
    words = fold(wanted.text).split()
    fitting = [
        one
        for one in lines
        if (wanted.since is None or one.at >= wanted.since)
        and (wanted.until is None or one.at < wanted.until)
        and (one.entry is not None or _says(one, words))
    ]
    return sorted(fitting, key=lambda one: (one.at, one.written_at, one.entry is not None, one.number))


def _own(row: Crisis, wanted: Wanted) -> list[Line]:
    kept = [one.value for one in OWN if not wanted.categories or one in wanted.categories]
    rows = list(row.facts.filter(category__in=kept).order_by("pk")) if kept else []
    names = names_of({pk for one in rows for pk in (one.person_id, one.other_id) if pk is not None})
    points = {one.id: one for one in point_views(row)} if Category.POINT.value in kept else {}
    return [_line(one, names, points) for one in rows]


def _line(one: Fact, names: dict[UUID, str], points: dict[int, PointView]) -> Line:
    return Line(
        at=one.at,
        written_at=one.written_at,
        category=Category(one.category),
        act=one.act,
        phase=Phase(one.phase),
        person=names.get(one.person_id, "") if one.person_id else "",
        other=names.get(one.other_id, "") if one.other_id else "",
        role=one.role_name,
        task_id=one.task_id,
        what=one.what,
        text=one.text,
        point=points.get(one.point_id) if one.point_id else None,
        number=one.pk,
    )


def _from_log_book(actor: Actor, row: Crisis, wanted: Wanted) -> Iterable[Line]:
    kinds = [key for key, one in _FROM.items() if not wanted.categories or one in wanted.categories]
    if not kinds:
        return
    asked = logbook.Wanted(
        text=wanted.text,
        categories=kinds,
        owners=(row.owner_id, None),
        since=row.begun_at,
        until=row.ended_at or now(),
    )
    start: int | None = 0
    while start is not None:
        page = logbook.entries(actor, row.territory_id, asked, Window(start, LARGEST_PAGE))
        for entry in page.rows:
            is_lesser = entry.category is logbook.Category.ALARM and (
                entry.alarm is None or entry.alarm.severity < Severity.CRITICAL
            )
            if not is_lesser:
                yield Line(
                    at=entry.happened_at,
                    written_at=entry.written_at,
                    category=_FROM[entry.category],
                    act=entry.act,
                    person=entry.by,
                    text=entry.text,
                    entry=entry,
                    number=entry.id,
                )
        start = page.next_start


def _says(line: Line, words: list[str]) -> bool:
    if not words:
        return True
    point = line.point
    told = [line.person, line.other, line.role, line.what, line.text]
    if point is not None:
        told += [point.situation, point.done, point.expected, point.decisions]
    text = fold(" ".join(told))
    return all(word in text for word in words)
