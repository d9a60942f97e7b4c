"""Programs: nights, seasons, holidays, overrides, and the two days a year when the clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from belvedere.science.scenes.programs import (
    HOLIDAY,
    By,
    Moment,
    Override,
    Program,
    Sheet,
    Site,
    Step,
    Value,
    When,
    follows_with,
    holds_with,
)

ZONE = ZoneInfo("Europe/Zurich")
SION = Site(ZONE, 46.233, 7.367)
TROMSO = Site(ZoneInfo("Europe/Oslo"), 69.65, 18.96)


def clock(text: str, value: Value) -> Step:
    hours, minutes = text.split(":")
    return Step(When(By.CLOCK, int(hours) * 60 + int(minutes)), value)


def sun(by: By, value: Value, minutes: int = 0) -> Step:
    return Step(When(by, minutes), value)


LIGHT = (sun(By.SUNSET, 100), clock("23:00", 30), clock("05:30", 70), sun(By.SUNRISE, 0))


def shown(moments: list[Moment], zone: ZoneInfo = ZONE) -> list[tuple[str, Value]]:
    return [(f"{one.at.astimezone(zone):%d %H:%M}", one.value) for one in moments]


def at(*given: int) -> datetime:
    return datetime(*given, tzinfo=ZONE).astimezone(UTC)  # type: ignore[arg-type, misc]


def test_a_winter_night_and_a_summer_one() -> None:
    program = Program(SION, (Sheet(LIGHT),))
    assert shown(program.moments(date(2026, 1, 19))) == [
        ("19 17:16", 100), ("19 23:00", 30), ("20 05:30", 70), ("20 08:06", 0)
    ]  # fmt: skip
    # The sun has not risen yet at 05:30 in June, but a step at 06:30 comes too late.
    late = Program(SION, (Sheet((LIGHT[0], LIGHT[1], clock("06:30", 70), LIGHT[3])),))
    assert shown(late.moments(date(2026, 6, 21))) == [("21 21:26", 100), ("21 23:00", 30), ("22 05:39", 0)]


def test_a_step_before_a_late_sunset_waits_for_it() -> None:
    early = Program(SION, (Sheet((LIGHT[0], clock("21:00", 50), LIGHT[3])),))
    assert shown(early.moments(date(2026, 6, 21))) == [("21 21:26", 50), ("22 05:39", 0)]


def test_a_night_belongs_to_the_evening_it_begins() -> None:
    program = Program(SION, (Sheet(LIGHT, frozenset({5})),))
    friday = date(2026, 1, 16)
    assert program.day_of(at(2026, 1, 17, 5, 30)) == friday
    assert len(program.moments(friday)) == 4
    assert program.moments(friday + timedelta(days=1)) == []
    held = program.holds(at(2026, 1, 17, 6))
    assert held is not None and held.value == 70
    held = program.holds(at(2026, 1, 20, 6))
    assert held is not None and (held.value, held.at.astimezone(ZONE).day) == (0, 17)
    following = program.follows(at(2026, 1, 20, 6))
    assert following is not None and following.at.astimezone(ZONE).day == 23


@pytest.mark.parametrize(
    ("day", "told"),
    [
        # 29 March 2026: at 02:00 it is 03:00. A step at 02:30 is at the jump.
        (date(2026, 3, 28), [("29 01:00", 0), ("29 03:00", 50), ("29 04:00", 0)]),
        # 25 October 2026: 02:30 comes twice, and the step once, the first time.
        (date(2026, 10, 24), [("25 01:00", 0), ("25 02:30", 50), ("25 04:00", 0)]),
    ],
)
def test_the_days_when_the_clock_jumps(day: date, told: list[tuple[str, Value]]) -> None:
    steps = (clock("01:00", 0), clock("02:30", 50), clock("04:00", 0))
    moments = Program(SION, (Sheet(steps),)).moments(day)
    assert shown(moments) == told
    if day.month == 10:
        assert moments[1].at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert moments[2].at - moments[0].at == timedelta(hours=4)
    else:
        assert moments[2].at - moments[0].at == timedelta(hours=2)


def test_each_step_of_a_year_comes_once() -> None:
    program = Program(SION, (Sheet(LIGHT),))
    since, until = at(2026, 1, 1, 12), at(2027, 1, 1, 12)
    found = program.between(since, until)
    assert len({one.at for one in found}) == len(found)
    here, walked = since, []
    while (following := program.follows(here)) is not None and following.at < until:
        walked.append(following)
        here = following.at
        assert program.holds(here) == following
    assert walked == found


def test_holidays_and_seasons() -> None:
    sheets = (
        Sheet((clock("08:00", 20),), frozenset({1, 2, 3, 4, 5}), ((10, 15), (4, 15))),
        Sheet((clock("09:00", 18),), frozenset({6, 7, HOLIDAY})),
    )
    program = Program(SION, sheets, by_night=False, calendar="CH-VS")
    monday, all_saints = date(2025, 11, 3), date(2027, 11, 1)
    assert shown(program.moments(monday)) == [("03 08:00", 20)]
    assert all_saints.isoweekday() == 1
    assert shown(program.moments(all_saints)) == [("01 09:00", 18)]
    assert program.moments(date(2026, 7, 6)) == []  # a Monday in summer
    without = Program(SION, sheets, by_night=False)
    assert shown(without.moments(all_saints)) == [("01 08:00", 20)]


def test_where_the_sun_does_not_set_nothing_is_lit() -> None:
    program = Program(TROMSO, (Sheet(LIGHT),))
    assert program.moments(date(2026, 6, 21)) == []
    winter = program.moments(date(2026, 12, 21))
    assert shown(winter, TROMSO.zone) == [("21 23:00", 30), ("22 05:30", 70)]


def test_overrides_win_and_the_program_goes_on_after_them() -> None:
    program = Program(SION, (Sheet(LIGHT),))
    since, until = at(2026, 1, 19, 22), at(2026, 1, 20, 2)
    event = Override(since, until, 100)
    hand = Override(at(2026, 1, 20, 0, 30), at(2026, 1, 20, 1), 10)

    def held(*when: int) -> tuple[str, Value]:
        found = holds_with(program, [event, hand], at(*when))
        assert found is not None
        return shown([found])[0]

    assert held(2026, 1, 19, 21) == ("19 17:16", 100)
    assert held(2026, 1, 19, 23, 30) == ("19 22:00", 100)
    assert held(2026, 1, 20, 0, 45) == ("20 00:30", 10)
    assert held(2026, 1, 20, 1, 30) == ("20 01:00", 100)
    assert held(2026, 1, 20, 3) == ("20 02:00", 30)
    assert held(2026, 1, 20, 6) == ("20 05:30", 70)
    assert follows_with(program, [event, hand], at(2026, 1, 19, 21)) == since
    assert follows_with(program, [event, hand], at(2026, 1, 19, 22, 30)) == at(2026, 1, 19, 23)
    assert follows_with(program, [event, hand], at(2026, 1, 20, 1, 30)) == until


def test_a_window_from_the_sun_to_the_clock() -> None:
    program = Program(SION, (Sheet(LIGHT),))
    found = program.window(date(2026, 7, 14), When(By.SUNSET, 0), When(By.CLOCK, 120))
    assert found is not None
    assert [f"{one.astimezone(ZONE):%d %H:%M}" for one in found] == ["14 21:20", "15 02:00"]
    by_day = Program(SION, (Sheet(LIGHT),), by_night=False)
    found = by_day.window(date(2026, 7, 14), When(By.CLOCK, 1320), When(By.CLOCK, 120))
    assert found is not None
    assert [f"{one.astimezone(ZONE):%d %H:%M}" for one in found] == ["14 22:00", "15 02:00"]
