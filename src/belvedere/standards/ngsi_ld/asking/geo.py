"""Questions of place (ETSI GS CIM 009, clause 4.10): GeoJSON against GeoJSON, distances in metres."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.trees import Geo, GeoRelation
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import LOCATION, Document, Kind
from belvedere.standards.ngsi_ld.instances import GEOMETRIES, check_geometry
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.words import expand_name

_NEAR = re.compile(r"near;(maxDistance|minDistance)==(\d{1,9}(?:\.\d{1,6})?)")
_EARTH_M: Final = 6_371_008.8
_MOST_LETTERS: Final = 200_000


def read_geo(parameters: Mapping[str, Any], context: Context) -> Geo | None:
    """The geo-query of query parameters, or of the member `geoQ` of a body (clauses 4.10, 5.2.13): `georel`,
    `geometry`, `coordinates` together, `geoproperty` if it is not the location."""
    given = [name for name in ("georel", "geometry", "coordinates") if parameters.get(name)]
    if not given:
        if parameters.get("geoproperty"):
            raise BadRequestData(
                N_("A query of place needs “georel”, “geometry” and “coordinates” together.")
            )
        return None
    if len(given) < 3:
        raise BadRequestData(N_("A query of place needs “georel”, “geometry” and “coordinates” together."))
    relation, max_m, min_m = _relation(parameters["georel"])
    geometry = _geometry(parameters["geometry"], parameters["coordinates"])
    name = parameters.get("geoproperty")
    return Geo(
        relation=relation,
        geometry=geometry,
        name=expand_name(name, context) if name else LOCATION,
        max_m=max_m,
        min_m=min_m,
        bounds=_bounds(relation, geometry, max_m),
    )


def _relation(text: Any) -> tuple[GeoRelation, float | None, float | None]:
    if isinstance(text, str):
        near = _NEAR.fullmatch(text.replace(" ", ""))
        if near:
            metres = float(near.group(2))
            most = near.group(1) == "maxDistance"
            return GeoRelation.NEAR, metres if most else None, None if most else metres
        if text in GeoRelation.__members__.values() and text != "near":
            return GeoRelation(text), None, None
    raise BadRequestData(
        N_("“georel” is one of {known}, or “near;maxDistance==2000”."),
        known=[one.value for one in GeoRelation if one is not GeoRelation.NEAR],
    )


def _geometry(kind: Any, coordinates: Any) -> dict[str, Any]:
    if isinstance(coordinates, str):
        try:
            if len(coordinates) > _MOST_LETTERS:
                raise ValueError
            coordinates = msgspec.json.decode(coordinates)
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise BadRequestData(N_("“coordinates” must be a list in JSON, such as [6.14,46.2].")) from None
    if not isinstance(kind, str) or kind not in GEOMETRIES:
        raise BadRequestData(N_("“{name}” knows only {known}."), name="geometry", known=list(GEOMETRIES))
    return check_geometry({"type": kind, "coordinates": coordinates}, "coordinates")


def _bounds(
    relation: GeoRelation, geometry: dict[str, Any], max_m: float | None
) -> tuple[float, float, float, float] | None:
    if relation is GeoRelation.DISJOINT or (relation is GeoRelation.NEAR and max_m is None):
        return None
    west, south, east, north = shape(geometry).bounds
    if max_m:
        up = math.degrees(max_m / _EARTH_M) * 1.01
        widest = min(89.9, max(abs(south - up), abs(north + up)))
        across = up / math.cos(math.radians(widest))
        west, south, east, north = west - across, south - up, east + across, north + up
    return west, south, east, north


def geo_matches(geo: Geo, document: Document) -> bool:
    """Whether one instance of the geo-property stands in the relation (clause 4.10)."""
    return any(
        one.kind is Kind.GEO and isinstance(one.value, dict) and _stands(geo, one.value)
        for one in document.attributes.get(geo.name, ())
    )


def _stands(geo: Geo, value: dict[str, Any]) -> bool:
    here = _shape(value)
    asked = _reference(msgspec.json.encode(geo.geometry))
    if geo.relation is GeoRelation.NEAR:
        far = distance_m(here, asked)
        return (geo.max_m is None or far <= geo.max_m) and (geo.min_m is None or far >= geo.min_m)
    test = {
        GeoRelation.WITHIN: shapely.within,
        GeoRelation.CONTAINS: shapely.contains,
        GeoRelation.INTERSECTS: shapely.intersects,
        GeoRelation.EQUALS: shapely.equals,
        GeoRelation.DISJOINT: shapely.disjoint,
        GeoRelation.OVERLAPS: shapely.overlaps,
    }[geo.relation]
    return bool(test(here, asked))


def _shape(value: dict[str, Any]) -> BaseGeometry:
    found: BaseGeometry = shape(value)
    return found if shapely.is_valid(found) else shapely.make_valid(found)


@lru_cache(maxsize=256)
def _reference(encoded: bytes) -> BaseGeometry:
    found = _shape(msgspec.json.decode(encoded))
    shapely.prepare(found)
    return found


def distance_to(value: dict[str, Any], reference: dict[str, Any]) -> float:
    """Metres between two GeoJSON geometries."""
    return distance_m(_shape(value), _reference(msgspec.json.encode(reference)))


def distance_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """Metres along a great circle between the nearest points; 0 where they touch."""
    if isinstance(one, Point) and isinstance(other, Point):
        return _great_circle_m(one.x, one.y, other.x, other.y)
    if shapely.intersects(one, other):
        return 0.0
    here, there = shapely.get_coordinates(shapely.shortest_line(one, other))[:2]
    return _great_circle_m(here[0], here[1], there[0], there[1])


def _great_circle_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Haversine on the mean sphere, radius 6,371,008.8 m."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * (
        math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))
