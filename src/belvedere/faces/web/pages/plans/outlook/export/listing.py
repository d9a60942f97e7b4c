"""The page as CSV: the rows of the synthesis, then the measures, one amount a column."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TextIO

from belvedere.faces.web.pages.plans.outlook.export.content import Content

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(file: TextIO, content: Content) -> None:
    """The content, separated by semicolons; amounts in full, empty where nothing is known."""
    kind = content.view.kind
    writer = csv.writer(file, delimiter=";")
    keys = [column.key for column in content.view.columns]
    writer.writerow(["row", "code", "name", *keys, "currency", "vat", "price_base"])
    for row, code, name, values in _rows(content):
        amounts = ["" if value is None else str(value) for value in values]
        cells = [row, plain(code), plain(name), *amounts]
        writer.writerow([*cells, kind.currency, kind.vat.value, kind.price_base])


def plain(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _rows(content: Content) -> Iterator[tuple[str, str, str, Sequence[Decimal | None]]]:
    view = content.view
    yield "gross", "", view.organisation_name, view.gross
    for payer in view.payers:
        yield "aid", "", payer.name, payer.aid
    yield "net", "", view.organisation_name, view.net
    yield "contributions", "", view.organisation_name, view.contributions
    yield "charge", "", view.organisation_name, view.charge
    if view.earlier is not None:
        yield "reference_charge", "", view.organisation_name, view.earlier
    for ceiling in view.ceilings:
        row = f"ceiling_{ceiling.nature}" if ceiling.nature else "ceiling"
        yield row, "", view.organisation_name, ceiling.limits
    for payer in view.payers:
        yield "received", "", payer.name, payer.received
    yield "treasury", "", view.organisation_name, view.need
    for one in content.whole.measures:
        yield "measure_gross", one.code, one.title, one.gross
        yield "measure_net", one.code, one.title, one.net


__all__ = ["write"]
