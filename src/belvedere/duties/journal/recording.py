"""Writing the journal: one writer at a time, so that the chain has no fork.

The lock is held until the surrounding transaction ends: record last, when the rest of the verb is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from belvedere.duties.journal.chain import GENESIS, canonical, entry_hash
from belvedere.duties.journal.entries import LABEL_LENGTH, Entry, storable
from belvedere.duties.journal.models import ActorName
from belvedere.kernel.clock import now

# Any number will do as long as nobody else takes it: "belvjrnl" read as eight bytes.
_LOCK = int.from_bytes(b"belvjrnl", "big", signed=True)
_COPY = (
    "COPY journal_entry (id, at, actor_id, actor_label, verb, subject_type, subject_id, territory_id,"
    " before, after, reason, request_id, previous_hash, hash) FROM STDIN"
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
    with transaction.atomic():
        _remember_names(wanted)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('journal_entry', 'id')) FROM generate_series(1, %s)",
                [len(wanted)],
            )
            ids = sorted(number for (number,) in cursor.fetchall())
            cursor.execute("SELECT hash FROM journal_entry ORDER BY id DESC LIMIT 1")
            found = cursor.fetchone()
            previous = found[0] if found else GENESIS
            instant = now()
            with cursor.copy(_COPY) as copy:
                for number, entry in zip(ids, wanted, strict=True):
                    values = _values(number, instant, entry)
                    own = entry_hash(values, previous)
                    row = [*values[:8], canonical(values[8]), canonical(values[9]), *values[10:]]
                    copy.write_row([*row, previous, own])
                    previous = own
    return ids


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


def _remember_names(entries: list[Entry]) -> None:
    names = {
        entry.actor_id: storable(entry.actor_label)[:LABEL_LENGTH] for entry in entries if entry.actor_id
    }
    known = dict(ActorName.objects.filter(actor_id__in=names).values_list("actor_id", "name"))
    changed = [
        ActorName(actor_id=key, name=name) for key, name in names.items() if name and known.get(key) != name
    ]
    if changed:
        ActorName.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["actor_id"], update_fields=["name"]
        )


def forget_name(actor_id: UUID) -> bool:
    """Erase the name of a person who acted; their acts stay, and the chain stays whole."""
    return ActorName.objects.filter(actor_id=actor_id).delete()[0] > 0
