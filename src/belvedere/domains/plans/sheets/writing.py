"""Measures out to XLSX, CSV, GeoJSON and GeoPackage, in the form that comes back identically (`portable`)."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.filters import MeasureFilter, chosen
from belvedere.domains.plans.sheets.escaping import escape
from belvedere.domains.plans.sheets.geowriting import write_geojson, write_geopackage
from belvedere.domains.plans.sheets.portable import LISTS, MAIN, NUMBERS, Names, list_rows, main_row
from belvedere.domains.plans.sheets.present import records_of
from belvedere.domains.plans.sheets.records import Record
from belvedere.domains.territory.public import TerritoryView

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
SHEET = "Belvédère"
CELL = 9_000  # a WKT longer than a cell goes on in further columns
BATCH = 5000


def export(
    *, actor: Actor, territory: TerritoryView, path: Path, form: str, which: MeasureFilter | None = None
) -> int:
    """Write the measures that `actor` may see and `which` keeps to `path`; returns how many."""
    seen = chosen(actor, territory.id, which or MeasureFilter())
    ids = sorted(seen.values_list("pk", flat=True), key=str)
    records = records_of(ids)
    ordered = [(records[pk][0], records[pk][1]) for pk in ids if pk in records]
    names = Names.load(territory, [record for record, _ in ordered])
    _WRITERS[form](path, ordered, names)
    return len(ordered)


Measures = list[tuple[Record, int]]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _csv(path: Path, measures: Measures, names: Names) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*MAIN, *LISTS])
        for record, version in measures:
            main = main_row(record, version, names)
            lists = list_rows(record, names)
            cells = [escape(_text(main.get(column))) for column in MAIN]
            cells += [
                json.dumps(lists[name], ensure_ascii=False, default=str) if lists[name] else ""
                for name in LISTS
            ]
            writer.writerow(cells)


def _xlsx(path: Path, measures: Measures, names: Names) -> None:
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bg_color": "#E4EEEC", "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    _sheet(book, SHEET, MAIN, (main_row(r, v, names) for r, v in measures), bold, money)
    for name, columns in LISTS.items():
        rows = _list_rows(name, measures, names)
        wide: tuple[str, ...] = columns
        if name == "sites":
            parts = max((-(-len(row["wkt"]) // CELL) for row in rows()), default=1)
            wide = (*columns, *(f"wkt_{n}" for n in range(2, parts + 1)))
        _sheet(book, f"_{name}", ("belvedere_id", *wide), (_cut_wkt(row) for row in rows()), bold, money)
    book.close()


def _list_rows(name: str, measures: Measures, names: Names) -> Callable[[], Iterator[dict[str, Any]]]:
    def rows() -> Iterator[dict[str, Any]]:
        for record, _version in measures:
            for row in list_rows(record, names)[name] if getattr(record, name) else ():
                yield {"belvedere_id": str(record.id), **row}

    return rows


def _cut_wkt(row: dict[str, Any]) -> dict[str, Any]:
    wkt = row.get("wkt", "")
    if len(wkt) <= CELL:
        return row
    parts = [wkt[at : at + CELL] for at in range(0, len(wkt), CELL)]
    return {**row, "wkt": parts[0], **{f"wkt_{n}": part for n, part in enumerate(parts[1:], start=2)}}


def _sheet(
    book: Any, name: str, columns: tuple[str, ...], rows: Iterator[dict[str, Any]], bold: Any, money: Any
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column, bold)
    for line, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            value = row.get(column)
            if value is None or value == "":
                continue
            if isinstance(value, Decimal) and column in NUMBERS:
                sheet.write_number(line, at, float(value), money)
            elif isinstance(value, int) and column in NUMBERS:
                sheet.write_number(line, at, value)
            else:
                sheet.write_string(line, at, _text(value))


_WRITERS: dict[str, Callable[[Path, Measures, Names], None]] = {
    "xlsx": _xlsx,
    "csv": _csv,
    "geojson": write_geojson,
    "gpkg": write_geopackage,
}


def write_rows_to_fix(
    path: Path, headers: list[str], rows: list[tuple[int, list[Any], str]], why: str
) -> None:
    """The rows of a sheet that wait, as they stood, with the reason in a last column titled `why`."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Sheet")
    for at, header in enumerate([*headers, why]):
        sheet.write_string(0, at, header, bold)
    for number, (_line, cells, reason) in enumerate(rows, start=1):
        for at, cell in enumerate(cells):
            if isinstance(cell, bool) or cell is None:
                continue
            if isinstance(cell, int | float):
                sheet.write_number(number, at, cell)
            elif cell != "":
                sheet.write_string(number, at, str(cell)[:32_000])
        sheet.write_string(number, len(headers), reason[:32_000])
    book.close()
