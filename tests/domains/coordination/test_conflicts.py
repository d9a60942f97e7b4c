"""Conflicts of works: found, seen by those who may, settled by those who may, told in both journals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import shapely

from belvedere.domains.access.public import Actor
from belvedere.domains.coordination import events
from belvedere.domains.coordination.errors import NoConflict
from belvedere.domains.coordination.models import Verdict
from belvedere.domains.coordination.public import (
    Advice,
    Conflict,
    Kind,
    Place,
    State,
    conflict,
    conflicts,
    give_verdict,
    rule_of,
    set_rule,
    withdraw_verdict,
)
from belvedere.domains.plans.models import MeasureLink
from belvedere.domains.plans.public import actions, states, values, vocabulary
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel import events as bus
from belvedere.kernel.errors import InvalidInput, Refused
from tests.domains.coordination.examples import DAY, STREET, works
from tests.people import People, Valbelle
from tests.roads import lay_roads

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def seen(valbelle: Valbelle, actor: Actor = SYSTEM, day: date = DAY) -> list[Conflict]:
    return conflicts(actor, valbelle.territory.pk, day=day)


def pairs(found: list[Conflict]) -> set[frozenset[UUID]]:
    return {frozenset(one.pair) for one in found}


def test_a_street_opened_twice_is_found_with_what_to_do(valbelle: Valbelle) -> None:
    first = works(valbelle, valbelle.montaigu, "Conduite", (2027, 2027))
    second = works(valbelle, valbelle.canton, "Chaussée", (2029, 2029))
    (found,) = seen(valbelle)
    assert (found.first.id, found.second.id) == (first, second)
    assert (found.kind, found.place, found.advice) == (Kind.SECOND_TIME, Place.OVERLAP, Advice.ADVANCE)
    assert found.gap_days == (date(2029, 3, 1) - date(2027, 10, 31)).days
    assert found.decide_by == date(2027, 3, 1), "once the first works have begun they cannot move"
    assert found.stretch_m == pytest.approx(309, abs=5)
    (later,) = seen(valbelle, day=date(2027, 5, 1))
    assert (later.advice, later.decide_by) == (Advice.TAKE_IN, date(2029, 3, 1))
    (over,) = seen(valbelle, day=date(2028, 5, 1))
    assert over.advice is Advice.PUT_OFF
    assert seen(valbelle, day=date(2029, 5, 1)) == [], "both are begun: nothing is left to decide"


def test_at_the_same_time_and_joined(valbelle: Valbelle) -> None:
    one = works(valbelle, valbelle.montaigu, "Conduite", (2027, 2028))
    other = works(valbelle, valbelle.canton, "Chaussée", (2028, 2029))
    (found,) = seen(valbelle)
    assert (found.kind, found.advice) == (Kind.SAME_TIME, Advice.SHARE)
    MeasureLink.objects.create(source_id=other, target_id=one, type=vocabulary.LinkType.ACCOMPANIES)
    (found,) = seen(valbelle)
    assert (found.kind, found.advice) == (Kind.JOINED, Advice.CHECK)


@pytest.mark.parametrize(
    "more",
    [
        {"kind": states.MeasureKind.STUDY},  # opens no ground
        {"method": states.SiteMethod.CENTROID},  # stands for the commune, not for a street
        {"geometry": shapely.Point(7.402, 46.2)},  # has no extent
        {"geometry": shapely.LineString([(7.400, 46.2003), (7.404, 46.2003)])},  # 33 m north
        {"years": (2033, 2033)},  # more than five years later
        {"phases": ()},  # no dates, no money
        {"implementation": states.Implementation.ABANDONED},
    ],
)
def test_what_is_no_conflict(valbelle: Valbelle, more: dict[str, Any]) -> None:
    works(valbelle, valbelle.montaigu, "Conduite", (2027, 2027))
    years = more.pop("years", (2029, 2029))
    works(valbelle, valbelle.canton, "Autre", years, **more)
    assert seen(valbelle) == []


def test_two_ends_of_one_road(valbelle: Valbelle, tmp_path: Path) -> None:
    works(valbelle, valbelle.montaigu, "Conduite", (2027, 2027))
    further = shapely.LineString([(7.4052, 46.2), (7.408, 46.2)])  # 92 m on
    works(valbelle, valbelle.canton, "Chaussée", (2029, 2029), geometry=further)
    assert seen(valbelle) == []
    lay_roads(valbelle.territory.pk, tmp_path, Route=[(7.39, 46.2), (7.42, 46.2)])
    (found,) = seen(valbelle)
    assert (found.place, found.road) == (Place.SAME_ROAD, "Route")
    assert found.distance_m == pytest.approx(93, abs=3)


def test_an_owner_sees_conflicts_with_what_it_may_see(valbelle: Valbelle, people: People) -> None:
    """Published by another, or of a member of the body; not what another keeps to itself."""
    own = works(valbelle, valbelle.montaigu, "Conduite", (2027, 2027), published=False)
    open_ = works(valbelle, valbelle.sautelet, "Chaussée", (2029, 2029))
    hidden = works(valbelle, valbelle.rochefort, "Trottoir", (2030, 2030), published=False)
    assert pairs(seen(valbelle, people.actor("lead"))) == {frozenset((own, open_))}
    assert pairs(seen(valbelle, people.actor("neighbour"))) == {frozenset((hidden, open_))}
    assert len(seen(valbelle, people.actor("office"))) == 3, "the body sees its members"
    assert seen(valbelle, people.actor("stranger")) == [], "its own published one meets what it may not see"
    assert seen(valbelle, people.actor("nobody")) == []
    pair = conflict(people.actor("lead"), valbelle.territory.pk, (own, hidden), day=DAY)
    assert pair is None


def test_a_verdict_settles_until_the_dates_change(
    valbelle: Valbelle, people: People, django_capture_on_commit_callbacks: Any
) -> None:
    a = works(valbelle, valbelle.montaigu, "Conduite", (2127, 2127))
    b = works(valbelle, valbelle.canton, "Chaussée", (2129, 2129))
    told: list[Any] = []
    common: dict[str, Any] = {"territory_id": valbelle.territory.pk, "pair": (b, a)}
    bus.subscribe(events.VerdictGiven, told.append)
    with django_capture_on_commit_callbacks(execute=True):
        give_verdict(
            actor=people.actor("lead"),
            **common,
            state=State.COORDINATED,
            note="Ensemble en 2127",
            leader_id=valbelle.canton.pk,
        )
    bus._after[events.VerdictGiven].remove(told.append)
    assert [one.state for one in told] == ["coordinated"]
    (found,) = seen(valbelle)
    said = found.verdict
    assert said is not None and found.settled
    assert (said.state, said.leader_id, said.outdated) == (State.COORDINATED, valbelle.canton.pk, False)
    entries = EntryRow.objects.filter(verb="coordination.mark_coordinated")
    assert {row.subject_id for row in entries} == {str(a), str(b)}, "both measures tell it"
    again = EntryRow.objects.count()
    give_verdict(
        actor=people.actor("lead"),
        **common,
        state=State.COORDINATED,
        note="Ensemble en 2127",
        leader_id=valbelle.canton.pk,
    )
    assert EntryRow.objects.count() == again, "said twice is said once"
    moved = values.PhaseDraft("5", planned=(date(2128, 3, 1), date(2128, 10, 31)))
    actions.set_phase_dates(actor=SYSTEM, measure_id=a, version=None, phases=[moved], reason="Retard")
    (found,) = seen(valbelle)
    assert found.verdict is not None and found.verdict.outdated and not found.settled
    withdraw_verdict(actor=people.actor("lead"), **common)
    assert seen(valbelle)[0].verdict is None and not Verdict.objects.exists()


def test_what_a_verdict_needs(valbelle: Valbelle, people: People) -> None:
    a = works(valbelle, valbelle.montaigu, "Conduite", (2127, 2127))
    b = works(valbelle, valbelle.canton, "Chaussée", (2129, 2129))
    lead = people.actor("lead")
    common: dict[str, Any] = {"actor": lead, "territory_id": valbelle.territory.pk, "pair": (a, b)}
    for wrong in (
        {"state": State.NO_CONFLICT},
        {"state": State.COORDINATED},
        {"state": State.COORDINATED, "leader_id": valbelle.rochefort.pk},  # none of the two
        {"state": State.TO_COORDINATE, "note": "x" * 1001},
    ):
        with pytest.raises(InvalidInput):
            give_verdict(**common, **wrong)
    apart = works(valbelle, valbelle.canton, "Ailleurs", (2129, 2129), geometry=shapely.Point(7.5, 46.3))
    with pytest.raises(NoConflict):
        give_verdict(**{**common, "pair": (a, apart)}, state=State.TO_COORDINATE)
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("name", ["reader", "finance", "neighbour", "stranger", "elected"])
def test_only_those_who_may_change_one_of_the_two_decide(
    valbelle: Valbelle, people: People, name: str
) -> None:
    a = works(valbelle, valbelle.montaigu, "Conduite", (2127, 2127))
    b = works(valbelle, valbelle.canton, "Chaussée", (2129, 2129))
    common: dict[str, Any] = {"territory_id": valbelle.territory.pk, "pair": (a, b)}
    with pytest.raises(Refused):
        give_verdict(actor=people.actor(name), **common, state=State.TO_COORDINATE)
    token = replace(people.actor("lead"), scopes=frozenset({"read"}))
    with pytest.raises(Refused):
        give_verdict(actor=token, **common, state=State.TO_COORDINATE)
    give_verdict(actor=people.actor("contributor"), **common, state=State.TO_COORDINATE)
    with pytest.raises(Refused):
        withdraw_verdict(actor=people.actor(name), **common)


def test_the_rule_is_the_administrators(valbelle: Valbelle, people: People) -> None:
    works(valbelle, valbelle.montaigu, "Conduite", (2027, 2027))
    works(valbelle, valbelle.canton, "Chaussée", (2031, 2031), geometry=STREET)
    territory = valbelle.territory.pk
    assert len(seen(valbelle)) == 1
    narrow = replace(rule_of(territory), within_years=2.0)
    with pytest.raises(Refused):
        set_rule(actor=people.actor("administrator"), territory_id=territory, rule=narrow)
    assert set_rule(actor=people.actor("governor"), territory_id=territory, rule=narrow)
    assert not set_rule(actor=people.actor("governor"), territory_id=territory, rule=narrow)
    assert rule_of(territory) == narrow and seen(valbelle) == []
    with pytest.raises(InvalidInput):
        set_rule(actor=people.actor("governor"), territory_id=territory, rule=replace(narrow, within_m=-1))


def test_the_most_urgent_first_and_the_settled_last(valbelle: Valbelle, people: People) -> None:
    a = works(valbelle, valbelle.montaigu, "A", (2127, 2127))
    b = works(valbelle, valbelle.canton, "B", (2129, 2129))
    north = shapely.transform(STREET, lambda xy: xy + np.array([0, 0.01]))
    c = works(valbelle, valbelle.montaigu, "C", (2126, 2126), geometry=north)
    d = works(valbelle, valbelle.canton, "D", (2128, 2128), geometry=north)
    assert [set(one.pair) for one in seen(valbelle)] == [{c, d}, {a, b}]
    give_verdict(
        actor=people.actor("lead"),
        territory_id=valbelle.territory.pk,
        pair=(c, d),
        state=State.NO_CONFLICT,
        note="Deux trottoirs opposés",
    )
    assert [set(one.pair) for one in seen(valbelle)] == [{a, b}, {c, d}]
