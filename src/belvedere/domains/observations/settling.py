"""Days from PostgreSQL to the lake, and late readings into days that are there already.

A day is rewritten whole: what the lake held, the hot copy and the late readings, each instant once. First
it is marked, so that what still arrives for it waits among the late ones. Then it is written, read back
and compared. Then one transaction names the new files, forgets the late readings that are in them and
calls the day settled; only after that the hot copy goes. A crash between any two of these leaves every
reading where it is read from, once, and the same call finishes the work.
"""

# ruff: noqa: S608 (what is put into questions are names and conditions of this package, never given text)
from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import duckdb
from django.db import OperationalError, connection, transaction

from belvedere.domains.observations import lakehouse, partitions, sums
from belvedere.domains.observations.errors import AlreadySettling, LakeDiffers
from belvedere.domains.observations.models import LakeFile, Settled
from belvedere.domains.observations.states import DayState
from belvedere.engines.home import Home
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

#: Days that stay hot after their end: most late readings come within them.
KEPT_HOT = 2
_SETTLE_LOCK = 5_206_003
_CSV = (
    "COPY (SELECT series_id, (extract(epoch FROM observed_at) * 1000000)::bigint, number, value::text, seq,"
    " (extract(epoch FROM received_at) - extract(epoch FROM observed_at))::int FROM {table}) TO STDOUT"
    " (FORMAT csv)"
)
_FROM_CSV = (
    "SELECT series_id, make_timestamptz(at_us) AS observed_at, number, value, seq, delay_s"
    " FROM read_csv('{file}', header=false, quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false,"
    " max_line_size=262144, columns={{'series_id': 'BIGINT', 'at_us': 'BIGINT', 'number': 'DOUBLE',"
    " 'value': 'VARCHAR', 'seq': 'BIGINT', 'delay_s': 'INTEGER'}})"
)
_LAST_WORD = (
    " QUALIFY row_number() OVER (PARTITION BY series_id, observed_at ORDER BY seq DESC,"
    " coalesce(number, '-infinity'::DOUBLE) DESC, coalesce(value, '') DESC) = 1"
)
_CHECKSUM = "count(*), coalesce(sum(hash(series_id, epoch_us(observed_at), number, value, seq)), 0)::VARCHAR"


def passed(point: str) -> None:
    """Called between any two steps; the tests crash here."""


def settle(day: date) -> int:
    """Bring a day into the lake, with its late readings; how many readings it has there.

    Also for a day that is there: then its late readings are merged into it.

    Raises:
        AlreadySettling: another process is at it.
        LakeDiffers: what was read back is not what was written; nothing was taken away.
    """
    with alone():
        _mark([day])
        passed("marked")
        _rewrite(day, day)
        passed("switched")
        release(day)
        passed("released")
    return Settled.objects.get(day=day).rows


def due() -> list[date]:
    """The days to settle: those over for KEPT_HOT days that are hot or have late readings."""
    before = now().date() - timedelta(days=KEPT_HOT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT (observed_at AT TIME ZONE 'UTC')::date FROM observations_late ORDER BY 1"
        )
        late = {row[0] for row in cursor.fetchall()}
    unfinished = set(Settled.objects.filter(state=DayState.SETTLING).values_list("day", flat=True))
    settled = set(Settled.objects.filter(state=DayState.SETTLED).values_list("day", flat=True))
    found = late | unfinished | (set(partitions.days_with_partitions()) - settled)
    return sorted(day for day in found if day < before)


def settle_due() -> int:
    """Settle all that is due, old days of one month together; how many days."""
    for day in Settled.objects.filter(state=DayState.SETTLED).values_list("day", flat=True):
        release(day)  # somebody read it when it was settled
    days = due()
    recent = now().date() - timedelta(days=partitions.HOT_DAYS)
    months: dict[date, list[date]] = {}
    for day in days:
        months.setdefault(day.replace(day=1) if day < recent else day, []).append(day)
    if days:
        with lakehouse.writer():
            for together in months.values():
                settle_together(together)
    return len(days)


def settle_together(days: Sequence[date]) -> None:
    """Bring several days of a stretch into the lake at once, in files of the whole stretch."""
    with alone():
        _mark(days)
        passed("marked")
        _rewrite(min(days), max(days))
        passed("switched")
        for day in days:
            release(day)
        passed("released")


def release(day: date) -> None:
    """Drop the hot copy of a settled day; it stays until the next time while somebody reads it."""
    with suppress(OperationalError), transaction.atomic():
        partitions.drop(day)


