"""Who sees packs and who switches them: those who work in the territory; its administrators."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.kernel.errors import N_, Refused


def may(actor: Actor, verb: str, territory_id: UUID) -> str | None:
    """None when the actor may "view" or "switch" packs of a territory, else the reason (a msgid)."""
    if verb == "view":
        if automation.may(actor, "view", territory_id, None) is None:
            return None
        return N_("Only those who work in this territory see its packs.")
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(territory_id):
        return None
    return N_("Only administrators of the territory switch packs on and off.")


def require(actor: Actor, verb: str, territory_id: UUID) -> None:
    reason = may(actor, verb, territory_id)
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")
