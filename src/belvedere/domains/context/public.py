"""THE DOOR of context: the verbs and questions of NGSI-LD on the things of the territory.

Words: entity (a thing, as NGSI-LD sees it), document (what it says, expanded), fragment (a part of one, to
merge or append), instance (one value of an attribute), trigger (what happened to an entity or attribute).
Events: ContextChanged (in the transaction of the write), ValuesShown.
Not for: HTTP and JSON-LD (faces.ngsi_ld, standards.ngsi_ld), telling others (exchange).
"""

from belvedere.domains.context.entity_actions import (
    create_entity,
    delete_entity,
    merge_entity,
    replace_entity,
)
from belvedere.domains.context.owning import usual_owner
from belvedere.domains.context.pinned import context_document
from belvedere.domains.context.queries import retrieve_entity

__all__ = [
    "context_document",
    "create_entity",
    "delete_entity",
    "merge_entity",
    "replace_entity",
    "retrieve_entity",
    "usual_owner",
]
