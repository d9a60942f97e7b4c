"""Verbs of the office: plan, change, dispatch, send back, verify, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from belvedere.domains.access.public import Actor, holders
from belvedere.domains.automation import public as automation
from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import Step
from belvedere.domains.interventions.alarms import tell_alarm, text_in
from belvedere.domains.interventions.calendars import common_holidays
from belvedere.domains.interventions.drafts import Draft, Facts, checked
from belvedere.domains.interventions.errors import BadIntervention, NoSuchTeam, WrongState
from belvedere.domains.interventions.models import Checklist, Intervention, Point, Team, TeamMember
from belvedere.domains.interventions.policies import may_plan, require
from belvedere.domains.interventions.states import OPEN, Act, Kind, State
from belvedere.domains.interventions.writing import locked, next_number, plain, put_facts, step
from belvedere.domains.territory.public import TerritoryView, owners_among, territory_by_id
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class About:
    """What an intervention is about, as the platform knows it."""

    owner_id: UUID
    equipment: equipment.Known | None = None
    entity_id: int | None = None
    alarm: automation.AlarmView | None = None


def plan(*, actor: Actor, territory: TerritoryView, draft: Draft, reason: str = "") -> UUID:
    """Plan an intervention; one for an alarm takes the alarm up. Gives its id.

    Raises:
        BadIntervention: facts that cannot be. NoSuchTeam, Refused; NotFound of the alarm or the equipment.
    """
    about = _about(actor, territory, draft)
    require(may_plan(actor, territory.id, about.owner_id))
    facts = checked(draft.facts)
    contract_id = about.equipment.contract_id if about.equipment else None
    check_team(facts, about.owner_id, contract_id)
    with transaction.atomic():
        return write_planned(actor, territory, about, facts, reason=reason).pk


def _about(actor: Actor, territory: TerritoryView, draft: Draft) -> About:
    """What the draft names, if the actor may see it."""
    alarm, entity_id = None, draft.entity_id
    if draft.alarm_id is not None:
        alarm = automation.alarm(actor, draft.alarm_id).alarm
        entity_id = alarm.thing_id
    known = None
    if draft.equipment_id is not None:
        equipment.equipment(actor, draft.equipment_id)  # is it for the actor to see?
        known = equipment.known([draft.equipment_id])[draft.equipment_id]
    elif entity_id is not None:
        known = equipment.by_thing([entity_id]).get(entity_id)
    if entity_id is not None and alarm is None:
        twin.entity_page(actor, entity_id)  # is it for the actor to see?
    if known is not None and known.territory_id != territory.id:
        raise BadIntervention(N_("This equipment belongs to another territory."), field="equipment")
    owner_id = known.owner_id if known else draft.owner_id or (alarm.owner_id if alarm else None)
    if owner_id is None or not owners_among(territory.id, [owner_id]):
        raise BadIntervention(N_("Choose the organisation that this is for."), field="owner")
    return About(owner_id, known, known.entity_id if known and known.entity_id else entity_id, alarm)


def write_planned(
    actor: Actor,
    territory: TerritoryView,
    about: About,
    facts: Facts,
    *,
    preventive: tuple[UUID, date] | None = None,
    need: UUID | None = None,
    reason: str = "",
) -> Intervention:
    """Write a new intervention with the points of its checklist, in the caller's transaction."""
    at = now()
    known, alarm = about.equipment, about.alarm
    if facts.at is None:
        spot = None
        if alarm is not None and alarm.longitude is not None and alarm.latitude is not None:
            spot = (alarm.longitude, alarm.latitude)
        facts = replace(facts, at=known.at if known and known.at else spot)
    row = Intervention(
        territory_id=territory.id,
        owner_id=about.owner_id,
        number=next_number(territory.id, today(territory.zone)),
        equipment_id=known.id if known else None,
        entity_id=about.entity_id,
        alarm_id=alarm.id if alarm else None,
        contract_id=known.contract_id if known else None,
        currency=territory.currency,
        created_at=at,
        preventive_id=preventive[0] if preventive else None,
        preventive_on=preventive[1] if preventive else None,
        need_id=need,
        version=0,
    )
    put_facts(row, facts)
    step(
        actor,
        row,
        Act.PLAN,
        note=reason,
        journal=({}, {"what": row.what, "kind": row.kind, "priority": row.priority, "where": row.where}),
    )
    _put_points(row, known.kind if known else "")
    if alarm is not None:
        tell_alarm(actor, row, taking_up=True)
    return row


