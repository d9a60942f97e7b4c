"""A spreadsheet of equipment: recognised in three languages, judged row by row, taken whole or in part."""

from __future__ import annotations

import html
import io
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from belvedere.domains.equipment.models import Equipment, SheetFile
from belvedere.domains.equipment.sheets.actions import forget_sheets
from belvedere.domains.equipment.sheets.columns import suggest
from tests.faces.web.plans_examples import english
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/equipment/"
TITLES = ["Nummer", "Bezeichnung", "Art", "Hersteller", "Ost", "Nord", "Einbaudatum", "Untersteht", "Vertrag"]
EAST, NORTH = 2_593_000, 1_120_000  # of the Swiss coordinates (LV95)
ROWS: list[list[Any]] = [
    [
        "EP-2",
        "Armoire de l’école",
        "Schaltschrank",
        "TdR",
        2_593_000,
        1_120_000,
        "15.05.2019",
        "",
        "Éclairage public",
    ],
    [
        "L-1",
        "Lampe de l’école",
        "Luminaire",
        "Luxer",
        2_593_010,
        1_120_005,
        "2020-01-31",
        "EP-2",
        "Éclairage public",
    ],
    ["L-2", "Lampe de la gare", "Leuchte", "Luxer", "", "", "", "EP-1", ""],
    ["EP-1", "Encore", "Cabinet", "", "", "", "", "", ""],
    ["L-3", "Sans armoire", "Luminaire", "", "", "", "", "EP-1000", ""],
    ["L-4", "Date folle", "Luminaire", "", "", "", "demain", "", ""],
    ["L-5", "Quoi", "Machin", "", "", "", "", "", ""],
    ["L-6", "Sous elle-même", "Luminaire", "", "", "", "", "L-6", ""],
    ["L-7", "Sous une mauvaise", "Luminaire", "", "", "", "", "L-4", ""],
    ["L-1", "Deux fois", "Luminaire", "", "", "", "", "", ""],
]


def workbook(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Anlagen")
    page.write(0, 0, "Anlagen der Gemeinde")
    for at, row in enumerate([TITLES, *rows]):
        page.write_row(at + 1, 0, row)
    book.close()
    return out.getvalue()


def browser(person: Any) -> Client:
    client = english()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def brought(client: Client, valbelle: Valbelle, content: bytes, name: str = "anlagen.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"{HERE}sheets/", {"file": file, "owner": str(valbelle.montaigu.pk)})


def test_titles_are_recognised_in_three_languages() -> None:
    assert suggest(["N°", "Désignation", "Type", "Marque", "Date d’installation", "Quartier"]) == [
        "number",
        "name",
        "kind",
        "maker",
        "installed_on",
        "",
    ]
    assert suggest(TITLES) == [
        "number",
        "name",
        "kind",
        "maker",
        "x",
        "y",
        "installed_on",
        "parent",
        "contract",
    ]
    assert suggest(["Asset number", "Name", "Serial number", "Warranty until", "Name"])[-1] == ""


def test_good_rows_are_taken_and_the_others_given_back_with_their_reason(
    lighting: Lighting, people: People, valbelle: Valbelle
) -> None:
    client = browser(people.contributor)
    answer = brought(client, valbelle, workbook(ROWS))
    assert answer.status_code == 302
    page = answer["Location"]
    told = text(client.get(page))
    assert "3 would be taken, 7 refused" in told
    assert "The number EP-1 is in use already" in told
    assert "It would stand under itself" in told
    assert "“Machin” is no kind of equipment" in told
    assert not Equipment.objects.filter(number="L-1").exists()
    all_of_it = client.post(f"{page}take/", {"which": "all"})
    assert all_of_it.status_code == 409
    assert not Equipment.objects.filter(number="L-1").exists()
    assert client.post(f"{page}take/", {"which": "good"}).status_code == 302
    lamp = Equipment.objects.get(number="L-1")
    cabinet = Equipment.objects.get(number="EP-2")
    assert lamp.parent_id == cabinet.pk
    assert lamp.contract_id == lighting.contract_id
    assert (round(cabinet.longitude or 0, 2), round(cabinet.latitude or 0, 2)) == (7.35, 46.23)
    assert str(cabinet.installed_on) == "2019-05-15"
    assert Equipment.objects.get(number="L-2").parent_id == lighting.cabinet
    refused = client.get(f"{page}refused.csv").content.decode("utf-8-sig").splitlines()
    assert len(refused) == 8
    assert refused[0].startswith("Nummer;Bezeichnung;Art")
    assert "“demain” is no day" in "\n".join(refused)
    assert client.post(f"{page}take/", {"which": "good"}).status_code == 409  # once is enough


def test_columns_are_said_and_a_kind_for_all(lighting: Lighting, people: People, valbelle: Valbelle) -> None:
    client = browser(people.contributor)
    answer = brought(client, valbelle, "Repère;Quoi\nP-1;Pompe du lac\nP-2;\n".encode(), "pompes.csv")
    page = answer["Location"]
    assert "0 would be taken, 2 refused" in text(client.get(page))
    twice = client.post(f"{page}columns/", {"c0": "number", "c1": "number", "kind": "pump"})
    assert twice.status_code == 422
    assert client.post(f"{page}columns/", {"c0": "number", "c1": "name", "kind": "pump"}).status_code == 302
    assert client.post(f"{page}take/", {"which": "all"}).status_code == 302
    assert list(Equipment.objects.filter(kind="pump").order_by("number").values_list("name", flat=True)) == [
        "Pompe du lac",
        "P-2",
    ]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.csv", b"", "Choose a spreadsheet"),
        ("x.csv", b"only a title", "The file holds no table"),
        ("x.xlsx", b"MZ\0", "This is a program"),
        ("x.pdf", b"%PDF-1.4 %%EOF", "This is no spreadsheet"),
    ],
)
def test_what_is_no_spreadsheet_is_said(
    lighting: Lighting, people: People, valbelle: Valbelle, name: str, content: bytes, words: str
) -> None:
    answer = brought(browser(people.contributor), valbelle, content, name)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not SheetFile.objects.exists()


def test_only_those_who_register_bring_and_see_files(
    lighting: Lighting, people: People, valbelle: Valbelle
) -> None:
    page = brought(browser(people.contributor), valbelle, workbook(ROWS))["Location"]
    assert browser(people.reader).get(f"{HERE}sheets/").status_code == 403
    neighbour = browser(people.neighbour)  # registers, but for another organisation
    assert neighbour.get(page).status_code == 404
    assert neighbour.get(f"{page}refused.csv").status_code == 404
    assert neighbour.post(f"{page}take/", {"which": "good"}).status_code == 404
    assert brought(neighbour, valbelle, workbook(ROWS)).status_code == 422
    assert browser(people.lead).get(page).status_code == 200


def test_files_are_forgotten_after_a_week(lighting: Lighting, people: People, valbelle: Valbelle) -> None:
    brought(browser(people.contributor), valbelle, workbook(ROWS))
    at = SheetFile.objects.get().brought_at
    assert forget_sheets(at + timedelta(days=6)) == 0
    assert forget_sheets(at + timedelta(days=8)) == 1
