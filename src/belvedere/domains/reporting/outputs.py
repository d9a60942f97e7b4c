"""The tables that a programme office hands on, from the frozen lines of a round.

`implementation` is the table that the Swiss federal office asks for (OPTA art. 1c); `dates`, `finance` and
`costs` the three parts of controlling; `investment` the French plan of authorisations and payment credits
(AP/CP) and `cofunding` who pays each operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.domains.plans.public import states
from belvedere.domains.reporting.frozen import FrozenMeasure, Listed, money_of
from belvedere.domains.reporting.queries import Frozen
from belvedere.domains.reporting.tables import (
    ZERO,
    Cell,
    Column,
    Days,
    Line,
    Named,
    Row,
    Section,
    Share,
    Table,
    Word,
    World,
    by_kind,
    natural,
    plan_kind,
    totals_of,
)
from belvedere.kernel.money import Kind, Money

PROGRAMME = "agglomeration_programme"
LOST = frozenset(state.value for state in states.LOST_FUNDING)
PROMISED = frozenset(
    state.value
    for state in (states.FundingState.OBTAINED, states.FundingState.AGREED, states.FundingState.PAID)
)
COMING_YEARS = 4  # of the payment credits, the year of the report included
MOST_PAYERS = 6
INVESTMENT = "investment"


def _start(measure: FrozenMeasure) -> tuple[date | None, date | None, date | None]:
    works = measure.works
    return works.planned_start, works.forecast_start, works.actual_start


def _end(measure: FrozenMeasure) -> tuple[date | None, date | None, date | None]:
    works = measure.works
    return works.planned_end, works.forecast_end, works.actual_end


def _apart(planned: date | None, known: date | None) -> Days | None:
    return None if planned is None or known is None else Days((known - planned).days)


def _share(part: Money | None, whole: Money | None) -> Share | None:
    if part is None or whole is None or not whole.amount:
        return None
    return Share(part.amount / whole.amount)


# ------------------------------------------------------------------ the federal table
IMPLEMENTATION = (
    Column("are_code"), Column("code"), Column("measure"), Column("owner"), Column("priority"),
    Column("implementation"), Column("phase"), Column("agreement"), Column("agreement_number"),
    Column("financing_number"), Column("financing_date"),
    Column("start_planned"), Column("start_forecast"), Column("start_actual"), Column("start_deadline"),
    Column("end_planned"), Column("end_forecast"), Column("end_actual"),
    Column("cost_agreement", numeric=True), Column("cost_now", numeric=True),
    Column("difference", numeric=True), Column("difference_share", numeric=True), Column("remarks"),
)  # fmt: skip


def implementation(frozen: Frozen) -> Table:
    """A section for each agglomeration programme of the round, at the price base of its agreement.

    Costs of another price base are brought to it by the index of the territory; the remark says so.
    """
    world = World(frozen)
    plans = [plan for plan in world.plans if plan["type"] == PROGRAMME] or world.plans
    sections = []
    for plan in plans:
        kind = plan_kind(plan)
        listed = [(one, line) for line in world.lines if (one := line.measure.listing(UUID(plan["id"])))]
        listed.sort(key=lambda pair: (natural(pair[0].are_code or pair[0].code), str(pair[1].measure.id)))
        rows = tuple(Row(line.measure.id, _implementation(world, one, line, kind)) for one, line in listed)
        add = {"cost_agreement", "cost_now", "difference"}
        title = Named(plan["title"] or {"fr": plan["code"]})
        sections.append(Section(title, kind, rows, totals_of(IMPLEMENTATION, rows, kind, add)))
    return Table("implementation", IMPLEMENTATION, tuple(sections), Named(world.index_names))


def _implementation(world: World, listed: Listed, line: Line, kind: Kind) -> tuple[Cell, ...]:
    measure = line.measure
    agreed = money_of(listed.listed_cost)
    cost = measure.cost
    now = world.at_base(cost, kind)
    converted = cost.price_base if cost is not None and now is not None and cost.kind != kind else ""
    difference = now - agreed if now is not None and agreed is not None and agreed.kind == kind else None
    return (
        listed.are_code,
        listed.code,
        Named(measure.title),
        world.organisation(measure.owner),
        listed.assessed or listed.priority,
        Word("implementation", measure.implementation),
        Word("phase", measure.phase, measure.phase_scheme),
        Word("agreement", listed.agreement),
        listed.agreement_number,
        listed.financing_number,
        listed.financing_date,
        *_start(measure),
        listed.start_deadline,
        *_end(measure),
        agreed,
        now,
        difference,
        _share(difference, agreed),
        line.remarks(converted),
    )


# ------------------------------------------------------------------ controlling
DATES = (
    Column("code"), Column("measure"), Column("owner"), Column("implementation"),
    Column("start_planned"), Column("start_known"), Column("start_apart", numeric=True),
    Column("end_planned"), Column("end_known"), Column("end_apart", numeric=True),
    Column("start_deadline"), Column("margin", numeric=True), Column("claim_deadline"), Column("remarks"),
)  # fmt: skip


def dates(frozen: Frozen) -> Table:
    """Planned against known dates of the works, and the margin to the nearest deadline to start."""
    world = World(frozen)
    ordered = sorted(
        world.lines, key=lambda line: (natural(world.first_listing(line.measure)), str(line.measure.id))
    )
    rows = tuple(Row(line.measure.id, _dates(world, line)) for line in ordered)
    return Table("dates", DATES, (Section(None, None, rows, {}),))


def _dates(world: World, line: Line) -> tuple[Cell, ...]:
    measure = line.measure
    planned_start, forecast_start, actual_start = _start(measure)
    planned_end, forecast_end, actual_end = _end(measure)
    start, end = actual_start or forecast_start, actual_end or forecast_end
    starts = min((one.start_deadline for one in measure.listings if one.start_deadline), default=None)
    claims = min((one.claim_deadline for one in measure.listings if one.claim_deadline), default=None)
    return (
        world.first_listing(measure),
        Named(measure.title),
        world.organisation(measure.owner),
        Word("implementation", measure.implementation),
        planned_start,
        start,
        _apart(planned_start, start),
        planned_end,
        end,
        _apart(planned_end, end),
        starts,
        None if actual_start else _apart(measure.works_start, starts),
        claims,
        line.remarks(),
    )


FINANCE = (
    Column("code"), Column("measure"), Column("owner"), Column("cost", numeric=True),
    Column("aid_promised", numeric=True), Column("aid_open", numeric=True), Column("received", numeric=True),
    Column("to_receive", numeric=True), Column("own", numeric=True), Column("paid", numeric=True),
    Column("paid_share", numeric=True), Column("remarks"),
)  # fmt: skip


def finance(frozen: Frozen) -> Table:
    """Aid promised, still open and received; what was paid to date."""
    world = World(frozen)

    def row(line: Line, kind: Kind) -> tuple[Cell, ...]:
        measure = line.measure
        cost = measure.cost or Money(ZERO, kind)
        alive = [one for one in measure.funding if one.state not in LOST and one.granted.kind == kind]
        promised = sum((one.granted.value for one in alive if one.state in PROMISED), ZERO)
        open_aid = sum((one.granted.value for one in alive if one.state not in PROMISED), ZERO)
        received = sum((one.received for one in alive), ZERO)
        paid = Money(measure.paid_in(kind), kind)
        return (
            world.first_listing(measure),
            Named(measure.title),
            world.organisation(measure.owner),
            cost,
            Money(promised, kind),
            Money(open_aid, kind),
            Money(received, kind),
            Money(promised - received, kind),
            Money(cost.amount - promised - open_aid, kind),
            paid,
            _share(paid, cost),
            line.remarks(),
        )

    add = {"cost", "aid_promised", "aid_open", "received", "to_receive", "own", "paid"}
    return Table("finance", FINANCE, by_kind(world, FINANCE, row, add))


COSTS = (
    Column("code"), Column("measure"), Column("owner"), Column("first", numeric=True),
    Column("agreed", numeric=True), Column("at_opening", numeric=True), Column("cost", numeric=True),
    Column("difference", numeric=True), Column("difference_share", numeric=True),
    Column("accuracy", numeric=True), Column("estimate_kind"), Column("remarks"),
)  # fmt: skip


def costs(frozen: Frozen) -> Table:
    """The cost from its first estimate to now, at the price base of now; the difference to the plan."""
    world = World(frozen)

    def row(line: Line, kind: Kind) -> tuple[Cell, ...]:
        measure = line.measure
        cost, last = measure.cost, measure.estimates[-1]
        listed = next((one.listed_cost for one in measure.listings if one.listed_cost), None)
        agreed = world.at_base(money_of(listed), kind)
        difference = cost - agreed if cost is not None and agreed is not None else None
        return (
            world.first_listing(measure),
            Named(measure.title),
            world.organisation(measure.owner),
            world.at_base(measure.estimates[0].amount.money, kind),
            agreed,
            world.at_base(money_of(line.opened.cost), kind),
            cost,
            difference,
            _share(difference, agreed),
            None if last.accuracy is None else Share(last.accuracy),
            Word("estimate_kind", last.kind),
            line.remarks(),
        )

    add = {"first", "agreed", "at_opening", "cost", "difference"}
    return Table("costs", COSTS, by_kind(world, COSTS, row, add), Named(world.index_names))


# ------------------------------------------------------------------ the French tables
def investment(frozen: Frozen) -> Table:
    """Authorisations (the cost of each operation) and payment credits by year; what is not spread yet.

    Not the plan of `outlook.investment_plan`: there the credits are spread over the years until they add up
    to the authorisation, at the prices of a picture and for one owner. Here stand the lines that the owners
    confirmed, of all owners, and what they left open is a column: the same money cut in another way.
    """
    world = World(frozen)
    first = world.as_of.year
    years = range(first, first + COMING_YEARS)
    columns = (
        Column("code"), Column("operation"), Column("owner"), Column("authorisation", numeric=True),
        Column("paid_before", numeric=True, year=first),
        *(Column("credit", numeric=True, year=year) for year in years),
        Column("later", numeric=True, year=first + COMING_YEARS - 1), Column("not_spread", numeric=True),
    )  # fmt: skip

    def row(line: Line, kind: Kind) -> tuple[Cell, ...] | None:
        measure = line.measure
        if measure.spending and all(one.nature != INVESTMENT for one in measure.spending):
            return None  # what only runs is authorised by the yearly budget
        cost = measure.cost or Money(ZERO, kind)
        sums = _by_year(measure, kind, first)
        spread = sum(sums, ZERO)
        return (
            world.first_listing(measure),
            Named(measure.title),
            world.organisation(measure.owner),
            cost,
            *(Money(value, kind) for value in sums),
            Money(cost.amount - spread, kind),
        )

    add = {"authorisation", "paid_before", "credit", "later", "not_spread"}
    return Table("investment", columns, by_kind(world, columns, row, add))


def _by_year(measure: FrozenMeasure, kind: Kind, first: int) -> list[Decimal]:
    """Investment before `first`, in each of the coming years, and later."""
    sums = [ZERO] * (COMING_YEARS + 2)
    for line in measure.spending:
        if line.amount.kind != kind or line.nature != INVESTMENT:
            continue
        if line.span == "before" or line.year < first:
            at = 0
        elif line.span == "after" or line.year >= first + COMING_YEARS:
            at = COMING_YEARS + 1
        else:
            at = 1 + line.year - first
        sums[at] += line.amount.value
    return sums


def cofunding(frozen: Frozen) -> Table:
    """Who pays each operation: the largest payers by name, the others together, the owner what is left."""
    world = World(frozen)
    payers = _payers(world)
    columns = (
        Column("code"), Column("operation"), Column("owner"), Column("cost", numeric=True),
        Column("eligible", numeric=True),
        *(Column("payer", numeric=True, names=world.organisation(payer).names) for payer in payers),
        Column("other_payers", numeric=True), Column("aid", numeric=True), Column("aid_share", numeric=True),
        Column("own", numeric=True),
    )  # fmt: skip

    def row(line: Line, kind: Kind) -> tuple[Cell, ...]:
        measure = line.measure
        cost = measure.cost or Money(ZERO, kind)
        eligible = measure.estimates[-1].eligible
        by_payer: dict[UUID, Decimal] = {}
        for one in measure.funding:
            if one.state not in LOST and one.granted.kind == kind:
                by_payer[one.payer] = by_payer.get(one.payer, ZERO) + one.granted.value
        aid = sum(by_payer.values(), ZERO)
        named = [by_payer.pop(payer, None) for payer in payers]
        others = sum(by_payer.values(), ZERO)
        return (
            world.first_listing(measure),
            Named(measure.title),
            world.organisation(measure.owner),
            cost,
            Money(cost.amount if eligible is None else eligible, kind),
            *(None if value is None else Money(value, kind) for value in named),
            Money(others, kind) if others else None,
            Money(aid, kind),
            _share(Money(aid, kind), cost),
            Money(cost.amount - aid, kind),
        )

    add = {"cost", "eligible", "payer", "other_payers", "aid", "own"}
    return Table("cofunding", columns, by_kind(world, columns, row, add))


def _payers(world: World) -> list[UUID]:
    """The payers of most, whatever the kind of money: who has a column of its own."""
    sums: dict[UUID, Decimal] = {}
    for line in world.lines:
        for one in line.measure.funding:
            if one.state not in LOST:
                sums[one.payer] = sums.get(one.payer, ZERO) + one.granted.value
    ordered = sorted(sums, key=lambda payer: (-sums[payer], str(payer)))
    return [payer for payer in ordered if sums[payer]][:MOST_PAYERS]


TABLES: Mapping[str, Callable[[Frozen], Table]] = {
    "implementation": implementation,
    "dates": dates,
    "finance": finance,
    "costs": costs,
    "investment": investment,
    "cofunding": cofunding,
}


def table(frozen: Frozen, key: str) -> Table:
    """The table `key` of TABLES; KeyError for another."""
    return TABLES[key](frozen)


__all__ = ["TABLES", "table"]
