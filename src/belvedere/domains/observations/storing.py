"""Readings into the history, many at once, in the caller's transaction.

The history does not depend on the order in which messages come, nor on how often: at each instant of a
series stands the value told last, "last" being the greater `seq`, then (for two values of one message at
one instant) the greater value. Every reading that comes later than that is a duplicate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from django.db import connection, transaction
from psycopg.errors import UniqueViolation

from belvedere.domains.observations.events import ReadingsStored
from belvedere.domains.observations.packing import Placed, pack, pack_placed, pack_runs
from belvedere.domains.observations.partitions import LATE, PARENT, STORE_LOCK, hot_among
from belvedere.domains.observations.values import DAY_US, Reading, Run, Stored, day_of, microseconds
from belvedere.kernel.events import publish_within

Key: TypeAlias = tuple[int, int]
Rank: TypeAlias = tuple[int, float, str]

_COLUMNS = "series_id, observed_at, number, value, seq, received_at"
COPY = f"COPY {{table}} ({_COLUMNS}) FROM STDIN (FORMAT binary)"
_INCOMING = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    series_id bigint, observed_at timestamptz, number float8, value jsonb, seq bigint,
    received_at timestamptz, place int
) ON COMMIT DELETE ROWS
"""
# In order of the key, so that two who store the same readings wait for each other and do not lock up.
_PUT = """
WITH put AS (
    INSERT INTO {table} ({columns})
    SELECT {columns} FROM incoming WHERE place >= 0 ORDER BY series_id, observed_at
    ON CONFLICT (series_id, observed_at) DO NOTHING RETURNING series_id, observed_at
)
SELECT series_id, observed_at FROM incoming WHERE place >= 0 EXCEPT SELECT series_id, observed_at FROM put
"""
_COMPARE = """
SELECT i.place, i.series_id, i.observed_at, i.number, i.value::text, i.seq, t.number, t.value::text, t.seq
FROM incoming i JOIN {table} t ON t.series_id = i.series_id AND t.observed_at = i.observed_at
JOIN unnest(%s::bigint[], %s::timestamptz[]) k(series_id, observed_at)
    ON k.series_id = i.series_id AND k.observed_at = i.observed_at
ORDER BY i.series_id, i.observed_at FOR UPDATE OF t
"""
_CORRECT = """
UPDATE {table} t SET number = i.number, value = i.value, seq = i.seq, received_at = i.received_at
FROM incoming i
WHERE i.place = ANY(%s) AND t.series_id = i.series_id AND t.observed_at = i.observed_at
"""


def store(rows: Sequence[Reading | Run]) -> list[Stored]:
    """Put readings into the history; what became of each, in their order, those of runs among them.

    In the caller's transaction. Readings of days that are in the lake, or too old to be hot, wait among
    the late ones: there NEW means that it will be merged, whatever the lake holds at that instant.
    Announces ReadingsStored.
    """
    if not rows:
        return []
    told = put(rows)
    publish_within(ReadingsStored(rows))
    return told


