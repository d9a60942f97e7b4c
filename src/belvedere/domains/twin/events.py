"""Facts that others may listen to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EntitiesCreated:
    """Things are there that were not. `as_documents`: whoever made them tells of them as documents too."""

    territory_id: UUID
    entity_ids: tuple[int, ...]
    as_documents: bool = False


@dataclass(frozen=True, slots=True)
class EntityChanged:
    """Someone changed what a thing is: its name, place, owner, who sees it, what it says of itself.

    `as_documents`: whoever did tells of it as a document too.
    """

    territory_id: UUID
    entity_id: int
    as_documents: bool = False


@dataclass(frozen=True, slots=True)
class EntityRemoved:
    """A thing is gone with its present values; the history of its series has no owner any more."""

    territory_id: UUID
    entity_id: int
    series_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StateChange:
    """A thing went from one state to another; `owner_id` and `visibility` say who may know of it."""

    territory_id: UUID
    entity_id: int
    kind: str
    owner_id: UUID | None
    visibility: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StatesChanged:
    """Things are otherwise than before: by what they say, or because they say nothing."""

    changes: tuple[StateChange, ...]


@dataclass(frozen=True, slots=True)
class FeedsChanged:
    """Devices were registered, or their messages are read differently from now on."""

    territory_id: UUID


@dataclass(frozen=True, slots=True)
class CredentialEnded:
    """A device's secret no longer opens the bus: close the connections that it opened."""

    territory_slug: str
    device_key: str
