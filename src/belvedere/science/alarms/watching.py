"""One series followed through time: when its condition is raised and when it is over.

What comes out is the same however the readings are cut into batches, and when the watch was kept and taken
up again in between (`saved`, `restored`); a test holds it to that. A reading stands for what is until the
next one, at most `Timing.trusted_s`: by the clock alone something is raised or over (`passes`, `next_due`).
Not for the order of things: a reading that is older than the last one read says nothing about now, and is
passed over.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from belvedere.science.alarms.conditions import Change, Condition, Level, Side, Silence, Stuck, Timing


class Phase(IntEnum):
    """Where a watch stands."""

    CALM = 0
    WAITING = 1  # it holds, not yet long enough
    RAISED = 2
    ENDING = 3  # it is gone, not yet long enough


@dataclass(frozen=True, slots=True)
class Turn:
    """Raised, or over: when, and the reading that stood then (None before any was read)."""

    at: float
    is_raised: bool
    number: float | None


@dataclass(frozen=True, slots=True)
class Episode:
    """From raised to over (None: not yet), with the reading that raised it."""

    start: float
    end: float | None
    number: float | None


@dataclass(slots=True)
class Watch:
    """A condition over one series."""

    condition: Condition
    timing: Timing = field(default_factory=Timing)
    phase: Phase = Phase.CALM
    since: float = 0.0  # of this phase
    heard_at: float = -math.inf
    number: float | None = None
    opened_at: float | None = -math.inf  # None: the rule does not apply at this hour
    past: list[tuple[float, float]] = field(default_factory=list)  # what `Change` and `Stuck` compare with

    def read(self, at: float, number: float) -> list[Turn]:
        """A reading, newer than those before; not finite: it tells that the thing lives, nothing else."""
        if at <= self.heard_at:
            return []
        turns = self.passes(at)
        self.heard_at = at
        if math.isfinite(number):
            self.number = number
            holds = self._holds(at, number)
        else:
            holds = self.phase in (Phase.WAITING, Phase.RAISED) and not isinstance(self.condition, Silence)
        if self.opened_at is not None:
            turns += self._told(holds, at)
        return turns

    def judged(self, number: float, at: float) -> list[Turn]:
        """A number that was made of other things, from this instant on; never before the last. Not finite:
        nobody knows, what waits does so no longer, what is raised goes on."""
        at = max(at, self.heard_at)
        turns = self.passes(at)
        self.heard_at = at
        if not math.isfinite(number):
            if self.phase is Phase.WAITING:
                self._go(Phase.CALM, at)
            return turns
        self.number = number
        return turns + self._told(self._holds(at, number), at) if self.opened_at is not None else turns

    def passes(self, at: float) -> list[Turn]:
        """Time goes on to `at` without a reading."""
        due = self.next_due()
        if due is None or due > at:
            if self.phase is Phase.WAITING and at > self._trusted_until():
                self._go(Phase.CALM, at)  # nobody knows whether it still holds
            return []
        if self.phase is Phase.ENDING:
            self._go(Phase.CALM, due)
            return [Turn(due, False, self.number)]
        self._go(Phase.RAISED, due)
        return [Turn(due, True, self.number)]

    def next_due(self) -> float | None:
        """When something changes if nothing is read until then; None: never."""
        if self.opened_at is None:
            return None
        if isinstance(self.condition, Silence):
            if self.phase is Phase.CALM and self.heard_at > -math.inf:
                return max(self.heard_at + self.condition.after_s, self.opened_at)
            return None
        if self.phase is Phase.WAITING:
            due = self.since + self.timing.for_s
        elif self.phase is Phase.ENDING:
            due = self.since + self.timing.clear_for_s
        else:
            return None
        return due if due <= self._trusted_until() else None

    def shuts(self, at: float) -> list[Turn]:
        """From now on the rule does not apply (an hour, works): what is raised is over."""
        if self.opened_at is None:
            return []
        turns = self.passes(at)
        was_raised = self.phase in (Phase.RAISED, Phase.ENDING)
        self._go(Phase.CALM, at)
        self.opened_at = None
        return [*turns, Turn(at, False, self.number)] if was_raised else turns

    def opens(self, at: float) -> list[Turn]:
        """The rule applies again: what was last read counts, when it may still be trusted."""
        if self.opened_at is not None:
            return []
        self.opened_at = at
        if isinstance(self.condition, Silence):
            return self.passes(at)
        if self.number is None or at > self._trusted_until():
            return []
        return self._told(self._still(self.number), at)

    def saved(self) -> list[Any]:
        """What `restored` needs beside condition and timing, as JSON can hold it."""
        opened_at = None if self.opened_at is None else _jsonable(self.opened_at)
        past = [list(one) for one in self.past]
        heard_at = _jsonable(self.heard_at)
        return [int(self.phase), self.since, heard_at, self.number, opened_at, self.opened_at is None, past]

    @classmethod
    def restored(cls, condition: Condition, timing: Timing, saved: Sequence[Any]) -> Watch:
        """The watch that was `saved`."""
        phase, since, heard_at, number, opened_at, is_shut, past = saved
        return cls(
            condition,
            timing,
            Phase(phase),
            since,
            -math.inf if heard_at is None else heard_at,
            number,
            None if is_shut else (-math.inf if opened_at is None else opened_at),
            [(at, value) for at, value in past],
        )

    def _trusted_until(self) -> float:
        return self.heard_at + self.timing.trusted_s

    def _go(self, phase: Phase, at: float) -> None:
        self.phase, self.since = phase, at

    def _told(self, holds: bool, at: float) -> list[Turn]:
        """The condition holds, or not, from this instant on."""
        if holds and self.phase is Phase.CALM:
            self._go(Phase.WAITING, at)
            if self.timing.for_s > 0:
                return []
            self._go(Phase.RAISED, at)
            return [Turn(at, True, self.number)]
        if not holds and self.phase is Phase.WAITING:
            self._go(Phase.CALM, at)
        elif not holds and self.phase is Phase.RAISED:
            # By the clock it may have been raised later than this reading says that it was over.
            at = max(at, self.since)
            self._go(Phase.ENDING, at)
            if self.timing.clear_for_s == 0:
                self._go(Phase.CALM, at)
                return [Turn(at, False, self.number)]
        elif holds and self.phase is Phase.ENDING:
            self._go(Phase.RAISED, at)
        return []

    def _holds(self, at: float, number: float) -> bool:
        condition = self.condition
        if isinstance(condition, Level):
            return condition.holds(number, self.phase in (Phase.RAISED, Phase.ENDING))
        if isinstance(condition, Change):
            return self._moved(condition, at, number)
        if isinstance(condition, Stuck):
            if not self.past or abs(number - self.past[0][1]) > condition.within:
                self.past = [(at, number)]
            return at - self.past[0][0] >= condition.over_s
        return False

    def _moved(self, condition: Change, at: float, number: float) -> bool:
        """Whether it moved. Of the window only what may be its lowest (highest) later on is kept."""
        sign = 1.0 if condition.side is Side.ABOVE else -1.0
        past = [one for one in self.past if one[0] >= at - condition.within_s]
        while past and sign * past[-1][1] >= sign * number:
            past.pop()
        past.append((at, number))
        self.past = past
        return sign * (number - past[0][1]) > condition.by

    def _still(self, number: float) -> bool:
        """Whether it holds by what was last read."""
        condition = self.condition
        if isinstance(condition, Level):
            return condition.holds(number, False)
        if isinstance(condition, Stuck):
            return bool(self.past) and self.heard_at - self.past[0][0] >= condition.over_s
        if isinstance(condition, Change) and self.past:
            sign = 1.0 if condition.side is Side.ABOVE else -1.0
            return sign * (number - self.past[0][1]) > condition.by
        return False


def episodes(turns: Iterable[Turn]) -> list[Episode]:
    """Raised and over, paired; the last one may go on."""
    found: list[Episode] = []
    begun: Turn | None = None
    for turn in turns:
        if turn.is_raised:
            begun = turn
        elif begun is not None:
            found.append(Episode(begun.at, turn.at, begun.number))
            begun = None
    return found if begun is None else [*found, Episode(begun.at, None, begun.number)]


def _jsonable(instant: float) -> float | None:
    return instant if math.isfinite(instant) else None
