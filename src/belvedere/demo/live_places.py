"""Where the demo's devices stand: in villages, along its roads, at its rivers, inside their commune."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from belvedere.demo import content
from belvedere.demo.drawing import METRES_A_DEGREE, drawn
from belvedere.demo.ground import smooth
from belvedere.demo.live_kinds import KINDS
from belvedere.domains.territory.public import boundaries, place_by_code

ACROSS = math.cos(math.radians(46.23))  # a degree of longitude, in degrees of latitude
METRE = 1 / METRES_A_DEGREE
TRIES = 12
WHOLE = 2000
# The first of each kind, which tests and guides know, and in which communes they stand.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "waste-container": (
        *("sion", "sion", "sion", "sierre", "sierre", "crans", "conthey", "vetroz", "ayent"),
        *("saviese", "nendaz", "lens", "chalais", "grone"),
    ),
    "streetlight": ("sion", "sion", "sierre", "crans", "ardon", "vex"),
    "off-street-parking": ("sion", "sierre", "crans", "nendaz"),
    "air-quality": ("sion", "sierre", "chippis"),
    "noise-level": ("sion", "sierre", "crans"),
    "traffic-flow": ("sion", "conthey", "sierre"),
    "water-observed": ("anniviers", "evolene", "leonard"),
    "weather": ("sion", "crans"),
    "water-consumption": ("sion", "grimisuat"),
    "crowd-flow": ("sion",),
}
OWNERS = {
    "water-observed": "canton_sdn",
    "traffic-flow": "canton_sdm",
    "air-quality": "canton",
    "weather": "canton",
}
# Kind -> share of them beside a road, metres from its middle.
AT_ROADS: Mapping[str, tuple[float, float]] = {
    "streetlight": (0.6, 7),
    "traffic-flow": (1.0, 4),
    "noise-level": (0.5, 14),
}
STREETS = (
    ("rue de la Gare", "Bahnhofstrasse"),
    ("place du Village", "Dorfplatz"),
    ("route de l’École", "Schulstrasse"),
    ("chemin du Stade", "Sportplatzweg"),
    ("avenue du Rhône", "Rhoneallee"),
    ("rue du Marché", "Marktgasse"),
    ("rue de l’Église", "Kirchgasse"),
    ("chemin des Vignes", "Rebweg"),
    ("route du Bisse", "Suonenweg"),
    ("rue du Moulin", "Mühlegasse"),
    ("chemin de la Fontaine", "Brunnenweg"),
    ("rue des Artisans", "Handwerkerstrasse"),
    ("route des Mayens", "Maiensässstrasse"),
    ("rue du Pressoir", "Trottengasse"),
    ("chemin des Vergers", "Obstgartenweg"),
    ("rue du Four", "Backhausgasse"),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A device to be: `number` among its kind, from 0; `at` is longitude, latitude; `owner` a key."""

    kind: str
    number: int
    owner: str
    at: tuple[float, float]
    names: Mapping[str, str]

    @property
    def key(self) -> str:
        """How the device is named on the bus."""
        return f"demo-{self.kind}-{self.number + 1:02d}"


def counts(total: int) -> dict[str, int]:
    """How many of each kind there are among about `total`, and never fewer than those that are known."""
    return {kind: max(len(KNOWN[kind]), round(one.share * total / WHOLE)) for kind, one in KINDS.items()}


def spots(total: int, day: date) -> Iterator[Spot]:
    """Every device, kind after kind; the same each time."""
    ground = _Ground(day)
    for kind, many in counts(total).items():
        communes = ground.with_river if kind == "water-observed" else ground.communes
        choice = random.Random(kind)  # noqa: S311 (a demo, not a secret)
        rest = choice.choices(communes, [one.people**0.8 for one in communes], k=many)
        for number in range(many):
            is_known = number < len(KNOWN[kind])
            commune = ground.by_key[KNOWN[kind][number]] if is_known else rest[number]
            luck = random.Random(f"{kind} {number}")  # noqa: S311
            owner = commune.key if is_known else OWNERS.get(kind, commune.key)
            names = _names(kind, number, commune, ground.river_names.get(commune.key), luck)
            yield Spot(kind, number, owner, ground.spot(kind, number, commune.key, luck), names)


