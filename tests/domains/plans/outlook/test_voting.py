"""A picture voted, left and explained: from the measures themselves to the next vote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.plans.errors import VariancesUnexplained
from belvedere.domains.plans.models import IndexSeries, IndexValue, VatRate
from belvedere.domains.plans.outlook import reading
from belvedere.domains.plans.public import actions, money_actions, outlook, values, vocabulary
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import InvalidInput, Refused
from belvedere.kernel.money import Kind, Vat
from tests.domains.plans.drafts import chf, draft, estimate

BUDGET, REPORT = vocabulary.SnapshotKind.BUDGET, vocabulary.SnapshotKind.REPORT
MONEY, DATES = vocabulary.VarianceKind.MONEY, vocabulary.VarianceKind.DATES


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    reading.forget()
    with standing_at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        yield
    reading.forget()


@pytest.fixture
def prices(valbelle: Any) -> None:
    series = IndexSeries.objects.create(
        territory=valbelle.territory, code="cpi", names={"fr": "Indice"}, yearly_rate=Decimal("0.03")
    )
    IndexValue.objects.create(series=series, month="2025-10", value=Decimal(100))
    VatRate.objects.create(territory=valbelle.territory, valid_from=date(2024, 1, 1), rate=Decimal("0.081"))


@pytest.fixture
def hall(people: Any, valbelle: Any) -> UUID:
    """3 million in 2027 and 2028, 40 % of it from the canton."""
    share = values.FundingDraft(valbelle.canton.pk, values.RateWithCap(Decimal("0.4")), chf(0).kind)
    return actions.create_measure(
        actor=people.actor("lead"),
        territory_id=valbelle.territory.pk,
        draft=draft(
            valbelle.montaigu,
            "Halle",
            estimates=(estimate(3_000_000),),
            spending=tuple(values.SpendDraft(year, chf(1_500_000)) for year in (2027, 2028)),
            funding=(share,),
        ),
    )


def picture(
    people: Any, valbelle: Any, who: str = "finance", question: outlook.Question | None = None
) -> outlook.Picture:
    return outlook.open_picture(
        people.actor(who),
        valbelle.territory.pk,
        valbelle.montaigu.pk,
        question or outlook.Question(),
        language="fr",
    )


def vote(shown: outlook.Picture, day: int = 1, kind: Any = BUDGET) -> UUID:
    return outlook.vote(
        shown, kind=kind, title="Budget 2027", body="Conseil général", voted_on=date(2026, 11, day)
    )


def dearer(people: Any, measure: UUID) -> None:
    money_actions.record_estimate(
        actor=people.actor("lead"),
        measure_id=measure,
        version=None,
        draft=estimate(4_000_000),
        follow_with_spending=True,
        reason="Offres rentrées",
    )


def test_a_vote_holds_what_the_picture_shows(hall: UUID, people: Any, valbelle: Any) -> None:
    shown = picture(people, valbelle)
    kept = outlook.snapshot(people.actor("elected"), vote(shown))
    assert kept.intact
    net = [Decimal(amount) for amount in kept.content["rows"]["net"]]
    assert net == list(outlook.view_of(shown).net)
    (line,) = kept.lines
    assert line["measure_id"] == str(hall)
    assert line["net_total"] == line["net_constant"] == "1800000.00"
    assert sum(Decimal(amount) for amount in line["net"].values()) == Decimal("1800000.00")


def test_what_was_voted_does_not_follow_the_measure(hall: UUID, people: Any, valbelle: Any) -> None:
    key = vote(picture(people, valbelle))
    dearer(people, hall)
    kept = outlook.snapshot(people.actor("finance"), key)
    assert kept.intact
    assert kept.lines[0]["net_total"] == "1800000.00"
    (found,) = outlook.differences(picture(people, valbelle), key)
    assert (found.before, found.now, found.amount) == (
        Decimal("1800000.00"),
        Decimal("2400000.00"),
        Decimal("600000.00"),
    )
    assert found.open == {MONEY}


def test_the_next_vote_waits_for_the_reason(hall: UUID, people: Any, valbelle: Any) -> None:
    key = vote(picture(people, valbelle))
    dearer(people, hall)
    with pytest.raises(VariancesUnexplained):
        vote(picture(people, valbelle), day=2)
    vote(picture(people, valbelle), day=2, kind=REPORT)  # the first of another kind
    outlook.explain_difference(picture(people, valbelle), key, hall, MONEY, "Offres plus chères")
    second = vote(picture(people, valbelle), day=2)
    last = outlook.last_vote(picture(people, valbelle), BUDGET)
    assert last is not None
    assert last.id == second


def test_votes_in_two_currencies_stand_side_by_side(hall: UUID, people: Any, valbelle: Any) -> None:
    euros = Kind("EUR", Vat.EXCLUDED, "2025-10")
    abroad = draft(
        valbelle.montaigu,
        "Tram transfrontalier",
        estimates=(estimate(500_000, euros),),
        spending=(values.SpendDraft(2027, chf(500_000, euros)),),
    )
    lead = people.actor("lead")
    actions.create_measure(actor=lead, territory_id=valbelle.territory.pk, draft=abroad)
    francs = vote(picture(people, valbelle))
    in_euros = outlook.Question(kind=euros)
    # The first one in euros: what was voted in francs asks for no reason, though none of it is here.
    other = vote(picture(people, valbelle, question=in_euros), day=2)
    heads = outlook.snapshots_of(lead, valbelle.territory.pk, valbelle.montaigu.pk)
    assert [head.money for head in heads] == [euros, chf(0).kind]
    for question, key in ((outlook.Question(), francs), (in_euros, other)):
        shown = picture(people, valbelle, question=question)
        last = outlook.last_vote(shown, BUDGET)
        assert last is not None and last.id == key
        assert outlook.differences(shown, key) == ()
    dearer(people, hall)
    vote(picture(people, valbelle, question=in_euros), day=3)  # nothing of it changed
    with pytest.raises(VariancesUnexplained) as refused:
        vote(picture(people, valbelle), day=3)
    assert refused.value.data["snapshot_id"] == str(francs)


def test_a_slip_is_a_difference_of_dates(hall: UUID, people: Any, valbelle: Any) -> None:
    key = vote(picture(people, valbelle))
    later = outlook.Question(adjustments=outlook.Adjustments({hall: outlook.Change(2)}))
    (found,) = outlook.differences(picture(people, valbelle, question=later), key)
    assert found.days == 731  # 2028 has a day more
    assert found.open == {DATES}
    assert not found.amount


def test_other_prices_are_no_difference_and_no_way_round_the_reasons(
    hall: UUID, prices: None, people: Any, valbelle: Any
) -> None:
    """What was voted at constant prices is compared with a picture at current ones."""
    current = outlook.Question(current_prices=True)
    key = vote(picture(people, valbelle))
    assert outlook.differences(picture(people, valbelle, question=current), key) == ()
    dearer(people, hall)
    with pytest.raises(VariancesUnexplained):
        vote(picture(people, valbelle, question=current), day=2)


def test_a_vote_takes_all_plans(hall: UUID, people: Any, valbelle: Any) -> None:
    one = outlook.Question(plan_id=UUID(int=1))
    with pytest.raises(InvalidInput):
        vote(picture(people, valbelle, question=one))


@pytest.mark.parametrize("who", ["lead", "finance", "administrator", "governor"])
def test_who_records_a_vote(who: str, hall: UUID, people: Any, valbelle: Any) -> None:
    assert vote(picture(people, valbelle, who))


@pytest.mark.parametrize("who", ["contributor", "reader", "office", "elected"])
def test_who_sees_the_outlook_and_records_no_vote(who: str, hall: UUID, people: Any, valbelle: Any) -> None:
    with pytest.raises(Refused):
        vote(picture(people, valbelle, who))
    assert outlook.last_vote(picture(people, valbelle), BUDGET) is None
