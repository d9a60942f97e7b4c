"""The bus: acknowledged is on disk; devices publish where they may and hear nothing."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from belvedere.engines import bus, ports, probes
from belvedere.engines.bus import EmbeddedBus
from belvedere.engines.home import Home
from belvedere.kernel.errors import Unavailable
from tests.engines.mqtt import Device
from tests.engines.waiting import until

pytestmark = pytest.mark.engines


class Running:
    """A NATS server of its own, that can be killed."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.start()

    def start(self) -> None:
        engine = EmbeddedBus(self.home)
        engine.ensure_configured()
        self.process = subprocess.Popen(
            engine.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        port = ports.port_for(self.home, "nats")
        until(lambda: probes.nats_accepts(ports.LOOPBACK, port), "NATS is ready")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(Home(tmp_path_factory.mktemp("bus") / "home"))
    yield running
    running.kill()


def device(running: Running, name: str, *, user: str = bus.DEVICE, secret: str = "nats_device") -> Device:
    return Device(bus.mqtt_address(running.home)[1], user, running.home.secret(secret), name)


def messages(home: Home, stream: str) -> list[tuple[str, bytes]]:
    async def read(client: Client) -> list[tuple[str, bytes]]:
        manager = client.jetstream()
        count = (await manager.stream_info(stream)).state.messages
        found = [await manager.get_msg(stream, number) for number in range(1, count + 1)]
        return [(message.subject or "", message.data or b"") for message in found]

    return bus.ask(home, read)


def test_the_configuration_is_private_and_on_loopback(running: Running) -> None:
    file = running.home.path("nats", "nats.conf")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert "sync_interval: always" in text
    assert text.count('"127.0.0.1:') == 2


def test_what_a_device_publishes_is_kept_through_a_kill(running: Running) -> None:
    async def make(client: Client) -> None:
        await bus.ensure_stream(client, "UPLINKS", ["devices.>"])
        await client.jetstream().publish("devices.a.up", b"by the platform")

    bus.ask(running.home, make)
    with device(running, "lamp-1") as lamp:
        assert lamp.accepted
        lamp.publish("devices/lamp-1/up", b"21.5")
    last = ("devices.lamp-1.up", b"21.5")
    until(lambda: messages(running.home, "UPLINKS")[-1] == last, "the uplink is in the stream")
    running.kill()
    assert not bus.is_ready(running.home)
    running.start()
    assert bus.is_ready(running.home)
    assert messages(running.home, "UPLINKS")[-2:] == [
        ("devices.a.up", b"by the platform"),
        last,
    ]


def test_what_mqtt_acknowledged_is_on_disk(running: Running) -> None:
    """A kill right after PUBACK: a durable consumer of MQTT's own stream finds every message."""

    async def prepare(client: Client) -> None:
        config = ConsumerConfig(
            durable_name="ingest",
            filter_subject="$MQTT.msgs.devices.>",
            ack_policy=AckPolicy.EXPLICIT,
            deliver_policy=DeliverPolicy.NEW,
        )
        await client.jetstream().add_consumer("$MQTT_msgs", config)

    async def pending(client: Client) -> int:
        info = await client.jetstream().consumer_info("$MQTT_msgs", "ingest")
        return int(info.num_pending or 0)

    with device(running, "first-of-all"):
        pass  # the server makes its streams for MQTT when the first device comes
    bus.ask(running.home, prepare)
    for number in range(1, 6):
        with device(running, f"lamp-{number}") as lamp:
            lamp.publish("devices/lamp/up", b"%d" % number)
            running.kill()
        running.start()
        assert bus.ask(running.home, pending) == number


@pytest.mark.parametrize("topic", ["devices/#", "#", "events/plans", "devices/lamp-2/up", "$SYS/#"])
def test_a_device_hears_nothing(running: Running, topic: str) -> None:
    with device(running, "lamp-2") as lamp:
        assert lamp.accepted
        assert lamp.subscribe(topic) == 0x80


def test_a_device_cannot_speak_as_the_platform(running: Running) -> None:
    async def make(client: Client) -> None:
        await bus.ensure_stream(client, "EVENTS", ["events.>"])

    async def more(client: Client) -> None:
        await client.jetstream().publish("events.true", b"ours")

    bus.ask(running.home, make)
    with device(running, "lamp-3") as lamp:
        lamp.publish("events/plans", b"forged")  # MQTT 3.1.1 has no refusal of a publish: it is dropped
        bus.ask(running.home, more)
    assert messages(running.home, "EVENTS") == [("events.true", b"ours")]


def test_only_the_device_account_speaks_mqtt(running: Running) -> None:
    with device(running, "x", user=bus.PLATFORM, secret="nats_platform") as platform:
        assert not platform.accepted
    with device(running, "y", secret="nats_platform") as wrong_password:
        assert not wrong_password.accepted


def test_a_device_cannot_enter_by_the_platforms_door(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = ports.port_for(running.home, "nats")
    secret = running.home.secret("nats_device")
    monkeypatch.setenv("BELVEDERE_BUS_URL", f"nats://{bus.DEVICE}:{secret}@127.0.0.1:{port}")
    with pytest.raises(Unavailable) as caught:
        bus.ask(running.home, lambda client: client.flush())
    assert secret not in str(caught.value)
    assert "Authorization Violation" in str(caught.value)


def test_a_stream_follows_its_subjects(running: Running) -> None:
    async def change(client: Client) -> list[str]:
        await bus.ensure_stream(client, "CHANGING", ["one.>"])
        await bus.ensure_stream(client, "CHANGING", ["two.>", "one.>"])
        return sorted((await client.jetstream().stream_info("CHANGING")).config.subjects or [])

    assert bus.ask(running.home, change) == ["one.>", "two.>"]


def test_a_bus_that_does_not_answer_says_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(Unavailable, match="belvedere up") as caught:
        bus.ask(home, lambda client: client.flush())
    assert home.secret("nats_platform")[:20] not in str(caught.value)


def test_an_address_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(bus.MQTT_ADDRESS, "1883")
    with pytest.raises(Unavailable, match="host:port"):
        EmbeddedBus(Home(tmp_path)).ensure_configured()


def test_publishing_to_no_stream_is_an_error(running: Running) -> None:
    async def publish(client: Client) -> None:
        await client.jetstream().publish("nobody.keeps.this", b"")

    with pytest.raises(NatsError):
        bus.ask(running.home, publish)
