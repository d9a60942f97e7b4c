"""What is foreseen, followed through time: raised when a number beyond the level comes within reach.

A forecast says now what will come later; so the clock alone turns the condition, at instants that are known
the moment the forecast is heard. Only those are kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from belvedere.science.alarms.conditions import Condition, Foreseen, Timing
from belvedere.science.alarms.foreseeing import Curve, Step, coming
from belvedere.science.alarms.watching import Phase, Turn, Watch


@dataclass(slots=True)
class Outlook(Watch):
    """A condition over what is foreseen. `number` is what makes it hold or not, foreseen for `when`."""

    steps: list[Step] = field(default_factory=list)
    reached: float = -math.inf  # the last step that was made
    when: float | None = None

    def foresees(self, at: float, curve: Curve) -> list[Turn]:
        """A forecast, made after those before: it counts from then on, in their place. One that is heard
        after the clock has turned what was there counts from that turn on."""
        if at <= self.heard_at:
            return []
        turns = self.passes(at)
        self.heard_at = at
        start = max(at, self.reached)
        self.steps = coming(curve, self._foreseen, start)
        return turns + self._make(start)

    def passes(self, at: float) -> list[Turn]:
        # No super(): a dataclass with slots is made twice, and the name would mean the first one.
        return self._make(at) + Watch.passes(self, at)

    def next_due(self) -> float | None:
        due = Watch.next_due(self)
        if not self.steps or self.opened_at is None:
            return due
        return self.steps[0].at if due is None else min(due, self.steps[0].at)

    def opens(self, at: float) -> list[Turn]:
        if self.opened_at is None:
            self._make(at)
        return Watch.opens(self, at)

    def saved(self) -> list[Any]:
        reached = self.reached if math.isfinite(self.reached) else None
        steps = [[_or_none(number) for number in step] for step in self.steps]
        return [*Watch.saved(self), steps, reached, self.when]

    @classmethod
    def restored(cls, condition: Condition, timing: Timing, saved: Sequence[Any]) -> Outlook:
        *first, steps, reached, when = saved
        one = Watch.restored(condition, timing, first)
        return cls(
            condition,
            timing,
            one.phase,
            one.since,
            one.heard_at,
            one.number,
            one.opened_at,
            one.past,
            [Step(at, _or_nan(number), _or_nan(then)) for at, number, then in steps],
            -math.inf if reached is None else reached,
            when,
        )

    @property
    def _foreseen(self) -> Foreseen:
        assert isinstance(self.condition, Foreseen)
        return self.condition

    def _make(self, until: float) -> list[Turn]:
        """The steps up to an instant."""
        turns: list[Turn] = []
        while self.steps and self.steps[0].at <= until:
            step = self.steps.pop(0)
            turns += Watch.passes(self, step.at)
            self.reached = max(self.reached, step.at)
            if not math.isfinite(step.number) or step.at > self._trusted_until():
                self.number = self.when = None  # nobody knows: what waits does so no longer
                if self.phase is Phase.WAITING:
                    self._go(Phase.CALM, step.at)
                continue
            self.number, self.when = step.number, step.when
            if self.opened_at is not None:
                turns += self._told(self._holds(step.at, step.number), step.at)
        return turns

    def _holds(self, at: float, number: float) -> bool:
        return self._foreseen.level.holds(number, self.phase in (Phase.RAISED, Phase.ENDING))

    def _still(self, number: float) -> bool:
        return self._foreseen.level.holds(number, False)


def watch_of(condition: Condition, timing: Timing) -> Watch:
    """What follows a condition."""
    return Outlook(condition, timing) if isinstance(condition, Foreseen) else Watch(condition, timing)


def _or_none(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number
