"""Who sees commands, who asks for them, who confirms the dangerous ones.

Commands belong to the owner of the thing. They are seen by the owner and the bodies it belongs to.
Contributors, managers and administrators of the owner ask; managers and administrators confirm what somebody
else asked for, set limits and write scenes. Administrators of the territory do all; nobody confirms alone.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor, Role
from belvedere.kernel.errors import N_, Refused

HANDS = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)
HEADS = (Role.MANAGER, Role.ADMINISTRATOR)
_OF_HEADS = frozenset({"confirm", "set_limit", "write_scene"})


def may(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID | None) -> str | None:
    """None when the actor may do `verb` ("view", "request", "cancel", "confirm", "set_limit", "write_scene")
    on what belongs to that owner, else the reason (a msgid)."""
    if verb == "view":
        if actor.governs(territory_id) or actor.is_elected(territory_id):
            return None
        if owner_id is not None and owner_id in actor.sees:
            return None
        return N_("Only its organisation and the bodies it belongs to see this.")
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(territory_id):
        return None
    if owner_id is None:
        return N_("Only administrators of the territory command things that belong to no organisation.")
    if actor.has(owner_id, *(HEADS if verb in _OF_HEADS else HANDS)):
        return None
    if verb in _OF_HEADS:
        return N_("Only managers and administrators of the organisation that owns it may do this.")
    return N_("Only contributors and managers of the organisation that owns it may do this.")


def require(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID | None) -> None:
    """Raise Refused with the reason of `may`."""
    reason = may(actor, verb, territory_id, owner_id)
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The commands, or scenes, of a territory that the actor may see."""
    here = Q(territory_id=territory_id)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return here
    return here & Q(owner_id__in=actor.sees)
