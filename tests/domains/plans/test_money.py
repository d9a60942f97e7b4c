"""The money of measures: versions, funding, years, totals; every figure derived, journaled, exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import MeasureFilter, actions, money_actions, page, totals, values
from belvedere.domains.plans.public import states as vocabulary
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Conflict, InvalidInput
from belvedere.kernel.money import Kind, Money, Vat
from tests.domains.plans.drafts import CHF, chf, draft, estimate, full

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
ALL = MeasureFilter()
OLD = Kind("CHF", Vat.EXCLUDED, "2020-10")


@pytest.fixture
def add(valbelle: Any) -> Any:
    def make(made: Any) -> Any:
        return actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)

    return make


def seen(measure: Any) -> Any:
    return page.measure_page(SYSTEM, measure, language="fr")


def test_cost_aid_and_net_are_derived(add: Any, valbelle: Any) -> None:
    view = seen(add(full(valbelle.montaigu, valbelle.canton)))
    assert (view.cost, view.aid, view.net) == (chf(1000), chf(300), chf(700))
    assert view.funding[0].capped
    assert [line.aid for line in view.spending] == [chf(150), chf(150)]


def test_a_new_estimate_keeps_the_old_one_and_can_carry_the_years(add: Any, valbelle: Any) -> None:
    measure = add(full(valbelle.montaigu, valbelle.canton))
    money_actions.record_estimate(
        actor=SYSTEM,
        measure_id=measure,
        version=1,
        draft=estimate("1333.33"),
        follow_with_spending=True,
        reason="Offre rentrée",
    )
    view = seen(measure)
    assert [e.amount for e in view.estimates] == [chf("1333.33"), chf(1000)]
    assert sum((line.amount.amount for line in view.spending), Decimal(0)) == Decimal("1333.33")
    assert sum((line.aid.amount for line in view.spending), Decimal(0)) == view.aid.amount
    entry = entries_of(("plans.measure", str(measure))).rows[0]
    assert entry.reason == "Offre rentrée"
    assert entry.after["figures.cost"] == "1333.33"
    assert entry.before["figures.cost"] == "1000.00"


def test_a_cost_does_not_change_without_a_reason(add: Any, valbelle: Any) -> None:
    measure = add(full(valbelle.montaigu, valbelle.canton))
    with pytest.raises(InvalidInput):
        money_actions.record_estimate(
            actor=SYSTEM, measure_id=measure, version=None, draft=estimate("5"), reason=" "
        )
    assert len(seen(measure).estimates) == 1


def test_an_estimate_is_never_overwritten_even_by_sql(add: Any, valbelle: Any) -> None:
    from belvedere.domains.plans.models import CostEstimate

    add(full(valbelle.montaigu, valbelle.canton))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CostEstimate.objects.update(amount=1)


def test_saving_over_someone_else_is_refused(add: Any, valbelle: Any) -> None:
    measure = add(draft(valbelle.montaigu))
    actions.edit_measure(actor=SYSTEM, measure_id=measure, version=1, title={"fr": "Premier"})
    with pytest.raises(Conflict):
        actions.edit_measure(actor=SYSTEM, measure_id=measure, version=1, title={"fr": "Second"})
    assert seen(measure).title == {"fr": "Premier"}


def test_a_change_that_changes_nothing_writes_nothing(add: Any, valbelle: Any) -> None:
    measure = add(draft(valbelle.montaigu))
    before = entries_of(("plans.measure", str(measure))).total
    actions.edit_measure(actor=SYSTEM, measure_id=measure, version=1, title={"fr": "Voie verte"})
    assert seen(measure).version == 1
    assert entries_of(("plans.measure", str(measure))).total == before


def test_no_cost_is_not_a_cost_of_zero(add: Any, valbelle: Any) -> None:
    view = seen(add(draft(valbelle.montaigu)))
    assert view.cost is None
    assert vocabulary.Flag.NO_COST in view.flags
    found = totals.totals(SYSTEM, valbelle.territory.pk, ALL)
    assert (found.count, found.without_cost, found.sums) == (1, 1, ())


def test_aid_above_the_cost_is_kept_and_flagged(add: Any, valbelle: Any) -> None:
    grant = values.FundingDraft(
        organisation_id=valbelle.canton.pk, rule=values.Fixed(chf(90)), money_kind=CHF
    )
    measure = add(
        draft(
            valbelle.montaigu,
            estimates=(estimate(0),),
            funding=(grant,),
            spending=(values.SpendDraft(2019, chf(0)),),
        )
    )
    view = seen(measure)
    assert (view.aid, view.net) == (chf(90), chf(-90))
    assert vocabulary.Flag.AID_EXCEEDS_COST in view.flags
    assert view.spending[0].aid == chf(90)


def test_refused_aid_stays_on_record_and_pays_nothing(add: Any, valbelle: Any) -> None:
    measure = add(full(valbelle.montaigu, valbelle.canton))
    line = seen(measure).funding[0]
    money_actions.set_funding(
        actor=SYSTEM,
        measure_id=measure,
        version=None,
        line_id=line.id,
        draft=values.FundingDraft(
            organisation_id=line.organisation_id,
            rule=values.RateWithCap(Decimal("0.4"), chf(300)),
            money_kind=CHF,
            state=vocabulary.FundingState.REFUSED,
        ),
        reason="Refus du 3 mars",
    )
    view = seen(measure)
    assert view.aid == chf(0)
    assert view.funding[0].lost


def test_unlike_money_is_shown_as_two_sums(add: Any, valbelle: Any) -> None:
    add(full(valbelle.montaigu, valbelle.canton))
    add(
        draft(
            valbelle.rochefort,
            estimates=(estimate(50, OLD),),
            spending=(values.SpendDraft(2027, chf(50, OLD)),),
        )
    )
    found = totals.totals(SYSTEM, valbelle.territory.pk, ALL)
    assert [(total.kind, total.cost.amount) for total in found.sums] == [
        (CHF, Decimal(1000)),
        (OLD, Decimal(50)),
    ]
    years = totals.by_year(SYSTEM, valbelle.territory.pk, ALL)
    assert [(y.year, y.total.kind.price_base) for y in years] == [
        (2027, "2020-10"),
        (2027, "2025-10"),
        (2028, "2025-10"),
    ]


def test_a_total_opens_into_its_lines(add: Any, valbelle: Any) -> None:
    for owner in (valbelle.montaigu, valbelle.montaigu, valbelle.rochefort):
        add(full(owner, valbelle.canton, cost="900.00"))
    which = MeasureFilter(years=frozenset({2027}), owners=frozenset({valbelle.montaigu.pk}))
    year = totals.by_year(SYSTEM, valbelle.territory.pk, which)[0]
    lines = totals.spending_rows(SYSTEM, valbelle.territory.pk, which, language="fr")
    assert lines.total == 2
    assert sum((r.amount.amount for r in lines.rows), Decimal(0)) == year.total.cost.amount == Decimal(900)
    assert sum((r.aid.amount for r in lines.rows), Decimal(0)) == year.total.aid.amount


def test_a_measure_paid_and_projected_in_one_year_counts_once(add: Any, valbelle: Any) -> None:
    paid = values.SpendDraft(2026, chf(40), state=vocabulary.SpendState.PAID)
    add(
        draft(
            valbelle.montaigu,
            estimates=(estimate(100),),
            spending=(paid, values.SpendDraft(2026, chf(60))),
        )
    )
    year = totals.by_year(SYSTEM, valbelle.territory.pk, ALL)[0]
    assert year.total.count == 1
    assert year.total.cost == chf(100)
    assert year.by_state[vocabulary.SpendState.PAID] == 40


amounts = st.integers(0, 10**9).map(lambda n: Decimal(n) / 100)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(amounts, amounts, st.integers(0, 1000)), min_size=1, max_size=6))
def test_totals_by_year_by_owner_and_in_all_agree_to_the_cent(
    add: Any, valbelle: Any, measures: list[tuple[Decimal, Decimal, int]]
) -> None:
    owners = [valbelle.montaigu, valbelle.rochefort, valbelle.sautelet]
    with transaction.atomic():
        for at, (first, second, rate) in enumerate(measures):
            kept = Money(first + second, CHF)
            add(
                draft(
                    owners[at % 3],
                    estimates=(values.EstimateDraft(amount=kept, dated=estimate(1).dated),),
                    spending=(
                        values.SpendDraft(2027, Money(first, CHF)),
                        values.SpendDraft(2030, Money(second, CHF)),
                    ),
                    funding=(
                        values.FundingDraft(
                            organisation_id=valbelle.canton.pk,
                            rule=values.RateWithCap(Decimal(rate) / 1000),
                            money_kind=CHF,
                        ),
                    ),
                )
            )
        where = valbelle.territory.pk
        whole = totals.totals(SYSTEM, where, ALL).sums[0]
        assert whole.cost.amount == sum(a + b for a, b, _ in measures)
        years = totals.by_year(SYSTEM, where, ALL)
        by_owner = totals.by_owner(SYSTEM, where, ALL, language="fr").rows
        by_funder = totals.by_funder(SYSTEM, where, ALL, language="fr")
        for parts in (years, by_owner):
            assert sum((p.total.cost.amount for p in parts), Decimal(0)) == whole.cost.amount
            assert sum((p.total.aid.amount for p in parts), Decimal(0)) == whole.aid.amount
            assert sum((p.total.net.amount for p in parts), Decimal(0)) == whole.net.amount
        assert sum((f.amount.amount for f in by_funder), Decimal(0)) == whole.aid.amount
        transaction.set_rollback(True)
