"""The tables of a closed round: right, and the same whatever happens to the plans afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Measure
from belvedere.domains.plans.public import actions, money_actions, outlook, plan_actions, states, values
from belvedere.domains.reporting.closing import lines_of
from belvedere.domains.reporting.keeping import found_round
from belvedere.domains.reporting.models import RoundTask
from belvedere.domains.reporting.public import (
    Correction,
    close_round,
    confirm_lines,
    correct_line,
    outputs,
    queries,
    tables,
)
from belvedere.domains.territory.models import Organisation
from belvedere.kernel.money import Kind, Vat
from tests.domains.reporting.examples import Programme, chf
from tests.domains.reporting.test_rounds import line_of

pytestmark = pytest.mark.django_db
OLD = Kind("CHF", Vat.EXCLUDED, "2020-10")


@pytest.fixture
def closed(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> UUID:
    """Montaigu corrects the street and confirms the bridge; Rochefort says nothing."""
    lead = people.actor("lead")
    correct_line(
        actor=lead,
        line_id=line_of(made, "street").pk,
        version=None,
        correction=Correction(works=(date(2028, 6, 1), date(2029, 10, 31)), cost=Decimal(1_200_000)),
        note="Recours",
    )
    confirm_lines(actor=lead, task_id=RoundTask.objects.get(organisation=valbelle.montaigu).pk)
    close_round(actor=people.actor("office"), round_id=round_id, with_gaps=True, reason="Délai")
    return round_id


def frozen(people: Any, valbelle: Any, round_id: UUID) -> queries.Frozen:
    return queries.frozen(people.actor("office"), round_id, territory_id=valbelle.territory.pk)


def row_of(table: tables.Table, measure_id: UUID) -> dict[str, Any]:
    row = next(row for section in table.sections for row in section.rows if row.measure_id == measure_id)
    found: dict[str, Any] = {}
    for column, cell in zip(table.columns, row.cells, strict=True):
        found[f"{column.key}_{column.year}" if column.year else column.key] = cell
    return found


def test_the_federal_table(valbelle: Any, people: Any, made: Programme, closed: UUID) -> None:
    table = outputs.table(frozen(people, valbelle, closed), "implementation")
    street = row_of(table, made.measures["street"])
    assert (street["are_code"], street["priority"], street["code"]) == ("2399.5.001", "A", "M-1")
    assert street["implementation"] == tables.Word("implementation", "not_started")
    assert (street["start_planned"], street["start_forecast"]) == (date(2027, 4, 1), date(2028, 6, 1))
    assert street["start_deadline"] == date(2028, 3, 31)
    assert (street["cost_agreement"], street["cost_now"]) == (chf(1_000_000), chf(1_200_000))
    assert (street["difference"], street["difference_share"]) == (chf(200_000), tables.Share(Decimal("0.2")))
    codes = [finding.code.value for finding in street["remarks"].findings]
    assert (street["remarks"].note, codes) == ("Recours", ["after_deadline", "cost_left"])
    square = row_of(table, made.measures["square"])
    assert [one.code.value for one in square["remarks"].findings] == ["not_answered", "no_dates"]
    section = table.sections[0]
    at = [column.key for column in table.columns].index("cost_now")
    assert section.totals[at] == chf(3_200_000)


def test_costs_of_another_price_base_are_brought_to_that_of_the_plan(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    outlook.set_index(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=outlook.IndexDraft(
            code="works",
            names={"fr": "Indice"},
            values={"2020-10": Decimal(100), "2025-10": Decimal(115)},
            source="OFS",
        ),
    )
    money_actions.record_estimate(
        actor=Actor.system(),
        measure_id=made.measures["bridge"],
        version=None,
        draft=values.EstimateDraft(chf(1_000_000, OLD), date(2026, 1, 1)),
        reason="Ancienne base",
    )
    close_round(actor=people.actor("office"), round_id=round_id, with_gaps=True, reason="x")
    table = outputs.table(frozen(people, valbelle, round_id), "implementation")
    bridge = row_of(table, made.measures["bridge"])
    assert bridge["cost_now"] == chf(1_150_000)
    assert (bridge["remarks"].converted_from, table.index.names) == ("2020-10", {"fr": "Indice"})


def test_controlling_in_three_parts(valbelle: Any, people: Any, made: Programme, closed: UUID) -> None:
    kept = frozen(people, valbelle, closed)
    dates = row_of(outputs.table(kept, "dates"), made.measures["street"])
    assert dates["start_apart"] == tables.Days((date(2028, 6, 1) - date(2027, 4, 1)).days)
    assert dates["margin"] == tables.Days((date(2028, 3, 31) - date(2028, 6, 1)).days)
    finance = row_of(outputs.table(kept, "finance"), made.measures["street"])
    assert (finance["cost"], finance["aid_promised"]) == (chf(1_200_000), chf(300_000))
    assert (finance["own"], finance["paid"]) == (chf(900_000), chf(0))
    costs = row_of(outputs.table(kept, "costs"), made.measures["street"])
    assert (costs["first"], costs["at_opening"], costs["cost"]) == (
        chf(1_000_000), chf(1_000_000), chf(1_200_000),
    )  # fmt: skip


def test_the_investment_plan_adds_up_to_the_authorisations(
    valbelle: Any, people: Any, made: Programme, closed: UUID
) -> None:
    table = outputs.table(frozen(people, valbelle, closed), "investment")
    street = row_of(table, made.measures["street"])
    assert street["authorisation"] == chf(1_200_000)
    assert (street["credit_2027"], street["credit_2028"]) == (chf(480_000), chf(720_000))
    assert street["not_spread"] == chf(0)
    for section in table.sections:
        for row in section.rows:
            amounts = [cell for cell in row.cells if hasattr(cell, "amount")]
            assert amounts[0].amount == sum(one.amount for one in amounts[1:])


def test_the_cofunding_table_adds_up_to_the_cost(
    valbelle: Any, people: Any, made: Programme, closed: UUID
) -> None:
    table = outputs.table(frozen(people, valbelle, closed), "cofunding")
    street = row_of(table, made.measures["street"])
    assert (street["payer"], street["aid"], street["own"]) == (chf(300_000), chf(300_000), chf(900_000))
    assert street["eligible"] == chf(960_000)
    assert street["aid_share"] == tables.Share(Decimal("0.25"))
    assert street["cost"].amount == street["aid"].amount + street["own"].amount


def test_a_year_later_the_tables_are_the_same(
    valbelle: Any, people: Any, made: Programme, closed: UUID
) -> None:
    """Everything in the plans changes; nothing of what was frozen does."""
    before = frozen(people, valbelle, closed)
    made_then = {key: outputs.table(before, key) for key in outputs.TABLES}
    _change_everything(valbelle, made)
    after = frozen(people, valbelle, closed)
    assert after.sha256 == before.sha256
    assert after.intact
    assert {key: outputs.table(after, key) for key in outputs.TABLES} == made_then
    present = replace(after, lines=tuple(lines_of(found_round(closed))))
    assert {key: outputs.table(present, key) for key in outputs.TABLES} != made_then


def _change_everything(valbelle: Any, made: Programme) -> None:
    actor = Actor.system()
    for measure_id in made.measures.values():
        actions.edit_measure(actor=actor, measure_id=measure_id, version=None, title={"fr": "Autre"})
        money_actions.record_estimate(
            actor=actor,
            measure_id=measure_id,
            version=None,
            draft=values.EstimateDraft(chf(9_999_999), date(2027, 10, 1)),
            reason="Un an plus tard",
        )
        money_actions.set_spending(
            actor=actor,
            measure_id=measure_id,
            version=None,
            lines=[values.SpendDraft(2035, chf(1))],
            reason="x",
        )
        actions.set_phase_dates(
            actor=actor,
            measure_id=measure_id,
            version=None,
            phases=[values.PhaseDraft("5", forecast=(date(2035, 1, 1), date(2036, 1, 1)))],
        )
        actions.change_implementation(
            actor=actor, measure_id=measure_id, version=None, to=states.Implementation.SUSPENDED, reason="x"
        )
    plan_actions.edit_plan(
        actor=actor, plan_id=made.plan, version=None, draft=values.PlanEdit(title={"fr": "Autre plan"})
    )
    Organisation.objects.update(names={"fr": "Autre nom"})
    Measure.objects.filter(pk=made.measures["bridge"]).delete()
