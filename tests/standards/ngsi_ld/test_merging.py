"""How documents change (ETSI GS CIM 009, clauses 5.5.8 to 5.5.12, 5.6.1 to 5.6.5, 5.6.17 to 5.6.19)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belvedere.standards.ngsi_ld import merging
from belvedere.standards.ngsi_ld.contexts import core
from belvedere.standards.ngsi_ld.documents import NULL, Document
from belvedere.standards.ngsi_ld.problems import BadRequestData, ResourceNotFound
from belvedere.standards.ngsi_ld.reading import read_attribute, read_entity, read_fragment
from belvedere.standards.ngsi_ld.shown import Presentation
from belvedere.standards.ngsi_ld.writing import write_entity
from tests.standards.ngsi_ld.making import ATTRIBUTES, BODIES, LATER, NAMES, NOW, document, iri

EYE = "urn:ngsi-ld:Dataset:eye"
BENCH = merging.created(
    document(
        wear=[
            {"value": 1, "unitCode": "P1", "observedAt": "2026-01-01T00:00:00Z", "by": {"value": "hand"}},
            {"value": 2, "datasetId": EYE},
        ],
        name={"languageMap": {"fr": "Banc", "de": "Bank"}},
        maker={"json": {"city": "Sion", "street": {"no": 1}}},
        standsIn={"object": "urn:ngsi-ld:Park:1"},
        scope="/Sion",
    ),
    NOW,
)


def told(held: Document) -> Any:
    return write_entity(held, core(), Presentation())


def fragment(**attributes: Any) -> Document:
    return read_fragment(attributes, core())


def test_clause_5_6_1_everything_new_has_its_instants() -> None:
    assert BENCH.created_at == BENCH.attributes[iri("wear")][1].modified_at == NOW


def test_clause_5_6_3_append_replaces_its_dataset_and_leaves_the_others() -> None:
    change = merging.append(BENCH, fragment(wear={"value": 9, "datasetId": EYE}, colour="red"), LATER)
    assert [one["value"] for one in told(change.document)["wear"]] == [1, 9]
    assert change.updated == (iri("wear"), iri("colour"))
    wear = change.document.attributes[iri("wear")][1]
    assert (wear.created_at, wear.modified_at) == (NOW, LATER)


def test_clause_5_6_3_without_overwriting_what_exists_stays_and_scopes_add_up() -> None:
    more = fragment(wear={"value": 9}, colour="red", scope="/Owner")
    change = merging.append(BENCH, more, LATER, overwrite=False)
    assert change.not_updated == ((iri("wear"), merging.EXISTS),)
    assert told(change.document)["wear"] == told(BENCH)["wear"]
    assert change.document.scopes == ("/Sion", "/Owner")


def test_clause_5_6_2_update_appends_replaces_and_takes_away() -> None:
    change = merging.update(
        BENCH, fragment(wear=NULL, name="Bench", colour="red", type="Seat", scope="/Owner"), LATER
    )
    assert told(change.document)["wear"] == {"type": "Property", "value": 2, "datasetId": EYE}
    assert told(change.document)["name"] == {"type": "Property", "value": "Bench"}
    assert change.deleted == ((iri("wear"), ""),)
    assert change.types_changed and len(change.document.types) == 2
    assert change.document.scopes == ("/Owner",)
    bare = merging.created(document(), NOW)
    assert merging.update(bare, fragment(scope="/Sion"), LATER).not_updated == (
        (merging.SCOPE, merging.NO_SCOPE),
    )


def test_clause_5_6_4_a_partial_update_keeps_what_it_does_not_say() -> None:
    body = read_attribute({"unitCode": "CEL", "by": {"value": "eye"}}, core())
    wear = told(merging.partial(BENCH, iri("wear"), body, LATER).document)["wear"][0]
    assert wear == {
        "type": "Property",
        "value": 1,
        "unitCode": "CEL",
        "observedAt": "2026-01-01T00:00:00Z",
        "by": {"type": "Property", "value": "eye"},
    }
    new = told(merging.partial(BENCH, iri("wear"), read_attribute({"value": 5}, core()), LATER).document)
    assert "observedAt" not in new["wear"][0]  # the old instant says nothing of the new value


@pytest.mark.parametrize(
    ("name", "body", "error"),
    [
        ("wear", {"type": "Relationship", "object": "urn:ngsi-ld:Park:1"}, BadRequestData),
        ("wear", {"value": 1, "datasetId": "urn:ngsi-ld:Dataset:ear"}, ResourceNotFound),
        ("colour", {"value": 1}, ResourceNotFound),
    ],
)
def test_clause_5_6_4_only_what_is_there_can_be_updated_in_part(
    name: str, body: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        merging.partial(BENCH, iri(name), read_attribute(body, core()), LATER)


def test_clause_5_6_17_merging_goes_into_values_and_sub_attributes() -> None:
    change = merging.merge(
        BENCH,
        fragment(
            name={"languageMap": {"de": NULL, "en": "Bench"}},
            maker={"json": {"street": {"no": 2}}},
            wear={"value": 7, "by": {"observedAt": "2026-02-01T00:00:00Z"}},
        ),
        LATER,
        observed_at=LATER,
    )
    after = told(change.document)
    assert after["name"]["languageMap"] == {"fr": "Banc", "en": "Bench"}
    assert after["maker"]["json"] == {"city": "Sion", "street": {"no": 2}}
    assert after["wear"][0]["by"] == {
        "type": "Property",
        "value": "hand",
        "observedAt": "2026-02-01T00:00:00Z",
    }
    assert after["wear"][0]["observedAt"] == "2026-05-04T09:00:00Z"


def test_clause_5_6_17_simplified_values_take_the_kind_there_is() -> None:
    more = fragment(standsIn="urn:ngsi-ld:Park:2", name="Bänkli")
    after = told(merging.merge(BENCH, more, LATER, simplified=True, lang="gsw").document)
    assert after["standsIn"] == {"type": "Relationship", "object": "urn:ngsi-ld:Park:2"}
    assert after["name"]["languageMap"]["gsw"] == "Bänkli"
    with pytest.raises(BadRequestData):
        merging.merge(BENCH, fragment(standsIn="nowhere"), LATER, simplified=True)


def test_clause_5_6_18_replacing_forgets_what_is_not_said() -> None:
    change = merging.replace(BENCH, document(wear={"value": 3}), LATER)
    assert told(change.document) == told(document(wear={"value": 3}))
    assert change.document.created_at == NOW
    assert (iri("wear"), EYE) in change.deleted


def test_clause_5_6_19_and_5_6_5_one_instance_at_a_time() -> None:
    wear = read_attribute({"value": 8, "datasetId": EYE}, core(), whole=True)
    assert told(merging.replace_attribute(BENCH, iri("wear"), wear, LATER).document)["wear"][1]["value"] == 8
    gone = merging.delete_attribute(BENCH, iri("wear"), LATER).document
    assert told(gone)["wear"]["datasetId"] == EYE
    with pytest.raises(ResourceNotFound):
        merging.delete_attribute(gone, iri("wear"), LATER)
    every = merging.delete_attribute(BENCH, iri("wear"), LATER, all_of_them=True)
    assert iri("wear") not in every.document.attributes and len(every.deleted) == 2
    assert merging.delete_attribute(BENCH, merging.SCOPE, LATER).document.scopes is None
    with pytest.raises(ResourceNotFound):
        merging.replace_attribute(BENCH, iri("colour"), wear, LATER)


FRAGMENTS = st.dictionaries(NAMES, ATTRIBUTES, min_size=1, max_size=3)
slowly = settings(max_examples=60)


@given(BODIES, FRAGMENTS)
@slowly
def test_appending_twice_is_appending_once(body: dict[str, Any], more: dict[str, Any]) -> None:
    held, said = merging.created(read_entity(body, core()), NOW), read_fragment(more, core(), whole=True)
    once = merging.append(held, said, LATER)
    assert merging.append(once.document, said, LATER).document == once.document
    assert all(name in once.document.attributes for name in said.attributes)


@given(BODIES, FRAGMENTS)
@slowly
def test_merging_twice_is_merging_once_and_replacing_leaves_only_the_new(
    body: dict[str, Any], more: dict[str, Any]
) -> None:
    held, said = merging.created(read_entity(body, core()), NOW), read_fragment(more, core())
    once = merging.merge(held, said, LATER)
    assert merging.merge(once.document, said, LATER).document == once.document
    new = read_entity({**more, "id": body["id"], "type": "Bench"}, core())
    assert told(merging.replace(held, new, LATER).document) == told(new)


@given(BODIES, FRAGMENTS)
@slowly
def test_a_change_never_touches_the_document_it_started_from(
    body: dict[str, Any], more: dict[str, Any]
) -> None:
    held = merging.created(read_entity(body, core()), NOW)
    before = json.dumps(told(held))
    for act in (merging.append, merging.update, merging.merge):
        act(held, read_fragment(more, core()), LATER)
    for name in held.attributes:
        merging.delete_attribute(held, name, LATER, all_of_them=True)
    assert json.dumps(told(held)) == before
