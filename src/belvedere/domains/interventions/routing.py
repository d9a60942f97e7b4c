"""The visits of a team on a day: a good order proposed, taken, or put by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from belvedere.domains.access.public import Actor
from belvedere.domains.interventions.errors import BadIntervention, ChangedMeanwhile
from belvedere.domains.interventions.models import Intervention
from belvedere.domains.interventions.policies import may_plan, require, visible
from belvedere.domains.interventions.queries import row_of
from belvedere.domains.interventions.states import OPEN, Act
from belvedere.domains.interventions.views import Row
from belvedere.domains.interventions.ways import ways_between
from belvedere.domains.interventions.writing import step
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.science.visits.ordering import Spot, ordered
from belvedere.science.visits.roads import Ways


@dataclass(frozen=True, slots=True)
class DayOrdered:
    """`visits`: how many have a place and were ordered; `without`: those that have none, at the end; lengths
    in metres, as it was and as it is; `straight`: how many of its legs do not follow roads."""

    visits: int
    without: int
    before_m: float
    after_m: float
    straight: int


@dataclass(frozen=True, slots=True)
class DayProposed:
    """`rows`: the open visits as they stand; `order`: the same ones as they are proposed; `ordered`: how that
    compares; `way`: from the first to the last as they stand, in degrees; `may_order`: the actor may put them
    in an order."""

    rows: tuple[Row, ...]
    order: tuple[UUID, ...]
    ordered: DayOrdered
    way: tuple[Spot, ...]
    may_order: bool


def propose_day(actor: Actor, territory_id: UUID, team_id: UUID, day: date) -> DayProposed:
    """The open visits of a team on a day and a good order for them, from the first one as they stand now."""
    rows = list(_of_day(actor, territory_id, team_id, day))
    found, proposed, ways = _proposed(territory_id, rows)
    at = now()
    return DayProposed(
        tuple(row_of(one, at) for one in rows),
        tuple(one.pk for one in proposed),
        found,
        tuple(ways.along(range(found.visits))),
        bool(rows) and all(may_plan(actor, territory_id, one.owner_id) is None for one in rows),
    )


def order_day(
    *, actor: Actor, territory_id: UUID, team_id: UUID, day: date, seen: Sequence[UUID] | None = None
) -> DayOrdered:
    """Put the open visits of a team on a day in the order that is proposed.

    Raises:
        Refused; ChangedMeanwhile when they do not stand as they were seen (`seen`).
    """
    with transaction.atomic():
        rows = _held(actor, territory_id, team_id, day, seen)
        found, proposed, _ways = _proposed(territory_id, rows)
        _write(actor, proposed)
    return found


def put_in_order(
    *,
    actor: Actor,
    territory_id: UUID,
    team_id: UUID,
    day: date,
    seen: Sequence[UUID],
    order: Sequence[UUID],
) -> None:
    """Put the open visits of a team on a day in this order.

    Raises:
        BadIntervention: the order does not name the visits that were seen, each once. Refused;
        ChangedMeanwhile when they do not stand as they were seen.
    """
    if sorted(seen) != sorted(order):
        raise BadIntervention(N_("The order does not name each visit once. Open the day anew."))
    with transaction.atomic():
        by_id = {one.pk: one for one in _held(actor, territory_id, team_id, day, seen)}
        _write(actor, [by_id[one] for one in order])


def _of_day(actor: Actor, territory_id: UUID, team_id: UUID, day: date) -> QuerySet[Intervention]:
    rows = Intervention.objects.filter(
        visible(actor, territory_id), team_id=team_id, planned_on=day, state__in=OPEN
    )
    # As lists and the board show them.
    return rows.select_related("team", "territory").order_by("day_order", "-priority", "-number")


def _held(
    actor: Actor, territory_id: UUID, team_id: UUID, day: date, seen: Sequence[UUID] | None
) -> list[Intervention]:
    """The visits for the one who puts them in an order now, if he may and they stand as he saw them."""
    rows = list(_of_day(actor, territory_id, team_id, day).select_for_update(of=("self",)))
    for row in rows:
        require(may_plan(actor, territory_id, row.owner_id))
    if seen is not None and [one.pk for one in rows] != list(seen):
        raise ChangedMeanwhile(
            N_(
                "Somebody changed this day meanwhile: nothing was put in another order. The day is shown as "
                "it is now; order it again if you still want to."
            )
        )
    return rows


def _proposed(
    territory_id: UUID, rows: Sequence[Intervention]
) -> tuple[DayOrdered, list[Intervention], Ways]:
    placed = [one for one in rows if one.longitude is not None]
    without = [one for one in rows if one.longitude is None]
    ways = ways_between(territory_id, [(one.longitude or 0.0, one.latitude or 0.0) for one in placed])
    found = ordered(ways.legs)
    straight = sum(not ways.by_road[a][b] for a, b in pairwise(found.order))
    told = DayOrdered(len(placed), len(without), found.before_m, found.after_m, straight)
    return told, [*(placed[one] for one in found.order), *without], ways


def _write(actor: Actor, rows: Sequence[Intervention]) -> None:
    for at, row in enumerate(rows, 1):
        if row.day_order != at:
            before, row.day_order = row.day_order, at
            step(
                actor, row, Act.CHANGE, data={"facts": ["order"]}, journal=({"order": before}, {"order": at})
            )
