"""The drawing of a territory: places, neighbours, waters and label points as one GeoJSON document.

Kept in the process by the territory's version, so that a map costs one small query once it is warm.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely

from belvedere.domains.territory.models import Place, PlaceBoundary, PlaceCode, PlacePopulation, Territory
from belvedere.domains.territory.queries import descendants, on
from belvedere.domains.territory.values import TerritoryView, name_in
from belvedere.kernel.clock import today
from belvedere.kernel.geometry import from_wkb

_KEPT = 40
_cache: OrderedDict[tuple[UUID, int, date, str], Outlines] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Outlines:
    """A document ready to send, and its entity tag."""

    body: bytes
    etag: str


def outlines(territory: TerritoryView, day: date | None = None, language: str = "fr") -> Outlines:
    """The drawing on `day` (default today) with names in `language`.

    A FeatureCollection whose features have the properties `kind` ("commune" or another level, "neighbour",
    "lake", "river"), `ours`, `code`, `name`, `population`, `label` ([longitude, latitude]); the collection
    carries `attribution` and `bounds`.
    """
    day = day or today(territory.zone)
    key = (territory.id, territory.version, day, language)
    if (known := _cache.get(key)) is not None:
        _cache.move_to_end(key)
        return known
    body = json.dumps(
        outlines_document(territory, day, language), ensure_ascii=False, separators=(",", ":")
    ).encode()
    made = Outlines(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    _cache[key] = made
    if len(_cache) > _KEPT:
        _cache.popitem(last=False)
    return made


def outlines_document(territory: TerritoryView, day: date, language: str) -> dict[str, Any]:
    """The same as a dictionary, made anew."""
    row = Territory.objects.only("waters", "surroundings").get(pk=territory.id)
    features = [
        *_around(row.surroundings, "neighbour", language, territory),
        *_ours(territory, day, language),
        *_around(row.waters, "lake", language, territory),
    ]
    bounds = territory.bounds
    return {
        "type": "FeatureCollection",
        "name": territory.name_in(language),
        "attribution": territory.attribution,
        "bounds": list(bounds.as_tuple()) if bounds else None,
        "features": features,
    }


def _ours(territory: TerritoryView, day: date, language: str) -> list[dict[str, Any]]:
    if territory.place_id is None:
        return []
    inside = descendants({territory.place_id}, day)
    boundaries = list(
        PlaceBoundary.objects.filter(on(day), on(day, "place__"), place_id__in=inside).select_related("place")
    )
    level = _finest(boundaries)
    shown = [row for row in boundaries if row.place.level == level]
    ids = [row.place_id for row in shown]
    codes = dict(
        PlaceCode.objects.filter(place_id__in=ids).order_by("-scheme").values_list("place_id", "code")
    )
    people = dict(
        PlacePopulation.objects.filter(place_id__in=ids, year__lte=day.year)
        .order_by("year")
        .values_list("place_id", "inhabitants")
    )
    made = []
    for row in sorted(shown, key=lambda row: codes.get(row.place_id, "")):
        shape = from_wkb(row.geometry)
        made.append(
            {
                "type": "Feature",
                "id": str(row.place_id),
                "properties": {
                    "code": codes.get(row.place_id, ""),
                    "name": name_in(row.place.names, language, territory.languages),
                    "kind": level,
                    "ours": True,
                    "population": people.get(row.place_id),
                    "label": _label(row.place, shape.centre),
                },
                "geometry": _rounded(shape.geometry),
            }
        )
    return made


def _finest(boundaries: list[PlaceBoundary]) -> str:
    """Communes where there are any, else the level with most outlines."""
    counts: dict[str, int] = {}
    for row in boundaries:
        counts[row.place.level] = counts.get(row.place.level, 0) + 1
    if "commune" in counts:
        return "commune"
    return max(counts, key=lambda level: (counts[level], level), default="commune")


def _label(place: Place, centre: tuple[float, float]) -> list[float]:
    if place.longitude is None or place.latitude is None:
        return [round(centre[0], 5), round(centre[1], 5)]
    return [place.longitude, place.latitude]


def _rounded(geometry: shapely.Geometry) -> dict[str, Any]:
    """GeoJSON to five decimals: a metre, more than a screen shows."""
    made: dict[str, Any] = json.loads(
        shapely.to_geojson(shapely.set_precision(geometry, 1e-5, mode="pointwise"))
    )
    return made


def _around(
    collection: dict[str, Any], kind: str, language: str, territory: TerritoryView
) -> list[dict[str, Any]]:
    """Stored features of what is not the territory, named in `language`."""
    made = []
    for feature in collection.get("features", []):
        given = feature.get("properties", {})
        names = given.get("names") or {}
        made.append(
            {
                "type": "Feature",
                "properties": {
                    "code": given.get("code", ""),
                    "name": name_in(names, language, territory.languages),
                    "kind": given.get("kind", kind),
                    "ours": False,
                    **{key: given[key] for key in ("label", "rank", "population") if key in given},
                },
                "geometry": feature["geometry"],
            }
        )
    return made
