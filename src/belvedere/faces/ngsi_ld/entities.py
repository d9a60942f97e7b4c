"""Entities over HTTP (clauses 6.4, 6.5 and 6.23)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings

from belvedere.domains.context.public import (
    all_entities,
    create_entity,
    delete_entity,
    entities_by_id,
    merge_entity,
    purge,
    query_entities,
    replace_entity,
    retrieve_entity,
)
from belvedere.faces.ngsi_ld.answers import (
    NO_CONTENT,
    Answer,
    Header,
    changed,
    created,
    document,
    results,
    wanted,
)
from belvedere.faces.ngsi_ld.calls import GEO_JSON, Call
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.parsing import Limits, read_query, read_query_body
from belvedere.standards.ngsi_ld.asking.trees import Query
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.linking import Beside, gather
from belvedere.standards.ngsi_ld.problems import BadRequestData, ResourceNotFound
from belvedere.standards.ngsi_ld.reading import read_entity, read_fragment
from belvedere.standards.ngsi_ld.shown import Form, Presentation, read_form, read_presentation, words
from belvedere.standards.ngsi_ld.words import check_uri, expand_name, parse_instant
from belvedere.standards.ngsi_ld.writing import write_entities, write_entity

ENTITIES = "/ngsi-ld/v1/entities"


def limits() -> Limits:
    """How much is given at once."""
    return Limits(page=settings.LD_PAGE, most=settings.LD_PAGE_MOST)


def create(call: Call) -> Answer:
    """Create an entity (6.4.3.1)."""
    body, context = call.body()
    entity = read_entity(body, context)
    caller = call.caller
    create_entity(actor=caller.actor, territory=caller.territory, document=entity, owner_id=caller.owner_id())
    return created(f"{ENTITIES}/{entity.id}")


def retrieve(call: Call, urn: str) -> Answer:
    """Retrieve an entity (6.5.3.1)."""
    check_uri(urn)
    media = wanted(call, geojson=True)
    context = call.context()
    show = read_presentation(call.parameters, context, geojson=media == GEO_JSON)
    caller = call.caller
    found = retrieve_entity(caller.audience, caller.territory, urn)
    linked, beside = _gathered(call, [found], show)
    told = write_entities([found], context, show, linked, beside) if beside else None
    content = told or write_entity(found, context, show, linked)
    if not content or (show.attrs and show.attrs.isdisjoint(found.attributes)):
        raise ResourceNotFound(N_("The entity {urn} says nothing of what was asked."), urn=urn)
    return document(call, content, context, media=media)


def _gathered(
    call: Call, documents: list[Document], show: Presentation
) -> tuple[dict[str, Document], list[Beside]]:
    """The entities that these point to, where they are wanted."""
    if not show.join:
        return {}, []
    caller = call.caller
    return gather(documents, show, lambda urns: entities_by_id(caller.audience, caller.territory, urns))


def query(call: Call) -> Answer:
    """Query entities (6.4.3.2)."""
    media = wanted(call, geojson=True)
    context = call.context()
    asked = read_query(call.parameters, context, limits())
    show = read_presentation(call.parameters, context, geojson=media == GEO_JSON)
    return _page(call, asked, show, context, media, ENTITIES, call.parameters)


def query_by_post(call: Call) -> Answer:
    """Query entities with a body (6.23.3.1)."""
    media = wanted(call, geojson=True)
    body, context = call.body()
    asked, together = read_query_body(body, call.parameters, context, limits())
    show = read_presentation(together, context, geojson=media == GEO_JSON)
    return _page(call, asked, show, context, media, "", {})


def _page(
    call: Call,
    asked: Query,
    show: Presentation,
    context: Context,
    media: str,
    path: str,
    parameters: Mapping[str, str],
) -> Answer:
    caller = call.caller
    # One more than the page, to know whether there is another.
    found = query_entities(
        caller.audience, caller.territory, replace(asked, limit=asked.limit + 1 if asked.limit else 0)
    )
    page = found.documents[: asked.limit]
    linked, beside = _gathered(call, page, show)
    content = write_entities(page, context, show, linked, beside)
    headers: list[Header] = []
    if found.count is not None:
        headers.append(("NGSILD-Results-Count", str(found.count)))
    if path:
        headers += pages(path, parameters, asked, more=len(found.documents) > asked.limit)
    return document(call, content, context, media=media, headers=headers)


def pages(path: str, parameters: Mapping[str, str], asked: Query, *, more: bool) -> list[Header]:
    """Links to the pages before and after (6.3.10)."""
    links: list[Header] = []
    limit, offset = asked.limit, asked.offset
    for name, start in (
        ("prev", offset - limit if offset else None),
        ("next", offset + limit if more else None),
    ):
        if start is not None and limit:
            where = urlencode({**parameters, "limit": str(limit), "offset": str(max(0, start))})
            links.append(("Link", f'<{path}?{where}>; rel="{name}"; type="application/ld+json"'))
    return links


def merge(call: Call, urn: str) -> Answer:
    """Merge an entity (6.5.3.4)."""
    check_uri(urn)
    body, context = call.body()
    fragment = _fragment_of(urn, body, context)
    said = call.parameters.get("observedAt", "")
    caller = call.caller
    merged = merge_entity(
        actor=caller.actor,
        territory=caller.territory,
        urn=urn,
        fragment=fragment,
        observed_at=parse_instant(said) if said else None,
        lang=call.parameters.get("lang", ""),
        simplified=read_form(call.parameters)[0] is Form.SIMPLIFIED,
    )
    return changed(merged)


def _fragment_of(urn: str, body: dict[str, object], context: Context) -> Document:
    fragment = read_fragment(body, context)
    if fragment.id and fragment.id != urn:
        raise BadRequestData(N_("The id in the body is not the one in the address."))
    return fragment


def replace_whole(call: Call, urn: str) -> Answer:
    """Replace an entity (6.5.3.3)."""
    check_uri(urn)
    body, context = call.body()
    body.setdefault("id", urn)
    entity = read_entity(body, context)
    if entity.id != urn:
        raise BadRequestData(N_("The id in the body is not the one in the address."))
    caller = call.caller
    replace_entity(actor=caller.actor, territory=caller.territory, urn=urn, new=entity)
    return NO_CONTENT


def nameless(_call: Call) -> Answer:
    """Something that needs an identifier, without one."""
    raise BadRequestData(N_("Say which entity you mean: its identifier ends the address."))


def delete(call: Call, urn: str) -> Answer:
    """Delete an entity (6.5.3.2)."""
    check_uri(urn)
    caller = call.caller
    delete_entity(actor=caller.actor, territory=caller.territory, urn=urn)
    return NO_CONTENT


def purge_many(call: Call) -> Answer:
    """Purge entities, or attributes of them (6.4.3.3)."""
    context = call.context()
    parameters = call.parameters
    said = ("id", "idPattern", "type", "q", "scopeQ", "georel")
    if not call.flag("local") and not any(parameters.get(name) for name in said):
        raise BadRequestData(
            N_("Say which entities are to go: by “type”, “id”, “q”, “scopeQ” or a query of place.")
        )
    chosen = {
        key: value for key, value in parameters.items() if key not in ("attrs", "drop", "keep", "limit")
    }
    asked = read_query(chosen, context, limits(), anything=True)
    caller = call.caller
    found = all_entities(caller.audience, caller.territory, asked)
    outcome = purge(
        actor=caller.actor,
        territory=caller.territory,
        urns=[one.id for one in found],
        dropped=_dropped(parameters, context),
    )
    return results(outcome) if outcome.failed else NO_CONTENT


def _dropped(parameters: Mapping[str, str], context: Context) -> Callable[[Document], Sequence[str]] | None:
    drop = frozenset(expand_name(one, context) for one in words(parameters.get("drop", "")))
    keep = frozenset(expand_name(one, context) for one in words(parameters.get("keep", "")))
    if drop and keep:
        raise BadRequestData(N_("Say “drop” or “keep”, not both."))
    if not drop and not keep:
        return None

    def names(one: Document) -> Sequence[str]:
        if drop:
            return [name for name in one.attributes if name in drop]
        return [name for name in one.attributes if name not in keep]

    return names
