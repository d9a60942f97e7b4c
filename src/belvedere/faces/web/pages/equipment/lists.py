"""The register: list and map as twins, a panel for what is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import State
from belvedere.domains.territory.public import organisations, organisations_by_id, places
from belvedere.faces.web import formats
from belvedere.faces.web.pages.equipment import asking, words
from belvedere.faces.web.pages.equipment.piece import here
from belvedere.faces.web.pages.live.words import Word
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.paging import Window

WINDOW = 100
MOST_POINTS = 5_000
# How each state looks on the map, in the signs of things.
SIGNS = {State.IN_SERVICE: "normal", State.MAINTENANCE: "watch", State.OUT_OF_SERVICE: "silent"}


@dataclass(frozen=True, slots=True)
class Line:
    """Equipment in the list."""

    id: UUID
    number: str
    name: str
    kind: str
    icon: str
    where: str
    model: str
    contract: str
    owner: str
    children: int
    children_url: str
    state: Word
    url: str


def owners_for(room: Room, verb: str) -> list[tuple[str, str]]:
    """For whom the actor may do `verb`, by name."""
    territory_id = room.territory.id
    if room.actor.governs(territory_id):
        return [(str(one.id), one.name) for one in organisations(territory_id, active_only=True)]
    able = [
        (str(one.id), one.name)
        for one in organisations_by_id(room.actor.roles).values()
        if one.territory_id == territory_id
        and equipment.may(room.actor, verb, equipment.Thing(territory_id, one.id)) is None
    ]
    return sorted(able, key=lambda pair: pair[1].casefold())


def lines(
    room: Room, rows: Iterable[equipment.Row], contracts: Iterable[equipment.ContractView] | None = None
) -> list[Line]:
    """The rows in the reader's words; `contracts`: those that the reader sees, where they were asked for."""
    found = list(rows)
    communes = places({one.place_id for one in found if one.place_id})
    owners = organisations_by_id({one.owner_id for one in found})
    if contracts is None:
        contracts = equipment.contracts(room.actor, room.territory.id)
    names = {one.id: one.name for one in contracts}
    register = reverse("equipment:register", args=[room.territory])
    return [
        Line(
            id=one.id,
            number=one.number,
            name=one.name,
            kind=words.kind(one.kind),
            icon=words.icon(one.kind),
            where=one.where or (communes[one.place_id].name if one.place_id in communes else ""),
            model=" ".join(part for part in (one.maker, one.model) if part),
            contract=names.get(one.contract_id, "") if one.contract_id else "",
            owner=owners[one.owner_id].label if one.owner_id in owners else "",
            children=one.children,
            children_url=f"{register}?under={one.id}",
            state=words.state(one.state),
            url=reverse("equipment:equipment", args=[room.territory, one.id]),
        )
        for one in found
    ]


def _finding(whole: equipment.Tallies) -> str:
    if not whole.total:
        return gettext("No equipment yet")
    out, work = (whole.states.get(one, 0) for one in (State.OUT_OF_SERVICE, State.MAINTENANCE))
    if out:
        return ngettext(
            "%(count)s piece of equipment of %(whole)s is out of service",
            "%(count)s pieces of equipment of %(whole)s are out of service",
            out,
        ) % {"count": formats.number(out), "whole": formats.number(whole.total)}
    if work:
        return ngettext(
            "%(count)s piece of equipment of %(whole)s is under maintenance",
            "%(count)s pieces of equipment of %(whole)s are under maintenance",
            work,
        ) % {"count": formats.number(work), "whole": formats.number(whole.total)}
    return ngettext(
        "The only piece of equipment is in service",
        "All %(whole)s pieces of equipment are in service",
        whole.total,
    ) % {"whole": formats.number(whole.total)}


def _register(request: HttpRequest, room: Room) -> HttpResponse:
    asked = asking.read(request.GET)
    territory_id = room.territory.id
    whole = equipment.tallies(room.actor, territory_id)
    page = equipment.listed(room.actor, territory_id, asked.wanted, Window(asked.start, WINDOW))
    contracts = equipment.contracts(room.actor, territory_id)
    following = page.next_start
    above = [here(room, one) for one in asked.parents[:1]]
    context = {
        "room": room,
        "asked": asked,
        "whole": whole.total or whole.states.get(State.REMOVED, 0),
        "finding": _finding(whole),
        "total": page.total,
        "rows": lines(room, page.rows, contracts),
        "under": above[0].facts if above else None,
        "menus": asking.menus(asked, whole, contracts),
        "kept": asked.pairs(),
        "next_url": "" if following is None else asked.query(start=following),
        "first_url": (asked.query() or "?") if asked.start else "",
        "map": map_context(room),
        "points_url": reverse("equipment:points", args=[room.territory]) + asked.query(),
        "panel_url": reverse("equipment:panel", args=[room.territory, UUID(int=0)]).replace(
            str(UUID(int=0)), "{id}"
        ),
        "may_register": bool(owners_for(room, "register")),
        "contracts": len(contracts),
        "may_contract": bool(owners_for(room, "make_contract")),
    }
    return render(request, "equipment/register.html", context)


def _points(request: HttpRequest, room: Room) -> HttpResponse:
    """What the map draws: the equipment of the choice that has a point, 5,000 at most."""
    asked = asking.read(request.GET)
    rows: list[equipment.Row] = []
    start: int | None = 0
    while start is not None and len(rows) < MOST_POINTS:
        page = equipment.listed(room.actor, room.territory.id, asked.wanted, Window(start, 500))
        rows += [one for one in page.rows if one.at is not None]
        start = page.next_start
    kinds = equipment.kinds()
    shapes = {slug: one.shape for slug, one in kinds.items()}
    table = {
        "words": {sign: words.state(state).label for state, sign in SIGNS.items()},
        "ids": [one.id for one in rows],
        "lon": [round(one.at[0], 6) for one in rows if one.at],
        "lat": [round(one.at[1], 6) for one in rows if one.at],
        "prio": [f"~{shapes.get(one.kind, 'circle')}.{SIGNS.get(one.state, 'silent')}" for one in rows],
        "title": [f"{one.number} · {one.name}" for one in rows],
    }
    return HttpResponse(msgspec.json.encode(table), content_type="application/json")


def _panel(request: HttpRequest, room: Room, equipment_id: UUID) -> HttpResponse:
    here(room, equipment_id)
    wanted = equipment.Wanted(ids=[equipment_id], with_removed=True)
    row = equipment.listed(room.actor, room.territory.id, wanted).rows[0]
    return render(request, "equipment/panel.html", {"room": room, "row": lines(room, [row])[0]})


register = never_cache(require_GET(in_cockpit(_register)))
points = never_cache(require_GET(in_cockpit(_points)))
panel = never_cache(require_GET(in_cockpit(_panel)))
