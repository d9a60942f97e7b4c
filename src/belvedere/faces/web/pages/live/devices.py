"""The devices of a territory: which there are and whether they speak, their secrets, how they are read."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import name_in, organisations, organisations_by_id
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchDevice
from belvedere.engines.bus import mqtt_address
from belvedere.engines.home import Home
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.live.device_forms import NOBODY, FieldsForm, RegisterForm
from belvedere.faces.web.pages.live.menus import Menu, Option, chosen_ids
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused
from belvedere.kernel.paging import Page, Window

WINDOW = 100
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (what the listener may be told, not what we bind)
NOT_KEPT = "…"  # where a command would hold the secret, which is shown once


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the list."""

    text: str = ""
    owners: tuple[UUID, ...] = ()
    state: str = ""  # "", "silent", "revoked"
    start: int = 0

    @property
    def any(self) -> bool:
        return bool(self.text or self.owners or self.state)

    def query(self, **changed: Any) -> str:
        pairs = [
            ("q", self.text),
            *(("owner", str(one)) for one in self.owners),
            ("state", changed.get("state", self.state)),
            ("start", changed.get("start", "")),
        ]
        return "?" + urlencode([(name, value) for name, value in pairs if value])


def read(query: QueryDict) -> Asked:
    """Values that mean nothing are left out."""
    start = query.get("start", "")
    return Asked(
        text=query.get("q", "").strip()[:200],
        owners=chosen_ids(query, "owner"),
        state=state if (state := query.get("state", "")) in ("silent", "revoked") else "",
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A device as the pages show it."""

    id: UUID
    name: str
    key: str
    kind: str
    owner: str
    seen_at: datetime | None
    age: str
    expected: str
    state: words.Word
    url: str


def state_of(view: twin.DeviceView) -> words.Word:
    """Whether it may speak, and does."""
    if view.revoked_at is not None:
        return words.Word(gettext("Withdrawn"), "", "ban")
    if view.silent:
        label = gettext("Silent") if view.last_seen_at else gettext("Never heard")
        return words.Word(label, "warn", "circle-dashed")
    if view.last_seen_at is None:
        return words.Word(gettext("Not heard yet"), "info", "clock")
    return words.Word(gettext("Speaks"), "ok", "check")


def row_of(room: Room, view: twin.DeviceView, owners: dict[UUID, str]) -> Row:
    return Row(
        id=view.id,
        name=name_in(view.entity_names, room.language, room.territory.languages) or view.key,
        key=view.key,
        kind=words.kind(view.kind),
        owner=owners.get(view.owner_id, "") if view.owner_id else "",
        seen_at=view.last_seen_at,
        age=words.age(view.last_seen_at),
        expected=words.span(view.expected_interval_s) if view.expected_interval_s else "",
        state=state_of(view),
        url=reverse("live:device", args=[room.territory, view.id]),
    )


def owner_names(ids: set[UUID]) -> dict[UUID, str]:
    """The names of organisations by id."""
    return {key: one.label for key, one in organisations_by_id(ids).items()} if ids else {}


def owners_for(room: Room, verb: str) -> list[tuple[str, str]]:
    """For whom the actor may do `verb`, by name; the territory itself for its administrators."""
    here = room.territory.id
    if room.actor.governs(here):
        own = [(str(one.id), one.name) for one in organisations(here, active_only=True)]
        return [*own, (NOBODY, gettext("no organisation (the territory)"))]
    able = [
        (str(one.id), one.name)
        for one in organisations_by_id(room.actor.roles).values()
        if one.territory_id == here and twin.may(room.actor, verb, twin.Thing(here, one.id)) is None
    ]
    return sorted(able, key=lambda pair: pair[1].casefold())


def _found(room: Room, asked: Asked, window: Window, *, silent: bool | None = None) -> Page[twin.DeviceView]:
    return twin.devices(
        room.actor,
        room.territory.id,
        owners=asked.owners,
        text=asked.text,
        silent=silent,
        revoked=asked.state == "revoked",
        window=window,
    )


def _finding(whole: int, silent: int) -> str:
    if not whole:
        return gettext("No device yet")
    if silent:
        return ngettext(
            "%(count)s device of %(whole)s is silent", "%(count)s devices of %(whole)s are silent", silent
        ) % {"count": formats.number(silent), "whole": formats.number(whole)}
    return ngettext("The device speaks", "All %(whole)s devices speak", whole) % {
        "whole": formats.number(whole)
    }


def _menus(room: Room, asked: Asked) -> list[Menu]:
    states = (("silent", gettext("Silent")), ("revoked", gettext("Withdrawn")))
    found = [
        Menu(
            "state",
            gettext("How it is"),
            tuple(Option(value, label, asked.state == value) for value, label in states),
            single=True,
        )
    ]
    seen = organisations(room.territory.id, active_only=True)
    if not room.actor.governs(room.territory.id) and not room.actor.is_elected(room.territory.id):
        seen = [one for one in seen if one.id in room.actor.sees]
    if len(seen) > 1:
        options = tuple(Option(str(one.id), one.label, one.id in asked.owners) for one in seen)
        found.append(Menu("owner", gettext("Belongs to"), options))
    return found


def _devices(request: HttpRequest, room: Room) -> HttpResponse:
    asked = read(request.GET)
    page = _found(room, asked, Window(asked.start, WINDOW), silent=True if asked.state == "silent" else None)
    one = Window(0, 1)
    whole = _found(room, Asked(), one).total
    silent = _found(room, Asked(), one, silent=True).total if whole else 0
    names = owner_names({view.owner_id for view in page.rows if view.owner_id})
    following = page.next_start
    context = {
        "room": room,
        "asked": asked,
        "whole": whole or _found(room, Asked(state="revoked"), one).total,
        "finding": _finding(whole, silent),
        "total": page.total,
        "rows": [row_of(room, view, names) for view in page.rows],
        "menus": _menus(room, asked),
        "next_url": "" if following is None else asked.query(start=following),
        "first_url": asked.query() if asked.start else "",
        "register_url": reverse("live:register", args=[room.territory])
        if owners_for(room, "register_device")
        else "",
    }
    return render(request, "live/devices.html", context)


def _register(request: HttpRequest, room: Room) -> HttpResponse:
    owners = owners_for(room, "register_device")
    if not owners:
        raise Refused(
            N_(
                "You may not register devices here. "
                "Ask a manager of your organisation for the role of contributor."
            ),
            code="may_not_register_device",
        )
    form = RegisterForm(room, owners, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # the thing and its device, or neither
                entity_id = twin.create_entity(
                    actor=room.actor, territory=room.territory, draft=form.entity()
                )
                made = twin.register_device(
                    actor=room.actor, territory=room.territory, draft=form.device(entity_id)
                )
        except (InvalidInput, Conflict) as error:
            form.blame(error)
        else:
            return _page(request, room, made.device_id, made=made)
    shown = [form[name] for name in ("name", "kind", "key", "owner", "visibility", "minutes")]
    context = {
        "room": room,
        "form": form,
        "shown": shown,
        "geometry": form["geometry"].value() or "",
        "map": map_context(room),
    }
    return render(request, "live/register.html", context, status=422 if form.is_bound else 200)


def _page(
    request: HttpRequest,
    room: Room,
    device_id: UUID,
    *,
    form: FieldsForm | None = None,
    made: twin.NewSecret | None = None,
) -> HttpResponse:
    view = _device_here(room, device_id)
    thing = twin.Thing(room.territory.id, view.owner_id)
    maps = twin.may(room.actor, "map_fields", thing) is None and view.revoked_at is None
    told = [_told(view, one) for one in view.fields]
    if form is None and maps:
        form = FieldsForm(view.kind, told)
    sample, topic, (host, port) = _sample(view), _topic(room, view), _server(request)
    context = {
        "room": room,
        "row": row_of(room, view, owner_names({view.owner_id} if view.owner_id else set())),
        "revoked_at": view.revoked_at,
        "secret_made_at": view.secret_made_at,
        "may_secret": maps and twin.may(room.actor, "rotate_secret", thing) is None,
        "form": form,
        "told": told,
        "made": made,
        "server": f"{host}:{port}",
        "topic": topic,
        "user": view.user,
        "sample": json.dumps(sample, ensure_ascii=False),
        "command": _command(host, port, made, topic, sample) if made else "",
        "messages_url": _messages_url(room, view),
        "thing_url": reverse("live:thing", args=[room.territory, view.entity_id]),
    }
    return render(request, "live/device.html", context, status=422 if form and form.has_errors else 200)


def _device_here(room: Room, device_id: UUID) -> twin.DeviceView:
    """The device, if it is one of this territory."""
    view = twin.device(room.actor, device_id)
    if view.territory_id != room.territory.id:
        raise NoSuchDevice(N_("There is no such device here."))
    return view


def _messages_url(room: Room, view: twin.DeviceView) -> str:
    if intake.may(room.actor, room.territory.id) is not None:
        return ""
    return reverse("live:ledger", args=[room.territory]) + "?" + urlencode({"device": view.key})


def _told(view: twin.DeviceView, one: twin.FieldView) -> dict[str, Any]:
    """A row of the mapping; factor and offset only where they do not follow from the unit."""
    described = twin.descriptions().get(view.kind)
    known = described.attributes.get(one.term) if described else None
    kept = known.unit if known else one.unit
    follows = twin.conversion(one.unit or kept, kept)
    plain = follows is not None and follows == (one.factor, one.offset)
    return {
        "field": one.name,
        "term": one.term,
        "label": words.term(view.kind, one.term),
        "unit": "" if one.unit == kept else one.unit,
        "symbol": twin.symbol(one.unit),
        "factor": None if plain else one.factor,
        "offset": None if plain else one.offset,
    }


def _topic(room: Room, view: twin.DeviceView) -> str:
    return f"devices/{room.territory.slug}/{view.key}"


def _server(request: HttpRequest) -> tuple[str, int]:
    """Where a device signs in: the address of the listener, or ours where it listens everywhere."""
    host, port = mqtt_address(Home.from_environment())
    return (request.get_host().rpartition(":")[0] or request.get_host() if host in EVERYWHERE else host), port


def _sample(view: twin.DeviceView) -> dict[str, Any]:
    """A message that the device may send: its first numbers, somewhere within their bounds."""
    described = twin.descriptions().get(view.kind)
    attributes = described.attributes if described else {}
    main = described.main if described else ""
    found: dict[str, Any] = {}
    for one in sorted(view.fields, key=lambda field: field.term != main):
        known = attributes.get(one.term)
        if known is None or known.kind is not twin.ValueType.NUMBER or len(found) == 2:
            continue
        low = 0.0 if known.low is None else known.low
        high = low + 50 if known.high is None else min(known.high, low + 100)
        sent = (low + (high - low) * 0.4 - one.offset) / one.factor
        found[one.name] = round(sent, 3)
    return found or {one.name: 1 for one in view.fields[:1]}


def _command(host: str, port: int, made: twin.NewSecret, topic: str, sample: dict[str, Any]) -> str:
    """One line for a shell, every word quoted where it must be."""
    words_of = ["mosquitto_pub", "-h", host, "-p", str(port), "-q", "1", "-u", made.user, "-P", made.password]
    return shlex.join([*words_of, "-t", topic, "-m", json.dumps(sample, ensure_ascii=False)])


def _device(request: HttpRequest, room: Room, device_id: UUID) -> HttpResponse:
    return _page(request, room, device_id)


def _fields(request: HttpRequest, room: Room, device_id: UUID) -> HttpResponse:
    view = _device_here(room, device_id)
    thing = twin.Thing(room.territory.id, view.owner_id)
    if (reason := twin.may(room.actor, "map_fields", thing)) is not None:
        raise Refused(reason, code="may_not_map_fields")
    form = FieldsForm(view.kind, [_told(view, one) for one in view.fields], request.POST)
    if form.is_valid():
        try:
            twin.map_fields(actor=room.actor, device_id=device_id, fields=form.fields())
        except InvalidInput as error:
            form.error = sentence(error)
        else:
            messages.success(request, gettext("The fields are read this way from now on."))
            return redirect("live:device", room.territory, device_id)
    return _page(request, room, device_id, form=form)


def _rotate(request: HttpRequest, room: Room, device_id: UUID) -> HttpResponse:
    _device_here(room, device_id)
    made = twin.rotate_secret(actor=room.actor, device_id=device_id)
    return _page(request, room, device_id, made=made)


def _revoke(request: HttpRequest, room: Room, device_id: UUID) -> HttpResponse:
    _device_here(room, device_id)
    twin.revoke_device(actor=room.actor, device_id=device_id)
    messages.success(request, gettext("The device may no longer send. What it told is kept."))
    return redirect("live:device", room.territory, device_id)


devices = never_cache(require_GET(in_cockpit(_devices)))
register = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_register)))
device = never_cache(require_GET(in_cockpit(_device)))
fields = never_cache(require_POST(in_cockpit(_fields)))
rotate = never_cache(require_POST(in_cockpit(_rotate)))
revoke = require_POST(in_cockpit(_revoke))
