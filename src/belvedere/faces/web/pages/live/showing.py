"""One thing beside the map, and its public page: what it says now, why it matters, fourteen days of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from belvedere.domains.territory.public import organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.faces.web.context import url_or_none
from belvedere.faces.web.pages.live import advice, charting, listing, telling, words
from belvedere.faces.web.pages.live import thing as pages
from belvedere.faces.web.pages.plans.rooms import Room


@dataclass(frozen=True, slots=True)
class Row:
    """A present value with the form in which the script writes it anew."""

    told: pages.Present
    form: telling.Form


def _rows(view: twin.EntityPage) -> list[Row]:
    by_series = {(one.term, pages.label_of(one)): one for one in view.attributes}
    return [
        Row(row, telling.form(view.kind, row.term, one.series_id, one.unit))
        for row in pages.present_rows(view)
        if (one := by_series[row.term, row.label]).observed_at is not None
    ]


def panel_context(room: Room, entity_id: int) -> dict[str, Any]:
    """All that the panel shows; NotFound for who may not know of the thing."""
    view = pages.here(room, entity_id)
    communes = places([view.place_id]) if view.place_id else {}
    owners = organisations_by_id([view.owner_id]) if view.owner_id else {}
    one = pages.chosen(view, "")
    rows = _rows(view)
    state = words.state(view.state)
    provider = next((a.value for a in view.attributes if a.term == "dataProvider" and a.value), "")
    return {
        "room": room,
        "view": view,
        "name": pages.name_of(room, view.names, view.kind),
        "kind": words.kind(view.kind),
        "shape": listing.shape_of(view.kind),
        "commune": next((place.name for place in communes.values()), ""),
        "owner": next((body.label for body in owners.values()), ""),
        "provider": str(provider)[:200],
        "state": state,
        "is_state": view.state.value,
        "since": words.age(view.state_since),
        "sentence": pages.sentence(view),
        "advice": advice.what_to_do(view) if room.is_cockpit else "",
        "main": rows[0] if rows else None,
        "rows": rows[:6],
        "chart": charting.chart(room, view, one, pages.label_of(one)) if one else None,
        "csv_url": telling.address(room, "series", entity_id) + f"?term={one.term}" if one else "",
        "devices": [pages.health_of(room, device) for device in view.devices] if room.is_cockpit else [],
        "url": telling.address(room, "thing", entity_id),
        "links": _links(room, view),
    }


def _links(room: Room, view: twin.EntityPage) -> list[dict[str, str]]:
    """Where to go on from the thing: its devices, their messages, the things of its kind."""
    found = []
    slug = room.territory.slug
    for one in view.devices if room.is_cockpit else ():
        found.append(
            {
                "icon": "antenna",
                "label": gettext("Device %(key)s") % {"key": one.key},
                "detail": gettext("its fields, its secret, its health"),
                "url": telling.address(room, "device", one.id),
            }
        )
        if room.actor.governs(room.territory.id) and (ledger := url_or_none("live:ledger", territory=slug)):
            found.append(
                {
                    "icon": "inbox",
                    "label": gettext("Its messages"),
                    "detail": gettext("received, stored, refused"),
                    "url": f"{ledger}?device={one.key}",
                }
            )
    if view.kind:
        found.append(
            {
                "icon": "stack-2",
                "label": words.kinds(view.kind),
                "detail": gettext("all of this kind, the most urgent first"),
                "url": f"{telling.address(room, 'things')}?kind={view.kind}"
                + ("&view=table" if room.is_cockpit else ""),
            }
        )
    return found
