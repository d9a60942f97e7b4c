"""The workbook computes the page's figures from its own lines, holds them for others, and stays text."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from belvedere.domains.plans.models import FundingLine, Measure
from belvedere.domains.plans.public import outlook
from belvedere.kernel.clock import today
from tests.faces.web.pages.plans.outlook.export.spreadsheet import Book
from tests.faces.web.pages.plans.outlook.town import Town, fill
from tests.faces.web.plans_examples import english

pytestmark = pytest.mark.django_db
YEAR = today().year
CENT = Decimal("0.01")


@pytest.fixture
def town(valbelle: Any) -> Town:
    return fill(valbelle, YEAR)


@pytest.fixture
def client(people: Any) -> Client:
    made = english()
    made.force_login(people.finance)
    return made


@pytest.fixture
def url(valbelle: Any) -> str:
    return f"/cockpit/valbelle/plans/outlook/{valbelle.montaigu.pk}/"


def fetched(client: Client, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content[:2000]
    return b"".join(answer)  # type: ignore[arg-type]


def book_of(client: Client, url: str) -> Book:
    return Book(io.BytesIO(fetched(client, url)))


def view_of(people: Any, valbelle: Any, question: outlook.Question | None = None) -> Any:
    picture = outlook.open_picture(
        people.actor("finance"),
        valbelle.territory.pk,
        valbelle.montaigu.pk,
        question or outlook.Question(),
        language="en",
    )
    return outlook.view_of(picture)


def computed(book: Book, label: str) -> list[Decimal | None]:
    """The amounts of a row of the synthesis, computed; the sum last."""
    sheet = book.names[0]
    (row,) = [
        row for (row, column), (_f, value) in book.cells[sheet].items() if column == 2 and value == label
    ]
    width = max(column for row, column in book.cells[sheet])
    values = [book.value(sheet, row, column) for column in range(3, width + 1)]
    return [None if value is None else Decimal(str(value)).quantize(CENT) for value in values]


def rows_of(view: Any) -> dict[str, Any]:
    found = {
        "Gross cost": view.gross,
        "Left to Montaigu, net": view.net,
        "Paid to measures of others": view.contributions,
        "To be paid in all": view.charge,
        "Treasury to advance": view.need,
    }
    return found | {f"Aid, {payer.name}": payer.aid for payer in view.payers}


@pytest.mark.parametrize("slip", [0, 4])
def test_its_formulas_compute_the_page(
    slip: int, town: Town, client: Client, people: Any, valbelle: Any, url: str
) -> None:
    query = f"?m={town.bus}:%2B{slip}:%2B8" if slip else ""
    book = book_of(client, f"{url}export.xlsx{query}")
    change = {town.bus: outlook.Change(slip, Decimal("0.08"))} if slip else {}
    view = view_of(people, valbelle, outlook.Question(adjustments=outlook.Adjustments(change)))
    for label, amounts in rows_of(view).items():
        assert computed(book, label) == [*amounts, sum(amounts)], label
    margins = computed(book, "Margin under the ceiling")
    for at, column in enumerate(view.columns):
        limit = view.ceilings[0].limits[at]
        assert margins[at] == (None if limit is None else limit - view.charge[at]), column
    if slip:
        difference = computed(book, "Difference to the reference")
        assert difference[-1] == sum(view.charge) - sum(view.earlier)


def test_every_formula_holds_the_value_it_computes(town: Town, client: Client, url: str) -> None:
    book = book_of(client, f"{url}export.xlsx?m={town.bus}:%2B4:%2B0")
    for sheet in book.names:
        for row, column in book.formulas(sheet):
            stored, value = book.stored(sheet, row, column), book.value(sheet, row, column)
            if isinstance(value, str):
                assert stored == value
            else:
                assert abs((stored or 0) - value) < 0.005, (sheet, row, column)
    assert len(book.formulas(book.names[0])) > 100
    assert all(formula.startswith(("SUM(", "SUMIFS(")) for formula in _of_row(book, "Gross cost"))


def _of_row(book: Book, label: str) -> list[str]:
    sheet = book.names[0]
    (row,) = [
        row for (row, column), (_f, value) in book.cells[sheet].items() if column == 2 and value == label
    ]
    return [formula for (at, _column), formula in book.formulas(sheet).items() if at == row]


def test_other_programs_read_the_values_without_computing(
    town: Town, client: Client, people: Any, valbelle: Any, url: str
) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(fetched(client, f"{url}export.xlsx")))
    assert book.sheet_names == ["Synthesis", "Measures", "Funding", "Assumptions"]
    rows = book.get_sheet_by_name("Synthesis").to_python(skip_empty_area=False)
    view = view_of(people, valbelle)
    (gross,) = [row for row in rows if row[1] == "Gross cost"]
    assert [Decimal(str(value)) for value in gross[2:-1]] == list(view.gross)
    assert rows[0][0].startswith("Montaigu pays 13.9 million CHF net of 19.5")
    said = {row[1] for row in rows}
    assert {"Shares equal costs to the cent", "As computed by Belvédère"} <= said


def test_a_changed_amount_changes_everything_above_it(town: Town, client: Client, url: str) -> None:
    book = book_of(client, f"{url}export.xlsx")
    before = computed(book, "To be paid in all")
    measures, synthesis = book.names[1], book.names[0]
    at, (_formula, value) = next(
        (at, one)
        for at, one in book.cells[measures].items()
        if at[0] > 5 and at[1] > 12 and isinstance(one[1], float)
    )
    book.cells[measures][at] = ("", value + 1000)
    book.value.cache_clear()
    after = computed(book, "To be paid in all")
    assert after[-1] is not None and before[-1] is not None
    assert after[-1] - before[-1] == 1000
    last = max(row for row, column in book.cells[synthesis] if column == 2)
    assert book.value(synthesis, last, 2) == "Changed since the export"
    assert book.value(synthesis, last - 1, 2) == "Shares equal costs to the cent"


def test_no_text_becomes_a_formula(town: Town, client: Client, url: str) -> None:
    evil = '=HYPERLINK("http://x";"y")'
    Measure.objects.filter(pk=town.path).update(title={"fr": evil, "en": evil})
    FundingLine.objects.filter(measure_id=town.bus).update(instrument="=1+1")
    outlook_bytes = fetched(client, f"{url}export.xlsx")
    book = Book(io.BytesIO(outlook_bytes))
    assert evil in {value for _formula, value in book.cells["Measures"].values()}
    assert "=1+1" in {value for _formula, value in book.cells["Funding"].values()}
    for sheet in book.names:
        for formula in book.formulas(sheet).values():
            assert "HYPERLINK" not in formula and "1+1" not in formula
    listed = fetched(client, f"{url}export.csv").decode("utf-8-sig")
    assert f"'{evil[:11]}" in listed and f";{evil[:11]}" not in listed


def test_it_is_ready_to_print_and_names_its_rows(town: Town, client: Client, url: str) -> None:
    book = book_of(client, f"{url}export.xlsx")
    for at in (1, 2, 3):
        part = book.parts[f"xl/worksheets/sheet{at}.xml"].decode()
        assert 'orientation="landscape"' in part and 'paperSize="9"' in part and 'fitToHeight="0"' in part
        assert "<pane " in part and "fitToPage" in part
    assert {"gross", "net", "charge", "ceiling", "margin", "need"} <= set(book.defined)
    assert "_xlnm.Print_Titles" in book.defined


def test_the_assumptions_say_what_is_left_out(town: Town, client: Client, url: str) -> None:
    book = book_of(client, f"{url}export.xlsx?m={town.bus}:%2B4:%2B10")
    said = " ".join(str(value) for _formula, value in book.cells["Assumptions"].values() if value)
    assert "prices of October 2025" in said and "Conseil général" in said
    assert "+4 years, +10%" in said and "Scenario not saved." in said
    assert "Other money: it cannot be added to the amounts shown." in said


def test_it_speaks_the_readers_language(town: Town, people: Any, url: str) -> None:
    names = {}
    for language in ("fr", "de"):
        client = Client()
        client.cookies["belvedere_language"] = language
        client.force_login(people.finance)
        names[language] = book_of(client, f"{url}export.xlsx").names
    assert names["fr"] == ["Synthèse", "Mesures", "Financements", "Hypothèses"]
    assert names["de"] == ["Übersicht", "Massnahmen", "Finanzierung", "Annahmen"]


def test_the_csv_holds_the_same_numbers(
    town: Town, client: Client, people: Any, valbelle: Any, url: str
) -> None:
    lines = fetched(client, f"{url}export.csv").decode("utf-8-sig").splitlines()
    view = view_of(people, valbelle)
    rows = {tuple(line.split(";")[:3]): line.split(";")[3:] for line in lines}
    assert rows["charge", "", "Montaigu"] == [*map(str, view.charge), "CHF", "excluded", "2025-10"]
    assert len([key for key in rows if key[0] == "measure_gross"]) == 3


@pytest.mark.parametrize("form", ["export.xlsx", "export.csv"])
def test_files_are_closed_to_those_of_another_place(form: str, town: Town, people: Any, url: str) -> None:
    # The neighbour is of the same agglomeration, of another commune; the reader of this one.
    for name, status in (
        ("reader", 200),
        ("office", 200),
        ("neighbour", 403),
        ("stranger", 403),
        ("nobody", 403),
    ):
        one = english()
        one.force_login(getattr(people, name))
        assert one.get(url + form).status_code == status, name
    assert Client().get(url + form).status_code == 302
    assert Client().get(url.replace("/cockpit", "") + form).status_code == 404


def test_an_owner_without_a_measure_has_an_empty_workbook(valbelle: Any, client: Client, url: str) -> None:
    book = book_of(client, f"{url}export.xlsx")
    assert computed(book, "Gross cost")[-1] == 0
