"""Commands down to devices behind network servers: written by their decoder, given once, answered for."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from belvedere.connectors import listening, telling
from belvedere.connectors.chirpstack import reading as chirpstack_up
from belvedere.connectors.chirpstack import telling as chirpstack
from belvedere.connectors.listening import Ear, Tongue
from belvedere.connectors.telling import Said, Telling, pass_on
from belvedere.connectors.things_stack import telling as things_stack
from belvedere.domains.access.public import Actor
from belvedere.domains.connections import brokers, routes, scripts
from belvedere.domains.connections import public as connections
from belvedere.domains.connections.public import (
    Encoded,
    HowToRead,
    Line,
    Listening,
    NotEncoded,
    System,
    encode,
)
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin.public import EntityDraft, revoke_device
from belvedere.engines import bus, deposits, downlinks
from belvedere.engines.home import Home
from belvedere.kernel.clock import now, standing_at
from tests.connectors.test_listening import broker
from tests.connectors.test_reading import of_chirpstack
from tests.engines.mqtt import Device
from tests.engines.test_bus import Running
from tests.engines.waiting import until
from tests.people import Valbelle

__all__ = ["broker"]
EUI = "24e124136a000001"
USER = f"valbelle.{EUI}"
BASE = f"application/1/device/{EUI}"
NUMBER = UUID("01a20784-54f7-7238-b168-75d93f1f601b")
WRITER = """
function decodeUplink(input) { return { data: { level: input.bytes[0] } } }
function encodeDownlink(input) {
  if (input.data.command !== "dim") return { errors: ["only dims"] }
  return { fPort: 10, bytes: [1, input.data.value] }
}
"""


# ------------------------------------------------------------------ bytes
def written(source: str, **told: Any) -> Encoded | NotEncoded:
    return encode(
        HowToRead(script=uuid4(), source=source), {"command": "dim", "value": 40, "unit": "%", **told}
    )


def test_a_decoder_writes_commands_too() -> None:
    assert written(WRITER) == Encoded(10, b"\x01\x28")
    assert written(WRITER, command="switch", value="on") == NotEncoded("only dims")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("function decodeUplink() { return { data: {} } }", "its decoder has no function encodeDownlink"),
        ("function encodeDownlink() { for (;;) {} }", "it did not end in time"),
        ("function encodeDownlink() { return { bytes: [256], fPort: 1 } }", "its decoder gave no bytes"),
        ("function encodeDownlink() { return { bytes: 9e9, fPort: 1 } }", "its decoder gave no bytes"),
        ("function encodeDownlink() { return 7 }", "its decoder gave no bytes"),
        (
            "function encodeDownlink() { return { bytes: [], fPort: 1 } }",
            "its decoder must give 1 to 222 bytes",
        ),
        ("function encodeDownlink() { return { bytes: [1], fPort: 0 } }", "a port from 1 to 223"),
    ],
)
def test_what_cannot_be_sent_is_said(source: str, why: str) -> None:
    found = written(source)
    assert isinstance(found, NotEncoded)
    assert why in found.why


def test_a_device_that_nobody_wrote_for_is_told_nothing() -> None:
    assert encode(HowToRead(model="milesight-em400-mud"), {}) == NotEncoded(
        "nobody said how commands are written for it: give it a decoder with encodeDownlink"
    )


# ------------------------------------------------------------------ both servers
def test_chirpstack_is_given_an_item_and_tells_what_became_of_it() -> None:
    topic, payload = chirpstack.downlink(BASE, NUMBER, Encoded(10, b"\x01\x28"))
    assert topic == f"{BASE}/command/down"
    assert json.loads(payload) == {
        "id": str(NUMBER),
        "devEui": EUI,
        "confirmed": True,
        "fPort": 10,
        "data": base64.b64encode(b"\x01\x28").decode(),
    }

    def heard(event: str, **told: Any) -> Said | None:
        body = {"deviceInfo": {"devEui": EUI.upper()}, "queueItemId": str(NUMBER), **told}
        return chirpstack.heard(f"{BASE}/event/{event}", json.dumps(body).encode())

    assert heard("txack", gatewayId="a1") == Said(EUI, NUMBER, "accepted", "a gateway sent it")
    assert heard("ack", acknowledged=True) == Said(EUI, NUMBER, "done", "")
    assert heard("ack") == Said(EUI, NUMBER, "failed", "the device did not acknowledge it")
    assert heard("ack", queueItemId="") is None  # somebody else's
    assert chirpstack.heard(f"{BASE}/event/ack", b"nonsense") is None


def test_the_things_stack_is_given_a_downlink_and_tells_what_became_of_it() -> None:
    base = "v3/valbelle@ttn/devices/lampe-1"
    topic, payload = things_stack.downlink(base, NUMBER, Encoded(10, b"\x01\x28"))
    assert topic == f"{base}/down/push"
    (item,) = json.loads(payload)["downlinks"]
    assert item.pop("correlation_ids") == [f"belvedere:{NUMBER}"]
    assert item == {"f_port": 10, "frm_payload": "ASg=", "confirmed": True, "priority": "NORMAL"}

    def heard(event: str, told: Any) -> Said | None:
        body = {"end_device_ids": {"device_id": "lampe-1", "dev_eui": EUI.upper()}, event: told}
        return things_stack.heard("", json.dumps(body).encode())

    ours = {"f_port": 10, "correlation_ids": ["as:downlink:01", f"belvedere:{NUMBER}"]}
    assert heard("downlink_queued", ours) == Said(EUI, NUMBER, "accepted", "it waits for the device")
    assert heard("downlink_sent", ours) == Said(EUI, NUMBER, "accepted", "a gateway sent it")
    assert heard("downlink_ack", ours) == Said(EUI, NUMBER, "done", "")
    found = heard("downlink_nack", ours)
    assert found is not None
    assert found.answer == "accepted"  # it stays in the queue there
    failed = {"downlink": ours, "error": {"message_format": "no gateway is near"}}
    assert heard("downlink_failed", failed) == Said(EUI, NUMBER, "failed", "no gateway is near")
    assert heard("downlink_ack", {"correlation_ids": ["belvedere:x"]}) is None
    assert heard("downlink_ack", {"correlation_ids": ["as:downlink:01"]}) is None
    assert things_stack.heard("", b"nonsense") is None


# ------------------------------------------------------------------ given once
@dataclass
class Server:
    """The network server of the tests: what it was given."""

    line: Line
    device_id: UUID
    given: list[tuple[str, bytes]] = field(default_factory=list)
    is_there: bool = True

    def publish(self, connection_id: UUID, topic: str, payload: bytes) -> bool:
        assert connection_id == self.line.id
        if self.is_there:
            self.given.append((topic, payload))
        return self.is_there

    def told(self, number: UUID = NUMBER, **other: Any) -> Any:
        command = {
            "id": str(number),
            "command": "dim",
            "value": 40,
            "unit": "%",
            "expires": "2099-01-01T00:00:00Z",
        }
        voices: dict[System, telling.Voice] = {System.CHIRPSTACK: chirpstack.downlink}
        said = pass_on(USER, json.dumps({**command, **other}).encode(), voices, self.publish)
        return None if said is None else json.loads(said)


@pytest.fixture
def server(valbelle: Valbelle, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(scripts, "_means", scripts.Means())
    monkeypatch.setattr(routes, "_known", {})
    actor, territory = Actor.system(), territory_by_slug("valbelle")
    thing = EntityDraft(kind="waste-container", owner_id=valbelle.montaigu.pk)
    made = connections.onboard(
        actor=actor, territory=territory, thing=thing, key=EUI, model="milesight-em400-mud", amount=2000
    )
    script = connections.write_script(actor=actor, territory=territory, name="lampe", source=WRITER)
    connections.set_reader(actor=actor, territory=territory, device_id=made.device_id, script_id=script)
    return Server(_connected(valbelle, None), made.device_id)


def _connected(valbelle: Valbelle, owner: UUID | None) -> Line:
    made = connections.connect_webhook(
        actor=Actor.system(),
        territory=territory_by_slug("valbelle"),
        owner_id=owner,
        system=System.CHIRPSTACK,
        name="LoRa",
    )
    return Line(made.connection_id, System.CHIRPSTACK, "valbelle", str(owner or ""))


@pytest.mark.django_db
def test_a_command_goes_down_once_and_is_answered_by_what_the_server_says(server: Server) -> None:
    connections.note_route(server.line, EUI, BASE)
    assert server.told() is None
    assert server.told() is None  # it comes again: not given again
    ((topic, payload),) = server.given
    assert (topic, json.loads(payload)["id"]) == (f"{BASE}/command/down", str(NUMBER))
    assert connections.note_answer(NUMBER, USER, "accepted", "a gateway sent it")
    assert server.told() == {"id": str(NUMBER), "answer": "accepted", "words": "a gateway sent it"}
    assert connections.note_answer(NUMBER, USER, "done")
    assert not connections.note_answer(NUMBER, USER, "failed", "too late")  # done stays done
    assert server.told()["answer"] == "done"
    assert not connections.note_answer(uuid4(), USER, "done")
    assert not connections.note_answer(NUMBER, "valbelle.other", "done")
    assert len(server.given) == 1


@pytest.mark.django_db
def test_a_server_that_says_nothing_is_given_it_once_more(server: Server) -> None:
    connections.note_route(server.line, EUI, BASE)
    assert server.told() is None
    with standing_at(now() + timedelta(seconds=61)):
        assert server.told() is None
    assert [json.loads(payload)["id"] for _topic, payload in server.given] == [str(NUMBER)] * 2


@pytest.mark.django_db
def test_what_the_broker_did_not_take_is_given_when_it_comes_again(server: Server) -> None:
    connections.note_route(server.line, EUI, BASE)
    server.is_there = False
    assert server.told() is None
    server.is_there = True
    assert server.told() is None
    assert len(server.given) == 1


@pytest.mark.django_db
def test_what_cannot_go_down_fails_with_the_reason(server: Server) -> None:
    connections.note_route(server.line, EUI, "")
    assert server.told()["words"] == telling.NO_BROKER
    connections.note_route(server.line, EUI, BASE)  # now its broker is known
    assert server.told(command="switch", value="on") == {
        "id": str(NUMBER),
        "answer": "failed",
        "words": "only dims",
    }
    assert server.given == []


@pytest.mark.django_db
def test_devices_that_listen_themselves_are_left_alone(server: Server) -> None:
    assert server.told() is None  # no network server was heard of it
    connections.note_route(server.line, EUI, BASE)
    revoke_device(actor=Actor.system(), device_id=server.device_id)
    assert server.told() is None
    assert server.told(id="x") is None
    assert server.given == []


@pytest.mark.django_db
def test_a_connection_of_somebody_else_is_no_way_down(server: Server, valbelle: Valbelle) -> None:
    """Whoever connects a server of their own cannot draw to it the commands of another one's devices."""
    theirs = _connected(valbelle, valbelle.rochefort.pk)
    connections.note_route(theirs, EUI, "application/9/device/" + EUI)
    assert server.told() is None
    assert server.given == []


