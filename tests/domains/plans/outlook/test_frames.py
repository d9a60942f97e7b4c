"""Ceilings of an organisation, of plans and of their axes: set, replaced, removed, by whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from belvedere.domains.access.models import Membership, Person
from belvedere.domains.access.public import Actor, Role, actor_of
from belvedere.domains.plans.public import outlook, plan_actions, vocabulary
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from tests.domains.plans.drafts import CHF, chf

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
INVESTMENT = vocabulary.Nature.INVESTMENT
VOTED = "Conseil général, 17.06.2025"


def frame(year: int, amount: object, **more: Any) -> outlook.FrameDraft:
    return outlook.FrameDraft(year, chf(amount), VOTED, date(2025, 6, 17), **more)


def put(valbelle: Any, *drafts: outlook.FrameDraft, actor: Actor = SYSTEM, owner: Any = None) -> None:
    outlook.set_frames(
        actor=actor,
        territory_id=valbelle.territory.pk,
        organisation_id=(owner or valbelle.montaigu).pk,
        drafts=drafts,
    )


def seen(valbelle: Any, actor: Actor = SYSTEM) -> Any:
    return outlook.frames(actor, valbelle.territory.pk, valbelle.montaigu.pk)


@pytest.fixture
def plan(valbelle: Any) -> Any:
    return plan_actions.create_plan(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code="PA5",
        title={"fr": "PA5"},
        money_kind=CHF,
    )


def test_a_ceiling_is_replaced_by_year_and_nature_and_the_others_stay(valbelle: Any) -> None:
    put(valbelle, frame(2027, 100), frame(2028, 200))
    first = seen(valbelle)[0].id
    put(valbelle, frame(2027, 150))
    assert [(one.year, one.ceiling, one.source) for one in seen(valbelle)] == [
        (2027, chf(150), VOTED),
        (2028, chf(200), VOTED),
    ]
    assert seen(valbelle)[0].id == first
    told = entries_of(("plans.frame", str(first))).rows
    assert [entry.verb for entry in told] == ["plans.set_frames", "plans.set_frames"]
    assert "100.00" in told[0].before["ceiling"]
    assert "150.00" in told[0].after["ceiling"]
    put(valbelle, frame(2027, 150))  # nothing new
    assert len(entries_of(("plans.frame", str(first))).rows) == 2


def test_plans_and_axes_have_ceilings_of_their_own(valbelle: Any, plan: Any) -> None:
    axis = plan_actions.add_node(actor=SYSTEM, plan_id=plan, code="1", title={"fr": "Mobilité"})
    put(valbelle, frame(2027, 100), frame(2027, 60, plan_id=plan), frame(2027, 20, node_id=axis))
    found = {(one.plan_id, one.node_id): one.ceiling for one in seen(valbelle)}
    assert found == {(None, None): chf(100), (plan, None): chf(60), (plan, axis): chf(20)}


def test_all_spending_beside_a_part_of_it_would_count_twice(valbelle: Any) -> None:
    put(valbelle, frame(2027, 100))
    with pytest.raises(InvalidInput):
        put(valbelle, frame(2027, 80, nature=INVESTMENT))
    put(valbelle, frame(2028, 80, nature=INVESTMENT), frame(2028, 9, nature=vocabulary.Nature.OPERATION))
    assert len(seen(valbelle)) == 3


def test_what_cannot_be_is_refused_whole(valbelle: Any, plan: Any) -> None:
    other = plan_actions.create_plan(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code="PA4",
        title={"fr": "PA4"},
        money_kind=CHF,
    )
    axis = plan_actions.add_node(actor=SYSTEM, plan_id=plan, code="1", title={"fr": "Mobilité"})
    with pytest.raises(InvalidInput):
        put(valbelle, frame(2027, 1), frame(2027, 2))
    with pytest.raises(InvalidInput):
        put(valbelle, frame(2027, 1), frame(2028, 2, plan_id=other, node_id=axis))
    with pytest.raises(InvalidInput):
        put(valbelle, frame(2027, 1), frame(2028, 2, plan_id=valbelle.body.pk))
    for bad in ({"year": 27}, {"amount": -1}):
        with pytest.raises(InvalidInput):
            frame(**{"year": 2027, "amount": 1, **bad})
    with pytest.raises(InvalidInput):
        outlook.FrameDraft(2027, chf(1), "  ")
    assert seen(valbelle) == ()


def test_a_ceiling_goes_and_the_journal_keeps_it(valbelle: Any) -> None:
    put(valbelle, frame(2027, 100))
    key = seen(valbelle)[0].id
    outlook.remove_frame(actor=SYSTEM, frame_id=key, reason="Saisie deux fois")
    assert seen(valbelle) == ()
    assert "100.00" in entries_of(("plans.frame", str(key))).rows[0].before["ceiling"]
    with pytest.raises(NotFound):
        outlook.remove_frame(actor=SYSTEM, frame_id=key)


def test_only_those_who_hold_the_money_of_the_organisation_set_its_ceilings(
    valbelle: Any, people: Any
) -> None:
    treasurer = Person.objects.create(email="treasurer@example.org", display_name="T", language="fr")
    Membership.objects.create(person=treasurer, organisation=valbelle.rochefort, role=Role.FINANCE)
    put(valbelle, frame(2027, 100), actor=people.actor("finance"))
    key = seen(valbelle)[0].id
    refused = [people.actor(name) for name in ("contributor", "reader", "office", "elected", "nobody")]
    for actor in (*refused, actor_of(treasurer), Actor.public()):
        with pytest.raises(Refused):
            put(valbelle, frame(2027, 1), actor=actor)
        with pytest.raises(Refused):
            outlook.remove_frame(actor=actor, frame_id=key)
    put(valbelle, frame(2027, 120), actor=people.actor("governor"))
    assert seen(valbelle)[0].ceiling == chf(120)


def test_ceilings_are_seen_by_the_people_its_bodies_and_the_elected(valbelle: Any, people: Any) -> None:
    for name in ("reader", "office", "elected", "governor"):
        assert seen(valbelle, people.actor(name)) == ()
    for name in ("neighbour", "stranger", "nobody"):
        with pytest.raises(Refused):
            seen(valbelle, people.actor(name))
