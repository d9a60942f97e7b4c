"""A notification as it is sent (ETSI GS CIM 009, clauses 5.3.1, 6.3.5, 6.3.14): only what its owner may know
of at this moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace as altered

from belvedere.domains.context.public import context_document
from belvedere.domains.exchange.definition import JSON, JSON_LD, Definition
from belvedere.domains.exchange.notices import Item
from belvedere.kernel.audiences import Audience
from belvedere.standards.ngsi_ld import contexts
from belvedere.standards.ngsi_ld.asking.matching import matches
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import ABSENT, NULL, Document, Instance, Kind
from belvedere.standards.ngsi_ld.linking import gather
from belvedere.standards.ngsi_ld.problems import Problem
from belvedere.standards.ngsi_ld.vocabulary import CORE_URL
from belvedere.standards.ngsi_ld.words import instant
from belvedere.standards.ngsi_ld.writing import write_entities

Linked = Callable[[Iterable[str]], dict[str, Document]]
_encode = msgspec.json.encode


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told: a subscription with what the sending needs of it."""

    id: int
    urn: str
    territory_id: UUID
    tenant: str
    definition: Definition
    uri: str
    login: str
    endpoint: Mapping[str, Any]
    headers: Mapping[str, str]
    context: Any
    throttled: bool
    whole_s: float | None
    cooldown_s: float


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted."""

    body: bytes
    headers: Mapping[str, str]


def seen(item: Item, wanted: Definition, audience: Audience, gone: Callable[[int], bool]) -> Item | None:
    """What of a thing its owner may know of now; None for nothing. `gone`: whether who sees it is known only
    from the notice, because the thing is not there any more."""
    told_only = item.deleted_at is not None or gone(item.entity_id)
    if told_only and not audience.sees(item.owner_id, item.visibility):
        return None
    hidden = {name for name, closer in item.kept.items() if not audience.sees(item.owner_id, closer)}
    if not hidden:
        return item
    if wanted.watched and wanted.watched <= hidden:
        return None
    left = altered(item.document, attributes=_without(item.document.attributes, hidden))
    if item.deleted_at is None and not matches(wanted.query, left):
        return None
    return altered(
        item, document=left, gone=_without(item.gone, hidden), previous=_without(item.previous, hidden)
    )


def message(to: Addressee, items: Iterable[Item], at: datetime, linked: Linked) -> Message:
    """The notification of these things, as it is sent (clause 5.3.1)."""
    show = to.definition.presentation
    context, named = _context(to)
    documents = [_told(item, context, sys_attrs=show.sys_attrs) for item in items]
    inside, beside = gather(documents, show, linked)
    data = write_entities(documents, context, show, inside)
    if beside:  # `attributes` are those of the things that changed
        told = write_entities((), context, replace(show, attrs=frozenset()), beside=beside)
        if show.geojson:
            data["features"] += told["features"]
        else:
            data += told
    body = {
        "id": f"urn:ngsi-ld:Notification:{uuid4()}",
        "type": "Notification",
        "subscriptionId": to.urn,
        "notifiedAt": instant(at),
        "data": data,
    }
    headers = {**to.headers, "Content-Type": to.definition.accept, "NGSILD-Tenant": to.tenant}
    if to.definition.accept == JSON:
        headers["Link"] = contexts.link_header(named)
    elif to.definition.accept == JSON_LD:
        for one in data:
            one["@context"] = to.context or CORE_URL
        body["@context"] = to.context or CORE_URL
    return Message(_encode(body), headers)


def latest(items: Iterable[Item]) -> list[Item]:
    """Of each thing the latest, in the order of their latest."""
    found: dict[int, Item] = {}
    for item in items:
        found.pop(item.entity_id, None)
        found[item.entity_id] = item
    return list(found.values())


def _context(to: Addressee) -> tuple[Context, str]:
    """The context of what is sent, and the address that names it. Where none does, or it is not to be had
    any more, the core context: names are then written out, which is right everywhere."""
    value = to.context
    urls = [one for one in (value if isinstance(value, list) else [value]) if one is not None]
    urls = [one for one in urls if not (isinstance(one, str) and contexts.is_core(one))]
    named = len(urls) == 1 and isinstance(urls[0], str)
    if to.definition.accept == JSON and urls and not named:
        return contexts.core(), CORE_URL
    try:
        context = contexts.build(value, context_document)
    except Problem:
        return contexts.core(), CORE_URL
    if not urls:
        return context, value if isinstance(value, str) else CORE_URL
    return context, urls[0] if named else CORE_URL


def _told(item: Item, context: Context, *, sys_attrs: bool) -> Document:
    """The document of an item, with what went as NGSI-LD Null and what was before beside it."""
    document = item.document
    if not item.gone and not item.previous and item.deleted_at is None:
        return document
    attributes = dict(document.attributes)
    for name, before in item.previous.items():
        values = {one.dataset_id: _before(one, context) for one in before}
        attributes[name] = [
            altered(one, previous=values[one.dataset_id]) if one.dataset_id in values else one
            for one in attributes.get(name, ())
        ]
    whole = item.deleted_at is not None
    at = (item.deleted_at or document.modified_at) if sys_attrs else None
    for name, lost in item.gone.items():
        left = attributes.get(name, [])
        shown = name in item.previous
        if not left and len(lost) > 1 and not whole:
            lost = [altered(lost[0], dataset_id="")]
        attributes[name] = [
            *left,
            *(_null(one, at, _before(one, context) if shown else ABSENT, whole=whole) for one in lost),
        ]
    attributes = {name: many for name, many in attributes.items() if many}
    return altered(document, attributes=attributes, deleted_at=item.deleted_at)


def _before(one: Instance, context: Context) -> Any:
    """The value of an instance as it is written."""
    if one.kind is not Kind.VOCAB:
        return one.value
    return (
        [context.compact(word) for word in one.value]
        if isinstance(one.value, list)
        else context.compact(one.value)
    )


def _null(one: Instance, at: datetime | None, previous: Any, *, whole: bool) -> Instance:
    value: Any = {"@none": NULL} if one.kind is Kind.LANGUAGE and not whole else NULL
    return Instance(
        kind=one.kind,
        value=value,
        dataset_id=one.dataset_id,
        created_at=one.created_at,
        modified_at=one.modified_at,
        deleted_at=at,
        previous=previous,
    )


def _without(attributes: Mapping[str, Any], hidden: set[str]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if name not in hidden}
