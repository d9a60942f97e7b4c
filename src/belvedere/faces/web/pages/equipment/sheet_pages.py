"""Equipment from a spreadsheet: brought, looked at row by row, taken; the rows that were refused."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import sheets
from belvedere.domains.territory.public import TerritoryView, organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.equipment import words
from belvedere.faces.web.pages.equipment.lists import owners_for
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.uploads import limited
from belvedere.kernel.errors import N_, BelvedereError, Conflict, InvalidInput, Refused, TooLarge
from belvedere.kernel.texts import cell

SHOWN = 15


def refuse_size(size: int) -> None:
    """Raises TooLarge for a file of more bytes than are taken."""
    if size > sheets.LARGEST:
        raise TooLarge(
            N_("The file is larger than {most} MB. Bring it in several parts."), most=sheets.LARGEST // 10**6
        )


@csrf_exempt  # only so that the size is looked at before the body; `_bring` protects
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, territory: TerritoryView) -> Any:
    """Files that were brought, with a place for another one; POST brings it."""
    if request.method == "POST":
        error = limited(request, refuse_size)
        if error is not None:
            return _listed(request, territory, error)
        return _bring(request, territory)
    return _listed(request, territory)


@never_cache
@in_cockpit
def _listed(request: HttpRequest, room: Room, error: BelvedereError | None = None) -> HttpResponse:
    return _list(request, room, error)


def _list(request: HttpRequest, room: Room, error: BelvedereError | None = None) -> HttpResponse:
    owners = owners_for(room, "register")
    if not owners:
        raise Refused(
            N_("You may not register equipment here. Ask a manager of your organisation for the role."),
            code="may_not_register",
        )
    context = {
        "room": room,
        "owners": owners,
        "rows": sheets.sheets(room.actor, room.territory.id),
        "error": sentence(error) if error else "",
        "most": sheets.MOST_ROWS,
        "largest": sheets.LARGEST // 10**6,
    }
    return render(request, "equipment/sheets.html", context, status=error.status if error else 200)


@never_cache
@csrf_protect
@in_cockpit
def _bring(request: HttpRequest, room: Room) -> HttpResponse:
    given = request.FILES.get("file")
    owners = {key for key, _name in owners_for(room, "register")}
    owner = request.POST.get("owner", "")
    try:
        if given is None or not given.size:
            raise InvalidInput(N_("Choose a spreadsheet with something in it: XLSX, ODS or CSV."))
        if owner not in owners:
            raise InvalidInput(N_("Say whose equipment it is."))
        made = sheets.bring_sheet(
            actor=room.actor,
            territory=room.territory,
            owner_id=UUID(owner),
            name=given.name or "",
            content=given.read(),
        )
    except (InvalidInput, Conflict, TooLarge) as error:
        return _list(request, room, error)
    return redirect("equipment:sheet", room.territory, made)


def _page(
    request: HttpRequest, room: Room, sheet_id: UUID, error: BelvedereError | None = None
) -> HttpResponse:
    view = sheets.sheet(room.actor, room.territory.id, sheet_id)
    owner = organisations_by_id([view.owner_id])
    context: dict[str, Any] = {
        "room": room,
        "view": view,
        "owner": next((one.name for one in owner.values()), ""),
        "problem": sentence(error) if error else "",
    }
    if view.taken_at is None:
        context |= _looked_at(room, view)
    else:
        context["why"] = Counter(sentence(fault) for _line, fault in view.refused).most_common(SHOWN)
    return render(request, "equipment/sheet.html", context, status=error.status if error else 200)


def _looked_at(room: Room, view: sheets.SheetView) -> dict[str, Any]:
    found = sheets.judged(actor=room.actor, territory=room.territory, sheet_id=view.id)
    good = [one for one in found if one.draft is not None]
    bad = [one for one in found if one.fault is not None]
    named = sorted((one.label(words.language()), slug) for slug, one in equipment.kinds().items())
    example = found[0].cells if found else []
    return {
        "many": len(found),
        "good": len(good),
        "bad": len(bad),
        "rows": [
            {"line": one.line, "facts": one.draft.facts, "kind": words.kind(one.draft.facts.kind)}
            for one in good[:SHOWN]
            if one.draft
        ],
        "faults": [
            {
                "line": one.line,
                "text": " · ".join(part for part in one.cells if part)[:120],
                "why": sentence(one.fault),
            }
            for one in bad[:SHOWN]
            if one.fault
        ],
        "columns": [
            {
                "at": at,
                "header": header or gettext("column %(n)s") % {"n": at + 1},
                "field": field,
                "example": text,
            }
            for at, (header, field, text) in enumerate(zip(view.headers, view.columns, example, strict=True))
        ],
        "fields": [(key, gettext(label)) for key, label in sheets.FIELDS.items()],
        "kinds": [(slug, label) for label, slug in named],
    }


def _short(cells: list[str]) -> str:
    return " · ".join(part for part in cells if part)[:120]


def _unnamed(at: int) -> str:
    return gettext("column %(n)s") % {"n": at + 1}


def _sheet(request: HttpRequest, room: Room, sheet_id: UUID) -> HttpResponse:
    return _page(request, room, sheet_id)


def _columns(request: HttpRequest, room: Room, sheet_id: UUID) -> HttpResponse:
    view = sheets.sheet(room.actor, room.territory.id, sheet_id)
    try:
        sheets.map_columns(
            actor=room.actor,
            territory=room.territory,
            sheet_id=sheet_id,
            columns=[request.POST.get(f"c{at}", "")[:40] for at in range(len(view.headers))],
            kind=request.POST.get("kind", "")[:40],
        )
    except InvalidInput as error:
        return _page(request, room, sheet_id, error)
    return redirect("equipment:sheet", room.territory, sheet_id)


def _take(request: HttpRequest, room: Room, sheet_id: UUID) -> HttpResponse:
    try:
        taken, refused = sheets.take_sheet(
            actor=room.actor,
            territory=room.territory,
            sheet_id=sheet_id,
            only_good=request.POST.get("which") == "good",
        )
    except (InvalidInput, Conflict) as error:
        return _page(request, room, sheet_id, error)
    told = gettext("%(taken)s rows are in the register, %(refused)s were refused.") % {
        "taken": formats.number(taken),
        "refused": formats.number(refused),
    }
    messages.success(request, told)
    return redirect("equipment:sheet", room.territory, sheet_id)


def _refused(request: HttpRequest, room: Room, sheet_id: UUID) -> HttpResponse:
    """The rows that were refused, as they came, with the reason in a column more: to mend and bring again."""
    view = sheets.sheet(room.actor, room.territory.id, sheet_id)
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow([*map(cell, view.headers), pgettext("of a refusal", "Why")])
    for cells, fault in sheets.refused_rows(room.actor, room.territory.id, sheet_id):
        table.writerow([*map(cell, cells), cell(sentence(fault))])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-equipment-refused.csv"'
    return answer


def _remove(request: HttpRequest, room: Room, sheet_id: UUID) -> HttpResponse:
    sheets.remove_sheet(actor=room.actor, territory=room.territory, sheet_id=sheet_id)
    messages.success(request, gettext("The file is removed."))
    return redirect("equipment:sheets", room.territory)


sheet = never_cache(require_GET(in_cockpit(_sheet)))
columns = never_cache(require_POST(in_cockpit(_columns)))
take = never_cache(require_POST(in_cockpit(_take)))
refused = never_cache(require_GET(in_cockpit(_refused)))
remove = never_cache(require_POST(in_cockpit(_remove)))
