"""Verbs on sources: where to ask, how often, how what comes is read, and whether it is asked at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.errors import NoSuchSource
from belvedere.domains.connections.journaling import note
from belvedere.domains.connections.lists import ListMap
from belvedere.domains.connections.mapping import check_mapping
from belvedere.domains.connections.models import Source
from belvedere.domains.connections.policies import may_connect, require_owner
from belvedere.domains.connections.sources.reading import LONGEST_PREFIX, SLUG_LETTERS
from belvedere.domains.connections.states import KIND_OF_FORM, SourceForm
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import HOUSEHOLD, Visibility, descriptions
from belvedere.duties.privacy.public import encrypt
from belvedere.engines.outgoing import checked_url
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput
from belvedere.kernel.identifiers import fold

MOST_SOURCES = 20
SHORTEST_S, LONGEST_S = 60, 86_400
NO_SUCH_SOURCE = N_("There is no such source here.")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}")
#: What the platform itself says when it asks.
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te"})


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source as somebody says it. `secret` None: the one that is kept; `prefix` goes before the names of
    its devices; `creates`: things that it names and nobody knows are made, seen by `visibility`."""

    form: SourceForm
    name: str
    url: str
    kind: str
    every_s: int
    header: str = ""
    secret: str | None = None
    prefix: str = ""
    creates: bool = True
    visibility: Visibility = Visibility.SHARED

    def __repr__(self) -> str:
        return f"SourceDraft({self.form}, {self.url})"


def connect_source(
    *, actor: Actor, territory: TerritoryView, owner_id: UUID | None, draft: SourceDraft
) -> UUID:
    """A source that is asked once somebody has looked at it and switched it on."""
    require_owner(actor, territory.id, owner_id)
    at = now()
    row = Source(territory_id=territory.id, owner_id=owner_id, created_at=at)
    _write(row, draft)
    with transaction.atomic():
        if Source.objects.filter(territory_id=territory.id).count() >= MOST_SOURCES:
            raise Conflict(N_("A territory has {most} sources at most. Remove one first."), most=MOST_SOURCES)
        row.save(force_insert=True)
        note(actor, row, "connect_source", after=_told(row))
    return row.pk


def change_source(*, actor: Actor, territory: TerritoryView, source_id: UUID, draft: SourceDraft) -> None:
    """Ask elsewhere, otherwise or at other times. Another address or kind is to be looked at again."""
    with transaction.atomic():
        row = locked_source(actor, territory, source_id)
        if draft.form != row.form:
            raise InvalidInput(N_("What a source holds does not change. Connect another one."), field="form")
        before, was = _told(row), (row.url, row.header, row.kind)
        _write(row, draft)
        if (row.url, row.header, row.kind) != was:
            _look_again(row)
        row.failures, row.problem, row.problem_at, row.problem_data = 0, "", None, {}
        row.next_at, row.asked_at = now() if row.is_on else None, None
        row.save()
        note(actor, row, "change_source", before=before, after=_told(row))


def map_source(*, actor: Actor, territory: TerritoryView, source_id: UUID, mapping: ListMap) -> None:
    """Read a list this way from now on."""
    with transaction.atomic():
        row = locked_source(actor, territory, source_id)
        if row.form != SourceForm.LIST:
            raise InvalidInput(N_("How this source is read is a matter of its standard."))
        check_mapping(row.kind, mapping, is_one=bool(row.prefix))
        before, after = dict(row.mapping), msgspec.to_builtins(mapping)
        if before == after:
            return
        row.mapping, row.changed_at, row.asked_at = after, now(), None  # who asks now, asks in vain
        row.etag = row.modified = ""  # what did not change is read anew all the same
        row.save()
        note(actor, row, "map_source", before=before, after=after)


