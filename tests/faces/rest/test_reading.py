"""Reading through the interface: what is published for everyone, more with a token, page by page."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest
from django.test import Client
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.faces.rest.asking import Caller, anyone, holder
from tests.faces.web.plans_examples import create, street
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def test_everyone_reads_what_is_published(valbelle: Valbelle) -> None:
    shown = street(valbelle)
    hidden = street(valbelle, published=False, title="Secret")
    found = anyone().get("territories/valbelle/measures").json()
    assert [row["id"] for row in found["measures"]] == [str(shown)]
    assert found["measures"][0]["cost"] == {
        "amount": "12000000.00",
        "currency": "CHF",
        "vat": "excluded",
        "price_base": "2025-10",
    }
    assert anyone().get(f"measures/{hidden}").status_code == 404
    whole = anyone().get(f"measures/{shown}").json()
    assert [line["year"] for line in whole["spending"]] == [2028, 2029]
    assert whole["funding"][0]["resolved"]["amount"] == "3000000.00"
    assert whole["sites"][0]["geometry"] == {"type": "Point", "coordinates": [7.4, 46.2]}
    assert (whole["flags"], whole["may"]) == ([], [])


def test_a_token_shows_what_its_person_sees(valbelle: Valbelle, people: People) -> None:
    hidden = street(valbelle, published=False)
    assert holder(people, "reader").get(f"measures/{hidden}").status_code == 200
    assert holder(people, "neighbour").get(f"measures/{hidden}").status_code == 404


def test_a_session_counts_for_nothing_here(valbelle: Valbelle, people: People, client: Client) -> None:
    hidden = street(valbelle, published=False)
    client.force_login(people.lead)
    assert client.get(f"/api/v1/measures/{hidden}").status_code == 404
    answer = client.put(
        f"/api/v1/measures/{hidden}/publication", {"published": True}, content_type="application/json"
    )
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="belvedere"')


def test_a_territory_that_is_not_published_is_for_those_who_work_there(
    valbelle: Valbelle, people: People
) -> None:
    valbelle.territory.published = False
    valbelle.territory.save()
    shown = street(valbelle)
    for path in ("territories/valbelle", "territories/valbelle/measures", f"measures/{shown}"):
        assert anyone().get(path).status_code == 404
        assert holder(people, "nobody").get(path).status_code == 404
        assert holder(people, "reader").get(path).status_code == 200
    assert anyone().get("territories").json() == []


def test_a_token_that_may_not_read_does_not(valbelle: Valbelle, people: People) -> None:
    answer = holder(people, "lead", scopes=["write"]).get("territories")
    assert (answer.status_code, answer.json()["code"]) == (403, "may_not_read")


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer bv_wrong"])
def test_a_wrong_token_is_never_taken_for_the_public(header: str, valbelle: Valbelle) -> None:
    answer = Caller(Client(headers={"authorization": header})).get("territories")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_the_list_comes_in_pages(valbelle: Valbelle) -> None:
    for number in range(5):
        create(valbelle, valbelle.montaigu, f"Voie {number}", published=True)
    path, seen = "territories/valbelle/measures?sort=title&limit=2", []
    while path:
        answer = anyone().get(path)
        found = answer.json()
        assert found["total"] == 5
        assert bool(found["next"]) == ("Link" in answer)
        seen += [row["title"] for row in found["measures"]]
        path = (found["next"] or "").partition("/api/v1/")[2]
    assert seen == [f"Voie {number}" for number in range(5)]


def test_the_list_is_filtered(valbelle: Valbelle) -> None:
    street(valbelle)
    other = street(valbelle, valbelle.rochefort, title="Pont")

    def ids(query: str) -> list[str]:
        return [
            row["id"] for row in anyone().get(f"territories/valbelle/measures?{query}").json()["measures"]
        ]

    assert ids(f"owner={valbelle.rochefort.pk}") == [str(other)]
    assert ids("q=pont&year=2028&phase=32") != []
    assert ids("year=2035") == []
    assert ids("updated_since=2100-01-01T00:00:00Z") == []
    assert len(ids("updated_since=2020-01-01T00:00:00Z")) == 2


@pytest.mark.parametrize(
    "query", ["limit=0", "sort=nothing", "owner=x", "updated_since=2026-01-01T00:00:00", "flag=late"]
)
def test_a_wrong_question_is_told_and_not_guessed(query: str, valbelle: Valbelle) -> None:
    answer = anyone().get(f"territories/valbelle/measures?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert answer.json()["errors"]


def test_measures_as_a_map_layer(valbelle: Valbelle) -> None:
    shown = street(valbelle)
    create(valbelle, valbelle.montaigu, "Sans lieu", published=True)
    layer = anyone().get("territories/valbelle/measures.geojson")
    assert layer["Content-Type"] == "application/geo+json"
    features = {one["id"]: one for one in layer.json()["features"]}
    assert features[str(shown)]["geometry"] == {"type": "Point", "coordinates": [7.4, 46.2]}
    assert [one["geometry"] for one in layer.json()["features"]].count(None) == 1
    asked = Caller(Client(headers={"accept": "application/geo+json"})).get("territories/valbelle/measures")
    assert asked.json() == layer.json()


def test_what_has_not_changed_is_not_sent_again(valbelle: Valbelle) -> None:
    path = f"measures/{street(valbelle)}"
    answer = anyone().get(path)
    assert answer["ETag"].startswith('"1.')
    again = Caller(Client(headers={"if-none-match": answer["ETag"]})).get(path)
    assert (again.status_code, again.content) == (304, b"")


def test_the_head_alone_is_read(valbelle: Valbelle) -> None:
    path = f"/api/v1/measures/{street(valbelle)}"
    whole, head = Client().get(path), Client().head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


def test_pages_of_others_may_read_what_everyone_may(valbelle: Valbelle, people: People) -> None:
    answer = anyone().get("territories")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in holder(people, "lead").get("territories")
    asked = Client().options("/api/v1/territories")
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")


def test_errors_are_problems_in_the_language_asked_for(valbelle: Valbelle) -> None:
    answer = Caller(Client(headers={"accept-language": "fr"})).get(f"measures/{uuid4()}")
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (404, "no_such_measure")
    assert told["detail"].startswith("Cette mesure") or "mesure" in told["detail"]
    assert anyone().get("nowhere").json()["code"] == "no_such_address"
    refused = Client().delete("/api/v1/territories")
    assert (refused.status_code, refused.json()["code"], refused["Allow"]) == (405, "no_such_verb", "GET")


def test_a_script_that_runs_wild_is_slowed(valbelle: Valbelle, monkeypatch: pytest.MonkeyPatch) -> None:
    from belvedere.domains.access import limits

    monkeypatch.setitem(limits.LIMITS, "api", limits.Limit(2, 60))
    assert [anyone().get("territories").status_code for _ in range(3)] == [200, 200, 429]


def test_the_file_of_all_is_for_those_who_work_there(valbelle: Valbelle, people: People) -> None:
    street(valbelle)
    answer = holder(people, "reader").get("territories/valbelle/export.geojson")
    assert len(json.loads(answer.content)["features"]) == 1
    assert holder(people, "nobody").get("territories/valbelle/export.geojson").status_code == 403
    assert holder(people, "reader").get("territories/valbelle/export.pdf").status_code == 422


def test_the_document_is_openapi_3_1(valbelle: Valbelle) -> None:
    made: dict[str, Any] = anyone().get("openapi.json").json()
    assert made["openapi"] == "3.1.0"
    for schema in made["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)
    errors = OPENAPI_31_VALIDATOR.iter_errors(made)
    assert [f"{list(error.instance_path)}: {error.message[:200]}" for error in errors] == []


def test_the_page_of_operations_names_each(valbelle: Valbelle) -> None:
    shown = Client().get("/api/v1/").content.decode()
    for path in anyone().get("openapi.json").json()["paths"]:
        assert path in shown
