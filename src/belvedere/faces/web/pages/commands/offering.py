"""Where a thing, or all lamps under a cabinet, are commanded: for the pages that offer it to who may."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from belvedere.domains.commands import public as commands
from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.plans.rooms import Room


def command_url(room: Room, entity_id: int) -> str:
    """Where a thing is commanded, for who may; else nothing."""
    thing = twin.reachable([entity_id]).get(entity_id)
    if thing is None or not commands.kinds_for(thing.kind):
        return ""
    if commands.may(room.actor, "request", thing.territory_id, thing.owner_id) is not None:
        return ""
    return reverse("commands:new", args=[room.territory]) + f"?thing={entity_id}"


def street_url(room: Room, kind: str, owner_id: UUID, equipment_id: UUID) -> str:
    """Where the lamps under a cabinet are commanded together, for who may; else nothing."""
    if kind != "cabinet" or commands.may(room.actor, "request", room.territory.id, owner_id) is not None:
        return ""
    return reverse("commands:new", args=[room.territory]) + f"?under={equipment_id}"


def scene_url(room: Room, kind: str, owner_id: UUID, equipment_id: UUID) -> str:
    """Where a scene for the lamps under a cabinet is written, for who may; else nothing."""
    if kind != "cabinet" or commands.may(room.actor, "write_scene", room.territory.id, owner_id) is not None:
        return ""
    return reverse("scenes:new", args=[room.territory, "dimmed"]) + f"?under={equipment_id}&owner={owner_id}"
