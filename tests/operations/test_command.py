"""The command line: sentences, not tracebacks; quick where it can be."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from belvedere.kernel.errors import InvalidInput
from belvedere.project.operations import doctor, platform, status
from tests.engines.waiting import until
from tests.operations.running import Platform, free_port

pytestmark = pytest.mark.engines


@pytest.fixture
def instance(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "home")


def test_status_of_nothing(instance: Platform) -> None:
    told = instance.run("status")
    assert told.returncode == 3
    assert "belvedere up" in told.stdout
    assert not instance.home.root.exists()


def test_status_does_not_load_django() -> None:
    code = (
        "import sys, belvedere.project.command, belvedere.project.operations.status\n"
        "print([name for name in ('django', 'psycopg', 'nats', 'duckdb') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_status_of_a_run_that_was_killed_is_nothing(tmp_path: Path) -> None:
    folder = RunFolder(Home(tmp_path))
    folder.take()
    folder.write_state({"processes": [{"name": "web", "pid": os.getpid(), "state": "ready"}]})
    assert status.read(Home(tmp_path))["processes"]
    folder.release()
    assert status.read(Home(tmp_path)) == {"supervisor": None, "processes": []}


def test_an_expected_error_is_one_sentence_in_the_language_of_the_terminal(instance: Platform) -> None:
    told = instance.run("backup", str(instance.home.root.parent / "x.tar"))
    assert told.returncode == 1
    assert told.stderr.startswith("Error: There is nothing to save")
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("given", ["8000", "localhost", "localhost:port", ":8000", "localhost:70000"])
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("BELVEDERE_ADDRESS", given)
    with pytest.raises(InvalidInput, match="host:port"):
        platform.Address.from_environment()


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("0.0.0.0:8080", "http://127.0.0.1:8080/"),
        ("[::1]:8080", "http://[::1]:8080/"),
        ("town.example:80", "http://town.example:80/"),
    ],
)
def test_the_address_shown_can_be_typed(monkeypatch: pytest.MonkeyPatch, given: str, url: str) -> None:
    monkeypatch.setenv("BELVEDERE_ADDRESS", given)
    assert platform.Address.from_environment().url == url


def test_a_taken_web_port_stops_up_with_what_to_do(instance: Platform) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", instance.port))
        stranger.listen()
        with instance.output.open("ab") as output:
            process = subprocess.Popen(
                instance.words("up"), env=instance.environment, stdout=output, stderr=output
            )
        until(lambda: process.poll() is not None, "up gives up", 90)
    assert process.returncode == 1
    assert re.search(rf"Port {instance.port} of 127.0.0.1 is taken.*BELVEDERE_ADDRESS", instance.text)


def test_doctor_finds_what_is_wrong(instance: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    instance.home.secret("secret_key")
    instance.home.path("secrets", "secret_key").chmod(0o644)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", instance.port))
        stranger.listen()
        for name, value in instance.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("BELVEDERE_DATABASE_URL", f"postgresql://me:hush@127.0.0.1:{free_port()}/town")
        monkeypatch.setenv("BELVEDERE_BUS_URL", f"nats://me:hush@127.0.0.1:{free_port()}")
        findings = list(doctor.examine(instance.home))
    wrong = {finding.found for finding in findings if finding.level == doctor.ERROR}
    assert any("secret_key" in found for found in wrong)
    assert any("taken by another program" in found for found in wrong)
    assert any(found.startswith("PostgreSQL at postgresql://me@") for found in wrong)
    assert any(found.startswith("The bus at nats://me@") for found in wrong)
    assert not any("hush" in f"{finding}" for finding in findings)
    told = subprocess.run(
        instance.words("doctor"),
        env={**instance.environment, "BELVEDERE_DATABASE_URL": "postgresql://me:hush@127.0.0.1:9/town"},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 1 and "hush" not in told.stdout + told.stderr


def test_doctor_of_a_machine_that_is_fine(instance: Platform) -> None:
    told = instance.run("doctor")
    assert told.returncode == 0, told.stdout
    assert not instance.home.root.exists()


def test_migrate_waits_for_nothing_that_will_never_come(
    instance: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    from belvedere.kernel.errors import Unavailable
    from belvedere.project.operations import migrations

    monkeypatch.setattr(migrations, "WAIT_S", 0.1)
    monkeypatch.setenv("BELVEDERE_DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/town")
    with pytest.raises(Unavailable, match="does not answer"):
        migrations.migrate(instance.home)
