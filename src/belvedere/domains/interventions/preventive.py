"""Maintenance that comes back: plans by calendar, and the interventions they make."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import upkeep
from belvedere.domains.interventions.actions import About, write_planned
from belvedere.domains.interventions.drafts import Facts, checked
from belvedere.domains.interventions.errors import BadIntervention
from belvedere.domains.interventions.models import Intervention, PreventivePlan
from belvedere.domains.interventions.policies import may_plan
from belvedere.domains.interventions.states import Kind
from belvedere.domains.interventions.views import PreventiveView
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class PreventiveDraft:
    """A maintenance that comes back. Kind and contract choose the equipment; one of them is needed."""

    owner_id: UUID
    what: str
    every_months: int
    first_on: date
    equipment_kind: str = ""
    contract_id: UUID | None = None
    team_id: UUID | None = None
    lead_days: int = 14


def plan_preventive(*, actor: Actor, territory: TerritoryView, draft: PreventiveDraft) -> UUID:
    """Have a maintenance planned every so many months from now on; gives the id of the plan."""
    upkeep.check_owner(actor, territory, draft.owner_id)
    facts = checked(Facts(draft.what, Kind.PREVENTIVE, team_id=draft.team_id, planned_on=draft.first_on))
    if not 1 <= draft.every_months <= 120:
        raise BadIntervention(N_("Choose 1 to 120 months."), field="every_months")
    if not 0 <= draft.lead_days <= 90:
        raise BadIntervention(N_("Choose 0 to 90 days."), field="lead_days")
    if draft.first_on < today(territory.zone):
        raise BadIntervention(N_("The first day lies in the past. Choose one to come."), field="first_on")
    if not draft.equipment_kind and draft.contract_id is None:
        raise BadIntervention(N_("Choose the kind of equipment, or the contract."), field="equipment_kind")
    if draft.equipment_kind and draft.equipment_kind not in equipment.kinds():
        raise BadIntervention(N_("Choose a kind of equipment."), field="equipment_kind")
    upkeep.check_hands(actor, facts, draft.owner_id, draft.contract_id)
    with transaction.atomic():
        row = PreventivePlan.objects.create(
            territory_id=territory.id,
            owner_id=draft.owner_id,
            what=facts.what,
            equipment_kind=draft.equipment_kind,
            contract_id=draft.contract_id,
            team_id=draft.team_id,
            every_months=draft.every_months,
            first_on=draft.first_on,
            next_on=draft.first_on,
            lead_days=draft.lead_days,
        )
        _journal(actor, row, "plan_preventive")
    return row.pk


def stop_preventive(*, actor: Actor, plan_id: UUID) -> None:
    """Make no more interventions; those that are made stay."""
    upkeep.stop(
        PreventivePlan.objects.all(),
        actor=actor,
        plan_id=plan_id,
        told=lambda row: _journal(actor, row, "stop_preventive"),
    )


def _journal(actor: Actor, row: PreventivePlan, verb: str) -> None:
    after = {"every_months": row.every_months, "next_on": row.next_on.isoformat()}
    upkeep.journal(actor, row, verb, "preventive", after)


def preventive_plans(actor: Actor, territory_id: UUID) -> list[PreventiveView]:
    """The plans of the organisations that the actor sees: those that run first, then by day."""
    rows = upkeep.seen(actor, territory_id, PreventivePlan.objects.all())
    return [
        PreventiveView(
            id=one.pk,
            owner_id=one.owner_id,
            what=one.what,
            equipment_kind=one.equipment_kind,
            contract_id=one.contract_id,
            team_id=one.team_id,
            every_months=one.every_months,
            next_on=one.next_on,
            lead_days=one.lead_days,
            is_running=one.is_running,
            may_edit=may_plan(actor, territory_id, one.owner_id) is None,
        )
        for one in rows.order_by("-is_running", "next_on", "pk")
    ]


def make_due() -> int:
    """Plan the interventions of all plans whose day is near, once only; gives how many were made."""
    return upkeep.make(PreventivePlan.objects.order_by("next_on"), _make)


def _make(row: PreventivePlan) -> int:
    made = 0
    territory = territory_by_id(row.territory_id)
    day = today(territory.zone)
    while row.next_on - timedelta(days=row.lead_days) <= day:
        made += _write(row, territory)
        row.next_on = after(row.first_on, row.next_on, row.every_months)
        row.save(update_fields=["next_on"])
    return made


def _write(row: PreventivePlan, territory: TerritoryView) -> int:
    """The interventions of one day of the plan, for equipment that has none of that day."""
    of_the_day = Intervention.objects.filter(preventive=row, preventive_on=row.next_on)
    done = set(of_the_day.values_list("equipment_id", flat=True))
    made = [one for one in upkeep.pieces(row) if one.id not in done]
    facts = Facts(row.what, Kind.PREVENTIVE, Severity.MINOR, planned_on=row.next_on, team_id=row.team_id)
    for one in made:
        about, given = About(row.owner_id, one, one.entity_id), upkeep.without_a_stranger(one, facts)
        write_planned(Actor.system(), territory, about, given, preventive=(row.pk, row.next_on))
    return len(made)


def after(first: date, last: date, months: int) -> date:
    """The next day of the rhythm: on the day of the month of the first, or the month's last."""
    index = last.year * 12 + last.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
