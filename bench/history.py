"""History of readings: storing, size in the lake, a year of one sensor, a day's sums of everything.

    python -m bench.history [readings, 100 million by default]

One process, everything on this machine. Readings of the lake are those of 15-minute sensors of five kinds
over one year, rounded as sensors do. Times are the median of `RUNS`; "cold" is the first question of a
process that has not read any file; "CPU" is this process's own work, DuckDB's threads together.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench import figures
from bench.pages import database

YEAR = 2025
PER_SERIES = 35_040
RUNS = 5
ALL = 100_000_000
PEERS = """
Peers, as they publish it: ThingsBoard 3,333 points/s on 4 vCPU and 16.7 bytes a point (PostgreSQL);
Stellio 42 to 137 aggregated histories/s of up to 100,000 instances on 8 vCPU; FROST loads 260 readings/s;
Scorpio more than a minute for avg, min, max over 10,000 points (issue 659).
"""
# Temperature, filling level, noise, vehicles, nitrogen dioxide: with days and seasons, rounded.
_MADE = """
SELECT series_id,
  make_timestamptz((d + 900 * step + series_id * 7919 % 900 + h % 3) * 1000000) AS observed_at,
  CASE series_id % 5
    WHEN 0 THEN round(12 + 6 * sin(step * 0.0654) + (h % 20) / 10, 1)
    WHEN 1 THEN round(((step + series_id * 31) % 480) / 480 + (h % 3) / 100, 2)
    WHEN 2 THEN round(55 + 8 * sin(step * 0.0654) + (h % 90) / 10, 1)
    WHEN 3 THEN floor(20 + 15 * sin(step * 0.0654) + h % 12)
    ELSE round(abs(18 + 8 * sin(step * 0.0654) + (h % 1500) / 100 - 7), 2)
  END AS number,
  NULL::VARCHAR AS value, (step * {series} + h % {series})::BIGINT AS seq, 3::INTEGER AS delay_s
FROM (SELECT {from_s} AS d, s AS series_id, t AS step, (hash(s * 100000 + t) % 1000000007)::BIGINT AS h
      FROM range(1, {series} + 1) a(s), range({steps}) b(t))
"""


def main() -> None:
    readings = int(sys.argv[1]) if len(sys.argv) > 1 else ALL
    with database():
        _store()
        series = max(10, readings // PER_SERIES)
        _fill(series)
        _ask(series)
    print(PEERS)


def _store() -> None:
    from django.db import connection, transaction

    from belvedere.domains.observations.public import Reading, store
    from belvedere.kernel.clock import now

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    start, base = now() - timedelta(hours=3), 0
    print(f"\n{'storing':<34}{'readings/s':>12}{'µs of CPU: here':>17}{'PostgreSQL':>12}")
    for size, times in ((2_000, 40), (20_000, 10), (100_000, 3)):
        batches = []
        for _batch in range(times):
            rows = []
            for number in range(base, base + size):
                at = start + timedelta(seconds=number // 20_000 * 300 + random.random())
                rows.append(Reading(number % 20_000, at, round(random.random() * 99, 1), None, number, at))
            batches.append(rows)
            base += size
        began, mine, its = time.perf_counter(), time.process_time(), _cpu_s(server)
        for rows in batches:
            with transaction.atomic():
                store(rows)
        took, count = time.perf_counter() - began, size * times
        here, there = (time.process_time() - mine) / count, (_cpu_s(server) - its) / count
        print(f"{f'in batches of {size:,}':<34}{count / took:>12,.0f}{here * 1e6:>17.1f}{there * 1e6:>12.1f}")


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _fill(series: int) -> None:
    """A year into the lake, month by month, as settled months are."""
    from belvedere.domains.observations import lakehouse, settling, sums
    from belvedere.domains.observations.models import LakeFile, LakeSums, Settled

    began = time.perf_counter()
    for month in range(1, 13):
        first = date(YEAR, month, 1)
        last = date(YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        days = (last - first).days + 1
        from_s = int(datetime(YEAR, month, 1, tzinfo=UTC).timestamp())
        with lakehouse.writer() as lake:
            made = _MADE.format(series=series, steps=96 * days, from_s=from_s)
            lake.execute(f"CREATE OR REPLACE TEMPORARY TABLE staged AS {made}")
            written = sums.replace(lake, first, last, "staged")
            settling.name_files(first, last, written.readings)
            sums.name(first, last, written.sums)
        for number in range(days):
            Settled.objects.create(
                day=first + timedelta(days=number), state="released", settled_at=datetime.now(UTC)
            )
    rows, size = (sum(LakeFile.objects.values_list(name, flat=True)) for name in ("rows", "size"))
    beside = sum(LakeSums.objects.values_list("size", flat=True))
    took = time.perf_counter() - began
    print(f"\n{rows:,} readings of {series:,} series in {LakeFile.objects.count()} files, {took:.0f} s")
    figures.note("bytes a settled reading", "≤ 6", f"{(size + beside) / rows:.2f}", "ThingsBoard 16.7")
    print(f"bytes a settled reading: {(size + beside) / rows:.2f}, sums {beside / rows:.2f} of them (aim: 6)")


def _ask(series: int) -> None:
    from belvedere.domains.observations.public import buckets, lttb

    start, end = datetime(YEAR, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)
    quarter, day = timedelta(minutes=15), timedelta(days=1)
    one = series // 2
    kind = list(range(1, series + 1))
    print(f"\n{'question, ms':<52}{'cold':>8}{'median':>8}{'worst':>8}{'CPU':>8}{'aim':>8}")
    _timed("a year of one sensor as 1,000 points", lambda: lttb(one, start, end, 1000, interval=quarter), 50)
    _timed("another sensor each time", lambda: lttb(random.randint(1, series), start, end, 1000), 50)
    peers = "Scorpio over a minute for 10,000 points; Stellio 321 ms for 100,000"
    all_days = "days of all series over the year"
    _timed(all_days, lambda: buckets(kind, start, end, day, together=True), 1500, peers)
    _timed("days of each series over a month", lambda: buckets(kind, start, start + 30 * day, day), None)


def _timed(label: str, act: Callable[[], object], aim_ms: int | None, peers: str = "") -> None:
    from belvedere.domains.observations import lakehouse

    lakehouse.forget_reader()
    taken, worked = [], []
    for _run in range(RUNS + 1):
        began, busy = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    aim = f"{aim_ms:,}" if aim_ms else ""
    cold, warm = taken[0], taken[1:]
    found = (cold, statistics.median(warm), max(warm), statistics.median(worked[1:]))
    print(f"{label:<52}" + "".join(f"{figure:>8,.0f}" for figure in found) + f"{aim:>8}")
    told = f"{found[1]:,.0f} ms, cold {cold:,.0f}, processor {found[3]:,.0f}"
    figures.note(label, f"≤ {aim} ms" if aim else "", told, peers)


if __name__ == "__main__":
    main()
