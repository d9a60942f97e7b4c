"""Facts that upper domains may listen to; published after commit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TerritoryOpened:
    territory_id: UUID


@dataclass(frozen=True, slots=True)
class PlacesChanged:
    """Places, outlines or perimeters of these territories are not what they were."""

    territory_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """An organisation was made, renamed, closed, or its memberships changed."""

    organisation_id: UUID
    territory_id: UUID


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """The lines of a network are not what they were, or it is gone."""

    network_id: UUID
    territory_id: UUID
