"""What an instance of NGSI-LD says, as the columns of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from belvedere.domains.twin.attributes import level_of_value
from belvedere.domains.twin.describing import AttributeDescription, descriptions
from belvedere.domains.twin.documents.held import ROW_KINDS, WHOLE
from belvedere.domains.twin.errors import BadForecast
from belvedere.domains.twin.forecasts import forecast_or_none, turned
from belvedere.domains.twin.states import Level, ValueType
from belvedere.domains.twin.units import conversion
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.standards.ngsi_ld.documents import Instance, Kind, pack_sub

LONGEST_NAME = 300
_LAST = re.compile(r"[/#:]")


class Said(msgspec.Struct, gc=False):
    """The columns of `twin_attribute` that a value sets. `v`: the value in a list of one, or None."""

    id: int
    kind: str
    value_kind: str
    number: float | None
    v: list[Any] | None
    unit: str
    observed_at: datetime | None
    received_at: datetime
    modified_at: datetime
    sub: dict[str, Any]


class New(Said, gc=False):
    """The columns of a new row."""

    entity_id: int = 0
    name: str = ""
    term: str = ""
    dataset_id: str = ""
    created_at: datetime | None = None
    level: int = 0
    alarm_low: float | None = None
    watch_low: float | None = None
    watch_high: float | None = None
    alarm_high: float | None = None
    watch_values: list[str] | None = None
    alarm_values: list[str] | None = None


@cache
def _by_iri(kind: str) -> Mapping[str, AttributeDescription]:
    found = descriptions().get(kind)
    return {} if found is None else {one.iri: one for one in found.attributes.values()}


def described_as(kind: str, name: str) -> AttributeDescription | None:
    """What the description of a kind says of an attribute, by its IRI."""
    return _by_iri(kind).get(name) if kind else None


def term_of(kind: str, name: str) -> str:
    """The short name of an attribute."""
    known = described_as(kind, name)
    return known.term if known is not None else (_LAST.split(name)[-1] or name)[-120:]


def _forecast_as_kept(known: AttributeDescription | None, value: Any, unit: str) -> tuple[Any, str]:
    """A forecast in the unit of what it is of, like the numbers that it foretells; anything else as it is."""
    if known is None or not known.forecast_of or unit in ("", known.unit) or forecast_or_none(value) is None:
        return value, unit
    turn = conversion(unit, known.unit)
    if turn is None:
        return value, unit
    factor, offset = turn
    try:
        return turned(value, lambda number: number * factor + offset), known.unit
    except BadForecast:
        return value, unit


def columns(kind: str, name: str, one: Instance, number: int, at: datetime) -> dict[str, Any]:
    """The fields of `Said` for an instance of a thing of `kind`; numbers in the unit of their description."""
    value, unit = one.value, one.unit
    figure: float | None = None
    if one.kind is not Kind.PROPERTY:
        value_kind = ValueType.TEXT if isinstance(value, str) else ValueType.OBJECT
    elif isinstance(value, bool):
        value_kind = ValueType.BOOLEAN
    elif isinstance(value, str):
        value_kind = ValueType.TEXT
    elif isinstance(value, float) or (isinstance(value, int) and -WHOLE < value < WHOLE):
        value_kind, figure = ValueType.NUMBER, float(value)
        known = described_as(kind, name)
        if known is not None and known.unit and unit != known.unit:
            turned = conversion(unit, known.unit) if unit else (1.0, 0.0)
            if turned is not None:
                figure, unit = figure * turned[0] + turned[1], known.unit
    else:
        value_kind = ValueType.OBJECT
        value, unit = _forecast_as_kept(described_as(kind, name), value, unit)
    if len(unit) > 12:
        raise InvalidInput(
            N_("“{unit}” is too long for a code of a unit (12 letters at most)."), unit=unit[:40]
        )
    return {
        "id": number,
        "kind": ROW_KINDS[one.kind],
        "value_kind": value_kind.value,
        "number": figure,
        "v": None if figure is not None else [value],
        "unit": unit,
        "observed_at": one.observed_at,
        "received_at": at,
        "modified_at": one.modified_at or at,
        "sub": pack_sub(one),
    }


def said(kind: str, name: str, one: Instance, number: int, at: datetime) -> Said:
    """A row that is there, with what it says now."""
    return Said(**columns(kind, name, one, number, at))


def new(kind: str, entity_id: int, name: str, one: Instance, number: int, at: datetime) -> New:
    """A row that is to be added."""
    if len(name) > LONGEST_NAME or len(one.dataset_id) > LONGEST_NAME:
        raise InvalidInput(
            N_("A name or datasetId is too long: {most} letters at most, once it is written out."),
            most=LONGEST_NAME,
        )
    row = New(
        **columns(kind, name, one, number, at),
        entity_id=entity_id,
        name=name,
        term=term_of(kind, name),
        dataset_id=one.dataset_id,
        created_at=one.created_at or at,
    )
    known = described_as(kind, name)
    if known is not None:
        row.alarm_low, row.watch_low = known.alarm_low, known.watch_low
        row.watch_high, row.alarm_high = known.watch_high, known.alarm_high
        row.watch_values = list(known.watch_values) or None
        row.alarm_values = list(known.alarm_values) or None
        row.level = int(_level(row))
    return row


def _level(row: New) -> Level:
    return level_of_value(
        row.number,
        row.v[0] if row.v else None,
        (row.alarm_low, row.watch_low, row.watch_high, row.alarm_high),
        row.watch_values,
        row.alarm_values,
    )
