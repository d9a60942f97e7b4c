"""What an address asks: a link shows the same again, and nothing in it breaks the page."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import QueryDict

from belvedere.faces.web.pages.plans.outlook.asked import Asked, Change, read
from belvedere.kernel.money import Kind, Vat

ONE, TWO = UUID(int=1), UUID(int=2)


def test_a_link_says_the_same_again() -> None:
    asked = Asked(
        plan=ONE,
        prices="current",
        grouping="phase",
        kind=Kind("CHF", Vat.EXCLUDED, "2025-10"),
        changes=(Change(ONE, 3, 8), Change(TWO, -1, -10)),
        shift=1,
        cost=-5,
        leavers=(TWO,),
        scenario=ONE,
        measure=TWO,
        open=("gross", f"measure:{ONE}"),
    )
    assert read(QueryDict(asked.query()[1:])) == asked


def test_what_is_usual_is_not_in_the_link() -> None:
    assert Asked().query() == ""
    assert read(QueryDict("")) == Asked()


def test_the_sliders_change_their_measure_only() -> None:
    asked = read(QueryDict(f"m={ONE}:%2B3:%2B8&m={TWO}:0:%2B5&measure={TWO}&shift=2&cost=0"))
    assert asked.changes == (Change(ONE, 3, 8), Change(TWO, 2, 0))
    back = read(QueryDict(f"m={ONE}:%2B3:%2B8&measure={ONE}&shift=0&cost=0"))
    assert back.changes == () and back.measure == ONE and not back.is_what_if


def test_without_a_measure_the_sliders_change_all() -> None:
    asked = read(QueryDict("shift=1&cost=-5"))
    assert (asked.shift, asked.cost, asked.changes) == (1, -5, ()) and asked.is_what_if
    assert asked.query() == "?all=%2B1:-5" and read(QueryDict("all=+1:-5")) == asked


def test_a_plus_that_became_a_blank_is_still_a_plus() -> None:
    assert read(QueryDict(f"m={ONE}:+3:+8")).changes == (Change(ONE, 3, 8),)


@pytest.mark.parametrize(
    "bad",
    [
        "m=x:1:1",
        f"m={ONE}:1",
        f"m={ONE}:99:0",
        f"m={ONE}:0:-100",
        f"m={ONE}:{'9' * 5000}:0",
        "plan=1",
        "prices=dear",
        "group=mood",
        "kind=CHF",
        "kind=XXX_excluded_",
        "leaves=me",
        "scenario=x",
        "open=%3Cscript%3E",
        f"measure={ONE}&shift=many",
    ],
)
def test_what_is_not_known_is_left_out_and_said(bad: str) -> None:
    asked = read(QueryDict(bad))
    assert asked.notes
    assert not asked.changes and asked.prices == "constant" and asked.open == ()


def test_an_address_holds_only_so_many_changes() -> None:
    many = "&".join(f"m={UUID(int=n)}:1:0" for n in range(1, 200))
    asked = read(QueryDict(many))
    assert len(asked.changes) == 60 and asked.notes


def test_rows_open_and_close() -> None:
    asked = Asked().toggled("gross")
    assert asked.open == ("gross",)
    assert asked.toggled("gross") == Asked()
