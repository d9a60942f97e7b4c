"""How far a number lies from what it is compared with, and the level that this is judged by."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappop, heappush

from belvedere.science.alarms.conditions import Level, Side

#: With fewer others that tell something nothing is said.
FEWEST = 4


class Apart(StrEnum):
    """On which side a number is wrong."""

    ABOVE = "above"
    BELOW = "below"
    EITHER = "either"


class Measure(StrEnum):
    """In what a distance is told."""

    SHARE = "share"  # of what it is compared with: 0.5 is half as much again
    UNITS = "units"  # of the series
    DEVIATIONS = "deviations"  # standard ones, from the median absolute deviation


def distance(number: float, centre: float, spread: float, measure: Measure) -> float:
    """How far `number` lies above (below: negative) `centre`; NaN where that says nothing: nothing is known
    to compare with, a share of zero, no spread."""
    apart = number - centre
    if measure is Measure.UNITS or not math.isfinite(apart):
        return apart
    base = abs(centre) if measure is Measure.SHARE else spread
    return apart / base if base > 0 else math.nan


def level_of(apart: Apart, by: float, clears_at: float | None = None) -> Level:
    """The level that a distance is judged by; it is over again once it is no more than `clears_at`. Of
    `EITHER` side give the distance without its sign."""
    if apart is Apart.BELOW:
        return Level(Side.BELOW, -by, None if clears_at is None else -clears_at)
    return Level(Side.ABOVE, by, clears_at)


@dataclass(slots=True)
class Group:
    """What some things told last, each at most `fresh_s` before the newest of them.

    The same readings make the same group in whatever order things of one instant told them; it can be made
    anew from the last reading of each."""

    fresh_s: float
    _told: dict[Hashable, tuple[float, float]] = field(default_factory=dict)
    _ranks: list[float] = field(default_factory=list)
    _ages: list[tuple[float, int, Hashable]] = field(default_factory=list)
    _newest: float = -math.inf
    _count: int = 0

    def tell(self, who: Hashable, at: float, number: float) -> None:
        """A finite number, newer than the last of the same thing."""
        self._newest = max(self._newest, at)
        self._leave(who)
        if at >= self._newest - self.fresh_s:
            self._told[who] = (at, number)
            insort(self._ranks, number)
            self._count += 1  # things need not be comparable
            heappush(self._ages, (at, self._count, who))
        while self._ages and self._ages[0][0] < self._newest - self.fresh_s:
            at, _count, old = heappop(self._ages)
            if self._told.get(old, (None,))[0] == at:
                self._leave(old)

    def median_of_others(self, who: Hashable) -> float:
        """The middle of what the others told; NaN where they are fewer than `FEWEST`."""
        ranks, mine = self._ranks, self._told.get(who)
        many = len(ranks) - (mine is not None)
        if many < FEWEST:
            return math.nan
        hole = bisect_left(ranks, mine[1]) if mine is not None else many
        low, high = (place + (place >= hole) for place in ((many - 1) // 2, many // 2))
        return (ranks[low] + ranks[high]) / 2

    def _leave(self, who: Hashable) -> None:
        before = self._told.pop(who, None)
        if before is not None:
            del self._ranks[bisect_left(self._ranks, before[1])]
