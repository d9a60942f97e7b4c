"""A programme handed in and reviewed whole: by who holds the plan, on measures he sees, all or nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import ImpossibleTransition, NoSuchListing
from belvedere.domains.plans.models import MeasureFigures, PlanMembership
from belvedere.domains.plans.public import (
    actions,
    listing_actions,
    money_actions,
    programme_actions,
    states,
    values,
)
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import InvalidInput, Refused
from belvedere.kernel.paging import Window
from tests.domains.plans.drafts import chf, full
from tests.domains.plans.test_listings import listed, programme

pytestmark = pytest.mark.django_db
A, B = states.Priority.A, states.Priority.B
AGREEMENT = states.Agreement


@pytest.fixture
def two(valbelle: Any) -> tuple[UUID, UUID]:
    """A measure of Montaigu and one of Rochefort, neither published."""
    made = actions.create_measures(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        drafts=[
            full(valbelle.montaigu, valbelle.canton, phase="2"),
            full(valbelle.rochefort, valbelle.canton, title="Gare", phase="2"),
        ],
    )
    return made[0], made[1]


def stands(measure: UUID) -> tuple[str, str]:
    row = PlanMembership.objects.get(measure=measure)
    return row.agreement, row.assessed_priority


@pytest.mark.parametrize(("who", "refused"), [("office", False), ("governor", False), ("lead", True)])
def test_who_holds_the_plan_hands_it_in(
    who: str, refused: bool, people: Any, valbelle: Any, two: tuple[UUID, UUID]
) -> None:
    plan = programme(valbelle, 5)
    listed(Actor.system(), two[0], plan, code="M-1", priority=A)
    if refused:
        with pytest.raises(Refused):
            programme_actions.hand_in_programme(actor=people.actor(who), plan_id=plan)
        assert stands(two[0])[0] == AGREEMENT.NOT_LISTED
        return
    assert programme_actions.hand_in_programme(actor=people.actor(who), plan_id=plan) == 1
    assert stands(two[0])[0] == AGREEMENT.PROPOSED
    assert programme_actions.hand_in_programme(actor=people.actor(who), plan_id=plan) == 0, "only once"
    told = entries_of(("plans.measure", str(two[0])), Window(0, 10)).rows[0]
    assert told.verb == "plans.hand_in_programme"


def test_the_review_gives_its_priorities_all_or_none(valbelle: Any, two: tuple[UUID, UUID]) -> None:
    plan = programme(valbelle, 5)
    listed(Actor.system(), two[0], plan, code="M-1", priority=A)
    review = programme_actions.record_review
    with pytest.raises(ImpossibleTransition):
        review(actor=Actor.system(), plan_id=plan, priorities={two[0]: B})
    programme_actions.hand_in_programme(actor=Actor.system(), plan_id=plan)
    with pytest.raises(NoSuchListing):
        review(actor=Actor.system(), plan_id=plan, priorities={two[0]: B, two[1]: A})
    with pytest.raises(InvalidInput):
        review(actor=Actor.system(), plan_id=plan, priorities={two[0]: states.Priority.NONE})
    assert stands(two[0]) == (AGREEMENT.PROPOSED, "")
    assert review(actor=Actor.system(), plan_id=plan, priorities={two[0]: B}) == 1
    assert stands(two[0]) == (AGREEMENT.ASSESSED, "B")


def test_what_went_further_is_not_reviewed_again(valbelle: Any, two: tuple[UUID, UUID]) -> None:
    plan = programme(valbelle, 5)
    listing = listed(Actor.system(), two[0], plan, code="M-1", priority=A)
    programme_actions.hand_in_programme(actor=Actor.system(), plan_id=plan)
    programme_actions.record_review(actor=Actor.system(), plan_id=plan, priorities={two[0]: A})
    listing_actions.move_agreement(
        actor=Actor.system(),
        measure_id=two[0],
        version=None,
        listing_id=listing,
        to=AGREEMENT.IN_AGREEMENT,
        agreement_number="5.1",
    )
    with pytest.raises(ImpossibleTransition):
        programme_actions.record_review(actor=Actor.system(), plan_id=plan, priorities={two[0]: B})
    assert stands(two[0]) == (AGREEMENT.IN_AGREEMENT, "A")


def test_what_is_done_at_once_is_derived_at_its_end(valbelle: Any, two: tuple[UUID, UUID]) -> None:
    def cost() -> Any:
        return MeasureFigures.objects.get(measure=two[0]).cost

    def estimate(amount: str) -> None:
        money_actions.record_estimate(
            actor=Actor.system(),
            measure_id=two[0],
            version=None,
            draft=values.EstimateDraft(chf(amount), date(2026, 5, 4)),
            reason="Offre",
        )

    before = cost()
    with actions.at_once():
        estimate("2000.00")
        with actions.at_once():
            estimate("3000.00")
        assert cost() == before
    assert cost() == Decimal(3000)
    with pytest.raises(InvalidInput), actions.at_once():
        estimate("4000.00")
        raise InvalidInput("no")
    assert cost() == Decimal(3000)
    estimate("5000.00")
    assert cost() == Decimal(5000), "alone again, at once"
