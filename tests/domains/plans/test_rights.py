"""Who may do what with measures: each refused person differs by one fact from one who may."""

from __future__ import annotations

from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import MeasureFilter, actions, money_actions, page, queries
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from tests.domains.plans.drafts import draft, estimate, full

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(valbelle: Any) -> Any:
    return actions.create_measure(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=full(valbelle.montaigu, valbelle.canton),
    )


@pytest.mark.parametrize("who", ["lead", "contributor", "administrator", "governor"])
def test_those_who_may_add_a_measure(who: str, people: Any, valbelle: Any) -> None:
    actions.create_measure(
        actor=people.actor(who), territory_id=valbelle.territory.pk, draft=draft(valbelle.montaigu)
    )


@pytest.mark.parametrize("who", ["reader", "finance", "neighbour", "office", "elected", "nobody"])
def test_those_who_may_not_add_a_measure(who: str, people: Any, valbelle: Any) -> None:
    with pytest.raises(Refused):
        actions.create_measure(
            actor=people.actor(who), territory_id=valbelle.territory.pk, draft=draft(valbelle.montaigu)
        )
    listed = queries.measure_rows(
        people.actor("governor"), valbelle.territory.pk, MeasureFilter(), language="fr"
    )
    assert listed.total == 0


def test_a_role_in_one_territory_does_not_open_another(people: Any, valbelle: Any) -> None:
    from belvedere.domains.territory.models import Territory

    other = Territory.objects.create(slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF")
    with pytest.raises(InvalidInput):
        actions.create_measure(
            actor=people.actor("lead"), territory_id=other.pk, draft=draft(valbelle.montaigu)
        )
    nested = Territory.objects.create(
        slug="dedans", names={"fr": "Dedans"}, country="CH", currency="CHF", parent=valbelle.territory
    )
    actions.create_measure(actor=people.actor("lead"), territory_id=nested.pk, draft=draft(valbelle.montaigu))


def test_a_contributor_does_not_publish_while_adding(people: Any, valbelle: Any) -> None:
    with pytest.raises(Refused):
        actions.create_measure(
            actor=people.actor("contributor"),
            territory_id=valbelle.territory.pk,
            draft=draft(valbelle.montaigu, published=True),
        )


@pytest.mark.parametrize("who", ["lead", "contributor", "reader", "finance", "office", "elected", "governor"])
def test_those_who_see_an_unpublished_measure(who: str, people: Any, measure: Any) -> None:
    assert page.measure_page(people.actor(who), measure, language="fr").id == measure


@pytest.mark.parametrize("who", ["neighbour", "stranger", "nobody"])
def test_those_who_do_not_even_know_of_it(who: str, people: Any, measure: Any, valbelle: Any) -> None:
    actor = people.actor(who)
    with pytest.raises(NotFound):
        page.measure_page(actor, measure, language="fr")
    assert queries.measure_rows(actor, valbelle.territory.pk, MeasureFilter(), language="fr").total == 0
    assert queries.measure_row(actor, measure, language="fr") is None
    with pytest.raises(NotFound):
        actions.edit_measure(actor=actor, measure_id=measure, version=None, title={"fr": "Pris"})


def test_the_public_sees_a_measure_once_it_is_published(people: Any, measure: Any, valbelle: Any) -> None:
    public = Actor.public()
    with pytest.raises(NotFound):
        page.measure_page(public, measure, language="fr")
    actions.publish_measure(actor=people.actor("lead"), measure_id=measure, version=None, published=True)
    seen = page.measure_page(public, measure, language="fr")
    assert seen.may == frozenset()
    with pytest.raises(Refused):
        actions.edit_measure(actor=public, measure_id=measure, version=None, title={"fr": "Pris"})


def test_a_body_reads_its_members_and_does_not_write(people: Any, measure: Any) -> None:
    with pytest.raises(Refused):
        actions.edit_measure(
            actor=people.actor("office"), measure_id=measure, version=None, title={"fr": "X"}
        )


@pytest.mark.parametrize(
    ("who", "allowed"), [("finance", True), ("lead", True), ("contributor", False), ("reader", False)]
)
def test_amounts_are_for_managers_and_finance(who: str, allowed: bool, people: Any, measure: Any) -> None:
    def act() -> None:
        money_actions.record_estimate(
            actor=people.actor(who),
            measure_id=measure,
            version=None,
            draft=estimate("1200"),
            reason="Offre rentrée",
        )

    if allowed:
        act()
    else:
        with pytest.raises(Refused):
            act()
    assert page.measure_page(people.actor("governor"), measure, language="fr").cost.amount == (
        1200 if allowed else 1000
    )  # type: ignore[union-attr]


def test_a_reading_token_does_not_write(people: Any, measure: Any) -> None:
    from dataclasses import replace

    reading = replace(people.actor("lead"), scopes=frozenset({"read"}))
    with pytest.raises(Refused):
        actions.edit_measure(actor=reading, measure_id=measure, version=None, title={"fr": "X"})


@pytest.mark.parametrize(("who", "allowed"), [("lead", True), ("contributor", False), ("finance", False)])
def test_publishing_is_for_managers(who: str, allowed: bool, people: Any, measure: Any) -> None:
    if allowed:
        actions.publish_measure(actor=people.actor(who), measure_id=measure, version=None, published=True)
    else:
        with pytest.raises(Refused):
            actions.publish_measure(actor=people.actor(who), measure_id=measure, version=None, published=True)
