"""Everything of an outlook at once, for a file: each measure and each funding line with its columns.

Unlike `cockpit.measure_lines`, which writes a window of a page, this reads all in a fixed number of
questions: ten thousand measures and their lines in some seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.domains.plans.language import in_language, language_of
from belvedere.domains.plans.models import FundingLine, Measure, Plan
from belvedere.domains.plans.outlook.picture import WHY, Part, Picture, day, keeping, money, names_of, row
from belvedere.domains.plans.outlook.question import NO_CHANGE
from belvedere.domains.plans.outlook.views import FundingRow, Row
from belvedere.domains.plans.states import FundingRule, FundingState, Implementation
from belvedere.kernel.money import Kind, Vat
from belvedere.kernel.texts import text_in
from belvedere.science.finance.moving import Lost

_FIELDS = (
    "pk",
    "organisation_id",
    "instrument",
    "rule",
    "rate",
    "amount",
    "tariff",
    "unit",
    "cap",
    "currency",
    "vat",
    "price_base",
    "state",
)


@dataclass(frozen=True, slots=True)
class WholeMeasure:
    """A measure with what it costs by column. `code` is that of the plan that counts it, `plan` its code."""

    measure_id: UUID
    code: str
    plan: str
    plan_title: str
    also_in: tuple[str, ...]
    title: str
    title_language: str
    owner_name: str
    phase_scheme: str
    phase: str
    implementation: Implementation
    works_start: date | None
    shift_years: int
    cost_share: Decimal
    gross: Row
    net: Row


@dataclass(frozen=True, slots=True)
class WholeLine:
    """A funding line: `measure` is its measure's place in the list it stands beside."""

    measure: int
    funding: FundingRow
    received: Row


@dataclass(frozen=True, slots=True)
class Whole:
    """The owner's measures and who pays them; the measures of others and what the owner pays of them."""

    measures: tuple[WholeMeasure, ...]
    lines: tuple[WholeLine, ...]
    helped: tuple[WholeMeasure, ...]
    contributions: tuple[WholeLine, ...]


def whole(picture: Picture) -> Whole:
    """All of it: measures in the order of plan and code, lines in that of their measures."""
    plans = _plans(picture)
    own, own_order = _measures(picture, picture.own, plans)
    owner = picture.owner.id
    paid = picture.others.book.line_measure[picture.others.lines_of(owner)]
    helped, helped_order = _measures(picture, picture.others, plans, only=frozenset(paid.tolist()))
    return Whole(
        own,
        _lines(picture, picture.own, own_order),
        helped,
        _lines(picture, picture.others, helped_order, payer=owner),
    )


def _plans(picture: Picture) -> dict[UUID, tuple[str, str]]:
    rows = Plan.objects.filter(territory_id=picture.territory_id).values_list("pk", "code", "title")
    return {pk: (code, text_in(title, picture.language)) for pk, code, title in rows}


def _measures(
    picture: Picture,
    part: Part,
    plans: dict[UUID, tuple[str, str]],
    *,
    only: frozenset[int] | None = None,
) -> tuple[tuple[WholeMeasure, ...], dict[int, int]]:
    """The measures of a part in order, and the place of each row in them."""
    rows = [at for at in range(part.numbers) if only is None or at in only]
    said = _titles(picture, [part.measure_id(at) for at in rows])
    owners = names_of(list({part.holdings.owners[int(part.rows[at])] for at in rows}), picture.language)
    made = [(_measure(picture, part, at, plans, said, owners), at) for at in rows]
    made.sort(key=lambda pair: (pair[0].plan == "", pair[0].plan, _natural(pair[0].code), pair[0].title))
    return tuple(one for one, _at in made), {at: number for number, (_one, at) in enumerate(made)}


def _natural(code: str) -> tuple[tuple[int, str], ...]:
    """“M2” before “M10”."""
    parts: list[tuple[int, str]] = []
    text = ""
    for character in code:
        if text and character.isdigit() != text[-1].isdigit():
            parts.append((int(text), "") if text.isdecimal() else (0, text))
            text = ""
        text += character
    return (*parts, (int(text), "") if text.isdecimal() else (0, text))


