"""Types and attributes over HTTP (clauses 6.25 to 6.28)."""

from __future__ import annotations

from typing import Any

from belvedere.domains.context.public import attribute_names, entity_types
from belvedere.faces.ngsi_ld.answers import Answer, document, wanted
from belvedere.faces.ngsi_ld.calls import Call
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import new_id
from belvedere.standards.ngsi_ld.problems import ResourceNotFound
from belvedere.standards.ngsi_ld.words import expand_name


def types(call: Call) -> Answer:
    """The types there are, or (`details=true`) with their attributes (6.25.3.1)."""
    media, context = wanted(call), call.context()
    found = entity_types(call.caller.audience, call.caller.territory)
    content: Any
    if call.flag("details"):
        content = [
            {
                "id": one.name,
                "type": "EntityType",
                "typeName": context.compact(one.name),
                "attributeNames": sorted(context.compact(name) for name in one.attributes),
            }
            for one in found
        ]
    else:
        content = {
            "id": f"urn:ngsi-ld:EntityTypeList:{new_id()}",
            "type": "EntityTypeList",
            "typeList": sorted(context.compact(one.name) for one in found),
        }
    return document(call, content, context, media=media)


def one_type(call: Call, name: str) -> Answer:
    """What is known of a type (6.26.3.1)."""
    media, context = wanted(call), call.context()
    found = entity_types(call.caller.audience, call.caller.territory, expand_name(name, context))
    if not found:
        raise ResourceNotFound(N_("There are no entities of the type {name}."), name=name)
    one = found[0]
    content = {
        "id": one.name,
        "type": "EntityTypeInfo",
        "typeName": context.compact(one.name),
        "entityCount": one.count,
        "attributeDetails": [
            {
                "id": attribute,
                "type": "Attribute",
                "attributeName": context.compact(attribute),
                "attributeTypes": sorted(one.attributes[attribute]),
            }
            for attribute in sorted(one.attributes)
        ],
    }
    return document(call, content, context, media=media)


def attributes(call: Call) -> Answer:
    """The attributes there are, or (`details=true`) with the types that have them (6.27.3.1)."""
    media, context = wanted(call), call.context()
    found = attribute_names(call.caller.audience, call.caller.territory)
    content: Any
    if call.flag("details"):
        content = [
            {
                "id": one.name,
                "type": "Attribute",
                "attributeName": context.compact(one.name),
                "typeNames": sorted(context.compact(kind) for kind in one.types),
            }
            for one in found
        ]
    else:
        content = {
            "id": f"urn:ngsi-ld:AttributeList:{new_id()}",
            "type": "AttributeList",
            "attributeList": sorted(context.compact(one.name) for one in found),
        }
    return document(call, content, context, media=media)


def one_attribute(call: Call, name: str) -> Answer:
    """What is known of an attribute (6.28.3.1)."""
    media, context = wanted(call), call.context()
    found = attribute_names(call.caller.audience, call.caller.territory, expand_name(name, context))
    if not found:
        raise ResourceNotFound(N_("No entity has the attribute {name}."), name=name)
    one = found[0]
    content = {
        "id": one.name,
        "type": "Attribute",
        "attributeName": context.compact(one.name),
        "attributeCount": one.count,
        "attributeTypes": sorted(one.kinds),
        "typeNames": sorted(context.compact(kind) for kind in one.types),
    }
    return document(call, content, context, media=media)
