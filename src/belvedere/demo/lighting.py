"""A scene of the demo: the lamps under a cabinet of Sion dim at night, but one of them refuses to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment import public as equipment
from belvedere.domains.scenes import public as scenes
from belvedere.domains.scenes.public import Figures, Reach, SceneDraft
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin

TOWN: Final = "sion"
NAME: Final = "Sion, éclairage abaissé la nuit"
FIGURES: Final = Figures(45.0, "0.28", 54.0, "Chiffres inventés pour la démonstration")
#: The second lamp of the demo stands in Sion, and its driver does not dim: see `live_lamps.REFUSES`.
STUBBORN: Final = 1
MOST: Final = 12


def fill(actor: Actor, territory: TerritoryView, organisations: Mapping[str, UUID]) -> UUID:
    """Write the scene for the cabinet of the lamp that refuses, and switch it on; gives its id."""
    owner = organisations[TOWN]
    found = twin.entities_in(actor, territory.id, kinds=["streetlight"], owners=[owner], values=False)
    lamps = sorted(one.id for one in found.dots)
    lamp = equipment.by_thing([lamps[STUBBORN]]).get(lamps[STUBBORN])
    cabinet = lamp.parent_id if lamp is not None else None
    reach = Reach(things=tuple(lamps[:MOST])) if cabinet is None else Reach(under=(cabinet,))
    body = msgspec.structs.replace(scenes.presets()["dimmed"].body, reach=reach, figures=FIGURES)
    made = scenes.save_scene(actor=actor, territory=territory, draft=SceneDraft(owner, NAME, body))
    scenes.switch_scene(actor=actor, territory=territory, scene_id=made, on=True)
    return made
