"""The list of measures with its map and panel, in the cockpit and in the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from belvedere.domains.plans.public import MeasureFilter, page, policies, queries, views
from belvedere.faces.web.pages.plans import facets, findings, parameters, reading, rows, words
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit, in_portal
from belvedere.faces.web.pages.plans.several import may_change_several
from belvedere.kernel.paging import Page, Window

WINDOW = 60


def _rows(room: Room, asked: parameters.Asked, totals: views.Totals) -> Page[views.MeasureRow]:
    return queries.measure_rows(
        room.actor,
        room.territory.id,
        asked.which,
        language=room.language,
        sort=asked.sort,
        window=Window(asked.start, WINDOW),
        total=totals.count,
    )


def _lines(room: Room, asked: parameters.Asked, totals: views.Totals) -> dict[str, Any]:
    """A window of the list and the address of the next."""
    scale = rows.scale_of(totals)
    window = _rows(room, asked, totals)
    following = window.next_start
    return {
        "room": room,
        "scale": scale,
        "lines": rows.lines(room, window.rows, scale),
        "first_row": asked.start,
        "pick_url": room.url("several") if may_change_several(room) else "",
        "next_url": ""
        if following is None
        else room.url("rows") + asked.query(sort=asked.sort, start=following),
        "next_page_url": "" if following is None else room.measures_url + asked.page_query(start=following),
    }


def _list(room: Room, asked: parameters.Asked, key: str) -> dict[str, Any]:
    """Everything that changes with the filter."""
    totals = reading.sums(room, key, asked)
    overview = reading.overview(room, key)
    shown = facets.facets(room, asked, overview.choices)
    whole = overview.totals.count
    lines = _lines(room, asked, totals)
    return {
        **lines,
        "asked": asked,
        "totals": totals,
        "whole": whole,
        "finding": findings.of_measures(totals) if whole else gettext("No measure yet"),
        "facets": shown,
        "chips": facets.chips(room, asked, shown),
        "foot": rows.foot(totals),
        "left_out": rows.left_out(totals),
        "others": any(line.cost and line.cost.other for line in lines["lines"]),
        "left_out_url": room.url("measures") + "?flag=no_cost",
        "money_url": room.url("finance") + asked.query(),
        "points_url": room.url("points") + asked.query(),
        "clear_url": room.url("measures")
        + parameters.Asked(sort=asked.sort, layout=asked.layout).page_query(),
        "default_sort": "priority",
    }


def _measures(request: HttpRequest, room: Room) -> HttpResponse:
    asked = parameters.read(request.GET)
    key = reading.mark(room)
    context = _list(room, asked, key)
    if request.headers.get("HX-Target", "").endswith("m-list") and not request.headers.get(
        "HX-History-Restore-Request"
    ):
        response = render(request, "plans/list_part.html", context)
        response["HX-Push-Url"] = room.url("measures") + asked.page_query()
        return response
    overview = reading.overview(room, key)
    context |= {
        "owners": overview.owners,
        "plans": sum(choice.count > 0 for choice in overview.choices["plans"]),
        "tabs": facets.tabs(room, asked, key, overview),
        "layouts": _layouts(asked),
        "panel_url": _panel_url(room),
        "map": map_context(room),
        "actions": _actions(room, asked),
    }
    return render(request, "plans/measures.html", context)


def _panel_url(room: Room) -> str:
    some = UUID(int=0)
    return room.url("panel", measure_id=some).replace(str(some), "{id}")


def _layouts(asked: parameters.Asked) -> list[dict[str, Any]]:
    shown = (
        ("table", "table", gettext("Table")),
        ("split", "layout-columns", gettext("Table and map")),
        ("map", "map", gettext("Map")),
    )
    return [
        {
            "icon": icon,
            "label": label,
            "url": (asked.query(sort=asked.sort, view="" if name == "split" else name) or "?"),
            "current": asked.layout == name,
        }
        for name, icon, label in shown
    ]


def _actions(room: Room, asked: parameters.Asked) -> dict[str, Any]:
    """The buttons of the head, each where the actor may."""
    if not room.is_cockpit:
        return {}
    found: dict[str, Any] = {
        "export": [
            (label, room.url("export", form=form) + asked.query())
            for form, label in (
                ("xlsx", gettext("Spreadsheet (XLSX)")),
                ("csv", gettext("Text (CSV)")),
                ("geojson", gettext("Map layer (GeoJSON)")),
                ("gpkg", gettext("Map layer (GeoPackage)")),
            )
        ]
    }
    if may_change_several(room):
        found["several"] = room.url("several") + asked.query(sort=asked.sort)
    if may_create(room):
        found |= {"new": room.url("new"), "import": room.url("imports")}
    return found


def may_create(room: Room) -> bool:
    """Whether there is an owner for whom the actor may add measures."""
    here = room.territory.id
    return any(
        policies.may(room.actor, "create", policies.Thing(here, owner)) is None for owner in room.actor.roles
    ) or room.actor.governs(here)


def _rows_view(request: HttpRequest, room: Room) -> HttpResponse:
    asked = parameters.read(request.GET)
    totals = reading.sums(room, reading.mark(room), asked)
    return render(request, "plans/rows.html", _lines(room, asked, totals))


def _panel(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    view = page.measure_page(room.actor, measure_id, language=room.language, territory_id=room.territory.id)
    row = queries.measure_row(room.actor, measure_id, language=room.language)
    current = view.estimates[0] if view.estimates else None
    total = len(view.listings)
    return render(
        request,
        "plans/panel.html",
        {
            "room": room,
            "view": view,
            "row": row,
            "url": room.measure_url(view.id),
            "language": "" if row is None or row.title_language == room.language else row.title_language,
            "phase": words.phase(view.phase_scheme, view.phase),
            "scheme": words.scheme(view.phase_scheme),
            "implementation": words.implementation(view.implementation),
            "years": words.years(*row.years, short=False) if row else "",
            "flags": [words.flag(flag) for flag in view.flags] if room.is_cockpit else [],
            "estimate": current,
            "kind": rows.Scale(view.cost.kind, millions=False).caption if view.cost else "",
            "plans": total,
        },
    )


def _points(request: HttpRequest, room: Room) -> HttpResponse:
    """The map's table of points; those outside the filter come as faint dots without a title."""
    asked = parameters.read(request.GET)
    etag = f'"{reading.mark(room, "points", asked.query())[:32]}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(msgspec.json.encode(_table(room, asked)), content_type="application/json")
    response["ETag"] = etag
    patch_cache_control(response, private=room.is_cockpit, no_cache=True)
    return response


