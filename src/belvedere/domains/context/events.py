"""Facts that others may listen to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from belvedere.domains.twin.public import Shown
from belvedere.standards.ngsi_ld.documents import Document


class Trigger(StrEnum):
    """What happened to an entity or one of its attributes (clause 5.2.12: notificationTrigger)."""

    ENTITY_CREATED = "entityCreated"
    ENTITY_UPDATED = "entityUpdated"
    ENTITY_DELETED = "entityDeleted"
    ATTRIBUTE_CREATED = "attributeCreated"
    ATTRIBUTE_UPDATED = "attributeUpdated"
    ATTRIBUTE_DELETED = "attributeDeleted"


@dataclass(frozen=True, slots=True)
class Change:
    """What one verb did to one thing.

    `what`: created, updated or deleted. `attributes`: by IRI, those that were created, updated or deleted
    (of a thing that is created or deleted: all of them). `before` is None for what is created, `after` for
    what is deleted. Documents are whole, whoever may see them: `owner_id` and `visibility` say who sees the
    thing, `kept` who sees those attributes that are kept closer than it.
    """

    entity_id: int
    urn: str
    what: Trigger
    attributes: Mapping[str, Trigger]
    before: Document | None
    after: Document | None
    owner_id: UUID | None
    visibility: str
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContextChanged:
    """Things were written through the verbs of NGSI-LD; told within the transaction that writes them.

    Values that devices tell by messages come as the intake's `PresentChanged` instead.
    """

    territory_id: UUID
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ValuesShown:
    """Present values that changed through the verbs of NGSI-LD, for pages that are open."""

    shown: tuple[Shown, ...]
