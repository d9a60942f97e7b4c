"""Outlooks of many measures: to the cent, like the scalar rules, in every scenario."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from belvedere.kernel.money import Kind, Money, UnlikeMoney, Vat
from belvedere.science.finance.book import Axis, Book
from belvedere.science.finance.funding import FillUp, Fixed, RateWithCap, Residual, allot, resolve
from belvedere.science.finance.moving import NO_SHIFT, Lost, Moves, add_years, shifted
from belvedere.science.finance.outlook import by_group, by_payer, outlook
from belvedere.science.finance.packing import (
    Head,
    RuleCode,
    RuleLine,
    SpendingLine,
    pack_rules,
    pack_spending,
)
from belvedere.science.finance.prices import IndexSeries, Prices, VatRates
from tests.science.finance.making import (
    AXIS,
    CHF,
    NOW,
    OLD,
    PAYERS,
    Made,
    book_of,
    chf,
    measures,
    random_measure,
)

PRICES = Prices(
    IndexSeries(
        {"2005-10": Decimal("86.1"), "2025-10": Decimal("114.3")}, "index", yearly_rate=Decimal("0.02")
    ),
    VatRates([(date(2018, 1, 1), Decimal("0.077")), (date(2024, 1, 1), Decimal("0.081"))]),
)
some = st.lists(measures(), min_size=1, max_size=4)
moves = st.tuples(
    st.lists(st.integers(-4, 6), min_size=4, max_size=4),
    st.lists(st.sampled_from([100_000, 115_000, 90_000, 100_001, 0]), min_size=4, max_size=4),
    st.sets(st.integers(0, 4), max_size=2),
)


def moves_of(book: Book, drawn: tuple[list[int], list[int], set[int]]) -> Moves:
    shift, cost, leavers = drawn
    n = book.measures
    gone = frozenset(number for number in leavers if number < len(book.payers))
    return Moves(np.array(shift[:n]), np.array(cost[:n]), gone)


NO_SHRINK = [Phase.explicit, Phase.reuse, Phase.generate]  # shrinking such books takes minutes


@settings(max_examples=400, phases=NO_SHRINK)
@given(st.integers(0, 2**32), st.booleans())
def test_sums_hold_to_the_cent_in_every_scenario(seed: int, at_prices: bool) -> None:
    """400 books of 25 measures: 10,000 cases, each under a scenario of its own."""
    chance = Random(seed)
    made = [random_measure(chance) for _ in range(25)]
    shift = [chance.randrange(-4, 7) for _ in made]
    costs = [chance.choice([100_000, 115_000, 90_000, 100_001, 0]) for _ in made]
    book = book_of(*made)
    gone = frozenset(chance.sample(range(len(book.payers)), min(len(book.payers), chance.randrange(3))))
    check_sums(book, Moves(np.array(shift), np.array(costs), gone), at_prices)


@settings(max_examples=300, phases=NO_SHRINK)
@given(some, moves, st.booleans())
def test_sums_hold_at_the_edges(
    made: list[Made], drawn: tuple[list[int], list[int], set[int]], at_prices: bool
) -> None:
    book = book_of(*made)
    check_sums(book, moves_of(book, drawn), at_prices)


def check_sums(book: Book, given_moves: Moves, at_prices: bool) -> None:
    """Shares and net add up to the cost, residuals take no more than what is left, nobody pays below 0."""
    found = outlook(book, given_moves, current_year=NOW, prices=PRICES if at_prices else None)
    lines = by_group(found.aid_line, book.line_measure, book.measures)
    assert (lines + found.net == found.gross).all()
    assert (found.received.sum(axis=1) == found.aid_line.sum(axis=1)).all()
    assert (found.need.sum(axis=1) == found.net.sum(axis=1)).all()
    assert by_payer(found).sum() == found.aid_line.sum()
    assert (found.aid >= 0).all()
    if at_prices:
        return
    assert (found.gross.sum(axis=1) == found.cost).all()
    assert (found.aid_line.sum(axis=1) == found.aid).all()
    net = found.net.sum(axis=1)
    stated = np.where(book.line_rule == RuleCode.FIXED, found.aid, 0)
    stated = by_group(stated, book.line_measure, book.measures)
    assert (net >= np.minimum(found.cost - stated, 0)).all()
    residual = np.flatnonzero((book.line_rule == RuleCode.RESIDUAL) & (found.aid > 0))
    assert (net[book.line_measure[residual]] == 0).all()


@settings(max_examples=1000, phases=NO_SHRINK)
@given(measures())
def test_arrays_say_what_the_scalar_rules_say(made: Made) -> None:
    book = book_of(made)
    found = outlook(book, current_year=NOW)
    by_rank = sorted(range(len(made.lines)), key=lambda at: _rank(made.lines[at], at))
    kept = [
        made.lines[at]
        for rank, at in enumerate(by_rank)
        if made.lines[at].alive and found.lost[rank] == Lost.NONE
    ]
    eligible = None if made.eligible is None else chf(made.eligible)
    scalar = resolve(chf(made.cost), eligible, [line.rule for line in kept], [line.position for line in kept])
    places = [rank for rank, at in enumerate(by_rank) if made.lines[at] in kept and found.lost[rank] == 0]
    places = [rank for rank in places if made.lines[by_rank[rank]].alive]
    for rank, share in zip(places, scalar.shares, strict=True):
        assert share.amount is not None
        assert found.aid[rank] == int(share.amount.amount * 100)
        assert (found.capped[rank], found.clipped[rank]) == (share.capped, share.clipped)
        years = [Decimal(int(cell)) / 100 for cell in book.spend[0]]
        assert [int(part * 100) for part in allot(share.amount.amount, years)] == found.aid_line[
            rank
        ].tolist()
    assert int(scalar.net.amount * 100) == found.net.sum()


def _rank(line: RuleLine, at: int) -> tuple[int, int, int]:
    from belvedere.science.finance.funding import class_of

    return class_of(line.rule), line.position, at


@settings(max_examples=300, phases=NO_SHRINK)
@given(measures(), st.integers(1, 5))
def test_a_shift_and_its_contrary_change_nothing_where_nothing_piled_up(made: Made, years: int) -> None:
    book = book_of(made, axis=Axis(2020, 2050))
    there = np.array([years])
    moved = shifted(book.spend, book.fixed_part, there, book.axis, NOW)
    back = shifted(moved, book.fixed_part, -there, book.axis, NOW)
    assert (back == book.spend).all()
    assert (moved[:, 0] == book.spend[:, 0]).all()
    assert moved.sum() == book.spend.sum()


def test_paid_and_past_amounts_stay_and_a_negative_shift_piles_up_at_the_current_year() -> None:
    made = Made(
        1000,
        None,
        (
            SpendingLine(2020, chf(100)),
            SpendingLine(2025, chf(200)),
            SpendingLine(2026, chf(50), paid=True),
            SpendingLine(2027, chf(300)),
            SpendingLine(2028, chf(250)),
        ),
        (),
    )
    earlier = outlook(book_of(made), Moves(np.array([-3])), current_year=NOW).gross[0]
    assert earlier[:3].tolist() == [100, 200, 600]
    assert earlier[AXIS.undated] == 100
    later = outlook(book_of(made), Moves(np.array([8])), current_year=NOW).gross[0]
    assert later[:3].tolist() == [100, 200, 50]
    assert later[AXIS.after] == 550


def test_a_slip_past_the_deadline_loses_the_line_and_says_what_would_keep_it() -> None:
    federal = RuleLine(
        PAYERS[0], RateWithCap(Decimal("0.35"), chf(30_000)), CHF, start_deadline=date(2029, 3, 31)
    )
    rest = RuleLine(PAYERS[1], FillUp(Decimal("0.5")), CHF)
    made = Made(
        100_000,
        None,
        (SpendingLine(2028, chf(100_000)),),
        (federal, rest),
        date(2027, 5, 1),
        date(2028, 11, 1),
    )
    book = book_of(made)
    reference = outlook(book, current_year=NOW)
    assert reference.aid.tolist() == [30_000, 20_000]
    assert reference.capped.tolist() == [True, False]
    late = outlook(book, Moves(np.array([2])), current_year=NOW)
    assert late.lost.tolist() == [Lost.START_DEADLINE, Lost.NONE]
    assert late.at_stake.tolist() == [30_000, 0]
    assert late.keeping_shift.tolist() == [1, 2]
    assert late.aid.tolist() == [0, 50_000]
    kept = outlook(book, Moves(np.array([1])), current_year=NOW)
    assert not kept.lost.any()


def test_a_claim_counts_from_the_end_of_works_with_its_lag() -> None:
    line = RuleLine(PAYERS[0], Fixed(chf(10)), CHF, claim_deadline=date(2031, 11, 30), lag_years=1)
    made = Made(100, None, (), (line,), date(2028, 1, 1), date(2029, 12, 1))
    book = book_of(made)
    found = outlook(book, Moves(np.array([3])), current_year=NOW)
    assert found.lost.tolist() == [Lost.CLAIM_DEADLINE]
    assert found.keeping_shift.tolist() == [0]


def test_a_start_already_made_is_not_lost_by_a_slip_and_one_already_missed_is_past_mending() -> None:
    line = RuleLine(PAYERS[0], Fixed(chf(10)), CHF, start_deadline=date(2025, 12, 31))
    begun = Made(100, None, (), (line,), date(2025, 6, 1), date(2029, 1, 1))
    missed = Made(100, None, (), (line,), date(2026, 6, 1), date(2029, 1, 1))
    found = outlook(book_of(begun, missed), Moves(np.array([2, 2])), current_year=NOW)
    assert found.lost.tolist() == [Lost.NONE, Lost.START_DEADLINE]
    assert found.keeping_shift[1] == NO_SHIFT


def test_a_start_already_made_in_time_does_not_bind_the_shift_that_keeps_the_claim() -> None:
    line = RuleLine(
        PAYERS[0], Fixed(chf(10)), CHF, start_deadline=date(2025, 12, 31), claim_deadline=date(2030, 12, 31)
    )
    begun = Made(100, None, (), (line,), date(2025, 6, 1), date(2029, 1, 1))
    found = outlook(book_of(begun), Moves(np.array([2])), current_year=NOW)
    assert found.lost.tolist() == [Lost.CLAIM_DEADLINE]
    assert found.keeping_shift.tolist() == [1]


@settings(max_examples=300, phases=NO_SHRINK)
@given(measures(), st.integers(-3, 6))
def test_the_keeping_shift_is_the_largest_that_keeps(made: Made, years: int) -> None:
    book = book_of(made)
    found = outlook(book, Moves(np.array([years])), current_year=NOW)

    def lost(line: int, shift: int) -> bool:
        return bool(outlook(book, Moves(np.array([shift])), current_year=NOW).lost[line] != Lost.NONE)

    for line in range(book.lines):
        keeping = int(found.keeping_shift[line])
        if keeping == NO_SHIFT:
            assert all(lost(line, shift) for shift in range(-15, years + 1))
        else:
            assert keeping <= years
            assert not lost(line, keeping)
            assert keeping == years or lost(line, keeping + 1)


def test_a_commune_that_leaves_brings_nothing_and_is_named() -> None:
    lines = (
        RuleLine(PAYERS[0], Fixed(chf(300)), CHF),
        RuleLine(PAYERS[1], Residual(), CHF),
    )
    book = book_of(Made(1000, None, (SpendingLine(2027, chf(1000)),), lines))
    found = outlook(book, Moves(leavers=frozenset([book.payers.index(PAYERS[0])])), current_year=NOW)
    assert found.lost.tolist() == [Lost.DEPARTURE, Lost.NONE]
    assert found.at_stake.tolist() == [300, 0]
    assert found.aid.tolist() == [0, 1000]


def test_aid_arrives_after_the_spending_so_the_need_passes_the_net_cost_first() -> None:
    line = RuleLine(PAYERS[0], RateWithCap(Decimal("0.4")), CHF, advance_share=Decimal("0.25"), lag_years=2)
    found = outlook(book_of(Made(1000, None, (SpendingLine(2027, chf(1000)),), (line,))), current_year=NOW)
    assert found.net[0, AXIS.column(2027)] == 600
    assert found.need[0, AXIS.column(2027)] == 900
    assert found.need[0, AXIS.column(2029)] == -300
    late = outlook(book_of(Made(1000, None, (SpendingLine(2033, chf(1000)),), (line,))), current_year=NOW)
    assert late.received[0, AXIS.after] == 300


def test_a_line_of_another_kind_brings_nothing_unless_it_is_indexed_and_a_series_converts_it() -> None:
    head = Head(chf(100_000), CHF)
    spending = pack_spending(head, [SpendingLine(2027, chf(100_000))])
    cap = Money(Decimal(100), OLD)
    plain = RuleLine(PAYERS[0], RateWithCap(Decimal("0.35"), cap), OLD)
    marked = RuleLine(PAYERS[1], RateWithCap(Decimal("0.35"), cap), OLD, indexed=True)
    rules = pack_rules([plain, marked])
    assert outlook(Book.from_packed(AXIS, [spending], [rules]), current_year=NOW).aid.tolist() == [0, 0]
    series = PRICES.series
    book = Book.from_packed(AXIS, [spending], [rules], series=series)
    assert book.line_like.tolist() == [False, True]
    assert outlook(book, current_year=NOW).aid.tolist() == [0, round(10_000 * 114.3 / 86.1)]
    with_vat = Kind("CHF", Vat.INCLUDED, "2005-10")
    vat = RuleLine(PAYERS[0], Fixed(Money(Decimal(1), with_vat)), with_vat, indexed=True)
    assert not Book.from_packed(AXIS, [spending], [pack_rules([vat])], series=series).line_like.any()


def test_without_an_estimate_the_years_are_the_cost_and_nothing_is_resolved() -> None:
    spending = pack_spending(Head(None, CHF), [SpendingLine(2027, chf(500))])
    rules = pack_rules([RuleLine(PAYERS[0], Fixed(chf(100)), CHF)])
    found = outlook(Book.from_packed(AXIS, [spending], [rules]), current_year=NOW)
    assert found.gross.sum() == 500
    assert not found.aid.any()


def test_totals_over_two_kinds_are_refused() -> None:
    euros = Kind("EUR", Vat.EXCLUDED, "2025-10")
    packed = [
        pack_spending(Head(Money(Decimal(1), kind), kind), [SpendingLine(2027, Money(Decimal(1), kind))])
        for kind in (CHF, euros)
    ]
    found = outlook(Book.from_packed(AXIS, packed, [b"", b""]), current_year=NOW)
    with pytest.raises(UnlikeMoney):
        by_payer(found)
    with pytest.raises(UnlikeMoney):
        found.kind_of()
    assert {kind: rows.tolist() for kind, rows in found.rows_by_kind().items()} == {CHF: [0], euros: [1]}
    with pytest.raises(UnlikeMoney):
        pack_spending(Head(chf(1), CHF), [SpendingLine(2027, Money(Decimal(1), euros))])


def test_current_prices_index_first_and_add_vat_after_and_stated_aid_stays_nominal() -> None:
    lines = (
        RuleLine(PAYERS[0], Fixed(chf(20_000)), CHF),
        RuleLine(PAYERS[1], RateWithCap(Decimal("0.3")), CHF),
        RuleLine(PAYERS[2], Residual(), CHF),
    )
    book = book_of(Made(100_000, None, (SpendingLine(2028, chf(100_000)),), lines))
    prices = Prices(IndexSeries({"2025-10": Decimal(100), "2028-01": Decimal(110)}, "i"), PRICES.vat)
    found = outlook(book, current_year=NOW, prices=prices)
    column = AXIS.column(2028)
    assert found.gross[0, column] == 118_910  # 100,000 × 1.10 × 1.081
    assert found.aid_line[:, column].tolist() == [20_000, 35_673, 118_910 - 20_000 - 35_673]
    assert found.net.sum() == 0
    assert found.kinds == (Kind("CHF", Vat.INCLUDED, ""),)


def test_a_book_of_some_measures_says_the_same_of_them() -> None:
    one = Made(1000, None, (SpendingLine(2027, chf(900)),), (RuleLine(PAYERS[0], Residual(), CHF),))
    two = Made(77, 50, (), (RuleLine(PAYERS[1], FillUp(Decimal("0.3")), CHF),) * 2)
    book = book_of(one, two, one)
    whole = outlook(book, current_year=NOW)
    part = outlook(book.only(np.array([1, 0])), current_year=NOW)
    assert (part.net == whole.net[[1, 0]]).all()
    assert part.aid.tolist() == [*whole.aid[1:3].tolist(), whole.aid[0]]
    assert outlook(book.only(np.zeros(3, bool)), current_year=NOW).net.shape == (0, AXIS.width)


def test_an_empty_book_has_an_outlook() -> None:
    found = outlook(Book.from_packed(AXIS, [], []), current_year=NOW, prices=PRICES)
    assert found.gross.shape == (0, AXIS.width)
    assert by_payer(found).shape == (0, AXIS.width)


def test_years_are_added_on_the_calendar() -> None:
    days = np.array([date(2028, 2, 29).toordinal(), date(2027, 12, 31).toordinal(), 0])
    moved = add_years(days, np.array([1, 1, 5]))
    assert [date.fromordinal(day) for day in moved[:2].tolist()] == [date(2029, 2, 28), date(2028, 12, 31)]
    assert moved[2] == 0
