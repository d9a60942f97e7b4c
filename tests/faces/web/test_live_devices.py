"""The pages of devices: who registers one, what is shown once, how its fields are read, who may not."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
import shapely
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.models import Territory
from belvedere.domains.territory.public import Level, add_place, set_boundary, territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.models import Device, Entity
from belvedere.kernel.geometry import Shape
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/live/devices/"
POINT = json.dumps({"type": "Point", "coordinates": [7.36, 46.23]})


def browser(people: People, who: str = "contributor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def typed(valbelle: Valbelle, **changed: Any) -> dict[str, Any]:
    return {
        "name": "Bac de la gare",
        "kind": "waste-container",
        "key": "bac-1",
        "owner": str(valbelle.montaigu.pk),
        "visibility": "shared",
        "minutes": "30",
        "place": "",
        "geometry": POINT,
        **changed,
    }


def registered(people: People, valbelle: Valbelle, key: str = "bac-1") -> twin.NewSecret:
    territory = territory_by_slug("valbelle")
    actor = people.actor("contributor")
    draft = twin.EntityDraft(
        kind="waste-container", names={"fr": "Bac de la gare"}, owner_id=valbelle.montaigu.pk
    )
    entity_id = twin.create_entity(actor=actor, territory=territory, draft=draft)
    return twin.register_device(
        actor=actor, territory=territory, draft=twin.DeviceDraft(key=key, entity_id=entity_id)
    )


def test_a_device_is_registered_and_its_secret_shown_once_with_a_command(
    people: People, valbelle: Valbelle
) -> None:
    client = browser(people)
    assert "No device yet" in client.get(HERE).content.decode()
    answer = client.post(f"{HERE}new/", typed(valbelle))
    page = html.unescape(answer.content.decode())
    made = Device.objects.select_related("entity").get()
    assert answer.status_code == 200
    assert (made.key, made.expected_interval_s, made.entity.longitude) == ("bac-1", 1800, 7.36)
    assert "mosquitto_pub -h" in page
    assert "-t devices/valbelle/bac-1" in page
    secret = page.partition(" -P ")[2].partition(" ")[0]
    assert twin.authenticate("valbelle.bac-1", secret) is not None
    again = client.get(f"{HERE}{made.pk}/").content.decode()
    assert secret not in again
    assert "Bac de la gare" in client.get(HERE).content.decode()


@pytest.mark.parametrize(
    ("settlement", "stands"),
    [((7.2, 46.2), (7.2, 46.2)), ((7.25, 46.2), None), ((7.9, 46.2), None)],
    ids=["inside", "in the hollow of its outline", "outside"],
)
def test_a_thing_with_a_commune_alone_stands_inside_it(
    people: People, valbelle: Valbelle, settlement: tuple[float, float], stands: tuple[float, float] | None
) -> None:
    outline = shapely.Polygon(
        [(7.1, 46.1), (7.3, 46.1), (7.3, 46.19), (7.21, 46.19), (7.21, 46.3), (7.1, 46.3)]
    )
    here: Any = {"actor": Actor.system(), "territory_id": valbelle.territory.pk}
    root = add_place(names={"fr": "Valbelle"}, level=Level.AGGLOMERATION, country="CH", **here)
    Territory.objects.update(place=root)
    place = add_place(names={"fr": "Montaigu"}, level=Level.COMMUNE, country="CH", at=settlement, **here)
    set_boundary(place_id=place, shape=Shape(outline), source="test", **here)
    answer = browser(people).post(f"{HERE}new/", typed(valbelle, geometry="", place=str(place)))
    assert answer.status_code == 200
    made = Entity.objects.get()
    at = (made.longitude, made.latitude)
    assert at == stands if stands else outline.contains(shapely.Point(at))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("key", "Bac 1", "cannot name a device"),
        ("place", "", "Draw a point on the map"),
        ("kind", "spaceship", "not one of the available choices"),
        ("minutes", "0", "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_registered_is_said_and_kept_in_the_form(
    field: str, value: str, said: str, people: People, valbelle: Valbelle
) -> None:
    changed = {field: value} if field != "place" else {"geometry": ""}
    answer = browser(people).post(f"{HERE}new/", typed(valbelle, **changed))
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, said in page, "Bac de la gare" in page) == (422, True, True)
    assert not Device.objects.exists()
    assert not Entity.objects.exists()


def test_a_name_that_is_taken_leaves_no_thing_behind(people: People, valbelle: Valbelle) -> None:
    registered(people, valbelle)
    answer = browser(people).post(f"{HERE}new/", typed(valbelle, name="Another"))
    assert (answer.status_code, "already a device" in answer.content.decode()) == (422, True)
    assert Entity.objects.count() == 1


def test_the_fields_of_a_device_are_changed_in_a_table(people: People, valbelle: Valbelle) -> None:
    made = registered(people, valbelle)
    page = f"{HERE}{made.device_id}/"
    assert "fillingLevel" in browser(people).get(page).content.decode()
    rows = {
        "f0-field": "lvl", "f0-term": "fillingLevel", "f0-unit": "P1", "f0-factor": "", "f0-offset": "",
        "f1-field": "t_c", "f1-term": "temperature", "f1-unit": "", "f1-factor": "0,1", "f1-offset": "",
        "f2-field": "", "f2-term": "status", "f2-unit": "", "f2-factor": "", "f2-offset": "",
    }  # fmt: skip
    assert browser(people).post(f"{page}fields/", rows).status_code == 302
    view = twin.device(people.actor("contributor"), made.device_id)
    told = {one.name: (one.term, one.unit, one.factor) for one in view.fields}
    assert told == {"lvl": ("fillingLevel", "P1", 0.01), "t_c": ("temperature", "CEL", 0.1)}
    wrong = browser(people).post(f"{page}fields/", {**rows, "f1-unit": "KGM", "f1-factor": ""})
    assert wrong.status_code == 422
    assert "t_c" in wrong.content.decode()
    twice = browser(people).post(f"{page}fields/", {**rows, "f1-field": "lvl"})
    assert "stands in two rows" in twice.content.decode()
    assert {one.name for one in twin.device(people.actor("contributor"), made.device_id).fields} == set(told)


def test_fields_that_someone_changed_meanwhile_are_not_overwritten_unseen(
    people: People, valbelle: Valbelle
) -> None:
    made = registered(people, valbelle)
    page = f"{HERE}{made.device_id}/"

    def seen(answer: Any) -> str:
        return str(answer.content.decode().partition('name="seen" value="')[2].partition('"')[0])

    before = seen(browser(people).get(page))
    theirs = {"f0-field": "theirs", "f0-term": "fillingLevel", "seen": before}
    assert browser(people, "lead").post(f"{page}fields/", theirs).status_code == 302
    mine = {"f0-field": "mine", "f0-term": "fillingLevel", "seen": before}
    refused = browser(people).post(f"{page}fields/", mine)
    assert refused.status_code == 422 and 'value="mine"' in refused.content.decode()
    assert "Someone changed these fields meanwhile" in refused.content.decode()
    assert [one.name for one in twin.device(people.actor("lead"), made.device_id).fields] == ["theirs"]
    assert browser(people).post(f"{page}fields/", {**mine, "seen": seen(refused)}).status_code == 302
    assert [one.name for one in twin.device(people.actor("lead"), made.device_id).fields] == ["mine"]


def test_minutes_that_are_no_number_come_back_as_they_were_typed(people: People, valbelle: Valbelle) -> None:
    shown = browser(people).post(f"{HERE}new/", typed(valbelle, minutes="1,5")).content.decode()
    assert 'value="1,5"' in shown and "Enter a whole number." in shown
    # A browser sends nothing of what a field for numbers cannot read.
    assert '<input type="text" name="minutes"' in shown


def test_a_new_secret_ends_the_old_one_and_a_withdrawn_one_is_gone(
    people: People, valbelle: Valbelle
) -> None:
    made = registered(people, valbelle)
    client, page = browser(people), f"{HERE}{made.device_id}/"
    shown = html.unescape(client.post(f"{page}secret/").content.decode())
    secret = shown.partition(" -P ")[2].partition(" ")[0]
    assert twin.authenticate(made.user, made.password) is None
    assert twin.authenticate(made.user, secret) is not None
    assert client.post(f"{page}revoke/").status_code == 302
    assert twin.authenticate(made.user, secret) is None
    after = client.get(page).content.decode()
    assert ("may no longer send" in after, "Make a new secret" in after) == (True, False)
    assert "bac-1" not in client.get(HERE).content.decode()
    assert "bac-1" in client.get(f"{HERE}?state=revoked").content.decode()


ROOMS = ("fields/", "secret/", "revoke/")


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("neighbour", 404)])
def test_who_does_not_manage_the_owner_changes_nothing(
    room: str, who: str, status: int, people: People, valbelle: Valbelle
) -> None:
    """A reader of the same organisation knows the device; a manager next door does not even."""
    made = registered(people, valbelle)
    page = f"{HERE}{made.device_id}/"
    assert browser(people, who).post(f"{page}{room}", {"f0-field": "x", "f0-term": "status"}).status_code == (
        status
    )
    assert twin.authenticate(made.user, made.password) is not None
    assert "x" not in Device.objects.get().fields


def test_who_only_reads_sees_devices_of_the_organisation_without_doors(
    people: People, valbelle: Valbelle
) -> None:
    made = registered(people, valbelle)
    page = browser(people, "reader").get(f"{HERE}{made.device_id}/")
    assert page.status_code == 200
    assert not {"/secret/", "/revoke/", "/fields/"} & set(page.content.decode().split('"'))
    assert "/secret/" not in page.content.decode()
    assert browser(people, "reader").get(f"{HERE}new/").status_code == 403
    assert f"{HERE}new/" not in browser(people, "reader").get(HERE).content.decode()
    assert browser(people, "neighbour").get(f"{HERE}{made.device_id}/").status_code == 404
    assert "bac-1" not in browser(people, "neighbour").get(HERE).content.decode()
    assert browser(people, "nobody").get(HERE).status_code == 403
    assert english().get(HERE).status_code == 302


def test_nobody_registers_for_an_organisation_of_others(people: People, valbelle: Valbelle) -> None:
    answer = browser(people).post(f"{HERE}new/", typed(valbelle, owner=str(valbelle.rochefort.pk)))
    assert (answer.status_code, Device.objects.count()) == (422, 0)


def test_a_device_has_no_page_under_another_territory(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.access.models import TerritoryMembership
    from belvedere.domains.access.public import TerritoryRole
    from belvedere.domains.territory.models import Territory

    made = registered(people, valbelle)
    other = Territory.objects.create(
        slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF", languages=["fr"]
    )
    TerritoryMembership.objects.create(
        person=people.governor, territory=other, role=TerritoryRole.ADMINISTRATOR
    )
    client = browser(people, "governor")
    assert client.get(f"{HERE}{made.device_id}/").status_code == 200
    assert client.get(f"/cockpit/autre/live/devices/{made.device_id}/").status_code == 404
    assert client.post(f"/cockpit/autre/live/devices/{made.device_id}/revoke/").status_code == 404
    assert twin.authenticate(made.user, made.password) is not None
