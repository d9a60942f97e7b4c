"""Work done in rounds by a thread of its own: of the processes that could, by the one whose turn it is, until
stopped. How it goes is told to whoever asks whether the platform is well."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from typing import Any, ClassVar

from django.db import DatabaseError, InterfaceError, connection

from belvedere.engines import pulse
from belvedere.engines.home import Home
from belvedere.engines.postgres import database_url
from belvedere.engines.turns import Turn
from belvedere.kernel.errors import BelvedereError

#: Between two looks at whose turn it is, and after something went wrong; between two words of how it goes.
IDLE_S, BEAT_S = 1.0, 2.0
log = logging.getLogger(__name__)


class Rounds(ABC):
    """The thread. What it did is counted in `totals`; `state` and what `told` gives are read beside it."""

    name: ClassVar[str]

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._beat_at = float("-inf")
        self.state = "starting"
        self.totals: Counter[str] = Counter(faults=0)

    @abstractmethod
    def round(self) -> float:
        """Do what is due; gives how many seconds to rest after it."""

    def stand_by(self) -> None:  # noqa: B027 (most have nothing to forget)
        """Another process works now: forget what only the one that works may know."""

    def told(self) -> dict[str, Any]:
        """What else is told of how it goes."""
        return {}

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End soon: after the round that is under way."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        turn = Turn(database_url(self._home), self.name)
        with asyncio.Runner() as runner:
            try:
                while not self._stopping.is_set():
                    rest_s = self._once(runner, turn)
                    self._beat()
                    self._stopping.wait(rest_s)
            finally:
                runner.run(turn.give_up())
                connection.close()
                pulse.forget(self._home, self.name)

    def _once(self, runner: asyncio.Runner, turn: Turn) -> float:
        """One round, if it is our turn; how long to rest after it."""
        try:
            if not runner.run(turn.mine()):
                self.state = "standing by"
                self.stand_by()
                return IDLE_S
            rest_s = self.round()
        except (DatabaseError, InterfaceError, BelvedereError) as error:
            log.warning("%s waits: %s", self.name, error)
            connection.close()
            self.state = "waiting for PostgreSQL"
            return IDLE_S
        except Exception:
            log.exception("a round of %s failed", self.name)
            self.totals["faults"] += 1
            self.state = "failing"
            return IDLE_S
        self.state = "ready"
        return rest_s

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at >= BEAT_S:
            self._beat_at = time.monotonic()
            pulse.beat(
                self._home, self.name, {"state": self.state, **self.told(), "totals": dict(self.totals)}
            )
