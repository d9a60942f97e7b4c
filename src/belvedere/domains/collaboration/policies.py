"""Who may comment, follow, suggest and decide. `may` gives the reason when it refuses, None when it allows.

Comments are among the people who work on a measure: its owner's, those of the bodies the owner belongs to,
the elected, the administrators of the territory. Everyone who sees a measure may suggest; who may change
the measure decides.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.plans.public import brief, policies
from belvedere.kernel.errors import N_, NotFound, Refused

EDITORS: Final = policies.RULES["edit"][0]
_INSIDE: Final = N_(
    "Comments are for the people who work on this measure: its owner, the bodies it belongs to and the "
    "elected members. Make a suggestion instead."
)
_WRITE: Final = N_("This token only reads. Create one that may write.")
_SIGN_IN: Final = N_("Sign in to do this.")


def may(actor: Actor, verb: str, measure: brief.Brief) -> str | None:
    """None when `actor` may `read_comments`, `comment`, `follow`, `suggest` or `decide`, else the reason."""
    if verb == "read_comments":
        return None if measure.inside(actor) else _INSIDE
    if not actor.allows("write"):
        return _WRITE
    if verb == "suggest":
        return policies.may(actor, "view", measure.thing)
    if verb == "decide":
        return policies.may(actor, "edit", measure.thing)
    if actor.person_id is None and not actor.is_platform:
        return _SIGN_IN
    if verb == "comment":
        return None if measure.inside(actor) else _INSIDE
    if verb == "follow":
        return policies.may(actor, "view", measure.thing)
    raise ValueError(verb)


def require(actor: Actor, verb: str, measure: brief.Brief) -> None:
    """Raise when `may` refuses: NotFound where the actor may not even know of the measure."""
    reason = may(actor, verb, measure)
    if reason is None:
        return
    if policies.may(actor, "view", measure.thing) is not None:
        raise NotFound(N_("There is no such measure, or it is not published."))
    raise Refused(reason, code=f"may_not_{verb}")


def decides_for(actor: Actor, territory_id: UUID) -> frozenset[UUID] | None:
    """The owners whose suggestions the actor decides; None: all of the territory's."""
    if actor.governs(territory_id):
        return None
    return frozenset(body for body in actor.roles if actor.has(body, *EDITORS))


def works_for(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor holds a role in the organisation: may share a view with its people."""
    return actor.has(organisation_id, *Role)
