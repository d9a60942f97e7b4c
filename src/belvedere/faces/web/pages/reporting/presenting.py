"""A table as texts: what a page, a workbook and a printed sheet show alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from belvedere.domains.reporting.public import queries, tables
from belvedere.faces.web import formats
from belvedere.faces.web.pages.reporting import words
from belvedere.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its text, and for a workbook the plain value behind it."""

    text: str
    value: Decimal | date | None = None
    form: str = "text"  # text, amount, share, days, day, title, remarks
    level: str = ""


@dataclass(frozen=True, slots=True)
class ShownSection:
    title: str
    caption: str  # what the amounts are expressed in
    rows: tuple[tuple[Shown, ...], ...]
    totals: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    key: str
    title: str
    about: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    sections: tuple[ShownSection, ...]
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Each head, and whether numbers stand below it."""
        return tuple(zip(self.heads, self.numeric, strict=True))


def shown(frozen: queries.Frozen, table: tables.Table) -> ShownTable:
    title, about = words.TABLES[table.key]
    return ShownTable(
        key=table.key,
        title=gettext(title),
        about=gettext(about),
        heads=tuple(words.column(column) for column in table.columns),
        numeric=tuple(column.numeric for column in table.columns),
        sections=tuple(_section(table, section) for section in table.sections if section.rows),
        notes=tuple(_notes(frozen, table)),
    )


def _section(table: tables.Table, section: tables.Section) -> ShownSection:
    totals = []
    for at in range(len(table.columns)):
        amount = section.totals.get(at)
        totals.append(Shown("") if amount is None else _cell(amount))
    if section.totals:
        first = next((at for at, column in enumerate(table.columns) if not column.numeric), 0)
        totals[first] = Shown(gettext("Sum"))
    return ShownSection(
        title=words.in_language(section.title.names) if section.title else "",
        caption=formats.money_kind(section.kind) if section.kind else "",
        rows=tuple(tuple(_cell(cell) for cell in row.cells) for row in section.rows),
        totals=tuple(totals) if section.totals else (),
    )


def _cell(cell: tables.Cell) -> Shown:
    if isinstance(cell, Money):
        return Shown(formats.money(cell, form="full", unit=False), cell.amount, "amount")
    if isinstance(cell, tables.Share):
        return Shown(formats.percent(cell.value, 1), cell.value, "share")
    if isinstance(cell, tables.Days):
        return Shown(formats.number(cell.value), Decimal(cell.value), "days")
    if isinstance(cell, date):
        return Shown(formats.day(cell, "short"), cell, "day")
    if isinstance(cell, tables.Word):
        return Shown(words.word(cell))
    if isinstance(cell, tables.Named):
        return Shown(words.in_language(cell.names), form="title")
    if isinstance(cell, tables.Remarks):
        found = any(not one.is_gap for one in cell.findings)
        return Shown(words.remarks(cell), form="remarks", level="major" if found else "")
    return Shown(cell or "")


def _notes(frozen: queries.Frozen, table: tables.Table) -> list[str]:
    as_of = formats.day(frozen.as_of, "long")
    said = [gettext("As of %(day)s, round “%(name)s”.") % {"day": as_of, "name": frozen.content["name"]}]
    if frozen.is_preview:
        said.append(gettext("Preview from the present: the round is still open, nothing is frozen."))
    elif frozen.taken_at is not None:
        said.append(
            gettext("Frozen on %(at)s; fingerprint %(hash)s.")
            % {"at": formats.moment(frozen.taken_at), "hash": frozen.sha256[:12]}
        )
    if not frozen.intact:
        said.append(gettext("Attention: the frozen values no longer have their fingerprint."))
    if missing := frozen.content.get("missing"):
        owners = missing["owners"]
        if owners:
            said.append(
                ngettext(
                    "Closed without the answers of %(n)s owner: %(reason)s",
                    "Closed without the answers of %(n)s owners: %(reason)s",
                    owners,
                )
                % {"n": owners, "reason": frozen.content["reason"]}
            )
    if any(table.index.names.values()):
        said.append(
            gettext("Amounts at other price bases are brought to the one stated by the index “%(index)s”.")
            % {"index": words.in_language(table.index.names)}
        )
    return said


__all__ = ["Shown", "ShownSection", "ShownTable", "shown"]
