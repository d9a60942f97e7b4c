"""What every verb does once the things are written: history, journal, and the facts that others listen to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.context.events import Change, ContextChanged, Trigger, ValuesShown
from belvedere.domains.context.history import remember
from belvedere.domains.twin.public import Draft, Held, Saved
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.engines.transactions import announce
from belvedere.standards.ngsi_ld.documents import Document, Instance, Kind


def tell(
    territory_id: UUID,
    saved: Saved,
    changes: Sequence[Change],
    entries: Iterable[Entry],
    at: datetime,
) -> None:
    """Keep and tell what was written, last in the transaction: the journal's lock is held until its end."""
    remember(saved.told, at)
    if changes:
        announce(ContextChanged(territory_id, tuple(changes)))
    if saved.shown:
        announce(ValuesShown(saved.shown))
    record_many(entries)


def created(number: int, document: Document, owner_id: UUID | None, visibility: str) -> Change:
    """That a thing was made."""
    attributes = dict.fromkeys(document.attributes, Trigger.ATTRIBUTE_CREATED)
    return Change(
        number, document.id, Trigger.ENTITY_CREATED, attributes, None, document, owner_id, visibility
    )


def deleted(held: Held) -> Change:
    """That a thing is gone."""
    attributes = dict.fromkeys(held.document.attributes, Trigger.ATTRIBUTE_DELETED)
    return _change(held, Trigger.ENTITY_DELETED, attributes, held.document, None)


def updated(held: Held, after: Document) -> Change | None:
    """What became otherwise of a thing; None for nothing."""
    before = held.document
    attributes: dict[str, Trigger] = {}
    for name, many in after.attributes.items():
        old = before.attributes.get(name)
        if old is None:
            attributes[name] = Trigger.ATTRIBUTE_CREATED
        elif old is not many:
            attributes[name] = Trigger.ATTRIBUTE_UPDATED
    for name in before.attributes.keys() - after.attributes.keys():
        attributes[name] = Trigger.ATTRIBUTE_DELETED
    if not attributes and before.types == after.types and before.scopes == after.scopes:
        return None
    return _change(held, Trigger.ENTITY_UPDATED, attributes, before, after)


def _change(
    held: Held,
    what: Trigger,
    attributes: Mapping[str, Trigger],
    before: Document | None,
    after: Document | None,
) -> Change:
    row = held.row
    return Change(row.id, row.urn, what, attributes, before, after, row.owner_id, row.visibility, held.kept)


def entry(
    actor: Actor,
    verb: str,
    number: int,
    territory_id: UUID,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """An act on a thing, for the journal."""
    return Entry(
        **signed(actor),
        verb=f"context.{verb}",
        subject=("twin.entity", str(number)),
        territory_id=territory_id,
        before=before or {},
        after=after or {},
    )


def creation(actor: Actor, verb: str, territory_id: UUID, draft: Draft) -> Entry:
    """That a thing is made, for the journal."""
    document = draft.document
    after = {"urn": document.id, "types": list(document.types)}
    return entry(actor, verb, draft.number, territory_id, after=after)


def acts(actor: Actor, verb: str, territory_id: UUID, change: Change) -> list[Entry]:
    """What the journal tells of a change: what the thing is, its relationships, attributes that come and go.

    A new value of a property that was there is history, not an act.
    """
    before, after = change.before, change.after
    assert before is not None and after is not None
    was: dict[str, Any] = {}
    becomes: dict[str, Any] = {}
    if before.types != after.types:
        was["types"], becomes["types"] = list(before.types), list(after.types)
    if (before.scopes or ()) != (after.scopes or ()):
        was["scopes"], becomes["scopes"] = list(before.scopes or ()), list(after.scopes or ())
    for name in change.attributes:
        old, new = before.attributes.get(name, []), after.attributes.get(name, [])
        if _is_history(old, new):
            continue
        was[name], becomes[name] = _plain(old), _plain(new)
    if was == becomes:
        return []
    return [entry(actor, verb, change.entity_id, territory_id, was, becomes)]


def _is_history(old: list[Instance], new: list[Instance]) -> bool:
    if {one.dataset_id for one in old} != {one.dataset_id for one in new}:
        return False
    return all(one.kind is Kind.PROPERTY or one.observed_at is not None for one in (*old, *new))


def _plain(many: list[Instance]) -> Any:
    """Values as the journal keeps them: short."""
    values = [_short(one.value) for one in many]
    return values[0] if len(values) == 1 else values


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value[:200]
    if isinstance(value, dict | list):
        text = repr(value)
        return value if len(text) <= 500 else text[:200]
    return value
