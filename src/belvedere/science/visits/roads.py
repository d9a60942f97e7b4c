"""Ways between visits along the lines of a road network.

Lines belong together where they share a vertex, as the sources of roads draw them (OpenStreetMap, swissTLM3D,
BD TOPO). Shortest ways by Dijkstra's algorithm (E. W. Dijkstra, “A note on two problems in connexion with
graphs”, Numerische Mathematik 1 (1959), 269–271). Both directions are taken for open: one-way streets,
bridges over a road drawn with a shared vertex, and speeds are not known to a network of lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import rustworkx as rx
import shapely

from belvedere.science.visits.ordering import EARTH_M, Spot, distance_m

#: A visit further than this from any road is not brought to one.
REACH_M = 500.0
#: Vertices nearer than this are the same place.
SAME_M = 0.1
DEGREE_M = float(np.pi / 180 * EARTH_M)
Floats = npt.NDArray[np.float64]


class Stretch(NamedTuple):
    """A piece of a line between two nodes, from `low` to `high` metres along all lines."""

    one: int
    other: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a visit meets the network: on which stretch, how far along all lines, how many metres from it."""

    stretch: int
    along: float
    off_m: float


class Roads:
    """Lines laid one after the other: a place on them is one number of metres, an edge a stretch of it."""

    def __init__(self, lines: Iterable[shapely.Geometry], latitude: float) -> None:
        """`lines`: line strings in degrees (WGS 84); `latitude`: where lengths east to west are true."""
        parts = shapely.get_parts(np.asarray(list(lines), dtype=object))
        parts = parts[shapely.length(parts) > 0]
        self._scale = np.array([DEGREE_M * np.cos(np.radians(latitude)), DEGREE_M])
        self._at, line_of = shapely.get_coordinates(parts, return_index=True)
        flat = self._at * self._scale
        self._lines = shapely.linestrings(flat, indices=line_of) if len(parts) else np.empty(0, dtype=object)
        self._tree = shapely.STRtree(self._lines)
        same_line = line_of[1:] == line_of[:-1]
        steps = np.where(same_line, np.hypot(*np.diff(flat, axis=0).T), 1.0)  # a metre between two lines
        self._along: Floats = np.concatenate([[0.0], np.cumsum(steps)])[: len(flat)]
        self._first = np.searchsorted(line_of, np.arange(len(parts)))
        ends = np.ones(len(flat), dtype=bool)
        ends[1:-1] = ~(same_line[1:] & same_line[:-1])
        self._meet(flat, ends, line_of)

    def _meet(self, flat: Floats, ends: npt.NDArray[np.bool_], line_of: npt.NDArray[np.int64]) -> None:
        """Nodes are the ends of lines and the vertices that several share; stretches lie between them."""
        keys = np.round(flat / SAME_M) @ np.array([1, 1j])
        places, node_of, shared = np.unique(keys, return_inverse=True, return_counts=True)
        at = np.flatnonzero(ends | (shared[node_of] > 1))
        within = line_of[at[1:]] == line_of[at[:-1]]
        low, high = at[:-1][within], at[1:][within]
        self.nodes = len(places)
        self._starts = self._along[low]
        self.stretches = [
            Stretch(*one)
            for one in zip(
                node_of[low].tolist(),
                node_of[high].tolist(),
                self._starts.tolist(),
                self._along[high].tolist(),
                strict=True,
            )
        ]

    def land(self, spots: Sequence[Spot]) -> list[Landing | None]:
        """The nearest place of the network for each spot; None beyond `REACH_M`."""
        landed: list[Landing | None] = [None] * len(spots)
        if not self.stretches or not spots:
            return landed
        points = shapely.points(np.array(spots) * self._scale)
        (which, line), away = self._tree.query_nearest(
            points, max_distance=REACH_M, return_distance=True, all_matches=False
        )
        along = self._along[self._first[line]] + shapely.line_locate_point(self._lines[line], points[which])
        stretches = np.searchsorted(self._starts, along, side="right") - 1
        for spot, stretch, metres, off in zip(which, stretches, along, away, strict=True):
            landed[spot] = Landing(int(stretch), float(metres), float(off))
        return landed

    def drawn(self, start: float, end: float) -> list[Spot]:
        """The stretch between two places on one line, in degrees, in the direction from `start` to `end`."""
        low, high = sorted((start, end))
        inner = self._along[(self._along > low) & (self._along < high)]
        metres = np.concatenate([[low], inner, [high]])
        x, y = (np.interp(metres, self._along, self._at[:, axis]) for axis in (0, 1))
        found = list(zip(x.tolist(), y.tolist(), strict=True))
        return found if start <= end else found[::-1]


