"""The bus: acknowledged is on disk; its configuration is private; streams follow their subjects."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from belvedere.engines import bus, changes, ports, probes, telling
from belvedere.engines.bus import EmbeddedBus
from belvedere.engines.home import Home
from belvedere.kernel.errors import Unavailable
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


@pytest.mark.parametrize("given", ["50ms", "2s"])
def test_when_messages_reach_the_disk_is_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(bus.SYNC, given)
    home = Home(tmp_path)
    EmbeddedBus(home).ensure_configured()
    assert f"sync_interval: {given}\n" in home.path("nats", "nats.conf").read_text()


@pytest.mark.parametrize("given", ["never", "0ms", "5", "1h", "50ms }"])
def test_a_duration_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(bus.SYNC, given)
    with pytest.raises(Unavailable, match="always"):
        EmbeddedBus(Home(tmp_path)).ensure_configured()


def test_what_is_published_is_kept_through_a_kill(running: Running) -> None:
    async def make(client: Client) -> None:
        await bus.ensure_stream(client, "KEPT", ["kept.>"])
        await client.jetstream().publish("kept.a", b"by the platform")

    bus.ask(running.home, make)
    running.kill()
    assert not bus.is_ready(running.home)
    running.start()
    assert bus.is_ready(running.home)
    assert messages(running.home, "KEPT") == [("kept.a", b"by the platform")]


def test_a_stranger_does_not_enter_by_the_platforms_door(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = ports.port_for(running.home, "nats")
    secret = running.home.secret("nats_doorkeeper")
    monkeypatch.setenv("BELVEDERE_BUS_URL", f"nats://{bus.PLATFORM}:{secret}@127.0.0.1:{port}")
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


def test_a_way_that_is_kept_says_on_and_finds_a_bus_that_came_back(running: Running) -> None:
    way = telling.Way(running.home)
    told = [changes.reset(UUID(int=1)), changes.reset(UUID(int=2))]
    way.say(told[:1])
    kept = way._open
    way.say(told[1:])
    assert kept is not None and way._open is kept
    assert messages(running.home, changes.STREAM) == [(one.subject, one.payload) for one in told]
    running.kill()
    with pytest.raises(Unavailable):
        way.say(told)
    running.start()
    way.say(told[1:])  # the stream lived in memory: it is made anew
    assert messages(running.home, changes.STREAM) == [(told[1].subject, told[1].payload)]
    way.leave()
    assert kept[1].is_closed and way._open is None
