"""Verbs on plans of crisis: write, change, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.crisis.bodies import checked, packed, plan_body
from belvedere.domains.crisis.errors import BadCrisis, BadPlan, ChangedMeanwhile, NoSuchPlan
from belvedere.domains.crisis.models import Plan
from belvedere.domains.crisis.policies import may_write_plan, require, visible_plans
from belvedere.domains.crisis.states import Kind
from belvedere.domains.crisis.views import PlanDraft
from belvedere.domains.crisis.writing import line, said, staff
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

NO_SUCH_PLAN: Final = N_("There is no such crisis plan, or it is not for you to see.")
_CHANGED = N_("Somebody changed it meanwhile. Look at it again; what you typed was not saved.")


def save_plan(
    *,
    actor: Actor,
    territory: TerritoryView,
    owner_id: UUID,
    draft: PlanDraft,
    plan_id: UUID | None = None,
    expected: int | None = None,
) -> UUID:
    """Write a plan of an organisation, or change it; crises that run go on with the plan they began with.

    Raises:
        BadPlan: something of it cannot be taken.
        ChangedMeanwhile: it is not the version `expected` any more.
    """
    if not owners_among(territory.id, [owner_id]):
        raise BadPlan(N_("Choose the organisation."), field="owner")
    require(may_write_plan(actor, territory.id, owner_id))
    body = checked(draft.body)
    kinds = [one.value for one in Kind if one in draft.kinds]
    if not kinds:
        raise BadPlan(N_("Say for what kinds of events the plan is made."), field="kinds")
    try:
        name = line(draft.name, "name", 120, needed=N_("Give it a name."))
        conditions = said(draft.conditions, "conditions", 4000)
        resources = said(draft.resources, "resources", 8000)
    except BadCrisis as error:
        raise BadPlan(error.message, **error.data) from None
    with transaction.atomic():
        before: dict[str, Any] = {}
        if plan_id is None:
            row = Plan(territory_id=territory.id, owner_id=owner_id)
        else:
            row = _held(actor, territory, plan_id)
            if row.owner_id != owner_id:
                raise BadPlan(N_("A plan stays with its organisation."), field="owner")
            if expected is not None and expected != row.version:
                raise ChangedMeanwhile(_CHANGED)
            before = _told(row)
            row.version += 1
        known = body.everybody() & {UUID(one) for one in before.get("people", ())}
        if body.everybody() - known - staff(owner_id):
            raise BadPlan(N_("Only people who work for the organisation have a role."), field="roles")
        row.name, row.kinds, row.conditions, row.resources = name, kinds, conditions, resources
        row.body, row.changed_at = packed(body), now()
        row.save()
        _journal(actor, "change_plan" if before else "create_plan", row, before, _told(row))
    return row.pk


def remove_plan(*, actor: Actor, territory: TerritoryView, plan_id: UUID) -> None:
    """Have a plan no more; crises that came from it stay as they are."""
    with transaction.atomic():
        row = _held(actor, territory, plan_id)
        require(may_write_plan(actor, territory.id, row.owner_id))
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _journal(actor, "remove_plan", row, _told(row), {})


def _held(actor: Actor, territory: TerritoryView, plan_id: UUID) -> Plan:
    rows = Plan.objects.select_for_update(of=("self",))
    row = rows.filter(visible_plans(actor, territory.id), pk=plan_id).first()
    if row is None:
        raise NoSuchPlan(NO_SUCH_PLAN)
    return row


def _told(row: Plan) -> dict[str, Any]:
    """What the journal keeps: people by their identifier, no telephone numbers."""
    body = plan_body(row.body)
    return {
        "name": row.name,
        "kinds": row.kinds,
        "roles": [one.name for one in body.roles],
        "people": sorted(str(one) for one in body.everybody()),
        "cards": [one.what for one in body.cards],
    }


def _journal(actor: Actor, verb: str, row: Plan, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    record(
        **signed(actor),
        verb=f"crisis.{verb}",
        subject=("crisis.plan", str(row.pk)),
        territory_id=row.territory_id,
        before=before,
        after=after,
    )
