"""Listings in plans: who may, generations told, the agreement walked, deadlines frozen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere, ChangedMeanwhile, ImpossibleTransition
from belvedere.domains.plans.models import Decision, Plan, PlanMembership, Succession
from belvedere.domains.plans.public import (
    actions,
    listing_actions,
    page,
    plan_actions,
    states,
    values,
    views,
    vocabulary,
)
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused
from belvedere.kernel.money import Kind, Vat
from tests.domains.plans.drafts import draft, full

pytestmark = pytest.mark.django_db
AGREEMENT = states.Agreement
A = states.Priority.A


@pytest.fixture
def measure(valbelle: Any) -> UUID:
    return actions.create_measure(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=full(valbelle.montaigu, valbelle.canton, phase="2"),
    )


def programme(valbelle: Any, generation: int, *, owner: Any = None, **more: Any) -> UUID:
    return plan_actions.create_plan(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        owner_id=(owner or valbelle.body).pk,
        type=more.pop("type", "agglomeration_programme"),
        code=more.pop("code", f"PA{generation}"),
        title={"fr": f"PA{generation}"},
        money_kind=Kind("CHF", Vat.EXCLUDED, "2020-10"),
        generation=generation,
        has_agreement=True,
        **more,
    )


def listed(actor: Actor, measure: UUID, plan: UUID, **more: Any) -> int:
    return listing_actions.list_in_plan(
        actor=actor, measure_id=measure, version=None, draft=values.MembershipDraft(plan_id=plan, **more)
    )


def seen(measure: UUID, plan: UUID) -> views.Listing:
    view = page.measure_page(Actor.system(), measure, language="fr")
    return next(listing for listing in view.listings if listing.plan_id == plan)


# ------------------------------------------------------------------ who may
@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("lead", None),
        ("contributor", None),
        ("office", None),  # holds the plan and sees its members' measures
        ("governor", None),
        ("finance", Refused),
        ("reader", Refused),
        ("elected", Refused),
        ("neighbour", NotFound),
        ("stranger", NotFound),
        ("nobody", NotFound),
    ],
)
def test_who_may_list_a_measure(who: str, outcome: Any, people: Any, valbelle: Any, measure: UUID) -> None:
    plan = programme(valbelle, 5)
    if outcome is None:
        listed(people.actor(who), measure, plan, code="M-1", priority=A)
        assert seen(measure, plan).code == "M-1"
        return
    with pytest.raises(outcome):
        listed(people.actor(who), measure, plan)
    assert not PlanMembership.objects.exists()


def test_the_plan_of_another_commune_is_its_own(people: Any, valbelle: Any, measure: UUID) -> None:
    theirs = programme(valbelle, 1, owner=valbelle.rochefort, type="investment_plan", code="PPI-R")
    ours = programme(valbelle, 1, owner=valbelle.montaigu, type="investment_plan", code="PPI-M")
    listed(people.actor("lead"), measure, ours)
    with pytest.raises(Refused):
        listed(people.actor("lead"), measure, theirs)
    with pytest.raises(NotFound):  # and they do not see ours while it is not published
        listed(people.actor("neighbour"), measure, theirs)
    actions.publish_measure(actor=people.actor("lead"), measure_id=measure, version=None, published=True)
    listed(people.actor("neighbour"), measure, theirs)


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("lead", None),
        ("office", None),
        ("contributor", Refused),
        ("finance", Refused),
        ("neighbour", NotFound),
    ],
)
def test_who_may_move_the_agreement(
    who: str, outcome: Any, people: Any, valbelle: Any, measure: UUID
) -> None:
    plan = programme(valbelle, 5)
    listing = listed(people.actor("lead"), measure, plan)

    def act() -> None:
        listing_actions.move_agreement(
            actor=people.actor(who),
            measure_id=measure,
            version=None,
            listing_id=listing,
            to=AGREEMENT.PROPOSED,
        )

    if outcome is None:
        act()
        assert seen(measure, plan).agreement is AGREEMENT.PROPOSED
    else:
        with pytest.raises(outcome):
            act()
        assert seen(measure, plan).agreement is AGREEMENT.NOT_LISTED


def test_a_page_says_what_its_reader_may(people: Any, valbelle: Any, measure: UUID) -> None:
    listed(people.actor("lead"), measure, programme(valbelle, 5))
    may = {
        who: page.measure_page(people.actor(who), measure, language="fr").listings[0].may
        for who in ("lead", "contributor", "office", "reader")
    }
    assert may["lead"] == {"edit_listing", "move_agreement"}
    assert may["contributor"] == {"edit_listing"}
    assert may["office"] == {"edit_listing", "move_agreement", "edit_plan"}
    assert may["reader"] == frozenset()


# ------------------------------------------------------------------ listing, changing, taking out
def test_a_listing_is_made_changed_and_taken_out(people: Any, valbelle: Any, measure: UUID) -> None:
    lead, plan = people.actor("lead"), programme(valbelle, 5)
    node = plan_actions.add_node(
        actor=people.actor("office"), plan_id=plan, code="MD", title={"fr": "Mobilité"}
    )
    listing = listed(
        lead, measure, plan, code="M-1", listed_cost=Decimal("4200000"), listed_cost_note="4,2 mio"
    )
    with pytest.raises(AlreadyThere):
        listed(lead, measure, plan)
    fresh = values.MembershipDraft(
        plan_id=plan, code="M-2", node_id=node, priority=A, are_code="2399.5.001", horizon=(2028, 2031)
    )
    listing_actions.edit_listing(
        actor=lead, measure_id=measure, version=2, listing_id=listing, draft=fresh, reason=""
    )
    view = seen(measure, plan)
    assert (view.code, view.node_title, view.priority, view.horizon) == (
        "M-2",
        {"fr": "Mobilité"},
        A,
        (2028, 2031),
    )
    assert view.listed_cost is None and view.are_code == "2399.5.001"
    with pytest.raises(ChangedMeanwhile):
        listing_actions.edit_listing(
            actor=lead, measure_id=measure, version=2, listing_id=listing, draft=fresh
        )
    with pytest.raises(InvalidInput):
        listing_actions.unlist(actor=lead, measure_id=measure, version=None, listing_id=listing, reason=" ")
    listing_actions.unlist(actor=lead, measure_id=measure, version=3, listing_id=listing, reason="Doublon")
    assert not PlanMembership.objects.exists()
    verbs = list(EntryRow.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-3:] == ["plans.list_in_plan", "plans.edit_listing", "plans.unlist"]


def test_a_code_and_an_axis_are_of_the_plan(people: Any, valbelle: Any, measure: UUID) -> None:
    lead, plan, other = people.actor("lead"), programme(valbelle, 5), programme(valbelle, 4)
    node = plan_actions.add_node(actor=people.actor("office"), plan_id=other, code="X", title={"fr": "X"})
    second = actions.create_measure(
        actor=lead, territory_id=valbelle.territory.pk, draft=draft(valbelle.montaigu, "Autre")
    )
    listed(lead, second, plan, code="M-1")
    with pytest.raises(AlreadyThere):
        listed(lead, measure, plan, code="M-1")
    with pytest.raises(InvalidInput):
        listed(lead, measure, plan, node_id=node)
    assert PlanMembership.objects.count() == 1


# ------------------------------------------------------------------ generations
def test_the_story_of_a_measure_through_three_generations(people: Any, valbelle: Any, measure: UUID) -> None:
    lead = people.actor("lead")
    plans = [programme(valbelle, generation) for generation in (3, 4, 5)]
    letters = [states.Priority.C, states.Priority.B, A]
    ids = [
        listed(
            lead,
            measure,
            plan,
            code=f"M-{n}",
            priority=letter,
            listed_cost=Decimal(1_000_000 * (n + 3)),
            previous_plan_id=plans[n - 1] if n else None,
        )
        for n, (plan, letter) in enumerate(zip(plans, letters, strict=True))
    ]
    newest, middle, oldest = (seen(measure, plan) for plan in reversed(plans))
    told = [(g.plan_code, g.code, g.priority.value, g.steps_away) for g in newest.before]
    assert told == [("PA4", "M-1", "B", 1), ("PA3", "M-0", "C", 2)]
    assert [g.listed_cost.amount for g in newest.before if g.listed_cost] == [4_000_000, 3_000_000]
    assert [g.plan_code for g in oldest.after] == ["PA4", "PA5"]
    assert ([g.plan_code for g in middle.before], [g.plan_code for g in middle.after]) == (["PA3"], ["PA5"])
    assert newest.previous == "PA4 · M-1 (B)"
    with pytest.raises(Conflict):
        listing_actions.unlist(
            actor=lead, measure_id=measure, version=None, listing_id=ids[0], reason="Vieux"
        )


def succeed(actor: Actor, measure: UUID, listing: int, previous: list[int], relation: str) -> None:
    listing_actions.succeed(
        actor=actor,
        measure_id=measure,
        version=None,
        listing_id=listing,
        previous_ids=previous,
        relation=vocabulary.Continuity(relation),
    )


def test_split_and_merged_across_measures(people: Any, valbelle: Any, measure: UUID) -> None:
    lead, old, new = people.actor("lead"), programme(valbelle, 4), programme(valbelle, 5)
    there = valbelle.territory.pk
    second, third = (
        actions.create_measure(actor=lead, territory_id=there, draft=draft(valbelle.montaigu, title))
        for title in ("Tronçon nord", "Tronçon sud")
    )
    before, also = listed(lead, measure, old, code="O-1"), listed(lead, second, old, code="O-2")
    north, south = listed(lead, second, new, code="N-1"), listed(lead, third, new, code="N-2")
    succeed(lead, second, north, [before], "split")
    succeed(lead, third, south, [before], "split")
    assert [g.code for g in seen(measure, old).after] == ["N-1", "N-2"]
    assert not seen(measure, old).after[0].same_measure
    succeed(lead, second, north, [before, also], "merged")
    assert {g.code for g in seen(second, new).before} == {"O-1", "O-2"}
    with pytest.raises(InvalidInput):
        succeed(lead, second, north, [before], "merged")
    with pytest.raises(InvalidInput):
        succeed(lead, second, north, [before, also], "same")
    with pytest.raises(InvalidInput):  # time runs one way
        succeed(lead, measure, before, [south], "same")
    succeed(lead, third, south, [], "same")
    assert seen(third, new).before == ()
    succeed(lead, third, south, [also], "same")
    succeed(lead, second, north, [], "same")
    with pytest.raises(AlreadyThere):
        succeed(lead, second, north, [also], "same")
    assert Succession.objects.count() == 1


def test_a_generation_of_a_measure_one_may_not_know_of_tells_only_its_code(
    people: Any, valbelle: Any, measure: UUID
) -> None:
    governor, old, new = people.actor("governor"), programme(valbelle, 4), programme(valbelle, 5)
    theirs = actions.create_measure(
        actor=governor, territory_id=valbelle.territory.pk, draft=draft(valbelle.rochefort, "Secret")
    )
    before = listed(governor, theirs, old, code="O-1", listed_cost=Decimal(5))
    listing = listed(governor, measure, new, code="N-1")
    with pytest.raises(NotFound):
        succeed(people.actor("lead"), measure, listing, [before], "replaces")
    succeed(people.actor("office"), measure, listing, [before], "replaces")
    mine = page.measure_page(people.actor("lead"), measure, language="fr").listings[0].before[0]
    assert (mine.code, mine.measure_id, mine.measure_title, mine.listed_cost) == ("O-1", None, {}, None)
    full_view = page.measure_page(people.actor("office"), measure, language="fr").listings[0].before[0]
    assert full_view.measure_id == theirs


# ------------------------------------------------------------------ the agreement
def rules(actor: Actor, plan: UUID, *dates: tuple[str, date]) -> None:
    plan_actions.set_deadline_rules(
        actor=actor,
        plan_id=plan,
        version=None,
        rules=[
            values.DeadlineDraft(
                vocabulary.Contribution.INDIVIDUAL,
                date.fromisoformat(since),
                start_by=start,
                claim_by=date(start.year + 3, 12, 31),
                source=f"ARE, état {since}",
            )
            for since, start in dates
        ],
    )


def move(actor: Actor, measure: UUID, listing: int, to: AGREEMENT, **more: Any) -> None:
    listing_actions.move_agreement(
        actor=actor, measure_id=measure, version=None, listing_id=listing, to=to, **more
    )


def assess(actor: Actor, measure: UUID, listing: int, priority: states.Priority = A) -> None:
    listing_actions.assess(
        actor=actor, measure_id=measure, version=None, listing_id=listing, priority=priority
    )


def test_deadlines_freeze_on_entering_and_stay_when_the_rules_change(
    people: Any, valbelle: Any, measure: UUID
) -> None:
    office, plan = people.actor("office"), programme(valbelle, 5)
    listing = listed(people.actor("lead"), measure, plan, priority=states.Priority.B)
    rules(office, plan, ("2024-01-01", date(2029, 3, 31)), ("2026-06-01", date(2030, 3, 31)))
    move(office, measure, listing, AGREEMENT.PROPOSED)
    with pytest.raises(ImpossibleTransition):
        move(office, measure, listing, AGREEMENT.ASSESSED)
    assess(office, measure, listing)
    view = seen(measure, plan)
    assert (view.agreement, view.priority, view.assessed) == (AGREEMENT.ASSESSED, states.Priority.B, A)
    with pytest.raises(ImpossibleTransition):
        move(office, measure, listing, AGREEMENT.IN_AGREEMENT)
    assert seen(measure, plan).agreement is AGREEMENT.ASSESSED
    with standing_at(datetime(2026, 5, 31, 12, tzinfo=UTC)):
        move(office, measure, listing, AGREEMENT.IN_AGREEMENT, agreement_number="5.12")
    view = seen(measure, plan)
    assert (view.start_deadline, view.claim_deadline) == (date(2029, 3, 31), date(2032, 12, 31))
    assert (view.deadlines_frozen_on, view.deadline_source) == (date(2026, 5, 31), "ARE, état 2024-01-01")
    rules(office, plan, ("2024-01-01", date(2027, 1, 1)))
    assert seen(measure, plan).start_deadline == date(2029, 3, 31)
    move(office, measure, listing, AGREEMENT.FORFEITED, reason="Retard")
    move(office, measure, listing, AGREEMENT.IN_AGREEMENT, reason="Recours admis")
    assert seen(measure, plan).start_deadline == date(2029, 3, 31)


def in_agreement(people: Any, valbelle: Any, measure: UUID) -> tuple[UUID, int]:
    office, plan = people.actor("office"), programme(valbelle, 5)
    listing = listed(people.actor("lead"), measure, plan, code="M-1", priority=A)
    rules(office, plan, ("2024-01-01", date(2029, 3, 31)))
    move(office, measure, listing, AGREEMENT.PROPOSED)
    assess(office, measure, listing)
    move(office, measure, listing, AGREEMENT.IN_AGREEMENT, agreement_number="5.12")
    return plan, listing


def test_frozen_deadlines_move_only_by_a_letter(people: Any, valbelle: Any, measure: UUID) -> None:
    plan, listing = in_agreement(people, valbelle, measure)
    now = seen(measure, plan)

    def edit(reason: str, **more: Any) -> None:
        draft = values.MembershipDraft(
            plan_id=plan,
            code="M-1",
            priority=A,
            **({"start_deadline": now.start_deadline, "deadline_source": now.deadline_source} | more),
            claim_deadline=now.claim_deadline,
        )
        listing_actions.edit_listing(
            actor=people.actor("lead"),
            measure_id=measure,
            version=None,
            listing_id=listing,
            draft=draft,
            reason=reason,
        )

    later = date(2030, 3, 31)
    for reason, source in (("", "Lettre OFROU"), ("Prolongé", now.deadline_source), ("Prolongé", "")):
        with pytest.raises(InvalidInput):
            edit(reason, start_deadline=later, deadline_source=source)
    with pytest.raises(Conflict):
        edit("x", contribution=vocabulary.Contribution.LUMP)
    assert seen(measure, plan).start_deadline == now.start_deadline
    edit("Prolongé", start_deadline=later, deadline_source="Lettre OFROU du 3.2.2027")
    assert seen(measure, plan).start_deadline == later
    with pytest.raises(Conflict):
        listing_actions.unlist(
            actor=people.actor("lead"), measure_id=measure, version=None, listing_id=listing, reason="Non"
        )
    with pytest.raises(Conflict):
        assess(people.actor("office"), measure, listing, states.Priority.C)


def test_works_wait_for_the_signature(people: Any, valbelle: Any, measure: UUID) -> None:
    lead = people.actor("lead")
    _plan, listing = in_agreement(people, valbelle, measure)
    begun = values.PhaseDraft("5", actual=(date(2026, 4, 1), None))

    def begin() -> None:
        actions.set_phase_dates(actor=lead, measure_id=measure, version=None, phases=[begun])

    with pytest.raises(ImpossibleTransition):
        actions.change_implementation(
            actor=lead, measure_id=measure, version=None, to=states.Implementation.IN_PROGRESS, reason=""
        )
    with standing_at(datetime(2026, 5, 1, tzinfo=UTC)), pytest.raises(ImpossibleTransition):
        begin()
    with standing_at(datetime(2026, 5, 1, tzinfo=UTC)):
        from belvedere.domains.plans.public import money_actions
        from tests.faces.web.plans_examples import point

        money_actions.add_site(actor=lead, measure_id=measure, version=None, draft=point())
        move(lead, measure, listing, AGREEMENT.REQUESTED)
        signed = {"financing_number": "FV-7", "financing_date": date(2026, 3, 15)}
        move(lead, measure, listing, AGREEMENT.SIGNED, **signed)
        begin()
        move(lead, measure, listing, AGREEMENT.WORKS_STARTED)
    view = page.measure_page(lead, measure, language="fr")
    assert view.listings[0].agreement is AGREEMENT.WORKS_STARTED
    assert [step.to for step in view.listings[0].steps] == ["claims", "forfeited"]


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("reader", Refused),
        ("finance", Refused),
        ("elected", Refused),
        ("neighbour", NotFound),
        ("stranger", NotFound),
        ("nobody", NotFound),
    ],
)
def test_those_who_may_change_nothing_of_a_listing(
    who: str, outcome: Any, people: Any, valbelle: Any, measure: UUID
) -> None:
    lead, plan, old = people.actor("lead"), programme(valbelle, 5), programme(valbelle, 4)
    listing, before = listed(lead, measure, plan, code="M-1"), listed(lead, measure, old)
    move(lead, measure, listing, AGREEMENT.PROPOSED)
    actor, now = people.actor(who), seen(measure, plan)
    common: dict[str, Any] = {"actor": actor, "measure_id": measure, "version": None, "listing_id": listing}
    acts = [
        lambda: listing_actions.edit_listing(**common, draft=values.MembershipDraft(plan_id=plan, code="X")),
        lambda: listing_actions.unlist(**common, reason="Non"),
        lambda: succeed(actor, measure, listing, [before], "same"),
        lambda: assess(actor, measure, listing),
    ]
    for act in acts:
        with pytest.raises(outcome):
            act()
    after = seen(measure, plan)
    assert (after.code, after.agreement, after.assessed, after.before) == (
        now.code,
        AGREEMENT.PROPOSED,
        states.Priority.NONE,
        (),
    )


def test_an_old_page_changes_no_listing(people: Any, valbelle: Any, measure: UUID) -> None:
    lead, plan, old = people.actor("lead"), programme(valbelle, 5), programme(valbelle, 4)
    listing, before = listed(lead, measure, plan), listed(lead, measure, old)
    common: dict[str, Any] = {"actor": lead, "measure_id": measure, "version": 1, "listing_id": listing}
    acts = [
        lambda: listing_actions.edit_listing(**common, draft=values.MembershipDraft(plan_id=plan, code="X")),
        lambda: listing_actions.unlist(**common, reason="Non"),
        lambda: listing_actions.succeed(**common, previous_ids=[before], relation=vocabulary.Continuity.SAME),
        lambda: listing_actions.assess(**common, priority=A),
        lambda: listing_actions.move_agreement(**common, to=AGREEMENT.PROPOSED),
    ]
    for act in acts:
        with pytest.raises(ChangedMeanwhile):
            act()


# ------------------------------------------------------------------ phases, giving up
def test_a_phase_moves_through_the_table(people: Any, measure: UUID) -> None:
    contributor = people.actor("contributor")

    def go(to: str, reason: str = "", version: int | None = None) -> None:
        actions.change_phase(actor=contributor, measure_id=measure, version=version, to=to, reason=reason)

    go("31", version=1)
    with pytest.raises(ImpossibleTransition):
        go("32")  # no site
    with pytest.raises(InvalidInput):
        go("2")  # back without a reason
    go("2", "Variante abandonnée")
    with pytest.raises(InvalidInput):
        go("AVP")
    with pytest.raises(ChangedMeanwhile):
        go("31", version=1)
    with pytest.raises(Refused):
        actions.change_phase(actor=people.actor("finance"), measure_id=measure, version=None, to="31")
    view = page.measure_page(contributor, measure, language="fr")
    assert view.phase == "2" and view.version == 3
    open_ones = {step.to: step.allowed for step in view.planning_steps}
    assert open_ones == {"1": True, "31": True} | dict.fromkeys(("32", "33", "4", "5", "53", "6"), False)


def test_giving_up_needs_a_decision_and_replacing_a_measure(
    people: Any, valbelle: Any, measure: UUID
) -> None:
    lead = people.actor("lead")
    other = actions.create_measure(
        actor=lead, territory_id=valbelle.territory.pk, draft=draft(valbelle.montaigu, "Autre")
    )

    def go(to: str, reason: str = "Renoncé", of: UUID | None = None, **more: Any) -> None:
        actions.change_implementation(
            actor=lead,
            measure_id=of or measure,
            version=None,
            to=states.Implementation(to),
            reason=reason,
            **more,
        )

    with pytest.raises(ImpossibleTransition):
        go("abandoned")
    with pytest.raises(ImpossibleTransition):
        go("replaced")
    for wrong in (measure, UUID(int=0)):
        with pytest.raises(InvalidInput):
            go("replaced", replaced_by=wrong)
    go("replaced", replaced_by=other)
    view = page.measure_page(lead, measure, language="fr")
    assert view.replaced_by is not None and view.replaced_by.id == other
    assert [one.id for one in page.measure_page(lead, other, language="fr").replaces] == [measure]
    with pytest.raises(InvalidInput):  # not in a circle
        go("replaced", of=other, replaced_by=measure)
    with pytest.raises(InvalidInput):
        go("not_started", reason="")
    go("not_started", reason="Reprise")
    assert page.measure_page(lead, measure, language="fr").replaced_by is None
    Decision.objects.create(measure_id=measure, type="abandon", body="Conseil", dated=date(2026, 1, 1))
    go("abandoned")


def test_dates_of_phases(people: Any, measure: UUID) -> None:
    contributor = people.actor("contributor")

    def put(*phases: values.PhaseDraft, **more: Any) -> None:
        actions.set_phase_dates(
            actor=contributor, measure_id=measure, version=more.get("version"), phases=phases
        )

    put(
        values.PhaseDraft("31", planned=(date(2027, 1, 1), date(2027, 6, 30)), confirmed=True),
        values.PhaseDraft("5", forecast=(date(2029, 1, 1), None)),
        version=1,
    )
    view = page.measure_page(contributor, measure, language="fr")
    assert {phase.code: phase.confirmed for phase in view.phases} == {"31": True, "5": False}
    put(values.PhaseDraft("5"))
    assert [p.code for p in page.measure_page(contributor, measure, language="fr").phases] == ["31"]
    for wrong in (
        [values.PhaseDraft("31", actual=(date(2150, 1, 1), None))],
        [values.PhaseDraft("31"), values.PhaseDraft("31")],
        [values.PhaseDraft("EXE")],
        [values.PhaseDraft("")],
    ):
        with pytest.raises(InvalidInput):
            put(*wrong)
    with pytest.raises(ChangedMeanwhile):
        put(values.PhaseDraft("31"), version=1)
    with pytest.raises(Refused):
        actions.set_phase_dates(actor=people.actor("reader"), measure_id=measure, version=None, phases=[])


# ------------------------------------------------------------------ the plan
def test_a_plan_is_edited_by_those_who_hold_it(people: Any, valbelle: Any, measure: UUID) -> None:
    plan = programme(valbelle, 5)
    edit = values.PlanEdit(
        title={"fr": "PA de 5e génération"},
        generation=5,
        years=(2028, 2031),
        federal_rate=Decimal("0.40"),
        federal_maximum=Decimal("4850000"),
        has_agreement=True,
    )

    def act(who: str, version: int | None = None, draft: values.PlanEdit = edit) -> None:
        plan_actions.edit_plan(actor=people.actor(who), plan_id=plan, version=version, draft=draft)

    for who in ("lead", "elected", "nobody"):
        with pytest.raises(Refused):
            act(who)
    act("office", version=1)
    row = Plan.objects.get(pk=plan)
    assert (row.federal_rate, row.year_from, row.version) == (Decimal("0.40"), 2028, 2)
    act("office", version=2)  # nothing changes, nothing is written
    assert Plan.objects.get(pk=plan).version == 2
    with pytest.raises(ChangedMeanwhile):
        act("governor", version=1)
    listing = listed(people.actor("lead"), measure, plan)
    move(people.actor("lead"), measure, listing, AGREEMENT.PROPOSED)
    with pytest.raises(Conflict):
        act("office", draft=values.PlanEdit(title={"fr": "X"}))
    with pytest.raises(Refused):
        rules(people.actor("lead"), plan, ("2024-01-01", date(2029, 3, 31)))
    with pytest.raises(InvalidInput):
        rules(people.actor("office"), plan, *[("2024-01-01", date(2029, 3, 31))] * 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_by": None, "claim_by": None},
        {"start_by": date(2030, 1, 1), "claim_by": date(2029, 1, 1)},
        {"start_by": date(2030, 1, 1), "source": " "},
    ],
)
def test_a_rule_of_deadlines_makes_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        values.DeadlineDraft(vocabulary.Contribution.LUMP, date(2026, 1, 1), **({"source": "ARE"} | wrong))
