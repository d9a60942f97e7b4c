"""A file as a table: sheet, headers, rows, and the total the sheet itself states. No Django.

Type is found by content (`safety`), text tables by `textual`. A formula gives the value stored with it.
Not for: what the columns mean (`mapping`), whether the rows are right (`verdicts`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine

from belvedere.domains.plans.sheets import geofiles, textual
from belvedere.domains.plans.sheets.errors import FileTooLarge, UnreadableFile
from belvedere.domains.plans.sheets.parsing import Cell, Unreadable, amount, clean, is_empty
from belvedere.domains.plans.sheets.safety import FileKind, kind_of
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

MOST_ROWS = 200_000
MOST_COLUMNS = 300
LONGEST_CELL = 10_000
_HEADER_SEARCH = 40
MOST_NOTES = 40


@dataclass(frozen=True, slots=True)
class SheetInfo:
    name: str
    rows: int
    columns: int
    hidden: bool = False


@dataclass(slots=True)
class Table:
    """A sheet read. `lines[i]` is the line of `rows[i]` as a spreadsheet numbers it, from 1."""

    sheet: str
    sheets: list[SheetInfo]
    headers: list[str]
    header_lines: tuple[int, int]
    lines: list[int]
    rows: list[list[Cell]]
    total: dict[int, Cell] = field(default_factory=dict)
    total_line: int | None = None
    subtotal_lines: list[int] = field(default_factory=list)
    kind: FileKind = FileKind.XLSX
    encoding: str = ""
    separator: str = ""
    details: dict[str, list[list[Cell]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # texts above the titles and below the rows
    note_lines: list[int] = field(default_factory=list)  # lines below the rows that hold but a note


def column_name(at: int) -> str:
    """A column as spreadsheets call it: 0 is A, 26 is AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def read(path: Path, *, sheet: str | None = None) -> Table:
    """Read `path`; without `sheet`, the visible sheet that looks most like a list."""
    kind = kind_of(path)
    if kind is FileKind.TEXT:
        return _read_text(path)
    if kind in (FileKind.GEOJSON, FileKind.GEOPACKAGE):
        return _read_layer(path, kind, sheet)
    try:
        with python_calamine.load_workbook(str(path)) as book:
            return _read_book(book, sheet, kind)
    except python_calamine.PasswordError as error:
        raise UnreadableFile(
            N_(
                "The workbook is protected by a password. Remove the password in your "
                "spreadsheet and save it again."
            ),
            code="encrypted_file",
        ) from error
    except python_calamine.CalamineError as error:
        raise UnreadableFile(
            N_("The file is damaged and cannot be opened. Open it in your spreadsheet and save it again.")
        ) from error


def _read_book(book: Any, wanted: str | None, kind: FileKind) -> Table:
    infos, loaded = [], {}
    for at, meta in enumerate(book.sheets_metadata):
        if meta.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        found = book.get_sheet_by_index(at)
        hidden = meta.visible is not python_calamine.SheetVisibleEnum.Visible
        infos.append(SheetInfo(found.name, found.total_height, found.total_width, hidden))
        loaded[found.name] = found
    if not infos:
        raise UnreadableFile(
            N_("The workbook has no sheet with cells. Choose the file that holds the measures.")
        )
    if wanted is not None and wanted not in loaded:
        raise UnreadableFile(
            N_("The workbook has no sheet “{sheet}”. Its sheets are: {known}."),
            sheet=wanted,
            known=[info.name for info in infos],
        )
    info = next(i for i in infos if i.name == wanted) if wanted else _best(infos)
    _refuse_extent(info.rows, info.columns)
    chosen = loaded[info.name]
    merged = list(chosen.merged_cell_ranges or []) if kind is not FileKind.ODS else []
    table = table_of(chosen.to_python(skip_empty_area=False), merged)
    table.sheet, table.sheets, table.kind = info.name, infos, kind
    for name, other in loaded.items():
        if name.startswith("_") and name != info.name:  # the detail sheets of our own export
            _refuse_extent(other.total_height, other.total_width)
            table.details[name] = other.to_python(skip_empty_area=False)
    return table


