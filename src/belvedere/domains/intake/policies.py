"""Who reads the books and acts on what was refused: the administrators of the territory."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import territory_by_id
from belvedere.kernel.errors import N_, Refused


def may(actor: Actor, territory_id: UUID) -> str | None:
    """None when the actor may read and act, else the reason (a msgid). Raw messages may hold anything."""
    if not actor.governs(territory_id):
        return N_("Only an administrator of the territory {territory} looks into received messages.")
    return None


def require(actor: Actor, territory_id: UUID, *, acts: bool = False) -> None:
    """Refuse whoever may not."""
    reason = may(actor, territory_id)
    if reason is None and acts and actor.scopes is not None:
        reason = N_("A token cannot do this. Sign in with a browser.")
    if reason is not None:
        raise Refused(reason, territory=territory_by_id(territory_id).name)