class Ways:
    """Ways between visits. `legs`: metres from each to each; `by_road`: which of them follow roads. The other
    ones are straight lines: no road leads there, or the other visit is nearer than the road is."""

    def __init__(self, lines: Iterable[shapely.Geometry], spots: Sequence[Spot]) -> None:
        """`lines`: the roads around, line strings in degrees (WGS 84); `spots`: the visits."""
        self._spots = spots
        self._roads = Roads(lines, sum(y for _x, y in spots) / len(spots) if spots else 0.0)
        self._landed = self._roads.land(spots)
        self._graph = self._with_visits()
        self.legs: list[list[float]] = []
        self.by_road: list[list[bool]] = []
        for start in range(len(spots)):
            self._reckon(start)

    def along(self, order: Sequence[int]) -> list[Spot]:
        """The way through visits in that order in degrees, no place twice in a row."""
        whole = [spot for a, b in pairwise(order) for spot in self.drawn(a, b)]
        return [spot for at, spot in enumerate(whole) if at == 0 or spot != whole[at - 1]]

    def drawn(self, a: int, b: int) -> list[Spot]:
        """The way from visit `a` to visit `b` in degrees."""
        ends = self._spots[a], self._spots[b]
        if not self.by_road[a][b]:
            return list(ends)
        nodes = self._node(a), self._node(b)
        found = []
        path = rx.dijkstra_shortest_paths(self._graph, nodes[0], target=nodes[1], weight_fn=_length)
        for one, other in pairwise(path[nodes[1]] if nodes[0] != nodes[1] else ()):
            way = min(self._graph.get_all_edge_data(one, other), key=_length)
            found += self._roads.drawn(*((way.low, way.high) if way.one == one else (way.high, way.low)))
        return [ends[0], *found, ends[1]]

    def _node(self, visit: int) -> int:
        return self._roads.nodes + visit

    def _with_visits(self) -> rx.PyGraph[None, Stretch]:
        """The network with a node where each visit meets it: its stretch is cut there."""
        graph: rx.PyGraph[None, Stretch] = rx.PyGraph(multigraph=True)
        graph.add_nodes_from([None] * (self._roads.nodes + len(self._spots)))
        cuts: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
        for visit, landing in enumerate(self._landed):
            if landing is not None:
                cuts[landing.stretch].append((landing.along, self._node(visit)))
        whole = [one for at, one in enumerate(self._roads.stretches) if at not in cuts]
        pieces = [
            Stretch(one, other, low, high)
            for at, found in cuts.items()
            for (low, one), (high, other) in pairwise(_with_ends(self._roads.stretches[at], found))
        ]
        graph.add_edges_from([(one.one, one.other, one) for one in (*whole, *pieces)])
        return graph

    def _reckon(self, start: int) -> None:
        """The ways from one visit to all."""
        landing = self._landed[start]
        found = (
            dict(rx.dijkstra_shortest_path_lengths(self._graph, self._node(start), _length))
            if landing
            else {}
        )
        legs, by_road = [], []
        for goal, spot in enumerate(self._spots):
            straight, there = distance_m(self._spots[start], spot), self._landed[goal]
            road = found.get(self._node(goal), 0.0)  # 0: the same place of the road, or no way
            off = landing.off_m + there.off_m if landing and there else straight
            follows = road > 0 and straight > off
            legs.append(road + off if follows else straight)
            by_road.append(follows)
        self.legs.append(legs)
        self.by_road.append(by_road)


def _with_ends(whole: Stretch, cuts: list[tuple[float, int]]) -> list[tuple[float, int]]:
    return [(whole.low, whole.one), *sorted(cuts), (whole.high, whole.other)]


def _length(stretch: Stretch) -> float:
    return stretch.high - stretch.low
