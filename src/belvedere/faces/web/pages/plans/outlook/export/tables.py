"""The sheets that the synthesis adds up: measures, funding, assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.export.layout import (
    AID,
    CONTRIBUTOR,
    FIRST,
    HEAD,
    LINE_TEXTS,
    MEASURE_TEXTS,
    NET,
    SUM,
    YEARS,
    ZERO,
    Layout,
)
from belvedere.faces.web.pages.plans.outlook.export.long import LongPaper
from belvedere.faces.web.pages.plans.outlook.export.paper import Paper, cell, span
from belvedere.faces.web.pages.plans.outlook.export.rules import Words

WHOLE_PAGE = "&P / &N"


def headed(paper: Paper, layout: Layout, title: str, sub: str) -> None:
    """The rows above a table."""
    paper.row = 0
    paper.text(0, title, paper.styles.title)
    paper.row = 1
    paper.text(0, where(layout), paper.styles.sub)
    paper.row = 2
    paper.text(0, sub, paper.styles.sub)


def where(layout: Layout) -> str:
    """Whose figures, of which day; whether they are invented."""
    heading = layout.content.heading
    day = formats.day(heading.day, "long")
    said = (heading.owner, heading.territory, heading.plan, day, heading.example)
    return " · ".join(one for one in said if one)


def write_measures(paper: LongPaper, layout: Layout) -> None:
    """One measure a row: its gross cost by column, its aid out of Funding, what is left."""
    headed(paper, layout, layout.measures, f"{gettext('Gross cost')}, {layout.content.heading.money}")
    sheet = paper.sheet
    for column, width in enumerate((5, 9, 10, 44, 14, 20, 13, 11, 14, 14, 14, 14)):
        sheet.set_column(column, column, width)
    sheet.set_column(YEARS, YEARS + layout.width - 1, 13)
    _measure_sums(paper, layout)
    paper.row = HEAD
    texts = (
        pgettext("column", "No."),
        gettext("Plan"),
        gettext("Code"),
        gettext("Measure"),
        gettext("Also in"),
        gettext("Phase"),
        gettext("State"),
        gettext("Works start"),
        gettext("Scenario"),
        gettext("Gross cost"),
        gettext("Aid"),
        gettext("Net"),
    )
    paper.heads((*texts, *layout.column_names), amounts_from=MEASURE_TEXTS)
    lines, keys = layout.in_funding(LINE_TEXTS), layout.in_funding(1)
    words_of = Words()
    for number, one in enumerate(layout.content.whole.measures, 1):
        paper.begin(HEAD + number)
        _measure(paper, number, one, words_of)
        row, gross, net = paper.row, sum(one.gross, ZERO), sum(one.net, ZERO)
        years = span((row, YEARS), (row, YEARS + layout.width - 1), fixed="")
        paper.formula(SUM, f"SUM({years})", gross, paper.styles.amount)
        paper.formula(AID, f"SUMIFS({lines},{keys},{cell(row, 0)})", gross - net, paper.styles.amount)
        paper.formula(NET, f"{cell(row, SUM)}-{cell(row, AID)}", net, paper.styles.amount)
        paper.amounts(YEARS, one.gross, paper.styles.quiet)
        paper.end()
    sheet.freeze_panes(FIRST, 4)
    sheet.autofilter(HEAD, 0, layout.last_measure, YEARS + layout.width - 1)
    paper.printed(layout.content.heading.title, WHOLE_PAGE, repeat=(HEAD, HEAD), columns=4)


def _measure_sums(paper: Paper, layout: Layout) -> None:
    """The sums stand above the header, where they are seen with ten thousand rows."""
    paper.row = HEAD - 1
    whole = layout.content.whole
    gross = sum((sum(one.gross, ZERO) for one in whole.measures), ZERO)
    net = sum((sum(one.net, ZERO) for one in whole.measures), ZERO)
    columns = [sum(values, ZERO) for values in zip(*(one.gross for one in whole.measures), strict=True)]
    paper.text(3, gettext("Sum"), paper.styles.sum_text)
    for at, value in enumerate((gross, gross - net, net, *(columns or [ZERO] * layout.width)), SUM):
        cells = span((FIRST, at), (layout.last_measure, at))
        paper.formula(at, f"SUM({cells})", value, paper.styles.sum)


def _measure(paper: Paper, number: int, one: outlook.WholeMeasure, words_of: Words) -> None:
    paper.number(0, number, paper.styles.number)
    paper.text(1, one.plan)
    paper.text(2, one.code)
    paper.text(3, one.title)
    paper.text(4, ", ".join(one.also_in))
    paper.text(5, words_of.phase(one))
    paper.text(6, words_of.implementation(one))
    paper.day(7, one.works_start)
    if one.shift_years or one.cost_share:
        paper.text(8, findings.change_said(one.shift_years, int(one.cost_share * 100)))


def write_funding(paper: LongPaper, layout: Layout) -> None:
    """One funding line a row: what it brings by column, and when that arrives."""
    headed(paper, layout, layout.funding, _funding_sub(layout))
    sheet, width = paper.sheet, layout.width
    for column, wide in enumerate((5, 5, 10, 40, 26, 18, 34, 12, 24, 24, 14, 14)):
        sheet.set_column(column, column, wide)
    sheet.set_column(LINE_TEXTS + 1, layout.received_sum + width, 13)
    paper.row = HEAD - 1
    paper.text(0, pgettext("column", "No."), paper.styles.sub)
    paper.text(LINE_TEXTS, gettext("Aid, in the year of the spending"), paper.styles.section)
    paper.text(layout.received_sum, gettext("The same, in the year it arrives"), paper.styles.section)
    paper.row = HEAD
    texts = (
        gettext("Payer no."),
        gettext("Measure no."),
        gettext("Code"),
        gettext("Measure"),
        gettext("Payer"),
        gettext("Programme"),
        gettext("Rule"),
        gettext("State"),
        gettext("Deadline"),
        gettext("Remark"),
        gettext("Aid lost"),
        gettext("Aid"),
    )
    heads = (*texts, *layout.column_names, gettext("Arrives"), *layout.column_names)
    paper.heads(heads, amounts_from=LINE_TEXTS - 1)
    words_of = Words()
    for row, found in enumerate(_lines(layout), FIRST):
        paper.begin(row)
        _line(paper, layout, found, words_of)
        paper.end()
    sheet.freeze_panes(FIRST, 5)
    sheet.autofilter(HEAD, 0, layout.last_line, layout.received_sum + width)
    paper.printed(layout.content.heading.title, WHOLE_PAGE, repeat=(HEAD, HEAD), columns=5)


def _funding_sub(layout: Layout) -> str:
    said = layout.content.heading.money
    if layout.content.whole.contributions:
        said += ". " + gettext("Payer 0: what %(owner)s pays for measures of others.") % {
            "owner": layout.content.heading.owner
        }
    return said


Found = tuple[int, int | None, outlook.WholeMeasure, outlook.WholeLine]


def _lines(layout: Layout) -> Iterator[Found]:
    """Each line with the numbers of its payer and its measure; None for a measure of others."""
    whole, numbers = layout.content.whole, layout.payer_numbers
    for line in whole.lines:
        yield numbers[line.funding.payer_id], line.measure + 1, whole.measures[line.measure], line
    for line in whole.contributions:
        yield CONTRIBUTOR, None, whole.helped[line.measure], line


def _line(paper: LongPaper, layout: Layout, found: Found, words_of: Words) -> None:
    payer, measure, one, line = found
    styles, funding = paper.styles, line.funding
    paper.number(0, payer, styles.number)
    if measure is not None:
        paper.number(1, measure, styles.number)
    paper.text(2, one.code)
    paper.text(3, one.title if measure else f"{one.title} ({one.owner_name})")
    paper.text(4, funding.payer_name)
    paper.text(5, funding.instrument)
    paper.text(6, words_of.rule(funding))
    paper.text(7, words_of.state(funding))
    paper.text(8, words_of.deadline(funding))
    paper.text(9, words_of.remark(funding))
    if funding.lost:
        paper.number(10, funding.at_stake, styles.quiet)
    first, again = LINE_TEXTS + 1, layout.received_sum + 1
    _sum(paper, LINE_TEXTS, first, funding.amounts, styles.amount)
    paper.amounts(first, funding.amounts, styles.quiet)
    _sum(paper, layout.received_sum, again, line.received, styles.amount)
    paper.amounts(again, line.received, styles.quiet)


def _sum(paper: Paper, at: int, first: int, values: outlook.views.Row, style: Any) -> None:
    cells = span((paper.row, first), (paper.row, first + len(values) - 1), fixed="")
    paper.formula(at, f"SUM({cells})", sum(values, ZERO), style)


def write_assumptions(paper: Paper, layout: Layout) -> None:
    """What the figures rest on; the ceilings and the values as computed are read by the synthesis."""
    headed(paper, layout, layout.assumptions, layout.content.heading.state)
    styles = paper.styles
    paper.sheet.set_column(0, 0, 46)
    paper.sheet.set_column(1, 1, 40)
    paper.sheet.set_column(2, 2, 60)
    paper.row = FIRST - 1
    for section in layout.content.sections:
        paper.text(0, section.title, styles.section)
        for fact in section.facts:
            paper.row += 1
            paper.text(0, fact.label, styles.wrapped)
            paper.text(1, fact.value, styles.wrapped)
            paper.text(2, fact.source, styles.wrapped)
        paper.row += 2
    for number, ceiling in enumerate(layout.view.ceilings):
        _ceiling(paper, layout, number, ceiling)
    paper.row = layout.computed_row - 1
    paper.text(0, gettext("Sums as computed by Belvédère"), styles.section)
    for paper.row, (label, value) in enumerate(layout.computed.values(), layout.computed_row):
        paper.text(0, label)
        paper.number(1, value, styles.amount)
    paper.printed(layout.content.heading.title, WHOLE_PAGE, repeat=None)


def _ceiling(paper: Paper, layout: Layout, number: int, ceiling: outlook.views.Ceiling) -> None:
    styles, nature = paper.styles, str(ceiling.nature or "")
    paper.row = layout.ceiling_row(number) - 2
    paper.text(0, findings.with_nature(gettext("Ceiling by year"), nature), styles.section)
    paper.row += 1
    paper.text(0, gettext("Year"), styles.head)
    paper.text(1, gettext("Ceiling"), styles.head_amount)
    paper.text(2, gettext("Source"), styles.head)
    for paper.row, at in enumerate(layout.limited, layout.ceiling_row(number)):
        limit: Decimal | None = ceiling.limits[at]
        year = layout.view.columns[at].year
        paper.number(0, year, styles.number)
        if limit is not None:
            paper.number(1, limit, styles.amount)
            paper.text(2, layout.content.decided.get((nature, year or 0), ""))


__all__ = ["headed", "where", "write_assumptions", "write_funding", "write_measures"]
