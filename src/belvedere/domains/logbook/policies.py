"""Who reads and who writes a log book: those who see, and those who look after, the alarms of its
organisation. The one of the territory itself is read by all who work there, written by its administrators.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.twin.public import works_in
from belvedere.kernel.errors import N_, Refused


def may_write(actor: Actor, territory_id: UUID, owner_id: UUID | None) -> str | None:
    """None when the actor may write in that log book, else the reason (a msgid)."""
    if automation.may(actor, "handle", territory_id, owner_id) is None:
        return None
    return N_("Only contributors and managers of the organisation write in its log book.")


def require(actor: Actor, territory_id: UUID, owner_id: UUID | None) -> None:
    reason = may_write(actor, territory_id, owner_id)
    if reason is not None:
        raise Refused(reason, code="may_not_write")


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The entries, or hand-overs, of a territory that the actor may see."""
    whole = Q(territory_id=territory_id)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return whole
    owned = Q(owner_id__in=list(actor.sees))
    return whole & (owned | Q(owner_id__isnull=True) if works_in(actor, territory_id) else owned)
