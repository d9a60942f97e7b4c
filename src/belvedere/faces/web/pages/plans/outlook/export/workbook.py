"""The workbook: a synthesis whose every figure is a formula over the measures and their funding.

Measures hold the gross cost by column, Funding what each line brings and when it arrives; payers and
measures are joined by numbers, so that two payers of one name stay two. What Belvédère computed is kept
beside each formula, for readers that do not compute, and compared with it in the last rows.
"""

from __future__ import annotations

from pathlib import Path

from belvedere.faces.web.pages.plans.outlook.export.content import Content
from belvedere.faces.web.pages.plans.outlook.export.layout import Layout
from belvedere.faces.web.pages.plans.outlook.export.long import LongPaper
from belvedere.faces.web.pages.plans.outlook.export.paper import Paper, Styles, new_book
from belvedere.faces.web.pages.plans.outlook.export.synthesis import write_synthesis
from belvedere.faces.web.pages.plans.outlook.export.tables import (
    write_assumptions,
    write_funding,
    write_measures,
)

DAYS = {"en": "dd/mm/yyyy"}


def write(path: Path, content: Content) -> None:
    """The content as XLSX at `path`."""
    layout, heading = Layout(content), content.heading
    book = new_book(str(path), title=heading.title, author=heading.owner, subject=heading.money)
    styles = Styles.of(book, DAYS.get(heading.language, "dd.mm.yyyy"))
    synthesis = Paper(book, layout.synthesis, styles)
    measures = LongPaper(book, layout.measures, styles)
    funding = LongPaper(book, layout.funding, styles)
    assumptions = Paper(book, layout.assumptions, styles)
    write_synthesis(synthesis, book, layout)
    write_measures(measures, layout)
    write_funding(funding, layout)
    write_assumptions(assumptions, layout)
    synthesis.sheet.activate()
    book.close()


__all__ = ["write"]
