"""Readings summed up by stretches of time: hours, local days, weeks…, over hot, late and lake together.

Each place sums up its own and the sums are added. An instant for which a late reading waits is left out of
the two others where the late one has the last word, and the late one is left out where it has not.
"""

# ruff: noqa: S608 (what is put into questions are names and conditions of this package, never given text)
from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from belvedere.domains.observations import lakehouse
from belvedere.domains.observations.models import LakeFile, LakeSums
from belvedere.domains.observations.reading import Places, hot_condition, lake_condition, places, steady
from belvedere.domains.observations.sums import instead
from belvedere.domains.observations.values import Buckets, microseconds
from belvedere.kernel.errors import N_, InvalidInput

_US = timedelta(microseconds=1)
#: Microseconds: earlier than anything is told.
_FAR = 10**17
#: One partial sum a line: series, number of the bucket, count, sum, low, high.
Partial = npt.NDArray[np.float64]
_SUMS = "count(*), sum(number), min(number), max(number)"
_LATE = (
    "SELECT l.series_id, (extract(epoch FROM l.observed_at) * 1000000)::bigint, l.number, l.value::text,"
    " l.seq FROM observations_late l"
    " WHERE l.series_id = ANY(%s) AND l.observed_at >= %s AND l.observed_at < %s"
)
# The rank of two readings of one instant, as in `storing`.
_BEATS = (
    "({a}.seq, coalesce({a}.number, '-infinity'::float8), coalesce({a}.{va}, '') {c}) > "
    "({b}.seq, coalesce({b}.number, '-infinity'::float8), coalesce({b}.{vb}, '') {c})"
)


def buckets(
    series_ids: Sequence[int],
    start: datetime,
    end: datetime,
    width: timedelta,
    *,
    zone: tzinfo = UTC,
    together: bool = False,
) -> Buckets:
    """Count, sum, least and greatest of the numbers of each series in each stretch of `width`.

    Stretches begin at the local midnight of 1970-01-01 (a Thursday) in `zone` and every `width` after, by
    the local clock: with a width of one day, they are its days, of 23 to 25 hours. With `together` the
    series are summed up as one, told as series 0.
    """
    if width < timedelta(seconds=1):
        raise InvalidInput(N_("Stretches of time are a second or longer."), code="bad_width")
    ids = sorted(set(series_ids))
    step = width // _US

    def read() -> Partial:
        at = places(ids, start, end)
        shift = _shift(start, end, zone)
        late = _late_rows(ids, at) if at.late else []
        raw, beside = instead(at, step, shift, [row[1] for row in late])
        parts = [
            _hot(ids, at, step, shift, together),
            _lake(ids, at, raw, step, shift, together, late),
            _summed(ids, at, beside, step, shift, together),
            _summed(ids, at, at.summaries, step, shift, together),
        ]
        if late:
            parts.append(_winners(ids, at, raw, step, shift, together, late))
        return _added([part for part in parts if len(part)])

    sums = steady(read)
    numbers = sums[:, 1].astype(np.int64) * step
    return Buckets(
        sums[:, 0].astype(np.int64),
        _to_utc(numbers, zone),
        sums[:, 2].astype(np.int64),
        _settled(sums[:, 3]),
        sums[:, 4],
        sums[:, 5],
    )


