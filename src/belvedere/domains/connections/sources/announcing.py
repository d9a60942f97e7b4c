"""Rows of a source that are announcements rather than values: each is a thing as long as it stands in the
list, with its texts by language, and says when it was over once it does so no more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.lists import Row
from belvedere.domains.connections.models import Announced, Source
from belvedere.domains.connections.sources.admitting import Admitted, names_of
from belvedere.domains.connections.sources.reading import may_be_told
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import (
    AttributeDraft,
    AttributeKind,
    EntityChange,
    EntityDraft,
    Visibility,
    create_entities,
    edit_entity,
    remove_entity,
)

#: What is over stays so long.
KEPT = timedelta(days=30)
MOST_STANDING = 1000


@dataclass(frozen=True, slots=True)
class _Said:
    """An announcement: what it is known by, and a digest of all that it says."""

    row: Row
    key: str
    digest: bytes


def announce_rows(
    source: Source, territory: TerritoryView, rows: Sequence[Row], asked_at: datetime
) -> Admitted:
    """Make things of what is new, change what says something else, end what is not told any more."""
    said = {one.key: one for one in map(_said, filter(may_be_told, rows[:MOST_STANDING]))}
    known = {row.key: row for row in Announced.objects.filter(source=source)}
    new = [one for key, one in said.items() if key not in known]
    _begin(source, territory, new)
    actor = Actor.system(source.name)
    for key, row in known.items():
        one = said.get(key)
        if one is not None and (bytes(row.digest) != one.digest or row.gone_at is not None):
            _change(actor, row, one, territory)
        elif one is None:
            _end(actor, row, asked_at)
    return Admitted([], len(rows) - len(said), len(new), told=len(said))


def announced_among(source: Source, rows: Sequence[Row]) -> set[str]:
    """The names of the rows that are things already."""
    keys = {_key(row): row.id for row in rows}
    known = Announced.objects.filter(source=source, key__in=list(keys)).values_list("key", flat=True)
    return {keys[key] for key in known}


def _key(row: Row) -> str:
    return hashlib.sha256(row.id.encode("utf-8", "replace")).hexdigest()[:40]


def _said(row: Row) -> _Said:
    what = repr((sorted(row.names.items()), sorted(row.texts.items()), sorted(row.values.items())))
    digest = hashlib.sha256(what.encode("utf-8", "replace")).digest()[:16]
    return _Said(row, _key(row), digest)


def _begin(source: Source, territory: TerritoryView, new: Sequence[_Said]) -> None:
    if not new:
        return
    drafts = [
        EntityDraft(
            kind=source.kind,
            names=names_of(one.row.names or {"": one.row.id}, territory.languages),
            owner_id=source.owner_id,
            visibility=Visibility(source.visibility),
            attributes=_attributes(one.row, territory),
        )
        for one in new
    ]
    made = create_entities(actor=Actor.system(source.name), territory=territory, drafts=drafts)
    Announced.objects.bulk_create(
        Announced(source=source, key=one.key, digest=one.digest, entity_id=entity)
        for one, entity in zip(new, made, strict=True)
    )


def _change(actor: Actor, row: Announced, one: _Said, territory: TerritoryView) -> None:
    """It says something else, or is told again; not one whose thing a person took away."""
    row.digest, row.gone_at = one.digest, None
    row.save(update_fields=["digest", "gone_at"])
    if row.entity_id is not None:
        names = names_of(one.row.names or {"": one.row.id}, territory.languages)
        change = EntityChange(names=names, attributes=_attributes(one.row, territory))
        edit_entity(actor=actor, entity_id=row.entity_id, change=change)


def _end(actor: Actor, row: Announced, at: datetime) -> None:
    if row.gone_at is None:
        row.gone_at = at
        row.save(update_fields=["gone_at"])
        if row.entity_id is not None:
            over = (
                AttributeDraft("validTo", at.isoformat(timespec="seconds")),
                AttributeDraft("severity", "informational"),
            )
            edit_entity(actor=actor, entity_id=row.entity_id, change=EntityChange(attributes=over))
    elif at - row.gone_at > KEPT:
        if row.entity_id is not None:
            remove_entity(actor=actor, entity_id=row.entity_id)
        row.delete()


def _attributes(row: Row, territory: TerritoryView) -> tuple[AttributeDraft, ...]:
    told = [
        AttributeDraft(term, value) for term, (value, _unit) in row.values.items() if term != "description"
    ]
    texts = names_of(row.texts, territory.languages)
    if texts:
        told.append(AttributeDraft("description", texts, kind=AttributeKind.LANGUAGE))
    return tuple(told)