def _best(infos: list[SheetInfo]) -> SheetInfo:
    shown = [i for i in infos if not i.hidden and i.rows and not i.name.startswith("_")] or infos
    return max(shown, key=lambda i: (i.rows > 1 and i.columns > 1, i.rows * min(i.columns, 30)))


def _refuse_extent(rows: int, columns: int) -> None:
    if rows > MOST_ROWS + _HEADER_SEARCH:
        raise FileTooLarge(
            N_("The sheet has {rows} rows; an import takes {limit}. Cut it into several files."),
            rows=rows,
            limit=MOST_ROWS,
        )
    if columns > MOST_COLUMNS:
        raise FileTooLarge(
            N_("The sheet has {columns} columns; an import takes {limit}. Remove those that are not needed."),
            columns=columns,
            limit=MOST_COLUMNS,
        )


def _read_text(path: Path) -> Table:
    text, encoding = textual.decode(path.read_bytes())
    separator = textual.separator_of(text)
    raw = textual.rows_of(text, separator)
    if not any(any(row) for row in raw):
        raise UnreadableFile(N_("The file is empty. Choose the spreadsheet again."))
    width = max(len(row) for row in raw)
    _refuse_extent(len(raw), width)
    if width < 2 and len(raw) < 3:
        raise UnreadableFile(
            N_(
                "No columns were found in this text. Export the list as CSV with a "
                "semicolon between the columns."
            )
        )
    padded: list[list[Cell]] = [[*row, *[""] * (width - len(row))] for row in raw]
    table = table_of(padded, [])
    table.sheets = [SheetInfo(path.name, len(raw), width)]
    table.kind, table.encoding, table.separator = FileKind.TEXT, encoding, separator
    return table


def _read_layer(path: Path, kind: FileKind, wanted: str | None) -> Table:
    """A map layer: a line is the number of its feature."""
    name, headers, rows = geofiles.rows_of(path, kind, wanted)
    _refuse_extent(len(rows), len(headers))
    info = SheetInfo(name, len(rows), len(headers))
    return Table(name, [info], headers, (0, 0), list(range(1, len(rows) + 1)), rows, kind=kind)


Merged = tuple[tuple[int, int], tuple[int, int]]


def table_of(raw: Sequence[Sequence[Cell]], merged: Sequence[Merged]) -> Table:
    """Find the headers, the rows and the total in the cells of a sheet."""
    at = _header_row(raw)
    if at + 1 < len(raw) and (_continues(raw[at + 1], at, merged) or _goes_on(raw, at)):
        at += 1
    first, headers = _headers(raw, at, merged)
    width = max((column for column, text in enumerate(headers) if text), default=-1) + 1
    table = Table("", [], [], (first + 1, at + 1), [], [])
    table.notes = [_title(cell) for row in raw[:first] for cell in row if not is_empty(cell)][:MOST_NOTES]
    below = _unmerged(raw, at + 1, merged)
    for number, row in enumerate(raw[at + 1 :], start=at + 2):
        cells = list(below.get(number - 1, row))
        if all(is_empty(cell) for cell in cells):
            continue
        table.lines.append(number)
        table.rows.append(cells)
        filled = len(cells)
        while filled > width and is_empty(cells[filled - 1]):
            filled -= 1
        width = max(width, filled)
    _refuse_extent(len(table.rows), width)
    if not table.rows:
        raise UnreadableFile(
            N_("The sheet has headers but no row below them. Choose the sheet that holds the measures.")
        )
    table.headers = [*headers, *[""] * width][:width]
    table.rows = [[*row, *[""] * (width - len(row))][:width] for row in table.rows]
    _take_notes(table)
    _take_totals(table)
    _take_notes(table)
    return table


def _unmerged(raw: Sequence[Sequence[Cell]], first: int, merged: Sequence[Merged]) -> dict[int, list[Cell]]:
    """The rows in which a cell merged over several lines stands again on each of them."""
    found: dict[int, list[Cell]] = {}
    for (top, left), (bottom, right) in merged:
        if top < first or bottom <= top or left != right or bottom >= len(raw) or left >= len(raw[top]):
            continue
        if not isinstance(raw[top][left], str):
            continue  # an amount merged over several lines stands once, or it would count twice
        for at in range(top + 1, bottom + 1):
            cells = found.setdefault(at, list(raw[at]))
            if left < len(cells) and is_empty(cells[left]):
                cells[left] = raw[top][left]
    return found


