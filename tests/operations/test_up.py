"""`belvedere up`: comes back from every kill without losing what was committed, and stops in time."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from belvedere.engines import bus, postgres
from belvedere.engines.identity import Identity
from belvedere.engines.postgres import EmbeddedPostgres
from tests.engines.waiting import until
from tests.operations.running import Platform

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    instance = Platform(tmp_path_factory.mktemp("up") / "home", migrated=True)
    yield instance
    if instance.is_up:
        instance.down()


@pytest.fixture
def platform(instance: Platform) -> Platform:
    """A platform that is up; started again only where the test before stopped it."""
    if not instance.is_up:
        instance.up()
    return instance


def rows(platform: Platform, question: str) -> list[Any]:
    with postgres.connect(postgres.embedded_url(platform.home)) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("name", ["web", "bus", "postgres", "jobs", "ingest"])
def test_each_comes_back_and_nothing_committed_is_lost(platform: Platform, name: str) -> None:
    async def publish(client: Any) -> int:
        await bus.ensure_stream(client, "KEPT", ["kept.>"])
        return int((await client.jetstream().publish(f"kept.{name}", name.encode())).seq)

    async def read(client: Any) -> bytes:
        return bytes((await client.jetstream().get_msg("KEPT", number)).data)

    rows(platform, "CREATE TABLE IF NOT EXISTS test_kept (word text)")
    rows(platform, f"INSERT INTO test_kept VALUES ('{name}')")
    number = bus.ask(platform.home, publish)
    others = {other: platform.state(other)["pid"] for other in ("web", "bus", "postgres") if other != name}

    platform.kill(name)

    assert rows(platform, f"SELECT count(*) FROM test_kept WHERE word = '{name}'") == [(1,)]
    assert bus.ask(platform.home, read) == name.encode()
    assert {other: platform.state(other)["pid"] for other in others} == others
    assert platform.get("/healthz") == (200, b"ok\n")


def test_a_second_up_is_refused_and_names_the_first(platform: Platform) -> None:
    assert platform.process is not None
    second = platform.run("up")
    assert second.returncode == 1
    assert f"(process {platform.process.pid})" in second.stderr
    assert "Traceback" not in second.stderr
    assert platform.get("/healthz")[0] == 200


def test_status_and_doctor_say_that_all_is_well(platform: Platform) -> None:
    status = platform.run("status")
    assert status.returncode == 0, status.stdout + status.stderr
    for name in ("postgres", "bus", "web", "jobs", "ingest", "live", "connections"):
        assert str(platform.state(name)["pid"]) in status.stdout
    doctor = platform.run("doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "ERROR" not in doctor.stdout and "btree_gist" in doctor.stdout


def test_ready_says_what_is_not(platform: Platform) -> None:
    others = ("ingest", "live", "exchange", "connections", "supervision", "commands", "duty", "scenes")
    wanted = {
        "ready": True,
        "checks": {"database": True, "migrations": True, "bus": True},
        **dict.fromkeys(others, "ready"),
    }
    until(lambda: json.loads(platform.get("/readyz")[1]) == wanted, "everything is ready")
    assert platform.get("/readyz")[0] == 200


def test_metrics_answer_only_to_the_token(platform: Platform) -> None:
    assert platform.get("/metrics")[0] == 404
    almost = platform.home.secret("nats_platform")
    assert platform.get("/metrics", Authorization=f"Bearer {almost}")[0] == 404

    def measured() -> tuple[int, bytes]:
        return platform.get("/metrics", Authorization=f"Bearer {platform.home.secret('metrics')}")

    up = [f"belvedere_{name}_up 1.0".encode() for name in ("ingest", "exchange", "supervision", "live")]
    # Another test may just have killed one of them.
    until(lambda: all(one in measured()[1] for one in up), "everything is up again")
    status, body = measured()
    assert status == 200
    assert b"belvedere_requests_total" in body and b"belvedere_exchange_waiting 0.0" in body
    assert b"belvedere_supervision_watched 0.0" in body and b"belvedere_live_listeners 0.0" in body


def test_it_stops_within_ten_seconds_leaving_nothing(platform: Platform) -> None:
    pids = [
        platform.state(name)["pid"]
        for name in ("postgres", "bus", "web", "jobs", "ingest", "live", "connections")
    ]
    start = time.monotonic()
    assert platform.down(signal.SIGTERM) == 0
    assert time.monotonic() - start < 10
    assert not any(Identity.of(pid) for pid in pids)
    assert platform.run("status").returncode == 3


def test_a_backup_while_it_runs_and_writes_is_of_one_instant(platform: Platform, tmp_path: Path) -> None:
    """A writer keeps two tables equal, row by row, in transactions; so must the restored ones be."""
    rows(platform, "CREATE TABLE IF NOT EXISTS one (n int); CREATE TABLE IF NOT EXISTS other (n int)")
    stop = threading.Event()
    written = []

    def write() -> None:
        with psycopg.connect(postgres.embedded_url(platform.home)) as connection:
            while not stop.is_set():
                connection.execute("INSERT INTO one VALUES (%s)", [len(written)])
                connection.execute("INSERT INTO other VALUES (%s)", [len(written)])
                connection.commit()
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        until(lambda: len(written) > 50, "the writer writes")
        told = platform.run("backup", str(tmp_path / "live.tar"))
    finally:
        stop.set()
        writer.join()
    assert told.returncode == 0, told.stderr
    assert platform.get("/readyz")[0] == 200

    restored = Platform(tmp_path / "restored")
    told = restored.run("restore", str(tmp_path / "live.tar"))
    assert told.returncode == 0, told.stderr
    with EmbeddedPostgres(restored.home, durable=False) as engine, postgres.connect(engine.url) as connection:
        counts = connection.execute("SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM other)")
        one, other = counts.fetchone() or (0, -1)
    assert one == other
    assert 50 < one <= len(written)


def test_migrations_are_skipped_only_when_nothing_changed(platform: Platform) -> None:
    environment = {**platform.environment, "DJANGO_SETTINGS_MODULE": "belvedere.project.settings"}

    def step() -> str:
        code = (
            "from belvedere.engines.home import Home\n"
            "from belvedere.project.operations.migrations import migrate_if_needed\n"
            "print(migrate_if_needed(Home.from_environment()))"
        )
        words = [sys.executable, "-c", code]
        return subprocess.run(
            words, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert step() == "False"
    rows(platform, "UPDATE django_migrations SET applied = now() WHERE id = 1")
    assert step() == "True"
    assert step() == "False"


def test_a_killed_supervisor_leaves_no_lock_and_no_process(platform: Platform) -> None:
    assert platform.process is not None
    pids = [
        platform.state(name)["pid"]
        for name in ("postgres", "bus", "web", "jobs", "ingest", "live", "connections")
    ]
    platform.process.kill()
    platform.process.wait()
    platform.up()
    until(lambda: not any(Identity.of(pid) for pid in pids), "the former processes are gone")
    assert platform.get("/readyz")[0] == 200
