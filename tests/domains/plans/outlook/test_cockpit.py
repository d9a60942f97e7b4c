"""An owner's outlook: totals are made of their lines, a measure counts once, a slip names its lost aid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.plans.models import (
    Frame,
    FundingLine,
    IndexSeries,
    IndexValue,
    Plan,
    PlanMembership,
    PlanNode,
    VatRate,
)
from belvedere.domains.plans.outlook import cockpit, effects, explaining, freezing, groups, passing, reading
from belvedere.domains.plans.outlook.picture import Picture
from belvedere.domains.plans.outlook.question import Adjustments, Change, Question
from belvedere.domains.plans.outlook.views import total
from belvedere.domains.plans.public import actions, money_actions, values, vocabulary
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import NotFound, Refused
from belvedere.kernel.money import Kind, Vat
from belvedere.kernel.paging import Window
from tests.domains.plans.drafts import CHF, chf, draft, estimate

NOMINAL = Kind("CHF", Vat.INCLUDED, "")


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    reading.forget()
    with standing_at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        yield
    reading.forget()


@pytest.fixture
def bus(people: Any, valbelle: Any) -> UUID:
    """Works 2029–2033, 40 % capped at 7 million if they start by the end of 2031, 20 % without deadline."""
    years = {2026: 180, 2027: 520, 2028: 900, 2029: 4200, 2030: 5600, 2031: 4300, 2032: 2000, 2033: 700}
    return actions.create_measure(
        actor=people.actor("lead"),
        territory_id=valbelle.territory.pk,
        draft=draft(
            valbelle.montaigu,
            "Bus",
            estimates=(estimate(18_400_000),),
            spending=tuple(values.SpendDraft(year, chf(amount * 1000)) for year, amount in years.items()),
            phases=(values.PhaseDraft("5", forecast=(date(2029, 3, 1), date(2033, 10, 1))),),
            funding=(
                values.FundingDraft(
                    organisation_id=valbelle.canton.pk,
                    rule=values.RateWithCap(Decimal("0.4"), chf(7_000_000)),
                    money_kind=CHF,
                    instrument="PA5",
                    start_deadline=date(2031, 12, 31),
                    advance_share=Decimal("0.2"),
                    lag_years=1,
                ),
                values.FundingDraft(
                    organisation_id=valbelle.body.pk,
                    rule=values.RateWithCap(Decimal("0.2"), None),
                    money_kind=CHF,
                ),
            ),
        ),
    )


@pytest.fixture
def halls(people: Any, valbelle: Any) -> list[UUID]:
    """Two plain measures of Montaigu, and one of Rochefort that Montaigu helps to pay."""
    lead, made = people.actor("lead"), []
    for title, cost in (("Halle", 3_000_000), ("École", 1_000_000)):
        spending = tuple(values.SpendDraft(year, chf(cost // 2)) for year in (2027, 2028))
        parts = draft(valbelle.montaigu, title, estimates=(estimate(cost),), spending=spending)
        made.append(actions.create_measure(actor=lead, territory_id=valbelle.territory.pk, draft=parts))
    parts = draft(
        valbelle.rochefort,
        "Réservoir",
        estimates=(estimate(1_000_000),),
        spending=(values.SpendDraft(2028, chf(1_000_000)),),
        funding=(
            values.FundingDraft(
                organisation_id=valbelle.montaigu.pk,
                rule=values.RateWithCap(Decimal("0.25"), None),
                money_kind=CHF,
            ),
        ),
    )
    neighbour = people.actor("neighbour")
    actions.create_measure(actor=neighbour, territory_id=valbelle.territory.pk, draft=parts)
    return made


def picture(people: Any, valbelle: Any, question: Question | None = None, who: str = "finance") -> Picture:
    return cockpit.open_picture(
        people.actor(who),
        valbelle.territory.pk,
        valbelle.montaigu.pk,
        question or Question(),
        language="fr",
    )


def slipped(measure_id: UUID, years: int, cost: str = "0") -> Question:
    return Question(adjustments=Adjustments({measure_id: Change(years, Decimal(cost))}))


def test_the_years_of_the_owner_add_up(bus: UUID, halls: list[UUID], people: Any, valbelle: Any) -> None:
    view = cockpit.view_of(picture(people, valbelle))
    assert view.measures == 3
    assert total(view.gross) == Decimal("22400000.00")
    aid = [sum(column, Decimal(0)) for column in zip(*(payer.aid for payer in view.payers), strict=True)]
    assert [g - a for g, a in zip(view.gross, aid, strict=True)] == list(view.net)
    assert [payer.name for payer in view.payers] == ["Canton", "Agglo Valbelle"]
    assert total(view.payers[0].aid) == Decimal("7000000.00")
    assert total(view.contributions) == Decimal("250000.00")
    at = [column.key for column in view.columns].index("2028")
    assert view.contributions[at] == Decimal("250000.00")
    assert view.charge[at] == view.net[at] + Decimal("250000.00")
    # 80 % of what the canton owes for a year comes the year after; in the end everything arrives.
    assert total(view.payers[0].received) == total(view.payers[0].aid)
    assert view.payers[0].received[at] < view.payers[0].aid[at]
    assert view.earlier is None


def test_slipping_three_years_loses_the_aid_and_two_keep_it(
    bus: UUID, halls: list[UUID], people: Any, valbelle: Any
) -> None:
    found = effects.effects(picture(people, valbelle, slipped(bus, 3)))
    assert found.lost == Decimal("7000000.00")
    (line,) = found.lost_lines
    assert (line.why, line.deadline, line.keeping_shift) == ("start", date(2031, 12, 31), 2)
    assert line.works_start == date(2032, 3, 1)
    # What one payer no longer brings, the owner pays: nothing gets lost on the way.
    assert found.charge - found.charge_before == found.lost
    kept = effects.effects(picture(people, valbelle, slipped(bus, 2)))
    assert (kept.lost, kept.lost_lines) == (Decimal(0), ())


def test_a_costlier_measure_stays_under_its_cap(bus: UUID, people: Any, valbelle: Any) -> None:
    view = cockpit.view_of(picture(people, valbelle, slipped(bus, 0, "0.08")))
    # 180,000 of 2026 are not paid: everything grows by 8 %, the capped aid does not.
    assert total(view.gross) == Decimal("19872000.00")
    assert total(view.payers[0].aid) == Decimal("7000000.00")
    assert total(view.payers[1].aid) == Decimal("3974400.00")


def test_a_payer_that_leaves(bus: UUID, people: Any, valbelle: Any) -> None:
    question = Question(adjustments=Adjustments(leavers=frozenset({valbelle.body.pk})))
    found = effects.effects(picture(people, valbelle, question))
    assert (found.lost, found.lost_lines[0].why) == (Decimal("3680000.00"), "departure")


def test_ceilings_and_what_makes_the_excess(bus: UUID, halls: list[UUID], people: Any, valbelle: Any) -> None:
    for year in range(2027, 2031):
        Frame.objects.create(
            territory=valbelle.territory,
            organisation=valbelle.montaigu,
            year=year,
            ceiling=Decimal(2_500_000),
            source="Conseil général, 17.06.2025",
            currency="CHF",
            vat="excluded",
            price_base="2025-10",
        )
    found = picture(people, valbelle)
    view = cockpit.view_of(found)
    (ceiling,) = view.ceilings
    assert ceiling.sources == ("Conseil général, 17.06.2025",)
    assert ceiling.spent == view.charge
    over = {one.year: one for one in passing.passed(found)}
    years = {column.year: amount for column, amount in zip(view.columns, view.charge, strict=True)}
    assert set(over) == {year for year in range(2027, 2031) if years[year] > 2_500_000}
    assert over[2028].spent == years[2028]
    assert over[2028].measures[0] == halls[0]
    # A nominal ceiling says nothing of constant prices.
    Frame.objects.update(price_base="")
    assert cockpit.view_of(picture(people, valbelle)).ceilings == ()


def frame(valbelle: Any, year: int, amount: int, nature: str = "", node: Any = None) -> None:
    Frame.objects.create(
        territory=valbelle.territory,
        organisation=valbelle.montaigu,
        plan=node.plan if node else None,
        node=node,
        year=year,
        nature=nature,
        ceiling=Decimal(amount),
        source="Conseil général",
        currency="CHF",
        vat="excluded",
        price_base="2025-10",
    )


@pytest.fixture
def natures(people: Any, valbelle: Any) -> UUID:
    """A pool: 800,000 to build and 200,000 to run in 2028; the canton pays half of all."""
    operation = vocabulary.Nature.OPERATION
    return actions.create_measure(
        actor=people.actor("lead"),
        territory_id=valbelle.territory.pk,
        draft=draft(
            valbelle.montaigu,
            "Piscine",
            estimates=(estimate(1_000_000),),
            spending=(
                values.SpendDraft(2028, chf(800_000)),
                values.SpendDraft(2028, chf(200_000), nature=operation),
            ),
            funding=(values.FundingDraft(valbelle.canton.pk, values.RateWithCap(Decimal("0.5"), None), CHF),),
        ),
    )


def test_a_ceiling_of_a_nature_counts_its_lines_only(natures: UUID, people: Any, valbelle: Any) -> None:
    frame(valbelle, 2028, 450_000, "investment")
    frame(valbelle, 2028, 90_000, "operation")
    found = picture(people, valbelle)
    view = cockpit.view_of(found)
    at = [column.key for column in view.columns].index("2028")
    said = {str(one.nature): (one.limits[at], one.spent[at], one.margins[at]) for one in view.ceilings}
    # Half of each is the canton's: 400,000 built under 450,000, 100,000 run above 90,000.
    assert said == {
        "investment": (Decimal(450_000), Decimal(400_000), Decimal(50_000)),
        "operation": (Decimal(90_000), Decimal(100_000), Decimal(-10_000)),
    }
    (over,) = passing.passed(found)
    assert (over.nature, over.year, over.over) == (vocabulary.Nature.OPERATION, 2028, Decimal(10_000))
    assert effects.effects(found).passed == (2028,)


def test_what_helps_others_counts_by_its_nature(halls: list[UUID], people: Any, valbelle: Any) -> None:
    # 250,000 to a reservoir of Rochefort that is built, not run.
    frame(valbelle, 2028, 100_000, "operation")
    (ceiling,) = cockpit.view_of(picture(people, valbelle)).ceilings
    assert not any(ceiling.spent)


def test_a_margin_opens_into_its_ceiling_and_what_is_taken_from_it(
    natures: UUID, halls: list[UUID], people: Any, valbelle: Any
) -> None:
    frame(valbelle, 2027, 3_000_000)
    frame(valbelle, 2028, 450_000, "investment")
    found = picture(people, valbelle)
    view = cockpit.view_of(found)
    assert [one.row for one in view.ceilings] == ["margin", "margin:investment"]
    for ceiling in view.ceilings:
        page = groups.measures(found, ceiling.row, Window(size=50))
        for at, column in enumerate(view.columns):
            margin = ceiling.margins[at]
            taken = sum((line.amounts[at] for line in page.rows), Decimal(0))
            if margin is None:
                assert not taken
                continue
            assert (ceiling.limits[at] or 0) + taken == margin
            explained = explaining.explain(found, ceiling.row, column.key)
            assert explained.amount == margin
            assert explained.lines[0].is_ceiling and explained.lines[0].source == "Conseil général"
            assert sum(line.amount for line in explained.lines) + explained.rest == margin
    with pytest.raises(NotFound):
        explaining.explain(found, "margin:operation", "2028")


@pytest.fixture
def axes(halls: list[UUID], valbelle: Any) -> list[Any]:
    """A plan with an axis “1”, “1.1” below it, “2” and “3”; the hall stands in 1.1, the school in 2."""
    plan = Plan.objects.create(
        territory=valbelle.territory,
        owner=valbelle.body,
        type="communal_plan",
        code="PDCom",
        title={"fr": "Plan directeur"},
        currency="CHF",
    )
    nodes = [
        PlanNode.objects.create(plan=plan, code=path, path=path, title={"fr": f"Axe {path}"}, position=at)
        for at, path in enumerate(("1", "1.1", "2", "3"))
    ]
    for measure_id, node in ((halls[0], nodes[1]), (halls[1], nodes[2])):
        PlanMembership.objects.create(measure_id=measure_id, plan=plan, node=node, code=f"M{node.code}")
    return nodes


def test_an_axis_shows_its_measures_and_its_own_ceiling(axes: list[Any], people: Any, valbelle: Any) -> None:
    frame(valbelle, 2027, 9_000_000)
    frame(valbelle, 2027, 1_000_000, node=axes[0])
    view = cockpit.view_of(picture(people, valbelle, Question(node_id=axes[0].pk)))
    assert (view.measures, total(view.gross)) == (1, Decimal(3_000_000))
    (ceiling,) = view.ceilings
    assert ceiling.key == str(axes[0].pk)
    at = [column.key for column in view.columns].index("2027")
    assert (ceiling.limits[at], ceiling.spent[at]) == (Decimal(1_000_000), Decimal(1_500_000))
    assert [(axis.path, axis.measures) for axis in view.axes] == [("1", 1), ("1.1", 1), ("2", 1)]
    # The whole plan keeps to its own measures, and names the axis whose ceiling is passed.
    whole = picture(people, valbelle, Question(plan_id=axes[0].plan_id))
    assert cockpit.view_of(whole).measures == 2
    assert [(one.key, one.year) for one in passing.passed(whole)] == [(str(axes[0].pk), 2027)]
    assert picture(people, valbelle, Question(node_id=axes[3].pk)).own.numbers == 0


def test_an_axis_of_another_plan_is_refused(axes: list[Any], people: Any, valbelle: Any) -> None:
    with pytest.raises(NotFound):
        picture(people, valbelle, Question(plan_id=UUID(int=1), node_id=axes[0].pk))


def test_every_row_opens_into_lines_that_add_up(
    bus: UUID, halls: list[UUID], people: Any, valbelle: Any
) -> None:
    found = picture(people, valbelle, slipped(bus, 3, "0.08"))
    view = cockpit.view_of(found)
    rows = {"gross": view.gross, "net": view.net, "contributions": view.contributions}
    rows |= {"charge": view.charge, "need": view.need}
    rows |= {f"aid:{payer.organisation_id}": payer.aid for payer in view.payers}
    for what, amounts in rows.items():
        for column, amount in zip(view.columns, amounts, strict=True):
            explained = explaining.explain(found, what, column.key)
            assert explained.amount == amount
            assert sum(line.amount for line in explained.lines) + explained.rest == amount
    explained = explaining.explain(found, f"measure:{bus}", "2032")
    assert explained.lines[0].dated == date(2026, 1, 15)
    lost = next(line.rule for line in explained.lines if line.rule and line.rule.payer_name == "Canton")
    assert (lost.lost, lost.at_stake) == ("start", Decimal("7000000.00"))


@pytest.mark.parametrize("by", list(groups.By))
def test_groups_add_up_to_the_whole(
    by: groups.By, bus: UUID, halls: list[UUID], people: Any, valbelle: Any
) -> None:
    found = picture(people, valbelle)
    view = cockpit.view_of(found)
    rows = groups.groups(found, by)
    for at in range(len(view.columns)):
        whole = view.gross[at] if by is not groups.By.FUNDER else view.gross[at] - view.net[at]
        assert sum(one.gross[at] for one in rows) == whole
    for one in rows:
        page = groups.measures(found, f"{by}:{one.key}", Window(size=50))
        assert page.total == one.count


def test_a_measure_of_three_plans_counts_once(bus: UUID, people: Any, valbelle: Any) -> None:
    plans = [
        Plan.objects.create(
            territory=valbelle.territory,
            owner=valbelle.body,
            type=kind,
            code=code,
            title={"fr": code},
            currency="CHF",
        )
        for kind, code in (
            ("agglomeration_programme", "PA5"),
            ("communal_plan", "PDCom"),
            ("four_year_plan", "PQ"),
        )
    ]
    for plan in plans:
        PlanMembership.objects.create(measure_id=bus, plan=plan, code=f"{plan.code}-1")
    reading.forget()
    found = picture(people, valbelle)
    assert total(cockpit.view_of(found).gross) == Decimal("18400000.00")
    (one,) = groups.groups(found, groups.By.PLAN)
    assert (one.key, one.count) == (str(plans[0].pk), 1)
    (line,) = groups.measures(found, "gross").rows
    assert (line.code, line.also_in) == ("PA5-1", ("PDCom", "PQ"))
    for plan in plans:
        assert cockpit.view_of(picture(people, valbelle, Question(plan_id=plan.pk))).measures == 1


def test_another_kind_of_money_is_named_and_not_added(
    bus: UUID, halls: list[UUID], people: Any, valbelle: Any
) -> None:
    other = draft(
        valbelle.montaigu,
        "Piscine",
        estimates=(estimate(500_000, NOMINAL),),
        spending=(values.SpendDraft(2027, chf(500_000, NOMINAL)),),
    )
    lead = people.actor("lead")
    actions.create_measure(actor=lead, territory_id=valbelle.territory.pk, draft=other)
    view = cockpit.view_of(picture(people, valbelle))
    assert total(view.gross) == Decimal("22400000.00")
    assert [(one.kind, one.measures, one.gross) for one in view.others] == [
        (NOMINAL, 1, Decimal("500000.00"))
    ]
    second = cockpit.view_of(picture(people, valbelle, Question(kind=NOMINAL)))
    assert (second.kind, total(second.gross)) == (NOMINAL, Decimal("500000.00"))


def test_current_prices_index_first_and_add_vat_after(halls: list[UUID], people: Any, valbelle: Any) -> None:
    question = Question(current_prices=True)
    with pytest.raises(NotFound):
        picture(people, valbelle, question)
    series = IndexSeries.objects.create(
        territory=valbelle.territory,
        code="construction",
        names={"fr": "Indice de la construction"},
        yearly_rate=Decimal("0.02"),
    )
    for month, value in (("2025-04", "110"), ("2025-10", "112")):
        IndexValue.objects.create(series=series, month=month, value=Decimal(value))
    VatRate.objects.create(territory=valbelle.territory, valid_from=date(2024, 1, 1), rate=Decimal("0.081"))
    view = cockpit.view_of(picture(people, valbelle, question))
    constant = cockpit.view_of(picture(people, valbelle))
    assert view.kind == Kind("CHF", Vat.INCLUDED, "")
    at = [column.key for column in view.columns].index("2027")
    risen = view.gross[at] / constant.gross[at] / Decimal("1.081")
    assert Decimal("1.02") < risen < Decimal("1.04")
    assert total(view.gross) - sum(total(payer.aid) for payer in view.payers) == total(view.net)


def test_a_change_of_money_is_seen_at_once(halls: list[UUID], people: Any, valbelle: Any) -> None:
    assert total(cockpit.view_of(picture(people, valbelle)).gross) == Decimal("4000000.00")
    money_actions.record_estimate(
        actor=people.actor("lead"),
        measure_id=halls[0],
        version=None,
        draft=estimate(5_000_000),
        follow_with_spending=True,
        reason="Appel d’offres",
    )
    assert total(cockpit.view_of(picture(people, valbelle)).gross) == Decimal("6000000.00")


def test_money_without_a_year_stands_apart(people: Any, valbelle: Any) -> None:
    parts = draft(
        valbelle.montaigu,
        estimates=(estimate(1000),),
        spending=(values.SpendDraft(2028, chf(400)),),
    )
    lead = people.actor("lead")
    actions.create_measure(actor=lead, territory_id=valbelle.territory.pk, draft=parts)
    view = cockpit.view_of(picture(people, valbelle))
    assert view.gross[-1] == Decimal("600.00")
    assert total(view.gross) == Decimal("1000.00")


def test_what_is_voted_holds_every_measure(bus: UUID, halls: list[UUID], people: Any, valbelle: Any) -> None:
    content, lines = freezing.frozen(picture(people, valbelle, slipped(bus, 3)))
    assert len(lines) == 3
    assert sum(Decimal(line["net_total"]) for line in lines) == sum(map(Decimal, content["rows"]["net"]))
    assert content["assumptions"]["changes"][str(bus)] == {"shift_years": 3, "cost_share": "0"}


@pytest.mark.parametrize("who", ["lead", "contributor", "reader", "finance", "office", "elected", "governor"])
def test_who_sees_it(who: str, halls: list[UUID], people: Any, valbelle: Any) -> None:
    assert cockpit.view_of(picture(people, valbelle, who=who)).measures == 2


@pytest.mark.parametrize("who", ["neighbour", "stranger", "nobody"])
def test_who_does_not(who: str, halls: list[UUID], people: Any, valbelle: Any) -> None:
    with pytest.raises(Refused):
        picture(people, valbelle, who=who)


def test_a_gone_funding_line_is_not_counted_as_lost(bus: UUID, people: Any, valbelle: Any) -> None:
    line = FundingLine.objects.get(organisation=valbelle.canton)
    money_actions.set_funding(
        actor=people.actor("finance"),
        measure_id=bus,
        version=None,
        line_id=line.pk,
        draft=values.FundingDraft(
            organisation_id=valbelle.canton.pk,
            rule=values.RateWithCap(Decimal("0.4"), chf(7_000_000)),
            money_kind=CHF,
            state="refused",
            start_deadline=date(2031, 12, 31),
        ),
        reason="Décision",
    )
    found = effects.effects(picture(people, valbelle, slipped(bus, 3)))
    assert found.lost == 0
