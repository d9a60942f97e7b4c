"""Who may do what with plans and measures.

A commune's people see and change their own; a body sees its members' unpublished measures too; a territory
administrator sees and changes all; elected members see all of their territory; the public sees what is
published. `may` gives the reason when it refuses, None when it allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor, Role
from belvedere.kernel.errors import N_, NotFound, Refused


@dataclass(frozen=True, slots=True)
class Thing:
    """What a right is asked on: an organisation's part of a territory, and whether it is published."""

    territory_id: UUID
    owner_id: UUID
    published: bool = False


# verb -> the roles in the owner organisation that allow it, and what to say otherwise
RULES: dict[str, tuple[frozenset[Role], str]] = {
    "create": (
        frozenset({Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR}),
        N_("Only contributors and managers of the owner may add its measures."),
    ),
    "edit": (
        frozenset({Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR}),
        N_("Only contributors and managers of the owner may change its measures."),
    ),
    "edit_money": (
        frozenset({Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
        N_("Only managers and finance officers of the owner may change its amounts."),
    ),
    "move_agreement": (
        frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
        N_("Only managers of the owner, or of the body that holds the plan, may move the agreement on aid."),
    ),
    "publish": (
        frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
        N_("Only managers of the owner may publish its measures or take them back."),
    ),
    "edit_plan": (
        frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
        N_("Only managers of the body that holds a plan may change it."),
    ),
    "edit_frames": (
        frozenset({Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
        N_("Only managers and finance officers of the organisation may set its ceilings."),
    ),
    "make_scenario": (
        frozenset({Role.CONTRIBUTOR, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
        N_("Only people who work on the measures of the organisation may save scenarios."),
    ),
    "archive_scenario": (
        frozenset({Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
        N_("Only managers and finance officers of the organisation may archive its scenarios."),
    ),
    "vote_snapshot": (
        frozenset({Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
        N_("Only managers and finance officers of the organisation may record what was voted."),
    ),
    "explain_variance": (
        frozenset({Role.CONTRIBUTOR, Role.MANAGER, Role.FINANCE, Role.ADMINISTRATOR}),
        N_("Only people who work on the measures of the organisation may explain what changed."),
    ),
}


def sees(actor: Actor, thing: Thing) -> bool:
    """Whether the actor may know of the thing at all."""
    return (
        thing.published
        or thing.owner_id in actor.sees
        or actor.governs(thing.territory_id)
        or actor.is_elected(thing.territory_id)
    )


def may(actor: Actor, verb: str, thing: Thing) -> str | None:
    """None when `actor` may do `verb` on `thing`, else the reason (a msgid)."""
    if verb == "view":
        return None if sees(actor, thing) else N_("This measure is not published.")
    roles, reason = RULES[verb]
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(thing.territory_id) or actor.has(thing.owner_id, *roles):
        return None
    return reason


def require(actor: Actor, verb: str, thing: Thing) -> None:
    """Raise when `may` refuses: NotFound where the actor may not even know of the thing."""
    reason = may(actor, verb, thing)
    if reason is None:
        return
    if verb not in ("create", "edit_plan") and not sees(actor, thing):
        raise NotFound(N_("There is no such measure, or it is not published."))
    raise Refused(reason, code=f"may_not_{verb}")


def require_either(actor: Actor, verb: str, thing: Thing, holder: Thing | None) -> None:
    """As `require`, but who may change the plan `holder` may too, on what he sees."""
    if holder is not None and may(actor, "edit_plan", holder) is None and sees(actor, thing):
        return
    require(actor, verb, thing)


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The measures of a territory that the actor may see, as a condition on Measure."""
    here = Q(territory_id=territory_id)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return here
    return here & (Q(published=True) | Q(owner_id__in=actor.sees)) if actor.sees else here & Q(published=True)


def enters_cockpit(actor: Actor, territory_id: UUID, organisation_ids: frozenset[UUID]) -> bool:
    """Whether the actor has anything to do in the cockpit of a territory with these organisations."""
    return (
        actor.governs(territory_id)
        or actor.is_elected(territory_id)
        or not organisation_ids.isdisjoint(actor.roles)
    )


def sees_outlook(actor: Actor, territory_id: UUID, organisation_id: UUID) -> bool:
    """Whether the actor may see what an organisation has to budget: its people, its bodies', the elected."""
    return organisation_id in actor.sees or actor.governs(territory_id) or actor.is_elected(territory_id)


def require_outlook(actor: Actor, territory_id: UUID, organisation_id: UUID) -> None:
    """Raise Refused for who may not see what an organisation has to budget."""
    if not sees_outlook(actor, territory_id, organisation_id):
        raise Refused(
            N_(
                "Only the people of an organisation, of the bodies it belongs to and the elected members see "
                "what it has to budget."
            ),
            code="may_not_see_outlook",
        )
