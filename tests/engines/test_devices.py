"""Devices at the door: each by its own name and password, with its own topics and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from nats.aio.client import Client

from belvedere.engines import bus, downlinks, ports, uplinks
from belvedere.engines.home import Home
from belvedere.engines.mqtt import Sender
from belvedere.engines.nkeys import ACCOUNT, claims_of, crc16, encoded
from belvedere.engines.uplinks import Puller, Uplink
from belvedere.kernel.errors import Unavailable
from tests.engines.keeping import Keeper
from tests.engines.mqtt import Device
from tests.engines.test_bus import Running
from tests.engines.waiting import until

pytestmark = pytest.mark.engines
LAMP, NEIGHBOUR = "valbelle.lamp", "valbelle.bin"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(Home(tmp_path_factory.mktemp("devices") / "home"))
    yield running
    running.kill()


@pytest.fixture(scope="module")
def keeper(running: Running) -> Iterator[Keeper]:
    with Keeper(running.home) as keeper:
        keeper.known = {LAMP: "of the lamp", NEIGHBOUR: "of the bin"}
        yield keeper


def device(running: Running, user: str, password: str, name: str = "one") -> Device:
    return Device(bus.mqtt_address(running.home)[1], user, password, name)


def taken(home: Home) -> list[tuple[str, bytes]]:
    """Everything that waits, then acknowledged."""

    async def read(client: Client) -> list[Uplink]:
        puller = Puller(client)
        await puller.open()
        found: list[Uplink] = []
        while batch := await puller.take(1.0, 0.05):
            found += batch
            await puller.acknowledge(batch)
        await client.flush()
        return found

    return [(one.subject, one.payload) for one in bus.ask(home, read)]


def waiting(home: Home) -> int:
    return bus.ask(home, uplinks.waiting)


def test_a_public_key_is_written_as_nats_does() -> None:
    assert crc16(b"123456789") == 0x31C3  # the check value of CRC-16/XMODEM
    key = encoded(ACCOUNT, bytes(32))
    assert key.startswith("A") and len(key) == 56


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "a.W10.c"])
def test_what_is_no_token_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        claims_of(text)


@pytest.mark.parametrize(
    ("user", "password"),
    [(LAMP, "of the bin"), (LAMP, ""), (NEIGHBOUR, "of the lamp"), ("valbelle.lam", "of the lamp")],
)
def test_one_fact_wrong_and_it_stays_outside(
    running: Running, keeper: Keeper, user: str, password: str
) -> None:
    with device(running, user, password) as stranger:
        assert not stranger.accepted
    with device(running, LAMP, "of the lamp") as lamp:
        assert lamp.accepted


@pytest.mark.parametrize("user", [bus.PLATFORM, bus.DOORKEEPER])
def test_the_platforms_accounts_do_not_speak_mqtt(running: Running, keeper: Keeper, user: str) -> None:
    with device(running, user, running.home.secret(f"nats_{user}")) as platform:
        assert not platform.accepted


def test_a_device_does_not_enter_by_the_platforms_door(
    running: Running, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = ports.port_for(running.home, "nats")
    monkeypatch.setenv("BELVEDERE_BUS_URL", f"nats://{LAMP}:of%20the%20lamp@127.0.0.1:{port}")
    with pytest.raises(Unavailable) as caught:
        bus.ask(running.home, lambda client: client.flush())
    assert "of the lamp" not in str(caught.value)


@pytest.mark.parametrize(
    "topic", ["devices/#", "#", "devices/valbelle/lamp", "devices/valbelle/bin", "$SYS/#", "$MQTT/#"]
)
def test_a_device_hears_nothing(running: Running, keeper: Keeper, topic: str) -> None:
    with device(running, LAMP, "of the lamp") as lamp:
        assert lamp.accepted
        assert lamp.subscribe(topic) == 0x80


@pytest.mark.parametrize(
    "topic",
    [
        "devices/valbelle/bin",
        "devices/valbelle",
        "devices/valbelle/lampe",
        "devices/elsewhere/lamp",
        "events",
    ],
)
def test_a_device_speaks_for_itself_only(running: Running, keeper: Keeper, topic: str) -> None:
    taken(running.home)
    with device(running, LAMP, "of the lamp") as lamp:
        lamp.publish(topic, b"forged")  # MQTT 3.1.1 has no refusal of a publish: it is dropped
        lamp.publish("devices/valbelle/lamp", b"true", 2)
        lamp.publish("devices/valbelle/lamp/batch", b"[true]", 3)
    assert taken(running.home) == [
        ("devices.valbelle.lamp", b"true"),
        ("devices.valbelle.lamp.batch", b"[true]"),
    ]


def test_what_is_acknowledged_is_kept_through_a_kill_until_taken(running: Running, keeper: Keeper) -> None:
    taken(running.home)
    for number in range(1, 4):
        with until(lambda: accepted(running), "the lamp is let in") as lamp:
            lamp.publish("devices/valbelle/lamp", b"%d" % number)
            running.kill()
        running.start()
        assert waiting(running.home) == number
    assert [payload for _, payload in taken(running.home)] == [b"1", b"2", b"3"]
    until(lambda: waiting(running.home) == 0, "what was taken is gone")


def accepted(running: Running) -> Device | None:
    lamp = device(running, LAMP, "of the lamp")
    if lamp.accepted:
        return lamp
    lamp.close()
    return None


def test_one_that_is_sent_away_is_out_and_its_neighbour_stays(running: Running, keeper: Keeper) -> None:
    with (
        until(lambda: accepted(running), "the lamp is let in") as lamp,
        device(running, NEIGHBOUR, "of the bin", "two") as neighbour,
    ):
        assert neighbour.accepted
        here = {guest.user: guest for guest in keeper.guests}
        assert {LAMP, NEIGHBOUR} <= set(here)
        keeper.send_away(here[LAMP])
        assert lamp.is_cut
        neighbour.publish("devices/valbelle/bin", b"still here")


def test_a_stream_made_anew_is_another_one(running: Running, keeper: Keeper) -> None:
    """Its messages count from one again: nobody may take them for those of before."""

    async def again(client: Client) -> tuple[str, str, str]:
        before, same = await uplinks.prepare(client), await uplinks.prepare(client)
        await client.jetstream().delete_stream(uplinks.STREAM)
        return before, same, await uplinks.prepare(client)

    before, same, after = bus.ask(running.home, again)
    assert before == same != after


def test_batches_come_in_order_and_whole(running: Running, keeper: Keeper) -> None:
    taken(running.home)

    async def both(client: Client) -> list[int]:
        await uplinks.prepare(client)
        for number in range(120):
            await client.jetstream().publish("$MQTT.msgs.devices.a.b", b"%d" % number)
        puller = Puller(client, most=50)
        await puller.open()
        found: list[list[Uplink]] = [await puller.take(5.0, 0.2) for _ in range(3)]
        assert [len(batch) for batch in found] == [50, 50, 20]
        assert await puller.take(0.05, 0.05) == []
        for batch in found:
            await puller.acknowledge(batch)
        await client.flush()
        return [int(one.payload) for batch in found for one in batch]

    assert bus.ask(running.home, both) == list(range(120))
    until(lambda: waiting(running.home) == 0, "what was taken is gone")


def test_a_device_hears_its_own_commands_and_its_answer_comes_back(running: Running, keeper: Keeper) -> None:
    async def there_and_back(client: Client) -> tuple[list[tuple[str, bytes]], tuple[str, bytes]]:
        heard: list[tuple[str, bytes]] = []
        came = asyncio.Event()
        answers: list[tuple[str, bytes]] = []

        def hear(topic: str, payload: bytes) -> None:
            heard.append((topic, payload))
            came.set()

        async def take(user: str, payload: bytes) -> None:
            answers.append((user, payload))
            came.set()

        sender = Sender(LAMP, "of the lamp", lambda _number: None, on_heard=hear)
        await sender.connect(*bus.mqtt_address(running.home))
        await sender.subscribe("commands/valbelle/lamp")
        await downlinks.listen(client, take)
        await downlinks.send(client, NEIGHBOUR, b"not for you")
        await downlinks.send(client, LAMP, b"x" * 300)
        await asyncio.wait_for(came.wait(), 20)
        came.clear()
        await sender.publish("answers/valbelle/lamp", b"done", 1)
        await asyncio.wait_for(came.wait(), 20)
        with pytest.raises(Unavailable):
            await sender.subscribe("commands/valbelle/bin")
        await sender.close()
        return heard, answers[0]

    heard, answer = bus.ask(running.home, there_and_back)
    assert heard == [("commands/valbelle/lamp", b"x" * 300)]
    assert answer == (LAMP, b"done")
