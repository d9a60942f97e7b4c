"""Documents to JSON (ETSI GS CIM 009, clauses 4.5.1 to 4.5.24, 4.15, 4.21): normalized, concise, simplified,
GeoJSON; with linked entities inside or beside. Nothing here adds `@context`: the caller does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import ABSENT, NULL, Document, Instance, Kind
from belvedere.standards.ngsi_ld.instances import VALUE_MEMBER
from belvedere.standards.ngsi_ld.shown import Form, Presentation, Projection, choose, languages
from belvedere.standards.ngsi_ld.words import instant

__all__ = ["instant", "write_attribute", "write_entities", "write_entity", "write_instance"]

_PREVIOUS: Final = {kind: f"previous{name[0].upper()}{name[1:]}" for kind, name in VALUE_MEMBER.items()}
Linked = Mapping[str, Document]
_NOTHING: Final[Linked] = {}


def write_entity(
    document: Document, context: Context, show: Presentation, linked: Linked = _NOTHING
) -> dict[str, Any]:
    """One entity; `linked` holds the documents its relationships may be written with (`join=inline`)."""
    members = _entity(document, context, show, linked, show.pick, show.omit, show.join_level, ())
    return _feature(document, members, show) if show.geojson else members


def write_entities(
    documents: Iterable[Document],
    context: Context,
    show: Presentation,
    linked: Linked = _NOTHING,
    beside: Iterable[tuple[Document, Projection | None, Projection | None]] = (),
) -> Any:
    """Many entities: a list, or a FeatureCollection; `beside` are linked ones with what is picked and omitted
    of each (`join=flat`). An entity of which nothing is picked is left out (clause 4.21)."""
    told: list[dict[str, Any]] = []
    for document in documents:
        members = _entity(document, context, show, linked, show.pick, show.omit, show.join_level, ())
        if members or not show.pick:
            told.append(_feature(document, members, show) if show.geojson else members)
    for document, pick, omit in beside:
        members = _entity(document, context, show, _NOTHING, pick, omit, 0, ())
        told.append(_feature(document, members, show) if show.geojson else members)
    return {"type": "FeatureCollection", "features": told} if show.geojson else told


def _entity(
    document: Document,
    context: Context,
    show: Presentation,
    linked: Linked,
    pick: Projection | None,
    omit: Projection | None,
    level: int,
    above: tuple[str, ...],
) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if _wanted("id", pick, omit):
        told["id"] = document.id
    if document.types and _wanted("type", pick, omit):
        types = document.types
        told["type"] = (
            context.compact(types[0]) if len(types) == 1 else [context.compact(one) for one in types]
        )
    if document.scopes and _wanted("scope", pick, omit):
        told["scope"] = document.scopes[0] if len(document.scopes) == 1 else list(document.scopes)
    if document.expires_at and _wanted("expiresAt", pick, omit):
        told["expiresAt"] = instant(document.expires_at)
    if document.deleted_at:
        told["deletedAt"] = instant(document.deleted_at)
    if show.sys_attrs or pick:
        _instants(told, document, show, pick, omit)
    attrs = show.attrs if not above else frozenset[str]()
    compact, simplified = context.compact, show.form is Form.SIMPLIFIED
    for name, instances in document.attributes.items():
        if attrs and name not in attrs:
            continue
        if pick is not None and name not in pick:
            continue
        if omit is not None and name in omit and omit[name] is None:
            continue
        if show.dataset_ids is not None:
            instances = [one for one in instances if one.dataset_id in show.dataset_ids]
        if not instances:
            continue
        if linked and level > 0 and instances[0].kind in (Kind.RELATIONSHIP, Kind.LIST_RELATIONSHIP):
            deeper = (pick.get(name) if pick else None, omit.get(name) if omit else None)
            told[compact(name)] = _joined(
                instances, context, show, linked, deeper, level, (*above, document.id)
            )
        elif len(instances) == 1 and not simplified:  # nearly all
            told[compact(name)] = write_instance(instances[0], context, show)
        else:
            told[compact(name)] = write_attribute(instances, context, show)
    return told


def _wanted(member: str, pick: Projection | None, omit: Projection | None) -> bool:
    return (pick is None or member in pick) and (omit is None or member not in omit)


def _instants(
    told: dict[str, Any],
    document: Document,
    show: Presentation,
    pick: Projection | None,
    omit: Projection | None,
) -> None:
    for member, moment in (("createdAt", document.created_at), ("modifiedAt", document.modified_at)):
        picked = pick is not None and member in pick
        if moment is not None and (picked or (show.sys_attrs and (omit is None or member not in omit))):
            told[member] = instant(moment)


def _feature(document: Document, members: dict[str, Any], show: Presentation) -> dict[str, Any]:
    """A GeoJSON Feature (clause 4.5.16)."""
    geometry = None
    for one in document.attributes.get(show.geometry_property, ()):
        if one.kind is Kind.GEO and (show.dataset_ids is None or one.dataset_id in show.dataset_ids):
            geometry = one.value
            break
    properties = {key: value for key, value in members.items() if key != "id"}
    return {"id": document.id, "type": "Feature", "geometry": geometry, "properties": properties}


def _joined(
    instances: list[Instance],
    context: Context,
    show: Presentation,
    linked: Linked,
    deeper: tuple[Projection | None, Projection | None],
    level: int,
    above: tuple[str, ...],
) -> Any:
    """A relationship with the entities it points to (clause 4.5.23.2)."""
    written = []
    for one in instances:
        targets = one.value if isinstance(one.value, list) else [one.value]
        found = [
            _entity(linked[target], context, show, linked, *deeper, level - 1, above)
            for target in targets
            if target in linked and target not in above and target not in show.contained_by
        ]
        member = write_instance(one, context, show)
        if not found:
            written.append(member)
        elif show.form is Form.SIMPLIFIED:
            written.append(found if isinstance(one.value, list) else found[0])
        else:
            name = "entityList" if one.kind is Kind.LIST_RELATIONSHIP else "entity"
            member[name] = found if isinstance(one.value, list) else found[0]
            written.append(member)
    return _several(instances, written, show)


def write_attribute(instances: list[Instance], context: Context, show: Presentation) -> Any:
    """All instances of an attribute: the one there is, or a list (clauses 4.5.5, 5.2.5)."""
    if len(instances) == 1 and not (show.form is Form.SIMPLIFIED and instances[0].dataset_id):
        return write_instance(instances[0], context, show)
    return _several(instances, [write_instance(one, context, show) for one in instances], show)


def _several(instances: list[Instance], written: list[Any], show: Presentation) -> Any:
    if len(written) == 1:
        return written[0]
    if show.form is Form.SIMPLIFIED:
        return {
            "dataset": {one.dataset_id or "@none": told for one, told in zip(instances, written, strict=True)}
        }
    if show.form is Form.CONCISE:  # a bare value in a list would read as one value that is a list
        return [told if _is_instance(told) else {"value": told} for told in written]
    return written


def _is_instance(told: Any) -> bool:
    return isinstance(told, dict) and "coordinates" not in told and "geometries" not in told


def write_instance(one: Instance, context: Context, show: Presentation) -> Any:
    """One instance in the form asked for."""
    kind, value = one.kind, one.value
    if kind is Kind.PROPERTY and show.form is Form.NORMALIZED and one.previous is ABSENT:  # nearly all
        plain = {"type": "Property", "value": value}
        _meta(plain, one, context, show)
        return plain
    if kind is Kind.VOCAB and value is not NULL:
        value = (
            [context.compact(word) for word in value] if isinstance(value, list) else context.compact(value)
        )
    lang = None
    if kind is Kind.LANGUAGE and show.lang and isinstance(value, dict):
        lang = choose(value, languages(show.lang))
        kind, value = Kind.PROPERTY, value.get(lang, "") if lang else ""
    if show.form is Form.SIMPLIFIED:
        return _simplified(kind, value)
    if kind is Kind.LIST_RELATIONSHIP and isinstance(value, list):
        value = [{"object": target} for target in value]
    told: dict[str, Any] = {"type": kind.value} if show.form is Form.NORMALIZED else {}
    told[VALUE_MEMBER.get(kind, "value")] = value
    if lang:
        told["lang"] = lang
    if one.previous is not ABSENT:
        told[_PREVIOUS[one.kind]] = one.previous
    _meta(told, one, context, show)
    if len(told) == 1 and (
        kind is Kind.GEO or (kind is Kind.PROPERTY and not isinstance(value, dict | list))
    ):
        return value
    return told


def _meta(told: dict[str, Any], one: Instance, context: Context, show: Presentation) -> None:
    if one.dataset_id:
        told["datasetId"] = one.dataset_id
    if one.unit:
        told["unitCode"] = one.unit
    if one.observed_at is not None:
        told["observedAt"] = instant(one.observed_at)
    if one.object_type:
        names = [context.compact(name) for name in one.object_type]
        told["objectType"] = names[0] if len(names) == 1 else names
    if one.value_type:
        told["valueType"] = context.compact(one.value_type)
    if one.instance_id:
        told["instanceId"] = one.instance_id
    if show.sys_attrs:
        _stamp(told, "createdAt", one.created_at)
        _stamp(told, "modifiedAt", one.modified_at)
    if one.deleted_at is not None:
        told["deletedAt"] = instant(one.deleted_at)
    if one.sub:
        for name, instances in one.sub.items():
            told[context.compact(name)] = write_attribute(instances, context, show)


def _stamp(told: dict[str, Any], member: str, moment: datetime | None) -> None:
    if moment is not None:
        told[member] = instant(moment)


def _simplified(kind: Kind, value: Any) -> Any:
    """Only the value (clause 4.5.4); of kinds a value alone would hide, with the name of its member."""
    if kind in (Kind.LANGUAGE, Kind.VOCAB, Kind.JSON):
        return {VALUE_MEMBER[kind]: value}
    return value
