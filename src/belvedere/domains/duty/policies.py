"""Who sees and who writes rosters and plans of climbing.

They are seen by whoever sees the alarms of their organisation, and written by its managers and
administrators and those of the territory. Whoever is on a roster also enters stand-ins on it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.kernel.errors import N_, Refused


def may_write(actor: Actor, territory_id: UUID, owner_id: UUID) -> str | None:
    """None when the actor may write rosters and plans of that organisation, else the reason (a msgid)."""
    if automation.may(actor, "write_rule", territory_id, owner_id) is None:
        return None
    return N_("Only managers and administrators of the organisation write its rosters and plans.")


def may_stand_in(actor: Actor, territory_id: UUID, owner_id: UUID, members: frozenset[UUID]) -> str | None:
    """None when the actor may enter a stand-in on a roster with these people."""
    if may_write(actor, territory_id, owner_id) is None:
        return None
    if actor.person_id in members and actor.allows("write") and owner_id in actor.roles:
        return None
    return N_("Only who is on the roster, or writes it, enters a stand-in.")


def require(reason: str | None) -> None:
    if reason is not None:
        raise Refused(reason)


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The rosters, or plans, of a territory that the actor may see."""
    here = Q(territory_id=territory_id, removed_at__isnull=True)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return here
    return here & Q(owner_id__in=actor.sees)