# ------------------------------------------------------------------ at a broker, on the bus
@pytest.mark.engines
def test_at_a_broker_a_command_goes_down_and_its_end_comes_up(
    broker: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(brokers.INSIDE, f"127.0.0.1:{broker}")
    monkeypatch.setattr(listening, "remember", lambda _line, **_what: None)
    monkeypatch.setattr("belvedere.connectors.receiving.remember", lambda _line, **_what: None)
    monkeypatch.setattr(deposits, "put", lambda _subject, _payload: None)
    ways: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "belvedere.connectors.receiving.note_route", lambda _line, eui, base: ways.append((eui, base))
    )
    told: list[tuple[str, Said]] = []
    line = Line(uuid4(), System.CHIRPSTACK, "valbelle", "")
    at = Listening(line, "127.0.0.1", broker, False, "us", "pw", datetime.now(UTC))
    tongue = Tongue(
        chirpstack_up.TOPIC, chirpstack_up.read, chirpstack.TOPICS, chirpstack.heard, chirpstack.UP
    )
    ear = Ear(at, tongue, lambda territory, said: told.append((territory, said)))
    came: list[tuple[str, bytes]] = []
    server = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="ns")
    server.username_pw_set("them", "pw")
    server.on_message = lambda _client, _data, message: came.append((message.topic, bytes(message.payload)))
    heard: list[int] = []
    server.on_subscribe = lambda *_args: heard.append(1)
    try:
        server.connect("127.0.0.1", broker)
        server.loop_start()
        server.subscribe("application/+/device/+/command/down", qos=1)
        until(lambda: ear.is_listening and heard, "both listen")
        with Device(broker, "them", "pw", "gateway") as gateway:
            gateway.publish(f"{BASE}/event/up", json.dumps(of_chirpstack()).encode(), 1)
            until(lambda: ways, "the way down is known")
            assert ways == [(EUI, BASE)]
            topic, payload = chirpstack.downlink(BASE, NUMBER, Encoded(10, b"\x01"))
            assert ear.publish(topic, payload)
            until(lambda: came, "it came down")
            assert came == [(topic, payload)]
            event = {"deviceInfo": {"devEui": EUI}, "queueItemId": str(NUMBER), "acknowledged": True}
            gateway.publish(f"{BASE}/event/ack", json.dumps(event).encode(), 2)
            until(lambda: told, "its end came up")
        assert told == [("valbelle", Said(EUI, NUMBER, "done", ""))]
    finally:
        server.loop_stop()
        ear.stop()
        ear.join()
    assert not ear.publish(topic, payload)


