"""What a person does on a draft: map columns, decide on rows, take, undo, throw away."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.plans.sheets import public as sheets
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.plans.sheets.drafts import context_of
from belvedere.kernel.errors import BelvedereError

SETTINGS = (
    "unit",
    "currency",
    "vat",
    "price_base",
    "decimal",
    "year",
    "crs",
    "owner",
    "funder",
    "plan",
    "create_owners",
    "states",
    "percent",
)


def _back(room: Room, import_id: UUID, query: str = "", anchor: str = "") -> HttpResponseRedirect:
    url = room.url("import", import_id=import_id)
    return HttpResponseRedirect(f"{url}{'?' + query if query else ''}{anchor}")


@require_http_methods(["GET", "POST"])
@in_cockpit
def columns(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """Decide what columns mean and what holds for the whole sheet; every row is judged again.

    A refused answer is shown at this address: asked again without it, the page of the import follows.
    """
    if request.method == "GET":
        return _back(room, import_id)
    chosen = {name[7:]: str(value) for name, value in request.POST.items() if name.startswith("column-")}
    # An empty answer is none, but for the price base, where it means current prices.
    settings = {
        name: request.POST[name].strip()
        for name in SETTINGS
        if name in request.POST and (request.POST[name].strip() or name == "price_base")
    }

    if "group" in request.POST:
        settings["group"] = ",".join(part for part in request.POST.getlist("group") if part != "-") or "-"
    payers = {name[6:]: str(value) for name, value in request.POST.items() if name.startswith("payer-")}

    def change(mapping: sheets.Mapping, decisions: sheets.Decisions) -> None:
        sheets.columns(mapping, chosen)
        sheets.settle(mapping, settings)
        sheets.name_payers(mapping, payers, request.POST.get("payers_rest", "").strip())

    try:
        sheets.recheck(actor=room.actor, territory=room.territory, import_id=import_id, change=change)
        name = request.POST.get("name", "").strip()
        if name:
            sheets.save_mapping(actor=room.actor, territory=room.territory, import_id=import_id, name=name)
            messages.success(request, gettext("The columns are saved as “%(name)s”.") % {"name": name})
    except BelvedereError as error:
        if error.status not in (409, 422):
            raise
        messages.error(request, sentence(error))
        given = {name: str(value) for name, value in request.POST.items()}
        return render(
            request,
            "plans/sheets/import.html",
            context_of(request, room, import_id, given),
            status=error.status,
        )
    return _back(room, import_id)


@require_POST
@in_cockpit
def decide(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """Lay one decision on a row, or on all alike."""
    given = request.POST
    line = given.get("at_line") or given.get("line", "0")
    act = sheets.Act(
        given.get("act", ""),
        int(line) if line.isascii() and line.isdigit() and len(line) < 8 else 0,
        given.get("field", "")[:400],
        given.get("value", ""),
        given.get("kind", "")[:400],
        bool(given.get("alike")),
    )

    def change(mapping: sheets.Mapping, decisions: sheets.Decisions) -> None:
        if act.act == "create_all":
            sheets.create_all(decisions, _waiting_kinds(room, import_id))
        else:
            sheets.apply(decisions, act)

    try:
        sheets.recheck(actor=room.actor, territory=room.territory, import_id=import_id, change=change)
        if act.act == "word" and given.get("remember"):
            field, _, word = act.field.partition(":")
            sheets.remember(room.territory, field, word, act.value)
    except BelvedereError as error:
        if error.status not in (409, 422):
            raise
        messages.error(request, sentence(error))
    query = urlencode({name: given[name] for name in ("verdict", "q", "code") if given.get(name)})
    return _back(room, import_id, query, "#rows")


def _waiting_kinds(room: Room, import_id: UUID) -> list[str]:
    waiting = sheets.blocking_rows(room.actor, room.territory, import_id)
    return sorted({problem.kind for _line, problems in waiting for problem in problems})


@require_POST
@in_cockpit
def take(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """Take the whole file, or its sure rows."""
    try:
        taken = sheets.take_or_queue(
            actor=room.actor,
            territory=room.territory,
            import_id=import_id,
            only_sure=bool(request.POST.get("sure")),
        )
    except BelvedereError as error:
        if error.status not in (409, 422):
            raise
        messages.error(request, sentence(error))
        if error.code == "changed_since_preview":
            sheets.recheck(actor=room.actor, territory=room.territory, import_id=import_id)
        return _back(room, import_id)
    if taken is None:
        return _back(room, import_id)
    messages.success(
        request,
        gettext("%(created)s measures created, %(changed)s changed, %(same)s unchanged.")
        % {"created": taken.created, "changed": taken.changed, "same": taken.same},
    )
    return _back(room, import_id)


@require_POST
@in_cockpit
def undo(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """Take a whole import back."""
    try:
        undone = sheets.undo(actor=room.actor, territory=room.territory, import_id=import_id)
    except BelvedereError as error:
        if error.status not in (409, 422):
            raise
        messages.error(request, sentence(error))
        return HttpResponseRedirect(room.url("imports"))
    messages.success(
        request,
        gettext("Import undone: %(removed)s measures removed, %(restored)s as they were before.")
        % {"removed": undone.removed, "restored": undone.restored},
    )
    if undone.kept:
        text = ngettext(
            "%(count)s measure was changed since and stays as it is.",
            "%(count)s measures were changed since and stay as they are.",
            len(undone.kept),
        )
        messages.warning(request, text % {"count": len(undone.kept)})
    return HttpResponseRedirect(room.url("imports"))


@require_POST
@in_cockpit
def discard(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """Throw a draft away; what was taken of it stays."""
    sheets.discard(actor=room.actor, territory=room.territory, import_id=import_id)
    messages.success(request, gettext("The draft and its file are gone. The measures are as they were."))
    return HttpResponseRedirect(room.url("imports"))


@require_GET
@in_cockpit
def progress(request: HttpRequest, room: Room, import_id: UUID) -> HttpResponse:
    """How far the job is; when it has ended the page is asked anew."""
    head = sheets.draft_view(room.actor, room.territory, import_id)
    if head.view.state == "taking" and not sheets.worker_is_there():
        sheets.release(actor=room.actor, territory=room.territory, import_id=import_id)
        messages.error(request, gettext("The job stopped before its end. Nothing was taken: start it again."))
        head = sheets.draft_view(room.actor, room.territory, import_id)
    if head.view.state != "taking":
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "label": gettext("Taking the rows"),
        "value": sheets.progress_of(import_id),
        "max": 100,
        "text": gettext("You can leave this page: the work goes on."),
        "poll_url": room.url("import_progress", import_id=import_id),
    }
    return render(request, "components/progress.html", context)
