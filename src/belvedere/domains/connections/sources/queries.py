"""Typed reads of sources, for those who may change them, and the look at what one holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.errors import NoSuchSource
from belvedere.domains.connections.lists import ListMap, Row
from belvedere.domains.connections.models import Source
from belvedere.domains.connections.offers import Offer, to_begin_with
from belvedere.domains.connections.policies import may_connect
from belvedere.domains.connections.sources.actions import NO_SUCH_SOURCE, locked_source
from belvedere.domains.connections.sources.admitting import Addressed, LookedAt, addressed, feed_to_be
from belvedere.domains.connections.sources.announcing import announced_among
from belvedere.domains.connections.sources.clock import mapping_of, way_of
from belvedere.domains.connections.sources.reading import ask, frame_of, may_be_told
from belvedere.domains.connections.states import SourceForm
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import Visibility
from belvedere.kernel.clock import now

#: Somebody waits for the page.
LOOK_S = 10.0


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source and how it is. `problem`: a msgid with its data, "" when all is well.

    `rows`: of the last answer, `left_out` those of them that were not handed on; `taken`: handed on in all;
    `offer`: what was found when somebody last looked; `is_looked_at`: since it was last changed.
    """

    id: UUID
    name: str
    form: SourceForm
    owner_id: UUID | None
    url: str
    header: str
    has_secret: bool
    every_s: int
    kind: str
    prefix: str
    creates: bool
    visibility: Visibility
    mapping: ListMap
    offer: Offer
    is_on: bool
    is_looked_at: bool
    next_at: datetime | None
    heard_at: datetime | None
    rows: int
    left_out: int
    taken: int
    made: int
    failures: int
    problem: str
    problem_data: Mapping[str, Any]
    problem_at: datetime | None

    @property
    def is_mapped(self) -> bool:
        return self.form is not SourceForm.LIST or bool(self.mapping.fields)


@dataclass(frozen=True, slots=True)
class Look:
    """What a source holds now. `mapping`: as it is, or one to begin with."""

    at: datetime
    mapping: ListMap
    offer: Offer
    rows: list[LookedAt] = field(default_factory=list)


def sources(actor: Actor, territory_id: UUID) -> list[SourceView]:
    """Those that the actor may change, oldest first."""
    rows = Source.objects.filter(territory_id=territory_id).order_by("created_at", "pk")
    return [_view(row) for row in rows if may_connect(actor, territory_id, row.owner_id) is None]


def source(actor: Actor, territory_id: UUID, source_id: UUID) -> SourceView:
    """One of them."""
    return _view(_row(actor, territory_id, source_id))


def look(*, actor: Actor, territory: TerritoryView, source_id: UUID, items: str | None = None) -> Look:
    """Ask a source now and say what each row would become; nothing is handed on.

    Remembers what can be chosen, and that somebody looked. `items`: the list whose fields are offered.

    Raises:
        as `sources.reading.ask`; nothing is remembered then.
    """
    row = _row(actor, territory.id, source_id)
    at = now()
    answer = ask(replace(way_of(row, territory, anew=True), whole_s=LOOK_S))
    mapping, offered = mapping_of(row), Offer((), ())
    if row.form == SourceForm.LIST:
        mapping, offered = to_begin_with(answer.document, mapping, items, territory.zone)
    with transaction.atomic():
        kept = locked_source(actor, territory, source_id)
        if kept.changed_at == row.changed_at:
            kept.found = {"lists": offered.lists, "fields": offered.fields}
            kept.looked_at = now()
            kept.save(update_fields=["found", "looked_at"])
    return Look(at, mapping, offered, _all_looked(row, territory, answer.rows or [], at))


def _all_looked(
    source: Source, territory: TerritoryView, rows: Sequence[Row], at: datetime
) -> list[LookedAt]:
    if source.form != SourceForm.ALERTS:
        return [_looked(source, one, at) for one in addressed(territory.slug, source.prefix, rows)]
    known, feed = announced_among(source, rows), feed_to_be(source)
    return [
        LookedAt(Addressed(row, "", None), None, None)
        if row.fault
        else LookedAt(
            Addressed(row, "", None), frame_of(row, source.owner_id, at), feed, is_new=row.id not in known
        )
        for row in rows
    ]


def _looked(source: Source, one: Addressed, at: datetime) -> LookedAt:
    if not may_be_told(one.row):
        return LookedAt(one, None, None)
    if one.is_foreign(source.owner_id):
        return LookedAt(one, None, None, is_foreign=True)
    is_new = one.feed is None and source.creates and not one.row.fault
    feed = feed_to_be(source) if is_new else one.feed
    return LookedAt(one, frame_of(one.row, source.owner_id, at), feed, is_new=is_new)


def _row(actor: Actor, territory_id: UUID, source_id: UUID) -> Source:
    row = Source.objects.filter(pk=source_id, territory_id=territory_id).first()
    if row is None or may_connect(actor, territory_id, row.owner_id) is not None:
        raise NoSuchSource(NO_SUCH_SOURCE)
    return row


def _view(row: Source) -> SourceView:
    found = row.found or {"lists": [], "fields": []}
    offered = Offer(
        tuple((path, rows) for path, rows in found["lists"]),
        tuple((path, example) for path, example in found["fields"]),
    )
    return SourceView(
        id=row.pk,
        name=row.name,
        form=SourceForm(row.form),
        owner_id=row.owner_id,
        url=row.url,
        header=row.header,
        has_secret=row.secret is not None,
        every_s=row.every_s,
        kind=row.kind,
        prefix=row.prefix,
        creates=row.creates,
        visibility=Visibility(row.visibility),
        mapping=mapping_of(row),
        offer=offered,
        is_on=row.is_on,
        is_looked_at=row.looked_at is not None and row.looked_at >= row.changed_at,
        next_at=row.next_at,
        heard_at=row.heard_at,
        rows=row.rows,
        left_out=row.left_out,
        taken=row.taken,
        made=row.made,
        failures=row.failures,
        problem=row.problem,
        problem_data=row.problem_data,
        problem_at=row.problem_at,
    )
