"""Readings of several series as they were told, and taking readings back.

A reading that was taken back stays as one that says nothing, told last: so it is gone from wherever the
history is (hot, late or lake) in the moment in which that is written.
"""

# ruff: noqa: S608 (what is put into questions are names and conditions of this package, never given text)
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from django.db import connection

from belvedere.domains.observations import lakehouse
from belvedere.domains.observations.reading import Places, hot_condition, lake_condition, places, steady
from belvedere.domains.observations.storing import put
from belvedere.domains.observations.values import EPOCH, Reading, microseconds
from belvedere.kernel.clock import now

_decode = msgspec.json.decode
_SAYS = "(number IS NOT NULL OR value IS NOT NULL)"
_US = "(extract(epoch FROM {0}) * 1000000)::bigint"
_COLUMNS = f"series_id, {_US.format('observed_at')}, number, value::text, seq, {_US.format('received_at')}"


class Raw(msgspec.Struct, frozen=True, gc=False):
    """A reading as it was told: instants in microseconds since 1970; `number` or else `value`."""

    series_id: int
    observed_us: int
    number: float | None
    value: Any
    seq: int
    received_us: int


def raw(
    series_ids: Iterable[int], start: datetime, end: datetime, *, first: int = 0, last: int = 0
) -> dict[int, list[Raw]]:
    """The readings of each series from `start` to before `end`, in order of time; with `first` or `last` only
    so many of each, from the beginning or the end. Series without one are left out."""
    ids = sorted(set(series_ids))
    if not ids:
        return {}

    def read() -> dict[int, list[Raw]]:
        at = places(ids, start, end)
        # A late reading may take another's place: then all must be seen before some are left out.
        most, order = (0, "") if at.late else (first or last, "DESC" if last else "")
        rows = _hot(ids, at, most, order)
        if at.files and not (last and most and _enough(rows, ids, last)):
            rows += _lake(ids, at, most, order)
        if at.late:
            rows += _late(ids, at)
        return _sorted(rows, first, last)

    return steady(read)


def _enough(rows: Sequence[Raw], ids: Sequence[int], last: int) -> bool:
    counts = dict.fromkeys(ids, 0)
    for row in rows:
        counts[row.series_id] += 1
    return min(counts.values()) >= last


def _hot(ids: list[int], at: Places, most: int, order: str) -> list[Raw]:
    words, given = hot_condition(at)
    limit = f"AND {_SAYS} ORDER BY observed_at {order} LIMIT {most}" if most else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.* FROM unnest(%s::bigint[]) s(id), LATERAL"
            f" (SELECT {_COLUMNS} FROM observations_reading WHERE series_id = s.id AND {words} {limit}) r",
            [ids, *given],
        )
        return [_row(line) for line in cursor.fetchall()]


def _late(ids: list[int], at: Places) -> list[Raw]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM observations_late"
            " WHERE series_id = ANY(%s) AND observed_at >= %s AND observed_at < %s",
            [ids, at.start, at.end],
        )
        return [_row(line) for line in cursor.fetchall()]


def _lake(ids: list[int], at: Places, most: int, order: str) -> list[Raw]:
    words, given = lake_condition(at)
    few = (
        f" AND {_SAYS} QUALIFY row_number() OVER (PARTITION BY series_id ORDER BY us {order}) <= {most}"
        if most
        else ""
    )
    found = lakehouse.ask(
        "SELECT series_id, epoch_us(observed_at) AS us, number, value, seq,"
        " epoch_us(observed_at) + delay_s::BIGINT * 1000000"
        f" FROM {lakehouse.scan(at.files)} WHERE series_id IN (SELECT id FROM wanted) AND {words}{few}",
        given,
        wanted={"id": np.array(ids, np.int64)},
    ).fetchall()
    return [_row(line) for line in found]


def _row(line: Sequence[Any]) -> Raw:
    series_id, at, number, value, seq, received = line
    return Raw(series_id, at, number, None if value is None else _decode(value), seq, received)


def _sorted(rows: Iterable[Raw], first: int, last: int) -> dict[int, list[Raw]]:
    best: dict[tuple[int, int], Raw] = {}
    for row in rows:
        held = best.get((row.series_id, row.observed_us))
        if held is None or _rank(row) > _rank(held):
            best[(row.series_id, row.observed_us)] = row
    found: dict[int, list[Raw]] = {}
    for key in sorted(best):
        row = best[key]
        if row.number is not None or row.value is not None:
            found.setdefault(row.series_id, []).append(row)
    if last:
        return {key: many[-last:] for key, many in found.items()}
    return {key: many[:first] for key, many in found.items()} if first else found


def _rank(row: Raw) -> tuple[int, float, str]:
    value = "" if row.value is None else msgspec.json.encode(row.value).decode()
    return (row.seq, float("-inf") if row.number is None else row.number, value)


def take_back(series_id: int, at: Iterable[datetime]) -> None:
    """Take back what a series told at these instants, in the caller's transaction."""
    moment = now()
    put([Reading(series_id, one, None, None, microseconds(moment), moment) for one in at])


def take_all_back(series_ids: Iterable[int], start: datetime, end: datetime) -> int:
    """Take back all that these series told from `start` to before `end`, in the caller's transaction; how
    much that was."""
    count = 0
    for series_id, many in raw(series_ids, start, end).items():
        take_back(series_id, (EPOCH + timedelta(microseconds=row.observed_us) for row in many))
        count += len(many)
    return count
