"""Derived figures: dates of the works, deadlines, what hangs on them, the packed money, the passing day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import figures
from belvedere.domains.plans.models import (
    Decision,
    FundingLine,
    Measure,
    MeasureActor,
    MeasureBook,
    MeasureFigures,
    Phase,
    PlanMembership,
    Quantity,
    SpendLine,
)
from belvedere.domains.plans.public import actions, money_actions, plan_actions, states
from belvedere.domains.plans.tasks import refresh_by_the_day
from belvedere.kernel.clock import standing_at
from belvedere.kernel.money import Kind, Vat
from belvedere.science.finance.book import Axis, Book
from tests.domains.plans.drafts import CHF, estimate, full

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today() -> Any:
    with standing_at(NOW):
        yield


@pytest.fixture
def measure(valbelle: Any) -> UUID:
    return actions.create_measure(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=full(valbelle.montaigu, valbelle.canton, phase="2", description={"fr": "Une voie."}),
    )


def known(measure: UUID) -> MeasureFigures:
    figures.refresh([measure])
    return MeasureFigures.objects.get(pk=measure)


def put_phase(measure: UUID, code: str = "5", **dates: date) -> None:
    Phase.objects.update_or_create(measure_id=measure, scheme="sia112", code=code, defaults=dates)


# ------------------------------------------------------------------ works
def test_the_works_go_by_the_best_known_dates(measure: UUID) -> None:
    assert (known(measure).works_start, known(measure).works_end) == (date(2027, 1, 1), date(2028, 12, 31))
    put_phase(measure, planned_start=date(2027, 4, 1), planned_end=date(2027, 10, 1))
    assert (known(measure).works_start, known(measure).works_end) == (date(2027, 4, 1), date(2027, 10, 1))
    put_phase(measure, forecast_start=date(2027, 6, 1))
    assert (known(measure).works_start, known(measure).works_end) == (date(2027, 6, 1), date(2027, 10, 1))
    put_phase(measure, actual_start=date(2026, 11, 2))
    assert known(measure).works_start == date(2026, 11, 2)


def test_running_costs_and_buckets_are_no_years_of_works(measure: UUID) -> None:
    for year, more in (
        (2020, {"span": "before"}),
        (2024, {"nature": "operation"}),
        (2040, {"span": "after"}),
    ):
        SpendLine.objects.create(
            measure_id=measure,
            year=year,
            amount=1,
            currency="CHF",
            vat="excluded",
            price_base="2025-10",
            **more,
        )
    row = known(measure)
    assert (row.works_start, row.works_end) == (date(2027, 1, 1), date(2028, 12, 31))


# ------------------------------------------------------------------ deadlines
def federal(valbelle: Any) -> Any:
    from belvedere.domains.territory.models import Organisation

    return Organisation.objects.create(
        territory=valbelle.territory,
        kind="confederation",
        names={"fr": "Confédération"},
        search="confederation",
    )


def listing(valbelle: Any, measure: UUID, **more: Any) -> PlanMembership:
    plan = plan_actions.create_plan(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code="PA5",
        title={"fr": "PA5"},
        money_kind=CHF,
        has_agreement=True,
    )
    return PlanMembership.objects.create(measure_id=measure, plan_id=plan, **more)


def fund(payer: Any, measure: UUID, **more: Any) -> FundingLine:
    fields = {"rule": "fixed", "amount": 100, "currency": "CHF", "vat": "excluded", "price_base": "2025-10"}
    return FundingLine.objects.create(measure_id=measure, organisation=payer, **(fields | more))


def test_federal_aid_is_bound_to_the_deadlines_of_the_listing(valbelle: Any, measure: UUID) -> None:
    limit = date(2029, 3, 31)
    row = listing(valbelle, measure, agreement="signed", start_deadline=limit)
    line = fund(federal(valbelle), measure)
    found = known(measure)
    assert (found.start_deadline, found.at_stake) == (limit, 100)  # the canton's 300 are not bound
    line.start_deadline = date(2028, 3, 31)
    line.save()
    assert known(measure).start_deadline == date(2028, 3, 31)
    line.state = "paid"
    line.save()
    assert (known(measure).start_deadline, known(measure).at_stake) == (limit, 0)
    line.state = "forfeited"
    line.save()
    assert known(measure).at_stake == 0
    row.agreement = "works_started"
    row.save()
    assert known(measure).start_deadline is None


def test_what_others_pay_is_bound_only_by_its_own_deadline(valbelle: Any, measure: UUID) -> None:
    listing(valbelle, measure, agreement="signed", start_deadline=date(2029, 3, 31))
    line = FundingLine.objects.get(measure_id=measure)
    assert known(measure).at_stake == 0
    line.claim_deadline = date(2031, 1, 1)
    line.save()
    assert known(measure).at_stake == 300


def test_promised_is_what_was_agreed_or_paid(valbelle: Any, measure: UUID) -> None:
    assert known(measure).promised == 0
    fund(valbelle.body, measure, state="agreed")
    fund(valbelle.rochefort, measure, amount=50, state="paid")
    fund(valbelle.sautelet, measure, amount=25, state="requested")
    assert known(measure).promised == 150


def test_a_measure_begun_has_no_deadline_to_start(valbelle: Any, measure: UUID) -> None:
    listing(valbelle, measure, agreement="signed", start_deadline=date(2027, 3, 31))
    assert known(measure).flags == ["no_site", "deadline_risk", "incomplete"]
    put_phase(measure, actual_start=date(2026, 11, 2))
    assert known(measure).start_deadline is None
    assert "deadline_risk" not in known(measure).flags


# ------------------------------------------------------------------ flags
def test_flags_follow_the_rows(valbelle: Any, measure: UUID, people: Any) -> None:
    assert known(measure).flags == ["no_site", "incomplete"]
    MeasureActor.objects.create(measure_id=measure, role="pilot", label="Service des routes")
    assert known(measure).flags == ["no_site"]
    money_actions.record_estimate(
        actor=people.actor("lead"),
        measure_id=measure,
        version=None,
        draft=estimate("1160"),
        follow_with_spending=True,
        reason="Étude",
    )
    assert known(measure).flags == ["no_site", "cost_drift"]
    actions.change_implementation(
        actor=people.actor("lead"),
        measure_id=measure,
        version=None,
        to=states.Implementation.IN_PROGRESS,
        reason="",
    )
    assert known(measure).flags == ["no_site", "cost_drift", "unfunded"]
    decided = {"type": "credit", "body": "Conseil", "dated": TODAY, "currency": "CHF", "vat": "excluded"}
    Decision.objects.create(measure_id=measure, amount=1160, **decided)
    assert "unfunded" in known(measure).flags  # nominal: of another kind than the estimate
    Decision.objects.create(measure_id=measure, amount=1160, price_base="2025-10", **decided)
    assert known(measure).flags == ["no_site", "cost_drift"]


def test_an_edit_takes_the_flags_of_what_was_typed(measure: UUID, people: Any) -> None:
    """The figures are derived from what the verb stored, not from what stood there before."""
    Measure.objects.filter(pk=measure).update(updated_at=NOW - timedelta(days=800))
    assert "stale" in known(measure).flags
    actions.change_phase(actor=people.actor("lead"), measure_id=measure, version=None, to="31")
    assert "stale" not in MeasureFigures.objects.get(pk=measure).flags


# ------------------------------------------------------------------ money packed
def packed_of(measure: UUID) -> bytes:
    known(measure)
    return bytes(MeasureBook.objects.get(measure_id=measure).spending)


def test_the_packed_money_is_that_of_the_rows(valbelle: Any, measure: UUID) -> None:
    Quantity.objects.create(measure_id=measure, unit="m", planned=Decimal("12.5"))
    lump = {"rule": "lump_per_unit", "amount": None, "tariff": 10, "unit": "m", "position": 2}
    fund(valbelle.body, measure, **lump, advance_share=Decimal("0.8"), lag_years=2, indexed=True)
    fund(valbelle.rochefort, measure, state="refused")
    row = known(measure)
    packed = MeasureBook.objects.get(measure_id=measure)
    book = Book.from_packed(Axis(2026, 2030), [bytes(packed.spending)], [bytes(packed.rules)])
    assert book.cost.tolist() == [100_000]
    assert book.spend.tolist() == [[0, 0, 50_000, 50_000, 0, 0, 0, 0]]
    assert book.works_start.tolist() == [date(2027, 1, 1).toordinal()]
    lines = {book.line_uuid(at): at for at in range(book.lines)}
    found = FundingLine.objects.get(measure_id=measure, rule="lump_per_unit")
    at = lines[found.pk]
    assert (found.resolved, book.line_amount[at]) == (Decimal("125.00"), 12_500)
    assert (book.line_advance_e5[at], book.line_lag[at], bool(book.line_indexed[at])) == (80_000, 2, True)
    assert int(np.count_nonzero(book.line_alive)) == 2
    assert row.aid == Decimal("425.00")


def test_amounts_of_another_kind_are_left_out(measure: UUID) -> None:
    other = Kind("EUR", Vat.INCLUDED)
    SpendLine.objects.create(
        measure_id=measure, year=2029, amount=7, currency=other.currency, vat=other.vat, price_base=""
    )
    book = Book.from_packed(Axis(2026, 2030), [packed_of(measure)], [b""])
    assert book.spend.sum() == 100_000


def test_what_came_before_is_allotted_first(valbelle: Any, measure: UUID) -> None:
    SpendLine.objects.filter(measure_id=measure, year=2028).update(year=2030, span="before")
    known(measure)
    aid = dict(SpendLine.objects.filter(measure_id=measure).values_list("span", "aid"))
    assert aid == {"before": Decimal(150), "": Decimal(150)}


# ------------------------------------------------------------------ the day
def test_a_day_that_passes_raises_flags_and_touches_nothing_else(valbelle: Any, measure: UUID) -> None:
    other = actions.create_measure(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=full(valbelle.montaigu, valbelle.canton, title="Autre"),
    )
    put_phase(measure, forecast_start=date(2026, 11, 30))
    pilot = MeasureActor.objects.create(measure_id=measure, role="pilot", label="X", until=date(2026, 12, 5))
    before = known(measure)
    Measure.objects.all().update(updated_at=NOW)
    assert before.flags == ["no_site"]
    assert refresh_by_the_day(date(2026, 11, 30)) == 0
    with standing_at(NOW + timedelta(days=10)):
        assert refresh_by_the_day(date(2026, 12, 1)) == 1
    assert MeasureFigures.objects.get(pk=measure).flags == ["no_site", "late"]
    assert Measure.objects.get(pk=measure).version == 1
    with standing_at(NOW + timedelta(days=20)):
        assert refresh_by_the_day(date(2026, 12, 12)) == 1  # the pilot has left
    assert MeasureFigures.objects.get(pk=measure).flags == ["no_site", "late", "incomplete"]
    assert pilot.until < date(2026, 12, 12)
    with standing_at(NOW + timedelta(days=400)):
        assert refresh_by_the_day(date(2027, 12, 27)) == 2
        assert refresh_by_the_day(date(2027, 12, 27)) == 0
    assert "stale" in MeasureFigures.objects.get(pk=other).flags


def test_a_deadline_comes_near(valbelle: Any, measure: UUID) -> None:
    Phase.objects.create(measure_id=measure, scheme="sia112", code="5", forecast_start=date(2027, 1, 1))
    listing(valbelle, measure, agreement="signed", start_deadline=date(2028, 1, 1))
    assert "deadline_risk" not in known(measure).flags
    with standing_at(datetime(2027, 1, 2, 12, tzinfo=UTC)):
        refresh_by_the_day(date(2027, 1, 2))
    assert "deadline_risk" in MeasureFigures.objects.get(pk=measure).flags
