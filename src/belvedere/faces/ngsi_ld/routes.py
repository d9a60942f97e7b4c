"""Which handler answers at which address (clause 6.2).

An identifier or a name may be a URL, whose slashes the server has decoded: so an address is read from both
its ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from belvedere.faces.ngsi_ld import attributes, batches, discovery, entities, hosted, subscriptions, temporal
from belvedere.faces.ngsi_ld.answers import Answer

Handler = Callable[..., Answer]


class Handlers(dict[str, Handler]):
    """What an address takes, by method; `name` is that of its counts."""

    def __init__(self, name: str, **by_method: Handler) -> None:
        super().__init__(by_method)
        self.name = f"ngsi_ld:{name}"


_FIXED: dict[str, Handlers] = {
    # An identifier that was left empty: what is wrong is the request, not the method.
    "entities/": Handlers(
        "entities",
        GET=entities.query,
        POST=entities.create,
        DELETE=entities.purge_many,
        PATCH=entities.nameless,
        PUT=entities.nameless,
    ),
    "entities": Handlers("entities", GET=entities.query, POST=entities.create, DELETE=entities.purge_many),
    "entityOperations/create": Handlers("batch_create", POST=batches.create),
    "entityOperations/upsert": Handlers("batch_upsert", POST=batches.upsert),
    "entityOperations/update": Handlers("batch_update", POST=batches.update),
    "entityOperations/merge": Handlers("batch_merge", POST=batches.merge),
    "entityOperations/delete": Handlers("batch_delete", POST=batches.delete),
    "entityOperations/query": Handlers("query", POST=entities.query_by_post),
    "subscriptions": Handlers("subscriptions", GET=subscriptions.query, POST=subscriptions.create),
    "temporal/entities": Handlers("past", GET=temporal.query, POST=temporal.create),
    "temporal/entityOperations/query": Handlers("past_query", POST=temporal.query_by_post),
    "jsonldContexts": Handlers("contexts", GET=hosted.listed, POST=hosted.add),
    "types": Handlers("types", GET=discovery.types),
    "attributes": Handlers("attributes", GET=discovery.attributes),
}
_PAST_INSTANCE = Handlers("past_instance", PATCH=temporal.update_one, DELETE=temporal.delete_one)
_PAST_ATTRIBUTE = Handlers("past_attribute", DELETE=temporal.delete_attribute)
_PATTERNS: list[tuple[re.Pattern[str], Handlers]] = [
    (re.compile(r"temporal/entities/(.*)/attrs/?"), Handlers("past_attributes", POST=temporal.append)),
    # An attribute without a name: there is nothing to update, and to delete it is a mistake that is told.
    (
        re.compile(r"temporal/entities/(.*?)/attrs/()/(.+)"),
        Handlers("past_instance", DELETE=temporal.delete_one),
    ),
    (re.compile(r"temporal/entities/(.*?)/attrs/(.+)/(urn:[^/]+)"), _PAST_INSTANCE),
    (re.compile(r"temporal/entities/(.*?)/attrs/(https?://.+)"), _PAST_ATTRIBUTE),
    (re.compile(r"temporal/entities/(.*?)/attrs/([^/]+)/([^/]+)"), _PAST_INSTANCE),
    (re.compile(r"temporal/entities/(.*?)/attrs/([^/]+)/?"), _PAST_ATTRIBUTE),
    (
        re.compile(r"temporal/entities/(.+)"),
        Handlers("past_of_one", GET=temporal.retrieve, DELETE=temporal.delete),
    ),
    (
        re.compile(r"entities/(.*)/attrs/?"),
        Handlers("entity_attributes", POST=attributes.append, PATCH=attributes.update),
    ),
    (
        re.compile(r"entities/(.*?)/attrs/(.+)"),
        Handlers(
            "entity_attribute",
            PATCH=attributes.update_one,
            PUT=attributes.replace_one,
            DELETE=attributes.delete_one,
        ),
    ),
    (
        re.compile(r"entities/(.+)"),
        Handlers(
            "entity",
            GET=entities.retrieve,
            PATCH=entities.merge,
            PUT=entities.replace_whole,
            DELETE=entities.delete,
        ),
    ),
    (
        re.compile(r"subscriptions/(.+)"),
        Handlers(
            "subscription",
            GET=subscriptions.retrieve,
            PATCH=subscriptions.update,
            DELETE=subscriptions.delete,
        ),
    ),
    (re.compile(r"jsonldContexts/(.+)"), Handlers("context", GET=hosted.serve, DELETE=hosted.remove)),
    (re.compile(r"types/(.+)"), Handlers("type", GET=discovery.one_type)),
    (re.compile(r"attributes/(.+)"), Handlers("attribute", GET=discovery.one_attribute)),
]


def route(path: str) -> tuple[Handlers | None, tuple[Any, ...]]:
    """The handlers of an address (below the root) and the parts of it that vary; None where there is none."""
    found = _FIXED.get(path) or _FIXED.get(path.rstrip("/"))
    if found is not None:
        return found, ()
    for pattern, handlers in _PATTERNS:
        match = pattern.fullmatch(path)
        if match is not None:
            return handlers, match.groups()
    return None, ()
