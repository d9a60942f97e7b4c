"""What goes wrong on its way here, or is sent to do harm: refused with the words of ETSI, and nothing is kept
of it (clauses 5.5.2, 5.5.3, 6.3.2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.faces.ngsi_ld.mutating import PARK, TREE, requests

pytestmark = pytest.mark.django_db
ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
#: What HTTP itself refuses has no type of ETSI's.
PLAIN = (401, 403, 405, 406, 413, 415)
SAID = {"id": TREE, "type": "Tree", "height": {"type": "Property", "value": 12}}
TABLES = (
    *("twin_entity", "twin_attribute", "context_instance", "context_past", "context_deletion"),
    *(
        "context_hostedcontext",
        "exchange_subscription",
        "exchange_notice",
        "journal_entry",
        "observations_reading",
    ),
)


def kept() -> Any:
    """Changes whenever a row of any table that the door writes is made, changed or taken away."""
    told = (f"(SELECT count(*) || ':' || coalesce(max(xmin::text::int8), 0) FROM {one})" for one in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(told)}")
        return cursor.fetchone()


@pytest.mark.parametrize("seed", [1, 2])
def test_no_mutated_request_is_a_fault_of_ours_or_half_done(asks: Any, settings: Any, seed: int) -> None:
    settings.LD_CONTEXTS = ""
    ask = asks("governor")
    assert ask("POST", "entities", SAID).status == 201
    assert ask("POST", "entities", {"id": PARK, "type": "Park"}).status == 201
    good = 0
    for one in requests(seed, 200):
        before = kept()
        told = ask(one.method, one.path, one.body, one.content_type, one.query, **one.headers)
        good += told.status < 300
        if told.status < 400:
            continue
        said = told.json
        assert said["status"] == told.status and said["title"] and said["detail"], one
        assert told.headers["Content-Type"] == "application/problem+json"
        assert said["type"].startswith(ERRORS) or told.status in PLAIN, (one, said)
        assert told.status < 500 or said["type"] == f"{ERRORS}LdContextNotAvailable", (one, said)
        assert kept() == before, (one, said)
    assert good > 20  # they are not all nonsense


@pytest.mark.parametrize(
    "body",
    [
        {"height": 10**400},
        {"height": {"type": "Property", "value": -(10**400)}},
        {"about": {"value": {"type": {"value": False}, "object": [[]]}, "type": "Sort"}},
        {"location": {"type": "Point", "coordinates": [7, 46, 10**400]}},
    ],
)
def test_5_5_2_what_cannot_be_kept_is_refused(asks: Any, body: Any) -> None:
    import json

    ask = asks("contributor")
    told = ask("POST", "entities", json.dumps({**SAID, **body}).encode(), "application/json")
    assert (told.status, told.json["type"]) == (400, f"{ERRORS}BadRequestData")
    assert ask("GET", f"entities/{TREE}").status == 404


def test_4_5_5_a_value_that_is_an_object_with_a_type_of_its_own_is_kept(asks: Any) -> None:
    ask = asks("contributor")
    value = {"type": {"value": False}, "object": [[]]}
    assert ask("POST", "entities", {**SAID, "about": {"value": value}}).status == 201
    assert ask("GET", f"entities/{TREE}").json["about"]["value"] == value


def test_5_6_9_an_attribute_without_a_value_appends_nothing(asks: Any) -> None:
    ask = asks("contributor")
    assert ask("POST", "entities", SAID).status == 201
    told = ask("POST", "entityOperations/update", [{"id": TREE, "standsIn": {"type": "Relationship"}}])
    assert (told.status, [one["error"]["status"] for one in told.json["errors"]]) == (207, [400])
    assert ask("POST", "entityOperations/update", [{"id": TREE, "height": "urn:ngsi-ld:null"}]).status == 204
    assert ask("GET", f"entities/{TREE}").json == {"id": TREE, "type": "Tree"}


def test_5_6_4_a_sub_attribute_without_a_value_changes_nothing(asks: Any) -> None:
    ask = asks("contributor")
    assert ask("POST", "entities", SAID).status == 201
    told = ask("PATCH", f"entities/{TREE}/attrs/height", {"care": {"type": "VocabProperty"}})
    assert (told.status, told.json["type"]) == (400, f"{ERRORS}BadRequestData")
    assert ask("GET", f"entities/{TREE}").json == SAID


def test_5_6_11_of_one_instant_what_is_told_last_is_kept(asks: Any) -> None:
    ask = asks("contributor")
    at, told = "2020-08-01T12:03:00Z", ["Tilleul", "Linde"]
    name = [{"type": "LanguageProperty", "languageMap": {"fr": one}, "observedAt": at} for one in told]
    assert ask("POST", "temporal/entities", {**SAID, "name": name}).status == 201
    past = ask("GET", f"temporal/entities/{TREE}?timerel=after&timeAt=2020-01-01T00:00:00Z").json["name"]
    assert [one["languageMap"]["fr"] for one in (past if isinstance(past, list) else [past])] == ["Linde"]


@pytest.mark.parametrize(
    "asked", ['q=species=="%00"', "q=species~=%00", "idPattern=%00", "type=%00", "id=%00"]
)
def test_4_9_a_character_that_no_text_holds_is_not_looked_for(asks: Any, asked: str) -> None:
    assert asks("contributor")("GET", f"entities?type=Tree&{asked}").status == 400


@pytest.mark.parametrize(
    "url", ["http://[::1/ngsi-ld/v1/jsonldContexts/x", "http://127.0.0.1/", "https://10.0.0.1/c"]
)
def test_6_3_5_a_context_nobody_knows_is_not_available_and_never_fetched(
    asks: Any, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    import socket

    def called(*_args: Any, **_given: Any) -> Any:
        raise AssertionError("somebody was called")

    ask = asks("contributor")
    assert ask("GET", "entities?type=Tree").status == 200
    monkeypatch.setattr(socket, "getaddrinfo", called)
    monkeypatch.setattr(socket, "create_connection", called)
    monkeypatch.setattr(socket.socket, "connect", called)
    link = f'<{url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    hosted = {"@context": [url, {"height": "https://example.org/height"}]}
    told = [
        ask("GET", "entities?type=Tree", link=link),
        ask("POST", "entities", {**SAID, "@context": url}),
        ask("POST", "entities", {**SAID, "@context": [{"@import": url}]}),
        asks("governor")("POST", "jsonldContexts", hosted),
    ]
    assert {(one.status, one.json["type"]) for one in told} == {(503, f"{ERRORS}LdContextNotAvailable")}


@pytest.mark.parametrize("pattern", ["(a+)+$", "[[:alpha:]]", "a{99999999999}", "("])
def test_5_2_33_a_pattern_that_holds_up_whoever_writes_is_not_subscribed(asks: Any, pattern: str) -> None:
    ask = asks("contributor")
    entities = [{"type": "Tree", "idPattern": pattern}]
    notification = {"endpoint": {"uri": "https://example.org/hook"}}
    body = {"type": "Subscription", "entities": entities, "notification": notification}
    assert ask("POST", "subscriptions", body).status in (400, 403)
    assert ask("POST", "entities", SAID).status == 201
