"""The same on a phone: years as bars with the mark of their ceiling, measures with their little curves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.present import lost_in_words, rule_in_words

if TYPE_CHECKING:
    from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit


def _share(value: Decimal, whole: Decimal) -> str:
    """A share for a computed size in the style sheet."""
    return f"{max(Decimal(0), min(Decimal(1), value / whole)) if whole else 0:.4f}"


def _years(page: Cockpit) -> Iterator[dict[str, Any]]:
    figures, unit = page.figures, page.unit
    known = [most for limit in figures.limits for most in limit.most if most is not None]
    whole_limit = next((limit for limit in figures.limits if not limit.nature), None)
    whole = max([*figures.charge, *known, Decimal(1)])
    for at, year in enumerate(figures.years):
        if not year:
            continue
        spent, over = figures.charge[at], figures.excess[at]
        most = whole_limit.most[at] if whole_limit else None
        margins = [margin for limit in figures.limits if (margin := limit.margins[at]) is not None]
        rest = ""
        if margins:
            words = gettext("%(amount)s too much") if over else gettext("%(amount)s left")
            rest = words % {"amount": unit.figure(over or min(margins))}
        yield {
            "label": year,
            "bar": _share(spent, whole),
            "mark": "" if most is None else _share(most, whole),
            "over": _share(over, whole) if over else "",
            "figure": unit.figure(spent),
            "rest": rest,
            "parts": list(_parts(page, at)),
        }


def _parts(page: Cockpit, at: int) -> Iterator[dict[str, str]]:
    figures, unit = page.figures, page.unit
    yield {"style": "", "label": gettext("Gross cost"), "figure": unit.figure(figures.gross[at])}
    for payer in figures.payers:
        if payer.values[at]:
            yield {"style": payer.style, "label": payer.name, "figure": unit.figure(payer.values[at])}
    if figures.contributions[at]:
        label = gettext("Paid to measures of others")
        yield {"style": "contribution", "label": label, "figure": unit.figure(figures.contributions[at])}
    yield {"style": "", "label": gettext("Treasury to advance"), "figure": unit.figure(figures.cash[at])}


def context(page: Cockpit) -> dict[str, Any]:
    return {
        "phone_title": gettext("Net to be paid by %(owner)s, by year") % {"owner": page.owner},
        "phone_years": list(_years(page)),
        "phone_url": f"{page.url}measures/{page.asked.query()}",
    }


def measure(page: Cockpit, detail: outlook.views.MeasureDetail) -> dict[str, Any]:
    """A measure of the phone's list, its funding lines unfolding."""
    line, unit = detail.line, page.unit
    values = page.columns.of(detail.gross)
    highest = max([*values, Decimal(0)])
    changed = findings.change_said(line.shift_years, int(line.cost_share * 100))
    return {
        "title": line.title,
        "language": "" if line.title_language == page.room.language else line.title_language,
        "code": line.code,
        "changed": changed,
        "spark": [_share(value, highest) for value in values],
        "gross": unit.figure(line.gross),
        "net": gettext("net %(amount)s") % {"amount": unit.figure(line.net)},
        "url": page.room.measure_url(line.measure_id),
        "parts": [_funding(page, line, one) for one in detail.funding]
        + [{"style": "own", "label": page.owner, "figure": unit.figure(line.net), "rule": "", "lost": ""}],
    }


def _funding(page: Cockpit, line: outlook.views.MeasureLine, one: outlook.views.FundingRow) -> dict[str, Any]:
    lost = ""
    if one.lost:
        lost = lost_in_words(one.lost, one.start_deadline, one.claim_deadline, line)
    amount = one.at_stake if one.lost else outlook.views.total(one.amounts)
    return {
        "style": page.rows.styles.get(f"aid:{one.payer_id}", "p6"),
        "label": one.payer_name,
        "rule": rule_in_words(one, page.unit),
        "lost": lost,
        "figure": page.unit.figure(amount),
    }
