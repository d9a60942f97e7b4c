"""Attributes of an entity over HTTP (clauses 6.6 and 6.7)."""

from __future__ import annotations

from belvedere.domains.context.public import (
    append_attributes,
    delete_attribute,
    partial_update,
    replace_attribute,
    update_attributes,
)
from belvedere.faces.ngsi_ld.answers import NO_CONTENT, Answer, changed
from belvedere.faces.ngsi_ld.calls import Call
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.merging import SCOPE
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.reading import read_attribute, read_fragment
from belvedere.standards.ngsi_ld.words import check_uri, expand_name


def append(call: Call, urn: str) -> Answer:
    """Append attributes (6.6.3.1)."""
    check_uri(urn)
    body, context = call.body()
    caller = call.caller
    merged = append_attributes(
        actor=caller.actor,
        territory=caller.territory,
        urn=urn,
        fragment=read_fragment(body, context, whole=True),
        overwrite="noOverwrite" not in call.options(),
    )
    return changed(merged)


def update(call: Call, urn: str) -> Answer:
    """Update attributes (6.6.3.2)."""
    check_uri(urn)
    body, context = call.body()
    fragment = read_fragment(body, context)
    caller = call.caller
    merged = update_attributes(actor=caller.actor, territory=caller.territory, urn=urn, fragment=fragment)
    return changed(merged)


def update_one(call: Call, urn: str, name: str) -> Answer:
    """Update an attribute in part (6.7.3.1)."""
    check_uri(urn)
    body, context = call.body()
    caller = call.caller
    partial_update(
        actor=caller.actor,
        territory=caller.territory,
        urn=urn,
        name=expand_name(name, context),
        instances=read_attribute(body, context),
    )
    return NO_CONTENT


def replace_one(call: Call, urn: str, name: str) -> Answer:
    """Replace an attribute (6.7.3.3)."""
    check_uri(urn)
    body, context = call.body()
    caller = call.caller
    replace_attribute(
        actor=caller.actor,
        territory=caller.territory,
        urn=urn,
        name=expand_name(name, context),
        instances=read_attribute(body, context, whole=True),
    )
    return NO_CONTENT


def delete_one(call: Call, urn: str, name: str) -> Answer:
    """Delete an attribute, one instance of it or all (6.7.3.2)."""
    check_uri(urn)
    context = call.context()
    dataset, every = call.parameters.get("datasetId", ""), call.flag("deleteAll")
    if dataset and every:
        raise BadRequestData(N_("Say “datasetId” or “deleteAll”, not both."))
    caller = call.caller
    delete_attribute(
        actor=caller.actor,
        territory=caller.territory,
        urn=urn,
        name=SCOPE if name == "scope" else expand_name(name, context),
        dataset_id=check_uri(dataset, "datasetId") if dataset and dataset != "@none" else "",
        all_of_them=every,
    )
    return NO_CONTENT
