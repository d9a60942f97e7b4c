"""Roads of a territory, brought from a file as anyone brings them."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import NetworkKind, import_network


def lay_roads(territory_id: UUID, folder: Path, **lines: list[tuple[float, float]]) -> None:
    """A network with a road of each name through these places (longitude and latitude in degrees)."""
    rows = [
        {
            "type": "Feature",
            "properties": {"nom": name},
            "geometry": {"type": "LineString", "coordinates": places},
        }
        for name, places in lines.items()
    ]
    file = folder / "roads.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    import_network(
        actor=Actor.system(),
        territory_id=territory_id,
        file=file,
        name="Routes",
        kind=NetworkKind.ROAD,
        source="Essai",
    )
