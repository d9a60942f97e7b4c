"""Names, instants, identifiers, places, scopes and the form of errors, each by its clause."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from belvedere.kernel.errors import Conflict, NotFound
from belvedere.standards.ngsi_ld import words
from belvedere.standards.ngsi_ld.contexts import core
from belvedere.standards.ngsi_ld.documents import Kind
from belvedere.standards.ngsi_ld.instances import check_geometry
from belvedere.standards.ngsi_ld.problems import BadRequestData, InvalidRequest, ResourceNotFound, details
from belvedere.standards.ngsi_ld.shown import check_options
from tests.standards.ngsi_ld.making import document

POINT = {"type": "Point", "coordinates": [7.5, 46.3]}
RING = [[7.0, 46.0], [7.1, 46.0], [7.1, 46.1], [7.0, 46.0]]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"type": "Property", "value": 1}, Kind.PROPERTY),
        ({"type": "Relationship", "object": "urn:ngsi-ld:Park:1"}, Kind.RELATIONSHIP),
        ({"type": "GeoProperty", "value": POINT}, Kind.GEO),
        ({"type": "LanguageProperty", "languageMap": {"fr": "Parc"}}, Kind.LANGUAGE),
        ({"type": "JsonProperty", "json": {"a": [1]}}, Kind.JSON),
        ({"type": "VocabProperty", "vocab": "open"}, Kind.VOCAB),
        ({"type": "ListProperty", "valueList": [1, 2]}, Kind.LIST),
        ({"type": "ListRelationship", "objectList": ["urn:ngsi-ld:Park:1"]}, Kind.LIST_RELATIONSHIP),
    ],
)
def test_clause_4_5_2_each_kind_of_attribute_is_read(said: dict[str, Any], kind: Kind) -> None:
    ((instance,),) = document(what=said).attributes.values()
    assert instance.kind is kind


def test_clause_4_6_2_names_are_terms_prefixed_names_or_iris() -> None:
    for good in ("fillingLevel", "Füllstand", "a-b_c1", "ex:level", "https://example.org/level"):
        assert words.check_name(good) == good
    for bad in ("1st", "", "a b", "a(b)", "x" * 301, "ex: level"):
        with pytest.raises(BadRequestData):
            words.check_name(bad)
    with pytest.raises(BadRequestData):
        words.expand_name("@type", core())
    assert words.read_types(["Bench", "Tree", "Bench"], core()) == words.read_types(["Tree", "Bench"], core())


def test_clause_4_6_3_instants_say_their_zone_and_are_told_in_utc() -> None:
    assert words.parse_instant("2026-01-31T08:30:00+01:00") == datetime(2026, 1, 31, 7, 30, tzinfo=UTC)
    for bad in ("2026-01-31T08:30:00", "2026-01-31", "2026-02-30T08:30:00Z", 5, None):
        with pytest.raises(BadRequestData):
            words.parse_instant(bad)
    for text in ("2026-01-31T07:30:00Z", "2026-01-31T07:30:00.250Z", "2026-01-31T07:30:00.000001Z"):
        assert words.instant(words.parse_instant(text)) == text


def test_clause_4_6_4_identifiers_are_uris() -> None:
    for good in ("urn:ngsi-ld:Bench:12", "https://example.org/bench/12"):
        assert words.check_uri(good) == good
    for bad in ("bench12", "", "urn:a b", "urn:<x>", 12, None, "urn:" + "x" * 300):
        with pytest.raises(BadRequestData):
            words.check_uri(bad)


@pytest.mark.parametrize(
    "geometry",
    [
        POINT,
        {"type": "LineString", "coordinates": RING[:2]},
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "GeometryCollection", "geometries": [POINT]},
    ],
)
def test_clause_4_7_geometries_are_geojson(geometry: dict[str, Any]) -> None:
    assert check_geometry(geometry, "location") == geometry


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [200, 46.3]},
        {"type": "Point", "coordinates": [7.5]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "LineString", "coordinates": RING[:1]},
        {"type": "Polygon", "coordinates": [RING[:3]]},
        {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": [POINT]}]},
        {"type": "Circle", "coordinates": [7.5, 46.3]},
        "POINT (7.5 46.3)",
    ],
)
def test_clause_4_7_what_is_no_geometry_in_degrees_is_refused(geometry: Any) -> None:
    with pytest.raises(BadRequestData):
        check_geometry(geometry, "location")


def test_clause_4_18_scopes_are_paths_each_once() -> None:
    assert words.read_scopes(["/Sion/Parks", "/Sion/Parks", "Sierre"]) == ("/Sion/Parks", "Sierre")
    for bad in ("/Sion//Parks", "/Sion/", "/1", 3, ["/Sion", ""]):
        with pytest.raises(BadRequestData):
            words.read_scopes(bad)


def test_clause_6_3_20_words_of_options_that_mean_nothing_are_refused() -> None:
    forms, others = frozenset({"concise"}), frozenset({"sysAttrs"})
    check_options(["concise", "sysAttrs"], "concise", forms, others)
    for options, form in ((["colour"], ""), ([], "colour"), ([], "sysAttrs")):
        with pytest.raises(InvalidRequest):
            check_options(options, form, forms, others)


def test_clause_5_5_3_an_error_names_its_type_its_title_and_what_to_do() -> None:
    told = details(ResourceNotFound("There is no {what} here.", what="bench"))
    assert told["type"] == "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound"
    assert (told["title"], told["status"]) == ("Resource not found", 404)
    assert told["detail"] == "There is no bench here."
    assert details(NotFound("Gone."))["type"].endswith("/ResourceNotFound")
    assert details(Conflict("Twice."))["status"] == 409
