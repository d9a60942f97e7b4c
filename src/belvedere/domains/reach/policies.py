"""Who writes gateways: the administrators of the organisation, and of the territory."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor, Role
from belvedere.kernel.errors import N_, Refused

_REASON = N_("Only administrators of the organisation, or of the territory, write its gateways.")


def may_write(actor: Actor, territory_id: UUID, owner_id: UUID | None) -> str | None:
    """None when the actor may see and write the gateways of that organisation (None: of the territory)."""
    if actor.scopes is not None:
        return N_("A token cannot do this. Sign in with a browser.")
    if actor.governs(territory_id) or (owner_id is not None and actor.has(owner_id, Role.ADMINISTRATOR)):
        return None
    return _REASON


def may_see(actor: Actor, territory_id: UUID) -> str | None:
    """None when there are gateways here that the actor may write."""
    owners = [None, *actor.roles]
    return min((may_write(actor, territory_id, one) for one in owners), key=lambda reason: reason is not None)


def me(actor: Actor) -> UUID:
    """The person who acts; Refused for a token and for who is not signed in."""
    if actor.person_id is None or actor.scopes is not None:
        raise Refused(N_("Sign in to see your account."))
    return actor.person_id


def require(reason: str | None) -> None:
    if reason is not None:
        raise Refused(reason)
