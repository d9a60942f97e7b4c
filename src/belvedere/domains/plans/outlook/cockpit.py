"""Reads of an owner's outlook: the years, the measures and their funding.

Each takes a `Picture` (`open_picture`), so that a page computes once and shows many parts. Rights are
checked when the picture is opened. What changes do is in `effects`, which ceilings are passed in `passing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from belvedere.domains.plans.language import in_language, language_of
from belvedere.domains.plans.models import CostEstimate, FundingLine, Measure, Plan, PlanNode
from belvedere.domains.plans.outlook.picture import (
    WHY,
    Part,
    Picture,
    day,
    keeping,
    money,
    names_of,
    open_picture,
    row,
)
from belvedere.domains.plans.outlook.question import NO_CHANGE
from belvedere.domains.plans.outlook.views import (
    AxisChoice,
    Column,
    FundingRow,
    MeasureDetail,
    MeasureLine,
    OutlookView,
    PayerRow,
    PlanChoice,
)
from belvedere.domains.plans.states import FundingRule, FundingState, Implementation
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.paging import Page, Window
from belvedere.kernel.texts import text_in
from belvedere.science.finance.cents import Cents
from belvedere.science.finance.moving import Lost
from belvedere.science.finance.outlook import Outlook


def columns_of(picture: Picture) -> tuple[Column, ...]:
    return tuple(Column(key, int(key) if key.isdigit() else None) for key in picture.axis.labels)


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
        ceilings=picture.ceilings,
        earlier=row(picture.charge(reference=True)) if picture.is_changed else None,
        earlier_need=row(picture.need(reference=True)) if picture.is_changed else None,
        plans=_plans(picture),
        axes=_axes(picture),
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


def _axes(picture: Picture) -> tuple[AxisChoice, ...]:
    """The axes of the plan that is asked for that hold measures of the owner, in the order of the plan."""
    plan_id, holdings = picture.question.plan_id, picture.loaded.own
    if plan_id is None:
        return ()
    nodes = list(PlanNode.objects.filter(plan_id=plan_id).order_by("path", "position"))
    paths = {node.pk: node.path for node in nodes}
    kinds = holdings.book.kinds
    at = kinds.index(picture.constant_kind) if picture.constant_kind in kinds else -1
    listed = [
        paths[one.node_id]
        for listings, kind in zip(holdings.listings, holdings.book.kind.tolist(), strict=True)
        for one in (listings if kind == at else ())
        if one.plan_id == plan_id and one.node_id in paths
    ]
    found = []
    for node in nodes:
        number = sum(1 for path in listed if path == node.path or path.startswith(f"{node.path}."))
        if number:
            title = text_in(node.title, picture.language)
            found.append(AxisChoice(node.pk, node.code, title, node.path, number))
    return tuple(found)


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
        keeping_shift=keeping(found, line),
    )


def estimates_of(ids: Sequence[UUID]) -> dict[UUID, CostEstimate]:
    """The current estimate of each of these measures."""
    rows = CostEstimate.objects.filter(measure__in=ids).order_by("measure_id", "version")
    return {estimate.measure_id: estimate for estimate in rows}


__all__ = [
    "columns_of",
    "estimates_of",
    "funding_rows",
    "measure_detail",
    "measure_lines",
    "open_picture",
    "view_of",
]
