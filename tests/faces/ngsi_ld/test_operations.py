"""Each operation over HTTP, by the clause that describes it: what it answers when all is well and when the
thing is not there. What operations mean is tested beside (`test_entities`, `test_temporal`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
URN, OTHER, PAST = "urn:ngsi-ld:Tree:1", "urn:ngsi-ld:Tree:2", "urn:ngsi-ld:Tree:3"
ONE, THEN = f"entities/{URN}", f"temporal/entities/{PAST}"
HEIGHTS, GONE = f"{THEN}/attrs/height", "entities/urn:ngsi-ld:Tree:404"
T1, T2 = "2026-05-04T08:00:00Z", "2026-05-04T09:00:00Z"
BETWEEN = "timerel=after&timeAt=2026-01-01T00:00:00Z"
TREES = {"type": "Query", "entities": [{"type": "Tree"}]}
SUBSCRIPTION = {
    "id": "urn:ngsi-ld:Subscription:trees",
    "type": "Subscription",
    "entities": [{"type": "Tree"}],
    "notification": {"endpoint": {"uri": "https://example.org/notes"}},
}
SUBSCRIBED = f"subscriptions/{SUBSCRIPTION['id']}"


def height(value: float, **more: Any) -> dict[str, Any]:
    return {"type": "Property", "value": value, **more}


def tree(urn: str, value: float) -> dict[str, Any]:
    return {"id": urn, "type": "Tree", "height": height(value)}


@dataclass
class Step:
    """An operation, its address and body, the status of its answer, and what else must be so."""

    clause: str
    method: str
    path: str
    status: int
    body: Any = None
    so: Callable[[Any], bool] = lambda _reply: True


def value_is(expected: float) -> Callable[[Any], bool]:
    return lambda reply: reply.json["height"]["value"] == expected


STEPS = [
    Step("6.4.3.1", "POST", "entities", 201, tree(URN, 1), lambda r: r.headers["Location"].endswith(URN)),
    Step("6.4.3.1", "POST", "entities", 409, tree(URN, 1)),
    Step("6.5.3.1", "GET", ONE, 200, so=value_is(1)),
    Step("6.5.3.1", "GET", GONE, 404),
    Step("6.4.3.2", "GET", "entities?type=Tree&q=height==1", 200, so=lambda r: len(r.json) == 1),
    Step("6.5.3.4", "PATCH", ONE, 204, {"height": height(2)}),
    Step("6.5.3.4", "PATCH", GONE, 404, {"height": height(2)}),
    Step("6.5.3.3", "PUT", ONE, 204, tree(URN, 3)),
    Step("6.5.3.3", "PUT", GONE, 404, tree("urn:ngsi-ld:Tree:404", 3)),
    Step("6.6.3.1", "POST", f"{ONE}/attrs", 204, {"age": height(80)}),
    Step("6.6.3.1", "POST", f"{GONE}/attrs", 404, {"age": height(80)}),
    Step("6.6.3.2", "PATCH", f"{ONE}/attrs", 204, {"height": height(4)}),
    Step("6.7.3.1", "PATCH", f"{ONE}/attrs/height", 204, {"value": 5}),
    Step("6.7.3.1", "PATCH", f"{ONE}/attrs/girth", 404, {"value": 5}),
    Step("6.7.3.3", "PUT", f"{ONE}/attrs/height", 204, height(6)),
    Step("5.7.1", "GET", f"{ONE}?attrs=height", 200, so=lambda r: set(r.json) == {"id", "type", "height"}),
    Step("5.7.1", "GET", ONE, 200, so=value_is(6)),
    Step("6.7.3.2", "DELETE", f"{ONE}/attrs/age", 204),
    Step("6.7.3.2", "DELETE", f"{ONE}/attrs/age", 404),
    Step("6.14.3.1", "POST", "entityOperations/create", 201, [tree(OTHER, 7)], lambda r: r.json == [OTHER]),
    Step("6.15.3.1", "POST", "entityOperations/upsert", 204, [tree(OTHER, 8)]),
    Step("6.16.3.1", "POST", "entityOperations/update", 204, [tree(OTHER, 9)]),
    Step("6.31.3.1", "POST", "entityOperations/merge", 204, [tree(OTHER, 10)]),
    Step("5.6.20", "GET", f"entities/{OTHER}", 200, so=value_is(10)),
    Step(
        "6.23.3.1", "POST", "entityOperations/query", 200, {"type": "Query", "entities": [{"type": "Tree"}]}
    ),
    Step("6.25.3.1", "GET", "types", 200, so=lambda r: r.json["typeList"] == ["Tree"]),
    Step("6.26.3.1", "GET", "types/Tree", 200, so=lambda r: r.json["entityCount"] == 2),
    Step("6.27.3.1", "GET", "attributes", 200, so=lambda r: "height" in r.json["attributeList"]),
    Step("6.28.3.1", "GET", "attributes/height", 200, so=lambda r: r.json["typeNames"] == ["Tree"]),
    Step("6.17.3.1", "POST", "entityOperations/delete", 204, [OTHER]),
    Step("6.17.3.1", "POST", "entityOperations/delete", 207, [OTHER], lambda r: r.json["success"] == []),
    Step("6.5.3.2", "DELETE", ONE, 204),
    Step("6.5.3.2", "DELETE", ONE, 404),
    Step("6.4.3.1", "POST", "entities", 201, tree(URN, 1)),
    Step("6.4.3.3", "DELETE", "entities?type=Tree", 204),
    Step("6.5.3.1", "GET", ONE, 404),
    Step(
        "6.18.3.1",
        "POST",
        "temporal/entities",
        201,
        {"id": PAST, "type": "Tree", "height": [height(1, observedAt=T1), height(2, observedAt=T2)]},
    ),
    Step("6.19.3.1", "GET", THEN, 200, so=lambda r: len(r.json["height"]) == 2),
    Step("6.18.3.2", "GET", f"temporal/entities?type=Tree&{BETWEEN}", 200, so=lambda r: len(r.json) == 1),
    Step(
        "6.24.3.1",
        "POST",
        "temporal/entityOperations/query",
        200,
        {**TREES, "temporalQ": {"timerel": "after", "timeAt": "2026-01-01T00:00:00Z"}},
    ),
    Step("6.20.3.1", "POST", f"{THEN}/attrs", 204, {"age": [height(80, observedAt=T1)]}),
    Step("6.21.3.1", "DELETE", f"{THEN}/attrs/age?deleteAll=true", 204),
    Step("6.21.3.1", "DELETE", f"{THEN}/attrs/age?deleteAll=true", 404),
    Step(
        "6.22.3.1", "PATCH", f"{THEN}/attrs/height/{{instance}}", 204, {"height": [height(5, observedAt=T1)]}
    ),
    Step("6.22.3.2", "DELETE", f"{THEN}/attrs/height/{{instance}}", 204),
    Step("6.22.3.2", "DELETE", f"{THEN}/attrs/height/urn:ngsi-ld:Instance:404", 404),
    Step("6.19.3.2", "DELETE", THEN, 204),
    Step("6.19.3.2", "DELETE", THEN, 404),
    Step("6.10.3.1", "POST", "subscriptions", 201, SUBSCRIPTION),
    Step("6.10.3.1", "POST", "subscriptions", 409, SUBSCRIPTION),
    Step("6.10.3.2", "GET", "subscriptions", 200, so=lambda r: len(r.json) == 1),
    Step("5.8.4", "GET", "subscriptions?limit=1&count=true", 200, so=lambda r: len(r.json) == 1),
    Step("6.11.3.1", "GET", SUBSCRIBED, 200, so=lambda r: r.json["status"] == "active"),
    Step("6.11.3.2", "PATCH", SUBSCRIBED, 204, {"isActive": False}),
    Step("6.11.3.1", "GET", SUBSCRIBED, 200, so=lambda r: r.json["status"] == "paused"),
    Step("6.11.3.3", "DELETE", SUBSCRIBED, 204),
    Step("5.8.5", "DELETE", SUBSCRIBED, 404),
    Step("6.29.3.1", "POST", "jsonldContexts", 201, {"@context": {"height": "https://example.org/height"}}),
    Step("6.29.3.2", "GET", "jsonldContexts", 200, so=lambda r: len(r.json) == 1),
    Step("6.30.3.1", "GET", "{context}", 200, so=lambda r: "height" in r.json["@context"]),
    Step("6.30.3.2", "DELETE", "{context}", 204),
    Step("6.30.3.1", "GET", "{context}", 404),
]


def test_each_operation_answers_as_its_clause_says(asks: Any) -> None:
    ask, known = asks("contributor"), {"instance": "", "context": ""}
    wrong = []
    for number, step in enumerate(STEPS):
        path = step.path.replace("{instance}", known["instance"]).replace("{context}", known["context"])
        reply = ask(step.method, path, step.body)
        if reply.status != step.status or not step.so(reply):
            wrong.append((number, step.clause, step.method, path, reply.status, reply.body[:200]))
        if step.clause == "6.19.3.1" and reply.status == 200:
            known["instance"] = reply.json["height"][0]["instanceId"]
        if step.clause == "6.29.3.1":
            known["context"] = reply.headers["Location"].removeprefix("/ngsi-ld/v1/")
    assert wrong == []
