"""Who sees interventions, who plans and verifies them, who does them.

Contributors, managers and administrators of the owner plan, dispatch, verify and cancel; administrators of
the territory do so for all. The people of the team, as long as they work for its organisation, do what is
done on the spot, and nobody else does it for them. It is seen by the owner and the bodies it belongs to, by
the elected members of the territory, and by whoever works for the contractor of its contract.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.interventions.models import Intervention, TeamMember
from belvedere.kernel.errors import N_, Refused

HANDS = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)
READ_ONLY = N_("This token only reads. Create one that may write.")
NO_SUCH = N_("There is no such intervention, or it is not for you to see.")


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The interventions of a territory that the actor may see, as a condition on Intervention."""
    here = Q(territory_id=territory_id)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return here
    seen = Q(owner_id__in=actor.sees)
    if actor.roles:
        seen |= Q(contract__contractor_id__in=list(actor.roles))
    return here & seen


def may_plan(actor: Actor, territory_id: UUID, owner_id: UUID) -> str | None:
    """None when the actor may plan, dispatch, verify and cancel for the owner, else the reason (a msgid)."""
    if not actor.allows("write"):
        return READ_ONLY
    if actor.governs(territory_id) or actor.has(owner_id, *HANDS):
        return None
    return N_("Only contributors and managers of the organisation that owns the equipment may do this.")


def may_lead(actor: Actor, territory_id: UUID, organisation_id: UUID) -> str | None:
    """None when the actor may say who is in the teams of an organisation, and its checklists."""
    if not actor.allows("write"):
        return READ_ONLY
    if actor.governs(territory_id) or actor.has(organisation_id, *HANDS):
        return None
    return N_("Only contributors and managers of the organisation look after its teams.")


def may_do(actor: Actor, row: Intervention) -> str | None:
    """None when the actor may do what is done on the spot, else the reason (a msgid)."""
    if not actor.allows("write"):
        return READ_ONLY
    if row.team is None or actor.person_id is None:
        return N_("This intervention was given to nobody yet.")
    works_there = row.team.organisation_id in actor.roles
    if works_there and TeamMember.objects.filter(team=row.team, person_id=actor.person_id).exists():
        return None
    return N_("Only the people of the team that has this intervention may do this.")


def require(reason: str | None) -> None:
    """Raise Refused where a policy gave a reason."""
    if reason is not None:
        raise Refused(reason, code="may_not")
