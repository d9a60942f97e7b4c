"""A bin of Montaigu that told something, for questions about the live territory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from belvedere.kernel.geometry import from_geojson
from tests.people import Valbelle


@dataclass(frozen=True)
class Bin:
    thing_id: int
    series_id: int
    device_id: UUID


def bin_of(valbelle: Valbelle, key: str = "bac-1", **given: Any) -> Bin:
    """A container with its device, which knows the fields usual for it."""
    territory, actor = territory_by_slug("valbelle"), Actor.system()
    draft = twin.EntityDraft(
        **{
            "kind": "waste-container",
            "names": {"fr": f"Bac {key}"},
            "owner_id": valbelle.montaigu.pk,
            "shape": from_geojson({"type": "Point", "coordinates": [7.36, 46.23]}),
            **given,
        }
    )
    thing_id = twin.create_entity(actor=actor, territory=territory, draft=draft)
    made = twin.register_device(
        actor=actor, territory=territory, draft=twin.DeviceDraft(key=key, entity_id=thing_id)
    )
    feed = twin.feeds([("valbelle", key)])["valbelle", key]
    return Bin(thing_id, feed.fields["fillingLevel"].series_id, made.device_id)


def tell(*payloads: Any, key: str = "bac-1", first: int = 1, minutes: int = 6) -> None:
    """Messages as the bus would hand them over; bytes as they are."""
    start = now() - timedelta(minutes=minutes)
    intake.take(
        "test",
        [
            intake.Message(
                f"devices.valbelle.{key}",
                one if isinstance(one, bytes) else json.dumps(one).encode(),
                first + at,
                start + timedelta(seconds=at),
            )
            for at, one in enumerate(payloads)
        ],
    )
