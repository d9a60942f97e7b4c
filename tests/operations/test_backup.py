"""Backup and restore: everything comes back, or nothing is written."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from belvedere.engines import bus, changes, lake, postgres
from belvedere.engines.bus import EmbeddedBus
from belvedere.engines.home import SECRETS, Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound
from belvedere.project.operations.backup import back_up
from belvedere.project.operations.restore import bring_back

pytestmark = pytest.mark.engines
MESSAGES = [f"message {number}".encode() * 500 for number in range(400)]


def fill(home: Home) -> None:
    """A row, a stream with a consumer that read some of it, a lake table, a document, secrets."""

    async def publish(client: Any) -> None:
        await bus.ensure_stream(client, "UPLINKS", ["devices.>"])
        stream = client.jetstream()
        for message in MESSAGES:
            await stream.publish("devices.a", message)
        await changes.prepare(client)  # of the last minutes, in memory: no part of a backup
        await changes.publish(client, [changes.reset()])
        reader = await stream.pull_subscribe("devices.>", durable="ingest", stream="UPLINKS")
        for message in await reader.fetch(3, timeout=5):
            await message.ack_sync()

    for name in SECRETS:
        home.secret(name)
    with EmbeddedPostgres(home, durable=False), EmbeddedBus(home).running():
        with postgres.connect(postgres.embedded_url(home)) as connection:
            connection.execute("CREATE TABLE measure (id int PRIMARY KEY, name text UNIQUE, at tstzrange)")
            connection.execute("CREATE INDEX ON measure USING gist (id, at)")  # needs btree_gist
            connection.execute("INSERT INTO measure SELECT i, 'é ' || i FROM generate_series(1, 500) i")
        bus.ask(home, publish)
        with lake.connect(home) as connection_to_lake:
            connection_to_lake.execute("CREATE TABLE fill AS SELECT i AS sensor FROM range(5000) r(i)")
    home.folder("media", "plans")
    home.path("media", "plans", "décision été.pdf").write_bytes(b"%PDF")


def found(home: Home) -> dict[str, Any]:
    """What a home holds, through its engines."""

    async def read(client: Any) -> dict[str, Any]:
        stream = client.jetstream()
        reader = await stream.pull_subscribe("devices.>", durable="ingest", stream="UPLINKS")
        message = (await reader.fetch(1, timeout=5))[0]
        await message.nak()
        return {"next": message.data, "messages": (await stream.stream_info("UPLINKS")).state.messages}

    with EmbeddedPostgres(home, durable=False), EmbeddedBus(home).running():
        with postgres.connect(postgres.embedded_url(home)) as connection:
            rows = connection.execute("SELECT count(*), min(name) FROM measure").fetchone()
        with lake.connect(home) as connection_to_lake:
            sums = connection_to_lake.execute("SELECT count(*), sum(sensor) FROM fill").fetchone()
        told = bus.ask(home, read)
    return {"rows": rows, "lake": sums, **told}


EXPECTED = {
    "rows": (500, "é 1"),
    "lake": (5000, 4999 * 2500),
    "next": MESSAGES[3],
    "messages": len(MESSAGES),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Path]]:
    folder = tmp_path_factory.mktemp("backup")
    home = Home(folder / "home")
    fill(home)
    told = back_up(home, folder / "saved.tar")
    assert "400 messages" in told
    yield home, folder / "saved.tar"


def test_a_restore_into_an_empty_home_finds_everything(saved: tuple[Home, Path], tmp_path: Path) -> None:
    original, archive = saved
    home = Home(tmp_path / "elsewhere" / 'l’été d\'un "maire"')  # a folder as people name them
    assert "400 messages" in bring_back(home, archive)
    assert found(home) == EXPECTED
    assert {name: home.secret(name) for name in SECRETS} == {n: original.secret(n) for n in SECRETS}
    assert home.path("media", "plans", "décision été.pdf").read_bytes() == b"%PDF"
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    for path in home.path("secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path.name for path in home.root.parent.iterdir()] == [home.root.name]
    # And a backup of what was restored holds the same.
    back_up(home, tmp_path / "again.tar")
    with tarfile.open(archive) as one, tarfile.open(tmp_path / "again.tar") as other:
        manifests = [json.load(tar.extractfile("manifest.json") or io.BytesIO()) for tar in (one, other)]
    assert manifests[0]["rows"] == manifests[1]["rows"]
    assert manifests[0]["streams"] == manifests[1]["streams"]


def test_the_archive_is_private_and_leaves_no_draft(saved: tuple[Home, Path]) -> None:
    _, archive = saved
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert sorted(path.name for path in archive.parent.iterdir()) == ["home", "saved.tar"]


def test_an_existing_file_is_not_overwritten(saved: tuple[Home, Path], tmp_path: Path) -> None:
    home, _ = saved
    (tmp_path / "mine.tar").write_text("precious")
    with pytest.raises(Conflict, match="Give another name"):
        back_up(home, tmp_path / "mine.tar")
    assert (tmp_path / "mine.tar").read_text() == "precious"


def test_a_home_without_data_is_not_saved_as_if_it_had_some(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing to save"):
        back_up(Home(tmp_path / "home"), tmp_path / "saved.tar")
    assert not (tmp_path / "saved.tar").exists()


def test_a_home_that_holds_anything_is_left_untouched(saved: tuple[Home, Path], tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.folder("media")
    home.path("media", "photo.jpg").write_bytes(b"mine")
    with pytest.raises(Conflict, match="photo"):
        bring_back(home, saved[1])
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert files == [home.path("media", "photo.jpg")]


def test_a_home_where_a_start_only_chose_ports_is_empty(saved: tuple[Home, Path], tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.folder("ports")
    home.path("ports", "postgres").write_text("20001\n")
    home.folder("media")
    bring_back(home, saved[1])
    assert home.path("postgres", "PG_VERSION").exists()


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """A copy of an archive with members changed, left out (None) or renamed."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            stream = old.extractfile(member)
            assert stream is not None
            changed = change(member.name, stream.read())
            if changed is not None:
                told = tarfile.TarInfo(changed[0])
                told.size = len(changed[1])
                new.addfile(told, io.BytesIO(changed[1]))
    return target


