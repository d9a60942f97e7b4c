"""Verbs on the listings of a measure: which plan lists it, from which listing it comes, its aid.

Who may change the measure may list it; who may change the plan may too, on the measures he sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import maturity
from belvedere.domains.plans.errors import AlreadyThere, ImpossibleTransition, NoSuchListing, NoSuchPlan
from belvedere.domains.plans.models import DeadlineRule, Measure, Plan, PlanMembership, PlanNode, Succession
from belvedere.domains.plans.parts import membership_row
from belvedere.domains.plans.policies import Thing, may, sees
from belvedere.domains.plans.standing import standing_of
from belvedere.domains.plans.states import Agreement, Priority
from belvedere.domains.plans.values import MembershipDraft
from belvedere.domains.plans.vocabulary import Continuity
from belvedere.domains.plans.writing import Change, already_there, changing, thing_of
from belvedere.domains.territory.public import OrganisationKind
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused

# What a draft sets; the fields of the deadlines are guarded apart.
FIELDS = (
    "node_id",
    "code",
    "are_code",
    "priority",
    "horizon_from",
    "horizon_to",
    "listed_cost",
    "listed_cost_note",
    "contribution",
)
DEADLINES = ("start_deadline", "claim_deadline", "deadline_source")
# While a listing stands in these it may be taken out of its plan: nothing was agreed yet.
LOOSE = frozenset({Agreement.NOT_LISTED, Agreement.PROPOSED, Agreement.ASSESSED})


@contextmanager
def _changing(
    actor: Actor,
    measure_id: UUID,
    plan: Plan,
    *,
    verb: str,
    reason: str,
    version: int | None,
    right: str = "edit",
) -> Iterator[Change]:
    holder = Thing(plan.territory_id, plan.owner_id)
    try:
        with changing(
            actor, measure_id, verb=verb, right=right, reason=reason, version=version, holder=holder
        ) as change:
            if plan.territory_id != change.measure.territory_id:
                raise NoSuchPlan(N_("There is no such plan."))
            yield change
            if change.after or change.before:
                change.after["plan"] = plan.code
    except IntegrityError as error:
        raise already_there(error) from error


def _plan(plan_id: UUID) -> Plan:
    plan = Plan.objects.select_related("owner").filter(pk=plan_id).first()
    if plan is None:
        raise NoSuchPlan(N_("There is no such plan."))
    return plan


def _listing(measure_id: UUID, listing_id: int) -> PlanMembership:
    row = (
        PlanMembership.objects.select_related("plan__owner")
        .filter(pk=listing_id, measure_id=measure_id)
        .first()
    )
    if row is None:
        raise NoSuchListing(N_("The plan no longer lists this measure. Open the measure again."))
    return row


def list_in_plan(
    *, actor: Actor, measure_id: UUID, version: int | None, draft: MembershipDraft, reason: str = ""
) -> int:
    """List the measure in a plan; gives the identifier of the listing.

    A commune's own plan is its own affair: a measure of another owner enters it by the commune only.
    """
    plan = _plan(draft.plan_id)
    with _changing(actor, measure_id, plan, verb="list_in_plan", reason=reason, version=version) as change:
        measure = change.measure
        _check_own_plan(actor, measure, plan)
        if PlanMembership.objects.filter(measure=measure, plan=plan).exists():
            raise AlreadyThere(N_("The plan already lists this measure."), field="plan")
        _check_draft(plan, draft, None)
        row = membership_row(measure, draft)
        row.save(force_insert=True)
        change.note("listing", None, row.code or plan.code)
        if draft.previous_plan_id is not None:
            previous = PlanMembership.objects.filter(measure=measure, plan_id=draft.previous_plan_id).first()
            if previous is None:
                raise InvalidInput(
                    N_("The plan of the generation before does not list this measure."), field="previous"
                )
            _set_predecessors(change, row, [previous], draft.relation)
    return row.pk


def _check_own_plan(actor: Actor, measure: Measure, plan: Plan) -> None:
    if plan.owner_id == measure.owner_id or plan.owner.kind != OrganisationKind.COMMUNE:
        return
    if may(actor, "edit_plan", Thing(plan.territory_id, plan.owner_id)) is not None:
        raise Refused(
            N_("The plan {plan} is another commune's. Ask it to list the measure."),
            code="may_not_edit_plan",
            plan=plan.code,
        )


def _check_draft(plan: Plan, draft: MembershipDraft, row_id: int | None) -> None:
    if draft.node_id is not None and not PlanNode.objects.filter(pk=draft.node_id, plan=plan).exists():
        raise InvalidInput(N_("This axis is not of this plan."), field="node")
    twins = PlanMembership.objects.filter(plan=plan, code=draft.code).values_list("pk", flat=True)
    if draft.code and set(twins) - {row_id}:
        raise AlreadyThere(N_("The plan already lists a measure under this code."), field="code")


def edit_listing(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    listing_id: int,
    draft: MembershipDraft,
    reason: str = "",
) -> None:
    """Make a listing say what `draft` says (plan and generation before stay).

    Deadlines that were frozen move only with a reason and another source: the letter that extends them.
    """
    row = _listing(measure_id, listing_id)
    plan = row.plan
    with _changing(actor, measure_id, plan, verb="edit_listing", reason=reason, version=version) as change:
        row = _listing(measure_id, listing_id)  # again, now that the measure is locked
        if draft.plan_id != row.plan_id:
            raise InvalidInput(
                N_("A listing stays in its plan. List the measure in the other one."), field="plan"
            )
        _check_draft(plan, draft, row.pk)
        fresh = membership_row(change.measure, draft)
        _check_frozen(row, fresh, reason)
        for name in (*FIELDS, *DEADLINES):
            _move(change, row, name, getattr(fresh, name))
        row.save()


def _check_frozen(row: PlanMembership, fresh: PlanMembership, reason: str) -> None:
    if row.deadlines_frozen_on is None:
        return
    if fresh.contribution != row.contribution:
        raise Conflict(
            N_("The kind of contribution is part of the agreement and stays."), field="contribution"
        )
    moved = any(getattr(row, name) != getattr(fresh, name) for name in DEADLINES[:2])
    if moved and (not reason.strip() or fresh.deadline_source in ("", row.deadline_source)):
        raise InvalidInput(
            N_(
                "These deadlines were frozen when the measure entered the agreement. To move them, name the "
                "letter of the authority as their source and say why."
            ),
            field="start_deadline",
        )


def _move(change: Change, row: PlanMembership, name: str, value: Any) -> None:
    if change.note(name, _said(getattr(row, name)), _said(value)):
        setattr(row, name, value)


def _said(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def unlist(*, actor: Actor, measure_id: UUID, version: int | None, listing_id: int, reason: str) -> None:
    """Take the measure out of a plan; what was agreed, or continues in a later generation, stays."""
    row = _listing(measure_id, listing_id)
    with _changing(actor, measure_id, row.plan, verb="unlist", reason=reason, version=version) as change:
        row = _listing(measure_id, listing_id)  # again, now that the measure is locked
        if not reason.strip():
            raise InvalidInput(N_("Say why: the reason is kept in the journal."), field="reason")
        if Agreement(row.agreement) not in LOOSE:
            raise Conflict(
                N_("The measure is in the agreement of {plan}. Declare the aid forfeited instead."),
                plan=row.plan.code,
            )
        if Succession.objects.filter(previous=row).exists():
            raise Conflict(
                N_("A later generation continues this listing. It stays, so that the story can be told.")
            )
        change.note("listing", row.code or row.plan.code, None)
        row.delete()


# ------------------------------------------------------------------ generations
def succeed(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    listing_id: int,
    previous_ids: Sequence[int],
    relation: Continuity,
    reason: str = "",
) -> None:
    """Say which listings of the generation before this one comes from, in place of what was said.

    One for the same, changed, split or replaced; two or more for merged; none to take it back.
    """
    row = _listing(measure_id, listing_id)
    with _changing(actor, measure_id, row.plan, verb="succeed", reason=reason, version=version) as change:
        row = _listing(measure_id, listing_id)  # again, now that the measure is locked
        wanted = list(dict.fromkeys(previous_ids))
        found = {
            one.pk: one
            for one in PlanMembership.objects.filter(pk__in=wanted).select_related("plan", "measure")
        }
        missing = [pk for pk in wanted if pk not in found or not sees(actor, thing_of(found[pk].measure))]
        if missing:
            raise NoSuchListing(N_("The listing of the generation before is not known here."))
        _set_predecessors(change, row, [found[pk] for pk in wanted], relation)


def _set_predecessors(
    change: Change, row: PlanMembership, previous: Sequence[PlanMembership], relation: Continuity
) -> None:
    if previous:
        _check_generations(row, previous, relation)
    kept = list(Succession.objects.filter(listing=row).select_related("previous__plan"))
    before = sorted(f"{link.relation} {_name(link.previous)}" for link in kept)
    after = sorted(f"{relation.value} {_name(one)}" for one in previous)
    if not change.note("succession", before, after):
        return
    Succession.objects.filter(pk__in=[link.pk for link in kept]).delete()
    Succession.objects.bulk_create(
        Succession(listing=row, previous=one, relation=relation) for one in previous
    )


def _name(listing: PlanMembership) -> str:
    return f"{listing.plan.code} {listing.code}".strip()


def _check_generations(row: PlanMembership, previous: Sequence[PlanMembership], relation: Continuity) -> None:
    many = len(previous) > 1
    if many is not (relation is Continuity.MERGED):
        raise InvalidInput(
            N_("A measure comes from one listing before it; only one that was merged comes from several."),
            field="previous",
        )
    for one in previous:
        if one.plan.territory_id != row.plan.territory_id:
            raise NoSuchListing(N_("The listing of the generation before is not known here."))
        if not _earlier(one.plan, row.plan):
            raise InvalidInput(
                N_("{before} is not a generation before {plan}. Choose an earlier plan."),
                before=one.plan.code,
                plan=row.plan.code,
                field="previous",
            )
    taken = Succession.objects.filter(
        previous=previous[0], relation__in=[Continuity.SAME, Continuity.MODIFIED]
    ).exclude(listing=row)
    if relation in (Continuity.SAME, Continuity.MODIFIED) and taken.exists():
        raise AlreadyThere(
            N_("Another listing already continues that one. If it was split, say so."), field="previous"
        )


def _earlier(before: Plan, plan: Plan) -> bool:
    """Whether a plan comes before another; two generations tell, else the first years, else the chain."""
    if before.pk == plan.pk:
        return False
    if before.generation is not None and plan.generation is not None:
        return before.generation < plan.generation
    if before.year_from is not None and plan.year_from is not None:
        return before.year_from < plan.year_from
    return plan.previous_id == before.pk


# ------------------------------------------------------------------ the agreement
def assess(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    listing_id: int,
    priority: Priority,
    reason: str = "",
) -> None:
    """Record the priority that the authority gave; a proposed measure is then assessed."""
    row = _listing(measure_id, listing_id)
    with _changing(
        actor, measure_id, row.plan, verb="assess", reason=reason, version=version, right="move_agreement"
    ) as change:
        row = _listing(measure_id, listing_id)  # again, now that the measure is locked
        if priority is Priority.NONE:
            raise InvalidInput(
                N_("Record the priority that the authority gave: A, B or C."), field="priority"
            )
        if Agreement(row.agreement) not in LOOSE:
            raise Conflict(
                N_("The measure is in the agreement of {plan}: its assessment stays."), plan=row.plan.code
            )
        _move(change, row, "assessed_priority", priority.value)
        if row.agreement == Agreement.PROPOSED:
            _step(change, row, Agreement.ASSESSED, reason)
        row.save()


def move_agreement(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    listing_id: int,
    to: Agreement,
    agreement_number: str | None = None,
    financing_number: str | None = None,
    financing_date: date | None = None,
    reason: str = "",
) -> None:
    """Move the aid of one listing through the table of `maturity`; what is None stays.

    Entering the agreement freezes the deadlines of the rule in force that day.
    """
    row = _listing(measure_id, listing_id)
    with _changing(
        actor,
        measure_id,
        row.plan,
        verb="move_agreement",
        reason=reason,
        version=version,
        right="move_agreement",
    ) as change:
        row = _listing(measure_id, listing_id)  # again, now that the measure is locked
        numbers = {"agreement_number": agreement_number, "financing_number": financing_number}
        for name, number in numbers.items():
            if number is not None:
                _move(change, row, name, number.strip()[:60])
        if financing_date is not None:
            _move(change, row, "financing_date", financing_date)
        if to is not Agreement(row.agreement):
            _step(change, row, to, reason)
        row.save()


def _step(change: Change, row: PlanMembership, to: Agreement, reason: str) -> None:
    standing = standing_of(change.measure)
    now = standing.listing(row.pk)
    if now is None:
        raise ImpossibleTransition(N_("The plan no longer lists this measure. Open the measure again."))
    fresh = replace(
        now,
        assessed=Priority(row.assessed_priority),
        agreement_number=row.agreement_number,
        financing_number=row.financing_number,
        financing_date=row.financing_date,
    )
    step = maturity.take(standing, maturity.Track.AGREEMENT, to.value, reason=reason, listing=fresh)
    _move(change, row, "agreement", to.value)
    if step.freezes:
        freeze(change, row, today())


def freeze(change: Change, row: PlanMembership, day: date) -> None:
    """Copy the deadlines of the rule in force on `day` onto the listing, once."""
    if row.deadlines_frozen_on is not None:
        return
    rule = (
        DeadlineRule.objects.filter(plan=row.plan_id, contribution=row.contribution, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    if rule is not None:
        _move(change, row, "start_deadline", rule.start_by)
        _move(change, row, "claim_deadline", rule.claim_by)
        _move(change, row, "deadline_source", rule.source)
    if row.start_deadline is not None or row.claim_deadline is not None:
        _move(change, row, "deadlines_frozen_on", day)