def _put_points(row: Intervention, kind: str) -> None:
    """The points of the owner for any equipment, then for this kind."""
    lists = Checklist.objects.filter(organisation_id=row.owner_id, equipment_kind__in={"", kind})
    words = [one for found in lists.order_by("equipment_kind") for one in found.points]
    Point.objects.bulk_create(
        [Point(intervention=row, position=at, words=text) for at, text in enumerate(words, 1)]
    )


def check_team(facts: Facts, owner_id: UUID, contract_id: UUID | None) -> Team | None:
    """The team, if it is one of the owner or of the contractor of the contract, and the person is in it."""
    if facts.team_id is None:
        return None
    team = Team.objects.filter(pk=facts.team_id).first()
    allowed = {owner_id}
    if contract_id is not None:
        allowed.add(equipment.contract(Actor.system(), contract_id).contractor_id)
    if team is None or team.organisation_id not in allowed:
        raise NoSuchTeam(
            N_("Choose a team of the organisation itself, or of the contractor of the equipment's contract.")
        )
    if facts.assigned_id is not None:
        member = TeamMember.objects.filter(team=team, person_id=facts.assigned_id).exists()
        if not member or facts.assigned_id not in holders([team.organisation_id])[team.organisation_id]:
            raise BadIntervention(N_("This person is not in the team."), field="assigned")
    return team


def change(
    *, actor: Actor, intervention_id: UUID, facts: Facts, version: int | None = None, reason: str = ""
) -> None:
    """Put other facts in place of these. While a team has it, it stays with that team."""
    facts = checked(facts)
    with transaction.atomic():
        row = locked(actor, Act.CHANGE, intervention_id, version)
        if row.state != State.PLANNED and facts.team_id != row.team_id:
            raise WrongState(
                N_("A team has this already. It must give it back before another team gets it."),
                state=row.state,
            )
        if row.dispatched_at is not None and (facts.kind, facts.priority.value) != (row.kind, row.priority):
            raise WrongState(
                N_("Kind and priority stay as they were sent: the times of the contract count from them."),
                state=row.state,
            )
        check_team(facts, row.owner_id, row.contract_id)
        before = facts_of(row)
        put_facts(row, facts)
        was, became = differences(before, facts)
        if became:
            step(actor, row, Act.CHANGE, note=reason, data={"facts": sorted(became)}, journal=(was, became))


def facts_of(row: Intervention) -> Facts:
    at = None if row.longitude is None or row.latitude is None else (row.longitude, row.latitude)
    return Facts(
        what=row.what,
        kind=Kind(row.kind),
        priority=Severity(row.priority),
        details=row.details,
        skills=row.skills,
        where=row.where,
        at=at,
        team_id=row.team_id,
        assigned_id=row.assigned_id,
        planned_on=row.planned_on,
        order=row.day_order,
    )