def _take_notes(table: Table) -> None:
    """Take the lines at the end that hold a single text beside rows of several cells."""
    usual = sorted(sum(not is_empty(cell) for cell in row) for row in table.rows)
    if len(table.rows) < 2 or usual[len(usual) // 2] < 3:
        return
    while len(table.rows) > 1:
        filled = [cell for cell in table.rows[-1] if not is_empty(cell)]
        if len(filled) != 1 or not isinstance(filled[0], str) or _numeric(filled[0]):
            return
        if _SUBTOTAL.fullmatch(fold(filled[0])) or _TOTAL.fullmatch(fold(filled[0])):
            return
        table.notes.append(_title(filled[0]))
        table.note_lines.insert(0, table.lines.pop())
        table.rows.pop()


def _is_label(cell: Cell) -> bool:
    if not isinstance(cell, str) or not cell.strip():
        return False
    text = cell.strip()
    return (len(text) <= 200 and not re.fullmatch(r"[-−+]?[\d\s'’.,%]+", text)) or bool(
        re.fullmatch(r"(19|20)\d\d", text)
    )


def _is_year(cell: Cell) -> bool:
    return (
        isinstance(cell, int | float)
        and not isinstance(cell, bool)
        and 1990 <= cell <= 2100
        and cell == int(cell)
    )


def _header_row(raw: Sequence[Sequence[Cell]]) -> int:
    """The last line of the headers: the fullest row of distinct labels before the data."""
    best, best_score = None, 0.0
    head = raw[:_HEADER_SEARCH]
    widest = max((sum(not is_empty(c) for c in row) for row in raw[: _HEADER_SEARCH * 3]), default=0)
    for at, row in enumerate(head):
        filled = [cell for cell in row if not is_empty(cell)]
        labels = [fold(cell) for cell in filled if isinstance(cell, str) and _is_label(cell)]
        named = len(labels) + sum(1 for cell in filled if _is_year(cell) and labels)
        if not filled or not labels or (widest > 2 and len(filled) < 2):
            continue
        score = named / max(widest, 1) + 0.4 * named / len(filled) + 0.3 * len(set(labels)) / len(labels)
        score -= sum(len(text) > 60 for text in labels) / len(labels)
        below = [cell for row in raw[at + 1 : at + 6] for cell in row if not is_empty(cell)]
        score += (
            0.3 * sum(not isinstance(cell, str) or not _is_label(cell) for cell in below) / max(len(below), 1)
        )
        score -= 0.02 * at
        if score > best_score + 1e-9:
            best, best_score = at, score
    if best is None:
        raise UnreadableFile(
            N_("No line of column titles was found. Put a title above each column and save the sheet again.")
        )
    return best


def _continues(below: Sequence[Cell], at: int, merged: Sequence[Merged]) -> bool:
    """Whether the line below the titles names the parts of titles merged across columns."""
    wide = [(left, right) for (top, left), (bottom, right) in merged if top <= at <= bottom and right > left]
    filled = [(column, cell) for column, cell in enumerate(below) if not is_empty(cell)]
    return bool(filled) and all(
        (_is_label(cell) or _is_year(cell)) and any(left <= column <= right for left, right in wide)
        for column, cell in filled
    )


def _goes_on(raw: Sequence[Sequence[Cell]], at: int) -> bool:
    """Whether the line below the titles names the parts of wide ones, in a file without merged cells: the
    same labels come back, under titles that leave room to their right, and none under the other titles."""
    below = {column: cell for column, cell in enumerate(raw[at + 1]) if not is_empty(cell)}
    labels = [fold(clean(cell)) for cell in below.values()]
    if len(labels) < 3 or len(set(labels)) == len(labels) or not all(map(_is_label, below.values())):
        return False
    titled = {column for column, cell in enumerate(raw[at]) if not is_empty(cell)}
    return bool(below.keys() - titled) and bool(titled - below.keys())


def _headers(raw: Sequence[Sequence[Cell]], at: int, merged: Sequence[Merged]) -> tuple[int, list[str]]:
    """The first header line (0-based) and the joined titles, group titles of merged cells included."""
    names = [_title(cell) for cell in raw[at]]
    spans = [
        ((top, left), (bottom, right)) for (top, left), (bottom, right) in merged if top < at <= bottom + 1
    ]
    above = raw[at - 1] if at else []
    groups = [_title(cell) for cell in above]
    joined = bool(spans) or (
        sum(bool(g) for g in groups) >= 2
        and all(isinstance(c, str) for c in above if not is_empty(c))
        and any(g and (column >= len(names) or not names[column]) for column, g in enumerate(groups))
    )
    spread = _spread(groups, names, above) if not spans else None
    if spread is not None:
        groups, joined = spread, True
    if not joined or (not any(groups) and not spans):
        return at, names
    for (top, left), (bottom, right) in spans:
        text = _title(raw[top][left]) if top < len(raw) and left < len(raw[top]) else ""
        if top == at - 1 or bottom >= at:
            for column in range(left, min(right + 1, len(groups) or right + 1)):
                if column < len(groups):
                    groups[column] = text
    combined = [
        " ".join(dict.fromkeys(part for part in (group, name) if part))
        for group, name in zip([*groups, *[""] * len(names)], names, strict=False)
    ]
    return at - 1, combined


def _spread(groups: list[str], names: list[str], above: Sequence[Cell]) -> list[str] | None:
    """Group titles carried on over the columns they head, where the titles below them come back; None when
    they do not. A file without merged cells (ODS, CSV) shows a wide title only in its first column."""
    times = Counter(fold(name) for name in names if name)
    heads = [at for at, group in enumerate(groups) if group]
    again = [at for at, name in enumerate(names) if name and times[fold(name)] > 1]
    if (
        not again
        or len(heads) < 2
        or any(not (_is_label(c) or _is_year(c)) for c in above if not is_empty(c))
    ):
        return None
    carried, last = list(groups), ""
    for at in range(min(len(carried), len(names))):
        last = groups[at] or last
        carried[at] = last if at in again else groups[at]
    return carried


def _title(cell: Cell) -> str:
    return " ".join(clean(cell).split())


_TOTAL = re.compile(
    r"(total|totaux|totale|totali|totales|somme|summe|suma|sum|gesamt\w*|insgesamt|grand total|total general)"
    r"\b.*"
)
_SUBTOTAL = re.compile(
    r"(sous total|sous totaux|zwischensumme|subtotal|sub total|subtotale|zwischentotal|teilsumme)\b.*"
)


def _take_totals(table: Table) -> None:
    """Take total and subtotal lines out of the rows; the last total is the sheet's own."""
    keep_lines, keep_rows = [], []
    for line, row in zip(table.lines, table.rows, strict=True):
        word = next((fold(cell[:80]) for cell in row if isinstance(cell, str) and cell.strip()), "")
        if len(word) >= 60 or not (_SUBTOTAL.fullmatch(word) or _TOTAL.fullmatch(word)) or _texts(row) > 2:
            keep_lines.append(line)
            keep_rows.append(row)
        elif _SUBTOTAL.fullmatch(word):
            table.subtotal_lines.append(line)
        else:
            if table.total_line is not None:
                table.subtotal_lines.append(table.total_line)
            table.total_line = line
            table.total = {at: cell for at, cell in enumerate(row) if not is_empty(cell) and _numeric(cell)}
    if keep_rows:
        table.lines, table.rows = keep_lines, keep_rows


def _texts(row: Sequence[Cell]) -> int:
    """How many cells hold words."""
    return sum(isinstance(cell, str) and bool(cell.strip()) and not _numeric(cell) for cell in row)


def _numeric(cell: Cell) -> bool:
    if isinstance(cell, str):
        try:
            return amount(cell) is not None
        except Unreadable:
            return False
    return isinstance(cell, int | float) and not isinstance(cell, bool)
