"""Facts that others may listen to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EquipmentRegistered:
    """Equipment is in the register that was not."""

    territory_id: UUID
    equipment_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class EquipmentChanged:
    """Facts of it changed, its place in the tree and its thing among them."""

    territory_id: UUID
    equipment_id: UUID


@dataclass(frozen=True, slots=True)
class EquipmentStateChanged:
    """It went into or out of service, or a maintenance of it was planned, ended or called off."""

    territory_id: UUID
    equipment_id: UUID


@dataclass(frozen=True, slots=True)
class ContractChanged:
    """A maintenance contract was made, changed or ended."""

    territory_id: UUID
    contract_id: UUID
