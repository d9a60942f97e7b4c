"""At a real broker: what it tells is on the disk of our bus before it is acknowledged."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from belvedere.connectors import listening
from belvedere.connectors.chirpstack import reading
from belvedere.connectors.listening import Ear, Tongue
from belvedere.domains.connections import brokers
from belvedere.domains.connections.public import Line, Listening, System, reachable, read_frame
from belvedere.engines import bus, deposits, ports, uplinks
from belvedere.engines.home import Home
from belvedere.kernel.errors import InvalidInput, Unavailable
from tests.connectors.test_reading import EUI, of_chirpstack
from tests.engines.mqtt import Device
from tests.engines.test_bus import Running
from tests.engines.test_devices import taken
from tests.engines.waiting import until

BROKER = """
listen: "127.0.0.1:-1"
server_name: broker
jetstream { store_dir: "%s" }
mqtt { listen: "127.0.0.1:%d", ack_wait: "1s" }
authorization { users: [ { user: us, password: pw }, { user: them, password: pw } ] }
"""
TOPIC = f"application/1/device/{EUI}/event/up"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[int]:
    """A network server's broker: its port."""
    with socket.create_server((ports.LOOPBACK, 0)) as free:
        port = free.getsockname()[1]
    file = tmp_path / "broker.conf"
    file.write_text(BROKER % (tmp_path / "broker", port))
    server = Path(sys.executable).with_name("nats-server")
    process = subprocess.Popen([str(server), "-c", str(file)], stderr=subprocess.DEVNULL)
    until(lambda: not ports.is_free(port, "127.0.0.1"), "the broker listens")
    yield port
    process.kill()
    process.wait()


@pytest.mark.engines
def test_uplinks_of_a_broker_reach_the_stream_though_our_bus_was_away(
    tmp_path: Path, broker: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = Running(Home(tmp_path / "home"))
    bus.ask(running.home, uplinks.prepare)
    depositor = deposits.Depositor(running.home)
    told: list[dict[str, Any]] = []
    tries: list[int] = []

    def put(subject: str, payload: bytes) -> None:
        tries.append(1)
        if len(tries) == 2:
            raise Unavailable("our bus is away")
        depositor.put(subject, payload)

    monkeypatch.setattr(deposits, "put", put)
    monkeypatch.setattr(listening, "FIRST_DELAY_S", 0.05)
    monkeypatch.setattr(listening, "remember", lambda _line, **what: told.append(what))
    monkeypatch.setattr("belvedere.connectors.receiving.remember", lambda _line, **what: told.append(what))
    monkeypatch.setattr("belvedere.connectors.receiving.note_route", lambda *_given: None)
    monkeypatch.setenv(brokers.INSIDE, f"other:1, 127.0.0.1:{broker}")
    line = Line(uuid4(), System.CHIRPSTACK, "valbelle", "")
    at = Listening(line, "127.0.0.1", broker, False, "us", "pw", datetime.now(UTC))
    ear = Ear(at, Tongue(reading.TOPIC, reading.read))
    try:
        until(lambda: ear.is_listening, "it listens")
        with Device(broker, "them", "pw", "ns") as server:
            for counter in (1, 2, 3):
                server.publish(TOPIC, json.dumps(of_chirpstack(fCnt=counter)).encode(), counter)
            server.publish(TOPIC, b"nonsense", 4)
            until(lambda: any(one.get("refused") for one in told), "what is no uplink is refused")
            until(lambda: sum(one.get("taken", 0) for one in told) >= 3, "three are kept")
        counters = set()
        for subject, payload in taken(running.home):
            frame = read_frame(payload)
            assert subject == f"devices.valbelle.{EUI}.uplink"
            assert frame is not None
            counters.add(frame.counter)
        assert counters == {1, 2, 3}
    finally:
        ear.stop()
        ear.join()
        depositor.close()
        running.kill()


@pytest.mark.engines
def test_a_wrong_password_is_told(broker: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(listening, "remember", lambda _line, problem: told.append(problem))
    monkeypatch.setenv(brokers.INSIDE, f"127.0.0.1:{broker}")
    line = Line(uuid4(), System.CHIRPSTACK, "valbelle", "")
    at = Listening(line, "127.0.0.1", broker, False, "us", "wrong", datetime.now(UTC))
    ear = Ear(at, Tongue(reading.TOPIC, reading.read))
    try:
        until(lambda: listening.NOT_LET_IN in told, "it says so")
    finally:
        ear.stop()
        ear.join()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.9",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "169.254.169.254",
        "localhost",
    ],
)
def test_no_broker_leads_inside_the_house(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput):
        reachable(host, 1883)
    if host != "localhost":
        with pytest.raises(InvalidInput):
            brokers.checked_broker(host, 1883)
    monkeypatch.setenv(brokers.INSIDE, f"{host}:1883")
    assert reachable(host, 1883) == host
    with pytest.raises(InvalidInput):
        reachable(host, 1884)  # that very port only


@pytest.mark.parametrize("host", ["", "mqtt://x.org", "a b", "x.org/", "-x", "x" * 300])
def test_what_names_no_server_is_refused(host: str) -> None:
    with pytest.raises(InvalidInput):
        brokers.checked_broker(host, 1883)
