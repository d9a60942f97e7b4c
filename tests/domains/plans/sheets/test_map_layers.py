"""Map layers: our own changed in a GIS, somebody else's, and those that cannot be read."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.domains.plans.drafts import draft
from tests.people import Valbelle


def layer(folder: Path, features: list[dict[str, Any]], name: str = "layer.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def feature(at: tuple[float, float] | None, **properties: Any) -> dict[str, Any]:
    geometry = None if at is None else {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def exported(folder: Path, form: str) -> Path:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug

    path = folder / f"measures.{form}"
    sheets.export(actor=Actor.system(), territory=territory_by_slug("valbelle"), path=path, form=form)
    return path


def taken(path: Path) -> Any:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.sheets import public as sheets
    from belvedere.domains.territory.public import territory_by_slug

    return sheets.take_at_once(
        actor=Actor.system(), territory=territory_by_slug("valbelle"), path=path, file_name=path.name
    )[1]


def two_sites(valbelle: Valbelle) -> Any:
    import shapely

    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans import actions
    from belvedere.domains.plans import values as v
    from belvedere.domains.plans.states import SiteMethod
    from belvedere.kernel.geometry import Shape

    sites = (
        v.SiteDraft(Shape(shapely.Point(7.1, 46.1)), SiteMethod.DRAWN, name="Nord", accuracy_m=5.0),
        v.SiteDraft(Shape(shapely.LineString([(7.1, 46.1), (7.2, 46.2)])), SiteMethod.NETWORK, name="Sud"),
    )
    return actions.create_measure(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=draft(valbelle.montaigu, sites=sites),
    )


def test_a_site_moved_in_a_gis_keeps_what_is_known_of_it(valbelle: Valbelle, tmp_path: Path) -> None:
    from belvedere.domains.plans.models import Site

    two_sites(valbelle)
    path = exported(tmp_path, "geojson")
    whole = json.loads(path.read_text(encoding="utf-8"))
    sites = whole["features"][0]["geometry"]["geometries"]
    next(site for site in sites if site["type"] == "Point")["coordinates"] = [7.15, 46.15]
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert taken(path).changed == 1
    found = {site.name: site for site in Site.objects.all()}
    assert (found["Nord"].longitude, found["Nord"].accuracy_m) == (7.15, 5.0)
    assert found["Sud"].method == "network_segment"


def test_a_site_added_in_a_gis_counts_as_imported(valbelle: Valbelle, tmp_path: Path) -> None:
    from belvedere.domains.plans.models import Site

    two_sites(valbelle)
    path = exported(tmp_path, "geojson")
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["features"][0]["geometry"]["geometries"].append({"type": "Point", "coordinates": [7.3, 46.3]})
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert taken(path).changed == 1
    assert {(site.name, site.method) for site in Site.objects.all()} == {("", "imported")}
    assert Site.objects.count() == 3


def test_columns_left_out_by_a_gis_are_left_as_they_are(valbelle: Valbelle, tmp_path: Path) -> None:
    from belvedere.domains.plans.models import Measure, Site

    two_sites(valbelle)
    path = exported(tmp_path, "geojson")
    whole = json.loads(path.read_text(encoding="utf-8"))
    properties = whole["features"][0]["properties"]
    for name in ("estimates", "spending", "phases", "listings"):
        del properties[name]
    properties["title_fr"] = "Voie bleue"
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert taken(path).changed == 1
    assert Measure.objects.get().title == {"fr": "Voie bleue"}
    assert Site.objects.count() == 2


def test_somebody_elses_layer_is_read_by_its_properties(valbelle: Valbelle, tmp_path: Path) -> None:
    from belvedere.domains.plans.models import Site

    path = layer(
        tmp_path,
        [
            feature((7.4, 46.2), Titre="Piste cyclable", **{"Maître d'ouvrage": "Montaigu"}),
            feature(None, Titre="Étude", **{"Maître d'ouvrage": "Rochefort"}),
        ],
    )
    assert taken(path).created == 2
    assert [(site.longitude, site.latitude, site.method) for site in Site.objects.all()] == [
        (7.4, 46.2, "imported")
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'{"type": "FeatureCollection", "features": [{"type": "Feature"',
        b'{"type": "FeatureCollection", "features": 3}',
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Poi"}}]}',
    ],
)
def test_a_damaged_layer_is_refused_with_what_to_do(content: bytes, tmp_path: Path) -> None:
    from belvedere.domains.plans.sheets.errors import UnreadableFile
    from belvedere.domains.plans.sheets.reading import read

    path = tmp_path / "layer.geojson"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        read(path)


def test_a_database_that_says_it_is_a_geopackage_is_refused(tmp_path: Path) -> None:
    from belvedere.domains.plans.sheets.errors import UnreadableFile
    from belvedere.domains.plans.sheets.reading import read

    path = tmp_path / "layer.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA application_id = 0x47504B47")
        database.execute("CREATE TABLE measures (belvedere_id TEXT)")
    database.close()
    with pytest.raises(UnreadableFile):
        read(path)
