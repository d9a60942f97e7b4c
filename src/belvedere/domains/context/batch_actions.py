"""Verbs on many entities at once (ETSI GS CIM 009, clauses 5.6.7 to 5.6.10, 5.6.20, 5.6.21).

Each entity stands for itself: what is wrong with one stops no other. What is right is written together, in
one transaction and a handful of statements, whatever the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.context import telling
from belvedere.domains.context.entity_actions import already, missing, removal
from belvedere.domains.context.events import Change, ContextChanged
from belvedere.domains.observations.public import LOCK
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import (
    Held,
    Saved,
    Thing,
    Visibility,
    create_things,
    draft_thing,
    load_things,
    own_present,
    remove_things,
    require,
    save_things,
)
from belvedere.duties.journal.public import Entry, record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.standards.ngsi_ld import merging
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.merging import Change as Merged
from belvedere.standards.ngsi_ld.problems import BadRequestData

W = TypeVar("W")
Become = Callable[[Document, Document, datetime], Merged]


@dataclass(slots=True)
class Outcome:
    """What became of a batch, by identifiers. `created` are among the successes."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    failed: list[tuple[str, BelvedereError]] = field(default_factory=list)


@dataclass(slots=True)
class _Batch:
    """A batch under way."""

    actor: Actor
    territory: TerritoryView
    at: datetime = field(default_factory=now)
    outcome: Outcome = field(default_factory=Outcome)
    changes: list[Change] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def load(self, urns: Sequence[str]) -> dict[str, Held]:
        own_present(LOCK)
        self.at = now()
        return load_things(self.territory.id, sorted(set(urns)), lock=True)

    def create(self, documents: Sequence[Document], owner_id: UUID | None) -> Saved:
        """New things; the identifiers are free."""
        made = [merging.created(one, self.at) for one in documents]

        def write(some: Sequence[Document]) -> Saved:
            drafts = [
                draft_thing(self.territory, one, owner_id=owner_id, visibility=Visibility.OWN, at=self.at)
                for one in some
            ]
            saved = create_things(self.territory, drafts)
            for draft in drafts:
                self.changes.append(telling.created(draft.number, draft.document, owner_id, Visibility.OWN))
                self.entries.append(telling.creation(self.actor, "create_entity", self.territory.id, draft))
                self.outcome.created.append(draft.document.id)
            return saved

        return self._written(made, write, lambda one: one.id)

    def _written(
        self, wanted: Sequence[W], write: Callable[[Sequence[W]], Saved], urn: Callable[[W], str]
    ) -> Saved:
        """Write all together; where something is refused, each for itself."""
        if not wanted:
            return Saved([])
        try:
            with transaction.atomic():
                return write(wanted)
        except BelvedereError as error:
            if len(wanted) == 1:
                self.outcome.failed.append((urn(wanted[0]), error))
                return Saved([])
        return together([self._written([one], write, urn) for one in wanted])

    def change(
        self, held: dict[str, Held], documents: Sequence[Document], become: Become, verb: str
    ) -> Saved:
        """Things that are there, as `become` makes them with what is given."""
        before: dict[str, Held] = {}
        after: dict[str, Document] = {}
        done: set[str] = set()

        def write(pairs: Sequence[tuple[Held, Document]]) -> Saved:
            saved = save_things(self.territory, pairs, self.at)
            for (thing, wanted), document in zip(pairs, saved.documents, strict=True):
                if wanted.id in done:
                    self.outcome.updated.append(wanted.id)
                change = telling.updated(thing, document)
                if change is not None:
                    self.changes.append(change)
                    self.entries += telling.acts(self.actor, verb, self.territory.id, change)
            return saved

        for one in documents:
            thing = held[one.id]
            try:
                if one.id not in before:
                    require(self.actor, "edit_entity", thing.thing)
                # The same thing several times in a batch: each on what the last one made of it.
                merged = become(after.get(one.id, thing.document), one, self.at)
            except BelvedereError as error:
                self.outcome.failed.append((one.id, error))
                continue
            before[one.id], after[one.id] = thing, merged.document
            if merged.not_updated:
                names = [name for name, _reason in merged.not_updated]
                why = BadRequestData(N_("These attributes were left as they are: {names}."), names=names)
                self.outcome.failed.append((one.id, why))
            else:
                done.add(one.id)
        return self._written([(before[urn], after[urn]) for urn in before], write, lambda pair: pair[1].id)

    def tell(self, *saved: Saved) -> None:
        telling.tell(self.territory.id, together(saved), self.changes, self.entries, self.at)


def together(saved: Iterable[Saved]) -> Saved:
    """What was saved one after the other."""
    every = list(saved)
    return Saved(
        [document for one in every for document in one.documents],
        [told for one in every for told in one.told],
        tuple(shown for one in every for shown in one.shown),
    )


def _may_create(actor: Actor, territory: TerritoryView, owner_id: UUID | None) -> None:
    require(actor, "create_entity", Thing(territory.id, owner_id, Visibility.OWN), new=True)


