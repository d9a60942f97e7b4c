"""The order of an answer (ETSI GS CIM 009, clause 4.23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.geo import distance_to
from belvedere.standards.ngsi_ld.asking.matching import values_at
from belvedere.standards.ngsi_ld.asking.q import MEMBERS
from belvedere.standards.ngsi_ld.asking.trees import Order, Path
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.words import expand_name

_ENTITY: Final = ("id", "type", "scope", "createdAt", "modifiedAt")
_WAYS: Final = ("asc", "desc", "dist-asc", "dist-desc")
_MOST: Final = 8


def read_order(text: str, context: Context, reference: Mapping[str, Any] | None = None) -> tuple[Order, ...]:
    """`type;asc,name.sub;desc`; with `dist-asc` and `dist-desc` the distance from `reference`, a GeoJSON
    geometry, counts."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > _MOST:
        raise BadRequestData(N_("“orderBy” has at most {most} parts."), most=_MOST)
    return tuple(_part(part, context, reference) for part in parts)


def _part(text: str, context: Context, reference: Mapping[str, Any] | None) -> Order:
    said, _, way = text.partition(";")
    way = way or "asc"
    if way not in _WAYS or (way.startswith("dist") and reference is None):
        raise BadRequestData(N_("“{name}” knows only {known}."), name="orderBy", known=list(_WAYS))
    said, bracket, inside = said.partition("[")
    names = [said] if "://" in said else said.split(".")
    if not all(names) or (bracket and not inside.endswith("]")):
        raise BadRequestData(N_("“orderBy” cannot be read: {text}"), text=text[:80])
    if len(names) == 1 and said in _ENTITY:
        expanded = names
    else:
        expanded = [expand_name(names[0], context)]
        expanded += [one if one in MEMBERS else expand_name(one, context) for one in names[1:]]
    return Order(
        path=Path(tuple(expanded), tuple(inside[:-1].split(".")) if bracket else ()),
        descending=way.endswith("desc"),
        near=dict(reference) if reference is not None and way.startswith("dist") else None,
    )


def sort_documents(documents: Sequence[Document], order: Sequence[Order]) -> list[Document]:
    """In that order; those without a value come last, whichever way."""
    found = list(documents)
    for one in reversed(order):
        keys = {id(document): _key(one, document) for document in found}
        told = [document for document in found if keys[id(document)] is not None]
        silent = [document for document in found if keys[id(document)] is None]
        told.sort(key=lambda document, keys=keys: keys[id(document)], reverse=one.descending)  # type: ignore[misc]
        found = told + silent
    return found


def _key(order: Order, document: Document) -> tuple[int, Any] | None:
    first = order.path.names[0]
    if first == "id":
        return 3, document.id
    if first in ("type", "scope"):
        many = document.types if first == "type" else document.scopes or ()
        return (3, many[0]) if many else None
    value = next(iter(values_at(order.path, document)), None)
    if isinstance(value, list):
        value = value[0] if value else None
    if order.near is not None:
        return (1, distance_to(value, order.near)) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return 0, value
    if isinstance(value, int | float):
        return 1, value
    if isinstance(value, datetime):
        return 2, value.timestamp()
    return (3, value) if isinstance(value, str) else None
