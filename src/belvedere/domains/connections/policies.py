"""Who connects network servers, brings decoders, says how a device is read.

A connection may speak for the devices of its owner only, so whoever manages those may set it up; one without
an owner speaks for all devices of the territory and is its administrators' to set up. Scripts are code: the
administrators of the territory bring them.
"""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import organisation, territory_by_id
from belvedere.domains.twin.public import Thing
from belvedere.domains.twin.public import may as may_in_twin
from belvedere.kernel.errors import N_, InvalidInput, Refused


def may_connect(actor: Actor, territory_id: UUID, owner_id: UUID | None) -> str | None:
    """None when the actor may see and change a connection of that owner, else the reason (a msgid)."""
    return may_in_twin(actor, "register_device", Thing(territory_id, owner_id))


def require_connect(actor: Actor, territory_id: UUID, owner_id: UUID | None) -> None:
    reason = may_connect(actor, territory_id, owner_id)
    if reason is not None:
        raise Refused(reason, code="may_not_connect")


def require_owner(actor: Actor, territory_id: UUID, owner_id: UUID | None) -> None:
    """Raise unless the actor may connect something of that owner, who belongs to the territory."""
    require_connect(actor, territory_id, owner_id)
    if owner_id is not None and organisation(owner_id).territory_id != territory_id:
        raise InvalidInput(N_("This organisation belongs to another territory."), field="owner")


def may_script(actor: Actor, territory_id: UUID) -> str | None:
    """None when the actor may bring, try and change decoders of the territory, else the reason."""
    if not actor.governs(territory_id):
        return N_("Only an administrator of the territory {territory} brings decoders.")
    if actor.scopes is not None:
        return N_("A token cannot do this. Sign in with a browser.")
    return None


def require_script(actor: Actor, territory_id: UUID) -> None:
    reason = may_script(actor, territory_id)
    if reason is not None:
        raise Refused(reason, code="may_not_script", territory=territory_by_id(territory_id).name)
