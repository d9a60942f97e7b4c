"""What the changes over the reference do: aid lost, years above a ceiling, the peak of the treasury."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from belvedere.domains.plans.language import in_language
from belvedere.domains.plans.models import Measure
from belvedere.domains.plans.outlook import assumptions
from belvedere.domains.plans.outlook.picture import WHY, Part, Picture, day, keeping, money, names_of
from belvedere.domains.plans.outlook.views import Effects, LostLine
from belvedere.science.finance.cents import Cents
from belvedere.science.finance.moving import Lost

MOST_LOST = 50  # lines named; the sum counts all


def effects(picture: Picture) -> Effects:
    """What the changes do, against the reference."""
    charge, before = picture.charge(), picture.charge(reference=True)
    own = picture.own
    gone = np.flatnonzero((own.found.lost != Lost.NONE) & (own.reference.lost == Lost.NONE))
    amounts = own.found.at_stake[gone]
    gone, amounts = gone[amounts > 0], amounts[amounts > 0]
    order = np.argsort(-amounts, kind="stable")[:MOST_LOST]
    return Effects(
        lost=money(amounts.sum()),
        lost_lines=tuple(_lost_lines(picture, own, gone[order].tolist())),
        lost_count=len(gone),
        charge=money(charge.sum()),
        charge_before=money(before.sum()),
        passed=_years_over(picture),
        passed_before=_years_over(picture, reference=True),
        peak=_peak(picture, picture.need()),
        peak_before=_peak(picture, picture.need(reference=True)),
    )


def _years_over(picture: Picture, *, reference: bool = False) -> tuple[int, ...]:
    """The years in which a ceiling is passed."""
    found = set()
    for ceiling in picture.ceilings:
        spent = picture.charge(reference=reference, nature=ceiling.nature)
        bounds = assumptions.in_cents(ceiling.limits)
        for year in picture.axis.years:
            at = picture.axis.column(year)
            if 0 <= bounds[at] < spent[at]:
                found.add(year)
    return tuple(sorted(found))


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
                keeping_shift=keeping(found, at),
            )
        )
    return result


def _deadline(part: Part, line: int, why: Lost) -> date | None:
    if why is Lost.START_DEADLINE:
        return day(part.book.line_start_deadline[line])
    return day(part.book.line_claim_deadline[line]) if why is Lost.CLAIM_DEADLINE else None


__all__ = ["effects"]
