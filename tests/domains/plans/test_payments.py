"""Contracts, payments and received aid of a measure, and who may touch and see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from belvedere.domains.access.models import Membership, Person
from belvedere.domains.access.public import Actor, Role, actor_of
from belvedere.domains.plans.public import (
    actions,
    money_actions,
    page,
    payment_actions,
    payments,
    values,
)
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import BelvedereError, Conflict, InvalidInput, NotFound, Refused
from belvedere.kernel.money import Kind, UnlikeMoney, Vat
from tests.domains.plans.drafts import chf, full

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
WITH_VAT = Kind("CHF", Vat.INCLUDED, "2025-10")
DAY = date(2026, 5, 1)


@pytest.fixture
def measure(valbelle: Any) -> Any:
    made = full(valbelle.montaigu, valbelle.canton)
    return actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)


def contract(measure: Any, amount: object = 500, reference: str = "C-1", actor: Any = SYSTEM) -> Any:
    return payment_actions.record_commitment(
        actor=actor,
        measure_id=measure,
        version=None,
        draft=values.CommitmentDraft(reference, DAY, chf(amount)),
    )


def pay(
    measure: Any, money: Any, actor: Any = SYSTEM, reason: str = "", year: int = 2026, **more: Any
) -> Any:
    return payment_actions.record_payment(
        actor=actor,
        measure_id=measure,
        version=None,
        draft=values.PaymentDraft(money, DAY, year, **more),
        reason=reason,
    )


def test_what_remains_of_a_contract_and_what_a_year_paid(measure: Any) -> None:
    bound = contract(measure)
    line = page.measure_page(SYSTEM, measure, language="fr").funding[0]
    pay(measure, chf(200), commitment_id=bound)
    pay(measure, chf("0.05"), commitment_id=bound, year=2027)
    pay(measure, chf(30))
    pay(measure, chf(100), funding_line_id=line.id, year=2027)
    view = payments.payments(SYSTEM, measure)
    assert [(one.paid, one.remaining) for one in view.commitments] == [(chf("200.05"), chf("299.95"))]
    assert [(one.granted, one.received, one.remaining) for one in view.funding] == [
        (chf(300), chf(100), chf(200))
    ]
    assert [(one.year, one.paid, one.received) for one in view.years] == [
        (2026, chf(230), chf(0)),
        (2027, chf("0.05"), chf(100)),
    ]


def test_paying_above_the_contract_is_kept_and_told(measure: Any) -> None:
    bound = contract(measure)
    assert pay(measure, chf(500), commitment_id=bound).above is None
    assert pay(measure, chf("0.01"), commitment_id=bound).above == chf("0.01")
    assert payments.payments(SYSTEM, measure).commitments[0].remaining == chf("-0.01")


def test_receiving_above_the_grant_is_told_too(measure: Any) -> None:
    line = page.measure_page(SYSTEM, measure, language="fr").funding[0]
    assert pay(measure, chf(301), funding_line_id=line.id).above == chf(1)


def test_a_payment_is_of_the_kind_of_its_contract_or_aid(measure: Any) -> None:
    bound = contract(measure)
    line = page.measure_page(SYSTEM, measure, language="fr").funding[0]
    for more in ({"commitment_id": bound}, {"funding_line_id": line.id}):
        with pytest.raises(UnlikeMoney):
            pay(measure, chf(10, WITH_VAT), **more)
    assert payments.payments(SYSTEM, measure).payments == ()
    pay(measure, chf(10, WITH_VAT))  # plain: of its own kind, in a year of its own
    pay(measure, chf(5))
    assert [one.paid for one in payments.payments(SYSTEM, measure).years] == [chf(5), chf(10, WITH_VAT)]


def test_a_contract_of_another_measure_is_not_paid_here(measure: Any, valbelle: Any) -> None:
    other = actions.create_measure(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        draft=full(valbelle.montaigu, valbelle.canton, title="Pont"),
    )
    with pytest.raises(NotFound):
        pay(measure, chf(1), commitment_id=contract(other))
    line = page.measure_page(SYSTEM, other, language="fr").funding[0]
    with pytest.raises(NotFound):
        pay(measure, chf(1), funding_line_id=line.id)


def test_what_cannot_be_is_refused_in_words(measure: Any) -> None:
    bound = contract(measure)
    line = page.measure_page(SYSTEM, measure, language="fr").funding[0]
    with pytest.raises(InvalidInput):
        values.PaymentDraft(chf(0), DAY, 2026)
    with pytest.raises(InvalidInput):
        values.PaymentDraft(chf(1), DAY, 26)
    with pytest.raises(InvalidInput):
        values.PaymentDraft(chf(1), DAY, 2026, commitment_id=bound, funding_line_id=line.id)
    with pytest.raises(InvalidInput):
        values.CommitmentDraft("  ", DAY, chf(1))
    with pytest.raises(InvalidInput):
        values.CommitmentDraft("C", DAY, chf(-1))
    with pytest.raises(Conflict):
        contract(measure, reference="C-1 ")
    with pytest.raises(InvalidInput):
        pay(measure, chf(-1), commitment_id=bound)
    assert pay(measure, chf(-1), commitment_id=bound, reason="Note de crédit").above is None


def test_a_contract_changes_with_a_reason_and_keeps_its_money_once_paid(measure: Any) -> None:
    bound = contract(measure)
    pay(measure, chf(10), commitment_id=bound)

    def change(amount: Any, reason: str) -> None:
        payment_actions.change_commitment(
            actor=SYSTEM,
            measure_id=measure,
            version=None,
            commitment_id=bound,
            draft=values.CommitmentDraft("C-1", DAY, amount, "Avenant 1"),
            reason=reason,
        )

    with pytest.raises(InvalidInput):
        change(chf(600), " ")
    with pytest.raises(Conflict):
        change(chf(600, WITH_VAT), "Avenant")
    change(chf(600), "Avenant")
    entry = entries_of(("plans.measure", str(measure))).rows[0]
    assert entry.verb == "plans.change_commitment"
    assert "500.00" in entry.before["commitment"]["amount"]
    assert "600.00" in entry.after["commitment"]["amount"]


def test_what_was_paid_on_goes_only_after_its_payments(measure: Any) -> None:
    bound = contract(measure)
    line = page.measure_page(SYSTEM, measure, language="fr").funding[0]
    paid = pay(measure, chf(10), commitment_id=bound)
    received = pay(measure, chf(10), funding_line_id=line.id)

    def remove(verb: Any, **more: Any) -> None:
        verb(actor=SYSTEM, measure_id=measure, version=None, **{"reason": "Erreur de saisie", **more})

    with pytest.raises(Conflict):
        remove(payment_actions.remove_commitment, commitment_id=bound)
    with pytest.raises(Conflict):
        remove(money_actions.remove_funding, line_id=line.id)
    with pytest.raises(InvalidInput):
        remove(payment_actions.remove_payment, payment_id=paid.id, reason="")
    for one in (paid, received):
        remove(payment_actions.remove_payment, payment_id=one.id)
    remove(payment_actions.remove_commitment, commitment_id=bound)
    remove(money_actions.remove_funding, line_id=line.id)
    assert payments.payments(SYSTEM, measure).commitments == ()


def test_only_those_who_hold_the_money_of_the_owner_record_it(
    measure: Any, people: Any, valbelle: Any
) -> None:
    treasurer = Person.objects.create(email="treasurer@example.org", display_name="T", language="fr")
    Membership.objects.create(person=treasurer, organisation=valbelle.rochefort, role=Role.FINANCE)
    bound = contract(measure, actor=people.actor("finance"))
    pay(measure, chf(1), actor=people.actor("lead"), commitment_id=bound)
    for refused in (people.actor("contributor"), people.actor("reader"), people.actor("office")):
        with pytest.raises(Refused):
            pay(measure, chf(1), actor=refused, commitment_id=bound)
        with pytest.raises(Refused):
            contract(measure, reference="C-2", actor=refused)
    # The same role in the commune next door does not even learn that the measure is there.
    with pytest.raises(NotFound):
        pay(measure, chf(1), actor=actor_of(treasurer), commitment_id=bound)
    with pytest.raises(NotFound):
        payments.payments(actor_of(treasurer), measure)


@pytest.mark.parametrize("name", ["reader", "office", "elected", "governor", "neighbour", "nobody"])
def test_accounts_of_a_public_measure_are_for_those_who_work_on_it(
    measure: Any, people: Any, name: str
) -> None:
    actions.publish_measure(actor=SYSTEM, measure_id=measure, version=None, published=True, reason="")
    actor = people.actor(name)
    if name in ("neighbour", "nobody"):
        with pytest.raises(BelvedereError) as caught:
            payments.payments(actor, measure)
        assert isinstance(caught.value, Refused)
    else:
        assert payments.payments(actor, measure).may_edit == (name == "governor")
