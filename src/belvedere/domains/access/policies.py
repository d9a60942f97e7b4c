"""Who may do what with people, roles, invitations and tokens.

`may` gives the reason when it refuses, None when it allows. A reason is a sentence that says who may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.states import Role, Scope
from belvedere.kernel.errors import N_, Refused


@dataclass(frozen=True, slots=True)
class Thing:
    """What a right is asked on: an organisation of a territory (None: the whole territory), a person."""

    territory_id: UUID | None = None
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    organisation: str = ""  # names, for the sentence
    territory: str = ""
    elsewhere: frozenset[UUID] = frozenset()  # the other territories where the person holds a role


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: an English sentence with placeholders (a msgid) and what fills them."""

    message: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def error(self) -> Refused:
        return Refused(self.message, **self.data)


Rule = Callable[[Actor, Thing], Reason | None]


def _governs(actor: Actor, thing: Thing) -> bool:
    return thing.territory_id is not None and actor.governs(thing.territory_id)


def _administers(actor: Actor, thing: Thing) -> bool:
    return _governs(actor, thing) or (
        thing.organisation_id is not None and actor.has(thing.organisation_id, Role.ADMINISTRATOR)
    )


def _organisation(message: str) -> Rule:
    def rule(actor: Actor, thing: Thing) -> Reason | None:
        if _administers(actor, thing):
            return None
        return Reason(message, {"organisation": thing.organisation, "territory": thing.territory})

    return rule


def _territory(message: str) -> Rule:
    def rule(actor: Actor, thing: Thing) -> Reason | None:
        return None if _governs(actor, thing) else Reason(message, {"territory": thing.territory})

    return rule


def _not_for_oneself(rule: Rule) -> Rule:
    def guarded(actor: Actor, thing: Thing) -> Reason | None:
        refused = rule(actor, thing)
        if refused is None and thing.person_id is not None and thing.person_id == actor.person_id:
            return Reason(N_("Nobody changes their own role. Ask another administrator."))
        return refused

    return guarded


def _or_oneself(rule: Rule) -> Rule:
    def widened(actor: Actor, thing: Thing) -> Reason | None:
        if thing.person_id is not None and thing.person_id == actor.person_id:
            return None
        return rule(actor, thing)

    return widened


def _themselves(message: str) -> Rule:
    def rule(actor: Actor, thing: Thing) -> Reason | None:
        return None if thing.person_id == actor.person_id is not None else Reason(message)

    return rule


def _by_session(rule: Rule) -> Rule:
    def guarded(actor: Actor, thing: Thing) -> Reason | None:
        if actor.scopes is not None:
            return Reason(N_("A token cannot do this. Sign in with a browser."))
        return rule(actor, thing)

    return guarded


def _deactivate(actor: Actor, thing: Thing) -> Reason | None:
    if actor.is_platform:
        return None
    if not _governs(actor, thing):
        return Reason(
            N_("Only an administrator of the territory {territory} may close an account."),
            {"territory": thing.territory},
        )
    if any(not actor.governs(other) for other in thing.elsewhere):
        return Reason(
            N_(
                "This person also works in another territory. End their roles here instead; only who "
                "governs both territories may close the account."
            )
        )
    return None


def _see_people(actor: Actor, thing: Thing) -> Reason | None:
    if _administers(actor, thing):
        return None
    return Reason(
        N_("Only administrators see the people of {territory}. Ask one of them."),
        {"territory": thing.territory},
    )


_INVITE = N_("Only an administrator of {organisation} may invite people.")
_ROLE = N_("Only an administrator of {organisation} may change roles there.")
_GOVERN = N_("Only an administrator of the territory {territory} may give or end territory roles.")
_OWN = N_("Only the person themselves may do this.")

RULES: Mapping[str, Rule] = {
    "see_people": _see_people,
    "invite_person": _organisation(_INVITE),
    "give_role": _not_for_oneself(_organisation(_ROLE)),
    "change_role": _not_for_oneself(_organisation(_ROLE)),
    "end_membership": _or_oneself(_organisation(_ROLE)),
    "invite_to_territory": _territory(_GOVERN),
    "give_territory_role": _not_for_oneself(_territory(_GOVERN)),
    "end_territory_role": _or_oneself(_territory(_GOVERN)),
    "deactivate_person": _deactivate,
    "change_own_details": _by_session(_themselves(_OWN)),
    "create_token": _by_session(_themselves(_OWN)),
    "end_session": _by_session(_themselves(_OWN)),
    "revoke_token": _by_session(_themselves(_OWN)),
}


def may(actor: Actor, verb: str, thing: Thing) -> Reason | None:
    """None when `actor` may do `verb` (a key of `RULES`) on `thing`, else the reason."""
    rule = RULES[verb]
    if not actor.allows(Scope.PEOPLE):
        return Reason(N_("This token may not manage people. Create one that may."))
    return rule(actor, thing)


def require(actor: Actor, verb: str, thing: Thing) -> None:
    """Raise `Refused` with the reason of `may`."""
    reason = may(actor, verb, thing)
    if reason is not None:
        raise reason.error()
