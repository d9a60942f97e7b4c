"""Small files made in tests: XLSX, CSV, and ODS written by hand."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"'
)
_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
Rows = list[list[Any]]


def xlsx(path: Path, rows: Rows, merged: tuple[tuple[int, int, int, int], ...] = ()) -> Path:
    """`merged`: first row, first column, last row, last column."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Projects")
    for line, row in enumerate(rows):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, at, cell)
            elif cell is not None:
                sheet.write(line, at, cell)
    for top, left, bottom, right in merged:
        sheet.merge_range(top, left, bottom, right, rows[top][left])
    book.close()
    return path


def ods(path: Path, rows: Rows) -> Path:
    """Texts as strings, numbers as floats, shares given as `Percent` cells."""
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}><office:body>'
        f'<office:spreadsheet><table:table table:name="Blatt1">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return path


def _ods_cell(cell: Any) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        )
    value = quoteattr(str(cell))
    return (
        f'<table:table-cell office:value-type="float" office:value={value}>'
        f"<text:p>{cell}</text:p></table:table-cell>"
    )


def text(path: Path, rows: Rows, separator: str = ";") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(
            [["" if cell is None else cell for cell in row] for row in rows]
        )
    return path
