"""What is NGSI-LD and what is not (ETSI GS CIM 009, clauses 4.5, 4.6, 5.5.4, 6.3.5)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.standards.ngsi_ld.contexts import core
from belvedere.standards.ngsi_ld.documents import ABSENT, NULL, Kind, pack_sub, unpack_sub
from belvedere.standards.ngsi_ld.problems import BadRequestData, InvalidRequest, Problem, details
from belvedere.standards.ngsi_ld.reading import (
    read_attribute,
    read_entity,
    read_fragment,
    read_temporal,
    take_context,
)
from belvedere.standards.ngsi_ld.shown import Form, Presentation
from belvedere.standards.ngsi_ld.words import parse_json
from belvedere.standards.ngsi_ld.writing import write_entity
from tests.standards.ngsi_ld.making import BODIES, OURS, document, iri, loader, ours

POINT = {"type": "Point", "coordinates": [6.14, 46.2]}


@given(BODIES)
def test_clause_4_5_1_what_is_read_is_written_back(body: dict[str, Any]) -> None:
    for context in (core(), ours()):
        held = read_entity(body, context)
        for form in (Form.NORMALIZED, Form.CONCISE):
            written = write_entity(held, context, Presentation(form=form))
            assert read_entity(json.loads(json.dumps(written)), context) == held


@given(BODIES)
def test_what_stands_beside_a_value_survives_being_put_away(body: dict[str, Any]) -> None:
    for instances in read_entity(body, core()).attributes.values():
        for one in instances:
            kept = unpack_sub(json.loads(json.dumps(pack_sub(one))))
            assert kept.get("sub", {}) == one.sub


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("oak", Kind.PROPERTY),
        ([1, 2], Kind.PROPERTY),
        ({"value": 3, "unitCode": "CEL"}, Kind.PROPERTY),
        ({"object": "urn:ngsi-ld:Park:1"}, Kind.RELATIONSHIP),
        (POINT, Kind.GEO),
        ({"value": POINT}, Kind.GEO),
        ({"languageMap": {"fr": "banc"}}, Kind.LANGUAGE),
        ({"vocab": "wooden"}, Kind.VOCAB),
        ({"json": {"type": "x"}}, Kind.JSON),
        ({"valueList": [1]}, Kind.LIST),
        ({"objectList": [{"object": "urn:ngsi-ld:Park:1"}]}, Kind.LIST_RELATIONSHIP),
    ],
)
def test_clause_4_5_2_3_a_concise_attribute_is_what_it_looks_like(value: Any, kind: Kind) -> None:
    assert document(thing=value).attributes[iri("thing")][0].kind is kind


@pytest.mark.parametrize(
    "attributes",
    [
        {"wear": None},
        {"wear": NULL},
        {"wear": {"type": "Property"}},
        {"wear": {"type": "Property", "value": None}},
        {"wear": {"type": "Colour", "value": 1}},
        {"wear": {"unitCode": "CEL"}},
        {"wear": {"type": "Relationship", "object": "not a uri"}},
        {"wear": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [200, 0]}}},
        {"wear": {"type": "GeoProperty", "value": {"type": "LineString", "coordinates": [[1, 2]]}}},
        {"wear": {"type": "LanguageProperty", "languageMap": {"fr": 1}}},
        {"wear": {"type": "VocabProperty", "vocab": 1}},
        {"wear": {"value": 1, "observedAt": "yesterday"}},
        {"wear": {"value": 1, "observedAt": "2026-13-01T00:00:00Z"}},
        {"wear": {"value": 1, "unitCode": ""}},
        {"wear": {"value": 1, "datasetId": "nope"}},
        {"wear": [{"value": 1}, {"value": 2}]},
        {"wear": 1, "ngsi-ld:default-context/wear": 2},
        {"a b": 1},
        {"@id": 5, "id": 5},
        {"scope": "no spaces here"},
        {"type": []},
        {"type": "id"},
        {"expiresAt": "soon"},
    ],
)
def test_clause_5_5_4_what_is_not_ngsi_ld_is_refused(attributes: dict[str, Any]) -> None:
    with pytest.raises(BadRequestData) as caught:
        document(**attributes)
    assert details(caught.value)["status"] == 400


def test_clause_4_5_0_the_null_belongs_into_fragments() -> None:
    fragment = read_fragment(
        {"wear": NULL, "name": {"languageMap": {"@none": NULL}}, "colour": {"unitCode": NULL}}, core()
    )
    assert fragment.attributes[iri("wear")][0].value == NULL
    assert fragment.attributes[iri("name")][0].value == NULL
    colour = fragment.attributes[iri("colour")][0]
    assert (colour.kind, colour.value, colour.cleared) == (Kind.UNSAID, ABSENT, frozenset(["unitCode"]))
    with pytest.raises(BadRequestData):
        read_fragment({"wear": NULL}, core(), whole=True)
    with pytest.raises(BadRequestData):
        read_fragment({}, core())
    with pytest.raises(BadRequestData):
        read_attribute({}, core())


def test_clause_5_2_20_a_temporal_entity_has_many_instances_of_one_dataset() -> None:
    many = [{"value": place, "observedAt": f"2026-01-0{place}T00:00:00Z"} for place in (1, 2, 3)]
    body = {"id": "urn:ngsi-ld:Bench:1", "type": "Bench", "wear": many}
    assert len(read_temporal(body, core()).attributes[iri("wear")]) == 3
    with pytest.raises(BadRequestData):
        read_entity(body, core())


def test_clause_6_3_5_where_the_context_stands() -> None:
    body, link = {"id": "urn:x:1", "@context": OURS}, f'<{OURS}>; rel="http://www.w3.org/ns/json-ld#context"'
    assert take_context(body, None, "application/ld+json", loader)[1].expand("Bench").endswith("parks#Bench")
    assert take_context({}, link, "application/json", loader)[1] is not core()
    assert take_context({}, None, "application/json; charset=utf-8", loader)[1] is core()
    for bad in (
        (body, None, "application/json"),
        ({}, None, "application/ld+json"),
        (body, link, "application/ld+json"),
        ([], None, "application/json"),
    ):
        with pytest.raises(BadRequestData):
            take_context(bad[0], bad[1], bad[2], loader)


@pytest.mark.parametrize("raw", [b"", b" ", b"{", b"{1: 2}", b"\xff", b"[" * 100_000, b'{"a": 1e999}'])
def test_clause_5_5_2_what_is_not_json_is_an_invalid_request(raw: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse_json(raw)


MEMBER = st.sampled_from(
    (
        *("id", "type", "value", "object", "languageMap", "vocab", "json", "valueList", "objectList", "wear"),
        *("observedAt", "unitCode", "datasetId", "scope", "expiresAt", "objectType", "valueType"),
        *("coordinates", "geometries"),
    )
) | st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(MEMBER, inside, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(MEMBER, JSON, max_size=4))
def test_whatever_is_sent_is_read_or_refused_with_a_sentence(body: dict[str, Any]) -> None:
    whole = {"id": "urn:ngsi-ld:Bench:1", "type": "Bench", **body}
    for reader in (read_entity, read_fragment, read_attribute, read_temporal):
        try:
            reader(whole, core())
        except Problem as problem:
            assert details(problem)["detail"]
