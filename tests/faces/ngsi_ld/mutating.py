"""Requests that went wrong on their way, drawn from a seed: good ones of our own with parts dropped, renamed,
repeated, and replaced by what nobody expects there."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

TREE, PARK, SUBSCRIPTION = "urn:ngsi-ld:Tree:1", "urn:ngsi-ld:Park:1", "urn:ngsi-ld:Subscription:1"
_AT = "2026-03-04T05:06:07Z"
_CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
_BENT = {"type": "Polygon", "coordinates": [[[7, 46], [8, 47], [8, 46], [7, 47], [7, 46]]]}
_TREE: dict[str, Any] = {
    "id": TREE,
    "type": "Tree",
    "scope": "/Valbelle/Parks",
    "height": {"type": "Property", "value": 12.5, "unitCode": "MTR", "observedAt": _AT},
    "species": {"type": "Property", "value": "lime", "source": {"type": "Property", "value": "survey"}},
    "standsIn": {"type": "Relationship", "object": PARK, "objectType": "Park"},
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [7.5, 46.3]}},
    "name": {"type": "LanguageProperty", "languageMap": {"fr": "Tilleul", "de": "Linde"}},
    "care": {"type": "VocabProperty", "vocab": ["Watered", "Pruned"]},
    "rings": {"type": "ListProperty", "valueList": [1, 2, 3]},
    "about": {"type": "JsonProperty", "json": {"planted": {"by": "us"}}},
}
_PAST = {
    **_TREE,
    "height": [{"type": "Property", "value": n, "observedAt": f"2026-03-0{n}T00:00:00Z"} for n in (1, 2)],
}
_SUBSCRIPTION: dict[str, Any] = {
    "id": SUBSCRIPTION,
    "type": "Subscription",
    "entities": [{"type": "Tree", "idPattern": "^urn"}],
    "watchedAttributes": ["height"],
    "notificationTrigger": ["attributeUpdated", "entityDeleted"],
    "q": "height>3",
    "geoQ": {"georel": "near;maxDistance==2000", "geometry": "Point", "coordinates": [7.5, 46.3]},
    "throttling": 5,
    "expiresAt": "2999-01-01T00:00:00Z",
    "notification": {
        "attributes": ["height"],
        "showChanges": True,
        "endpoint": {
            "uri": "https://example.org/hook",
            "receiverInfo": [{"key": "Authorization", "value": "Bearer x"}],
            "notifierInfo": [{"key": "MQTT-QoS", "value": "1"}],
        },
    },
}  # fmt: skip
_QUERY: dict[str, Any] = {
    "type": "Query",
    "entities": [{"type": "Tree", "idPattern": ".*"}],
    "q": "height>3;species",
    "attrs": ["height", "species"],
    "geoQ": _SUBSCRIPTION["geoQ"],
    "scopeQ": "/Valbelle/#",
    "temporalQ": {"timerel": "after", "timeAt": "2020-01-01T00:00:00Z", "lastN": 3},
}


@dataclass(frozen=True, slots=True)
class Verbatim:
    """JSON as it stands, which no value of Python would be written as."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: str = ""
    body: bytes | None = None
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5e308, 2**64, "", " ", [], {}, [[]], [None], {"": ""}, "\x00", "\x07\x1b",
    "A" * 5000, "é" * 301,
    Verbatim("NaN"), Verbatim("1e999"), Verbatim("9" * 400), Verbatim("9" * 5000), Verbatim('"\\ud800"'),
    Verbatim("[" * 2000 + "]" * 2000), Verbatim('{"a":' * 1500 + "1" + "}" * 1500),
    "urn:ngsi-ld:null", "@none", "@type", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "http://[::1/x", "https://example.org:99999/", "mqtt://127.0.0.1/t", "(a+)+$", "[[:alpha:]]",
    "a{99999999999}",
    {"type": {"value": False}, "object": [[]]}, {"type": "Relationship"}, {"type": "Property", "value": None},
    {"type": "GeoProperty", "value": _BENT}, {"type": "GeoProperty", "value": {"type": "Point",
    "coordinates": [7, 46, 10**400]}},
    {"@value": 1}, {"@id": "urn:x:1"}, "' OR 1=1 --", "%s", "{x}", "\u202e",
)  # fmt: skip
_CONTEXTS: tuple[Any, ...] = (
    _CONTEXT, "http://127.0.0.1/c.jsonld", "http://[::1/ngsi-ld/v1/jsonldContexts/x", "file:///etc/passwd",
    "", [], [[]], 1,
    {"@vocab": None}, {"a": "b", "b": "a"}, {"a": {"@id": 1}}, {"@import": "http://10.0.0.1/"},
    {"height": "@type"}, {"": "x"},
)  # fmt: skip
_URLS = tuple(one for one in _CONTEXTS if isinstance(one, str))
_NAMES = (
    "height",
    "species",
    "location",
    "@type",
    "id",
    "x" * 400,
    "\x00",
    "a.b",
    "{",
    "é",
    "http://x/y",
    "unitCode",
    "value",
)
_IDS = (
    TREE,
    TREE,
    TREE,
    PARK,
    SUBSCRIPTION,
    "x",
    "urn:x:\x00",
    "urn:x:" + "y" * 400,
    "http://x/a/b",
    "*",
    "urn:ngsi-ld:instance:1:2",
)
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "type": ("Tree", "Tree,Park;(A|B)", "((((", "*", "\x00", "(" * 300),
    "q": ("height>3", 'species=="lime"|height<1', "height==1..2", "species~=(a+)+$", "((((",
        "height==1e999", 'a=="', "a." * 60),
    "attrs": ("height", ",", "\x00", "x," * 300),
    "pick": ("id,height", "a{b{c}}", "a{" * 60, "}"),
    "omit": ("height", "id,\x00"),
    "orderBy": ("height;desc", "location;dist-asc", "id", ";", "\x00"),
    "scopeQ": ("/Valbelle/#", "/", "a;b|c", "/" * 3000),
    "georel": ("near;maxDistance==1000", "near;maxDistance==nan", "within", ";"),
    "geometry": ("Point", "Polygon", "Circle"),
    "coordinates": ("[7,46]", "[NaN,0]", "[[[0,0],[1,1],[0,0]]]", "[true,false]", "[" * 2000,
        "[7,46,1" + "0" * 400 + "]"),
    "timerel": ("after", "between", "x"),
    "timeAt": ("2020-01-01T00:00:00Z", "0001-01-01T00:00:00+10:00", "x", "\x00"),
    "endTimeAt": ("9999-12-31T23:59:59Z", "2020-02-30T00:00:00Z"),
    "lastN": ("1", "0", "-1", "9" * 30),
    "aggrMethods": ("avg,max", "x", ""),
    "aggrPeriodDuration": ("P1D", "PT0S", "P" + "9" * 20 + "Y", "PT0.001S", "x"),
    "limit": ("1", "0", "1001", "x", "9" * 30),
    "offset": ("1", "-1", "9" * 12),
    "options": ("keyValues", "sysAttrs", "temporalValues", "aggregatedValues", "noOverwrite", "update",
        "x,\x00"),
    "lang": ("fr", ";q=nan", "\x00"),
    "id": (f"{TREE},{PARK}", "x", "urn:x:\x00"),
    "idPattern": (".*", "(a+)+$", "[[:alpha:]]", "a{99999999999}", "\x00"),
    "datasetId": ("@none", "x", "urn:x:1"),
    "count": ("true", "x"),
    "details": ("true",),
    "nonsense": ("1",),
}  # fmt: skip
_HEADERS: dict[str, tuple[str, ...]] = {
    "accept": ("application/ld+json", "text/html", ";q=x", "application/json;q=nan", "a" * 9000),
    "link": (*(f'<{url}>; rel="http://www.w3.org/ns/json-ld#context"' for url in _URLS), "<" * 3000),
    "ngsild_tenant": ("valbelle", "nowhere", "\x00", "a" * 5000),
    "accept_language": ("de", "x" * 5000, ";q="),
    "prefer": ("body=json", "\x00"),
}  # fmt: skip
_TYPES = (
    "application/json",
    "application/ld+json",
    "application/merge-patch+json",
    "text/plain",
    "",
    "application/json; charset=utf-16",
)
#: What is asked: a method, a path with {id}, {name} and {instance}, and the body that goes well with it.
_ASKED: tuple[tuple[str, str, Any], ...] = (
    ("GET", "entities", None), ("POST", "entities", _TREE), ("GET", "entities/{id}", None), ("PATCH",
    "entities/{id}", _TREE),
    ("PUT", "entities/{id}", _TREE), ("POST", "entities/{id}/attrs", _TREE), ("PATCH",
    "entities/{id}/attrs", _TREE),
    ("PATCH", "entities/{id}/attrs/{name}", _TREE["height"]), ("PUT", "entities/{id}/attrs/{name}",
    _TREE["species"]),
    ("DELETE", "entities/{id}/attrs/{name}", None), ("POST", "entityOperations/create", [_TREE]),
    ("POST", "entityOperations/upsert", [_TREE, {**_TREE, "id": PARK}]), ("POST", "entityOperations/update",
    [_TREE]),
    ("POST", "entityOperations/merge", [_TREE]), ("POST", "entityOperations/delete", [PARK, "x"]),
    ("POST", "entityOperations/query", _QUERY), ("POST", "temporal/entityOperations/query", _QUERY),
    ("GET", "temporal/entities", None), ("POST", "temporal/entities", _PAST), ("GET",
    "temporal/entities/{id}", None),
    ("POST", "temporal/entities/{id}/attrs", _PAST), ("DELETE", "temporal/entities/{id}/attrs/{name}", None),
    ("PATCH", "temporal/entities/{id}/attrs/{name}/{instance}", {"height": _PAST["height"]}),
    ("POST", "subscriptions", _SUBSCRIPTION), ("PATCH", "subscriptions/{id}", _SUBSCRIPTION),
    ("GET", "subscriptions/{id}", None), ("POST", "jsonldContexts",
    {"@context": {"height": "https://example.org/height"}}),
    ("GET", "jsonldContexts/{id}", None), ("GET", "types/{name}", None), ("GET", "attributes/{name}", None),
    ("GET", "types", None),
)  # fmt: skip


