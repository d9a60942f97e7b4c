"""The derived figures of measures: computed on values, written in bulk.

A figure is never typed by hand. Every verb that touches the money, the sites or the plans of measures ends
by calling `refresh` on them, inside the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from belvedere.domains.plans.deriving import derive, in_time
from belvedere.domains.plans.models import (
    CostEstimate,
    Decision,
    FundingLine,
    Measure,
    MeasureActor,
    MeasureBook,
    MeasureFigures,
    Phase,
    PlanMembership,
    Quantity,
    Site,
    SpendLine,
)
from belvedere.domains.plans.states import LOST_FUNDING, Flag, FundingRule, FundingState, SiteMethod
from belvedere.domains.plans.vocabulary import ActorRole, DecisionType
from belvedere.domains.territory.public import OrganisationKind
from belvedere.kernel.clock import today
from belvedere.kernel.money import CENT, Kind, Money, Vat
from belvedere.science.finance.funding import (
    FillUp,
    Fixed,
    LumpPerUnit,
    RateWithCap,
    Residual,
    Rule,
    allot,
    resolve,
)

BATCH = 2000
# The yearly amounts may differ from the estimate by the rounding of whole francs.
ROUNDING = Decimal(1)
NO_MONEY = Kind("CHF", Vat.UNKNOWN)
NO_QUANTITIES: Mapping[str, Decimal] = {}
NOBODY: frozenset[UUID] = frozenset()


@dataclass(slots=True)
class Parts:
    """What the figures of one measure are made of."""

    estimate: CostEstimate | None = None
    spending: list[SpendLine] | None = None
    funding: list[FundingLine] | None = None
    memberships: list[PlanMembership] | None = None
    site: Site | None = None
    quantities: Mapping[str, Decimal] = field(default_factory=dict)  # planned, by unit
    phases: list[Phase] | None = None
    measure: Measure | None = None  # without it the flags on its facts are left out
    previous: CostEstimate | None = None  # the estimate before the present one
    piloted: bool = False
    credits: list[Money] = field(default_factory=list)  # voted by decisions of the owner
    book: MeasureBook | None = None  # the money packed, made by `work_out`


def quantities_of(ids: Collection[UUID]) -> dict[UUID, dict[str, Decimal]]:
    """The planned quantities of these measures by unit."""
    found: dict[UUID, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for quantity in Quantity.objects.filter(measure_id__in=ids):
        found[quantity.measure_id][quantity.unit] += quantity.planned
    return found


def rule_of(line: FundingLine, quantities: Mapping[str, Decimal] = NO_QUANTITIES) -> Rule:
    """The rule that a funding line states; `quantities` by unit are what lump sums are counted on."""
    cap = None if line.cap is None else Money(line.cap, line.money_kind)
    match FundingRule(line.rule):
        case FundingRule.FIXED:
            return Fixed(Money(line.amount or Decimal(0), line.money_kind))
        case FundingRule.LUMP:
            tariff = Money(line.tariff or Decimal(0), line.money_kind)
            return LumpPerUnit(tariff, quantities.get(line.unit, Decimal(0)), line.unit, cap)
        case FundingRule.RATE:
            return RateWithCap(line.rate or Decimal(0), cap)
        case FundingRule.FILL_UP:
            return FillUp(line.rate or Decimal(0), cap)
        case FundingRule.RESIDUAL:
            return Residual()


def work_out(
    measure_id: UUID, parts: Parts, *, federal: frozenset[UUID] = NOBODY, day: date | None = None
) -> MeasureFigures:
    """The figures of one measure; sets `resolved` on its funding lines and `aid` on its spending lines.

    Without an estimate nothing is resolved: no cost is not a cost of 0. `federal` are the organisations
    whose aid is bound to the deadlines frozen on the listings.
    """
    spending = sorted(parts.spending or [], key=in_time)
    funding = parts.funding or []
    rules = {line.pk: rule_of(line, parts.quantities) for line in funding}
    flags: list[Flag] = []
    kind = parts.estimate.money_kind if parts.estimate else _first_kind(spending)
    figures = MeasureFigures(
        measure_id=measure_id, currency=kind.currency, vat=kind.vat, price_base=kind.price_base
    )
    if parts.estimate is None:
        flags.append(Flag.NO_COST)
        for line in funding:
            line.resolved = Decimal(0)
    else:
        _resolve(funding, rules, parts.estimate, figures, flags)
        same = [line for line in spending if line.money_kind == kind]
        _allot(figures.aid, same, flags, parts.estimate.amount)
    years = sorted({line.year for line in spending if line.amount or line.aid})
    figures.years = years
    figures.first_year, figures.last_year = (years[0], years[-1]) if years else (None, None)
    if not years:
        flags.append(Flag.NO_DATES)
    _place(parts.site, figures, flags)
    memberships = parts.memberships or []
    figures.priority = min((m.priority for m in memberships if m.priority), default="")
    figures.codes = " · ".join(m.code for m in memberships if m.code)[:200]
    flags += derive(figures, parts, rules, federal=federal, today=day or today())
    figures.flags = [flag.value for flag in flags]
    return figures


def _first_kind(spending: list[SpendLine]) -> Kind:
    return spending[0].money_kind if spending else NO_MONEY


def _resolve(
    funding: list[FundingLine],
    rules: Mapping[UUID, Rule],
    estimate: CostEstimate,
    figures: MeasureFigures,
    flags: list[Flag],
) -> None:
    alive = [line for line in funding if FundingState(line.state) not in LOST_FUNDING]
    eligible = (
        None if estimate.eligible_amount is None else Money(estimate.eligible_amount, estimate.money_kind)
    )
    positions = [line.position for line in alive]
    result = resolve(estimate.money, eligible, [rules[line.pk] for line in alive], positions)
    for line in funding:
        line.resolved = Decimal(0)
    for line, share in zip(alive, result.shares, strict=True):
        line.resolved = share.amount.amount if share.amount is not None else Decimal(0)
    figures.cost, figures.aid, figures.net = estimate.amount, result.aid.amount, result.net.amount
    if result.unlike:
        flags.append(Flag.UNLIKE_FUNDING)
    if result.exceeds:
        flags.append(Flag.AID_EXCEEDS_COST)


def _allot(aid: Decimal, spending: list[SpendLine], flags: list[Flag], cost: Decimal) -> None:
    for line, share in zip(spending, allot(aid, [line.amount for line in spending]), strict=True):
        line.aid = share
    if spending and abs(sum((line.amount for line in spending), Decimal(0)) - cost) > ROUNDING:
        flags.append(Flag.SPENDING_GAP)


def _place(site: Site | None, figures: MeasureFigures, flags: list[Flag]) -> None:
    if site is None:
        flags.append(Flag.NO_SITE)
        return
    figures.longitude, figures.latitude = site.longitude, site.latitude
    figures.approximate = site.method == SiteMethod.CENTROID


def refresh(measure_ids: Collection[UUID]) -> None:
    """Work out and store the figures of these measures: a handful of queries per 2,000."""
    wanted = list(dict.fromkeys(measure_ids))
    for start in range(0, len(wanted), BATCH):
        ids = wanted[start : start + BATCH]
        parts = parts_of(ids)
        store([(measure_id, parts[measure_id]) for measure_id in ids], federal=federal_payers(ids))


def parts_of(ids: Collection[UUID]) -> dict[UUID, Parts]:
    """What is stored of these measures, gathered for `work_out`."""
    parts: dict[UUID, Parts] = defaultdict(Parts)
    for estimate in CostEstimate.objects.filter(measure_id__in=ids).order_by("measure_id", "version"):
        here = parts[estimate.measure_id]
        here.previous, here.estimate = here.estimate, estimate  # the highest version stays
    for line in SpendLine.objects.filter(measure_id__in=ids, scenario="reference"):
        _append(parts[line.measure_id], "spending", line)
    for funding in FundingLine.objects.filter(measure_id__in=ids):
        _append(parts[funding.measure_id], "funding", funding)
    newest_first = ("-plan__generation", "plan__code", "id")
    for membership in PlanMembership.objects.filter(measure_id__in=ids).order_by(*newest_first):
        _append(parts[membership.measure_id], "memberships", membership)
    for site in Site.objects.filter(measure_id__in=ids).order_by("-id").defer("geometry"):
        parts[site.measure_id].site = site  # the first drawn stays
    for measure_id, quantities in quantities_of(ids).items():
        parts[measure_id].quantities = quantities
    _gather_facts(ids, parts)
    return parts


def _gather_facts(ids: Collection[UUID], parts: dict[UUID, Parts]) -> None:
    known = Measure.objects.filter(pk__in=ids).only(
        "description", "phase_scheme", "phase", "implementation", "updated_at"
    )
    for measure in known:
        parts[measure.pk].measure = measure
    for phase in Phase.objects.filter(measure_id__in=ids):
        _append(parts[phase.measure_id], "phases", phase)
    pilots = MeasureActor.objects.filter(measure_id__in=ids, role=ActorRole.PILOT)
    for measure_id in pilots.filter(Q(until__isnull=True) | Q(until__gte=today())).values_list(
        "measure_id", flat=True
    ):
        parts[measure_id].piloted = True
    for credit in Decision.objects.filter(
        measure_id__in=ids, type=DecisionType.CREDIT, amount__isnull=False, vat__in=list(Vat)
    ):
        kind = Kind(credit.currency, Vat(credit.vat), credit.price_base)
        parts[credit.measure_id].credits.append(Money(credit.amount or Decimal(0), kind))


def federal_payers(ids: Collection[UUID]) -> frozenset[UUID]:
    """The organisations of the Confederation that pay for these measures."""
    lines = FundingLine.objects.filter(measure_id__in=ids, organisation__kind=OrganisationKind.CONFEDERATION)
    return frozenset(lines.values_list("organisation_id", flat=True))


def _append(parts: Parts, name: str, row: object) -> None:
    rows = getattr(parts, name)
    if rows is None:
        setattr(parts, name, [row])
    else:
        rows.append(row)


def store(
    measures: Iterable[tuple[UUID, Parts]], *, federal: frozenset[UUID] = NOBODY, day: date | None = None
) -> None:
    """Work out and write the figures of measures whose parts are at hand and stored."""
    figures: list[MeasureFigures] = []
    books: list[MeasureBook] = []
    spending: list[SpendLine] = []
    funding: list[FundingLine] = []
    for measure_id, parts in measures:
        before = [(line.aid, line) for line in parts.spending or []]
        resolved = [(line.resolved, line) for line in parts.funding or []]
        figures.append(work_out(measure_id, parts, federal=federal, day=day))
        if parts.book is not None:
            books.append(parts.book)
        spending += [line for aid, line in before if line.aid != aid]
        funding += [line for amount, line in resolved if line.resolved != amount]
    SpendLine.objects.bulk_update(spending, ["aid"], batch_size=BATCH)
    FundingLine.objects.bulk_update(funding, ["resolved"], batch_size=BATCH)
    for rows in (figures, books):
        _rewrite(rows)


def _rewrite(rows: Sequence[MeasureFigures] | Sequence[MeasureBook]) -> None:
    """Write derived rows, one a measure, in the place of those before."""
    if not rows:
        return
    model = type(rows[0])
    fields = [each.name for each in model._meta.fields if not each.primary_key]  # noqa: SLF001
    model._default_manager.bulk_create(  # noqa: SLF001
        rows,  # type: ignore[arg-type]
        update_conflicts=True,
        unique_fields=["measure"],
        update_fields=fields,
        batch_size=BATCH,
    )


__all__ = [
    "CENT",
    "Parts",
    "federal_payers",
    "parts_of",
    "quantities_of",
    "refresh",
    "rule_of",
    "store",
    "work_out",
]
