"""For whom somebody makes things: NGSI-LD does not say, and every thing here belongs to somebody."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.context.errors import WhoseThing
from belvedere.domains.territory.public import owners_among
from belvedere.kernel.errors import N_, Refused

_HANDS = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)


def usual_owner(actor: Actor, territory_id: UUID, named: UUID | None = None) -> UUID | None:
    """The organisation of the territory for which the actor makes things: the one that is `named`, else the
    only one for which it works with its hands; None where there is none (then only an administrator of the
    territory may make things).

    Raises:
        WhoseThing: there are several, and none is named.
        Refused: the one named is not of the territory, or the actor does not work there.
    """
    mine = {key for key in actor.roles if actor.has(key, *_HANDS)}
    governs = actor.governs(territory_id)
    if named is not None:
        if (governs or named in mine) and owners_among(territory_id, [named]):
            return named
        raise Refused(
            N_("You make nothing here for the organisation {owner}."), code="not_your_owner", owner=str(named)
        )
    found = owners_among(territory_id, mine) if mine else frozenset()
    if len(found) > 1 and not governs:
        raise WhoseThing(
            N_(
                "You work for several organisations. Name the one that it is for: “Belvedere-Owner: {one}”, "
                "or another of {all}."
            ),
            one=str(min(found)),
            all=sorted(map(str, found)),
        )
    return next(iter(found)) if len(found) == 1 else None