def _titles(picture: Picture, ids: Sequence[UUID]) -> dict[UUID, tuple[str, dict[str, str]]]:
    rows = Measure.objects.filter(pk__in=ids).annotate(shown=in_language("title", picture.language))
    return {pk: (shown, title) for pk, shown, title in rows.values_list("pk", "shown", "title")}


def _measure(
    picture: Picture,
    part: Part,
    at: int,
    plans: dict[UUID, tuple[str, str]],
    said: dict[UUID, tuple[str, dict[str, str]]],
    owners: dict[UUID, str],
) -> WholeMeasure:
    holdings, place = part.holdings, int(part.rows[at])
    measure_id = holdings.ids[place]
    shown, title = said.get(measure_id, ("", {}))
    listed = holdings.listings[place]
    counted = next((one for one in listed if one.plan_id == picture.question.plan_id), None)
    counted = counted or (listed[0] if listed else None)
    adjustments = picture.question.adjustments
    general = adjustments.general if holdings.movable[place] else NO_CHANGE
    change = adjustments.changes.get(measure_id, general)
    scheme, phase = holdings.phases[place]
    plan, plan_title = plans.get(counted.plan_id, ("", "")) if counted else ("", "")
    return WholeMeasure(
        measure_id=measure_id,
        code=counted.code if counted else "",
        plan=plan,
        plan_title=plan_title,
        also_in=tuple(plans[one.plan_id][0] for one in listed if one is not counted),
        title=shown,
        title_language=language_of(title, picture.language),
        owner_name=owners.get(holdings.owners[place], ""),
        phase_scheme=scheme,
        phase=phase,
        implementation=Implementation(holdings.implementations[place]),
        works_start=day(part.found.works_start[at]),
        shift_years=change.shift_years,
        cost_share=change.cost_share,
        gross=row(part.found.gross[at]),
        net=row(part.found.net[at]),
    )


def _lines(
    picture: Picture, part: Part, order: dict[int, int], *, payer: UUID | None = None
) -> tuple[WholeLine, ...]:
    """The lines of these measures, of one payer where one is named."""
    book = part.book
    stored = FundingLine.objects.filter(measure__territory_id=picture.territory_id)
    if payer is None:
        stored = stored.filter(measure__owner_id=picture.owner.id)
    else:
        stored = stored.filter(organisation_id=payer)
    known = {values[0]: values for values in stored.values_list(*_FIELDS)}
    names = names_of(book.payers, picture.language)
    made = []
    for at, measure in enumerate(book.line_measure.tolist()):
        values = known.get(book.line_uuid(at))
        if values is not None and measure in order:
            made.append(
                WholeLine(order[measure], _funding(part, at, values, names), row(part.found.received[at]))
            )
    made.sort(key=lambda line: line.measure)
    return tuple(made)


def _funding(part: Part, at: int, values: tuple[object, ...], names: dict[UUID, str]) -> FundingRow:
    book, found = part.book, part.found
    pk, organisation, instrument, rule, rate, amount, tariff, unit, cap, currency, vat, base, state = values
    assert isinstance(pk, UUID)
    assert isinstance(organisation, UUID)
    return FundingRow(
        line_id=pk,
        payer_id=organisation,
        payer_name=names.get(organisation, ""),
        instrument=str(instrument),
        rule=FundingRule(str(rule)),
        rate=_amount(rate),
        amount=_amount(amount),
        tariff=_amount(tariff),
        unit=str(unit),
        cap=_amount(cap),
        kind=Kind(str(currency), Vat(str(vat)), str(base)),
        state=FundingState(str(state)),
        amounts=row(found.aid_line[at]),
        capped=bool(found.capped[at]),
        clipped=bool(found.clipped[at]),
        unlike=not bool(book.line_like[at]),
        lost=WHY.get(Lost(int(found.lost[at])), ""),
        at_stake=money(found.at_stake[at]),
        start_deadline=day(book.line_start_deadline[at]),
        claim_deadline=day(book.line_claim_deadline[at]),
        keeping_shift=keeping(found, at),
    )


def _amount(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


__all__ = ["Whole", "WholeLine", "WholeMeasure", "whole"]
