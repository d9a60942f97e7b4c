"""Reads of an owner's outlook: the years, the groups, the measures, their funding, what changes do.

Each takes a `Picture` (`open_picture`), so that a page computes once and shows many parts. Rights are
checked when the picture is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np

from belvedere.domains.plans.language import in_language, language_of
from belvedere.domains.plans.models import CostEstimate, FundingLine, Measure, Plan, PlanNode
from belvedere.domains.plans.outlook import assumptions
from belvedere.domains.plans.outlook.picture import Part, Picture, money, open_picture, row
from belvedere.domains.plans.outlook.question import NO_CHANGE
from belvedere.domains.plans.outlook.views import (
    Column,
    Effects,
    FundingRow,
    LostLine,
    MeasureDetail,
    MeasureLine,
    OutlookView,
    Passed,
    PayerRow,
    PlanChoice,
)
from belvedere.domains.plans.states import FundingRule, FundingState, Implementation
from belvedere.domains.territory.public import organisations_by_id
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.paging import Page, Window
from belvedere.science.finance import ceilings as limits
from belvedere.science.finance.cents import Cents
from belvedere.science.finance.moving import NO_SHIFT, Lost
from belvedere.science.finance.outlook import Outlook

WHY = {Lost.START_DEADLINE: "start", Lost.CLAIM_DEADLINE: "claim", Lost.DEPARTURE: "departure"}
MOST_LOST = 50  # lines named; the sum counts all
MOST_MEASURES = 20  # named in an excess


def text_in(texts: dict[str, str], language: str) -> str:
    return assumptions.text_in(texts, language)


def columns_of(picture: Picture) -> tuple[Column, ...]:
    return tuple(Column(key, int(key) if key.isdigit() else None) for key in picture.axis.labels)


def names_of(ids: Sequence[UUID], language: str) -> dict[UUID, str]:
    """The names of organisations."""
    return {key: text_in(dict(view.names), language) for key, view in organisations_by_id(ids).items()}


def view_of(picture: Picture) -> OutlookView:
    """The years of the owner."""
    own, found = picture.own, picture.own.found
    return OutlookView(
        organisation_id=picture.owner.id,
        organisation_name=text_in(dict(picture.owner.names), picture.language),
        kind=picture.kind,
        constant_kind=picture.constant_kind,
        current_prices=picture.prices is not None,
        price_note=picture.series.name if picture.prices and picture.series else "",
        columns=columns_of(picture),
        current_year=picture.current_year,
        planned=_planned(picture),
        measures=own.numbers,
        gross=row(found.gross.sum(axis=0)),
        payers=_payers(picture),
        net=row(found.net.sum(axis=0)),
        contributions=row(picture.contributions(picture.others.found)),
        need=row(picture.need()),
        ceiling=picture.ceiling,
        earlier=row(picture.charge(reference=True)) if picture.is_changed else None,
        earlier_need=row(picture.need(reference=True)) if picture.is_changed else None,
        plans=_plans(picture),
        others=picture.other_kinds,
        given_up=picture.loaded.given_up,
        unlike_lines=int((~own.book.line_like & own.book.line_alive).sum()),
    )


def _planned(picture: Picture) -> tuple[int, int] | None:
    """The years of the four-year or investment plan of the owner that goes on after this year."""
    plan = (
        Plan.objects.filter(
            owner_id=picture.owner.id,
            territory_id=picture.territory_id,
            type__in=("four_year_plan", "investment_plan"),
            year_to__gt=picture.current_year,
        )
        .order_by("year_from")
        .values_list("year_from", "year_to")
        .first()
    )
    if plan is None or plan[0] is None or plan[1] is None:
        return None
    return max(plan[0], picture.current_year + 1), plan[1]


def _payers(picture: Picture) -> tuple[PayerRow, ...]:
    own = picture.own
    aid, received = own.by_payer(own.found), own.by_payer(own.found, received=True)
    names = names_of(own.book.payers, picture.language)
    rows = [
        PayerRow(payer, names.get(payer, ""), row(aid[at]), row(received[at]))
        for at, payer in enumerate(own.book.payers)
        if aid[at].any() or received[at].any()
    ]
    return tuple(sorted(rows, key=lambda payer: (-sum(payer.aid), payer.name)))


def _plans(picture: Picture) -> tuple[PlanChoice, ...]:
    """The plans that list measures of the owner, with how many of this kind of money."""
    holdings, kind = picture.loaded.own, picture.constant_kind

    def make() -> dict[UUID, int]:
        found: dict[UUID, int] = {}
        at = holdings.book.kinds.index(kind) if kind in holdings.book.kinds else -1
        for listed, own in zip(holdings.listings, holdings.book.kind.tolist(), strict=True):
            for one in listed if own == at else ():
                found[one.plan_id] = found.get(one.plan_id, 0) + 1
        return found

    numbers = holdings.once(("plans", kind), make)
    plans = Plan.objects.filter(pk__in=numbers).order_by("type", "-generation", "code")
    return tuple(
        PlanChoice(plan.pk, plan.code, text_in(plan.title, picture.language), numbers[plan.pk])
        for plan in plans
    )


def effects(picture: Picture) -> Effects:
    """What the changes do, against the reference."""
    charge, before = picture.charge(), picture.charge(reference=True)
    lines, lost = [], 0
    count = 0
    for part in (picture.own,):
        gone = np.flatnonzero((part.found.lost != Lost.NONE) & (part.reference.lost == Lost.NONE))
        amounts = part.found.at_stake[gone]
        gone, amounts = gone[amounts > 0], amounts[amounts > 0]
        lost, count = lost + int(amounts.sum()), count + len(gone)
        order = np.argsort(-amounts, kind="stable")[:MOST_LOST]
        lines += _lost_lines(picture, part, gone[order].tolist())
    return Effects(
        lost=money(lost),
        lost_lines=tuple(lines),
        lost_count=count,
        charge=money(charge.sum()),
        charge_before=money(before.sum()),
        passed=_years_over(picture, charge),
        passed_before=_years_over(picture, before),
        peak=_peak(picture, picture.need()),
        peak_before=_peak(picture, picture.need(reference=True)),
    )


def _years_over(picture: Picture, charge: Cents) -> tuple[int, ...]:
    ceiling = picture.ceiling
    if ceiling is None:
        return ()
    bounds = assumptions.in_cents(ceiling.limits)
    return tuple(
        year
        for year in picture.axis.years
        if (limit := bounds[picture.axis.column(year)]) >= 0 and charge[picture.axis.column(year)] > limit
    )


def _peak(picture: Picture, need: Cents) -> tuple[Decimal, int] | None:
    years = list(picture.axis.years)
    values = [int(need[picture.axis.column(year)]) for year in years]
    most = max(values)
    return (money(most), years[values.index(most)]) if most > 0 else None


def _lost_lines(picture: Picture, part: Part, lines: Sequence[int]) -> list[LostLine]:
    book, found = part.book, part.found
    measures = {part.measure_id(int(book.line_measure[at])) for at in lines}
    titles = dict(
        Measure.objects.filter(pk__in=measures)
        .annotate(shown=in_language("title", picture.language))
        .values_list("pk", "shown")
    )
    names = names_of([book.payers[int(book.line_payer[at])] for at in lines], picture.language)
    result = []
    for at in lines:
        measure_row = int(book.line_measure[at])
        measure_id, payer = part.measure_id(measure_row), book.payers[int(book.line_payer[at])]
        why = Lost(int(found.lost[at]))
        result.append(
            LostLine(
                line_id=book.line_uuid(at),
                measure_id=measure_id,
                measure_title=titles.get(measure_id, ""),
                payer_id=payer,
                payer_name=names.get(payer, ""),
                amount=money(found.at_stake[at]),
                why=WHY[why],
                deadline=_deadline(part, at, why),
                works_start=day(found.works_start[measure_row]),
                works_end=day(found.works_end[measure_row]),
                keeping_shift=_keeping(found, at),
            )
        )
    return result


def _deadline(part: Part, line: int, why: Lost) -> date | None:
    if why is Lost.START_DEADLINE:
        return day(part.book.line_start_deadline[line])
    return day(part.book.line_claim_deadline[line]) if why is Lost.CLAIM_DEADLINE else None


def _keeping(found: Outlook, line: int) -> int | None:
    shift = int(found.keeping_shift[line])
    return None if shift == NO_SHIFT else shift


def day(ordinal: int) -> date | None:
    return date.fromordinal(int(ordinal)) if ordinal else None


def passed(picture: Picture) -> tuple[Passed, ...]:
    """Every ceiling passed, by year: the owner's and those of plans and axes, with the slip that mends it."""
    part, found = picture.own, picture.own.found
    if not part.numbers:
        return ()
    every = np.ones(part.numbers, bool)
    known: list[limits.Ceiling] = []
    labels: dict[str, str] = {}
    own = picture.ceiling
    if own is not None:
        besides = picture.contributions(picture.others.found)
        known.append(_bound(picture, own.key, own.limits, every, besides))
        labels[own.key] = own.label
    for ceiling, plan_id, path in assumptions.axis_ceilings(
        picture.owner.id, picture.axis, picture.kind, picture.prices, picture.language
    ):
        if ceiling.key not in labels:
            known.append(_bound(picture, ceiling.key, ceiling.limits, _rows_under(part, plan_id, path), None))
            labels[ceiling.key] = ceiling.label
    moves = picture.question.adjustments.moves(part.holdings).only(part.rows)
    return tuple(
        _passed(picture, excess, labels[excess.key], known, moves)
        for excess in limits.excesses(found, known)
        if picture.axis.first_year <= _year(picture, excess.column) <= picture.axis.last_year
    )


