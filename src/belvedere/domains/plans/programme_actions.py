"""Verbs on all the listings of a plan at once: its programme is handed in, the authority's review comes back.

Not for one listing (`listing_actions`); both walk the same table of `maturity`.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import maturity
from belvedere.domains.plans.errors import NoSuchListing, NoSuchPlan
from belvedere.domains.plans.models import Measure, Plan, PlanMembership
from belvedere.domains.plans.policies import Thing, require, sees
from belvedere.domains.plans.standing import Standing, listing_facts
from belvedere.domains.plans.states import Agreement, Priority
from belvedere.domains.plans.writing import derive_figures, entry_of, thing_of
from belvedere.duties.journal.public import record_many
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_, InvalidInput


def hand_in_programme(*, actor: Actor, plan_id: UUID, reason: str = "") -> int:
    """Propose every measure that the plan lists and has not proposed yet; gives how many.

    Measures that the actor may not know of stay as they are.
    """
    with transaction.atomic():
        plan = _locked(actor, plan_id)
        rows = [row for row in _listings(actor, plan) if row.agreement == Agreement.NOT_LISTED]
        before = {row.pk: _said(row) for row in rows}
        for row in rows:
            _walk(row, Agreement.PROPOSED, reason)
        _keep(actor, rows, before, "hand_in_programme", reason)
    return len(rows)


def record_review(
    *, actor: Actor, plan_id: UUID, priorities: Mapping[UUID, Priority], reason: str = ""
) -> int:
    """Record the priorities that the authority gave, by measure; what was proposed is then assessed.

    A measure that is further on its way to the agreement refuses: nothing is written.
    """
    if Priority.NONE in priorities.values():
        raise InvalidInput(N_("Record the priority that the authority gave: A, B or C."), field="priority")
    with transaction.atomic():
        plan = _locked(actor, plan_id)
        rows = [row for row in _listings(actor, plan) if row.measure_id in priorities]
        if len(rows) != len(priorities):
            raise NoSuchListing(N_("The plan does not list all of these measures. Nothing was written."))
        before = {row.pk: _said(row) for row in rows}
        for row in rows:
            row.assessed_priority = priorities[row.measure_id].value
            if row.agreement != Agreement.ASSESSED:
                _walk(row, Agreement.ASSESSED, reason)
        _keep(actor, rows, before, "record_review", reason)
    return len(rows)


def _locked(actor: Actor, plan_id: UUID) -> Plan:
    plan = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise NoSuchPlan(N_("There is no such plan."))
    require(actor, "edit_plan", Thing(plan.territory_id, plan.owner_id))
    return plan


def _listings(actor: Actor, plan: Plan) -> list[PlanMembership]:
    """Those of measures that the actor may know of."""
    rows = PlanMembership.objects.select_for_update(of=("self", "measure")).filter(plan=plan)
    found = rows.select_related("measure__owner", "plan").order_by("pk")
    return [row for row in found if sees(actor, thing_of(row.measure))]


def _walk(row: PlanMembership, to: Agreement, reason: str) -> None:
    """One step of the table; neither of the two asks for anything but the listing itself."""
    maturity.take(
        Standing(today()), maturity.Track.AGREEMENT, to.value, reason=reason, listing=listing_facts(row)
    )
    row.agreement = to.value


def _said(row: PlanMembership) -> dict[str, str]:
    return {"agreement": str(row.agreement), "assessed_priority": str(row.assessed_priority)}


def _keep(
    actor: Actor,
    rows: list[PlanMembership],
    before: Mapping[int, dict[str, str]],
    verb: str,
    reason: str,
) -> None:
    changed = [row for row in rows if _said(row) != before[row.pk]]
    PlanMembership.objects.bulk_update(changed, ["agreement", "assessed_priority"])
    moment = now()
    for row in changed:
        row.measure.version += 1
        row.measure.updated_at = moment
    Measure.objects.bulk_update([row.measure for row in changed], ["version", "updated_at"])
    derive_figures([row.measure_id for row in changed])
    record_many(
        entry_of(
            actor,
            row.measure,
            verb=verb,
            before=before[row.pk],
            after={**_said(row), "plan": row.plan.code},
            reason=reason,
        )
        for row in changed
    )


__all__ = ["hand_in_programme", "record_review"]
