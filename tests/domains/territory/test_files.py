"""Files of outlines: every usual format, and every usual way in which one is wrong."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.errors import UnreadableFile
from belvedere.domains.territory.models import Place, PlaceBoundary
from belvedere.domains.territory.public import (
    BoundaryMapping,
    Report,
    import_boundaries,
    open_territory,
    places_at,
    places_of,
    save_mapping,
    saved_mapping,
    territory_by_slug,
)
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.clock import today
from belvedere.kernel.errors import InvalidInput, NotFound, Refused, TooLarge
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MAPPING = BoundaryMapping(scheme="BFS", code="code", names={"fr": "nom"})
SQUARES = {"6001": shapely.box(7.3, 46.2, 7.4, 46.3), "6002": shapely.box(7.4, 46.2, 7.5, 46.3)}
CROSSED = [[7.3, 46.2], [7.4, 46.3], [7.4, 46.2], [7.3, 46.3], [7.3, 46.2]]
BOW_TIE = {"type": "Polygon", "coordinates": [CROSSED]}
FLAT = {"type": "Polygon", "coordinates": [[[7.3, 46.2], [7.4, 46.2], [7.35, 46.2], [7.3, 46.2]]]}


@pytest.fixture
def territory(db: None) -> Any:
    open_territory(actor=SYSTEM, slug="vallee", names={"fr": "Vallée"}, country="CH", currency="CHF")
    return territory_by_slug("vallee")


def feature(code: str, geometry: Any, **more: Any) -> dict[str, Any]:
    drawn = geometry if isinstance(geometry, dict | None) else json.loads(shapely.to_geojson(geometry))
    return {
        "type": "Feature",
        "properties": {"code": code, "nom": f"Commune {code}", **more},
        "geometry": drawn,
    }


def written(folder: Path, features: list[Any], name: str = "places.geojson") -> Path:
    file = folder / name
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def brought(territory: Any, file: Path, **more: Any) -> Report:
    given: dict[str, Any] = {"mapping": MAPPING, "source": "test"} | more
    return import_boundaries(actor=SYSTEM, territory_id=territory.id, file=file, **given)


def moved(geometry: Any, to: str) -> Any:
    turn = Transformer.from_crs("EPSG:4326", to, always_xy=True)
    return shapely.transform(geometry, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1])))


def saved_by_gdal(file: Path, driver: str, crs: str) -> Path:
    shapes = [moved(square, crs) if crs != "EPSG:4326" else square for square in SQUARES.values()]
    pyogrio.raw.write(
        file,
        np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        [np.array(list(SQUARES), dtype=object), np.array(["Sîon", "Sierre"], dtype=object)],
        ["code", "nom"],
        geometry_type="Polygon",
        crs=crs,
        driver=driver,
    )
    return file


def topojson(file: Path) -> Path:
    """Two squares that share an edge, quantised, as swiss-maps writes them."""
    arcs = [
        [[1000, 0], [0, 1000]],
        [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
        [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
    ]
    top = {
        "type": "Topology",
        "transform": {"scale": [0.0001, 0.0001], "translate": [7.3, 46.2]},
        "arcs": arcs,
        "objects": {
            "communes": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "6001", "nom": "A"}},
                    {"type": "Polygon", "arcs": [[2, -1]], "properties": {"code": "6002", "nom": "B"}},
                ],
            }
        },
    }
    file.write_text(json.dumps(top), encoding="utf-8")
    return file


def zipped_shapefile(folder: Path, crs: str) -> Path:
    saved_by_gdal(folder / "c.shp", "ESRI Shapefile", crs)
    file = folder / "upload.bin"
    with zipfile.ZipFile(file, "w") as archive:
        for part in folder.glob("c.*"):
            archive.write(part, f"dossier/{part.name}")
    return file


@pytest.mark.parametrize("form", ["geojson", "gpkg", "shp", "zip", "topojson"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2056"])
def test_every_format_in_any_system(territory: Any, tmp_path: Path, form: str, crs: str) -> None:
    match form:
        case "geojson" if crs == "EPSG:4326":
            file = written(tmp_path, [feature(code, square) for code, square in SQUARES.items()])
        case "topojson" if crs == "EPSG:4326":
            file = topojson(tmp_path / "t.json")
        case "gpkg":
            file = saved_by_gdal(tmp_path / "p.gpkg", "GPKG", crs)
        case "shp":
            file = saved_by_gdal(tmp_path / "p.shp", "ESRI Shapefile", crs)
        case "zip":
            file = zipped_shapefile(tmp_path, crs)
        case _:
            pytest.skip("this format is in longitude and latitude")
    report = brought(territory, file)
    assert (report.places_created, report.boundaries_set, report.refused) == (2, 2, [])
    assert brought(territory, file).changes == 0
    [found] = places_at(7.45, 46.25, today())
    assert found.codes == {"BFS": "6002"}


def test_the_name_of_the_file_does_not_matter(territory: Any, tmp_path: Path) -> None:
    file = saved_by_gdal(tmp_path / "p.gpkg", "GPKG", "EPSG:2056").rename(tmp_path / "upload.tmp")
    assert brought(territory, file).places_created == 2


def test_bad_rows_are_told_one_by_one_and_the_others_are_taken(territory: Any, tmp_path: Path) -> None:
    rows = [
        feature("6001", SQUARES["6001"]),
        feature("6003", BOW_TIE),
        feature("6004", None),
        feature("6005", {"type": "Point", "coordinates": [7.3, 46.2]}),
        feature("", SQUARES["6002"]),
        feature("6001", SQUARES["6002"]),
        feature("6006", FLAT),
    ]
    report = brought(territory, written(tmp_path, rows))
    assert [note.row for note in report.repaired] == [2]
    assert [note.row for note in report.refused] == [3, 4, 5, 6, 7]
    assert report.places_created == 2
    assert PlaceBoundary.objects.filter(repaired=True).count() == 1
    for row in PlaceBoundary.objects.all():
        assert shapely.from_wkb(bytes(row.geometry)).is_valid


def refused(territory: Any, file: Path, error: type[Exception], *words: str, **more: Any) -> None:
    """The file is refused with a sentence that holds `words`, and nothing is written."""
    acts = EntryRow.objects.count()
    with pytest.raises(error) as caught:
        brought(territory, file, **more)
    for word in words:
        assert word in str(caught.value)
    assert Place.objects.count() == 1
    assert EntryRow.objects.count() == acts


def test_swapped_axes_are_noticed_and_can_be_said(territory: Any, tmp_path: Path) -> None:
    swapped = [feature(c, shapely.transform(s, lambda xy: xy[:, ::-1])) for c, s in SQUARES.items()]
    file = written(tmp_path, swapped)
    refused(territory, file, InvalidInput, "latitude", "swapped")
    brought(territory, file, swapped=True)
    assert len(places_at(7.45, 46.25, today())) == 1


@pytest.mark.parametrize("crs", ["EPSG:2056", "EPSG:3857"])
def test_a_system_the_file_does_not_say_is_named(territory: Any, tmp_path: Path, crs: str) -> None:
    file = written(tmp_path, [feature(code, moved(square, crs)) for code, square in SQUARES.items()])
    refused(territory, file, InvalidInput, crs)
    assert brought(territory, file, crs=crs).places_created == 2


def test_outlines_elsewhere_are_refused(territory: Any, tmp_path: Path) -> None:
    file = written(tmp_path, [feature("6001", shapely.box(100, 10, 101, 11))])
    refused(territory, file, InvalidInput, "CH")


def test_an_unknown_system_is_refused(territory: Any, tmp_path: Path) -> None:
    file = written(tmp_path, [feature("6001", SQUARES["6001"])])
    refused(territory, file, InvalidInput, "EPSG:99999", crs="EPSG:99999")


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.geojson", b"\x89PNG\r\n\x1a\n....", "GeoPackage"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "cut"),
        ("a.json", b'{"hello": 1}', "TopoJSON"),
        ("a.zip", b"PK\x03\x04 not really", "ZIP"),
        ("a.shp", b"\x00\x00\x27\x0a" + b"\x00" * 96, ".dbf"),
        ("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 100, "cannot be read"),
        ("a.geojson", b"", "GeoJSON"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "no outline"),
    ],
)
def test_what_is_no_file_of_outlines_is_refused(
    territory: Any, tmp_path: Path, name: str, data: bytes, word: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    refused(territory, file, UnreadableFile, word)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    territory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("belvedere.domains.territory.files.reading.LARGEST_UNPACKED", 1_000_000)
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 2_000_000)
    refused(territory, file, TooLarge, "unpacks")


def test_a_file_too_large_is_refused(territory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("belvedere.domains.territory.files.reading.LARGEST_FILE", 100)
    refused(territory, written(tmp_path, [feature("6001", SQUARES["6001"])]), TooLarge, "larger")


def test_a_missing_column_is_named_with_those_there_are(territory: Any, tmp_path: Path) -> None:
    file = written(tmp_path, [feature("6001", SQUARES["6001"])])
    mapping = BoundaryMapping(scheme="BFS", code="insee", names={"fr": "nom"})
    refused(territory, file, InvalidInput, "insee", "code, nom", mapping=mapping)


def test_a_dry_run_keeps_nothing(territory: Any, tmp_path: Path) -> None:
    file = written(tmp_path, [feature("6001", SQUARES["6001"])])
    report = brought(territory, file, dry_run=True)
    assert report.places_created == 1
    assert places_of(territory) == []


def test_long_and_right_to_left_names_are_kept_or_told(territory: Any, tmp_path: Path) -> None:
    rows = [feature("6001", SQUARES["6001"], nom="مدينة"), feature("6002", SQUARES["6002"], nom="x" * 4000)]
    report = brought(territory, written(tmp_path, rows))
    assert [note.row for note in report.refused] == [2]
    assert [place.name for place in places_of(territory)] == ["مدينة"]


def test_a_neighbour_administrator_may_not_import(
    territory: Any, valbelle: Valbelle, people: People, tmp_path: Path
) -> None:
    """The governor of Valbelle differs from one of here by the territory alone."""
    file = written(tmp_path, [feature("6001", SQUARES["6001"])])
    with pytest.raises(Refused):
        import_boundaries(
            actor=people.actor("governor"),
            territory_id=territory.id,
            file=file,
            mapping=MAPPING,
            source="test",
        )
    assert places_of(territory) == []


def test_a_mapping_is_kept_by_its_name(db: None) -> None:
    mapping = BoundaryMapping(
        scheme="INSEE", code="code", names={"fr": "nom"}, populations={2026: "pop"}, codes={"SIREN": "siren"}
    )
    save_mapping("France", mapping)
    assert saved_mapping("France") == mapping
    with pytest.raises(NotFound) as missing:
        saved_mapping("Suisse")
    assert "France" in str(missing.value)