def bring(source: str, days: Sequence[date], *, is_sorted: bool = False, **tables: object) -> None:
    """Add to the lake what the query `source` gives, which are readings of these days (COLUMNS).

    Where there is a reading of the same instant, the one of the greater `seq` stays. `tables` are arrays
    that the query may name. `is_sorted`: it gives each instant of a series once, by series and time; into
    days that hold nothing it is then written as it stands.
    """
    with alone():
        _mark(days)
        _rewrite(min(days), max(days), source, tables, is_sorted=is_sorted)
        for day in days:
            release(day)


def work_folder() -> Path:
    """Where files in passing are kept."""
    return Home.from_environment().folder("tmp")


def from_csv(file: Path) -> str:
    """The query that reads a file of series, microsecond, number, value, seq and delay in seconds."""
    return _FROM_CSV.format(file=str(file).replace("'", "''"))


def gather(first: date, last: date) -> None:
    """Write the days from `first` to `last` anew, in one file where it is not too large."""
    with alone():
        _rewrite(first, last)


@contextmanager
def alone() -> Iterator[None]:
    """Within the block no other process changes the files of the history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_SETTLE_LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadySettling(N_("Another process is settling days. Try again when it has finished."))
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.broken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_SETTLE_LOCK])


def _mark(days: Sequence[date]) -> None:
    """From here on no store writes into the hot copies of these days; those under way are waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [partitions.STORE_LOCK])
        for day in days:
            cursor.execute(
                "INSERT INTO observations_settled (day, state, rows, checksum, version)"
                " VALUES (%s, %s, 0, '', nextval('observations_version')) ON CONFLICT DO NOTHING",
                [day, DayState.SETTLING],
            )


def _rewrite(
    first: date,
    last: date,
    extra: str = "",
    tables: Mapping[str, object] | None = None,
    *,
    is_sorted: bool = False,
) -> None:
    """Write the days from `first` to `last` anew, and those that share a file with them.

    `extra` is a query that gives more rows (with COLUMNS), from files or from `tables`, as `bring` says.
    """
    old = lakehouse.files_over(first, last)
    while old and (min(f.first_day for f in old) < first or max(f.last_day for f in old) > last):
        first = min(first, *(file.first_day for file in old))
        last = max(last, *(file.last_day for file in old))
        old = lakehouse.files_over(first, last)
    with (
        tempfile.TemporaryDirectory(dir=work_folder()) as folder,
        lakehouse.writer() as lake,
    ):
        sources = [f"SELECT {lakehouse.COLUMNS} FROM {lakehouse.scan(old)}"] if old else []
        sources += _hot(first, last, Path(folder))
        sources += _late(first, last, Path(folder))
        sources += [extra] if extra else []
        for name, table in (tables or {}).items():
            lake.register(name, table)
        passed("taken")
        if not sources:
            _switch(first, last, sums.Both([], []), old, [])
            return
        if is_sorted and sources == [extra]:
            written = sums.replace(lake, first, last, f"({extra})", is_sorted=True)
            days = compared(lake, written.readings, f"({extra})")
            sums.check(lake, written.sums, f"({extra})")
        else:
            lake.execute(
                f"CREATE OR REPLACE TEMPORARY TABLE staged AS SELECT {lakehouse.COLUMNS}"
                f" FROM ({' UNION ALL '.join(sources)}){_LAST_WORD if len(sources) > 1 or extra else ''}"
            )
            passed("staged")
            written = sums.replace(lake, first, last, "staged")
            passed("written")
            days = compared(lake, written.readings)
            sums.check(lake, written.sums, "staged")
            passed("compared")
    _switch(first, last, written, old, days)


def _hot(first: date, last: date, folder: Path) -> list[str]:
    """The hot copies of the days that are not in the lake yet, each counted as it is taken."""
    waiting = Settled.objects.filter(day__range=(first, last), state=DayState.SETTLING)
    there = set(partitions.days_with_partitions())
    days = waiting.values_list("day", flat=True).order_by("day")
    return [_taken(partitions.name_of(day), folder) for day in days if day in there]


