"""How well a rule finds what people marked as wrong: precision, recall, delay."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from belvedere.science.alarms.watching import Episode

Window = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """Alarms that met a marked window (`good`) and that met none (`idle`); windows found and missed; the
    seconds from the beginning of each found window to its first alarm (0 when it was raised before)."""

    good: int
    idle: int
    found: int
    missed: int
    delays_s: tuple[float, ...]

    @property
    def precision(self) -> float | None:
        """Share of the alarms that meant something; None without alarms."""
        return self.good / (self.good + self.idle) if self.good + self.idle else None

    @property
    def recall(self) -> float | None:
        """Share of the windows that were found; None without windows."""
        return self.found / (self.found + self.missed) if self.found + self.missed else None

    @property
    def delay_s(self) -> float | None:
        """The middle delay; None when nothing was found."""
        return statistics.median(self.delays_s) if self.delays_s else None

    def __add__(self, other: Score) -> Score:
        return Score(
            self.good + other.good,
            self.idle + other.idle,
            self.found + other.found,
            self.missed + other.missed,
            self.delays_s + other.delays_s,
        )


NOTHING = Score(0, 0, 0, 0, ())


def score(alarms: Sequence[Episode], windows: Sequence[Window]) -> Score:
    """Alarms against marked windows; one that overlaps a window meets it."""
    good = sum(any(_meets(one, window) for window in windows) for one in alarms)
    delays = []
    for window in windows:
        met = [one.start for one in alarms if _meets(one, window)]
        if met:
            delays.append(max(0.0, min(met) - window[0]))
    return Score(good, len(alarms) - good, len(delays), len(windows) - len(delays), tuple(delays))


def _meets(alarm: Episode, window: Window) -> bool:
    start, end = window
    return alarm.start <= end and (alarm.end is None or alarm.end >= start)
