"""Making and changing equipment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import EquipmentDraft
from belvedere.domains.territory.public import organisations_by_id
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.web.pages.equipment.forms import EquipmentForm, point_text
from belvedere.faces.web.pages.equipment.lists import owners_for
from belvedere.faces.web.pages.equipment.piece import here
from belvedere.faces.web.pages.live.thing import name_of
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused

WHAT = ("kind", "name", "owner", "number", "maker", "model", "serial", "installed_on", "warranty_until")
LINKS = ("parent", "contract", "thing", "notes")


def _page(
    request: HttpRequest, room: Room, form: EquipmentForm, view: equipment.EquipmentView | None
) -> HttpResponse:
    context = {
        "room": room,
        "form": form,
        "view": view,
        "what": [form[name] for name in WHAT if view is None or name != "owner"],
        "links": [form[name] for name in LINKS],
        "geometry": form["geometry"].value() or "",
        "version": request.POST.get("version") or (view.version if view else ""),
        "map": map_context(room),
        "parents": form.parents(),
        "things": form.things(),
    }
    return render(request, "equipment/form.html", context, status=422 if form.errors else 200)


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    owners = owners_for(room, "register")
    if not owners:
        raise Refused(
            N_("You may not register equipment here. Ask a manager of your organisation for the role."),
            code="may_not_register",
        )
    if request.method != "POST":
        return _page(request, room, EquipmentForm(room, owners, initial=_like(request, room)), None)
    form = EquipmentForm(room, owners, data=request.POST)
    if form.is_valid():
        try:
            made = equipment.register_equipment(
                actor=room.actor,
                territory=room.territory,
                draft=EquipmentDraft(form.owner_id, form.facts()),
            )
        except (InvalidInput, Conflict) as error:
            form.blame_for(error)
        else:
            messages.success(request, gettext("The equipment is in the register."))
            return redirect("equipment:equipment", room.territory, made)
    return _page(request, room, form, None)


def _like(request: HttpRequest, room: Room) -> dict[str, Any]:
    """What is known of the thing that the new equipment is, or of what it is to stand under."""
    given = request.GET.get("thing", "")
    if given.isascii() and given.isdigit() and len(given) < 19:
        try:
            thing = twin.entity_page(room.actor, int(given))
        except NoSuchEntity:
            return {}
        return {
            "thing": given,
            "kind": equipment.kind_of_thing(thing.kind),
            "name": name_of(room, thing.names, thing.kind),
            "owner": str(thing.owner_id or ""),
            "geometry": point_text(thing.shape.centre if thing.shape else None),
        }
    try:
        above = here(room, UUID(request.GET.get("under", "")))
    except ValueError:
        return {}
    return {
        "parent": above.facts.number,
        "owner": str(above.owner_id),
        "contract": str(above.facts.contract_id or ""),
        "geometry": point_text(above.facts.at),
    }


def _change(request: HttpRequest, room: Room, equipment_id: UUID) -> HttpResponse:
    view = here(room, equipment_id)
    reason = equipment.may(room.actor, "change", equipment.Thing(view.territory_id, view.owner_id))
    if reason is not None:
        raise Refused(reason, code="may_not_change")
    owner = organisations_by_id([view.owner_id])
    owners = [(str(key), one.name) for key, one in owner.items()]
    if request.method != "POST":
        return _page(request, room, EquipmentForm(room, owners, view), view)
    form = EquipmentForm(room, owners, view, request.POST)
    seen = request.POST.get("version", "")
    if form.is_valid():
        try:
            equipment.change_equipment(
                actor=room.actor,
                equipment_id=equipment_id,
                version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
                facts=form.facts(),
            )
        except (InvalidInput, Conflict) as error:
            form.blame_for(error)
        else:
            messages.success(request, gettext("The equipment is changed."))
            return redirect("equipment:equipment", room.territory, equipment_id)
    return _page(request, room, form, view)


new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
change = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_change)))