def _late(first: date, last: date, folder: Path) -> list[str]:
    """The late readings of the days that are marked, noted in a table that tells later which they were."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS merging")
        cursor.execute(
            "CREATE TEMPORARY TABLE merging AS SELECT l.* FROM observations_late l"
            " WHERE l.observed_at >= %s::timestamp AT TIME ZONE 'UTC'"
            " AND l.observed_at < %s::timestamp AT TIME ZONE 'UTC' AND EXISTS (SELECT 1 FROM"
            " observations_settled s WHERE s.day = (l.observed_at AT TIME ZONE 'UTC')::date)",
            [first, last + timedelta(days=1)],
        )
        if cursor.rowcount == 0:
            return []
    return [_taken("merging", folder)]


def _taken(table: str, folder: Path) -> str:
    file = folder / f"{table}.csv"
    with connection.cursor() as cursor:
        with file.open("wb") as output, cursor.copy(_CSV.format(table=table)) as copy:
            for block in copy:
                output.write(block)
        cursor.execute(
            f"SELECT count(*), coalesce(sum(seq), 0)::text, coalesce(sum(series_id), 0)::text,"
            f" coalesce(sum((extract(epoch FROM observed_at) * 1000000)::bigint), 0)::text FROM {table}"
        )
        expected = cursor.fetchone()
    source = from_csv(file)
    with duckdb.connect(":memory:", config={"memory_limit": "128MB", "threads": "1"}) as scratch:
        got = scratch.execute(
            "SELECT count(*), coalesce(sum(seq), 0)::VARCHAR, coalesce(sum(series_id), 0)::VARCHAR,"
            f" coalesce(sum(epoch_us(observed_at)), 0)::VARCHAR FROM ({source})"
        ).fetchone()
    if got != expected:
        raise LakeDiffers(
            N_("Of {expected} readings {got} were taken out of {table}. Nothing was changed; try again."),
            expected=expected[0],
            got=got[0] if got else 0,
            table=table,
        )
    return source


def compared(
    lake: duckdb.DuckDBPyConnection, written: Sequence[lakehouse.Written], staged: str = "staged"
) -> list[tuple[date, int, str]]:
    """Read the files back; the days with their counts and checksums."""
    expected = lake.execute(f"SELECT {_CHECKSUM} FROM {staged}").fetchone()
    days: list[tuple[date, int, str]] = []
    got: tuple[int, str] = (0, "0")
    if written:
        scanned = lakehouse.scan([LakeFile(path=file.path) for file in written])
        by_day = lake.execute(
            f"SELECT CAST(timezone('UTC', observed_at) AS DATE), {_CHECKSUM} FROM {scanned} GROUP BY 1"
        ).fetchall()
        days = [(day, count, checksum) for day, count, checksum in by_day]
        got = (sum(day[1] for day in days), str(sum(int(day[2]) for day in days)))
    if got != expected:
        raise LakeDiffers(
            N_("The lake gave back {got} readings of {expected}. Nothing was taken away; try again."),
            got=got[0],
            expected=expected[0] if expected else 0,
        )
    return days


def _switch(
    first: date,
    last: date,
    written: sums.Both,
    old: Sequence[LakeFile],
    days: Sequence[tuple[date, int, str]],
) -> None:
    """The one transaction after which readers read the new files, and the late readings in them are gone."""
    there = set(partitions.days_with_partitions())
    known = {day: (count, checksum) for day, count, checksum in days}
    with transaction.atomic(), connection.cursor() as cursor:
        LakeFile.objects.filter(pk__in=[file.pk for file in old]).delete()
        name_files(first, last, written.readings)
        sums.name(first, last, written.sums)
        marked = Settled.objects.filter(day__range=(first, last)).values_list("day", flat=True)
        for day in sorted(set(marked) | set(known)):
            count, checksum = known.get(day, (0, ""))
            cursor.execute(
                "INSERT INTO observations_settled (day, state, rows, checksum, settled_at, version)"
                " VALUES (%s, %s, %s, %s, %s, nextval('observations_version')) ON CONFLICT (day) DO UPDATE"
                " SET state = excluded.state, rows = excluded.rows, checksum = excluded.checksum,"
                " settled_at = excluded.settled_at, version = excluded.version",
                [day, DayState.SETTLED if day in there else DayState.RELEASED, count, checksum, now()],
            )
        cursor.execute(
            "DELETE FROM observations_late l USING merging m WHERE l.series_id = m.series_id"
            " AND l.observed_at = m.observed_at AND l.seq = m.seq"
            " AND l.number IS NOT DISTINCT FROM m.number AND l.value IS NOT DISTINCT FROM m.value"
        )


def name_files(
    first: date, last: date, written: Sequence[lakehouse.Written], *, summary: bool = False
) -> None:
    """Let readers read these files for these days; in the caller's transaction."""
    LakeFile.objects.bulk_create(
        lakehouse.named(LakeFile, first, last, file, summary=summary) for file in written
    )
