"""Actors, milestones, quantities, risks, decisions: kept, changed, taken away, by who may and as is sound."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import ChangedMeanwhile
from belvedere.domains.plans.models import Measure, MeasureFigures
from belvedere.domains.plans.public import follow, page
from belvedere.domains.plans.vocabulary import (
    ActorRole,
    DecisionType,
    MilestoneType,
    QuantityUnit,
    RiskKind,
)
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from belvedere.kernel.paging import Window
from tests.domains.plans.drafts import chf

pytestmark = pytest.mark.django_db
MILESTONE = follow.MilestoneDraft(MilestoneType.PERMIT, planned=date(2027, 3, 1))
RISK = follow.RiskDraft(RiskKind.OBJECTION, {"fr": "Oppositions des riverains"}, 4, 3)
QUANTITY = follow.QuantityDraft(QuantityUnit.METRE, Decimal("850"))
DECISION = follow.DecisionDraft(
    DecisionType.CREDIT, "Conseil général", date(2026, 5, 4), amount=chf("1000.00")
)
ACTOR = follow.ActorDraft(ActorRole.CONTACT, label="Jeanne Favre")


def see(actor: Actor, measure: UUID) -> follow.Followed:
    return follow.followed(actor, measure, "fr")


def journal(measure: UUID) -> Any:
    return entries_of(("plans.measure", str(measure)), Window(0, 10)).rows[0]


EVERY = [
    (follow.set_actor, ACTOR), (follow.set_milestone, MILESTONE), (follow.set_quantity, QUANTITY),
    (follow.set_risk, RISK), (follow.set_decision, DECISION),
]  # fmt: skip
REMOVES: dict[Any, tuple[Any, str]] = {
    follow.set_actor: (follow.remove_actor, "actors"),
    follow.set_milestone: (follow.remove_milestone, "milestones"),
    follow.set_quantity: (follow.remove_quantity, "quantities"),
    follow.set_risk: (follow.remove_risk, "risks"),
    follow.set_decision: (follow.remove_decision, "decisions"),
}


@pytest.mark.parametrize(("verb", "draft"), EVERY)
def test_an_entry_is_added_kept_and_taken_away(verb: Any, draft: Any, people: Any, street: UUID) -> None:
    actor = people.actor("contributor")
    remove, part = REMOVES[verb]
    made = verb(actor=actor, measure_id=street, version=1, draft=draft)
    assert [item.id for item in getattr(see(actor, street), part)] == [made]
    assert see(actor, street).version == 2
    # the same again is no change: no version, no entry
    verb(actor=actor, measure_id=street, version=2, draft=draft, item_id=made)
    assert see(actor, street).version == 2
    with pytest.raises(ChangedMeanwhile):
        remove(actor=actor, measure_id=street, version=1, item_id=made)
    remove(actor=actor, measure_id=street, version=2, item_id=made)
    assert getattr(see(actor, street), part) == ()
    assert journal(street).before  # what it said stays there
    with pytest.raises(NotFound):
        remove(actor=actor, measure_id=street, version=3, item_id=made)


@pytest.mark.parametrize(("verb", "draft"), EVERY)
@pytest.mark.parametrize("who", ["reader", "finance", "office", "elected"])
def test_those_who_see_it_but_may_not_write(
    who: str, verb: Any, draft: Any, people: Any, street: UUID
) -> None:
    with pytest.raises(Refused):
        verb(actor=people.actor(who), measure_id=street, version=1, draft=draft)
    assert Measure.objects.get(pk=street).version == 1


@pytest.mark.parametrize(("verb", "draft"), EVERY)
@pytest.mark.parametrize("who", ["neighbour", "stranger", "nobody"])
def test_those_who_may_not_know_of_it(who: str, verb: Any, draft: Any, people: Any, street: UUID) -> None:
    with pytest.raises(NotFound):
        verb(actor=people.actor(who), measure_id=street, version=1, draft=draft)
    with pytest.raises(NotFound):
        see(people.actor(who), street)


@pytest.mark.parametrize(("verb", "draft"), EVERY)
def test_an_entry_of_another_measure_is_not_touched(
    verb: Any, draft: Any, people: Any, street: UUID, bridge: UUID
) -> None:
    lead = people.actor("lead")
    made = verb(actor=lead, measure_id=street, version=1, draft=draft)
    remove, part = REMOVES[verb]
    with pytest.raises(NotFound):
        remove(actor=lead, measure_id=bridge, version=1, item_id=made)
    with pytest.raises(NotFound):
        verb(actor=lead, measure_id=bridge, version=1, draft=draft, item_id=made)
    assert len(getattr(see(lead, street), part)) == 1


def test_outsiders_of_a_published_measure_see_less(people: Any, valbelle: Any, bridge: UUID) -> None:
    lead = people.actor("lead")
    for verb, draft in EVERY:
        verb(actor=lead, measure_id=bridge, version=None, draft=draft)
    body = follow.ActorDraft(
        ActorRole.PARTNER, organisation_id=valbelle.canton.pk, label="Service des routes"
    )
    follow.set_actor(actor=lead, measure_id=bridge, version=None, draft=body)
    for outsider in (people.actor("neighbour"), Actor.public()):
        seen = see(outsider, bridge)
        assert not seen.inside and not seen.may_edit
        assert seen.risks == () and seen.decisions == ()
        assert [(actor.organisation, actor.name, actor.label) for actor in seen.actors] == [
            ("Canton", "", "")
        ]
        assert len(seen.milestones) == 1 and len(seen.quantities) == 1
    inside = see(people.actor("reader"), bridge)
    assert inside.inside and not inside.may_edit
    assert {actor.name for actor in inside.actors} == {"Jeanne Favre", "Service des routes"}
    assert len(inside.risks) == 1 and len(inside.decisions) == 1


def test_a_person_is_shown_by_their_own_name_and_never_in_the_journal(people: Any, street: UUID) -> None:
    draft = follow.ActorDraft(ActorRole.PILOT, person_id=people.finance.pk)
    follow.set_actor(actor=people.actor("lead"), measure_id=street, version=1, draft=draft)
    follow.set_actor(actor=people.actor("lead"), measure_id=street, version=2, draft=ACTOR)
    assert {actor.name for actor in see(people.actor("lead"), street).actors} == {"Finance", "Jeanne Favre"}
    told = str([entry.after for entry in entries_of(("plans.measure", str(street)), Window(0, 9)).rows])
    assert "Favre" not in told and str(people.finance.pk) not in told


def test_an_actor_must_be_someone_here(people: Any, valbelle: Any, street: UUID) -> None:
    from belvedere.domains.territory.models import Organisation, Territory

    elsewhere = Territory.objects.create(slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF")
    other = Organisation.objects.create(territory=elsewhere, kind="commune", names={"fr": "X"}, search="x")
    for wrong in (
        follow.ActorDraft(ActorRole.PARTNER, organisation_id=other.pk),
        follow.ActorDraft(ActorRole.PILOT, person_id=uuid4()),
    ):
        with pytest.raises(InvalidInput):
            follow.set_actor(actor=people.actor("lead"), measure_id=street, version=1, draft=wrong)
    assert see(people.actor("lead"), street).actors == ()


def test_who_plays_a_part_now_comes_first(people: Any, street: UUID) -> None:
    lead = people.actor("lead")
    for label, since, until in (
        ("Ancienne", None, date(2026, 6, 30)),
        ("Présente", date(2026, 7, 1), None),
        ("Future", date(2027, 1, 1), None),
    ):
        draft = follow.ActorDraft(ActorRole.PILOT, label=label, since=since, until=until)
        follow.set_actor(actor=lead, measure_id=street, version=None, draft=draft)
    with standing_at(datetime(2026, 7, 1, 12, tzinfo=UTC)):
        seen = see(lead, street).actors
    assert [(actor.name, actor.present) for actor in seen] == [
        ("Présente", True), ("Ancienne", False), ("Future", False),
    ]  # fmt: skip


def test_a_milestone_is_late_the_day_after_it_was_awaited(people: Any, street: UUID) -> None:
    lead = people.actor("lead")
    draft = follow.MilestoneDraft(MilestoneType.START, planned=date(2026, 9, 1), forecast=date(2026, 10, 1))
    made = follow.set_milestone(actor=lead, measure_id=street, version=1, draft=draft)
    with standing_at(datetime(2026, 10, 1, 12, tzinfo=UTC)):
        assert see(lead, street).late == ()
    with standing_at(datetime(2026, 10, 2, 12, tzinfo=UTC)):
        (late,) = see(lead, street).late
        assert late.id == made and late.slip_days == 30
        came = follow.MilestoneDraft(
            MilestoneType.START,
            planned=date(2026, 9, 1),
            forecast=date(2026, 10, 1),
            actual=date(2026, 10, 2),
        )
        follow.set_milestone(actor=lead, measure_id=street, version=2, draft=came, item_id=made)
        assert see(lead, street).late == ()
        assert see(lead, street).milestones[0].slip_days == 31


def test_open_risks_come_first_by_their_weight(people: Any, street: UUID) -> None:
    lead = people.actor("lead")
    for text, probability, impact, closed in (
        ("petit", 1, 2, None), ("clos", 5, 5, date(2026, 1, 1)), ("grand", 4, 4, None),
    ):  # fmt: skip
        draft = follow.RiskDraft(RiskKind.COST, {"fr": text}, probability, impact, closed_on=closed)
        follow.set_risk(actor=lead, measure_id=street, version=None, draft=draft)
    seen = see(lead, street).risks
    assert [(risk.description.text, risk.weight) for risk in seen] == [
        ("grand", 16), ("petit", 2), ("clos", 25),
    ]  # fmt: skip


def test_a_text_is_shown_in_another_language_and_says_so(people: Any, street: UUID) -> None:
    follow.set_risk(actor=people.actor("lead"), measure_id=street, version=1, draft=RISK)
    said = follow.followed(people.actor("lead"), street, "de").risks[0].description
    assert (said.text, said.language) == ("Oppositions des riverains", "fr")
    assert see(people.actor("lead"), street).risks[0].description.language == ""


def test_a_quantity_works_the_figures_out_again(people: Any, street: UUID) -> None:
    before = MeasureFigures.objects.get(measure=street)
    MeasureFigures.objects.filter(measure=street).update(aid=Decimal("1.00"))
    made = follow.set_quantity(actor=people.actor("lead"), measure_id=street, version=1, draft=QUANTITY)
    assert MeasureFigures.objects.get(measure=street).aid == before.aid
    half = follow.QuantityDraft(QUANTITY.unit, Decimal("850"), realised=Decimal("425"))
    follow.set_quantity(actor=people.actor("lead"), measure_id=street, version=2, draft=half, item_id=made)
    assert see(people.actor("lead"), street).quantities[0].share == Decimal("0.5")


def test_a_decision_keeps_the_kind_of_its_amount(people: Any, street: UUID) -> None:
    follow.set_decision(actor=people.actor("lead"), measure_id=street, version=1, draft=DECISION)
    assert see(people.actor("lead"), street).decisions[0].amount == chf("1000.00")
    wrong = follow.DecisionDraft(DecisionType.OTHER, "Conseil", date(2026, 1, 1), document_id=uuid4())
    with pytest.raises(InvalidInput):
        follow.set_decision(actor=people.actor("lead"), measure_id=street, version=2, draft=wrong)


@pytest.mark.parametrize(
    "make",
    [
        lambda: follow.ActorDraft(ActorRole.PILOT),
        lambda: follow.ActorDraft(ActorRole.PILOT, person_id=uuid4(), label="Jeanne"),
        lambda: follow.ActorDraft(
            ActorRole.PILOT, label="J", since=date(2026, 2, 1), until=date(2026, 1, 31)
        ),
        lambda: follow.ActorDraft(ActorRole.PILOT, label="J" * 121),
        lambda: follow.MilestoneDraft(MilestoneType.PERMIT),
        lambda: follow.MilestoneDraft(MilestoneType.OTHER, planned=date(2026, 1, 1)),
        lambda: follow.MilestoneDraft(MilestoneType.PERMIT, planned=date(202, 1, 1)),
        lambda: follow.QuantityDraft(QuantityUnit.METRE, Decimal("-1")),
        lambda: follow.QuantityDraft(QuantityUnit.METRE, Decimal("NaN")),
        lambda: follow.QuantityDraft(QuantityUnit.METRE, Decimal("1.0001")),
        lambda: follow.QuantityDraft(QuantityUnit.METRE, Decimal("1e11")),
        lambda: follow.QuantityDraft(QuantityUnit.METRE, Decimal(1), realised=Decimal("-1")),
        lambda: follow.RiskDraft(RiskKind.COST, {}, 1, 1),
        lambda: follow.RiskDraft(RiskKind.COST, {"fr": "x"}, 0, 1),
        lambda: follow.RiskDraft(RiskKind.COST, {"fr": "x"}, 1, 6),
        lambda: follow.DecisionDraft(DecisionType.CREDIT, " ", date(2026, 1, 1)),
        lambda: follow.DecisionDraft(DecisionType.CREDIT, "C", date(2026, 1, 1), amount=chf("-1")),
    ],
)
def test_a_draft_refuses_what_makes_no_sense(make: Any) -> None:
    with pytest.raises(InvalidInput):
        make()


def test_the_page_of_the_measure_still_opens(people: Any, street: UUID) -> None:
    for verb, draft in EVERY:
        verb(actor=people.actor("lead"), measure_id=street, version=None, draft=draft)
    assert page.measure_page(people.actor("lead"), street, language="fr").version == 6


def test_reading_asks_the_database_no_more_for_more_entries(people: Any, street: UUID, bridge: UUID) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from belvedere.domains.plans.vocabulary import DocumentType, LinkType
    from tests.domains.plans.follow import files

    lead = people.actor("lead")
    counts = []
    for turn in range(3):
        for verb, draft in EVERY:
            verb(actor=lead, measure_id=street, version=None, draft=draft)
        document = follow.DocumentDraft(DocumentType.PLAN, follow.FileDraft("plan.pdf", files.PDF))
        follow.add_document(actor=lead, measure_id=street, version=None, draft=document)
        link = follow.LinkDraft(bridge, list(LinkType)[turn])
        follow.set_link(actor=lead, measure_id=street, version=None, draft=link)
        territory = Measure.objects.get(pk=street).territory_id
        indicator = follow.define_indicator(
            actor=lead, territory_id=territory, draft=follow.IndicatorDraft({"fr": f"Indicateur {turn}"}, "u")
        )
        effect = follow.EffectDraft(indicator)
        follow.set_effect(actor=lead, measure_id=street, version=None, draft=effect)
        with CaptureQueriesContext(connection) as asked:
            see(lead, street)
            follow.indicators_of(lead, territory, "fr")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