def requests(seed: int, many: int) -> list[Asked]:
    """The same ones for a seed."""
    chance = random.Random(seed)
    return [_request(chance) for _ in range(many)]


def garbled(seed: int, good: Any, many: int) -> list[bytes]:
    """Bodies made of a good one, from one change of it up to several."""
    chance = random.Random(seed)
    found = []
    for _ in range(many):
        body = copy.deepcopy(good)
        for _turn in range(chance.choice((1, 1, 2, 4))):
            body = _mutated(chance, body)
        raw = _written(body).encode("utf-8", "surrogatepass")
        found.append(raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.1 else raw)
    return found


def _request(chance: random.Random) -> Asked:
    method, path, good = chance.choice(_ASKED)
    path = path.format(id=chance.choice(_IDS), name=chance.choice(_NAMES), instance=chance.choice(_IDS))
    wanted = chance.sample(
        list(_PARAMETERS), chance.choice((0, 0, 1, 2, 4)) if good is not None else chance.randint(1, 5)
    )
    if path.endswith("entities") and method == "GET" and chance.random() < 0.8:
        wanted = ["type", *(one for one in wanted if one != "type")]
    query = "&".join(f"{name}={quote(chance.choice(_PARAMETERS[name]))}" for name in wanted)
    headers = {name: chance.choice(_HEADERS[name]) for name in _HEADERS if chance.random() < 0.08}
    if good is None:
        return Asked(method, path, query, headers=headers)
    body = copy.deepcopy(good)
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        body = _mutated(chance, body)
    raw = _written(body).encode("utf-8", "surrogatepass")
    if chance.random() < 0.04:
        raw = raw[: chance.randrange(len(raw) + 1)]
    usual = "application/ld+json" if b'"@context"' in raw else "application/json"
    content_type = usual if chance.random() < 0.92 else chance.choice(_TYPES)
    return Asked(method, path, query, raw, content_type, headers)


def _mutated(chance: random.Random, value: Any) -> Any:
    path = chance.choice(list(_paths(value)))
    found = value
    for step in path:
        found = found[step]
    odd = copy.deepcopy(chance.choice(_ODD))
    kind = chance.randrange(7)
    if kind == 0 and isinstance(found, dict) and found:
        found[chance.choice(_NAMES)] = found.pop(chance.choice(list(found)))
        return value
    if kind == 1 and isinstance(found, dict):
        found[
            chance.choice(("@context", "datasetId", "observedAt", "scope", "expiresAt", "geoQ", *_NAMES))
        ] = odd
        return value
    if kind == 2 and isinstance(value, dict):
        value["@context"] = copy.deepcopy(chance.choice(_CONTEXTS))
        return value
    if not path:
        return odd if kind == 3 else value
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    if kind == 4:
        del holder[path[-1]]
    elif kind == 5:
        holder[path[-1]] = [found] * chance.choice((1, 2))
    else:
        holder[path[-1]] = odd
    return value


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield from _paths(value[step], (*path, step))


def _written(value: Any) -> str:
    if isinstance(value, Verbatim):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value)
