"""What is usual is learnt from the days before, and from nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from belvedere.science.alarms.scoring import NOTHING, Score, score
from belvedere.science.alarms.usual import DAY_S, HOURS, deviations
from belvedere.science.alarms.watching import Episode

WEEKS = 5
MONDAY = 4 * DAY_S  # 5 January 1970


def hourly_series(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Five weeks from a Monday on: by day, by night, calmer at weekends; a spread of 2."""
    times = MONDAY + np.arange(WEEKS * 7 * HOURS) * (DAY_S / HOURS)
    hour, day = np.arange(len(times)) % HOURS, np.arange(len(times)) // HOURS
    shape = np.where((hour >= 7) & (hour < 19), 100.0, 20.0) * np.where(day % 7 >= 5, 0.5, 1.0)
    return times, shape + np.random.default_rng(seed).normal(0, 2, len(times))


def test_what_is_as_always_lies_within_a_few_deviations() -> None:
    times, numbers = hourly_series()
    found = deviations(times, numbers)
    assert np.isnan(found[: 4 * HOURS]).all(), "four days are too little"
    known = found[2 * 7 * HOURS :]
    assert np.isfinite(known).all()
    assert np.mean(np.abs(known) < 3) > 0.97


def test_what_is_odd_for_its_hour_stands_out_though_it_is_usual_at_another() -> None:
    times, numbers = hourly_series()
    night = 4 * 7 * HOURS + 3
    numbers[night] = 100.0
    saturday = (4 * 7 + 5) * HOURS + 12
    numbers[saturday] = 100.0
    found = deviations(times, numbers)
    assert found[night] > 10
    assert found[saturday] > 10, "a working day's noon is not usual on a Saturday"
    numbers[night] = -60.0
    assert deviations(times, numbers)[night] < -10


def test_nothing_later_is_looked_at() -> None:
    times, numbers = hourly_series()
    cut = 20 * HOURS
    assert np.array_equal(
        deviations(times, numbers)[:cut], deviations(times[:cut], numbers[:cut]), equal_nan=True
    )


def test_one_wrong_day_does_not_make_the_next_one_wrong() -> None:
    times, numbers = hourly_series()
    numbers[21 * HOURS : 22 * HOURS] = 5000.0
    found = deviations(times, numbers)
    assert (found[21 * HOURS : 22 * HOURS] > 100).all()
    assert np.mean(np.abs(found[22 * HOURS : 26 * HOURS]) < 4) > 0.95


def test_what_never_changed_makes_no_alarm_of_nothing_and_gaps_are_gaps() -> None:
    times, _numbers = hourly_series()
    numbers = np.full(len(times), 7.0)
    numbers[30 * HOURS] = np.nan
    found = deviations(times, numbers)
    assert not np.isfinite(found).any(), "no spread is known: nothing can be told"
    assert len(deviations(np.empty(0), np.empty(0))) == 0


def test_local_midnight_parts_the_days() -> None:
    times, numbers = hourly_series()
    shifted = deviations(times - 3600, numbers, offset_s=3600.0)
    assert np.array_equal(shifted, deviations(times, numbers), equal_nan=True)


def test_a_score_counts_alarms_and_windows_apart() -> None:
    alarms = [Episode(5, 6, 1.0), Episode(12, 13, 1.0), Episode(14, None, 1.0), Episode(30, 31, 1.0)]
    found = score([*alarms[:2], Episode(14, 15, 1.0), alarms[3]], [(10, 20), (29, 40), (50, 60)])
    assert found == Score(good=3, idle=1, found=2, missed=1, delays_s=(2.0, 1.0))
    assert found.precision == pytest.approx(0.75)
    assert found.recall == pytest.approx(2 / 3)
    assert found.delay_s == pytest.approx(1.5)
    assert score(alarms[2:3], [(50, 60)]).delays_s == (0.0,), "it was raised before and still stood"
    assert (NOTHING + found) == found
    assert (NOTHING.precision, NOTHING.recall, NOTHING.delay_s) == (None, None, None)
