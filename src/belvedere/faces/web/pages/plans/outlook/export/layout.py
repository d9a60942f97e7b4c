"""Where everything stands in the workbook: sheets, rows and columns, known before a cell is written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext, pgettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web.pages.plans.outlook.export.content import Content, column_name
from belvedere.faces.web.pages.plans.outlook.export.paper import cell, reference, span

HEAD = 4  # the row of the headers of every sheet, 0-based
FIRST = HEAD + 1
MEASURE_TEXTS = 9  # columns before the amounts of a measure: total, aid, net, then by year
LINE_TEXTS = 11  # columns before the aid of a line: total, by year, then what arrives
SUM, AID, NET = MEASURE_TEXTS, MEASURE_TEXTS + 1, MEASURE_TEXTS + 2
YEARS = MEASURE_TEXTS + 3
CONTRIBUTOR = 0  # number of the owner where it pays for measures of others
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer under its number; the amounts are those of the page."""

    number: int
    name: str
    aid: outlook.views.Row
    received: outlook.views.Row


@dataclass(frozen=True)
class Layout:
    content: Content

    @property
    def view(self) -> outlook.views.OutlookView:
        return self.content.view

    @cached_property
    def synthesis(self) -> str:
        return pgettext("name of a sheet", "Synthesis")

    @cached_property
    def measures(self) -> str:
        return pgettext("name of a sheet", "Measures")

    @cached_property
    def funding(self) -> str:
        return pgettext("name of a sheet", "Funding")

    @cached_property
    def assumptions(self) -> str:
        return pgettext("name of a sheet", "Assumptions")

    @property
    def width(self) -> int:
        """The number of columns of amounts."""
        return len(self.view.columns)

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column_name(self.view, column) for column in self.view.columns)

    @cached_property
    def payers(self) -> tuple[Payer, ...]:
        """Those of the page first, then those whose lines bring nothing now."""
        nothing = (ZERO,) * self.width
        known = {payer.organisation_id: (payer.name, payer.aid, payer.received) for payer in self.view.payers}
        for line in self.content.whole.lines:
            known.setdefault(line.funding.payer_id, (line.funding.payer_name, nothing, nothing))
        return tuple(Payer(number, *found) for number, found in enumerate(known.values(), 1))

    @cached_property
    def payer_numbers(self) -> dict[UUID, int]:
        ids = dict.fromkeys(payer.organisation_id for payer in self.view.payers)
        ids |= dict.fromkeys(line.funding.payer_id for line in self.content.whole.lines)
        return {payer_id: number for number, payer_id in enumerate(ids, 1)}

    @property
    def last_measure(self) -> int:
        """The last row of Measures, an empty one where there is none."""
        return FIRST + max(1, len(self.content.whole.measures)) - 1

    @property
    def last_line(self) -> int:
        whole = self.content.whole
        return FIRST + max(1, len(whole.lines) + len(whole.contributions)) - 1

    @property
    def received_sum(self) -> int:
        """The column of Funding with the sum of what arrives."""
        return LINE_TEXTS + 1 + self.width

    def in_measures(self, column: int) -> str:
        """A column of Measures, all its rows."""
        return reference(self.measures, span((FIRST, column), (self.last_measure, column)))

    def in_funding(self, column: int) -> str:
        return reference(self.funding, span((FIRST, column), (self.last_line, column)))

    # The rows of Assumptions: the facts, the ceilings, the values as computed.

    def ceiling_row(self, number: int) -> int:
        """The first year of a ceiling of the view."""
        facts = sum(len(section.facts) + 2 for section in self.content.sections)
        return FIRST - 1 + facts + 2 + number * (len(self.limited) + 3)

    @cached_property
    def limited(self) -> tuple[int, ...]:
        """The columns that are years: each has its row among the ceilings."""
        return tuple(at for at, column in enumerate(self.view.columns) if column.year)

    def ceiling_at(self, number: int, column: int) -> str:
        row = self.ceiling_row(number) + self.limited.index(column)
        return reference(self.assumptions, cell(row, 1, fixed="rc"))

    @property
    def computed_row(self) -> int:
        """The first of the values as computed."""
        return self.ceiling_row(len(self.view.ceilings))

    @cached_property
    def computed(self) -> dict[str, tuple[str, Decimal]]:
        """What the page said, by row of the synthesis."""
        view = self.view
        return {
            "gross": (gettext("Gross cost"), sum(view.gross, ZERO)),
            "net": (gettext("Net"), sum(view.net, ZERO)),
            "charge": (gettext("To be paid in all"), sum(view.charge, ZERO)),
            "need": (gettext("Treasury to advance"), sum(view.need, ZERO)),
        }

    def computed_at(self, key: str) -> str:
        row = self.computed_row + list(self.computed).index(key)
        return reference(self.assumptions, cell(row, 1, fixed="rc"))


__all__ = ["CONTRIBUTOR", "FIRST", "HEAD", "LINE_TEXTS", "MEASURE_TEXTS", "Layout", "Payer"]
