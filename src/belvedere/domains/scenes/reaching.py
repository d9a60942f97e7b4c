"""Which things a scene is about, now: always things of its owner that take its kind of command."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.public import kind
from belvedere.domains.equipment import public as equipment
from belvedere.domains.scenes.bodies import MOST_THINGS, Reach
from belvedere.domains.twin import public as twin
from belvedere.kernel.identifiers import fold

SYSTEM: Final = Actor.system()
PAGE: Final = 500


def things_of(territory_id: UUID, owner_id: UUID, command: str, reach: Reach) -> list[twin.Dot]:
    """By number of the thing; one more than `MOST_THINGS` where there are more. Things that are named and
    those under what is named are meant together; a street and places narrow what is left."""
    named = set(reach.things)
    if reach.under:
        below = equipment.all_below(reach.under)
        ids = {one for some in below.values() for one in some}
        named |= {one.entity_id for one in equipment.known(ids).values() if one.entity_id is not None}
    if not named and (reach.things or reach.under):
        return []
    street = fold(reach.street).strip()
    wanted = twin.Wanted(
        kinds=kind(command).things,
        owners=[owner_id],
        places=list(reach.places),
        text=reach.street,
        ids=sorted(named),
    )
    found: list[twin.Dot] = []
    after, more = 0, True
    while more and len(found) <= MOST_THINGS:
        page = twin.entities_after(SYSTEM, territory_id, wanted, after=after, limit=PAGE)
        # The words of a street may stand apart in what is looked through; here they stand together.
        found += [one for one in page.dots if any(street in fold(name) for name in one.names.values())]
        after, more = (page.dots[-1].id if page.dots else after), page.more
    return found[: MOST_THINGS + 1]


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
