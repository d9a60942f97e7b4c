"""Whom a message goes to: people by their identifier, by the role they hold, by where they work.

For the platform's own messages: the caller decides who may know what, nothing is checked here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.models import Membership, Person, TerritoryMembership
from belvedere.domains.access.states import Role, TerritoryRole
from belvedere.domains.territory.public import members_of
from belvedere.duties.privacy.public import decrypt


@dataclass(frozen=True, slots=True)
class Contact:
    """How someone with an open account is reached."""

    id: UUID
    name: str
    email: str
    language: str


def contacts(person_ids: Collection[UUID]) -> dict[UUID, Contact]:
    """The people among these whose account is open."""
    rows = Person.objects.filter(pk__in=list(person_ids), is_active=True, erased_at__isnull=True)
    return {
        pk: Contact(pk, name, email, language)
        for pk, name, email, language in rows.values_list("id", "display_name", "email", "language")
    }


def phones_of(person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The telephone numbers of those among these whose account is open and names one, as they wrote them."""
    rows = Person.objects.filter(
        pk__in=list(person_ids), is_active=True, erased_at__isnull=True, phone__isnull=False
    )
    return {pk: decrypt(phone) for pk, phone in rows.values_list("id", "phone") if phone is not None}


def holders(organisation_ids: Collection[UUID], *roles: Role) -> dict[UUID, frozenset[UUID]]:
    """The people who hold one of `roles` (any, without) in each of these organisations now."""
    rows = Membership.objects.filter(
        organisation_id__in=list(organisation_ids), ended_at__isnull=True, person__is_active=True
    )
    if roles:
        rows = rows.filter(role__in=roles)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for organisation_id, person_id in rows.values_list("organisation_id", "person_id"):
        found[organisation_id].add(person_id)
    return {key: frozenset(people) for key, people in found.items()}


def working_in(territory_id: UUID) -> list[Actor]:
    """Everyone with a role in the territory now, by name, as the actors they are."""
    roles: dict[UUID, dict[UUID, set[Role]]] = defaultdict(lambda: defaultdict(set))
    rows = Membership.objects.filter(
        organisation__territory_id=territory_id,
        organisation__active=True,
        ended_at__isnull=True,
        person__is_active=True,
    )
    for person_id, organisation_id, role in rows.values_list("person_id", "organisation_id", "role"):
        roles[person_id][organisation_id].add(Role(role))
    held: dict[UUID, set[TerritoryRole]] = defaultdict(set)
    whole = TerritoryMembership.objects.filter(
        territory_id=territory_id, ended_at__isnull=True, person__is_active=True
    )
    for person_id, territory_role in whole.values_list("person_id", "role"):
        held[person_id].add(TerritoryRole(territory_role))
    members: dict[frozenset[UUID], frozenset[UUID]] = {}
    for one in roles.values():
        bodies = frozenset(one)
        members[bodies] = members.get(bodies) or members_of(bodies)
    return [
        Actor(
            label=person.name,
            person_id=person.id,
            language=person.language,
            roles={body: frozenset(some) for body, some in roles[person.id].items()},
            territory_roles={territory_id: frozenset(held[person.id])} if held[person.id] else {},
            sees=frozenset(roles[person.id]) | members.get(frozenset(roles[person.id]), frozenset()),
        )
        for person in sorted(
            contacts({*roles, *held}).values(), key=lambda contact: (contact.name.casefold(), contact.id)
        )
    ]
