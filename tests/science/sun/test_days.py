"""The sun against published times, where it never sets, and at the edge of the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from belvedere.science.sun.days import CIVIL, Polar, sun_day

ZURICH, PARIS, OSLO = (ZoneInfo(f"Europe/{one}") for one in ("Zurich", "Paris", "Oslo"))
LAUSANNE, DIJON, GENEVA, TURICUM = (46.52, 6.63), (47.322, 5.041), (46.2044, 6.1432), (47.3769, 8.5417)
# Place, zone, day, rises, sets, minutes that it may be off. Dijon: Ouest-France; Geneva, Zurich:
# timeanddate.com; Lausanne: whattime.city, which does not say for which year.
PUBLISHED = [
    (DIJON, PARIS, date(2025, 9, 1), "06:59", "20:20", 2),
    (DIJON, PARIS, date(2023, 4, 1), "07:19", "20:08", 2),
    (DIJON, PARIS, date(2019, 10, 1), "07:38", "19:20", 2),
    (GENEVA, ZURICH, date(2016, 6, 21), "05:44", "21:31", 2),
    (TURICUM, ZURICH, date(2016, 6, 21), "05:29", "21:26", 2),
    (LAUSANNE, ZURICH, date(2026, 1, 1), "08:18", "16:57", 2),
    (LAUSANNE, ZURICH, date(2026, 3, 1), "07:15", "18:19", 2),
    (LAUSANNE, ZURICH, date(2026, 5, 1), "06:20", "20:42", 2),
    (LAUSANNE, ZURICH, date(2026, 7, 1), "05:45", "21:31", 2),
    (LAUSANNE, ZURICH, date(2026, 9, 1), "06:54", "20:15", 3),
    (LAUSANNE, ZURICH, date(2026, 12, 1), "07:57", "16:49", 2),
]


@pytest.mark.parametrize(("place", "zone", "day", "rises", "sets", "within"), PUBLISHED)
def test_published_times(
    place: tuple[float, float], zone: ZoneInfo, day: date, rises: str, sets: str, within: int
) -> None:
    found = sun_day(day, zone, *place)
    for at, published in ((found.rises, rises), (found.sets, sets)):
        assert at is not None
        here = at.astimezone(zone)
        assert here.date() == day
        hours, minutes = published.split(":")
        meant = int(hours) * 60 + int(minutes)
        assert abs(here.hour * 60 + here.minute + here.second / 60 - meant) <= within, here


def test_sion_is_as_much_earlier_than_lausanne_as_it_is_further_east() -> None:
    # Nobody prints Sion without its mountains: at an equinox 0.737° of longitude are 2 min 57 s.
    day = date(2026, 3, 20)
    sion, lausanne = sun_day(day, ZURICH, 46.233, 7.367), sun_day(day, ZURICH, 46.52, 6.63)
    assert sion.sets is not None and lausanne.sets is not None
    assert abs((lausanne.sets - sion.sets) - timedelta(minutes=2, seconds=57)) < timedelta(seconds=20)


def test_twilight_goes_on_for_half_an_hour() -> None:
    dark, sun = (sun_day(date(2026, 3, 20), ZURICH, *LAUSANNE, zenith) for zenith in (CIVIL, 90.833))
    assert dark.sets is not None and sun.sets is not None
    assert timedelta(minutes=28) < dark.sets - sun.sets < timedelta(minutes=33)


def test_where_the_sun_does_not_set_or_rise() -> None:
    north = (69.65, 18.96)
    summer, winter = (sun_day(date(2026, month, 21), OSLO, *north) for month in (6, 12))
    assert (summer.polar, summer.sets, summer.rises) == (Polar.DAY, None, None)
    assert (winter.polar, winter.sets, winter.rises) == (Polar.NIGHT, None, None)
    assert sun_day(date(2026, 12, 21), OSLO, *north, CIVIL).polar is None
    assert sun_day(date(2026, 6, 21), OSLO, 90.0, 0.0).polar is Polar.DAY
    assert sun_day(date(2026, 6, 21), OSLO, -90.0, 0.0).polar is Polar.NIGHT


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("Pacific/Wallis", (-13.3, -176.2)),
        ("Indian/Reunion", (-20.9, 55.5)),
        ("America/Cayenne", (4.9, -52.3)),
    ],
)
def test_the_day_is_that_of_the_clock_on_the_wall(zone: str, place: tuple[float, float]) -> None:
    here = ZoneInfo(zone)
    for number in range(0, 365, 30):
        day = date(2026, 1, 1) + timedelta(days=number)
        found = sun_day(day, here, *place)
        assert found.rises is not None and found.sets is not None
        assert {one.astimezone(here).date() for one in (found.rises, found.noon, found.sets)} == {day}


def test_no_place_on_earth() -> None:
    with pytest.raises(ValueError, match="latitude"):
        sun_day(date(2026, 1, 1), ZURICH, 91, 0)
