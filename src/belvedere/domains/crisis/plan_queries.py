"""Typed reads of plans of crisis, for who asks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.crisis.bodies import plan_body
from belvedere.domains.crisis.errors import NoSuchPlan
from belvedere.domains.crisis.models import Plan
from belvedere.domains.crisis.plan_actions import NO_SUCH_PLAN
from belvedere.domains.crisis.policies import may_declare, may_write_plan, visible_plans
from belvedere.domains.crisis.states import Kind
from belvedere.domains.crisis.views import PlanView


def plans(actor: Actor, territory_id: UUID) -> list[PlanView]:
    """The plans that the actor may see, by name."""
    return _views(actor, Plan.objects.filter(visible_plans(actor, territory_id)).order_by("name", "pk"))


def plan(actor: Actor, territory_id: UUID, plan_id: UUID) -> PlanView:
    """One plan; NoSuchPlan for who may not know of it."""
    found = _views(actor, Plan.objects.filter(visible_plans(actor, territory_id), pk=plan_id))
    if not found:
        raise NoSuchPlan(NO_SUCH_PLAN)
    return found[0]


def _views(actor: Actor, found: Iterable[Plan]) -> list[PlanView]:
    rows = list(found)
    bodies = {row.pk: plan_body(row.body) for row in rows}
    names = names_of({one for body in bodies.values() for one in body.everybody()})
    return [
        PlanView(
            id=row.pk,
            owner_id=row.owner_id,
            name=row.name,
            kinds=tuple(Kind(one) for one in row.kinds),
            conditions=row.conditions,
            resources=row.resources,
            body=bodies[row.pk],
            version=row.version,
            changed_at=row.changed_at,
            names={one: names[one] for one in bodies[row.pk].everybody() if one in names},
            may_write=may_write_plan(actor, row.territory_id, row.owner_id) is None,
            may_declare=may_declare(actor, row.territory_id, row.owner_id, row) is None,
        )
        for row in rows
    ]
