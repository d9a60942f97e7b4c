"""The gateways of a territory and its organisations: written, tested, switched off, removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.reach import public as reach
from belvedere.domains.reach.public import PRESETS, GatewayView, Kind
from belvedere.domains.territory.public import organisations, organisations_by_id
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.duty.forms import version_in
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.reach import forms, words
from belvedere.faces.web.pages.reach.forms import HttpForm, RoomForm
from belvedere.kernel.errors import BelvedereError, Refused

NOT_SHOWN = (403, 404)
_LANGUAGES = {"fr": "Français", "de": "Deutsch", "en": "English"}


def _list(request: HttpRequest, room: Room) -> HttpResponse:
    """The gateways that the reader may write."""
    found = reach.gateways(room.actor, room.territory.id)
    context = {
        "room": room,
        "finding": words.finding(found),
        "rows": [_row(room, one) for one in found],
    }
    return render(request, "reach/gateways.html", context)


def _row(room: Room, view: GatewayView) -> dict[str, object]:
    owner = organisations_by_id([view.owner_id]).get(view.owner_id) if view.owner_id else None
    return {
        "view": view,
        "kind": words.kind(view),
        "owner": owner.label if owner else room.territory.name,
        "state": words.state(view),
        "wrong": words.wrong(view.last_error) if view.last_error and view.is_failing else "",
    }


def _owners(room: Room) -> list[tuple[str, str]]:
    """For whom the reader may write a gateway."""
    here = room.territory.id
    found = [("", gettext("The whole territory"))] if reach.may_write(room.actor, here, None) is None else []
    mine = organisations(here, active_only=True)
    able = [one for one in mine if reach.may_write(room.actor, here, one.id) is None]
    return [*found, *((str(one.id), one.label) for one in able)]


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    """What kind of gateway, then its form, begun as a provider publishes it."""
    reason = reach.may_see(room.actor, room.territory.id)
    if reason is not None:
        raise Refused(reason)
    chosen = request.GET.get("as", "")
    if chosen not in (*PRESETS, *Kind):
        choices = [("own" if one.is_own else "provider", key, one.name) for key, one in PRESETS.items()]
        return render(request, "reach/choose.html", {"room": room, "choices": choices})
    kind = Kind(chosen) if chosen in list(Kind) else Kind.HTTP
    start: dict[str, Any] = {"language": room.language}
    if kind is Kind.HTTP:
        start = forms.typed_preset(PRESETS.get(chosen))
    form = _form(room, kind, _owners(room), request, start)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = reach.create_gateway(
                    actor=room.actor, territory=room.territory, owner_id=form.owner_id, given=form.given()
                )
            except BelvedereError as error:
                if error.status in NOT_SHOWN:
                    raise
                form.show(error)
            else:
                if made.signs_with:
                    return _page(request, room, made.id, signs_with=made.signs_with)
                messages.success(request, gettext("The gateway is saved. Send yourself a test now."))
                return redirect("reach:gateway", room.territory, made.id)
    return render(request, "reach/new.html", {"room": room, "form": form, "kind": kind.value}, status=status)


def _form(
    room: Room, kind: Kind, owners: list[tuple[str, str]], request: HttpRequest, start: dict[str, Any]
) -> HttpForm | RoomForm:
    data = request.POST if request.method == "POST" else None
    if kind is Kind.HTTP:
        return HttpForm(owners, data, initial=start)
    languages = [(one, _LANGUAGES.get(one, one)) for one in room.territory.languages]
    return RoomForm(kind, languages, owners, data, initial=start)


def _page(
    request: HttpRequest,
    room: Room,
    gateway_id: UUID,
    form: HttpForm | RoomForm | None = None,
    signs_with: str = "",
) -> HttpResponse:
    view = reach.gateway(room.actor, room.territory.id, gateway_id)
    if form is None:
        languages = [(one, _LANGUAGES.get(one, one)) for one in room.territory.languages]
        start = forms.typed(view)
        form = (
            HttpForm([], initial=start)
            if view.kind is Kind.HTTP
            else RoomForm(view.kind, languages, [], initial=start)
        )
    context = {
        "room": room,
        "view": view,
        "row": _row(room, view),
        "form": form,
        "kind": view.kind.value,
        "signs_with": signs_with,
        "last_wrong": words.wrong(view.last_error) if view.last_error else "",
    }
    return render(request, "reach/gateway.html", context, status=422 if form.errors else 200)


def _gateway(request: HttpRequest, room: Room, gateway_id: UUID) -> HttpResponse:
    """One gateway; POST changes it."""
    view = reach.gateway(room.actor, room.territory.id, gateway_id)
    if request.method == "GET":
        return _page(request, room, gateway_id)
    form = _form(room, view.kind, [], request, {})
    if form.is_valid():
        try:
            reach.change_gateway(
                actor=room.actor,
                territory=room.territory,
                gateway_id=gateway_id,
                given=form.given(),
                expected=version_in(request.POST),
            )
        except BelvedereError as error:
            if error.status in NOT_SHOWN:
                raise
            form.show(error)
        else:
            messages.success(request, gettext("The gateway is saved. Send yourself a test now."))
            return redirect("reach:gateway", room.territory, gateway_id)
    return _page(request, room, gateway_id, form)


def _test(request: HttpRequest, room: Room, gateway_id: UUID) -> HttpResponse:
    """Send a real message to who presses the button, or into the room."""
    text = gettext("Test of Belvédère for %(territory)s, asked for by %(name)s. Nothing is to be done.") % {
        "territory": room.territory.name_in(room.language),
        "name": room.actor.label,
    }
    try:
        outcome = reach.test_gateway(
            actor=room.actor, territory=room.territory, gateway_id=gateway_id, text=text
        )
    except BelvedereError as error:
        if error.status in NOT_SHOWN:
            raise
        messages.warning(request, sentence(error))
    else:
        (messages.success if outcome.taken else messages.warning)(request, words.outcome(outcome))
    return redirect("reach:gateway", room.territory, gateway_id)


def _switch(request: HttpRequest, room: Room, gateway_id: UUID, on: str) -> HttpResponse:
    reach.switch_gateway(actor=room.actor, territory=room.territory, gateway_id=gateway_id, on=on == "on")
    done = gettext("The gateway is on.") if on == "on" else gettext("The gateway is off: others are used.")
    messages.success(request, done)
    return redirect("reach:gateway", room.territory, gateway_id)


def _remove(request: HttpRequest, room: Room, gateway_id: UUID) -> HttpResponse:
    reach.remove_gateway(actor=room.actor, territory=room.territory, gateway_id=gateway_id)
    messages.success(request, gettext("The gateway is removed, its secret forgotten."))
    return redirect("reach:gateways", room.territory)


gateways = never_cache(require_GET(in_cockpit(_list)))
new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
gateway = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_gateway)))
test = require_POST(in_cockpit(_test))
switch = require_POST(in_cockpit(_switch))
remove = require_POST(in_cockpit(_remove))
