"""Things found by the bands of their numbers and by their type: nothing is missed, and all in its order."""

from __future__ import annotations

import math
import random
import time
from typing import Any

import pytest
from django.db import connection

from belvedere.domains.access.public import Actor
from belvedere.domains.context.public import create_entity
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin.documents import finding, scarcity
from belvedere.domains.twin.documents.bands import GREATEST, NEAR_ZERO, band, highest, lowest
from belvedere.domains.twin.public import find_things
from belvedere.engines import wire
from belvedere.kernel.audiences import Audience
from belvedere.standards.ngsi_ld.asking.matching import matches
from belvedere.standards.ngsi_ld.asking.parsing import read_query
from belvedere.standards.ngsi_ld.contexts import core
from belvedere.standards.ngsi_ld.reading import read_entity

pytestmark = pytest.mark.django_db
EDGES = [0.0, NEAR_ZERO, 1.0, 2.0**0.0625, 64.0, 99.0, 100.0, 1e300, GREATEST]
_BAND = "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'twin_attribute'::regclass"


def test_what_is_greater_is_in_no_lower_band_and_postgresql_counts_alike() -> None:
    chance = random.Random(6)
    some = [chance.choice((-1, 1)) * 10 ** chance.uniform(-7, 12) for _ in range(2_000)]
    some += [turn * one for one in EDGES for turn in (-1, 1)]
    some += [math.nextafter(one, end) for one in EDGES for end in (0, -1, 1)]
    some.sort()
    with connection.cursor() as cursor:
        cursor.execute(f"{_BAND} AND pg_get_expr(adbin, adrelid) ~ 'sign'")
        (told,) = cursor.fetchone()
        cursor.execute(
            f"SELECT ({told}) FROM unnest(%s::float8[]) WITH ORDINALITY AS n (number, place),"
            " (SELECT NULL::jsonb AS value) v ORDER BY n.place",
            [some],
        )
        found = [line[0] for line in cursor.fetchall()]
    assert sorted(found) == found
    for number, there in zip(some, found, strict=True):
        assert lowest(number) <= there <= highest(number)
        assert highest(number) - lowest(number) <= 1
        assert abs(there - band(number)) <= 1


QUESTIONS = [
    *(
        "level>40",
        "level>=39",
        "level<-2",
        "level==7",
        "level==3..9",
        "level==1,2",
        "level>1000",
        "level<1000",
    ),
    *('level>30;kind=="odd"', 'kind=="odd";level<=2', "level>38|level<0", "level==9007199254740993", "level"),
    *("level!=7", "size>3"),
]


@pytest.mark.parametrize("few", [5_000, 3], ids=["few", "too many"])
def test_few_that_fit_are_all_found(valbelle: Any, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    territory = territory_by_slug("valbelle")
    documents = []
    for number in range(60):
        level: Any = (number * 7) % 45 - 3
        level = {11: [level, 41], 23: 9007199254740993, 31: "high", 37: True}.get(number, level)
        told = {"level": {"type": "Property", "value": level}, "kind": "odd" if number % 2 else "even"}
        if number == 50:
            told["size"] = 4
        documents.append(read_entity({"id": f"urn:ngsi-ld:Gauge:{number}", "type": "Gauge", **told}, core()))
        create_entity(
            actor=Actor.system("test"),
            territory=territory,
            document=documents[-1],
            owner_id=valbelle.montaigu.pk,
        )
    monkeypatch.setattr(finding, "WALKS", (4, 8))
    monkeypatch.setattr(finding, "SOME", 2)
    monkeypatch.setattr(finding, "MOST_FEW", few)
    everything = Audience(everything=True)
    # Asked again, where few were found is known before.
    for text in [*QUESTIONS, *QUESTIONS]:
        query = read_query({"type": "Gauge", "q": text, "limit": "100", "count": "true"}, core())
        wanted = [one.id for one in documents if matches(query, one)]
        found = find_things(everything, territory.id, query)
        assert [one.id for one in found.documents] == wanted, text
        assert found.count == len(wanted), text


def test_things_of_a_type_come_in_the_order_of_their_making(valbelle: Any) -> None:
    territory = territory_by_slug("valbelle")
    types = [
        ["Gauge"],
        ["Tree"],
        ["Gauge", "Tree"],
        ["Tree"],
        ["Bench", "Gauge"],
        ["Gauge"],
        ["Tree", "Bench"],
    ]
    for number, some in enumerate(types):
        document = read_entity({"id": f"urn:ngsi-ld:Thing:{number}", "type": some}, core())
        create_entity(
            actor=Actor.system("test"),
            territory=territory,
            document=document,
            owner_id=valbelle.montaigu.pk,
        )
    for name in ("Gauge", "Tree", "Bench"):
        wanted = [f"urn:ngsi-ld:Thing:{number}" for number, some in enumerate(types) if name in some]
        told: list[str] = []
        while len(told) < len(wanted):
            asked = {"type": name, "limit": "2", "offset": str(len(told)), "count": "true"}
            found = find_things(Audience(everything=True), territory.id, read_query(asked, core()))
            assert found.count == len(wanted)
            told += [one.id for one in found.documents]
        assert told == wanted


def test_what_few_say_is_known_of_narrower_spans_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scarcity, "_known", {})
    above = [("level", [(30.0, math.inf)])]
    scarcity.note(("here",), above)
    assert scarcity.is_known(("here",), above)
    assert scarcity.is_known(("here",), [("level", [(31.0, 40.0), (50.0, 60.0)])])
    assert not scarcity.is_known(("here",), [("level", [(29.0, math.inf)])])
    assert not scarcity.is_known(("here",), [("size", [(31.0, math.inf)])])
    assert not scarcity.is_known(("there",), above)
    scarcity.note(("here",), [("level", [(35.0, 36.0)])])  # the wider one stays
    assert scarcity.is_known(("here",), above)
    monkeypatch.setattr(time, "monotonic", lambda: math.inf)
    assert not scarcity.is_known(("here",), above)


def test_a_question_that_comes_again_is_prepared_and_old_ones_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_ASKED", 3)
    for turn in range(4):
        for text in ("a", "b"):
            assert wire.ask(f"SELECT $1 || '{text}'", ["x" * turn], again=True) == [
                b"x" * turn + text.encode()
            ]
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'asked%'"
    before = int(wire.ask(kept, [])[0])
    for number in range(10):
        for _twice in range(2):
            assert wire.ask(f"SELECT $1 || '{number}'", ["y"], again=True) == [b"y%d" % number]
    assert before >= 2
    assert int(wire.ask(kept, [])[0]) <= 4
