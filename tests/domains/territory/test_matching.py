"""Finding what someone wrote among thousands of names."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.domains.territory.matching import Matcher
from belvedere.domains.territory.public import find_organisation, territory_by_slug


def matcher(*names: str, codes: dict[str, str] | None = None) -> Matcher:
    made = Matcher()
    for name in names:
        made.add(uuid4(), name, [name], [codes[name]] if codes and name in codes else [])
    return made


@pytest.mark.parametrize(
    "text", ["SAINT-LEONARD", "saint léonard", "  Saint–Léonard ", "Commune de Saint-Léonard"]
)
def test_the_same_name_written_otherwise_is_sure(text: str) -> None:
    [found] = matcher("Saint-Léonard", "Sion").find(text)
    assert (found.name, found.score, found.by) == ("Saint-Léonard", 1.0, "name")


def test_a_misspelt_name_is_proposed_not_taken() -> None:
    found = matcher("Montbéliard", "Audincourt", "Valentigney").find("Montbelliard")
    assert found[0].name == "Montbéliard"
    assert found[0].by == "likeness"
    assert 0.4 <= found[0].score < 1


def test_two_of_one_name_are_both_proposed_and_neither_is_sure() -> None:
    found = matcher("Saint-Martin", "Saint-Martin").find("Saint-Martin")
    assert [c.score for c in found] == [0.9, 0.9]


def test_the_code_wins_over_the_name() -> None:
    made = matcher("Sion", "Sierre", codes={"Sierre": "6248"})
    [found] = made.find("Sion", code="6248")
    assert (found.name, found.by) == ("Sierre", "code")
    [found] = made.find("6248")
    assert found.name == "Sierre"


@pytest.mark.parametrize("text", ["", "   ", "—", "zzzzzz qqqq"])
def test_nothing_like_it_is_no_candidate(text: str) -> None:
    assert matcher("Sion", "Sierre").find(text) == []


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=20), st.text(max_size=40))
def test_scores_are_shares_in_order(names: list[str], text: str) -> None:
    found = matcher(*names).find(text)
    scores = [c.score for c in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.4 <= score <= 1 for score in scores)


def test_among_thousands_each_is_found_and_nothing_is_indexed_twice() -> None:
    """A question looks only at names that share its letters; `bench/work.py` times it."""
    chance = random.Random(1)
    syllables = [consonant + vowel for consonant in "bcdflmnprstvz" for vowel in "aeiou"]
    words = ["".join(chance.choices(syllables, k=3)) for _n in range(3000)]
    names = list(dict.fromkeys("-".join(chance.choices(words, k=3)) for _n in range(16_500)))
    made = matcher(*names)
    for name in names[:300]:
        assert made.find(name[:-1] + "x")[0].name == name
    lists = dict(made._arrays)
    for name in names[:300]:
        assert made.find(name + "x")[0].name == name
    assert all(made._arrays[gram] is found for gram, found in lists.items())
    assert made.find(names[0] + "x")[0] is made.find(names[0] + "x")[0], "asked again, from memory"


@pytest.mark.django_db
def test_an_organisation_is_found_in_its_own_territory(valbelle: Any) -> None:
    territory = territory_by_slug("valbelle")
    [found, *_others] = find_organisation(territory, "commune de Montaigu")
    assert found.id == valbelle.montaigu.pk
    assert find_organisation(territory, "Paris") == []
