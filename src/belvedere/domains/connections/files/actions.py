"""Verbs on files of readings: bring one, say how it is read, let it go. Taking one is intake's."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.errors import NoSuchFile
from belvedere.domains.connections.journaling import note
from belvedere.domains.connections.lists import ListMap, read_document
from belvedere.domains.connections.mapping import check_mapping
from belvedere.domains.connections.models import ReadingsFile
from belvedere.domains.connections.policies import may_connect, require_owner
from belvedere.domains.connections.sources.reading import LONGEST_PREFIX
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import descriptions
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput, TooLarge

LARGEST_FILE = 20 * 1024 * 1024
#: A year, every ten minutes: read in two seconds, taken in four.
MOST_FILE_ROWS = 60_000
#: Files of a territory that were brought and not taken yet.
MOST_WAITING = 20
WAITS = timedelta(days=7)
REMEMBERED = timedelta(days=90)
NO_SUCH_FILE = N_("This file is no longer kept. Bring it again.")


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file as it came. `device`: the one it tells of, for a file that names none; `prefix` goes before the
    names it gives its devices; `mapping`: how it is read, if that is known already."""

    name: str
    body: bytes = field(repr=False)
    kind: str
    device: str = ""
    prefix: str = ""
    mapping: ListMap = field(default_factory=ListMap)


def refuse_size(size: int) -> None:
    """Raises TooLarge for a file of more bytes than are taken."""
    if size > LARGEST_FILE:
        raise TooLarge(
            N_("The file is larger than {most} MB. Bring it in several parts."), most=LARGEST_FILE // 1024**2
        )


def bring_file(*, actor: Actor, territory: TerritoryView, owner_id: UUID | None, draft: FileDraft) -> UUID:
    """Keep a file of readings until it is taken, a week at most.

    Raises:
        InvalidInput: it is neither JSON nor CSV. TooLarge: it has more bytes or rows than are taken.
    """
    require_owner(actor, territory.id, owner_id)
    if draft.kind not in descriptions():
        raise InvalidInput(N_("Say what kind of things the file tells of."), field="kind")
    refuse_size(len(draft.body))
    if not draft.body.strip():
        raise InvalidInput(N_("The file is empty. Choose another one."), field="file")
    read_document(draft.body, MOST_FILE_ROWS)
    row = ReadingsFile(
        territory_id=territory.id,
        owner_id=owner_id,
        name=draft.name.replace("\x00", "").strip()[:200] or "–",
        kind=draft.kind,
        device=draft.device.strip().lower()[:64],
        prefix=draft.prefix.strip().lower()[:LONGEST_PREFIX],
        mapping=msgspec.to_builtins(draft.mapping) if draft.mapping.fields else {},
        body=zlib.compress(draft.body, 1),
        size=len(draft.body),
        sha256=sha256(draft.body).digest(),
        brought_at=now(),
    )
    with transaction.atomic():
        waiting = ReadingsFile.objects.filter(territory_id=territory.id, taken_at=None)
        if waiting.count() >= MOST_WAITING:
            raise Conflict(
                N_("{most} files wait here already. Take or remove one of them first."), most=MOST_WAITING
            )
        row.save(force_insert=True)
        note(actor, row, "bring_file", after={"name": row.name, "kind": row.kind, "size": row.size})
    return row.pk


def map_file(*, actor: Actor, territory: TerritoryView, file_id: UUID, mapping: ListMap) -> None:
    """Read the file this way."""
    with transaction.atomic():
        row = locked_file(actor, territory.id, file_id)
        check_mapping(row.kind, mapping, is_one=bool(row.device))
        if not mapping.time:
            raise InvalidInput(N_("Say which field is the time."), field="time")
        before, after = dict(row.mapping), msgspec.to_builtins(mapping)
        if before == after:
            return
        row.mapping = after
        row.save(update_fields=["mapping"])
        note(actor, row, "map_file", before=before, after=after)


def remove_file(*, actor: Actor, territory: TerritoryView, file_id: UUID) -> None:
    """Let a file go that is not taken."""
    with transaction.atomic():
        row = locked_file(actor, territory.id, file_id)
        note(actor, row, "remove_file", before={"name": row.name})
        row.delete()


def file_taken(*, actor: Actor, territory: TerritoryView, file_id: UUID, at: datetime, counts: Any) -> None:
    """Note what became of its rows, in the transaction of whoever took them; its content goes."""
    row = locked_file(actor, territory.id, file_id)
    row.taken_at, row.counts, row.body = at, counts, None
    row.save(update_fields=["taken_at", "counts", "body"])
    note(actor, row, "take_file", after={"name": row.name, **counts})


def forget_files(at: datetime) -> int:
    """Delete files that nobody took in a week, and after ninety days what is known of those taken."""
    waiting = ReadingsFile.objects.filter(taken_at=None, brought_at__lt=at - WAITS)
    return waiting.delete()[0] + ReadingsFile.objects.filter(taken_at__lt=at - REMEMBERED).delete()[0]


def locked_file(actor: Actor, territory_id: UUID, file_id: UUID) -> ReadingsFile:
    """A file that is not taken yet, held until the end of the transaction, for who may take it."""
    rows = ReadingsFile.objects.select_for_update(of=("self",))
    row = rows.filter(pk=file_id, territory_id=territory_id).first()
    if row is None or may_connect(actor, territory_id, row.owner_id) is not None:
        raise NoSuchFile(NO_SUCH_FILE)
    if row.taken_at is not None:
        raise Conflict(N_("This file was taken already."), code="taken_already")
    return row
