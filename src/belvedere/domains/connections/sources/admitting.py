"""Rows of a source as frames of devices: which device each is of, and the things that a source brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.frames import Frame
from belvedere.domains.connections.lists import Row
from belvedere.domains.connections.models import Source
from belvedere.domains.connections.sources.reading import frame_of, key_of, may_be_told
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import (
    DeviceDraft,
    EntityDraft,
    Feed,
    FieldDraft,
    Target,
    Visibility,
    create_entities,
    descriptions,
    device,
    feeds,
    map_fields,
    register_devices,
)
from belvedere.kernel.geometry import Shape

#: A source that names ever new things is stopped here.
MOST_MADE = 5000


@dataclass(frozen=True, slots=True)
class Addressed:
    """A row with the device it is of, and what is known of that; `feed` None: there is no such device."""

    row: Row
    key: str
    feed: Feed | None

    def is_foreign(self, owner_id: UUID | None) -> bool:
        """Whether the device is somebody else's, for whom the source does not speak."""
        return self.feed is not None and owner_id is not None and self.feed.owner_id != owner_id


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A row, the device it is of and what is handed on; `feed` None: nothing is, and why.

    `is_new`: the source would make the device and its thing.
    """

    row: Addressed
    frame: Frame | None
    feed: Feed | None
    is_new: bool = False
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    """What can be handed on, by device; how many rows cannot; how many things were made. `told`: rows that
    were announced here instead."""

    frames: list[tuple[str, Frame]]
    left_out: int
    made: int
    told: int = 0


def addressed(slug: str, prefix: str, rows: Sequence[Row]) -> list[Addressed]:
    """Rows with their devices."""
    keys = [key_of(prefix, row.id) if may_be_told(row) else "" for row in rows]
    known = feeds({(slug, key) for key in keys if key})
    return [Addressed(row, key, known.get((slug, key))) for row, key in zip(rows, keys, strict=True)]


def admit(source: Source, territory: TerritoryView, rows: Sequence[Row], asked_at: datetime) -> Admitted:
    """Make what is missing, if the source may, and give the frames of what is known.

    The owner and the visibility of new things are those that were set with the source.
    """
    found = addressed(territory.slug, source.prefix, rows)
    made = 0
    if source.creates:
        missing = {one.key: one for one in found if one.key and one.feed is None and not one.row.fault}
        chosen = list(missing.values())[: max(0, MOST_MADE - source.made)]
        made = len(chosen)
        if chosen:
            _make(source, territory, chosen)
        learned = _teach(source, found)
        if made or learned:
            found = addressed(territory.slug, source.prefix, rows)
    frames = [
        (one.key, frame_of(one.row, source.owner_id, asked_at))
        for one in found
        if one.feed is not None and not one.is_foreign(source.owner_id)
    ]
    return Admitted(frames, len(rows) - len(frames), made)


def terms_of(source: Source) -> list[str]:
    """What a thing of this source tells."""
    told = [str(one["term"]) for one in source.mapping.get("fields", [])]
    known = descriptions()[source.kind]
    return told or [*known.usual, *(term for term in ("totalSlotNumber",) if term in known.attributes)]


def names_of(names: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """Names by the languages of the territory; of another language, or none told, as those of the first."""
    kept = {language: name for language, name in names.items() if language in languages and name}
    rest = next((name for name in names.values() if name), "")
    return kept or ({languages[0]: rest} if rest and languages else {})


def _make(source: Source, territory: TerritoryView, missing: Sequence[Addressed]) -> None:
    import shapely

    actor = Actor.system(source.name)
    drafts = [
        EntityDraft(
            kind=source.kind,
            names=names_of(one.row.names or {"": one.row.id or source.name}, territory.languages),
            owner_id=source.owner_id,
            visibility=Visibility(source.visibility),
            shape=None if one.row.point is None else Shape(shapely.Point(*one.row.point)),
        )
        for one in missing
    ]
    fields = {term: FieldDraft(term) for term in terms_of(source)}
    with transaction.atomic():
        entities = create_entities(actor=actor, territory=territory, drafts=drafts)
        devices = [
            DeviceDraft(one.key, entity, fields=fields, expected_interval_s=source.every_s)
            for one, entity in zip(missing, entities, strict=True)
        ]
        register_devices(actor=actor, territory=territory, drafts=devices)


def _teach(source: Source, found: Sequence[Addressed]) -> int:
    """Let devices of the source tell what was added to its mapping since they were made; how many learned."""
    wanted, learned, actor = terms_of(source), set(), Actor.system(source.name)
    for one in found:
        feed = one.feed
        if feed is None or feed.revoked or feed.owner_id != source.owner_id or not source.prefix:
            continue
        missing = set(wanted) - {target.term for target in feed.fields.values()}
        if not missing or feed.device_id in learned:
            continue
        fields = {
            field.name: FieldDraft(field.term, field.unit, field.factor, field.offset)
            for field in device(actor, feed.device_id).fields
        }
        fields |= {term: FieldDraft(term) for term in missing if term not in fields}
        map_fields(actor=actor, device_id=feed.device_id, fields=fields)
        learned.add(feed.device_id)
    return len(learned)


def feed_to_be(source: Source) -> Feed:
    """How a device that the source would make is read; its numbers stand for nothing."""
    known = descriptions()[source.kind].attributes
    fields = {
        term: Target(0, term, str(one.kind), 1.0, 0.0, one.unit, one.low, one.high)
        for term in terms_of(source)
        if (one := known.get(term)) is not None
    }
    nobody = UUID(int=0)
    return Feed(nobody, source.territory_id, "", 0, fields, False, False, 600, source.owner_id)
