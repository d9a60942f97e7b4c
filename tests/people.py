"""Named people, each differing from the next by one fact, and the small territory they live in.

Valbelle: an agglomeration (the body) whose members are Montaigu and Rochefort; Sautelet is outside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from belvedere.domains.access.public import Actor, Role


@dataclass
class Valbelle:
    """The territory and its bodies, as rows."""

    territory: Any
    body: Any
    montaigu: Any
    rochefort: Any
    sautelet: Any
    canton: Any


@dataclass
class People:
    """Who is who. All but the last three belong to Montaigu."""

    lead: Any  # manager of Montaigu: the project lead
    contributor: Any
    reader: Any
    finance: Any
    administrator: Any  # of Montaigu
    neighbour: Any  # manager of Rochefort: the same role, next door
    office: Any  # manager of the agglomeration
    stranger: Any  # manager of Sautelet, outside the agglomeration
    elected: Any
    governor: Any  # administrator of the territory
    nobody: Any  # signs in, holds no role

    def actor(self, name: str) -> Actor:
        from belvedere.domains.access.public import actor_of

        return actor_of(getattr(self, name))


@pytest.fixture
def valbelle(db: None) -> Valbelle:
    return make_valbelle()


@pytest.fixture
def people(valbelle: Valbelle) -> People:
    return make_people(valbelle)


def make_valbelle() -> Valbelle:
    from belvedere.domains.territory.models import Organisation, OrganisationMember, Territory

    territory = Territory.objects.create(
        slug="valbelle", names={"fr": "Valbelle"}, country="CH", currency="CHF", languages=["fr", "de"]
    )

    def organisation(name: str, kind: str) -> Organisation:
        return Organisation(territory=territory, kind=kind, names={"fr": name}, search=name.lower())

    body = organisation("Agglo Valbelle", "agglomeration")
    montaigu, rochefort, sautelet = (
        organisation(n, "commune") for n in ("Montaigu", "Rochefort", "Sautelet")
    )
    made = Valbelle(territory, body, montaigu, rochefort, sautelet, organisation("Canton", "canton"))
    # All rows of a kind at once: nearly every test begins with them.
    Organisation.objects.bulk_create([body, montaigu, rochefort, sautelet, made.canton])
    OrganisationMember.objects.bulk_create(
        OrganisationMember(body=body, member=member) for member in (montaigu, rochefort)
    )
    return made


def make_people(valbelle: Valbelle) -> People:
    from belvedere.domains.access.models import Membership, Person, TerritoryMembership
    from belvedere.domains.access.public import Role, TerritoryRole

    persons: list[Person] = []
    roles: list[Membership] = []

    def person(name: str, organisation: Any = None, role: Role | None = None) -> Person:
        made = Person(email=f"{name}@example.org", display_name=name.title(), language="fr")
        made.set_password(f"correct horse {name}")
        persons.append(made)
        if organisation is not None and role is not None:
            roles.append(Membership(person=made, organisation=organisation, role=role))
        return made

    made = People(
        lead=person("lead", valbelle.montaigu, Role.MANAGER),
        contributor=person("contributor", valbelle.montaigu, Role.CONTRIBUTOR),
        reader=person("reader", valbelle.montaigu, Role.READER),
        finance=person("finance", valbelle.montaigu, Role.FINANCE),
        administrator=person("administrator", valbelle.montaigu, Role.ADMINISTRATOR),
        neighbour=person("neighbour", valbelle.rochefort, Role.MANAGER),
        office=person("office", valbelle.body, Role.MANAGER),
        stranger=person("stranger", valbelle.sautelet, Role.MANAGER),
        elected=person("elected"),
        governor=person("governor"),
        nobody=person("nobody"),
    )
    Person.objects.bulk_create(persons)
    Membership.objects.bulk_create(roles)
    TerritoryMembership.objects.bulk_create(
        TerritoryMembership(person=person, territory=valbelle.territory, role=role)
        for person, role in (
            (made.elected, TerritoryRole.ELECTED),
            (made.governor, TerritoryRole.ADMINISTRATOR),
        )
    )
    return made
