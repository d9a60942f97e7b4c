"""From hot to the lake: nothing lost or doubled wherever it stops; the same answers before and after."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.db import connection

from belvedere.domains.observations import settling, telling
from belvedere.domains.observations.errors import LakeUnwritable
from belvedere.domains.observations.models import LakeFile, Settled
from belvedere.domains.observations.public import (
    Buckets,
    Reading,
    Stored,
    buckets,
    series,
    settle,
    settle_due,
    store,
    tell,
    values,
)
from belvedere.kernel.clock import standing_at

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 18)
START = datetime(2026, 11, 18, tzinfo=UTC)
END = START + timedelta(days=2)
ZURICH = ZoneInfo("Europe/Zurich")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


def reading(
    minute: float, number: float | None, seq: int = 1, *, one: int = 7, value: object = None
) -> Reading:
    at = START + timedelta(minutes=minute)
    return Reading(one, at, number, value, seq, at + timedelta(seconds=3))


def two_days() -> None:
    rows = [reading(15 * step, step / 10, seq=step) for step in range(192)]
    rows += [reading(60 * step + 0.125, 100 - step, seq=step, one=8) for step in range(48)]
    rows += [
        reading(60 * step, None, seq=9, one=9, value=["a", 'b"\n,', "", True, {"c": None}][step])
        for step in range(5)
    ]
    store(rows)


def told(found: Buckets) -> list[tuple[float, ...]]:
    columns = (
        found.series_ids,
        found.starts.astype(np.int64),
        found.counts,
        found.sums.round(9),
        found.lows,
        found.highs,
    )
    return [tuple(line) for line in zip(*(column.tolist() for column in columns), strict=True)]


def everything() -> list[object]:
    """Every kind of question over the two days."""
    answers: list[object] = []
    for one in (7, 8):
        points = series(one, START, END)
        answers += [points.times.astype(np.int64).tolist(), points.numbers.tolist()]
    answers.append([(row.observed_at, row.value) for row in values(9, START, END)])
    answers.append(series(7, START, END, last_n=3).numbers.tolist())
    answers.append(told(buckets([7, 8], START, END, timedelta(hours=1))))
    answers.append(told(buckets([7, 8], START, END, timedelta(days=1), zone=ZURICH, together=True)))
    return answers


def test_the_answers_are_the_same_before_and_after() -> None:
    two_days()
    hot = everything()
    assert len(hot[1]) == 192 and hot[5] == [18.9, 19.0, 19.1]  # type: ignore[arg-type]
    assert settle(DAY) == 96 + 24 + 5
    assert everything() == hot
    assert settle(DAY + timedelta(days=1)) == 120
    assert everything() == hot
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM observations_reading")
        assert cursor.fetchone() == (0,)


def test_a_lake_without_room_loses_nothing_and_says_what_to_do() -> None:
    two_days()
    hot = everything()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))  # no file over 64 bytes: as a full disk
    try:
        with pytest.raises(LakeUnwritable, match="Make room on the disk"):
            settle(DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert everything() == hot
    assert settle(DAY) == 96 + 24 + 5
    assert everything() == hot


@pytest.mark.parametrize("way", [store, tell])
def test_late_readings_are_seen_at_once_and_merged(
    way: Callable[[Sequence[Reading]], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    two_days()
    late = [
        reading(15, 77.0, seq=500),
        reading(16, 5.5),
        reading(30, -1.0, seq=0),
        reading(0, 9.0, seq=500, one=8),
    ]
    store(late)
    right = everything()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM observations_reading")
    two_days()
    settle(DAY)
    # Who tells a settled day needs no careful way: that would hold up a stream of old readings.
    monkeypatch.setattr(telling, "put", None)
    assert way(late) in (None, [Stored.NEW] * 4)
    assert everything() == right
    settle(DAY)
    assert everything() == right
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM observations_late")
        assert cursor.fetchone() == (0,)


POINTS = ("marked", "taken", "staged", "written", "compared", "switched", "released")


class Crash(Exception):
    pass


@pytest.mark.parametrize("second", [False, True], ids=["first time", "merging"])
def test_a_crash_anywhere_loses_and_doubles_nothing(second: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try goes one step further than the one before; between tries another reading comes in."""
    two_days()
    rows = 96 + 24 + 5
    if second:
        settle(DAY)
        store([reading(15, 77.0, seq=500), reading(16, 5.5)])
        rows += 1
    for number, point in enumerate(POINTS):

        def crash(at: str, point: str = point) -> None:
            if at == point:
                raise Crash

        right = everything()
        with monkeypatch.context() as patch:
            patch.setattr(settling, "passed", crash)
            with pytest.raises(Crash):
                settle(DAY)
        assert everything() == right, point
        rows += 1
        store([reading(17 + 15 * number, 1.25, seq=600)])
        last = everything()
        assert last != right
    assert settle(DAY) == rows
    assert everything() == last
    assert Settled.objects.get(day=DAY).state == "released"
    assert sum(LakeFile.objects.filter(first_day=DAY).values_list("rows", flat=True)) == rows


def test_old_days_of_a_replay_are_settled_by_the_month() -> None:
    old = [
        Reading(
            5, datetime(2016, 6, 3, tzinfo=UTC) + timedelta(hours=7 * step), float(step), None, step, NOON
        )
        for step in range(100)
    ]
    store(old)
    start, end = datetime(2016, 1, 1, tzinfo=UTC), datetime(2017, 1, 1, tzinfo=UTC)
    before = series(5, start, end)
    assert settle_due() == 29
    after = series(5, start, end)
    assert (
        (after.times == before.times).all() and (after.numbers == before.numbers).all() and len(after) == 100
    )
    assert LakeFile.objects.count() == 2
    assert settle_due() == 0
