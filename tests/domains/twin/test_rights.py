"""Who sees and manages things: each refused person differs by one fact from one who is not."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchDevice, NoSuchEntity
from belvedere.domains.twin.models import Entity
from belvedere.domains.twin.states import HOUSEHOLD
from belvedere.kernel.errors import InvalidInput, Refused
from tests.domains.twin.things import Bin
from tests.people import People

pytestmark = pytest.mark.django_db
MANAGE = ("lead", "contributor", "administrator", "governor")
# The reader and the finance officer are of the same commune, the neighbour is a manager as the lead is.
KNOW_ONLY = ("reader", "finance", "office", "elected")
KNOW_NOT = ("neighbour", "stranger", "nobody")


def actor_named(people: People, name: str) -> Actor:
    return Actor.public() if name == "public" else people.actor(name)


def verbs(container: Bin, actor: Actor) -> dict[str, Any]:
    device_id = container.secret.device_id
    return {
        "create_entity": lambda: twin.create_entity(
            actor=actor,
            territory=container.territory,
            draft=twin.EntityDraft(kind="streetlight", owner_id=container.page().owner_id),
        ),
        "edit_entity": lambda: twin.edit_entity(
            actor=actor,
            entity_id=container.entity_id,
            change=twin.EntityChange(names={"fr": f"Chez {actor.label}"}),
        ),
        "set_thresholds": lambda: twin.set_thresholds(
            actor=actor,
            entity_id=container.entity_id,
            term="fillingLevel",
            thresholds=twin.Thresholds(watch_high=0.5, alarm_high=0.6),
        ),
        "register_device": lambda: twin.register_device(
            actor=actor, territory=container.territory, draft=twin.DeviceDraft("second", container.entity_id)
        ),
        "map_fields": lambda: twin.map_fields(
            actor=actor, device_id=device_id, fields={"fill": twin.FieldDraft("fillingLevel", "P1")}
        ),
        "rotate_secret": lambda: twin.rotate_secret(actor=actor, device_id=device_id),
        "revoke_device": lambda: twin.revoke_device(actor=actor, device_id=device_id),
        "remove_entity": lambda: (
            twin.revoke_device(actor=Actor.system(), device_id=device_id),
            twin.remove_entity(actor=actor, entity_id=container.entity_id),
        ),
    }


VERBS = (
    "create_entity",
    "edit_entity",
    "set_thresholds",
    "register_device",
    "map_fields",
    "rotate_secret",
    "revoke_device",
    "remove_entity",
)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", MANAGE)
def test_who_manages(container: Bin, people: People, who: str, verb: str) -> None:
    verbs(container, people.actor(who))[verb]()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", [*KNOW_ONLY, *KNOW_NOT, "public"])
def test_who_does_not(container: Bin, people: People, who: str, verb: str) -> None:
    known = who in KNOW_ONLY or verb == "create_entity"
    with pytest.raises(Refused if known else NoSuchEntity):
        verbs(container, actor_named(people, who))[verb]()


@pytest.mark.parametrize("verb", ["register_device", "rotate_secret", "revoke_device"])
def test_a_token_gets_no_secret(container: Bin, people: People, verb: str) -> None:
    token = dataclasses.replace(people.actor("lead"), scopes=frozenset({"read", "write", "people"}))
    with pytest.raises(Refused, match="A token cannot do this"):
        verbs(container, token)[verb]()


def test_a_token_that_reads_changes_nothing(container: Bin, people: People) -> None:
    lead = people.actor("lead")
    verbs(container, dataclasses.replace(lead, scopes=frozenset({"read", "write"})))["edit_entity"]()
    with pytest.raises(Refused, match="only reads"):
        verbs(container, dataclasses.replace(lead, scopes=frozenset({"read"})))["edit_entity"]()


def test_a_thing_is_not_given_to_an_organisation_one_does_not_work_for(
    container: Bin, people: People, valbelle: Any
) -> None:
    change = twin.EntityChange(owner_id=valbelle.rochefort.pk)
    with pytest.raises(Refused):
        twin.edit_entity(actor=people.actor("lead"), entity_id=container.entity_id, change=change)
    twin.edit_entity(actor=people.actor("governor"), entity_id=container.entity_id, change=change)
    assert container.page().owner_id == valbelle.rochefort.pk
    assert container.page().devices[0].owner_id == valbelle.rochefort.pk


@pytest.mark.parametrize(
    ("visibility", "see"),
    [
        ("own", {*MANAGE, *KNOW_ONLY}),
        ("shared", {*MANAGE, *KNOW_ONLY, "neighbour", "stranger"}),
        ("public", {*MANAGE, *KNOW_ONLY, *KNOW_NOT, "public"}),
    ],
)
def test_who_sees(container: Bin, people: People, visibility: str, see: set[str]) -> None:
    change = twin.EntityChange(visibility=twin.Visibility(visibility))
    twin.edit_entity(actor=Actor.system(), entity_id=container.entity_id, change=change)
    territory_id = container.territory.id
    for who in [*MANAGE, *KNOW_ONLY, *KNOW_NOT, "public"]:
        actor = actor_named(people, who)
        found = {dot.id for dot in twin.entities_in(actor, territory_id).dots}
        assert found == ({container.entity_id} if who in see else set()), who
        assert twin.seen_among(actor, territory_id, [container.entity_id]) == found
        if who in see:
            assert container.page(actor).id == container.entity_id
        else:
            with pytest.raises(NoSuchEntity):
                container.page(actor)


def test_an_attribute_may_be_kept_closer_than_its_thing(container: Bin, people: People) -> None:
    twin.edit_entity(
        actor=Actor.system(),
        entity_id=container.entity_id,
        change=twin.EntityChange(
            visibility=twin.Visibility.PUBLIC,
            attributes=(
                twin.AttributeDraft("serialNumber", "X-1", visibility=twin.Visibility.OWN),
                twin.AttributeDraft("binCapacity", 2000, visibility=twin.Visibility.SHARED),
            ),
        ),
    )
    told = {
        who: {one.term for one in container.page(actor_named(people, who)).attributes}
        & {"serialNumber", "binCapacity"}
        for who in ("reader", "neighbour", "public")
    }
    assert told == {
        "reader": {"serialNumber", "binCapacity"},
        "neighbour": {"binCapacity"},
        "public": set(),
    }


@pytest.mark.parametrize("who", ["reader", "office", "elected", "governor", "neighbour", "nobody", "public"])
def test_devices_are_told_to_the_owners_people_only(container: Bin, people: People, who: str) -> None:
    change = twin.EntityChange(visibility=twin.Visibility.PUBLIC)
    twin.edit_entity(actor=Actor.system(), entity_id=container.entity_id, change=change)
    actor = actor_named(people, who)
    known = who in ("reader", "office", "elected", "governor")
    assert bool(container.page(actor).devices) is known
    assert bool(twin.devices(actor, container.territory.id).total) is known
    if known:
        assert twin.device(actor, container.secret.device_id).key == "eglise-1"
    else:
        with pytest.raises(NoSuchDevice):
            twin.device(actor, container.secret.device_id)


def test_only_the_territory_says_what_becomes_of_values_out_of_bounds(
    territory: TerritoryView, people: People
) -> None:
    with pytest.raises(Refused):
        twin.set_strictness(actor=people.actor("administrator"), territory=territory, refuse=True)
    twin.set_strictness(actor=people.actor("governor"), territory=territory, refuse=True)
    assert twin.refuses_out_of_bounds(territory.id)


@pytest.mark.parametrize("kind", HOUSEHOLD)
def test_a_meter_of_a_household_is_never_public(kind: str, valbelle: Any, territory: Any) -> None:
    def draft(kind: str, visibility: twin.Visibility) -> twin.EntityDraft:
        return twin.EntityDraft(kind=kind, visibility=visibility)

    actor = Actor.system()
    with pytest.raises(InvalidInput, match="never public"):
        twin.create_entity(actor=actor, territory=territory, draft=draft(kind, twin.Visibility.PUBLIC))
    meter = twin.create_entity(actor=actor, territory=territory, draft=draft(kind, twin.Visibility.SHARED))
    with pytest.raises(InvalidInput, match="never public"):
        twin.edit_entity(
            actor=actor, entity_id=meter, change=twin.EntityChange(visibility=twin.Visibility.PUBLIC)
        )
    with pytest.raises(IntegrityError, match="twin_meters_stay_private"), transaction.atomic():
        Entity.objects.filter(pk=meter).update(visibility=twin.Visibility.PUBLIC)
    # The water of a river differs from that of a house by its kind only.
    river = twin.create_entity(
        actor=actor, territory=territory, draft=draft("water-observed", twin.Visibility.PUBLIC)
    )
    assert twin.entity_page(Actor.public(), river).visibility is twin.Visibility.PUBLIC
    with pytest.raises(NoSuchEntity):
        twin.entity_page(Actor.public(), meter)
