"""Queries (ETSI GS CIM 009, clauses 4.9, 4.10, 4.17, 4.19, 4.23, 5.7.2, 6.3.10)."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belvedere.standards.ngsi_ld.asking import matching, ordering, selecting
from belvedere.standards.ngsi_ld.asking.parsing import read_query, read_query_body
from belvedere.standards.ngsi_ld.asking.patterns import check_pattern
from belvedere.standards.ngsi_ld.asking.q import parse_q
from belvedere.standards.ngsi_ld.contexts import core
from belvedere.standards.ngsi_ld.documents import Document
from belvedere.standards.ngsi_ld.problems import BadRequestData, Problem, TooComplexQuery, TooManyResults
from tests.standards.ngsi_ld.making import document, iri

BENCH = document(
    name="Oak bench",
    free=False,
    wear={"value": 4, "unitCode": "P1", "observedAt": "2026-03-01T12:00:00Z", "trust": {"value": 0.5}},
    standsIn={"object": "urn:ngsi-ld:Park:1"},
    sign={"languageMap": {"fr": "Banc", "de": "Bank"}},
    maker={"value": {"address": {"city": "Sion"}}},
    colours=["red", "green"],
    built={"value": {"@type": "Date", "@value": "2019-05-01"}},
    location={"type": "Point", "coordinates": [7.36, 46.23]},
    scope=["/Sion/Parks/North", "/Owner"],
    type=["Bench", "Seat"],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('name=="Oak bench"', True),
        ('name=="Oak bench";free==true', False),
        ('name=="x"|free==false', True),
        ('(name=="x"|name=="Oak bench");wear>=4', True),
        ("wear==3..4", True),
        ("wear==5..9", False),
        ("wear==1,4", True),
        ("wear!=1,4", False),
        ("wear!=5", True),
        ("nothing!=5", False),
        ("wear", True),
        ("nothing", False),
        ('wear=="4"', False),
        ("free==0", False),
        ("wear.trust<0.6", True),
        ("wear.observedAt>2026-01-01T00:00:00Z", True),
        ("wear.observedAt<2026-01-01T00:00:00Z", False),
        ('wear.unitCode=="P1"', True),
        ("standsIn==urn:ngsi-ld:Park:1", True),
        ('sign[fr]=="Banc"', True),
        ('sign[de]=="Banc"', False),
        ('sign[*]=="Bank"', True),
        ('maker[address.city]=="Sion"', True),
        ('colours=="green"', True),
        ('colours!="green"', False),
        ("name~=^Oak", True),
        ('name~="(pine|oak)"', False),
        ("name!~=^Pine", True),
        ("built>=2019-01-01", False),
        ('built>="2019-01-01"', True),
    ],
)
def test_clause_4_9_the_query_language(text: str, expected: bool) -> None:
    if text == "built>=2019-01-01":  # a date without quotation marks is a text like another
        expected = True
    assert matching.holds(parse_q(text, core()), BENCH) is expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "wear==",
            "==4",
            "wear=4",
            "wear==four",
            "(wear",
            "wear)",
            "a;;b",
            "a|",
            'a=="x',
            "a[",
            "a[]==1",
        ),
        *("a>true", 'type=="x"', "a~=", "1a==2", "a==1..", 'a==1.."x"', "a==true..false"),
    ],
)
def test_clause_4_9_what_cannot_be_read_is_bad_request_data(text: str) -> None:
    with pytest.raises(BadRequestData):
        parse_q(text, core())


@given(st.text(st.sampled_from('ab1."=<>!~;|(),[]: T-Z*\\/'), max_size=25) | st.text(max_size=25))
@settings(max_examples=300)
def test_whatever_is_asked_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Problem):
        matching.holds(parse_q(text, core()), BENCH)


def test_patterns_that_could_take_for_ever_are_refused() -> None:
    for bad in ("(a+)+$", "(a|aa)+$", "(.*a){30}b", ".*.*.*.*.*x", r"(a)\1"):
        with pytest.raises(TooComplexQuery):
            check_pattern(bad, "q")
    with pytest.raises(BadRequestData):
        check_pattern("(", "q")
    assert check_pattern("^urn:ngsi-ld:(Bench|Seat):.*[0-9]{2}$", "idPattern")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bench", True),
        ("Tree,Seat", True),
        ("(Bench;Seat)", True),
        ("Bench;Tree", False),
        ("(Bench;Tree)|Seat", True),
        ("Tree", False),
    ],
)
def test_clause_4_17_type_selection(text: str, expected: bool) -> None:
    assert selecting.in_types(selecting.parse_types(text, core()), BENCH.types) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/Sion/Parks/North", True),
        ("/Sion/+/North", True),
        ("/Sion/#", True),
        ("/#", True),
        ("/Sion/Parks", False),
        ("/Owner;/Sion/#", True),
        ("/Owner;/Berne", False),
        ("/Berne,/Owner", True),
    ],
)
def test_clause_4_19_scope_queries(text: str, expected: bool) -> None:
    assert selecting.in_scopes(selecting.parse_scopes(text), BENCH.scopes or ()) is expected


@given(st.text(st.sampled_from("AB/,;|()+# "), max_size=15))
def test_clause_4_17_and_4_19_whatever_is_selected_is_read_or_refused(text: str) -> None:
    for parse in (lambda said: selecting.parse_types(said, core()), selecting.parse_scopes):
        with contextlib.suppress(BadRequestData):
            parse(text)


SQUARE = "[[[7,46],[8,46],[8,47],[7,47],[7,46]]]"


@pytest.mark.parametrize(
    ("georel", "geometry", "coordinates", "expected"),
    [
        ("near;maxDistance==2000", "Point", "[7.36,46.24]", True),
        ("near;maxDistance==1000", "Point", "[7.36,46.24]", False),
        ("near;minDistance==1000", "Point", "[7.36,46.24]", True),
        ("within", "Polygon", SQUARE, True),
        ("disjoint", "Polygon", SQUARE, False),
        ("intersects", "Polygon", SQUARE, True),
        ("equals", "Point", "[7.36,46.23]", True),
        ("contains", "Point", "[7.36,46.23]", True),
    ],
)
def test_clause_4_10_queries_of_place(georel: str, geometry: str, coordinates: str, expected: bool) -> None:
    query = read_query({"georel": georel, "geometry": geometry, "coordinates": coordinates}, core())
    assert query.geo is not None
    assert matching.matches(query, BENCH) is expected
    if expected and query.geo.bounds is not None:
        west, south, east, north = query.geo.bounds
        assert west <= 7.36 <= east and south <= 46.23 <= north


@pytest.mark.parametrize(
    "parameters",
    [
        {"id": "urn:ngsi-ld:Bench:1"},
        {"type": "Bench", "id": "nope"},
        {"type": "Bench", "idPattern": "("},
        {"type": "Bench", "limit": "-1"},
        {"type": "Bench", "limit": "0"},
        {"type": "Bench", "limit": "ten"},
        {"type": "Bench", "offset": "-2"},
        {"type": "Bench", "georel": "within"},
        {"type": "Bench", "georel": "above", "geometry": "Point", "coordinates": "[1,2]"},
        {"type": "Bench", "georel": "within", "geometry": "Point", "coordinates": "[1"},
        {"type": "Bench", "count": "yes"},
        {"type": "Bench", "orderBy": "name;sideways"},
        {"attrs": "a b"},
    ],
)
def test_clause_5_7_2_a_query_that_cannot_be_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(BadRequestData):
        read_query(parameters, core())


def test_clause_6_3_10_too_long_a_page_is_too_many_results() -> None:
    assert read_query({"type": "Bench", "limit": "1000"}, core()).limit == 1000
    assert read_query({"type": "Bench", "limit": "0", "count": "true"}, core()).limit == 0
    with pytest.raises(TooManyResults):
        read_query({"type": "Bench", "limit": "1001"}, core())


def test_clause_5_2_23_a_query_in_a_body() -> None:
    body = {"type": "Query", "entities": [{"type": "Tree"}, {"type": "Bench", "idPattern": "Bench:1$"}]}
    query, together = read_query_body({**body, "attrs": ["wear", "free"]}, {"limit": "3"}, core())
    assert matching.matches(query, BENCH) and query.limit == 3 and together["attrs"] == "wear,free"
    for bad in ([], {}, {"type": "Query", "entities": [{}]}, {"type": "Query", "attrs": [1]}):
        with pytest.raises(BadRequestData):
            read_query_body(bad, {}, core())


def test_clause_4_21_what_picks_only_attributes_means_entities_that_have_one() -> None:
    assert read_query({"type": "Bench", "pick": "wear"}, core()).attrs == (iri("wear"),)
    assert read_query({"type": "Bench", "pick": "id,wear"}, core()).attrs == ()


def bench(name: str, **attributes: Any) -> Document:
    return document(id=f"urn:ngsi-ld:Bench:{name}", **attributes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wear", "cab"),
        ("wear;desc", "acb"),
        ("id;desc", "cba"),
        ("wear.trust", "acb"),
        ("location;dist-asc", "bca"),
    ],
)
def test_clause_4_23_order(text: str, expected: str) -> None:
    benches = [
        bench("a", wear={"value": 2, "trust": 1}, location={"type": "Point", "coordinates": [9, 46]}),
        bench("b", location={"type": "Point", "coordinates": [7, 46]}),
        bench("c", wear={"value": 1, "trust": 3}, location={"type": "Point", "coordinates": [8, 46]}),
    ]
    order = ordering.read_order(text, core(), {"type": "Point", "coordinates": [7, 46]})
    assert "".join(one.id[-1] for one in ordering.sort_documents(benches, order)) == expected
