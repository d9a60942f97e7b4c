"""What plans of maintenance share, whether it comes by the calendar or by need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions.actions import check_team
from belvedere.domains.interventions.drafts import Facts
from belvedere.domains.interventions.errors import BadIntervention, NoSuchIntervention, NoSuchTeam
from belvedere.domains.interventions.models import Upkeep
from belvedere.domains.interventions.policies import may_plan, require
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_
from belvedere.kernel.paging import LARGEST_PAGE, Window

MOST_AT_ONCE = LARGEST_PAGE  # pieces of equipment of one plan
Plan = TypeVar("Plan", bound=Upkeep)


def check_owner(actor: Actor, territory: TerritoryView, owner_id: UUID) -> None:
    """Refuse an owner that is none of the territory's, or for whom the actor does not plan."""
    if not owners_among(territory.id, [owner_id]):
        raise BadIntervention(N_("Choose the organisation that this is for."), field="owner")
    require(may_plan(actor, territory.id, owner_id))


def check_hands(actor: Actor, facts: Facts, owner_id: UUID, contract_id: UUID | None) -> None:
    """Refuse a contract of another owner, or a team that does not work for this one under the contract."""
    if contract_id is not None and equipment.contract(actor, contract_id).owner_id != owner_id:
        raise BadIntervention(N_("This contract is of another organisation."), field="contract")
    check_team(facts, owner_id, contract_id)


def seen(actor: Actor, territory_id: UUID, plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """The plans of a territory that are of organisations the actor sees."""
    rows = plans.filter(territory_id=territory_id)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return rows
    return rows.filter(owner_id__in=actor.sees)


def make(plans: QuerySet[Plan], write: Callable[[Plan], int]) -> int:
    """Let each plan that runs write what is due by it, in a transaction of its own and held, so that it is
    written once; gives how many interventions there are more."""
    ids = list(plans.filter(is_running=True).values_list("pk", flat=True))
    return sum(_held(plans, one, write) for one in ids)


def _held(plans: QuerySet[Plan], plan_id: UUID, write: Callable[[Plan], int]) -> int:
    with transaction.atomic():
        row = plans.select_for_update(of=("self",)).get(pk=plan_id)
        return write(row) if row.is_running else 0


def stop(plans: QuerySet[Plan], *, actor: Actor, plan_id: UUID, told: Callable[[Plan], None]) -> None:
    """Make no more interventions by a plan; those that are made stay. `told` writes the journal."""
    with transaction.atomic():
        row = plans.select_for_update(of=("self",)).filter(pk=plan_id).first()
        if row is None:
            raise NoSuchIntervention(N_("There is no such plan."))
        require(may_plan(actor, row.territory_id, row.owner_id))
        if not row.is_running:
            raise BadIntervention(N_("This plan is stopped already."))
        row.is_running = False
        row.save(update_fields=["is_running"])
        told(row)


def journal(actor: Actor, row: Upkeep, verb: str, kind: str, after: Mapping[str, Any]) -> None:
    """Write down what was done to a plan of a kind: “preventive” or “need”."""
    record(
        **signed(actor),
        verb=f"interventions.{verb}",
        subject=(f"interventions.{kind}", str(row.pk)),
        territory_id=row.territory_id,
        before={},
        after={"what": row.what, **after},
    )


def pieces(row: Upkeep) -> list[equipment.Known]:
    """The equipment that a plan is for."""
    wanted = equipment.Wanted(
        kinds=[row.equipment_kind] if row.equipment_kind else (),
        contracts=[row.contract_id] if row.contract_id else (),
        owners=[row.owner_id],
    )
    found = equipment.listed(Actor.system(), row.territory_id, wanted, Window(0, MOST_AT_ONCE)).rows
    return list(equipment.known([one.id for one in found]).values())


def without_a_stranger(one: equipment.Known, facts: Facts) -> Facts:
    """The facts, without a team that has no contract for this equipment any more."""
    try:
        check_team(facts, one.owner_id, one.contract_id)
    except NoSuchTeam:
        return replace(facts, team_id=None)
    return facts
