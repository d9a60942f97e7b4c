"""Works as residents read them: when, where, how far away, what they cost and who pays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from django.utils.dates import MONTHS
from django.utils.translation import gettext

from belvedere.domains.plans.public import MeasureFilter, queries, reported, states
from belvedere.domains.subscriptions.public import Scope, ScopeKind, measures_in, near, telling, works_days
from belvedere.domains.territory.public import OrganisationView, name_in, organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.geometry import from_wkb
from belvedere.kernel.money import Money

S = states.Implementation
LEVELS = {S.IN_PROGRESS: "warn", S.DONE: "ok", S.SUSPENDED: "major", S.ABANDONED: "major"}
# How they are listed: what disturbs now comes first, what is over last.
ORDER = (S.IN_PROGRESS, S.SUSPENDED, S.NOT_STARTED, S.DONE, S.REPLACED, S.ABANDONED)
YEARS_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Payer:
    name: str
    amount: Money

    @property
    def words(self) -> str:
        return formats.money(self.amount)


@dataclass(frozen=True, slots=True)
class Work:
    """A published project of a list. `start`, `end`: of the works, to the day only where `exact`."""

    id: UUID
    title: str
    language: str  # of the title, "" where it is the reader's
    url: str
    owner: str
    state: str
    level: str
    implementation: states.Implementation
    when: str
    start: date | None
    end: date | None
    exact: bool
    cost: Money | None
    own: Money | None  # what is left to the owner
    payers: tuple[Payer, ...]
    distance: str
    about: bool
    version: int
    updated_at: Any

    @property
    def cost_words(self) -> str:
        return "" if self.cost is None else formats.money(self.cost)

    @property
    def own_words(self) -> str:
        return "" if self.own is None else formats.money(self.own)

    @property
    def over(self) -> bool:
        return self.implementation in {S.DONE, S.ABANDONED, S.REPLACED}


def works_of(room: Room, scope: Scope) -> list[Work]:
    """The published projects of a scope: nearest first round a point, else what disturbs now first."""
    if scope.kind is ScopeKind.CIRCLE and scope.centre is not None and scope.radius_m is not None:
        found = near(room.territory.id, shapely.Point(scope.centre), scope.radius_m)
        distances = {one.measure_id: (one.distance_m, one.about) for one in found}
        read = reported.reported(room.actor, room.territory.id, ids=list(distances))
        made = {one.id: one for one in _works(room, read, distances)}
        return [made[one.measure_id] for one in found if one.measure_id in made]
    ids = measures_in(room.territory.id, scope)
    made_list = _works(room, reported.reported(room.actor, room.territory.id, ids=ids), {})
    return sorted(
        made_list, key=lambda one: (ORDER.index(one.implementation), one.start or date.max, one.title)
    )


def under_way(room: Room) -> list[Work]:
    """What is being built now in the whole territory, by title."""
    which = MeasureFilter(implementations=frozenset({S.IN_PROGRESS}))
    read = reported.reported(room.actor, room.territory.id, which)
    return sorted(_works(room, read, {}), key=lambda one: (one.start or date.max, one.title))


def _works(
    room: Room, read: list[reported.ReportedMeasure], distances: dict[UUID, tuple[float, bool]]
) -> list[Work]:
    paying = {line.organisation_id for one in read for line in one.funding} | {one.owner_id for one in read}
    names = organisations_by_id(paying)
    return [_work(room, one, names, distances.get(one.id)) for one in read]


def _work(
    room: Room,
    one: reported.ReportedMeasure,
    names: dict[UUID, OrganisationView],
    distance: tuple[float, bool] | None,
) -> Work:
    language = queries.language_of(dict(one.title), room.language)
    start, end = works_days(one)
    exact = start is not None or end is not None
    payers, own = _paid(one, names)
    return Work(
        id=one.id,
        title=one.title.get(language) or name_in(one.title, room.language, room.territory.languages),
        language="" if language == room.language else language,
        url=room.measure_url(one.id),
        owner=names[one.owner_id].name if one.owner_id in names else "",
        state=telling.state(one.implementation),
        level=LEVELS.get(one.implementation, ""),
        implementation=one.implementation,
        when=when_in_words((start, end), one.works),
        start=start if exact else one.works[0],
        end=end if exact else one.works[1],
        exact=exact,
        cost=one.cost,
        own=own,
        payers=payers,
        distance="" if distance is None else in_metres(distance[0]),
        about=distance is not None and distance[1],
        version=one.version,
        updated_at=one.updated_at,
    )


def when_in_words(days: tuple[date | None, date | None], works: tuple[date | None, date | None]) -> str:
    """The days of the works, else their years, else ""."""
    if days != (None, None):
        return telling.period(*days)
    first, last = works
    if first is None:
        return ""
    if last is None or last.year == first.year:
        return gettext("in %(year)s") % {"year": first.year}
    return gettext("between %(first)s and %(last)s") % {"first": first.year, "last": last.year}


def _paid(
    one: reported.ReportedMeasure, names: dict[UUID, OrganisationView]
) -> tuple[tuple[Payer, ...], Money | None]:
    """Who else pays, largest first, and what is left to the owner; unlike and lost money is not counted."""
    cost = one.cost
    if cost is None:
        return (), None
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in one.funding:
        if line.state not in states.LOST_FUNDING and line.granted.kind == cost.kind and line.granted.amount:
            sums[line.organisation_id] += line.granted.amount
    payers = [
        Payer(names[key].name, Money(amount, cost.kind))
        for key, amount in sorted(sums.items(), key=lambda item: -item[1])
        if key in names
    ]
    return tuple(payers), Money(cost.amount - sum(sums.values()), cost.kind)


def in_metres(distance_m: float) -> str:
    """“here”, “350 m”, “1.4 km”."""
    if distance_m < 5:
        return gettext("right here")
    if distance_m < 950:
        return gettext("%(n)s m away") % {"n": formats.number(round(distance_m / 10) * 10)}
    return gettext("%(n)s km away") % {"n": formats.number(Decimal(str(distance_m)) / 1000, 1)}


def shapes_of(room: Room, works: Iterable[Work]) -> dict[str, Any]:
    """The sites as GeoJSON (RFC 7946)."""
    titles = {one.id: one.title for one in works}
    features = [
        {
            "type": "Feature",
            "id": str(key),
            "properties": {"id": str(key), "title": titles[key], "p": ""},
            "geometry": from_wkb(wkb).geojson,
        }
        for key, found in queries.geometries(room.actor, room.territory.id, titles).items()
        for wkb in found
    ]
    return {"type": "FeatureCollection", "features": features}


@dataclass(frozen=True, slots=True)
class InYear:
    """A work in a year: `at` and `width` are shares of the year."""

    work: Work
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Part:
    """What begins in a month of a year, or was open before, or has no month."""

    label: str
    works: list[InYear]


@dataclass(frozen=True, slots=True)
class Year:
    """What is open in a year, by the month in which it begins."""

    year: int
    parts: list[Part]

    @property
    def count(self) -> int:
        return sum(len(part.works) for part in self.parts)


BEFORE, UNKNOWN = 0, 13  # beside the twelve months


def calendar(works: Iterable[Work], day: date) -> list[Year]:
    """What is open in which year, from this year on; years without works are left out."""
    dated = [one for one in works if one.start is not None and not (one.over and not one.exact)]
    years = []
    for year in range(day.year, day.year + YEARS_AHEAD + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        parts: dict[int, list[InYear]] = {}
        for one in dated:
            start, end = one.start or first, one.end or one.start or last
            if start > last or end < first or one.implementation in {S.ABANDONED, S.REPLACED}:
                continue
            begin, until = max(start, first), min(end, last)
            at = (begin - first).days / 366
            shown = InYear(one, round(at, 4), round(((until - begin).days + 1) / 366, 4))
            month = UNKNOWN if not one.exact else BEFORE if start < first else start.month
            parts.setdefault(month, []).append(shown)
        if parts:
            years.append(
                Year(year, [Part(_month(m), sorted(parts[m], key=_in_order)) for m in sorted(parts)])
            )
    return years


def _in_order(one: InYear) -> tuple[float, str]:
    return one.at, one.work.title


def _month(month: int) -> str:
    if month == BEFORE:
        return gettext("Open since before this year")
    if month == UNKNOWN:
        return gettext("During the year, month not known")
    name = str(MONTHS[month])
    return name[:1].upper() + name[1:]
