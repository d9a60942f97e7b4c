"""How alarms load the people who look at them: floods, chattering, how long things take.

The figures are those of EEMUA 191 (alarm systems, third edition 2013, chapter on performance metrics) and
ANSI/ISA-18.2-2016, table of performance metrics. Instants are seconds since 1970.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

SPAN_S: Final = 600.0
#: More than that in ten minutes begins a flood; fewer than `CALM` ends it (for one operator).
FLOOD: Final = 10
CALM: Final = 5
#: About one in ten minutes is very likely acceptable, two are the most that can be managed.
ACCEPTABLE_A_DAY: Final = 144
MANAGEABLE_A_DAY: Final = 288
#: Raised again so often within an hour it chatters.
CHATTERS: Final = 3
STALE_S: Final = 86_400.0
#: The share of each priority that a well-kept system has: low, middle, high.
SHARES: Final = (0.80, 0.15, 0.05)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Flood:
    """From the ten minutes that begin it to those in which it is over: how many alarms, and at most in ten
    minutes."""

    start: float
    end: float
    alarms: int
    peak: int


def floods(instants: Iterable[float], operators: int = 1) -> list[Flood]:
    """The floods among these alarms, counted in ten minutes of the clock.

    Args:
        instants: when alarms were raised, in any order.
        operators: among how many people they are shared; at least one.
    """
    counts: dict[int, int] = defaultdict(int)
    for at in instants:
        counts[int(at // SPAN_S)] += 1
    found: list[Flood] = []
    begun: int | None = None
    many = peak = 0
    for span in sorted({place for one in counts for place in (one, one + 1)}):
        here = counts.get(span, 0)
        if begun is None and here > FLOOD * operators:
            begun, many, peak = span, 0, 0
        elif begun is not None and here < CALM * operators:
            found.append(Flood(begun * SPAN_S, span * SPAN_S, many, peak))
            begun = None
        if begun is not None:
            many, peak = many + here, max(peak, here)
    if begun is not None:  # the span after the last alarm is empty, so this is never so
        found.append(Flood(begun * SPAN_S, (begun + 1) * SPAN_S, many, peak))
    return found


def chattering(raised: Mapping[Key, Sequence[float]], *, within_s: float = 3600.0) -> dict[Key, int]:
    """Those raised at least `CHATTERS` times within an hour: the most of it in any hour."""
    found: dict[Key, int] = {}
    for key, instants in raised.items():
        times = np.sort(np.asarray(instants, np.float64))
        inside = np.searchsorted(times, times + within_s, side="right") - np.arange(len(times))
        most = int(inside.max(initial=0))
        if most >= CHATTERS:
            found[key] = most
    return found


@dataclass(frozen=True, slots=True)
class Lasted:
    """Of `count` durations the middle one and that of which nine in ten are no longer; None without any."""

    count: int
    middle_s: float | None
    ninth_s: float | None


def lasted(durations_s: Sequence[float]) -> Lasted:
    """How long something took."""
    if not durations_s:
        return Lasted(0, None, None)
    middle, ninth = np.quantile(np.asarray(durations_s, np.float64), [0.5, 0.9])
    return Lasted(len(durations_s), float(middle), float(ninth))
