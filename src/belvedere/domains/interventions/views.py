"""What the reads give: frozen values, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.interventions.states import Act, Kind, State
from belvedere.kernel.money import Money
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team. `people`: who is in it and still works for its organisation, with their names; `hourly`: what
    an hour of one of them costs, for who may edit the team."""

    id: UUID
    organisation_id: UUID
    name: str
    people: Mapping[UUID, str]
    may_edit: bool
    hourly: Money | None


@dataclass(frozen=True, slots=True)
class Row:
    """An intervention in a list. `late`: what is due next is over."""

    id: UUID
    number: str
    what: str
    kind: Kind
    priority: Severity
    state: State
    where: str
    at: tuple[float, float] | None
    owner_id: UUID
    equipment_id: UUID | None
    contract_id: UUID | None
    team_id: UUID | None
    team: str
    planned_on: date | None
    order: int
    due: datetime | None
    late: bool
    version: int


@dataclass(frozen=True, slots=True)
class PointView:
    position: int
    words: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the timeline. `by`: the name, "" of the platform or of who was erased."""

    at: datetime
    known_at: datetime
    act: Act
    before: str
    after: str
    by: str
    note: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo without its content."""

    id: UUID
    caption: str
    taken_at: datetime
    at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class PartView:
    words: str
    quantity: Decimal
    cost: Money | None


@dataclass(frozen=True, slots=True)
class SignatureView:
    name: str
    drawn: bool
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class HeldView:
    """An act of a phone that could not be taken. `why`: a msgid with its data."""

    id: UUID
    intervention_id: UUID | None
    number: str
    act: Act
    done_at: datetime
    received_at: datetime
    by: str
    why: str
    why_data: Mapping[str, Any]
    data: Mapping[str, Any]
    has_picture: bool


@dataclass(frozen=True, slots=True)
class InterventionView:
    """All that the actor may know of an intervention. `cost`: of the parts whose cost is known; `labour`: of
    the minutes whose rate is known, `unpriced`: how many the other ones are; `total`: of both."""

    row: Row
    territory_id: UUID
    details: str
    skills: str
    entity_id: int | None
    alarm_id: int | None
    assigned_id: UUID | None
    assigned: str
    dispatched_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    due_acknowledge: datetime | None
    due_arrive: datetime | None
    due_repair: datetime | None
    remark: str
    currency: str
    points: tuple[PointView, ...]
    steps: tuple[StepView, ...]
    photos: tuple[PhotoView, ...]
    parts: tuple[PartView, ...]
    minutes: int
    cost: Money | None
    labour: Money | None
    unpriced: int
    total: Money | None
    signature: SignatureView | None
    held: tuple[HeldView, ...]
    may_plan: bool
    may_do: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many interventions the actor sees, by state; `late` of the open ones; `held`: acts to look at."""

    states: Mapping[State, int]
    late: int
    held: int

    @property
    def total(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class NeedView:
    """A maintenance by need. `counter`: a term of things of `thing_kind`, "" where it is by a rule."""

    id: UUID
    owner_id: UUID
    what: str
    equipment_kind: str
    thing_kind: str
    counter: str
    every: float | None
    rule_id: int | None
    is_running: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class PreventiveView:
    """A maintenance that comes back."""

    id: UUID
    owner_id: UUID
    what: str
    equipment_kind: str
    contract_id: UUID | None
    team_id: UUID | None
    every_months: int
    next_on: date
    lead_days: int
    is_running: bool
    may_edit: bool
