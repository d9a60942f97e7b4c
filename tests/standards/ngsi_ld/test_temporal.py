"""The past (ETSI GS CIM 009, clauses 4.5.6 to 4.5.8, 4.5.19, 4.11, 6.3.10, 6.3.12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.standards.ngsi_ld.contexts import core
from belvedere.standards.ngsi_ld.documents import Document, Instance, Kind
from belvedere.standards.ngsi_ld.evolution import Evolution, cut, write_evolution
from belvedere.standards.ngsi_ld.problems import BadRequestData, InvalidRequest
from belvedere.standards.ngsi_ld.shown import Presentation
from belvedere.standards.ngsi_ld.temporal import (
    EARLIEST,
    LATEST,
    Period,
    TemporalForm,
    TemporalQuery,
    read_period,
    read_temporal_query,
)
from tests.standards.ngsi_ld.making import iri

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
AT = "2026-05-04T12:00:00Z"


def asked(**parameters: str) -> TemporalQuery:
    return read_temporal_query(parameters, needed=False)


def test_clause_4_11_the_relations_of_time() -> None:
    assert (asked().start, asked().end) == (EARLIEST, LATEST)
    after = asked(timerel="after", timeAt=AT)
    assert after.start == NOON + timedelta(microseconds=1) and after.end == LATEST
    before = asked(timerel="before", timeAt=AT)
    assert before.start == EARLIEST and before.end == NOON
    between = asked(timerel="between", timeAt=AT, endTimeAt="2026-05-05T12:00:00Z")
    assert (between.start, between.end) == (NOON, NOON + timedelta(days=1))


@pytest.mark.parametrize(
    "parameters",
    [
        {"timerel": "after"},
        {"timerel": "during", "timeAt": AT},
        {"timerel": "between", "timeAt": AT},
        {"timerel": "after", "timeAt": "noon"},
        {"timeproperty": "eatenAt"},
        {"lastN": "0"},
        {"lastN": "many"},
        {"options": "aggregatedValues"},
        {"options": "aggregatedValues", "aggrMethods": "guess"},
        {"options": "aggregatedValues", "aggrMethods": "avg", "aggrPeriodDuration": "1h"},
    ],
)
def test_clause_5_7_3_what_cannot_be_asked_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(BadRequestData):
        read_temporal_query(parameters, needed=False)


def test_clause_5_7_4_a_query_says_of_which_time() -> None:
    with pytest.raises(BadRequestData):
        read_temporal_query({}, needed=True)


def test_clause_6_3_12_format_comes_before_options_and_unknown_words_are_refused() -> None:
    assert asked(format="temporalValues", options="aggregatedValues").form is TemporalForm.VALUES
    assert asked(options="temporalValues,sysAttrs").sys_attrs
    for bad in ({"format": "poem"}, {"options": "temporalValues,poem"}):
        with pytest.raises(InvalidRequest):
            read_temporal_query(bad, needed=False)


@pytest.mark.parametrize(
    ("text", "start", "then"),
    [
        ("PT1H", NOON, NOON + timedelta(hours=1)),
        ("P1DT12H", NOON, NOON + timedelta(hours=36)),
        ("P2W", NOON, NOON + timedelta(weeks=2)),
        ("P1M", datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
        ("P1Y", datetime(2024, 2, 29, tzinfo=UTC), datetime(2025, 2, 28, tzinfo=UTC)),
        ("P9999Y", NOON, LATEST),
    ],
)
def test_clause_4_5_19_durations(text: str, start: datetime, then: datetime) -> None:
    assert read_period(text).after(start, 1) == then


@given(st.text(st.sampled_from("PTYMWDHS0123456789."), max_size=12))
def test_any_duration_is_read_or_refused(text: str) -> None:
    try:
        assert read_period(text).after(NOON, 3) >= NOON
    except BadRequestData:
        assert text


def evolution(*series: tuple[str, list[int]]) -> Evolution:
    """Attributes told at these minutes after noon."""
    attributes: dict[str, list[Instance]] = {}
    for name, minutes in series:
        attributes[iri(name)] = [
            Instance(kind=Kind.PROPERTY, value=at, observed_at=NOON + timedelta(minutes=at)) for at in minutes
        ]
    return Evolution(Document(id="urn:ngsi-ld:Bench:1", types=(iri("Bench"),), attributes=attributes))


def test_clause_6_3_10_a_page_of_the_past_is_whole_up_to_its_edge() -> None:
    past = evolution(("wear", [1, 2, 3, 4]), ("load", [3, 4, 5]))
    whole, none = cut([past], asked(), 7)
    assert whole == [past] and none is None
    page, told = cut([past], asked(timerel="after", timeAt=AT), 3)
    minutes = {name: [one.value for one in many] for name, many in page[0].document.attributes.items()}
    assert minutes == {iri("wear"): [1, 2], iri("load"): []}  # the third is not told without its twin
    assert told is not None and told.header == ("date-time 2026-05-04T12:00:00Z-2026-05-04T12:02:00Z/*")
    page, told = cut([past], asked(timerel="before", timeAt="2026-05-04T13:00:00Z", lastN="9"), 3)
    assert [one.value for one in page[0].document.attributes[iri("wear")]] == [4]
    assert told is not None and told.header == ("date-time 2026-05-04T13:00:00Z-2026-05-04T12:04:00Z/9")


@given(st.lists(st.integers(0, 30), unique=True, max_size=20), st.integers(1, 8))
def test_asking_on_from_the_edge_gives_everything_once(minutes: list[int], most: int) -> None:
    left, seen = sorted(minutes), []
    while left:
        page, told = cut([evolution(("wear", left))], asked(), most)
        got = [one.value for one in page[0].document.attributes[iri("wear")]]
        assert got
        seen += got
        left = [one for one in left if told is not None and NOON + timedelta(minutes=one) > told.end]
    assert seen == sorted(minutes)


def written(past: Evolution, **parameters: str) -> Any:
    return write_evolution(past, core(), Presentation(), asked(**parameters))


def test_clause_4_5_8_simplified_and_normalized() -> None:
    past = evolution(("wear", [1]))
    assert written(past)["wear"] == [{"type": "Property", "value": 1, "observedAt": "2026-05-04T12:01:00Z"}]
    assert written(past, options="temporalValues") == {
        "id": "urn:ngsi-ld:Bench:1",
        "type": "Bench",
        "wear": {"type": "Property", "values": [[1, "2026-05-04T12:01:00Z"]]},
    }


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (Kind.RELATIONSHIP, "urn:x:1", {"type": "Relationship", "objects": [["urn:x:1", AT]]}),
        (Kind.JSON, {"a": 1}, {"type": "JsonProperty", "jsons": [[{"json": {"a": 1}}, AT]]}),
        (Kind.VOCAB, iri("oak"), {"type": "VocabProperty", "vocabs": [[{"vocab": "oak"}, AT]]}),
        (Kind.LIST, [1], {"type": "ListProperty", "valueLists": [[[1], AT]]}),
    ],
)
def test_clause_4_5_8_every_kind_has_its_list(kind: Kind, value: Any, told: Any) -> None:
    one = Instance(kind=kind, value=value, observed_at=NOON)
    past = Evolution(Document(id="urn:ngsi-ld:Bench:1", attributes={iri("wear"): [one]}))
    assert written(past, options="temporalValues")["wear"] == told


def test_clause_4_5_19_aggregated() -> None:
    sums = {"avg": [(2.5, NOON, NOON + timedelta(hours=1))]}
    past = Evolution(Document(id="urn:ngsi-ld:Bench:1"), {iri("wear"): [(Kind.PROPERTY, "", sums)]})
    assert written(past)["wear"] == {"type": "Property", "avg": [[2.5, AT, "2026-05-04T13:00:00Z"]]}
    assert not Period()
