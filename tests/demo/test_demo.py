"""The demo: whole, sensible, and once."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from belvedere.demo import agreements, content, documents_of_plans, ground, live
from belvedere.demo.coordination import PLANTED, RULE, SAID
from belvedere.demo.drawing import drawn
from belvedere.domains.access.public import Actor, person_by_email, working_in
from belvedere.domains.coordination.models import Verdict
from belvedere.domains.coordination.public import Kind, conflicts, rule_of
from belvedere.domains.equipment import public as equipment
from belvedere.domains.intake import feeding
from belvedere.domains.interventions import public as interventions
from belvedere.domains.plans.models import (
    Decision,
    Document,
    FundingLine,
    Measure,
    MeasureFigures,
    MeasureIndicator,
    MeasurePlace,
    Milestone,
    Plan,
    PlanMembership,
    Risk,
    SpendLine,
    Succession,
)
from belvedere.domains.plans.public import outlook, states, vocabulary
from belvedere.domains.territory.public import (
    Level,
    networks,
    organisations,
    outlines,
    places_of,
    territory_by_slug,
)
from belvedere.engines.home import Home
from belvedere.kernel.errors import Unavailable

BUS = "demo-PA4-TP.06"
ACTOR = Actor.system("Démonstration")
needs_maps = pytest.mark.skipif(
    not (ground.MAPS / "municipalities.shp").exists(), reason="node_modules is not there: npm ci"
)

SEEN_ON = date(2026, 10, 1)
# Next to the others, and in the way of none of them.
INNOCENT = ("NOB-02", "CON-05", "SIO-12", "SIE-09", "PDI-045")


class Asked:
    """Counts what is asked of the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, *question: Any) -> Any:
        self.count += 1
        return execute(*question)


@pytest.fixture(scope="module")
def filled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, Home, int, float]]:
    """Filled once for all tests here; each runs in a savepoint within, and all is rolled back."""
    from belvedere.demo.filling import fill

    home = Home(tmp_path_factory.mktemp("home"))
    few = pytest.MonkeyPatch()
    few.setenv(live.DEVICES, "1")  # those that are known, and no more
    few.setenv(live.DAYS, "1")
    feeding.forget()  # the database of another test went back in time
    with django_db_blocker.unblock(), transaction.atomic():
        asked = Asked()
        with connection.execute_wrapper(asked):
            count = fill(home)
        yield territory_by_slug(ground.SLUG), home, count, asked.count
        transaction.set_rollback(True)
    few.undo()
    feeding.forget()


def test_what_was_written_is_coherent() -> None:
    ideas = content.everything()
    assert 120 <= len(content.agglomeration()) <= 135
    keys = [idea.key for idea in ideas]
    assert len(set(keys)) == len(keys)
    listed = [(g, code) for idea in ideas for g, (code, _priority) in idea.codes.items()]
    assert len(set(listed)) == len(listed), "a code stands twice in a generation"
    known = {commune.key for commune in content.communes()} | set(ground.BODIES)
    for idea in ideas:
        assert idea.owner in known, idea
        assert idea.category in content.CATEGORIES, idea
        assert idea.titles["fr"], idea
        assert 2024 <= idea.years[0] <= idea.years[1] <= 2038, idea
        assert "'" not in idea.titles["fr"] + idea.descriptions["fr"], "a typewriter’s apostrophe"
        assert "ß" not in idea.descriptions.get("de", "") + idea.titles.get("de", ""), idea
        assert ("de" in idea.titles) == ("de" in idea.descriptions), idea
        for words in idea.sites:
            drawn(words)
    assert sum("de" not in idea.titles for idea in ideas) == 2, "the translators' page has work to show"


@needs_maps
@pytest.mark.django_db
def test_it_is_whole(filled: Any) -> None:
    territory, _home, count, _asked = filled
    assert territory.is_example
    assert len(places_of(territory, level=Level.COMMUNE)) == 26
    assert territory.communes == 26
    measures = Measure.objects.filter(territory_id=territory.id)
    assert count == measures.count() == 300
    assert not measures.filter(is_example=False).exists()
    assert Plan.objects.filter(territory_id=territory.id).count() == 8
    assert measures.filter(published=True).count() > 150
    figures = MeasureFigures.objects.filter(measure__territory_id=territory.id)
    money = {"no_cost", "no_dates", "aid_exceeds_cost", "spending_gap", "unlike_funding"}
    unusual = {flag for row in figures for flag in row.flags} & money
    assert unusual == set(), "the figures do not add up"
    assert not figures.filter(cost=None).exists()


