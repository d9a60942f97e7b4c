"""Measures whole, many at once, and their deadlines: what a programme office reports and plans with.

A fixed number of questions whatever the number of measures. Each read sees what its actor may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.deriving import in_time
from belvedere.domains.plans.filters import MeasureFilter, chosen
from belvedere.domains.plans.flags import OVER
from belvedere.domains.plans.models import (
    CostEstimate,
    FundingLine,
    Measure,
    MeasureFigures,
    Payment,
    Phase,
    Plan,
    PlanMembership,
    SpendLine,
)
from belvedere.domains.plans.standing import works_phase
from belvedere.domains.plans.states import (
    Agreement,
    EstimateKind,
    Flag,
    FundingState,
    Implementation,
    Priority,
    SpendState,
)
from belvedere.domains.plans.views import EstimateView, Names, PhaseView, SpendingView
from belvedere.domains.plans.vocabulary import Contribution, Span
from belvedere.kernel.money import Kind, Money, Vat

# Nothing hangs on the deadlines of these any more.
SETTLED = frozenset({Agreement.FINAL_ACCOUNT, Agreement.CLOSED, Agreement.FORFEITED})
NEWEST = F("plan__generation").desc(nulls_last=True)
BEGUN = frozenset({Implementation.IN_PROGRESS, Implementation.DONE})


@dataclass(frozen=True, slots=True)
class ReportedListing:
    """That a plan lists the measure; `listed_cost` is in the plan's money."""

    plan_id: UUID
    plan_code: str
    code: str
    are_code: str
    priority: Priority
    assessed: Priority
    agreement: Agreement
    agreement_number: str
    financing_number: str
    financing_date: date | None
    contribution: Contribution
    listed_cost: Money | None
    start_deadline: date | None
    claim_deadline: date | None


@dataclass(frozen=True, slots=True)
class ReportedFunding:
    """Who pays: what the rule grants today and what arrived."""

    organisation_id: UUID
    instrument: str
    state: FundingState
    granted: Money
    received: Decimal


@dataclass(frozen=True, slots=True)
class ReportedMeasure:
    """A measure as its owner answers for it."""

    id: UUID
    version: int
    title: Names
    owner_id: UUID
    kind: str
    phase_scheme: str
    phase: str
    implementation: Implementation
    published: bool
    updated_at: datetime
    listings: tuple[ReportedListing, ...] = ()
    phases: tuple[PhaseView, ...] = ()
    estimates: tuple[EstimateView, ...] = ()  # oldest first
    spending: tuple[SpendingView, ...] = ()
    funding: tuple[ReportedFunding, ...] = ()
    paid: tuple[tuple[int, Money], ...] = ()  # by year of account, once for each kind of money
    flags: tuple[Flag, ...] = ()
    works: tuple[date | None, date | None] = (None, None)  # real, else forecast, else planned
    at_stake: Money | None = None

    @property
    def cost(self) -> Money | None:
        return self.estimates[-1].amount if self.estimates else None

    @property
    def works_phase(self) -> PhaseView | None:
        """The dates of the works, None where none are known."""
        code = works_phase(self.phase_scheme)
        return next((phase for phase in self.phases if phase.code == code), None)

    @property
    def begun(self) -> bool:
        """Whether the works have really started."""
        works = self.works_phase
        return self.implementation in BEGUN or (works is not None and works.actual[0] is not None)


def reported(
    actor: Actor,
    territory_id: UUID,
    which: MeasureFilter | None = None,
    *,
    ids: Collection[UUID] | None = None,
) -> list[ReportedMeasure]:
    """The measures that the filter keeps and the actor may see, by code; `ids` narrows them."""
    found = chosen(actor, territory_id, which or MeasureFilter())
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    ordered = list(found.order_by("figures__codes", "pk").values_list("pk", flat=True))
    made = _read(ordered)
    return [made[pk] for pk in ordered if pk in made]


def _grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.measure_id].append(row)
    return found


def _read(ids: list[UUID]) -> dict[UUID, ReportedMeasure]:
    here = {"measure_id__in": ids}
    plans = PlanMembership.objects.filter(**here).select_related("plan").order_by(NEWEST, "plan__code")
    listings = _grouped(plans)
    phases = _grouped(Phase.objects.filter(**here).order_by("code"))
    estimates = _grouped(CostEstimate.objects.filter(**here).order_by("version"))
    spending = _grouped(SpendLine.objects.filter(**here, scenario="reference"))
    funding = _grouped(FundingLine.objects.filter(**here))
    payments = _grouped(Payment.objects.filter(**here))
    figures = MeasureFigures.objects.in_bulk(ids)
    return {
        measure.pk: _measure(
            measure,
            figures.get(measure.pk),
            listings=tuple(_listing(row) for row in listings[measure.pk]),
            phases=tuple(_phase(row) for row in phases[measure.pk] if row.scheme == measure.phase_scheme),
            estimates=tuple(_estimate(row) for row in estimates[measure.pk]),
            spending=tuple(_spend(row) for row in sorted(spending[measure.pk], key=in_time)),
            funding=_funding(funding[measure.pk], payments[measure.pk]),
            paid=_paid(payments[measure.pk]),
        )
        for measure in Measure.objects.filter(pk__in=ids)
    }


