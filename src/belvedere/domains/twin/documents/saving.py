"""Documents back into rows: only what differs, many things in the same few statements.

In the caller's transaction, which holds the things (`loading.load(…, lock=True)`). Rights are the caller's to
ask (`policies.require`), and so is the journal: only the verb knows what it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.describing import kind_of_type
from belvedere.domains.twin.documents import statements as sql
from belvedere.domains.twin.documents.held import NAMES, AttributeRow, EntityRow, Held, held_of
from belvedere.domains.twin.documents.numbers import numbers
from belvedere.domains.twin.documents.placing import Placed, placed
from belvedere.domains.twin.documents.saying import New, Said, new, said, term_of
from belvedere.domains.twin.errors import StillFed
from belvedere.domains.twin.events import (
    EntitiesCreated,
    EntityChanged,
    EntityRemoved,
    StateChange,
    StatesChanged,
)
from belvedere.domains.twin.present import SEEN_WITHIN
from belvedere.domains.twin.states import State, Visibility
from belvedere.domains.twin.values import Shown
from belvedere.domains.twin.writing import bump_feeds, check_private, search_text
from belvedere.engines import wire
from belvedere.engines.transactions import announce
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.standards.ngsi_ld.documents import LOCATION, Document, Instance, Kind

_STATES = (State.NORMAL.value, State.WATCH.value, State.ALARM.value)
_encode = msgspec.json.encode
_levels = msgspec.json.Decoder(tuple[int, int, int]).decode


@dataclass(frozen=True, slots=True)
class Told:
    """A value that was written: for its history. `at`: when it held (observedAt, else when it was said).
    `late`: older than the present one, which stays."""

    series_id: int
    name: str
    instance: Instance
    at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: the things as they are now, in their order, and what was told."""

    documents: list[Document]
    told: list[Told] = field(default_factory=list)
    shown: tuple[Shown, ...] = ()


class _Thing(Placed):
    """The columns of a row of `twin_entity`."""

    id: int = 0
    urn: str = ""
    types: tuple[str, ...] = ()
    kind: str = ""
    names: dict[str, str] = {}
    owner_id: UUID | None = None
    visibility: str = ""
    scopes: tuple[str, ...] = ()
    search: str = ""
    created_at: datetime | None = None
    modified_at: datetime | None = None
    state: str = State.NORMAL.value


@dataclass(frozen=True, slots=True)
class Draft:
    """A new thing with its numbers and rows: all of it that needs no lock."""

    document: Document
    thing: _Thing
    rows: list[New]
    told: list[Told]

    @property
    def number(self) -> int:
        return self.thing.id


def draft(
    territory: TerritoryView,
    document: Document,
    *,
    owner_id: UUID | None,
    visibility: Visibility,
    at: datetime,
) -> Draft:
    """What `create` is to write of a document.

    Raises:
        InvalidInput: it holds what cannot be kept.
    """
    (number,) = numbers("twin_entity", 1)
    thing = _thing(territory, number, document)
    check_private(thing.kind, document.types, visibility)
    free = numbers("twin_attribute", sum(map(len, document.attributes.values())))
    rows: list[New] = []
    told: list[Told] = []
    for name, many in document.attributes.items():
        for one in many:
            row = new(thing.kind, number, name, one, next(free), at)
            rows.append(row)
            told.append(Told(row.id, name, one, one.observed_at or at))
    thing.owner_id, thing.visibility = owner_id, visibility.value
    thing.state = _STATES[max((row.level for row in rows), default=0)]
    thing.created_at, thing.modified_at = document.created_at or at, document.modified_at or at
    return Draft(document, thing, rows, told)


def create(territory: TerritoryView, drafts: Sequence[Draft], *, first: bytes = b"") -> Saved:
    """New things; what was saved.

    `first`: what `loading.sharing_present` says, to be sent in the same trip.

    Raises:
        IntegrityError: one of the identifiers is taken (`twin_urn_once_a_territory`).
    """
    rows = [row for one in drafts for row in one.rows]
    things = [one.thing for one in drafts]
    wire.chain(first, (sql.CREATE, (_encode(rows), _encode(things), str(territory.id))))
    announce(EntitiesCreated(territory.id, tuple(one.id for one in things), as_documents=True))
    return Saved([one.document for one in drafts], [told for one in drafts for told in one.told])


def _thing(territory: TerritoryView, number: int, document: Document) -> _Thing:
    if len(document.id) > 300 or "\x00" in document.id:
        raise InvalidInput(N_("An identifier has 300 letters at most."), field="id")
    where = _where(territory, document)
    names = names_of(document, next(iter(territory.languages), "fr"))
    return _Thing(
        **msgspec.structs.asdict(where),
        id=number,
        urn=document.id,
        types=document.types,
        kind=next(filter(None, map(kind_of_type, document.types)), ""),
        names=names,
        scopes=document.scopes or (),
        search=search_text(document.id, names),
    )


