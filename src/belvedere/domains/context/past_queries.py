"""Questions about the past of entities (ETSI GS CIM 009, clauses 5.7.3 and 5.7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from msgspec.structs import replace as with_fields

from belvedere.domains.context.deletions import deletions
from belvedere.domains.context.entity_actions import missing
from belvedere.domains.context.models import InstanceDetail
from belvedere.domains.context.past_sums import summed
from belvedere.domains.observations.public import Raw, raw
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import (
    AttributeRow,
    Held,
    document_of_held,
    find_all_things,
    load_things,
)
from belvedere.kernel.audiences import Audience
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.matching import matches
from belvedere.standards.ngsi_ld.asking.ordering import sort_documents
from belvedere.standards.ngsi_ld.asking.trees import Query
from belvedere.standards.ngsi_ld.documents import Document, Instance, Kind, unpack_sub
from belvedere.standards.ngsi_ld.evolution import Evolution
from belvedere.standards.ngsi_ld.merging import NO_SUCH_ATTRIBUTE
from belvedere.standards.ngsi_ld.problems import ResourceNotFound, TooComplexQuery
from belvedere.standards.ngsi_ld.shown import Presentation
from belvedere.standards.ngsi_ld.temporal import EARLIEST, LATEST, TemporalForm, TemporalQuery

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_US = timedelta(microseconds=1)
_WHOLE = 2**53
_BATCH = 50
_MOST = 5_000
#: A reading with such a number was told without an observedAt (see `history`).
_SAID = -(10**12)


@dataclass(frozen=True, slots=True)
class Evolutions:
    """The past of the entities of a page; `count` of all that have one, None when that was not asked."""

    evolutions: list[Evolution]
    count: int | None = None
    more: bool = False  # whether there is another page


def retrieve_past(
    audience: Audience,
    territory: TerritoryView,
    urn: str,
    query: TemporalQuery,
    show: Presentation,
    most: int,
) -> Evolution:
    """The past of one thing (5.7.3), of each attribute at most `most` instances and one more."""
    held = load_things(territory.id, [urn]).get(urn)
    document = document_of_held(held, audience) if held is not None else None
    if held is None or document is None:
        raise missing(urn)
    if show.attrs and query.timeproperty != "deletedAt" and not show.attrs & document.attributes.keys():
        raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
    return _evolutions([(held, document)], query, show, most)[0]


def query_past(
    audience: Audience,
    territory: TerritoryView,
    query: Query,
    temporal: TemporalQuery,
    show: Presentation,
    most: int,
) -> Evolutions:
    """The past of the things a query means that have one in the time asked for (5.7.4).

    `q` and the query of place look at the instances of that time, not at the present.
    """
    present = replace(query, q=None, geo=None, order=())
    end = query.offset + query.limit
    found: list[tuple[Document, Evolution]] = []
    asked = iter(find_all_things(audience, territory.id, present, most=_MOST))
    looked = 0
    while batch := list(islice(asked, _BATCH)):
        looked += len(batch)
        found += _with_past(territory, query, temporal, show, batch, most)
        if len(found) > end and not query.count and not query.order:
            break
        if looked >= _MOST:
            raise TooComplexQuery(
                N_("The past of more than {most} entities is meant. Say more precisely which."), most=_MOST
            )
    if query.order:
        by_id = {document.id: evolution for document, evolution in found}
        ordered = sort_documents([document for document, _ in found], query.order)
        found = [(document, by_id[document.id]) for document in ordered]
    page = [evolution for _, evolution in found[query.offset : end]]
    return Evolutions(page, len(found) if query.count else None, len(found) > end)


def _with_past(
    territory: TerritoryView,
    query: Query,
    temporal: TemporalQuery,
    show: Presentation,
    documents: Sequence[Document],
    most: int,
) -> Iterable[tuple[Document, Evolution]]:
    held = load_things(territory.id, [one.id for one in documents])
    pairs = [(held[one.id], one) for one in documents if one.id in held]
    conditions = query.q is not None or query.geo is not None
    whole = _evolutions(pairs, temporal, Presentation(), most) if conditions else []
    means = {one.document.id for one in whole if matches(Query(q=query.q, geo=query.geo), one.document)}
    if conditions:
        pairs = [pair for pair in pairs if pair[1].id in means]
    told = _evolutions(pairs, temporal, show, most)
    for pair, evolution in zip(pairs, told, strict=True):
        # Where only the entity itself is picked, that it has a past counts.
        itself = not show.attrs and show.dataset_ids is None and not _rows(*pair, show)
        shown = _evolutions([pair], temporal, Presentation(), 0) if itself else [evolution]
        if any(any(one.document.attributes.values()) or one.sums for one in shown):
            yield pair[1], evolution


def _evolutions(
    pairs: Sequence[tuple[Held, Document]], query: TemporalQuery, show: Presentation, most: int
) -> list[Evolution]:
    """The past of things, of the attributes that are shown."""
    chosen = [_rows(held, document, show) for held, document in pairs]
    bare = [with_fields(document, attributes={}) for _held, document in pairs]
    if query.timeproperty == "deletedAt":
        gone = deletions([held.row.id for held, _ in pairs], query.start, query.end)
        return [
            Evolution(with_fields(document, attributes=_shown(gone.get(held.row.id, {}), show)))
            for (held, _), document in zip(pairs, bare, strict=True)
        ]
    if query.form is TemporalForm.AGGREGATED:
        return [Evolution(document, summed(rows, query)) for document, rows in zip(bare, chosen, strict=True)]
    instances = _instances([row for rows in chosen for row in rows], query, most)
    evolutions = []
    for document, rows in zip(bare, chosen, strict=True):
        attributes: dict[str, list[Instance]] = {}
        for row in rows:
            if many := instances.get(row.id):
                attributes.setdefault(row.name, []).extend(many)
        evolutions.append(Evolution(with_fields(document, attributes=attributes)))
    return evolutions


def _rows(held: Held, document: Document, show: Presentation) -> list[AttributeRow]:
    """The rows of attributes that the audience sees (they are in `document`) and that are shown."""
    seen = _shown(document.attributes, show)
    return [
        row
        for (name, dataset), row in held.rows.items()
        if name in seen and (show.dataset_ids is None or dataset in show.dataset_ids)
    ]


def _shown(attributes: dict[str, list[Instance]], show: Presentation) -> dict[str, list[Instance]]:
    return {
        name: many
        for name, many in attributes.items()
        if (not show.attrs or name in show.attrs)
        and (show.pick is None or name in show.pick)
        and (show.omit is None or show.omit.get(name, ...) is not None)
    }


def _instances(rows: Sequence[AttributeRow], query: TemporalQuery, most: int) -> dict[int, list[Instance]]:
    """The instances of each series in the time asked for, in order of time."""
    known = {row.id: row for row in rows}
    observed = query.timeproperty == "observedAt"
    start, end = (query.start, query.end) if observed else (EARLIEST, LATEST)
    if query.last_n is not None:
        found = raw(known, start, end, last=query.last_n if observed else 0)
    else:
        found = raw(known, start, end, first=most + 1 if observed else 0)
    kept = {key: _kept(many, query) for key, many in found.items()}
    details = _details(kept)
    return {
        key: [instance_from(one, known[key], details.get((key, one.observed_us), {})) for one in many]
        for key, many in kept.items()
        if many
    }


def _kept(many: list[Raw], query: TemporalQuery) -> list[Raw]:
    if query.timeproperty == "observedAt":
        return [one for one in many if one.seq > _SAID]
    start, end = (query.start - _EPOCH) // _US, (query.end - _EPOCH) // _US
    kept = [one for one in many if start <= one.received_us < end]
    return kept if query.last_n is None else kept[-query.last_n :]


def _details(kept: dict[int, list[Raw]]) -> dict[tuple[int, int], dict[str, Any]]:
    if not any(kept.values()):
        return {}
    moments = [one.observed_us for many in kept.values() for one in many]
    rows = InstanceDetail.objects.filter(
        series_id__in=list(kept),
        observed_at__gte=_EPOCH + min(moments) * _US,
        observed_at__lte=_EPOCH + max(moments) * _US,
    ).values_list("series_id", "observed_at", "detail")
    return {(series_id, (at - _EPOCH) // _US): detail for series_id, at, detail in rows}


def instance_from(one: Raw, row: AttributeRow, detail: dict[str, Any]) -> Instance:
    """The instance that a reading and what is kept beside it make."""
    value: Any = one.value
    if one.number is not None:
        number = one.number
        value = int(number) if number.is_integer() and -_WHOLE < number < _WHOLE else number
    told = _EPOCH + one.received_us * _US
    observed = _EPOCH + one.observed_us * _US if one.seq > _SAID else None
    return Instance(
        kind=Kind(detail.get("k", Kind.PROPERTY.value)),
        value=value,
        dataset_id=row.dataset_id,
        unit=detail.get("u", row.unit),
        observed_at=observed,
        created_at=told,
        modified_at=told,
        instance_id=detail.get("i", "") or f"urn:ngsi-ld:instance:{one.series_id}:{one.observed_us}",
        **unpack_sub(detail.get("s", {})),
    )