@pytest.mark.engines
def test_on_the_bus_it_answers_for_the_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(Home(tmp_path / "home"))
    answers: list[tuple[str, bytes]] = []
    passed: list[tuple[str, bytes]] = []

    def passing(user: str, payload: bytes, *_more: Any) -> bytes:
        passed.append((user, payload))
        return telling.answer(NUMBER, "failed", "no way")

    monkeypatch.setattr(telling, "pass_on", passing)
    monkeypatch.setattr(connections, "note_answer", lambda *_given: True)
    mouth = Telling(running.home, {}, lambda *_given: True)

    def ask(wish: Callable[[Any], Any]) -> None:
        bus.ask(running.home, wish)

    async def go(client: Any) -> None:
        async def hear(user: str, payload: bytes) -> None:
            answers.append((user, payload))

        await downlinks.listen(client, hear)
        await downlinks.send(client, USER, b"{}")
        await client.flush()
        for _ in range(200):
            if answers:
                break
            await client.flush()
        mouth.said("valbelle", Said(EUI, NUMBER, "done", ""))
        for _ in range(200):
            if len(answers) > 1:
                break
            await client.flush()

    try:
        mouth.start()
        until(lambda: mouth.is_hearing, "it hears")
        ask(go)
        assert passed == [(USER, b"{}")]
        assert answers == [
            (USER, telling.answer(NUMBER, "failed", "no way")),
            (USER, telling.answer(NUMBER, "done")),
        ]
    finally:
        mouth.stop()
        running.kill()
