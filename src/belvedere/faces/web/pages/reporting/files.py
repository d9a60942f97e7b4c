"""The tables of a round as files: the same values give the same bytes, a year later too."""

from __future__ import annotations

import io
import json
import tempfile
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import typst
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from belvedere.domains.reporting.public import queries
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook.export.paper import Paper, Styles, new_book
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.reporting import words
from belvedere.faces.web.pages.reporting.presenting import Shown, ShownTable
from belvedere.faces.web.pages.reporting.tables import opened

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"title": 34, "remarks": 60, "amount": 14, "day": 12, "share": 9, "days": 10, "text": 16}
DAY_FORMATS = {"fr": "dd.mm.yyyy", "de": "dd.mm.yyyy"}
FACES = "fontpkg_source_sans_3"  # Source Sans 3, OFL-1.1


def made_at(frozen: queries.Frozen) -> datetime:
    """The moment a file says it was made: that of the snapshot, or the day a preview is asked about."""
    return frozen.taken_at or datetime.combine(frozen.as_of, time(), UTC)


def workbook(frozen: queries.Frozen, table: ShownTable, language: str) -> bytes:
    """The table as a workbook of one sheet: amounts are numbers, days are days."""
    body = words.in_language(frozen.content["organisations"].get(frozen.content["body"], {}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        book = new_book(str(path), title=table.title, author=body, subject=frozen.content["name"])
        book.set_properties(
            {"title": table.title, "author": body, "created": made_at(frozen).replace(tzinfo=None)}
        )
        styles = Styles.of(book, DAY_FORMATS.get(language, "dd/mm/yyyy"))
        share = book.add_format(
            {"num_format": "0.0%", "font_name": "Calibri", "font_size": 10, "valign": "top"}
        )
        paper = Paper(book, table.title[:31].replace("/", "-"), styles)
        _widths(paper, table)
        paper.text(0, f"{table.title} · {body}", styles.title)
        for note in table.notes:
            paper.row += 1
            paper.text(0, note, styles.sub)
        for section in table.sections:
            paper.row += 2
            said = " · ".join(one for one in (section.title, section.caption) if one)
            if said:
                paper.text(0, said, styles.section)
                paper.row += 1
            for at, head in enumerate(table.heads):
                paper.text(at, head, styles.head_amount if table.numeric[at] else styles.head)
            for row in section.rows:
                paper.row += 1
                for at, cell in enumerate(row):
                    _write(paper, at, cell, share)
            if section.totals:
                paper.row += 1
                for at, cell in enumerate(section.totals):
                    _total(paper, at, cell)
        paper.printed(f"{frozen.content['name']} · {table.title}", "&P / &N", repeat=None)
        book.close()
        return path.read_bytes()


def _widths(paper: Paper, table: ShownTable) -> None:
    first = next((section.rows[0] for section in table.sections if section.rows), ())
    for at, cell in enumerate(first):
        paper.sheet.set_column(at, at, WIDTHS.get(cell.form, 14 if table.numeric[at] else 16))


def _write(paper: Paper, at: int, cell: Shown, share: Any) -> None:
    styles = paper.styles
    if isinstance(cell.value, date):
        paper.day(at, cell.value)
    elif cell.value is None:
        paper.text(at, cell.text, styles.wrapped if cell.form in ("title", "remarks") and cell.text else None)
    elif cell.form == "share":
        paper.number(at, cell.value, share)
    else:
        paper.number(at, cell.value, styles.amount if cell.form == "amount" else styles.number)


def _total(paper: Paper, at: int, cell: Shown) -> None:
    if cell.value is None or isinstance(cell.value, date):
        paper.text(at, cell.text, paper.styles.sum_text)
    else:
        paper.number(at, cell.value, paper.styles.sum)


@cache
def _fonts() -> typst.Fonts:
    found = find_spec(FACES)
    places = [Path(place) / "files" for place in found.submodule_search_locations or ()] if found else []
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(place) for place in places]
    )


def printed(frozen: queries.Frozen, table: ShownTable, language: str) -> bytes:
    """The table to print: PDF/UA-1, A3 across."""
    content = frozen.content
    body = words.in_language(content["organisations"].get(content["body"], {}))
    values = {
        "language": language,
        "title": table.title,
        "about": table.about,
        "foot": " · ".join((body, content["name"], formats.day(frozen.as_of, "long"))),
        "author": body,
        "notes": list(table.notes),
        "heads": list(table.heads),
        "numeric": list(table.numeric),
        "wide": [cell.form in ("title", "remarks") for cell in _first(table)],
        "sections": [
            {
                "title": section.title,
                "caption": section.caption,
                "rows": [[{"text": cell.text, "level": cell.level} for cell in row] for row in section.rows],
                "totals": [cell.text for cell in section.totals],
            }
            for section in table.sections
        ],
    }
    return typst.compile(
        (files(__package__) / "table.typ").read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(made_at(frozen).timestamp()),
    )


def _first(table: ShownTable) -> tuple[Shown, ...]:
    rows = (section.rows[0] for section in table.sections if section.rows)
    return next(rows, tuple(Shown("") for _head in table.heads))


def _answer(made: bytes, frozen: queries.Frozen, table: ShownTable, form: str, kind: str) -> FileResponse:
    name = slugify(f"{frozen.content['name']} {table.title} {frozen.as_of.isoformat()}")
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=f"{name}.{form}", content_type=kind)


def _xlsx(request: HttpRequest, room: Room, round_id: UUID, key: str) -> HttpResponseBase:
    frozen, table = opened(room, round_id, key)
    return _answer(workbook(frozen, table, room.language), frozen, table, "xlsx", XLSX)


def _pdf(request: HttpRequest, room: Room, round_id: UUID, key: str) -> HttpResponseBase:
    frozen, table = opened(room, round_id, key)
    return _answer(printed(frozen, table, room.language), frozen, table, "pdf", "application/pdf")


xlsx = require_safe(in_cockpit(_xlsx))
pdf = require_safe(in_cockpit(_pdf))

__all__ = ["made_at", "pdf", "printed", "workbook", "xlsx"]
