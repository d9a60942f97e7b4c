"""The plans of a territory as a form offers them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Plan, PlanMembership, PlanNode
from belvedere.domains.plans.policies import Thing, may, sees
from belvedere.domains.plans.views import Names
from belvedere.domains.plans.writing import thing_of
from belvedere.kernel.money import Kind, Vat


@dataclass(frozen=True, slots=True)
class NodeChoice:
    """An axis, field or package; `depth` 0 at the top."""

    id: UUID
    code: str
    title: Names
    depth: int


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A plan and its tree. `held`: the actor may change the plan itself."""

    id: UUID
    code: str
    title: Names
    type: str
    generation: int | None
    year_from: int | None
    owner_id: UUID
    has_agreement: bool
    money_kind: Kind
    held: bool
    nodes: tuple[NodeChoice, ...]


def plan_choices(actor: Actor, territory_id: UUID) -> tuple[PlanChoice, ...]:
    """Every plan of the territory, newest first within its kind: two queries."""
    nodes: dict[UUID, list[NodeChoice]] = {}
    rows = PlanNode.objects.filter(plan__territory_id=territory_id).order_by("plan_id", "path", "position")
    for row in rows:
        depth = row.path.count(".") if row.path else 0
        nodes.setdefault(row.plan_id, []).append(NodeChoice(row.pk, row.code, row.title, depth))
    plans = Plan.objects.filter(territory_id=territory_id).order_by(
        "type", "-generation", "-year_from", "code"
    )
    return tuple(
        PlanChoice(
            id=plan.pk,
            code=plan.code,
            title=plan.title,
            type=plan.type,
            generation=plan.generation,
            year_from=plan.year_from,
            owner_id=plan.owner_id,
            has_agreement=plan.has_agreement,
            money_kind=Kind(plan.currency, Vat(plan.vat), plan.price_base),
            held=may(actor, "edit_plan", Thing(plan.territory_id, plan.owner_id)) is None,
            nodes=tuple(nodes.get(plan.pk, ())),
        )
        for plan in plans
    )


def listing_under(actor: Actor, plan_id: UUID, code: str) -> int | None:
    """The listing that a plan holds under a code; None without, or where the actor may not know of it."""
    row = PlanMembership.objects.filter(plan_id=plan_id, code=code.strip()).select_related("measure").first()
    if row is None or not code.strip() or not sees(actor, thing_of(row.measure)):
        return None
    return row.pk


__all__ = ["NodeChoice", "PlanChoice", "listing_under", "plan_choices"]
