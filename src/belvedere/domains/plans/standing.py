"""Where a measure stands: the facts its three tracks are judged by, gathered by one function.

A `Standing` is a plain value, so that guards are pure and the table can be tested without a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from django.db.models import Q

from belvedere.domains.plans.models import (
    CostEstimate,
    Decision,
    FundingLine,
    Measure,
    MeasureActor,
    MeasureLink,
    Phase,
    PlanMembership,
    Quantity,
    Site,
)
from belvedere.domains.plans.states import (
    PHASE_SCHEMES,
    Agreement,
    EstimateKind,
    FundingRule,
    Implementation,
    MeasureKind,
    Priority,
)
from belvedere.domains.plans.vocabulary import ActorRole, Contribution, DecisionType, LinkType
from belvedere.kernel.clock import today
from belvedere.kernel.money import Money

WORKS_STAGE = 7
COMMISSIONING_STAGE = 8
PROGRAMME = "agglomeration_programme"


@cache
def stage_of(scheme: str, code: str) -> int | None:
    """The step of the common ladder a phase stands on; None when the phase is not said."""
    return next((step.stage for step in PHASE_SCHEMES.get(scheme, ()) if step.code == code), None)


@dataclass(frozen=True, slots=True)
class EstimateFacts:
    amount: Money
    kind: EstimateKind
    accuracy: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What the agreement of one plan is judged by. `substitutes`: stands in for an A that is not built."""

    id: int
    plan: str  # its code
    agreement: Agreement = Agreement.NOT_LISTED
    walks: bool = True  # the plan has an agreement
    programme: bool = True  # an agglomeration programme, with its classes A, B and C
    priority: Priority = Priority.NONE
    assessed: Priority = Priority.NONE
    agreement_number: str = ""
    financing_number: str = ""
    financing_date: date | None = None
    contribution: Contribution = Contribution.INDIVIDUAL
    claim_deadline: date | None = None
    substitutes: bool = False

    @property
    def accepted(self) -> Priority:
        """The authority's priority where it gave one, else ours."""
        return self.assessed or self.priority


@dataclass(frozen=True, slots=True)
class Standing:
    """Facts on a measure on a day."""

    today: date
    scheme: str = "sia112"
    phase: str = ""
    implementation: Implementation = Implementation.NOT_STARTED
    kind: MeasureKind = MeasureKind.INFRASTRUCTURE
    estimate: EstimateFacts | None = None
    has_site: bool = False
    has_pilot: bool = False
    decisions: frozenset[DecisionType] = frozenset()
    listings: tuple[ListingFacts, ...] = ()
    works_started: date | None = None  # really
    works_ended: date | None = None
    replaced: bool = False  # another measure takes its place
    units: frozenset[str] = frozenset()  # of its quantities
    lump_units: frozenset[str] = frozenset()  # that its lump sums are counted in

    @property
    def stage(self) -> int | None:
        return stage_of(self.scheme, self.phase)

    def listing(self, listing_id: int) -> ListingFacts | None:
        return next((one for one in self.listings if one.id == listing_id), None)


def standing_of(measure: Measure) -> Standing:
    """The facts of a measure as they are stored now: one small query for each table."""
    estimate = CostEstimate.objects.filter(measure=measure).order_by("-version").first()
    works = _works(measure)
    funding = FundingLine.objects.filter(measure=measure, rule=FundingRule.LUMP)
    day = today()
    return Standing(
        today=day,
        scheme=measure.phase_scheme,
        phase=measure.phase,
        implementation=Implementation(measure.implementation),
        kind=MeasureKind(measure.kind),
        estimate=None
        if estimate is None
        else EstimateFacts(estimate.money, EstimateKind(estimate.kind), estimate.accuracy_share),
        has_site=Site.objects.filter(measure=measure).exists(),
        has_pilot=MeasureActor.objects.filter(measure=measure, role=ActorRole.PILOT)
        .filter(Q(until__isnull=True) | Q(until__gte=day))
        .exists(),
        decisions=frozenset(
            DecisionType(kind)
            for kind in Decision.objects.filter(measure=measure).values_list("type", flat=True)
        ),
        listings=_listings(measure),
        works_started=works.actual_start if works else None,
        works_ended=works.actual_end if works else None,
        replaced=measure.replaced_by_id is not None or _is_replaced(measure),
        units=frozenset(
            Quantity.objects.filter(measure=measure, planned__gt=0).values_list("unit", flat=True)
        ),
        lump_units=frozenset(funding.values_list("unit", flat=True)),
    )


@cache
def works_phase(scheme: str) -> str:
    """The code of the works in a scheme."""
    return next((step.code for step in PHASE_SCHEMES.get(scheme, ()) if step.stage == WORKS_STAGE), "")


def _works(measure: Measure) -> Phase | None:
    scheme = measure.phase_scheme
    return Phase.objects.filter(measure=measure, scheme=scheme, code=works_phase(scheme)).first()


def _is_replaced(measure: Measure) -> bool:
    return MeasureLink.objects.filter(
        target=measure, type__in=[LinkType.REPLACES, LinkType.SUBSTITUTES]
    ).exists()


def _listings(measure: Measure) -> tuple[ListingFacts, ...]:
    rows = list(PlanMembership.objects.filter(measure=measure).select_related("plan").order_by("id"))
    standing_in = _substituted_plans(measure) if rows else set()
    return tuple(listing_facts(row, substitutes=row.plan_id in standing_in) for row in rows)


def _substituted_plans(measure: Measure) -> set[object]:
    """Plans in which this measure stands in for an A measure that is not being built."""
    targets = MeasureLink.objects.filter(source=measure, type=LinkType.SUBSTITUTES).exclude(
        target__implementation__in=[Implementation.IN_PROGRESS, Implementation.DONE]
    )
    first = Q(assessed_priority=Priority.A) | Q(assessed_priority="", priority=Priority.A)
    return set(
        PlanMembership.objects.filter(first, measure__in=targets.values("target")).values_list(
            "plan_id", flat=True
        )
    )


def listing_facts(row: PlanMembership, *, substitutes: bool = False) -> ListingFacts:
    """The facts of a stored listing, its plan loaded."""
    return ListingFacts(
        id=row.pk,
        plan=row.plan.code,
        agreement=Agreement(row.agreement),
        walks=row.plan.has_agreement,
        programme=row.plan.type == PROGRAMME,
        priority=Priority(row.priority),
        assessed=Priority(row.assessed_priority),
        agreement_number=row.agreement_number,
        financing_number=row.financing_number,
        financing_date=row.financing_date,
        contribution=Contribution(row.contribution),
        claim_deadline=row.claim_deadline,
        substitutes=substitutes,
    )
