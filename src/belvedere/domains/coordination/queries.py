"""Typed reads of coordination: the conflicts the actor may see, the most urgent first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from functools import lru_cache, reduce
from uuid import UUID

import shapely

from belvedere.domains.access.public import Actor
from belvedere.domains.coordination.models import Rule, Verdict
from belvedere.domains.coordination.states import Advice, Kind, State
from belvedere.domains.coordination.values import Conflict, VerdictView
from belvedere.domains.plans.public import states, works
from belvedere.domains.territory.public import network_lines, networks
from belvedere.kernel.geometry import Box
from belvedere.science.coordination.meeting import (
    Meeting,
    Params,
    Road,
    Site,
    Time,
    find_meetings,
)

MOST_ROADS = 60_000
Row = tuple[UUID, UUID, date, date, tuple[bytes, ...]]
DEGREE_M = 111_320.0
# Near enough to share a street and its diversion; crossings and mere points are left aside.
USUAL = Params(within_m=20.0, along_m=150.0, within_years=5.0, shared_m=100.0)
OVER = states.Implementation.DONE


def rule_of(territory_id: UUID) -> Params:
    """How near is near in a territory; the usual until someone sets it."""
    row = Rule.objects.filter(territory_id=territory_id).first()
    if row is None:
        return USUAL
    return Params(row.within_m, row.along_m, row.within_years, row.shared_m)


def conflicts(actor: Actor, territory_id: UUID, *, day: date) -> list[Conflict]:
    """Every conflict of works on `day` that can still be settled, unsettled and urgent first."""
    return _found(territory_id, works.works(actor, territory_id), day)


def conflict(actor: Actor, territory_id: UUID, pair: tuple[UUID, UUID], *, day: date) -> Conflict | None:
    """What there is between two measures, None when they do not meet or the actor may not see both."""
    return next(iter(_found(territory_id, works.works(actor, territory_id, ids=pair), day)), None)


def _found(territory_id: UUID, known: list[works.MeasureWorks], day: date) -> list[Conflict]:
    if len(known) < 2:
        return []
    by_id = {one.id: one for one in known}
    rows = tuple(
        (one.id, one.owner_id, one.start, one.end, tuple(wkb for _pk, wkb in one.sites)) for one in known
    )
    stamp = tuple((network.id, network.imported_at) for network in networks(territory_id))
    names, meetings = _meetings(territory_id, rule_of(territory_id), stamp, rows)
    verdicts = _verdicts(territory_id)
    found = [_conflict(met, by_id, names, verdicts, day) for met in meetings if _open(met, by_id, day)]
    return sorted(found, key=lambda one: _urgency(one, day))


@lru_cache(maxsize=16)
def _meetings(
    territory_id: UUID, rule: Params, _networks: Hashable, rows: tuple[Row, ...]
) -> tuple[dict[int, str], list[Meeting]]:
    """What meets, kept for those who see the same works: nothing else goes into it than what is given."""
    sites = [
        Site(pk, owner, shapely.from_wkb(wkb), start, end)
        for pk, owner, start, end, shapes in rows
        for wkb in shapes
    ]
    names, roads = _roads(territory_id, sites, rule)
    return names, find_meetings(sites, roads, rule)


def _open(met: Meeting, by_id: Mapping[UUID, works.MeasureWorks], day: date) -> bool:
    """Whether something can still be done: the second works lie ahead, or both are under way."""
    first, second = by_id[met.first], by_id[met.second]
    if met.time is Time.SECOND_TIME:
        return second.start > day and second.implementation is not OVER
    return min(first.end, second.end) >= day and OVER not in (first.implementation, second.implementation)


def _urgency(one: Conflict, day: date) -> tuple[bool, bool, date, float, tuple[UUID, UUID]]:
    """First what can still move, the nearest day of decision before the others."""
    return (one.settled, one.decide_by <= day, one.decide_by, -one.stretch_m, one.pair)


def _conflict(
    met: Meeting,
    by_id: Mapping[UUID, works.MeasureWorks],
    names: Mapping[int, str],
    verdicts: Mapping[tuple[UUID, UUID], Verdict],
    day: date,
) -> Conflict:
    first, second = by_id[met.first], by_id[met.second]
    joined = second.id in first.joined
    kind = Kind.JOINED if joined else Kind(met.time.value)
    a, b = sorted((first, second), key=lambda one: one.id)
    return Conflict(
        first=first,
        second=second,
        kind=kind,
        place=met.place,
        distance_m=met.distance_m,
        gap_days=met.gap_days,
        stretch_m=met.stretch_m,
        road="" if met.road is None else names[met.road],
        advice=_advice(kind, first, day),
        decide_by=first.start if first.start > day else max(day, second.start),
        verdict=_said(verdicts.get((a.id, b.id)), a, b),
    )


def _advice(kind: Kind, first: works.MeasureWorks, day: date) -> Advice:
    if kind is Kind.JOINED:
        return Advice.CHECK
    if kind is Kind.SAME_TIME:
        return Advice.SHARE
    if first.start > day:
        return Advice.ADVANCE
    return Advice.TAKE_IN if first.end >= day and first.implementation is not OVER else Advice.PUT_OFF


# ------------------------------------------------------------------ what it needs
def _roads(territory_id: UUID, sites: Iterable[Site], rule: Params) -> tuple[dict[int, str], list[Road]]:
    """The sections of all networks around the sites, with their names."""
    boxes = [Box(*one.geometry.bounds) for one in sites]
    box = reduce(Box.around, boxes)
    # Twice the distance: a degree of longitude is shorter than one of latitude.
    margin = 2 * rule.within_m / DEGREE_M
    around = Box(box.west - margin, box.south - margin, box.east + margin, box.north + margin)
    lines = network_lines(territory_id, around, MOST_ROADS)
    return {line.id: line.label for line in lines}, [Road(line.id, line.shape.geometry) for line in lines]


def _verdicts(territory_id: UUID) -> dict[tuple[UUID, UUID], Verdict]:
    return {(row.one_id, row.other_id): row for row in Verdict.objects.filter(territory_id=territory_id)}


def dates_of(a: works.MeasureWorks, b: works.MeasureWorks) -> list[str]:
    """The dates a verdict on the two is given on."""
    return [day.isoformat() for day in (a.start, a.end, b.start, b.end)]


def _said(row: Verdict | None, a: works.MeasureWorks, b: works.MeasureWorks) -> VerdictView | None:
    if row is None:
        return None
    return VerdictView(
        State(row.state), row.note, row.leader_id, row.given_at, outdated=row.dates != dates_of(a, b)
    )


__all__ = ["conflict", "conflicts", "dates_of", "rule_of"]
