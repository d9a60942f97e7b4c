"""The past of entities as JSON (ETSI GS CIM 009, clauses 4.5.6 to 4.5.8, 4.5.19, 5.2.20, 6.3.10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace as with_fields

from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import NULL, Document, Instance, Kind
from belvedere.standards.ngsi_ld.instances import VALUE_MEMBER
from belvedere.standards.ngsi_ld.shown import Presentation, Projection
from belvedere.standards.ngsi_ld.temporal import TemporalForm, TemporalQuery
from belvedere.standards.ngsi_ld.words import instant
from belvedere.standards.ngsi_ld.writing import write_instance

#: Of numbers of one dataset of an attribute: method to (value, start, end), in order of time.
Sums = Mapping[str, Sequence[tuple[float, datetime, datetime]]]
_PLURAL: Final = {kind: name + "s" for kind, name in VALUE_MEMBER.items()}
#: Kinds of which a bare value would not say what it is: in lists they stand with the name of their member.
_NAMED: Final = (Kind.LANGUAGE, Kind.JSON, Kind.VOCAB)


@dataclass(frozen=True, slots=True)
class Evolution:
    """The past of an entity: `document.attributes` hold instances in order of time, many of one dataset.

    `sums` replaces them in the aggregated form: by attribute, for each dataset its kind and sums.
    """

    document: Document
    sums: Mapping[str, Sequence[tuple[Kind, str, Sums]]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The part of the past that is told at once (clause 6.3.10)."""

    start: datetime
    end: datetime
    size: int | None

    @property
    def header(self) -> str:
        """The value of Content-Range."""
        return (
            f"date-time {instant(self.start)}-{instant(self.end)}/{'*' if self.size is None else self.size}"
        )


def moment_of(one: Instance, timeproperty: str) -> datetime | None:
    """The instant of an instance that the query looks at."""
    if timeproperty == "createdAt":
        return one.created_at
    if timeproperty == "modifiedAt":
        return one.modified_at
    return one.deleted_at if timeproperty == "deletedAt" else one.observed_at


def cut(
    evolutions: Sequence[Evolution], query: TemporalQuery, most: int
) -> tuple[list[Evolution], Page | None]:
    """At most `most` instances in all: the first in time, or with `lastN` the last; None when all are there.

    What has one instant stays together, so that asking on from the end of the page gives the rest.
    """
    moments = sorted(
        moment
        for evolution in evolutions
        for many in evolution.document.attributes.values()
        for one in many
        if (moment := moment_of(one, query.timeproperty)) is not None
    )
    if len(moments) <= most:
        return list(evolutions), None
    backwards = query.last_n is not None
    if backwards:
        moments.reverse()
    edge = moments[most - 1]
    if moments[most] == edge and moments[0] != edge:
        edge = next(one for one in reversed(moments[:most]) if one != edge)

    def kept(one: Instance) -> bool:
        moment = moment_of(one, query.timeproperty)
        return moment is not None and (moment >= edge if backwards else moment <= edge)

    shorter = [
        Evolution(
            with_fields(
                one.document,
                attributes={
                    name: [instance for instance in many if kept(instance)]
                    for name, many in one.document.attributes.items()
                },
            )
        )
        for one in evolutions
    ]
    return shorter, _page(query, moments[0], edge)


def _page(query: TemporalQuery, first: datetime, edge: datetime) -> Page:
    asked = query.time_at
    if query.last_n is None:
        start = asked if asked is not None and query.relation in ("after", "between") else first
        return Page(start, edge, None)
    start = first
    if query.relation == "before" and asked is not None:
        start = asked
    elif query.relation == "between" and query.end_time_at is not None:
        start = query.end_time_at
    return Page(start, edge, query.last_n)


def write_evolution(
    evolution: Evolution, context: Context, show: Presentation, query: TemporalQuery
) -> dict[str, Any]:
    """The temporal representation of one entity in the form asked for."""
    document = evolution.document
    told: dict[str, Any] = {}
    if _wanted("id", show.pick, show.omit):
        told["id"] = document.id
    if document.types and _wanted("type", show.pick, show.omit):
        types = [context.compact(one) for one in document.types]
        told["type"] = types[0] if len(types) == 1 else types
    if query.sys_attrs:
        for member, moment in (("createdAt", document.created_at), ("modifiedAt", document.modified_at)):
            if moment is not None and (show.omit is None or member not in show.omit):
                told[member] = instant(moment)
    if evolution.sums is not None:
        for name, parts in evolution.sums.items():
            if _wanted(name, show.pick, show.omit):
                told[context.compact(name)] = _aggregated(parts)
        return told
    for name, many in document.attributes.items():
        if not _wanted(name, show.pick, show.omit):
            continue
        if query.form is TemporalForm.VALUES:
            told[context.compact(name)] = _values(many, context, query.timeproperty)
        else:
            normalized = Presentation(sys_attrs=query.sys_attrs, lang=show.lang)
            told[context.compact(name)] = [
                write_instance(_with_time(one, query.timeproperty), context, normalized) for one in many
            ]
    return told


def _wanted(member: str, pick: Projection | None, omit: Projection | None) -> bool:
    return (pick is None or member in pick) and (omit is None or member not in omit)


def _with_time(one: Instance, timeproperty: str) -> Instance:
    return one if timeproperty == "deletedAt" or one.deleted_at is None else with_fields(one, deleted_at=None)


def _values(many: list[Instance], context: Context, timeproperty: str) -> Any:
    """The simplified temporal representation (clause 4.5.8): lists of a value and its instant."""
    groups: dict[str, list[Instance]] = {}
    for one in many:
        groups.setdefault(one.dataset_id, []).append(one)
    parts = []
    for dataset, instances in groups.items():
        kind = instances[-1].kind
        part: dict[str, Any] = {"type": kind.value}
        if dataset:
            part["datasetId"] = dataset
        part[_PLURAL[kind]] = [
            [_value(one, context), instant(moment)]
            for one in instances
            if (moment := moment_of(one, timeproperty)) is not None
        ]
        parts.append(part)
    if not parts:
        return {"type": Kind.PROPERTY.value, "values": []}
    return parts[0] if len(parts) == 1 else parts


def _value(one: Instance, context: Context) -> Any:
    value = one.value
    if one.kind is Kind.VOCAB and value != NULL:
        many = isinstance(value, list)
        value = [context.compact(word) for word in value] if many else context.compact(value)
    if one.kind is Kind.LIST_RELATIONSHIP and isinstance(value, list):
        value = [{"object": target} for target in value]
    return {VALUE_MEMBER[one.kind]: value} if one.kind in _NAMED else value


def _stretches(rows: Iterable[tuple[float, datetime, datetime]]) -> list[list[Any]]:
    told: list[list[Any]] = []
    last, text = None, ""
    for value, start, end in rows:
        began = text if start == last else instant(start)  # most begin where the one before ended
        last, text = end, instant(end)
        told.append([value, began, text])
    return told


def _aggregated(parts: Iterable[tuple[Kind, str, Sums]]) -> Any:
    """The aggregated temporal representation (clause 4.5.19)."""
    written = []
    for kind, dataset, sums in parts:
        part: dict[str, Any] = {"type": kind.value}
        if dataset:
            part["datasetId"] = dataset
        for method, rows in sums.items():
            part[method] = _stretches(rows)
        written.append(part)
    return written[0] if len(written) == 1 else written
