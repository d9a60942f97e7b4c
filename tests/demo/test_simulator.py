"""The demo's devices as a process: what they send goes on where the past ends, and every fault is counted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from belvedere.demo import live_faults, live_fleet, live_lamps, simulator
from belvedere.demo.live import fields
from belvedere.demo.live_faults import Fate
from belvedere.demo.live_fleet import Credential, Kept
from belvedere.demo.live_kinds import KINDS
from belvedere.demo.live_places import counts
from belvedere.demo.live_world import DAY_US, HOUR_US, SECOND_US
from belvedere.demo.simulator import Device, Simulator
from belvedere.domains.access.public import Actor
from belvedere.domains.intake import feeding
from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import Level, TerritoryView, open_territory, territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.engines import bus, pulse
from belvedere.engines.home import Home
from belvedere.engines.uplinks import Puller
from belvedere.kernel.clock import standing_at
from tests.engines.keeping import Keeper
from tests.engines.test_bus import Running
from tests.engines.waiting import until

BIRTH = datetime(2026, 11, 22, 10, 37, tzinfo=UTC)
BIRTH_US = int(BIRTH.timestamp()) * SECOND_US
ACTOR = Actor.system("test")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Message = tuple[int, str, bytes]


def fleet(territory: str = "valbelle", total: int = 120) -> Kept:
    return Kept(
        BIRTH_US,
        "Europe/Zurich",
        tuple(
            Credential(kind, number, f"{territory}.demo-{kind}-{number + 1:02d}", f"of {kind} {number}")
            for kind, many in counts(total).items()
            for number in range(many)
        ),
    )


class Heard(Simulator):
    """A simulator whose messages are kept instead of sent, on a clock that is moved by hand."""

    def __init__(self, home: Home, kept: Kept) -> None:
        self.now_us = BIRTH_US
        self.messages: list[Message] = []
        super().__init__(home, kept, lambda: self.now_us)

    def _hand_over(self, device: Device) -> None:
        while device.waiting:
            _us, topic, payload = device.waiting.popleft()
            self.messages.append((self.now_us, topic, payload))

    def pass_time(self, hours: float, step_s: int = 60) -> None:
        end = self.now_us + int(hours * HOUR_US)
        while self.now_us < end:
            self.now_us += step_s * SECOND_US
            self.turn(self.now_us)


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    found = Heard(Home(tmp_path), fleet())
    found.begin(BIRTH_US, BIRTH_US)
    return found


def sets(messages: list[Message]) -> list[tuple[str, dict[str, Any]]]:
    """Reading sets by device, garbage left out."""
    found = []
    for _at, topic, payload in messages:
        try:
            told = json.loads(payload)
        except ValueError:
            continue
        key = topic.split("/")[2]
        found += [(key, one) for one in (told if isinstance(told, list) else [told]) if "t" in one]
    return found


def test_each_tells_at_its_pace_what_the_past_would_say(heard: Heard) -> None:
    heard.pass_time(6)
    told = Counter(key for key, _one in sets(heard.messages))
    assert told["demo-off-street-parking-01"] == 72
    assert told["demo-weather-01"] == 24
    assert told["demo-waste-container-01"] == 6
    assert told["demo-waste-container-09"] == told["demo-noise-level-03"] == 0, "they are silent"
    assert told["demo-streetlight-01"] == 12, "it says all twice"
    world, found = fleet().world, sets(heard.messages)
    for device in heard.devices[::9]:
        one = device.group.devices.one(device.row)
        for key, said in found:
            if key == device.credential.key:
                us = int(datetime.fromisoformat(said["t"]).timestamp()) * SECOND_US
                assert BIRTH_US < us <= heard.now_us
                expected = live_faults.measured(world, one, live_faults.np.array([[us]]))
                assert all(said[term] == values.item() for term, values in expected.items() if term in said)
                assert set(expected) - set(said) <= {live_faults.DAILY, "fillingLevel"}


def test_after_a_stop_what_was_missed_comes_as_a_batch(tmp_path: Path) -> None:
    late = Heard(Home(tmp_path), fleet())
    late.now_us = BIRTH_US + 2 * HOUR_US
    late.begin(late.now_us, BIRTH_US)
    late.pass_time(0.05)
    told = Counter(key for key, _one in sets(late.messages))
    assert 24 <= told["demo-off-street-parking-01"] <= 26
    assert sum(topic.endswith("/batch") for _at, topic, _payload in late.messages) > 100
    # After days, only the last hours are still there.
    old = Heard(Home(tmp_path), fleet())
    old.now_us = BIRTH_US + 3 * DAY_US
    old.begin(old.now_us, BIRTH_US)
    old.pass_time(0.05)
    assert 70 <= Counter(key for key, _one in sets(old.messages))["demo-off-street-parking-01"] <= 75


def test_it_knows_up_to_when_everything_is_sent(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.folder("run")
    assert simulator.told_until(home) is None
    one = Heard(home, fleet())
    one.begin(BIRTH_US, BIRTH_US)
    one.pass_time(1)
    one._tell("ready")
    assert (simulator.told_until(home) or 0) <= one.now_us
    one.devices[0].waiting.append((BIRTH_US + 5, "devices/x/y", b"{}"))
    one._tell("ready")
    assert simulator.told_until(home) == BIRTH_US + 4
    pulse.file_of(home, simulator.NAME).write_text("{")
    assert simulator.told_until(home) is None


def _territory() -> TerritoryView:
    open_territory(
        actor=ACTOR,
        slug="valbelle",
        names={"fr": "Valbelle"},
        country="CH",
        currency="CHF",
        languages=["fr"],
        zone="Europe/Zurich",
        level=Level("agglomeration"),
        codes={},
        parent_id=None,
        attribution="",
    )
    return territory_by_slug("valbelle")


@pytest.mark.django_db
def test_every_fault_reaches_the_books(tmp_path: Path) -> None:
    feeding.forget()
    kept = fleet(total=40)
    heard = Heard(Home(tmp_path), kept)
    heard.begin(BIRTH_US, BIRTH_US)
    with standing_at(BIRTH):
        territory = _territory()
        ids = twin.create_entities(
            actor=ACTOR,
            territory=territory,
            drafts=[twin.EntityDraft(kind=one.kind) for one in kept.devices],
        )
        twin.register_devices(
            actor=ACTOR,
            territory=territory,
            drafts=[
                twin.DeviceDraft(one.key, entity_id, fields(one.kind, one.number))
                for one, entity_id in zip(kept.devices, ids, strict=True)
            ],
        )
    heard.pass_time(30, 300)
    end = EPOCH + timedelta(microseconds=heard.now_us)
    with standing_at(end):
        intake.take(
            "test",
            [
                intake.Message(topic.replace("/", "."), payload, seq, EPOCH + timedelta(microseconds=at_us))
                for seq, (at_us, topic, payload) in enumerate(heard.messages, 1)
            ],
        )
        books = intake.ledger(ACTOR, territory.id, BIRTH, end + timedelta(hours=1))
        silent = twin.notice_silence(end)
    feeding.forget()
    assert books.whole.balances
    fate = heard.totals
    assert min(fate[one.name.lower()] for one in Fate) > 0 and fate["silent"] > 60
    assert books.whole.duplicate == fate["twice"]
    assert 0 < books.whole.late <= fate["late"]
    renamed = sum("lvl" in one for _key, one in sets(heard.messages))
    assert 28 <= renamed <= 32, "its level has a new name"
    assert books.whole.refused == renamed + fate["garbage"]
    assert intake.Reason.UNKNOWN_FIELD in dict(books.reasons)
    numbers = {ids[place] for place, one in enumerate(kept.devices) if one.number in (8, 2)}
    assert numbers & {one.entity_id for one in silent}


# ------------------------------------------------------------------ over the real bus
@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    found = Running(Home(tmp_path / "home"))
    yield found
    found.kill()


def start(home: Home) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "belvedere.demo.simulator"]
    return subprocess.Popen(words, env={**os.environ, "BELVEDERE_HOME": str(home.root)})


async def _taken(client: Client) -> list[str]:
    puller = Puller(client)
    await puller.open()
    found = []
    while batch := await puller.take(1.0, 0.05):
        found += [one.subject for one in batch]
        await puller.acknowledge(batch)
    await client.flush()
    return found


@pytest.mark.engines
def test_each_signs_in_by_itself_through_an_outage_and_leaves_when_told(running: Running) -> None:
    home = running.home
    kept = fleet(total=1)
    now_us = int(datetime.now(UTC).timestamp()) * SECOND_US
    # Two hours ago: each has something to send at once.
    live_fleet.write(home, Kept(now_us - 2 * HOUR_US, kept.zone, kept.devices))
    with Keeper(home) as keeper:
        refused = kept.devices[3]
        keeper.known = {one.user: one.password for one in kept.devices if one is not refused}
        running.kill()
        process = start(home)
        try:
            until(lambda: heard_of(home, "failed") >= 10, "the bus is not there", 60)
            running.start()
            talkative = {one.user for one in talkative_of(kept)} - {refused.user}
            until(lambda: talkative <= set(keeper.asked), "all have signed in", 60)
            until(
                lambda: (pulse.felt(home, simulator.NAME) or {}).get("waiting") == 1,
                "all but one is sent",
                60,
            )
            subjects = set(bus.ask(home, _taken))
            assert subjects >= {f"devices.{user}.batch" for user in talkative}
            assert f"devices.{refused.user}.batch" not in subjects
            told = pulse.felt(home, simulator.NAME) or {}
            awake = sum(one.kind in ("off-street-parking", "streetlight") for one in kept.devices)
            assert told["connected"] == awake, "the others sleep"
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()


def heard_of(home: Home, what: str) -> int:
    told = pulse.felt(home, simulator.NAME) or {}
    return int(told.get("totals", {}).get(what, 0))


def talkative_of(kept: Kept) -> list[Credential]:
    """Those that tell at least twice an hour and are not silent for days."""
    return [
        one
        for one in kept.devices
        if KINDS[one.kind].interval_s <= 900 and (one.kind, one.number) not in live_faults.SILENT
    ]


def test_a_lamp_does_each_command_once_and_tells_how_it_burns(heard: Heard) -> None:
    def tell(number: int, value: float, name: str) -> list[dict[str, Any]]:
        lamp = next(one for one in heard.devices if one.obeys and one.credential.number == number)
        expires = (BIRTH + timedelta(minutes=15)).isoformat()
        order = {"id": name, "command": "dim", "value": value, "expires": expires}
        before = len(heard.messages)
        heard._heard(lamp, "", json.dumps(order).encode())
        heard._hand_over(lamp)
        return [json.loads(payload) for _at, _topic, payload in heard.messages[before:]]

    accepted, done, told = tell(3, 40.0, "a")
    assert (accepted["answer"], done["answer"], told["illuminanceLevel"]) == ("accepted", "done", 0.4)
    assert heard.messages[-3][1] == "answers/valbelle/demo-streetlight-04"
    assert 11 < told["powerConsumption"] < 26
    assert [one["answer"] for one in tell(3, 40.0, "a")] == ["done"], "it knows the id"
    assert [one.get("answer") for one in tell(4, 40.0, "b")][:2] == ["accepted", "failed"]
    assert tell(9, 40.0, "c") == [], "it never answers"
    again = live_lamps.Lamps.read(heard._home).of["demo-streetlight-04"]
    assert (again.level, again.known) == (0.4, {"a": ("done", "")})


def test_without_devices_it_waits_and_leaves(tmp_path: Path) -> None:
    home = Home(tmp_path)
    process = start(home)
    try:
        until(lambda: pulse.felt(home, simulator.NAME), "it says that it waits", 60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def test_it_does_not_carry_the_platform_along() -> None:
    heavy = ("django", "nats", "shapely", "duckdb", "psycopg", "granian")
    words = f"import sys, belvedere.demo.simulator; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
