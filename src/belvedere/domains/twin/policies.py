"""Who sees and who manages the things of a territory.

Contributors, managers and administrators of the owning organisation manage its things and their devices;
administrators of the territory manage all. What is `own` is seen by the owner and the bodies it belongs to,
what is `shared` by whoever holds a role in the territory, what is `public` by everyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.territory.public import territories_of_organisations
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.domains.twin.states import Visibility
from belvedere.kernel.audiences import Audience
from belvedere.kernel.errors import N_, Refused

HANDS = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)
# Verbs that show or end a secret: never by a token, which might be in the wrong hands.
BY_SESSION = frozenset({"register_device", "rotate_secret", "revoke_device"})
NO_SUCH_ENTITY = N_("There is no such thing, or it is not published.")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a right is asked on: somebody's part of a territory, and who may see it."""

    territory_id: UUID
    owner_id: UUID | None
    visibility: str = Visibility.OWN


def works_in(actor: Actor, territory_id: UUID) -> bool:
    """Whether the actor holds any role in the territory."""
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return True
    return bool(actor.roles) and territory_id in territories_of_organisations(frozenset(actor.roles))


def audience(actor: Actor, territory_id: UUID) -> Audience:
    """What the actor may know of in the territory, as a value that asks no more questions."""
    if sees_all(actor, territory_id):
        return Audience(everything=True)
    return Audience(shared=works_in(actor, territory_id), owners=actor.sees)


def sees(actor: Actor, thing: Thing) -> bool:
    """Whether the actor may know of the thing."""
    if thing.visibility == Visibility.PUBLIC or sees_all(actor, thing.territory_id):
        return True
    if thing.owner_id is not None and thing.owner_id in actor.sees:
        return True
    return thing.visibility == Visibility.SHARED and works_in(actor, thing.territory_id)


def sees_all(actor: Actor, territory_id: UUID) -> bool:
    return actor.governs(territory_id) or actor.is_elected(territory_id)


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The things of a territory that the actor may see, as a condition on Entity."""
    here = Q(territory_id=territory_id)
    if sees_all(actor, territory_id):
        return here
    shown = [Visibility.PUBLIC]
    if works_in(actor, territory_id):
        shown.append(Visibility.SHARED)
    allowed = Q(visibility__in=shown)
    return here & (allowed | Q(owner_id__in=actor.sees)) if actor.sees else here & allowed


def sees_attribute(actor: Actor, thing: Thing, visibility: str | None) -> bool:
    """Whether an attribute of a thing that the actor sees is shown too: it may be kept closer."""
    return visibility is None or sees(actor, Thing(thing.territory_id, thing.owner_id, visibility))


def may(actor: Actor, verb: str, thing: Thing) -> str | None:
    """None when the actor may do `verb`, else the reason (a msgid)."""
    if verb == "view":
        return None if sees(actor, thing) else NO_SUCH_ENTITY
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if verb in BY_SESSION and actor.scopes is not None:
        return N_("A token cannot do this. Sign in with a browser.")
    if actor.governs(thing.territory_id):
        return None
    if verb == "set_strictness":
        return N_("Only administrators of the territory say what becomes of values out of bounds.")
    if thing.owner_id is None:
        return N_("Only administrators of the territory manage things that belong to no organisation.")
    if actor.has(thing.owner_id, *HANDS):
        return None
    return N_("Only contributors and managers of the organisation that owns it may do this.")


def require(actor: Actor, verb: str, thing: Thing, *, new: bool = False) -> None:
    """Raise when `may` refuses: NoSuchEntity where the actor may not even know of a thing that is there."""
    reason = may(actor, verb, thing)
    if reason is None:
        return
    if not new and not sees(actor, thing):
        raise NoSuchEntity(NO_SUCH_ENTITY)
    raise Refused(reason, code=f"may_not_{verb}")
