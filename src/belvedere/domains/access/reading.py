"""What tokens read: since when, when last, how often, so that a territory knows who reads what of it.

Counted in the memory of each process and written together (`write_readings`): a read waits for nothing. A
process that is killed forgets the reads of its last seconds; that is said where they are shown.
Not for: reads without a token, which nobody can be named for; acts, which are the journal's.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.models import ApiToken, Reading
from belvedere.domains.access.states import Door
from belvedere.kernel.clock import now

#: So many different things a token reads by name; the others count as one.
MOST_NAMED = 200
LONGEST = 200
OTHERS = "…"


@dataclass(frozen=True, slots=True)
class Read:
    """One kind of read: `what` are types or a resource, `attributes` empty for all of them."""

    token_id: UUID
    territory_id: UUID
    door: Door
    what: str
    attributes: str


@dataclass(slots=True)
class _Count:
    times: int
    since: datetime
    last_at: datetime


_counts: dict[Read, _Count] = {}
_lock = threading.Lock()
_UPSERT = """
    INSERT INTO access_reading (token_id, territory_id, door, what, attributes, times, since, last_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (token_id, territory_id, door, what, attributes) DO UPDATE
    SET times = access_reading.times + excluded.times,
        last_at = greatest(access_reading.last_at, excluded.last_at)
"""


def note_reading(actor: Actor, territory_id: UUID, door: Door, what: str, attributes: str = "") -> None:
    """Count one read of the holder of a token; nothing for anyone else."""
    if actor.token_id is None:
        return
    read = Read(actor.token_id, territory_id, door, what[:LONGEST], attributes[:LONGEST])
    moment = now()
    with _lock:
        count = _counts.get(read)
        if count is None:
            _counts[read] = _Count(1, moment, moment)
        else:
            count.times += 1
            count.last_at = moment


def write_readings() -> None:
    """Write what was counted since the last time. What cannot be written is counted again later."""
    with _lock:
        taken = dict(_counts)
        _counts.clear()
    if not taken:
        return
    try:
        _write(taken)
    except Exception:
        _put_back(taken)
        raise


def _put_back(taken: Mapping[Read, _Count]) -> None:
    with _lock:
        for read, count in taken.items():
            newer = _counts.get(read)
            kept = count if newer is None else _Count(count.times + newer.times, count.since, newer.last_at)
            _counts[read] = kept


def _write(taken: Mapping[Read, _Count]) -> None:
    tokens = {read.token_id for read in taken}
    with transaction.atomic():
        kept = Reading.objects.filter(token_id__in=tokens)
        known = {token_id: set[tuple[str, str]]() for token_id in _alive(tokens)}
        for token_id, what, attributes in kept.values_list("token_id", "what", "attributes"):
            known[token_id].add((what, attributes))
        rows: dict[Read, _Count] = {}
        for read, count in taken.items():
            if read.token_id in known:
                _add(rows, _named(read, known[read.token_id]), count)
        with connection.cursor() as cursor:
            # In one order, so that two processes never wait for each other.
            cursor.executemany(_UPSERT, sorted(_row(read, count) for read, count in rows.items()))


def _alive(tokens: Collection[UUID]) -> list[UUID]:
    return list(ApiToken.objects.filter(pk__in=tokens).values_list("pk", flat=True))


def _named(read: Read, known: set[tuple[str, str]]) -> Read:
    """The read itself, or the one that stands for those that are too many."""
    name = (read.what, read.attributes)
    if name not in known:
        if len(known) >= MOST_NAMED:
            return replace(read, what=OTHERS, attributes="")
        known.add(name)
    return read


def _add(rows: dict[Read, _Count], read: Read, count: _Count) -> None:
    row = rows.setdefault(read, _Count(0, count.since, count.last_at))
    row.times += count.times
    row.since = min(row.since, count.since)
    row.last_at = max(row.last_at, count.last_at)


def _row(read: Read, count: _Count) -> tuple[str | int | datetime, ...]:
    names = (str(read.token_id), str(read.territory_id), read.door.value, read.what, read.attributes)
    return (*names, count.times, count.since, count.last_at)
