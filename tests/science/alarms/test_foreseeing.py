"""Forecasts: what a curve says of an instant, which of several stands, and what lies ahead through time."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence

import pytest

from belvedere.kernel.errors import InvalidInput
from belvedere.science.alarms.combining import Signal
from belvedere.science.alarms.conditions import Foreseen, Level, Side, Timing
from belvedere.science.alarms.foreseeing import Curve, Forecasts, ahead
from belvedere.science.alarms.hours import Schedule
from belvedere.science.alarms.outlook import Outlook
from belvedere.science.alarms.tallying import Of, Tally
from belvedere.science.alarms.watching import Turn
from tests.science.alarms.test_combining import NIGHTS, ZONE

FLOOD = Foreseen(Level(Side.ABOVE, 5.0, 4.0), within_s=10.0)
Made = Sequence[tuple[float, Curve]]


def curve(*points: tuple[float, float]) -> Curve:
    return Curve(tuple(at for at, _n in points), tuple(n for _at, n in points))


def told(one: Outlook, made: Made, until: float) -> list[Turn]:
    return [turn for at, what in made for turn in one.foresees(at, what)] + one.passes(until)


def test_between_two_numbers_a_curve_is_straight_and_says_nothing_beyond_or_over_a_gap() -> None:
    one = curve((0, 1.0), (10, 3.0), (20, math.nan), (30, 5.0))
    assert (one.at(0), one.at(5), one.at(10), one.at(30)) == (1.0, 2.0, 3.0, 5.0)
    assert all(math.isnan(one.at(at)) for at in (-1, 15, 20, 25, 31))


def test_what_stands_was_foreseen_so_long_before() -> None:
    one = Forecasts(lead_s=100)
    one.heard(0, curve((0, 1.0), (1000, 1.0)))
    one.heard(300, curve((0, 2.0), (1000, 2.0)))
    assert [one.at(at) for at in (101, 399, 400, 401, 1000)] == [1, 1, 1, 2, 2]
    assert math.isnan(one.at(100)), "not longer than that before"


@pytest.mark.parametrize("seed", range(20))
def test_forecasts_say_the_same_in_whatever_order_they_are_heard_and_cut_down(seed: int) -> None:
    chance = random.Random(seed)
    lead = chance.choice((0.0, 7.0, 50.0))
    made = []
    for _one in range(12):
        at = float(chance.randrange(200))
        times = sorted(chance.sample(range(int(at), 400), 8))
        made.append((at, curve(*((float(t), chance.choice((1.0, 2.0, math.nan))) for t in times))))
    stand = dict(made)
    some = Forecasts(lead)
    for at, what in chance.sample(list(stand.items()), len(stand)):
        some.heard(at, what)
        if chance.random() < 0.3:
            other = Forecasts(lead)
            other.restore(json.loads(json.dumps(some.saved())))
            some = other
    asked_from = float(chance.randrange(200))
    some.forget(asked_from)
    for instant in range(int(asked_from), 400):
        before = [at for at in stand if at + lead < instant]
        wanted = stand[max(before)].at(float(instant)) if before else math.nan
        assert some.at(float(instant)) == pytest.approx(wanted, nan_ok=True)


def test_what_lies_ahead_comes_into_reach_and_goes() -> None:
    steps = ahead(curve((5, 1.0), (20, 9.0), (30, 3.0)), Side.ABOVE, 10.0, 0.0)
    known = [(one.at, one.number, one.when) for one in steps if math.isfinite(one.number)]
    assert known == [(0, 1.0, 5), (10, 9.0, 20), (20, 3.0, 30)]
    assert [one.at for one in steps if math.isnan(one.number)] == [5, 30], "then nothing is within reach"


def test_it_is_raised_when_it_comes_within_reach_and_says_when() -> None:
    one = Outlook(FLOOD)
    assert one.foresees(0, curve((5, 1.0), (25, 8.0), (40, 4.5), (60, 1.0))) == []
    assert one.next_due() == 5, "then nothing is within reach, until 15"
    assert one.passes(14) == []
    assert one.passes(16) == [Turn(15, True, 8.0)]
    assert one.when == 25
    assert one.passes(35) == [], "4.5 is not over yet"
    assert one.passes(49) == [], "between two of its numbers nobody knows: what is raised goes on"
    assert one.passes(55) == [Turn(50, False, 1.0)]


def test_a_new_forecast_takes_the_place_of_the_last() -> None:
    one = Outlook(FLOOD)
    one.foresees(0, curve((25, 8.0)))
    assert one.foresees(12, curve((25, 3.0))) == []
    assert one.passes(20) == [], "what was feared first does not come"
    assert one.foresees(20, curve((25, 9.0))) == [Turn(20, True, 9.0)]
    assert one.foresees(19, curve((25, 1.0))) == [], "made before the last one"
    assert one.foresees(21, curve((25, 1.0))) == [Turn(21, False, 1.0)]


def test_frost_is_below() -> None:
    one = Outlook(Foreseen(Level(Side.BELOW, 0.0), 10.0), Timing(for_s=3))
    assert told(one, [(0, curve((5, 2.0), (15, -1.0), (16, 1.0), (30, 1.0)))], 30) == [
        Turn(8, True, -1.0),
        Turn(15, False, 1.0),
    ]


def test_a_forecast_that_is_too_old_is_not_trusted() -> None:
    one = Outlook(FLOOD, Timing(trusted_s=5))
    assert told(one, [(0, curve((25, 8.0)))], 30) == []


def test_an_outlook_without_a_time_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Foreseen(Level(Side.ABOVE, 1), 0)


def some_forecasts(chance: random.Random, until: int = 300) -> list[tuple[float, Curve]]:
    made = []
    for at in sorted(chance.sample(range(until), 12)):
        times = sorted(chance.sample(range(at - 5, at + 90), chance.choice((0, 1, 6, 20))))
        numbers = [chance.choice((1.0, 3.0, 4.5, 6.0, 9.0, math.nan)) for _one in times]
        made.append((float(at), curve(*zip(map(float, times), numbers, strict=True))))
    return made


def by_looking_at_every_second(made: Made, asked: Foreseen, until: int) -> list[tuple[int, bool]]:
    """What is raised and over, from the meaning of the words."""
    found, raised = [], False
    for t in range(until + 1):
        stands = [what for at, what in made if at <= t]
        # The one before is heard out at the instant at which the next one is made.
        for what in [two for two in (stands[-2:] if t in {at for at, _w in made} else stands[-1:]) if two]:
            near = [
                n
                for at, n in zip(what.times, what.numbers, strict=True)
                if t < at <= t + asked.within_s and math.isfinite(n)
            ]
            if not near:
                continue
            most = max(near) if asked.level.side is Side.ABOVE else min(near)
            if (now := asked.level.holds(most, raised)) != raised:
                raised = now
                found.append((t, now))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_the_same_as_looking_at_every_second_however_it_is_cut_and_kept(seed: int) -> None:
    chance = random.Random(seed)
    side = chance.choice(list(Side))
    level = Level(side, 5.0, chance.choice((None, 4.0 if side is Side.ABOVE else 6.0)))
    asked = Foreseen(level, float(chance.choice((1, 10, 60))))
    made = some_forecasts(chance)
    one, turns = Outlook(asked), []
    for at, what in made:
        while chance.random() < 0.5:
            turns += one.passes(max(one.heard_at, one.reached, 0.0) + chance.random() * 20)
            if one.reached > at:
                return  # heard after the clock went on: another story
        if chance.random() < 0.4:
            one = Outlook.restored(asked, Timing(), json.loads(json.dumps(one.saved())))
        turns += one.foresees(at, what)
    turns += one.passes(500)
    assert [(int(turn.at), turn.is_raised) for turn in turns] == by_looking_at_every_second(made, asked, 500)


@pytest.mark.parametrize("seed", range(20))
def test_with_others_with_hours_and_counted_it_is_the_same_by_the_clock_and_at_once(seed: int) -> None:
    """A signal that the clock turns at every due instant says what one says that is asked once an hour."""
    chance = random.Random(seed)
    made = [[(60 * at, curve(*((60 * t, n) for t, n in zip(c.times, c.numbers, strict=True))))
             for at, c in some_forecasts(chance)] for _one in range(3)]  # fmt: skip
    asked = Foreseen(Level(Side.ABOVE, 5.0, 4.0), 1800.0)

    def crowd() -> Tally:
        members = [Signal([asked, Level(Side.ABOVE, 0.0)], Timing()) for _one in made]
        hours = Schedule(ZONE, [NIGHTS])
        return Tally(members, Of.COUNT, Level(Side.ABOVE, 0.5, 0.5), Timing(60.0), hours)

    said = sorted((at, n, what) for n, some in enumerate(made) for at, what in some)
    found = []
    for often in (True, False):
        one = crowd()
        for member in one.members:
            member.parts[1].opened_at = None
            member.parts[1].read(-1.0, 1.0)
        turns = one.begins(0.0)
        for at, n, what in said:
            while often and (due := one.next_due()) is not None and due < at:
                turns += one.passes(due)
            turns += one.passes(at)
            one.members[n].foresees(0, at, what)
            one.members[n].judge(at)
            one.heard(n)
            turns += one.judge(at)
            if often and chance.random() < 0.3:
                kept = json.loads(json.dumps([one.saved(), [member.saved() for member in one.members]]))
                one = crowd()
                for member, where in zip(one.members, kept[1], strict=True):
                    member.restore(where)
                one.restore(kept[0])
        turns += one.passes(500 * 60.0)
        found.append(turns)
    assert found[0] == found[1] and found[0]
