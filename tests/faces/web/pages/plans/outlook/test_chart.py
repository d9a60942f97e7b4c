"""The chart's geometry: bars stack, the ceiling steps, excess is marked, labels cover nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from belvedere.faces.web.pages.plans.outlook import chart

OWN = ["8", "4", "12.4", "10.1", "3"]
AID = ["1", "0", "9", "4", "1"]
COLUMNS = 5


def decimals(values: list[str]) -> list[Decimal]:
    return [Decimal(value) for value in values]


def limit(*most: Decimal | None) -> tuple[chart.Limit, ...]:
    """A ceiling of all that is the owner's."""
    return (chart.Limit("", most, decimals(OWN)),)


def amounts() -> chart.Amounts:
    """Before, three years, after: the second year is 0.9 above its ceiling."""
    return chart.Amounts(
        stacks=(chart.Stack("own", decimals(OWN)), chart.Stack("aid", decimals(AID))),
        own=decimals(OWN),
        limits=limit(None, Decimal(9), Decimal("11.5"), Decimal("11.5"), None),
        cash=decimals(["9", "3", "14", "9", "2"]),
        earlier=None,
        zones=(chart.Zone("paid", 0, 2), chart.Zone("outlook", 2, 5), chart.Zone("none", 5, 5)),
        dated=range(1, 4),
    )


