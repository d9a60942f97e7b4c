"""Writing sheets row by row: text stays text, formulas carry the value they have now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

LONGEST = 32_000  # characters of a cell
A4: Final = 9
AMOUNT: Final = '#,##0;[Red]-#,##0;"–"'
QUIET: Final = "#,##0;[Red]-#,##0;;"  # nothing where there is nothing, in long tables
INK, LINE, HEAD, PALE = "#1D2B33", "#B9C4C8", "#E4EEEC", "#F4F7F7"
OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def reference(sheet: str, cells: str) -> str:
    """`cells` of another sheet, in a formula."""
    return "'" + sheet.replace("'", "''") + "'!" + cells


def quoted(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def cell(row: int, column: int, *, fixed: str = "") -> str:
    """“C6” of row 5 and column 2; `fixed` holds "r", "c" or both: “C$6”, “$C6”."""
    return xl_rowcol_to_cell(row, column, row_abs="r" in fixed, col_abs="c" in fixed)


def span(first: tuple[int, int], last: tuple[int, int], *, fixed: str = "rc") -> str:
    """“$C$6:$T$6”."""
    return f"{cell(*first, fixed=fixed)}:{cell(*last, fixed=fixed)}"


@dataclass(frozen=True)
class Styles:
    """The formats of a workbook, by what they are for."""

    title: Any
    sub: Any
    state: Any
    head: Any
    head_amount: Any
    text: Any
    wrapped: Any
    number: Any
    day: Any
    percent: Any
    amount: Any
    quiet: Any
    sum: Any
    sum_text: Any
    good: Any
    section: Any
    over: Any

    @classmethod
    def of(cls, book: Any, day_format: str) -> Styles:
        base: dict[str, Any] = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}

        def made(**more: Any) -> Any:
            return book.add_format({**base, **more})

        head: dict[str, Any] = {"bold": True, "bg_color": HEAD, "bottom": 1, "bottom_color": LINE}
        total: dict[str, Any] = {"bold": True, "bg_color": PALE, "top": 1, "top_color": LINE}
        return cls(
            title=made(bold=True, font_size=15),
            sub=made(font_color="#4A5A63"),
            state=made(bold=True, font_color="#9A3412"),
            head=made(**head, text_wrap=True, valign="vcenter"),
            head_amount=made(**head, align="right", text_wrap=True, valign="vcenter"),
            text=made(),
            wrapped=made(text_wrap=True),
            number=made(num_format="0", font_color="#6B7A82"),
            day=made(num_format=day_format, align="left"),
            percent=made(num_format="+0%;-0%;;"),
            amount=made(num_format=AMOUNT),
            quiet=made(num_format=QUIET),
            sum=made(**total, num_format=AMOUNT),
            sum_text=made(**total),
            good=made(bold=True, font_color="#166534"),
            section=made(bold=True, font_size=12),
            over=made(bold=True, font_color="#B42318", bg_color="#FDECEA"),
        )


class Paper:
    """One sheet, filled downwards: a row is written before the next one starts (constant memory)."""

    kind: type[Worksheet] = Worksheet

    def __init__(self, book: Any, name: str, styles: Styles) -> None:
        self.sheet: Any = book.add_worksheet(name, worksheet_class=self.kind)
        self.name, self.styles = name, styles
        self.row = 0

    def text(self, column: int, value: str, style: Any = None) -> None:
        """A text, whatever it begins with."""
        if value:
            self.sheet.write_string(self.row, column, value[:LONGEST], style or self.styles.text)
        elif style is not None:
            self.sheet.write_blank(self.row, column, None, style)

    def number(self, column: int, value: Decimal | int | None, style: Any) -> None:
        """A number; nothing for nothing."""
        if value is None:
            self.sheet.write_blank(self.row, column, None, style)
        else:
            self.sheet.write_number(self.row, column, float(value), style)

    def day(self, column: int, value: date | None) -> None:
        if value is not None:
            self.sheet.write_datetime(self.row, column, value, self.styles.day)

    def amounts(self, column: int, values: Iterable[Decimal], style: Any) -> None:
        """Amounts side by side; empty where there is none."""
        write, row = self.sheet.write_number, self.row
        for at, value in enumerate(values, column):
            if value:
                write(row, at, float(value), style)

    def formula(self, column: int, formula: str, value: Decimal | str | None, style: Any) -> None:
        """A formula with its present value, for readers that do not compute."""
        shown: float | str = "" if value is None else value if isinstance(value, str) else float(value)
        self.sheet.write_formula(self.row, column, f"={formula}", style, shown)

    def heads(self, names: Sequence[str], *, amounts_from: int) -> None:
        for at, name in enumerate(names):
            self.text(at, name, self.styles.head_amount if at >= amounts_from else self.styles.head)

    def printed(self, title: str, page: str, *, repeat: tuple[int, int] | None, columns: int = 0) -> None:
        """A4 across, one page wide, the header again on every page, pages numbered."""
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer(f"&L&8{title.replace('&', '&&')[:180]}&R&8{page}")
        if repeat is not None:
            self.sheet.repeat_rows(*repeat)
        if columns:
            self.sheet.repeat_columns(0, columns - 1)


def new_book(path: str, *, title: str, author: str, subject: str) -> Any:
    book = xlsxwriter.Workbook(path, OPTIONS)
    book.set_properties({"title": title[:250], "author": author, "subject": subject, "company": author})
    book.set_calc_mode("auto")
    return book


__all__ = [
    "Paper",
    "Styles",
    "cell",
    "new_book",
    "quoted",
    "reference",
    "span",
]
