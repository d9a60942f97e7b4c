"""Rows of the parts of a measure (plans, money, sites, phases) made from drafts. Private to the domain."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from belvedere.domains.plans.models import (
    CostEstimate,
    FundingLine,
    Measure,
    MeasureActor,
    MeasurePlace,
    Phase,
    PlanMembership,
    Site,
    SpendLine,
    Succession,
)
from belvedere.domains.plans.states import FundingRule, Priority
from belvedere.domains.plans.values import (
    EstimateDraft,
    FundingDraft,
    MeasureDraft,
    MembershipDraft,
    PhaseDraft,
    SiteDraft,
    SpendDraft,
)
from belvedere.domains.plans.vocabulary import ActorRole, Contribution
from belvedere.kernel.geometry import Shape
from belvedere.kernel.money import Money
from belvedere.science.finance.funding import FillUp, Fixed, LumpPerUnit, RateWithCap, Residual, Rule

BATCH = 1000  # rows in one question
RULE_NAMES: dict[type[Rule], FundingRule] = {
    Fixed: FundingRule.FIXED,
    LumpPerUnit: FundingRule.LUMP,
    RateWithCap: FundingRule.RATE,
    FillUp: FundingRule.FILL_UP,
    Residual: FundingRule.RESIDUAL,
}


def money_fields(money: Money) -> dict[str, str]:
    return {"currency": money.currency, "vat": money.vat.value, "price_base": money.price_base}


def estimate_row(measure_id: UUID, version: int, draft: EstimateDraft) -> CostEstimate:
    return CostEstimate(
        measure_id=measure_id,
        version=version,
        dated=draft.dated,
        kind=draft.kind,
        amount=draft.amount.amount,
        eligible_amount=None if draft.eligible is None else draft.eligible.amount,
        accuracy_share=draft.accuracy,
        raw_text=draft.raw_text[:200],
        source=draft.source[:300],
        **money_fields(draft.amount),
    )


def spend_row(measure_id: UUID, draft: SpendDraft) -> SpendLine:
    return SpendLine(
        measure_id=measure_id,
        year=draft.year,
        nature=draft.nature,
        state=draft.state,
        span=draft.span,
        reason=draft.reason,
        amount=draft.amount.amount,
        **money_fields(draft.amount),
    )


def funding_row(measure_id: UUID, draft: FundingDraft) -> FundingLine:
    rule = draft.rule
    row = FundingLine(
        measure_id=measure_id,
        organisation_id=draft.organisation_id,
        instrument=draft.instrument[:200],
        position=draft.position,
        state=draft.state,
        conditions=draft.conditions[:500],
        requested_on=draft.requested_on,
        decided_on=draft.decided_on,
        start_deadline=draft.start_deadline,
        claim_deadline=draft.claim_deadline,
        advance_share=draft.advance_share,
        lag_years=draft.lag_years,
        indexed=draft.indexed,
        currency=draft.money_kind.currency,
        vat=draft.money_kind.vat.value,
        price_base=draft.money_kind.price_base,
    )
    row.rule = RULE_NAMES[type(rule)]
    if isinstance(rule, Fixed):
        row.amount = rule.amount.amount
    if isinstance(rule, LumpPerUnit):
        row.tariff, row.unit = rule.tariff.amount, rule.unit
    if isinstance(rule, RateWithCap | FillUp):
        row.rate = rule.rate
    if isinstance(rule, LumpPerUnit | RateWithCap | FillUp) and rule.cap is not None:
        row.cap = rule.cap.amount
    return row


def shape_fields(shape: Shape) -> dict[str, object]:
    longitude, latitude = shape.centre
    west, south, east, north = shape.box.as_tuple()
    return {
        "geometry": shape.wkb,
        "longitude": longitude,
        "latitude": latitude,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def site_row(measure_id: UUID, draft: SiteDraft) -> Site:
    return Site(
        measure_id=measure_id,
        name=draft.name[:200],
        method=draft.method,
        accuracy_m=draft.accuracy_m,
        source_crs=draft.source_crs[:60],
        **shape_fields(draft.shape),
    )


def phase_row(measure: Measure, draft: PhaseDraft) -> Phase:
    return Phase(
        measure=measure,
        scheme=measure.phase_scheme,
        code=draft.code,
        planned_start=draft.planned[0],
        planned_end=draft.planned[1],
        forecast_start=draft.forecast[0],
        forecast_end=draft.forecast[1],
        actual_start=draft.actual[0],
        actual_end=draft.actual[1],
        confirmed=draft.confirmed,
    )


def membership_row(measure: Measure, draft: MembershipDraft) -> PlanMembership:
    return PlanMembership(
        measure=measure,
        plan_id=draft.plan_id,
        node_id=draft.node_id,
        code=draft.code,
        are_code=draft.are_code,
        priority=draft.priority,
        horizon_from=draft.horizon[0],
        horizon_to=draft.horizon[1],
        start_deadline=draft.start_deadline,
        claim_deadline=draft.claim_deadline,
        deadline_source=draft.deadline_source[:300],
        listed_cost=draft.listed_cost,
        listed_cost_note=draft.listed_cost_note[:200],
        contribution=draft.contribution,
    )


def membership_draft(row: PlanMembership) -> MembershipDraft:
    """What a listing says now, as a draft to change one thing of."""
    return MembershipDraft(
        plan_id=row.plan_id,
        code=row.code,
        priority=Priority(row.priority),
        node_id=row.node_id,
        are_code=row.are_code,
        horizon=(row.horizon_from, row.horizon_to),
        start_deadline=row.start_deadline,
        claim_deadline=row.claim_deadline,
        deadline_source=row.deadline_source,
        listed_cost=row.listed_cost,
        listed_cost_note=row.listed_cost_note,
        contribution=Contribution(row.contribution),
    )


def add_parts(made: Sequence[tuple[Measure, MeasureDraft]]) -> None:
    """Write everything that hangs on new measures: one question for each table, however many measures."""
    MeasurePlace.objects.bulk_create(
        [
            MeasurePlace(measure=measure, place_id=place_id)
            for measure, draft in made
            for place_id in dict.fromkeys(draft.place_ids)
        ],
        BATCH,
    )
    _add_memberships(made)
    CostEstimate.objects.bulk_create(
        [
            estimate_row(measure.pk, number, estimate)
            for measure, draft in made
            for number, estimate in enumerate(draft.estimates, start=1)
        ],
        BATCH,
    )
    SpendLine.objects.bulk_create(
        [spend_row(m.pk, one) for m, draft in made for one in draft.spending], BATCH
    )
    FundingLine.objects.bulk_create(
        [funding_row(m.pk, one) for m, draft in made for one in draft.funding], BATCH
    )
    Site.objects.bulk_create([site_row(m.pk, one) for m, draft in made for one in draft.sites], BATCH)
    Phase.objects.bulk_create([phase_row(m, one) for m, draft in made for one in draft.phases], BATCH)
    MeasureActor.objects.bulk_create(
        [
            MeasureActor(measure=measure, role=ActorRole.PILOT, organisation_id=draft.pilot_id)
            for measure, draft in made
            if draft.pilot_id is not None
        ],
        BATCH,
    )


def _add_memberships(made: Sequence[tuple[Measure, MeasureDraft]]) -> None:
    listed = [membership_row(measure, draft) for measure, whole in made for draft in whole.memberships]
    PlanMembership.objects.bulk_create(listed, BATCH)
    rows = {(row.measure_id, row.plan_id): row for row in listed}
    Succession.objects.bulk_create(
        [
            Succession(
                listing=rows[measure.pk, draft.plan_id],
                previous=rows[measure.pk, draft.previous_plan_id],
                relation=draft.relation,
            )
            for measure, whole in made
            for draft in whole.memberships
            if draft.previous_plan_id and (measure.pk, draft.previous_plan_id) in rows
        ],
        BATCH,
    )