def _settled(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Sums to thirteen figures: the order in which DuckDB adds is not always the same, and shows in the
    sixteenth. So the same question has the same answer wherever the readings lie."""
    size = np.abs(sums)
    kept = (size > 1e-9) & (size < 1e13)
    scale = 10.0 ** (12 - np.floor(np.log10(np.where(kept, size, 1.0))))
    return np.where(kept, np.round(sums * scale) / scale, sums)


def _shift(start: datetime, end: datetime, zone: tzinfo) -> list[tuple[int, int]]:
    """What local time is ahead of UTC: (until this microsecond, microseconds); the last is until for ever."""

    def ahead(at: datetime) -> int:
        return (at.astimezone(zone).utcoffset() or timedelta(0)) // _US

    found: list[tuple[int, int]] = []
    at, last = start.astimezone(UTC), end.astimezone(UTC)
    while at < last:
        then = min(at + timedelta(days=7), last)
        if ahead(then) != ahead(at):
            low, high = at, then
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if ahead(middle) == ahead(at) else (low, middle)
            change = high.replace(second=0, microsecond=0)
            found.append((microseconds(change), ahead(at)))
        at = then
    return [*found, (0, ahead(last))]


def _local(us: str, shift: list[tuple[int, int]]) -> str:
    """The expression of the local microsecond of `us`."""
    *changes, (_for_ever, last) = shift
    if not changes:
        return f"({us} + {last})" if last else us
    cases = " ".join(f"WHEN {us} < {until} THEN {ahead}" for until, ahead in changes)
    return f"({us} + CASE {cases} ELSE {last} END)"


def _to_utc(local: npt.NDArray[np.int64], zone: tzinfo) -> npt.NDArray[np.datetime64]:
    if zone is UTC or not len(local):
        return local.view("datetime64[us]")
    known = {}
    for one in np.unique(local).tolist():
        naive = datetime(1970, 1, 1) + timedelta(microseconds=one)  # noqa: DTZ001 (local by meaning)
        known[one] = microseconds(naive.replace(tzinfo=zone).astimezone(UTC))
    return np.array([known[one] for one in local.tolist()], np.int64).view("datetime64[us]")


def _hot(ids: list[int], at: Places, step: int, shift: list[tuple[int, int]], together: bool) -> Partial:
    words, given = hot_condition(at)
    # Exact to the microsecond until 2255, and twice as fast as with `extract`, which gives a numeric. Whole
    # numbers are divided towards zero: what is added makes all of them positive.
    us = "(date_part('epoch', r.observed_at) * 1000000)::bigint"
    ahead = _FAR // step
    beaten = ""
    if at.late:
        beats = _BEATS.format(a="l", va="value::text", b="r", vb="value::text", c='COLLATE "C"')
        beaten = (
            " AND NOT EXISTS (SELECT 1 FROM observations_late l WHERE l.series_id = r.series_id"
            f" AND l.observed_at = r.observed_at AND {beats})"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {'0' if together else 'r.series_id'},"
            f" ({_local(us, shift)} + {ahead * step}) / {step} - {ahead},"
            f" {_SUMS} FROM observations_reading r WHERE r.series_id = ANY(%s) AND {words}"
            f" AND number IS NOT NULL{beaten} GROUP BY 1, 2",
            [ids, *given],
        )
        return _array(cursor.fetchall())


def _wanted(ids: list[int]) -> str:
    """The condition on series; a stretch of numbers is quicker than a list."""
    if ids == list(range(ids[0], ids[-1] + 1)):
        return f"series_id BETWEEN {ids[0]} AND {ids[-1]}"
    return "series_id IN (SELECT id FROM wanted)"


def _lake(
    ids: list[int],
    at: Places,
    files: list[LakeFile],
    step: int,
    shift: list[tuple[int, int]],
    together: bool,
    late: list[Any],
) -> Partial:
    if not files:
        return _array([])
    words, given = lake_condition(at)
    beaten, tables = "", {"wanted": {"id": np.array(ids, np.int64)}}
    if late:
        beats = _BEATS.format(a="l", va="value", b="r", vb="value", c="")
        beaten = (
            " AND NOT EXISTS (SELECT 1 FROM late l WHERE l.series_id = r.series_id"
            f" AND l.us = epoch_us(r.observed_at) AND {beats})"
        )
        tables["late"] = _columns(late)
    return _asked(
        f"SELECT {'0::BIGINT' if together else 'series_id'} AS s,"
        f" {_local('epoch_us(observed_at)', shift)} // {step} AS b, count(*) AS n, sum(number) AS t,"
        f" min(number) AS l, max(number) AS h FROM {lakehouse.scan(files)} r"
        f" WHERE {_wanted(ids)} AND {words} AND number IS NOT NULL{beaten} GROUP BY 1, 2",
        given,
        tables,
    )


def _summed(
    ids: list[int],
    at: Places,
    files: Sequence[LakeFile | LakeSums],
    step: int,
    shift: list[tuple[int, int]],
    together: bool,
) -> Partial:
    """What is kept as sums, of readings that are no more or beside them."""
    if not files:
        return _array([])
    words, given = lake_condition(at)
    return _asked(
        f"SELECT {'0::BIGINT' if together else 'series_id'} AS s,"
        f" {_local('epoch_us(observed_at)', shift)} // {step} AS b, sum(count) AS n, sum(sum) AS t,"
        f" min(low) AS l, max(high) AS h FROM {lakehouse.scan(files)}"
        f" WHERE {_wanted(ids)} AND {words} GROUP BY 1, 2",
        given,
        {"wanted": {"id": np.array(ids, np.int64)}},
    )


def _winners(
    ids: list[int],
    at: Places,
    files: list[LakeFile],
    step: int,
    shift: list[tuple[int, int]],
    together: bool,
    late: list[Any],
) -> Partial:
    """The late readings that have the last word, summed up; `files` are those they may be in."""
    beats = _BEATS.format(a="r", va="value::text", b="l", vb="value::text", c='COLLATE "C"')
    words, given = hot_condition(at)
    with connection.cursor() as cursor:
        cursor.execute(
            _LATE + " AND EXISTS (SELECT 1 FROM observations_reading r WHERE r.series_id = l.series_id"
            f" AND r.observed_at = l.observed_at AND {words.replace('observed_at', 'r.observed_at')}"
            f" AND {beats})",
            [ids, at.start, at.end, *given],
        )
        beaten = {(row[0], row[1]) for row in cursor.fetchall()}
    if files:
        beats = _BEATS.format(a="r", va="value", b="l", vb="value", c="")
        words, given = lake_condition(at)
        found = lakehouse.ask(
            f"SELECT l.series_id, l.us FROM {lakehouse.scan(files)} r JOIN late l"
            f" ON l.series_id = r.series_id AND l.us = epoch_us(r.observed_at) WHERE {words} AND {beats}",
            given,
            late=_columns(late),
        ).fetchall()
        beaten |= set(found)
    kept = [row for row in late if (row[0], row[1]) not in beaten and row[2] is not None]
    if not kept:
        return _array([])
    return _asked(
        f"SELECT {'0::BIGINT' if together else 'series_id'} AS s,"
        f" {_local('us', shift)} // {step} AS b, count(*) AS n, sum(number) AS t, min(number) AS l,"
        " max(number) AS h FROM kept GROUP BY 1, 2",
        [],
        {"kept": _columns(kept)},
    )


def _late_rows(ids: list[int], at: Places) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [ids, at.start, at.end])
        rows: list[Any] = cursor.fetchall()
    return rows


def _columns(rows: list[Any]) -> dict[str, Any]:
    series_ids, at, numbers, values, seqs = zip(*rows, strict=True)
    missing = np.array([number is None for number in numbers])
    filled = np.array([0.0 if number is None else number for number in numbers])
    return {
        "series_id": np.array(series_ids, np.int64),
        "us": np.array(at, np.int64),
        "number": np.ma.masked_array(filled, missing),
        "value": np.array([value or "" for value in values]),
        "seq": np.array(seqs, np.int64),
    }


def _asked(question: str, given: Sequence[object], tables: dict[str, Any]) -> Partial:
    found = lakehouse.ask(question, given, **tables).fetchnumpy()
    columns = [np.ma.getdata(found[name]).astype(np.float64) for name in "sbntlh"]
    return np.stack(columns, axis=1)


def _array(rows: Sequence[Any]) -> Partial:
    return np.array([[float(cell) for cell in row] for row in rows], np.float64).reshape(-1, 6)


def _added(parts: list[Partial]) -> Partial:
    """The partial sums of the same series and bucket as one, in order of series then bucket."""
    if not parts:
        return _array([])
    lines = np.concatenate(parts)
    lines = lines[np.lexsort((lines[:, 1], lines[:, 0]))]
    fresh = np.ones(len(lines), bool)
    fresh[1:] = (lines[1:, 0] != lines[:-1, 0]) | (lines[1:, 1] != lines[:-1, 1])
    first = np.flatnonzero(fresh)
    return np.column_stack(
        [
            lines[first, 0],
            lines[first, 1],
            np.add.reduceat(lines[:, 2], first),
            np.add.reduceat(lines[:, 3], first),
            np.minimum.reduceat(lines[:, 4], first),
            np.maximum.reduceat(lines[:, 5], first),
        ]
    )
