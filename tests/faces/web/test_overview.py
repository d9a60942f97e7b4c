"""The first page of the cockpit: decisions with their stake, changes since a visit, money, who sees what."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from belvedere.domains.access.models import Visit
from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import follow, money_actions, states, values, vocabulary
from belvedere.kernel import clock
from tests.faces.web.plans_examples import chf, create, english, estimate, rate, street

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def at_eight() -> Any:
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def client() -> Client:
    return english()


def text(page: Any) -> str:
    assert page.status_code == 200
    plain = re.sub(r"<[^>]*>", " ", page.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " ").replace("\u202f", " ").replace("&#x27;", "'"))


def heading(page: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.content.decode(), re.S)
    assert found
    return re.sub(r"<[^>]*>|\s+", " ", found[1]).strip().replace("\xa0", " ").replace("\u202f", " ")


def to_vote(valbelle: Any, day: date, owner: Any = None, *, title: str = "Rue du Pont", **more: Any) -> UUID:
    """A measure of 12 M CHF whose credit is to be voted on a day."""
    measure = street(valbelle, owner, title=title, **more)
    follow.set_milestone(
        actor=SYSTEM,
        measure_id=measure,
        version=None,
        draft=follow.MilestoneDraft(vocabulary.MilestoneType.CREDIT, planned=day),
    )
    return measure


def test_what_to_decide_by_december_and_what_is_at_stake(valbelle: Any, people: Any, client: Client) -> None:
    measure = to_vote(valbelle, date(2026, 12, 8))
    to_vote(valbelle, date(2027, 2, 1), title="Place du Marché")
    client.force_login(people.elected)
    page = client.get(HERE)
    assert heading(page).startswith("1 decision by 31 December 2026")
    said = text(page)
    assert "Vote the credit: Rue du Pont" in said
    assert "in 14 days" in said
    assert "12.0 M CHF" in said
    assert "of which 9.00 M CHF for the owner" in said
    assert f'href="{HERE}plans/measures/{measure}/"' in page.content.decode()
    assert "Place du Marché" not in said.split("Where the")[0].split("Changed in")[0]
    later = text(client.get(HERE + "?by=months"))
    assert "Vote the credit: Place du Marché" in later


def test_a_decision_taken_or_a_measure_given_up_waits_no_more(
    valbelle: Any, people: Any, client: Client
) -> None:
    taken = to_vote(valbelle, date(2026, 12, 8))
    stone = follow.followed(SYSTEM, taken, "fr").milestones[0]
    follow.set_milestone(
        actor=SYSTEM,
        measure_id=taken,
        version=None,
        item_id=stone.id,
        draft=follow.MilestoneDraft(
            vocabulary.MilestoneType.CREDIT, planned=date(2026, 12, 8), actual=date(2026, 11, 20)
        ),
    )
    to_vote(valbelle, date(2026, 12, 8), title="Abandonnée")
    from belvedere.domains.plans.models import Measure

    Measure.objects.exclude(pk=taken).update(implementation=states.Implementation.ABANDONED)
    client.force_login(people.elected)
    assert heading(client.get(HERE)) == "Nothing to decide by 31 December 2026"


def test_what_is_overdue_stands_apart(valbelle: Any, people: Any, client: Client) -> None:
    to_vote(valbelle, date(2026, 11, 1))
    client.force_login(people.elected)
    said = text(client.get(HERE))
    assert "1 overdue" in said
    assert "23 days late" in said


def test_the_deadline_of_aid_names_the_stake(valbelle: Any, people: Any, client: Client) -> None:
    canton = values.FundingDraft(
        valbelle.canton.pk,
        values.RateWithCap(Decimal("0.5"), None),
        chf(0).kind,
        "Programme",
        states.FundingState.AGREED,
        start_deadline=date(2026, 12, 31),
    )
    create(
        valbelle,
        valbelle.montaigu,
        "Passerelle",
        published=True,
        estimates=(estimate(4_000_000),),
        spending=(values.SpendDraft(2027, chf(4_000_000)),),
        funding=(canton,),
    )
    client.force_login(people.elected)
    page = client.get(HERE)
    assert heading(page).startswith("1 decision by 31 December 2026, 2.00 M CHF of aid at stake")
    assert "Start the works: Passerelle" in text(page)


def test_each_sees_what_is_theirs(valbelle: Any, people: Any, client: Client) -> None:
    """Unpublished: the stranger differs from the neighbour's body by one membership."""
    to_vote(valbelle, date(2026, 12, 8), published=False, title="Pas encore publiée")
    to_vote(valbelle, date(2026, 12, 9), valbelle.sautelet, title="Publiée")
    for name, sees in (("lead", True), ("office", True), ("elected", True), ("stranger", False)):
        client.force_login(getattr(people, name))
        said = text(client.get(HERE))
        assert ("Pas encore publiée" in said) is sees, name
        assert "Publiée" in said


def test_mine_are_those_of_my_organisation(valbelle: Any, people: Any, client: Client) -> None:
    to_vote(valbelle, date(2026, 12, 8))
    to_vote(valbelle, date(2026, 12, 9), valbelle.rochefort, title="Voisine")
    client.force_login(people.lead)
    assert heading(client.get(HERE)).startswith("2 decisions")
    assert heading(client.get(HERE + "?mine=1")).startswith("1 decision ")


