"""Exactly one person is on duty wherever a roster covers, also on the days when the clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from belvedere.science.rosters.turns import Roster, Shift, StandIn, Weeks, on_duty, overlap, planned, turns

ZONE = ZoneInfo("Europe/Zurich")
ANNE, BEAT, CLEO = (UUID(int=number) for number in (1, 2, 3))
PEOPLE = (ANNE, BEAT, CLEO)
EVERY_DAY = frozenset(range(1, 8))
instants = st.integers(0, 2 * 365 * 86400).map(
    lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
#: About the two jumps of 2026, to the second.
jumps = st.sampled_from(
    [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
).flatmap(lambda at: st.integers(-10800, 10800).map(lambda s: at + timedelta(seconds=s)))
minutes = st.integers(0, 1439)


@given(instants | jumps, st.integers(1, 7), minutes, st.integers(1, 3))
def test_by_weeks_there_is_always_one_and_they_follow_in_order(
    at: datetime, weekday: int, minute: int, many: int
) -> None:
    roster = Roster(ZONE, date(2026, 1, 5), Weeks(PEOPLE[:many], weekday, minute))
    here = on_duty(roster, at)
    assert here in PEOPLE[:many]
    after = on_duty(roster, at + timedelta(days=7, hours=2))
    assert after in (PEOPLE[(PEOPLE.index(here) + 1) % many], PEOPLE[(PEOPLE.index(here) + 2) % many])


@given(jumps | instants, st.lists(minutes, min_size=1, max_size=4, unique=True))
def test_shifts_that_share_the_day_leave_no_instant_to_two_or_to_nobody(
    at: datetime, cuts: list[int]
) -> None:
    cuts = sorted(cuts)
    shifts = tuple(
        Shift(EVERY_DAY, start, end, (PEOPLE[number % 3],))
        for number, (start, end) in enumerate(zip(cuts, [*cuts[1:], cuts[0]], strict=True))
    )
    assert not overlap(shifts)
    roster = Roster(ZONE, date(2026, 1, 5), shifts=shifts)
    alone = [planned(Roster(ZONE, roster.first, shifts=(one,)), at) for one in shifts]
    assert sum(who is not None for who in alone) == 1
    assert on_duty(roster, at) in alone


@given(instants)
def test_the_calendar_says_the_same_as_the_instant(at: datetime) -> None:
    stand_in = StandIn(at + timedelta(days=1), at + timedelta(days=2), CLEO)
    roster = Roster(ZONE, date(2026, 1, 5), Weeks((ANNE, BEAT)), (), "CH-VS", (CLEO, ANNE), (stand_in,))
    found = turns(roster, at, at + timedelta(days=20))
    assert found[0].since == at and found[-1].until == at + timedelta(days=20)
    for one, following in pairwise(found):
        assert one.until == following.since
    for one in found:
        for moment in (one.since, one.since + (one.until - one.since) / 2, one.until - timedelta(seconds=1)):
            assert on_duty(roster, moment) == one.who


def test_holidays_have_their_own_turn_and_a_stand_in_can_have_one() -> None:
    noon = datetime(2026, 12, 25, 11, tzinfo=UTC)
    roster = Roster(ZONE, date(2026, 1, 5), Weeks((ANNE,)), (), "CH-VS", (BEAT,))
    assert on_duty(roster, noon) == BEAT and on_duty(roster, noon + timedelta(days=1)) == ANNE
    day = timedelta(days=1)
    both = (StandIn(noon - day, noon + day, ANNE, BEAT), StandIn(noon - day, noon + day, CLEO, ANNE))
    assert on_duty(Roster(ZONE, roster.first, roster.weeks, (), "CH-VS", (BEAT,), both), noon) == CLEO


def test_nobody_is_on_duty_where_no_shift_reaches_and_overlaps_are_seen() -> None:
    office = Shift(frozenset({1, 2, 3, 4, 5}), 8 * 60, 17 * 60, (ANNE, BEAT))
    roster = Roster(ZONE, date(2026, 1, 5), shifts=(office,))
    assert on_duty(roster, datetime(2026, 1, 5, 12, tzinfo=UTC)) == ANNE
    assert on_duty(roster, datetime(2026, 1, 12, 12, tzinfo=UTC)) == BEAT
    assert on_duty(roster, datetime(2026, 1, 10, 12, tzinfo=UTC)) is None
    night = Shift(frozenset({7}), 22 * 60, 9 * 60, (CLEO,))
    assert overlap((office, night)) and not overlap((office,))
