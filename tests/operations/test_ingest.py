"""Devices and the whole platform: nothing acknowledged is lost or counted twice, whatever is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median
from typing import Any

import pytest

from belvedere.domains.intake.forms import decode
from belvedere.domains.intake.public import Form, Outcome, Reason
from belvedere.engines import bus, postgres, pulse, uplinks
from belvedere.engines.mqtt import Sender
from belvedere.kernel.errors import Unavailable
from tests.domains.intake.mistakes import MISTAKES, noise
from tests.engines.mqtt import Device
from tests.engines.waiting import until
from tests.faces.rest.real_sensors import SIX
from tests.operations.browsing import Page
from tests.operations.fleet import (
    CALM,
    FLOOD_PER_MINUTE,
    MILLISECOND,
    START,
    Fleet,
    act,
    act_alone,
    register,
    register_others,
)
from tests.operations.flooding import SHARE, WINDOW, Flood
from tests.operations.notifying import THINGS, UPDATES, Client, Hearer
from tests.operations.running import READY_S, Platform
from tests.realdata import ROOT as REAL
from tests.realdata import real_data

pytestmark = pytest.mark.engines
DEVICES = 20


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = Platform(tmp_path_factory.mktemp("ingest") / "home", migrated=True)
    platform.up()
    yield platform
    platform.down()


@pytest.fixture(scope="module")
def credentials(platform: Platform) -> list[tuple[str, str]]:
    return register(platform.environment, DEVICES, 60_000)


@pytest.fixture(scope="module")
def others(platform: Platform) -> dict[str, str]:
    return register_others(platform.environment)


def rows(platform: Platform, question: str) -> list[Any]:
    with postgres.connect(postgres.embedded_url(platform.home)) as connection:
        return connection.execute(question).fetchall()


def settled(platform: Platform) -> bool:
    """Whether everything that the bus acknowledged was taken."""
    try:
        return bus.ask(platform.home, uplinks.waiting) == 0
    except Unavailable:
        return False


def assert_balanced(platform: Platform) -> None:
    done = rows(platform, "SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM intake_progress, unnest(done) r")
    assert rows(platform, "SELECT coalesce(sum(messages), 0) FROM intake_received") == done
    sets = rows(platform, "SELECT coalesce(sum(sets), 0) FROM intake_received")
    assert rows(platform, "SELECT coalesce(sum(n), 0) FROM intake_ledger") == sets


def kept(platform: Platform) -> set[tuple[int, int]]:
    """Device and number of every message of the fleet in the history."""
    found = rows(
        platform,
        """
        SELECT substr(d.key, 2), r.observed_at
        FROM observations_reading r JOIN twin_attribute a ON a.id = r.series_id
        JOIN twin_device d ON d.entity_id = a.entity_id WHERE d.key ~ '^d[0-9]+$'
        """,
    )
    return {(int(device), 1 + (at - START) // MILLISECOND) for device, at in found}


def address(platform: Platform) -> tuple[str, int]:
    return bus.mqtt_address(platform.home)


def say(platform: Platform, credentials: list[tuple[str, str]], number: int) -> None:
    """Have each device say its value of that number, later than whatever it said before."""

    async def send() -> None:
        for user, password in credentials:
            sender = Sender(user, password, lambda _number: None)
            await sender.connect(*address(platform))
            payload = json.dumps({"LAeq": 40 + number}).encode()  # as of its arrival
            await sender.publish(f"devices/{user.replace('.', '/')}", payload, 1, window=1)
            assert await sender.settle(30)
            await sender.close()

    asyncio.run(send())


def signed_in(platform: Platform, user: str, password: str) -> bool:
    async def come() -> bool:
        sender = Sender(user, password, lambda _number: None)
        try:
            await sender.connect(*address(platform))
        except Unavailable:
            return False
        await sender.close()
        return True

    return asyncio.run(come())


@pytest.mark.parametrize("victim", ["ingest", "bus", "postgres"])
def test_nothing_acknowledged_is_lost_when_one_is_killed(
    platform: Platform, credentials: list[tuple[str, str]], victim: str
) -> None:
    before = kept(platform)
    fleet = Fleet(credentials, lambda: address(platform))
    fleet_start = max((number for _device, number in before), default=0)
    fleet.first = fleet_start
    sending = threading.Thread(target=lambda: asyncio.run(fleet.run(300.0, 200)))
    sending.start()
    until(lambda: len(fleet.acknowledged) > 300, "devices send")
    platform.kill(victim)
    so_far = len(fleet.acknowledged)
    until(lambda: len(fleet.acknowledged) > so_far + 300, "devices send again", 90)
    fleet.finish()
    sending.join(120)
    assert not sending.is_alive()
    until(lambda: settled(platform), "everything was taken", 60)

    now_kept = kept(platform)
    assert fleet.acknowledged <= now_kept
    ledger = "SELECT outcome, sum(n) FROM intake_ledger WHERE device_key ~ '^d[0-9]+$' GROUP BY 1"
    outcomes = dict(rows(platform, ledger))
    assert outcomes.get("refused", 0) == 0
    assert outcomes.get("stored", 0) + outcomes.get("late", 0) == len(now_kept)
    assert_balanced(platform)


@pytest.mark.parametrize(("verb", "key"), [("revoke", "d18"), ("rotate", "d19")])
def test_an_ended_secret_is_out_within_five_seconds(
    platform: Platform, credentials: list[tuple[str, str]], verb: str, key: str
) -> None:
    """And cannot come back, while its neighbour stays connected."""
    known = dict(credentials)
    user, neighbour = f"drill.{key}", "drill.d0"

    async def stay() -> float:
        one, other = (Sender(name, known[name], lambda _number: None) for name in (user, neighbour))
        await one.connect(*address(platform))
        await other.connect(*address(platform))
        assert one.is_connected
        told = await asyncio.to_thread(act, platform.environment, verb, key)
        began = time.monotonic()
        while one.is_connected and time.monotonic() - began < 20:
            await asyncio.sleep(0.05)
        took = time.monotonic() - began
        assert other.is_connected
        await one.close()
        await other.close()
        if verb == "rotate":
            known[user] = told
        return took

    old = known[user]
    assert asyncio.run(stay()) < 5.0
    assert not signed_in(platform, user, old)
    assert signed_in(platform, neighbour, known[neighbour])
    assert signed_in(platform, user, known[user]) == (verb == "rotate")


def ledger(platform: Platform, device: str) -> dict[str, int]:
    """What became of the sets of a device of the drill: by reason where it was refused, else by outcome."""
    found = rows(
        platform,
        "SELECT coalesce(nullif(l.reason, ''), l.outcome), sum(l.n) FROM intake_ledger l"
        " JOIN territory_territory t ON t.id = l.territory_id AND t.slug = 'drill'"
        f" WHERE l.device_key = '{device}' GROUP BY 1",
    )
    return {name: int(many) for name, many in found}


def test_one_that_floods_does_not_slow_the_others(platform: Platform, others: dict[str, str]) -> None:
    """Its surplus is refused, then it is cut off; what the others say meanwhile is acknowledged and kept."""
    flood = Flood(others, address(platform))
    asyncio.run(flood.run())
    assert flood.is_cut and not signed_in(platform, "drill.flood", others["drill.flood"])
    assert len(flood.told) == CALM and min(flood.told.values()) >= SHARE
    # Others usually wait for no more than what it has under way, and so they go on amid the flood. (Its
    # connection may now and then be read twice before another one is.)
    assert min(flood.during[key] for key in flood.told) > 0 and median(flood.behind) <= WINDOW + CALM
    until(lambda: settled(platform), "everything was taken", 60)
    assert_balanced(platform)
    assert {key: ledger(platform, key) for key in flood.told} == {
        key: {"stored": many} for key, many in flood.told.items()
    }
    told = ledger(platform, "flood")
    assert told.keys() == {"stored", "too_many"}
    assert told["stored"] <= 2 * FLOOD_PER_MINUTE  # it may begin in one minute and go on in the next
    assert flood.acknowledged <= sum(told.values()) <= flood.sent


def test_what_is_odd_is_counted_with_its_reason(platform: Platform, others: dict[str, str]) -> None:
    """Every mistake that is one on any day, and six hundred payloads of noise, in all three forms."""
    wrong = [one for one in MISTAKES if b"2026-" not in one[0] and b"open" not in one[0]]
    forms = {"": Form.SIMPLE, "/batch": Form.BATCH, "/ngsild": Form.NGSILD}
    noisy = [(list(forms)[at % 3], payload) for at, payload in enumerate(noise(600))]
    before = platform.state("ingest")["restarts"]
    publish(platform, others, "odd", [("", payload) for payload, _reason in wrong])
    publish(platform, others, "noise", noisy)
    until(lambda: settled(platform), "everything was taken")
    assert len(wrong) > 30
    assert ledger(platform, "odd") == Counter(reason.value for _payload, reason in wrong)
    sets = sum(len(decode(forms[form], payload, datetime.now(UTC))) for form, payload in noisy)
    told = ledger(platform, "noise")
    assert sum(told.values()) == sets
    assert len(told) >= 8 and told.keys() <= {*Outcome, *Reason} - {Reason.FAULT}
    counted = "SELECT sum(messages) FROM intake_received WHERE device_key = 'noise'"
    assert rows(platform, counted) == [(len(noisy),)]
    assert_balanced(platform)
    assert platform.state("ingest")["restarts"] == before


def publish(
    platform: Platform, passwords: dict[str, str], key: str, messages: list[tuple[str, bytes]]
) -> None:
    """Have a device of the drill say all that, below its topic, until it is acknowledged."""

    async def send() -> None:
        heard: list[int] = []
        sender = Sender(f"drill.{key}", passwords[f"drill.{key}"], heard.append)
        await sender.connect(*address(platform))
        for number, (form, payload) in enumerate(messages):
            assert await sender.publish(f"devices/drill/{key}{form}", payload, number)
        assert await sender.settle(30)
        assert len(heard) == len(messages)
        await sender.close()

    asyncio.run(send())


def test_a_device_of_another_territory_neither_reads_nor_writes(
    platform: Platform, credentials: list[tuple[str, str]], others: dict[str, str]
) -> None:
    """The two differ by nothing but the territory, and each knows its own secret."""
    (user, password), stranger = credentials[0], others["beyond.d0"]
    assert user == "drill.d0"
    assert not signed_in(platform, user, stranger) and not signed_in(platform, "beyond.d0", password)
    before = ledger(platform, "d0"), rows(platform, "SELECT count(*) FROM intake_deadletter")
    payload = json.dumps({"LAeq": 99}).encode()
    with Device(address(platform)[1], "beyond.d0", stranger, "stranger") as device:
        assert device.accepted
        for topic in ("devices/drill/d0", "devices/drill/#", "devices/#", "devices/beyond/#"):
            assert device.subscribe(topic) == 0x80
        for number, form in enumerate(("", "/batch", "/ngsild"), start=1):
            device.publish(f"devices/drill/d0{form}", payload, number)  # MQTT 3.1.1 cannot say no: dropped
        device.publish("devices/beyond/d0", payload, 9)
    until(lambda: settled(platform), "everything was taken")
    assert (ledger(platform, "d0"), rows(platform, "SELECT count(*) FROM intake_deadletter")) == before
    kept = rows(
        platform,
        "SELECT t.slug, l.outcome, l.n FROM intake_ledger l"
        " JOIN territory_territory t ON t.id = l.territory_id WHERE t.slug = 'beyond'",
    )
    assert kept == [("beyond", "stored", 1)]


@pytest.mark.realdata
def test_six_files_of_real_sensors_come_out_as_they_were_told(platform: Platform) -> None:
    """By the interface, both CSVs and the chart; hot and settled; as a file says the same (`sensors.py`)."""
    for real in SIX:
        real_data(f"sensors/{real.name}")
    act_alone({**platform.environment, "BELVEDERE_REAL_DATA": str(REAL)}, "sensors")
    outcomes = rows(
        platform,
        "SELECT DISTINCT l.outcome FROM intake_ledger l"
        " JOIN territory_territory t ON t.id = l.territory_id WHERE t.slug = 'sensors'",
    )
    assert outcomes == [("stored",)]


def test_a_value_reaches_the_page_that_is_open(
    platform: Platform, credentials: list[tuple[str, str]]
) -> None:
    """Through all engines: what is edited by a command, what a device says, what was missed meanwhile."""
    page = Page(platform, "drill", [])
    page.open()
    page.until("at")
    shown = int(act(platform.environment, "publish", "d0"))
    page.until("reset")
    page.close()

    page.things = [shown, shown + 1]  # the other one is kept among its own
    page.open()
    page.until("at")
    say(platform, credentials[:2], 1)
    (row,), before = page.until("values")
    assert (row[0], row[2], row[3], set(before) <= {"at", "states"}) == (shown, "LAeq", 41.0, True)

    platform.kill("live")
    while page.next() is not None:
        pass
    say(platform, credentials[:2], 2)
    until(lambda: settled(platform), "it was taken")
    page.open()
    (row,), before = page.until("values")
    assert (row[0], row[3], set(before) <= {"at"}) == (shown, 42.0, True)
    page.close()

    platform.kill("bus")
    page.open()
    page.until("reset")  # what was missed is not known any more
    page.close()


def test_other_systems_hear_everything_in_order_whatever_is_killed(platform: Platform) -> None:
    """100 things, 5 updates each, four kills: 500 notifications; a receiver that was away gets them later."""
    words = [sys.executable, "-m", "tests.operations.notifying"]
    token = subprocess.run(words, env=platform.environment, capture_output=True, text=True, check=True).stdout
    client, hearer, away = Client(platform, token), Hearer(), Hearer()
    hearer.open()
    try:
        client.make()
        client.subscribe(away.url)
        client.subscribe(hearer.url)
        client.change_all()
        until(lambda: hearer.heard == THINGS * UPDATES, "every notification arrives", READY_S)
        assert hearer.in_order and away.heard == 0
        away.open()
        until(lambda: away.heard == THINGS * UPDATES, "what was missed arrives", READY_S)
        assert away.in_order
        until(platform.is_well, "the platform is ready again", READY_S)
    finally:
        hearer.close()
        away.close()


def test_the_worker_says_how_it_goes(platform: Platform, credentials: list[tuple[str, str]]) -> None:
    # The bus was killed by the test before: that it is gone may be noticed only now.
    until(lambda: (pulse.felt(platform.home, "ingest") or {}).get("state") == "ready", "it is ready", READY_S)
    assert "ingest" in platform.run("status").stdout
    token = platform.home.secret("metrics")

    def told() -> bytes:
        return platform.get("/metrics", Authorization=f"Bearer {token}")[1]

    until(lambda: b"belvedere_ingest_up 1.0" in told(), "its figures say so", READY_S)
    assert b"belvedere_ingest_waiting" in told()


def test_a_clean_stop_takes_what_it_has(platform: Platform, credentials: list[tuple[str, str]]) -> None:
    """What was pulled is stored or left on the bus: after the next start nothing is missing."""
    before = platform.state("ingest")
    fleet = Fleet(credentials[:10], lambda: address(platform), first=100_000)
    sending = threading.Thread(target=lambda: asyncio.run(fleet.run(3.0, 200)))
    sending.start()
    until(lambda: len(fleet.acknowledged) > 50, "devices send")
    os.kill(before["pid"], signal.SIGTERM)
    until(lambda: platform.state("ingest")["restarts"] > before["restarts"], "it is started again", 60)
    sending.join(60)
    until(lambda: settled(platform), "everything was taken", 60)
    assert fleet.acknowledged <= kept(platform)
    assert_balanced(platform)
