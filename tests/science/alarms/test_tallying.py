"""Many things judged together: counted, as a share, added up; the same however it is cut and kept."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import pytest

from belvedere.science.alarms.combining import Signal
from belvedere.science.alarms.conditions import Condition, Level, Side, Silence, Timing
from belvedere.science.alarms.hours import Schedule, Span
from belvedere.science.alarms.tallying import Of, Tally
from belvedere.science.alarms.watching import Turn
from tests.science.alarms.test_combining import NIGHTS, ZONE

DARK = Level(Side.BELOW, 1.0)
Said = tuple[int, float, float]  # thing, instant, number


def tally(
    of: Of,
    level: Level,
    *,
    things: int = 4,
    timing: Timing = Timing(),  # noqa: B008 (frozen)
    condition: Condition = DARK,
    hours: Sequence[Span] = (),
) -> Tally:
    members = [Signal([condition], Timing(trusted_s=timing.trusted_s)) for _thing in range(things)]
    return Tally(members, of, level, timing, Schedule(ZONE, hours) if hours else None)


def tell(one: Tally, said: Said) -> list[Turn]:
    thing, at, number = said
    turns = one.passes(at)
    one.members[thing].read(0, at, number)
    one.heard(thing)
    return turns


def told(one: Tally, said: Sequence[Said]) -> list[Turn]:
    turns: list[Turn] = []
    for place, what in enumerate(said):
        turns += tell(one, what)
        if place + 1 == len(said) or said[place + 1][1] != what[1]:
            turns += one.judge(what[1])
    return turns


def steps(turns: Sequence[Turn]) -> list[tuple[float, bool, float | None]]:
    return [(one.at, one.is_raised, one.number) for one in turns]


def test_more_than_two_dark_are_told_once_and_are_over_when_one_is_left() -> None:
    one = tally(Of.COUNT, Level(Side.ABOVE, 2, 1))
    one.begins(0)
    turns = told(one, [(0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 4, 0), (0, 5, 9), (1, 6, 9), (2, 7, 9)])
    assert steps(turns) == [(3, True, 3), (7, False, 1)]
    assert one.held == [3]


def test_what_swaps_at_one_instant_does_not_count_twice() -> None:
    one = tally(Of.COUNT, Level(Side.ABOVE, 0.5, 0.5))
    one.begins(0)
    assert steps(told(one, [(0, 1, 0), (1, 2, 0), (0, 2, 9)])) == [(1, True, 1)]


def test_a_share_is_of_all_things() -> None:
    one = tally(Of.SHARE, Level(Side.ABOVE, 0.5), things=4)
    one.begins(0)
    assert steps(told(one, [(0, 1, 0), (1, 2, 0), (2, 3, 0)])) == [(3, True, 0.75)]


def test_a_sum_is_known_when_all_are_and_while_none_is_too_old() -> None:
    one = tally(Of.SUM, Level(Side.BELOW, 20), things=2, timing=Timing(60, trusted_s=100))
    one.begins(0)
    assert told(one, [(0, 1, 5)]) == [], "of the other nothing is known"
    assert told(one, [(1, 2, 9)]) == []
    assert steps(one.passes(62)) == [(62, True, 14)]
    assert told(one, [(0, 150, 50)]) == [], "the other is too old: nobody knows"
    assert steps(told(one, [(1, 151, 9)])) == [(151, False, 59)]


def test_what_waits_does_not_go_on_when_nobody_knows() -> None:
    one = tally(Of.SUM, Level(Side.BELOW, 20), things=2, timing=Timing(60, trusted_s=30))
    one.begins(0)
    told(one, [(0, 1, 5), (1, 2, 9), (0, 40, 5)])
    assert one.passes(500) == []


def test_silence_is_counted_by_the_clock() -> None:
    one = tally(Of.COUNT, Level(Side.ABOVE, 1), things=3, condition=Silence(60))
    one.begins(0)
    turns = told(one, [(0, 1, 7), (1, 2, 7), (2, 3, 7), (0, 30, 7)])
    assert steps(turns + one.passes(80)) == [(63, True, 2)]
    assert steps(told(one, [(1, 85, 7)])) == [(85, False, 1)]


def test_other_things_go_on_where_the_ones_before_stood() -> None:
    one = tally(Of.COUNT, Level(Side.ABOVE, 1), timing=Timing(60))
    one.begins(0)
    told(one, [(0, 10, 0), (1, 20, 0)])
    more = tally(Of.COUNT, Level(Side.ABOVE, 1), timing=Timing(60), things=5)
    for thing in (0, 1):
        more.members[thing].read(0, 20, 0)
    assert more.goes_on(one.saved(), 50) == []
    assert steps(more.passes(100)) == [(80, True, 2)], "since the second one went dark"


@pytest.mark.parametrize("seed", range(30))
def test_the_same_however_it_is_cut_and_kept(seed: int) -> None:
    """With the clock passing in between, and all put away and taken up again."""
    chance = random.Random(seed)
    of = chance.choice(list(Of))
    condition: Condition = chance.choice((Level(Side.ABOVE, 20.0, 15.0), Silence(5400)))
    level = {
        Of.COUNT: Level(Side.ABOVE, 2, 1),
        Of.SHARE: Level(Side.ABOVE, 0.4),
        Of.SUM: Level(Side.BELOW, 90.0, 100.0),
    }[of]
    trusted = chance.choice((7200.0, float("inf")))
    timing = Timing(chance.choice((0, 1800)), chance.choice((0, 900)), trusted)
    hours = chance.choice(((), (NIGHTS,)))

    def made() -> Tally:
        return tally(of, level, things=5, timing=timing, condition=condition, hours=hours)

    at, said = 0.0, []
    for _number in range(200):
        at += chance.choice((0, 60, 300, 1800))
        said.append((chance.randrange(5), at, chance.choice((10.1, 17.3, 22.7, 31.9))))
    said = list({(thing, when): (thing, when, value) for thing, when, value in said}.values())
    straight = made()
    expected = straight.begins(-1) + told(straight, said) + straight.passes(at + 86_400)
    cut = made()
    turns = cut.begins(-1)
    for place, what in enumerate(said):
        turns += tell(cut, what)
        when = what[1]
        if place + 1 < len(said) and said[place + 1][1] == when:
            continue
        turns += cut.judge(when)
        later = said[place + 1][1] if place + 1 < len(said) else at + 86_400
        turns += cut.passes(when + chance.random() * (later - when) * 0.99)
        if chance.random() < 0.3:
            kept = json.loads(json.dumps([cut.saved(), [one.saved() for one in cut.members]]))
            cut = made()
            for one, saved in zip(cut.members, kept[1], strict=True):
                one.restore(saved)
            cut.restore(kept[0])
    turns += cut.passes(at + 86_400)
    assert turns == expected and len(straight.members) == 5


@pytest.mark.parametrize("seed", range(10))
def test_what_is_counted_is_what_a_count_of_all_gives(seed: int) -> None:
    """Held little by little, against a look at every thing."""
    chance = random.Random(seed)
    one = tally(Of.COUNT, Level(Side.ABOVE, 3), things=8, condition=chance.choice((DARK, Silence(100))))
    one.begins(0)
    at = 0.0
    for _number in range(300):
        at += chance.choice((1, 20, 90))
        told(one, [(chance.randrange(8), at, chance.choice((0.0, 5.0)))])
        assert one.held == [place for place, member in enumerate(one.members) if member.holds]
