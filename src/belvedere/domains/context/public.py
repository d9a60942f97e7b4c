"""THE DOOR of context: the verbs and questions of NGSI-LD on the things of the territory.

Words: entity (a thing, as NGSI-LD sees it), document (what it says, expanded), fragment (a part of one, to
merge or append), instance (one value of an attribute), trigger (what happened to an entity or attribute).
Events: ContextChanged (in the transaction of the write), ValuesShown.
Not for: HTTP and JSON-LD (faces.ngsi_ld, standards.ngsi_ld), telling others (exchange).
"""

from belvedere.domains.context.attribute_actions import (
    append_attributes,
    delete_attribute,
    partial_update,
    replace_attribute,
    update_attributes,
)
from belvedere.domains.context.batch_actions import (
    Outcome,
    batch_create,
    batch_delete,
    batch_merge,
    batch_update,
    batch_upsert,
    purge,
)
from belvedere.domains.context.entity_actions import (
    create_entity,
    delete_entity,
    merge_entity,
    replace_entity,
)
from belvedere.domains.context.hosted_queries import Hosted, hosted_context, hosted_contexts
from belvedere.domains.context.hosting import host_context, unhost_context
from belvedere.domains.context.owning import usual_owner
from belvedere.domains.context.past_actions import (
    append_past,
    create_past,
    delete_past,
    delete_past_attribute,
)
from belvedere.domains.context.past_instances import delete_instance, update_instance
from belvedere.domains.context.past_queries import Evolutions, query_past, retrieve_past
from belvedere.domains.context.pinned import context_document
from belvedere.domains.context.queries import (
    all_entities,
    attribute_names,
    entities_by_id,
    entity_types,
    query_entities,
    retrieve_entity,
)

__all__ = [
    "Evolutions",
    "Hosted",
    "Outcome",
    "all_entities",
    "append_attributes",
    "append_past",
    "attribute_names",
    "batch_create",
    "batch_delete",
    "batch_merge",
    "batch_update",
    "batch_upsert",
    "context_document",
    "create_entity",
    "create_past",
    "delete_attribute",
    "delete_entity",
    "delete_instance",
    "delete_past",
    "delete_past_attribute",
    "entities_by_id",
    "entity_types",
    "host_context",
    "hosted_context",
    "hosted_contexts",
    "merge_entity",
    "partial_update",
    "purge",
    "query_entities",
    "query_past",
    "replace_attribute",
    "replace_entity",
    "retrieve_entity",
    "retrieve_past",
    "unhost_context",
    "update_attributes",
    "update_instance",
    "usual_owner",
]
