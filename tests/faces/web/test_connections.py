"""The pages of network servers and decoders, and putting a device into service."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.models import Connection, Reader, Script
from belvedere.domains.connections.public import System as Servers
from belvedere.domains.connections.public import connect_webhook, write_script
from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin.models import Device
from belvedere.faces.web.pages.onboarding.labels import identifier
from belvedere.kernel.clock import now
from belvedere.kernel.errors import InvalidInput
from tests.domains.connections.test_uplinks import frame, uplink
from tests.domains.intake.things import _database_goes_back_in_time
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

__all__ = ["_database_goes_back_in_time"]
pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/live/connections/"
ONBOARD = "/cockpit/valbelle/live/onboard/"
EUI = "24e124136a000001"
POINT = json.dumps({"type": "Point", "coordinates": [7.36, 46.23]})


def browser(people: People, who: str = "contributor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def typed(valbelle: Valbelle, **changed: Any) -> dict[str, Any]:
    told = {
        "system": "chirpstack",
        "way": "webhook",
        "name": "Public works",
        "owner": str(valbelle.montaigu.pk),
    }
    return {**told, "host": "", "port": "", "user": "", "password": "", **changed}


def tapped(valbelle: Valbelle, **changed: Any) -> dict[str, Any]:
    told = {
        "model": "milesight-em400-mud",
        "key": f"LW:D0:24E124C0002A0001:{EUI.upper()}:00010001",
        "depth": "200",
        "geometry": POINT,
        "name": "Bac de la gare",
        "owner": str(valbelle.montaigu.pk),
        "visibility": "shared",
    }
    return {**told, **changed}


def made(valbelle: Valbelle, owner: Any = None) -> Any:
    key = connect_webhook(
        actor=Actor.system(),
        territory=territory_by_slug("valbelle"),
        system=Servers.THINGS_STACK,
        name="TTN",
        owner_id=owner.pk if owner else None,
    )
    return key.connection_id


def test_a_network_server_is_connected_and_its_secret_shown_once(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    answer = client.post(HERE, typed(valbelle)).content.decode()
    secret = re.search(r"Bearer ([\w-]{20,})", answer)
    row = Connection.objects.get()
    assert secret is not None
    assert f"/doors/chirpstack/{row.pk}" in answer
    page = client.get(f"{HERE}{row.pk}/").content.decode()
    assert secret[1] not in page
    again = client.post(f"{HERE}{row.pk}/secret/").content.decode()
    assert "Bearer " in again
    assert secret[1] not in again
    assert client.post(f"{HERE}{row.pk}/remove/").status_code == 302
    assert not Connection.objects.exists()


def test_a_broker_is_listened_at_and_its_password_kept_encrypted(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    broker = {"way": "mqtt", "host": "eu1.cloud.thethings.network", "port": "8883", "tls": "on", "user": "u"}
    assert client.post(HERE, typed(valbelle, **{**broker, "host": ""})).status_code == 422
    inside = client.post(HERE, typed(valbelle, **{**broker, "host": "10.0.0.5"}))
    assert (inside.status_code, "BELVEDERE_BROKERS_INSIDE=10.0.0.5:8883" in inside.content.decode()) == (
        422,
        True,
    )
    assert client.post(HERE, typed(valbelle, **broker, password="hush-hush")).status_code == 302
    row = Connection.objects.get()
    assert b"hush" not in bytes(row.password or b"")
    assert "hush" not in client.get(f"{HERE}{row.pk}/").content.decode()
    changed = {"host": "mqtt.example.org", "port": "1883", "user": "v", "password": ""}
    assert client.post(f"{HERE}{row.pk}/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.host, row.port, row.tls, row.user) == ("mqtt.example.org", 1883, False, "v")
    assert row.password


@pytest.mark.parametrize("who", ["reader", "finance", "elected"])
def test_who_manages_no_device_connects_nothing(people: People, valbelle: Valbelle, who: str) -> None:
    client = browser(people, who)
    for address in (HERE, ONBOARD):
        assert client.get(address).status_code == 403
    assert client.post(HERE, typed(valbelle)).status_code == 403
    assert client.post(ONBOARD, tapped(valbelle)).status_code == 403
    assert not Connection.objects.exists()
    assert not Device.objects.exists()


def test_next_door_and_the_whole_territory_are_not_mine_to_connect(
    people: People, valbelle: Valbelle
) -> None:
    mine, all_of_it = made(valbelle, valbelle.montaigu), made(valbelle)
    neighbour, contributor, governor = (
        browser(people, who) for who in ("neighbour", "contributor", "governor")
    )
    for client, seen in ((neighbour, 404), (contributor, 200), (governor, 200)):
        assert client.get(f"{HERE}{mine}/").status_code == seen
    for act in ("secret", "remove"):
        assert neighbour.post(f"{HERE}{mine}/{act}/").status_code in (403, 404)
        assert contributor.post(f"{HERE}{all_of_it}/{act}/").status_code in (403, 404)
    assert neighbour.post(HERE, typed(valbelle)).status_code == 422  # not among the owners offered
    assert contributor.post(HERE, typed(valbelle, owner="none")).status_code == 422
    assert neighbour.post(ONBOARD, tapped(valbelle)).status_code == 422
    assert Connection.objects.count() == 2


def test_decoders_are_the_administrators_of_the_territory_to_bring(
    people: People, valbelle: Valbelle
) -> None:
    source = "function decodeUplink(i) { return { data: { t: i.bytes[0] + i.fPort } } }"
    told = {"name": "Ours", "source": source, "port": "2", "sample": "0x01 02"}
    governor, administrator = browser(people, "governor"), browser(people, "administrator")
    assert administrator.get(f"{HERE}decoders/new/").status_code == 403
    assert administrator.post(f"{HERE}decoders/new/", told).status_code == 403
    tried = governor.post(f"{HERE}decoders/new/", {**told, "try": "1"}).content.decode()
    assert "&quot;t&quot;: 3" in tried
    endless = {**told, "source": "function decodeUplink() { for (;;) {} }", "try": "1"}
    assert "it did not end in time" in governor.post(f"{HERE}decoders/new/", endless).content.decode()
    assert not Script.objects.exists()
    assert governor.post(f"{HERE}decoders/new/", {**told, "sample": "zz"}).status_code == 422
    assert governor.post(f"{HERE}decoders/new/", told).status_code == 302
    row = Script.objects.get()
    assert administrator.post(f"{HERE}decoders/{row.pk}/remove/").status_code == 403
    assert governor.post(f"{HERE}decoders/{row.pk}/remove/").status_code == 302


def test_a_decoder_is_tried_with_a_command(people: People, valbelle: Valbelle) -> None:
    client = browser(people, "governor")

    def answer(source: str, **more: str) -> tuple[int, str]:
        told = {"name": "Ours", "source": f"function encodeDownlink(i) {source}", "try": "command", **more}
        found = client.post(f"{HERE}decoders/new/", told)
        return found.status_code, found.content.decode()

    dims = "{ return { fPort: 10, bytes: [1, i.data.value, i.data.unit.length] } }"
    assert "port 10: 01 28 01" in answer(dims, command="dim", value="40")[1]
    assert "only &lt;b&gt;" in answer("{ return { errors: ['only <b>'] } }", command="dim", value="40")[1]
    wrong = answer(dims, command="dim", value="400")
    assert wrong[0] == 422 and "Give a number from 0 to 100 %." in wrong[1] and "port 10" not in wrong[1]
    status, page = answer("{ return {} }", command="switch", value="dim")
    assert status == 422 and "It takes one of these: on, off." in page
    status, page = answer(dims)
    assert status == 422 and "Choose the command to try." in page
    assert answer(dims, command="explode")[0] == 422
    assert not Script.objects.exists()


def test_a_device_is_put_into_service_and_tells_what_it_said_before(
    people: People, valbelle: Valbelle
) -> None:
    client = browser(people, "governor")
    message = uplink(1, frame(t=now()))
    intake.take("stream@1", [intake.Message(message.subject, message.payload, 1, now())])
    page = client.get(HERE).content.decode()
    assert f"{ONBOARD}?key={EUI}" in page
    answer = client.post(ONBOARD, tapped(valbelle))
    row = Device.objects.get()
    assert (row.key, answer["Location"]) == (EUI, f"{ONBOARD}{row.pk}/")
    assert Reader.objects.get().model == "milesight-em400-mud"
    values = client.get(f"{ONBOARD}{row.pk}/values/").content.decode()
    assert "75" in values
    assert "It speaks" in values
    assert EUI not in re.findall(r"\?key=(\w+)", client.get(HERE).content.decode())
    assert "camera=(self)" in client.get(ONBOARD)["Permissions-Policy"]
    twice = client.post(ONBOARD, tapped(valbelle))
    assert (twice.status_code, "There is already a device" in twice.content.decode()) == (422, True)


def test_a_contributor_onboards_and_waits(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    for wrong in ({"depth": ""}, {"key": "24E1"}, {"model": ""}, {"geometry": ""}, {"name": ""}):
        assert client.post(ONBOARD, tapped(valbelle, **wrong)).status_code == 422
    assert client.post(ONBOARD, tapped(valbelle)).status_code == 302
    row = Device.objects.get()
    assert "Waiting for its first value" in client.get(f"{ONBOARD}{row.pk}/").content.decode()
    assert browser(people, "neighbour").get(f"{ONBOARD}{row.pk}/").status_code == 404


def test_a_device_of_ones_own_shows_its_secret(people: People, valbelle: Valbelle) -> None:
    told = tapped(valbelle, model="own", kind="weather", key="Toit-1", depth="")
    answer = browser(people).post(ONBOARD, told)
    assert answer.status_code == 200
    assert "devices/valbelle/toit-1" in answer.content.decode()
    assert not Reader.objects.exists()


def test_how_a_device_is_decoded_is_changed(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    client.post(ONBOARD, tapped(valbelle))
    device = Device.objects.get()
    here = f"{HERE}devices/{device.pk}/"
    script = write_script(
        actor=Actor.system(), territory=territory_by_slug("valbelle"), name="S", source="function Decode() {}"
    )
    assert client.post(here, {"how": f"script:{script}"}).status_code == 302
    assert Reader.objects.get().script_id == script
    assert browser(people, "governor").post(f"{HERE}decoders/{script}/remove/").status_code == 409
    assert client.post(here, {"how": "model:none"}).status_code == 422
    for who, status in (("neighbour", 404), ("reader", 403)):
        assert browser(people, who).post(here, {"how": ""}).status_code == status
    assert client.post(here, {"how": ""}).status_code == 302
    assert not Reader.objects.exists()


@pytest.mark.parametrize(
    "scanned",
    [
        "24E124136A000001",
        "24:e1:24:13:6a:00:00:01",
        "LW:D0:24E124C0002A0001:24E124136A000001:00010001",
        "lw:d0:24e124c0002a0001:24e124136a000001:00010001:SABC:P1",
        "DEV EUI: 24E124136A000001 APP EUI: 24E124C0002A0001",
        "SN:6136A0000010,EUI=24E124136A000001,KEY=5572404C696E6B4C6F52613230313823",
    ],
)
def test_labels_of_devices_are_read(scanned: str) -> None:
    assert identifier(scanned) == EUI


@pytest.mark.parametrize(
    "scanned", ["", "LW:D0:1:2:3", "24E124136A00000", "24E124C0002A0001 24E124136A000001", "x" * 9999]
)
def test_what_holds_no_identifier_is_refused(scanned: str) -> None:
    with pytest.raises(InvalidInput):
        identifier(scanned)
