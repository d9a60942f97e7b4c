"""The measures of the report, plan by plan: cost, aid, and what is left by year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, ngettext, pgettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook.export.content import Content
from belvedere.faces.web.pages.plans.outlook.export.rules import Words
from belvedere.faces.web.pages.plans.outlook.units import Unit

if TYPE_CHECKING:
    from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit

MOST = 1_500  # of a report; the workbook holds all
YEARS = 7  # of their own, the current one first
ZERO = Decimal(0)
Row = list[Decimal]


class _Folded:
    """Columns few enough for a page: what came before, some years, the rest."""

    def __init__(self, view: outlook.views.OutlookView) -> None:
        self.years = range(view.current_year, view.current_year + YEARS)
        self.places = [self._place(column) for column in view.columns]

    def _place(self, column: outlook.views.Column) -> int:
        if column.year is None:
            return 0 if column.key == "before" else YEARS + 1
        return min(max(column.year - self.years[0] + 1, 0), YEARS + 1)

    @property
    def heads(self) -> list[str]:
        return [gettext("before"), *map(str, self.years), gettext("later")]

    def of(self, row: outlook.views.Row) -> Row:
        found = [ZERO] * (YEARS + 2)
        for place, amount in zip(self.places, row, strict=True):
            found[place] += amount
        return found


def tables_of(page: Cockpit, content: Content) -> dict[str, Any]:
    """The tables by plan; the largest measures where there are more than a report holds."""
    folded, shown = _Folded(page.view), _shown(content)
    left = len(content.whole.measures) - len(shown)
    sub = _sub(page)
    if left:
        more = ngettext(
            "%(n)s smaller measure stands in the workbook.",
            "%(n)s smaller measures stand in the workbook.",
            left,
        )
        sub += " " + more % {"n": formats.number(left)}
    return {
        "measures_sub": sub,
        "measure_texts": [gettext("Code"), gettext("Measure"), gettext("Phase"), pgettext("column", "Works")],
        "measure_heads": [gettext("Gross cost"), gettext("Aid"), gettext("Net"), *folded.heads],
        "plans": list(_plans(page, shown, folded)),
    }


def unit_words(unit: Unit) -> str:
    """“Thousands of CHF, without VAT, prices of October 2025”."""
    size = replace(unit, axis_size=unit.table_size).axis
    return f"{size}, {formats.money_kind(unit.kind).partition(', ')[2]}"


def _sub(page: Cockpit) -> str:
    return gettext("%(unit)s. Each measure counts once; the years show what is left to %(owner)s, net.") % {
        "unit": unit_words(page.unit),
        "owner": page.owner,
    }


def _shown(content: Content) -> list[outlook.WholeMeasure]:
    whole = content.whole.measures
    if len(whole) <= MOST:
        return list(whole)
    largest = sorted(range(len(whole)), key=lambda at: -sum(map(abs, whole[at].gross)))[:MOST]
    return [whole[at] for at in sorted(largest)]


def _plans(page: Cockpit, shown: list[outlook.WholeMeasure], folded: _Folded) -> Iterator[dict[str, Any]]:
    words = Words()
    for (_plan, title), group in groupby(shown, key=lambda one: (one.plan, one.plan_title)):
        measures = list(group)
        amounts = [_amounts(one, folded) for one in measures]
        number = len(measures)
        count = ngettext("%(n)s measure", "%(n)s measures", number) % {"n": formats.number(number)}
        yield {
            "title": title or gettext("In no plan"),
            "count": count,
            "sums": [page.unit.in_table(sum(column, ZERO)) for column in zip(*amounts, strict=True)],
            "rows": [
                _row(page, one, row, words.phase(one)) for one, row in zip(measures, amounts, strict=True)
            ],
        }


def _amounts(one: outlook.WholeMeasure, folded: _Folded) -> Row:
    gross, net = sum(one.gross, ZERO), sum(one.net, ZERO)
    return [gross, gross - net, net, *folded.of(one.net)]


def _row(page: Cockpit, one: outlook.WholeMeasure, amounts: Row, phase: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "language": one.title_language or page.room.language,
        "phase": phase,
        "works": str(one.works_start.year) if one.works_start else "",
        "cells": [page.unit.in_table(amount) for amount in amounts],
    }


__all__ = ["tables_of", "unit_words"]
