"""The embedded PostgreSQL: durable, private, and back after a kill."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from belvedere.engines import postgres
from belvedere.engines.home import Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import Unavailable
from tests.engines.waiting import until

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    engine = EmbeddedPostgres(Home(tmp_path_factory.mktemp("pg") / "home"))
    engine.start()
    yield engine
    engine.stop()


def ask(engine: EmbeddedPostgres, question: str) -> list[tuple[object, ...]]:
    with postgres.connect(engine.url) as connection:
        return connection.execute(question).fetchall()


def test_it_is_durable_private_and_utf8(engine: EmbeddedPostgres) -> None:
    shown = {
        name: ask(engine, f"SHOW {name}")[0][0]
        for name in ("fsync", "synchronous_commit", "listen_addresses", "server_encoding", "data_checksums")
    }
    assert shown == {
        "fsync": "on",
        "synchronous_commit": "on",
        "listen_addresses": "127.0.0.1",
        "server_encoding": "UTF8",
        "data_checksums": "on",
    }
    assert ask(engine, "SELECT upper('éàüœß')") == [("ÉÀÜŒß",)]
    assert stat.S_IMODE(engine.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((engine.data / "belvedere.conf").stat().st_mode) == 0o600


def test_the_platform_has_its_extensions_and_no_power_over_the_server(engine: EmbeddedPostgres) -> None:
    names = {row[0] for row in ask(engine, "SELECT extname FROM pg_extension")}
    assert set(postgres.EXTENSIONS) <= names
    assert ask(engine, "SELECT current_user, usesuper FROM pg_user WHERE usename = current_user") == [
        ("belvedere", False)
    ]


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_enters_without_the_password(engine: EmbeddedPostgres, password: str) -> None:
    secret = engine.url.split("belvedere:")[1].split("@")[0]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(engine.url.replace(secret, password), connect_timeout=5)


def test_a_committed_row_survives_a_kill(engine: EmbeddedPostgres) -> None:
    with postgres.connect(engine.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('before the kill')")
    process = engine._process
    assert process is not None
    assert engine.running() == process.pid
    process.kill()
    process.wait()
    # Sessions of the dead server go away by themselves, within moments.
    until(lambda: engine.running() is None, "PostgreSQL's children leave")
    assert (engine.data / "postmaster.pid").exists()
    engine.start()
    assert ask(engine, "SELECT word FROM kept") == [("before the kill",)]


def test_a_lock_whose_number_a_stranger_got_is_forgotten(engine: EmbeddedPostgres) -> None:
    engine.stop()
    lines = [str(os.getpid()), str(engine.data), "1", "1", "", "127.0.0.1", "0 0", "ready"]
    (engine.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    engine.start()
    assert ask(engine, "SELECT 1") == [(1,)]


def test_the_lock_of_a_living_server_is_kept_and_a_second_start_refused(engine: EmbeddedPostgres) -> None:
    engine.forget_stale_lock()
    assert (engine.data / "postmaster.pid").exists()
    with pytest.raises(Unavailable, match="already runs"):
        EmbeddedPostgres(engine.home).start()
    assert ask(engine, "SELECT 1") == [(1,)]


def test_a_stopped_server_is_unavailable_in_one_sentence_without_password(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(Unavailable) as caught:
        postgres.connect(postgres.embedded_url(home))
    assert "belvedere up" in str(caught.value)
    assert home.secret("postgres")[:20] not in str(caught.value)


def test_data_of_another_version_are_refused_untouched(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.folder("postgres")
    home.path("postgres", "PG_VERSION").write_text("15\n")
    with pytest.raises(Unavailable, match="Make a backup"):
        EmbeddedPostgres(home).start()
    assert [path.name for path in home.path("postgres").iterdir()] == ["PG_VERSION"]


def test_the_environment_points_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BELVEDERE_DATABASE_URL", "postgresql://me:pw@db.example:5433/town")
    assert postgres.is_external()
    assert postgres.database_url(Home(tmp_path)) == "postgresql://me:pw@db.example:5433/town"
    assert postgres.without_password(postgres.database_url(Home(tmp_path))) == (
        "postgresql://me@db.example:5433/town"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_account_starts_it_without_any_help(tmp_path: Path) -> None:
    """The whole start, in a process that is not root and cannot become it."""
    user = postgres.system_user()
    account = pwd.getpwnam(user)
    folder = tmp_path / "theirs"
    folder.mkdir()
    os.chown(folder, account.pw_uid, account.pw_gid)
    code = (
        "import sys; from pathlib import Path\n"
        "from belvedere.engines.home import Home\n"
        "from belvedere.engines import postgres\n"
        "engine = postgres.EmbeddedPostgres(Home(Path(sys.argv[1])), durable=False)\n"
        "assert engine.user() is None\n"
        "with engine, postgres.connect(engine.url) as c: print(c.execute('SELECT 42').fetchone()[0])\n"
    )
    words = [sys.executable, "-I", "-S", postgres.LAUNCHER, "--user", user, "--"]
    told = subprocess.run(
        [*words, sys.executable, "-c", code, str(folder / "home")], capture_output=True, text=True
    )
    assert told.stdout == "42\n", told.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts what belongs to others")
def test_root_starts_the_data_of_an_ordinary_account_as_that_account(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert EmbeddedPostgres(home).user() == postgres.SYSTEM_USER
    os.chown(home.folder("postgres"), pwd.getpwnam("nobody").pw_uid, -1)
    assert EmbeddedPostgres(home).user() == "nobody"
