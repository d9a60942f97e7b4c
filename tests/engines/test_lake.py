"""The lake: what is written in it is Parquet, and is read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from belvedere.engines import lake, postgres
from belvedere.engines.home import Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.kernel.errors import InvalidInput, Unavailable

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("lake") / "home")
    with EmbeddedPostgres(home, durable=False):
        yield home


def test_a_table_is_written_and_read_by_another_connection(home: Home) -> None:
    with lake.connect(home) as one:
        one.execute("CREATE TABLE fill (sensor VARCHAR, share DOUBLE)")
        one.execute("INSERT INTO fill SELECT 'bin ' || i, i / 10000 FROM range(10000) r(i)")
    with lake.connect(home) as other:
        assert other.execute("SELECT count(*), max(share) FROM fill").fetchone() == (10000, 0.9999)
    assert list(home.path("lake").rglob("*.parquet"))
    with postgres.connect(postgres.embedded_url(home)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM lake.ducklake_table WHERE table_name = 'fill'"
        ).fetchone()
    assert row == (1,)


def test_a_change_that_fails_leaves_nothing(home: Home) -> None:
    with lake.connect(home) as one:
        one.execute("CREATE TABLE all_or_nothing (a INTEGER)")
        with pytest.raises(duckdb.Error):
            one.execute(
                "INSERT INTO all_or_nothing SELECT CAST(x AS INTEGER) FROM (VALUES ('1'), ('?')) v(x)"
            )
        assert one.execute("SELECT count(*) FROM all_or_nothing").fetchone() == (0,)


def test_nothing_is_downloaded_and_memory_is_bounded(home: Home) -> None:
    with lake.connect(home, memory="64MB") as one:
        told = dict(
            one.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name IN "
                "('autoinstall_known_extensions', 'autoload_known_extensions', 'memory_limit')"
            ).fetchall()
        )
    assert told["autoinstall_known_extensions"] == told["autoload_known_extensions"] == "false"
    assert told["memory_limit"].startswith("61")  # 64 MB in MiB


def test_a_lake_without_catalogue_says_what_to_check_without_password(home: Home) -> None:
    url = postgres.embedded_url(home)
    port = url.rsplit(":", 1)[1].split("/")[0]
    with pytest.raises(Unavailable) as caught:
        lake.connect(home, database_url=url.replace(port, "9"))
    assert "Check PostgreSQL" in str(caught.value)
    assert home.secret("postgres")[:20] not in str(caught.value)


def test_an_extension_that_is_not_there_is_named() -> None:
    with pytest.raises(Unavailable, match="duckdb-extension-nosuch"):
        lake.extension_file("nosuch")


def test_the_files_may_be_in_another_folder(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BELVEDERE_LAKE_URL", str(tmp_path / "disk"))
    with lake.connect(home) as one:
        one.execute("CREATE TABLE elsewhere AS SELECT i FROM range(5000) r(i)")
        assert one.execute("SELECT count(*) FROM elsewhere").fetchone() == (5000,)
        one.execute("DROP TABLE elsewhere")
    assert list((tmp_path / "disk").rglob("*.parquet"))


def test_another_kind_of_store_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELVEDERE_LAKE_URL", "ftp://somewhere/x")
    with pytest.raises(InvalidInput, match="s3://bucket"):
        lake.connect(home)
