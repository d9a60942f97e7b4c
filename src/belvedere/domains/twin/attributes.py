"""Rows of attributes, made from descriptions and from what someone says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from belvedere.domains.twin.describing import AttributeDescription, descriptions, expand_term
from belvedere.domains.twin.drafts import AttributeDraft
from belvedere.domains.twin.errors import BadAttribute, OlderThanShown
from belvedere.domains.twin.models import Attribute, Entity
from belvedere.domains.twin.states import AttributeKind, Level, ValueType
from belvedere.domains.twin.units import UNITS, conversion, symbol
from belvedere.kernel.errors import N_

LARGEST_VALUE = 64 * 1024  # bytes of JSON

_RESTATE = """
    WITH went AS (
        UPDATE twin_entity e
        SET state = s.state, state_since = %(at)s
        FROM twin_entity before JOIN (
            SELECT a.entity_id, (ARRAY['normal', 'watch', 'alarm'])[1 + max(a.level)] AS state
            FROM twin_attribute a WHERE a.entity_id = ANY(%(things)s) GROUP BY a.entity_id
        ) s ON s.entity_id = before.id
        WHERE e.id = before.id AND e.state <> s.state AND e.state <> 'silent'
        RETURNING e.id, before.state AS before, s.state AS after
    )
    INSERT INTO twin_passage (entity_id, at, before, after) SELECT id, %(at)s, before, after FROM went
"""


def described(kind: str, term: str) -> AttributeDescription | None:
    """What the description of a kind says of a term, None where it says nothing."""
    found = descriptions().get(kind)
    return None if found is None else found.attributes.get(term)


def blank(entity: Entity, term: str, value_kind: str, unit: str, dataset_id: str, at: datetime) -> Attribute:
    """An attribute without a value, as its description has it; `value_kind` and `unit` where none does."""
    known = described(entity.kind, term)
    row = Attribute(
        entity=entity,
        name=expand_term(entity.kind, term),
        term=term,
        dataset_id=dataset_id,
        kind=AttributeKind.PROPERTY,
        value_kind=known.kind if known is not None else (value_kind or ValueType.NUMBER),
        unit=known.unit if known is not None else unit,
        created_at=at,
        modified_at=at,
    )
    if known is not None:
        if known.relationship:
            row.kind = AttributeKind.RELATIONSHIP
        row.alarm_low, row.watch_low = known.alarm_low, known.watch_low
        row.watch_high, row.alarm_high = known.watch_high, known.alarm_high
        row.watch_values = list(known.watch_values) or None
        row.alarm_values = list(known.alarm_values) or None
    return row


def say(row: Attribute, draft: AttributeDraft, at: datetime) -> None:
    """Put what someone says into a row (not saved); refuses what it cannot hold or what is older."""
    if draft.observed_at is not None:
        if draft.observed_at.tzinfo is None:
            raise BadAttribute(N_("The instant of “{term}” has no time zone. Add one."), term=draft.term)
        if row.observed_at is not None and draft.observed_at < row.observed_at:
            raise OlderThanShown(
                N_("The value given for “{term}” is older than the one shown. Nothing was changed."),
                term=draft.term,
            )
    row.kind, row.sub, row.visibility = draft.kind, dict(draft.sub), draft.visibility
    row.observed_at, row.received_at, row.modified_at, row.note = draft.observed_at, at, at, ""
    if isinstance(draft.value, bool) or not isinstance(draft.value, int | float):
        row.number, row.value = None, _json(draft)
        row.value_kind = _kind_of(draft.value)
        row.unit = draft.unit or row.unit
    else:
        row.number, row.value = _in_kept_unit(row, draft, float(draft.value)), None
        row.value_kind = ValueType.NUMBER
    row.level = level_of(row)


def _kind_of(value: Any) -> ValueType:
    if isinstance(value, bool):
        return ValueType.BOOLEAN
    return ValueType.TEXT if isinstance(value, str) else ValueType.OBJECT


def _json(draft: AttributeDraft) -> Any:
    try:
        text = json.dumps(draft.value, allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (TypeError, ValueError) as error:
        raise BadAttribute(N_("The value of “{term}” is not JSON."), term=draft.term) from error
    if draft.value is None or size > LARGEST_VALUE or "\\u0000" in text:
        raise BadAttribute(
            N_("The value of “{term}” is empty, too large (64 KiB at most) or holds a NUL character."),
            term=draft.term,
        )
    return draft.value


def _in_kept_unit(row: Attribute, draft: AttributeDraft, number: float) -> float:
    if not math.isfinite(number):
        raise BadAttribute(N_("The value of “{term}” is not a number that can be kept."), term=draft.term)
    if not draft.unit or draft.unit == row.unit:
        return number
    if draft.unit not in UNITS:
        raise BadAttribute(
            N_("“{unit}” is not a unit known here. Give a UN/CEFACT code such as CEL or MTR."),
            unit=draft.unit,
        )
    if not row.unit:
        row.unit = draft.unit
        return number
    turned = conversion(draft.unit, row.unit)
    if turned is None:
        raise BadAttribute(
            N_("“{term}” is kept in {kept}; {given} does not convert to it."),
            term=draft.term,
            kept=symbol(row.unit) or row.unit,
            given=symbol(draft.unit) or draft.unit,
        )
    return number * turned[0] + turned[1]


def level_of(row: Attribute) -> Level:
    """Where a value lies by the thresholds of its row; the same rule as the one of arriving values."""
    bounds = (row.alarm_low, row.watch_low, row.watch_high, row.alarm_high)
    return level_of_value(row.number, row.value, bounds, row.watch_values, row.alarm_values)


def level_of_value(
    number: float | None,
    value: Any,
    bounds: tuple[float | None, float | None, float | None, float | None],
    watch_values: Sequence[str] | None,
    alarm_values: Sequence[str] | None,
) -> Level:
    """Where a value lies; `bounds`: alarm below, watch below, watch above, alarm above."""
    alarm_low, watch_low, watch_high, alarm_high = bounds
    if number is not None:
        if _beyond(number, alarm_low, alarm_high):
            return Level.ALARM
        return Level.WATCH if _beyond(number, watch_low, watch_high) else Level.NORMAL
    if value is None or isinstance(value, dict | list):
        return Level.NORMAL
    word = json.dumps(value) if isinstance(value, bool) else str(value)
    if word in (alarm_values or ()):
        return Level.ALARM
    return Level.WATCH if word in (watch_values or ()) else Level.NORMAL


def _beyond(number: float, low: float | None, high: float | None) -> bool:
    return (low is not None and number <= low) or (high is not None and number >= high)


def restate(entity_ids: Iterable[int], at: datetime) -> None:
    """Set the state of things (locked by the caller) from the levels of their attributes."""
    with connection.cursor() as cursor:
        cursor.execute(_RESTATE, {"at": at, "things": list(entity_ids)})


def make_all(entity: Entity, drafts: Sequence[AttributeDraft], at: datetime) -> list[Attribute]:
    """The rows (not saved) of a new thing's attributes; one of a name and dataset."""
    rows: dict[tuple[str, str], Attribute] = {}
    for draft in drafts:
        row = blank(entity, draft.term, "", draft.unit, draft.dataset_id, at)
        say(row, draft, at)
        if (row.name, row.dataset_id) in rows:
            raise BadAttribute(
                N_("“{term}” is given twice. Tell the instances apart by a datasetId."), term=draft.term
            )
        rows[row.name, row.dataset_id] = row
    return list(rows.values())
