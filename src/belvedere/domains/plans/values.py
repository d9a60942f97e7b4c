"""What verbs take: plain values, checked when they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.domains.plans.states import (
    PHASE_SCHEMES,
    EstimateKind,
    FundingState,
    Implementation,
    MeasureKind,
    Priority,
    SiteMethod,
    SpendState,
)
from belvedere.domains.plans.vocabulary import Continuity, Contribution, Span
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.geometry import Shape
from belvedere.kernel.money import LARGEST, Kind, Money
from belvedere.science.finance.funding import (
    FillUp,
    Fixed,
    LumpPerUnit,
    RateWithCap,
    Residual,
    Rule,
    amounts_of,
)

Texts = Mapping[str, str]
LONGEST_TITLE = 500
LONGEST_TEXT = 20_000
LONGEST_LAG = 30  # years


def checked_texts(
    texts: Texts, *, field: str, longest: int = LONGEST_TITLE, required: bool = False
) -> dict[str, str]:
    """`texts` without empty ones; refuses unknown languages, too long texts, and none where one is due."""
    cleaned = {language: " ".join(text.split(" ")).strip() for language, text in texts.items()}
    cleaned = {language: text for language, text in cleaned.items() if text}
    for language, text in cleaned.items():
        if not (language.isalpha() and len(language) == 2):
            raise InvalidInput(N_("“{language}” is not a language code such as fr or de."), language=language)
        if len(text) > longest:
            raise InvalidInput(
                N_("This text has {length} characters; at most {longest} fit. Shorten it."),
                length=len(text),
                longest=longest,
                field=field,
            )
    if required and not cleaned:
        raise InvalidInput(N_("Give a title in at least one language."), field=field)
    return cleaned


@dataclass(frozen=True, slots=True)
class EstimateDraft:
    """A version of the cost. `accuracy` is a ± share; `eligible` the part that aid applies to."""

    amount: Money
    dated: date
    kind: EstimateKind = EstimateKind.PLAN_SHEET
    eligible: Money | None = None
    accuracy: Decimal | None = None
    raw_text: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.amount.amount < 0:
            raise InvalidInput(
                N_("A cost cannot be negative. Enter the cost itself, and aid as funding."), field="amount"
            )
        if self.accuracy is not None and not 0 <= self.accuracy < 10:
            raise InvalidInput(N_("The accuracy is a share, 0.15 for ± 15 %."), field="accuracy")
        if self.eligible is None:
            return
        if self.eligible.kind != self.amount.kind:
            raise InvalidInput(
                N_(
                    "The eligible amount must be of the same currency, VAT status and price base as the cost."
                ),
                field="eligible",
            )
        if not 0 <= self.eligible.amount <= self.amount.amount:
            raise InvalidInput(N_("The eligible amount lies between 0 and the cost."), field="eligible")


@dataclass(frozen=True, slots=True)
class SpendDraft:
    """The amount of one year, or of all years up to or from it; below zero it says why."""

    year: int
    amount: Money
    state: SpendState = SpendState.PROJECTED
    nature: str = "investment"
    span: Span = Span.YEAR
    reason: str = ""

    def __post_init__(self) -> None:
        if not 1950 <= self.year <= 2150:
            raise InvalidInput(N_("{year} is not a year of spending."), year=self.year, field="year")
        object.__setattr__(self, "reason", self.reason.strip()[:300])
        if self.amount.amount < 0 and not self.reason:
            raise InvalidInput(
                N_("The amount of {year} is negative. Say why: a refund, a correction, a share paid back."),
                year=self.year,
                field="reason",
            )


@dataclass(frozen=True, slots=True)
class FundingDraft:
    """Who pays, by which rule. `money_kind` is what a rate without a cap is expressed in.

    `advance_share` (0 to 1) arrives in the year of the spending, the rest `lag_years` later. `indexed`: its
    amounts follow the index of prices.
    """

    organisation_id: UUID
    rule: Rule
    money_kind: Kind
    instrument: str = ""
    state: FundingState = FundingState.CONSIDERED
    conditions: str = ""
    position: int = 1
    advance_share: Decimal = Decimal(1)
    lag_years: int = 0
    indexed: bool = False
    requested_on: date | None = None
    decided_on: date | None = None
    start_deadline: date | None = None
    claim_deadline: date | None = None

    def __post_init__(self) -> None:
        if any(stated.kind != self.money_kind for stated in amounts_of(self.rule)):
            raise InvalidInput(N_("The amounts of a funding line must be of one kind."), field="amount")
        self._check_calendar()
        if self.requested_on and self.decided_on and self.decided_on < self.requested_on:
            raise InvalidInput(N_("Aid cannot be decided before it is asked for."), field="decided_on")
        if self.start_deadline and self.claim_deadline and self.claim_deadline < self.start_deadline:
            raise InvalidInput(
                N_("Aid cannot be claimed before the works may start."), field="claim_deadline"
            )

    def _check_calendar(self) -> None:
        if not self.advance_share.is_finite() or not 0 <= self.advance_share <= 1:
            raise InvalidInput(
                N_("The part paid with the spending lies between 0 and 100 %."), field="advance_share"
            )
        if not 0 <= self.lag_years <= LONGEST_LAG:
            raise InvalidInput(
                N_("Aid arrives 0 to {longest} years after the spending."),
                longest=LONGEST_LAG,
                field="lag_years",
            )
        if self.advance_share < 1 and self.lag_years == 0:
            raise InvalidInput(
                N_("Say how many years later the rest arrives, or let all of it be paid with the spending."),
                field="lag_years",
            )
        if self.advance_share == 1 and self.lag_years:
            raise InvalidInput(
                N_(
                    "All of it is paid with the spending, so nothing arrives later. Lower that part, or set "
                    "the delay to 0."
                ),
                field="lag_years",
            )


@dataclass(frozen=True, slots=True)
class CommitmentDraft:
    """Money bound by a contract or an order, under its reference."""

    reference: str
    dated: date
    amount: Money
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference", self.reference.strip())
        if not 0 < len(self.reference) <= 80:
            raise InvalidInput(
                N_("Give the reference of the contract or order, at most 80 characters."), field="reference"
            )
        if self.amount.amount < 0:
            raise InvalidInput(N_("What a contract binds cannot be negative."), field="amount")


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """Money that moved in a year of account: out, on a commitment or plain, or in, on a funding line.

    A negative amount is money that came back.
    """

    amount: Money
    dated: date
    year: int
    commitment_id: UUID | None = None
    funding_line_id: UUID | None = None
    reference: str = ""  # of the invoice or the claim

    def __post_init__(self) -> None:
        if not 1950 <= self.year <= 2150:
            raise InvalidInput(N_("{year} is not a year of account."), year=self.year, field="year")
        if not self.amount:
            raise InvalidInput(N_("A payment of 0 moves nothing. Enter what was paid."), field="amount")
        if self.commitment_id is not None and self.funding_line_id is not None:
            raise InvalidInput(
                N_("A payment goes out on a contract or comes in as aid, not both."), field="funding_line"
            )


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A geometry and how far to trust it; `accuracy_m` in metres."""

    shape: Shape
    method: SiteMethod
    name: str = ""
    accuracy_m: float | None = None
    source_crs: str = ""


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """Dates of a phase."""

    code: str
    planned: tuple[date | None, date | None] = (None, None)
    forecast: tuple[date | None, date | None] = (None, None)
    actual: tuple[date | None, date | None] = (None, None)
    confirmed: bool = False  # the forecast is agreed, not a guess

    def __post_init__(self) -> None:
        for start, end in (self.planned, self.forecast, self.actual):
            if start and end and end < start:
                raise InvalidInput(N_("A phase cannot end before it starts."), field="phase")


