"""From a few words to a geometry: "P sion-gare", "L sion-gare>sion-midi", "A sion-gare 190 70".

A point stands on its anchor; a line runs through its anchors, slightly bent, as a street does; an area is a
plot of so many metres along the valley and across. The same words always give the same geometry.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise

from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from belvedere.demo.content import anchors
from belvedere.kernel.geometry import Shape

METRES_A_DEGREE = 111_320.0
BENDS = 4  # between two anchors
VALLEY_RAD = math.radians(24)  # the plain of the Rhône rises to the north-east


def drawn(words: str) -> Shape:
    """The geometry of `words`; KeyError for an unknown anchor, ValueError for anything else."""
    kind, _space, rest = words.partition(" ")
    chance = random.Random(words)  # noqa: S311 (a drawing, not a secret)
    match kind:
        case "P":
            return Shape(Point(anchors()[rest]))
        case "L":
            return Shape(_line([anchors()[name] for name in rest.split(">")], chance))
        case "A":
            name, length_m, width_m = rest.split(" ")
            return Shape(_plot(anchors()[name], float(length_m), float(width_m), chance))
    raise ValueError(words)


def _line(points: list[tuple[float, float]], chance: random.Random) -> LineString:
    made = [points[0]]
    for start, end in pairwise(points):
        dx, dy = end[0] - start[0], end[1] - start[1]
        swing = chance.uniform(-0.045, 0.045)  # share of the length
        for step in range(1, BENDS):
            along = step / BENDS
            aside = swing * math.sin(math.pi * along) + chance.uniform(-0.006, 0.006)
            # Across, in degrees of equal length: a degree of longitude is shorter here.
            east, north = dx * along - dy * aside / 0.69, dy * along + dx * aside * 0.69
            made.append((start[0] + east, start[1] + north))
        made.append(end)
    return LineString([(round(x, 6), round(y, 6)) for x, y in made])


def _plot(
    centre: tuple[float, float], length_m: float, width_m: float, chance: random.Random
) -> Polygon | MultiPolygon:
    turn = VALLEY_RAD + chance.uniform(-0.15, 0.15)
    corners = []
    for along, across in ((-1, -1), (0.15, -1.06), (1, -0.94), (1, 0.9), (-0.2, 1.05), (-1, 1)):
        x = along * length_m / 2 * chance.uniform(0.94, 1.04)
        y = across * width_m / 2 * chance.uniform(0.92, 1.05)
        east = x * math.cos(turn) - y * math.sin(turn)
        north = x * math.sin(turn) + y * math.cos(turn)
        corners.append(
            (
                round(centre[0] + east / (METRES_A_DEGREE * math.cos(math.radians(centre[1]))), 6),
                round(centre[1] + north / METRES_A_DEGREE, 6),
            )
        )
    return Polygon(corners)
