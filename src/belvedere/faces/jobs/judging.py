"""Rules follow what things tell: rounds of judging, by one process of those that could, until stopped."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from belvedere.domains.automation.public import Judge
from belvedere.engines import pulse
from belvedere.engines.home import Home
from belvedere.engines.postgres import database_url
from belvedere.engines.turns import Turn
from belvedere.kernel.clock import now
from belvedere.kernel.errors import BelvedereError

NAME = "supervision"
#: Between two looks into the inbox: while something is watched, while nothing is.
LOOK_S, IDLE_S = 0.2, 1.0
BEAT_S = 2.0
log = logging.getLogger(__name__)


class Supervision:
    """The thread that judges."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._judge = Judge()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        self._beat_at = 0.0
        self._told: dict[str, Any] = {"state": "starting", "lag_s": 0.0, "things": 0}
        self._totals = {"readings": 0, "steps": 0, "rounds": 0, "faults": 0}

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End soon: after the round that is under way."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        turn = Turn(database_url(self._home), NAME)
        with asyncio.Runner() as runner:
            try:
                while not self._stopping.is_set():
                    rest_s = self._once(runner, turn)
                    self._beat()
                    self._stopping.wait(rest_s)
            finally:
                runner.run(turn.give_up())
                connection.close()
                pulse.forget(self._home, NAME)

    def _once(self, runner: asyncio.Runner, turn: Turn) -> float:
        """One round, if it is our turn; how long to rest after it."""
        try:
            if not runner.run(turn.mine()):
                self._told["state"] = "standing by"
                self._judge.forget()
                return IDLE_S
            done = self._judge.round()
        except (DatabaseError, InterfaceError, BelvedereError) as error:
            log.warning("supervision waits: %s", error)
            connection.close()
            self._told["state"] = "waiting for PostgreSQL"
            return IDLE_S
        except Exception:
            log.exception("a round of supervision failed")
            self._totals["faults"] += 1
            self._told["state"] = "failing"
            return IDLE_S
        self._totals["readings"] += done.readings
        self._totals["steps"] += done.steps
        self._totals["rounds"] += 1
        lag_s = 0.0 if done.oldest is None else max(0.0, (now() - done.oldest).total_seconds())
        self._told |= {"state": "ready", "lag_s": lag_s, "things": self._judge.things}
        if done.more:
            return 0.0
        return LOOK_S if self._judge.things else IDLE_S

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at >= BEAT_S:
            self._beat_at = time.monotonic()
            totals = {**self._totals, "faults": self._totals["faults"] + self._judge.faults}
            pulse.beat(self._home, NAME, {**self._told, "totals": totals})
