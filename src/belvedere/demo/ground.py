"""The territory "Valais central": communes from swiss-maps, neighbours, waters, organisations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

from belvedere.demo import SLUG as SLUG
from belvedere.demo import content
from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import (
    BoundaryMapping,
    Level,
    OrganisationDraft,
    OrganisationKind,
    TerritoryView,
    create_organisations,
    describe_place,
    dress_map,
    import_boundaries,
    join_body,
    open_territory,
    place_by_code,
    record_population,
    territory_by_slug,
)
from belvedere.kernel.errors import N_, Unavailable
from belvedere.kernel.geometry import reproject

NAMES = {"fr": "Valais central", "de": "Mittelwallis", "en": "Central Valais"}
# 2024 on purpose: the vintages 2025 and 2026 of the package have no names.
MAPS = Path(__file__).resolve().parents[3] / "node_modules" / "swiss-maps" / "2024"
LV95 = "EPSG:2056"
ATTRIBUTION = (
    "Limites et lacs : © OFS ThemaKart / swisstopo, état 2024, par swiss-maps 4.7.0 (BSD-3-Clause). "
    "Rivières et lacs d’altitude : tracé simplifié à la main."
)
SOURCE = "OFS ThemaKart / swisstopo, 2024 (swiss-maps 4.7.0)"
LICENCE = "BSD-3-Clause ; © OFS, swisstopo"
AROUND = shapely.box(6.6, 45.75, 8.25, 46.75)
FRENCH_NAMES = {
    "Salgesch": "Salquenen",
    "Leuk": "Loèche",
    "Leukerbad": "Loèche-les-Bains",
    "Varen": "Varonne",
}

BODIES: dict[str, tuple[OrganisationKind, str, str, str]] = {
    "agglo": (OrganisationKind.AGGLOMERATION, "Agglo Valais central", "Agglo Mittelwallis", "Agglo"),
    "canton": (OrganisationKind.CANTON, "Canton du Valais", "Kanton Wallis", "Canton"),
    "canton_sdm": (
        OrganisationKind.CANTON,
        "Canton du Valais, Service de la mobilité",
        "Kanton Wallis, Dienststelle für Mobilität",
        "Canton, mobilité",
    ),
    "canton_sdn": (
        OrganisationKind.CANTON,
        "Canton du Valais, Service des dangers naturels",
        "Kanton Wallis, Dienststelle Naturgefahren",
        "Canton, dangers naturels",
    ),
    "confederation": (
        OrganisationKind.CONFEDERATION,
        "Confédération suisse",
        "Eidgenossenschaft",
        "Confédération",
    ),
    "rail": (OrganisationKind.OPERATOR, "Rail de la Plaine", "Rail de la Plaine", "Rail"),
    "bus": (OrganisationKind.OPERATOR, "Bus du Coteau", "Bus du Coteau", "Bus"),
}


def lay(actor: Actor) -> dict[str, UUID]:
    """Open the territory and everything it stands on; returns the organisations by key."""
    _require_maps()
    open_territory(
        actor=actor,
        slug=SLUG,
        names=NAMES,
        country="CH",
        currency="CHF",
        languages=("fr", "de"),
        level=Level.AGGLOMERATION,
        is_example=True,
        attribution=ATTRIBUTION,
    )
    territory = territory_by_slug(SLUG)
    import_boundaries(
        actor=actor,
        territory_id=territory.id,
        file=MAPS / "municipalities.shp",
        mapping=BoundaryMapping(scheme="BFS", code="id", names={"fr": "name"}),
        source=SOURCE,
        licence=LICENCE,
        only={commune.bfs for commune in content.communes()},
    )
    dress_map(actor=actor, territory_id=territory.id, waters=_waters(), surroundings=_neighbours())
    return _organisations(actor, territory)


def _require_maps() -> None:
    if not (MAPS / "municipalities.shp").exists():
        raise Unavailable(
            N_("The shapes of the demo are missing ({folder}). Run script/setup: it brings them with npm."),
            permanent=True,
            folder=str(MAPS),
        )


def _organisations(actor: Actor, territory: TerritoryView) -> dict[str, UUID]:
    places = {commune.key: place_by_code("BFS", commune.bfs).id for commune in content.communes()}
    drafts = {
        commune.key: OrganisationDraft(
            OrganisationKind.COMMUNE,
            {"fr": commune.names["fr"].removesuffix(" (VS)"), **_german(commune)},
            code_scheme="BFS",
            code=commune.bfs,
            place_ids=(places[commune.key],),
        )
        for commune in content.communes()
    }
    whole = (territory.place_id,) if territory.place_id else ()
    for key, (kind, french, german, short) in BODIES.items():
        drafts[key] = OrganisationDraft(kind, {"fr": french, "de": german}, short, place_ids=whole)
    made = create_organisations(actor=actor, territory_id=territory.id, drafts=list(drafts.values()))
    ids = dict(zip(drafts, made, strict=True))
    for commune in content.communes():
        join_body(actor=actor, body_id=ids["agglo"], member_id=ids[commune.key])
        describe_place(
            actor=actor,
            territory_id=territory.id,
            place_id=places[commune.key],
            names=commune.names,
            at=commune.at,
        )
        record_population(
            actor=actor,
            territory_id=territory.id,
            place_id=places[commune.key],
            year=2023,
            inhabitants=commune.people,
            source="OFS STATPOP, arrondi",
        )
    return ids


def _german(commune: content.Commune) -> dict[str, str]:
    return {"de": commune.names["de"]} if "de" in commune.names else {}


# ------------------------------------------------------------------ what is drawn around
def _layer(name: str) -> list[tuple[dict[str, str], BaseGeometry]]:
    meta, _fids, shapes, columns = pyogrio.raw.read(  # type: ignore[no-untyped-call]
        MAPS / f"{name}.shp", encoding="utf-8"
    )
    fields = [str(field) for field in meta["fields"]]
    return [
        (
            {field: str(values[row]) for field, values in zip(fields, columns, strict=True)},
            reproject(shapely.from_wkb(wkb), LV95),
        )
        for row, wkb in enumerate(shapes)
    ]


def _neighbours() -> dict[str, Any]:
    """The communes around, simplified together so that no gap opens between two of them."""
    ours = {commune.bfs for commune in content.communes()}
    near = [
        (fields, shape)
        for fields, shape in _layer("municipalities")
        if fields["id"] not in ours and shape.intersects(AROUND)
    ]
    # The common edge with our communes is kept as it is, so that they fit.
    shapes = shapely.coverage_simplify([shape for _fields, shape in near], 0.002, simplify_boundary=False)
    return _collection(
        [
            _feature(shape, "neighbour", _both(fields["name"]), code=fields["id"])
            for (fields, _whole), shape in zip(near, shapes, strict=True)
        ]
    )


def _both(name: str) -> dict[str, str]:
    return {"fr": FRENCH_NAMES.get(name, name), "de": name}


def _waters() -> dict[str, Any]:
    lakes = [
        _feature(shape.simplify(0.001), "lake", _both(fields["name"].replace(" / ", "/").split("/")[0]))
        for fields, shape in _layer("lakes")
        if shape.intersects(AROUND)
    ]
    ours = content.waters()
    lakes += [
        _feature(shapely.Polygon(smooth(lake["ring"])), "lake", {"fr": lake["fr"], "de": lake["de"]})
        for lake in ours["lakes"]
    ]
    rivers = [
        _feature(
            shapely.LineString(smooth(river["line"])),
            "river",
            {"fr": river["fr"], "de": river["de"]},
            rank=river["rank"],
        )
        for river in ours["rivers"]
    ]
    return _collection([*lakes, *rivers])


def smooth(points: list[list[float]], steps: int = 5) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through `points` (Catmull and Rom 1974), `steps` pieces between two of them."""
    closed = points[0] == points[-1]
    count = len(points)
    made: list[tuple[float, float]] = []
    for at in range(count - 1):
        before = points[at - 1] if at else points[-2 if closed else 0]
        after = points[at + 2] if at + 2 < count else points[1 if closed else -1]
        here, there = points[at], points[at + 1]
        for step in range(steps):
            t = step / steps
            x, y = (
                0.5
                * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
                for a, b, c, d in zip(before, here, there, after, strict=True)
            )
            made.append((x, y))
    made.append((points[-1][0], points[-1][1]))
    return made


def _feature(shape: BaseGeometry, kind: str, names: dict[str, str], **more: object) -> dict[str, Any]:
    rounded = shapely.set_precision(shape, 1e-5, mode="pointwise")
    return {
        "type": "Feature",
        "properties": {"kind": kind, "names": names, **more},
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
