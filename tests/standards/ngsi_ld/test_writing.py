"""Representations (ETSI GS CIM 009, clauses 4.5.4, 4.5.5, 4.5.16, 4.5.23, 4.15, 4.21)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from belvedere.standards.ngsi_ld.contexts import core
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.linking import gather
from belvedere.standards.ngsi_ld.merging import created
from belvedere.standards.ngsi_ld.problems import BadRequestData, TooComplexQuery
from belvedere.standards.ngsi_ld.shown import Form, Presentation, read_presentation
from belvedere.standards.ngsi_ld.writing import write_entities, write_entity
from tests.standards.ngsi_ld.making import NOW, document

POINT = {"type": "Point", "coordinates": [6.14, 46.2]}
BENCH: dict[str, Any] = {
    "wear": {"type": "Property", "value": 3, "unitCode": "P1", "by": {"type": "Property", "value": "eye"}},
    "name": {"type": "LanguageProperty", "languageMap": {"fr": "Banc", "de": "Bank"}},
    "standsIn": {"type": "Relationship", "object": "urn:ngsi-ld:Park:1"},
    "location": {"type": "GeoProperty", "value": POINT},
}


def shown(bench: Document, **parameters: str) -> Any:
    return write_entity(bench, core(), read_presentation(parameters, core()))


def test_clause_4_5_4_simplified() -> None:
    assert shown(document(**BENCH), format="simplified") == {
        "id": "urn:ngsi-ld:Bench:1",
        "type": "Bench",
        "wear": 3,
        "name": {"languageMap": {"fr": "Banc", "de": "Bank"}},
        "standsIn": "urn:ngsi-ld:Park:1",
        "location": POINT,
    }


def test_clause_4_5_5_simplified_datasets_stand_side_by_side() -> None:
    bench = document(wear=[{"value": 1}, {"value": 2, "datasetId": "urn:ngsi-ld:Dataset:eye"}])
    assert shown(bench, options="keyValues")["wear"] == {
        "dataset": {"@none": 1, "urn:ngsi-ld:Dataset:eye": 2}
    }
    assert shown(bench, datasetId="@none")["wear"] == {"type": "Property", "value": 1}
    assert "wear" not in shown(bench, datasetId="urn:ngsi-ld:Dataset:other")


@pytest.mark.parametrize(
    ("asked", "text", "lang"),
    [
        ("de", "Bank", "de"),
        ("fr-CH,fr", "Banc", "fr"),
        ("it,de;q=0.5,fr;q=0.4", "Bank", "de"),
        ("*", "Banc", "fr"),
    ],
)
def test_clause_4_15_a_language_makes_a_property(asked: str, text: str, lang: str) -> None:
    assert shown(document(**BENCH), lang=asked)["name"] == {"type": "Property", "value": text, "lang": lang}


def test_clause_4_5_16_geojson() -> None:
    show = read_presentation({}, core(), geojson=True)
    feature = write_entity(document(**BENCH), core(), show)
    assert (feature["type"], feature["geometry"], feature["properties"]["type"]) == (
        "Feature",
        POINT,
        "Bench",
    )
    assert write_entity(document(wear=1), core(), show)["geometry"] is None
    assert write_entities([document(wear=1)], core(), show)["type"] == "FeatureCollection"


def test_clause_4_8_the_systems_instants_are_shown_when_asked_for() -> None:
    bench = created(document(**BENCH), NOW)
    assert "createdAt" not in shown(bench) and "createdAt" not in shown(bench)["wear"]
    told = shown(bench, options="sysAttrs")
    assert told["createdAt"] == told["wear"]["modifiedAt"] == "2026-05-04T08:00:00Z"


def test_clause_4_21_pick_and_omit() -> None:
    bench = document(**BENCH)
    assert set(shown(bench, pick="id,wear")) == {"id", "wear"}
    assert set(shown(bench, omit="type,wear")) == {"id", "name", "standsIn", "location"}
    assert set(shown(bench, attrs="wear")) == {"id", "type", "wear"}
    picked = write_entities([document(name="x")], core(), read_presentation({"pick": "wear"}, core()))
    assert picked == []
    for bad in ({"pick": "wear", "omit": "wear"}, {"pick": "a{"}, {"pick": ","}, {"pick": "a", "attrs": "a"}):
        with pytest.raises(BadRequestData):
            read_presentation(bad, core())


PARK = {
    "id": "urn:ngsi-ld:Park:1",
    "type": "Park",
    "name": "Bois",
    "within": {"object": "urn:ngsi-ld:City:1"},
}
CITY = {"id": "urn:ngsi-ld:City:1", "type": "City", "has": {"object": "urn:ngsi-ld:Park:1"}}


def load(urns: Iterable[str]) -> dict[str, Document]:
    held = {str(one["id"]): document(**one) for one in (PARK, CITY)}
    return {urn: held[urn] for urn in urns if urn in held}


def test_clause_4_5_23_linked_entities_inside_and_beside() -> None:
    bench = document(**BENCH)
    inside = read_presentation({"join": "inline", "joinLevel": "2", "pick": "id,standsIn{id,name}"}, core())
    linked, beside = gather([bench], inside, load)
    assert beside == []
    assert write_entity(bench, core(), inside, linked)["standsIn"]["entity"] == {
        "id": "urn:ngsi-ld:Park:1",
        "name": {"type": "Property", "value": "Bois"},
    }
    flat = read_presentation({"join": "flat", "joinLevel": "3"}, core())
    linked, beside = gather([bench], flat, load)
    told = write_entities([bench], core(), flat, linked, beside)
    assert [one["id"] for one in told] == ["urn:ngsi-ld:Bench:1", "urn:ngsi-ld:Park:1", "urn:ngsi-ld:City:1"]


def test_clause_4_5_23_entities_that_point_at_each_other_end() -> None:
    show = Presentation(form=Form.SIMPLIFIED, join="inline", join_level=5)
    linked, _ = gather([document(**BENCH)], show, load)
    park = write_entity(document(**BENCH), core(), show, linked)["standsIn"]
    assert park["within"]["has"] == "urn:ngsi-ld:Park:1"
    crowd = [f"urn:ngsi-ld:Park:{n}" for n in range(30)]
    each = {urn: document(id=urn, near={"object": crowd}) for urn in crowd}
    with pytest.raises(TooComplexQuery):
        gather([document(near={"object": crowd})], show, lambda urns: {urn: each[urn] for urn in urns})
