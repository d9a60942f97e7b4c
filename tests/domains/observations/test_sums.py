"""The sums beside settled readings never say something else than the readings."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from belvedere.domains.observations import buckets as summing
from belvedere.domains.observations import settling, thinning
from belvedere.domains.observations.models import LakeSums, Rule
from belvedere.domains.observations.public import Reading, buckets, bulk_numbers, settle_due, store
from belvedere.domains.observations.sums import instead
from belvedere.domains.observations.values import microseconds
from belvedere.kernel.clock import standing_at

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
#: Clocks go back on the 25th in Europe.
START = datetime(2026, 10, 22, tzinfo=UTC)
DAYS = 7
ZONES = ("UTC", "Europe/Zurich", "Europe/Athens", "America/Guadeloupe", "Asia/Kolkata", "Europe/London")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


@pytest.fixture
def chance() -> random.Random:
    return random.Random(8)


def lines(*question: Any, **more: Any) -> list[tuple[float, ...]]:
    found = buckets(*question, **more)
    columns = (found.series_ids, found.starts.astype(np.int64), found.counts, found.lows, found.highs)
    sums = [float(f"{one:.11g}") for one in found.sums]
    return list(zip(*(column.tolist() for column in columns), sums, strict=True))


def agree(chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> int:
    """Ask many questions both ways; how many files of sums answered."""
    used = 0

    def counted(*given: Any) -> Any:
        nonlocal used
        raw, beside = instead(*given)
        used += len(beside)
        return raw, beside

    for _question in range(30):
        zone = ZoneInfo(chance.choice(ZONES))
        first, last = sorted(chance.sample(range(-1, DAYS + 2), 2))
        start, end = (
            (START + timedelta(days=day)).replace(tzinfo=chance.choice([zone, UTC])) for day in (first, last)
        )
        if chance.random() < 0.3:
            end += timedelta(minutes=chance.randrange(1440))
        width = timedelta(days=chance.choice([1, 1, 1, 7]), hours=chance.choice([0, 0, 0, 6]))
        question = (chance.choice([[1, 2, 3], [1, 3], [2]]), start, end, width)
        more = {"zone": zone, "together": chance.random() < 0.5}
        with monkeypatch.context() as patch:
            patch.setattr(summing, "instead", counted)
            by_sums = lines(*question, **more)
            patch.setattr(summing, "instead", lambda at, *_given: (at.files, []))
            assert by_sums == lines(*question, **more), (question, more)
    return used


def test_sums_say_what_the_readings_say(chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    many = 900
    times = np.array([chance.randrange(DAYS * 86_400) for _n in range(many)], np.int64) * 1_000_000
    series_ids = np.array([chance.choice([1, 2, 3]) for _n in range(many)], np.int64)
    numbers = np.array([chance.gauss(0, 1e3) for _n in range(many)])
    bulk_numbers(series_ids, times + microseconds(START), numbers, name="past")
    assert agree(chance, monkeypatch) > 0

    late = [int(one) for one in times[series_ids == 1][:5]]
    store(
        [
            Reading(1, START + timedelta(microseconds=at), 7.5, None, 9, NOON)
            for at in [*late, 3 * 86_400_000_000 + 1]
        ]
    )
    agree(chance, monkeypatch)  # they wait
    settle_due()
    assert agree(chance, monkeypatch) > 0

    Rule.objects.create(series_id=2, raw_days=20, width="1d")
    thinning.thin()
    assert agree(chance, monkeypatch) > 0
    thinning.take_away([1])
    assert agree(chance, monkeypatch) > 0
    assert lines([1], START, NOON, timedelta(days=1)) == []
    settling.gather(date(2026, 10, 22), date(2026, 10, 31))
    assert agree(chance, monkeypatch) > 0


def test_a_crash_leaves_sums_of_what_is_read(chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    day = NOON - timedelta(days=4)
    store([Reading(1, day + timedelta(minutes=n), float(n), None, n, NOON) for n in range(60)])
    settling.settle(day.date())
    store([Reading(1, day, 100.0, None, 99, NOON)])

    def crash(point: str) -> None:
        if point == "compared":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(settling, "passed", crash)
        settling.settle(day.date())
    asked = ([1], day - timedelta(days=1), NOON, timedelta(days=1))
    assert [line[2:5] for line in lines(*asked)] == [(60, 1.0, 100.0)]
    settling.settle(day.date())
    assert [line[2:5] for line in lines(*asked)] == [(60, 1.0, 100.0)]
    assert [(one.first_day, one.rows) for one in LakeSums.objects.all()] == [(day.date(), 1)]
