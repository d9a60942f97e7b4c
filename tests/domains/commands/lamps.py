"""Street lights of Montaigu with their devices, and one that does what it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import shapely

from belvedere.domains.access.public import Actor
from belvedere.domains.commands import public as commands
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.geometry import Shape
from tests.people import People, Valbelle

ME = Actor.system()


@dataclass
class Lamps:
    """Three lamps of Montaigu; `meter` is a water meter with a valve."""

    territory: TerritoryView
    ids: tuple[int, ...]
    meter: int
    lead: Actor
    owner_id: UUID
    users: tuple[str, ...] = ("valbelle.lamp-1", "valbelle.lamp-2", "valbelle.lamp-3")


def set_up(people: People, valbelle: Valbelle) -> Lamps:
    territory = territory_by_slug("valbelle")
    made = twin.create_entities(
        actor=ME,
        territory=territory,
        drafts=[
            twin.EntityDraft(
                kind=kind,
                names={"fr": f"Rue de la Gare {number}"},
                owner_id=valbelle.montaigu.pk,
                visibility=twin.Visibility.OWN,
                shape=Shape(shapely.Point(7.36, 46.23)),
                attributes=(),
            )
            for number, kind in enumerate(["streetlight"] * 3 + ["water-consumption"], 1)
        ],
    )
    twin.register_devices(
        actor=ME,
        territory=territory,
        drafts=[
            twin.DeviceDraft(key=f"lamp-{number}", entity_id=one, expected_interval_s=3600)
            for number, one in enumerate(made, 1)
        ],
    )
    return Lamps(territory, tuple(made[:3]), made[3], people.actor("lead"), valbelle.montaigu.pk)


def ask(lamps: Lamps, value: Any = 40, *, actor: Actor | None = None, which: int = 0, **said: Any) -> Any:
    """A command to dim a lamp."""
    return commands.request_command(
        actor=actor or lamps.lead,
        territory_id=lamps.territory.id,
        entity_id=lamps.ids[which],
        kind_slug="dim",
        value=value,
        **said,
    )


@dataclass
class FakeDevice:
    """Does each id once, and says the same again whenever it is told again."""

    user: str
    done: list[Any] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def hear(self, payload: bytes) -> list[bytes]:
        told = json.loads(payload)
        if told["id"] not in self.known:
            self.known.add(told["id"])
            self.done.append(told["value"])
        return [
            json.dumps({"id": told["id"], "answer": answer, "words": ""}).encode()
            for answer in ("accepted", "done")
        ]
