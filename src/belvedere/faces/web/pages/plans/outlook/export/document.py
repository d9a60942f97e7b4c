"""The printed report of an owner's outlook, as the plain values that `report.typ` sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.export import measures, plotted, rules
from belvedere.faces.web.pages.plans.outlook.export.content import Content
from belvedere.faces.web.pages.plans.outlook.figures import Figures
from belvedere.faces.web.pages.plans.outlook.units import Unit

if TYPE_CHECKING:
    from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit

REGIONS = {"fr": "CH", "de": "CH", "en": "GB"}
NAMED = 3  # measures named in an excess
MOST_DEADLINES = 40
NEAR_DAYS = 365  # works start less than a year before the deadline
ZERO = Decimal(0)


def values_of(page: Cockpit, content: Content) -> dict[str, Any]:
    """Everything the report says, in the reader's language."""
    heading = content.heading
    day = formats.day(heading.day, "long")
    said = (heading.owner, heading.territory, heading.plan, day, heading.example)
    foot = " · ".join(one for one in said if one)
    return {
        "language": heading.language,
        "region": REGIONS.get(heading.language, "CH"),
        "title": heading.title,
        "owner": heading.owner,
        "place": foot,
        "money": heading.money[:1].upper() + heading.money[1:],
        "sub": page.head()["sub"],
        "state": heading.state,
        "foot": foot,
        "words": words(),
        "keys": list(_keys(page)),
        "chart": plotted.chart_of(
            page.figures, page.unit, page.owner, page.view.current_year, page.view.planned
        ),
        "table": table(page.figures, page.unit, page.owner, page.foot()),
        **_passed(page, content),
        **_deadlines(page, content),
        **measures.tables_of(page, content),
        "sections": [
            {
                "title": section.title,
                "facts": [
                    {"label": fact.label, "value": fact.value, "source": fact.source}
                    for fact in section.facts
                ],
            }
            for section in content.sections
        ],
    }


def words() -> dict[str, str]:
    """The titles and the key."""
    return {
        "ceiling": gettext("Ceiling"),
        "treasury": gettext("Treasury to advance"),
        "over": gettext("above the ceiling"),
        "years": gettext("What is to be budgeted, by year"),
        "passed": gettext("Ceilings passed"),
        "none_passed": gettext("No ceiling is passed."),
        "deadlines": gettext("Aid lost and threatened deadlines"),
        "none_threatened": gettext("No deadline of aid is missed or less than a year away from the works."),
        "measures": gettext("Measures by plan"),
        "assumptions": gettext("Assumptions and sources"),
    }


def _keys(page: Cockpit) -> Iterator[dict[str, str]]:
    """The figures under the title."""
    found, unit, figures = outlook.effects(page.picture), page.unit, page.figures
    gross = outlook.views.total(figures.gross)
    aid = gross - outlook.views.total(figures.net)

    def key(label: str, figure: str, text: str, level: str = "") -> dict[str, str]:
        return {"label": label, "figure": figure, "text": text, "level": level}

    currency = page.view.kind.currency
    yield key(gettext("Gross cost"), f"{unit.in_words(gross)} {currency}", gettext("of all measures"))
    share = formats.percent(aid / gross) if gross else ""
    text = gettext("%(share)s of the cost") % {"share": share} if share else ""
    yield key(gettext("Aid"), f"{unit.in_words(aid)} {currency}", text)
    text = ""
    if page.asked.is_what_if:
        text = gettext("reference %(amount)s") % {"amount": unit.in_words(found.charge_before)}
    elif figures.has_contributions:
        paid = unit.in_words(outlook.views.total(figures.contributions))
        text = gettext("with %(amount)s for measures of others") % {"amount": paid}
    yield key(gettext("To be paid in all"), f"{unit.in_words(found.charge)} {currency}", text)
    if page.view.ceilings:
        years = findings.listed([str(year) for year in found.passed])
        label = gettext("Ceiling exceeded")
        yield key(label, years or gettext("never"), "", "critical" if years else "")
    peak = found.peak
    if peak is not None:
        text = gettext("in %(year)s, the largest amount to advance in a year") % {"year": peak[1]}
        yield key(gettext("Treasury, peak"), f"{unit.in_words(peak[0])} {currency}", text)
    if page.asked.is_what_if:
        number = found.lost_count
        text = ngettext("%(n)s line", "%(n)s lines", number) % {"n": formats.number(number)} if number else ""
        figure = f"{unit.in_words(found.lost)} {currency}" if number else gettext("none")
        yield key(gettext("Aid lost"), figure, text, "critical" if number else "")


def table(figures: Figures, unit: Unit, owner: str, foot: str) -> dict[str, Any]:
    """The synthesis: the rows of the page, in the unit of its table."""
    heads = [{"label": head.label, "over": head.is_over} for head in figures.heads]
    heads.append({"label": gettext("Sum"), "over": False})
    return {
        "unit": measures.unit_words(unit),
        "heads": heads,
        "rows": list(_rows(figures, unit, owner)),
        "foot": foot,
    }


