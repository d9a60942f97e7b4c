"""What tokens read: since when, when last, how often, so that a territory knows who reads what of it.

Counted in the memory of each process and written together (`write_readings`): a read waits for nothing. A
process that is killed forgets the reads of its last seconds; that is said where they are shown.
Not for: reads without a token, which nobody can be named for; acts, which are the journal's.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.models import ApiToken, Reading
from belvedere.domains.access.queries import actor_of, administered, people_of
from belvedere.domains.access.states import Door, Scope
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


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What a token reads through a door; `what` is OTHERS where it reads too many things to name them."""

    door: Door
    what: str
    attributes: tuple[str, ...]
    times: int
    since: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ReaderView:
    """A program with a token: what it may read (`sees_all`, or all of `bodies`), and what it reads."""

    token_id: UUID
    name: str
    person: str
    mine: bool
    sees_all: bool
    bodies: tuple[UUID, ...]
    may_write: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    readings: tuple[ReadingView, ...]

    @property
    def times(self) -> int:
        return sum(one.times for one in self.readings)

    @property
    def last_at(self) -> datetime | None:
        return max((one.last_at for one in self.readings), default=None)


def readers_of(actor: Actor, territory_id: UUID) -> list[ReaderView]:
    """The programs that read the territory, or may, with a token that is good: those that read last first.

    Administrators see those of their people, everyone else their own.
    """
    people = set[UUID]()
    if administered(actor, territory_id):
        people = {one.id for one in people_of(actor, territory_id)}
    if actor.person_id is not None:
        people.add(actor.person_id)
    tokens = ApiToken.objects.filter(
        Q(person_id__in=people) | Q(pk__in=_outsiders(actor, territory_id)),
        person__is_active=True,
        revoked_at__isnull=True,
        expires_at__gt=now(),
        scopes__contains=[Scope.READ.value],
    ).select_related("person")
    rows = list(tokens.order_by("-created_at"))
    readings: dict[UUID, list[ReadingView]] = defaultdict(list)
    for row in Reading.objects.filter(territory_id=territory_id, token__in=rows).order_by("-last_at", "pk"):
        readings[row.token_id].append(_reading(row))
    actors = {person.pk: actor_of(person) for person in {row.person for row in rows}}
    found = [_reader(actor, actors[row.person_id], row, territory_id, readings[row.pk]) for row in rows]
    return sorted(found, key=lambda one: one.last_at.timestamp() if one.last_at else 0.0, reverse=True)


def _outsiders(actor: Actor, territory_id: UUID) -> Any:
    """Tokens of people without a role there that read it all the same: what is published."""
    rows = Reading.objects.filter(territory_id=territory_id)
    return (rows if actor.governs(territory_id) else rows.none()).values("token_id")


def _reading(row: Reading) -> ReadingView:
    return ReadingView(
        door=Door(row.door),
        what=row.what,
        attributes=tuple(filter(None, row.attributes.split(","))),
        times=row.times,
        since=row.since,
        last_at=row.last_at,
    )


def _reader(
    actor: Actor, holder: Actor, row: ApiToken, territory_id: UUID, readings: list[ReadingView]
) -> ReaderView:
    return ReaderView(
        token_id=row.pk,
        name=row.name,
        person=row.person.display_name,
        mine=row.person_id == actor.person_id,
        sees_all=holder.governs(territory_id) or holder.is_elected(territory_id),
        bodies=tuple(holder.roles),
        may_write=Scope.WRITE in row.scopes,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        readings=tuple(readings),
    )
