"""Who subscribes, who sees the subscriptions of a territory, who manages one.

Whoever works in the territory subscribes systems of theirs, which learn what they themselves may see; whoever
works there sees who reads what. The owner and the administrators of the territory manage a subscription.
"""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.twin.public import works_in
from belvedere.kernel.errors import N_, Refused

_NOT_HERE = N_("Only the people who work in the territory see which systems read its data.")


def may(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID | None = None) -> str | None:
    """None when the actor may do `verb` (view, subscribe, manage), else the reason (a msgid)."""
    if not works_in(actor, territory_id):
        return _NOT_HERE
    if verb == "view":
        return None
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if verb == "subscribe":
        return None if actor.person_id else N_("A subscription belongs to a person: use a token of yours.")
    if actor.governs(territory_id) or (owner_id is not None and owner_id == actor.person_id):
        return None
    return N_("Only its owner and the administrators of the territory manage a subscription.")


def require(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID | None = None) -> None:
    reason = may(actor, verb, territory_id, owner_id)
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")