def flip(name: str, data: bytes) -> tuple[str, bytes]:
    return name, bytes([data[0] ^ 1]) + data[1:] if name == "postgres.dump" else data


def leave_out(name: str, data: bytes) -> tuple[str, bytes] | None:
    return None if name == "secrets/field_key" else (name, data)


def other_format(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data.replace(
        b"belvedere-backup-1", b"belvedere-backup-9"
    ) if name == "manifest.json" else data


def climb(name: str, data: bytes) -> tuple[str, bytes]:
    if name == "manifest.json":
        return name, data.replace(b'"secrets/field_key"', b'"secrets/../../climbed"')
    return name.replace("secrets/field_key", "secrets/../../climbed"), data


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (flip, "postgres.dump was changed"),
        (leave_out, "secrets/field_key is missing"),
        (other_format, "belvedere-backup-9"),
        (climb, "not a plain file of a home"),
    ],
)
def test_a_bad_archive_writes_nothing(
    saved: tuple[Home, Path], tmp_path: Path, change: Callable[..., Any], reason: str
) -> None:
    archive = rewritten(saved[1], tmp_path / "bad.tar", change)
    with pytest.raises(InvalidInput, match="Nothing was written") as caught:
        bring_back(Home(tmp_path / "home"), archive)
    assert reason in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tar"]


@pytest.mark.parametrize("part", [0, 100, 0.5, 0.9])
def test_a_cut_archive_writes_nothing(saved: tuple[Home, Path], tmp_path: Path, part: float) -> None:
    whole = saved[1].read_bytes()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole[: part if isinstance(part, int) else int(len(whole) * part)])
    with pytest.raises(InvalidInput, match="not a whole backup"):
        bring_back(Home(tmp_path / "home"), cut)
    assert [path.name for path in tmp_path.iterdir()] == ["cut.tar"]


def test_a_restore_that_fails_half_way_leaves_nothing(
    saved: tuple[Home, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise InvalidInput("broken on purpose")

    monkeypatch.setattr("belvedere.project.operations.restore.run_program", fail)
    with pytest.raises(InvalidInput, match="on purpose"):
        bring_back(Home(tmp_path / "home"), saved[1])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        bring_back(Home(tmp_path / "home"), tmp_path / "nowhere.tar")


def test_external_engines_are_saved_and_filled(
    saved: tuple[Home, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same code by addresses: another PostgreSQL and another NATS stand for the external ones."""
    outside = Home(tmp_path / "outside")
    with EmbeddedPostgres(outside, durable=False), EmbeddedBus(outside).running():
        monkeypatch.setenv("BELVEDERE_DATABASE_URL", postgres.embedded_url(outside))
        monkeypatch.setenv("BELVEDERE_BUS_URL", bus.embedded_url(outside))
        home = Home(tmp_path / "home")
        bring_back(home, saved[1])
        assert not home.path("postgres").exists() and not home.path("nats").exists()
        with postgres.connect(postgres.database_url(home)) as connection:
            assert connection.execute("SELECT count(*) FROM measure").fetchone() == (500,)
        back_up(home, tmp_path / "outside.tar")
        with pytest.raises(Conflict, match="not empty"):
            bring_back(Home(tmp_path / "third"), saved[1])
    assert not (tmp_path / "third").exists()
    shutil.rmtree(outside.root)
