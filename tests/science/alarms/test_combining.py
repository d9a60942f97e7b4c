"""Several conditions at once, and hours at which a rule does not apply."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from belvedere.science.alarms.combining import Signal
from belvedere.science.alarms.conditions import Level, Side, Silence, Timing
from belvedere.science.alarms.hours import Schedule, Span
from belvedere.science.alarms.watching import Turn

ZONE = ZoneInfo("Europe/Zurich")
HOT, DRY = Level(Side.ABOVE, 30.0, clears_at=25.0), Level(Side.BELOW, 20.0)
NIGHTS = Span(frozenset(range(1, 8)), 22 * 60, 6 * 60)


def instant(text: str) -> float:
    """Of Zurich's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


def said(signal: Signal, readings: list[tuple[int, float, float]], until: float) -> list[Turn]:
    """Readings (part, instant, number) in order; those of one instant are judged together."""
    turns: list[Turn] = []
    for number, (part, at, value) in enumerate(readings):
        turns += signal.read(part, at, value)
        if number + 1 == len(readings) or readings[number + 1][1] != at:
            turns += signal.judge(at)
    return turns + signal.passes(until)


def test_all_must_hold_for_the_whole_time() -> None:
    signal = Signal([HOT, DRY], Timing(for_s=60))
    signal.begins(0)
    turns = said(
        signal, [(0, 10, 31), (1, 20, 15), (1, 50, 22), (1, 60, 10), (0, 130, 26), (0, 140, 24)], 200
    )
    assert [(one.at, one.is_raised) for one in turns] == [(120, True), (140, False)]


def test_what_is_told_at_one_instant_is_judged_together() -> None:
    signal = Signal([HOT, DRY], Timing())
    signal.begins(0)
    assert said(signal, [(0, 10, 31), (1, 10, 50), (0, 20, 20), (1, 20, 10)], 30) == []


@pytest.mark.parametrize("seed", range(20))
def test_the_same_however_it_is_cut_and_kept(seed: int) -> None:
    """With the clock passing in between, and a signal that is put away and taken up again."""
    chance = random.Random(seed)
    schedule = Schedule(ZONE, [NIGHTS])
    conditions = [HOT, DRY, Silence(4 * 3600)][: chance.randint(1, 3)]
    if len(conditions) == 1 and chance.random() < 0.5:
        conditions = [Silence(3600)]
    timing = Timing(chance.choice((0, 1800)), chance.choice((0, 900)))
    at, readings = 0.0, []
    for _number in range(120):
        at += chance.choice((0, 300, 3600, 7200))
        readings.append((chance.randrange(len(conditions)), at, chance.choice((10.0, 22.0, 28.0, 31.0))))
    readings = list({(part, when): (part, when, value) for part, when, value in readings}.values())
    straight = Signal(conditions, timing, schedule)
    expected = straight.begins(-1) + said(straight, readings, at + 86_400)
    cut = Signal(conditions, timing, Schedule(ZONE, [NIGHTS]))
    turns = cut.begins(-1)
    for number, (part, when, value) in enumerate(readings):
        turns += cut.read(part, when, value)
        if number + 1 == len(readings) or readings[number + 1][1] != when:
            turns += cut.judge(when)
            later = readings[number + 1][1] if number + 1 < len(readings) else at + 86_400
            turns += cut.passes(when + chance.random() * (later - when) * 0.99)
            if chance.random() < 0.3:
                kept = json.loads(json.dumps(cut.saved()))
                cut = Signal(conditions, timing, Schedule(ZONE, [NIGHTS]))
                cut.restore(kept)
    turns += cut.passes(at + 86_400)
    assert turns == expected and (expected or len(conditions) > 1)


def test_hours_of_the_local_clock() -> None:
    schedule = Schedule(ZONE, [NIGHTS])
    assert schedule.at(instant("2026-03-28 12:00")) == (True, instant("2026-03-28 22:00"))
    # The clock goes forward at two: the night is an hour shorter.
    assert schedule.at(instant("2026-03-28 23:00")) == (False, instant("2026-03-29 06:00"))
    assert instant("2026-03-29 06:00") - instant("2026-03-28 22:00") == 7 * 3600
    assert schedule.at(instant("2026-03-28 12:00"))[0], "also asked about what was before"
    assert schedule.at(datetime(2026, 3, 29, 4, 0, tzinfo=UTC).timestamp())[0]


def test_free_days_and_hours_that_touch() -> None:
    holidays = {date(2026, 12, 25), date(2026, 12, 26)}
    schedule = Schedule(ZONE, [Span(frozenset({5}), 18 * 60, 24 * 60)], holidays.__contains__)
    # Friday 25 December, all day, and Saturday: one stretch.
    assert schedule.at(instant("2026-12-25 09:00")) == (False, instant("2026-12-27 00:00"))
    assert schedule.at(instant("2026-12-27 09:00")) == (True, instant("2027-01-01 18:00"))
    assert Schedule(ZONE).at(0) == (True, float("inf"))
    never = Schedule(ZONE, (), lambda _day: False)
    assert never.at(instant("2026-01-01 00:00")) == (True, float("inf"))


def test_what_is_raised_is_over_when_the_hours_end() -> None:
    signal = Signal([HOT], Timing(), Schedule(ZONE, [NIGHTS]))
    signal.begins(instant("2026-07-01 12:00"))
    turns = said(
        signal,
        [(0, instant("2026-07-01 21:00"), 35.0), (0, instant("2026-07-01 23:00"), 36.0)],
        instant("2026-07-02 07:00"),
    )
    assert [(one.at, one.is_raised) for one in turns] == [
        (instant("2026-07-01 21:00"), True),
        (instant("2026-07-01 22:00"), False),
        (instant("2026-07-02 06:00"), True),
    ]
