"""Bringing a file, and what was brought before."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from belvedere.domains.plans.sheets import public as sheets
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.uploads import limited
from belvedere.kernel.errors import BelvedereError


@csrf_exempt  # only so that the size is looked at before the body; `_imports` protects
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, territory: TerritoryView) -> Any:
    """The history of imports with a place to drop a file; POST brings one."""
    if request.method == "POST":
        error = limited(request, sheets.refuse_size)
        if error is not None:
            return _page(request, territory, error=error)
    return _imports(request, territory)


@csrf_protect
def _imports(request: HttpRequest, territory: TerritoryView) -> Any:
    if request.method != "POST":
        return _page(request, territory)
    return _bring(request, territory)


@in_cockpit
def _bring(request: HttpRequest, room: Room) -> HttpResponse:
    sheets.require_importer(room.actor, room.territory)
    file = request.FILES.get("file")
    if not isinstance(file, TemporaryUploadedFile):
        return _show(
            request, room, error=gettext("Choose a spreadsheet first: XLSX, ODS or CSV."), status=422
        )
    try:
        made = sheets.bring(
            actor=room.actor,
            territory=room.territory,
            path=Path(file.temporary_file_path()),
            file_name=file.name or "",
            mapping_name=request.POST.get("mapping", ""),
        )
    except BelvedereError as error:
        if error.status not in (413, 422):
            raise
        return _show(request, room, error=sentence(error), status=error.status)
    return HttpResponseRedirect(room.url("import", import_id=made))


@in_cockpit
def _page(request: HttpRequest, room: Room, error: BelvedereError | None = None) -> HttpResponse:
    sheets.require_importer(room.actor, room.territory)
    if error is None:
        return _show(request, room)
    return _show(request, room, error=sentence(error), status=error.status)


def _show(request: HttpRequest, room: Room, *, error: str = "", status: int = 200) -> HttpResponse:
    history = sheets.imports_of(room.actor, room.territory)
    rows: list[dict[str, Any]] = [
        {"import": one, "url": room.url("import", import_id=one.id), "undo_url": _undo_url(room, one.id)}
        for one in history
    ]
    context = {
        "room": room,
        "rows": rows,
        "error": error,
        "mappings": sheets.mapping_names(room.territory),
        "limit": sheets.LARGEST_FILE,
        "days": sheets.UNDO_DAYS,
    }
    return render(request, "plans/sheets/imports.html", context, status=status)


def _undo_url(room: Room, import_id: UUID) -> str:
    return room.url("import_undo", import_id=import_id)
