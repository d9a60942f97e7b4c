"""Files of readings: brought, mapped, looked at, taken; what became of their rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.connections import public as connections
from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.connections import source_words
from belvedere.faces.web.pages.connections.file_forms import BringForm, FileMappingForm
from belvedere.faces.web.pages.connections.source_words import Becomes
from belvedere.faces.web.pages.live import reasons, words
from belvedere.faces.web.pages.live.devices import owner_names, owners_for
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.uploads import limited
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput, Refused
from belvedere.kernel.texts import cell

SHOWN = 12


@csrf_exempt  # only so that the size is looked at before the body; `_files` protects
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, territory: TerritoryView) -> Any:
    """What was brought, with a place for another one; POST brings it."""
    if request.method == "POST":
        error = limited(request, connections.refuse_size)
        if error is not None:
            return _listed(request, territory, error)
    return _files(request, territory)


@never_cache
@csrf_protect
def _files(request: HttpRequest, territory: TerritoryView) -> Any:
    return _bring(request, territory) if request.method == "POST" else _listed(request, territory)


@in_cockpit
def _listed(request: HttpRequest, room: Room, error: BelvedereError | None = None) -> HttpResponse:
    return _list(request, room, _form(room), error)


def _form(room: Room, data: Any = None) -> BringForm:
    owners = owners_for(room, "register_device")
    if not owners:
        raise Refused(
            N_("Only those who manage devices here bring files of readings. Ask a manager for the role."),
            code="may_not_connect",
        )
    here = room.territory.id
    return BringForm(owners, connections.files(room.actor, here), connections.sources(room.actor, here), data)


def _list(
    request: HttpRequest, room: Room, form: BringForm, error: BelvedereError | None = None
) -> HttpResponse:
    found = connections.files(room.actor, room.territory.id)
    names = owner_names({one.owner_id for one in found if one.owner_id})
    context = {
        "room": room,
        "form": form,
        "error": sentence(error) if error else "",
        "rows": [_row(one, names) for one in found],
        "largest": connections.LARGEST_FILE // 1024**2,
        "most": connections.MOST_FILE_ROWS,
    }
    status = error.status if error else 422 if form.errors else 200
    return render(request, "connections/files.html", context, status=status)


def _row(view: connections.FileView, names: dict[UUID, str]) -> dict[str, Any]:
    told = view.counts
    return {
        "view": view,
        "kind": words.kinds(view.kind),
        "owner": names.get(view.owner_id, "") if view.owner_id else gettext("all of the territory"),
        "stored": told.get("stored", 0) + told.get("late", 0),
        "refused": sum(told.get("refused", {}).values()),
    }


@in_cockpit
def _bring(request: HttpRequest, room: Room) -> HttpResponse:
    form = _form(room, request.POST)
    brought = request.FILES.get("file")
    if brought is None or not brought.size:
        form.add_error(None, gettext("Choose a file with something in it: CSV or JSON."))
    if brought is None or not form.is_valid():
        return _list(request, room, form)
    try:
        made = connections.bring_file(
            actor=room.actor,
            territory=room.territory,
            owner_id=form.owner_id,
            draft=form.draft(brought.name or "", brought.read()),
        )
    except Refused:
        raise
    except BelvedereError as error:
        return _list(request, room, form, error)
    return redirect("connections:file", room.territory, made)


def _page(
    request: HttpRequest,
    room: Room,
    file_id: UUID,
    *,
    items: str | None = None,
    mapping: FileMappingForm | None = None,
    error: BelvedereError | None = None,
) -> HttpResponse:
    """The file: how it is read and what its rows would become, or what they became. `mapping`: as
    somebody typed it, which cannot be kept so."""
    view = connections.file(room.actor, room.territory.id, file_id)
    context: dict[str, Any] = {
        "room": room,
        **_row(view, owner_names({view.owner_id} if view.owner_id else set())),
    }
    if view.taken_at is not None:
        return render(request, "connections/file_taken.html", {**context, **_outcome(room, view)})
    look = connections.look_into_file(
        actor=room.actor, territory=room.territory, file_id=file_id, items=items
    )
    error = error or look.trouble
    context |= {
        "trouble": sentence(error) if error else "",
        "told": _told(view, look) if look.rows else None,
        "mapping": mapping or FileMappingForm(view.kind, look.mapping, look.offer),
        "mapping_url": reverse("connections:file_mapping", args=[room.territory, file_id]),
        "fields_url": reverse("connections:file_fields", args=[room.territory, file_id]),
        "mapping_note": gettext("A time that names no zone is read as one of %(zone)s.")
        % {"zone": room.territory.zone},
    }
    return render(request, "connections/file.html", context, status=422 if error or mapping else 200)


def _told(view: connections.FileView, look: connections.FileLook) -> dict[str, Any]:
    """How many rows would be taken, the first of them, and those refused, by reason."""
    rows = [source_words.row_of(view, one, look.at) for one in look.rows]
    good = [row for row in rows if row.becomes is not Becomes.REFUSED]
    bad = [row for row in rows if row.becomes is Becomes.REFUSED]
    return {
        "many": len(rows),
        "good": len(good),
        "refused": len(bad),
        "why": Counter(row.why for row in bad).most_common(),
        "rows": good[:SHOWN],
        "bad": bad[:SHOWN],
    }


def _outcome(room: Room, view: connections.FileView) -> dict[str, Any]:
    sees_ledger = intake.may(room.actor, room.territory.id) is None
    ledger = reverse("live:ledger", args=[room.territory])
    refused = [
        {
            "name": reasons.name(intake.Reason(reason)),
            "to_do": reasons.to_do(intake.Reason(reason)),
            "n": n,
            "url": f"{ledger}?reason={reason}#refused" if sees_ledger else "",
        }
        for reason, n in view.counts["refused"].items()
    ]
    return {"reasons": refused, "ledger": ledger if sees_ledger else ""}


def _file(request: HttpRequest, room: Room, file_id: UUID) -> HttpResponse:
    return _page(request, room, file_id)


def _fields(request: HttpRequest, room: Room, file_id: UUID) -> HttpResponse:
    """The fields of another list of the file."""
    return _page(request, room, file_id, items=request.POST.get("items", "")[:120])


def _mapping(request: HttpRequest, room: Room, file_id: UUID) -> HttpResponse:
    """Keep how the file is read, then show what its rows would become."""
    view = connections.file(room.actor, room.territory.id, file_id)
    items = request.POST.get("items", "")[:120]
    look = connections.look_into_file(
        actor=room.actor, territory=room.territory, file_id=file_id, items=items
    )
    form = FileMappingForm(view.kind, look.mapping, look.offer, request.POST)
    if not form.is_valid():
        return _page(request, room, file_id, items=items, mapping=form)
    try:
        connections.map_file(
            actor=room.actor, territory=room.territory, file_id=file_id, mapping=form.mapping()
        )
    except InvalidInput as error:
        return _page(request, room, file_id, items=items, mapping=form, error=error)
    return redirect("connections:file", room.territory, file_id)


def _take(request: HttpRequest, room: Room, file_id: UUID) -> HttpResponse:
    taken = intake.take_file(actor=room.actor, territory=room.territory, file_id=file_id)
    told = gettext("%(rows)s rows: %(stored)s stored, %(known)s there already, %(refused)s refused.") % {
        "rows": formats.number(taken.rows),
        "stored": formats.number(taken.stored + taken.late),
        "known": formats.number(taken.duplicate),
        "refused": formats.number(sum(taken.refused.values())),
    }
    messages.success(request, told)
    return redirect("connections:file", room.territory, file_id)


def _refused(request: HttpRequest, room: Room, file_id: UUID) -> HttpResponse:
    """The rows that were refused, as CSV."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(
        [gettext("Row"), gettext("Device"), pgettext("of a refusal", "Why"), gettext("What is at fault")]
    )
    for one in intake.refused_rows(room.actor, room.territory.id, file_id):
        table.writerow([one.place, cell(one.device_key), reasons.name(one.reason), cell(one.detail)])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-refused.csv"'
    return answer


def _remove(request: HttpRequest, room: Room, file_id: UUID) -> HttpResponse:
    connections.remove_file(actor=room.actor, territory=room.territory, file_id=file_id)
    messages.success(request, gettext("The file is removed. Nothing of it was taken."))
    return redirect("connections:files", room.territory)


file = never_cache(require_GET(in_cockpit(_file)))
fields = never_cache(require_POST(in_cockpit(_fields)))
mapping = never_cache(require_POST(in_cockpit(_mapping)))
take = never_cache(require_POST(in_cockpit(_take)))
refused = never_cache(require_GET(in_cockpit(_refused)))
remove = require_POST(in_cockpit(_remove))
