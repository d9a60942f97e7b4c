"""Reads of the map: which things lie in a window, and how they are, for who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, QuerySet
from django.db.models.expressions import RawSQL

from belvedere.domains.access.public import Actor
from belvedere.domains.twin.describing import descriptions
from belvedere.domains.twin.models import Attribute, Entity
from belvedere.domains.twin.policies import visible
from belvedere.domains.twin.states import State
from belvedere.domains.twin.views import Cell, Dot, Found, Value
from belvedere.kernel.geometry import Box
from belvedere.kernel.identifiers import fold

MOST = 5_000
MOST_CELLS_ACROSS = 60
SMALL = 0.1  # degrees from west to east
URGENCY = (State.ALARM, State.WATCH, State.SILENT, State.NORMAL)
DOT = (
    "id",
    "kind",
    "state",
    "longitude",
    "latitude",
    "names",
    "heard__last_seen_at",
    "state_since",
    "owner_id",
    "place_id",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which things are asked for; an empty collection or text asks for nothing in particular."""

    box: Box | None = None
    kinds: Collection[str] = ()
    states: Collection[str] = ()
    owners: Collection[UUID] = ()
    places: Collection[UUID] = ()
    text: str = ""
    ids: Collection[int] = field(default=())


def selected(actor: Actor, territory_id: UUID, wanted: Wanted) -> QuerySet[Entity]:
    """The things that the actor may see and that fit."""
    rows = Entity.objects.filter(visible(actor, territory_id))
    chosen: dict[str, Collection[Any]] = {
        "kind__in": wanted.kinds,
        "state__in": wanted.states,
        "owner_id__in": wanted.owners,
        "place_id__in": wanted.places,
        "pk__in": wanted.ids,
    }
    rows = rows.filter(**{column: list(values) for column, values in chosen.items() if values})
    for word in fold(wanted.text).split():
        rows = rows.filter(search__contains=word)
    return rows if wanted.box is None else _inside(rows, wanted.box)


def _inside(rows: QuerySet[Entity], box: Box) -> QuerySet[Entity]:
    """Small windows by the index of the boxes, exactly; wide ones by the middle of each thing.

    The planner takes every window for a small one when it is asked by boxes, which costs three times as much
    where it is not.
    """
    if box.east - box.west <= SMALL:
        # The expression of the index `twin_entity_box`, to the letter.
        inside = RawSQL(
            "box(point(twin_entity.east, twin_entity.north), point(twin_entity.west, twin_entity.south))"
            " && box(point(%s, %s), point(%s, %s))",
            [box.east, box.north, box.west, box.south],
        )
        return rows.alias(inside=inside).filter(inside=True)
    return rows.filter(longitude__range=(box.west, box.east), latitude__range=(box.south, box.north))


def entities_in(
    actor: Actor,
    territory_id: UUID,
    *,
    box: Box | None = None,
    kinds: Collection[str] = (),
    states: Collection[str] = (),
    owners: Collection[UUID] = (),
    places: Collection[UUID] = (),
    text: str = "",
    limit: int = MOST,
    values: bool = True,
) -> Found:
    """The things of a window of the map with their main value: alarms first, then what is to be watched.

    `Found.total` counts them all; at most `limit` (5,000 at most) are given one by one. For a window with
    more of them ask `grid`. Without `values` their main values are left out, which is half the work.
    """
    rows = selected(actor, territory_id, Wanted(box, kinds, states, owners, places, text))
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("*")))
    by_state = {state: counted[state] for state in URGENCY if counted.get(state)}
    left = max(0, min(limit, MOST))
    found: list[tuple[Any, ...]] = []
    for state in by_state:
        if left:
            found += rows.filter(state=state).order_by("id").values_list(*DOT)[:left]
            left = max(0, min(limit, MOST)) - len(found)
    mains = main_values((row[0], row[1]) for row in found) if values else {}
    return Found(tuple(Dot(*(*row, mains.get(row[0]))) for row in found), sum(by_state.values()), by_state)


def main_values(things: Iterable[tuple[int, str]]) -> dict[int, Value]:
    """The main value of each thing (its number and kind) that has one."""
    known = descriptions()
    wanted: dict[int, str] = {}
    for number, kind in things:
        if (described := known.get(kind)) is not None and described.main:
            wanted[number] = described.attributes[described.main].iri
    if not wanted:
        return {}
    # One question for all kinds: what another kind calls its main value is sorted out here.
    rows = Attribute.objects.filter(
        entity_id__in=list(wanted), name__in=set(wanted.values()), dataset_id="", visibility=None
    )
    found = rows.exclude(observed_at=None).values_list(
        "entity_id", "name", "id", "term", "number", "value", "unit", "observed_at", "level"
    )
    return {row[0]: Value(*row[2:]) for row in found if wanted[row[0]] == row[1]}


def grid(
    actor: Actor,
    territory_id: UUID,
    *,
    box: Box,
    across: int = 24,
    kinds: Collection[str] = (),
    states: Collection[str] = (),
    owners: Collection[UUID] = (),
    places: Collection[UUID] = (),
    text: str = "",
) -> tuple[Cell, ...]:
    """The things of a window, counted by square, kind and state: `across` squares from west to east.

    Squares stand still when the window moves (they are counted from longitude and latitude 0), and their side
    in degrees is a power of two, so that zooming does not make the counts dance.
    """
    side = 2.0
    while side > 2e-4 and side * max(1, min(across, MOST_CELLS_ACROSS)) > box.east - box.west:
        side /= 2
    rows = selected(actor, territory_id, Wanted(box, kinds, states, owners, places, text))
    counted = (
        rows.filter(longitude__isnull=False)
        .order_by()
        .annotate(
            # Line and column as one number: less for the database to group by. Even of the smallest squares
            # fewer than that lie around the world.
            square=RawSQL(
                "floor(twin_entity.latitude / %s) * 4194304 + floor(twin_entity.longitude / %s)", [side, side]
            )
        )
        .values_list("square", "kind", "state")
        .annotate(n=Count("*"), x=Avg("longitude"), y=Avg("latitude"))
    )
    return tuple(Cell(x, y, kind, state, n) for _square, kind, state, n, x, y in counted)


def seen_among(actor: Actor, territory_id: UUID, entity_ids: Collection[int]) -> frozenset[int]:
    """Those of these things that the actor may see; for who tells of changes as they happen."""
    if not entity_ids:
        return frozenset()
    return frozenset(selected(actor, territory_id, Wanted(ids=entity_ids)).values_list("pk", flat=True))
