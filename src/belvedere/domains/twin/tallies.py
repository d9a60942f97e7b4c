"""How many things there are of each kind, owner, commune and state: what a list can be filtered by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from belvedere.domains.access.public import Actor
from belvedere.domains.twin.queries import Wanted, selected


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts of the things that the actor may see; things without an owner or a commune are in none."""

    total: int
    kinds: Mapping[str, int]
    states: Mapping[str, int]
    owners: Mapping[UUID, int]
    places: Mapping[UUID, int]


def tallies(actor: Actor, territory_id: UUID) -> Tallies:
    """Counts over the whole territory, in one pass."""
    rows = selected(actor, territory_id, Wanted()).order_by()
    kinds: dict[str, int] = {}
    states: dict[str, int] = {}
    owners: dict[UUID, int] = {}
    places: dict[UUID, int] = {}
    total = 0
    counted = rows.values_list("kind", "state", "owner_id", "place_id").annotate(n=Count("*"))
    for kind, state, owner, place, n in counted:
        total += n
        kinds[kind] = kinds.get(kind, 0) + n
        states[state] = states.get(state, 0) + n
        if owner is not None:
            owners[owner] = owners.get(owner, 0) + n
        if place is not None:
            places[place] = places.get(place, 0) + n
    return Tallies(total, kinds, states, owners, places)


def kinds_and_states(
    actor: Actor,
    territory_id: UUID,
    *,
    kinds: Collection[str] = (),
    states: Collection[str] = (),
    owners: Collection[UUID] = (),
    places: Collection[UUID] = (),
    text: str = "",
) -> dict[str, dict[str, int]]:
    """How many things of a choice there are, by kind and then by state."""
    rows = selected(actor, territory_id, Wanted(None, kinds, states, owners, places, text)).order_by()
    found: dict[str, dict[str, int]] = {}
    for kind, state, n in rows.values_list("kind", "state").annotate(n=Count("*")):
        found.setdefault(kind, {})[state] = n
    return found


def is_measured(actor: Actor, territory_id: UUID) -> bool:
    """Whether there is anything that the actor may see."""
    return selected(actor, territory_id, Wanted()).exists()