def _year(picture: Picture, column: int) -> int:
    return picture.axis.first_year + column - 1


def _bound(
    picture: Picture, key: str, amounts: Sequence[Decimal | None], rows: np.ndarray, besides: Cents | None
) -> limits.Ceiling:
    bounds = np.array(assumptions.in_cents(amounts), np.int64)
    return limits.Ceiling(key, picture.kind, rows, bounds, besides=besides)


def _rows_under(part: Part, plan_id: UUID, path: str) -> np.ndarray:
    """[n] the measures that a plan lists, under an axis of it where `path` says one."""
    from belvedere.domains.plans.models import PlanMembership

    rows = PlanMembership.objects.filter(plan_id=plan_id, measure__in=part.at)
    if path:
        nodes = PlanNode.objects.filter(plan_id=plan_id).values_list("pk", "path")
        under = [pk for pk, own in nodes if own == path or own.startswith(f"{path}.")]
        rows = rows.filter(node__in=under)
    chosen = np.zeros(part.numbers, bool)
    chosen[[part.at[measure_id] for measure_id in rows.values_list("measure_id", flat=True)]] = True
    return chosen


def _passed(
    picture: Picture, excess: limits.Excess, label: str, known: Sequence[limits.Ceiling], moves: object
) -> Passed:
    part = picture.own
    mending = limits.suggest(
        part.found,
        excess,
        known,
        moves,  # type: ignore[arg-type]
        current_year=picture.current_year,
        prices=picture.prices,
    )
    return Passed(
        key=excess.key,
        label=label,
        year=_year(picture, excess.column),
        limit=money(excess.limit),
        spent=money(excess.spent),
        measures=tuple(part.measure_id(at) for at, _cents in excess.measures[:MOST_MEASURES]),
        mending_measure=None if mending is None else part.measure_id(mending.row),
        mending_shift=0 if mending is None else mending.shift,
    )


