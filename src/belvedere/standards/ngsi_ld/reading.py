"""JSON to documents (ETSI GS CIM 009, clauses 4.5, 5.2.4 to 5.2.8, 5.5.4): normalized and concise, whole
entities, fragments and single attributes. What is not NGSI-LD is refused with a sentence."""

from __future__ import annotations

from typing import Any, Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.contexts import Context, Loader, build, parse_link
from belvedere.standards.ngsi_ld.documents import Document, Instance
from belvedere.standards.ngsi_ld.instances import read_instances
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.words import (
    check_uri,
    expand_name,
    parse_instant,
    read_scopes,
    read_types,
)

__all__ = [
    "read_attribute",
    "read_context",
    "read_entity",
    "read_fragment",
    "read_id",
    "read_temporal",
    "take_context",
]

#: Members of an entity that are not attributes (clause 5.2.4). Those the system sets are not read.
_MEMBERS: Final = frozenset(
    ("id", "@id", "type", "@type", "scope", "expiresAt", "createdAt", "modifiedAt", "deletedAt", "@context")
)


def take_context(
    body: Any, link: str | None, content_type: str, loader: Loader
) -> tuple[dict[str, Any], Context]:
    """The body, and the context to read it with (clause 6.3.5).

    With `application/json` the context comes from the Link header and may not be in the body; with
    `application/ld+json` it is in the body and may not be in the Link header; with
    `application/merge-patch+json` it is where it is.
    """
    if not isinstance(body, dict):
        raise BadRequestData(N_("The body must be a JSON object."))
    named = parse_link(link) if link else None
    inside = "@context" in body
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/ld+json":
        if not inside:
            raise BadRequestData(N_("A body of the kind application/ld+json holds an “@context”."))
        if named:
            raise BadRequestData(
                N_("With application/ld+json the @context stands in the body, not in the Link header.")
            )
    elif inside and kind != "application/merge-patch+json":
        raise BadRequestData(
            N_("A body of the kind application/json holds no “@context”; name it in the Link header.")
        )
    return body, build(body["@context"] if inside else named, loader)


def read_context(link: str | None, loader: Loader) -> Context:
    """The context of a request without a body: the one of the Link header, or the core (clause 6.3.5)."""
    return build(parse_link(link) if link else None, loader)


def read_id(body: Any) -> str:
    """The id of an entity, before anything else of it is read (for the results of a batch)."""
    if not isinstance(body, dict):
        raise BadRequestData(N_("The body must be a JSON object."))
    return check_uri(body.get("id", body.get("@id")))


def read_entity(body: Any, context: Context) -> Document:
    """A whole entity, to create or replace one (clauses 5.2.4, 5.6.1)."""
    identifier = read_id(body)
    kinds = body.get("type", body.get("@type"))
    if kinds is None:
        raise BadRequestData(N_("An entity has a “type”."))
    return _document(body, context, identifier, read_types(kinds, context), fragment=False, temporal=False)


def read_fragment(body: Any, context: Context, *, whole: bool = False) -> Document:
    """A fragment of an entity: to append (`whole`: each attribute says all it needs), to update, to merge
    (clauses 5.4, 5.6.2, 5.6.3, 5.6.17)."""
    if not isinstance(body, dict):
        raise BadRequestData(N_("The body must be a JSON object."))
    identifier = body.get("id", body.get("@id"))
    kinds = body.get("type", body.get("@type"))
    document = _document(
        body,
        context,
        "" if identifier is None else check_uri(identifier),
        () if kinds is None else read_types(kinds, context),
        fragment=not whole,
        temporal=False,
    )
    said = document.attributes or document.types or document.scopes is not None
    if not (said or document.expires_at or document.cleared):
        raise BadRequestData(N_("The body says nothing: it names no attribute, no type and no scope."))
    return document


def read_attribute(body: Any, context: Context, *, whole: bool = False) -> list[Instance]:
    """One attribute: to update it in part, or (`whole`) to replace it (clauses 5.6.4, 5.6.19)."""
    if isinstance(body, dict):
        body = {key: value for key, value in body.items() if key != "@context"}
        if not body:
            raise BadRequestData(N_("The body says nothing of the attribute."))
    return read_instances("attribute", body, context, fragment=not whole, temporal=False)


def read_temporal(body: Any, context: Context, *, whole: bool = True) -> Document:
    """The temporal representation of an entity, to create one or append to it (clauses 5.2.20, 5.6.11,
    5.6.12): an attribute may have many instances of one dataset, at different instants."""
    if not isinstance(body, dict):
        raise BadRequestData(N_("The body must be a JSON object."))
    kinds = body.get("type", body.get("@type"))
    if whole and kinds is None:
        raise BadRequestData(N_("An entity has a “type”."))
    identifier = body.get("id", body.get("@id"))
    return _document(
        body,
        context,
        check_uri(identifier) if whole or identifier is not None else "",
        () if kinds is None else read_types(kinds, context),
        fragment=False,
        temporal=True,
    )


def _document(
    body: dict[str, Any],
    context: Context,
    identifier: str,
    types: tuple[str, ...],
    *,
    fragment: bool,
    temporal: bool,
) -> Document:
    attributes: dict[str, list[Instance]] = {}
    for term, value in body.items():
        if term in _MEMBERS:
            continue
        name = expand_name(term, context)
        if name in attributes:
            raise BadRequestData(N_("“{term}” is there twice, under two names."), term=term)
        attributes[name] = read_instances(term, value, context, fragment=fragment, temporal=temporal)
    scope = body.get("scope")
    expires = body.get("expiresAt")
    cleared: frozenset[str] = frozenset()
    scopes: tuple[str, ...] | None = None
    if scope is not None:
        scopes = () if fragment and is_null(scope) else read_scopes(_scope_value(scope))
    if expires is not None and fragment and is_null(expires):
        expires, cleared = None, frozenset(("expiresAt",))
    return Document(
        id=identifier,
        types=types,
        attributes=attributes,
        scopes=scopes,
        expires_at=None if expires is None else parse_instant(expires, "expiresAt"),
        cleared=cleared,
    )


def is_null(value: Any) -> bool:
    """Whether it is the NGSI-LD Null (clause 4.5.0)."""
    return bool(value == "urn:ngsi-ld:null")


def _scope_value(scope: Any) -> Any:
    """In temporal representations a scope may be written as a Property, or several (clause 5.2.20)."""
    if isinstance(scope, dict):
        return scope.get("value")
    if isinstance(scope, list) and scope and isinstance(scope[-1], dict):
        return scope[-1].get("value")
    return scope
