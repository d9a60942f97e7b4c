"""Who may do what with reporting rounds.

The office (managers of the body that asks, administrators of the territory) runs rounds; the people who
work on an owner's measures answer for it; who sees an organisation's unpublished measures reads its answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.reporting.errors import NoSuchRound
from belvedere.kernel.errors import N_, Refused

OFFICE = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
ANSWERERS = frozenset({Role.CONTRIBUTOR, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Thing:
    """What a right is asked on: the body that asks (`run`) or an owner's checklist (`answer`, `view`)."""

    territory_id: UUID
    organisation_id: UUID


RULES = {
    "run": (OFFICE, N_("Only managers of the body that holds the plan run its reporting rounds.")),
    "answer": (
        ANSWERERS,
        N_("Only the people who work on the owner’s measures answer for it. Ask the owner to do so."),
    ),
}


def sees(actor: Actor, thing: Thing) -> bool:
    """Whether the actor may read the answers of an organisation, or the whole round of a body."""
    return (
        thing.organisation_id in actor.sees
        or actor.governs(thing.territory_id)
        or actor.is_elected(thing.territory_id)
    )


def may(actor: Actor, verb: str, thing: Thing) -> str | None:
    """None when `actor` may do `verb` ("run", "answer", "view") on `thing`, else the reason (a msgid)."""
    if verb == "view":
        return None if sees(actor, thing) else N_("This checklist is another organisation’s.")
    roles, reason = RULES[verb]
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(thing.territory_id) or actor.has(thing.organisation_id, *roles):
        return None
    return reason


def require(actor: Actor, verb: str, thing: Thing) -> None:
    """Raise when `may` refuses: NoSuchRound where the actor may not even know of it."""
    reason = may(actor, verb, thing)
    if reason is None:
        return
    if not sees(actor, thing):
        raise NoSuchRound(N_("There is no such reporting round, or it is not open to you."))
    raise Refused(reason, code=f"may_not_{verb}")
