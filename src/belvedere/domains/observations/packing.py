"""Readings to and from PostgreSQL's binary COPY: much faster than values one by one.

The format: https://www.postgresql.org/docs/current/sql-copy.html (Binary Format). Times are microseconds
since 2000; a jsonb is its version byte 1 and its text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

import msgspec
import numpy as np

from belvedere.domains.observations.values import Integers, Numbers, Points, Reading, Run, Times, microseconds

#: Place in the batch (below zero: not to be put in at first), microsecond, reading.
Placed: TypeAlias = tuple[int, int, Reading]

PG_EPOCH_US = microseconds(datetime(2000, 1, 1, tzinfo=UTC))
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_NULL = struct.pack(">i", -1)
# series_id int8, observed_at, number float8, value (null), seq int8, received_at; and the place (int4)
_PLAIN = struct.Struct(">hiqiqidiiqiq")
_HEAD = struct.Struct(">hiqiq")
_TAIL_PLACED = struct.Struct(">iqiqii")
_TAIL = struct.Struct(">iqiq")
_PLAIN_ROW = np.dtype(
    [
        *(("fields", ">i2"), ("l1", ">i4"), ("series_id", ">i8"), ("l2", ">i4"), ("at", ">i8")),
        *(("l3", ">i4"), ("number", ">f8"), ("value", ">i4"), ("l4", ">i4"), ("seq", ">i8")),
        *(("l5", ">i4"), ("received", ">i8")),
    ]
)
_ROW = np.dtype([("fields", ">i2"), ("l1", ">i4"), ("at", ">i8"), ("l2", ">i4"), ("number", ">f8")])


def pack(rows: Iterable[Placed]) -> bytes:
    """A batch as the columns of the table of readings."""
    plain, tail = _PLAIN.pack, _TAIL.pack
    parts = [_HEADER]
    add = parts.append
    last, received = None, 0
    for _place, at, row in rows:
        if row.received_at is not last:  # the readings of a message share the instant
            last = row.received_at
            received = microseconds(last) - PG_EPOCH_US
        if row.value is None and row.number is not None:
            series_id, number, seq = row.series_id, row.number, row.seq
            add(plain(6, 8, series_id, 8, at - PG_EPOCH_US, 8, number, -1, 8, seq, 8, received))
        else:
            add(_head(6, at, row))
            add(tail(8, row.seq, 8, received))
    add(_TRAILER)
    return b"".join(parts)


def pack_numbers(series_ids: Integers, times_us: Integers, numbers: Numbers, seq: int) -> bytes:
    """Arrays of one length as the columns of the table of readings, each received when it was observed."""
    return _HEADER + _plain_rows(series_ids, times_us, numbers, seq, times_us) + _TRAILER


def pack_runs(rows: Iterable[Placed], runs: Sequence[Run]) -> bytes:
    """A batch and runs as the columns of the table of readings."""
    body = [
        _plain_rows(run.series_ids, run.times_us, run.numbers, run.seq, microseconds(run.received_at))
        for run in runs
    ]
    return pack(rows).removesuffix(_TRAILER) + b"".join(body) + _TRAILER


def _plain_rows(
    series_ids: Integers, times_us: Integers, numbers: Numbers, seq: int, received_us: Integers | int
) -> bytes:
    rows = np.empty(len(times_us), _PLAIN_ROW)
    rows["fields"], rows["value"], rows["seq"] = 6, -1, seq
    for length in ("l1", "l2", "l3", "l4", "l5"):
        rows[length] = 8
    rows["series_id"], rows["number"] = series_ids, numbers
    rows["at"], rows["received"] = times_us - PG_EPOCH_US, received_us - PG_EPOCH_US
    return rows.tobytes()


def pack_placed(rows: Iterable[Placed]) -> bytes:
    """A batch as the columns of the table `incoming` (see `storing`): those of readings, and the place."""
    parts = [_HEADER]
    for place, at, row in rows:
        received = microseconds(row.received_at) - PG_EPOCH_US
        parts.append(_head(7, at, row))
        parts.append(_TAIL_PLACED.pack(8, row.seq, 8, received, 4, place))
    parts.append(_TRAILER)
    return b"".join(parts)


def _head(fields: int, at: int, row: Reading) -> bytes:
    number = _NULL if row.number is None else struct.pack(">id", 8, row.number)
    return _HEAD.pack(fields, 8, row.series_id, 8, at - PG_EPOCH_US) + number + _json(row.value)


def _json(value: object | None) -> bytes:
    if value is None:
        return _NULL
    # PostgreSQL keeps no character zero; the sign for "unknown character" stands for it.
    text = b"\x01" + msgspec.json.encode(value).replace(b"\\u0000", "�".encode())
    return struct.pack(">i", len(text)) + text


def unpack_points(data: bytes) -> Points:
    """What `COPY (SELECT observed_at, number …) TO STDOUT (FORMAT binary)` gave, with no null in it."""
    count = (len(data) - len(_HEADER) - len(_TRAILER)) // _ROW.itemsize
    body = np.frombuffer(data, dtype=_ROW, offset=len(_HEADER), count=count)
    times: Times = (body["at"].astype(np.int64) + PG_EPOCH_US).view("datetime64[us]")
    numbers: Numbers = body["number"].astype(np.float64)
    return Points(times, numbers)
