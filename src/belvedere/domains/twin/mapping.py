"""How the fields of a device's messages become attributes of its thing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from belvedere.domains.twin.attributes import blank, described
from belvedere.domains.twin.describing import descriptions, expand_term
from belvedere.domains.twin.drafts import FieldDraft
from belvedere.domains.twin.errors import BadMapping
from belvedere.domains.twin.models import Attribute, Device, Entity
from belvedere.domains.twin.states import ValueType
from belvedere.domains.twin.units import UNITS, conversion, symbol
from belvedere.kernel.errors import N_

MOST_FIELDS = 100
LONGEST_NAME = 80
INSTANTS = frozenset({"t", "observedAt", "time"})  # say when, never what
Fields = Mapping[str, FieldDraft]


def usual_fields(kind: str) -> dict[str, FieldDraft]:
    """What a thing of this kind usually tells, each under its own term."""
    found = descriptions().get(kind)
    return {} if found is None else {term: FieldDraft(term) for term in found.usual}


def checked(entity: Entity, fields: Fields) -> dict[str, dict[str, Any]]:
    """The mapping as it is kept; refuses what cannot be read."""
    if not fields:
        raise BadMapping(N_("Say at least one field that the device sends."), field="fields")
    if len(fields) > MOST_FIELDS:
        raise BadMapping(N_("A device has {most} fields at most."), most=MOST_FIELDS, field="fields")
    terms = [expand_term(entity.kind, draft.term.strip()) for draft in fields.values()]
    if len(set(terms)) < len(terms):
        raise BadMapping(N_("Two fields would write the same attribute. Keep one of them."), field="fields")
    return {name: _field(entity, name, draft) for name, draft in fields.items()}


def _field(entity: Entity, name: str, draft: FieldDraft) -> dict[str, Any]:
    term = draft.term.strip()
    if not name or len(name) > LONGEST_NAME or name in INSTANTS:
        raise BadMapping(
            N_("“{name}” cannot be the name of a field: it is empty, too long, or says when."),
            name=name[:LONGEST_NAME],
        )
    if not term or len(term) > 120 or any(letter.isspace() for letter in term):
        raise BadMapping(N_("The field “{name}” leads to no attribute."), name=name)
    known = described(entity.kind, term)
    kind = known.kind if known is not None else _kind(name, draft)
    kept = known.unit if known is not None else draft.unit
    if draft.unit and draft.unit not in UNITS:
        raise BadMapping(
            N_("“{unit}” is not a unit known here. Give a UN/CEFACT code such as CEL or MTR."),
            unit=draft.unit,
        )
    factor, offset = _turning(name, draft, kept)
    return {
        "term": term,
        "kind": str(kind),
        "unit": draft.unit or kept,
        "factor": factor,
        "offset": offset,
        "dataset": "",
    }


def _kind(name: str, draft: FieldDraft) -> ValueType:
    try:
        return ValueType(draft.kind or "number")
    except ValueError:
        raise BadMapping(
            N_("The field “{name}” is neither a number, a text, a boolean nor an object."), name=name
        ) from None


def _turning(name: str, draft: FieldDraft, kept: str) -> tuple[float, float]:
    if draft.factor is not None or draft.offset is not None:
        factor = 1.0 if draft.factor is None else float(draft.factor)
        offset = 0.0 if draft.offset is None else float(draft.offset)
        if not (math.isfinite(factor) and math.isfinite(offset)) or factor == 0:
            raise BadMapping(N_("The factor of “{name}” must be a number other than 0."), name=name)
        return factor, offset
    turned = conversion(draft.unit or kept, kept)
    if turned is None:
        raise BadMapping(
            N_("“{name}” is sent in {given}, but its attribute is kept in {kept}. Choose another unit."),
            name=name,
            given=symbol(draft.unit) or draft.unit,
            kept=symbol(kept) or kept,
        )
    return turned


def connect(
    device: Device, fields: dict[str, dict[str, Any]], held: dict[tuple[str, str], Attribute], at: datetime
) -> tuple[list[Attribute], list[Attribute]]:
    """Attributes to create and to hand to this device, none saved; fills each field's dataset.

    `held`: the attributes of the thing by name and dataset. What another device tells already goes into a
    dataset of this one's own, so that two devices never write over each other.
    """
    made, handed = [], []
    entity = device.entity
    for field in fields.values():
        name = expand_term(entity.kind, field["term"])
        known = held.get((name, ""))
        if known is not None and known.device_id not in (None, device.pk):
            field["dataset"] = f"urn:ngsi-ld:Dataset:{device.key}"
            known = held.get((name, field["dataset"]))
        if known is None:
            known = blank(entity, field["term"], field["kind"], field["unit"], field["dataset"], at)
            made.append(known)
            held[name, field["dataset"]] = known
        elif known.device_id != device.pk:
            handed.append(known)
        known.device = device
    return made, handed
