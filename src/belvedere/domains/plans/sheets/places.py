"""Where a row's measure lies: points, geometries, communes; wrong systems and swapped axes are named."""

from __future__ import annotations

import json
import math
import struct

import shapely

from belvedere.domains.plans.sheets import parsing
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.parsing import Unreadable, clean, is_empty
from belvedere.domains.plans.sheets.records import SitePart
from belvedere.domains.plans.sheets.verdicts import Row
from belvedere.domains.plans.sheets.world import SURE, World
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.kernel.geometry import SYSTEMS_TRIED, WGS84, Box, guess_system, reproject, usable
from belvedere.kernel.identifiers import fold

METHODS = frozenset({"imported", "commune_centroid"})


def point_wkb(longitude: float, latitude: float) -> str:
    """A point as WKB in hexadecimal, as shapely writes it."""
    return struct.pack("<BIdd", 1, 1, longitude, latitude).hex()


class SiteReader:
    """Reads sites by the mapping; `area` is where they should lie."""

    def __init__(self, mapping: Mapping, world: World) -> None:
        self.settings = mapping.settings
        self.world = world
        self.area = world.area

    def read(self, row: Row) -> SitePart | None:
        """The site of a row; None when it says none or a problem was noted."""
        for one, other in (("longitude", "latitude"), ("x", "y")):
            if row.has(one) and row.has(other) and not (is_empty(row.raw(one)) and is_empty(row.raw(other))):
                return self._point(row, one, other)
        if row.has("geometry") and not is_empty(row.raw("geometry")):
            return self._geometry(row)
        return None

    def _point(self, row: Row, one: str, other: str) -> SitePart | None:
        try:
            x, y = parsing.number(row.raw(one)), parsing.number(row.raw(other))
        except Unreadable as error:
            row.problem(
                "coordinate_unreadable",
                one,
                N_("These coordinates cannot be read."),
                text=error.text,
                offer="value",
            )
            return None
        if x is None or y is None or not (math.isfinite(x) and math.isfinite(y)):
            row.problem(
                "coordinate_missing",
                one if x is None else other,
                N_("One of the two coordinates is missing. Enter both, or neither."),
                offer="value",
            )
            return None
        if one == "x" and self.settings.crs is None:
            return None  # asked of the whole sheet; nothing is taken before
        crs = WGS84 if one == "longitude" else self.settings.crs or WGS84
        groups = row.decisions.groups
        decided = (
            row.decisions.cell(row.line, "crs")
            or groups.get(f"coordinates_swapped:{one}:")
            or groups.get(f"other_crs:{one}:")
            or ""
        )
        if decided == "fix" or decided == "swapped":
            x, y = y, x
        elif decided:
            crs = decided
        return self._placed(row, one, x, y, crs)

    def _placed(self, row: Row, field: str, x: float, y: float, crs: str) -> SitePart | None:
        if crs == WGS84:
            if -180 <= x <= 180 and -90 <= y <= 90:
                geometry = point_wkb(x, y)
            else:
                self._elsewhere(row, field, x, y)
                return None
            at = (x, y)
        else:
            try:
                (moved,) = shapely.get_coordinates(reproject(shapely.Point(x, y), crs))
            except BelvedereError:
                self._elsewhere(row, field, x, y)
                return None
            at = (round(float(moved[0]), 9), round(float(moved[1]), 9))
            if not (-180 <= at[0] <= 180 and -90 <= at[1] <= 90):
                self._elsewhere(row, field, x, y)
                return None
            geometry = point_wkb(*at)
        if self.area is not None and not _within(self.area, *at) and not self._accepted(row):
            self._elsewhere(row, field, x, y)
            return None
        method = self.settings.site_method if self.settings.site_method in METHODS else "imported"
        return SitePart(geometry, method, source_crs="" if crs == WGS84 else crs)

    def _accepted(self, row: Row) -> bool:
        return "keep" in (
            row.decisions.cell(row.line, "outside"),
            row.decisions.groups.get("outside:longitude:"),
        )

    def _elsewhere(self, row: Row, field: str, x: float, y: float) -> None:
        """Say what these coordinates would be if read another way."""
        area = self.area
        if area is None:
            if -90 <= x <= 90 < abs(y) <= 180:
                row.problem(
                    "coordinates_swapped",
                    field,
                    N_("Latitude and longitude are swapped."),
                    offer="convert",
                    suggestion="swapped",
                    data={"x": x, "y": y},
                )
                return
            area = Box(-180, -90, 180, 90) if not self._projected(x, y) else Box(-10, 35, 30, 60)
        guess = guess_system(x, y, area) or next(
            (s for s in SYSTEMS_TRIED[:3] if guess_system(x, y, Box(-6, 41, 16, 52)) == s), None
        )
        data = {"x": x, "y": y, "crs": guess or ""}
        if guess == "swapped":
            row.problem(
                "coordinates_swapped",
                field,
                N_("Latitude and longitude are swapped."),
                offer="convert",
                suggestion="swapped",
                data=data,
            )
        elif guess and guess != WGS84:
            row.problem(
                "other_crs",
                field,
                N_("These coordinates are not longitude and latitude; read in {crs} they fit."),
                offer="convert",
                suggestion=guess,
                data=data,
            )
        else:
            row.problem(
                "outside", field, N_("This site lies outside the territory."), offer="accept", data=data
            )

    @staticmethod
    def _projected(x: float, y: float) -> bool:
        return abs(x) > 180 or abs(y) > 180

    def _geometry(self, row: Row) -> SitePart | None:
        text = clean(row.raw("geometry"))
        crs = self.settings.crs or WGS84
        try:
            if text.startswith("{"):
                geometry = shapely.from_geojson(
                    json.dumps(json.loads(text).get("geometry") or json.loads(text))
                )
            else:
                head, _, rest = text.partition(";")
                if head.upper().startswith("SRID="):
                    crs, text = f"EPSG:{int(head[5:])}", rest
                geometry = shapely.from_wkt(text)
            shape = usable(reproject(geometry, crs))
        except (shapely.errors.ShapelyError, ValueError, AttributeError, TypeError):
            row.problem(
                "geometry_unreadable",
                "geometry",
                N_("This is not a geometry. Write it as WKT, POINT (7.36 46.23), or as GeoJSON."),
                offer="value",
            )
            return None
        except BelvedereError as error:
            row.problem("geometry_invalid", "geometry", error.message, data=error.data, offer="value")
            return None
        if self.area is not None and not _within(self.area, *shape.centre) and not self._accepted(row):
            self._elsewhere(row, "geometry", *shape.centre)
            return None
        if not geometry.is_valid:
            row.warn("geometry_repaired", "geometry", N_("The outline crossed itself: it was repaired."))
        return SitePart(shape.wkb.hex(), "imported", source_crs="" if crs == WGS84 else crs)

    def places(self, row: Row) -> tuple[str, ...]:
        """The communes a row names, by code or name; a doubtful name is left to a person."""
        found: list[str] = []
        for at in row.columns.get("place", ()):
            text = clean(row.raw("place", at))
            for word in filter(
                None, (part.strip() for part in text.replace("\n", ",").replace(";", ",").split(","))
            ):
                folded = fold(word)
                decided = row.decisions.word("place", folded) or self.world.words.get(("place", folded))
                if decided:
                    found.append(decided)
                    continue
                candidates = self.world.like_place(word)
                if candidates and candidates[0].score >= SURE:
                    found.append(str(candidates[0].id))
                else:
                    row.problem(
                        "place_unknown",
                        "place",
                        N_("No place of the territory is called “{word}”."),
                        data={"word": word},
                        at=at,
                        text=word,
                        blocks=bool(candidates),
                        offer="choose",
                        choices=tuple((str(c.id), c.name) for c in candidates),
                        group=folded,
                    )
        return tuple(sorted(set(found)))


def _within(box: Box, x: float, y: float) -> bool:
    return box.west <= x <= box.east and box.south <= y <= box.north
