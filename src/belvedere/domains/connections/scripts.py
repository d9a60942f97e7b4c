"""JavaScript decoders run within their means: who keeps exhausting the limits is left out for a while.

Each script has an allowance of time, spent by its runs and filled again slowly. One that is stopped pays much
more than it took, so after a few of them its uplinks are refused without a run, and other devices go on.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from belvedere.domains.connections.frames import Frame
from belvedere.domains.connections.states import Undecoded
from belvedere.engines.sandbox import LIMITS, Ended, Run, Sandbox, shared
from belvedere.kernel.errors import N_

ALLOWANCE_S = 3.0
REFILL = 0.2  # seconds of running for each second that passes
PENALTY_S = 1.0  # for a run that had to be stopped
MOST_KNOWN = 1000

#: What a run that was stopped is told as.
STOPPED = {
    Ended.TIME: N_("it did not end in time"),
    Ended.MEMORY: N_("it took too much memory"),
    Ended.SIZE: N_("it gave too much"),
}
SPENT = N_("it took too much time lately")


@dataclass(frozen=True, slots=True)
class Failed:
    """Why nothing came out."""

    why: Undecoded
    detail: str = ""


@dataclass(slots=True)
class Means:
    """What each script may still spend, in seconds, in this process."""

    clock: Callable[[], float] = time.monotonic
    _left: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def has(self, script: UUID) -> bool:
        """Whether it may run once more."""
        return self._of(script) > 0

    def spend(self, script: UUID, seconds: float) -> None:
        """It ran for so long."""
        left = self._of(script)
        with self._lock:
            if len(self._left) >= MOST_KNOWN:
                self._left.clear()
            self._left[script] = (max(left - seconds, -ALLOWANCE_S), self.clock())

    def _of(self, script: UUID) -> float:
        with self._lock:
            left, at = self._left.get(script, (ALLOWANCE_S, self.clock()))
            return min(ALLOWANCE_S, left + (self.clock() - at) * REFILL)


_means = Means()


def run_script(
    script: UUID, source: str, frame: Frame, *, means: Means | None = None, sandbox: Sandbox | None = None
) -> Mapping[str, Any] | Failed:
    """What a script makes of an uplink."""
    run = within_means(script, lambda: try_script(source, frame, sandbox=sandbox), means)
    return Failed(Undecoded.LIMIT, SPENT) if run is None else outcome_of(run)


def within_means(script: UUID, run: Callable[[], Run], means: Means | None = None) -> Run | None:
    """A run that is paid for; None where the script has nothing left to spend."""
    means = means or _means
    if not means.has(script):
        return None
    made = run()
    means.spend(script, made.seconds + (PENALTY_S if made.ended in LIMITS else 0.0))
    return made


def try_script(source: str, frame: Frame, *, sandbox: Sandbox | None = None) -> Run:
    """One run, whatever the script may still spend."""
    given: dict[str, Any] = {
        "bytes": list(frame.data),
        "fPort": frame.port,
        "variables": {},
        "recvTime": frame.t.isoformat() if frame.t else None,
    }
    return (sandbox or shared()).run(source, given)


def outcome_of(run: Run) -> Mapping[str, Any] | Failed:
    """The fields that a run gave, or why it gave none."""
    if run.ended in LIMITS:
        return Failed(Undecoded.LIMIT, STOPPED[run.ended])
    if run.ended is Ended.ERROR:
        return Failed(Undecoded.ERROR, run.text)
    if run.ended is Ended.MISSING:
        return Failed(Undecoded.ERROR, "no function decodeUplink or Decode")
    try:
        told = json.loads(run.text) if run.ended is Ended.DECODED else None
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else Failed(Undecoded.OUTPUT, "not an object")
