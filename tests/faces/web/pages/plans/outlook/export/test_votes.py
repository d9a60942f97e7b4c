"""The files of a vote: made of what was frozen, the same years later, closed to those of another place."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from belvedere.domains.plans.models import FundingLine, Snapshot
from belvedere.domains.plans.public import money_actions, outlook
from belvedere.faces.web.pages.plans.outlook.export import typesetting
from belvedere.faces.web.pages.plans.outlook.export.votes import values_of
from belvedere.faces.web.pages.plans.outlook.frozen import Frozen
from belvedere.kernel.clock import now, today
from tests.faces.web.pages.plans.outlook.export.spreadsheet import Book
from tests.faces.web.pages.plans.outlook.town import Town, fill
from tests.faces.web.plans_examples import english, estimate

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture
def town(valbelle: Any) -> Town:
    return fill(valbelle, YEAR)


@pytest.fixture
def client(people: Any) -> Client:
    made = english()
    made.force_login(people.finance)
    return made


@pytest.fixture
def url(town: Town, client: Client, valbelle: Any) -> str:
    """The address of a vote."""
    base = f"/cockpit/valbelle/plans/outlook/{valbelle.montaigu.pk}/votes/"
    sent = {"kind": "budget", "title": "Budget", "body": "Conseil", "voted_on": today().isoformat()}
    return str(client.post(base, sent)["Location"])


def body(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_files_do_not_follow_the_measures(town: Town, client: Client, url: str, people: Any) -> None:
    before = {form: body(client.get(f"{url}vote.{form}")) for form in ("xlsx", "pdf")}
    money_actions.record_estimate(
        actor=people.actor("lead"),
        measure_id=town.hall,
        version=None,
        draft=estimate(12_000_000),
        follow_with_spending=True,
        reason="Offres",
    )
    FundingLine.objects.filter(measure_id=town.bus).delete()
    for form, was in before.items():
        assert body(client.get(f"{url}vote.{form}")) == was, form
    page = client.get(url).content.decode()
    assert f"{url}vote.xlsx" in page and f"{url}vote.pdf" in page


def test_the_workbook_adds_up_by_its_own_formulas(client: Client, url: str, town: Town) -> None:
    book = Book(io.BytesIO(body(client.get(f"{url}vote.xlsx"))))
    sheet = book.names[0]
    width = max(column for _row, column in book.cells[sheet])
    labels = {
        value: row for (row, column), (_f, value) in book.cells[sheet].items() if column == 1 and row > 6
    }

    def computed(label: str) -> list[Any]:
        return [book.value(sheet, labels[label], column) for column in range(2, width + 1)]

    gross, net, charge = map(computed, ("Gross cost", "Left to Montaigu, net", "To be paid in all"))
    assert sum(gross[:-1]) == gross[-1] == 19_500_000
    assert sum(net[:-1]) == net[-1] == 13_900_000
    assert charge[-1] == 14_100_000
    ceilings, margins = computed("Ceiling"), computed("Margin under the ceiling")
    assert [most - spent for most, spent in zip(ceilings[:-1], charge[:-1], strict=True)] == margins[:-1]
    for at, sheet in enumerate(book.names):
        for row, column in book.formulas(sheet):
            assert book.stored(sheet, row, column) == pytest.approx(book.value(sheet, row, column)), at


def test_the_report_says_the_vote(client: Client, url: str, people: Any) -> None:
    found = outlook.snapshot(people.actor("finance"), Snapshot.objects.get().pk)
    with translation.override("de"):
        said = values_of(Frozen(found, "de"))
    assert said["title"].startswith("Budget, ") and "Conseil" in said["title"]
    values = [fact["value"].replace("\u200b", "") for fact in said["sections"][0]["facts"]]
    assert found.head.sha256 in values
    labels = [row["label"] for row in said["table"]["rows"]]
    assert labels[0] == "Bruttokosten" and len(said["plans"][0]["rows"]) == 3
    assert typesetting.pdf("report.typ", said, now()).startswith(b"%PDF")


@pytest.mark.parametrize(("name", "status"), [("reader", 200), ("neighbour", 403), ("stranger", 403)])
def test_who_may_take_them_away(url: str, people: Any, name: str, status: int) -> None:
    one = english()
    one.force_login(getattr(people, name))
    for form in ("xlsx", "pdf"):
        assert one.get(f"{url}vote.{form}").status_code == status


def test_a_vote_of_another_organisation_is_not_found(
    url: str, people: Any, valbelle: Any, client: Client
) -> None:
    client.force_login(people.office)
    snapshot = Snapshot.objects.get()
    other = f"/cockpit/valbelle/plans/outlook/{valbelle.rochefort.pk}/votes/{snapshot.pk}/vote.pdf"
    assert client.get(other).status_code == 404