def test_who_does_not_work_here_is_refused(valbelle: Any, people: Any, client: Client) -> None:
    client.force_login(people.nobody)
    assert client.get(HERE).status_code == 403
    assert client.get("/cockpit/valbelle/overview/").status_code == 301  # leads to the page that refuses
    assert Client().get(HERE).status_code in (302, 403)
    assert not Visit.objects.exists()


def test_the_addresses(valbelle: Any, people: Any, client: Client) -> None:
    client.force_login(people.lead)
    moved = client.get("/cockpit/valbelle/overview/")
    assert (moved.status_code, moved["Location"]) == (301, HERE)
    chosen = client.get("/cockpit/")
    assert (chosen.status_code, chosen["Location"]) == (302, HERE)
    assert "Nothing is planned here yet" in text(client.get(HERE))
    assert client.post(HERE).status_code == 405


def test_changes_since_the_visit_before(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.elected)
    assert "Changed in the last month" in text(client.get(HERE))
    with clock.standing_at(NOW + timedelta(days=2)):
        assert "Since your visit of 24 November 2026" in text(client.get(HERE))
    Visit.objects.update(last_at=NOW - timedelta(days=12), before_at=None)
    money_actions.record_estimate(
        actor=SYSTEM, measure_id=measure, version=None, draft=estimate(13_500_000), reason="Offer"
    )
    said = text(client.get(HERE))
    assert "Since your visit of 12 November 2026" in said
    assert "Cost. Rue du Pont : from 12.00 M CHF to 13.50 M CHF" in said
    assert Visit.objects.get().before_at == NOW - timedelta(days=12)
    assert "Since your visit of 12 November 2026" in text(client.get(HERE))  # the same visit
    assert "Changed in 7 days" in text(client.get(HERE + "?days=7"))
    assert "Since your visit" in text(client.get(HERE + "?days=8"))  # unknown: the default


def test_a_round_is_a_duty_until_it_is_handed_in(valbelle: Any, people: Any, client: Client) -> None:
    from belvedere.domains.reporting.models import RoundTask
    from belvedere.domains.reporting.public import confirm_lines, hand_in_task
    from tests.domains.reporting.examples import NOW as OPENED
    from tests.domains.reporting.examples import opened, programme

    with clock.standing_at(OPENED):
        opened(valbelle, people.actor("office"), programme(valbelle))
    client.force_login(people.lead)
    said = text(client.get(HERE))
    assert "Answer the report: Rapport 2026" in said
    assert "in 6\u00a0days" in client.get(HERE).content.decode(), "the number stays with its unit"
    task = RoundTask.objects.get(organisation=valbelle.montaigu)
    confirm_lines(actor=people.actor("lead"), task_id=task.pk, note="")
    assert "Answer the report" in text(client.get(HERE))
    hand_in_task(actor=people.actor("lead"), task_id=task.pk)
    assert "Rapport 2026" not in text(client.get(HERE))
    client.force_login(people.neighbour)
    assert "Answer the report: Rapport 2026" in text(client.get(HERE))
    client.force_login(people.office)
    assert "Close the report: Rapport 2026" in text(client.get(HERE))


def test_visits_are_of_one_person_and_go_with_them(valbelle: Any, people: Any, client: Client) -> None:
    from belvedere.domains.access.personal import AccessSource
    from belvedere.duties.privacy.public import Order, Subject

    street(valbelle)
    for name in ("lead", "elected"):
        client.force_login(getattr(people, name))
        client.get(HERE)
    source, subject = AccessSource(), Subject(email=people.lead.email)
    assert [held.table for held in source.find(subject)].count("access.visit") == 1
    assert len(source.export(subject)["visits"]) == 1
    source.erase(subject, Order(by_id=None, by_label="test", reason="asked", request_id=""))
    assert [visit.person_id for visit in Visit.objects.all()] == [people.elected.pk]


def test_money_of_two_years(valbelle: Any, people: Any, client: Client) -> None:
    create(
        valbelle,
        valbelle.montaigu,
        "Route",
        published=True,
        estimates=(estimate(10_000_000),),
        spending=(
            values.SpendDraft(2026, chf(4_000_000), states.SpendState.VOTED),
            values.SpendDraft(2027, chf(6_000_000)),
        ),
        funding=(rate(valbelle.canton, "0.5"),),
    )
    client.force_login(people.elected)
    said = text(client.get(HERE))
    assert "Spending 2027: 50% more" in said
    assert "voted or bound: 4.00 M CHF, 100%" in said
    assert "nothing voted yet" in said
    client.force_login(people.lead)
    own = text(client.get(HERE))
    assert "Montaigu in 2027: 50% more" in own
    assert "Left to pay, net 3.00 M CHF" in own


def test_as_many_queries_for_many_measures(valbelle: Any, people: Any, client: Client) -> None:
    def asked() -> int:
        client.get(HERE)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HERE).status_code == 200
        return len(queries)

    to_vote(valbelle, date(2026, 12, 8))
    client.force_login(people.elected)
    before = asked()
    for day in range(9, 29):
        to_vote(valbelle, date(2026, 12, day), title=f"Rue {day}")
    assert asked() <= before + 2
