"""A few readings into the history, in one statement: for who writes single values, very often.

What is of a settled day goes among the late ones in a second statement. What neither can place (a day that
has no partition yet, an instant that has a value already) goes the careful way of `storing.store`. All end
alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from belvedere.domains.observations.events import ReadingsStored
from belvedere.domains.observations.partitions import HOT_DAYS, STORE_LOCK
from belvedere.domains.observations.storing import put
from belvedere.domains.observations.values import Reading
from belvedere.engines import wire
from belvedere.kernel.clock import now
from belvedere.kernel.events import publish_within

#: To be taken before the first reading of a transaction is told, at its beginning.
LOCK = b"SELECT pg_advisory_xact_lock_shared(%d)" % STORE_LOCK
_ROWS = "(s int8, o timestamptz, n float8, v jsonb, q int8, r timestamptz)"
_INTO = "(series_id, observed_at, number, value, seq, received_at) SELECT n.s, n.o, n.n, n.v -> 0, n.q, n.r"
_IS_SETTLED = "EXISTS (SELECT 1 FROM observations_settled s WHERE s.day = (n.o AT TIME ZONE 'UTC')::date)"
# In order of the key, so that two who tell the same wait for each other and do not lock up.
_HOT = wire.Statement(
    f"INSERT INTO observations_reading {_INTO} FROM json_to_recordset($1::json) AS n {_ROWS}"
    f" WHERE NOT {_IS_SETTLED}"
    " AND to_regclass('observations_reading_' || to_char(n.o AT TIME ZONE 'UTC', 'YYYYMMDD')) IS NOT NULL"
    " ORDER BY n.s, n.o ON CONFLICT (series_id, observed_at) DO NOTHING RETURNING 1"
)
_AMONG_LATE = f"INSERT INTO observations_late {_INTO} FROM json_to_recordset($1::json) AS n {_ROWS}"
_IN_ORDER = " ORDER BY n.s, n.o ON CONFLICT (series_id, observed_at) DO NOTHING RETURNING 1"
_LATE = wire.Statement(_AMONG_LATE + _IN_ORDER)
_SETTLED = wire.Statement(f"{_AMONG_LATE} WHERE {_IS_SETTLED}{_IN_ORDER}")


class _Row(msgspec.Struct, gc=False):
    s: int
    o: object
    n: float | None
    v: list[object] | None
    q: int
    r: object


def tell(rows: Sequence[Reading], *, along: Sequence[wire.Step] = ()) -> None:
    """Put readings into the history, in the caller's transaction, which holds `LOCK`. Announces
    ReadingsStored. `along`: statements of the caller that go in the same trip where there is one."""
    edge = now() - timedelta(days=HOT_DAYS - 1)
    hot: list[Reading] = []
    late: list[Reading] = []
    for row in rows:
        (hot if row.observed_at >= edge else late).append(row)
    # A day near the edge may be either: the statement leaves alone what is not hot.
    if hot:
        encoded = _encoded(hot)
        placed = wire.chain(b"", *along, (_HOT, [encoded])).ntuples
        along = ()
        if placed < len(hot):
            placed += wire.run(_SETTLED, encoded).ntuples
        if placed < len(hot):
            put(hot)
    if late:
        old = [row for row in late if (edge - row.observed_at).days > 1]
        if len(old) < len(late):
            put([row for row in late if (edge - row.observed_at).days <= 1])
        if old and wire.run(_LATE, _encoded(old)).ntuples < len(old):
            put(old)
    for statement, parameters in along:
        wire.run(statement, *parameters)
    if rows:
        publish_within(ReadingsStored(rows))


def _encoded(rows: Sequence[Reading]) -> bytes:
    return msgspec.json.encode(
        [
            _Row(
                row.series_id,
                row.observed_at,
                row.number,
                None if row.value is None else [row.value],
                row.seq,
                row.received_at,
            )
            for row in rows
        ]
    )