def _table(room: Room, asked: parameters.Asked) -> dict[str, list[Any]]:
    found = queries.points(room.actor, room.territory.id, asked.which, language=room.language)
    table: dict[str, list[Any]] = {
        "ids": found.ids,
        "lon": found.longitudes,
        "lat": found.latitudes,
        "prio": found.priorities,
        "about": found.approximate,
        "title": found.titles,
    }
    if not asked.which:
        return table
    chosen = set(found.ids)
    table["dim"] = [0] * len(found.ids)
    rest = queries.points(room.actor, room.territory.id, MeasureFilter(), language=room.language)
    for at, identifier in enumerate(rest.ids):
        if identifier in chosen:
            continue
        for name, value in (
            ("ids", identifier),
            ("lon", rest.longitudes[at]),
            ("lat", rest.latitudes[at]),
            ("prio", ""),
            ("about", 0),
            ("title", ""),
            ("dim", 1),
        ):
            table[name].append(value)
    return table


measures, portal_measures = in_cockpit(_measures), in_portal(_measures)
measure_rows, portal_measure_rows = in_cockpit(_rows_view), in_portal(_rows_view)
panel, portal_panel = in_cockpit(_panel), in_portal(_panel)
points, portal_points = in_cockpit(_points), in_portal(_points)
