"""Typed reads of files of readings, for those who manage the devices of their owner; the look into one."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.errors import NoSuchFile
from belvedere.domains.connections.files.actions import MOST_FILE_ROWS, NO_SUCH_FILE
from belvedere.domains.connections.lists import ListMap, read_document, read_rows
from belvedere.domains.connections.models import ReadingsFile
from belvedere.domains.connections.offers import Offer, to_begin_with
from belvedere.domains.connections.policies import may_connect
from belvedere.domains.connections.sources.admitting import Addressed, LookedAt, addressed
from belvedere.domains.connections.sources.reading import frame_of, kinds_of, may_be_told
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, Conflict, InvalidInput, TooLarge

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of readings. `counts`: what became of its rows once it was taken: stored, late, duplicate, and
    `refused` by reason. `same_at`: when a file of the very same content was taken before."""

    id: UUID
    name: str
    owner_id: UUID | None
    kind: str
    device: str
    prefix: str
    mapping: ListMap
    size: int
    brought_at: datetime
    taken_at: datetime | None
    counts: Mapping[str, Any]
    same_at: datetime | None = None

    @property
    def is_mapped(self) -> bool:
        return bool(self.mapping.fields)


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a file holds. `mapping`: as it is, or one to begin with; `trouble`: why its rows cannot be read
    so."""

    at: datetime
    mapping: ListMap
    offer: Offer
    rows: list[LookedAt] = field(default_factory=list)
    trouble: BelvedereError | None = None


def files(actor: Actor, territory_id: UUID) -> list[FileView]:
    """Those whose devices the actor manages, the latest first."""
    rows = ReadingsFile.objects.filter(territory_id=territory_id).defer("body")
    found = rows.order_by("-brought_at", "-pk")[: MOST_LISTED * 4]
    seen = [_view(row) for row in found if may_connect(actor, territory_id, row.owner_id) is None]
    return seen[:MOST_LISTED]


def file(actor: Actor, territory_id: UUID, file_id: UUID) -> FileView:
    """One of them."""
    row = _row(actor, territory_id, file_id, whole=False)
    same = ReadingsFile.objects.filter(territory_id=territory_id, sha256=row.sha256, owner_id=row.owner_id)
    times = same.exclude(taken_at=None).exclude(pk=row.pk).order_by("-taken_at")
    return replace(_view(row), same_at=times.values_list("taken_at", flat=True).first())


def look_into_file(
    *, actor: Actor, territory: TerritoryView, file_id: UUID, items: str | None = None
) -> FileLook:
    """What each row would become if the file were taken now; without a mapping, what can be chosen.

    `items`: the list whose fields are offered; rows are not read then.

    Raises:
        Conflict: it was taken.
    """
    row = _row(actor, territory.id, file_id, whole=True)
    if row.body is None:
        raise Conflict(N_("This file was taken already."), code="taken_already")
    document = read_document(zlib.decompress(row.body), MOST_FILE_ROWS)
    kept, at = _mapping(row), now()
    mapping, offered = to_begin_with(document, kept, items, territory.zone, MOST_FILE_ROWS)
    look = FileLook(at, mapping, offered)
    if not kept.fields or items is not None:
        return look
    try:
        return replace(look, rows=_rows(row, territory, document, kept, at))
    except (InvalidInput, TooLarge) as error:
        return replace(look, trouble=error)


def _rows(
    row: ReadingsFile, territory: TerritoryView, document: Any, how: ListMap, at: datetime
) -> list[LookedAt]:
    if not how.id and not row.device:
        raise InvalidInput(N_("Say which field names the thing."), field="id")
    told = read_rows(document, how, kinds_of(row.kind), most=MOST_FILE_ROWS, may_repeat=True)
    named = told if how.id else [replace(one, id=row.device) for one in told]
    found = addressed(territory.slug, row.prefix if how.id else "", named)
    return [_looked(row.owner_id, one, at) for one in found]


def _looked(owner_id: UUID | None, one: Addressed, at: datetime) -> LookedAt:
    if not may_be_told(one.row):
        return LookedAt(one, None, None)
    return LookedAt(one, frame_of(one.row, owner_id, at), one.feed, is_foreign=one.is_foreign(owner_id))


def _row(actor: Actor, territory_id: UUID, file_id: UUID, *, whole: bool) -> ReadingsFile:
    rows = ReadingsFile.objects.filter(pk=file_id, territory_id=territory_id)
    row = rows.first() if whole else rows.defer("body").first()
    if row is None or may_connect(actor, territory_id, row.owner_id) is not None:
        raise NoSuchFile(NO_SUCH_FILE)
    return row


def _mapping(row: ReadingsFile) -> ListMap:
    return msgspec.convert(row.mapping, ListMap)


def _view(row: ReadingsFile) -> FileView:
    return FileView(
        id=row.pk,
        name=row.name,
        owner_id=row.owner_id,
        kind=row.kind,
        device=row.device,
        prefix=row.prefix,
        mapping=_mapping(row),
        size=row.size,
        brought_at=row.brought_at,
        taken_at=row.taken_at,
        counts=row.counts,
    )
