"""Grown up: the same code on engines of somebody else's, by their addresses.

PostgreSQL 15 as Debian brings it, a cluster of three NATS nodes, two workers, a lake on an S3 server.
The large drill is `python -m bench.grown_up`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from belvedere.engines import lake, postgres, uplinks
from belvedere.engines.home import Home
from belvedere.engines.mqtt import Sender
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import Unavailable
from belvedere.project.operations.backup import back_up
from belvedere.project.operations.restore import bring_back
from tests.engines.waiting import until
from tests.operations.fleet import START, Fleet, act, register
from tests.operations.outside import Outside, Server, debian_postgres, outside, s3_server

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(
        debian_postgres() is None,
        reason="no PostgreSQL 15 server of the system is on this machine (apt-get install postgresql-15)",
    ),
]
DEVICES = 20


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("outside")
    for part in (folder, folder.parent, folder.parent.parent):
        part.chmod(0o755)  # the account of PostgreSQL passes through
    with outside(folder, workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def credentials(platform: Outside) -> list[tuple[str, str]]:
    return register(platform.environment, DEVICES, 60_000)


def test_nothing_is_lost_when_a_node_and_a_worker_are_killed(
    platform: Outside, credentials: list[tuple[str, str]]
) -> None:
    """The node that leads the stream, then the worker whose turn it is; each comes back under load."""
    fleet = Fleet(credentials, platform.mqtt)
    sending = threading.Thread(target=lambda: asyncio.run(fleet.run(300.0, 200)))
    sending.start()
    more(fleet, 400)
    # Two workers share the stream: in its order all the same.
    assert platform.rows("SELECT DISTINCT outcome FROM intake_ledger") == [("stored",)]
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

    many = platform.number("SELECT count(*) FROM observations_reading")
    assert len(fleet.acknowledged) <= many <= fleet.sent
    outcomes = dict(platform.rows("SELECT outcome, sum(n) FROM intake_ledger GROUP BY 1"))
    assert outcomes.get("refused", 0) == 0
    assert outcomes["stored"] + outcomes.get("late", 0) == many
    done = platform.number("SELECT sum(upper(r) - lower(r)) FROM intake_progress, unnest(done) r")
    assert platform.number("SELECT sum(messages) FROM intake_received") == done
    # Whichever node leads, the stream has one birth: what comes again is known.
    assert platform.number("SELECT count(*) FROM intake_progress") == 1
    info = platform.ask_bus(lambda client: client.jetstream().stream_info(uplinks.STREAM))
    assert info.config.num_replicas == 3


def more(fleet: Fleet, many: int) -> None:
    so_far = len(fleet.acknowledged)
    until(lambda: len(fleet.acknowledged) > so_far + many, "devices send", 90)


def test_an_ended_secret_is_out_whichever_node_it_knocked_at(
    platform: Outside, credentials: list[tuple[str, str]]
) -> None:
    user, password = credentials[7]

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


@pytest.mark.skipif(s3_server() is None, reason="no S3 server is on this machine (moto_server)")
def test_a_day_goes_to_the_bucket_and_is_read_from_there(
    platform: Outside, credentials: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = platform.number("SELECT count(*) FROM observations_reading")
    done = platform.run("live", "settle", "--day", f"{START:%Y-%m-%d}")
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
    kept = platform.number("SELECT count(*) FROM observations_reading")
    assert found == (before - kept,) and before > kept


def test_a_home_moves_to_an_older_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the embedded one, which is newer, dumped comes back in the system's."""
    tmp_path.chmod(0o755)
    programs = debian_postgres()
    assert programs is not None
    server = Server(tmp_path / "postgres", programs)
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
