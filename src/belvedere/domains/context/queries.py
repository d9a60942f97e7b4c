"""Questions of NGSI-LD about what things say now (ETSI GS CIM 009, clause 5.7)."""

from __future__ import annotations

from collections.abc import Iterable

from belvedere.domains.context.entity_actions import missing
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import (
    Discovered,
    FoundThings,
    discover_attributes,
    discover_types,
    document_of_held,
    find_all_things,
    find_things,
    load_things,
    one_document,
)
from belvedere.kernel.audiences import Audience
from belvedere.standards.ngsi_ld.asking.trees import Query
from belvedere.standards.ngsi_ld.documents import Document


def retrieve_entity(audience: Audience, territory: TerritoryView, urn: str) -> Document:
    """One thing as the audience sees it (5.7.1); ResourceNotFound for who may not know of it."""
    found = one_document(territory.id, urn, audience)
    if found is None:
        raise missing(urn)
    return found


def query_entities(audience: Audience, territory: TerritoryView, query: Query) -> FoundThings:
    """A page of the things that a question means (5.7.2)."""
    return find_things(audience, territory.id, query)


def all_entities(audience: Audience, territory: TerritoryView, query: Query) -> list[Document]:
    """All the things that a question means; TooComplexQuery where there are too many."""
    return list(find_all_things(audience, territory.id, query))


def entities_by_id(audience: Audience, territory: TerritoryView, urns: Iterable[str]) -> dict[str, Document]:
    """Those of these things that the audience sees, by identifier (for linked entities, 4.5.23)."""
    held = load_things(territory.id, list(urns))
    seen = {urn: document_of_held(one, audience) for urn, one in held.items()}
    return {urn: document for urn, document in seen.items() if document is not None}


def entity_types(audience: Audience, territory: TerritoryView, only: str = "") -> list[Discovered]:
    """The types there are (5.7.5 to 5.7.7), by IRI."""
    return discover_types(audience, territory.id, only)


def attribute_names(audience: Audience, territory: TerritoryView, only: str = "") -> list[Discovered]:
    """The attributes there are (5.7.8 to 5.7.10), by IRI."""
    return discover_attributes(audience, territory.id, only)
