"""Maintenance that comes back: plans by calendar, and the interventions they make."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions.actions import About, check_team, write_planned
from belvedere.domains.interventions.drafts import Facts, checked
from belvedere.domains.interventions.errors import BadIntervention, NoSuchIntervention, NoSuchTeam
from belvedere.domains.interventions.models import Intervention, PreventivePlan
from belvedere.domains.interventions.policies import may_plan, require
from belvedere.domains.interventions.states import Kind
from belvedere.domains.interventions.views import PreventiveView
from belvedere.domains.territory.public import TerritoryView, owners_among, territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_
from belvedere.kernel.paging import LARGEST_PAGE, Window
from belvedere.kernel.severity import Severity

MOST_AT_ONCE = LARGEST_PAGE  # pieces of equipment of one plan


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
    if not owners_among(territory.id, [draft.owner_id]):
        raise BadIntervention(N_("Choose the organisation that this is for."), field="owner")
    require(may_plan(actor, territory.id, draft.owner_id))
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
    if draft.contract_id is not None:
        contract = equipment.contract(actor, draft.contract_id)
        if contract.owner_id != draft.owner_id:
            raise BadIntervention(N_("This contract is of another organisation."), field="contract")
    check_team(facts, draft.owner_id, draft.contract_id)
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
    with transaction.atomic():
        row = PreventivePlan.objects.select_for_update(of=("self",)).filter(pk=plan_id).first()
        if row is None:
            raise NoSuchIntervention(N_("There is no such plan."))
        require(may_plan(actor, row.territory_id, row.owner_id))
        if not row.is_running:
            raise BadIntervention(N_("This plan is stopped already."))
        row.is_running = False
        row.save(update_fields=["is_running"])
        _journal(actor, row, "stop_preventive")


def _journal(actor: Actor, row: PreventivePlan, verb: str) -> None:
    record(
        **signed(actor),
        verb=f"interventions.{verb}",
        subject=("interventions.preventive", str(row.pk)),
        territory_id=row.territory_id,
        before={},
        after={"what": row.what, "every_months": row.every_months, "next_on": row.next_on.isoformat()},
    )


def preventive_plans(actor: Actor, territory_id: UUID) -> list[PreventiveView]:
    """The plans of the organisations that the actor sees: those that run first, then by day."""
    rows = PreventivePlan.objects.filter(territory_id=territory_id)
    if not (actor.governs(territory_id) or actor.is_elected(territory_id)):
        rows = rows.filter(owner_id__in=actor.sees)
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
    ids = PreventivePlan.objects.filter(is_running=True).order_by("next_on").values_list("pk", flat=True)
    return sum(_make(one) for one in list(ids))


def _make(plan_id: UUID) -> int:
    made = 0
    with transaction.atomic():
        row = PreventivePlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
        territory = territory_by_id(row.territory_id)
        day = today(territory.zone)
        while row.is_running and row.next_on - timedelta(days=row.lead_days) <= day:
            made += _write(row, territory)
            row.next_on = after(row.first_on, row.next_on, row.every_months)
            row.save(update_fields=["next_on"])
    return made


def _write(row: PreventivePlan, territory: TerritoryView) -> int:
    """The interventions of one day of the plan, for equipment that has none of that day."""
    wanted = equipment.Wanted(
        kinds=[row.equipment_kind] if row.equipment_kind else (),
        contracts=[row.contract_id] if row.contract_id else (),
        owners=[row.owner_id],
    )
    found = equipment.listed(Actor.system(), territory.id, wanted, Window(0, MOST_AT_ONCE)).rows
    done = set(
        Intervention.objects.filter(preventive=row, preventive_on=row.next_on).values_list(
            "equipment_id", flat=True
        )
    )
    known = equipment.known([one.id for one in found if one.id not in done])
    facts = Facts(row.what, Kind.PREVENTIVE, Severity.MINOR, planned_on=row.next_on, team_id=row.team_id)
    for one in known.values():
        about, given = About(row.owner_id, one, one.entity_id), without_a_stranger(one, facts)
        write_planned(Actor.system(), territory, about, given, preventive=(row.pk, row.next_on))
    return len(known)


def without_a_stranger(one: equipment.Known, facts: Facts) -> Facts:
    """The facts, without a team that has no contract for this equipment any more."""
    try:
        check_team(facts, one.owner_id, one.contract_id)
    except NoSuchTeam:
        return replace(facts, team_id=None)
    return facts


def after(first: date, last: date, months: int) -> date:
    """The next day of the rhythm: on the day of the month of the first, or the month's last."""
    index = last.year * 12 + last.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