def _names(
    kind: str, number: int, commune: content.Commune, river: tuple[str, str] | None, luck: random.Random
) -> dict[str, str]:
    french, german = STREETS[(number + len(kind)) % len(STREETS)]
    house = f" {luck.randint(1, 60)}"
    if kind == "water-observed" and river is not None:
        (french, german), house = river, f" {number + 1}"
    where = commune.names["fr"].removesuffix(" (VS)")
    ort = commune.names.get("de") or where
    return {
        "fr": f"{KINDS[kind].french} {french}{house}, {where}",
        "de": f"{KINDS[kind].german} {german}{house}, {ort}",
    }


class _Ground:
    """The communes with what lies in them: villages, stretches of road and of river."""

    def __init__(self, day: date) -> None:
        self.communes = content.communes()
        self.by_key = {one.key: one for one in self.communes}
        places = {place_by_code("BFS", one.bfs).id: one.key for one in self.communes}
        found = boundaries(list(places), day)
        self._outlines = {places[place_id]: shape.geometry for place_id, shape in found.items()}
        for outline in self._outlines.values():
            shapely.prepare(outline)
        self._villages = {
            key: [at for spot, at in content.anchors().items() if spot.startswith(f"{key}-")] or [one.at]
            for key, one in self.by_key.items()
        }
        lines = [drawn("L " + ">".join(road["through"])).geometry for road in content.roads()]
        roads = shapely.union_all(lines)
        rivers = [(row, shapely.LineString(smooth(row["line"]))) for row in content.waters()["rivers"]]
        self._banks = shapely.union_all([line for _row, line in rivers])
        shapely.prepare(self._banks)
        self._roads = {key: roads.intersection(outline) for key, outline in self._outlines.items()}
        self._rivers: dict[str, BaseGeometry] = {}
        self.river_names: dict[str, tuple[str, str]] = {}
        for key, outline in self._outlines.items():
            within = [(line.intersection(outline), row) for row, line in rivers]
            longest, row = max(within, key=lambda one: float(one[0].length))
            if longest.length > 300 * METRE:
                self._rivers[key], self.river_names[key] = longest, (row["fr"], row["de"])
        self.with_river = tuple(one for one in self.communes if one.key in self._rivers)

    def spot(self, kind: str, number: int, commune: str, luck: random.Random) -> tuple[float, float]:
        """Longitude and latitude, inside the commune."""
        if kind == "water-observed" and commune in self._rivers:
            return self._along(self._rivers[commune], 0.0, commune, luck) or self._middle(commune)
        share, beside = AT_ROADS.get(kind, (0.0, 0.0))
        if luck.random() < share and self._roads[commune].length > 200 * METRE:
            found = self._along(self._roads[commune], beside, commune, luck)
            if found is not None:
                return found
        return self._in_village(number, commune, luck)

    def _along(
        self, line: BaseGeometry, metres: float, commune: str, luck: random.Random
    ) -> tuple[float, float] | None:
        parts = shapely.get_parts(line).tolist()
        for _ in range(TRIES):
            part = luck.choices(parts, [piece.length for piece in parts])[0]
            point = part.interpolate(luck.random(), normalized=True)
            x, y = _moved((point.x, point.y), luck.choice((-1, 1)) * metres, luck.choice((-1, 1)) * metres)
            if self._outlines[commune].contains(shapely.Point(x, y)):
                return x, y
        return None

    def _in_village(self, number: int, commune: str, luck: random.Random) -> tuple[float, float]:
        villages = self._villages[commune]
        village = villages[number % len(villages)] if number < 20 else luck.choice(villages)
        spread = 260 if self.by_key[commune].people > 15_000 else 150
        for _ in range(TRIES):
            x, y = _moved(village, luck.gauss(0, spread), luck.gauss(0, spread))
            point = shapely.Point(x, y)
            if self._outlines[commune].contains(point) and self._banks.distance(point) > 60 * METRE:
                return x, y
        return village if self._outlines[commune].contains(shapely.Point(village)) else self._middle(commune)

    def _middle(self, commune: str) -> tuple[float, float]:
        point = shapely.point_on_surface(self._outlines[commune])
        return round(point.x, 6), round(point.y, 6)


def _moved(at: tuple[float, float], east_m: float, north_m: float) -> tuple[float, float]:
    return round(at[0] + east_m * METRE / ACROSS, 6), round(at[1] + north_m * METRE, 6)
