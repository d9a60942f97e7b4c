"""A vote as a workbook: its rows, with sums as formulas, its measures, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, pgettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.export import voting_words
from belvedere.faces.web.pages.plans.outlook.export.paper import (
    Paper,
    Styles,
    cell,
    new_book,
    reference,
    span,
)
from belvedere.faces.web.pages.plans.outlook.export.tables import WHOLE_PAGE
from belvedere.faces.web.pages.plans.outlook.frozen import Frozen

HEAD, FIRST = 5, 6
START = 1  # of the amounts of the synthesis
TEXTS = 6  # of a measure: code, title, works, cost, aid, net
ZERO = Decimal(0)


def write(path: Path, frozen: Frozen) -> None:
    """The vote as XLSX at `path`."""
    title = voting_words.title_of(frozen)
    money = formats.money_kind(frozen.kind)
    book = new_book(str(path), title=title, author=frozen.owner, subject=money)
    book.set_properties(
        {
            "title": title[:250],
            "author": frozen.owner,
            "subject": money,
            "company": frozen.owner,
            "created": frozen.head.taken_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    styles = Styles.of(book, "dd.mm.yyyy")
    made = _Book(frozen, title, money)
    synthesis = Paper(book, pgettext("name of a sheet", "Synthesis"), styles)
    measures = Paper(book, pgettext("name of a sheet", "Measures"), styles)
    assumptions = Paper(book, pgettext("name of a sheet", "Assumptions"), styles)
    made.synthesis(synthesis, measures.name)
    made.measures(measures)
    made.assumptions(assumptions)
    book.close()


class _Book:
    def __init__(self, frozen: Frozen, title: str, money: str) -> None:
        self.frozen, self.title, self.money = frozen, title, money
        self.heads = [head.label for head in frozen.figures.heads]
        self.last = FIRST + max(1, len(frozen.lines)) - 1

    def headed(self, paper: Paper) -> None:
        said = (self.title, self.frozen.owner, self.money, f"SHA-256 {self.frozen.head.sha256}")
        for paper.row, text in enumerate(said):
            paper.text(0, text, paper.styles.sub if paper.row else paper.styles.title)

    def synthesis(self, paper: Paper, measures: str) -> None:
        """The rows of the day; the gross cost and the net are formulas over the others."""
        width = len(self.heads)
        paper.sheet.set_column(0, 0, 46)
        paper.sheet.set_column(START, START + width, 13)
        self.headed(paper)
        paper.row = HEAD
        paper.heads(["", *self.heads, gettext("Sum")], amounts_from=START)
        for paper.row, (label, formulas, values, is_sum, adds_up) in enumerate(self._rows(measures), FIRST):
            amount = paper.styles.sum if is_sum else paper.styles.amount
            paper.text(0, label, paper.styles.sum_text if is_sum else paper.styles.text)
            for at, value in enumerate(values):
                if formulas:
                    paper.formula(START + at, formulas[at], value, amount)
                elif value is not None:
                    paper.number(START + at, value, amount)
            if adds_up:
                cells = span((paper.row, START), (paper.row, START + width - 1), fixed="")
                whole = sum((value or ZERO for value in values), ZERO)
                paper.formula(START + width, f"SUM({cells})", whole, paper.styles.sum)
        paper.sheet.freeze_panes(FIRST, START)
        paper.printed(self.title, WHOLE_PAGE, repeat=(HEAD, HEAD), columns=START)

    def _rows(
        self, measures: str
    ) -> Iterator[tuple[str, Sequence[str], Sequence[Decimal | None], bool, bool]]:
        figures, columns = self.frozen.figures, range(len(self.heads))

        cells = (span((FIRST, TEXTS + at), (self.last, TEXTS + at)) for at in columns)
        gross = [f"SUM({reference(measures, one)})" for one in cells]
        yield gettext("Gross cost"), gross, figures.gross, True, True
        payers = [one for payer in figures.payers for one in payer.of or (payer,)]
        for payer in payers:
            yield gettext("Aid, %(payer)s") % {"payer": payer.name}, (), payer.values, False, True
        first, last = FIRST + 1, FIRST + len(payers)
        sums = [span((first, START + at), (last, START + at), fixed="") for at in columns]
        net = [
            f"{cell(FIRST, START + at)}-SUM({one})" if payers else cell(FIRST, START + at)
            for at, one in zip(columns, sums, strict=True)
        ]
        label = gettext("Left to %(owner)s, net") % {"owner": self.frozen.owner}
        yield label, net, figures.net, True, True
        row = FIRST + 1 + len(payers)
        yield gettext("Paid to measures of others"), (), figures.contributions, False, True
        charge = [f"{cell(row, START + at)}+{cell(row + 1, START + at)}" for at in columns]
        yield gettext("To be paid in all"), charge, figures.charge, True, True
        for limit in figures.limits:
            label = findings.with_nature(gettext("Ceiling"), limit.nature)
            yield label, (), limit.most, False, False
            label = findings.with_nature(gettext("Margin under the ceiling"), limit.nature)
            yield label, (), limit.margins, False, False
        yield gettext("Treasury to advance"), (), figures.cash, True, False

    def measures(self, paper: Paper) -> None:
        """One measure a row: its gross cost by column; aid, and what was left."""
        for column, width in enumerate((12, 46, 14, 14, 14, 14)):
            paper.sheet.set_column(column, column, width)
        paper.sheet.set_column(TEXTS, TEXTS + len(self.heads) - 1, 13)
        self.headed(paper)
        paper.row = HEAD
        texts = (
            gettext("Code"),
            gettext("Measure"),
            pgettext("column", "Works"),
            gettext("Gross cost"),
            gettext("Aid"),
            gettext("Net"),
        )
        paper.heads((*texts, *self.heads), amounts_from=3)
        for paper.row, line in enumerate(self.frozen.measures, FIRST):
            self._measure(paper, line)
        paper.sheet.freeze_panes(FIRST, 2)
        paper.sheet.autofilter(HEAD, 0, self.last, TEXTS + len(self.heads) - 1)
        paper.printed(self.title, WHOLE_PAGE, repeat=(HEAD, HEAD), columns=2)

    def _measure(self, paper: Paper, line: Any) -> None:
        styles, amounts = paper.styles, self.frozen.by_column(line["gross"])
        gross, net = outlook.views.total(amounts), Decimal(line["net_total"])
        paper.text(0, next(iter(line["codes"]), ""))
        paper.text(1, self.frozen.title(line), styles.wrapped)
        paper.text(2, self.frozen.works(line))
        years = span((paper.row, TEXTS), (paper.row, TEXTS + len(amounts) - 1), fixed="")
        paper.formula(3, f"SUM({years})", gross, styles.amount)
        paper.formula(4, f"{cell(paper.row, 3)}-{cell(paper.row, 5)}", gross - net, styles.amount)
        paper.number(5, net, styles.amount)
        paper.amounts(TEXTS, amounts, styles.quiet)

    def assumptions(self, paper: Paper) -> None:
        for column, width in enumerate((46, 60, 60)):
            paper.sheet.set_column(column, column, width)
        self.headed(paper)
        paper.row = HEAD
        for section in voting_words.sections(self.frozen):
            paper.text(0, section.title, paper.styles.section)
            for fact in section.facts:
                paper.row += 1
                paper.text(0, fact.label, paper.styles.wrapped)
                paper.text(1, fact.value, paper.styles.wrapped)
                paper.text(2, fact.source, paper.styles.wrapped)
            paper.row += 2
        paper.printed(self.title, WHOLE_PAGE, repeat=None)


__all__ = ["write"]