def _rows(figures: Figures, unit: Unit, owner: str) -> Iterator[dict[str, Any]]:
    over = [head.is_over for head in figures.heads]

    def row(label: str, values: Sequence[Decimal | None], **more: Any) -> dict[str, Any]:
        adds_up, signed = more.pop("adds_up", True), more.pop("signed", False)
        alerts = more.pop("alerts", [False] * len(over))
        write = unit.with_sign if signed else unit.in_table
        cells = [
            {"text": "" if value is None else write(value), "alert": alert}
            for value, alert in zip(values, alerts, strict=True)
        ]
        whole = write(sum((value or ZERO for value in values), ZERO)) if adds_up else ""
        cells.append({"text": whole, "alert": False})
        return {"label": label, "cells": cells, "strong": False, "quiet": False} | more

    yield row(gettext("Gross cost"), figures.gross, strong=True)
    for payer in figures.payers:
        yield row(gettext("Aid, %(payer)s") % {"payer": payer.name}, payer.values)
    label = gettext("Left to %(owner)s, net") % {"owner": owner}
    has_more = figures.has_contributions
    yield row(label, figures.net, strong=True, alerts=[False] * len(over) if has_more else over)
    if has_more:
        yield row(gettext("Paid to measures of others"), figures.contributions)
        yield row(gettext("To be paid in all"), figures.charge, strong=True, alerts=over)
    if figures.earlier is not None:
        values = [now - before for now, before in zip(figures.charge, figures.earlier, strict=True)]
        yield row(gettext("Difference to the reference"), values, signed=True, quiet=True)
    for limit in figures.limits:
        label = findings.with_nature(gettext("Ceiling"), limit.nature)
        yield row(label, limit.most, adds_up=False, quiet=True)
        label = findings.with_nature(gettext("Margin under the ceiling"), limit.nature)
        above = [margin is not None and margin < 0 for margin in limit.margins]
        yield row(label, limit.margins, adds_up=False, quiet=True, alerts=above)
    yield row(gettext("Treasury to advance"), figures.cash, quiet=True)


def _passed(page: Cockpit, content: Content) -> dict[str, Any]:
    """The ceilings passed, with what makes the excess."""
    unit, whole = page.unit, content.whole
    at = {column.year: number for number, column in enumerate(page.view.columns) if column.year}
    known = {one.measure_id: one for one in whole.measures}
    found = []
    for one in page.passed:
        made = [known[measure_id] for measure_id in one.measures if measure_id in known]
        names = [f"{measure.title} ({unit.in_table(measure.net[at[one.year]])})" for measure in made[:NAMED]]
        more = len(one.measures) - len(names)
        if more > 0:
            names.append(ngettext("%(n)s other", "%(n)s others", more) % {"n": formats.number(more)})
        found.append(
            {
                "year": str(one.year),
                "label": findings.with_nature(one.label or gettext("all measures"), str(one.nature or "")),
                "limit": unit.in_table(one.limit),
                "spent": unit.in_table(one.spent),
                "over": unit.in_table(one.over),
                "measures": " · ".join(names),
                "mends": _mends(one, known),
            }
        )
    heads = [
        gettext("Year"),
        gettext("Ceiling of"),
        gettext("Ceiling"),
        gettext("To be paid"),
        gettext("Above"),
        gettext("What makes it, the largest first"),
        gettext("What would mend it"),
    ]
    return {"passed": found, "passed_heads": heads}


def _mends(one: outlook.views.Passed, known: dict[Any, outlook.WholeMeasure]) -> str:
    measure = known.get(one.mending_measure) if one.mending_measure else None
    if measure is None:
        return ""
    return gettext("“%(title)s” at %(years)s mends %(year)s") % {
        "title": measure.title,
        "years": findings.years_said(one.mending_shift),
        "year": one.year,
    }


def _deadlines(page: Cockpit, content: Content) -> dict[str, Any]:
    """Aid that is lost, and aid whose deadline comes less than a year after the works start."""
    whole, unit = content.whole, page.unit
    found = []
    for line in whole.lines:
        measure, funding = whole.measures[line.measure], line.funding
        amount = funding.at_stake if funding.lost else sum(funding.amounts, ZERO)
        if amount and (funding.lost or _is_near(funding.start_deadline, measure)):
            found.append((not funding.lost, -amount, measure, funding))
    found.sort(key=lambda one: one[:2])
    rows = [
        {
            "code": measure.code,
            "title": measure.title,
            "payer": funding.payer_name,
            "deadline": rules.deadline(funding),
            "start": formats.day(measure.works_start, "short") if measure.works_start else "",
            "amount": unit.in_table(-amount),
            "lost": not is_kept,
            "remark": rules.remark(funding) if funding.lost else gettext("less than a year of margin"),
        }
        for is_kept, amount, measure, funding in found[:MOST_DEADLINES]
    ]
    heads = [
        gettext("Code"),
        gettext("Measure"),
        gettext("Payer"),
        gettext("Deadline"),
        gettext("Works start"),
        gettext("At stake"),
        gettext("Remark"),
    ]
    return {"deadlines": rows, "deadline_heads": heads}


def _is_near(deadline: date | None, measure: outlook.WholeMeasure) -> bool:
    if deadline is None or measure.works_start is None:
        return False
    return 0 <= (deadline - measure.works_start).days < NEAR_DAYS


__all__ = ["table", "values_of", "words"]
