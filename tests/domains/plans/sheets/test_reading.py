"""Cells as people write them; encodings, separators, headers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.domains.plans.sheets import parsing
from belvedere.domains.plans.sheets.escaping import escape, unescape
from belvedere.domains.plans.sheets.reading import column_name, read, table_of


@pytest.mark.parametrize(
    ("text", "value", "unit", "currency"),
    [
        ("1'234.50", "1234.50", None, None),
        ("1’234’567", "1234567", None, None),
        ("1\u202f234,5", "1234.5", None, None),
        ("1.234.567,89 €", "1234567.89", None, "EUR"),
        ("1,234,567.89", "1234567.89", None, None),
        ("1.2 Mio", "1.2", 10**6, None),
        ("3,5 MCHF", "3.5", 10**6, "CHF"),
        ("12 k€", "12", 1000, "EUR"),
        ("CHF 800.–", "800", None, "CHF"),
        ("(450)", "-450", None, None),
        ("−12,5", "-12.5", None, None),
    ],
)
def test_amounts(text: str, value: str, unit: int | None, currency: str | None) -> None:
    assert parsing.amount(text) == parsing.Amount(Decimal(value), unit, currency)


@pytest.mark.parametrize("text", ["1,24 ?", "environ", "12-15", "#REF!", "=1+1", "2024-25", "12 JPY"])
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    with pytest.raises(parsing.Unreadable):
        parsing.amount(text)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("03.2027", date(2027, 3, 1), date(2027, 3, 31)),
        ("2027-03", date(2027, 3, 1), date(2027, 3, 31)),
        ("T2 2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("2. Quartal 2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("2029", date(2029, 1, 1), date(2029, 12, 31)),
        (2029.0, date(2029, 1, 1), date(2029, 12, 31)),
        (46_000.0, date(2025, 12, 9), date(2025, 12, 9)),
        ("12.03.2027", date(2027, 3, 12), date(2027, 3, 12)),
        ("mars 2027", date(2027, 3, 1), date(2027, 3, 31)),
        ("März 2027", date(2027, 3, 1), date(2027, 3, 31)),
        ("1er juillet 2027", date(2027, 7, 1), date(2027, 7, 1)),
        ("fin 2027", date(2027, 10, 1), date(2027, 12, 31)),
        ("2027-2029", date(2027, 1, 1), date(2029, 12, 31)),
    ],
)
def test_dates(cell: parsing.Cell, first: date, last: date) -> None:
    assert parsing.period(cell) == parsing.Period(first, last)


@pytest.mark.parametrize("cell", ["dès que possible", "31.02.2027", "13.2027", 12.0, "2029-2027"])
def test_what_is_no_date_is_not_guessed(cell: parsing.Cell) -> None:
    with pytest.raises(parsing.Unreadable):
        parsing.period(cell)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_text_of_any_usual_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [
        ["Identifiant", "Intitulé", "Coût"],
        ["1", "Réaménagement à l’entrée de Sierre", "12"],
        ["2", "Überführung", "7"],
    ]
    text = "\r\n".join(separator.join(cells) for cells in lines)
    path = tmp_path / "m.csv"
    path.write_bytes(text.encode(encoding))
    table = read(path)
    assert table.headers == lines[0] and table.rows == lines[1:] and table.lines == [2, 3]


def test_headers_below_a_title_and_in_two_merged_lines() -> None:
    table = table_of(
        [
            ["Liste des mesures", "", "", ""],
            ["", "", "", ""],
            ["N°", "Mesure", "Dépenses", ""],
            ["", "", "2027", "2028"],
            ["A1", "Piste", 10.0, 5.0],
            ["", "Sous-total", 10.0, 5.0],
            ["Total", "", 10.0, 5.0],
        ],
        [((2, 2), (2, 3))],
    )
    assert table.headers == ["N°", "Mesure", "Dépenses 2027", "Dépenses 2028"]
    assert table.header_lines == (3, 4) and table.lines == [5]
    assert table.total == {2: 10.0, 3: 5.0} and table.total_line == 7 and table.subtotal_lines == [6]


@given(st.text())
def test_escaping_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@"))


def test_columns_are_called_as_in_a_spreadsheet() -> None:
    assert [column_name(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
