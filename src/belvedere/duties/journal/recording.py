"""Writing the journal: one writer at a time, so that the chain has no fork.

The lock is held until the surrounding transaction ends: record last, when the rest of the verb is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from belvedere.duties.journal.chain import GENESIS, canonical, entry_hash
from belvedere.duties.journal.entries import LABEL_LENGTH, Entry, storable
from belvedere.duties.journal.models import ActorName
from belvedere.engines import wire
from belvedere.kernel.clock import now

# Any number will do as long as nobody else takes it: "belvjrnl" read as eight bytes.
_LOCK = int.from_bytes(b"belvjrnl", "big", signed=True)
_TURN = b"SELECT pg_advisory_xact_lock(%d)" % _LOCK
_COLUMNS = (
    "id",
    "at",
    "actor_id",
    "actor_label",
    "verb",
    "subject_type",
    "subject_id",
    "territory_id",
    "before",
    "after",
    "reason",
    "request_id",
    "previous_hash",
    "hash",
)
_COPY = f"COPY journal_entry ({', '.join(_COLUMNS)}) FROM STDIN"
# The numbers of the new entries, and the hash of the last one: asked with the lock held, in a statement of
# its own, so that it sees what the one before wrote.
_HEAD = wire.Statement(
    "WITH s AS MATERIALIZED (SELECT pg_get_serial_sequence('journal_entry', 'id')::regclass AS name,"
    " (SELECT hash FROM journal_entry ORDER BY id DESC LIMIT 1) AS head)"
    " SELECT nextval(s.name), s.head FROM s, generate_series(1, $1::int)"
)
# Up to so many a plain insert costs less than a COPY.
_FEW = 50
_INSERT = wire.Statement(
    f"INSERT INTO journal_entry ({', '.join(_COLUMNS)}) SELECT {', '.join(_COLUMNS)}"  # noqa: S608
    " FROM json_to_recordset($1::json) AS n (id int8, at timestamptz, actor_id uuid, actor_label text,"
    " verb text, subject_type text, subject_id text, territory_id uuid, before jsonb, after jsonb,"
    " reason text, request_id text, previous_hash text, hash text)"
)


def record(
    *,
    actor_id: UUID | None,
    actor_label: str,
    verb: str,
    subject: tuple[str, str],
    territory_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    request_id: str = "",
) -> int:
    """Record one act in the transaction of the verb; returns the entry's number."""
    entry = Entry(
        actor_id=actor_id,
        actor_label=actor_label,
        verb=verb,
        subject=subject,
        territory_id=territory_id,
        before=before or {},
        after=after or {},
        reason=reason,
        request_id=request_id,
    )
    return record_many([entry])[0]


def record_many(entries: Iterable[Entry]) -> list[int]:
    """Record acts in their order, all or none; returns their numbers (25,000 take about a second)."""
    wanted = list(entries)
    if not wanted:
        return []
    with transaction.atomic(savepoint=False):
        _remember_names(wanted)
        head = wire.chain(_TURN, (_HEAD, [str(len(wanted))]))
        found = head.get_value(0, 1)
        previous = found.decode() if found else GENESIS
        ids = sorted(int(head.get_value(line, 0) or b"0") for line in range(head.ntuples))
        instant = now()
        rows = []
        for number, entry in zip(ids, wanted, strict=True):
            values = _values(number, instant, entry)
            own = entry_hash(values, previous)
            rows.append((*values, previous, own))
            previous = own
        _write(rows)
    return ids


def _write(rows: list[tuple[Any, ...]]) -> None:
    if len(rows) <= _FEW:
        columns = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        wire.run(_INSERT, msgspec.json.encode(columns))
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row([*row[:8], canonical(row[8]), canonical(row[9]), *row[10:]])


def _values(number: int, instant: Any, entry: Entry) -> tuple[Any, ...]:
    """The fields of `chain.FIELDS`. A person's name is kept apart, see `ActorName`."""
    return (
        number,
        instant,
        entry.actor_id,
        "" if entry.actor_id else storable(entry.actor_label)[:LABEL_LENGTH],
        entry.verb,
        entry.subject[0],
        entry.subject[1],
        entry.territory_id,
        storable(entry.before),
        storable(entry.after),
        storable(entry.reason),
        storable(entry.request_id)[:64],
    )


class _Known:
    """Names that are surely kept, by who acted: so that each act need not ask."""

    MOST = 10_000
    names: dict[UUID, str] = {}


def _remember_names(entries: list[Entry]) -> None:
    names = {
        entry.actor_id: storable(entry.actor_label)[:LABEL_LENGTH]
        for entry in entries
        if entry.actor_id and entry.actor_label
    }
    names = {key: name for key, name in names.items() if name and _Known.names.get(key) != name}
    if not names:
        return
    known = dict(ActorName.objects.filter(actor_id__in=names).values_list("actor_id", "name"))
    changed = [ActorName(actor_id=key, name=name) for key, name in names.items() if known.get(key) != name]
    if changed:
        ActorName.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["actor_id"], update_fields=["name"]
        )
    if len(_Known.names) > _Known.MOST:
        _Known.names.clear()
    # Once committed: a name that was rolled back is not kept.
    transaction.on_commit(lambda: _Known.names.update(names))


def forget_name(actor_id: UUID) -> bool:
    """Erase the name of a person who acted; their acts stay, and the chain stays whole."""
    _Known.names.pop(actor_id, None)
    return ActorName.objects.filter(actor_id=actor_id).delete()[0] > 0
