"""Rules follow what things tell: rounds of judging."""

from __future__ import annotations

from typing import Any

from belvedere.domains.automation.public import Judge
from belvedere.engines.home import Home
from belvedere.engines.rounds import IDLE_S, Rounds
from belvedere.kernel.clock import now

#: Between two looks into the inbox while something is watched.
LOOK_S = 0.2


class Supervision(Rounds):
    """The thread that judges."""

    name = "supervision"

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._judge = Judge()
        self._lag_s = 0.0
        self.totals.update(readings=0, steps=0, rounds=0)

    def round(self) -> float:
        faults = self._judge.faults
        done = self._judge.round()
        faults = self._judge.faults - faults
        self.totals.update(readings=done.readings, steps=done.steps, rounds=1, faults=faults)
        self._lag_s = 0.0 if done.oldest is None else max(0.0, (now() - done.oldest).total_seconds())
        if done.more:
            return 0.0
        return LOOK_S if self._judge.things else IDLE_S

    def stand_by(self) -> None:
        self._judge.forget()

    def told(self) -> dict[str, Any]:
        return {"lag_s": self._lag_s, "things": self._judge.things}
