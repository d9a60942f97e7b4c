"""An invented road network along the valley, so that sites can snap to it; marked as invented."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely

from belvedere.demo import content
from belvedere.demo.drawing import drawn
from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import NetworkKind, import_network

NAME = "Routes principales (inventées)"
SOURCE = "Réseau inventé pour la démonstration ; ce n’est pas un levé"


def lay(actor: Actor, territory_id: UUID) -> None:
    """Import the roads as anyone would: from a file."""
    rows = [_feature(number, road) for number, road in enumerate(content.roads(), start=1)]
    with tempfile.TemporaryDirectory(prefix="belvedere-demo-") as folder:
        file = Path(folder) / "roads.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
        import_network(
            actor=actor,
            territory_id=territory_id,
            file=file,
            name=NAME,
            kind=NetworkKind.ROAD,
            source=SOURCE,
            licence="CC0",
        )


def _feature(number: int, road: dict[str, Any]) -> dict[str, Any]:
    shape = drawn("L " + ">".join(road["through"])).geometry
    return {
        "type": "Feature",
        "properties": {"id": f"demo-{number}", "nom": road["name"], "ref": road.get("number", "")},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