@needs_maps
@pytest.mark.django_db
def test_a_measure_costs_a_few_dozen_queries(filled: Any) -> None:
    """What a measure costs does not grow with those already there; `bench/work.py` times the whole."""
    _territory, _home, count, asked = filled
    assert asked < 50 * count


@needs_maps
@pytest.mark.django_db
def test_each_measure_of_a_commune_lies_in_that_commune(filled: Any) -> None:
    territory = filled[0]
    communes = {view.id: view for view in organisations(territory.id) if view.kind == "commune"}
    places = {view.codes["BFS"]: view.id for view in places_of(territory, level=Level.COMMUNE)}
    touched: dict[Any, set[Any]] = {}
    for measure_id, place_id in MeasurePlace.objects.values_list("measure_id", "place_id"):
        touched.setdefault(measure_id, set()).add(place_id)
    astray = [
        measure.title["fr"]
        for measure in Measure.objects.filter(territory_id=territory.id, owner_id__in=communes)
        if places[communes[measure.owner_id].code] not in touched.get(measure.pk, set())
    ]
    assert astray == []


@needs_maps
@pytest.mark.django_db
def test_again_it_does_nothing(filled: Any) -> None:
    from belvedere.demo.filling import fill

    _territory, home, _count, _asked = filled
    before = home.path("demo-logins.txt").read_text()
    Measure.objects.filter(external_id="demo-SIO-01").update(title={"fr": "Changé"})
    assert fill(home) == 0
    assert home.path("demo-logins.txt").read_text() == before
    assert Measure.objects.get(external_id="demo-SIO-01").title == {"fr": "Changé"}


