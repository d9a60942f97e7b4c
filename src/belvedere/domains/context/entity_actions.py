"""Verbs on one entity (ETSI GS CIM 009, clauses 5.6.1, 5.6.6, 5.6.17, 5.6.18).

Each: the right, the locks, the thing as it is, what it becomes (`standards.ngsi_ld.merging`), its rows, its
history, its journal, the facts. Refused is who may see the thing and not write it; who may not see it learns
that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.context import telling
from belvedere.domains.context.events import Change, ContextChanged
from belvedere.domains.context.gathering import Gathering
from belvedere.domains.observations.public import LOCK
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import (
    Draft,
    Held,
    Thing,
    Visibility,
    create_things,
    draft_thing,
    load_things,
    remove_things,
    require,
    save_things,
    share_present,
    sharing_present,
)
from belvedere.duties.journal.public import Entry, record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.standards.ngsi_ld import merging
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.merging import Change as Merged
from belvedere.standards.ngsi_ld.problems import AlreadyExists, ResourceNotFound

#: One transaction while the other waits for the disk.
LANES = 2
NO_SUCH_ENTITY = N_("There is no entity {urn} here, or it is not published.")


def create_entity(
    *,
    actor: Actor,
    territory: TerritoryView,
    document: Document,
    owner_id: UUID | None,
    visibility: Visibility = Visibility.OWN,
) -> None:
    """A new thing (5.6.1), of the organisation `owner_id`."""
    require(actor, "create_entity", Thing(territory.id, owner_id, visibility), new=True)
    one = _new(actor, territory, document, owner_id, visibility)
    if connection.in_atomic_block:
        _create([one])
    else:
        _creating.take(one)


@dataclass(slots=True, eq=False)
class _New:
    """A thing to be made, and what is told of it: worked out before anybody waits for a lock."""

    territory: TerritoryView
    draft: Draft
    change: Change
    entry: Entry
    error: BaseException | None = None

    @property
    def key(self) -> UUID:
        return self.territory.id

    @property
    def subject(self) -> str:
        return self.draft.document.id


def _new(
    actor: Actor, territory: TerritoryView, document: Document, owner_id: UUID | None, visibility: Visibility
) -> _New:
    at = now()
    made = merging.created(document, at)
    draft = draft_thing(territory, made, owner_id=owner_id, visibility=visibility, at=at)
    change = telling.created(draft.number, made, owner_id, visibility)
    return _New(territory, draft, change, telling.creation(actor, "create_entity", territory.id, draft))


def _create(many: list[_New]) -> None:
    """All of them, or none and AlreadyExists (or another error of one of them)."""
    territory = many[0].territory
    try:
        with transaction.atomic():
            saved = create_things(territory, [one.draft for one in many], first=sharing_present(LOCK))
            changes, entries = [one.change for one in many], [one.entry for one in many]
            telling.tell(territory.id, saved, changes, entries, now())
    except IntegrityError as error:
        if "twin_urn_once_a_territory" not in str(error):
            raise
        raise already(many[0].subject) from error


# What is wrong with one of several is found out by writing each alone.
_creating = Gathering(_create, (BelvedereError,), lanes=LANES)


def already(urn: str) -> AlreadyExists:
    return AlreadyExists(N_("There is already an entity {urn}. Nothing was created."), urn=urn)


def missing(urn: str) -> ResourceNotFound:
    return ResourceNotFound(NO_SUCH_ENTITY, urn=urn)


def held_for(actor: Actor, verb: str, territory: TerritoryView, urn: str) -> Held:
    """A thing, locked, for the one who may do this to it."""
    return _allowed(actor, verb, urn, load_things(territory.id, [urn], lock=True))


def _allowed(actor: Actor, verb: str, urn: str, things: Mapping[str, Held]) -> Held:
    held = things.get(urn)
    if held is None:
        raise missing(urn)
    require(actor, verb, held.thing)
    return held


Become = Callable[[Document, datetime], Merged]


def change_one(actor: Actor, territory: TerritoryView, urn: str, verb: str, become: Become) -> Merged:
    """Make one thing what `become` makes of it; the verbs of entities and attributes share this."""
    one = _Changing(actor, territory, urn, verb, become)
    if connection.in_atomic_block:
        _change([one])
        if one.error is not None:
            raise one.error
    else:
        _changing.take(one)
    assert one.merged is not None
    return one.merged


@dataclass(slots=True, eq=False)
class _Changing:
    """A thing to be changed. `merged`: what became of it."""

    actor: Actor
    territory: TerritoryView
    urn: str
    verb: str
    become: Become
    merged: Merged | None = None
    error: BaseException | None = None

    @property
    def key(self) -> UUID:
        return self.territory.id

    @property
    def subject(self) -> str:
        return self.urn


def _change(many: list[_Changing]) -> None:
    """Different things, together: each keeps what is wrong with it, unless that shows when it is written."""
    territory = many[0].territory
    with transaction.atomic():
        urns = [one.urn for one in many]
        things = load_things(territory.id, urns, lock=True, first=sharing_present(LOCK))
        at = now()  # with the things held: who writes them next says so later
        pairs: list[tuple[_Changing, Held, Document]] = []
        for one in many:
            try:
                held = _allowed(one.actor, "edit_entity", one.urn, things)
                one.merged = one.become(held.document, at)
            except BelvedereError as error:
                one.error = error
                continue
            if one.merged.document is not held.document:
                pairs.append((one, held, one.merged.document))
        if not pairs:
            return
        saved = save_things(territory, [(held, document) for _one, held, document in pairs], at)
        changes, entries = [], []
        for (one, held, _document), document in zip(pairs, saved.documents, strict=True):
            change = telling.updated(held, document)
            if change is not None:
                changes.append(change)
                entries += telling.acts(one.actor, one.verb, territory.id, change)
        telling.tell(territory.id, saved, changes, entries, at)


_changing = Gathering(_change, (BelvedereError,), lanes=LANES)


def merge_entity(
    *,
    actor: Actor,
    territory: TerritoryView,
    urn: str,
    fragment: Document,
    observed_at: datetime | None = None,
    lang: str = "",
    simplified: bool = False,
) -> Merged:
    """Merge a fragment into a thing (5.6.17)."""
    return change_one(
        actor,
        territory,
        urn,
        "merge_entity",
        lambda document, at: merging.merge(
            document, fragment, at, observed_at=observed_at, lang=lang, simplified=simplified
        ),
    )


def replace_entity(*, actor: Actor, territory: TerritoryView, urn: str, new: Document) -> None:
    """Replace all that a thing says (5.6.18)."""
    change_one(
        actor, territory, urn, "replace_entity", lambda document, at: merging.replace(document, new, at)
    )


def delete_entity(*, actor: Actor, territory: TerritoryView, urn: str) -> None:
    """Take a thing away (5.6.6). Its history stays, without an owner."""
    with transaction.atomic():
        share_present()
        held = held_for(actor, "remove_entity", territory, urn)
        remove_things(territory.id, [held])
        announce(ContextChanged(territory.id, (telling.deleted(held),)))
        record_many([removal(actor, territory.id, held)])


def removal(actor: Actor, territory_id: UUID, held: Held) -> Entry:
    told = {"urn": held.row.urn, "types": held.row.types}
    return telling.entry(actor, "delete_entity", held.row.id, territory_id, before=told)
