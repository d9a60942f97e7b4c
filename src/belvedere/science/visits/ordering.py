"""A good order of a day's visits: the nearest next one, then 2-opt.

G. A. Croes, “A method for solving traveling-salesman problems”, Operations Research 6 (1958), 791–812. The
way is open: it begins at the first visit and does not come back. Good, not proven the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_008.8  # mean radius, IUGG
MOST_ROUNDS = 200
Spot = tuple[float, float]
#: Metres from each visit (row) to each (column), the same in both directions.
Legs = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Ordered:
    """`order`: the positions of the visits in the given list; lengths in metres, as given and as ordered."""

    order: tuple[int, ...]
    before_m: float
    after_m: float


def distance_m(a: Spot, b: Spot) -> float:
    """The great circle between two points (longitude and latitude in degrees), in metres."""
    (x1, y1), (x2, y2) = (tuple(map(radians, one)) for one in (a, b))
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def ordered(legs: Legs, start: int = 0) -> Ordered:
    """The visits from `start` on in a good order.

    Stops when no exchange of two legs shortens the way, after `MOST_ROUNDS` rounds at most. The result is
    never longer than the order that was given from the same start.
    """
    if not legs:
        return Ordered((), 0.0, 0.0)
    given = [start, *(one for one in range(len(legs)) if one != start)]
    before = _length(range(len(legs)), legs)
    found = min(
        (_improved(way, legs) for way in (_nearest(start, legs), given)), key=lambda w: _length(w, legs)
    )
    return Ordered(tuple(found), before, _length(found, legs))


def _length(way: Sequence[int], legs: Legs) -> float:
    return sum(legs[a][b] for a, b in pairwise(way))


def _nearest(start: int, legs: Legs) -> list[int]:
    way, left = [start], set(range(len(legs))) - {start}
    while left:
        following = min(left, key=lambda one: (legs[way[-1]][one], one))
        way.append(following)
        left.remove(following)
    return way


def _improved(way: list[int], legs: Legs) -> list[int]:
    """2-opt with a fixed first visit and an open end."""
    for _ in range(MOST_ROUNDS):
        better = False
        for i in range(1, len(way) - 1):
            for j in range(i + 1, len(way)):
                old = legs[way[i - 1]][way[i]] + (legs[way[j]][way[j + 1]] if j + 1 < len(way) else 0.0)
                new = legs[way[i - 1]][way[j]] + (legs[way[i]][way[j + 1]] if j + 1 < len(way) else 0.0)
                if new < old - 1e-9:
                    way[i : j + 1] = reversed(way[i : j + 1])
                    better = True
        if not better:
            break
    return way
