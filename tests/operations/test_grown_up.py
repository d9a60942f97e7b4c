"""Grown up: the same code on engines of somebody else's, by their addresses.

PostgreSQL 15 as Debian brings it, a cluster of three NATS nodes, two workers, a lake on an S3 server.
The large drill is `python -m bench.grown_up`.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from belvedere.engines import lake, postgres, uplinks
from belvedere.engines.accounts import accounts
from belvedere.engines.home import Home
from belvedere.engines.mqtt import Sender
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import Unavailable
from belvedere.project.operations.backup import back_up
from belvedere.project.operations.restore import bring_back
from tests.engines.waiting import until
from tests.operations.fleet import START, Fleet, act, register
from tests.operations.outside import Outside, Server, debian_postgres, let_through, outside, s3_server

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(
        debian_postgres() is None,
        reason="no PostgreSQL 15 server of the system is on this machine (apt-get install postgresql-15)",
    ),
]
DEVICES = 20
FLEET = 15  # of them send all the time; the others are of one test each
OF_FLEET = "device_key IN ({})".format(", ".join(f"'d{n}'" for n in range(FLEET)))


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with outside(let_through(tmp_path_factory.mktemp("outside")), workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def credentials(platform: Outside) -> list[tuple[str, str]]:
    return register(platform.environment, DEVICES, 60_000)


def test_nothing_is_lost_when_a_node_and_a_worker_are_killed(
    platform: Outside, credentials: list[tuple[str, str]]
) -> None:
    """The node that leads the stream, then the worker whose turn it is; each comes back under load."""
    fleet = Fleet(credentials[:FLEET], platform.mqtt)
    sending = threading.Thread(target=lambda: asyncio.run(fleet.run(300.0, 200)))
    sending.start()
    more(fleet, 400)
    # Two workers share the stream: in its order all the same.
    ledger = f"SELECT outcome, sum(n) FROM intake_ledger WHERE {OF_FLEET} GROUP BY 1"
    assert dict(platform.rows(ledger)).keys() == {"stored"}
    leader = platform.leader()
    platform.cluster.kill(leader)
    more(fleet, 400)
    worker = platform.kill_worker()
    assert platform.working() != worker
    platform.cluster.revive(leader)
    more(fleet, 400)
    fleet.finish()
    sending.join(120)
    assert not sending.is_alive()
    until(platform.settled, "everything was taken", 60)

    many = readings(platform, START, START + timedelta(hours=1))
    assert len(fleet.acknowledged) <= many <= fleet.sent
    outcomes = dict(platform.rows(ledger))
    # What was not acknowledged when a node died comes again, and is known.
    assert outcomes.keys() <= {"stored", "late", "duplicate"}
    assert outcomes["stored"] + outcomes.get("late", 0) == many
    done = platform.number("SELECT sum(upper(r) - lower(r)) FROM intake_progress, unnest(done) r")
    assert platform.number("SELECT sum(messages) FROM intake_received") == done
    # Whichever node leads, the stream has one birth: what comes again is known.
    assert platform.number("SELECT count(*) FROM intake_progress") == 1
    info = platform.ask_bus(lambda client: client.jetstream().stream_info(uplinks.STREAM))
    assert info.config.num_replicas == 3


def readings(platform: Outside, first: datetime, last: datetime) -> int:
    """How many of that time are in PostgreSQL."""
    return platform.number(
        f"SELECT count(*) FROM observations_reading WHERE observed_at >= '{first.isoformat()}'"
        f" AND observed_at < '{last.isoformat()}'"
    )


async def say(address: tuple[str, int], user: str, password: str, at: datetime) -> None:
    """Have a device tell a value of that instant, until it is acknowledged."""
    sender = Sender(user, password, lambda _number: None)
    await sender.connect(*address)
    payload = json.dumps({"t": at.isoformat(), "LAeq": 51}).encode()
    await sender.publish(f"devices/{user.replace('.', '/')}", payload, 1)
    assert await sender.settle(30)
    await sender.close()


def more(fleet: Fleet, many: int) -> None:
    so_far = len(fleet.acknowledged)
    until(lambda: len(fleet.acknowledged) > so_far + many, "devices send", 90)


def test_an_ended_secret_is_out_whichever_node_it_knocked_at(
    platform: Outside, credentials: list[tuple[str, str]]
) -> None:
    user, password = credentials[15]

    async def stay() -> None:
        sender = Sender(user, password, lambda _number: None)
        await sender.connect(*platform.mqtt())
        assert sender.is_connected
        await asyncio.to_thread(act, platform.environment, "revoke", user.partition(".")[2])
        async with asyncio.timeout(5):
            while sender.is_connected:
                await asyncio.sleep(0.02)
        for address in platform.cluster.mqtt:
            with pytest.raises(Unavailable, match="does not let"):
                await sender.connect(*address)

    asyncio.run(stay())


def test_a_device_knocks_at_the_leaf_of_its_commune(
    platform: Outside, credentials: list[tuple[str, str]]
) -> None:
    """It is judged by the platform, and acknowledged once the cluster has what it says."""
    user, password = credentials[16]
    at = START + timedelta(days=1)

    def told() -> bool:
        """The link to the cluster may take a moment more than the door."""
        try:
            asyncio.run(say(leaf, user, password, at))
        except Unavailable:
            return False
        return True

    with platform.cluster.leaf() as leaf:
        until(told, "the leaf lets the device in", 60)
        with pytest.raises(Unavailable, match="does not let"):
            asyncio.run(say(leaf, user, credentials[17][1], at))
    until(platform.settled, "it was taken", 60)
    assert readings(platform, at, at + timedelta(seconds=1)) == 1


def test_what_a_cluster_is_told_is_written_for_its_owner_only(platform: Outside, tmp_path: Path) -> None:
    file = tmp_path / "belvedere.conf"
    done = platform.run("bus-accounts", str(file))
    assert done.returncode == 0, done.stderr
    assert file.read_text() == accounts(platform.home)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(s3_server() is None, reason="no S3 server is on this machine (moto_server)")
def test_a_day_goes_to_the_bucket_and_is_read_from_there(
    platform: Outside, credentials: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = START - timedelta(days=3)
    for user, password in credentials[17:]:
        asyncio.run(say(platform.mqtt(), user, password, at))
    until(platform.settled, "they were taken", 60)
    done = platform.run("live", "settle", "--day", f"{at:%Y-%m-%d}")
    assert done.returncode == 0, done.stderr
    files = [path for (path,) in platform.rows("SELECT path FROM observations_lakefile")]
    sums = [path for (path,) in platform.rows("SELECT path FROM observations_lakesums")]
    assert platform.bucket is not None
    assert sorted(platform.bucket.keys()) == sorted(f"territories/{path}" for path in (*files, *sums))
    for name, value in platform.bucket.environment.items():
        monkeypatch.setenv(name, value)
    base = lake.files_url(platform.home)
    with lake.reader(platform.home) as reader:
        found = reader.execute(f"SELECT count(*) FROM '{base}{files[0]}'").fetchone()
    assert found == (3,)
    assert readings(platform, at, at + timedelta(seconds=1)) == 0


def test_a_home_moves_to_an_older_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the embedded one, which is newer, dumped comes back in the system's."""
    programs = debian_postgres()
    assert programs is not None
    server = Server(let_through(tmp_path) / "postgres", programs)
    home = Home(tmp_path / "home")
    with EmbeddedPostgres(home, durable=False) as engine, postgres.connect(engine.url) as connection:
        connection.execute("CREATE TABLE measure AS SELECT i FROM generate_series(1, 500) i")
    back_up(home, tmp_path / "home.tar")
    server.start()
    try:
        server.provision()
        monkeypatch.setenv("BELVEDERE_DATABASE_URL", server.url)
        bring_back(Home(tmp_path / "other"), tmp_path / "home.tar")
        with postgres.connect(server.url) as connection:
            assert connection.execute("SELECT count(*) FROM measure").fetchone() == (500,)
    finally:
        server.stop()
