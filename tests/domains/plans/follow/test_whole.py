"""What is followed, recorded in one act: whole or not at all, by who may change the measure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.public import actions, follow
from belvedere.domains.plans.vocabulary import ActorRole
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from tests.domains.plans.drafts import full
from tests.domains.plans.follow.test_parts import ACTOR, DECISION, MILESTONE, QUANTITY, RISK, journal, see

pytestmark = pytest.mark.django_db
WHOLE = follow.FollowDraft((ACTOR,), (MILESTONE,), (QUANTITY,), (RISK,), (DECISION,))


def record(actor: Actor, measure: UUID, draft: follow.FollowDraft) -> None:
    follow.record_follow_up(actor=actor, measure_id=measure, version=None, draft=draft)


@pytest.mark.parametrize(
    ("who", "outcome"),
    [("lead", None), ("contributor", None), ("finance", Refused), ("neighbour", NotFound)],
)
def test_who_may(who: str, outcome: Any, people: Any, street: UUID) -> None:
    if outcome is not None:
        with pytest.raises(outcome):
            record(people.actor(who), street, WHOLE)
        return
    record(people.actor(who), street, WHOLE)
    found = see(people.actor(who), street)
    kept = (found.actors, found.milestones, found.quantities, found.risks, found.decisions)
    assert [len(part) for part in kept] == [1, 1, 1, 1, 1]
    assert journal(street).verb == "plans.record_follow_up"
    assert journal(street).after["milestone"] == {"value": 1}
    assert "Favre" not in str(journal(street).after), "the journal cannot forget a name"


def test_an_indicator_comes_with_its_values_once(valbelle: Any, street: UUID) -> None:
    indicator = follow.define_indicator(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=follow.IndicatorDraft({"fr": "Vélos par jour"}, "vélos/jour"),
    )
    effect = follow.EffectDraft(indicator, baseline=Decimal(400), target=Decimal(900))
    value = follow.IndicatorValueDraft(date(2026, 6, 30), Decimal(520))
    draft = follow.FollowDraft(effects=((effect, (value,)),))
    record(Actor.system(), street, draft)
    with pytest.raises(AlreadyThere):
        record(Actor.system(), street, draft)
    found = see(Actor.system(), street).effects
    assert [len(one.values) for one in found] == [1]


@pytest.mark.parametrize(
    "draft",
    [
        follow.FollowDraft((follow.ActorDraft(ActorRole.PARTNER, uuid4()),), (MILESTONE,)),
        follow.FollowDraft((follow.ActorDraft(ActorRole.PARTNER, person_id=uuid4()),), (MILESTONE,)),
        follow.FollowDraft(milestones=(MILESTONE,), effects=((follow.EffectDraft(987_654),()),)),
    ],
    ids=["organisation", "person", "indicator"],
)  # fmt: skip
def test_what_is_not_known_here_keeps_nothing(draft: follow.FollowDraft, street: UUID) -> None:
    with pytest.raises(InvalidInput):
        record(Actor.system(), street, draft)
    assert not see(Actor.system(), street).milestones


def test_a_new_measure_may_name_its_pilot(valbelle: Any) -> None:
    made = [
        actions.create_measure(
            actor=Actor.system(),
            territory_id=valbelle.territory.pk,
            draft=full(valbelle.montaigu, valbelle.canton, title="Rue Neuve", pilot_id=valbelle.body.pk),
        )
    ]
    assert [actor.role for actor in see(Actor.system(), made[0]).actors] == [ActorRole.PILOT]
    with pytest.raises(InvalidInput, match="pilot"):
        actions.create_measure(
            actor=Actor.system(),
            territory_id=valbelle.territory.pk,
            draft=full(valbelle.montaigu, valbelle.canton, title="Rue Basse", pilot_id=uuid4()),
        )
