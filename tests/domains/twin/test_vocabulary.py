"""Descriptions follow the Smart Data Models; the published examples go in and come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin
from tests.realdata import real_data

ME = Actor.system()
KINDS = twin.descriptions()
ICONS = Path(__file__).resolve().parents[3] / "node_modules/@tabler/icons/icons/outline"


def test_there_are_twenty_one() -> None:
    assert len({one.type_iri for one in KINDS.values()}) == 21


@pytest.mark.parametrize("kind", KINDS)
def test_a_description_is_whole(kind: str) -> None:
    one = KINDS[kind]
    for labels in (one.labels, one.plural, *(attribute.labels for attribute in one.attributes.values())):
        assert all(labels[language].strip() for language in ("fr", "de", "en"))
    for attribute in one.attributes.values():
        bounds = [attribute.alarm_low, attribute.watch_low, attribute.watch_high, attribute.alarm_high]
        known = [bound for bound in bounds if bound is not None]
        assert known == sorted(known), attribute.term
        for bound in known:
            assert attribute.low is None or bound >= attribute.low, attribute.term
            assert attribute.high is None or bound <= attribute.high, attribute.term
        if attribute.values:
            assert {*attribute.watch_values, *attribute.alarm_values} <= set(attribute.values)
    if ICONS.exists():
        assert (ICONS / f"{one.icon}.svg").exists()


def test_an_iri_stays_and_an_unknown_term_is_of_the_default_context() -> None:
    assert twin.expand_term("weather", "https://example.org/x") == "https://example.org/x"
    assert twin.expand_term("weather", "x") == "https://uri.etsi.org/ngsi-ld/default-context/x"
    assert twin.expand_term("", "x") == "https://uri.etsi.org/ngsi-ld/default-context/x"


def _folder(kind: twin.Description) -> Path:
    model = kind.type_iri.removeprefix("https://smartdatamodels.org/dataModel.")
    return real_data(f"sensors/sdm/{model}")


@pytest.mark.realdata
@pytest.mark.parametrize("kind", KINDS)
def test_terms_are_those_of_the_model(kind: str) -> None:
    folder = _folder(KINDS[kind])
    context = json.loads((folder.parent / "context.jsonld").read_text())["@context"]
    model = KINDS[kind].type_iri.rpartition("/")[0]
    for term, one in KINDS[kind].attributes.items():
        known = context.get(term)
        if known is not None and one.iri.startswith(model):
            assert one.iri == known, term


@pytest.mark.realdata
@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_the_published_example_comes_out_as_it_went_in(kind: str, territory: TerritoryView) -> None:
    example = json.loads((_folder(KINDS[kind]) / "example-normalized.jsonld").read_text())
    given = {
        term: one.get("value", one.get("object"))
        for term, one in example.items()
        if isinstance(one, dict) and one.get("type") in ("Property", "Relationship")
    }
    given = {term: value for term, value in given.items() if value is not None}
    drafts = tuple(_draft(kind, term, value, example[term]) for term, value in given.items())
    entity_id = twin.create_entity(
        actor=ME,
        territory=territory,
        draft=twin.EntityDraft(kind=kind, urn=example["id"], attributes=drafts),
    )
    page = twin.entity_page(ME, entity_id)
    told = {one.term: one.number if one.number is not None else one.value for one in page.attributes}
    assert (page.urn, told) == (example["id"], given)


def _draft(kind: str, term: str, value: Any, one: dict[str, Any]) -> twin.AttributeDraft:
    known = KINDS[kind].attributes.get(term)
    unit = one.get("unitCode", "")
    said = isinstance(value, int | float) and not isinstance(value, bool)
    # The published examples give a duration in words the unit of hours.
    relationship = twin.AttributeKind(one["type"].lower())
    return twin.AttributeDraft(
        term, value, unit if said and (known is None or known.unit) else "", kind=relationship
    )
