"""Long tables: whole rows at once, ten times faster than cell by cell.

XlsxWriter checks and keeps every cell on its own; a file of ten thousand measures has two million. Here a
row is made as text and written where XlsxWriter writes its rows when it keeps none in memory. Cells come in
the order of the columns; texts are escaped and can never be formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from belvedere.faces.web.pages.plans.outlook.export.paper import LONGEST, Paper, Styles

DAY_ZERO = date(1899, 12, 30).toordinal()
LETTERS = tuple(xl_col_to_name(at) for at in range(200))
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class LongSheet(Worksheet):
    """A worksheet that also takes finished rows."""

    def put_row(self, row: int, last: int, cells: str) -> None:
        """The row `row` (0-based, after all those written), with cells up to column `last`."""
        self._check_dimensions(row, 0)
        self._check_dimensions(row, last)
        self._write_single_row(row)  # what was begun above, and from here on this row
        file: Any = self.fh
        file.write(f'<row r="{row + 1}">{cells}</row>')


class LongPaper(Paper):
    """A sheet with a long table; between `begin` and `end` a row is gathered."""

    kind = LongSheet

    def __init__(self, book: Any, name: str, styles: Styles) -> None:
        super().__init__(book, name, styles)
        self._cells: list[str] | None = None
        self._last = 0
        self._marks: dict[int, int] = {}

    def begin(self, row: int) -> None:
        self.row, self._cells, self._last = row, [], 0

    def end(self) -> None:
        self.sheet.put_row(self.row, self._last, "".join(self._cells or ()))
        self._cells = None

    def _place(self, column: int, style: Any) -> str:
        mark = self._marks.get(id(style))
        if mark is None:
            mark = self._marks[id(style)] = style._get_xf_index()  # noqa: SLF001 (as its own writer does)
        self._last = column
        return f'<c r="{LETTERS[column]}{self.row + 1}" s="{mark}"'

    def text(self, column: int, value: str, style: Any = None) -> None:
        if self._cells is None:
            super().text(column, value, style)
        elif value:
            place = self._place(column, style or self.styles.text)
            said = escape(_NOT_XML.sub(" ", value[:LONGEST]))
            self._cells.append(f'{place} t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>')

    def number(self, column: int, value: Decimal | int | None, style: Any) -> None:
        if self._cells is None:
            super().number(column, value, style)
        elif value is not None:
            self._cells.append(f"{self._place(column, style)}><v>{value}</v></c>")

    def day(self, column: int, value: date | None) -> None:
        if self._cells is None:
            super().day(column, value)
        elif value is not None:
            place = self._place(column, self.styles.day)
            self._cells.append(f"{place}><v>{value.toordinal() - DAY_ZERO}</v></c>")

    def amounts(self, column: int, values: Iterable[Decimal], style: Any) -> None:
        if self._cells is None:
            super().amounts(column, values, style)
            return
        tail = self._place(column, style).partition(" s=")[2]
        row, add = self.row + 1, self._cells.append
        for at, value in enumerate(values, column):
            if value:
                add(f'<c r="{LETTERS[at]}{row}" s={tail}><v>{value}</v></c>')
                self._last = at

    def formula(self, column: int, formula: str, value: Decimal | str | None, style: Any) -> None:
        if self._cells is None or not isinstance(value, Decimal):
            super().formula(column, formula, value, style)
        else:
            place = self._place(column, style)
            self._cells.append(f"{place}><f>{escape(formula)}</f><v>{value}</v></c>")


__all__ = ["LongPaper", "LongSheet"]
