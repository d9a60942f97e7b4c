"""Networks of lines: from a file of any kind, twice without doubles, bad lines one by one, found by a box."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import Transformer

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.errors import UnreadableFile
from belvedere.domains.territory.public import (
    NetworkKind,
    NetworkMapping,
    NetworkReport,
    follows_network,
    import_network,
    network_lines,
    networks,
    open_territory,
    remove_network,
    territory_by_slug,
)
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from belvedere.kernel.geometry import Box, Shape
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
PLAIN = [(7.30, 46.20), (7.32, 46.21), (7.34, 46.215)]
HILL = [(7.35, 46.25), (7.36, 46.26)]
VALLEY = Box(7.2, 46.1, 7.5, 46.4)


@pytest.fixture
def territory(db: None) -> Any:
    open_territory(actor=SYSTEM, slug="vallee", names={"fr": "Vallée"}, country="CH", currency="CHF")
    return territory_by_slug("vallee")


def row(code: str, geometry: Any, name: str = "", number: str = "") -> dict[str, Any]:
    drawn = geometry if isinstance(geometry, dict | None) else json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": {"id": code, "nom": name, "ref": number}, "geometry": drawn}


def written(folder: Path, rows: list[Any], name: str = "roads.geojson") -> Path:
    file = folder / name
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return file


def bring(territory: Any, file: Path, actor: Any = SYSTEM, **more: Any) -> NetworkReport:
    said: dict[str, Any] = {"name": "Routes", "kind": NetworkKind.ROAD, "source": "Canton", **more}
    return import_network(actor=actor, territory_id=territory.id, file=file, **said)


ROWS = [
    row("1", shapely.LineString(PLAIN), "Route de la Plaine", "9"),
    row("2", shapely.LineString(HILL), "Chemin du Coteau"),
]


def test_lines_come_with_name_and_number_and_twice_changes_nothing(territory: Any, tmp_path: Path) -> None:
    file = written(tmp_path, ROWS)
    assert bring(territory, file).counts()["lines_added"] == 2
    entries = EntryRow.objects.count()
    again = bring(territory, file)
    assert (again.changes, again.unchanged) == (0, 2)
    assert EntryRow.objects.count() == entries, "nothing changed, nothing to tell"
    (view,) = networks(territory.id)
    assert (view.name, view.kind, view.lines) == ("Routes", NetworkKind.ROAD, 2)
    labels = {line.label for line in network_lines(territory.id, VALLEY)}
    assert labels == {"Route de la Plaine (9)", "Chemin du Coteau"}
    assert len(network_lines(territory.id, VALLEY, kind=NetworkKind.ROAD)) == 2
    assert network_lines(territory.id, VALLEY, kind=NetworkKind.RAIL) == []
    near = network_lines(territory.id, Box(7.31, 46.2, 7.311, 46.21))
    assert [line.number for line in near] == ["9"]


def test_the_network_becomes_what_the_file_holds(territory: Any, tmp_path: Path) -> None:
    bring(territory, written(tmp_path, ROWS))
    moved = row("2", shapely.LineString([*HILL, (7.37, 46.27)]), "Chemin du Coteau")
    new = row("3", shapely.LineString([(7.4, 46.3), (7.41, 46.3)]))
    report = bring(territory, written(tmp_path, [moved, new], "later.geojson"))
    assert (report.lines_added, report.lines_changed, report.lines_removed) == (1, 1, 1)
    bring(territory, written(tmp_path, ROWS), name="Autres")
    assert [view.lines for view in networks(territory.id)] == [2, 2], "another name: another network"


def test_lines_without_a_code_are_known_by_their_shape(territory: Any, tmp_path: Path) -> None:
    rows = [
        {"type": "Feature", "properties": {}, "geometry": row("", shapely.LineString(line))["geometry"]}
        for line in (PLAIN, HILL, HILL[::-1])
    ]
    report = bring(territory, written(tmp_path, rows))
    assert report.lines_added == 2
    assert [note.row for note in report.refused] == [3], "the same line the other way round"
    again = bring(territory, written(tmp_path, rows[:2][::-1]))
    assert (again.changes, again.unchanged) == (0, 2)


def test_bad_lines_are_refused_one_by_one_and_what_was_there_stays(territory: Any, tmp_path: Path) -> None:
    bring(territory, written(tmp_path, ROWS))
    bad = [
        row("1", shapely.Point(7.3, 46.2)),
        row("4", {"type": "LineString", "coordinates": [[7.3, 46.2], [7.3, 46.2]]}),
        row("5", None),
        row("6", shapely.box(7.3, 46.2, 7.4, 46.3)),
    ]
    report = bring(territory, written(tmp_path, [*bad, ROWS[1]]))
    assert [note.row for note in report.refused] == [1, 2, 3, 4]
    assert len({note.message for note in report.refused}) == 3
    assert (report.changes, report.unchanged) == (0, 1)
    assert networks(territory.id)[0].lines == 2, "a line whose row is bad is not taken away"
    none_good = bring(territory, written(tmp_path, bad))
    assert none_good.changes == 0 and networks(territory.id)[0].lines == 2


def test_a_shapefile_in_the_national_grid(territory: Any, tmp_path: Path) -> None:
    turn = Transformer.from_crs("EPSG:4326", "EPSG:2056", always_xy=True)
    line = shapely.transform(
        shapely.LineString(PLAIN), lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))
    )
    pyogrio.raw.write(
        tmp_path / "roads.shp",
        np.array([shapely.to_wkb(line)], dtype=object),
        [np.array(["Plaine"], dtype=object)],
        ["STRASSEN"],
        geometry_type="LineString",
        crs="EPSG:2056",
    )
    bring(territory, tmp_path / "roads.shp", mapping=NetworkMapping(name="STRASSEN"))
    (found,) = network_lines(territory.id, VALLEY)
    assert found.name == "Plaine"
    assert found.shape.geometry.coords[0] == pytest.approx(PLAIN[0], abs=1e-6)


GPX = """<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="46.2" lon="7.3"><name>Borne</name></wpt><trk><name>Tour</name><trkseg>
<trkpt lat="46.2" lon="7.3"/><trkpt lat="46.21" lon="7.31"/></trkseg></trk></gpx>"""
KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>A</name><Placemark><name>Digue</name><LineString><coordinates>7.3,46.2,0 7.31,46.21,0
</coordinates></LineString></Placemark></Folder><Folder><name>B</name><Placemark><name>Rive</name>
<LineString><coordinates>7.32,46.2 7.33,46.21</coordinates></LineString></Placemark></Folder></Document>
</kml>"""


