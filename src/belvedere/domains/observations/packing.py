"""Readings to and from PostgreSQL's binary COPY: much faster than values one by one.

The format: https://www.postgresql.org/docs/current/sql-copy.html (Binary Format). Times are microseconds
since 2000; a jsonb is its version byte 1 and its text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

import msgspec
import numpy as np

from belvedere.domains.observations.values import Numbers, Points, Reading, Times, microseconds

#: Place in the batch (below zero: not to be put in at first), microsecond, reading.
Placed: TypeAlias = tuple[int, int, Reading]

PG_EPOCH_US = microseconds(datetime(2000, 1, 1, tzinfo=UTC))
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_NULL = struct.pack(">i", -1)
# 7 fields: place int4, series_id int8, observed_at, number float8, value (null), seq int8, received_at
_PLAIN = struct.Struct(">hiiiqiqidiiqiq")
_HEAD = struct.Struct(">hiiiqiq")
_TAIL = struct.Struct(">iqiq")
_ROW = np.dtype([("fields", ">i2"), ("l1", ">i4"), ("at", ">i8"), ("l2", ">i4"), ("number", ">f8")])


def pack(rows: Iterable[Placed]) -> bytes:
    """A batch as the columns of the table `incoming` (see `storing`)."""
    plain, tail = _PLAIN.pack, _TAIL.pack
    parts = [_HEADER]
    add = parts.append
    last, received = None, 0
    for place, at, row in rows:
        if row.received_at is not last:  # the readings of a message share the instant
            last = row.received_at
            received = microseconds(last) - PG_EPOCH_US
        at -= PG_EPOCH_US
        number = row.number
        if row.value is None and number is not None:
            add(plain(7, 4, place, 8, row.series_id, 8, at, 8, number, -1, 8, row.seq, 8, received))
        else:
            add(_HEAD.pack(7, 4, place, 8, row.series_id, 8, at))
            add(_NULL if number is None else struct.pack(">id", 8, number))
            add(_json(row.value))
            add(tail(8, row.seq, 8, received))
    add(_TRAILER)
    return b"".join(parts)


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
