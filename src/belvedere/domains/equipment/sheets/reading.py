"""A spreadsheet of equipment as titles and rows of texts. No Django."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import python_calamine

from belvedere.domains.equipment.errors import BadEquipment
from belvedere.kernel.errors import N_, TooLarge
from belvedere.kernel.files import archives
from belvedere.kernel.files.contents import CSV, TEXT, recognise

LARGEST = 10_000_000
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 5_000, 60, 2_000
SEPARATORS = (";", ",", "\t", "|")
TITLES_WITHIN = 20  # lines from the top


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows`: the line as a spreadsheet numbers it, from 1, and its cells as texts."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes, file_name: str) -> Sheet:
    """The first sheet with a table, or a text table.

    Raises:
        BadEquipment: it is no spreadsheet, or an empty one. TooLarge: more rows or columns than are taken.
    """
    if len(content) > LARGEST:
        raise TooLarge(
            N_("The file is larger than {most} MB. Bring it in several parts."), most=LARGEST // 10**6
        )
    kind = recognise(content, file_name).media_type
    if kind in (archives.XLSX, archives.ODS):
        lines = _book(content)
    elif kind in (CSV, TEXT):
        lines = _text(content)
    else:
        raise BadEquipment(N_("This is no spreadsheet. Choose an XLSX, ODS or CSV file."), field="file")
    return _table(lines)


def _book(content: bytes) -> list[list[str]]:
    try:
        with python_calamine.load_workbook(io.BytesIO(content)) as book:
            for at in range(len(book.sheet_names)):
                sheet = book.get_sheet_by_index(at)
                if sheet.total_height > 1 and sheet.total_width > 1:
                    _refuse_extent(sheet.total_height, sheet.total_width)
                    return [[_said(one) for one in row] for row in sheet.to_python(skip_empty_area=False)]
    except python_calamine.CalamineError as error:
        raise BadEquipment(
            N_("The file is damaged and cannot be opened. Open it in your spreadsheet and save it again."),
            field="file",
        ) from error
    return []


def _text(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    return [
        [_said(one) for one in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    ]


def _said(cell: Any) -> str:
    """A cell as people read it: whole numbers bare, dates as year-month-day."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    elif isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else cell
    text = cell.isoformat() if isinstance(cell, date | time) else str(cell)
    return " ".join(text.replace("\x00", "").split())[:LONGEST_CELL]


def _table(lines: Iterable[list[str]]) -> Sheet:
    """The titles are the fullest of the first lines; what is above them is left out."""
    numbered = [(line, row) for line, row in enumerate(lines, 1) if any(row)]
    if len(numbered) < 2:
        raise BadEquipment(
            N_("The file holds no table: a line of titles, then a line for each piece of equipment."),
            field="file",
        )
    top = [one for one in numbered if one[0] <= TITLES_WITHIN] or numbered[:1]
    line, headers = max(top, key=lambda one: (sum(map(bool, one[1])), -one[0]))
    rows = [(at, row) for at, row in numbered if at > line]
    _refuse_extent(len(rows), len(headers))
    if not rows:
        raise BadEquipment(
            N_("The file holds no table: a line of titles, then a line for each piece of equipment."),
            field="file",
        )
    width = len(headers)
    return Sheet(headers, [(at, [*row, *[""] * width][:width]) for at, row in rows])


def _refuse_extent(rows: int, columns: int) -> None:
    if rows > MOST_ROWS + TITLES_WITHIN or columns > MOST_COLUMNS:
        raise TooLarge(
            N_("The table has {rows} rows and {columns} columns; {most_rows} and {most_columns} are taken."),
            rows=rows,
            columns=columns,
            most_rows=MOST_ROWS,
            most_columns=MOST_COLUMNS,
        )
