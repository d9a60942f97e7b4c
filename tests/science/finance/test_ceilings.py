"""Ceilings that overlap, the measures that make an excess, and the smallest slip that mends it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given

from belvedere.kernel.money import UnlikeMoney
from belvedere.science.finance.ceilings import NO_LIMIT, Ceiling, Counted, counted, excesses, spent, suggest
from belvedere.science.finance.funding import RateWithCap
from belvedere.science.finance.outlook import outlook
from belvedere.science.finance.packing import RuleLine, SpendingLine
from tests.science.finance.making import AXIS, CHF, NOW, OLD, PAYERS, Made, book_of, chf, measures

IN_2028 = AXIS.column(2028)


def measure(cents: int, *lines: RuleLine, year: int = 2028) -> Made:
    spending = (SpendingLine(year, chf(cents)),)
    return Made(cents, None, spending, lines, date(year, 3, 1), date(year, 11, 1))


def ceiling(key: str, rows: list[bool], cents: int, **more: object) -> Ceiling:
    limit = np.full(AXIS.width, NO_LIMIT, np.int64)
    limit[1 : AXIS.after] = cents
    return Ceiling(key, CHF, np.array(rows), limit, **more)  # type: ignore[arg-type]


FEDERAL = RuleLine(PAYERS[0], RateWithCap(Decimal("0.4")), CHF, start_deadline=date(2028, 12, 31))


def test_each_ceiling_is_judged_and_the_tightest_comes_first() -> None:
    found = outlook(book_of(measure(600), measure(500), measure(100)), current_year=NOW)
    town, axis = ceiling("town", [True] * 3, 1000), ceiling("axis", [False, True, True], 100)
    passed = excesses(found, [town, axis])
    assert [(excess.key, excess.column, excess.over) for excess in passed] == [
        ("axis", IN_2028, 500),
        ("town", IN_2028, 200),
    ]
    assert passed[1].measures == ((0, 600), (1, 500), (2, 100))


def test_contributions_to_the_measures_of_others_count_too() -> None:
    found = outlook(book_of(measure(600)), current_year=NOW)
    besides = np.zeros(AXIS.width, np.int64)
    besides[IN_2028] = 500
    assert excesses(found, [ceiling("town", [True], 1000)]) == []
    passed = excesses(found, [ceiling("town", [True], 1000, besides=besides)])
    assert (passed[0].spent, passed[0].over) == (1100, 100)


def test_the_smallest_slip_that_loses_no_aid_is_offered() -> None:
    made = [measure(1000, FEDERAL), measure(500), measure(300), measure(700, year=2029)]
    book = book_of(*made)
    found = outlook(book, current_year=NOW)
    town = ceiling("town", [True] * 4, 1100)
    excess = excesses(found, [town])[0]
    assert excess.over == 300  # 600 net + 500 + 300 over 1,100
    offer = suggest(found, excess, [town], current_year=NOW)
    assert offer is not None
    # The third frees just enough; the federal one would lose 400 and the second frees more than is needed.
    assert (offer.row, offer.shift, offer.freed) == (2, 1, 300)
    crowded = ceiling("town", [True] * 4, 1100)
    crowded.limit[AXIS.column(2029)] = 700
    offer = suggest(found, excess, [crowded], current_year=NOW)
    assert offer is not None
    assert (offer.row, offer.shift) == (2, 2)


def test_nothing_is_offered_where_every_slip_loses_aid() -> None:
    found = outlook(book_of(measure(1000, FEDERAL)), current_year=NOW)
    town = ceiling("town", [True], 500)
    assert suggest(found, excesses(found, [town])[0], [town], current_year=NOW) is None


def test_natures_are_told_apart_and_kinds_are_not_mixed() -> None:
    made = Made(300, None, (SpendingLine(2028, chf(100), operation=True), SpendingLine(2028, chf(200))), ())
    found = outlook(book_of(made), current_year=NOW)
    assert spent(found, ceiling("a", [True], 1, what=Counted.OPERATION))[IN_2028] == 100
    assert spent(found, ceiling("a", [True], 1, what=Counted.INVESTMENT))[IN_2028] == 200
    old = Ceiling("old", OLD, np.array([True]), np.zeros(AXIS.width, np.int64))
    with pytest.raises(UnlikeMoney):
        excesses(found, [old])


def test_a_ceiling_of_a_nature_counts_the_net_of_that_nature() -> None:
    spending = (SpendingLine(2028, chf(100), operation=True), SpendingLine(2028, chf(200)))
    made = Made(300, None, spending, (RuleLine(PAYERS[0], RateWithCap(Decimal("0.5")), CHF),))
    found = outlook(book_of(made), current_year=NOW)
    # Half of each is paid by others.
    assert spent(found, ceiling("a", [True], 1, what=Counted.OPERATION))[IN_2028] == 50
    assert spent(found, ceiling("a", [True], 1, what=Counted.INVESTMENT))[IN_2028] == 100
    assert found.aid_operation(np.array([0]))[0, IN_2028] == 50


@given(measures())
def test_the_natures_add_up_to_the_net_and_share_the_aid(made: Made) -> None:
    found = outlook(book_of(made), current_year=NOW)
    operation, investment = counted(found, Counted.OPERATION), counted(found, Counted.INVESTMENT)
    assert (operation + investment == found.net).all()
    plain = (found.operation >= 0) & (found.operation <= found.gross) & (found.net >= 0)
    assert (operation[plain] >= 0).all() and (investment[plain] >= 0).all()
    assert (operation[found.operation == 0] == 0).all()
