"""Entities and what they say now: clauses 5.6.1 to 5.6.10, 5.6.17 to 5.6.21, 5.7.1, 5.7.2 and 6.3."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
URN = "urn:ngsi-ld:Tree:1"
ONE = f"entities/{URN}"
DEFAULT = "https://uri.etsi.org/ngsi-ld/default-context/"
TREE = {
    "id": URN,
    "type": "Tree",
    "height": {"type": "Property", "value": 12, "unitCode": "MTR"},
    "species": {
        "type": "Property",
        "value": "Tilia cordata",
        "source": {"type": "Property", "value": "survey"},
    },
    "standsIn": {"type": "Relationship", "object": "urn:ngsi-ld:Park:1"},
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [7.53, 46.29]}},
    "name": {"type": "LanguageProperty", "languageMap": {"fr": "Tilleul de la place", "de": "Platzlinde"}},
}


@pytest.fixture
def tree(asks: Any) -> Any:
    """Who may write, once there is a tree."""
    ask = asks("contributor")
    assert ask("POST", "entities", TREE).status == 201
    return ask


def number(ask: Any, name: str = "height") -> Any:
    return ask("GET", ONE).json[name]["value"]


def test_5_6_1_an_entity_is_created_once_and_read_as_it_was_said(asks: Any) -> None:
    made = asks("contributor")("POST", "entities", TREE)
    assert (made.status, made.headers["Location"]) == (201, "/ngsi-ld/v1/entities/urn:ngsi-ld:Tree:1")
    found = asks("reader")("GET", ONE)
    assert found.status == 200
    assert found.json == TREE
    assert "ngsi-ld-core-context" in found.headers["Link"]
    again = asks("contributor")("POST", "entities", {"id": URN, "type": "Tree", "height": 1})
    assert (again.status, again.json["type"]) == (409, "https://uri.etsi.org/ngsi-ld/errors/AlreadyExists")
    assert asks("reader")("GET", ONE).json == TREE


def test_5_6_2_attributes_are_updated(tree: Any) -> None:
    fragment = {"height": {"value": 13, "unitCode": "MTR"}, "age": {"value": 80}}
    assert tree("PATCH", f"{ONE}/attrs", fragment).status == 204
    assert (number(tree), number(tree, "age")) == (13, 80)


def test_5_6_3_what_is_not_to_be_overwritten_stays_and_is_named(tree: Any) -> None:
    reply = tree("POST", f"{ONE}/attrs?options=noOverwrite", {"height": {"value": 1}, "age": {"value": 80}})
    assert (reply.status, reply.json["updated"]) == (207, [f"{DEFAULT}age"])
    assert [one["attributeName"] for one in reply.json["notUpdated"]] == [f"{DEFAULT}height"]
    assert (number(tree), number(tree, "age")) == (12, 80)


def test_5_6_4_an_attribute_is_updated_in_part(tree: Any) -> None:
    assert tree("PATCH", f"{ONE}/attrs/height", {"value": 14}).status == 204
    assert tree("GET", ONE).json["height"] == {"type": "Property", "value": 14, "unitCode": "MTR"}
    assert tree("PATCH", f"{ONE}/attrs/colour", {"value": 14}).status == 404


def test_5_6_5_an_instance_of_an_attribute_is_deleted(tree: Any) -> None:
    two = [
        {"value": 1, "datasetId": "urn:ngsi-ld:Dataset:a"},
        {"value": 2, "datasetId": "urn:ngsi-ld:Dataset:b"},
    ]
    assert tree("POST", f"{ONE}/attrs", {"moisture": two}).status == 204
    assert tree("DELETE", f"{ONE}/attrs/moisture").status == 404  # there is no default instance
    assert tree("DELETE", f"{ONE}/attrs/moisture?datasetId=urn:ngsi-ld:Dataset:a").status == 204
    assert tree("GET", ONE).json["moisture"]["value"] == 2
    assert tree("DELETE", f"{ONE}/attrs/moisture?deleteAll=true").status == 204
    assert "moisture" not in tree("GET", ONE).json


def test_5_6_6_an_entity_is_deleted(tree: Any) -> None:
    assert (tree("DELETE", ONE).status, tree("GET", ONE).status, tree("DELETE", ONE).status) == (
        204,
        404,
        404,
    )


def test_5_6_7_to_5_6_10_batches_say_what_became_of_each(asks: Any) -> None:
    ask = asks("contributor")
    other = {**TREE, "id": "urn:ngsi-ld:Tree:2"}
    assert ask("POST", "entityOperations/create", [TREE, other]).json == [URN, other["id"]]
    reply = ask("POST", "entityOperations/create", [TREE, {**TREE, "id": "urn:ngsi-ld:Tree:3"}, {"id": "no"}])
    assert (reply.status, reply.json["success"]) == (207, ["urn:ngsi-ld:Tree:3"])
    assert [(one["entityId"], one["error"]["status"]) for one in reply.json["errors"]] == [
        ("no", 400),
        (URN, 409),
    ]
    low = {"id": URN, "type": "Tree", "height": {"type": "Property", "value": 1}}
    assert ask("POST", "entityOperations/upsert?options=update", [low]).status == 204
    assert (number(ask), "species" in ask("GET", ONE).json) == (1, True)
    assert ask("POST", "entityOperations/upsert", [low]).status == 204
    assert "species" not in ask("GET", ONE).json
    reply = ask(
        "POST", "entityOperations/merge", [{"id": URN, "height": {"value": 2}}, {"id": "urn:x:y", "a": 1}]
    )
    assert (reply.status, reply.json["success"], number(ask)) == (207, [URN], 2)
    reply = ask("POST", "entityOperations/delete", [URN, other["id"], "urn:ngsi-ld:Tree:9"])
    assert (reply.status, reply.json["success"]) == (207, [URN, other["id"]])
    assert ask("GET", "entities?type=Tree").json[0]["id"] == "urn:ngsi-ld:Tree:3"


def test_5_6_17_and_5_6_18_an_entity_is_merged_and_replaced(tree: Any) -> None:
    fragment = {"height": {"value": 15}, "standsIn": "urn:ngsi-ld:null", "type": ["Tree", "Monument"]}
    assert tree("PATCH", ONE, fragment, content_type="application/merge-patch+json").status == 204
    found = tree("GET", ONE).json
    assert (found["height"]["unitCode"], found["type"], "standsIn" in found) == (
        "MTR",
        ["Monument", "Tree"],
        False,
    )
    assert (
        tree("PUT", ONE, {"id": URN, "type": "Tree", "age": {"type": "Property", "value": 81}}).status == 204
    )
    assert set(tree("GET", ONE).json) == {"id", "type", "age"}


def test_5_6_21_things_are_purged_by_what_they_are(tree: Any) -> None:
    tree("POST", "entities", {"id": "urn:ngsi-ld:Bench:1", "type": "Bench", "seats": 3})
    assert tree("DELETE", "entities?type=Tree&q=height%3E20").status == 204
    assert tree("GET", ONE).status == 200
    assert tree("DELETE", "entities?type=Tree&drop=species").status == 204
    assert "species" not in tree("GET", ONE).json
    assert tree("DELETE", "entities?type=Tree").status == 204
    assert (tree("GET", ONE).status, tree("GET", "entities/urn:ngsi-ld:Bench:1").status) == (404, 200)
    assert tree("DELETE", "entities").status == 400


def test_5_7_2_questions_are_answered_page_by_page(asks: Any) -> None:
    ask = asks("contributor")
    made = [
        {
            "id": f"urn:ngsi-ld:Tree:{n}",
            "type": "Tree" if n % 2 else ["Tree", "Monument"],
            "height": {"type": "Property", "value": n},
            "species": {"type": "Property", "value": "Tilia" if n < 5 else ["Acer", "Tilia"]},
            "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [7 + n / 100, 46]}},
        }
        for n in range(10)
    ]
    assert ask("POST", "entityOperations/create", made).status == 201

    def found(query: str) -> list[int]:
        reply = ask("GET", f"entities?{query}")
        assert reply.status == 200, reply.body
        return [int(one["id"][-1]) for one in reply.json]

    assert found("type=Tree&q=height%3E6") == [7, 8, 9]
    assert found("type=Tree&q=height==2..4;species==%22Tilia%22") == [2, 3, 4]
    assert found("type=Tree&q=species==%22Acer%22") == [5, 6, 7, 8, 9]
    assert found("type=Tree;Monument&q=(height%3C3|height==9)") == [0, 2]
    assert found("type=Monument,Bench") == [0, 2, 4, 6, 8]
    assert found("type=Tree&idPattern=.*[37]$") == [3, 7]
    assert found("georel=near;maxDistance==2000&geometry=Point&coordinates=[7.05,46]&type=Tree") == [
        3,
        4,
        5,
        6,
        7,
    ]
    assert found("type=Tree&orderBy=height;desc&limit=2") == [9, 8]
    page = ask("GET", "entities?type=Tree&limit=4&offset=4&count=true&attrs=height")
    assert (page.headers["NGSILD-Results-Count"], len(page.json), "species" in page.json[0]) == (
        "10",
        4,
        False,
    )
    body = {"type": "Query", "entities": [{"type": "Tree"}], "q": "height>=9"}
    assert [one["id"] for one in ask("POST", "entityOperations/query", body).json] == ["urn:ngsi-ld:Tree:9"]
    assert ask("GET", "entities").status == 400


def test_5_7_5_to_5_7_10_types_and_attributes_are_discovered(tree: Any) -> None:
    assert tree("GET", "types").json["typeList"] == ["Tree"]
    told = tree("GET", "types/Tree").json
    assert (told["entityCount"], len(told["attributeDetails"])) == (1, 5)
    assert "height" in tree("GET", "attributes").json["attributeList"]
    told = tree("GET", "attributes/standsIn").json
    assert (told["attributeTypes"], told["typeNames"], told["attributeCount"]) == (
        ["Relationship"],
        ["Tree"],
        1,
    )
    assert (tree("GET", "types/Bench").status, tree("GET", "attributes/seats").status) == (404, 404)


def test_6_3_a_request_that_does_not_fit_is_refused_in_etsis_words(tree: Any) -> None:
    assert tree("GET", ONE, accept="image/png").status == 406
    assert tree("POST", "entities", b"{}", content_type="text/plain").status == 415
    broken = tree("POST", "entities", b'{"id": ', content_type="application/json")
    assert (broken.status, broken.json["type"].rpartition("/")[2]) == (400, "InvalidRequest")
    assert broken.headers["Content-Type"] == "application/problem+json"
    unknown = tree("GET", f"{ONE}?colour=blue")
    assert (unknown.status, unknown.json["type"].rpartition("/")[2]) == (400, "InvalidRequest")
    away = tree("POST", "entities", {**TREE, "@context": ["https://example.org/nowhere.jsonld"]})
    assert (away.status, away.json["type"].rpartition("/")[2]) == (503, "LdContextNotAvailable")
    other = tree("PUT", "types")
    assert (other.status, other.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert tree("OPTIONS", ONE).headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
    assert tree("GET", "nothing/here").status == 404
    tree.tenant = "elsewhere"
    nowhere = tree("GET", ONE)
    assert (nowhere.status, nowhere.json["type"].rpartition("/")[2]) == (404, "NonexistentTenant")


def test_6_3_5_the_context_stands_inside_ld_json(tree: Any) -> None:
    found = tree("GET", ONE, accept="application/ld+json")
    assert found.json["@context"].endswith(".jsonld")
    assert "Link" not in found.headers
    feature = tree("GET", ONE, accept="application/geo+json").json
    assert (feature["type"], feature["geometry"]["coordinates"]) == ("Feature", [7.53, 46.29])


def test_5_13_a_context_is_kept_used_and_taken_away(asks: Any, settings: Any) -> None:
    ask = asks("contributor")
    meaning = "https://example.org/terms/height"
    made = ask("POST", "jsonldContexts", {"@context": {"height": meaning}})
    where = made.headers["Location"].removeprefix("/ngsi-ld/v1/")
    assert asks("reader")("GET", where).json == {"@context": {"height": meaning}}
    (url,) = ask("GET", "jsonldContexts").json
    assert ask("POST", "entities", {**TREE, "@context": [url]}).status == 201
    link = f'<{url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    assert ask("GET", ONE, link=link).json["height"]["value"] == 12
    assert ask("GET", ONE).json[meaning]["value"] == 12
    assert asks("lead")("DELETE", where).status == 403  # a colleague did not put it there
    assert ask("POST", "jsonldContexts", {"terms": {}}).status == 400
    assert ask("DELETE", where).status == 204
    assert ask("GET", where).status == 404
    assert ask("GET", ONE, link=link).status == 503


def test_a_connection_that_is_old_is_not_let_go_amid_a_transaction(
    tree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "close_at", 0.0)
    assert tree("GET", ONE).status == 200
