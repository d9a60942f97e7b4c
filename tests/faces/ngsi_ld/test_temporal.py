"""The past of entities: clauses 5.6.11 to 5.6.16, 5.7.3, 5.7.4, 6.18 to 6.22 and 6.24."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db
PAST = "temporal/entities"
URN = "urn:ngsi-ld:Tree:1"
ONE = f"{PAST}/{URN}"


def told(value: Any, at: str, **more: Any) -> dict[str, Any]:
    return {"type": "Property", "value": value, "observedAt": f"2026-03-01T{at}:00Z", **more}


TREE = {
    "id": URN,
    "type": "Tree",
    "height": [told(10, "08:00"), told(11, "08:30"), told(14, "09:10")],
    "mood": [told("calm", "08:00"), told("storm", "10:00")],
}


@pytest.fixture
def tree(asks: Any) -> Any:
    """Who may write, once the past of a tree is told."""
    ask = asks("contributor")
    made = ask("POST", PAST, TREE)
    assert (made.status, made.headers["Location"]) == (201, f"/ngsi-ld/v1/{ONE}")
    return ask


def values(reply: Any, name: str = "height") -> list[Any]:
    return [one["value"] for one in reply.json.get(name, [])]


def test_5_6_11_the_past_is_told_and_the_latest_is_the_present(tree: Any) -> None:
    assert values(tree("GET", ONE)) == [10, 11, 14]
    assert values(tree("GET", ONE), "mood") == ["calm", "storm"]
    assert tree("GET", f"entities/{URN}").json["height"]["value"] == 14
    again = tree("POST", PAST, {"id": URN, "type": "Tree", "height": [told(12, "08:30"), told(9, "07:00")]})
    assert again.status == 204
    assert values(tree("GET", ONE)) == [9, 10, 12, 14]
    assert tree("GET", f"entities/{URN}").json["height"]["value"] == 14  # what is older stays past


def test_5_6_12_more_is_told_of_what_is_there(tree: Any) -> None:
    assert tree("POST", f"{ONE}/attrs", {"height": [told(20, "12:00")]}).status == 204
    assert values(tree("GET", ONE)) == [10, 11, 14, 20]
    assert tree("GET", f"entities/{URN}").json["height"]["value"] == 20
    assert tree("POST", f"{PAST}/urn:ngsi-ld:Tree:2/attrs", {"height": 1}).status == 404
    assert tree("POST", f"{ONE}/attrs", {"id": URN}).status == 400


def test_values_of_the_present_door_are_in_the_past_too(asks: Any) -> None:
    ask = asks("contributor")
    ask("POST", "entities", {"id": URN, "type": "Tree", "height": told(3, "08:00"), "guess": 7})
    ask("PATCH", f"entities/{URN}/attrs/height", told(4, "09:00"))
    past = ask("GET", ONE)
    assert values(past) == [3, 4]
    assert "guess" not in past.json  # nobody observed it
    created = ask("GET", f"{ONE}?timeproperty=createdAt&timerel=after&timeAt=2020-01-01T00:00:00Z")
    assert values(created, "guess") == [7]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("timerel=after&timeAt=2026-03-01T08:00:00Z", [11, 14]),
        ("timerel=before&timeAt=2026-03-01T08:30:00Z", [10]),
        ("timerel=between&timeAt=2026-03-01T08:30:00Z&endTimeAt=2026-03-01T09:10:00Z", [11]),
        ("lastN=2", [11, 14]),
        ("lastN=1&timerel=before&timeAt=2026-03-01T09:00:00Z", [11]),
    ],
)
def test_4_11_the_time_asked_for(tree: Any, asked: str, expected: list[int]) -> None:
    assert values(tree("GET", f"{ONE}?{asked}")) == expected


def test_4_5_19_numbers_are_summed_up_from_the_first_instant(tree: Any) -> None:
    asked = "options=aggregatedValues&aggrPeriodDuration=PT1H&attrs=height"
    found = tree("GET", f"{ONE}?{asked}&aggrMethods=avg,totalCount").json["height"]
    eight, nine, ten = (f"2026-03-01T{hour}:00:00Z" for hour in ("08", "09", "10"))
    assert found["avg"] == [[10.5, eight, nine], [14.0, nine, ten]]
    assert found["totalCount"] == [[2, eight, nine], [1, nine, ten]]
    scattered = tree("GET", f"{ONE}?{asked}&aggrMethods=stddev,distinctCount,sumsq").json["height"]
    assert [row[0] for row in scattered["stddev"]] == [0.5, 0.0]
    assert [row[0] for row in scattered["sumsq"]] == [221.0, 196.0]
    words = tree("GET", f"{ONE}?options=aggregatedValues&aggrMethods=distinctCount,avg&attrs=mood").json
    assert words["mood"] == {"type": "Property", "distinctCount": [[2, eight, ten]]}
    months = tree("GET", f"{ONE}?{asked.replace('PT1H', 'P1M')}&aggrMethods=max").json["height"]["max"]
    assert months == [[14.0, eight, "2026-04-01T08:00:00Z"]]


def test_sums_that_are_kept_know_what_comes_late_and_what_comes_new(tree: Any) -> None:
    asked = f"{ONE}?options=aggregatedValues&aggrPeriodDuration=P1D&attrs=height&aggrMethods=totalCount,max"

    def sums() -> list[float]:
        found = tree("GET", asked).json["height"]
        return [found["totalCount"][0][0], found["max"][0][0]]

    assert sums() == [3, 14]
    tree("POST", f"{ONE}/attrs", {"height": [told(40, "08:15")]})  # late
    assert sums() == [4, 40]
    tree("PATCH", f"entities/{URN}/attrs/height", told(50, "11:00"))  # new
    assert sums() == [5, 50]


def test_6_3_10_too_much_comes_page_by_page(tree: Any, settings: Any) -> None:
    settings.LD_INSTANCES = 3
    page = tree("GET", ONE)
    assert page.status == 206
    assert page.headers["Content-Range"] == "date-time 2026-03-01T08:00:00Z-2026-03-01T08:30:00Z/*"
    assert (values(page), values(page, "mood")) == ([10, 11], ["calm"])
    rest = tree("GET", f"{ONE}?timerel=after&timeAt=2026-03-01T08:30:00Z")
    assert (rest.status, values(rest), values(rest, "mood")) == (200, [14], ["storm"])


def test_5_7_4_a_query_looks_at_the_past(tree: Any) -> None:
    tree("POST", PAST, {**TREE, "id": "urn:ngsi-ld:Tree:2", "height": [told(90, "08:00"), told(1, "09:00")]})
    since = "timerel=after&timeAt=2026-01-01T00:00:00Z"
    assert [one["id"] for one in tree("GET", f"{PAST}?type=Tree&{since}&q=height>50").json] == [
        "urn:ngsi-ld:Tree:2"
    ]
    assert tree("GET", f"{PAST}?type=Tree&timerel=after&timeAt=2027-01-01T00:00:00Z").json == []
    counted = tree("GET", f"{PAST}?type=Tree&{since}&count=true&limit=1&pick=id")
    assert (counted.json, counted.headers["NGSILD-Results-Count"]) == ([{"id": URN}], "2")
    body = {"type": "Query", "entities": [{"type": "Tree", "id": URN}]}
    body |= {"temporalQ": {"timerel": "before", "timeAt": "2026-03-01T08:10:00Z"}}
    found = tree("POST", "temporal/entityOperations/query", body).json
    assert [one["value"] for one in found[0]["height"]] == [10]
    assert tree("GET", f"{PAST}?type=Tree").status == 400
    assert tree("GET", f"{PAST}?{since}").status == 400


def test_5_6_14_an_instance_is_changed_and_keeps_its_name(tree: Any) -> None:
    first = tree("GET", ONE).json["height"][0]["instanceId"]
    assert tree("PATCH", f"{ONE}/attrs/height/{first}", told(10.5, "08:05")).status == 204
    changed = tree("GET", ONE).json["height"][0]
    assert (changed["value"], changed["instanceId"]) == (10.5, first)
    assert changed["observedAt"] == "2026-03-01T08:05:00Z"
    assert tree("PATCH", f"{ONE}/attrs/height/{first}", {"unitCode": "MTR"}).status == 204
    assert values(tree("GET", ONE)) == [10.5, 11, 14]
    last = tree("GET", ONE).json["height"][2]["instanceId"]
    assert tree("PATCH", f"{ONE}/attrs/height/{last}", {"value": 15}).status == 204
    assert tree("GET", f"entities/{URN}").json["height"]["value"] == 15
    assert tree("PATCH", f"{ONE}/attrs/mood/{first}", {"value": 1}).status == 404
    assert tree("PATCH", f"{ONE}/attrs/height/none", {"value": 1}).status == 400
    assert tree("PATCH", f"{ONE}/attrs/height/", {"value": 1}).status == 405


def test_5_6_15_an_instance_is_taken_away_and_may_be_told_again(tree: Any) -> None:
    first = tree("GET", ONE).json["height"][0]["instanceId"]
    assert tree("DELETE", f"{ONE}/attrs/height/{first}").status == 204
    assert values(tree("GET", ONE)) == [11, 14]
    assert tree("DELETE", f"{ONE}/attrs/height/{first}").status == 404
    sums = tree("GET", f"{ONE}?options=aggregatedValues&aggrMethods=totalCount&aggrPeriodDuration=P1D")
    assert sums.json["height"]["totalCount"][0][0] == 2
    assert tree("POST", f"{ONE}/attrs", {"height": [told(8, "08:00")]}).status == 204
    assert values(tree("GET", ONE)) == [8, 11, 14]


def test_5_6_13_the_past_of_an_attribute_is_taken_away(tree: Any) -> None:
    assert tree("DELETE", f"{ONE}/attrs/height").status == 204
    assert "height" not in tree("GET", ONE).json
    assert tree("DELETE", f"{ONE}/attrs/height").status == 404
    assert tree("DELETE", f"{ONE}/attrs/in(valid").status == 400


def test_5_6_16_the_past_goes_and_a_thing_that_somebody_wrote_stays(asks: Any, tree: Any) -> None:
    assert tree("DELETE", ONE).status == 204
    assert (tree("GET", ONE).status, tree("GET", f"entities/{URN}").status) == (404, 404)
    tree("POST", "entities", {"id": URN, "type": "Tree", "height": told(3, "08:00")})
    assert tree("DELETE", ONE).status == 204
    assert values(tree("GET", ONE)) == []
    assert tree("GET", f"entities/{URN}").json["height"]["value"] == 3


def test_4_8_what_was_taken_away_is_told_by_deleted_at(tree: Any) -> None:
    tree("POST", f"entities/{URN}/attrs", {"scope": "/Valbelle"})
    tree("DELETE", f"entities/{URN}/attrs/mood")
    tree("DELETE", f"entities/{URN}/attrs/scope")
    gone = tree("GET", f"{ONE}?timeproperty=deletedAt").json
    assert set(gone) == {"id", "type", "mood", "scope"}
    assert gone["mood"][0]["value"] == "urn:ngsi-ld:null" and gone["mood"][0]["deletedAt"]
    assert gone["scope"][0]["value"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", PAST, TREE),
        ("POST", f"{ONE}/attrs", {"height": [told(1, "08:00")]}),
        ("DELETE", ONE, None),
        ("DELETE", f"{ONE}/attrs/height", None),
    ],
)
def test_who_may_not_write_here_does_not_write_the_past(
    asks: Any, tree: Any, method: str, path: str, body: Any
) -> None:
    neighbour = asks("neighbour")  # the same role, next door
    assert neighbour(method, path, body).status in (403, 404)
    assert asks("")(method, path, body).status == 401
    assert values(tree("GET", ONE)) == [10, 11, 14]
    assert asks("")("GET", ONE).status == 404  # nobody published it
