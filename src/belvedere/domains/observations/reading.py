"""The history of one series, whatever part of it is hot, late or in the lake: one answer.

Each question is asked again when a day changed place while it was being answered.
"""

# ruff: noqa: S608 (what is put into questions are names and conditions of this package, never given text)
from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias, TypeVar

import numpy as np
from django.db import connection

from belvedere.domains.observations import lakehouse
from belvedere.domains.observations.models import LakeFile
from belvedere.domains.observations.packing import unpack_points
from belvedere.domains.observations.states import DayState
from belvedere.domains.observations.values import EPOCH, Points, Told, day_of, microseconds
from belvedere.kernel.errors import N_, Unavailable

T = TypeVar("T")
#: Microsecond, number, value as JSON text, seq.
Row: TypeAlias = tuple[int, float | None, str | None, int]
_TRIES = 5
_RANGE = "observed_at >= %s AND observed_at < %s"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the readings of some series in a stretch of time are to be read, at one moment."""

    start: datetime
    end: datetime
    files: list[LakeFile]
    summaries: list[LakeFile]
    not_hot: list[date]  # settled days whose hot copy is still there
    late: bool  # whether a late reading is among them


def steady(act: Callable[[], T]) -> T:
    """The result of `act` from a moment at which no day changed place."""
    for _attempt in range(_TRIES):
        before = _version()
        result = act()
        if _version() == before:
            return result
    raise Unavailable(N_("The history is being moved to the lake. Try again in a moment."))


def _version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(version), 0) FROM observations_settled")
        return int(cursor.fetchone()[0])


def places(series_ids: Iterable[int], start: datetime, end: datetime) -> Places:
    """Look up where to read."""
    ids = list(series_ids)
    first = day_of(microseconds(start))
    last = day_of(max(microseconds(start), microseconds(end) - 1))
    span = (min(ids, default=0), max(ids, default=0))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ARRAY(SELECT day FROM observations_settled WHERE state = %s AND day BETWEEN %s AND %s),"
            " EXISTS (SELECT 1 FROM observations_late l JOIN unnest(%s::bigint[]) s(id)"
            f" ON s.id = l.series_id WHERE l.{_RANGE})",
            [DayState.SETTLED, first, last, ids, start, end],
        )
        not_hot, late = cursor.fetchone()
    files = lakehouse.files_over(first, last, summary=None, series=span)
    raw, summed = [file for file in files if not file.summary], [file for file in files if file.summary]
    return Places(start, end, raw, summed, not_hot, late)


def hot_condition(at: Places) -> tuple[str, list[Any]]:
    """What restricts a query on the hot days to `at`."""
    words = _RANGE
    given: list[Any] = [at.start, at.end]
    for day in at.not_hot:
        words += " AND NOT (observed_at >= %s::timestamp AT TIME ZONE 'UTC'"
        words += " AND observed_at < %s::timestamp AT TIME ZONE 'UTC')"
        given += [day, day + timedelta(days=1)]
    return words, given


def lake_condition(at: Places) -> tuple[str, list[Any]]:
    """What restricts a query on the lake to `at`."""
    return (
        "observed_at >= make_timestamptz(?::BIGINT) AND observed_at < make_timestamptz(?::BIGINT)",
        [microseconds(at.start), microseconds(at.end)],
    )


def series(series_id: int, start: datetime, end: datetime, *, last_n: int | None = None) -> Points:
    """The numbers of a series from `start` to before `end`, in order of time; with `last_n` only the last.

    Where the readings themselves are not kept any more, the means of what is kept, at their starts.
    """

    def read() -> Points:
        at = places([series_id], start, end)
        if at.late:
            rows = [row for row in merged(series_id, at) if row[1] is not None]
            times = np.array([row[0] for row in rows], np.int64).view("datetime64[us]")
            hot = Points(times, np.array([row[1] for row in rows], np.float64))
            parts = [_means(series_id, at), hot]
        else:
            hot = _hot_points(series_id, at)
            if last_n is not None and len(hot) >= last_n:
                return hot
            parts = [_means(series_id, at), _lake_points(series_id, at), hot]
        return _together(parts)

    points = steady(read)
    if last_n is not None:
        points = Points(points.times[-last_n:], points.numbers[-last_n:]) if last_n > 0 else _none()
    return points


def values(series_id: int, start: datetime, end: datetime, *, last_n: int | None = None) -> list[Told]:
    """What a series said that is no number (text, boolean, structure), in order of time."""

    def read() -> list[Told]:
        rows = merged(series_id, places([series_id], start, end))
        return [
            Told(EPOCH + timedelta(microseconds=at), json.loads(value))
            for at, _number, value, _seq in rows
            if value is not None
        ]

    told = steady(read)
    if last_n is not None:
        return told[-last_n:] if last_n > 0 else []
    return told


def merged(series_id: int, at: Places) -> list[Row]:
    """Every reading of a series from all three places, each instant once, in order of time."""
    rows = [*_lake_rows(series_id, at), *_pg_rows(series_id, at, hot=True)]
    if at.late:
        best: dict[int, Row] = {}
        for row in [*rows, *_pg_rows(series_id, at, hot=False)]:
            held = best.get(row[0])
            if held is None or _rank(row) > _rank(held):
                best[row[0]] = row
        rows = list(best.values())
    return sorted(rows, key=lambda row: row[0])


def _rank(row: Row) -> tuple[int, float, str]:
    return (row[3], float("-inf") if row[1] is None else row[1], row[2] or "")


def _pg_rows(series_id: int, at: Places, *, hot: bool) -> list[Row]:
    words, given = hot_condition(at) if hot else (_RANGE, [at.start, at.end])
    table = "observations_reading" if hot else "observations_late"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT observed_at, number, value::text, seq FROM {table} WHERE series_id = %s AND {words}",
            [series_id, *given],
        )
        return [(microseconds(moment), *rest) for moment, *rest in cursor.fetchall()]


def _lake_rows(series_id: int, at: Places) -> list[Row]:
    if not at.files:
        return []
    words, given = lake_condition(at)
    rows: list[Any] = lakehouse.ask(
        f"SELECT epoch_us(observed_at), number, value, seq FROM {lakehouse.scan(at.files)}"
        f" WHERE series_id = ? AND {words}",
        [series_id, *given],
    ).fetchall()
    return rows


def _hot_points(series_id: int, at: Places) -> Points:
    words, given = hot_condition(at)
    with connection.cursor() as cursor:
        question = cursor.mogrify(
            f"SELECT observed_at, number FROM observations_reading WHERE series_id = %s AND {words}"
            " AND number IS NOT NULL ORDER BY observed_at",
            [series_id, *given],
        )
        with cursor.copy(f"COPY ({question}) TO STDOUT (FORMAT binary)") as copy:
            return unpack_points(b"".join(bytes(block) for block in copy))


def _lake_points(series_id: int, at: Places) -> Points:
    return _from_files(at.files, "number", "number IS NOT NULL", series_id, at)


def _means(series_id: int, at: Places) -> Points:
    return _from_files(at.summaries, "sum / count", "true", series_id, at)


def _from_files(files: list[LakeFile], number: str, kept: str, series_id: int, at: Places) -> Points:
    if not files:
        return _none()
    words, given = lake_condition(at)
    found = lakehouse.ask(
        f"SELECT epoch_us(observed_at) AS us, {number} AS number FROM {lakehouse.scan(files)}"
        f" WHERE series_id = ? AND {words} AND {kept}",
        [series_id, *given],
    ).fetchnumpy()
    return _ordered(found["us"], found["number"])


def _ordered(at: Any, numbers: Any) -> Points:
    times = np.ma.getdata(at).astype(np.int64)
    order = np.argsort(times, kind="stable")
    return Points(times[order].view("datetime64[us]"), np.ma.getdata(numbers).astype(np.float64)[order])


def _together(parts: list[Points]) -> Points:
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return parts[0] if parts else _none()
    times = np.concatenate([part.times for part in parts])
    order = np.argsort(times, kind="stable")
    return Points(times[order], np.concatenate([part.numbers for part in parts])[order])


def _none() -> Points:
    return Points(np.empty(0, "datetime64[us]"), np.empty(0, np.float64))
