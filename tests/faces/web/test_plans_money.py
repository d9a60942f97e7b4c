"""Totals of the money: right to the cent, each opens into its lines, files safe to open."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.faces.web.plans_examples import OLD, create, english, estimate, street

pytestmark = pytest.mark.django_db
MONEY = "/cockpit/valbelle/plans/money/"


@pytest.fixture
def client(people: Any) -> Client:
    made = english()
    made.force_login(people.finance)
    return made


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_years_hold_cost_aid_and_net(valbelle: Any, client: Client) -> None:
    street(valbelle)
    found = rows(client.get(MONEY + "years.csv"))
    assert [(r["year"], r["cost"], r["aid"], r["net"]) for r in found] == [
        ("2028", "4000000.00", "1000000.00", "3000000.00"),
        ("2029", "8000000.00", "2000000.00", "6000000.00"),
    ]
    assert found[1]["voted"] == "8000000.00" and found[0]["projected"] == "4000000.00"
    page = client.get(MONEY).content.decode().replace("\xa0", " ")
    assert "The owners pay 9.00 M CHF from 2028 to 2029, most in 2029: 6.00 M CHF" in page


def test_a_year_opens_into_its_lines(valbelle: Any, client: Client) -> None:
    street(valbelle)
    assert "money/lines/?year=2029" in client.get(MONEY).content.decode()
    page = client.get(MONEY + "lines/?year=2029").content.decode().replace("\xa0", " ")
    assert "2029: 8.00 M CHF, of which the owners pay 6.00 M CHF" in page
    assert "Rue du Pont" in page and "#money" in page


def test_owners_and_funders(valbelle: Any, client: Client) -> None:
    street(valbelle)
    street(valbelle, valbelle.rochefort, title="Voisine")
    owners = {r["owner"]: r["net"] for r in rows(client.get(MONEY + "owners.csv"))}
    assert owners == {"Montaigu": "9000000.00", "Rochefort": "9000000.00"}
    assert rows(client.get(MONEY + "funders.csv"))[0]["amount"] == "6000000.00"
    only = rows(client.get(f"{MONEY}owners.csv?owner={valbelle.rochefort.pk}"))
    assert [r["owner"] for r in only] == ["Rochefort"]


def test_unlike_money_stands_in_separate_tables(valbelle: Any, client: Client) -> None:
    from belvedere.domains.plans.public import values
    from tests.faces.web.plans_examples import chf

    street(valbelle)
    create(
        valbelle,
        valbelle.montaigu,
        "Ancien",
        estimates=(estimate(5_000_000, OLD),),
        spending=(values.SpendDraft(2028, chf(5_000_000, OLD)),),
    )
    page = client.get(MONEY).content.decode()
    assert page.count('class="bv-table pf-years') == 2
    assert "sums that cannot be added" in page


def test_a_cell_is_never_a_formula(valbelle: Any, client: Client) -> None:
    from belvedere.domains.plans.public import values
    from tests.faces.web.plans_examples import chf

    create(
        valbelle,
        valbelle.montaigu,
        '=HYPERLINK("http://x")',
        estimates=(estimate(10),),
        spending=(values.SpendDraft(2028, chf(10)),),
    )
    assert rows(client.get(MONEY + "lines.csv"))[0]["measure"].startswith("'=")


def test_an_unknown_table_is_not_found(valbelle: Any, client: Client) -> None:
    assert client.get(MONEY + "secrets.csv").status_code == 404


def test_without_amounts_the_page_says_what_to_do(valbelle: Any, client: Client) -> None:
    assert "No amount yet" in client.get(MONEY).content.decode()
    create(valbelle, valbelle.montaigu, "Idée")
    assert "No amount by year in this choice" in client.get(MONEY).content.decode()
