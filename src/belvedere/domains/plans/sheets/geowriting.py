"""Measures out as map layers, GeoJSON and GeoPackage, that come back identically (`geofiles`)."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely

from belvedere.domains.plans.sheets.geofiles import MARK, MEASURES, SITE_FACTS, SITES
from belvedere.domains.plans.sheets.portable import LISTS, MAIN, Names, list_rows, main_row
from belvedere.domains.plans.sheets.records import Record
from belvedere.kernel.geometry import WGS84

Measures = list[tuple[Record, int]]


def write_geojson(path: Path, measures: Measures, names: Names) -> None:
    """A feature a measure, its sites together as its geometry; the lists in the properties."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for at, (record, version) in enumerate(measures):
            shapes = _shapes(record)
            whole = (
                None if not shapes else shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)
            )
            lists = list_rows(record, names)
            lists[SITES] = [{name: site[name] for name in SITE_FACTS} for site in lists[SITES]]
            feature = {
                "type": "Feature",
                "id": str(record.id),
                "geometry": None if whole is None else json.loads(shapely.to_geojson(whole)),
                "properties": {**main_row(record, version, names), **lists},
            }
            file.write(",\n" if at else "\n")
            json.dump(feature, file, ensure_ascii=False, default=str)
        file.write("\n]}\n")


def write_geopackage(path: Path, measures: Measures, names: Names) -> None:
    """Two layers: `measures`, a table with the lists as JSON, and `sites`, a geometry a site."""
    mains, lists, sites = [], [], []
    for record, version in measures:
        main = main_row(record, version, names)
        found = list_rows(record, names)
        mains.append(main)
        lists.append(found)
        title = next(
            (main[f"title_{code}"] for code in names.territory.languages if main[f"title_{code}"]), ""
        )
        sites += [
            {MARK: main[MARK], "title": title, "owner_name": main["owner_name"], **known, "wkb": shape.wkb}
            for known, shape in zip(found[SITES], _shapes(record), strict=True)
        ]
    kept = [name for name in LISTS if name != SITES]
    columns = [_texts(row[name] for row in mains) for name in MAIN]
    columns += [_texts(_json(row[name]) for row in lists) for name in kept]
    facts = (MARK, "title", "owner_name", *SITE_FACTS)
    with tempfile.TemporaryDirectory(prefix="belvedere-layer-") as folder:
        made = Path(folder) / "layer.gpkg"  # GDAL wants the ending
        _write(made, columns, [*MAIN, *kept], sites, facts)
        shutil.move(made, path)


def _write(
    path: Path, columns: list[Any], names: list[str], sites: list[dict[str, Any]], facts: tuple[str, ...]
) -> None:
    pyogrio.raw.write(  # type: ignore[no-untyped-call]
        path, None, columns, names, layer=MEASURES, driver="GPKG", geometry_type=None
    )
    pyogrio.raw.write(  # type: ignore[no-untyped-call]
        path,
        np.array([site["wkb"] for site in sites], dtype=object),
        [_texts(site[name] for site in sites) for name in facts],
        list(facts),
        layer=SITES,
        driver="GPKG",
        geometry_type="Unknown",
        crs=WGS84,
    )


def _shapes(record: Record) -> list[Any]:
    return [shapely.from_wkb(bytes.fromhex(site.geometry)) for site in record.sites]


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str) if rows else ""


def _texts(values: Any) -> Any:
    """A column of texts: exact, where numbers would be rounded."""
    return np.array(["" if value is None else str(value) for value in values], dtype=object)
