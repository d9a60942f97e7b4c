"""One piece of equipment: its facts, what it says now, its tree, its contract, its files, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.errors import NoSuchEquipment
from belvedere.domains.equipment.public import State
from belvedere.domains.territory.public import organisations_by_id, places, territory_by_id
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.web import formats
from belvedere.faces.web.pages.access.acting import actor_of_session
from belvedere.faces.web.pages.commands import offering
from belvedere.faces.web.pages.equipment import histories, words
from belvedere.faces.web.pages.equipment.file_forms import FileForm
from belvedere.faces.web.pages.equipment.state_forms import MaintenanceForm
from belvedere.faces.web.pages.live import around
from belvedere.faces.web.pages.live import thing as things
from belvedere.faces.web.pages.live import words as live_words
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, Refused

MOST_CHILDREN = 200
MOST_VALUES = 8


@dataclass(frozen=True, slots=True)
class Now:
    """What the thing that the equipment is says now."""

    name: str
    url: str
    state: live_words.Word
    sentence: str
    rows: list[things.Present]


@dataclass(frozen=True, slots=True)
class Span:
    """A maintenance in words."""

    id: UUID
    text: str
    reason: str
    runs: bool


def here(room: Room, equipment_id: UUID) -> equipment.EquipmentView:
    """The equipment, if it is one of this territory and the actor may know of it."""
    view = equipment.equipment(room.actor, equipment_id)
    if view.territory_id != room.territory.id:
        raise NoSuchEquipment(N_("There is no such equipment, or it is not for you to see."))
    return view


def now_of(room: Room, entity_id: int | None) -> Now | None:
    """What its thing says, as far as the reader may see that."""
    if entity_id is None:
        return None
    try:
        view = twin.entity_page(room.actor, entity_id)
    except NoSuchEntity:
        return None
    return Now(
        name=things.name_of(room, view.names, view.kind),
        url=reverse("live:thing", args=[room.territory, entity_id]),
        state=live_words.state(view.state),
        sentence=things.sentence(view),
        rows=things.present_rows(view)[:MOST_VALUES],
    )


def _warranty(room: Room, view: equipment.EquipmentView) -> str:
    last = view.facts.warranty_until
    if last is None:
        return ""
    text = gettext("until %(day)s") if last >= today(room.territory.zone) else gettext("over since %(day)s")
    return text % {"day": formats.day(last)}


def _spans(view: equipment.EquipmentView) -> list[Span]:
    return [
        Span(one.id, _text(one.starts_at, one.ends_at), one.reason, one == view.running)
        for one in view.maintenance
    ]


def _text(start: datetime, end: datetime | None) -> str:
    if end is None:
        return gettext("from %(start)s until further notice") % {"start": formats.moment(start)}
    return gettext("from %(start)s to %(end)s") % {
        "start": formats.moment(start),
        "end": formats.moment(end),
    }


def _contract(room: Room, view: equipment.EquipmentView) -> dict[str, Any] | None:
    if view.facts.contract_id is None:
        return None
    from belvedere.faces.web.pages.equipment.contracts import times_rows

    found = equipment.contract(room.actor, view.facts.contract_id)
    contractor = organisations_by_id([found.contractor_id])
    return {
        "view": found,
        "contractor": next((one.name for one in contractor.values()), ""),
        "times": times_rows(found),
        "url": reverse("equipment:contract", args=[room.territory, found.id]),
    }


def context_of(room: Room, view: equipment.EquipmentView, **forms: Any) -> dict[str, Any]:
    """All that the page shows; `forms`: as somebody typed them, with what is wrong."""
    from belvedere.faces.web.pages.equipment.lists import lines

    facts = view.facts
    commune = places([view.place_id]) if view.place_id else {}
    owner = organisations_by_id([view.owner_id])
    wanted = equipment.Wanted(parents=[view.id])
    children = equipment.listed(room.actor, room.territory.id, wanted, equipment_window(MOST_CHILDREN))
    knows = view.may_edit or view.owner_id in room.actor.sees or room.actor.is_elected(room.territory.id)
    return {
        "room": room,
        "view": view,
        "facts": facts,
        "kind": words.kind(facts.kind),
        "state": words.state(view.state),
        "is_removed": view.state is State.REMOVED,
        "is_out": view.state is State.OUT_OF_SERVICE,
        "is_serving": view.state is State.IN_SERVICE,
        "running": view.running,
        "spans": _spans(view),
        "commune": next((place.name for place in commune.values()), ""),
        "owner": next((body.label for body in owner.values()), ""),
        "warranty": _warranty(room, view),
        "above": [
            {"one": one, "url": reverse("equipment:equipment", args=[room.territory, one.id])}
            for one in view.above
        ],
        "below": [(words.kinds(slug), n) for slug, n in view.below.items()],
        "children": lines(room, children.rows),
        "more_children": children.total - len(children.rows),
        "children_url": reverse("equipment:register", args=[room.territory]) + f"?under={view.id}",
        "now": now_of(room, facts.entity_id),
        "groups": around.around_equipment(room, view.id, facts.entity_id),
        "contract": _contract(room, view),
        "entries": histories.entries(room, view) if knows else [],
        "map": map_context(room) if facts.at else None,
        "sites": _site(view) if facts.at else None,
        "command_url": _command_url(room, view),
        "scene_url": offering.scene_url(room, view.facts.kind, view.owner_id, view.id),
        "label_url": reverse("equipment:labels", args=[room.territory]) + f"?id={view.id}",
        "file_form": forms.get("file_form") or FileForm(),
        "maintenance_form": forms.get("maintenance_form") or MaintenanceForm(room.territory.zone),
        "problem": forms.get("problem", ""),
    }


def _command_url(room: Room, view: equipment.EquipmentView) -> str:
    if view.state is State.REMOVED:
        return ""
    if view.facts.entity_id is not None:
        return offering.command_url(room, view.facts.entity_id)
    return offering.street_url(room, view.facts.kind, view.owner_id, view.id)


def equipment_window(size: int) -> Any:
    from belvedere.kernel.paging import Window

    return Window(0, size)


def _site(view: equipment.EquipmentView) -> dict[str, Any]:
    assert view.facts.at is not None
    point = {"type": "Point", "coordinates": list(view.facts.at)}
    feature = {"type": "Feature", "properties": {"id": str(view.id), "p": ""}, "geometry": point}
    return {"type": "FeatureCollection", "features": [feature]}


def _piece(request: HttpRequest, room: Room, equipment_id: UUID) -> HttpResponse:
    return render(request, "equipment/piece.html", context_of(room, here(room, equipment_id)))


@never_cache
@require_GET
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """The address on a label: to the page of the equipment, once who scanned it has signed in."""
    actor = actor_of_session(request)
    if actor.person_id is None:
        raise Refused(N_("Sign in to open the page of this equipment."), code="sign_in_first")
    territory_id, equipment_id = equipment.at_code(actor, code)
    return redirect("equipment:equipment", territory_by_id(territory_id), equipment_id)


piece = never_cache(require_GET(in_cockpit(_piece)))
