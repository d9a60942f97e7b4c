"""Old files into the history, what is kept of it, and the same numbers by every way."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.observations import thinning
from belvedere.domains.observations.errors import BadFile
from belvedere.domains.observations.loading import read_file
from belvedere.domains.observations.models import LakeFile, Load
from belvedere.domains.observations.public import (
    Layout,
    Points,
    Reading,
    Width,
    buckets,
    bulk,
    bulk_numbers,
    keep,
    load_file,
    series,
    settle_due,
    store,
)
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import InvalidInput
from tests.realdata import real_data

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVER = (datetime(1990, 1, 1, tzinfo=UTC), NOON + timedelta(days=1))


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


def pairs(found: Points) -> list[tuple[int, float]]:
    return list(zip(found.times.astype(np.int64).tolist(), found.numbers.tolist(), strict=True))


def test_a_file_goes_to_the_lake_and_its_last_days_stay_hot(tmp_path: Path) -> None:
    file = tmp_path / "fill.csv"
    lines = [f"{NOON - timedelta(hours=6 * step):%Y-%m-%dT%H:%M:%S}Z;{step};x" for step in range(40)]
    file.write_text("\n".join(["when;share;what", *lines, f"{NOON:%Y-%m-%d};;x"]))
    layout = Layout("when", "share", delimiter=";")
    assert load_file(file, layout, 3, dry_run=True).rows == 40 and not Load.objects.exists()
    found = load_file(file, layout, 3)
    assert (found.rows, found.empty) == (40, 1)
    right = [float(step) for step in range(39, -1, -1)]
    assert series(3, *EVER).numbers.tolist() == right
    assert LakeFile.objects.count() == 1
    # The same again changes nothing; a corrected file corrects; a device has the last word.
    load_file(file, layout, 3)
    assert series(3, *EVER).numbers.tolist() == right
    file.write_text(file.read_text().replace(";39;", ";390;").replace(";0;", ";-1;"))
    load_file(file, layout, 3)
    assert series(3, *EVER).numbers.tolist() == [390.0, *right[1:-1], -1.0]
    store([Reading(3, NOON, 5.0, None, 1, NOON)])
    load_file(file, layout, 3)
    assert series(3, *EVER).numbers.tolist() == [390.0, *right[1:-1], 5.0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time,other\n2020-01-01,1\n", "number"),
        ("time,number\n2020-01-01,1\nyesterday,2\n", "Line 3"),
        ("time,number\n2020-01-01,1\n1020-01-01,2\n", "1990"),
        ("time,number\n2020-01-01,1\n2036-01-01,2\n", "to come"),
    ],
)
def test_a_bad_file_says_where_and_leaves_nothing(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(BadFile, match=words):
        load_file(file, Layout("time", "number"), 3)
    assert not Load.objects.exists() and len(series(3, *EVER)) == 0


def test_a_key_without_series_is_told(tmp_path: Path) -> None:
    file = tmp_path / "keys.csv"
    file.write_text("time,a,b,number\n2020-01-01,x,y,1\n2020-01-01,x,z,2\n")
    layout = Layout("time", "number", ("a", "b"))
    with pytest.raises(BadFile, match="x/z"):
        load_file(file, layout, {"x/y": 1})
    assert load_file(file, layout, {"x/y": 1, "x/z": 2}).rows == 2
    assert series(2, *EVER).numbers.tolist() == [2.0]


def test_arrays_of_many_series() -> None:
    start = int((NOON - timedelta(days=60)).timestamp()) * 1_000_000
    ids = np.repeat(np.arange(10, 13), 60 * 24)
    times = np.tile(start + np.arange(60 * 24) * 3_600_000_000, 3)
    numbers = np.round(np.sin(np.arange(len(ids))), 2)
    assert bulk_numbers(ids, times, numbers, name="invented").rows == len(ids)
    for one in (10, 11, 12):
        assert pairs(series(one, *EVER)) == list(
            zip(times[ids == one].tolist(), numbers[ids == one].tolist(), strict=True)
        )


def rule(series_id: int, **given: Any) -> None:
    keep(actor=Actor.system(), series_id=series_id, **given)


def test_rules_sum_up_and_forget() -> None:
    days = 30
    rows = [
        Reading(one, NOON - timedelta(days=days) + timedelta(minutes=30 * step), float(step), None, 0, NOON)
        for one in (1, 2, 3)
        for step in range(days * 48)
    ]
    bulk(rows, name="past")
    before = buckets([1, 2, 3], *EVER, timedelta(days=1))
    rule(1, raw_days=15, width=Width.HOUR, kept_days=None)
    rule(2, raw_days=15, width=Width.HOUR, kept_days=15)
    with standing_at(NOON + timedelta(days=10)):
        assert thinning.thin() == 1  # October; in the file of November are later days
        october = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
        hours = series(1, *october)
        assert len(hours) == 8 * 24 + 12 and hours.numbers[0] == 0.5
        assert len(series(2, *october)) == 0
        assert len(series(3, *october)) == 2 * len(hours)
        after = buckets([1, 2, 3], *EVER, timedelta(days=1))
        for one in (1, 3):
            mine, then = after.series_ids == one, before.series_ids == one
            for name in ("starts", "counts", "sums", "lows", "highs"):
                assert getattr(after, name)[mine].tolist() == getattr(before, name)[then].tolist(), name
        assert thinning.thin() == 0
        # A late reading of those days is seen, and summed up with the others the next time.
        late = datetime(2026, 10, 24, 7, 10, tzinfo=UTC)
        store([Reading(1, late, 1000.0, None, 9, NOON)])
        settle_due()
        assert thinning.thin() == 1
        assert len(series(1, *october)) == len(hours)
        day = buckets([1], late.replace(hour=0, minute=0), late + timedelta(days=1), timedelta(days=1))
        assert (day.counts[0], day.highs[0]) == (49, 1000.0)
    with pytest.raises(InvalidInput):
        rule(1, raw_days=1, width=None, kept_days=None)
    with pytest.raises(InvalidInput):
        rule(1, raw_days=30, width=None, kept_days=20)


def test_days_become_weeks_and_months() -> None:
    start = datetime(2026, 10, 1, tzinfo=UTC)
    with standing_at(start + timedelta(days=30)):
        store(
            [Reading(1, start + timedelta(hours=6 * step), float(step), None, 1, NOON) for step in range(120)]
        )
        right = pairs(series(1, *EVER))
        assert settle_due() == 28
        assert thinning.gather() == 3
        assert sorted({(f.first_day.day, f.last_day.day) for f in LakeFile.objects.all()})[:2] == [
            (1, 7),
            (8, 14),
        ]
    assert pairs(series(1, *EVER)) == right
    assert settle_due() == 2 and thinning.gather() == 1
    assert [(f.first_day, f.rows) for f in LakeFile.objects.all()] == [(date(2026, 10, 1), 120)]
    assert pairs(series(1, *EVER)) == right
    assert thinning.gather() == 0


@dataclass(frozen=True)
class Real:
    name: str
    layout: Layout
    keys: int  # how many series
    rows: int


SIX = [
    Real("edinburgh_bins_enevo_2016.csv", Layout("collected_at", "fill_before_pct", "site"), 334, 10_000),
    Real("water_weusedto/feed_WholeHouse.MYD.csv", Layout(0, 1, delimiter=" "), 1, 18_895),
    Real("water_weusedto/river_water-flow_tecnojest_2022.csv", Layout("Time", "Water flow [l/s]"), 1, 1_268),
    Real("air_quality_openaq_2019.csv", Layout("date", "value", ("location", "parameter")), 0, 5_272),
    Real(
        "meteo_istsos/T_BED.csv",
        Layout(
            "urn:ogc:def:parameter:x-istsos:1.0:time:iso8601",
            "urn:ogc:def:parameter:x-istsos:1.0:meteo:air:temperature",
        ),
        1,
        52_405,
    ),
    Real("nab_traffic/speed_7578.csv", Layout("timestamp", "value"), 1, 1_127),
]


@pytest.mark.realdata
@pytest.mark.parametrize("real", SIX, ids=[real.name.split("/")[-1] for real in SIX])
def test_real_files_give_the_same_numbers_by_every_way(real: Real) -> None:
    """Replayed as messages (waiting, then settled) and loaded as a file: what stands in the file."""
    file = real_data(f"sensors/{real.name}")
    expected: dict[str, dict[int, float]] = {}
    ids: dict[str, int] = {}
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, delimiter=real.layout.delimiter)
        head = next(lines) if isinstance(real.layout.time, str) else []
        wanted = real.layout.key if isinstance(real.layout.key, tuple) else (real.layout.key,)
        time, number = (
            head.index(c) if isinstance(c, str) else c for c in (real.layout.time, real.layout.number)
        )
        for line in lines:
            key = "/".join(line[head.index(c)] for c in wanted if isinstance(c, str))
            ids.setdefault(key, len(ids) + 1)
            told = line[time]
            at = datetime.fromtimestamp(float(told), UTC) if told.isdigit() else datetime.fromisoformat(told)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            us = round(at.timestamp() * 1e6)
            known = expected.setdefault(key, {})
            known[us] = max(known.get(us, float("-inf")), float(line[number]))
    assert real.keys in (0, len(ids))

    def check(shift: int) -> None:
        together = buckets([one + shift for one in ids.values()], *EVER, timedelta(days=9000), together=True)
        assert together.counts.sum() == sum(len(one) for one in expected.values())
        for key, one in list(ids.items())[:12]:
            assert pairs(series(one + shift, *EVER)) == sorted(expected[key].items()), key

    found = list(read_file(file, real.layout, ids if real.layout.key else 1))
    rows = [one for one in found if one is not None]
    assert len(found) == real.rows
    for start in range(0, len(rows), 20_000):
        store(rows[start : start + 20_000])
    check(0)
    settle_due()
    check(0)
    moved = {key: one + 1000 for key, one in ids.items()}
    load_file(file, real.layout, moved if real.layout.key else 1001)
    check(1000)