def switch_source(*, actor: Actor, territory: TerritoryView, source_id: UUID, on: bool) -> None:
    """Ask it from now on, or no more."""
    with transaction.atomic():
        row = locked_source(actor, territory, source_id)
        if row.is_on == on:
            return
        if on and (row.looked_at is None or row.looked_at < row.changed_at):
            raise Conflict(N_("Read it once before, and look at what each row becomes."), code="look_first")
        row.is_on, row.next_at, row.asked_at = on, now() if on else None, None
        row.failures, row.problem, row.problem_at, row.problem_data = 0, "", None, {}
        row.etag = row.modified = ""
        row.save()
        note(actor, row, "switch_source", before={"is_on": not on}, after={"is_on": on})


def remove_source(*, actor: Actor, territory: TerritoryView, source_id: UUID) -> None:
    """Ask it no more and forget it; its things and what it told stay."""
    with transaction.atomic():
        row = locked_source(actor, territory, source_id)
        note(actor, row, "remove_source", before=_told(row))
        row.delete()


def locked_source(actor: Actor, territory: TerritoryView, source_id: UUID) -> Source:
    """The row, held until the end of the transaction, for who may change it."""
    rows = Source.objects.select_for_update(of=("self",))
    row = rows.filter(pk=source_id, territory_id=territory.id).first()
    if row is None or may_connect(actor, territory.id, row.owner_id) is not None:
        raise NoSuchSource(NO_SUCH_SOURCE)
    return row


def _write(row: Source, draft: SourceDraft) -> None:
    name = draft.name.strip()
    if not name or len(name) > 100:
        raise InvalidInput(N_("Give it a name of 100 letters at most."), field="name")
    if not SHORTEST_S <= draft.every_s <= LONGEST_S:
        raise InvalidInput(N_("Ask it between once a minute and once a day."), field="minutes")
    kind = KIND_OF_FORM.get(draft.form, draft.kind)
    if kind not in descriptions():
        raise InvalidInput(N_("Say what kind of things it tells of."), field="kind")
    if draft.creates and kind in HOUSEHOLD and draft.visibility == Visibility.PUBLIC:
        raise InvalidInput(
            N_("What tells how a household lives is never seen by everyone."), field="visibility"
        )
    row.url, row.name, row.form = checked_url(draft.url), name, draft.form
    row.every_s, row.kind, row.visibility = draft.every_s, kind, draft.visibility
    row.creates, row.prefix = draft.creates, _prefix(draft)
    row.changed_at = row.changed_at or row.created_at
    _write_secret(row, draft)


def _write_secret(row: Source, draft: SourceDraft) -> None:
    header = draft.header.strip()
    if header and (not _HEADER.fullmatch(header) or header.lower() in _OURS):
        raise InvalidInput(N_("This cannot be the name of a header."), field="header")
    row.header = header
    if not header:
        row.secret = None
    elif draft.secret is not None:
        if len(draft.secret) > 2000 or not draft.secret.isascii() or not draft.secret.isprintable():
            raise InvalidInput(N_("A secret is one line of plain letters."), field="secret")
        row.secret = encrypt(draft.secret)
    if header and row.secret is None:
        raise InvalidInput(N_("Say what the header holds."), field="secret")


def _prefix(draft: SourceDraft) -> str:
    """Before the names of devices; by itself from the name where the source makes them."""
    told = fold(draft.prefix.strip() or (draft.name if draft.creates else ""))
    plain = "".join(letter if letter in SLUG_LETTERS else "-" for letter in told)
    return re.sub("-+", "-", plain)[:LONGEST_PREFIX].strip("-_")


def _look_again(row: Source) -> None:
    row.changed_at, row.looked_at, row.found = now(), None, {}
    row.is_on, row.next_at = False, None
    row.etag = row.modified = ""


def _told(row: Source) -> dict[str, Any]:
    return {
        "name": row.name,
        "form": str(row.form),
        "url": row.url,
        "every_s": row.every_s,
        "kind": row.kind,
        "creates": row.creates,
    }
