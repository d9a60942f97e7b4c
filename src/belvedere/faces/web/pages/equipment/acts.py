"""What is done to equipment from its page: maintenance, service, files, removal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from belvedere.domains.equipment import public as equipment
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.equipment.file_forms import FileForm
from belvedere.faces.web.pages.equipment.piece import context_of, here
from belvedere.faces.web.pages.equipment.state_forms import MaintenanceForm
from belvedere.faces.web.pages.plans.documents import SANDBOX, SHOWN
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.uploads import limited
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused, TooLarge
from belvedere.kernel.files.contents import LARGEST_FILE

PICTURES = ("image/jpeg", "image/png", "image/webp")


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else None


def _again(
    request: HttpRequest, room: Room, equipment_id: UUID, error: BelvedereError | None, **forms: Any
) -> HttpResponse:
    """The page with what was typed, and why it was not taken."""
    if isinstance(error, Refused | NotFound):
        raise error
    context = context_of(room, here(room, equipment_id), **forms, problem=sentence(error) if error else "")
    return render(request, "equipment/piece.html", context, status=error.status if error else 422)


def _maintain(request: HttpRequest, room: Room, equipment_id: UUID) -> HttpResponse:
    here(room, equipment_id)
    form = MaintenanceForm(room.territory.zone, request.POST)
    if not form.is_valid():
        return _again(request, room, equipment_id, None, maintenance_form=form)
    starts_at, ends_at = form.span()
    try:
        equipment.put_under_maintenance(
            actor=room.actor,
            equipment_id=equipment_id,
            version=_seen(request),
            starts_at=starts_at,
            ends_at=ends_at,
            reason=form.cleaned_data["reason"],
        )
    except BelvedereError as error:
        if error.data.get("field") in form.fields:
            form.blame(error)
            return _again(request, room, equipment_id, None, maintenance_form=form)
        return _again(request, room, equipment_id, error, maintenance_form=form)
    messages.success(request, gettext("The maintenance is noted."))
    return redirect("equipment:equipment", room.territory, equipment_id)


def _end_maintenance(
    request: HttpRequest, room: Room, equipment_id: UUID, maintenance_id: UUID
) -> HttpResponse:
    here(room, equipment_id)
    try:
        equipment.end_maintenance(
            actor=room.actor,
            equipment_id=equipment_id,
            version=_seen(request),
            maintenance_id=maintenance_id,
        )
    except BelvedereError as error:
        return _again(request, room, equipment_id, error)
    messages.success(request, gettext("The maintenance is over."))
    return redirect("equipment:equipment", room.territory, equipment_id)


def _service(request: HttpRequest, room: Room, equipment_id: UUID) -> HttpResponse:
    """Into service, or out of it."""
    here(room, equipment_id)
    into = request.POST.get("to") == "in"
    verb = equipment.put_back_in_service if into else equipment.take_out_of_service
    try:
        verb(
            actor=room.actor,
            equipment_id=equipment_id,
            version=_seen(request),
            reason=request.POST.get("reason", "")[:500],
        )
    except BelvedereError as error:
        return _again(request, room, equipment_id, error)
    told = gettext("It is in service again.") if into else gettext("It is out of service.")
    messages.success(request, told)
    return redirect("equipment:equipment", room.territory, equipment_id)


def _remove(request: HttpRequest, room: Room, equipment_id: UUID) -> HttpResponse:
    here(room, equipment_id)
    try:
        equipment.remove_equipment(
            actor=room.actor,
            equipment_id=equipment_id,
            version=_seen(request),
            reason=request.POST.get("reason", "")[:500],
        )
    except BelvedereError as error:
        return _again(request, room, equipment_id, error)
    messages.success(request, gettext("It is removed. Its number and its history are kept."))
    return redirect("equipment:equipment", room.territory, equipment_id)


def refuse_size(size: int) -> None:
    """Raises TooLarge for a file of more bytes than are kept."""
    if size > LARGEST_FILE:
        raise TooLarge(
            N_("The file is larger than {largest} MB. Make it smaller, or split it."),
            largest=LARGEST_FILE // 1_000_000,
        )


@csrf_exempt  # only so that the size is looked at before the body; `_add` protects
@require_POST
def add_file(request: HttpRequest, territory: TerritoryView, equipment_id: UUID) -> Any:
    """Keep a photo or a document."""
    error = limited(request, refuse_size)
    if error is not None:
        return _too_large(request, territory, equipment_id, error)
    return _add(request, territory, equipment_id)


@never_cache
@in_cockpit
def _too_large(request: HttpRequest, room: Room, equipment_id: UUID, error: BelvedereError) -> HttpResponse:
    return _again(request, room, equipment_id, error)


@never_cache
@csrf_protect
@in_cockpit
def _add(request: HttpRequest, room: Room, equipment_id: UUID) -> HttpResponse:
    here(room, equipment_id)
    form = FileForm(request.POST, request.FILES)
    draft = form.draft() if form.is_valid() else None
    if draft is None:
        return _again(request, room, equipment_id, None, file_form=form)
    verb = equipment.add_photo if draft.media_type in PICTURES else equipment.add_document
    try:
        verb(actor=room.actor, equipment_id=equipment_id, draft=draft)
    except BelvedereError as error:
        return _again(request, room, equipment_id, error, file_form=form)
    messages.success(request, gettext("The file is kept."))
    return redirect("equipment:equipment", room.territory, equipment_id)


def _remove_file(request: HttpRequest, room: Room, equipment_id: UUID, document_id: UUID) -> HttpResponse:
    here(room, equipment_id)
    equipment.remove_document(actor=room.actor, equipment_id=equipment_id, document_id=document_id)
    messages.success(request, gettext("The file is removed."))
    return redirect("equipment:equipment", room.territory, equipment_id)


def _file(request: HttpRequest, room: Room, document_id: UUID) -> HttpResponseBase:
    """A file as it came: nothing in it runs."""
    opened = equipment.open_document(room.actor, room.territory.id, document_id)
    response = HttpResponse(opened.content, content_type=opened.media_type)
    as_attachment = opened.media_type not in SHOWN
    response["Content-Disposition"] = content_disposition_header(as_attachment, opened.file_name) or ""
    etag = quote_etag(opened.sha256)
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-cache"
    return answer


maintain = never_cache(require_POST(in_cockpit(_maintain)))
end_maintenance = never_cache(require_POST(in_cockpit(_end_maintenance)))
service = never_cache(require_POST(in_cockpit(_service)))
remove = never_cache(require_POST(in_cockpit(_remove)))
remove_file = require_POST(in_cockpit(_remove_file))
file = require_safe(in_cockpit(_file))
