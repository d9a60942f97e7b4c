"""What is foreseen: a curve of numbers to come, the forecasts made one after the other, what lies ahead.

A forecast is made at an instant and stands from then on, until the next one is made. Instants are seconds
since 1970, numbers in the unit of the series.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from belvedere.science.alarms.conditions import Foreseen, Level, Side


@dataclass(frozen=True, slots=True)
class Curve:
    """Numbers at instants, which ascend; straight in between. NaN: nothing is foreseen there, nor on the way
    to it."""

    times: tuple[float, ...]
    numbers: tuple[float, ...]

    def at(self, instant: float) -> float:
        """The number at an instant; NaN before the first one, after the last one, and over a gap."""
        after = bisect_left(self.times, instant)
        if after == len(self.times):
            return math.nan
        if self.times[after] == instant:
            return self.numbers[after]
        if after == 0:
            return math.nan
        start, end = self.times[after - 1], self.times[after]
        part = (instant - start) / (end - start)
        return self.numbers[after - 1] * (1 - part) + self.numbers[after] * part

    def between(self, first: float, last: float) -> Curve:
        """What is needed of it for the instants from `first` to `last`."""
        low = max(bisect_right(self.times, first) - 1, 0)
        high = bisect_left(self.times, last) + 1
        return Curve(self.times[low:high], self.numbers[low:high])


@dataclass(slots=True)
class Forecasts:
    """Those that were made, each standing for the instants later than `lead_s` after it, until the next one
    does: what comes out does not depend on the order in which they are heard."""

    lead_s: float = 0.0
    _made: list[tuple[float, Curve]] = field(default_factory=list)

    def heard(self, made_at: float, curve: Curve) -> None:
        """One that was made then; of two of one instant the later heard stands."""
        place = bisect_left(self._made, made_at, key=_instant)
        if place < len(self._made) and self._made[place][0] == made_at:
            self._made[place] = (made_at, curve)
        else:
            insort(self._made, (made_at, curve), key=_instant)
        for one in range(max(place - 1, 0), min(place + 1, len(self._made) - 1)):
            # Of those that others followed only what lies in their turn is kept.
            at, held = self._made[one]
            self._made[one] = (at, held.between(at + self.lead_s, self._made[one + 1][0] + self.lead_s))

    def at(self, instant: float) -> float:
        """What was foreseen of an instant more than `lead_s` before it; NaN where nothing was."""
        place = bisect_left(self._made, instant - self.lead_s, key=_instant)
        return self._made[place - 1][1].at(instant) if place else math.nan

    def forget(self, before: float) -> None:
        """Nothing older than this is asked any more."""
        place = bisect_left(self._made, before - self.lead_s, key=_instant)
        del self._made[: max(place - 1, 0)]

    def saved(self) -> list[Any]:
        """What `restore` reads."""
        return [[at, curve.times, curve.numbers] for at, curve in self._made]

    def restore(self, saved: Iterable[Sequence[Any]]) -> None:
        self._made = [(at, Curve(tuple(times), tuple(numbers))) for at, times, numbers in saved]


class Step(NamedTuple):
    """From `at` on the highest (lowest) number ahead is this one, foreseen for `when`; NaN: none is."""

    at: float
    number: float
    when: float


def ahead(curve: Curve, side: Side, within_s: float, start: float) -> list[Step]:
    """The highest (above) or lowest (below) of the numbers that the curve gives for instants later than t and
    no later than t + `within_s`, by t, from `start` on: a step wherever it changes."""
    sign = 1.0 if side is Side.ABOVE else -1.0
    told = [one for one in zip(curve.times, curve.numbers, strict=True) if math.isfinite(one[1])]
    turns = sorted({start, *(t for at, _n in told for t in (at - within_s, at) if t > start)})
    window: deque[tuple[float, float]] = deque()  # falling numbers (rising: below), ascending instants
    found: list[Step] = []
    entering = 0
    for t in turns:
        while entering < len(told) and told[entering][0] <= t + within_s:
            while window and sign * window[-1][1] < sign * told[entering][1]:
                window.pop()
            window.append(told[entering])
            entering += 1
        while window and window[0][0] <= t:
            window.popleft()
        step = Step(t, window[0][1], window[0][0]) if window else Step(t, math.nan, math.nan)
        if not found or found[-1][1:] != step[1:]:
            found.append(step)
    return found


def deciding(steps: Iterable[Step], level: Level) -> list[Step]:
    """Those at which something else holds than before."""
    found: list[Step] = []
    before: tuple[bool, ...] | None = None
    for step in steps:
        known = math.isfinite(step.number)
        now = (known, known and level.holds(step.number, False), known and level.holds(step.number, True))
        if now != before:
            found.append(step)
            before = now
    return found


def coming(curve: Curve, condition: Foreseen, start: float) -> list[Step]:
    """From `start` on, the steps at which the condition turns if no other forecast is made."""
    return deciding(ahead(curve, condition.level.side, condition.within_s, start), condition.level)


def _instant(one: tuple[float, Curve]) -> float:
    return one[0]
