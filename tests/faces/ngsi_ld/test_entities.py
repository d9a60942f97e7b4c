"""Entities: clauses 5.6.1, 5.6.6, 5.6.17, 5.6.18, 5.7.1, 6.4 and 6.5."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db
TREE = {
    "id": "urn:ngsi-ld:Tree:1",
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


def test_5_6_1_an_entity_is_created_and_read_as_it_was_said(asks: Any) -> None:
    made = asks("contributor")("POST", "entities", TREE)
    assert (made.status, made.headers["Location"]) == (201, "/ngsi-ld/v1/entities/urn:ngsi-ld:Tree:1")
    found = asks("reader")("GET", "entities/urn:ngsi-ld:Tree:1")
    assert found.status == 200
    assert found.json == TREE
    assert "ngsi-ld-core-context" in found.headers["Link"]
