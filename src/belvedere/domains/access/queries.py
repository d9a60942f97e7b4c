"""Typed reads of people and roles."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.models import Membership, Person, TerritoryMembership
from belvedere.domains.access.states import Role, TerritoryRole
from belvedere.domains.territory.public import members_of


def actor_of(person: Person, *, request_id: str = "", scopes: frozenset[str] | None = None) -> Actor:
    """The actor that `person` is now: three queries."""
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for organisation_id, role in Membership.objects.filter(
        person=person, ended_at__isnull=True, organisation__active=True
    ).values_list("organisation_id", "role"):
        roles[organisation_id].add(Role(role))
    territory_roles: dict[UUID, set[TerritoryRole]] = defaultdict(set)
    for territory_id, held in TerritoryMembership.objects.filter(
        person=person, ended_at__isnull=True
    ).values_list("territory_id", "role"):
        territory_roles[territory_id].add(TerritoryRole(held))
    return Actor(
        label=person.display_name,
        person_id=person.pk,
        language=person.language,
        roles={key: frozenset(held) for key, held in roles.items()},
        territory_roles={key: frozenset(held) for key, held in territory_roles.items()},
        sees=frozenset(roles) | members_of(frozenset(roles)),
        scopes=scopes,
        request_id=request_id,
    )
