"""Sources that are asked: connected, looked at, mapped by a person, switched on."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.connections import public as connections
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.connections import source_words
from belvedere.faces.web.pages.connections.source_forms import MappingForm, NewSourceForm, SourceEditForm
from belvedere.faces.web.pages.connections.source_words import Becomes
from belvedere.faces.web.pages.live.devices import owner_names, owners_for
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, BelvedereError, Refused

SHOWN = 12
SHOWN_REFUSED = 12


def source_rows(room: Room) -> list[dict[str, Any]]:
    """The sources of the territory that one may change, for the list."""
    found = connections.sources(room.actor, room.territory.id)
    names = owner_names({one.owner_id for one in found if one.owner_id})
    return [_row(one, names) for one in found]


def _row(view: connections.SourceView, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "view": view,
        "form": source_words.form(view),
        "kind": source_words.kind(view),
        "every": source_words.every(view),
        "state": source_words.state_of(view),
        "problem": source_words.problem_of(view),
        "owner": names.get(view.owner_id, "") if view.owner_id else gettext("all of the territory"),
    }


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    owners = owners_for(room, "register_device")
    if not owners:
        raise Refused(
            N_("Only those who manage devices here connect sources. Ask a manager for the role."),
            code="may_not_connect",
        )
    form = NewSourceForm(owners, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = connections.connect_source(
                actor=room.actor, territory=room.territory, owner_id=form.owner_id, draft=form.new()
            )
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The source is connected. Read it once before it is asked."))
            return redirect("connections:source", room.territory, made)
    context = {"room": room, "form": form}
    return render(request, "connections/new_source.html", context, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    room: Room,
    source_id: UUID,
    *,
    look: connections.Look | None = None,
    trouble: BelvedereError | None = None,
    form: SourceEditForm | None = None,
    mapping: MappingForm | None = None,
) -> HttpResponse:
    view = connections.source(room.actor, room.territory.id, source_id)
    if mapping is None and view.form is connections.SourceForm.LIST and (look or view.offer.fields):
        how, offered = (look.mapping, look.offer) if look else (view.mapping, view.offer)
        mapping = MappingForm(view.kind, how, offered)
    context = {
        "room": room,
        **_row(view, owner_names({view.owner_id} if view.owner_id else set())),
        "advice": source_words.advice_of(view),
        "told": _told(view, look) if look else None,
        "trouble": sentence(trouble) if trouble else "",
        "mapping": mapping,
        "edit": form or SourceEditForm.of(view),
        "fixed_kind": view.form in connections.KIND_OF_FORM,
        "open_edit": form is not None,
    }
    wrong = bool(form or trouble or (mapping and mapping.has_errors))
    return render(request, "connections/source.html", context, status=422 if wrong else 200)


def _told(view: connections.SourceView, look: connections.Look) -> dict[str, Any]:
    """What a look brought: how many rows would become what, the first of them, and those refused."""
    rows = [source_words.row_of(view, one, look.at) for one in look.rows]
    counts = Counter(row.becomes for row in rows)
    why = Counter(row.why for row in rows if row.becomes is Becomes.REFUSED)
    good = [row for row in rows if row.becomes is not Becomes.REFUSED]
    bad = [row for row in rows if row.becomes is Becomes.REFUSED]
    return {
        "at": look.at,
        "many": len(rows),
        "known": counts[Becomes.KNOWN],
        "new": counts[Becomes.NEW],
        "refused": counts[Becomes.REFUSED],
        "why": why.most_common(),
        "rows": good[:SHOWN],
        "bad": bad[:SHOWN_REFUSED],
        "is_mapped": view.is_mapped,
    }


def _source(request: HttpRequest, room: Room, source_id: UUID) -> HttpResponse:
    """One source; POST changes where and how often it is asked."""
    if request.method == "GET":
        return _page(request, room, source_id)
    view = connections.source(room.actor, room.territory.id, source_id)
    form = SourceEditForm.of(view, request.POST)
    if form.is_valid():
        try:
            connections.change_source(
                actor=room.actor, territory=room.territory, source_id=source_id, draft=form.draft(view.form)
            )
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The source is changed."))
            return redirect("connections:source", room.territory, source_id)
    return _page(request, room, source_id, form=form)


def _look(request: HttpRequest, room: Room, source_id: UUID) -> HttpResponse:
    """Read it now; nothing is kept of its values. What goes wrong is told on the page."""
    connections.source(room.actor, room.territory.id, source_id)
    items = request.POST.get("items")
    try:
        found = connections.look(actor=room.actor, territory=room.territory, source_id=source_id, items=items)
    except Refused:
        raise
    except BelvedereError as error:
        return _page(request, room, source_id, trouble=error)
    return _page(request, room, source_id, look=found)


def _mapping(request: HttpRequest, room: Room, source_id: UUID) -> HttpResponse:
    """Keep how the list is read, then read it so."""
    view = connections.source(room.actor, room.territory.id, source_id)
    how = view.mapping if view.mapping.fields else connections.ListMap(zone=room.territory.zone)
    form = MappingForm(view.kind, how, view.offer, request.POST)
    if not form.is_valid():
        return _page(request, room, source_id, mapping=form)
    try:
        connections.map_source(
            actor=room.actor, territory=room.territory, source_id=source_id, mapping=form.mapping()
        )
    except Refused:
        raise
    except BelvedereError as error:
        form.error = sentence(error)
        return _page(request, room, source_id, mapping=form)
    return _look(request, room, source_id)


def _switch(request: HttpRequest, room: Room, source_id: UUID) -> HttpResponse:
    on = request.POST.get("on") == "1"
    connections.switch_source(actor=room.actor, territory=room.territory, source_id=source_id, on=on)
    told = (
        gettext("It is asked from now on.") if on else gettext("It is asked no more. What it told is kept.")
    )
    messages.success(request, told)
    return redirect("connections:source", room.territory, source_id)


def _remove(request: HttpRequest, room: Room, source_id: UUID) -> HttpResponse:
    connections.remove_source(actor=room.actor, territory=room.territory, source_id=source_id)
    messages.success(request, gettext("The source is removed. Its things and what it told are kept."))
    return redirect("connections:connections", room.territory)


_BOTH = require_http_methods(["GET", "POST"])
new = never_cache(_BOTH(in_cockpit(_new)))
source = never_cache(_BOTH(in_cockpit(_source)))
look = never_cache(require_POST(in_cockpit(_look)))
mapping = never_cache(require_POST(in_cockpit(_mapping)))
switch = require_POST(in_cockpit(_switch))
remove = require_POST(in_cockpit(_remove))
