"""Rows of the table, ready for the template: amounts written, each a link to the lines it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from belvedere.faces.web.pages.plans.outlook.units import Unit

NOTHING = SafeString("")


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its words, and the classes of its cells (paid, now, above the ceiling)."""

    key: str
    label: str
    css: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table. `form` chooses how the template draws it."""

    key: str
    label: str
    css: str = ""
    form: str = "amounts"  # amounts, meta, message, more
    swatch: str = ""
    code: str = ""
    count: str = ""
    language: str = ""  # of the label, "" where it is the reader's
    url: str = ""  # of the thing itself
    toggle: str = ""  # address with the row opened or closed, "" where it does not open
    is_open: bool = False
    notes: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()  # notes that matter: what the scenario changes
    cells: SafeString = NOTHING
    total: SafeString = NOTHING
    message: str = ""
    consequence: str = ""
    fix_label: str = ""
    fix_url: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes amounts into cells of these columns. `address` is of the lines behind a row's amount."""

    heads: Sequence[Head]
    unit: Unit
    address: Callable[[str, str], str]

    def cells(
        self,
        row: str,
        values: Sequence[Decimal | None],
        *,
        opens: bool = True,
        signed: bool = False,
        over: str = "",
        below: str = "",
    ) -> SafeString:
        """The cells of a row; `over` is the class of the amounts in years above a ceiling, `below` that of
        the negative ones.
        """
        write = self.unit.with_sign if signed else self.unit.in_table
        parts = []
        for head, value in zip(self.heads, values, strict=True):
            text = "" if value is None else write(value)
            css = head.css
            if over and head.is_over:
                css = f"{css} {over}".strip()
            if below and value is not None and value < 0:
                css = f"{css} {below}".strip()
            inside = text
            if text and opens:
                inside = f'<a href="{escape(self.address(row, head.key))}">{text}</a>'
            parts.append(f'<td class="{css}">{inside}</td>' if css else f"<td>{inside}</td>")
        return mark_safe("".join(parts))  # noqa: S308 (addresses escaped, texts are numbers)

    def total(
        self, row: str, value: Decimal | None, *, opens: bool = True, signed: bool = False
    ) -> SafeString:
        """The cell of the sum."""
        if value is None:
            return SafeString('<td class="tt"></td>')
        text = (self.unit.with_sign if signed else self.unit.in_table)(value)
        inside = f'<a href="{escape(self.address(row, "all"))}">{text}</a>' if text and opens else text
        return mark_safe(f'<td class="tt">{inside}</td>')  # noqa: S308

    def struck(self, value: Decimal) -> SafeString:
        """The cell of a sum that is lost."""
        return mark_safe(f'<td class="tt"><s>{self.unit.in_table(value)}</s></td>')  # noqa: S308
