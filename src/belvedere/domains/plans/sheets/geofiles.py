"""GeoJSON and GeoPackage as the table that sheets are read into: a feature a row, its geometry a cell.

No Django.

Our own export comes back whole: its lists stand in the properties, each geometry beside what is known of its
site. Any other layer becomes columns named by its properties, with the geometry as WKT in the last one.
Not for: deciding what the columns mean (`mapping`), whether the rows are right (`verdicts`).
"""

from __future__ import annotations

import json
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely

from belvedere.domains.plans.sheets.errors import UnreadableFile
from belvedere.domains.plans.sheets.parsing import Cell
from belvedere.domains.plans.sheets.safety import FileKind
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.kernel.geometry import WGS84, reproject

MARK = "belvedere_id"
MEASURES, SITES = "measures", "sites"  # the layers of our own GeoPackage
SITE_FACTS = ("name", "method", "accuracy_m", "source_crs")
GEOMETRY = "geometry"  # the column that the geometry of any other layer is read into
_DAMAGED = N_("The map layer is damaged and cannot be opened. Export it again from your GIS.")

Features = list[tuple[dict[str, Any], Any]]  # properties and geometry (None without)


def rows_of(path: Path, kind: FileKind, layer: str | None = None) -> tuple[str, list[str], list[list[Cell]]]:
    """The layer read, its columns and rows. `layer` names one of a GeoPackage with several."""
    if kind is FileKind.GEOJSON:
        name, features = path.name, _geojson(path)
    else:
        name, features = _geopackage(path, layer)
    headers = list(dict.fromkeys(key for properties, _ in features for key in properties))
    is_own = MARK in headers
    last = SITES if is_own else GEOMETRY
    if last not in headers:
        headers.append(last)
    rows: list[list[Cell]] = []
    for properties, geometry in features:
        cells = {key: _cell(value) for key, value in properties.items()}
        cells[last] = _sites(properties.get(SITES), geometry) if is_own else _wkt(geometry)
        rows.append([cells.get(header) for header in headers])
    return name, headers, rows


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


def _wkt(geometry: Any) -> str:
    if geometry is None or geometry.is_empty:
        return ""
    return str(shapely.to_wkt(geometry, rounding_precision=25, trim=True))


def _sites(known: Any, geometry: Any) -> str:
    """The list of sites of a measure: each geometry with the facts that stood at its place.

    A geometry drawn anew in a GIS keeps the facts of the site it took the place of; when their number
    changed, nothing says which is which and all count as imported.
    """
    facts: list[dict[str, Any]] = json.loads(known) if isinstance(known, str) and known else (known or [])
    if geometry is None or geometry.is_empty:
        shapes: Sequence[Any] = ()
    elif len(facts) > 1 and isinstance(geometry, shapely.GeometryCollection):
        shapes = list(geometry.geoms)
    else:
        shapes = [geometry]
    if len(facts) != len(shapes):
        facts = [{"method": "imported"} for _ in shapes]
    sites = [
        {
            **{name: "" if (value := one.get(name)) is None else value for name in SITE_FACTS},
            "wkt": _wkt(shape),
        }
        for one, shape in zip(facts, shapes, strict=True)
    ]
    return json.dumps(sites, ensure_ascii=False) if sites else ""


# ------------------------------------------------------------------ GeoJSON
def _geojson(path: Path) -> Features:
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
        found = whole["features"] if whole.get("type") == "FeatureCollection" else [whole]
        features = [_feature(one) for one in found]
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as e:
        raise UnreadableFile(_DAMAGED) from e
    if not features:
        raise UnreadableFile(N_("The map layer holds no feature. Choose the one that holds the measures."))
    return features


def _feature(one: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    if one["type"] != "Feature":
        raise ValueError(one["type"])
    drawn = one.get("geometry")
    geometry = None if drawn is None else shapely.force_2d(shapely.from_geojson(json.dumps(drawn)))
    properties = one.get("properties") or {}
    return {str(key): value for key, value in properties.items()}, geometry


# ------------------------------------------------------------------ GeoPackage
def _geopackage(path: Path, layer: str | None) -> tuple[str, Features]:
    with tempfile.TemporaryDirectory(prefix="belvedere-layer-") as folder, warnings.catch_warnings():
        # GDAL goes by the ending, which a kept file has not; its remarks are no news to people.
        warnings.simplefilter("ignore")
        link = Path(folder) / "layer.gpkg"
        link.symlink_to(path.resolve())
        try:
            return _layers(link, layer)
        except (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            pyogrio.errors.FieldError,
            shapely.errors.ShapelyError,
            ValueError,
        ) as error:
            raise UnreadableFile(_DAMAGED) from error


def _layers(path: Path, wanted: str | None) -> tuple[str, Features]:
    listed: Any = pyogrio.list_layers(path)  # type: ignore[no-untyped-call]
    names = {str(item[0]): item[1] is not None for item in listed}
    if {MEASURES, SITES} <= set(names):
        return MEASURES, _own(path)
    drawn = [name for name, has_geometry in names.items() if has_geometry]
    if wanted in names:
        return wanted, _read(path, wanted)
    if not drawn:
        raise UnreadableFile(N_("The map layer holds no feature. Choose the one that holds the measures."))
    if len(drawn) > 1:
        raise UnreadableFile(
            N_("The GeoPackage has several layers: {known}. Export the one that holds the measures alone."),
            known=sorted(drawn),
        )
    return drawn[0], _read(path, drawn[0])


def _own(path: Path) -> Features:
    """Our own: measures in a table, their sites in a layer, in the order they were written."""
    sites: dict[str, Features] = defaultdict(list)
    for properties, geometry in _read(path, SITES, empty=True):
        sites[str(properties.get(MARK))].append((properties, geometry))
    features: Features = []
    for properties, _none in _read(path, MEASURES):
        own = sites.get(str(properties.get(MARK)), [])
        facts = [{name: one.get(name) for name in SITE_FACTS} for one, _ in own]
        shapes = [shape for _, shape in own]
        whole = None if not shapes else shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)
        features.append(({**properties, SITES: facts}, whole))
    return features


def _read(path: Path, layer: str, *, empty: bool = False) -> Features:
    meta, _fids, geometries, columns = pyogrio.raw.read(  # type: ignore[no-untyped-call]
        path, layer=layer, force_2d=True
    )
    names = [str(field) for field in meta["fields"]]
    count = len(columns[0]) if columns else len(geometries if geometries is not None else ())
    if not count and not empty:
        raise UnreadableFile(N_("The map layer holds no feature. Choose the one that holds the measures."))
    values = [[_plain(value) for value in column] for column in columns]
    shapes = [None] * count if geometries is None else _shapes(geometries, meta["crs"])
    return [
        ({name: column[at] for name, column in zip(names, values, strict=True)}, shapes[at])
        for at in range(count)
    ]


def _shapes(geometries: Iterable[bytes | None], crs: str | None) -> list[Any]:
    read = [None if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore") for wkb in geometries]
    if crs is None or crs in (WGS84, "OGC:CRS84"):
        return read
    try:
        return [None if shape is None else reproject(shape, crs) for shape in read]
    except BelvedereError as error:
        raise UnreadableFile(error.message, **error.data) from error


def _plain(value: Any) -> Any:
    """A value of numpy as Python's own; no number is None."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and value != value:
        return None
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
