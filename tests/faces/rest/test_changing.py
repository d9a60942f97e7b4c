"""Changing measures through the interface: the verbs of plans, and the version the caller read."""

from __future__ import annotations

import pytest

from tests.faces.rest.asking import holder
from tests.faces.web.plans_examples import street
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def test_a_whole_measure_is_created_and_read_back(valbelle: Valbelle, people: People) -> None:
    caller = holder(people, "lead")
    money = {"amount": "1250000.50", "currency": "CHF", "vat": "excluded", "price_base": "2025-10"}
    made = caller.send(
        "post",
        "territories/valbelle/measures",
        {
            "title": {"fr": "Passerelle", "de": "Steg"},
            "owner_id": str(valbelle.montaigu.pk),
            "phase": "31",
            "estimate": {"amount": money, "dated": "2026-01-01", "accuracy": "0.2"},
            "spending": [{"year": 2028, "amount": money}],
            "sites": [{"geometry": {"type": "LineString", "coordinates": [[7.4, 46.2], [7.41, 46.2]]}}],
        },
    )
    assert made.status_code == 201, made.content
    assert made["Location"] == made.json()["url"]
    whole = caller.get(f"measures/{made.json()['id']}").json()
    assert whole["title"] == {"fr": "Passerelle", "de": "Steg"}
    assert whole["estimates"][0]["amount"] == money
    assert whole["sites"][0]["length_m"] > 700


def test_a_change_needs_the_version_that_was_read(valbelle: Valbelle, people: People) -> None:
    caller, path = holder(people, "lead"), f"measures/{street(valbelle)}"
    body = {"title": {"fr": "Rue neuve"}}
    assert caller.send("patch", path, body).json()["code"] == "version_needed"
    tag = caller.get(path)["ETag"]
    first = caller.client.patch(
        f"/api/v1/{path}", body, content_type="application/json", headers={"If-Match": tag}
    )
    assert (first.status_code, first.json()["version"]) == (200, 2)
    late = caller.client.patch(
        f"/api/v1/{path}", {"title": {"fr": "x"}}, content_type="application/json", headers={"If-Match": tag}
    )
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert caller.get(path).json()["title"] == {"fr": "Rue neuve"}
    assert caller.send("patch", path, {"title": {"fr": "y"}}, 2).status_code == 200
    assert caller.send("patch", path, body, "nonsense").status_code == 422


def test_what_the_state_does_not_allow_is_a_conflict(valbelle: Valbelle, people: People) -> None:
    caller, path = holder(people, "lead"), f"measures/{street(valbelle)}"
    told = caller.send("post", f"{path}/implementation", {"to": "done", "reason": "fini"}, "*")
    assert (told.status_code, told["Content-Type"]) == (409, "application/problem+json")
    assert told.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"title": {}},
        {"title": {"fr": "a\x00b"}},
        {"titel": {"fr": "Typo"}},
        {"category_id": 999_999},
    ],
)
def test_what_cannot_be_taken_changes_nothing(
    body: dict[str, object], valbelle: Valbelle, people: People
) -> None:
    caller, path = holder(people, "lead"), f"measures/{street(valbelle)}"
    told = caller.send("patch", path, body, "*")
    assert (told.status_code, told.json()["status"]) == (422, 422)
    assert caller.get(path).json()["version"] == 1


def test_a_body_that_is_not_json_is_told(valbelle: Valbelle, people: People) -> None:
    caller = holder(people, "lead")
    told = caller.client.generic(
        "POST", "/api/v1/territories/valbelle/measures", "{", content_type="application/json"
    )
    assert (told.status_code, told.json()["code"]) == (400, "unreadable")


def test_a_plan_of_nowhere_is_refused(valbelle: Valbelle, people: People) -> None:
    body = {
        "title": {"fr": "x"},
        "owner_id": str(valbelle.montaigu.pk),
        "plans": [{"plan_id": "00000000-0000-7000-8000-000000000000"}],
    }
    told = holder(people, "lead").send("post", "territories/valbelle/measures", body)
    assert (told.status_code, told.json()["errors"][0]["path"]) == (422, "plan_id")