@needs_maps
@pytest.mark.django_db
def test_the_logins_open_and_are_private(filled: Any, client: Any) -> None:
    _territory, home, _count, _asked = filled
    file = home.path("demo-logins.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 6
    for line in lines:
        *_what, email, password = line.split()
        assert client.login(username=email, password=password), line
        person = person_by_email(email)
        assert person is not None


@needs_maps
@pytest.mark.django_db
def test_somebody_is_written_to_for_every_owner(filled: Any) -> None:
    from belvedere.domains.reporting.public import links

    territory = filled[0]
    owners = set(Measure.objects.filter(territory_id=territory.id).values_list("owner_id", flat=True))
    contacts = links.contacts_of_owners(territory.id)
    assert len(owners) == 32
    assert owners <= set(contacts)
    addresses = [one.email for found in contacts.values() for one in found]
    assert len(addresses) == len(set(addresses))
    assert all(address.endswith("@demo.example") for address in addresses)


@needs_maps
@pytest.mark.django_db
def test_the_map_is_complete(filled: Any) -> None:
    import json

    territory = filled[0]
    drawn_map = json.loads(outlines(territory, language="de").body)
    kinds = {feature["properties"]["kind"] for feature in drawn_map["features"]}
    assert kinds == {"commune", "neighbour", "lake", "river"}
    assert sum(feature["properties"]["ours"] for feature in drawn_map["features"]) == 26
    names = {feature["properties"]["name"] for feature in drawn_map["features"]}
    assert {"Sitten", "Siders", "Leuk", "Rhone"} <= names
    assert "swiss-maps" in drawn_map["attribution"]


@pytest.mark.django_db
def test_without_the_shapes_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from belvedere.demo.filling import fill

    monkeypatch.setattr(ground, "MAPS", tmp_path)
    monkeypatch.setattr(ground, "SLUG", "ailleurs")
    with pytest.raises(Unavailable) as failed:
        fill(Home(tmp_path))
    assert "script/setup" in str(failed.value)
    assert not (tmp_path / "demo-logins.txt").exists()


# ------------------------------------------------------------------ plans and money
def picture(territory: Any, name: str = "Sion", question: outlook.Question | None = None) -> outlook.Picture:
    owner = next(view.id for view in organisations(territory.id) if view.names["fr"] == name)
    return outlook.open_picture(ACTOR, territory.id, owner, question or outlook.Question(), language="fr")


def measure(external_id: str) -> UUID:
    return Measure.objects.get(external_id=external_id).pk


@needs_maps
@pytest.mark.django_db
def test_every_kind_of_plan_and_rule_is_there(filled: Any) -> None:
    territory = filled[0]
    assert set(Plan.objects.filter(territory_id=territory.id).values_list("type", flat=True)) == {
        "agglomeration_programme", "master_plan", "communal_plan", "four_year_plan", "investment_plan",
    }  # fmt: skip
    assert set(FundingLine.objects.values_list("rule", flat=True)) == {
        rule.value for rule in states.FundingRule
    }
    lumps = FundingLine.objects.filter(rule=states.FundingRule.LUMP)
    assert not lumps.filter(resolved__lte=0).exists(), "lump sums count on quantities"
    filling = FundingLine.objects.filter(rule=states.FundingRule.FILL_UP, resolved__gt=0)
    assert filling.count() >= 5
    assert set(Succession.objects.values_list("relation", flat=True)) == {
        relation.value for relation in vocabulary.Continuity
    }
    reached = set(PlanMembership.objects.values_list("agreement", flat=True))
    assert reached >= {states.Agreement.CLOSED, states.Agreement.CLAIMS, states.Agreement.FORFEITED}
    unlike = PlanMembership.objects.exclude(assessed_priority="").exclude(
        assessed_priority__in=["A"], priority="A"
    )
    assert any(row.assessed_priority != row.priority for row in unlike)


@needs_maps
@pytest.mark.django_db
def test_shares_and_years_add_up_to_the_cost(filled: Any) -> None:
    for row in MeasureFigures.objects.all():
        spent = sum(SpendLine.objects.filter(measure=row.measure_id).values_list("amount", flat=True))
        aided = sum(FundingLine.objects.filter(measure=row.measure_id).values_list("resolved", flat=True))
        assert spent == row.cost
        assert aided == row.aid
        assert row.cost - row.aid == row.net
        assert row.net >= 0


@needs_maps
@pytest.mark.django_db
def test_sion_passes_its_ceiling_around_2028(filled: Any) -> None:
    view = outlook.view_of(picture(filled[0]))
    (ceiling,) = view.ceilings
    assert 17 <= picture(filled[0]).own.numbers <= 25
    limits = dict(zip((column.key for column in view.columns), ceiling.limits, strict=True))
    steps = [limits[year] for year in ("2026", "2027", "2030", "2031")]
    assert steps == [Decimal(n) * 1_000_000 for n in (9, "11.5", "11.5", 10)]
    assert ceiling.sources
    over = [one.year for one in outlook.passed(picture(filled[0])) if one.key == "owner"]
    assert over == [2028, 2029]
    assert sum(view.contributions) > 0, "Sion pays a part of its neighbours' measures"
    assert dict(zip((column.key for column in view.columns), view.gross, strict=True))["before"] > 0


@needs_maps
@pytest.mark.django_db
def test_the_bus_keeps_its_aid_two_years_and_loses_it_at_three(filled: Any) -> None:
    bus = measure(BUS)
    for years, lost in ((0, 0), (2, 0), (3, 6_900_000)):
        question = outlook.Question(adjustments=outlook.Adjustments({bus: outlook.Change(years)}))
        found = outlook.effects(picture(filled[0], question=question))
        assert found.lost == lost, years
        assert [line.keeping_shift for line in found.lost_lines] == ([2] if lost else [])


@needs_maps
@pytest.mark.django_db
def test_the_vote_is_whole_and_one_variance_waits_for_its_reason(filled: Any) -> None:
    here = picture(filled[0])
    voted = outlook.snapshots_of(ACTOR, filled[0].id, here.owner.id)
    assert len(voted) == 1
    assert outlook.verify_snapshot(ACTOR, voted[0].id)
    found = outlook.differences(here, voted[0].id)
    assert len(found) == 6
    assert [one.title["fr"] for one in found if one.open] == ["Requalification de l’avenue de France"]
    assert len(outlook.scenarios_of(ACTOR, filled[0].id, here.owner.id)) == 2


@needs_maps
@pytest.mark.django_db
def test_current_prices_have_an_index_and_vat(filled: Any) -> None:
    known = outlook.prices(ACTOR, filled[0].id)
    assert "exemple" in known.indexes[0].names["fr"]
    assert [str(rate.rate.normalize()) for rate in known.vat] == ["0.077", "0.081"]
    now = picture(filled[0], question=outlook.Question(current_prices=True))
    assert sum(outlook.view_of(now).gross) > sum(outlook.view_of(picture(filled[0])).gross)


@needs_maps
@pytest.mark.django_db
def test_others_have_an_outlook_too(filled: Any) -> None:
    for name in ("Sierre", "Noble-Contrée", "Conthey"):
        here = picture(filled[0], name)
        assert here.own.numbers >= 10
        assert len(outlook.passed(here)) in (1, 2), name


@needs_maps
@pytest.mark.django_db
def test_some_forty_measures_are_followed(filled: Any) -> None:
    keys = content.follow_up()["followed"]
    assert len(keys) >= 40
    followed = Measure.objects.filter(external_id__in=[f"demo-{key}" for key in keys])
    assert followed.count() == len(keys)
    assert Milestone.objects.values("measure").distinct().count() == len(keys)
    assert Risk.objects.exists()
    assert Decision.objects.filter(amount__isnull=False).exists()
    assert MeasureIndicator.objects.filter(target__isnull=False, values__isnull=False).exists()
    assert Document.objects.filter(public=True).exists()
    assert Document.objects.filter(public=False).exists()


def test_what_the_files_name_exists() -> None:
    keys = {idea.key for idea in content.everything()}
    texts, walked = content.follow_up(), content.agreements()
    named = {*texts["followed"], *texts["contracts"], *(row[0] for row in texts["documents"])}
    named |= {end for row in texts["links"] for end in (row[0], row[2])}
    named |= {key for key, _end in walked["walk"]} | {*walked["forfeited"]}
    named |= {key for plan in walked["assessed"].values() for key in plan}
    assert named <= keys
    assert {end for _key, end in walked["walk"]} <= {step.value for step in agreements.ROAD}
    assert {plan for idea in content.everything() for plan in idea.listed} <= {
        document.code for document in documents_of_plans.DOCUMENTS
    }


# ------------------------------------------------------------------ coordination
@pytest.mark.django_db
def test_exactly_what_was_planted_is_found(filled: Any) -> None:
    territory = filled[0]
    assert rule_of(territory.id) == RULE
    watched = {key for pair in PLANTED for key in pair} | set(INNOCENT)
    keys = {
        pk: external.removeprefix("demo-")
        for pk, external in Measure.objects.filter(
            external_id__in=[f"demo-{key}" for key in watched]
        ).values_list("pk", "external_id")
    }
    assert set(keys.values()) == watched
    found = {
        (keys[one.first.id], keys[one.second.id]): one
        for one in conflicts(Actor.system(), territory.id, day=SEEN_ON)
        if one.first.id in keys and one.second.id in keys
    }
    assert set(found) == set(PLANTED)
    kinds = {pair: one.kind for pair, one in found.items()}
    assert kinds["PA4-TP.07", "PA4-TP.06"] is Kind.SECOND_TIME
    assert kinds["PA4-TIM.10", "PA5-MD.21"] is Kind.SECOND_TIME
    assert kinds["PA4-MD.04", "PA5-MD.07"] is Kind.SAME_TIME
    assert len(set(found["PA4-MD.04", "PA5-MD.07"].owners)) == 2


@pytest.mark.django_db
def test_some_are_talked_about_and_the_roads_are_there(filled: Any) -> None:
    assert 0 < Verdict.objects.count() <= len(SAID)
    (network,) = networks(filled[0].id)
    assert 10 <= network.lines <= 20 and "invent" in network.name


def test_the_lights_of_sierre_are_looked_after(filled: Any) -> None:
    territory = territory_by_slug("valais-central")
    lead = next(one for one in working_in(territory.id) if one.label == "Damien Antonin")
    states = interventions.tallies(lead, territory.id).states
    assert {state.value: many for state, many in states.items()} == {
        "planned": 1,
        "accepted": 1,
        "verified": 3,
    }
    contract = next(one for one in equipment.contracts(lead, territory.id) if "Sierre" in one.name)
    kept = interventions.figures(lead, contract.id, date(2000, 1, 1), date(2100, 1, 1))
    assert kept.late == 1 and [one.amount for one in kept.penalties] == [Decimal("225.00")], "the mast"


@needs_maps
@pytest.mark.django_db
def test_an_exercise_was_held_by_the_flood_plan(filled: Any) -> None:
    """Its timeline is whole, and nothing of it is mailed today."""
    from belvedere.domains.crisis import public as crises
    from belvedere.kernel.clock import now
    from belvedere.kernel.paging import Window

    territory, actor = territory_by_slug("valais-central"), Actor.system()
    (plan,) = crises.plans(actor, territory.id)
    assert len(plan.body.roles) == 6 and all(len(one.people) == 2 for one in plan.body.roles)
    (row,) = crises.ended(actor, territory.id, Window()).rows
    assert row.is_exercise and crises.running(actor, territory.id) == []
    lines = crises.timeline(actor, territory.id, row.id)
    assert sum(one.category is crises.Category.POINT for one in lines) == 2
    assert [one.act for one in lines if one.category is crises.Category.PHASE] == [
        "declare", "raise", "raise", "recover", "end"
    ]  # fmt: skip
    assert crises.send_due(now(), lambda letter: pytest.fail("a letter of the exercise")) == 0
