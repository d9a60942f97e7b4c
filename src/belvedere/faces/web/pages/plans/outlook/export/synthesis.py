"""The first sheet: the page's table, every figure of it a formula over the other sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.export.layout import (
    CONTRIBUTOR,
    FIRST,
    HEAD,
    LINE_TEXTS,
    NET,
    YEARS,
    ZERO,
    Layout,
)
from belvedere.faces.web.pages.plans.outlook.export.paper import Paper, cell, quoted, reference, span
from belvedere.faces.web.pages.plans.outlook.export.tables import WHOLE_PAGE, where

Values = Sequence[Decimal | None]
START = 2  # the first column of amounts; before it the number and the name
NAMED = ("gross", "aid", "net", "charge", "ceiling", "margin", "need")


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the formula of each column, and the value it has now."""

    key: str
    label: str
    formulas: Sequence[str]  # "" where nothing stands
    values: Values
    number: int | None = None
    is_sum: bool = False
    adds_up: bool = True  # whether its columns may be added


class Synthesis:
    """The lines in order; each knows the rows of those above it."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.view = layout, layout.view
        self.rows: dict[str, int] = {}
        self.lines: list[Line] = []
        for line in self._lines():
            self.rows[line.key] = FIRST + len(self.lines)
            self.lines.append(line)

    @property
    def columns(self) -> range:
        return range(self.layout.width)

    @property
    def sum_column(self) -> int:
        return START + self.layout.width

    def at(self, key: str, column: int) -> str:
        """The cell of a row above in this column."""
        return cell(self.rows[key], START + column)

    def _combined(self, key: str, label: str, formula: str, values: Values, **more: Any) -> Line:
        """A row made of rows above it: `formula` holds their keys in braces."""
        found = [
            formula.format_map({one: self.at(one, column) for one in self.rows}) for column in self.columns
        ]
        return Line(key, label, found, values, **more)

    def _from_funding(self, key: str, label: str, test: str, first: int, values: Values, **more: Any) -> Line:
        """A row added up in Funding, over the lines whose payer passes `test`."""
        payers = self.layout.in_funding(0)
        found = [f"SUMIFS({self.layout.in_funding(first + at)},{payers},{test})" for at in self.columns]
        return Line(key, label, found, values, **more)

    def _lines(self) -> Iterator[Line]:
        view, layout = self.view, self.layout
        gross = [f"SUM({layout.in_measures(YEARS + at)})" for at in self.columns]
        yield Line("gross", gettext("Gross cost"), gross, view.gross, is_sum=True)
        yield from self._payers()
        aid = [g - n for g, n in zip(view.gross, view.net, strict=True)]
        yield self._aid(aid)
        owner = {"owner": layout.content.heading.owner}
        label = gettext("Left to %(owner)s, net") % owner
        yield self._combined("net", label, "{gross}-{aid}", view.net, is_sum=True)
        label = gettext("Paid to measures of others")
        test, first = str(CONTRIBUTOR), LINE_TEXTS + 1
        yield self._from_funding("contributions", label, test, first, view.contributions)
        label = gettext("To be paid in all")
        yield self._combined("charge", label, "{net}+{contributions}", view.charge, is_sum=True)
        if view.earlier is not None:
            yield from self._compared(view.earlier)
        for number, ceiling in enumerate(view.ceilings):
            yield from self._ceiling(number, ceiling)
        yield from self._treasury()

    def _payers(self) -> Iterator[Line]:
        for payer in self.layout.payers:
            row = FIRST + len(self.lines)
            label = gettext("Aid, %(payer)s") % {"payer": payer.name}
            key, test = f"payer{payer.number}", cell(row, 0, fixed="c")
            yield self._from_funding(key, label, test, LINE_TEXTS + 1, payer.aid, number=payer.number)

    def _aid(self, values: Values) -> Line:
        label = gettext("Aid in all")
        if not self.layout.payers:
            return Line("aid", label, ["0"] * self.layout.width, values)
        first, last = FIRST + 1, FIRST + len(self.layout.payers)
        sums = [f"SUM({span((first, START + at), (last, START + at), fixed='')})" for at in self.columns]
        return Line("aid", label, sums, values)

    def _compared(self, earlier: outlook.views.Row) -> Iterator[Line]:
        """The reference is stated, not computed: its lines are not in this file."""
        stated = [format(value, "f") for value in earlier]
        yield Line("reference", gettext("To be paid in the reference"), stated, earlier)
        label = gettext("Difference to the reference")
        values = [now - before for now, before in zip(self.view.charge, earlier, strict=True)]
        yield self._combined("difference", label, "{charge}-{reference}", values)

    def _ceiling(self, number: int, ceiling: outlook.views.Ceiling) -> Iterator[Line]:
        """What counts under a ceiling of one nature is stated: the lines do not tell natures apart."""
        layout, limits, nature = self.layout, ceiling.limits, str(ceiling.nature or "")
        key, spent = f"{nature}_" if nature else "", "charge"
        if nature:
            label = findings.with_nature(gettext("To be paid in all"), nature)
            spent = f"{key}charge"
            yield Line(spent, label, [format(value, "f") for value in ceiling.spent], ceiling.spent)
        cells = [
            layout.ceiling_at(number, at) if self.view.columns[at].year and limits[at] is not None else ""
            for at in self.columns
        ]
        label = findings.with_nature(gettext("Ceiling"), nature)
        yield Line(f"{key}ceiling", label, cells, limits, adds_up=False)
        margins = [
            f"{self.at(f'{key}ceiling', at)}-{self.at(spent, at)}" if known else ""
            for at, known in enumerate(cells)
        ]
        label = findings.with_nature(gettext("Margin under the ceiling"), nature)
        yield Line(f"{key}margin", label, margins, ceiling.margins, adds_up=False)

    def _treasury(self) -> Iterator[Line]:
        view, first = self.view, self.layout.received_sum + 1
        label = gettext("Aid that arrives")
        yield self._from_funding("received", label, quoted(">0"), first, _received(view))
        paid = [
            need - gross + got
            for need, gross, got in zip(view.need, view.gross, _received(view), strict=True)
        ]
        label = gettext("Paid out to measures of others")
        yield self._from_funding("paid_out", label, str(CONTRIBUTOR), first, paid)
        label = gettext("Treasury to advance")
        yield self._combined("need", label, "{gross}-{received}+{paid_out}", view.need, is_sum=True)


def _received(view: outlook.views.OutlookView) -> outlook.views.Row:
    return view.received or (ZERO,) * len(view.columns)


def write_synthesis(paper: Paper, book: Any, layout: Layout) -> None:
    """The sheet, its named rows and its two checks."""
    made = Synthesis(layout)
    _head(paper, layout)
    _columns(paper, layout)
    for line in made.lines:
        paper.row = made.rows[line.key]
        _row(paper, made, line)
    _checks(paper, made)
    for key in NAMED:
        if key in made.rows:
            row = made.rows[key]
            cells = span((row, START), (row, made.sum_column - 1))
            book.define_name(key, "=" + reference(layout.synthesis, cells))
    heads = span((HEAD, START), (HEAD, made.sum_column - 1))
    book.define_name("columns", "=" + reference(layout.synthesis, heads))
    _over(paper, made)
    paper.sheet.freeze_panes(FIRST, START)
    paper.printed(layout.content.heading.title, WHOLE_PAGE, repeat=(HEAD, HEAD), columns=START)


def _head(paper: Paper, layout: Layout) -> None:
    heading = layout.content.heading
    paper.row = 0
    paper.text(0, heading.title, paper.styles.title)
    paper.row = 1
    paper.text(0, where(layout), paper.styles.sub)
    paper.row = 2
    paper.text(0, heading.money, paper.styles.sub)
    paper.row = 3
    paper.text(0, heading.state, paper.styles.state)


def _columns(paper: Paper, layout: Layout) -> None:
    paper.sheet.set_column(0, 0, 5)
    paper.sheet.set_column(1, 1, 40)
    paper.sheet.set_column(START, START + layout.width, 13)
    paper.row = HEAD
    names = (pgettext("column", "No."), "", *layout.column_names, gettext("Sum"))
    paper.heads(names, amounts_from=START)


def _row(paper: Paper, made: Synthesis, line: Line) -> None:
    styles = paper.styles
    amount, text = (styles.sum, styles.sum_text) if line.is_sum else (styles.amount, styles.text)
    if line.number is not None:
        paper.number(0, line.number, styles.number)
    elif line.is_sum:
        paper.text(0, "", text)
    paper.text(1, line.label, text)
    for at, (formula, value) in enumerate(zip(line.formulas, line.values, strict=True), START):
        if formula:
            paper.formula(at, formula, value, amount)
    if line.adds_up:
        cells = span((paper.row, START), (paper.row, made.sum_column - 1), fixed="")
        whole = sum((value for value in line.values if value is not None), ZERO)
        paper.formula(made.sum_column, f"SUM({cells})", whole, styles.sum)


def _checks(paper: Paper, made: Synthesis) -> None:
    """That the measures' shares are those of the payers, and that nobody has changed anything since."""
    layout, sums = made.layout, made.sum_column
    net = cell(made.rows["net"], sums)
    by_measure = f"SUM({layout.in_measures(NET)})"
    paper.row = FIRST + len(made.lines) + 1
    good, bad = gettext("Shares equal costs to the cent"), gettext("Shares and costs differ")
    paper.formula(
        1, f"IF(ROUND({by_measure}-{net},2)=0,{quoted(good)},{quoted(bad)})", good, paper.styles.good
    )
    paper.formula(START, f"ROUND({by_measure}-{net},2)", ZERO, paper.styles.amount)
    paper.row += 1
    good, bad = gettext("As computed by Belvédère"), gettext("Changed since the export")
    same = [f"ROUND({cell(made.rows[key], sums)}-{layout.computed_at(key)},2)=0" for key in layout.computed]
    test = f"IF(AND({','.join(same)}),{quoted(good)},{quoted(bad)})"
    paper.formula(1, test, good, paper.styles.good)


def _over(paper: Paper, made: Synthesis) -> None:
    """What is above a ceiling stands out, as long as it is."""
    for ceiling in made.view.ceilings:
        key = f"{ceiling.nature}_" if ceiling.nature else ""
        row, last = made.rows[f"{key}charge"], made.sum_column - 1
        margin = cell(made.rows[f"{key}margin"], START, fixed="r")
        rule = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({margin}),{margin}<0)",
            "format": paper.styles.over,
        }
        paper.sheet.conditional_format(row, START, row, last, rule)


__all__ = ["Synthesis", "write_synthesis"]
