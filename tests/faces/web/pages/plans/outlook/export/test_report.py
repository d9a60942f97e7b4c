"""The printed report says what the page says, in the reader's language, and takes no text for markup."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from belvedere.domains.plans.models import Measure
from belvedere.domains.territory.public import territory_by_slug
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook.cockpit import opened
from belvedere.faces.web.pages.plans.outlook.export import document, typesetting
from belvedere.faces.web.pages.plans.outlook.export.content import content_of
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.clock import today
from tests.faces.web.pages.plans.outlook.town import Town, fill
from tests.faces.web.plans_examples import english

pytestmark = pytest.mark.django_db
YEAR = today().year
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def town(valbelle: Any) -> Town:
    return fill(valbelle, YEAR)


@pytest.fixture
def url(valbelle: Any) -> str:
    return f"/cockpit/valbelle/plans/outlook/{valbelle.montaigu.pk}/"


def values(people: Any, valbelle: Any, query: str = "", language: str = "fr") -> dict[str, Any]:
    with translation.override(language):
        room = Room(territory_by_slug("valbelle"), people.actor("finance"), language, is_cockpit=True)
        page = opened(room, valbelle.montaigu.pk, asking.read(RequestFactory().get(f"/{query}").GET))
        return document.values_of(page, content_of(page))


def test_it_says_the_answer_and_the_scenario(town: Town, people: Any, valbelle: Any) -> None:
    found = values(people, valbelle, f"?m={town.bus}:%2B4:%2B0")
    assert found["title"].startswith("Montaigu paie 17,4 millions de CHF nets sur 19,5")
    assert found["state"] == "Scénario non enregistré."
    lost = found["keys"][-1]
    assert (lost["label"], lost["level"]) == ("Aide perdue", "critical")
    (line,) = found["deadlines"]
    assert line["lost"] and line["amount"].replace("\u202f", "") == "3500"
    assert str(YEAR + 5) in line["deadline"] and "2 ans" in line["remark"]


def test_what_a_leaving_payer_brought_is_listed(town: Town, people: Any, valbelle: Any) -> None:
    found = values(people, valbelle, f"?leaves={valbelle.rochefort.pk}", "en")
    (line,) = [one for one in found["deadlines"] if one["lost"]]
    assert (line["amount"], line["remark"]) == ("500", "lost: the payer leaves")


def test_its_table_is_that_of_the_page(town: Town, people: Any, valbelle: Any) -> None:
    found = values(people, valbelle)
    rows = {
        row["label"]: [cell["text"].replace("\u202f", "") for cell in row["cells"]]
        for row in found["table"]["rows"]
    }
    heads = [head["label"] for head in found["table"]["heads"]]
    gross = dict(zip(heads, rows["Coût brut"], strict=True))
    assert (gross[str(YEAR)], gross[str(YEAR + 1)], gross["Somme"]) == ("900", "3600", "19500")
    over = [head["label"] for head in found["table"]["heads"] if head["over"]]
    assert [one["year"] for one in found["passed"]] == over
    (plan,) = found["plans"]
    assert len(plan["rows"]) == 3
    assert plan["sums"][0].replace("\u202f", "") == "19500"
    for row in plan["rows"]:
        gross_cost, aid, net, *years = (int(cell.replace("\u202f", "") or 0) for cell in row["cells"])
        assert gross_cost - aid == net == sum(years)


@pytest.mark.parametrize(
    ("language", "amount", "title"),
    [
        ("fr", "19\u202f500", "Aides perdues et délais menacés"),
        ("de", "19’500", "Verlorene Beiträge und gefährdete Fristen"),
        ("en", "19,500", "Aid lost and threatened deadlines"),
    ],
)
def test_it_is_written_as_the_reader_writes(
    language: str, amount: str, title: str, town: Town, people: Any, valbelle: Any
) -> None:
    found = values(people, valbelle, language=language)
    assert found["table"]["rows"][0]["cells"][-1]["text"] == amount
    assert (found["language"], found["words"]["deadlines"]) == (language, title)


def test_the_file_is_tagged_and_says_title_and_language(town: Town, people: Any, valbelle: Any) -> None:
    made = typesetting.pdf("report.typ", values(people, valbelle), NOON)
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid:part" in made and b"fr-CH" in made
    assert b"Montaigu paie 13,9 millions" in made  # the title, in the metadata


def test_texts_are_no_markup(town: Town, people: Any, valbelle: Any) -> None:
    evil = '#panic("x") $ *a* ] #read("/etc/passwd") @b <c> \\'
    Measure.objects.filter(pk=town.bus).update(title={"fr": evil})
    found = values(people, valbelle)
    assert evil in {row["title"] for plan in found["plans"] for row in plan["rows"]}
    assert typesetting.pdf("report.typ", found, NOON).startswith(b"%PDF-")


def test_it_comes_as_a_file(town: Town, people: Any, url: str) -> None:
    client = english()
    client.force_login(people.finance)
    answer = client.get(f"{url}report.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="montaigu-{today()}.pdf"'
    assert b"".join(answer).startswith(b"%PDF-")  # type: ignore[arg-type]


def test_it_is_closed_to_those_of_another_place(town: Town, people: Any, url: str) -> None:
    # The neighbour is of the same agglomeration, of another commune; the reader of this one.
    for name, status in (("reader", 200), ("neighbour", 403), ("stranger", 403), ("nobody", 403)):
        one = english()
        one.force_login(getattr(people, name))
        assert one.get(f"{url}report.pdf").status_code == status, name
    assert Client().get(f"{url}report.pdf").status_code == 302


def test_an_owner_without_a_measure_has_a_report_that_says_so(valbelle: Any, people: Any) -> None:
    found = values(people, valbelle)
    assert found["plans"] == [] and found["passed"] == []
    assert typesetting.pdf("report.typ", found, NOON).startswith(b"%PDF-")