def measure_lines(
    picture: Picture,
    rows: Sequence[int],
    amounts: Cents,
    *,
    part: Part | None = None,
    window: Window | None = None,
) -> Page[MeasureLine]:
    """Lines of these rows of a part (the owner's measures); `amounts` [n, c] is what each line shows."""
    part = part or picture.own
    window = window or Window(size=50)
    weight = np.abs(amounts[list(rows)]).sum(axis=1) if len(rows) else np.zeros(0)
    ordered = [rows[at] for at in np.argsort(-weight, kind="stable").tolist()]
    shown = ordered[window.start : window.start + window.size]
    return Page(_lines(picture, part, shown, amounts), len(ordered), window)


def _lines(picture: Picture, part: Part, rows: Sequence[int], amounts: Cents) -> list[MeasureLine]:
    ids = [part.measure_id(at) for at in rows]
    said = {
        pk: (shown, title)
        for pk, shown, title in Measure.objects.filter(pk__in=ids)
        .annotate(shown=in_language("title", picture.language))
        .values_list("pk", "shown", "title")
    }
    owners = names_of([part.holdings.owners[int(part.rows[at])] for at in rows], picture.language)
    codes = dict(Plan.objects.filter(territory_id=picture.territory_id).values_list("pk", "code"))
    return [_line(picture, part, at, amounts, said, owners, codes) for at in rows]


