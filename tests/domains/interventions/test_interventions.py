"""Interventions: who may do what where they stand, what the alarm is told, what the contract asks."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.equipment.errors import NoSuchContract
from belvedere.domains.interventions import preventive
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.errors import (
    BadIntervention,
    NoSuchIntervention,
    NoSuchTeam,
    WrongState,
)
from belvedere.domains.interventions.models import Intervention, Step
from belvedere.domains.interventions.states import TRANSITIONS, Act, State
from belvedere.domains.twin.models import Attribute
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Refused
from belvedere.kernel.money import Kind, Money
from tests.domains.automation import examples as alarms
from tests.domains.interventions.examples import JPEG, dispatched, electricians, planned
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)  # 8 o'clock in Valbelle, an hour into the contract's day
HOUR = timedelta(hours=1)


def test_a_job_goes_from_the_office_to_the_proof(lighting: Lighting) -> None:
    interventions.save_checklist(
        actor=lighting.lead,
        territory=lighting.territory,
        organisation_id=lighting.owner_id,
        equipment_kind="cabinet",
        points=["Zone balisée", " ", "Armoire fermée"],
    )
    made = dispatched(lighting)
    agent = lighting.electrician
    for verb in (interventions.accept, interventions.depart, interventions.arrive):
        verb(actor=agent, intervention_id=made)
    interventions.tick(actor=agent, intervention_id=made, position=1)
    with pytest.raises(BadIntervention) as refused:
        interventions.finish(actor=agent, intervention_id=made)
    assert refused.value.data["left"] == 1
    interventions.tick(actor=agent, intervention_id=made, position=2)
    interventions.note_time(actor=agent, intervention_id=made, minutes=45)
    interventions.note_part(actor=agent, intervention_id=made, words="Disjoncteur", amount=Decimal("84.5"))
    interventions.add_photo(actor=agent, intervention_id=made, picture=interventions.Picture(JPEG, "Après"))
    interventions.sign(actor=agent, intervention_id=made, name="Mme Fournier")
    interventions.finish(actor=agent, intervention_id=made)
    interventions.verify(actor=lighting.lead, intervention_id=made)
    seen = interventions.intervention(lighting.lead, made)
    assert (seen.row.state, seen.minutes, seen.cost) == (
        State.VERIFIED,
        45,
        Money(Decimal("84.5"), Kind("CHF")),
    )
    assert [one.caption for one in seen.photos] == ["Après"]
    assert seen.signature and not seen.signature.drawn
    assert [one.act for one in seen.steps][:5] == [
        Act.PLAN,
        Act.DISPATCH,
        Act.ACCEPT,
        Act.DEPART,
        Act.ARRIVE,
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(intervention_id=made).update(note="autrement")


def test_each_act_has_its_states_and_no_other(lighting: Lighting) -> None:
    made = dispatched(lighting)
    office = {Act.DISPATCH: {}, Act.VERIFY: {}, Act.SEND_BACK: {"why": "x"}, Act.CANCEL: {"why": "x"}}
    for act, moves in TRANSITIONS.items():
        for state in State:
            if state in moves:
                continue
            Intervention.objects.filter(pk=made).update(state=state)
            actor = lighting.lead if act in office else lighting.electrician
            words = office.get(act, {"why": "x"} if act is Act.GIVE_BACK else {})
            with pytest.raises(WrongState):
                getattr(interventions, act.value)(actor=actor, intervention_id=made, **words)


def test_a_contractor_sees_and_does_its_own_contract_alone(lighting: Lighting, people: People) -> None:
    made = dispatched(lighting)
    alone = planned(lighting, equipment_id=lighting.alone)
    seen = interventions.listed(lighting.electrician, lighting.territory.id, interventions.Wanted()).rows
    assert [one.id for one in seen] == [made]  # the luminaire without a contract is not theirs
    with pytest.raises(NoSuchIntervention):
        interventions.intervention(lighting.electrician, alone)
    with pytest.raises(NoSuchIntervention):  # a manager of a contractor too, of another one
        interventions.accept(actor=lighting.rival, intervention_id=made)
    for who in ("lead", "governor"):  # the office does not do what is done on the spot
        with pytest.raises(Refused):
            interventions.accept(actor=people.actor(who), intervention_id=made)
    for who in ("reader", "office"):  # who sees it, and does not plan
        with pytest.raises(Refused):
            interventions.cancel(actor=people.actor(who), intervention_id=made, why="non")
    with pytest.raises(NoSuchIntervention):
        interventions.cancel(actor=people.actor("neighbour"), intervention_id=made, why="non")
    with pytest.raises(Refused):  # nor does the contractor judge its own work
        interventions.cancel(actor=lighting.electrician, intervention_id=made, why="non")
    with pytest.raises(Refused):
        interventions.accept(
            actor=replace(lighting.electrician, scopes=frozenset({"read"})), intervention_id=made
        )
    with pytest.raises(NoSuchTeam):  # a team without a contract for this equipment
        planned(lighting, seen[0].team_id, equipment_id=lighting.alone)


def test_who_left_the_organisation_does_nothing_any_more(lighting: Lighting) -> None:
    made = dispatched(lighting)
    left = replace(lighting.electrician, roles={}, sees=frozenset())
    with pytest.raises(NoSuchIntervention):
        interventions.accept(actor=left, intervention_id=made)


def test_the_contract_says_by_when_from_the_first_dispatch_on(lighting: Lighting) -> None:
    with standing_at(MONDAY):
        made = dispatched(lighting)
    with standing_at(MONDAY + HOUR):
        interventions.give_back(actor=lighting.electrician, intervention_id=made, why="Pas la pièce")
        interventions.dispatch(actor=lighting.lead, intervention_id=made)
    seen = interventions.intervention(lighting.lead, made)
    assert seen.due_acknowledge == MONDAY + HOUR
    assert seen.due_arrive == MONDAY + 4 * HOUR
    assert seen.due_repair == datetime(2026, 11, 25, 11, tzinfo=UTC)  # 9 + 10 + 5 of 24 working hours
    with standing_at(MONDAY):
        other = planned(lighting, kind=interventions.Kind.INSPECTION, team_id=seen.row.team_id)
        interventions.dispatch(actor=lighting.lead, intervention_id=other)
    assert interventions.intervention(lighting.lead, other).due_repair is None


def test_figures_of_a_contract_as_computed_by_hand(lighting: Lighting) -> None:
    with standing_at(MONDAY):
        made = dispatched(lighting)
        other = planned(lighting, interventions.intervention(lighting.lead, made).row.team_id)
        interventions.dispatch(actor=lighting.lead, intervention_id=other)
        gone = planned(lighting, interventions.intervention(lighting.lead, made).row.team_id)
        interventions.dispatch(actor=lighting.lead, intervention_id=gone)
        interventions.cancel(actor=lighting.lead, intervention_id=gone, why="Double")
    agent = lighting.electrician
    with standing_at(MONDAY + timedelta(minutes=90)):  # half an hour late
        interventions.accept(actor=agent, intervention_id=made)
        interventions.accept(actor=agent, intervention_id=other, at=MONDAY + timedelta(minutes=30))
    with standing_at(MONDAY + 6 * HOUR):  # two hours late
        interventions.arrive(actor=agent, intervention_id=made)
        interventions.arrive(actor=agent, intervention_id=other, at=MONDAY + 2 * HOUR)
        interventions.finish(actor=agent, intervention_id=made)
        interventions.finish(actor=agent, intervention_id=other)
    day = date(2026, 11, 23)
    office, contractor = (
        interventions.figures(one, lighting.contract_id, day, day) for one in (lighting.lead, agent)
    )
    assert (office.steps, office.penalties, office.lines) == (
        contractor.steps,
        contractor.penalties,
        contractor.lines,
    )
    assert [(one.asked, one.done, one.late, one.median_h, one.late_h) for one in office.steps] == [
        (2, 2, 1, Decimal("1.00"), Decimal("0.50")),
        (2, 2, 1, Decimal("4.00"), Decimal("2.00")),
        (2, 2, 0, Decimal("6.00"), Decimal("0")),
    ]
    assert (office.late, office.late_h) == (1, Decimal("2.50"))
    assert office.penalties == (Money(Decimal(125), Kind("CHF")),)
    assert not interventions.figures(
        agent, lighting.contract_id, date(2026, 11, 24), date(2026, 11, 30)
    ).lines
    with pytest.raises(NoSuchContract):
        interventions.figures(lighting.rival, lighting.contract_id, day, day)


def test_the_alarm_is_taken_up_told_and_closed_with_the_work(lighting: Lighting, valbelle: Valbelle) -> None:
    rule = alarms.rule(valbelle.montaigu.pk)
    entity = alarms.container(valbelle.montaigu.pk)
    alarm_id = alarms.raise_one(rule.id, entity)
    lamp = lighting.register("container", "PAV", contract_id=lighting.contract_id, entity_id=entity)
    team_id = electricians(lighting)
    facts = interventions.Facts("Vider", team_id=team_id)
    made = interventions.plan(
        actor=lighting.lead,
        territory=lighting.territory,
        draft=interventions.Draft(facts, alarm_id=alarm_id),
    )
    page = automation.alarm(lighting.lead, alarm_id)
    assert page.alarm.state is automation.AlarmState.IN_PROGRESS
    assert interventions.intervention(lighting.lead, made).row.equipment_id == lamp
    interventions.dispatch(actor=lighting.lead, intervention_id=made)
    interventions.accept(actor=lighting.electrician, intervention_id=made)
    interventions.arrive(actor=lighting.electrician, intervention_id=made)
    interventions.finish(actor=lighting.electrician, intervention_id=made, note="Vidé")
    page = automation.alarm(lighting.lead, alarm_id)
    assert page.alarm.state is automation.AlarmState.IN_PROGRESS  # what raised it is not over
    assert "Vidé" in page.steps[-1].note
    alarms.clear_one(rule.id, entity)
    interventions.verify(actor=lighting.lead, intervention_id=made)
    assert automation.alarm(lighting.lead, alarm_id).alarm.state is automation.AlarmState.CLOSED


def test_preventive_work_is_planned_once_and_in_time(lighting: Lighting) -> None:
    with standing_at(MONDAY):
        interventions.plan_preventive(
            actor=lighting.lead,
            territory=lighting.territory,
            draft=interventions.PreventiveDraft(
                lighting.owner_id, "Contrôle annuel", 3, date(2026, 12, 31), "luminaire", lead_days=14
            ),
        )
        assert interventions.make_due() == 0
    with standing_at(MONDAY + timedelta(days=26)):
        assert (interventions.make_due(), interventions.make_due()) == (3, 0)
        plans = interventions.preventive_plans(lighting.lead, lighting.territory.id)
    assert plans[0].next_on == date(2027, 3, 31)
    assert preventive.after(date(2026, 12, 31), date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_a_counter_asks_for_a_maintenance_once_each_time(lighting: Lighting) -> None:
    lamp, thing = a_container(lighting)
    counts(thing, 100.0)
    plan = need(lighting, counter="fillingLevel", every=50.0)
    counts(thing, 149.0)
    assert interventions.make_needed() == 0
    counts(thing, 260.0)  # three times at once: one maintenance
    assert (interventions.make_needed(), interventions.make_needed()) == (1, 0)
    (made,) = made_by(plan)
    assert (made.equipment_id, made.kind, made.alarm_id) == (lamp, "preventive", None)
    assert "50" in made.details
    counts(thing, 305.0)  # from 250 on, but the first one is open
    assert interventions.make_needed() == 0
    interventions.cancel(actor=lighting.lead, intervention_id=made.pk, why="Faite hier")
    counts(thing, 349.0)
    assert interventions.make_needed() == 0
    counts(thing, 350.0)
    assert interventions.make_needed() == 1
    counts(thing, 10.0)  # a new counter counts from there
    assert interventions.make_needed() == 0
    for one in made_by(plan)[1:]:
        interventions.cancel(actor=lighting.lead, intervention_id=one.pk, why="Faite")
    counts(thing, 60.0)
    assert interventions.make_needed() == 1
    interventions.stop_by_need(actor=lighting.lead, plan_id=plan)
    counts(thing, 600.0)
    assert interventions.make_needed() == 0
    with pytest.raises(BadIntervention):
        interventions.stop_by_need(actor=lighting.lead, plan_id=plan)


def test_a_rule_asks_for_a_maintenance_and_its_alarm_waits_on(lighting: Lighting) -> None:
    lamp, thing = a_container(lighting)
    rule = alarms.rule(lighting.owner_id)
    plan = need(lighting, rule_id=rule.id)
    assert interventions.make_needed() == 0
    alarm_id = alarms.raise_one(rule.id, thing)
    assert (interventions.make_needed(), interventions.make_needed()) == (1, 0)
    (made,) = made_by(plan)
    assert (made.equipment_id, made.alarm_id) == (lamp, None)
    page = automation.alarm(lighting.lead, alarm_id)
    assert page.alarm.state is automation.AlarmState.RAISED  # who answers for it still has to


def test_a_need_is_one_that_the_equipment_has(lighting: Lighting) -> None:
    rule = alarms.rule(lighting.owner_id)
    for wrong in (
        {"counter": "", "rule_id": None},
        {"counter": "fillingLevel", "every": 5.0, "rule_id": rule.id},
        {"counter": "fillingLevel", "every": 0.0},
        {"counter": "fillingLevel", "every": math.inf},
        {"counter": "minFlow", "every": 5.0},
        {"rule_id": 0},
        {"rule_id": rule.id, "every": 5.0},
    ):
        with pytest.raises(BadIntervention):
            need(lighting, **wrong)
    draft = interventions.NeedDraft(lighting.owner_id, "Nettoyer", "container", "fillingLevel", 5.0)
    with pytest.raises(Refused):
        interventions.plan_by_need(actor=lighting.electrician, territory=lighting.territory, draft=draft)


def a_container(lighting: Lighting) -> tuple[UUID, int]:
    """One in the register, and its thing."""
    thing = alarms.container(lighting.owner_id)
    return lighting.register("container", "PAV", entity_id=thing), thing


def counts(thing: int, number: float) -> None:
    Attribute.objects.filter(entity_id=thing, term="fillingLevel").update(number=number)


def need(lighting: Lighting, **said: Any) -> UUID:
    draft = interventions.NeedDraft(lighting.owner_id, "Nettoyer", "container", **said)
    return interventions.plan_by_need(actor=lighting.lead, territory=lighting.territory, draft=draft)


def made_by(plan: UUID) -> list[Intervention]:
    return list(Intervention.objects.filter(need_id=plan).order_by("created_at", "pk"))


def test_visits_of_a_day_are_put_in_an_order_that_is_not_longer(lighting: Lighting) -> None:
    team_id = electricians(lighting)
    spots = [(7.50, 46.2), (7.54, 46.2), (7.51, 46.2), (7.53, 46.2)]
    day = date(2026, 11, 23)
    made = [planned(lighting, team_id, at=spot, planned_on=day, order=at) for at, spot in enumerate(spots, 1)]
    done = interventions.order_day(
        actor=lighting.lead, territory_id=lighting.territory.id, team_id=team_id, day=day
    )
    rows = interventions.listed(lighting.lead, lighting.territory.id, interventions.Wanted()).rows
    assert [one.id for one in rows] == [made[0], made[2], made[3], made[1]]
    assert 0 < done.after_m < done.before_m


def test_what_an_hour_costs_goes_with_the_time_that_is_noted_then(lighting: Lighting) -> None:
    made = dispatched(lighting)
    team_id = interventions.intervention(lighting.lead, made).row.team_id
    assert team_id is not None
    leads, agent = Actor.system(), lighting.electrician
    interventions.accept(actor=agent, intervention_id=made)
    interventions.arrive(actor=agent, intervention_id=made)
    interventions.note_time(actor=agent, intervention_id=made, minutes=20)
    interventions.set_rate(actor=leads, team_id=team_id, hourly=Decimal("95.50"))
    interventions.note_time(actor=agent, intervention_id=made, minutes=40)
    interventions.set_rate(actor=leads, team_id=team_id, hourly=Decimal("120"))
    seen = interventions.intervention(lighting.lead, made)
    francs = Kind("CHF")
    assert (seen.minutes, seen.unpriced) == (60, 20)
    assert seen.labour == Money(Decimal("63.67"), francs), "40 minutes at 95.50 an hour"
    assert (seen.cost, seen.total) == (None, seen.labour)
    interventions.note_part(actor=agent, intervention_id=made, words="Relais", amount=Decimal("10"))
    interventions.note_time(actor=agent, intervention_id=made, minutes=30)
    seen = interventions.intervention(lighting.lead, made)
    assert seen.total == Money(Decimal("133.67"), francs)
    interventions.set_rate(actor=leads, team_id=team_id, hourly=None)
    interventions.note_time(actor=agent, intervention_id=made, minutes=5)
    assert interventions.intervention(lighting.lead, made).unpriced == 25


def test_who_leads_a_team_says_what_its_hour_costs_and_sees_it(lighting: Lighting) -> None:
    team_id = electricians(lighting)
    for actor in (lighting.electrician, lighting.rival, lighting.lead):
        with pytest.raises(Refused):
            interventions.set_rate(actor=actor, team_id=team_id, hourly=Decimal(90))
    for wrong in ("0", "-5", "NaN", "10000"):
        with pytest.raises(BadIntervention):
            interventions.set_rate(actor=Actor.system(), team_id=team_id, hourly=Decimal(wrong))
    interventions.set_rate(actor=Actor.system(), team_id=team_id, hourly=Decimal("90"))
    interventions.set_rate(actor=Actor.system(), team_id=team_id, hourly=Decimal("90.00"))
    here = lighting.territory.id
    told = [interventions.teams(actor, here)[0].hourly for actor in (Actor.system(), lighting.lead)]
    assert told == [Money(Decimal(90), Kind("CHF")), None]
    verbs = EntryRow.objects.filter(verb="interventions.set_rate")
    assert verbs.count() == 1, "the same rate again is no change"
