"""Things one after the other, by their number: for who reads them all, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from belvedere.domains.access.public import Actor
from belvedere.domains.twin.queries import DOT, URGENCY, Wanted, main_values, selected
from belvedere.domains.twin.states import State
from belvedere.domains.twin.views import Dot

LARGEST = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """Things in order of their numbers. `total` and `by_state` count all that fit, those before too."""

    dots: tuple[Dot, ...]
    total: int
    by_state: dict[State, int]
    more: bool


def entities_after(
    actor: Actor, territory_id: UUID, wanted: Wanted, *, after: int = 0, limit: int = 60
) -> Listed:
    """At most `limit` (1 to 500) of the things that fit, those whose number is above `after`.

    What changes between two pages moves nothing: each thing that stays is read once.
    """
    rows = selected(actor, territory_id, wanted)
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("*")))
    size = max(1, min(limit, LARGEST))
    found = list(rows.filter(pk__gt=after).order_by("pk").values_list(*DOT)[: size + 1])
    shown = found[:size]
    mains = main_values((row[0], row[1]) for row in shown)
    return Listed(
        dots=tuple(Dot(*(*row, mains.get(row[0]))) for row in shown),
        total=sum(counted.values()),
        by_state={state: counted[state] for state in URGENCY if counted.get(state)},
        more=len(found) > size,
    )
