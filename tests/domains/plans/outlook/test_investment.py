"""AP/CP: the credits add up to the programme, co-funding and net too, of today and of a vote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.plans.models import FundingLine, IndexSeries, IndexValue, SnapshotLine, VatRate
from belvedere.domains.plans.outlook import reading
from belvedere.domains.plans.public import actions, money_actions, outlook, states, values, vocabulary
from belvedere.kernel.clock import standing_at
from tests.domains.plans.drafts import CHF, chf, draft, estimate

PAID, OBTAINED, REQUESTED = (
    states.SpendState.PAID,
    states.FundingState.OBTAINED,
    states.FundingState.REQUESTED,
)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    reading.forget()
    with standing_at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        yield
    reading.forget()


@pytest.fixture
def hall(people: Any, valbelle: Any) -> UUID:
    """3.3 million: 200,000 paid in 2025, 100,000 of this year, then two years; two payers, one twice."""

    def share(payer: Any, rate: str, state: states.FundingState) -> values.FundingDraft:
        return values.FundingDraft(payer.pk, values.RateWithCap(Decimal(rate), None), CHF, state=state)

    return actions.create_measure(
        actor=people.actor("lead"),
        territory_id=valbelle.territory.pk,
        draft=draft(
            valbelle.montaigu,
            "Halle",
            estimates=(estimate(3_300_000),),
            spending=(
                values.SpendDraft(2025, chf(200_000), PAID),
                values.SpendDraft(2026, chf(60_000), PAID),
                values.SpendDraft(2026, chf(40_000)),
                values.SpendDraft(2027, chf(1_000_000)),
                values.SpendDraft(2028, chf(2_000_000)),
            ),
            funding=(
                share(valbelle.canton, "0.2", OBTAINED),
                share(valbelle.canton, "0.1", REQUESTED),
                share(valbelle.body, "0.25", REQUESTED),
                share(valbelle.rochefort, "0.5", states.FundingState.REFUSED),
            ),
        ),
    )


@pytest.fixture
def path(people: Any, valbelle: Any) -> UUID:
    parts = draft(
        valbelle.montaigu,
        "Voie verte",
        estimates=(estimate(500_000),),
        spending=(values.SpendDraft(2027, chf(400_000)),),
    )
    lead = people.actor("lead")
    return actions.create_measure(actor=lead, territory_id=valbelle.territory.pk, draft=parts)


def picture(people: Any, valbelle: Any, **asked: Any) -> outlook.Picture:
    return outlook.open_picture(
        people.actor("finance"),
        valbelle.territory.pk,
        valbelle.montaigu.pk,
        outlook.Question(**asked),
        language="fr",
    )


def vote(shown: outlook.Picture) -> UUID:
    kind = vocabulary.SnapshotKind.BUDGET
    return outlook.vote(shown, kind=kind, title="PPI", body="Conseil", voted_on=date(2026, 11, 1))


def holds(plan: outlook.InvestmentPlan) -> None:
    """What is true of every plan."""
    for one in plan.programmes:
        assert sum(one.credits) == one.authorised
        assert one.cofunding is not None and one.paid is not None
        assert sum(line.amount for line in one.cofunding) + one.net == one.authorised
        assert all(paid <= credit for paid, credit in zip(one.paid, one.credits, strict=True))
    assert sum(plan.credits) == plan.authorised
    assert plan.cofunding is not None
    assert sum(line.amount for line in plan.cofunding) + plan.net == plan.authorised


def test_programmes_credits_and_cofunding(hall: UUID, path: UUID, people: Any, valbelle: Any) -> None:
    plan = outlook.investment_plan(picture(people, valbelle))
    holds(plan)
    first, second = plan.programmes
    assert (first.measure_id, first.title, first.authorised) == (hall, "Halle", Decimal(3_300_000))
    by_year = dict(zip((column.key for column in plan.columns), first.credits, strict=True))
    assert [by_year[key] for key in ("2025", "2026", "2027", "2028")] == [
        200_000,
        100_000,
        1_000_000,
        2_000_000,
    ]
    assert (first.paid_total, first.remaining) == (Decimal(260_000), Decimal(3_040_000))
    assert first.cofunding is not None
    assert [(line.payer_name, line.state, line.amount) for line in first.cofunding] == [
        ("Agglo Valbelle", REQUESTED, Decimal(825_000)),
        ("Canton", OBTAINED, Decimal(660_000)),
        ("Canton", REQUESTED, Decimal(330_000)),
    ]
    assert first.net == Decimal(1_485_000)
    # What has no year yet is a credit too, in the last column.
    assert (second.credits[-1], second.cofunding, second.aid) == (Decimal(100_000), (), Decimal(0))
    assert plan.snapshot_id is None


def test_a_vote_keeps_its_plan(hall: UUID, path: UUID, people: Any, valbelle: Any) -> None:
    shown = picture(people, valbelle)
    before = outlook.investment_plan(shown)
    key = vote(shown)
    money_actions.record_estimate(
        actor=people.actor("lead"),
        measure_id=hall,
        version=None,
        draft=estimate(4_000_000),
        follow_with_spending=True,
        reason="Offres",
    )
    FundingLine.objects.filter(measure_id=hall).update(state=states.FundingState.AGREED)
    voted = outlook.investment_plan(outlook.snapshot(people.actor("reader"), key), language="fr")
    holds(voted)
    assert voted.programmes == before.programmes
    assert (voted.columns, voted.kind, voted.snapshot_id) == (before.columns, before.kind, key)
    today = outlook.investment_plan(picture(people, valbelle))
    assert today.authorised == before.authorised + 700_000


def test_a_slip_moves_credits_and_nothing_paid(hall: UUID, path: UUID, people: Any, valbelle: Any) -> None:
    changes = {hall: outlook.Change(1, Decimal("0.1"))}
    plan = outlook.investment_plan(picture(people, valbelle, adjustments=outlook.Adjustments(changes)))
    holds(plan)
    assert plan.programmes[0].paid_total == Decimal(260_000)
    assert plan.programmes[0].authorised == Decimal(3_604_000)  # 10 % of what is not paid


def test_at_current_prices_what_is_paid_is_at_most_the_credit(
    hall: UUID, path: UUID, people: Any, valbelle: Any
) -> None:
    series = IndexSeries.objects.create(
        territory=valbelle.territory, code="cpi", names={"fr": "Indice"}, yearly_rate=Decimal("0.03")
    )
    IndexValue.objects.create(series=series, month="2024-10", value=Decimal(97))
    IndexValue.objects.create(series=series, month="2025-10", value=Decimal(100))
    VatRate.objects.create(territory=valbelle.territory, valid_from=date(2024, 1, 1), rate=Decimal("0.081"))
    plan = outlook.investment_plan(picture(people, valbelle, current_prices=True))
    holds(plan)
    first, at = plan.programmes[0], [column.key for column in plan.columns].index("2025")
    assert first.paid is not None and first.paid[at] == first.credits[at]


def test_a_vote_of_before_says_that_it_does_not_know(hall: UUID, people: Any, valbelle: Any) -> None:
    found = outlook.snapshot(people.actor("finance"), vote(picture(people, valbelle)))
    older = [{key: line[key] for key in line if key not in ("paid", "funding")} for line in found.lines]
    plan = outlook.investment_plan(outlook.SnapshotView(found.head, found.content, tuple(older), True, False))
    (one,) = plan.programmes
    assert (one.paid, one.remaining, one.cofunding, plan.paid, plan.cofunding) == (None,) * 5
    assert one.authorised == Decimal(3_300_000) and one.net == Decimal(1_485_000)
    assert SnapshotLine.objects.count() == 1


def test_an_empty_plan_has_zeros(people: Any, valbelle: Any) -> None:
    plan = outlook.investment_plan(picture(people, valbelle))
    assert (plan.programmes, plan.authorised) == ((), 0)
    assert set(plan.credits) == {0} and len(plan.credits) == len(plan.columns)
