"""What stays of old readings, series by series: as they came for a while, then summed up, then nothing.

And fewer, larger files: days become weeks and weeks months, so that a year of a series is in few of them.
"""

# ruff: noqa: S608 (what is put into questions are names and numbers of this package, never given text)
from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
from django.db import connection, transaction

from belvedere.domains.observations import lakehouse, settling, sums
from belvedere.domains.observations.errors import LakeDiffers
from belvedere.domains.observations.models import LakeFile, Rule, Settled
from belvedere.domains.observations.states import Width
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

#: A stretch becomes one file when its last day is over for so long: by then most late readings are in.
CALM_DAYS = 7


@dataclass(frozen=True, slots=True)
class _Due:
    """What is to be done with the readings of a series: summed up by `width_s` (0: not), or taken away."""

    series_id: int
    width_s: int
    gone: bool


def thin() -> int:
    """Apply every rule to the lake; how many stretches were written anew."""
    rules = list(Rule.objects.order_by("series_id"))
    if not rules:
        return 0
    today, changed = now().date(), 0
    least = today - timedelta(days=min(rule.raw_days for rule in rules))
    spans = LakeFile.objects.filter(last_day__lt=least).values_list("first_day", "last_day")
    for first, last in sorted(set(spans)):
        with settling.alone():
            changed += _thin(first, last, lambda day: _due(rules, day, today))
    return changed


def take_away(series_ids: Collection[int]) -> int:
    """Take all readings of these series out of the lake; how many stretches were written anew."""
    gone, changed = [_Due(one, 0, gone=True) for one in sorted(series_ids)], 0
    if not gone:
        return 0
    files = LakeFile.objects.filter(first_series__lte=gone[-1].series_id, last_series__gte=gone[0].series_id)
    for first, last in sorted(set(files.values_list("first_day", "last_day"))):
        with settling.alone():
            changed += _thin(first, last, lambda _day: gone)
    return changed


def _due(rules: Sequence[Rule], last: date, today: date) -> list[_Due]:
    """What the rules ask of a stretch that ends with the day `last`."""
    return [
        _Due(
            rule.series_id,
            int(Width(rule.width).length.total_seconds()) if rule.width else 0,
            gone=rule.kept_days is not None and last < today - timedelta(days=rule.kept_days),
        )
        for rule in rules
        if last < today - timedelta(days=rule.raw_days)
    ]


def _thin(first: date, last: date, due_at: Callable[[date], Sequence[_Due]]) -> bool:
    first, last, files = _whole(first, last)
    raw, summed = [one for one in files if not one.summary], [one for one in files if one.summary]
    with lakehouse.writer() as lake:
        lake.execute(
            "CREATE OR REPLACE TEMPORARY TABLE rule (series_id BIGINT, width_s BIGINT, gone BOOLEAN)"
        )
        for due in due_at(last):
            lake.execute("INSERT INTO rule VALUES (?, ?, ?)", [due.series_id, due.width_s, due.gone])
        if not _anything(lake, raw, summed):
            return False
        before = _stage(lake, raw, summed)
        _check(lake, before)
        lake.execute("BEGIN")
        try:
            lakehouse.put(lake, first, last, "SELECT * FROM kept", lakehouse.READING)
            lakehouse.put(lake, first, last, "SELECT * FROM summed", lakehouse.SUMMARY)
            sums.put(lake, first, last, "kept")
            lake.execute("COMMIT")
        except Exception:
            lake.execute("ROLLBACK")
            raise
        written = {name: lakehouse.written(lake, name) for name in (lakehouse.READING, lakehouse.SUMMARY)}
        of_kept = lakehouse.written(lake, lakehouse.SUMS)
        days = settling.compared(lake, written[lakehouse.READING], "kept")
        sums.check(lake, of_kept, "kept")
        settling.passed("thinned")
    with transaction.atomic():
        LakeFile.objects.filter(pk__in=[file.pk for file in files]).delete()
        for name, made in written.items():
            settling.name_files(first, last, made, summary=name == lakehouse.SUMMARY)
        sums.name(first, last, of_kept)
        _note(first, last, {day: (count, checksum) for day, count, checksum in days})
    return True


def _whole(first: date, last: date) -> tuple[date, date, list[LakeFile]]:
    """The days with those that share a file with them, and all these files."""
    while True:
        files = lakehouse.files_over(first, last, summary=None)
        wider = min([first, *(f.first_day for f in files)]), max([last, *(f.last_day for f in files)])
        if wider == (first, last):
            return first, last, files
        first, last = wider


