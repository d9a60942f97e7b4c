"""Network servers and decoders of a territory, for those who manage its devices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.connections import public as connections
from belvedere.domains.connections.errors import NoSuchConnection
from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import name_in
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchDevice
from belvedere.faces.web.pages.connections import words
from belvedere.faces.web.pages.connections.forms import BrokerForm, ConnectForm, ReaderForm, ScriptForm
from belvedere.faces.web.pages.connections.sources import source_rows
from belvedere.faces.web.pages.live.devices import owner_names, owners_for
from belvedere.faces.web.pages.onboarding.labels import is_dev_eui
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, Refused

DOORS = {
    connections.System.CHIRPSTACK: "chirpstack:door",
    connections.System.THINGS_STACK: "things_stack:door",
}
HEARD_FOR = timedelta(days=7)
MOST_UNKNOWN = 20


def _rows(room: Room, found: list[connections.ConnectionView]) -> list[dict[str, Any]]:
    names = owner_names({one.owner_id for one in found if one.owner_id})
    return [_row(one, names) for one in found]


def _row(view: connections.ConnectionView, names: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "view": view,
        "system": words.system(view),
        "way": words.way(view),
        "state": words.state_of(view),
        "problem": words.problem_of(view),
        "owner": names.get(view.owner_id, "") if view.owner_id else gettext("all of the territory"),
    }


def _connections(request: HttpRequest, room: Room) -> HttpResponse:
    """The connections; a new one that calls shows its secret in the answer to its form, once."""
    owners = _owners(room)
    form = ConnectForm(owners, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _connected(room, form)
        except BelvedereError as error:
            form.blame(error)
        else:
            return made if isinstance(made, HttpResponse) else _page(request, room, made.connection_id, made)
    found, asked = connections.connections(room.actor, room.territory.id), source_rows(room)
    context = {
        "room": room,
        "form": form,
        "finding": words.finding(found, [one["view"] for one in asked]),
        "rows": _rows(room, found),
        "sources": asked,
        "unknown": _unknown(room),
        "may_script": connections.may_script(room.actor, room.territory.id) is None,
        "scripts": connections.scripts_whole(room.actor, room.territory.id),
    }
    return render(request, "connections/connections.html", context, status=422 if form.errors else 200)


def _owners(room: Room) -> list[tuple[str, str]]:
    owners = owners_for(room, "register_device")
    if not owners:
        raise Refused(
            N_("Only those who manage devices here connect network servers. Ask a manager for the role."),
            code="may_not_connect",
        )
    return owners


def _connected(room: Room, form: ConnectForm) -> connections.NewKey | HttpResponse:
    given: dict[str, Any] = {
        "actor": room.actor,
        "territory": room.territory,
        "system": connections.System(form.cleaned_data["system"]),
        "name": form.cleaned_data["name"],
        "owner_id": form.owner_id,
    }
    if form.cleaned_data["way"] == connections.Way.WEBHOOK:
        return connections.connect_webhook(**given)
    made = connections.connect_broker(**given, broker=form.broker())
    return redirect("connections:connection", room.territory, made)


def _unknown(room: Room) -> list[dict[str, Any]]:
    """DevEUIs that were heard and that no device has, the most heard first; for who reads messages."""
    if intake.may(room.actor, room.territory.id) is not None:
        return []
    end = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    lines = intake.ledger_lines(
        room.actor,
        room.territory.id,
        end - HEARD_FOR,
        end,
        by=intake.By.DEVICE,
        zone=UTC,
        reason=intake.Reason.UNKNOWN_DEVICE,
    ).lines
    keys = {
        one.device_key: one.tally.refused for one in lines if one.device_key and is_dev_eui(one.device_key)
    }
    known = {pair[1] for pair in twin.feeds([(room.territory.slug, key) for key in keys])}
    onboard = reverse("onboarding:onboard", args=[room.territory])
    found = sorted(((n, key) for key, n in keys.items() if key not in known), reverse=True)
    return [{"key": key, "n": n, "url": f"{onboard}?key={key}"} for n, key in found[:MOST_UNKNOWN]]


def _page(
    request: HttpRequest,
    room: Room,
    connection_id: UUID,
    made: connections.NewKey | None = None,
    form: BrokerForm | None = None,
) -> HttpResponse:
    view = connections.connection(room.actor, room.territory.id, connection_id)
    listens = view.way is connections.Way.MQTT
    context = {
        "room": room,
        **_row(view, owner_names({view.owner_id} if view.owner_id else set())),
        "made": made,
        "listens": listens,
        "is_chirpstack": view.system is connections.System.CHIRPSTACK,
        "address": "" if listens else settings.PUBLIC_URL + reverse(DOORS[view.system], args=[view.id]),
        "form": (form or BrokerForm.of(view)) if listens else None,
    }
    return render(request, "connections/connection.html", context, status=422 if form else 200)


def _connection(request: HttpRequest, room: Room, connection_id: UUID) -> HttpResponse:
    """One connection; POST changes the broker it listens at."""
    if request.method == "GET":
        return _page(request, room, connection_id)
    view = connections.connection(room.actor, room.territory.id, connection_id)
    if view.way is not connections.Way.MQTT:
        raise NoSuchConnection(N_("There is no such connection here."))
    form = BrokerForm.of(view, request.POST)
    if form.is_valid():
        try:
            connections.change_broker(
                actor=room.actor, territory=room.territory, connection_id=connection_id, broker=form.broker()
            )
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The broker is changed; we listen there in a few seconds."))
            return redirect("connections:connection", room.territory, connection_id)
    return _page(request, room, connection_id, form=form)


def _rotate(request: HttpRequest, room: Room, connection_id: UUID) -> HttpResponse:
    made = connections.rotate_key(actor=room.actor, territory=room.territory, connection_id=connection_id)
    return _page(request, room, connection_id, made)


def _remove(request: HttpRequest, room: Room, connection_id: UUID) -> HttpResponse:
    connections.remove_connection(actor=room.actor, territory=room.territory, connection_id=connection_id)
    messages.success(request, gettext("The connection is removed. What it told is kept."))
    return redirect("connections:connections", room.territory)


def _script(request: HttpRequest, room: Room, script_id: UUID | None = None) -> HttpResponse:
    """A decoder, a new one without an identifier; POST keeps it, or tries it first."""
    reason = connections.may_script(room.actor, room.territory.id)
    if reason is not None:
        raise Refused(reason, code="may_not_script", territory=room.territory.name)
    view = connections.script(room.actor, room.territory.id, script_id) if script_id else None
    told = {"name": view.name, "source": view.source} if view else None
    form = ScriptForm(request.POST if request.method == "POST" else None, initial=told)
    tried: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("try") == "command":
            tried = _encoded(form)
        elif "try" in request.POST:
            tried = _tried(form)
        else:
            try:
                kept = connections.write_script(
                    actor=room.actor,
                    territory=room.territory,
                    script_id=script_id,
                    name=form.cleaned_data["name"],
                    source=form.cleaned_data["source"],
                )
            except BelvedereError as error:
                form.blame(error)
            else:
                messages.success(request, gettext("The decoder is kept."))
                return redirect("connections:script", room.territory, kept)
    context = {"room": room, "form": form, "view": view, "tried": tried}
    return render(request, "connections/script.html", context, status=422 if form.errors else 200)


def _tried(form: ScriptForm) -> dict[str, Any]:
    """What the decoder makes of the bytes."""
    frame = connections.Frame(
        t=now(), port=form.cleaned_data["port"], data=form.cleaned_data["sample"], counter=1
    )
    told = connections.outcome_of(connections.try_script(form.cleaned_data["source"], frame))
    if isinstance(told, connections.Failed):
        why = gettext(intake.REASONS[intake.Reason(told.why.value)])
        detail = gettext(told.detail) if told.detail else ""
        return {"failed": f"{why}: {detail}" if detail else why}
    return {"told": json.dumps(told, ensure_ascii=False, indent=2)[:4000]}


def _encoded(form: ScriptForm) -> dict[str, Any] | None:
    """What the decoder writes for a command."""
    told = form.wish()
    if told is None:
        return None
    made = connections.try_encoding(form.cleaned_data["source"], told)
    title = gettext("What it writes for the command")
    if isinstance(made, connections.NotEncoded):
        return {"title": title, "failed": gettext(made.why)}
    words = gettext("port {port}: {bytes}")
    return {"title": title, "told": words.format(port=made.port, bytes=made.data.hex(" ").upper())}


def _remove_script(request: HttpRequest, room: Room, script_id: UUID) -> HttpResponse:
    connections.remove_script(actor=room.actor, territory=room.territory, script_id=script_id)
    messages.success(request, gettext("The decoder is removed."))
    return redirect("connections:connections", room.territory)


def _reader(request: HttpRequest, room: Room, device_id: UUID) -> HttpResponse:
    """How the uplinks of a device are read."""
    view = twin.device(room.actor, device_id)
    if view.territory_id != room.territory.id:
        raise NoSuchDevice(N_("There is no such device here."))
    reason = twin.may(room.actor, "map_fields", twin.Thing(view.territory_id, view.owner_id))
    if reason is not None:
        raise Refused(reason, code="may_not_map_fields")
    told = connections.reader(device_id)
    now_read = f"model:{told.model}" if told.model else f"script:{told.script_id}" if told.script_id else ""
    scripts = connections.scripts(room.territory.id)
    form = ReaderForm(scripts, request.POST if request.method == "POST" else None, now_read)
    if request.method == "POST" and form.is_valid():
        connections.set_reader(
            actor=room.actor, territory=room.territory, device_id=device_id, **form.chosen()
        )
        messages.success(request, gettext("The device is read this way from now on."))
        return redirect("live:device", room.territory, device_id)
    name = name_in(view.entity_names, room.language, room.territory.languages) or view.key
    context = {"room": room, "form": form, "view": view, "name": name}
    return render(request, "connections/reader.html", context, status=422 if form.errors else 200)


_BOTH = require_http_methods(["GET", "POST"])
connections_page = never_cache(_BOTH(in_cockpit(_connections)))
connection = never_cache(_BOTH(in_cockpit(_connection)))
rotate = never_cache(require_POST(in_cockpit(_rotate)))
remove = require_POST(in_cockpit(_remove))
script = never_cache(_BOTH(in_cockpit(_script)))
remove_script = require_POST(in_cockpit(_remove_script))
reader = never_cache(_BOTH(in_cockpit(_reader)))
