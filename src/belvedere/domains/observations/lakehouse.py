"""The files of the lake that hold the history: which are read, and how new ones are written.

Two lists name them: the lake's own catalogue (for every tool that reads lakes) and `LakeFile`, which
changes in one transaction with the tables of the hot days. Readers go by the second.
"""

# ruff: noqa: S608 (what is put into questions are names and conditions of this package, never given text)
from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import duckdb

from belvedere.domains.observations.errors import LakeUnreadable, LakeUnwritable
from belvedere.domains.observations.models import LakeFile, LakeSums
from belvedere.domains.observations.values import first_microsecond
from belvedere.engines import lake
from belvedere.engines.home import Home
from belvedere.kernel.errors import N_

READING = "reading"
SUMMARY = "summary"
SUMS = "sums"
COLUMNS = "series_id, observed_at, number, value, seq, delay_s"
_TABLES = {
    READING: "series_id BIGINT, observed_at TIMESTAMPTZ, number DOUBLE, value VARCHAR, seq BIGINT,"
    " delay_s INTEGER",
    SUMMARY: "series_id BIGINT, observed_at TIMESTAMPTZ, width_s INTEGER, count BIGINT, sum DOUBLE,"
    " low DOUBLE, high DOUBLE",
    SUMS: "series_id BIGINT, observed_at TIMESTAMPTZ, count BIGINT, sum DOUBLE, low DOUBLE, high DOUBLE",
}
# Measured on rounded values of five kinds of sensors, 15 minutes apart: version 2 writes differences of
# times and numbers in a stream and takes 2.4 bytes a reading where version 1 takes 7.1; level 9 takes 7 %
# less than level 3 for twice the time, and 19 another 12 % for nine times that. Groups of half the usual
# size cost 0.2 bytes and spare a third of the work of reading one series.
_OPTIONS = {
    "parquet_version": "2",
    "parquet_compression": "zstd",
    "parquet_compression_level": "9",
    "parquet_row_group_size": "61440",
    "data_inlining_row_limit": "0",
}
#: Old files stay this long after they were replaced: a backup or a reader may be at them.
KEPT_AFTER = timedelta(days=2)
_readers = threading.local()
FileT = TypeVar("FileT", LakeFile, LakeSums)


@dataclass(frozen=True, slots=True)
class Written:
    """A file just written."""

    path: str
    rows: int
    size: int
    first_series: int
    last_series: int


@contextmanager
def writer() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the lake with the tables of the history, for one piece of work.

    Within a block of it, the same connection: opening the lake takes longer than writing a day.
    """
    if (held := getattr(_readers, "writer", None)) is not None:
        yield held
        return
    with lake.connect(Home.from_environment()) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        known = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
        if not known >= set(_TABLES):
            for name, columns in _TABLES.items():
                connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
            for option, value in _OPTIONS.items():
                connection.execute(f"CALL {lake.LAKE}.set_option('{option}', '{value}')")
        _readers.writer = connection
        try:
            yield connection
        except (duckdb.IOException, OSError) as error:
            raise LakeUnwritable(
                N_(
                    "The lake cannot be written: {reason}. Nothing was lost, the readings stay where "
                    "they are. Make room on the disk; it is tried again every hour, or with “belvedere live "
                    "settle”."
                ),
                reason=str(error).removeprefix("IO Error: ").splitlines()[0],
            ) from error
        finally:
            _readers.writer = None


def ask(question: str, values: Sequence[object] = (), **tables: object) -> duckdb.DuckDBPyConnection:
    """The answer of DuckDB to a question over files; `tables` are arrays known by name in it.

    Each thread keeps its connection, and DuckDB the footers of the files it read.
    """
    reader = getattr(_readers, "connection", None)
    if reader is None:
        reader = lake.reader(Home.from_environment())
        reader.execute("SET TimeZone = 'UTC'")
        _readers.connection = reader
    for name, table in tables.items():
        reader.register(name, table)
    try:
        return reader.execute(question, list(values))
    except duckdb.IOException as error:
        raise LakeUnreadable(
            N_(
                "The settled readings cannot be read now: {reason}. Nothing is lost; those of the last days "
                "are there. Check BELVEDERE_LAKE_URL and what answers there."
            ),
            reason=str(error).removeprefix("IO Error: ").splitlines()[0],
        ) from error


def forget_reader() -> None:
    """Close this thread's connection, with all that DuckDB remembers."""
    reader = getattr(_readers, "connection", None)
    if reader is not None:
        _readers.connection = None
        reader.close()


