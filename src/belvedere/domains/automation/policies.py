"""Who sees and writes rules, who sees and looks after alarms.

Rules and alarms belong to an organisation, or to the territory. They are seen by the owner and the bodies it
belongs to. Managers and administrators of the owner write its rules; contributors look after its alarms too.
The administrators of the territory do all.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.twin.public import Thing, works_in
from belvedere.domains.twin.public import may as may_in_twin
from belvedere.kernel.errors import N_, Refused

WRITES = (Role.MANAGER, Role.ADMINISTRATOR)
HANDLES = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)
_WRITING = frozenset({"write_rule"})


def may(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID | None) -> str | None:
    """None when the actor may do `verb` ("view", "write_rule", "handle") on a rule or alarm of that owner,
    else the reason (a msgid)."""
    if verb == "view":
        seen = may_in_twin(actor, "view", Thing(territory_id, owner_id)) is None
        if seen or (owner_id is None and works_in(actor, territory_id)):
            return None
        return N_("Only its organisation and the bodies it belongs to see this.")
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(territory_id):
        return None
    if owner_id is None:
        return N_("Only administrators of the territory look after rules and alarms of the whole territory.")
    if actor.has(owner_id, *(WRITES if verb in _WRITING else HANDLES)):
        return None
    if verb in _WRITING:
        return N_("Only managers and administrators of the organisation write its rules.")
    return N_("Only contributors and managers of the organisation look after its alarms.")


def require(actor: Actor, verb: str, territory_id: UUID, owner_id: UUID | None) -> None:
    reason = may(actor, verb, territory_id, owner_id)
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The rules, or alarms, of a territory that the actor may see."""
    here = Q(territory_id=territory_id)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return here
    seen = Q(owner_id__in=actor.sees)
    if works_in(actor, territory_id):
        seen |= Q(owner_id__isnull=True)
    return here & seen