def _where(territory: TerritoryView, document: Document) -> Placed:
    located = document.attributes.get(LOCATION)
    if not located:
        return Placed()
    value = next((one.value for one in located if not one.dataset_id), None)
    return placed(territory, value)


def names_of(document: Document, language: str) -> dict[str, str]:
    """What a thing calls itself, by language; a plain text counts as `language`."""
    for name in NAMES:
        for one in document.attributes.get(name, ()):
            if one.dataset_id:
                continue
            if one.kind is Kind.LANGUAGE and isinstance(one.value, dict):
                return {tag[:2]: str(text)[:200] for tag, text in one.value.items() if isinstance(text, str)}
            if isinstance(one.value, str) and one.value.strip():
                return {language: one.value.strip()[:200]}
    return {}


@dataclass(slots=True)
class _Differences:
    """What is to be written of many things."""

    territory: TerritoryView
    at: datetime
    changed: list[Said] = field(default_factory=list)
    added: list[New] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    altered: list[_Thing] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    otherwise: list[int] = field(default_factory=list)  # things that are not only told a new value
    feeds: bool = False
    told: list[Told] = field(default_factory=list)
    # By thing: levels of rows that changed or came, and rows that went.
    levels: dict[int, dict[int, int]] = field(default_factory=dict)

    def compare(self, held: Held, after: Document) -> Document:
        """Note what differs; gives the document as it will be, late values left out."""
        before = held.document
        if after is before:
            return after
        late: dict[str, list[Instance]] = {}
        for name, many in after.attributes.items():
            old = before.attributes.get(name)
            if old is many:
                continue
            kept = self._instances(held, name, many)
            if kept is not many:
                late[name] = kept
        for name, old in before.attributes.items():
            if after.attributes.get(name) is not old:
                there = {one.dataset_id for one in after.attributes.get(name, ())}
                self._remove(
                    held,
                    [
                        row
                        for one in old
                        if one.dataset_id not in there and (row := held.rows.get((name, one.dataset_id)))
                    ],
                )
        if late:
            after = msgspec.structs.replace(after, attributes=after.attributes | late)
        self._itself(held, before, after)
        return after

    def _instances(self, held: Held, name: str, many: list[Instance]) -> list[Instance]:
        known = {one.dataset_id: one for one in held.document.attributes.get(name, ())}
        kept, some_late = [], False
        for one in many:
            before = known.get(one.dataset_id)
            if before is one:
                kept.append(one)
                continue
            row = held.rows.get((name, one.dataset_id))
            is_late = (
                row is not None
                and before is not None
                and one.observed_at is not None
                and before.observed_at is not None
                and one.observed_at < before.observed_at
            )
            if is_late and row is not None and before is not None:
                self.told.append(Told(row.id, name, one, one.observed_at or self.at, late=True))
                kept.append(before)
                some_late = True
                continue
            self._write(held, name, one, row)
            kept.append(one)
        return kept if some_late else many

    def _write(self, held: Held, name: str, one: Instance, row: AttributeRow | None) -> None:
        if row is not None:
            number = row.id
            self.changed.append(said(held.row.kind, name, one, number, self.at))
        else:
            number = next(numbers("twin_attribute", 1))
            made = new(held.row.kind, held.row.id, name, one, number, self.at)
            self.added.append(made)
            self.levels.setdefault(held.row.id, {})[number] = made.level
            self.otherwise.append(held.row.id)
        self.told.append(Told(number, name, one, one.observed_at or self.at))

    def _remove(self, held: Held, rows: Iterable[AttributeRow]) -> None:
        gone = list(rows)
        if fed := sorted(term_of(held.row.kind, row.name) for row in gone if row.fed):
            raise StillFed(N_("A device tells {terms}. Take the field out of its mapping first."), terms=fed)
        if gone:
            self.gone += [row.id for row in gone]
            self.levels.setdefault(held.row.id, {}).update({row.id: 0 for row in gone})
            self.touched.append(held.row.id)
            self.otherwise.append(held.row.id)

    def _itself(self, held: Held, before: Document, after: Document) -> None:
        """Types, scopes, names and place, where they are otherwise than before."""
        moved = after.attributes.get(LOCATION) is not before.attributes.get(LOCATION)
        renamed = any(after.attributes.get(name) is not before.attributes.get(name) for name in NAMES)
        same = after.types == before.types and (after.scopes or ()) == (before.scopes or ())
        if same and not moved and not renamed and after.created_at == before.created_at:
            return
        row = held.row
        thing = _thing(self.territory, row.id, after)
        check_private(thing.kind, after.types, row.visibility)
        thing.created_at, thing.modified_at = after.created_at or row.created_at, self.at
        self.feeds = self.feeds or thing.kind != row.kind
        self.altered.append(thing)
        self.otherwise.append(row.id)


