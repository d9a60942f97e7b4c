"""A watch: raised and over at the right instants, however its readings come."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belvedere.kernel.errors import InvalidInput
from belvedere.science.alarms.conditions import Change, Condition, Level, Side, Silence, Stuck, Timing
from belvedere.science.alarms.watching import Episode, Turn, Watch, episodes

Readings = Sequence[tuple[float, float]]
MINUTE = 60.0
FULL = Level(Side.ABOVE, 90.0)


def told(
    condition: Condition, readings: Readings, timing: Timing | None = None, until: float = 0
) -> list[Turn]:
    watch = Watch(condition, timing or Timing())
    turns = [turn for at, number in readings for turn in watch.read(at, number)]
    return turns + watch.passes(max(until, readings[-1][0]))


def test_a_level_is_raised_above_it_and_over_below_the_deadband() -> None:
    level = Level(Side.ABOVE, 90.0, clears_at=80.0)
    turns = told(level, [(0, 50), (1, 90), (2, 91), (3, 85), (4, 95), (5, 80), (6, 85)])
    assert turns == [Turn(2, True, 91), Turn(5, False, 80)]


def test_the_other_side() -> None:
    level = Level(Side.BELOW, 0.0, clears_at=1.0)
    assert told(level, [(0, 0.0), (1, -0.1), (2, 0.5), (3, 1.0)]) == [
        Turn(1, True, -0.1),
        Turn(3, False, 1.0),
    ]


def test_it_is_told_when_it_held_long_enough_not_at_the_next_reading() -> None:
    timing = Timing(for_s=30 * MINUTE)
    assert told(FULL, [(0, 95), (60 * MINUTE, 50)], timing) == [
        Turn(30 * MINUTE, True, 95),
        Turn(60 * MINUTE, False, 50),
    ]
    assert told(FULL, [(0, 95), (29 * MINUTE, 50), (31 * MINUTE, 95)], timing) == []


def test_it_is_over_when_it_was_gone_long_enough() -> None:
    timing = Timing(clear_for_s=10.0)
    turns = told(FULL, [(0, 95), (5, 50), (14, 95), (20, 50)], timing, until=40)
    assert turns == [Turn(0, True, 95), Turn(30, False, 50)]


def test_what_nobody_confirms_is_not_raised_and_not_over() -> None:
    timing = Timing(for_s=100, clear_for_s=100, trusted_s=60)
    assert told(FULL, [(0, 95)], timing, until=1000) == []
    assert told(FULL, [(0, 95), (50, 95), (100, 95), (120, 20)], timing, until=1000) == [Turn(100, True, 95)]
    assert told(FULL, [(0, 95), (70, 95), (120, 95)], timing, until=130) == []


def test_risen_and_fallen_within_a_window() -> None:
    rises = Change(Side.ABOVE, by=5.0, within_s=10.0)
    assert told(rises, [(0, 0), (5, 5), (9, 6), (12, 6), (20, 6)]) == [Turn(9, True, 6), Turn(12, False, 6)]
    falls = Change(Side.BELOW, by=5.0, within_s=10.0)
    assert told(falls, [(0, 9), (5, 12), (9, 6)]) == [Turn(9, True, 6)]
    assert told(falls, [(0, 12), (11, 6)]) == []


def test_silence_is_raised_by_the_clock_and_over_at_the_next_word() -> None:
    silence = Silence(after_s=100)
    assert told(silence, [(0, 1), (90, 1)], until=150) == []
    assert told(silence, [(0, 1), (250, math.nan)], until=300) == [Turn(100, True, 1), Turn(250, False, 1)]
    watch = Watch(silence)
    assert watch.next_due() is None, "what never spoke is not silent"
    watch.read(0, 1)
    assert watch.next_due() == 100


def test_stuck_needs_readings_that_do_not_differ() -> None:
    stuck = Stuck(over_s=100, within=0.5)
    assert told(stuck, [(0, 5), (50, 5.4), (99, 5)], until=500) == []
    assert told(stuck, [(0, 5), (50, 5.4), (100, 5), (110, 5.6)]) == [
        Turn(100, True, 5),
        Turn(110, False, 5.6),
    ]


def test_hours_in_which_a_rule_does_not_apply() -> None:
    watch = Watch(FULL)
    assert watch.read(0, 95) == [Turn(0, True, 95)]
    assert watch.shuts(10) == [Turn(10, False, 95)]
    assert watch.read(20, 99) == []
    assert watch.opens(30) == [Turn(30, True, 99)]
    assert watch.shuts(40) == [Turn(40, False, 99)]
    assert watch.read(50, 10) == []
    assert watch.opens(60) == []


def test_silence_over_a_night_that_does_not_count() -> None:
    watch = Watch(Silence(after_s=100))
    watch.read(0, 1)
    assert watch.shuts(50) == []
    assert watch.passes(500) == []
    assert watch.opens(600) == [Turn(600, True, 1)]


def test_what_is_late_says_nothing_about_now() -> None:
    watch = Watch(FULL)
    watch.read(10, 50)
    assert watch.read(5, 99) == []
    assert watch.read(10, 99) == []


def test_raised_by_the_clock_before_an_earlier_reading_came() -> None:
    watch = Watch(FULL, Timing(for_s=30))
    watch.read(0, 95)
    assert watch.passes(35) == [Turn(30, True, 95)]
    assert watch.read(20, 50) == [Turn(30, False, 50)], "over no sooner than it was raised"


def test_what_is_no_number_changes_nothing() -> None:
    assert told(FULL, [(0, 95), (1, math.nan), (2, 96), (3, 10)]) == [Turn(0, True, 95), Turn(3, False, 10)]


def test_episodes() -> None:
    turns = [Turn(0, True, 9.0), Turn(5, False, 1.0), Turn(8, True, 7.0)]
    assert episodes(turns) == [Episode(0, 5, 9.0), Episode(8, None, 7.0)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Level(Side.ABOVE, 90, clears_at=91),
        lambda: Level(Side.BELOW, 0, clears_at=-1),
        lambda: Level(Side.ABOVE, math.nan),
        lambda: Change(Side.ABOVE, 0, 10),
        lambda: Change(Side.ABOVE, 1, math.inf),
        lambda: Silence(0),
        lambda: Stuck(-1),
        lambda: Timing(for_s=-1),
        lambda: Timing(trusted_s=0),
    ],
)
def test_what_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(InvalidInput):
        make()  # type: ignore[operator]


CONDITIONS = st.sampled_from(
    [
        Level(Side.ABOVE, 5.0, clears_at=3.0),
        Level(Side.BELOW, 2.0),
        Change(Side.ABOVE, 3.0, 20.0),
        Change(Side.BELOW, 3.0, 20.0),
        Silence(15.0),
        Stuck(20.0, 1.0),
    ]
)
TIMINGS = st.builds(
    Timing,
    for_s=st.sampled_from([0.0, 7.0, 30.0]),
    clear_for_s=st.sampled_from([0.0, 9.0]),
    trusted_s=st.sampled_from([12.0, 100.0, math.inf]),
)
STEPS = st.lists(
    st.tuples(st.integers(1, 25), st.sampled_from([0.0, 1.0, 2.5, 4.0, 6.0, 9.0, math.nan])),
    min_size=1,
    max_size=40,
)


@given(CONDITIONS, TIMINGS, STEPS, st.data())
def test_the_same_however_it_is_cut_kept_and_taken_up(
    condition: Condition, timing: Timing, steps: list[tuple[int, float]], data: st.DataObject
) -> None:
    at, readings = 0.0, []
    for step, number in steps:
        at += step
        readings.append((at, number))
    whole = told(condition, readings, timing, until=at + 50)
    watch, turns = Watch(condition, timing), []
    for instant, number in readings:
        if data.draw(st.booleans()):  # the clock looks in between
            between = watch.heard_at + data.draw(st.floats(0, 1)) * (instant - watch.heard_at)
            turns += watch.passes(between) if math.isfinite(between) else []
        if data.draw(st.booleans()):  # the process ends and begins again
            watch = Watch.restored(condition, timing, json.loads(json.dumps(watch.saved(), allow_nan=False)))
        turns += watch.read(instant, number)
    turns += watch.passes(at + 50)
    assert turns == whole
    raised = [turn.is_raised for turn in turns]
    assert raised == [number % 2 == 0 for number in range(len(raised))], "raised and over take turns"
    assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)
    if watch.phase.name in ("RAISED", "ENDING"):
        assert raised and raised[-1]
