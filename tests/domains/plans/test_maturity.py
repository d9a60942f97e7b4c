"""The table of the three tracks: every state is reached, no way leads round a guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.domains.plans import guards, maturity, thresholds
from belvedere.domains.plans.errors import ImpossibleTransition
from belvedere.domains.plans.maturity import TABLE, Track, reachable, steps, take
from belvedere.domains.plans.standing import EstimateFacts, ListingFacts, Standing, stage_of
from belvedere.domains.plans.states import (
    PHASE_SCHEMES,
    Agreement,
    EstimateKind,
    Implementation,
    MeasureKind,
    Priority,
)
from belvedere.domains.plans.vocabulary import Contribution, DecisionType
from belvedere.kernel.errors import InvalidInput
from tests.domains.plans.drafts import chf

TODAY = date(2026, 11, 22)
READY = ListingFacts(
    id=1,
    plan="PA5",
    priority=Priority.A,
    assessed=Priority.A,
    agreement_number="5.12",
    financing_number="FV-1",
    financing_date=date(2026, 3, 1),
)


def estimate(amount: object = 8_000_000, accuracy: str | None = "0.10", **more: Any) -> EstimateFacts:
    part = None if accuracy is None else Decimal(accuracy)
    return EstimateFacts(chf(amount), more.pop("kind", EstimateKind.PROJECT), part)


def standing(**more: Any) -> Standing:
    """A measure against which nothing speaks."""
    facts: dict[str, Any] = {
        "today": TODAY,
        "phase": "32",
        "estimate": estimate(),
        "has_site": True,
        "has_pilot": True,
        "listings": (READY,),
    }
    return Standing(**(facts | more))


def at(state: Agreement, **more: Any) -> ListingFacts:
    return replace(READY, agreement=state, **more)


def refused(measure: Standing, track: Track, to: str, listing: ListingFacts | None = None) -> list[str]:
    """What the pages would offer to mend; [] when the step is allowed."""
    one = next(possible for possible in steps(measure, track, listing) if possible.to == to)
    return [obstacle.fix for obstacle in one.obstacles]


# ------------------------------------------------------------------ the table
def test_every_state_is_reached_from_the_first() -> None:
    assert reachable(Track.AGREEMENT, "not_listed") == {state.value for state in Agreement}
    assert reachable(Track.IMPLEMENTATION, "not_started") == {state.value for state in Implementation}
    for scheme, phases in PHASE_SCHEMES.items():
        assert reachable(Track.PLANNING, "", scheme) == {"", *(phase.code for phase in phases)}


def test_a_step_stands_once() -> None:
    keys = [(step.track, step.scheme, step.origin, step.to) for step in TABLE]
    assert len(keys) == len(set(keys))


def test_going_back_giving_up_and_losing_the_aid_need_a_reason() -> None:
    for step in TABLE:
        away = step.to in ("abandoned", "replaced", "forfeited")
        assert step.needs_reason is (step.back or away), step


def test_only_entering_the_agreement_freezes() -> None:
    assert {(step.origin, step.to) for step in TABLE if step.freezes} == {
        ("assessed", "in_agreement"),
        ("forfeited", "in_agreement"),
    }


@pytest.mark.parametrize("scheme", list(PHASE_SCHEMES))
def test_a_jump_meets_the_guards_of_every_phase_it_passes(scheme: str) -> None:
    for step in TABLE:
        if step.track is not Track.PLANNING or step.scheme != scheme or step.back:
            continue
        left, reached = stage_of(scheme, step.origin) or -1, stage_of(scheme, step.to) or 0
        due = {g for stage, held in maturity.PHASE_GUARDS.items() if left < stage <= reached for g in held}
        assert set(step.guards) == due, step


facts = st.builds(
    Standing,
    today=st.just(TODAY),
    scheme=st.just("sia112"),
    phase=st.sampled_from(["", *(phase.code for phase in PHASE_SCHEMES["sia112"])]),
    implementation=st.sampled_from(Implementation),
    kind=st.sampled_from(MeasureKind),
    estimate=st.none()
    | st.builds(
        estimate,
        st.sampled_from([1, 9_999_999, 10_000_000, 10_000_001, 50_000_001]),
        st.sampled_from([None, "0.10", "0.15", "0.151", "0.30", "0.31"]),
    ),
    has_site=st.booleans(),
    decisions=st.frozensets(st.sampled_from(DecisionType)),
    works_started=st.none() | st.sampled_from([date(2026, 1, 1), date(2026, 6, 1)]),
    replaced=st.booleans(),
    units=st.frozensets(st.sampled_from(["m", "piece"])),
    lump_units=st.frozensets(st.sampled_from(["m", "piece"])),
)
listings = st.builds(
    ListingFacts,
    id=st.just(1),
    plan=st.just("PA5"),
    agreement=st.just(Agreement.NOT_LISTED),
    walks=st.booleans(),
    priority=st.sampled_from(Priority),
    assessed=st.sampled_from(Priority),
    agreement_number=st.sampled_from(["", "5.12"]),
    financing_number=st.sampled_from(["", "FV-1"]),
    financing_date=st.none() | st.sampled_from([date(2026, 3, 1), date(2027, 1, 1)]),
    contribution=st.sampled_from(Contribution),
    substitutes=st.booleans(),
)


@given(facts, listings, st.lists(st.integers(0, 20), max_size=12))
def test_no_path_to_the_money_skips_a_guard(
    measure: Standing, listing: ListingFacts, path: list[int]
) -> None:
    """Walk wherever the table lets one: who arrives meets what every state on the way asks for."""
    for choice in path:
        allowed = [one for one in steps(measure, Track.AGREEMENT, listing) if one.allowed]
        if not allowed:
            break
        listing = replace(listing, agreement=Agreement(allowed[choice % len(allowed)].to))
    past = {Agreement.NOT_LISTED, Agreement.PROPOSED, Agreement.ASSESSED, Agreement.FORFEITED}
    if listing.agreement is not Agreement.NOT_LISTED:
        assert listing.walks
    if listing.agreement in past:
        return
    assert listing.agreement_number and measure.estimate is not None
    assert listing.accepted is Priority.A or (listing.accepted is Priority.B and listing.substitutes)
    if measure.estimate.amount.amount > 10_000_000:
        assert (measure.stage or 0) >= 2 and (measure.estimate.accuracy or 1) <= Decimal("0.30")
    if listing.agreement in (Agreement.IN_AGREEMENT, Agreement.REQUESTED):
        return
    assert listing.financing_number and listing.financing_date == date(2026, 3, 1)
    if listing.agreement is not Agreement.SIGNED:
        assert measure.works_started != date(2026, 1, 1)


@given(facts, st.sampled_from(Agreement), st.lists(st.integers(0, 20), max_size=8))
def test_no_path_to_the_works_passes_an_unsigned_agreement(
    measure: Standing, state: Agreement, path: list[int]
) -> None:
    unsigned = ListingFacts(1, "PA5", state)
    begun, first = (measure.stage or 0) >= 7, measure.stage or 0
    measure = replace(measure, listings=(unsigned,))
    for choice in path:
        allowed = [one for one in steps(measure, Track.PLANNING) if one.allowed]
        if not allowed:
            break
        measure = replace(measure, phase=allowed[choice % len(allowed)].to)
        begun = begun and (measure.stage or 0) >= 7
    if (measure.stage or 0) >= 7 and not begun:
        assert state not in (Agreement.IN_AGREEMENT, Agreement.REQUESTED)
        # What stood beyond a guard when it came (an import may put it there) is not asked again.
        assert measure.estimate is not None or first >= 6
        assert measure.has_site or measure.kind not in guards.BUILT or first >= 4


# ------------------------------------------------------------------ near misses
@pytest.mark.parametrize(
    ("facts", "fix"),
    [
        ({}, []),
        ({"estimate": None}, ["estimate"]),
        ({"estimate": estimate(accuracy="0.15")}, []),
        ({"estimate": estimate(accuracy="0.16")}, ["estimate"]),
        ({"estimate": estimate(accuracy=None)}, ["estimate"]),
        ({"estimate": estimate(accuracy=None, kind=EstimateKind.TENDER)}, []),
        ({"has_site": False}, []),  # it stands at 32 already: the site was asked for there
        ({"has_site": False, "phase": "2"}, ["site"]),
        ({"has_site": False, "phase": "2", "kind": MeasureKind.STUDY}, []),
    ],
)
def test_a_tender_rests_on_an_estimate(facts: dict[str, Any], fix: list[str]) -> None:
    assert refused(standing(**facts), Track.PLANNING, "4") == fix


@pytest.mark.parametrize("state", list(Agreement))
@pytest.mark.parametrize("signed", [True, False])
def test_works_wait_for_the_financing_agreement(state: Agreement, signed: bool) -> None:
    listing = at(state) if signed else at(state, financing_number="", financing_date=None)
    waits = not signed and state in (Agreement.IN_AGREEMENT, Agreement.REQUESTED)
    measure = standing(phase="4", listings=(READY, listing))
    fix = ["financing"] if waits else []
    assert refused(measure, Track.PLANNING, "5") == fix
    assert refused(measure, Track.IMPLEMENTATION, "in_progress") == fix


def test_what_has_begun_goes_on() -> None:
    measure = standing(phase="5", listings=(at(Agreement.REQUESTED, financing_date=None),))
    assert refused(measure, Track.PLANNING, "53") == []


@pytest.mark.parametrize(
    ("amount", "phase", "accuracy", "fix"),
    [
        (10_000_000, "1", None, []),
        (10_000_000, "", None, ["phase"]),
        (10_000_001, "1", "0.30", ["phase"]),
        (10_000_001, "2", "0.30", []),
        (10_000_001, "2", "0.31", ["estimate"]),
        (10_000_001, "2", None, ["estimate"]),
        (50_000_000, "2", "0.30", []),
        (50_000_001, "2", "0.30", ["phase"]),
        (50_000_001, "31", "0.30", []),
    ],
)
def test_the_planning_state_goes_by_size(
    amount: int, phase: str, accuracy: str | None, fix: list[str]
) -> None:
    measure = standing(phase=phase, estimate=estimate(amount, accuracy))
    assert refused(measure, Track.AGREEMENT, "in_agreement", at(Agreement.ASSESSED)) == fix


@pytest.mark.parametrize(
    ("ours", "theirs", "substitutes", "free"),
    [
        ("A", "A", False, True),
        ("B", "A", False, True),
        ("A", "B", False, False),  # the authority has the last word
        ("A", "", False, True),
        ("B", "B", True, True),
        ("B", "B", False, False),
        ("C", "C", True, False),
    ],
)
def test_only_first_class_measures_are_paid(ours: str, theirs: str, substitutes: bool, free: bool) -> None:
    listing = at(
        Agreement.ASSESSED, priority=Priority(ours), assessed=Priority(theirs), substitutes=substitutes
    )
    fix = [] if free else ["assessment"]
    assert refused(standing(), Track.AGREEMENT, "in_agreement", listing) == fix


def test_a_plan_without_classes_asks_for_none() -> None:
    other = at(Agreement.PROPOSED, programme=False, priority=Priority.NONE, assessed=Priority.NONE)
    assert refused(standing(), Track.AGREEMENT, "assessed", other) == []
    listed = replace(other, agreement=Agreement.ASSESSED)
    assert refused(standing(phase=""), Track.AGREEMENT, "in_agreement", listed) == []


def test_the_steps_of_the_aid_one_by_one() -> None:
    def fix(state: Agreement, to: str, measure: Standing | None = None, **more: Any) -> list[str]:
        return refused(measure or standing(), Track.AGREEMENT, to, at(state, **more))

    assert fix(Agreement.NOT_LISTED, "proposed", walks=False) == ["listing"]
    assert fix(Agreement.PROPOSED, "assessed", assessed=Priority.NONE) == ["assessment"]
    assert fix(Agreement.ASSESSED, "in_agreement", agreement_number="") == ["agreement"]
    assert fix(Agreement.REQUESTED, "signed", financing_number="") == ["financing"]
    assert fix(Agreement.REQUESTED, "signed", financing_date=None) == ["financing"]
    assert fix(Agreement.REQUESTED, "signed", financing_date=date(2026, 11, 23)) == ["financing"]
    assert fix(Agreement.REQUESTED, "signed", financing_date=TODAY) == []
    assert fix(Agreement.SIGNED, "works_started") == ["implementation"]
    begun = standing(works_started=date(2026, 2, 28))
    assert fix(Agreement.SIGNED, "works_started", begun) == ["dates"]
    assert fix(Agreement.SIGNED, "works_started", replace(begun, works_started=date(2026, 3, 1))) == []
    assert fix(Agreement.WORKS_STARTED, "claims", claim_deadline=date(2026, 11, 21)) == ["listing"]
    assert fix(Agreement.WORKS_STARTED, "claims", claim_deadline=TODAY) == []
    assert fix(Agreement.CLAIMS, "final_account") == ["estimate"]
    settled = standing(estimate=estimate(kind=EstimateKind.FINAL))
    assert fix(Agreement.CLAIMS, "final_account", settled) == []
    assert fix(Agreement.FINAL_ACCOUNT, "closed") == ["implementation"]
    assert fix(Agreement.FINAL_ACCOUNT, "closed", standing(implementation=Implementation.DONE)) == []


def test_a_lump_sum_needs_units() -> None:
    lump = at(Agreement.IN_AGREEMENT, contribution=Contribution.LUMP)
    track = Track.AGREEMENT
    assert refused(standing(), track, "requested", lump) == ["quantities"]
    assert refused(standing(units=frozenset({"m"})), track, "requested", lump) == []
    other = standing(units=frozenset({"m"}), lump_units=frozenset({"piece"}))
    assert refused(other, track, "requested", lump) == ["quantities"]


def test_the_implementation() -> None:
    track = Track.IMPLEMENTATION
    going = {"implementation": Implementation.IN_PROGRESS}
    assert refused(standing(phase="5", **going), track, "done") == ["phase"]
    assert refused(standing(phase="53", **going), track, "done") == []
    assert refused(standing(phase="", kind=MeasureKind.SERVICE, **going), track, "done") == []
    assert refused(standing(), track, "abandoned") == ["decision"]
    decided = standing(decisions=frozenset({DecisionType.ABANDON}))
    assert refused(decided, track, "abandoned") == refused(decided, track, "replaced") == []
    assert refused(standing(replaced=True), track, "abandoned") == ["decision"]
    assert refused(standing(replaced=True), track, "replaced") == []
    assert refused(standing(), track, "replaced") == ["decision"]


def test_taking_a_step() -> None:
    with pytest.raises(ImpossibleTransition):
        take(standing(), Track.IMPLEMENTATION, "done", reason="")
    with pytest.raises(InvalidInput):
        take(standing(), Track.PLANNING, "2", reason="  ")
    assert take(standing(), Track.PLANNING, "2", reason="Recours admis").back
    with pytest.raises(ImpossibleTransition) as failure:
        take(standing(estimate=None), Track.PLANNING, "4", reason="")
    assert failure.value.data["fix"] == "estimate"
    assert steps(standing(), Track.AGREEMENT) == ()


def test_thresholds_have_a_source_and_change_with_the_day() -> None:
    assert all(row.source and row.since for row in (*thresholds.THRESHOLDS, *thresholds.PLANNING_STATES))
    later = thresholds.Threshold("tender_accuracy", Decimal("0.10"), "share", date(2030, 1, 1), "Essai")
    rows = (*thresholds.THRESHOLDS, later)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thresholds, "THRESHOLDS", rows)
        thresholds.value.cache_clear()
        assert thresholds.value("tender_accuracy", TODAY) == Decimal("0.15")
        assert thresholds.value("tender_accuracy", date(2030, 1, 1)) == Decimal("0.10")
    thresholds.value.cache_clear()
    with pytest.raises(LookupError):
        thresholds.value("unknown", TODAY)
