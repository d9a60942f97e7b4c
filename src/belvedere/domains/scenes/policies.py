"""Who sees scenes and the ledger, who writes and switches them.

Seen by whoever sees the commands of their owner. Managers and administrators of the owner write scenes, their
overrides and the ledger; its contributors also switch by hand. Administrators of the territory do all.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor
from belvedere.domains.commands import public as commands
from belvedere.kernel.errors import Refused


def may(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID) -> str | None:
    """None when the actor may do `verb` ("view", "write", "switch_by_hand"), else the reason (a msgid)."""
    asked = {"view": "view", "write": "write_scene", "switch_by_hand": "request"}[verb]
    return commands.may(actor, asked, territory_id, owner_id)


def require(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID) -> None:
    """Raise Refused with the reason of `may`."""
    reason = may(actor, verb, territory_id, owner_id)
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The scenes, or lines of the ledger, of a territory that the actor may see."""
    here = Q(territory_id=territory_id, removed_at__isnull=True)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return here
    return here & Q(owner_id__in=actor.sees)
