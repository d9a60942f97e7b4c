"""The visits of a team on a day, put in a good order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.interventions.models import Intervention
from belvedere.domains.interventions.policies import may_plan, require, visible
from belvedere.domains.interventions.states import OPEN, Act
from belvedere.domains.interventions.writing import step
from belvedere.science.visits.ordering import ordered


@dataclass(frozen=True, slots=True)
class DayOrdered:
    """`visits`: how many have a place and were ordered; `without`: those that have none, at the end; lengths
    in metres on straight lines, as it was and as it is."""

    visits: int
    without: int
    before_m: float
    after_m: float


def order_day(*, actor: Actor, territory_id: UUID, team_id: UUID, day: date) -> DayOrdered:
    """Put the open visits of a team on a day in a good order, from the first one as they stand now."""
    with transaction.atomic():
        rows = list(
            Intervention.objects.select_for_update(of=("self",))
            .filter(visible(actor, territory_id), team_id=team_id, planned_on=day, state__in=OPEN)
            .select_related("team", "territory")
            .order_by("day_order", "number")
        )
        for row in rows:
            require(may_plan(actor, territory_id, row.owner_id))
        placed = [one for one in rows if one.longitude is not None]
        found = ordered([(one.longitude or 0.0, one.latitude or 0.0) for one in placed])
        without = [one for one in rows if one.longitude is None]
        for at, row in enumerate([*(placed[one] for one in found.order), *without], 1):
            if row.day_order != at:
                before, row.day_order = row.day_order, at
                step(
                    actor,
                    row,
                    Act.CHANGE,
                    data={"facts": ["order"]},
                    journal=({"order": before}, {"order": at}),
                )
    return DayOrdered(len(placed), len(without), found.before_m, found.after_m)
