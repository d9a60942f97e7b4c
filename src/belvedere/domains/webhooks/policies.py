"""Who sets up webhooks: the administrators of the territory, since they see all that is told."""

from __future__ import annotations

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.errors import N_, Refused


def may(actor: Actor, territory: TerritoryView) -> str | None:
    """None when the actor may see and change the webhooks of a territory, else the reason (a msgid)."""
    if not actor.governs(territory.id):
        return N_("Only an administrator of the territory {territory} sets up webhooks.")
    if actor.scopes is not None:
        return N_("A token cannot do this. Sign in with a browser.")
    return None


def require(actor: Actor, territory: TerritoryView) -> None:
    reason = may(actor, territory)
    if reason is not None:
        raise Refused(reason, territory=territory.name)