def _anything(lake: duckdb.DuckDBPyConnection, raw: Sequence[LakeFile], sums: Sequence[LakeFile]) -> bool:
    questions = []
    if raw:
        questions.append(f"SELECT 1 FROM {lakehouse.scan(raw)} SEMI JOIN rule USING (series_id)")
    if sums:
        questions.append(
            f"SELECT 1 FROM {lakehouse.scan(sums)} SEMI JOIN (FROM rule WHERE gone) USING (series_id)"
        )
    return any(lake.execute(f"{question} LIMIT 1").fetchone() is not None for question in questions)


def _stage(lake: duckdb.DuckDBPyConnection, raw: Sequence[LakeFile], sums: Sequence[LakeFile]) -> int:
    """The tables `kept` and `summed`; how many readings there were, counting those summed up before."""
    readings = lakehouse.scan(raw) if raw else f"(SELECT * FROM {lakehouse.READING} LIMIT 0)"
    summed = lakehouse.scan(sums) if sums else f"(SELECT * FROM {lakehouse.SUMMARY} LIMIT 0)"
    lake.execute(
        f"CREATE OR REPLACE TEMPORARY TABLE kept AS SELECT * FROM {readings} ANTI JOIN rule USING (series_id)"
    )
    columns = "series_id, observed_at, width_s"
    lake.execute(
        "CREATE OR REPLACE TEMPORARY TABLE summed AS"
        f" SELECT {columns}, sum(count)::BIGINT AS count, sum(sum) AS sum,"
        f" min(low) AS low, max(high) AS high FROM ("
        f" SELECT {columns}, count, sum, low, high FROM {summed}"
        "  ANTI JOIN (FROM rule WHERE gone) USING (series_id)"
        "  UNION ALL SELECT r.series_id,"
        "  make_timestamptz(epoch_us(r.observed_at)"
        "  - epoch_us(r.observed_at) % (rule.width_s * 1000000)), rule.width_s,"
        "  1, r.number, r.number, r.number"
        f"  FROM {readings} r JOIN rule USING (series_id)"
        "  WHERE NOT rule.gone AND rule.width_s > 0 AND r.number IS NOT NULL"
        ") GROUP BY ALL"
    )
    return _one(
        lake,
        f"SELECT (SELECT count(*) FROM {readings} r ANTI JOIN (FROM rule WHERE gone OR width_s = 0)"
        f" USING (series_id) WHERE r.number IS NOT NULL OR r.series_id NOT IN (SELECT series_id FROM rule))"
        f" + (SELECT coalesce(sum(count), 0) FROM {summed} ANTI JOIN (FROM rule WHERE gone)"
        " USING (series_id))",
    )


def _check(lake: duckdb.DuckDBPyConnection, before: int) -> None:
    after = _one(lake, "SELECT (SELECT count(*) FROM kept) + (SELECT coalesce(sum(count), 0) FROM summed)")
    if after != before:
        raise LakeDiffers(
            N_("Summing up {expected} readings gave {got}. Nothing was taken away."),
            expected=before,
            got=after,
        )


def _one(lake: duckdb.DuckDBPyConnection, question: str) -> int:
    row: Any = lake.execute(question).fetchone()
    return int(row[0])


def _note(first: date, last: date, days: dict[date, tuple[int, str]]) -> None:
    for day in Settled.objects.filter(day__range=(first, last)).values_list("day", flat=True):
        count, checksum = days.get(day, (0, ""))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE observations_settled SET rows = %s, checksum = %s,"
                " version = nextval('observations_version') WHERE day = %s",
                [count, checksum, day],
            )


def gather() -> int:
    """Write stretches that have calmed down as one: weeks, and months that are over; how many."""
    edge, done = now().date() - timedelta(days=CALM_DAYS), 0
    days = LakeFile.objects.filter(summary=False, last_day__lt=edge).values_list("first_day", "last_day")
    spans = sorted(set(days))
    months: dict[date, list[tuple[date, date]]] = {}
    for first, last in spans:
        months.setdefault(first.replace(day=1), []).append((first, last))
    for month, found in months.items():
        if (month + timedelta(days=31)).replace(day=1) <= edge:
            groups = [found]
        else:
            groups = [
                [span for span in found if (span[0].day - 1) // 7 == week == (span[1].day - 1) // 7]
                for week in range(4)
                if month + timedelta(days=7 * week + 6) < edge
            ]
        for group in groups:
            if len(group) > 1:
                settling.gather(group[0][0], group[-1][1])
                done += 1
    return done
