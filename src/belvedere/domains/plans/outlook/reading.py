"""The money of an owner's measures as arrays, kept in the process until something of it changes.

A slider asks the same arrays again and again: they are read once for each owner and mark. The mark moves
with every verb on a measure (its version), so that nobody computes on yesterday's money.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from django.db.models import Count, Max, Sum
from numpy.typing import NDArray

from belvedere.domains.plans import figures
from belvedere.domains.plans.models import FundingLine, Measure, MeasurePlace, PlanMembership
from belvedere.domains.plans.states import Implementation
from belvedere.science.finance.book import Axis, Book, Ints
from belvedere.science.finance.cents import Bools
from belvedere.science.finance.prices import IndexSeries

YEARS_BACK, YEARS_AHEAD = 2, 12  # around the current year: fifteen years in all
MOST_KEPT = 12  # owners at a time in one process; ten thousand measures take about 40 MB
GIVEN_UP = (Implementation.ABANDONED, Implementation.REPLACED)
MOVABLE = (Implementation.NOT_STARTED, Implementation.SUSPENDED)

T = TypeVar("T")


def axis_of(current_year: int) -> Axis:
    return Axis(current_year - YEARS_BACK, current_year + YEARS_AHEAD)


@dataclass(frozen=True, slots=True)
class Listed:
    """That a plan lists a measure."""

    plan_id: UUID
    code: str
    node_id: UUID | None = None


@dataclass(frozen=True)
class Holdings:
    """Measures (n, in the order of `ids`) and their money."""

    ids: tuple[UUID, ...]
    owners: tuple[UUID, ...]
    phases: tuple[tuple[str, str], ...]
    implementations: tuple[str, ...]
    categories: tuple[int | None, ...]
    book: Book
    memory: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gave the first time under `key`; it depends on nothing but these measures."""
        if key not in self.memory:
            self.memory[key] = make()
        found: T = self.memory[key]
        return found

    @cached_property
    def row_of(self) -> dict[UUID, int]:
        return {measure_id: row for row, measure_id in enumerate(self.ids)}

    @cached_property
    def movable(self) -> Bools:
        """[n] what a general scenario moves: it has not started."""
        return np.array([one in MOVABLE for one in self.implementations], bool)

    @cached_property
    def listings(self) -> tuple[tuple[Listed, ...], ...]:
        """[n] the plans of each measure, the one that counts it first."""
        found: dict[UUID, list[Listed]] = {}
        rows = (
            PlanMembership.objects.filter(measure__in=self.ids)
            .order_by("plan__type", "-plan__generation", "plan__code")
            .values_list("measure_id", "plan_id", "code", "node_id")
        )
        for measure_id, plan_id, code, node_id in rows:
            found.setdefault(measure_id, []).append(Listed(plan_id, code, node_id))
        return tuple(tuple(found.get(measure_id, ())) for measure_id in self.ids)

    @cached_property
    def places(self) -> tuple[tuple[UUID, ...], ...]:
        """[n] the places that each measure touches."""
        found: dict[UUID, list[UUID]] = {}
        rows = MeasurePlace.objects.filter(measure__in=self.ids).order_by("pk")
        for measure_id, place_id in rows.values_list("measure_id", "place_id"):
            found.setdefault(measure_id, []).append(place_id)
        return tuple(tuple(found.get(measure_id, ())) for measure_id in self.ids)

    def rows_in(self, plan_id: UUID, nodes: frozenset[UUID] | None = None) -> NDArray[np.bool_]:
        """[n] what a plan lists; under these axes of it where they are said."""
        return np.array(
            [
                any(one.plan_id == plan_id and (nodes is None or one.node_id in nodes) for one in listed)
                for listed in self.listings
            ],
            bool,
        )


@dataclass(frozen=True)
class Loaded:
    """An owner's own measures, those of others that it pays a part of, and what was given up."""

    mark: str
    own: Holdings
    others: Holdings
    given_up: int


_kept: OrderedDict[tuple[UUID, UUID, str], Loaded] = OrderedDict()
_lock = Lock()


def _own(territory_id: UUID, organisation_id: UUID) -> dict[str, object]:
    return {"territory_id": territory_id, "owner_id": organisation_id}


def _paid_by(organisation_id: UUID) -> Sequence[UUID]:
    """The measures of others in which the organisation pays."""
    return list(
        FundingLine.objects.filter(organisation_id=organisation_id)
        .exclude(measure__owner_id=organisation_id)
        .order_by()
        .values_list("measure_id", flat=True)
        .distinct()
    )


def mark_of(territory_id: UUID, organisation_id: UUID, paid: Sequence[UUID]) -> str:
    """A text that changes whenever a measure of the owner, or one it pays a part of, changes."""
    numbers = []
    for measures in (
        Measure.objects.filter(**_own(territory_id, organisation_id)),
        Measure.objects.filter(pk__in=paid, territory_id=territory_id),
    ):
        seen = measures.aggregate(number=Count("pk"), versions=Sum("version"), newest=Max("updated_at"))
        numbers.append(f"{seen['number']}-{seen['versions']}-{seen['newest']}")
    return "|".join(numbers)


def load(
    territory_id: UUID, organisation_id: UUID, *, current_year: int, series: IndexSeries | None
) -> Loaded:
    """The arrays of an owner, from memory when nothing changed. `series` converts indexed amounts."""
    paid = _paid_by(organisation_id)
    index = "" if series is None else repr(sorted(series.points.items())) + str(series.yearly_rate)
    mark = f"{mark_of(territory_id, organisation_id, paid)}|{current_year}|{hash(index)}"
    key = (territory_id, organisation_id, str(current_year))
    with _lock:
        known = _kept.get(key)
        if known is not None and known.mark == mark:
            _kept.move_to_end(key)
            return known
    axis = axis_of(current_year)
    own = Measure.objects.filter(**_own(territory_id, organisation_id))
    others = Measure.objects.filter(pk__in=paid, territory_id=territory_id)
    found = Loaded(
        mark,
        _holdings(own.exclude(implementation__in=GIVEN_UP), axis, series),
        _holdings(others.exclude(implementation__in=GIVEN_UP), axis, series),
        own.filter(implementation__in=GIVEN_UP).count(),
    )
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _holdings(measures: object, axis: Axis, series: IndexSeries | None) -> Holdings:
    rows = list(
        measures.order_by("pk").values_list(  # type: ignore[attr-defined]
            "pk",
            "owner_id",
            "phase_scheme",
            "phase",
            "implementation",
            "category_id",
            "book__spending",
            "book__rules",
        )
    )
    unpacked = [row[0] for row in rows if not row[6]]
    if unpacked:  # stored before money was packed
        figures.refresh(unpacked)
        return _holdings(measures, axis, series)
    return Holdings(
        ids=tuple(row[0] for row in rows),
        owners=tuple(row[1] for row in rows),
        phases=tuple((row[2], row[3]) for row in rows),
        implementations=tuple(row[4] for row in rows),
        categories=tuple(row[5] for row in rows),
        book=Book.from_packed(
            axis, [bytes(row[6]) for row in rows], [bytes(row[7]) for row in rows], series=series
        ),
    )


def forget() -> None:
    """Empty the memory of this process; for tests."""
    with _lock:
        _kept.clear()


def rows_of_kind(book: Book, at: int) -> Ints:
    """The measures whose money is of kind number `at` of the book."""
    return np.flatnonzero(book.kind == at)


__all__ = ["Holdings", "Listed", "Loaded", "axis_of", "forget", "load", "mark_of", "rows_of_kind"]
