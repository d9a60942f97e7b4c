"""The one way by which a value of a message becomes the present one: newer only, many at once.

One writer of many things at a time (`lock_present`): the intake takes a stream one batch after the
other anyway, and so two batches that touch the same things never lock each other out. Who writes a single
thing shares that lock with others who do (`documents.loading.share_present`) and locks the thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from belvedere.domains.twin.events import StateChange, StatesChanged
from belvedere.domains.twin.states import State
from belvedere.domains.twin.values import Present, Shown
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now

# Any number will do as long as nobody else takes it: "belvtwin" read as eight bytes.
_KEY = int.from_bytes(b"belvtwin", "big", signed=True)
EXCLUSIVE = b"SELECT pg_advisory_xact_lock(%d)" % _KEY
#: For who writes single things: beside others of the same kind, never beside a batch.
SHARED = b"SELECT pg_advisory_xact_lock_shared(%d)" % _KEY
# "Last seen" is kept to this precision: a thing that talks all the time is not rewritten all the time.
SEEN_WITHIN = timedelta(seconds=10)
_STATES = (State.NORMAL, State.WATCH, State.ALARM)

# Newer by what it says of itself; of one instant, what arrived later. The same order however often it comes.
_SHOW = """
    UPDATE twin_attribute a
    SET number = n.number, value = n.value, unit = n.unit, note = n.note,
        observed_at = n.observed_at, received_at = n.received_at, modified_at = %s,
        level = CASE
            WHEN n.number <= a.alarm_low OR n.number >= a.alarm_high
                OR n.value #>> '{}' = ANY(a.alarm_values) THEN 2
            WHEN n.number <= a.watch_low OR n.number >= a.watch_high
                OR n.value #>> '{}' = ANY(a.watch_values) THEN 1
            ELSE 0 END
    FROM unnest(%s::int8[], %s::float8[], %s::jsonb[], %s::text[], %s::text[],
                %s::timestamptz[], %s::timestamptz[])
        AS n (id, number, value, unit, note, observed_at, received_at)
    JOIN twin_attribute o ON o.id = n.id
    WHERE a.id = n.id
        AND (a.observed_at IS NULL OR (n.observed_at, n.received_at) > (a.observed_at, a.received_at))
    RETURNING a.id, a.entity_id, a.device_id, a.term, a.level, a.visibility, o.number, o.value
"""
_UNCHANGED = """
    SELECT id, entity_id, device_id, term, level, visibility FROM twin_attribute WHERE id = ANY(%s::int8[])
"""
_THINGS = """
    SELECT e.id, e.territory_id, e.kind, e.owner_id, e.visibility, e.state, h.last_seen_at, max(a.level)
    FROM twin_entity e JOIN twin_attribute a ON a.entity_id = e.id
    LEFT JOIN twin_heard h ON h.entity_id = e.id
    WHERE e.id = ANY(%s::int8[]) GROUP BY e.id, h.last_seen_at
"""
_STATE = """
    UPDATE twin_entity e SET state = n.state, state_since = n.seen_at
    FROM unnest(%s::int8[], %s::text[], %s::timestamptz[]) AS n (id, state, seen_at)
    WHERE e.id = n.id
"""
_PASSAGES = """
    INSERT INTO twin_passage (entity_id, at, before, after)
    SELECT * FROM unnest(%s::int8[], %s::timestamptz[], %s::text[], %s::text[])
"""
_HEARD = """
    INSERT INTO twin_heard (entity_id, last_seen_at)
    SELECT * FROM unnest(%s::int8[], %s::timestamptz[])
    ON CONFLICT (entity_id) DO UPDATE SET last_seen_at = excluded.last_seen_at
"""
_DEVICES = """
    UPDATE twin_device d SET last_seen_at = n.seen_at
    FROM unnest(%s::uuid[], %s::timestamptz[]) AS n (id, seen_at)
    WHERE d.id = n.id AND (d.last_seen_at IS NULL OR d.last_seen_at < n.seen_at - make_interval(secs => %s))