def scan(files: Iterable[LakeFile | LakeSums]) -> str:
    """The files as a source in a question."""
    base = lake.files_url(Home.from_environment())
    listed = ", ".join("'" + (base + file.path).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{listed}])"


def files_over(
    first: date, last: date, *, summary: bool | None = False, series: tuple[int, int] | None = None
) -> list[LakeFile]:
    """The files that hold readings of these days (and of these series, from the least to the greatest).

    Those of readings, with `summary` those of what was summed up, with None both.
    """
    found = LakeFile.objects.filter(first_day__lte=last, last_day__gte=first)
    if summary is not None:
        found = found.filter(summary=summary)
    if series is not None:
        found = found.filter(first_series__lte=series[1], last_series__gte=series[0])
    return list(found.order_by("first_day", "first_series", "path"))


def put(
    connection: duckdb.DuckDBPyConnection,
    first: date,
    last: date,
    source: str,
    table: str,
    *,
    is_sorted: bool = False,
) -> None:
    """Let the lake hold for these days what the query `source` gives, and nothing else.

    Within the caller's transaction of the lake. `is_sorted`: it gives its rows by series and time.
    """
    connection.execute(
        f"DELETE FROM {table} WHERE observed_at >= make_timestamptz(?::BIGINT)"
        " AND observed_at < make_timestamptz(?::BIGINT)",
        [first_microsecond(first), first_microsecond(last + timedelta(days=1))],
    )
    order = "" if is_sorted else " ORDER BY series_id, observed_at"
    connection.execute(f"INSERT INTO {table} {source}{order}")


def written(connection: duckdb.DuckDBPyConnection, table: str) -> list[Written]:
    """The files that the last change of the lake made."""
    catalogue = f"__ducklake_metadata_{lake.LAKE}.{lake.LAKE}"
    rows: list[Any] = connection.execute(
        f"SELECT s.path || t.path || f.path, f.record_count, f.file_size_bytes, c.min_value, c.max_value"
        f" FROM {catalogue}.ducklake_data_file f"
        f" JOIN {catalogue}.ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL"
        f" JOIN {catalogue}.ducklake_schema s ON s.schema_id = t.schema_id AND s.end_snapshot IS NULL"
        f" JOIN {catalogue}.ducklake_column n ON n.table_id = t.table_id AND n.column_name = 'series_id'"
        f" JOIN {catalogue}.ducklake_file_column_stats c"
        "   ON c.data_file_id = f.data_file_id AND c.column_id = n.column_id"
        f" WHERE t.table_name = ? AND f.begin_snapshot = (SELECT max(snapshot_id) FROM"
        f" {catalogue}.ducklake_snapshot) AND f.end_snapshot IS NULL",
        [table],
    ).fetchall()
    return [Written(path, int(n), int(size), int(low), int(high)) for path, n, size, low, high in rows]


def named(model: type[FileT], first: date, last: date, file: Written, **more: object) -> FileT:
    """The row, not saved yet, that leads readers to a file."""
    return model(
        path=file.path,
        first_day=first,
        last_day=last,
        first_series=file.first_series,
        last_series=file.last_series,
        rows=file.rows,
        size=file.size,
        **more,
    )


def sweep() -> None:
    """Delete the files that were replaced some days ago."""
    with writer() as connection:
        days = int(KEPT_AFTER / timedelta(days=1))
        connection.execute(
            f"CALL ducklake_expire_snapshots('{lake.LAKE}', older_than => now() - INTERVAL {days} DAY)"
        )
        connection.execute(
            f"CALL ducklake_cleanup_old_files('{lake.LAKE}', older_than => now() - INTERVAL {days} DAY)"
        )
