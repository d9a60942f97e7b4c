"""One measure whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import maturity
from belvedere.domains.plans.deriving import in_time
from belvedere.domains.plans.errors import NoSuchMeasure
from belvedere.domains.plans.figures import quantities_of, rule_of
from belvedere.domains.plans.listings import listing_views
from belvedere.domains.plans.models import (
    CostEstimate,
    FundingLine,
    Measure,
    MeasureFigures,
    Phase,
    Site,
)
from belvedere.domains.plans.policies import RULES, may, sees
from belvedere.domains.plans.standing import standing_of
from belvedere.domains.plans.states import (
    LOST_FUNDING,
    EstimateKind,
    Flag,
    FundingState,
    Implementation,
    Priority,
    SpendState,
)
from belvedere.domains.plans.views import (
    EstimateView,
    FundingView,
    MeasureName,
    MeasureView,
    PhaseView,
    SiteView,
    SpendingView,
)
from belvedere.domains.plans.vocabulary import Span
from belvedere.domains.plans.writing import thing_of
from belvedere.kernel.errors import N_
from belvedere.kernel.geometry import from_wkb
from belvedere.kernel.money import Kind, Money
from belvedere.kernel.texts import text_in
from belvedere.science.finance.funding import FillUp, RateWithCap, Share, resolve

STARTED = frozenset({Implementation.IN_PROGRESS, Implementation.DONE})


def measure_page(
    actor: Actor, measure_id: UUID, *, language: str, territory_id: UUID | None = None
) -> MeasureView:
    """The measure with all its parts; NoSuchMeasure when the actor may not know of it."""
    found = Measure.objects.select_related("owner", "category", "figures", "replaced_by").filter(
        pk=measure_id
    )
    if territory_id is not None:
        found = found.filter(territory_id=territory_id)
    measure = found.first()
    if measure is None or not sees(actor, thing_of(measure)):
        raise NoSuchMeasure(N_("There is no such measure, or it is not published."))
    standing = standing_of(measure)
    estimates = list(CostEstimate.objects.filter(measure=measure).order_by("-version"))
    figures = MeasureFigures.objects.filter(measure=measure).first()
    current = estimates[0] if estimates else None
    kind = current.money_kind if current else None
    return MeasureView(
        id=measure.pk,
        territory_id=measure.territory_id,
        external_id=measure.external_id,
        title=measure.title,
        description=measure.description,
        kind=measure.kind,
        category_id=measure.category_id,
        category_name=measure.category.names if measure.category else {},
        owner_id=measure.owner_id,
        owner_name=measure.owner.names,
        phase_scheme=measure.phase_scheme,
        phase=measure.phase,
        implementation=Implementation(measure.implementation),
        published=measure.published,
        is_example=measure.is_example,
        version=measure.version,
        updated_at=measure.updated_at,
        place_ids=tuple(measure.places.values_list("place_id", flat=True)),
        listings=listing_views(actor, measure, standing),
        estimates=tuple(_estimate(row) for row in estimates),
        spending=_spending(measure),
        funding=_funding(measure, current, language),
        sites=_sites(measure),
        phases=tuple(_phase(row) for row in Phase.objects.filter(measure=measure).order_by("code")),
        cost=_money(figures, "cost", kind),
        aid=_money(figures, "aid", kind),
        net=_money(figures, "net", kind),
        priority=Priority(figures.priority if figures else ""),
        flags=tuple(Flag(flag) for flag in figures.flags) if figures else (),
        may=frozenset(verb for verb in RULES if may(actor, verb, thing_of(measure)) is None),
        justification=measure.justification,
        planning_steps=maturity.steps(standing, maturity.Track.PLANNING),
        implementation_steps=maturity.steps(standing, maturity.Track.IMPLEMENTATION),
        replaced_by=_name(actor, measure.replaced_by),
        replaces=_replaces(actor, measure),
        works=(figures.works_start, figures.works_end) if figures else (None, None),
        works_begun=standing.works_started is not None or measure.implementation in STARTED,
        at_stake=_money(figures, "at_stake", kind),
    )


def _name(actor: Actor, measure: Measure | None) -> MeasureName | None:
    if measure is None or not sees(actor, thing_of(measure)):
        return None
    return MeasureName(measure.pk, measure.title)


def _replaces(actor: Actor, measure: Measure) -> tuple[MeasureName, ...]:
    found = (_name(actor, row) for row in Measure.objects.filter(replaced_by=measure).order_by("created_at"))
    return tuple(name for name in found if name is not None)


def _money(figures: MeasureFigures | None, name: str, kind: Kind | None) -> Money | None:
    amount = getattr(figures, name) if figures else None
    return None if amount is None or kind is None else Money(amount, kind)


def _estimate(row: CostEstimate) -> EstimateView:
    kind = row.money_kind
    return EstimateView(
        version=row.version,
        dated=row.dated,
        kind=EstimateKind(row.kind),
        amount=row.money,
        eligible=None if row.eligible_amount is None else Money(row.eligible_amount, kind),
        accuracy=row.accuracy_share,
        source=row.source,
        raw_text=row.raw_text,
    )


def _spending(measure: Measure) -> tuple[SpendingView, ...]:
    rows = sorted(measure.spend_lines.filter(scenario="reference"), key=in_time)
    return tuple(
        SpendingView(
            row.year,
            row.nature,
            SpendState(row.state),
            Money(row.amount, row.money_kind),
            Money(row.aid, row.money_kind),
            Span(row.span),
            row.reason,
        )
        for row in rows
    )


def _funding(measure: Measure, current: CostEstimate | None, language: str) -> tuple[FundingView, ...]:
    rows = list(FundingLine.objects.filter(measure=measure).select_related("organisation"))
    shares = {} if current is None else _shares(rows, current)
    return tuple(_funding_view(row, shares.get(row.pk), language) for row in rows)


def _shares(rows: list[FundingLine], current: CostEstimate) -> dict[UUID, Share]:
    """What each line brings, resolved together; a lost one as if it stood alone."""
    eligible = None if current.eligible_amount is None else Money(current.eligible_amount, current.money_kind)
    quantities = quantities_of([current.measure_id]).get(current.measure_id, {})
    alive = [row for row in rows if FundingState(row.state) not in LOST_FUNDING]
    rules, positions = [rule_of(row, quantities) for row in alive], [row.position for row in alive]
    found = resolve(current.money, eligible, rules, positions).shares
    shares = {row.pk: resolve(current.money, eligible, [rule_of(row, quantities)]).shares[0] for row in rows}
    return shares | {row.pk: share for row, share in zip(alive, found, strict=True)}


def _funding_view(row: FundingLine, share: Share | None, language: str) -> FundingView:
    kind = row.money_kind
    names = row.organisation.names
    lost = FundingState(row.state) in LOST_FUNDING
    capped, unlike = (False, False) if share is None else (share.capped, share.amount is None)
    rule = rule_of(row)
    return FundingView(
        id=row.pk,
        organisation_id=row.organisation_id,
        organisation_name=text_in(names, language),
        instrument=row.instrument,
        rule=row.rule,
        amount=None if row.amount is None else Money(row.amount, kind),
        rate=rule.rate if isinstance(rule, RateWithCap | FillUp) else None,
        cap=None if row.cap is None else Money(row.cap, kind),
        resolved=Money(row.resolved, kind),
        state=FundingState(row.state),
        conditions=row.conditions,
        capped=capped,
        unlike=unlike,
        lost=lost,
        tariff=None if row.tariff is None else Money(row.tariff, kind),
        unit=row.unit,
        position=row.position,
        advance_share=row.advance_share,
        lag_years=row.lag_years,
        indexed=row.indexed,
        requested_on=row.requested_on,
        decided_on=row.decided_on,
        start_deadline=row.start_deadline,
        claim_deadline=row.claim_deadline,
    )


def _sites(measure: Measure) -> tuple[SiteView, ...]:
    return tuple(_site(row) for row in Site.objects.filter(measure=measure).order_by("id"))


def _site(row: Site) -> SiteView:
    shape = from_wkb(row.geometry)
    is_area, is_line = "Polygon" in shape.kind, "Line" in shape.kind
    geometry: dict[str, Any] = shape.geojson
    return SiteView(
        id=row.pk,
        name=row.name,
        method=row.method,
        accuracy_m=row.accuracy_m,
        geometry=geometry,
        length_m=shape.length_m if is_line else 0.0,
        area_m2=shape.area_m2 if is_area else 0.0,
    )


def _phase(row: Phase) -> PhaseView:
    return PhaseView(
        row.code,
        (row.planned_start, row.planned_end),
        (row.forecast_start, row.forecast_end),
        (row.actual_start, row.actual_end),
        row.confirmed,
    )
