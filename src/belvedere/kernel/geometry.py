"""Geometries as values: always WGS 84 longitude/latitude inside the platform.

`Shape` is what travels between domains; `read_*` turn outside input into it or say what is wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from belvedere.kernel.errors import N_, InvalidInput

WGS84 = "EPSG:4326"
EARTH = Geod(ellps="WGS84")


class BadGeometry(InvalidInput):
    """A geometry that cannot be understood or repaired."""

    default_code = "bad_geometry"


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float

    def as_tuple(self) -> tuple[float, float, float, float]:
        return (self.west, self.south, self.east, self.north)

    def around(self, other: Box) -> Box:
        return Box(
            min(self.west, other.west),
            min(self.south, other.south),
            max(self.east, other.east),
            max(self.north, other.north),
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """A valid, non-empty geometry in WGS 84."""

    geometry: BaseGeometry

    def __post_init__(self) -> None:
        if self.geometry.is_empty:
            raise BadGeometry(N_("The geometry is empty. Draw it, or leave it out."))
        if not self.geometry.is_valid:
            raise BadGeometry(
                N_("The geometry is not valid: {why}."), why=shapely.is_valid_reason(self.geometry)
            )
        west, south, east, north = self.geometry.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise BadGeometry(
                N_(
                    "The coordinates {x}, {y} are not longitude and latitude in degrees. "
                    "Name the coordinate system of the file, or export it in WGS 84."
                ),
                x=round(west, 3),
                y=round(south, 3),
            )

    @property
    def kind(self) -> str:
        return str(self.geometry.geom_type)

    @property
    def box(self) -> Box:
        return Box(*self.geometry.bounds)

    @property
    def wkb(self) -> bytes:
        return bytes(shapely.to_wkb(self.geometry))

    @property
    def geojson(self) -> dict[str, Any]:
        return dict(mapping(shapely.set_precision(self.geometry, 1e-7, mode="pointwise")))

    @property
    def centre(self) -> tuple[float, float]:
        """A longitude and latitude inside the geometry."""
        point = self.geometry.representative_point()
        return (point.x, point.y)

    @property
    def length_m(self) -> float:
        """Length along the ellipsoid in metres (perimeter for areas)."""
        return float(EARTH.geometry_length(self.geometry))

    @property
    def area_m2(self) -> float:
        """Area on the ellipsoid in square metres, never negative."""
        return abs(float(EARTH.geometry_area_perimeter(self.geometry)[0]))


def from_wkb(data: bytes | memoryview) -> Shape:
    """The shape stored by `Shape.wkb`."""
    return Shape(shapely.from_wkb(bytes(data)))


def from_geojson(value: object) -> Shape:
    """A GeoJSON geometry (RFC 7946, already WGS 84) as a shape; refuses what it cannot read."""
    if not isinstance(value, dict) or "type" not in value:
        raise BadGeometry(N_("This is not a GeoJSON geometry. Draw the site again, or import a file."))
    try:
        geometry = shape(value)
    except Exception as error:
        raise BadGeometry(N_("This is not a GeoJSON geometry: {why}."), why=str(error)) from error
    return usable(geometry)


def usable(geometry: BaseGeometry) -> Shape:
    """A shape of `geometry`, made flat and repaired where that keeps its kind; else refused."""
    if not all(math.isfinite(bound) for bound in geometry.bounds):
        raise BadGeometry(N_("The geometry holds a coordinate that is not a number."))
    flat = shapely.force_2d(geometry)
    if not flat.is_valid:
        repaired = shapely.make_valid(flat)
        if repaired.area == 0 and flat.geom_type.endswith("Polygon"):
            raise BadGeometry(N_("The outline has no area: its points lie on one line."))
        flat = _same_dimension(repaired, flat)
    return Shape(flat)


def _same_dimension(repaired: BaseGeometry, wanted: BaseGeometry) -> BaseGeometry:
    """What repairing an area leaves of area (it may leave lines and points beside it)."""
    if not wanted.geom_type.endswith("Polygon") or repaired.geom_type.endswith("Polygon"):
        return repaired
    parts = [part for part in getattr(repaired, "geoms", [repaired]) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(parts)


@lru_cache(maxsize=64)
def _to_wgs84(crs: str) -> Transformer:
    try:
        return Transformer.from_crs(CRS.from_user_input(crs), CRS.from_user_input(WGS84), always_xy=True)
    except CRSError as error:
        raise BadGeometry(
            N_("“{crs}” is not a known coordinate system. Write it as an EPSG code, for example EPSG:2056."),
            crs=crs,
        ) from error


def reproject(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """`geometry` from `crs` (an EPSG code or a WKT) to WGS 84 longitude/latitude."""
    if crs.upper() in (WGS84, "OGC:CRS84"):
        return geometry
    turn = _to_wgs84(crs)
    moved = shapely.transform(
        geometry, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1])).astype(np.float64)
    )
    if not all(math.isfinite(bound) for bound in moved.bounds):
        raise BadGeometry(
            N_("The coordinates do not belong to {crs}. Check the coordinate system of the file."), crs=crs
        )
    return moved


SYSTEMS_TRIED = ("EPSG:2056", "EPSG:21781", "EPSG:2154", "EPSG:3857")


def guess_system(x: float, y: float, area: Box) -> str | None:
    """In which system `x`, `y` fall into `area`: WGS 84, "swapped" (latitude first), or a projected one."""

    def inside(lon: float, lat: float) -> bool:
        return area.west <= lon <= area.east and area.south <= lat <= area.north

    if inside(x, y):
        return WGS84
    if inside(y, x):
        return "swapped"
    for system in SYSTEMS_TRIED:
        lon, lat = _to_wgs84(system).transform(x, y)
        if math.isfinite(lon) and math.isfinite(lat) and inside(lon, lat):
            return system
    return None
