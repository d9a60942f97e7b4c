"""The listings of a measure as read: their aid, its next steps, the generations before and after."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import maturity
from belvedere.domains.plans.models import Measure, Plan, PlanMembership, Succession
from belvedere.domains.plans.policies import Thing, may, sees
from belvedere.domains.plans.standing import Standing
from belvedere.domains.plans.states import Agreement, Priority
from belvedere.domains.plans.views import Generation, Listing
from belvedere.domains.plans.vocabulary import Continuity, Contribution
from belvedere.domains.plans.writing import thing_of
from belvedere.kernel.money import Kind, Money, Vat

FARTHEST = 12  # generations; a chain longer than that is a mistake in the data


def listing_views(actor: Actor, measure: Measure, standing: Standing) -> tuple[Listing, ...]:
    """Every listing of the measure, by kind of plan, newest generation first."""
    rows = list(
        PlanMembership.objects.filter(measure=measure)
        .select_related("plan", "node")
        .order_by("plan__type", "-plan__generation", "plan__code")
    )
    ids = [row.pk for row in rows]
    before, after = _chain(ids, older=True), _chain(ids, older=False)
    return tuple(
        _view(actor, measure, standing, row, before.get(row.pk, []), after.get(row.pk, [])) for row in rows
    )


Link = tuple[int, Succession]  # how far away, and the link that leads there


def _chain(ids: Iterable[int], *, older: bool) -> dict[int, list[Link]]:
    """By listing, the links towards older or younger generations, nearest first: a query a generation."""
    found: dict[int, list[Link]] = {}
    roots: dict[int, set[int]] = {pk: {pk} for pk in ids}  # where the walk stands -> whom it is for
    passed: set[tuple[int, int]] = set()
    here, there = ("listing_id", "previous_id") if older else ("previous_id", "listing_id")
    for away in range(1, FARTHEST + 1):
        if not roots:
            break
        links = Succession.objects.filter(**{f"{here}__in": list(roots)}).select_related(
            "listing__plan", "listing__measure", "previous__plan", "previous__measure"
        )
        following: dict[int, set[int]] = {}
        for link in links.order_by("id"):
            for root in roots[getattr(link, here)]:
                key = (root, getattr(link, there))
                if key not in passed:
                    passed.add(key)
                    found.setdefault(root, []).append((away, link))
                    following.setdefault(key[1], set()).add(root)
        roots = following
    return found


def _view(
    actor: Actor,
    measure: Measure,
    standing: Standing,
    row: PlanMembership,
    before: list[Link],
    after: list[Link],
) -> Listing:
    plan = row.plan
    track = maturity.Track.AGREEMENT
    past = tuple(_generation(actor, measure.pk, link.previous, link, away) for away, link in before)
    return Listing(
        plan_id=row.plan_id,
        plan_code=plan.code,
        plan_title=plan.title,
        generation=plan.generation,
        code=row.code,
        are_code=row.are_code,
        priority=Priority(row.priority),
        horizon=(row.horizon_from, row.horizon_to),
        start_deadline=row.start_deadline,
        node_title=row.node.title if row.node else {},
        previous=", ".join(_brief(one) for one in past if one.steps_away == 1),
        id=row.pk,
        node_id=row.node_id,
        listed_cost=_listed(row),
        listed_cost_note=row.listed_cost_note,
        assessed=Priority(row.assessed_priority),
        has_agreement=plan.has_agreement,
        agreement=Agreement(row.agreement),
        agreement_number=row.agreement_number,
        financing_number=row.financing_number,
        financing_date=row.financing_date,
        contribution=Contribution(row.contribution),
        claim_deadline=row.claim_deadline,
        deadlines_frozen_on=row.deadlines_frozen_on,
        deadline_source=row.deadline_source,
        steps=maturity.steps(standing, track, row.pk) if plan.has_agreement else (),
        before=past,
        after=tuple(_generation(actor, measure.pk, link.listing, link, away) for away, link in after),
        may=_may(actor, measure, plan),
    )


def _may(actor: Actor, measure: Measure, plan: Plan) -> frozenset[str]:
    thing, held = thing_of(measure), Thing(plan.territory_id, plan.owner_id)
    holds = may(actor, "edit_plan", held) is None
    allowed = {"edit_plan"} if holds else set()
    if holds or may(actor, "edit", thing) is None:
        allowed.add("edit_listing")
    if holds or may(actor, "move_agreement", thing) is None:
        allowed.add("move_agreement")
    return frozenset(allowed)


def _listed(row: PlanMembership) -> Money | None:
    plan = row.plan
    if row.listed_cost is None:
        return None
    return Money(row.listed_cost, Kind(plan.currency, Vat(plan.vat), plan.price_base))


def _brief(one: Generation) -> str:
    return f"{one.plan_code} · {one.code}" + (f" ({one.priority})" if one.priority else "")


def _generation(
    actor: Actor, measure_id: UUID, other: PlanMembership, link: Succession, away: int
) -> Generation:
    known = sees(actor, thing_of(other.measure))
    return Generation(
        listing_id=other.pk,
        plan_code=other.plan.code,
        generation=other.plan.generation,
        code=other.code,
        priority=Priority(other.priority),
        assessed=Priority(other.assessed_priority),
        listed_cost=_listed(other) if known else None,
        listed_cost_note=other.listed_cost_note if known else "",
        relation=Continuity(link.relation),
        steps_away=away,
        measure_id=other.measure_id if known else None,
        measure_title=other.measure.title if known else {},
        same_measure=other.measure_id == measure_id,
    )