@dataclass(frozen=True, slots=True)
class MembershipDraft:
    """That a plan lists the measure."""

    plan_id: UUID
    code: str = ""
    priority: Priority = Priority.NONE
    node_id: UUID | None = None
    are_code: str = ""
    horizon: tuple[int | None, int | None] = (None, None)
    start_deadline: date | None = None
    previous_plan_id: UUID | None = None  # the plan of the generation before that listed it too
    relation: Continuity = Continuity.SAME
    claim_deadline: date | None = None
    deadline_source: str = ""
    listed_cost: Decimal | None = None  # in the plan's money
    listed_cost_note: str = ""  # as the plan wrote it
    contribution: Contribution = Contribution.INDIVIDUAL

    def __post_init__(self) -> None:
        first, last = self.horizon
        if first is not None and last is not None and last < first:
            raise InvalidInput(N_("The horizon ends before it starts."), field="horizon")
        if self.listed_cost is not None and not 0 <= self.listed_cost < LARGEST:
            raise InvalidInput(
                N_("The cost listed in a plan lies between 0 and a real amount."), field="listed_cost"
            )


@dataclass(frozen=True, slots=True)
class DeadlineDraft:
    """Until when works must start and aid be claimed, from a day on, by whose word."""

    contribution: Contribution
    valid_from: date
    start_by: date | None = None
    claim_by: date | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.start_by is None and self.claim_by is None:
            raise InvalidInput(N_("A rule of deadlines needs at least one date."), field="start_by")
        if self.start_by and self.claim_by and self.claim_by < self.start_by:
            raise InvalidInput(N_("Aid cannot be claimed before the works may start."), field="claim_by")
        if not self.source.strip():
            raise InvalidInput(
                N_("Say where the deadlines stand: the decree, the letter, the page."), field="source"
            )


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """What can change of a plan, all of it; the code, the owner and the kind of money stay."""

    title: Texts
    generation: int | None = None
    years: tuple[int | None, int | None] = (None, None)
    federal_rate: Decimal | None = None  # share 0–1
    federal_maximum: Decimal | None = None  # in the plan's money
    adopted_on: date | None = None
    legal_basis: str = ""
    index_id: int | None = None
    has_agreement: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", checked_texts(self.title, field="title", required=True))
        first, last = self.years
        if first is not None and last is not None and last < first:
            raise InvalidInput(N_("The plan ends before it starts."), field="years")
        if self.federal_rate is not None and not 0 <= self.federal_rate <= 1:
            raise InvalidInput(N_("A rate of aid lies between 0 and 100 %."), field="federal_rate")
        if self.federal_maximum is not None and not 0 <= self.federal_maximum < LARGEST:
            raise InvalidInput(
                N_("The maximum of aid lies between 0 and a real amount."), field="federal_maximum"
            )


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """A whole measure to create."""

    title: Texts
    owner_id: UUID
    description: Texts = field(default_factory=dict)
    kind: MeasureKind = MeasureKind.INFRASTRUCTURE
    category_id: int | None = None
    external_id: str = ""
    phase_scheme: str = "sia112"
    phase: str = ""
    implementation: Implementation = Implementation.NOT_STARTED
    published: bool = False
    is_example: bool = False
    pilot_id: UUID | None = None  # the organisation that leads it
    place_ids: tuple[UUID, ...] = ()
    memberships: tuple[MembershipDraft, ...] = ()
    estimates: tuple[EstimateDraft, ...] = ()
    spending: tuple[SpendDraft, ...] = ()
    funding: tuple[FundingDraft, ...] = ()
    sites: tuple[SiteDraft, ...] = ()
    phases: tuple[PhaseDraft, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", checked_texts(self.title, field="title", required=True))
        object.__setattr__(
            self,
            "description",
            checked_texts(self.description, field="description", longest=LONGEST_TEXT),
        )
        check_phase(self.phase_scheme, self.phase)


def check_phase(scheme: str, code: str) -> None:
    """Refuse a phase that its scheme does not know; "" is “not said”."""
    if scheme not in PHASE_SCHEMES:
        raise InvalidInput(N_("“{scheme}” is not a known scheme of phases."), scheme=scheme, field="phase")
    known = [step.code for step in PHASE_SCHEMES[scheme]]
    if code and code not in known:
        raise InvalidInput(
            N_("“{phase}” is not a phase of this scheme. Use one of: {known}."),
            phase=code,
            known=known,
            field="phase",
        )


__all__ = [
    "CommitmentDraft",
    "DeadlineDraft",
    "EstimateDraft",
    "FillUp",
    "Fixed",
    "FundingDraft",
    "LumpPerUnit",
    "MeasureDraft",
    "MembershipDraft",
    "PaymentDraft",
    "PhaseDraft",
    "PlanEdit",
    "RateWithCap",
    "Residual",
    "Rule",
    "SiteDraft",
    "SpendDraft",
    "Texts",
    "check_phase",
    "checked_texts",
]
