"""A scene of the lamps of Montaigu."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from belvedere.domains.scenes import public as scenes
from belvedere.domains.scenes.public import (
    Figures,
    SceneBody,
    SceneDraft,
    SheetBody,
    StepBody,
    when_of,
)
from tests.domains.commands.lamps import Lamps

ZONE = ZoneInfo("Europe/Zurich")
FIGURES = Figures(40.0, "0.27", 128.0, "facture 2025; OFEV 2022")
STEPS = (("sunset", 100.0), ("23:00", 30.0), ("05:30", 70.0), ("sunrise", 0.0))


def body(steps: Any = STEPS, command: str = "dim", **said: Any) -> SceneBody:
    sheet = SheetBody(tuple(StepBody(when_of(when), value) for when, value in steps))
    return SceneBody(command, (sheet,), **{"figures": FIGURES, **said})


def written(lamps: Lamps, what: SceneBody | None = None, **said: Any) -> UUID:
    draft = SceneDraft(lamps.owner_id, said.pop("name", "Rue de la Gare"), what or body())
    return scenes.save_scene(
        actor=said.pop("actor", lamps.lead), territory=lamps.territory, draft=draft, **said
    )


def switched_on(lamps: Lamps, what: SceneBody | None = None) -> UUID:
    made = written(lamps, what)
    scenes.switch_scene(actor=lamps.lead, territory=lamps.territory, scene_id=made, on=True)
    return made
