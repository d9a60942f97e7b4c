"""What reads give back: plain values a face can show without another query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.plans.maturity import Possible
from belvedere.domains.plans.states import (
    Agreement,
    EstimateKind,
    Flag,
    FundingState,
    Implementation,
    Priority,
    SpendState,
)
from belvedere.domains.plans.vocabulary import Continuity, Contribution, Span
from belvedere.kernel.money import Kind, Money

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A line of the list. `cost` None: not known."""

    id: UUID
    title: str
    title_language: str
    codes: str
    priority: Priority
    owner_id: UUID
    owner_name: str
    category_name: str
    phase_scheme: str
    phase: str
    implementation: Implementation
    years: tuple[int | None, int | None]
    cost: Money | None
    aid: Money | None
    net: Money | None
    flags: tuple[Flag, ...]
    position: tuple[float, float] | None
    approximate: bool
    published: bool
    is_example: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of measures whose money is of one kind. `aid` is what others pay, `net` what the owners do."""

    kind: Kind
    count: int
    cost: Money
    aid: Money
    net: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a choice of measures, largest first, and what they leave out."""

    count: int
    sums: tuple[Total, ...]
    without_cost: int

    @property
    def main(self) -> Total | None:
        return self.sums[0] if self.sums else None


@dataclass(frozen=True, slots=True)
class YearTotal:
    year: int
    total: Total
    by_state: Mapping[SpendState, Decimal]


@dataclass(frozen=True, slots=True)
class OwnerTotal:
    owner_id: UUID
    owner_name: str
    total: Total


@dataclass(frozen=True, slots=True)
class FunderTotal:
    organisation_id: UUID
    organisation_name: str
    kind: Kind
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class SpendingRow:
    """A line that a total opens into."""

    measure_id: UUID
    title: str
    title_language: str
    codes: str
    owner_name: str
    year: int
    state: SpendState
    amount: Money
    aid: Money
    net: Money


@dataclass(frozen=True, slots=True)
class Points:
    """Every measure that has a site, in columns, for the map."""

    ids: list[str]
    longitudes: list[float]
    latitudes: list[float]
    priorities: list[str]
    approximate: list[int]
    flagged: list[int]
    titles: list[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, with how many measures it would keep."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Generation:
    """A listing that another comes from, or that comes from it.

    `relation` stands on the younger of the two. Of a measure that the reader may not know of, only the
    plan, the code and the priority are told.
    """

    listing_id: int
    plan_code: str
    generation: int | None
    code: str
    priority: Priority
    assessed: Priority
    listed_cost: Money | None
    listed_cost_note: str
    relation: Continuity
    steps_away: int  # 1 for the next generation
    measure_id: UUID | None
    measure_title: Names
    same_measure: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """That a plan lists a measure."""

    plan_id: UUID
    plan_code: str
    plan_title: Names
    generation: int | None
    code: str
    are_code: str
    priority: Priority
    horizon: tuple[int | None, int | None]
    start_deadline: date | None
    node_title: Names
    previous: str  # "PA4 · M-12 (C)" of the generation before, or ""
    id: int
    node_id: UUID | None
    listed_cost: Money | None
    listed_cost_note: str
    assessed: Priority  # the authority's priority
    has_agreement: bool  # the plan's measures walk the track of the agreement
    agreement: Agreement
    agreement_number: str
    financing_number: str
    financing_date: date | None
    contribution: Contribution
    claim_deadline: date | None
    deadlines_frozen_on: date | None
    deadline_source: str
    steps: tuple[Possible, ...]  # of the agreement; () where the plan has none
    before: tuple[Generation, ...]  # nearest generation first
    after: tuple[Generation, ...]
    may: frozenset[str]  # "edit_listing", "move_agreement", "edit_plan"


@dataclass(frozen=True, slots=True)
class EstimateView:
    version: int
    dated: date
    kind: EstimateKind
    amount: Money
    eligible: Money | None
    accuracy: Decimal | None
    source: str
    raw_text: str


@dataclass(frozen=True, slots=True)
class SpendingView:
    year: int
    nature: str
    state: SpendState
    amount: Money
    aid: Money
    span: Span = Span.YEAR
    reason: str = ""  # why the amount is negative

    @property
    def net(self) -> Money:
        return self.amount - self.aid


@dataclass(frozen=True, slots=True)
class FundingView:
    """`rule`, `rate` and `cap` explain `resolved`; `capped` says that the cap held."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    instrument: str
    rule: str
    amount: Money | None
    rate: Decimal | None
    cap: Money | None
    resolved: Money
    state: FundingState
    conditions: str
    capped: bool
    unlike: bool
    lost: bool
    tariff: Money | None = None  # for one `unit`
    unit: str = ""
    position: int = 1
    advance_share: Decimal = Decimal(1)  # arrives in the year of the spending
    lag_years: int = 0  # after which the rest arrives
    indexed: bool = False  # its amounts follow the index of prices
    requested_on: date | None = None
    decided_on: date | None = None
    start_deadline: date | None = None
    claim_deadline: date | None = None


@dataclass(frozen=True, slots=True)
class SiteView:
    id: UUID
    name: str
    method: str
    accuracy_m: float | None
    geometry: dict[str, Any]
    length_m: float
    area_m2: float


@dataclass(frozen=True, slots=True)
class PhaseView:
    code: str
    planned: tuple[date | None, date | None]
    forecast: tuple[date | None, date | None]
    actual: tuple[date | None, date | None]
    confirmed: bool  # the forecast is agreed


@dataclass(frozen=True, slots=True)
class MeasureName:
    id: UUID
    title: Names


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure whole, for its page and for exports."""

    id: UUID
    territory_id: UUID
    external_id: str
    title: Names
    description: Names
    kind: str
    category_id: int | None
    category_name: Names
    owner_id: UUID
    owner_name: Names
    phase_scheme: str
    phase: str
    implementation: Implementation
    published: bool
    is_example: bool
    version: int
    updated_at: datetime
    place_ids: tuple[UUID, ...]
    listings: tuple[Listing, ...]
    estimates: tuple[EstimateView, ...]  # newest first
    spending: tuple[SpendingView, ...]
    funding: tuple[FundingView, ...]
    sites: tuple[SiteView, ...]
    phases: tuple[PhaseView, ...]
    cost: Money | None
    aid: Money | None
    net: Money | None
    priority: Priority
    flags: tuple[Flag, ...]
    may: frozenset[str]  # the verbs open to the actor
    justification: Names
    planning_steps: tuple[Possible, ...]
    implementation_steps: tuple[Possible, ...]
    replaced_by: MeasureName | None
    replaces: tuple[MeasureName, ...]
    works: tuple[date | None, date | None]  # as known: real, else forecast, else planned, else from the years
    works_begun: bool  # really
    at_stake: Money | None  # the aid that is lost when its deadlines are missed
