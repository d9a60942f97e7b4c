"""The derived figures beyond the money itself: dates of the works, deadlines, what hangs on them, flags.

Pure functions on the rows of one measure; `figures` gathers the rows and writes the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from belvedere.domains.plans.flags import Dates, Facts, PhaseFacts, flags_of
from belvedere.domains.plans.models import (
    CostEstimate,
    FundingLine,
    MeasureBook,
    MeasureFigures,
    Phase,
    PlanMembership,
    SpendLine,
)
from belvedere.domains.plans.standing import stage_of, works_phase
from belvedere.domains.plans.states import (
    LOST_FUNDING,
    Agreement,
    Flag,
    FundingState,
    Implementation,
    SpendState,
)
from belvedere.domains.plans.vocabulary import Nature, Span
from belvedere.kernel.money import Kind, Money
from belvedere.science.finance.funding import Rule
from belvedere.science.finance.packing import (
    Bucket,
    Head,
    RuleLine,
    SpendingLine,
    pack_rules,
    pack_spending,
)

if TYPE_CHECKING:
    from belvedere.domains.plans.figures import Parts

PROMISED: frozenset[str] = frozenset({FundingState.AGREED, FundingState.PAID})
SECURED: frozenset[str] = PROMISED | {FundingState.OBTAINED}
LOST: frozenset[str] = frozenset(LOST_FUNDING)
# From here on the deadline to start is met, or no longer matters; then the one to claim.
STARTED: frozenset[str] = frozenset(
    {
        Agreement.WORKS_STARTED,
        Agreement.CLAIMS,
        Agreement.FINAL_ACCOUNT,
        Agreement.CLOSED,
        Agreement.FORFEITED,
    }
)
CLAIMED = STARTED - {Agreement.WORKS_STARTED}
VOTED = frozenset({SpendState.VOTED.value, SpendState.COMMITTED.value, SpendState.PAID.value})
BUCKETS: dict[str, Bucket] = {Span.YEAR: Bucket.YEAR, Span.BEFORE: Bucket.BEFORE, Span.AFTER: Bucket.AFTER}
IN_TIME: dict[str, int] = {Span.BEFORE: 0, Span.YEAR: 1, Span.AFTER: 2}


def in_time(line: SpendLine) -> tuple[int, int, str, str]:
    """Sorts yearly amounts in the order of time: what came before, the years, what comes after."""
    return IN_TIME[line.span], line.year, line.nature, line.state


def works_dates(phases: Iterable[Phase], scheme: str, spending: Iterable[SpendLine]) -> Dates:
    """When the works start and end: really, else forecast, else planned, else by the years of investment."""
    code = works_phase(scheme)
    row = next((phase for phase in phases if phase.scheme == scheme and phase.code == code), None)
    start = row and (row.actual_start or row.forecast_start or row.planned_start)
    end = row and (row.actual_end or row.forecast_end or row.planned_end)
    if start and end:
        return start, end
    years = [
        line.year
        for line in spending
        if line.amount > 0 and line.span == Span.YEAR and line.nature == Nature.INVESTMENT
    ]
    if years:
        start = start or min(date(min(years), 1, 1), end or date.max)
        end = end or max(date(max(years), 12, 31), start)
    return start or None, end or None


def deadlines_of(listings: Iterable[PlanMembership]) -> Dates:
    """The first deadlines, to start and to claim, that listings still have to meet."""
    starts = [one.start_deadline for one in listings if one.agreement not in STARTED]
    claims = [one.claim_deadline for one in listings if one.agreement not in CLAIMED]
    return _first(starts), _first(claims)


def _first(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def line_deadlines(line: FundingLine, federal: frozenset[UUID], frozen: Dates) -> Dates:
    """The deadlines of a funding line: its own, else for federal aid those frozen on the listings.

    A line already paid, or lost, has none.
    """
    if line.state == FundingState.PAID or line.state in LOST:
        return None, None
    if line.organisation_id not in federal:
        return line.start_deadline, line.claim_deadline
    return line.start_deadline or frozen[0], line.claim_deadline or frozen[1]


def derive(
    figures: MeasureFigures,
    parts: Parts,
    rules: Mapping[UUID, Rule],
    *,
    federal: frozenset[UUID],
    today: date,
) -> tuple[Flag, ...]:
    """Fill in what follows from dates and deadlines and pack the money; gives the flags of the day.

    `rules` are those of the funding lines by their identifier. Flags on facts of the measure come only
    where its row is at hand.
    """
    funding, listings, phases = parts.funding or [], parts.memberships or [], parts.phases or []
    scheme = parts.measure.phase_scheme if parts.measure is not None else _scheme(phases)
    spending = sorted(parts.spending or [], key=in_time)
    figures.works_start, figures.works_end = works_dates(phases, scheme, spending)
    frozen = deadlines_of(listings)
    limits = {line.pk: line_deadlines(line, federal, frozen) for line in funding}
    begun = _begun(parts, phases, scheme)
    start = _first([frozen[0], *(limit[0] for limit in limits.values())])
    figures.start_deadline = None if begun else start
    figures.at_stake = sum((line.resolved for line in funding if any(limits[line.pk])), Decimal(0))
    figures.promised = _sum_of(funding, PROMISED)
    kind = figures.money_kind
    same = [line for line in spending if line.money_kind == kind]
    parts.book = MeasureBook(
        measure_id=figures.measure_id,
        spending=_packed_spending(figures, parts.estimate, kind, same),
        rules=pack_rules(_rule_line(line, rules[line.pk], limits[line.pk]) for line in funding),
    )
    if parts.measure is None:
        return ()
    claim = _first([frozen[1], *(limit[1] for limit in limits.values())])
    return flags_of(_facts(parts, figures, same, kind, begun=begun, start=start, claim=claim), today)


def _scheme(phases: Sequence[Phase]) -> str:
    return phases[0].scheme if phases else ""


def _begun(parts: Parts, phases: Iterable[Phase], scheme: str) -> bool:
    """Whether the works have really started."""
    if parts.measure is not None and parts.measure.implementation in (
        Implementation.IN_PROGRESS,
        Implementation.DONE,
    ):
        return True
    code = works_phase(scheme)
    return any(phase.code == code and phase.actual_start is not None for phase in phases)


def _sum_of(funding: Iterable[FundingLine], states: frozenset[str]) -> Decimal:
    return sum((line.resolved for line in funding if line.state in states), Decimal(0))


def _facts(
    parts: Parts,
    figures: MeasureFigures,
    spending: Iterable[SpendLine],
    kind: Kind,
    *,
    begun: bool,
    start: date | None,
    claim: date | None,
) -> Facts:
    measure = parts.measure
    assert measure is not None
    voted = sum((line.amount for line in spending if line.state in VOTED), Decimal(0))
    voted = max(voted, sum((credit.amount for credit in parts.credits if credit.kind == kind), Decimal(0)))
    previous = parts.previous
    return Facts(
        implementation=Implementation(measure.implementation),
        stage=stage_of(measure.phase_scheme, measure.phase),
        described=any(measure.description.values()),
        piloted=parts.piloted,
        touched=measure.updated_at.date() if measure.updated_at else None,
        phases=tuple(_phase(row) for row in parts.phases or [] if row.scheme == measure.phase_scheme),
        works_start=figures.works_start,
        works_begun=begun,
        works_end=figures.works_end,
        start_deadline=start,
        claim_deadline=claim,
        cost=None if parts.estimate is None else parts.estimate.money,
        previous_cost=None if previous is None else previous.money,
        previous_accuracy=None if previous is None else previous.accuracy_share,
        promised=_sum_of(parts.funding or [], SECURED),
        voted=voted,
    )


def _phase(row: Phase) -> PhaseFacts:
    return PhaseFacts(
        stage_of(row.scheme, row.code) or 0,
        (row.planned_start, row.planned_end),
        (row.forecast_start, row.forecast_end),
        (row.actual_start, row.actual_end),
    )


def _packed_spending(
    figures: MeasureFigures, estimate: CostEstimate | None, kind: Kind, spending: Iterable[SpendLine]
) -> bytes:
    eligible = None if estimate is None else estimate.eligible_amount
    head = Head(
        cost=None if estimate is None else Money(estimate.amount, kind),
        kind=kind,
        eligible=None if eligible is None else Money(eligible, kind),
        works_start=figures.works_start,
        works_end=figures.works_end,
    )
    return pack_spending(
        head,
        (
            SpendingLine(
                line.year,
                Money(line.amount, kind),
                paid=line.state == SpendState.PAID,
                operation=line.nature == Nature.OPERATION,
                bucket=BUCKETS[line.span],
            )
            for line in spending
        ),
    )


def _rule_line(line: FundingLine, rule: Rule, limits: Dates) -> RuleLine:
    return RuleLine(
        payer=line.organisation_id,
        rule=rule,
        kind=line.money_kind,
        position=line.position,
        alive=line.state not in LOST,
        indexed=line.indexed,
        start_deadline=limits[0],
        claim_deadline=limits[1],
        advance_share=line.advance_share,
        lag_years=line.lag_years,
        line=line.pk,
    )
