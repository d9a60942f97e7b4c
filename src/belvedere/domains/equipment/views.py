"""What the reads give: frozen values, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from belvedere.domains.equipment.drafts import Facts, ResponseTimes
from belvedere.domains.equipment.states import State, Step
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class Known:
    """Equipment as other domains need it. `at`: longitude and latitude."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    number: str
    name: str
    kind: str
    at: tuple[float, float] | None
    place_id: UUID | None
    parent_id: UUID | None
    contract_id: UUID | None
    entity_id: int | None
    state: State


@dataclass(frozen=True, slots=True)
class Under:
    """A maintenance that runs. `equipment_id`: what is worked on, itself or what it hangs under."""

    equipment_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """Equipment in a list. `children` counts what stands straight under it and is not removed."""

    id: UUID
    number: str
    code: str
    kind: str
    name: str
    where: str
    at: tuple[float, float] | None
    place_id: UUID | None
    owner_id: UUID
    contract_id: UUID | None
    entity_id: int | None
    state: State
    maker: str
    model: str
    children: int


@dataclass(frozen=True, slots=True)
class MaintenanceView:
    id: UUID
    starts_at: datetime
    ends_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A file without its content."""

    id: UUID
    title: str
    file_name: str
    media_type: str
    size_bytes: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Ancestor:
    """What equipment stands under, and whether the actor may see it."""

    id: UUID
    number: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class EquipmentView:
    """All that the actor may know of a piece of equipment. `above`: what it stands under, the nearest last;
    `below`: how many stand under it at any depth, by kind; `maintenance`: what runs, then what is planned."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    code: str
    facts: Facts
    place_id: UUID | None
    state: State
    state_since: datetime
    version: int
    created_at: datetime
    modified_at: datetime
    above: tuple[Ancestor, ...]
    below: Mapping[str, int]
    maintenance: tuple[MaintenanceView, ...]
    photos: tuple[DocumentView, ...]
    documents: tuple[DocumentView, ...]
    may_edit: bool

    @property
    def running(self) -> MaintenanceView | None:
        """The maintenance that runs."""
        return self.maintenance[0] if self.state is State.MAINTENANCE and self.maintenance else None


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract. `equipment`: how many pieces the actor sees that it covers; `is_running`: today."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    contractor_id: UUID
    name: str
    reference: str
    starts_on: date
    ends_on: date | None
    currency: str
    work_days: tuple[int, ...]
    works_from: time
    works_until: time
    response_times: Mapping[Severity, ResponseTimes]
    notes: str
    version: int
    is_running: bool
    equipment: int
    documents: tuple[DocumentView, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many pieces of equipment the actor sees, by kind, state, owner and contract."""

    total: int
    kinds: Mapping[str, int]
    states: Mapping[State, int]
    owners: Mapping[UUID, int]
    contracts: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to hand out; `media_type` is what was found in it, `sha256` names its content."""

    content: bytes
    media_type: str
    file_name: str
    sha256: str


Due = Mapping[Step, datetime]