"""


@dataclass(frozen=True, slots=True)
class _Series:
    entity_id: int
    device_id: UUID | None
    term: str
    level: int
    visibility: str | None
    number_before: float | None = None
    value_before: str | None = None


@dataclass(frozen=True, slots=True)
class _Thing:
    territory_id: UUID
    kind: str
    owner_id: UUID | None
    visibility: str
    state: str
    seen_at: datetime | None
    level: int

    @property
    def becomes(self) -> str:
        return _STATES[self.level].value


def lock_present() -> None:
    """Be the one who writes attributes and states, until the transaction ends. Take it before other locks."""
    with connection.cursor() as cursor:
        cursor.execute(EXCLUSIVE.decode())


def apply_present(rows: Sequence[Present]) -> list[Shown]:
    """Show those values that are newer than what is shown; call it inside the transaction that keeps them.

    Gives what changed, in the order of the series' numbers. Values of series that are gone are passed over.
    Numbers are finite (the intake refuses others). What is late changes no value, yet its thing was heard.
    """
    newest = _newest(rows)
    if not newest:
        return []
    lock_present()
    wanted = list(newest.values())
    with connection.cursor() as cursor:
        cursor.execute(_SHOW, [now(), *_columns(wanted)])
        changed = {found[0]: _Series(*found[1:]) for found in cursor.fetchall()}
        series = dict(changed)
        if len(changed) < len(newest):
            cursor.execute(_UNCHANGED, [literal(map(str, newest.keys() - changed.keys()))])
            series |= {found[0]: _Series(*found[1:]) for found in cursor.fetchall()}
        heard, devices = _last_heard(rows, series)
        cursor.execute(_THINGS, [literal(map(str, heard))])
        things = {found[0]: _Thing(*found[1:]) for found in cursor.fetchall()}
        _write_heard(cursor, things, heard)
        if devices:
            at = literal(_instants(devices.values()))
            cursor.execute(_DEVICES, [literal(map(str, devices)), at, SEEN_WITHIN.total_seconds()])
    _announce(things)
    return [_shown(newest[number], changed[number], things) for number in sorted(changed)]


def _newest(rows: Iterable[Present]) -> dict[int, Present]:
    """Of each series the newest; of the same instants the first."""
    newest: dict[int, Present] = {}
    for row in rows:
        known = newest.get(row.series_id)
        if known is None or (row.observed_at, row.received_at) > (known.observed_at, known.received_at):
            newest[row.series_id] = row
    return newest


def _columns(rows: Sequence[Present]) -> list[str]:
    return [
        literal([str(row.series_id) for row in rows]),
        literal(["NULL" if row.number is None else repr(float(row.number)) for row in rows]),
        literal(["NULL" if row.value is None else _quoted(json.dumps(row.value)) for row in rows]),
        literal([_quoted(row.unit) for row in rows]),
        literal([_quoted(row.note) for row in rows]),
        literal(_instants(row.observed_at for row in rows)),
        literal(_instants(row.received_at for row in rows)),
    ]


def literal(parts: Iterable[str]) -> str:
    """An array as PostgreSQL writes it. The driver's own way takes five times as long for instants."""
    return "{" + ",".join(parts) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _instants(instants: Iterable[datetime]) -> list[str]:
    return [instant.isoformat() for instant in instants]


def _last_heard(
    rows: Iterable[Present], series: dict[int, _Series]
) -> tuple[dict[int, datetime], dict[UUID, datetime]]:
    """When each thing and each device was last heard in this batch."""
    things: dict[int, datetime] = {}
    devices: dict[UUID, datetime] = {}
    for row in rows:
        found = series.get(row.series_id)
        if found is None:
            continue
        at = row.received_at
        known = things.get(found.entity_id)
        if known is None or known < at:
            things[found.entity_id] = at
        if found.device_id is not None:
            known = devices.get(found.device_id)
            if known is None or known < at:
                devices[found.device_id] = at
    return things, devices


def _write_heard(cursor: Any, things: dict[int, _Thing], heard: dict[int, datetime]) -> None:
    changed = sorted(key for key, thing in things.items() if thing.state != thing.becomes)
    if changed:
        states = literal(things[key].becomes for key in changed)
        at = literal(_instants(heard[key] for key in changed))
        cursor.execute(_STATE, [literal(map(str, changed)), states, at])
        before = literal(things[key].state for key in changed)
        cursor.execute(_PASSAGES, [literal(map(str, changed)), at, before, states])
    due = sorted(
        key
        for key, thing in things.items()
        if thing.seen_at is None or heard[key] - thing.seen_at > SEEN_WITHIN
    )
    if due:
        cursor.execute(_HEARD, [literal(map(str, due)), literal(_instants(heard[key] for key in due))])


def _announce(things: dict[int, _Thing]) -> None:
    changes = tuple(
        StateChange(
            thing.territory_id, key, thing.kind, thing.owner_id, thing.visibility, thing.state, thing.becomes
        )
        for key, thing in sorted(things.items())
        if thing.state != thing.becomes
    )
    if changes:
        announce(StatesChanged(changes))


def _shown(row: Present, series: _Series, things: dict[int, _Thing]) -> Shown:
    thing = things[series.entity_id]
    return Shown(
        series_id=row.series_id,
        entity_id=series.entity_id,
        territory_id=thing.territory_id,
        term=series.term,
        number=row.number,
        value=row.value,
        unit=row.unit,
        observed_at=row.observed_at,
        level=series.level,
        state_before=thing.state,
        state_after=thing.becomes,
        owner_id=thing.owner_id,
        visibility=thing.visibility,
        kept=series.visibility,
        before=series.number_before if series.value_before is None else json.loads(series.value_before),
    )