def quiet() -> None:
    """Wait until every transaction that stores readings now has ended; in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STORE_LOCK])


def put(rows: Sequence[Reading | Run]) -> list[Stored]:
    """As `store`, telling nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [STORE_LOCK])
    runs = [row for row in rows if isinstance(row, Run)]
    readings = [row for row in rows if isinstance(row, Reading)]
    if runs:
        if _put_runs(readings, runs):
            return [Stored.NEW] * (len(readings) + sum(map(len, runs)))
        readings = [one for row in rows for one in (row.readings() if isinstance(row, Run) else [row])]
    placed: list[Placed] = [(place, microseconds(row.observed_at), row) for place, row in enumerate(readings)]
    days = {at // DAY_US for _place, at, _row in placed}
    hot = {(day.toordinal() - 719_163) for day in hot_among([day_of(day * DAY_US) for day in days])}
    told: list[Stored] = [Stored.NEW] * len(readings)
    if days <= hot:
        _put(PARENT, placed, told)
    else:
        _put(PARENT, [one for one in placed if one[1] // DAY_US in hot], told)
        _put(LATE, [one for one in placed if one[1] // DAY_US not in hot], told)
    return told


def _put_runs(readings: Sequence[Reading], runs: Sequence[Run]) -> bool:
    """Try a plain COPY of all; False, with nothing done, on a repetition or when a day is not hot."""
    placed: list[Placed] = [(0, microseconds(row.observed_at), row) for row in readings]
    series_ids = np.concatenate(
        [np.array([row.series_id for row in readings], np.int64), *(run.series_ids for run in runs)]
    )
    times_us = np.concatenate(
        [np.array([at for _place, at, _row in placed], np.int64), *(run.times_us for run in runs)]
    )
    order = np.lexsort((times_us, series_ids))
    if ((np.diff(series_ids[order]) == 0) & (np.diff(times_us[order]) == 0)).any():
        return False
    days = {day_of(int(day) * DAY_US) for day in np.unique(times_us // DAY_US)}
    return hot_among(days) == days and _put_at_once(PARENT, lambda: pack_runs(placed, runs))


def _put(table: str, placed: Sequence[Placed], told: list[Stored]) -> None:
    if not placed:
        return
    seen: set[Key] = set()
    again: set[Key] = set()
    firsts: list[Placed] = []
    for one in placed:
        place, at, row = one
        key = (row.series_id, at)
        if key in seen:
            again.add(key)
            firsts.append((-1 - place, at, row))
        else:
            seen.add(key)
            firsts.append(one)
    if not again and _put_at_once(table, lambda: pack(placed)):
        return
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy("COPY incoming FROM STDIN (FORMAT binary)") as copy:
            copy.write(pack_placed(firsts))
        cursor.execute(_PUT.format(table=table, columns=_COLUMNS))
        known = {(series_id, microseconds(at)): at for series_id, at in cursor.fetchall()}
        if known or again:
            _correct(table, placed, known.keys(), again, told)
        cursor.execute("TRUNCATE incoming")


class _Luck:
    """Whether the last batches of this process met nothing that was stored before."""

    #: Batches to take the careful way after one that met something: devices that repeat do it often.
    CAREFUL = 20
    careful = 0


def _put_at_once(table: str, packed: Callable[[], bytes]) -> bool:
    """Try a plain COPY, three times as fast as the careful way; False, with nothing done, on a repetition."""
    if _Luck.careful > 0:
        _Luck.careful -= 1
        return False
    try:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(COPY.format(table=table)) as copy,
        ):
            copy.write(packed())
    except UniqueViolation:
        _Luck.careful = _Luck.CAREFUL
        return False
    return True


def _correct(
    table: str, placed: Sequence[Placed], known: Iterable[Key], again: set[Key], told: list[Stored]
) -> None:
    """Judge the readings whose instant was taken, each after the other, and keep the last word."""
    there = set(known)
    keys = sorted(there | again)
    instants = {(row.series_id, at): row.observed_at for _place, at, row in placed}
    with connection.cursor() as cursor:
        cursor.execute(
            _COMPARE.format(table=table), [[key[0] for key in keys], [instants[key] for key in keys]]
        )
        best: dict[Key, tuple[Rank, int | None]] = {}
        for line in sorted(cursor.fetchall(), key=_place):
            place, key = _place(line), (line[1], microseconds(line[2]))
            offered, held = _rank(line[5], line[3], line[4]), _rank(line[8], line[6], line[7])
            if key not in best:
                best[key] = (held, None)
                if key not in there:
                    continue  # the first of its key in this batch: it was put in
            standing = best[key][0]
            told[place] = Stored.DUPLICATE
            if offered > standing:
                if offered[1:] != standing[1:]:
                    told[place] = Stored.CORRECTED
                best[key] = (offered, line[0])
        winners = [place for _standing, place in best.values() if place is not None]
        if winners:
            cursor.execute(_CORRECT.format(table=table), [winners])


def _place(line: Sequence[Any]) -> int:
    place: int = line[0]
    return place if place >= 0 else -1 - place


def _rank(seq: int, number: float | None, value: str | None) -> Rank:
    return (seq, float("-inf") if number is None else number, value or "")
