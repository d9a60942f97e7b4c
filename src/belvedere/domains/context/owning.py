"""For whom somebody makes things: NGSI-LD does not say, and every thing here belongs to somebody."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.context.errors import WhoseThing
from belvedere.domains.territory.public import owners_among
from belvedere.kernel.errors import N_

_HANDS = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)


def usual_owner(actor: Actor, territory_id: UUID) -> UUID | None:
    """The organisation of the territory for which the actor works with its hands; None where there is none
    (then only an administrator of the territory may make things).

    Raises:
        WhoseThing: there are several.
    """
    mine = {key for key in actor.roles if actor.has(key, *_HANDS)}
    found = owners_among(territory_id, mine) if mine else frozenset()
    if len(found) > 1 and not actor.governs(territory_id):
        raise WhoseThing(
            N_("You work for several organisations. Use the token of a person who works for one of them.")
        )
    return next(iter(found)) if len(found) == 1 else None