def test_gpx_and_kml_are_read_by_what_they_are(territory: Any, tmp_path: Path) -> None:
    (tmp_path / "upload").write_text(GPX, encoding="utf-8")
    report = bring(territory, tmp_path / "upload", name="Tour", kind=NetworkKind.PATH)
    assert report.lines_added == 1 and len(report.refused) == 1, "the waypoint is no line"
    (tmp_path / "dykes.kml").write_text(KML, encoding="utf-8")
    bring(territory, tmp_path / "dykes.kml", name="Digues", kind=NetworkKind.PATH)
    names = {line.name for line in network_lines(territory.id, VALLEY)}
    assert names == {"Tour", "Digue", "Rive"}, "every folder of a KML is read"
    (tmp_path / "page.gpx").write_text("<html><body>404</body></html>", encoding="utf-8")
    with pytest.raises(UnreadableFile):
        bring(territory, tmp_path / "page.gpx")


def test_a_dry_run_keeps_nothing(territory: Any, tmp_path: Path) -> None:
    report = bring(territory, written(tmp_path, ROWS), dry_run=True)
    assert report.lines_added == 2
    assert networks(territory.id) == []


def test_what_lies_on_the_network_follows_it(territory: Any, tmp_path: Path) -> None:
    bring(territory, written(tmp_path, ROWS))
    middle = (7.31, 46.205)  # of the first section
    assert follows_network(territory.id, Shape(shapely.LineString([middle, PLAIN[1]])))
    aside = (7.31, 46.205 + 3 / 111_320)  # three metres north
    assert not follows_network(territory.id, Shape(shapely.LineString([aside, PLAIN[1]])))
    assert follows_network(territory.id, Shape(shapely.LineString([aside, PLAIN[1]])), within_m=4)
    assert not follows_network(territory.id, Shape(shapely.Point(7.6, 46.5)))


def test_only_an_administrator_of_this_territory_brings_and_removes(
    valbelle: Valbelle, people: People, tmp_path: Path
) -> None:
    class Here:
        id = valbelle.territory.pk

    file = written(tmp_path, ROWS)
    with pytest.raises(Refused):
        bring(Here, file, actor=people.actor("administrator"))  # of Montaigu, not of the territory
    bring(Here, file, actor=people.actor("governor"))
    (view,) = networks(Here.id)
    with pytest.raises(Refused):
        remove_network(actor=people.actor("office"), territory_id=Here.id, network_id=view.id)
    remove_network(actor=people.actor("governor"), territory_id=Here.id, network_id=view.id)
    assert networks(Here.id) == []
    with pytest.raises(NotFound):
        remove_network(actor=people.actor("governor"), territory_id=Here.id, network_id=view.id)
    verbs = list(EntryRow.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["territory.import_network", "territory.remove_network"]


def test_what_is_missing_is_said(territory: Any, tmp_path: Path) -> None:
    file = written(tmp_path, ROWS)
    for more in ({"name": " "}, {"source": ""}, {"mapping": NetworkMapping(name="rue")}):
        with pytest.raises(InvalidInput):
            bring(territory, file, **more)
    assert networks(territory.id) == []
