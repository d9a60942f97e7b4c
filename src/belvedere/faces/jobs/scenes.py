"""Scenes follow the calendar: rounds of asking what is due."""

from __future__ import annotations

from belvedere.domains.scenes.public import ask_due
from belvedere.engines.rounds import Rounds
from belvedere.kernel.clock import now

LOOK_S = 1.0


class SceneClock(Rounds):
    """The thread that asks."""

    name = "scenes"

    def round(self) -> float:
        self.totals.update(ask_due(now()))
        return LOOK_S
