"""What the job found, for who asks: findings on the things that the reader may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.observations.models import Finding, Measured
from belvedere.domains.observations.quality_states import Oddity, Weight
from belvedere.domains.twin.public import Thing, may, seen_among, series_owners

_ORDER = {one.value: at for at, one in enumerate(Oddity)}
_LESS_IS_WORSE = frozenset({Oddity.INCOMPLETE, Oddity.BATTERY})


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something odd about a thing, or about one of its series. `amount` as its `Oddity` says."""

    entity_id: int
    series_id: int | None
    term: str
    oddity: Oddity
    weight: Weight
    amount: float
    at: datetime


@dataclass(frozen=True, slots=True)
class MeasuredView:
    """How good the readings of a series were. Shares are 0 to 1, `drift` in standard deviations."""

    series_id: int
    entity_id: int
    term: str
    at: datetime
    received_day: int
    received_week: int
    complete_day: float | None
    complete_week: float | None
    gap_h: int
    same_h: int
    outside_h: int
    drift: float | None
    late: float | None
    delay_s: float | None


def findings(
    actor: Actor, territory_id: UUID, *, entity_ids: Collection[int] | None = None
) -> list[FindingView]:
    """The findings that the actor may know of, the worst first; None: on all things of the territory."""
    rows = Finding.objects.filter(territory_id=territory_id)
    if entity_ids is not None:
        rows = rows.filter(entity_id__in=entity_ids)
    found = [
        FindingView(
            row.entity_id,
            row.series_id,
            row.term,
            Oddity(row.oddity),
            Weight(row.weight),
            row.amount,
            row.at,
        )
        for row in rows
    ]
    seen = seen_among(actor, territory_id, {one.entity_id for one in found})
    told = _told_series(actor, [one.series_id for one in found if one.series_id is not None])
    kept = [
        one for one in found if one.entity_id in seen and (one.series_id is None or one.series_id in told)
    ]
    return sorted(kept, key=_urgency)


def _urgency(one: FindingView) -> tuple[int, int, float, int]:
    size = one.amount if one.oddity in _LESS_IS_WORSE else -abs(one.amount)
    return (0 if one.weight is Weight.BAD else 1, _ORDER[one.oddity], size, one.entity_id)


def measured(actor: Actor, territory_id: UUID) -> list[MeasuredView]:
    """Every series that the actor may see with what was measured, by thing."""
    rows = list(Measured.objects.filter(territory_id=territory_id).order_by("entity_id", "series_id"))
    seen = seen_among(actor, territory_id, {row.entity_id for row in rows})
    told = _told_series(actor, [row.series_id for row in rows if row.entity_id in seen])
    names = MeasuredView.__slots__
    return [
        MeasuredView(**{name: getattr(row, name) for name in names})
        for row in rows
        if row.entity_id in seen and row.series_id in told
    ]


def measured_at(territory_id: UUID) -> datetime | None:
    """When the job last looked at a territory; None before it did."""
    found = Measured.objects.filter(territory_id=territory_id).values_list("at", flat=True)
    return found.order_by("-at").first()


def _told_series(actor: Actor, series_ids: Collection[int]) -> set[int]:
    """Those of these series that the actor may see: an attribute may be kept closer than its thing."""
    allowed: dict[Thing, bool] = {}
    kept = set()
    for one in series_owners(series_ids).values():
        if one.itself not in allowed:
            allowed[one.itself] = may(actor, "view", one.itself) is None
        if allowed[one.itself]:
            kept.add(one.series_id)
    return kept
