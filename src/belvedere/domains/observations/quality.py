"""How good the readings are: the last day and week of every series, measured by a job, kept as findings.

The mathematics is in `science.anomalies`; here is what is asked of the history and what counts as odd.
Not for: whether a message was refused (intake), whether a value calls for somebody (twin).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from belvedere.domains.observations.buckets import buckets
from belvedere.domains.observations.models import Finding, Measured
from belvedere.domains.observations.quality_states import Oddity, Weight
from belvedere.domains.observations.values import microseconds
from belvedere.domains.twin.public import State, ToldSeries, descriptions, told_series
from belvedere.kernel.clock import now
from belvedere.science.anomalies import readings as science

HOUR = timedelta(hours=1)
DAYS = 7
HOURS = DAYS * science.DAY
AT_ONCE = 500  # series: so many weeks of hours are a few megabytes
BATTERY = "batteryLevel"
# From where on something is told. Chosen so that a sound device of the vocabulary is never in the list.
COMPLETE = 0.9
VERY_INCOMPLETE = 0.5
GAP_H = 3
GAP_TIMES = 3  # expected intervals
DRIFT = 6.0
STILL_FOR_DRIFT_H = 24  # what may stay still for longer (a level of waste) jumps by its nature
LATE = 0.2
CLOCK_S = 60.0
LOW, VERY_LOW = 0.2, 0.1

# Late: by more than two intervals and five minutes. Readings of files arrive when they are observed.
_DELAYS = """
    SELECT r.series_id,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.received_at - r.observed_at)),
        avg((extract(epoch FROM r.received_at - r.observed_at) > w.most)::int)
    FROM unnest(%s::int8[], %s::float8[]) AS w (id, most)
    JOIN observations_reading r ON r.series_id = w.id AND r.observed_at >= %s AND r.observed_at < %s
    GROUP BY r.series_id
