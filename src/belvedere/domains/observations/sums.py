"""Sums of the readings of settled days, kept beside them: a day of a whole type is asked of few rows.

A sum is of one series over a piece of a UTC day: up to 21 hours, and each of the three hours after. So the
days of every zone up to three hours ahead of UTC are made of whole pieces, at changes of the clock too.
The sums of a stretch of days are written with its readings, from the same rows, and named by the list that
changes with theirs (`LakeSums`, decision 0056): there are none that say something else.
"""

# ruff: noqa: S608 (what is put into questions are names and numbers of this package, never given text)
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from belvedere.domains.observations import lakehouse
from belvedere.domains.observations.errors import LakeDiffers
from belvedere.domains.observations.lakehouse import Written
from belvedere.domains.observations.models import LakeFile, LakeSums
from belvedere.domains.observations.reading import Places
from belvedere.domains.observations.values import DAY_US, first_microsecond, microseconds
from belvedere.kernel.errors import N_

HOUR_US = DAY_US // 24
#: Where the pieces of a day begin, in microseconds.
EDGES = (0, 21 * HOUR_US, 22 * HOUR_US, 23 * HOUR_US)
_PIECES = (
    "SELECT series_id, make_timestamptz(us - us % {day}"
    " + CASE WHEN us % {day} < {long} THEN 0 ELSE us % {day} // {hour} * {hour} END) AS observed_at,"
    " count(*)::BIGINT AS count, sum(number) AS sum, min(number) AS low, max(number) AS high"
    " FROM (SELECT series_id, epoch_us(observed_at) AS us, number FROM {source})"
    " WHERE number IS NOT NULL GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class Both:
    """Files just written for a stretch of days."""

    readings: list[Written]
    sums: list[Written]


def put(lake: duckdb.DuckDBPyConnection, first: date, last: date, source: str) -> None:
    """The sums of the readings in `source`, a table or a query in brackets; in the caller's transaction."""
    pieces = _PIECES.format(source=source, day=DAY_US, hour=HOUR_US, long=EDGES[1])
    lakehouse.put(lake, first, last, pieces, lakehouse.SUMS)


def replace(
    lake: duckdb.DuckDBPyConnection, first: date, last: date, source: str, *, is_sorted: bool = False
) -> Both:
    """Let the lake hold for these days the readings in `source` and their sums; all or nothing."""
    lake.execute("BEGIN")
    try:
        readings = f"SELECT * FROM {source}"
        lakehouse.put(lake, first, last, readings, lakehouse.READING, is_sorted=is_sorted)
        put(lake, first, last, source)
        lake.execute("COMMIT")
    except Exception:
        lake.execute("ROLLBACK")
        raise
    return Both(lakehouse.written(lake, lakehouse.READING), lakehouse.written(lake, lakehouse.SUMS))


def check(lake: duckdb.DuckDBPyConnection, written: Sequence[Written], source: str) -> None:
    """That the sums read back are those of as many readings.

    Raises:
        LakeDiffers: they are not; readers must not be led to them.
    """
    expected = _one(lake, f"SELECT count(number), min(number), max(number) FROM {source}")
    got: Any = (0, None, None)
    if written:
        scanned = lakehouse.scan([LakeFile(path=file.path) for file in written])
        got = _one(lake, f"SELECT coalesce(sum(count), 0)::BIGINT, min(low), max(high) FROM {scanned}")
    if got != expected:
        raise LakeDiffers(
            N_("The lake gave back {got} readings of {expected}. Nothing was taken away; try again."),
            got=got[0],
            expected=expected[0],
        )


def name(first: date, last: date, written: Iterable[Written]) -> None:
    """Let readers read these sums for these days, and no others; in the caller's transaction."""
    LakeSums.objects.filter(first_day__lte=last, last_day__gte=first).delete()
    LakeSums.objects.bulk_create(lakehouse.named(LakeSums, first, last, file) for file in written)


def instead(
    at: Places, step_us: int, shift: Sequence[tuple[int, int]], late_us: Sequence[int]
) -> tuple[list[LakeFile], list[LakeSums]]:
    """Of what is to be read at `at`, the files of readings, and the sums that stand for the others.

    Sums do where stretches of `step_us`, in a zone that is ahead as `shift` says, are made of whole pieces;
    not for days that are asked for in part or for which late readings wait (at `late_us`).
    """
    whole_days = step_us % DAY_US == 0
    if (
        not at.files
        or not whole_days
        or any(until % HOUR_US or -ahead % DAY_US not in EDGES for until, ahead in shift)
    ):
        return at.files, []
    ends = [one for one in (microseconds(at.start), microseconds(at.end)) if one % DAY_US not in EDGES]
    known: dict[tuple[date, date], list[LakeSums]] = {}
    for one in LakeSums.objects.filter(first_day__in={file.first_day for file in at.files}).order_by("path"):
        begin, end = first_microsecond(one.first_day), first_microsecond(one.last_day) + DAY_US
        if not any(begin <= us < end for us in (*ends, *late_us)):
            known.setdefault((one.first_day, one.last_day), []).append(one)
    stretches = {(file.first_day, file.last_day) for file in at.files}
    raw = [file for file in at.files if (file.first_day, file.last_day) not in known]
    return raw, [one for stretch in sorted(stretches & known.keys()) for one in known[stretch]]


def _one(lake: duckdb.DuckDBPyConnection, question: str) -> Any:
    return lake.execute(question).fetchone()
