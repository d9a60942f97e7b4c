"""Dated links: what was in force when, whatever the order in which it was learnt."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.errors import AlreadyThere, OverlappingPeriods
from belvedere.domains.territory.public import (
    Level,
    OrganisationKind,
    add_place,
    create_organisation,
    join_body,
    leave_body,
    link_parent,
    members_of,
    open_territory,
    perimeter,
    places_of,
    places_within,
    set_perimeter,
    territory_by_slug,
)
from belvedere.kernel.errors import InvalidInput, Refused

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
START = date(2020, 1, 1)


def opened(slug: str = "vallee", **more: Any) -> Any:
    open_territory(actor=SYSTEM, slug=slug, names={"fr": slug.title()}, country="CH", currency="CHF", **more)
    return territory_by_slug(slug)


def place(territory: Any, name: str, **more: Any) -> Any:
    return add_place(
        actor=SYSTEM,
        territory_id=territory.id,
        names={"fr": name},
        level=more.pop("level", Level.COMMUNE),
        country="CH",
        **more,
    )


def test_a_place_belongs_from_the_first_day_and_no_more_from_the_last() -> None:
    territory = opened()
    place(territory, "Ancienne", period=(date(2021, 1, 1), date(2024, 1, 1)))
    place(territory, "Nouvelle", period=(date(2024, 1, 1), None))

    def names(day: date) -> list[str]:
        return [view.name for view in places_of(territory, day)]

    assert names(date(2020, 12, 31)) == []
    assert names(date(2021, 1, 1)) == names(date(2023, 12, 31)) == ["Ancienne"]
    assert names(date(2024, 1, 1)) == ["Nouvelle"]


def test_a_place_serves_two_territories() -> None:
    first, second = opened("rive-droite"), opened("rive-gauche")
    shared = place(first, "Pont")
    link_parent(actor=SYSTEM, territory_id=second.id, place_id=shared, parent_id=second.place_id)
    assert [v.id for v in places_of(first)] == [v.id for v in places_of(second)] == [shared]


def test_a_nested_territory_holds_what_its_place_holds() -> None:
    outer = opened("canton")
    district = place(outer, "District", level=Level.DEPARTMENT, codes={"BFS": "2301"})
    commune = place(outer, "Commune", parent_id=district)
    inner = opened("district", codes={"BFS": "2301"}, parent_id=outer.id)
    assert inner.place_id == district
    assert [v.id for v in places_of(inner)] == [commune]
    assert {v.id for v in places_of(outer)} == {district, commune}
    assert [v.id for v in places_of(outer, level=Level.COMMUNE)] == [commune]


def test_the_same_link_is_not_in_force_twice() -> None:
    territory = opened()
    child = place(territory, "A")
    with pytest.raises(OverlappingPeriods):
        link_parent(
            actor=SYSTEM,
            territory_id=territory.id,
            place_id=child,
            parent_id=territory.place_id,
            valid_from=START,
        )
    assert len(places_of(territory)) == 1


def test_a_place_does_not_lie_in_itself() -> None:
    territory = opened()
    child = place(territory, "A")
    with pytest.raises(InvalidInput):
        link_parent(actor=SYSTEM, territory_id=territory.id, place_id=territory.place_id, parent_id=child)


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(InvalidInput):
        place(opened(), "A", period=(date(2024, 1, 1), date(2024, 1, 1)))


def test_an_official_code_belongs_to_one_place() -> None:
    territory = opened()
    place(territory, "A", codes={"BFS": "6248"})
    with pytest.raises(AlreadyThere):
        place(territory, "B", codes={"bfs": "6248"})
    assert len(places_of(territory)) == 1


@pytest.mark.parametrize("slug", ["cockpit", "Val d’Anniviers", "", "a/b"])
def test_an_address_that_cannot_be_is_refused(slug: str) -> None:
    with pytest.raises(InvalidInput):
        opened(slug)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.tuples(st.integers(1, 400), st.frozensets(st.integers(0, 4), max_size=5)), min_size=1, max_size=6
    )
)
def test_a_perimeter_answers_what_was_decided_last_before_the_day(
    db: None, changes: list[tuple[int, frozenset[int]]]
) -> None:
    """Against a model: the decision with the latest day not after the one asked for."""
    from django.db import transaction

    with transaction.atomic():
        territory = opened()
        ids = [place(territory, f"Lieu {n}") for n in range(5)]
        body = create_organisation(
            actor=SYSTEM,
            territory_id=territory.id,
            kind=OrganisationKind.INTERCOMMUNAL,
            names={"fr": "Syndicat"},
        )
        model: dict[int, frozenset[int]] = {}
        for day, wanted in sorted(changes, key=lambda change: change[0]):
            set_perimeter(
                actor=SYSTEM,
                organisation_id=body,
                place_ids=[ids[n] for n in wanted],
                since=START + timedelta(days=day),
            )
            model[day] = wanted
        for asked in range(0, 420, 7):
            decided = [day for day in model if day <= asked]
            expected = {ids[n] for n in model[max(decided)]} if decided else set()
            assert {v.id for v in perimeter(body, START + timedelta(days=asked))} == expected
        transaction.set_rollback(True)


def test_the_perimeter_of_a_body_follows_its_place() -> None:
    territory = opened()
    place(territory, "A")
    place(territory, "B", period=(date(2024, 1, 1), None))
    body = create_organisation(
        actor=SYSTEM,
        territory_id=territory.id,
        kind=OrganisationKind.AGGLOMERATION,
        names={"fr": "Agglo"},
        place_ids=[territory.place_id],
    )
    assert len(perimeter(body, date(2023, 6, 1), Level.COMMUNE)) == 1
    assert len(perimeter(body, date(2024, 6, 1), Level.COMMUNE)) == 2


def test_members_come_and_go(valbelle: Any) -> None:
    join_body(actor=SYSTEM, body_id=valbelle.body.pk, member_id=valbelle.sautelet.pk, since=date(2025, 1, 1))
    body = frozenset({valbelle.body.pk})
    assert valbelle.sautelet.pk not in members_of(body, date(2024, 12, 31))
    assert valbelle.sautelet.pk in members_of(body, date(2025, 1, 1))
    leave_body(
        actor=SYSTEM, body_id=valbelle.body.pk, member_id=valbelle.sautelet.pk, on_day=date(2026, 1, 1)
    )
    assert valbelle.sautelet.pk in members_of(body, date(2025, 12, 31))
    assert valbelle.sautelet.pk not in members_of(body, date(2026, 1, 1))


def test_a_body_does_not_belong_to_its_member(valbelle: Any) -> None:
    with pytest.raises(InvalidInput):
        join_body(actor=SYSTEM, body_id=valbelle.montaigu.pk, member_id=valbelle.body.pk)


@pytest.mark.parametrize("name", ["lead", "administrator", "elected", "office", "nobody"])
def test_only_the_territorys_administrator_changes_it(valbelle: Any, people: Any, name: str) -> None:
    wanted = {
        "territory_id": valbelle.territory.pk,
        "kind": OrganisationKind.OPERATOR,
        "names": {"fr": "Les Cars du Val"},
    }
    with pytest.raises(Refused):
        create_organisation(actor=people.actor(name), **wanted)
    assert create_organisation(actor=people.actor("governor"), **wanted)


def test_an_administrator_does_not_change_the_neighbours_places(valbelle: Any, people: Any) -> None:
    other = opened("ailleurs")
    with pytest.raises(Refused):
        add_place(
            actor=people.actor("governor"),
            territory_id=valbelle.territory.pk,
            names={"fr": "Prise"},
            level=Level.COMMUNE,
            country="CH",
            parent_id=other.place_id,
        )
    assert places_within(other.place_id, START) == []


def test_only_the_machines_administrator_opens_a_territory(people: Any) -> None:
    with pytest.raises(Refused):
        open_territory(
            actor=people.actor("governor"), slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF"
        )
