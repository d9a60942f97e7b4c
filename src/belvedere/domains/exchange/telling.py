"""From a change to notices in the outbox, inside the transaction of the change."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace as altered

from belvedere.domains.context.events import Change, ContextChanged, Trigger
from belvedere.domains.exchange import lanes
from belvedere.domains.exchange.notices import Item, pack
from belvedere.domains.exchange.watching import Watching, anybody, watchers
from belvedere.domains.intake.events import PresentChanged
from belvedere.domains.twin.events import EntitiesCreated, EntityChanged, EntityRemoved
from belvedere.domains.twin.public import Held, Shown, held_by_id, ids_of_types
from belvedere.kernel.clock import now
from belvedere.standards.ngsi_ld.asking.matching import matches
from belvedere.standards.ngsi_ld.documents import Document, Instance

MOST_ITEMS = 100  # of one notice
log = logging.getLogger(__name__)


def context_changed(event: ContextChanged) -> None:
    """Things were written through the verbs of NGSI-LD."""
    found = watchers(event.territory_id)
    if found:
        tell(found, event.changes)


def present_changed(event: PresentChanged) -> None:
    """Devices told values."""
    if not anybody():
        return
    shown: dict[UUID, list[Shown]] = defaultdict(list)
    for one in event.shown:
        shown[one.territory_id].append(one)
    for territory_id, values in shown.items():
        found = watchers(territory_id)
        if found:
            tell(found, _from_devices(territory_id, found, values))


def entities_created(event: EntitiesCreated) -> None:
    """Somebody put things in by hand."""
    if not event.as_documents:
        _by_hand(event.territory_id, event.entity_ids, Trigger.ENTITY_CREATED, Trigger.ATTRIBUTE_CREATED)


def entity_changed(event: EntityChanged) -> None:
    """Somebody changed by hand what a thing is; what was before is not known here."""
    if not event.as_documents:
        _by_hand(event.territory_id, [event.entity_id], Trigger.ENTITY_UPDATED, Trigger.ATTRIBUTE_UPDATED)


def entity_removed(event: EntityRemoved) -> None:
    """Somebody takes a thing away by hand; where it is gone already, `ContextChanged` tells what it was."""
    _by_hand(event.territory_id, [event.entity_id], Trigger.ENTITY_DELETED, Trigger.ATTRIBUTE_DELETED)


def _by_hand(territory_id: UUID, entity_ids: Collection[int], what: Trigger, attribute: Trigger) -> None:
    found = watchers(territory_id)
    if not found:
        return
    tell(found, [_change(held, what, attribute) for held in held_by_id(territory_id, entity_ids).values()])


def _change(held: Held, what: Trigger, attribute: Trigger) -> Change:
    """What people changed of a thing: whatever no device tells."""
    fed = {one.name for one in held.row.attributes if one.fed} if what is Trigger.ENTITY_UPDATED else set()
    is_gone = what is Trigger.ENTITY_DELETED
    return Change(
        entity_id=held.row.id,
        urn=held.row.urn,
        what=what,
        attributes={name: attribute for name in held.document.attributes if name not in fed},
        before=held.document if is_gone else None,
        after=None if is_gone else held.document,
        owner_id=held.row.owner_id,
        visibility=held.row.visibility,
        kept=held.kept,
    )


def _from_devices(territory_id: UUID, found: Sequence[Watching], values: Sequence[Shown]) -> Iterable[Change]:
    """Values as changes, of those things only that somebody may be watching."""
    series: dict[int, list[Shown]] = defaultdict(list)
    for one in values:
        series[one.entity_id].append(one)
    wanted = set(series)
    types = [one.definition.types() for one in found]
    if None not in types:
        wanted = ids_of_types(wanted, frozenset[str]().union(*(one for one in types if one is not None)))
    for number, held in held_by_id(territory_id, wanted).items():
        names = {one.id: one.name for one in held.row.attributes}
        told = [(names[one.series_id], one) for one in series[number] if one.series_id in names]
        touched = {
            name: Trigger.ATTRIBUTE_CREATED if one.before is None else Trigger.ATTRIBUTE_UPDATED
            for name, one in told
        }
        yield Change(
            entity_id=number,
            urn=held.row.urn,
            what=Trigger.ENTITY_UPDATED,
            attributes=touched,
            before=_before(held.document, told),
            after=held.document,
            owner_id=held.row.owner_id,
            visibility=held.row.visibility,
            kept=held.kept,
        )


def _before(document: Document, told: Iterable[tuple[str, Shown]]) -> Document:
    """What of a thing its devices replaced, as it was: nothing else of it."""
    attributes: dict[str, list[Instance]] = {}
    for name, one in told:
        value = one.before
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None:
            # A device tells the default instance alone.
            now_there = [each for each in document.attributes.get(name, ()) if not each.dataset_id]
            attributes[name] = [altered(each, value=value) for each in now_there]
    return altered(document, attributes=attributes)


def tell(found: Sequence[Watching], changes: Iterable[Change]) -> None:
    """Write a notice for each subscription that wants to hear of some of these changes."""
    at = now()
    items: dict[int, list[Item]] = defaultdict(list)
    for change in changes:
        # Of an attribute with several instances one may be written while another one is taken away.
        lost = dict.fromkeys(_gone(change), Trigger.ATTRIBUTE_DELETED)
        for one in found:
            if one.expires_at is not None and one.expires_at <= at:
                continue
            if not one.definition.fires(change.what, change.attributes) and not (
                lost and one.definition.fires(change.what, lost)
            ):
                continue
            document = change.after or change.before
            if document is not None and _is_watched(one, document):
                items[one.id].append(_item(one, change, document))
    lanes.put(
        [
            (number, pack(many[start : start + MOST_ITEMS]))
            for number, many in items.items()
            for start in range(0, len(many), MOST_ITEMS)
        ]
    )


def _is_watched(one: Watching, document: Document) -> bool:
    """Whatever somebody subscribed, nobody who writes is held up by it."""
    try:
        return matches(one.definition.query, document)
    except Exception:  # a fault of ours with one of them is not one of who writes
        log.exception("subscription %s cannot be compared with %s", one.id, document.id)
        return False


def _item(one: Watching, change: Change, document: Document) -> Item:
    wanted = one.definition
    gone: dict[str, list[Instance]] = {}
    if change.after is not None:
        gone = _gone(change)
    elif Trigger.ENTITY_DELETED not in wanted.triggers or wanted.show_changes:
        gone = {
            name: many
            for name, many in document.attributes.items()
            if not wanted.watched or name in wanted.watched
        }
    previous: dict[str, list[Instance]] = {}
    if wanted.show_changes and change.before is not None:
        before = change.before.attributes
        previous = {name: before[name] for name in change.attributes if name in before}
    if change.after is None:
        document = Document(
            id=document.id,
            types=document.types,
            scopes=document.scopes,
            created_at=document.created_at,
            modified_at=document.modified_at,
        )
    return Item(
        entity_id=change.entity_id,
        owner_id=change.owner_id,
        visibility=change.visibility,
        kept=dict(change.kept),
        document=document,
        gone=gone,
        previous=previous,
        deleted_at=now() if change.after is None else None,
    )


def _gone(change: Change) -> dict[str, list[Instance]]:
    """The instances that an update took away."""
    if change.before is None or change.after is None:
        return {}
    gone = {}
    for name in change.attributes:
        before: Mapping[str, Instance] = {
            one.dataset_id: one for one in change.before.attributes.get(name, ())
        }
        left = {one.dataset_id for one in change.after.attributes.get(name, ())}
        lost = [one for dataset, one in before.items() if dataset not in left]
        if lost:
            gone[name] = lost
    return gone
