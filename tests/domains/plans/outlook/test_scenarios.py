"""Scenarios: saved under a name, opened again as they were, never over another's change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from belvedere.domains.access.models import Membership, Person
from belvedere.domains.access.public import Actor, Role, actor_of
from belvedere.domains.plans.public import actions, outlook
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused
from tests.domains.plans.drafts import full

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def measure(valbelle: Any) -> Any:
    made = full(valbelle.montaigu, valbelle.canton)
    return actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)


def slip(measure: Any, years: int = 3, **more: Any) -> outlook.Adjustments:
    return outlook.Adjustments({measure: outlook.Change(years, Decimal("0.08"))}, **more)


def save(valbelle: Any, adjustments: Any, name: str = "Prudent", actor: Actor = SYSTEM, **more: Any) -> Any:
    return outlook.save_scenario(
        actor=actor,
        territory_id=valbelle.territory.pk,
        organisation_id=valbelle.montaigu.pk,
        draft=outlook.ScenarioDraft(name, adjustments),
        **more,
    )


def seen(valbelle: Any, actor: Actor = SYSTEM, **more: Any) -> Any:
    return outlook.scenarios_of(actor, valbelle.territory.pk, valbelle.montaigu.pk, **more)


def test_a_scenario_opens_as_it_was_saved(valbelle: Any, measure: Any) -> None:
    wanted = slip(
        measure, leavers=frozenset({valbelle.canton.pk}), general=outlook.Change(1, Decimal("-0.05"))
    )
    key = save(valbelle, wanted)
    (found,) = seen(valbelle)
    assert (found.id, found.name, found.version, found.adjustments) == (key, "Prudent", 1, wanted)
    assert outlook.scenario(SYSTEM, key) == found


def test_saving_again_replaces_all_of_it_with_its_version(valbelle: Any, measure: Any) -> None:
    key = save(valbelle, slip(measure, leavers=frozenset({valbelle.canton.pk})))
    assert save(valbelle, slip(measure, 2), scenario_id=key, version=1) == key
    (found,) = seen(valbelle)
    assert (found.version, found.adjustments) == (2, slip(measure, 2))
    with pytest.raises(Conflict):
        save(valbelle, slip(measure, 5), scenario_id=key, version=1)
    assert seen(valbelle)[0].adjustments == slip(measure, 2)
    save(valbelle, slip(measure, 2), scenario_id=key, version=2)  # nothing new
    told = entries_of(("plans.scenario", str(key))).rows
    assert len(told) == 2
    assert told[0].before["changes"][str(measure)].startswith("+3")
    assert told[0].after["changes"][str(measure)].startswith("+2")


def test_a_name_stands_once_until_its_scenario_is_put_away(valbelle: Any, measure: Any) -> None:
    key = save(valbelle, slip(measure))
    with pytest.raises(Conflict):
        save(valbelle, slip(measure, 1), name=" Prudent ")
    outlook.archive_scenario(actor=SYSTEM, scenario_id=key, version=1)
    assert seen(valbelle) == ()
    assert [one.id for one in seen(valbelle, archived=True)] == [key]
    save(valbelle, slip(measure, 1))
    with pytest.raises(NotFound):
        save(valbelle, slip(measure, 1), scenario_id=key, version=2)


def test_what_a_scenario_cannot_hold(valbelle: Any, measure: Any) -> None:
    other = actions.create_measure(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        draft=full(valbelle.rochefort, valbelle.canton, title="Pont"),
    )
    paid = actions.create_measure(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        draft=full(valbelle.rochefort, valbelle.montaigu, title="Gare"),
    )
    with pytest.raises(InvalidInput):
        outlook.ScenarioDraft("Vide", outlook.Adjustments({measure: outlook.Change()}))
    with pytest.raises(InvalidInput):
        outlook.ScenarioDraft("  ", slip(measure))
    with pytest.raises(InvalidInput):
        save(valbelle, slip(other))
    with pytest.raises(InvalidInput):
        save(valbelle, slip(measure, leavers=frozenset({valbelle.montaigu.pk})))
    with pytest.raises(InvalidInput):
        save(valbelle, slip(measure, leavers=frozenset({uuid4()})))
    save(valbelle, slip(paid))  # it pays a part of this one


def test_contributors_make_scenarios_and_managers_put_them_away(
    valbelle: Any, people: Any, measure: Any
) -> None:
    contributor = people.actor("contributor")
    key = save(valbelle, slip(measure), actor=contributor)
    assert seen(valbelle, contributor)[0].may == {"make_scenario"}
    with pytest.raises(Refused):
        outlook.archive_scenario(actor=contributor, scenario_id=key, version=1)
    next_door = Person.objects.create(email="next@example.org", display_name="N", language="fr")
    Membership.objects.create(person=next_door, organisation=valbelle.rochefort, role=Role.CONTRIBUTOR)
    refused = [people.actor(name) for name in ("reader", "office", "elected", "nobody")]
    for actor in (*refused, actor_of(next_door)):
        with pytest.raises(Refused):
            save(valbelle, slip(measure, 1), name="Autre", actor=actor)
    for actor in (people.actor("neighbour"), actor_of(next_door), Actor.public()):
        with pytest.raises(Refused):
            outlook.scenario(actor, key)
        with pytest.raises(Refused):
            seen(valbelle, actor)
    outlook.archive_scenario(actor=people.actor("finance"), scenario_id=key, version=1)


def test_a_scenario_of_another_organisation_is_not_taken_over(
    valbelle: Any, people: Any, measure: Any
) -> None:
    key = save(valbelle, slip(measure))
    paid = actions.create_measure(
        actor=SYSTEM, territory_id=valbelle.territory.pk, draft=full(valbelle.rochefort, valbelle.canton)
    )
    with pytest.raises(NotFound):
        outlook.save_scenario(
            actor=people.actor("neighbour"),
            territory_id=valbelle.territory.pk,
            organisation_id=valbelle.rochefort.pk,
            draft=outlook.ScenarioDraft("Prudent", slip(paid)),
            scenario_id=key,
            version=1,
        )
