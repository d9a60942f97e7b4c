"""Who sees and who manages equipment and its contracts.

Contributors, managers and administrators of the owning organisation manage its equipment, managers and
administrators its contracts; administrators of the territory manage all. It is seen by the owner and the
bodies it belongs to, by the elected members of the territory, and by whoever works for a contractor as long
as the contract runs: that equipment alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor, Role
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, Refused

HANDS = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)
HEADS = (Role.MANAGER, Role.ADMINISTRATOR)
OF_CONTRACTS = frozenset({"make_contract", "change_contract", "end_contract"})
NO_SUCH_EQUIPMENT = N_("There is no such equipment, or it is not for you to see.")
NO_SUCH_CONTRACT = N_("There is no such contract, or it is not for you to see.")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a right is asked on: the equipment or the contracts of an organisation of a territory."""

    territory_id: UUID
    owner_id: UUID


def sees_all(actor: Actor, territory_id: UUID) -> bool:
    return actor.governs(territory_id) or actor.is_elected(territory_id)


def _runs(prefix: str = "") -> Q:
    """That a contract is in force today."""
    day = today()
    ends = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    return Q(**{f"{prefix}starts_on__lte": day}) & ends


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The equipment of a territory that the actor may see, as a condition on Equipment."""
    here = Q(territory_id=territory_id)
    if sees_all(actor, territory_id):
        return here
    allowed = Q(owner_id__in=actor.sees)
    if actor.roles:
        allowed |= Q(contract__contractor_id__in=list(actor.roles)) & _runs("contract__")
    return here & allowed


def visible_contracts(actor: Actor, territory_id: UUID) -> Q:
    """The contracts of a territory that the actor may see: both parties do, also once it is over."""
    here = Q(territory_id=territory_id)
    if sees_all(actor, territory_id):
        return here
    return here & (Q(owner_id__in=actor.sees) | Q(contractor_id__in=list(actor.roles)))


def may(actor: Actor, verb: str, thing: Thing) -> str | None:
    """None when the actor may do `verb` on what he sees, else the reason (a msgid)."""
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(thing.territory_id):
        return None
    if verb in OF_CONTRACTS:
        if actor.has(thing.owner_id, *HEADS):
            return None
        return N_("Only managers of the organisation that owns the equipment make and change its contracts.")
    if actor.has(thing.owner_id, *HANDS):
        return None
    return N_("Only contributors and managers of the organisation that owns the equipment may do this.")


def require(actor: Actor, verb: str, thing: Thing) -> None:
    """Raise Refused with the reason of `may`."""
    reason = may(actor, verb, thing)
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")
