"""Several conditions on one thing, which must hold at once, and the hours at which the rule applies.

With one condition it is that condition's watch; with several, what each of them says is judged together and
the durations hold for that. Of readings of one thing give the older first, and those of one instant in any
order before `judge`: what comes out is the same however they are cut into batches, and when the signal was
kept and taken up again in between.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from belvedere.science.alarms.conditions import Condition, Level, Side, Timing
from belvedere.science.alarms.foreseeing import Curve
from belvedere.science.alarms.hours import Schedule
from belvedere.science.alarms.outlook import Outlook, watch_of
from belvedere.science.alarms.watching import Phase, Turn, Watch

TOGETHER = Level(Side.ABOVE, 0.5)
_STANDS = (Phase.RAISED, Phase.ENDING)


class Signal:
    """All of these conditions, one for each series."""

    __slots__ = ("bound", "gate", "parts", "schedule")

    def __init__(
        self, conditions: Sequence[Condition], timing: Timing, schedule: Schedule | None = None
    ) -> None:
        each = timing if len(conditions) == 1 else Timing(trusted_s=timing.trusted_s)
        self.parts = [watch_of(condition, each) for condition in conditions]
        self.gate = self.parts[0] if len(conditions) == 1 else _gate(timing)
        self.schedule = schedule
        self.bound = math.inf  # until then the hours stay as they are

    @property
    def phase(self) -> Phase:
        return self.gate.phase

    @property
    def is_raised(self) -> bool:
        """Raised, and not over yet."""
        return self.gate.phase in _STANDS

    @property
    def holds(self) -> bool:
        """Whether all conditions hold now, whatever the durations."""
        return all(part.phase in _STANDS for part in self.parts)

    def begins(self, at: float) -> list[Turn]:
        """From now on it counts; what was last read too (set it in `parts` before)."""
        for part in self.parts:
            part.opened_at = None
        if self.gate is not self.parts[0]:
            self.gate.opened_at = None
            for part in self.parts:
                part.opens(at)
            self.gate.number = float(self.holds)
            self.gate.heard_at = at
        applies, self.bound = self.schedule.at(at) if self.schedule is not None else (True, math.inf)
        return self.gate.opens(at) if applies else []

    def read(self, part: int, at: float, number: float) -> list[Turn]:
        """A reading of one series. With several conditions call `judge` after those of one instant."""
        watch = self.parts[part]
        if watch is self.gate and at < self.bound:
            return watch.read(at, number)
        turns = self.passes(at)
        said = watch.read(at, number)
        return turns + said if watch is self.gate else turns

    def foresees(self, part: int, at: float, curve: Curve) -> list[Turn]:
        """A forecast of one series, that was made then."""
        watch = self.parts[part]
        assert isinstance(watch, Outlook)
        turns = self.passes(at)
        said = watch.foresees(at, curve)
        return turns + said if watch is self.gate else turns

    def judge(self, at: float) -> list[Turn]:
        """All readings of this instant are read: whether all conditions hold."""
        return [] if self.gate is self.parts[0] else self.gate.judged(float(self.holds), at)

    def passes(self, at: float) -> list[Turn]:
        """Time goes on to `at`."""
        if at < self.bound and self.gate is self.parts[0]:
            return self.gate.passes(at)
        turns: list[Turn] = []
        while (due := self.next_due()) is not None and due <= at:
            turns += self._step(due)
        return turns

    def next_due(self) -> float | None:
        """When something changes if nothing is read until then; None: never."""
        due = self.gate.next_due()
        if self.gate is not self.parts[0]:
            for part in self.parts:
                other = part.next_due()
                if other is not None and (due is None or other < due):
                    due = other
        if self.bound < math.inf and (due is None or self.bound < due):
            due = self.bound
        return due

    def saved(self) -> list[Any]:
        """What `restore` needs, as JSON can hold it."""
        bound = self.bound if math.isfinite(self.bound) else None
        gate = None if self.gate is self.parts[0] else self.gate.saved()
        return [bound, gate, [part.saved() for part in self.parts]]

    def restore(self, saved: Sequence[Any]) -> None:
        """Be where the signal was that was `saved`; it had the same conditions."""
        bound, gate, parts = saved
        single = self.gate is self.parts[0]
        self.bound = math.inf if bound is None else bound
        self.parts = [
            type(one).restored(one.condition, one.timing, kept)
            for one, kept in zip(self.parts, parts, strict=True)
        ]
        self.gate = self.parts[0] if single else Watch.restored(self.gate.condition, self.gate.timing, gate)

    def _step(self, due: float) -> list[Turn]:
        turns: list[Turn] = []
        if self.gate is not self.parts[0]:
            for part in self.parts:
                part.passes(due)
            turns += self.gate.judged(float(self.holds), due)
        return turns + self._step_gate(due)

    def _step_gate(self, due: float) -> list[Turn]:
        turns = self.gate.passes(due)
        if due >= self.bound:
            assert self.schedule is not None
            applies, self.bound = self.schedule.at(due)
            turns += self.gate.opens(due) if applies else self.gate.shuts(due)
        return turns


def _gate(timing: Timing) -> Watch:
    return Watch(TOGETHER, Timing(timing.for_s, timing.clear_for_s))
