"""Who may say what comes of two works, and who sets how near is near.

Whoever may change one of the two measures decides; the administrators of the territory set the rule. A
conflict is seen by whoever sees both measures (plans).
"""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import policies, works
from belvedere.kernel.errors import N_, Refused


def may_decide(actor: Actor, pair: tuple[works.MeasureWorks, works.MeasureWorks]) -> str | None:
    """None when the actor may give a verdict on two works, else the reason (a msgid)."""
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    for one in pair:
        if policies.may(actor, "edit", policies.Thing(one.territory_id, one.owner_id, one.published)) is None:
            return None
    return N_("Only contributors and managers of one of the two owners may say what comes of it.")


def may_set_rule(actor: Actor, territory_id: UUID) -> str | None:
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(territory_id):
        return None
    return N_("Only administrators of the territory may set from which distance works are a conflict.")


def require(reason: str | None, code: str) -> None:
    """Raise Refused for a reason."""
    if reason is not None:
        raise Refused(reason, code=code)