"""


@dataclass(frozen=True, slots=True)
class _Week:
    """The hours of some series; rows as the series."""

    counts: npt.NDArray[np.int64]
    lows: science.Matrix
    highs: science.Matrix
    means: science.Matrix


def measure(territory_id: UUID) -> int:
    """Measure a territory anew; how many things there is something to say about."""
    at = now()
    end = at.replace(minute=0, second=0, microsecond=0) + HOUR
    told = told_series(territory_id)
    measured: list[Measured] = []
    means: list[science.Matrix] = []
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        week = _week(some, end)
        measured += _measured(territory_id, some, week, end, at)
        means.append(week.means)
    _add_drift(told, measured, means)
    found = [*_of_things(told, measured, at), *_of_series(told, measured, at)]
    with transaction.atomic():
        Measured.objects.filter(territory_id=territory_id).delete()
        Finding.objects.filter(territory_id=territory_id).delete()
        Measured.objects.bulk_create(measured, batch_size=1000)
        Finding.objects.bulk_create(found, batch_size=1000)
    return len({one.entity_id for one in found})


def measure_soon() -> None:
    """Let the job look now rather than at its next half hour; for who has just brought many devices."""
    from procrastinate.exceptions import AlreadyEnqueued

    from belvedere.domains.observations.tasks import measure_later  # the worker of messages needs no jobs

    with suppress(AlreadyEnqueued), transaction.atomic():
        measure_later.configure().defer(timestamp=int(now().timestamp()))


def _week(told: Sequence[ToldSeries], end: datetime) -> _Week:
    """What the series told in each hour until `end`, hot days and lake as one."""
    start = end - DAYS * timedelta(days=1)
    ids = [one.series_id for one in told]
    found = buckets(ids, start, end, HOUR)
    shape = (len(ids), HOURS)
    week = _Week(np.zeros(shape, np.int64), *(np.full(shape, np.nan) for _ in range(3)))
    order = np.argsort(ids)
    rows = order[np.searchsorted(np.array(ids)[order], found.series_ids)]
    columns = (found.starts.astype(np.int64) - microseconds(start)) // (3600 * 1_000_000)
    week.counts[rows, columns] = found.counts
    week.lows[rows, columns] = found.lows
    week.highs[rows, columns] = found.highs
    week.means[rows, columns] = found.means
    return week


def _measured(
    territory_id: UUID, told: Sequence[ToldSeries], week: _Week, end: datetime, at: datetime
) -> list[Measured]:
    # The present hour has only begun: what is expected is counted from the first hour to now.
    expected = {days: _expected(told, at, at - (end - timedelta(days=days))) for days in (1, DAYS)}
    day = week.counts[:, -science.DAY :]
    complete_day = science.completeness(day, expected[1])
    complete_week = science.completeness(week.counts, expected[DAYS])
    bounds = np.array([_bounds(one) for one in told], np.float64).reshape(-1, 2)
    last = slice(-science.DAY, None)
    outside = science.outside(week.lows[:, last], week.highs[:, last], bounds[:, 0], bounds[:, 1])
    gaps, same = science.longest_gap(week.counts), science.unchanged(week.lows, week.highs)
    delays = _delays(told, end - timedelta(days=1), end)
    return [
        Measured(
            series_id=one.series_id,
            entity_id=one.entity_id,
            territory_id=territory_id,
            term=one.term,
            at=at,
            received_day=int(day[row].sum()),
            received_week=int(week.counts[row].sum()),
            complete_day=_number(complete_day[row]),
            complete_week=_number(complete_week[row]),
            gap_h=int(gaps[row]),
            same_h=int(same[row]),
            outside_h=int(outside[row]),
            delay_s=delays.get(one.series_id, (None, None))[0],
            late=delays.get(one.series_id, (None, None))[1],
        )
        for row, one in enumerate(told)
    ]


def _expected(told: Sequence[ToldSeries], at: datetime, span: timedelta) -> npt.NDArray[np.float64]:
    """How many readings each series should have in the `span` up to `at`, of which it was there."""
    return np.array(
        [
            0.0 if not one.expected_s else min(span, at - one.created_at).total_seconds() // one.expected_s
            for one in told
        ]
    )


def _bounds(one: ToldSeries) -> tuple[float, float]:
    described = descriptions().get(one.kind)
    known = described.attributes.get(one.term) if described else None
    low, high = (known.low, known.high) if known else (None, None)
    return np.nan if low is None else low, np.nan if high is None else high


def _delays(
    told: Sequence[ToldSeries], start: datetime, end: datetime
) -> dict[int, tuple[float | None, float | None]]:
    """Of each series the median delay in seconds and the share of late readings, of what is still hot."""
    ids = [one.series_id for one in told]
    most = [2.0 * (one.expected_s or 0) + 300.0 for one in told]
    with connection.cursor() as cursor:
        cursor.execute(_DELAYS, [ids, most, start, end])
        return {pk: (float(delay), float(late)) for pk, delay, late in cursor.fetchall()}


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _add_drift(
    told: Sequence[ToldSeries], measured: Sequence[Measured], means: Sequence[science.Matrix]
) -> None:
    rows = [at for at, one in enumerate(told) if (_still_h(one) or HOURS) <= STILL_FOR_DRIFT_H]
    if not rows:
        return
    names = {
        key: at for at, key in enumerate(dict.fromkeys((told[row].kind, told[row].term) for row in rows))
    }
    groups = np.array([names[told[row].kind, told[row].term] for row in rows])
    found = science.drift(np.concatenate(means)[rows], groups)
    for row, drift in zip(rows, found, strict=True):
        measured[row].drift = _number(drift)


def _still_h(one: ToldSeries) -> int | None:
    described = descriptions().get(one.kind)
    known = described.attributes.get(one.term) if described else None
    return known.still_h if known else None


def _of_things(told: Sequence[ToldSeries], measured: Sequence[Measured], at: datetime) -> Iterable[Finding]:
    """What is odd about how a thing tells: of its series the one that tells most speaks for it."""
    best: dict[int, int] = {}
    for row, one in enumerate(measured):
        held = best.get(one.entity_id)
        if held is None or one.received_week > measured[held].received_week:
            best[one.entity_id] = row
    for row in best.values():
        one, series = measured[row], told[row]
        if series.state is State.SILENT:
            yield _finding(one, Oddity.SILENT, Weight.BAD, float(HOURS if not one.received_week else 0), at)
            continue
        if one.delay_s is not None and one.delay_s < -CLOCK_S:
            yield _finding(one, Oddity.CLOCK, Weight.BAD, -one.delay_s, at)
        expected_h = (series.expected_s or 0) / 3600
        if one.complete_day is not None and one.complete_day < COMPLETE:
            weight = Weight.BAD if one.complete_day < VERY_INCOMPLETE else Weight.POOR
            yield _finding(one, Oddity.INCOMPLETE, weight, one.complete_day, at)
        elif expected_h and one.gap_h >= max(GAP_H, GAP_TIMES * expected_h):
            yield _finding(one, Oddity.GAP, Weight.POOR, float(one.gap_h), at)
        if one.late is not None and one.late > LATE:
            yield _finding(one, Oddity.LATE, Weight.POOR, one.late, at)


def _of_series(told: Sequence[ToldSeries], measured: Sequence[Measured], at: datetime) -> Iterable[Finding]:
    for series, one in zip(told, measured, strict=True):
        if series.state is not State.SILENT:
            still = _still_h(series)
            if still is not None and one.same_h >= still and one.received_week >= still / 2:
                yield _finding(one, Oddity.STUCK, Weight.BAD, float(one.same_h), at, series)
            if one.outside_h:
                yield _finding(one, Oddity.OUT_OF_BOUNDS, Weight.BAD, float(one.outside_h), at, series)
            if one.drift is not None and abs(one.drift) >= DRIFT:
                yield _finding(one, Oddity.DRIFT, Weight.POOR, one.drift, at, series)
        if series.term == BATTERY and series.number <= LOW:
            weight = Weight.BAD if series.number <= VERY_LOW else Weight.POOR
            yield _finding(one, Oddity.BATTERY, weight, series.number, at, series)


def _finding(
    of: Measured,
    oddity: Oddity,
    weight: Weight,
    amount: float,
    at: datetime,
    series: ToldSeries | None = None,
) -> Finding:
    return Finding(
        territory_id=of.territory_id,
        entity_id=of.entity_id,
        series_id=series.series_id if series else None,
        term=series.term if series else "",
        oddity=oddity.value,
        weight=weight.value,
        amount=amount,
        at=at,
    )
