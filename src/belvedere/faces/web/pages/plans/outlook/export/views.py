"""The files of an owner's cockpit, for those who may open the page, of what the page shows."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook import cockpit
from belvedere.faces.web.pages.plans.outlook.export import document, listing, typesetting, workbook
from belvedere.faces.web.pages.plans.outlook.export.content import Content, content_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _opened(request: HttpRequest, room: Room, organisation_id: UUID) -> cockpit.Cockpit:
    """The page; Refused for who may not see it."""
    return cockpit.opened(room, organisation_id, asking.read(request.GET))


def _answer(file: io.BytesIO, content: Content, form: str, kind: str) -> FileResponse:
    heading = content.heading
    name = slugify(f"{heading.owner} {heading.plan} {heading.day.isoformat()}")
    return FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=kind)


def _xlsx(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponseBase:
    """The workbook with live formulas."""
    content = content_of(_opened(request, room, organisation_id))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outlook.xlsx"
        workbook.write(path, content)
        return _answer(io.BytesIO(path.read_bytes()), content, "xlsx", XLSX)


def _csv(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponseBase:
    """The table and the measures, for other programs."""
    content = content_of(_opened(request, room, organisation_id))
    text = io.StringIO(newline="")
    listing.write(text, content)
    file = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    return _answer(file, content, "csv", "text/csv; charset=utf-8")


def _pdf(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponseBase:
    """The report to print."""
    page = _opened(request, room, organisation_id)
    content = content_of(page)
    made = typesetting.pdf("report.typ", document.values_of(page, content), now())
    return _answer(io.BytesIO(made), content, "pdf", "application/pdf")


xlsx = require_GET(in_cockpit(_xlsx))
csv = require_GET(in_cockpit(_csv))
pdf = require_GET(in_cockpit(_pdf))

__all__ = ["csv", "pdf", "xlsx"]