def _measure(measure: Measure, figures: MeasureFigures | None, **parts: Any) -> ReportedMeasure:
    estimates = parts["estimates"]
    works: tuple[date | None, date | None] = (None, None)
    at_stake = None
    if figures is not None:
        works = (figures.works_start, figures.works_end)
        if estimates and figures.at_stake:
            at_stake = Money(figures.at_stake, estimates[-1].amount.kind)
    return ReportedMeasure(
        id=measure.pk,
        version=measure.version,
        title=measure.title,
        owner_id=measure.owner_id,
        kind=measure.kind,
        phase_scheme=measure.phase_scheme,
        phase=measure.phase,
        implementation=Implementation(measure.implementation),
        published=measure.published,
        updated_at=measure.updated_at,
        flags=tuple(Flag(flag) for flag in figures.flags) if figures else (),
        works=works,
        at_stake=at_stake,
        **parts,
    )


def _plan_kind(plan: Plan) -> Kind:
    return Kind(plan.currency, Vat(plan.vat), plan.price_base)


def _listing(row: PlanMembership) -> ReportedListing:
    listed = None if row.listed_cost is None else Money(row.listed_cost, _plan_kind(row.plan))
    return ReportedListing(
        plan_id=row.plan_id,
        plan_code=row.plan.code,
        code=row.code,
        are_code=row.are_code,
        priority=Priority(row.priority),
        assessed=Priority(row.assessed_priority),
        agreement=Agreement(row.agreement),
        agreement_number=row.agreement_number,
        financing_number=row.financing_number,
        financing_date=row.financing_date,
        contribution=Contribution(row.contribution),
        listed_cost=listed,
        start_deadline=row.start_deadline,
        claim_deadline=row.claim_deadline,
    )


def _phase(row: Phase) -> PhaseView:
    return PhaseView(
        row.code,
        (row.planned_start, row.planned_end),
        (row.forecast_start, row.forecast_end),
        (row.actual_start, row.actual_end),
        row.confirmed,
    )


def _estimate(row: CostEstimate) -> EstimateView:
    eligible = None if row.eligible_amount is None else Money(row.eligible_amount, row.money_kind)
    return EstimateView(
        version=row.version,
        dated=row.dated,
        kind=EstimateKind(row.kind),
        amount=row.money,
        eligible=eligible,
        accuracy=row.accuracy_share,
        source=row.source,
        raw_text=row.raw_text,
    )


def _spend(row: SpendLine) -> SpendingView:
    kind = row.money_kind
    return SpendingView(
        row.year,
        row.nature,
        SpendState(row.state),
        Money(row.amount, kind),
        Money(row.aid, kind),
        Span(row.span),
        row.reason,
    )


def _funding(rows: list[FundingLine], payments: list[Payment]) -> tuple[ReportedFunding, ...]:
    received: dict[UUID | None, Decimal] = defaultdict(Decimal)
    for payment in payments:
        received[payment.funding_line_id] += payment.amount
    return tuple(
        ReportedFunding(
            row.organisation_id,
            row.instrument,
            FundingState(row.state),
            Money(row.resolved, row.money_kind),
            received[row.pk] if row.pk in received else Decimal(0),
        )
        for row in rows
    )


def _paid(payments: list[Payment]) -> tuple[tuple[int, Money], ...]:
    sums: dict[tuple[int, Kind], Decimal] = defaultdict(Decimal)
    for payment in payments:
        if payment.funding_line_id is None:
            sums[payment.year, payment.money_kind] += payment.amount
    return tuple((year, Money(amount, kind)) for (year, kind), amount in sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that aid hangs on. `works` are start and end as known; `missed` says that they come too late."""

    measure_id: UUID
    title: Names
    owner_id: UUID
    plan_code: str
    code: str
    what: str  # "start": the works must have started; "claim": the aid must be claimed
    day: date
    works: tuple[date | None, date | None]
    at_stake: Money | None
    missed: bool = field(default=False)


def deadlines(actor: Actor, territory_id: UUID, which: MeasureFilter | None = None) -> list[Deadline]:
    """Every deadline of aid still to be met, of what the filter keeps and the actor sees, nearest first."""
    seen = chosen(actor, territory_id, which or MeasureFilter()).exclude(implementation__in=OVER)
    rows = (
        PlanMembership.objects.filter(measure__in=seen)
        .exclude(agreement__in=SETTLED)
        .exclude(start_deadline=None, claim_deadline=None)
        .select_related("measure", "measure__figures", "plan")
    )
    ids = [row.measure_id for row in rows]
    kinds = {row.measure_id: row.money_kind for row in CostEstimate.objects.filter(measure_id__in=ids)}
    started = Phase.objects.filter(measure_id__in=ids, actual_start__isnull=False, code__in=("5", "EXE"))
    begun = set(started.values_list("measure_id", flat=True))
    found = [one for row in rows for one in _deadlines(row, kinds, begun)]
    return sorted(found, key=lambda one: (one.day, one.plan_code, one.code, one.what))


def _deadlines(row: PlanMembership, kinds: dict[UUID, Kind], begun: set[UUID]) -> Iterable[Deadline]:
    measure = row.measure
    figures: MeasureFigures | None = getattr(measure, "figures", None)
    works = (figures.works_start, figures.works_end) if figures else (None, None)
    at_stake = None
    if figures is not None and figures.at_stake and measure.pk in kinds:
        at_stake = Money(figures.at_stake, kinds[measure.pk])
    done = measure.pk in begun or Implementation(measure.implementation) in BEGUN
    limits = (
        ("start", None if done else row.start_deadline, works[0]),
        ("claim", row.claim_deadline, works[1]),
    )
    for what, day, when in limits:
        if day is not None:
            yield Deadline(
                measure_id=measure.pk,
                title=measure.title,
                owner_id=measure.owner_id,
                plan_code=row.plan.code,
                code=row.code,
                what=what,
                day=day,
                works=works,
                at_stake=at_stake,
                missed=when is not None and when > day,
            )


__all__ = ["Deadline", "ReportedFunding", "ReportedListing", "ReportedMeasure", "deadlines", "reported"]
