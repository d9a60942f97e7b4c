"""Entities over HTTP (clauses 6.4 and 6.5)."""

from __future__ import annotations

from belvedere.domains.context.public import create_entity, retrieve_entity
from belvedere.faces.ngsi_ld.answers import Answer, created, document, wanted
from belvedere.faces.ngsi_ld.calls import GEO_JSON, Call
from belvedere.standards.ngsi_ld.reading import read_entity
from belvedere.standards.ngsi_ld.shown import read_presentation
from belvedere.standards.ngsi_ld.words import check_uri
from belvedere.standards.ngsi_ld.writing import write_entity

ENTITIES = "/ngsi-ld/v1/entities/"


def create(call: Call) -> Answer:
    """Create an entity (6.4.3.1)."""
    body, context = call.body()
    entity = read_entity(body, context)
    caller = call.caller
    create_entity(actor=caller.actor, territory=caller.territory, document=entity, owner_id=caller.owner_id())
    return created(ENTITIES + entity.id)


def retrieve(call: Call, urn: str) -> Answer:
    """Retrieve an entity (6.5.3.1)."""
    check_uri(urn)
    media = wanted(call, geojson=True)
    context = call.context()
    show = read_presentation(call.parameters, context, geojson=media == GEO_JSON)
    caller = call.caller
    found = retrieve_entity(caller.audience, caller.territory, urn)
    return document(call, write_entity(found, context, show), context, media=media)