def share(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def test_bars_of_a_column_stand_on_each_other() -> None:
    drawn = chart.draw(amounts())
    own, aid = [bar for bar in drawn.bars if bar.column == 2]
    assert share(aid.box.y) + share(aid.box.height) == pytest.approx(share(own.box.y), abs=0.02)
    assert share(own.box.height) / share(aid.box.height) == pytest.approx(12.4 / 9, abs=0.01)
    zero = next(tick for tick in drawn.ticks if tick.is_zero)
    assert share(own.box.y) + share(own.box.height) == pytest.approx(share(zero.y), abs=0.02)


def test_a_bar_stands_in_the_middle_of_its_column() -> None:
    for bar in chart.draw(amounts()).bars:
        middle = share(bar.box.x) + share(bar.box.width) / 2
        assert middle == pytest.approx((bar.column + 0.5) / COLUMNS * 100, abs=0.02)


def test_no_bar_without_an_amount() -> None:
    assert [bar.column for bar in chart.draw(amounts()).bars if bar.key == "aid"] == [0, 2, 3, 4]


def test_what_is_above_the_ceiling_is_marked_with_its_figure() -> None:
    (excess,) = chart.draw(amounts()).excesses
    assert (excess.column, excess.value) == (2, Decimal("0.9"))
    top = next(bar for bar in chart.draw(amounts()).bars if bar.column == 2 and bar.key == "own")
    assert excess.box.y == top.box.y and share(excess.y) < share(top.box.y)


def test_equal_to_the_ceiling_is_not_above_it() -> None:
    exact = replace(amounts(), limits=limit(None, Decimal(9), Decimal("12.4"), Decimal("11.5"), None))
    assert not chart.draw(exact).excesses


def test_the_ceiling_steps_between_neighbouring_years_only() -> None:
    drawn = chart.draw(amounts())
    flat = [s for s in drawn.ceiling if s.y1 == s.y2]
    upright = [s for s in drawn.ceiling if s.x1 == s.x2]
    assert len(flat) == 2 and len(upright) == 1
    assert [mark.value for mark in drawn.steps] == [Decimal(9), Decimal("11.5")]
    gap = replace(amounts(), limits=limit(None, Decimal(9), None, Decimal("11.5"), None))
    assert not [s for s in chart.draw(gap).ceiling if s.x1 == s.x2]


def test_the_treasury_runs_over_the_years_that_have_one() -> None:
    assert len(chart.draw(amounts()).cash) == 2  # three years, neither before nor after
    quiet = replace(amounts(), cash=decimals(["9", "3", "0", "0", "2"]))
    assert not chart.draw(quiet).cash


def test_the_net_before_the_scenario_shows_where_it_differs() -> None:
    assert not chart.draw(amounts()).earlier
    moved = replace(amounts(), earlier=decimals(["8", "4", "11", "10.1", "3"]))
    assert [mark.column for mark in chart.draw(moved).earlier] == [2]


def test_a_negative_amount_hangs_under_the_line() -> None:
    own = decimals(["8", "-2", "12.4", "10.1", "3"])
    below = replace(amounts(), stacks=(chart.Stack("own", own), chart.Stack("aid", decimals(AID))), own=own)
    drawn = chart.draw(below)
    zero = share(next(tick for tick in drawn.ticks if tick.is_zero).y)
    bar = next(bar for bar in drawn.bars if bar.column == 1)
    assert share(bar.box.y) == pytest.approx(zero, abs=0.02)
    assert share(bar.box.y) + share(bar.box.height) <= 100


def test_everything_lies_within_the_plot() -> None:
    drawn = chart.draw(amounts())
    for box in [*(bar.box for bar in drawn.bars), *(e.box for e in drawn.excesses)]:
        assert share(box.x) >= 0 and share(box.x) + share(box.width) <= 100.01
        assert share(box.y) >= 0 and share(box.y) + share(box.height) <= 100.01


def test_labels_lie_over_no_bar() -> None:
    many = 16
    own = [Decimal(2 if at > 8 else 10) for at in range(many)]
    wide = chart.Amounts(
        stacks=(chart.Stack("own", own),),
        own=own,
        limits=(),
        cash=[Decimal(3 if at > 8 else 9) for at in range(many)],
        earlier=None,
        zones=(),
        dated=range(1, many - 1),
    )
    drawn = chart.draw(wide)
    assert {label.key for label in drawn.labels} == {"cash", "net"}
    for label in drawn.labels:
        column = share(label.x) / 100 * many
        for bar in drawn.bars:
            if abs(bar.column + 0.5 - column) < chart.LABEL_COLUMNS[label.key] / 2:
                assert share(label.y) < share(bar.box.y)
    first, second = drawn.labels
    assert first.leader.x1 != second.leader.x1


def test_no_room_no_label() -> None:
    full = replace(
        amounts(), limits=limit(*[Decimal(20)] * 5), stacks=(chart.Stack("own", [Decimal(20)] * 5),)
    )
    assert not chart.draw(full).labels


def test_nothing_at_all_still_has_an_axis() -> None:
    zeros = [Decimal(0)] * 3
    drawn = chart.draw(chart.Amounts((chart.Stack("own", zeros),), zeros, (), zeros, None, (), range(1, 2)))
    assert not drawn.bars and not drawn.cash and drawn.ticks


@pytest.mark.parametrize(
    ("span", "step"), [(23, "5"), (12, "2.5"), (9, "2"), (4, "1"), (0.4, "0.1"), (900, "200")]
)
def test_the_axis_has_round_steps(span: float, step: str) -> None:
    assert chart.nice_step(span) == Decimal(step)


def test_ceilings_of_natures_are_drawn_apart_and_their_excess_adds_up() -> None:
    spent = decimals(["8", "3", "9", "10.1", "3"])
    rest = decimals(["0", "1", "3.4", "0", "0"])
    none = (None, None)
    both = replace(
        amounts(),
        limits=(
            chart.Limit("investment", (*none, Decimal(8), Decimal(11), None), spent),
            chart.Limit("operation", (*none, Decimal(3), Decimal(3), None), rest),
        ),
    )
    drawn = chart.draw(both)
    (excess,) = drawn.excesses
    assert (excess.column, excess.value) == (2, Decimal("1.4"))
    assert [(step.key, step.value) for step in drawn.steps if step.is_last] == [
        ("investment", Decimal(11)),
        ("operation", Decimal(3)),
    ]
