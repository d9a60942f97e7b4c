"""What the reads of following give back: plain values a face can show without another query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from belvedere.domains.plans.states import Implementation
from belvedere.domains.plans.vocabulary import (
    ActorRole,
    DecisionType,
    Direction,
    DocumentType,
    IndicatorRole,
    LinkType,
    MilestoneType,
    QuantityUnit,
    RiskKind,
    ValueKind,
)
from belvedere.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the reader's language, or in the first other one that has it.

    `language`: that of `text`, "" where it is the reader's. `texts`: all of it, for a form.
    """

    text: str
    language: str
    texts: Mapping[str, str]

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


class Way(StrEnum):
    """From where a link is looked at: from the measure that states it, from the other, or alike."""

    OUT = "out"
    IN = "in"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link and the measure at its other end. `removable`: stated by this measure, and open to the actor."""

    id: int
    type: LinkType
    way: Way
    measure_id: UUID
    title: Said
    codes: str
    implementation: Implementation
    note: str
    lag_months: int
    removable: bool


@dataclass(frozen=True, slots=True)
class ActorView:
    """`name` is the person's or the typed one, `organisation` where they belong; either may be "".

    `present`: plays the part today. `person_id` and `label` are for the form.
    """

    id: int
    role: ActorRole
    organisation_id: UUID | None
    organisation: str
    name: str
    person_id: UUID | None
    label: str
    since: date | None
    until: date | None
    present: bool


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """`late`: due and not come. `slip_days`: from the first plan to what came or is forecast."""

    id: UUID
    type: MilestoneType
    title: Said
    planned: date | None
    forecast: date | None
    actual: date | None
    late: bool
    slip_days: int | None

    @property
    def expected(self) -> date | None:
        """The day it came, else the day it is awaited."""
        return self.actual or self.forecast or self.planned


@dataclass(frozen=True, slots=True)
class QuantityView:
    """`share`: realised of planned, 1 for all; None where either is unknown or nothing is planned."""

    id: UUID
    unit: QuantityUnit
    label: Said
    planned: Decimal
    realised: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class RiskView:
    """`weight`: probability times impact, from 1 to 25."""

    id: UUID
    kind: RiskKind
    description: Said
    probability: int
    impact: int
    weight: int
    mitigation: Said
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class VersionView:
    number: int
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document in sight; `versions` newest first, for outsiders the latest only."""

    id: UUID
    type: DocumentType
    title: str
    public: bool
    versions: tuple[VersionView, ...]
    may_change: bool  # add a version, describe, remove, put back
    removed_at: datetime | None = None

    @property
    def latest(self) -> VersionView:
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class PublicSteps:
    """What everyone may know of a measure's course; `documents`: id to title."""

    milestones: tuple[MilestoneView, ...]
    documents: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """`document` is None also where the actor may not open it."""

    id: UUID
    type: DecisionType
    body: str
    dated: date
    title: Said
    amount: Money | None
    document: DocumentView | None


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator of the territory. `uses`: how many measures have it. `may_change`: open to the actor."""

    id: int
    code: str
    name: Said
    unit: str
    decimals: int
    direction: Direction
    source: str
    formula: str
    uses: int = 0
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class ValueView:
    id: int
    dated: date
    kind: ValueKind
    value: Decimal
    source: str
    comment: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one source sees the measure: its latest value of one kind.

    `share`: of the way from baseline to target, 1 at the target, below 0 when going the wrong way; None
    without both ends, or where they are the same. `reached`: at the target or better; None without one.
    """

    kind: ValueKind
    source: str
    dated: date
    value: Decimal
    share: Decimal | None
    reached: bool | None


@dataclass(frozen=True, slots=True)
class EffectView:
    """An indicator of the measure; `progress` results first, each source apart. `overdue`: the day of the
    target is past and no source's latest result reaches it."""

    id: UUID
    indicator: IndicatorView
    role: IndicatorRole
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    target_on: date | None
    note: str
    values: tuple[ValueView, ...]
    progress: tuple[Progress, ...]
    overdue: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """All that is followed on a measure, as far as the actor may know.

    `inside`: the actor works on it. Outsiders of a published measure see no risk, no name of a person, no
    note, only the public documents and the decisions whose document is one of these.
    """

    measure_id: UUID
    version: int
    inside: bool
    may_edit: bool
    may_publish: bool
    may_define: bool
    links: tuple[LinkView, ...]
    actors: tuple[ActorView, ...]
    milestones: tuple[MilestoneView, ...]
    quantities: tuple[QuantityView, ...]
    risks: tuple[RiskView, ...]  # open first, heaviest first
    decisions: tuple[DecisionView, ...]  # newest first
    documents: tuple[DocumentView, ...]
    removed_documents: tuple[DocumentView, ...]  # out of sight; for those who may put them back
    effects: tuple[EffectView, ...]

    @property
    def late(self) -> tuple[MilestoneView, ...]:
        return tuple(milestone for milestone in self.milestones if milestone.late)
