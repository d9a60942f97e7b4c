"""Where what is measured: things by commune and kind, and how many of them were heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from belvedere.domains.access.public import Actor
from belvedere.domains.twin.queries import Wanted, selected


@dataclass(frozen=True, slots=True)
class Covered:
    """The things of a kind in a commune (None: in none), and how many were heard since the instant asked."""

    place_id: UUID | None
    kind: str
    total: int
    heard: int


def coverage(actor: Actor, territory_id: UUID, since: datetime) -> tuple[Covered, ...]:
    """Of the things that the actor may see and that tell something over time."""
    rows = selected(actor, territory_id, Wanted()).filter(expected_s__isnull=False).order_by()
    counted = rows.values_list("place_id", "kind").annotate(
        total=Count("pk"), spoke=Count("pk", filter=Q(heard__last_seen_at__gte=since))
    )
    return tuple(Covered(*row) for row in counted)
