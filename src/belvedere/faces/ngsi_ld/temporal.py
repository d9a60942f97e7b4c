"""The past of entities over HTTP (clauses 6.18 to 6.22 and 6.24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from belvedere.domains.context.public import (
    append_past,
    create_past,
    delete_instance,
    delete_past,
    delete_past_attribute,
    query_past,
    retrieve_past,
    update_instance,
)
from belvedere.faces.ngsi_ld.answers import NO_CONTENT, Answer, Header, created, document, wanted
from belvedere.faces.ngsi_ld.calls import Call
from belvedere.faces.ngsi_ld.entities import limits, pages
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.parsing import read_query, read_query_body
from belvedere.standards.ngsi_ld.asking.trees import Query
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.evolution import Evolution, cut, write_evolution
from belvedere.standards.ngsi_ld.problems import BadRequestData, ResourceNotFound
from belvedere.standards.ngsi_ld.reading import read_attribute, read_temporal
from belvedere.standards.ngsi_ld.shown import Presentation, read_presentation
from belvedere.standards.ngsi_ld.temporal import TemporalQuery, read_temporal_query
from belvedere.standards.ngsi_ld.words import check_uri, expand_name

PAST = "/ngsi-ld/v1/temporal/entities"
_TEMPORAL_Q = ("timerel", "timeAt", "endTimeAt", "timeproperty", "lastN")


def create(call: Call) -> Answer:
    """Create or update the temporal representation of an entity (6.18.3.1)."""
    body, context = call.body()
    entity = read_temporal(body, context)
    caller = call.caller
    made = create_past(
        actor=caller.actor, territory=caller.territory, document=entity, owner_id=caller.owner_id()
    )
    return created(f"{PAST}/{entity.id}") if made else NO_CONTENT


def append(call: Call, urn: str) -> Answer:
    """Add attributes to the temporal representation of an entity (6.20.3.1)."""
    check_uri(urn)
    body, context = call.body()
    fragment = read_temporal(body, context, whole=False)
    if not fragment.attributes:
        raise BadRequestData(N_("The body says nothing: it names no attribute, no type and no scope."))
    append_past(actor=call.caller.actor, territory=call.caller.territory, urn=urn, fragment=fragment)
    return NO_CONTENT


def delete(call: Call, urn: str) -> Answer:
    """Delete the temporal representation of an entity (6.19.3.2)."""
    delete_past(actor=call.caller.actor, territory=call.caller.territory, urn=check_uri(urn))
    return NO_CONTENT


def delete_attribute(call: Call, urn: str, attribute: str) -> Answer:
    """Delete an attribute from the temporal representation of an entity (6.21.3.1)."""
    check_uri(urn)
    dataset = call.parameters.get("datasetId", "")
    delete_past_attribute(
        actor=call.caller.actor,
        territory=call.caller.territory,
        urn=urn,
        name=expand_name(attribute, call.context()),
        dataset_id=check_uri(dataset, "datasetId") if dataset and dataset != "@none" else "",
        all_of_them=call.flag("deleteAll"),
    )
    return NO_CONTENT


def update_one(call: Call, urn: str, attribute: str, instance: str) -> Answer:
    """Update an instance of an attribute in part (6.22.3.1)."""
    check_uri(urn)
    check_uri(instance, "instanceId")
    body, context = call.body()
    name = expand_name(attribute, context)
    if attribute in body and "value" not in body:
        body = body[attribute]
    given = read_attribute(body, context)
    if len(given) != 1:
        raise BadRequestData(N_("One instance is updated at a time."))
    update_instance(
        actor=call.caller.actor,
        territory=call.caller.territory,
        urn=urn,
        name=name,
        instance_id=instance,
        fragment=given[0],
    )
    return NO_CONTENT


def delete_one(call: Call, urn: str, attribute: str, instance: str) -> Answer:
    """Delete an instance of an attribute (6.22.3.2)."""
    check_uri(urn)
    check_uri(instance, "instanceId")
    delete_instance(
        actor=call.caller.actor,
        territory=call.caller.territory,
        urn=urn,
        name=expand_name(attribute, call.context()),
        instance_id=instance,
    )
    return NO_CONTENT


def retrieve(call: Call, urn: str) -> Answer:
    """Retrieve the temporal representation of an entity (6.19.3.1)."""
    check_uri(urn)
    media = wanted(call)
    context = call.context()
    temporal = read_temporal_query(call.parameters, needed=False)
    show = _presentation(call.parameters, context)
    caller = call.caller
    found = retrieve_past(caller.audience, caller.territory, urn, temporal, show, settings.LD_INSTANCES)
    told, status, headers = _paged([found], context, show, temporal)
    if not told[0]:
        raise ResourceNotFound(N_("Of entity {urn} nothing is left to tell."), urn=urn)
    return document(call, told[0], context, media=media, status=status, headers=headers)


def query(call: Call) -> Answer:
    """Query the temporal evolution of entities (6.18.3.2)."""
    context = call.context()
    temporal = read_temporal_query(call.parameters, needed=True)
    show = _presentation(call.parameters, context)
    asked = read_query(call.parameters, context, limits())
    return _answer(call, asked, temporal, show, context, PAST)


def query_by_post(call: Call) -> Answer:
    """Query the temporal evolution of entities with a body (6.24.3.1)."""
    body, context = call.body()
    asked, together = read_query_body(body, call.parameters, context, limits())
    together |= _temporal_q(body.get("temporalQ"), _TEMPORAL_Q, "temporalQ")
    together |= _temporal_q(body.get("aggrParams"), ("aggrMethods", "aggrPeriodDuration"), "aggrParams")
    temporal = read_temporal_query(together, needed=True)
    return _answer(call, asked, temporal, _presentation(together, context), context, "")


def _temporal_q(value: Any, names: Sequence[str], what: str) -> dict[str, str]:
    """Members of a body (5.2.21, 5.2.32) as parameters."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequestData(N_("“{name}” must be an object."), name=what)
    found: dict[str, str] = {}
    for name in names:
        said = value.get(name)
        if isinstance(said, list):
            said = ",".join(str(one) for one in said)
        if said is not None:
            found[name] = str(said)
    return found


def _presentation(parameters: Mapping[str, str], context: Context) -> Presentation:
    """What is shown of each entity; the forms are those of the temporal query."""
    rest = {name: said for name, said in parameters.items() if name not in ("options", "format")}
    return read_presentation(rest, context)


def _answer(
    call: Call,
    asked: Query,
    temporal: TemporalQuery,
    show: Presentation,
    context: Context,
    path: str,
) -> Answer:
    media = wanted(call)
    caller = call.caller
    found = query_past(caller.audience, caller.territory, asked, temporal, show, settings.LD_INSTANCES)
    told, status, headers = _paged(found.evolutions, context, show, temporal)
    if found.count is not None:
        headers.append(("NGSILD-Results-Count", str(found.count)))
    if path:
        headers += pages(path, call.parameters, asked, more=found.more)
    return document(call, told, context, media=media, status=status, headers=headers)


def _paged(
    evolutions: Sequence[Evolution], context: Context, show: Presentation, temporal: TemporalQuery
) -> tuple[list[dict[str, Any]], int, list[Header]]:
    """As much as is told at once (6.3.10): whole, or a part of the time with its range."""
    page, range_told = cut(evolutions, temporal, settings.LD_INSTANCES)
    told = [write_evolution(one, context, show, temporal) for one in page]
    if range_told is None:
        return told, 200, []
    return told, 206, [("Content-Range", range_told.header)]