def _line(
    picture: Picture,
    part: Part,
    at: int,
    amounts: Cents,
    said: dict[UUID, tuple[str, dict[str, str]]],
    owners: dict[UUID, str],
    codes: dict[UUID, str],
) -> MeasureLine:
    holdings, whole = part.holdings, int(part.rows[at])
    measure_id = holdings.ids[whole]
    shown, title = said.get(measure_id, ("", {}))
    listed = holdings.listings[whole]
    counted = next((one for one in listed if one.plan_id == picture.question.plan_id), None)
    counted = counted or (listed[0] if listed else None)
    adjustments = picture.question.adjustments
    change = adjustments.changes.get(
        measure_id, adjustments.general if holdings.movable[whole] else NO_CHANGE
    )
    scheme, phase = holdings.phases[whole]
    mine = part.book.line_measure == at
    return MeasureLine(
        measure_id=measure_id,
        title=shown,
        title_language=language_of(title, picture.language),
        code=counted.code if counted else "",
        also_in=tuple(codes[one.plan_id] for one in listed if one is not counted),
        owner_name=owners.get(holdings.owners[whole], ""),
        phase_scheme=scheme,
        phase=phase,
        implementation=Implementation(holdings.implementations[whole]),
        works_start=day(part.found.works_start[at]),
        works_start_before=day(part.reference.works_start[at]),
        shift_years=change.shift_years,
        cost_share=change.cost_share,
        amounts=row(amounts[at]),
        gross=money(part.found.gross[at].sum()),
        net=money(part.found.net[at].sum()),
        loses_aid=bool((part.found.lost[mine] != Lost.NONE).any()),
    )


def measure_detail(picture: Picture, measure_id: UUID) -> MeasureDetail:
    """A measure opened; NotFound when it is not among those of the picture."""
    for part in (picture.own, picture.others):
        at = part.at.get(measure_id)
        if at is not None:
            line = _lines(picture, part, [at], part.found.gross)[0]
            gross, net = row(part.found.gross[at]), row(part.found.net[at])
            return MeasureDetail(line, funding_rows(picture, part, at), gross, net)
    raise NotFound(N_("This measure is not among those of this outlook."))


def funding_rows(picture: Picture, part: Part, at: int) -> tuple[FundingRow, ...]:
    """The funding lines of a measure in the order in which they are resolved."""
    book, found = part.book, part.found
    lines = np.flatnonzero(book.line_measure == at).tolist()
    stored = {
        line.pk: line for line in FundingLine.objects.filter(pk__in=[book.line_uuid(line) for line in lines])
    }
    names = names_of([book.payers[int(book.line_payer[line])] for line in lines], picture.language)
    return tuple(
        _funding_row(part, found, line, stored[book.line_uuid(line)], names)
        for line in lines
        if book.line_uuid(line) in stored
    )


def _funding_row(
    part: Part, found: Outlook, line: int, stored: FundingLine, names: dict[UUID, str]
) -> FundingRow:
    book = part.book
    return FundingRow(
        line_id=stored.pk,
        payer_id=stored.organisation_id,
        payer_name=names.get(stored.organisation_id, ""),
        instrument=stored.instrument,
        rule=FundingRule(stored.rule),
        rate=stored.rate,
        amount=stored.amount,
        tariff=stored.tariff,
        unit=stored.unit,
        cap=stored.cap,
        kind=stored.money_kind,
        state=FundingState(stored.state),
        amounts=row(found.aid_line[line]),
        capped=bool(found.capped[line]),
        clipped=bool(found.clipped[line]),
        unlike=not bool(book.line_like[line]),
        lost=WHY.get(Lost(int(found.lost[line])), ""),
        at_stake=money(found.at_stake[line]),
        start_deadline=day(book.line_start_deadline[line]),
        claim_deadline=day(book.line_claim_deadline[line]),
        keeping_shift=_keeping(found, line),
    )


def estimates_of(ids: Sequence[UUID]) -> dict[UUID, CostEstimate]:
    """The current estimate of each of these measures."""
    rows = CostEstimate.objects.filter(measure__in=ids).order_by("measure_id", "version")
    return {estimate.measure_id: estimate for estimate in rows}


__all__ = [
    "columns_of",
    "effects",
    "estimates_of",
    "funding_rows",
    "measure_detail",
    "measure_lines",
    "names_of",
    "open_picture",
    "passed",
    "view_of",
]
