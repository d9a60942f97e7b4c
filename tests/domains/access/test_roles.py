"""Roles: who gives, changes and ends them; nobody their own; a territory keeps an administrator."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from belvedere.domains.access.errors import LastAdministrator, NoSuchPerson
from belvedere.domains.access.models import ApiToken, Membership, TerritoryMembership
from belvedere.domains.access.public import (
    Actor,
    Role,
    TerritoryRole,
    change_role,
    create_token,
    deactivate_person,
    end_membership,
    end_territory_role,
    give_role,
    give_territory_role,
    people_of,
)
from belvedere.domains.territory.models import Organisation, Territory
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.errors import Conflict, Refused
from tests.domains.access.test_invitations import EVERYONE
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
Act = Callable[..., None]


def held(people: People, name: str) -> dict[str, set[Role]]:
    rows = Membership.objects.filter(person=getattr(people, name), ended_at__isnull=True)
    found: dict[str, set[Role]] = {}
    for row in rows:
        found.setdefault(row.organisation.names["fr"], set()).add(Role(row.role))
    return found


VERBS: dict[str, Act] = {
    "give": lambda actor, people, valbelle: give_role(
        actor=actor,
        person_id=people.nobody.pk,
        organisation_id=valbelle.montaigu.pk,
        role=Role.READER,
    ),
    "change": lambda actor, people, valbelle: change_role(
        actor=actor,
        person_id=people.reader.pk,
        organisation_id=valbelle.montaigu.pk,
        role=Role.READER,
        new_role=Role.FINANCE,
    ),
    "end": lambda actor, people, valbelle: end_membership(
        actor=actor,
        person_id=people.contributor.pk,
        organisation_id=valbelle.montaigu.pk,
        role=Role.CONTRIBUTOR,
    ),
}
MAY = {
    "give": {"administrator", "governor"},
    "change": {"administrator", "governor"},
    "end": {"administrator", "governor", "contributor"},  # anyone may leave
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", EVERYONE)
def test_who_manages_roles_of_an_organisation(
    people: People, valbelle: Valbelle, verb: str, name: str
) -> None:
    before = Membership.objects.filter(ended_at__isnull=True).count()
    if name in MAY[verb]:
        VERBS[verb](people.actor(name), people, valbelle)
        assert EntryRow.objects.get().actor_id == getattr(people, name).pk
    else:
        with pytest.raises(Refused) as refused:
            VERBS[verb](people.actor(name), people, valbelle)
        assert "Montaigu" in str(refused.value) or "own role" in str(refused.value)
        assert Membership.objects.filter(ended_at__isnull=True).count() == before
        assert not EntryRow.objects.exists()


def test_a_changed_role_replaces_the_old_one(people: People, valbelle: Valbelle) -> None:
    VERBS["change"](people.actor("administrator"), people, valbelle)
    assert held(people, "reader") == {"Montaigu": {Role.FINANCE}}
    entry = EntryRow.objects.get()
    assert (entry.before["role"], entry.after["role"]) == ("reader", "finance")
    with pytest.raises(Conflict):  # someone else changed it first
        VERBS["change"](people.actor("governor"), people, valbelle)


@pytest.mark.parametrize("name", ["administrator", "governor"])
def test_nobody_raises_their_own_role(people: People, valbelle: Valbelle, name: str) -> None:
    me = getattr(people, name)
    with pytest.raises(Refused, match="own role"):
        give_role(
            actor=people.actor(name),
            person_id=me.pk,
            organisation_id=valbelle.montaigu.pk,
            role=Role.FINANCE,
        )
    with pytest.raises(Refused):
        give_territory_role(
            actor=people.actor(name),
            person_id=me.pk,
            territory_id=valbelle.territory.pk,
            role=TerritoryRole.ADMINISTRATOR,
        )


@pytest.mark.parametrize("name", EVERYONE)
def test_only_the_governor_gives_territory_roles(people: People, valbelle: Valbelle, name: str) -> None:
    def act() -> None:
        give_territory_role(
            actor=people.actor(name),
            person_id=people.lead.pk,
            territory_id=valbelle.territory.pk,
            role=TerritoryRole.ELECTED,
        )

    if name == "governor":
        act()
        assert TerritoryMembership.objects.filter(person=people.lead).count() == 1
    else:
        with pytest.raises(Refused):
            act()
        assert not TerritoryMembership.objects.filter(person=people.lead).exists()


@pytest.mark.parametrize("name", EVERYONE)
def test_who_ends_territory_roles(people: People, valbelle: Valbelle, name: str) -> None:
    def act() -> None:
        end_territory_role(
            actor=people.actor(name),
            person_id=people.elected.pk,
            territory_id=valbelle.territory.pk,
            role=TerritoryRole.ELECTED,
        )

    if name in {"governor", "elected"}:
        act()
        assert people.actor("elected").territory_roles == {}
    else:
        with pytest.raises(Refused):
            act()


def test_a_governor_of_another_territory_governs_nothing_here(people: People, valbelle: Valbelle) -> None:
    other = Territory.objects.create(slug="other", names={"fr": "Autre"}, country="CH", currency="CHF")
    TerritoryMembership.objects.create(
        person=people.nobody, territory=other, role=TerritoryRole.ADMINISTRATOR
    )
    actor = people.actor("nobody")
    for verb in VERBS.values():
        with pytest.raises(Refused):
            verb(actor, people, valbelle)
    with pytest.raises(Refused):
        people_of(actor, valbelle.territory.pk)


def test_the_last_administrator_of_a_territory_stays(people: People, valbelle: Valbelle) -> None:
    def leave(by: str, whom: str) -> None:
        end_territory_role(
            actor=people.actor(by),
            person_id=getattr(people, whom).pk,
            territory_id=valbelle.territory.pk,
            role=TerritoryRole.ADMINISTRATOR,
        )

    with pytest.raises(LastAdministrator, match="Name another first"):
        leave("governor", "governor")
    TerritoryMembership.objects.create(
        person=people.lead, territory=valbelle.territory, role=TerritoryRole.ADMINISTRATOR
    )
    people.lead.is_active = False  # a closed account governs nothing
    people.lead.save()
    with pytest.raises(LastAdministrator):
        leave("governor", "governor")
    people.lead.is_active = True
    people.lead.save()
    leave("governor", "governor")
    with pytest.raises(LastAdministrator):
        leave("lead", "lead")


@pytest.mark.parametrize("name", EVERYONE)
def test_who_closes_an_account(people: People, valbelle: Valbelle, name: str) -> None:
    def act() -> None:
        deactivate_person(
            actor=people.actor(name), person_id=people.reader.pk, territory_id=valbelle.territory.pk
        )

    create_token(actor=people.actor("reader"), name="x", scopes=["read"], days=1)
    if name == "governor":
        act()
        people.reader.refresh_from_db()
        assert not people.reader.is_active
        assert people.actor("reader").roles == {}
        assert ApiToken.objects.get().revoked_at is not None
    else:
        with pytest.raises(Refused):
            act()
        people.reader.refresh_from_db()
        assert people.reader.is_active


def test_an_account_that_works_elsewhere_is_not_closed_from_here(people: People, valbelle: Valbelle) -> None:
    other = Territory.objects.create(slug="other", names={"fr": "Autre"}, country="CH", currency="CHF")
    body = Organisation.objects.create(territory=other, kind="commune", names={"fr": "Loin"})
    Membership.objects.create(person=people.reader, organisation=body, role=Role.READER)

    def act() -> None:
        deactivate_person(
            actor=people.actor("governor"),
            person_id=people.reader.pk,
            territory_id=valbelle.territory.pk,
        )

    with pytest.raises(Refused, match="another territory"):
        act()
    TerritoryMembership.objects.create(
        person=people.governor, territory=other, role=TerritoryRole.ADMINISTRATOR
    )
    act()


def test_a_governor_cannot_close_the_account_of_someone_without_a_role_here(
    people: People, valbelle: Valbelle
) -> None:
    with pytest.raises(NoSuchPerson):
        deactivate_person(
            actor=people.actor("governor"),
            person_id=people.nobody.pk,
            territory_id=valbelle.territory.pk,
        )


def test_the_last_administrator_is_not_closed(people: People, valbelle: Valbelle) -> None:
    with pytest.raises(LastAdministrator):
        deactivate_person(
            actor=Actor.system(), person_id=people.governor.pk, territory_id=valbelle.territory.pk
        )
    people.governor.refresh_from_db()
    assert people.governor.is_active


@pytest.mark.parametrize("name", EVERYONE)
def test_who_sees_people_sees_their_own_organisation(people: People, valbelle: Valbelle, name: str) -> None:
    actor, territory_id = people.actor(name), valbelle.territory.pk
    if name == "governor":
        seen = {person.email.partition("@")[0] for person in people_of(actor, territory_id)}
        assert seen == set(EVERYONE) - {"nobody"}
    elif name == "administrator":
        found = people_of(actor, territory_id)
        seen = {person.email.partition("@")[0] for person in found}
        assert seen == {"lead", "contributor", "reader", "finance", "administrator"}
        assert all(person.territory_roles == () for person in found)
    else:
        with pytest.raises(Refused, match="Only administrators see the people of Valbelle"):
            people_of(actor, territory_id)


def test_a_body_sees_its_members_and_not_the_other_way(people: People, valbelle: Valbelle) -> None:
    assert people.actor("office").sees == {
        valbelle.body.pk,
        valbelle.montaigu.pk,
        valbelle.rochefort.pk,
    }
    assert people.actor("lead").sees == {valbelle.montaigu.pk}
    assert people.actor("nobody").sees == frozenset()


def test_a_token_that_only_writes_measures_manages_nobody(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.access.public import resolve_token

    for scopes, allowed in ((["read", "write"], False), (["people"], True)):
        made = create_token(actor=people.actor("administrator"), name="x", scopes=scopes, days=1)
        actor = resolve_token(made.plain)
        if allowed:
            VERBS["change"](actor, people, valbelle)
        else:
            with pytest.raises(Refused, match="may not manage people"):
                VERBS["change"](actor, people, valbelle)