def differences(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed, as it was and as it is."""
    was, became = asdict(before), asdict(after)
    changed = [name for name in became if was[name] != became[name]]
    return {name: plain(was[name]) for name in changed}, {name: plain(became[name]) for name in changed}


def move(
    *,
    actor: Actor,
    intervention_id: UUID,
    planned_on: date | None,
    order: int | None = None,
    team_id: UUID | None = None,
    version: int | None = None,
) -> None:
    """Put it on another day, in another place of the day, with another team while nobody has it.

    Without `order` it keeps its place in the day where neither day nor team changes, and comes after the
    others where one does.

    Raises:
        BadIntervention: a day that is over. NoSuchIntervention, NoSuchTeam, Refused, WrongState,
        ChangedMeanwhile.
    """
    with transaction.atomic():
        row = locked(actor, Act.CHANGE, intervention_id, version)
        before = facts_of(row)
        facts = replace(before, planned_on=planned_on)
        if team_id is not None and team_id != row.team_id:
            facts = replace(facts, team_id=team_id, assigned_id=None)
        moved = (facts.planned_on, facts.team_id) != (before.planned_on, before.team_id)
        here = territory_by_id(row.territory_id).zone
        if planned_on is not None and planned_on != row.planned_on and planned_on < today(here):
            raise BadIntervention(N_("This day is over. Choose today or a later day."), field="planned_on")
        if order is not None:
            facts = replace(facts, order=max(0, order))
        elif moved:
            facts = replace(facts, order=_after_the_others(row, facts))
        change(actor=actor, intervention_id=intervention_id, facts=facts)


def _after_the_others(row: Intervention, facts: Facts) -> int:
    """The place after the last one of the team's day; 0 where nobody has put that day in an order."""
    if facts.planned_on is None or facts.team_id is None:
        return 0
    others = Intervention.objects.filter(
        territory_id=row.territory_id, team_id=facts.team_id, planned_on=facts.planned_on, state__in=OPEN
    ).exclude(pk=row.pk)
    last = others.aggregate(last=Max("day_order"))["last"]
    return last + 1 if last else 0


def dispatch(*, actor: Actor, intervention_id: UUID, note: str = "") -> None:
    """Give it to its team. The times of the contract count from the first time."""
    with transaction.atomic():
        row = locked(actor, Act.DISPATCH, intervention_id)
        if row.team_id is None:
            raise BadIntervention(N_("Choose the team first."), field="team")
        if row.planned_on is None:
            row.planned_on = today(territory_by_id(row.territory_id).zone)
        if row.dispatched_at is None:
            row.dispatched_at = now()
            _put_dues(row)
        step(actor, row, Act.DISPATCH, note=note, data=_dues_told(row))


def _put_dues(row: Intervention) -> None:
    """By when, and for how much, as the contract says it now: a contract changed later changes nothing."""
    if row.contract_id is None or row.kind != Kind.CORRECTIVE or row.dispatched_at is None:
        return
    territory = territory_by_id(row.territory_id)
    severity = Severity(row.priority)
    off = common_holidays(territory.country, row.dispatched_at.year)
    dues = equipment.due(row.contract_id, severity, row.dispatched_at, off)
    row.due_acknowledge = dues.get(Step.ACKNOWLEDGE)
    row.due_arrive = dues.get(Step.ARRIVE)
    row.due_repair = dues.get(Step.REPAIR)
    if dues:
        contract = equipment.contract(Actor.system(), row.contract_id)
        row.late_price = contract.response_times[severity].penalty
        row.currency = contract.currency


def _dues_told(row: Intervention) -> Mapping[str, str]:
    dues: dict[str, datetime | None] = {
        "due_acknowledge": row.due_acknowledge,
        "due_arrive": row.due_arrive,
        "due_repair": row.due_repair,
    }
    return {name: at.isoformat() for name, at in dues.items() if at is not None}


def send_back(*, actor: Actor, intervention_id: UUID, why: str) -> None:
    """The office is not content with what was done: the team has it again."""
    said(why)
    with transaction.atomic():
        row = locked(actor, Act.SEND_BACK, intervention_id)
        row.finished_at = None
        step(actor, row, Act.SEND_BACK, note=why)


def verify(*, actor: Actor, intervention_id: UUID, note: str = "") -> None:
    """The office has seen the proof; an alarm that is over is closed with it."""
    with transaction.atomic():
        row = locked(actor, Act.VERIFY, intervention_id)
        step(actor, row, Act.VERIFY, note=note)
        if row.alarm_id is not None:
            said_so = N_("Intervention {number} is verified by {who}.")
            text = text_in(row, said_so, number=row.number, who=actor.label)
            tell_alarm(Actor.system(), row, text=text, closing=True)


def cancel(*, actor: Actor, intervention_id: UUID, why: str) -> None:
    """It is not to be done any more."""
    said(why)
    with transaction.atomic():
        row = locked(actor, Act.CANCEL, intervention_id)
        step(actor, row, Act.CANCEL, note=why)
        if row.alarm_id is not None:
            text = text_in(
                row, N_("Intervention {number} was cancelled: {why}"), number=row.number, why=why.strip()
            )
            tell_alarm(Actor.system(), row, text=text)


def said(why: str) -> None:
    if not why.strip():
        raise BadIntervention(N_("Say why in a few words."), field="why")
