"""Funding lines that say when their aid arrives and until when, and spending in buckets and below zero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, money_actions, page, values, vocabulary
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import InvalidInput
from tests.domains.plans.drafts import CHF, chf, draft, estimate, full

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
BEFORE, AFTER = vocabulary.Span.BEFORE, vocabulary.Span.AFTER


@pytest.fixture
def measure(valbelle: Any) -> Any:
    made = draft(valbelle.montaigu, estimates=(estimate(1000),))
    return actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)


def seen(measure: Any) -> Any:
    return page.measure_page(SYSTEM, measure, language="fr")


def last(measure: Any) -> Any:
    return entries_of(("plans.measure", str(measure))).rows[0]


def grant(payer: Any, **more: Any) -> values.FundingDraft:
    return values.FundingDraft(payer.pk, values.RateWithCap(Decimal("0.4")), CHF, **more)


def spend(measure: Any, *lines: values.SpendDraft) -> None:
    money_actions.set_spending(actor=SYSTEM, measure_id=measure, version=None, lines=lines, reason="")


def test_a_line_says_when_its_aid_arrives_and_until_when(measure: Any, valbelle: Any) -> None:
    said: dict[str, Any] = {
        "advance_share": Decimal("0.8"),
        "lag_years": 2,
        "indexed": True,
        "requested_on": date(2026, 1, 1),
        "decided_on": date(2026, 6, 1),
        "start_deadline": date(2028, 12, 31),
        "claim_deadline": date(2031, 12, 31),
    }
    money_actions.set_funding(
        actor=SYSTEM, measure_id=measure, version=None, draft=grant(valbelle.canton, **said), reason=""
    )
    line = seen(measure).funding[0]
    assert {name: getattr(line, name) for name in said} == said
    told = last(measure).after["funding"]
    assert (told["advance_share"], told["lag_years"], told["indexed"]) == ("0.80000", 2, True)
    assert (told["start_deadline"], told["claim_deadline"]) == ("2028-12-31", "2031-12-31")


def test_another_calendar_alone_is_a_change_in_the_journal(measure: Any, valbelle: Any) -> None:
    for lag in (2, 3):
        lines = seen(measure).funding
        money_actions.set_funding(
            actor=SYSTEM,
            measure_id=measure,
            version=None,
            draft=grant(valbelle.canton, advance_share=Decimal("0.5"), lag_years=lag),
            line_id=lines[0].id if lines else None,
            reason="",
        )
    entry = last(measure)
    assert (entry.before["funding"]["lag_years"], entry.after["funding"]["lag_years"]) == (2, 3)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"advance_share": Decimal("1.1"), "lag_years": 1}, "advance_share"),
        ({"advance_share": Decimal("NaN"), "lag_years": 1}, "advance_share"),
        ({"advance_share": Decimal("0.8")}, "lag_years"),
        ({"lag_years": 1}, "lag_years"),
        ({"advance_share": Decimal(0), "lag_years": 31}, "lag_years"),
        ({"requested_on": date(2026, 2, 1), "decided_on": date(2026, 1, 31)}, "decided_on"),
        ({"start_deadline": date(2028, 2, 1), "claim_deadline": date(2028, 1, 31)}, "claim_deadline"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(valbelle: Any, more: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        grant(valbelle.canton, **more)
    assert caught.value.data["field"] == field


def test_spending_before_and_after_the_years_stands_apart_from_them(measure: Any) -> None:
    spend(
        measure,
        values.SpendDraft(2026, chf(300), span=BEFORE),
        values.SpendDraft(2026, chf(100)),
        values.SpendDraft(2035, chf(600), span=AFTER),
    )
    lines = seen(measure).spending
    assert [(line.year, line.span) for line in lines] == [(2026, BEFORE), (2026, ""), (2035, AFTER)]
    spend(measure, values.SpendDraft(2026, chf(400), span=BEFORE), values.SpendDraft(2026, chf(100)))
    entry = last(measure)
    assert set(entry.after) >= {"spending.2026.projected.before", "spending.2035.projected.after"}
    assert "spending.2026.projected" not in entry.after
    assert entry.after["spending.2035.projected.after"] is None


def test_a_year_may_not_stand_twice_in_one_span(measure: Any) -> None:
    with pytest.raises(InvalidInput):
        spend(
            measure,
            values.SpendDraft(2026, chf(1), span=BEFORE),
            values.SpendDraft(2026, chf(2), span=BEFORE),
        )


def test_an_amount_below_zero_says_why(measure: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        values.SpendDraft(2027, chf(-50), reason="  ")
    assert caught.value.data["field"] == "reason"
    spend(measure, values.SpendDraft(2026, chf(1050)), values.SpendDraft(2027, chf(-50), reason="Avoir"))
    assert [(line.amount, line.reason) for line in seen(measure).spending] == [
        (chf(1050), ""),
        (chf(-50), "Avoir"),
    ]
    assert last(measure).after["spending.2027.projected"].endswith("(Avoir)")
    spend(
        measure,
        values.SpendDraft(2026, chf(1050)),
        values.SpendDraft(2027, chf(-50), reason="Note de crédit"),
    )
    assert seen(measure).spending[1].reason == "Note de crédit"


def test_years_with_one_below_zero_follow_a_new_cost_to_the_cent(measure: Any) -> None:
    spend(measure, values.SpendDraft(2026, chf(1050)), values.SpendDraft(2027, chf(-50), reason="Avoir"))
    money_actions.record_estimate(
        actor=SYSTEM,
        measure_id=measure,
        version=None,
        draft=estimate("333.33"),
        follow_with_spending=True,
        reason="Offre",
    )
    amounts = [line.amount.amount for line in seen(measure).spending]
    assert sum(amounts) == Decimal("333.33")
    assert amounts[1] < 0


def test_years_that_add_up_to_nothing_cannot_follow(measure: Any) -> None:
    spend(measure, values.SpendDraft(2026, chf(50)), values.SpendDraft(2027, chf(-50), reason="Avoir"))
    with pytest.raises(InvalidInput):
        money_actions.record_estimate(
            actor=SYSTEM,
            measure_id=measure,
            version=None,
            draft=estimate(2000),
            follow_with_spending=True,
            reason="Offre",
        )
    assert seen(measure).cost == chf(1000)


def test_a_whole_measure_keeps_its_spans(valbelle: Any) -> None:
    made = full(valbelle.montaigu, valbelle.canton)
    made = draft(
        valbelle.montaigu, estimates=made.estimates, spending=(values.SpendDraft(2020, chf(5), span=BEFORE),)
    )
    key = actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)
    assert seen(key).spending[0].span is BEFORE
