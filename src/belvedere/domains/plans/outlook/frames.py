"""Ceilings: what an organisation, a plan or an axis of it may spend net in a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Frame, Plan, PlanNode
from belvedere.domains.plans.outlook.keeping import allow, entry
from belvedere.domains.plans.outlook.values import FrameDraft
from belvedere.domains.plans.parts import money_fields
from belvedere.domains.plans.policies import require_outlook
from belvedere.domains.plans.vocabulary import Nature
from belvedere.duties.journal.public import record_many
from belvedere.kernel.errors import N_, InvalidInput, NotFound
from belvedere.kernel.money import Money

Key = tuple[UUID | None, UUID | None, int, str]


@dataclass(frozen=True, slots=True)
class FrameView:
    """A ceiling as it stands. `nature` None: all spending."""

    id: UUID
    year: int
    ceiling: Money
    nature: Nature | None
    plan_id: UUID | None
    node_id: UUID | None
    source: str
    decided_on: date | None


def frames(actor: Actor, territory_id: UUID, organisation_id: UUID) -> tuple[FrameView, ...]:
    """The ceilings of an organisation: its own, then those of plans and axes, by year."""
    require_outlook(actor, territory_id, organisation_id)
    rows = Frame.objects.filter(territory_id=territory_id, organisation_id=organisation_id)
    ordered = sorted(
        rows, key=lambda row: (str(row.plan_id or ""), str(row.node_id or ""), row.year, row.nature)
    )
    return tuple(_view(row) for row in ordered)


def _view(row: Frame) -> FrameView:
    return FrameView(
        row.pk,
        row.year,
        Money(row.ceiling, row.money_kind),
        Nature(row.nature) if row.nature else None,
        row.plan_id,
        row.node_id,
        row.source,
        row.decided_on,
    )


def set_frames(
    *,
    actor: Actor,
    territory_id: UUID,
    organisation_id: UUID,
    drafts: Sequence[FrameDraft],
    reason: str = "",
) -> None:
    """Set ceilings; one of the same plan, axis, year and nature is replaced, the others stay."""
    allow(actor, "edit_frames", territory_id, organisation_id)
    plans = _plans_of(territory_id, drafts)
    keyed: dict[Key, FrameDraft] = {}
    for draft, plan_id in zip(drafts, plans, strict=True):
        key = (plan_id, draft.node_id, draft.year, draft.nature or "")
        if key in keyed:
            raise InvalidInput(
                N_("The ceiling of {year} stands twice. Keep one."), year=draft.year, field="year"
            )
        keyed[key] = draft
    with transaction.atomic():
        rows = Frame.objects.select_for_update().filter(organisation_id=organisation_id)
        known = {(row.plan_id, row.node_id, row.year, row.nature): row for row in rows}
        _check_natures({*known, *keyed})
        entries = []
        for key, draft in keyed.items():
            row = known.get(key) or Frame(territory_id=territory_id, organisation_id=organisation_id)
            before = _said(row) if key in known else {}
            row.plan_id, row.node_id, row.year, row.nature = key
            _fill(row, draft)
            after = _said(row)
            if before == after:
                continue
            row.save()
            entries.append(
                entry(
                    actor,
                    verb="set_frames",
                    subject=("plans.frame", row.pk),
                    territory_id=territory_id,
                    before=before,
                    after=after,
                    reason=reason,
                )
            )
        record_many(entries)


def _plans_of(territory_id: UUID, drafts: Sequence[FrameDraft]) -> list[UUID | None]:
    """The plan of each draft, an axis telling its own; refuses those of another territory."""
    nodes = dict(
        PlanNode.objects.filter(
            pk__in={draft.node_id for draft in drafts if draft.node_id}, plan__territory_id=territory_id
        ).values_list("pk", "plan_id")
    )
    wanted = {draft.plan_id for draft in drafts if draft.plan_id}
    known = set(Plan.objects.filter(pk__in=wanted, territory_id=territory_id).values_list("pk", flat=True))
    found: list[UUID | None] = []
    for draft in drafts:
        if draft.plan_id is not None and draft.plan_id not in known:
            raise InvalidInput(N_("This plan is not one of this territory."), field="plan")
        plan_id = draft.plan_id
        if draft.node_id is not None:
            plan_id = nodes.get(draft.node_id)
            if plan_id is None or draft.plan_id not in (None, plan_id):
                raise InvalidInput(N_("This axis is not one of the plan."), field="node")
        found.append(plan_id)
    return found


def _check_natures(keys: Iterable[Key]) -> None:
    """A ceiling for all spending beside one for a part of it would count twice."""
    natures: dict[tuple[UUID | None, UUID | None, int], set[str]] = defaultdict(set)
    for plan_id, node_id, year, nature in keys:
        natures[plan_id, node_id, year].add(nature)
    for (_plan, _node, year), found in natures.items():
        if "" in found and len(found) > 1:
            raise InvalidInput(
                N_(
                    "In {year} a ceiling for all spending would stand beside one for investment or "
                    "operation. Remove one of them first."
                ),
                year=year,
                field="nature",
            )


def _fill(row: Frame, draft: FrameDraft) -> None:
    row.ceiling, row.source, row.decided_on = draft.ceiling.amount, draft.source, draft.decided_on
    for name, value in money_fields(draft.ceiling).items():
        setattr(row, name, value)


def remove_frame(*, actor: Actor, frame_id: UUID, reason: str = "") -> None:
    """Take a ceiling away; the journal keeps what it said."""
    with transaction.atomic():
        row = Frame.objects.select_for_update().filter(pk=frame_id).first()
        if row is None:
            raise NotFound(N_("This ceiling is gone: someone removed it."))
        allow(actor, "edit_frames", row.territory_id, row.organisation_id)
        done = entry(
            actor,
            verb="remove_frame",
            subject=("plans.frame", row.pk),
            territory_id=row.territory_id,
            before=_said(row),
            reason=reason,
        )
        row.delete()
        record_many([done])


def _said(row: Frame) -> dict[str, Any]:
    return {
        "organisation": str(row.organisation_id),
        "plan": str(row.plan_id or ""),
        "node": str(row.node_id or ""),
        "year": row.year,
        "nature": str(row.nature),
        "ceiling": str(Money(row.ceiling, row.money_kind)),
        "source": row.source,
        "decided_on": row.decided_on.isoformat() if row.decided_on else None,
    }
