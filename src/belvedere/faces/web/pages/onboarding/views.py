"""Putting a device into service, and waiting with it for its first value."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from belvedere.domains.connections import public as connections
from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import name_in
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchDevice
from belvedere.engines.bus import mqtt_address
from belvedere.engines.home import Home
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.live.devices import owners_for
from belvedere.faces.web.pages.live.reasons import name as reason_name
from belvedere.faces.web.pages.live.reasons import to_do
from belvedere.faces.web.pages.live.thing import present_rows
from belvedere.faces.web.pages.onboarding.forms import OnboardForm
from belvedere.faces.web.pages.onboarding.labels import is_dev_eui
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused

#: A label is scanned with the camera, a place found by the phone's position.
ALLOWED = "geolocation=(self), camera=(self), microphone=()"
MOST_AGAIN = 200


def _onboard(request: HttpRequest, room: Room) -> HttpResponse:
    owners = owners_for(room, "register_device")
    if not owners:
        raise Refused(
            N_("Only those who manage devices here put one into service. Ask a manager for the role."),
            code="may_not_register_device",
        )
    posted = request.POST if request.method == "POST" else None
    form = OnboardForm(room, owners, posted, key=request.GET.get("key", "")[:64])
    if posted is not None and form.is_valid():
        try:
            made = connections.onboard(
                actor=room.actor,
                territory=room.territory,
                thing=form.thing(),
                key=form.cleaned_data["key"],
                model=form.known.slug if form.known else "",
                amount=form.amount(),
            )
        except (InvalidInput, Conflict) as error:
            form.blame(error)
        else:
            _take_again(room, form.cleaned_data["key"])
            if form.is_own:
                return _waiting(request, room, made.device_id, made)
            return redirect("onboarding:wait", room.territory, made.device_id)
    context = {
        "room": room,
        "form": form,
        "asks": {one.slug: one.asks for one in connections.catalogue().values()},
        "geometry": form["geometry"].value() or "",
        "map": map_context(room),
    }
    answer = render(request, "onboarding/onboard.html", context, status=422 if form.is_bound else 200)
    answer["Permissions-Policy"] = ALLOWED
    return answer


def _take_again(room: Room, key: str) -> None:
    """What the device said before it was known is taken after all, by who may."""
    if intake.may(room.actor, room.territory.id) is not None:
        return
    letters = intake.dead_letters(
        room.actor,
        room.territory.id,
        reason=intake.Reason.UNKNOWN_DEVICE,
        device_key=key,
        limit=MOST_AGAIN,
    )
    if letters:
        intake.replay(actor=room.actor, territory_id=room.territory.id, ids=[one.id for one in letters])


def _waiting(
    request: HttpRequest,
    room: Room,
    device_id: UUID,
    made: connections.Onboarded | None = None,
    template: str = "onboarding/wait.html",
) -> HttpResponse:
    view = twin.device(room.actor, device_id)
    if view.territory_id != room.territory.id:
        raise NoSuchDevice(N_("There is no such device here."))
    page = twin.entity_page(room.actor, view.entity_id)
    last = intake.last_messages(room.actor, [view]).get(view.id)
    refused = last.reason if last is not None else None
    host, port = mqtt_address(Home.from_environment())
    context: dict[str, Any] = {
        "room": room,
        "view": view,
        "name": name_in(view.entity_names, room.language, room.territory.languages) or view.key,
        "kind": words.kind(view.kind),
        "rows": [row for row in present_rows(page) if row.at is not None],
        "refused": reason_name(refused) if refused else "",
        "to_do": to_do(refused) if refused else "",
        "made": made,
        "topic": f"devices/{room.territory.slug}/{view.key}",
        "server": f"{host}:{port}",
        "connected": bool(connections.connections(room.actor, room.territory.id)),
        "is_radio": is_dev_eui(view.key),
        "page": {
            "ticket": reverse("live:ticket", args=[room.territory]),
            "thing": view.entity_id,
            "part": reverse("onboarding:part", args=[room.territory, view.id]),
        },
    }
    return render(request, template, context)


def _wait(request: HttpRequest, room: Room, device_id: UUID) -> HttpResponse:
    return _waiting(request, room, device_id)


def _part(request: HttpRequest, room: Room, device_id: UUID) -> HttpResponse:
    """Only the values, for the page that waits."""
    return _waiting(request, room, device_id, template="onboarding/values.html")


onboard = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_onboard)))
wait = never_cache(require_GET(in_cockpit(_wait)))
part = never_cache(require_GET(in_cockpit(_part)))
