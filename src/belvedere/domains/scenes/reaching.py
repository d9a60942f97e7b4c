"""Which things a scene is about, now: always things of its owner that take its kind of command."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.public import kind
from belvedere.domains.equipment import public as equipment
from belvedere.domains.scenes.bodies import MOST_THINGS, Reach
from belvedere.domains.twin import public as twin
from belvedere.kernel.identifiers import fold

SYSTEM = Actor.system()


def things_of(territory_id: UUID, owner_id: UUID, command: str, reach: Reach) -> list[twin.Dot]:
    """By number of the thing, `MOST_THINGS` at most. What is named need not be under what is named: all are
    meant. A street and places narrow what is left."""
    found = twin.entities_in(
        SYSTEM,
        territory_id,
        kinds=kind(command).things,
        owners=[owner_id],
        places=list(reach.places),
        limit=5000,
        values=False,
    ).dots
    street = fold(reach.street)
    if street:
        found = tuple(one for one in found if any(street in fold(name) for name in one.names.values()))
    wanted = set(reach.things)
    if reach.under:
        below = equipment.all_below(reach.under)
        ids = {one for some in below.values() for one in some}
        wanted |= {one.entity_id for one in equipment.known(ids).values() if one.entity_id is not None}
    if reach.things or reach.under:
        found = tuple(one for one in found if one.id in wanted)
    return sorted(found, key=lambda one: one.id)[:MOST_THINGS]


def middle_of(dots: list[twin.Dot]) -> tuple[float, float] | None:
    """Longitude and latitude in the middle of things; None where none of them says where it stands."""
    points = [
        (one.longitude, one.latitude)
        for one in dots
        if one.longitude is not None and one.latitude is not None
    ]
    if not points:
        return None
    return sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points)
