"""@context (ETSI GS CIM 009, clauses 4.4, 5.5.7, 6.3.5)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.standards.ngsi_ld import contexts
from belvedere.standards.ngsi_ld.contexts import build, core, link_header, parse_link
from belvedere.standards.ngsi_ld.problems import BadRequestData, LdContextNotAvailable
from belvedere.standards.ngsi_ld.vocabulary import DEFAULT, NAMESPACE
from tests.standards.ngsi_ld.making import NAMES, OURS, PARKS, loader, ours


def test_clause_4_4_core_terms_are_built_in_and_cannot_be_redefined() -> None:
    thief = build({"location": "https://example.org/elsewhere", "wear": "https://example.org/wear"}, loader)
    assert thief.expand("location") == NAMESPACE + "location"
    assert thief.expand("wear") == "https://example.org/wear"
    assert core().expand("id") == "@id"
    assert core().expand("description") == "http://purl.org/dc/terms/description"


def test_clause_5_5_7_what_no_context_knows_gets_the_default() -> None:
    assert core().expand("wear") == DEFAULT + "wear"
    assert ours().expand("wear") == "https://example.org/parks#wear"
    assert ours().expand("parks:colour") == "https://example.org/parks#colour"
    assert ours().expand("https://example.org/x") == "https://example.org/x"


def test_a_name_that_would_mean_another_thing_is_not_shortened_to_it() -> None:
    assert ours().compact(DEFAULT + "wear") == "ngsi-ld:default-context/wear"
    assert core().compact(DEFAULT + "wear") == "wear"
    assert core().compact("https://example.org/parks#wear") == "https://example.org/parks#wear"


def test_later_contexts_win_and_one_may_name_another() -> None:
    context = build([OURS, {"wear": "https://example.org/other"}], loader)
    assert context.expand("wear") == "https://example.org/other"
    assert context.expand("Bench") == "https://example.org/parks#Bench"


def test_a_context_of_urls_is_built_once_until_it_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counting(url: str) -> dict[str, Any]:
        asked.append(url)
        return PARKS

    contexts.forget()
    first = build([OURS], counting)
    assert build([OURS], counting) is first and asked == [OURS]
    contexts.forget()
    assert build([OURS], counting) is not first


def test_clause_5_5_2_a_context_that_is_not_there_is_said_so() -> None:
    with pytest.raises(LdContextNotAvailable):
        build("https://example.org/missing.jsonld", loader)
    with pytest.raises(LdContextNotAvailable):
        build("https://example.org/round.jsonld", lambda url: {"@context": [url]})
    with pytest.raises(LdContextNotAvailable):
        build("https://example.org/none.jsonld", lambda _url: {"terms": {}})
    with pytest.raises(BadRequestData):
        build(12, loader)


def test_clause_6_3_5_the_link_header_names_one_context() -> None:
    assert parse_link(link_header(OURS)) == OURS
    assert parse_link('<https://example.org/style.css>; rel="stylesheet"') is None
    with pytest.raises(BadRequestData):
        parse_link(f"{link_header(OURS)}, {link_header(OURS)}")
    with pytest.raises(BadRequestData):
        parse_link('<file:///etc/passwd>; rel="http://www.w3.org/ns/json-ld#context"')


@given(NAMES)
def test_expanding_what_was_compacted_gives_it_back(name: str) -> None:
    for context in (core(), ours()):
        assert context.expand(context.compact(context.expand(name))) == context.expand(name)


@given(st.text(max_size=30))
def test_any_iri_survives_compacting(text: str) -> None:
    for iri in (f"https://example.org/{text}", f"{NAMESPACE}{text}", f"{DEFAULT}{text}"):
        assert ours().expand(ours().compact(iri)) == iri
