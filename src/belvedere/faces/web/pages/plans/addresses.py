"""The addresses of the edits of a measure."""

from __future__ import annotations

from typing import Any

from belvedere.domains.plans.public import views
from belvedere.faces.web.pages.plans.edit_parts import PARTS
from belvedere.faces.web.pages.plans.rooms import Room


def edit_url(room: Room, view: views.MeasureView, part: str, item: object = None) -> str:
    if item is None:
        return room.url("edit", measure_id=view.id, part=part)
    return room.url("edit_item", measure_id=view.id, part=part, item=item)


def open_url(room: Room, view: views.MeasureView, part: str, row: Any = None) -> str:
    """The address of an edit, "" in the portal and for those who may not make it."""
    asked = PARTS[part]
    if not room.is_cockpit or not asked.allows(room, view, row):
        return ""
    return edit_url(room, view, part, None if row is None else row.id)


def edits(room: Room, view: views.MeasureView) -> dict[str, str]:
    """The addresses of the edits open to the actor that need no item, by part."""
    if not room.is_cockpit:
        return {}
    return {
        key: edit_url(room, view, key)
        for key, part in PARTS.items()
        if part.takes(None) and part.allows(room, view)
    }