def batch_create(
    *, actor: Actor, territory: TerritoryView, documents: Sequence[Document], owner_id: UUID | None
) -> Outcome:
    """Create what is not there yet (5.6.7)."""
    _may_create(actor, territory, owner_id)
    with transaction.atomic():
        batch = _Batch(actor, territory)
        held = batch.load([one.id for one in documents])
        new: dict[str, Document] = {}
        for one in documents:
            if one.id in held or one.id in new:
                batch.outcome.failed.append((one.id, already(one.id)))
            else:
                new[one.id] = one
        batch.tell(batch.create(list(new.values()), owner_id))
    return batch.outcome


def batch_upsert(
    *,
    actor: Actor,
    territory: TerritoryView,
    documents: Sequence[Document],
    owner_id: UUID | None,
    update: bool = False,
) -> Outcome:
    """Create what is not there, and replace or (`update`) update what is (5.6.8)."""
    with transaction.atomic():
        batch = _Batch(actor, territory)
        held = batch.load([one.id for one in documents])
        new: dict[str, Document] = {}
        known: list[Document] = []
        for one in documents:
            if one.id in held:
                known.append(one)
            elif one.id in new and update:
                new[one.id] = merging.append(new[one.id], one, batch.at).document
            else:
                new[one.id] = one
        if new:
            _may_create(actor, territory, owner_id)
        made = batch.create(list(new.values()), owner_id)
        become: Become = merging.append if update else merging.replace
        batch.tell(made, batch.change(held, known, become, "upsert_entity"))
    return batch.outcome


def batch_update(
    *, actor: Actor, territory: TerritoryView, documents: Sequence[Document], overwrite: bool = True
) -> Outcome:
    """Append to what is there (5.6.9); without `overwrite` only what it does not say yet."""

    def become(document: Document, given: Document, at: datetime) -> Merged:
        return merging.append(document, given, at, overwrite=overwrite)

    return _change_all(actor, territory, documents, become, "update_entity")


def batch_merge(
    *,
    actor: Actor,
    territory: TerritoryView,
    documents: Sequence[Document],
    observed_at: datetime | None = None,
    lang: str = "",
    simplified: bool = False,
) -> Outcome:
    """Merge into what is there (5.6.20)."""

    def become(document: Document, given: Document, at: datetime) -> Merged:
        return merging.merge(document, given, at, observed_at=observed_at, lang=lang, simplified=simplified)

    return _change_all(actor, territory, documents, become, "merge_entity")


def _change_all(
    actor: Actor, territory: TerritoryView, documents: Sequence[Document], become: Become, verb: str
) -> Outcome:
    with transaction.atomic():
        batch = _Batch(actor, territory)
        held = batch.load([one.id for one in documents])
        known = []
        for one in documents:
            if one.id in held:
                known.append(one)
            else:
                batch.outcome.failed.append((one.id, missing(one.id)))
        batch.tell(batch.change(held, known, become, verb))
    return batch.outcome


def batch_delete(*, actor: Actor, territory: TerritoryView, urns: Sequence[str]) -> Outcome:
    """Take away what is there (5.6.10)."""
    outcome = Outcome()
    with transaction.atomic():
        batch = _Batch(actor, territory)
        held = batch.load(urns)
        gone: list[Held] = []
        for urn in urns:
            thing = held.pop(urn, None)  # named twice it is gone the second time
            try:
                if thing is None:
                    raise missing(urn)
                require(actor, "remove_entity", thing.thing)
            except BelvedereError as error:
                outcome.failed.append((urn, error))
                continue
            gone.append(thing)
        _remove(actor, territory, gone, outcome)
    return outcome


def _remove(actor: Actor, territory: TerritoryView, gone: list[Held], outcome: Outcome) -> None:
    """Those that devices still tell of stay; the others go together."""
    free: list[Held] = []
    for thing in gone:
        if any(row.fed for row in thing.row.attributes):
            try:
                remove_things(territory.id, [thing])
            except BelvedereError as error:
                outcome.failed.append((thing.row.urn, error))
                continue
        else:
            free.append(thing)
            continue
        outcome.updated.append(thing.row.urn)
    if free:
        remove_things(territory.id, free)
        outcome.updated += [thing.row.urn for thing in free]
    done = [thing for thing in gone if thing.row.urn in set(outcome.updated)]
    if done:
        announce(ContextChanged(territory.id, tuple(telling.deleted(thing) for thing in done)))
        record_many([removal(actor, territory.id, thing) for thing in done])


def purge(
    *,
    actor: Actor,
    territory: TerritoryView,
    urns: Sequence[str],
    dropped: Callable[[Document], Sequence[str]] | None,
) -> Outcome:
    """Take things away, or (`dropped`) those of their attributes (5.6.21)."""
    if dropped is None:
        return batch_delete(actor=actor, territory=territory, urns=urns)

    def become(document: Document, _given: Document, at: datetime) -> Merged:
        merged = Merged(document)
        for name in dropped(document):
            merged = merging.delete_attribute(merged.document, name, at, all_of_them=True)
        return merged

    documents = [Document(id=urn) for urn in dict.fromkeys(urns)]
    return _change_all(actor, territory, documents, become, "purge_attributes")
