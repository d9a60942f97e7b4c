"""Documents to test with: strategies, and one context with terms of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from belvedere.standards.ngsi_ld.contexts import Context, build, core
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.problems import LdContextNotAvailable
from belvedere.standards.ngsi_ld.reading import read_entity

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
OURS = "https://example.org/parks.jsonld"
PARKS = {
    "@context": {
        "parks": "https://example.org/parks#",
        "Bench": "parks:Bench",
        "wear": {"@id": "parks:wear"},
        "standsIn": {"@id": "parks:standsIn", "@type": "@id"},
    }
}


def loader(url: str) -> dict[str, Any]:
    if url != OURS:
        raise LdContextNotAvailable("{url} is not there.", url=url)
    return PARKS


def ours() -> Context:
    return build(OURS, loader)


def document(context: Context | None = None, **attributes: Any) -> Document:
    body = {"id": "urn:ngsi-ld:Bench:1", "type": "Bench", **attributes}
    return read_entity(body, context or core())


def iri(term: str) -> str:
    return core().expand(term)


NAMES = st.from_regex(r"\A[a-z][a-z0-9]{2,8}\Z").filter(lambda name: core().expand(name).startswith("http"))
URIS = st.from_regex(r"\Aurn:ngsi-ld:[A-Z][a-z]{1,6}:[a-z0-9]{1,6}\Z")
MOMENTS = st.integers(0, 4 * 10**15).map(
    lambda micro: (datetime(2000, 1, 1) + timedelta(microseconds=micro)).isoformat() + "Z"  # noqa: DTZ001
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12).filter(
    lambda text: text != "urn:ngsi-ld:null"
)
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6)
SCALARS = NUMBERS | st.booleans() | TEXTS
POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(
    lambda where: {"type": "Point", "coordinates": list(where)}
)
META = st.fixed_dictionaries(
    {}, optional={"observedAt": MOMENTS, "unitCode": st.sampled_from(["CEL", "P1", "KWH"])}
)
VALUES = st.one_of(
    SCALARS.map(lambda value: {"type": "Property", "value": value}),
    st.lists(SCALARS, min_size=1, max_size=3).map(lambda value: {"type": "Property", "value": value}),
    URIS.map(lambda target: {"type": "Relationship", "object": target}),
    POINTS.map(lambda where: {"type": "GeoProperty", "value": where}),
    st.dictionaries(st.sampled_from(["fr", "de", "en"]), TEXTS, min_size=1).map(
        lambda said: {"type": "LanguageProperty", "languageMap": said}
    ),
    st.dictionaries(TEXTS, SCALARS, max_size=2).map(lambda value: {"type": "JsonProperty", "json": value}),
    NAMES.map(lambda word: {"type": "VocabProperty", "vocab": word}),
    st.lists(SCALARS, max_size=3).map(lambda value: {"type": "ListProperty", "valueList": value}),
)
INSTANCES = st.builds(lambda value, meta: {**value, **meta}, VALUES, META)
WITH_SUB = st.builds(
    lambda value, name, sub: {**value, name: sub} if sub else value,
    INSTANCES,
    NAMES,
    st.none() | INSTANCES,
)
ATTRIBUTES = WITH_SUB | st.lists(INSTANCES, min_size=2, max_size=3).map(
    lambda many: [
        one | ({"datasetId": f"urn:ngsi-ld:Dataset:{place}"} if place else {})
        for place, one in enumerate(many)
    ]
)
BODIES = st.builds(
    lambda name, attributes: {"id": f"urn:ngsi-ld:Bench:{name}", "type": "Bench", **attributes},
    NAMES,
    st.dictionaries(NAMES, ATTRIBUTES, max_size=4),
)