def save(territory: TerritoryView, pairs: Sequence[tuple[Held, Document]], at: datetime) -> Saved:
    """Make things what their documents say; what is the same object as before is not looked at."""
    differences = _Differences(territory, at)
    documents = [differences.compare(held, after) for held, after in pairs]
    d = differences
    levels = d.levels
    if d.changed:
        for line in wire.column(sql.CHANGE, _encode(d.changed)):
            number, entity_id, level = _levels(line)
            levels.setdefault(entity_id, {})[number] = level
    if d.added:
        wire.run(sql.ADD, _encode(d.added))
    if d.gone:
        wire.run(sql.REMOVE, wire.literal(d.gone))
    if d.altered:
        wire.run(sql.ALTER, _encode(d.altered))
    if d.touched:
        wire.run(sql.TOUCH, wire.literal(d.touched), at.isoformat())
    states = _restate([held for held, _after in pairs if held.row.id in levels], levels, at)
    if d.feeds:
        bump_feeds()
    for entity_id in dict.fromkeys(d.otherwise):
        announce(EntityChanged(territory.id, entity_id, as_documents=True))
    shown = tuple(_shown(pairs, d, states))
    return Saved(documents, d.told, shown)


def _restate(
    things: Sequence[Held], levels: dict[int, dict[int, int]], at: datetime
) -> dict[int, tuple[str, str]]:
    """The states that follow from the levels, and that the things were heard; before and after, by thing."""
    states: dict[int, tuple[str, str]] = {}
    due = []
    for held in things:
        row = held.row
        known = {one.id: one.level for one in row.attributes} | levels[row.id]
        states[row.id] = (row.state, _STATES[max(known.values(), default=0)])
        if row.seen_at is None or at - row.seen_at > SEEN_WITHIN:
            due.append(row.id)
    if due:
        wire.run(sql.HEAR, wire.literal(due), at.isoformat())
    went = [(held, states[held.row.id]) for held in things if len(set(states[held.row.id])) == 2]
    if went:
        wire.run(
            sql.PASS,
            wire.literal(held.row.id for held, _state in went),
            wire.literal(state[0] for _held, state in went),
            wire.literal(state[1] for _held, state in went),
            at.isoformat(),
        )
        announce(
            StatesChanged(
                tuple(
                    StateChange(
                        held.territory_id,
                        held.row.id,
                        held.row.kind,
                        held.row.owner_id,
                        held.row.visibility,
                        before,
                        after,
                    )
                    for held, (before, after) in went
                )
            )
        )
    return states


def _shown(
    pairs: Sequence[tuple[Held, Document]], d: _Differences, states: dict[int, tuple[str, str]]
) -> Iterable[Shown]:
    """The present values that changed of rows that were there, for pages that are open."""
    changed = {row.id: row for row in d.changed}
    for held, _after in pairs:
        if held.row.id not in states:
            continue
        before, after = states[held.row.id]
        for (name, _dataset), row in held.rows.items():
            one = changed.get(row.id)
            if one is None:
                continue
            yield Shown(
                series_id=row.id,
                entity_id=held.row.id,
                territory_id=held.territory_id,
                term=term_of(held.row.kind, name),
                number=one.number,
                value=one.v[0] if one.v else None,
                unit=one.unit,
                observed_at=one.observed_at or d.at,
                level=d.levels[held.row.id][row.id],
                state_before=before,
                state_after=after,
                owner_id=held.row.owner_id,
                visibility=held.row.visibility,
                kept=row.visibility,
            )


def remove(territory_id: UUID, things: Sequence[Held]) -> None:
    """Take things out of the twin with their present values and their revoked devices.

    Raises:
        StillFed: devices in service tell of one of them.
    """
    ids = wire.literal(held.row.id for held in things)
    if keys := [key.decode() for key in wire.column(sql.ACTIVE, ids)]:
        raise StillFed(N_("Devices still tell of this thing: {keys}. Revoke them first."), keys=keys)
    if int(wire.text(sql.DROP, ids) or b"0"):
        bump_feeds()
    for held in things:
        series = tuple(row.id for row in held.row.attributes)
        announce(EntityRemoved(territory_id, held.row.id, series))


def created_held(
    territory_id: UUID,
    number: int,
    document: Document,
    *,
    owner_id: UUID | None,
    visibility: str,
    at: datetime,
) -> Held:
    """A thing just made, as it is held, without its rows."""
    row = EntityRow(
        number,
        document.id,
        list(document.types),
        "",
        {},
        owner_id,
        visibility,
        list(document.scopes or ()),
        None,
        at,
        at,
        State.NORMAL.value,
        at,
        [],
    )
    held = held_of(territory_id, row)
    return Held(territory_id, row, held.rows, document, {})
