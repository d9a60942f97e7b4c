"""The past summed up by stretches of time (ETSI GS CIM 009, clause 4.5.19).

Stretches begin with the first instance of the thing in the time asked for. Numbers are summed up where they
are kept; what needs every value (how many different ones, how much they scatter) reads them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from belvedere.domains.context.past_kept import Kept
from belvedere.domains.observations.public import Raw, buckets, raw
from belvedere.domains.twin.public import KIND_OF_ROW, AttributeRow
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.documents import Kind
from belvedere.standards.ngsi_ld.evolution import Sums
from belvedere.standards.ngsi_ld.problems import TooComplexQuery
from belvedere.standards.ngsi_ld.temporal import Period, TemporalQuery

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_US = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_MOST_KEPT = 2_000  # stretches of one answer
_SECOND = timedelta(seconds=1)
_MOST = 100_000  # stretches of one attribute
_SIMPLE = frozenset(("totalCount", "sum", "avg", "min", "max"))
_ANY_KIND = frozenset(("totalCount", "distinctCount"))
Rows = list[tuple[float, datetime, datetime]]
_Sum = tuple[int, float, float, float]


@dataclass(frozen=True, slots=True)
class _Summed:
    """What the history sums up by itself: by series and stretch, count, sum, least and greatest. `origin`:
    when the first stretch begins, None where there is nothing; `others`: series it cannot sum up, and whether
    they are numbers."""

    origin: datetime | None
    series: dict[int, dict[int, _Sum]]
    others: dict[int, bool]


_kept: Kept[_Summed] = Kept(most=64, light=lambda sums: sum(map(len, sums.series.values())) <= _MOST_KEPT)


def forget_sums() -> None:
    """The past was written otherwise than by a new present value."""
    _kept.forget()


def summed(rows: Sequence[AttributeRow], query: TemporalQuery) -> dict[str, list[tuple[Kind, str, Sums]]]:
    """By attribute, for each dataset: its kind, its name, and what each method gives for each stretch."""
    told_by = tuple((row.id, row.observed_at, row.modified_at) for row in rows)
    key = (told_by, query.start, query.end, query.period, query.timeproperty, set(query.methods) <= _SIMPLE)
    ids = [row.id for row in rows]
    sums = _kept.get(key, lambda: _sum_up(ids, query))
    found: dict[str, list[tuple[Kind, str, Sums]]] = {}
    for row in rows:
        if sums.origin is None:
            continue
        if row.id in sums.series:
            told = _told(sums.series[row.id], query, sums.origin)
        elif row.id in sums.others:
            told = _thorough(row.id, query, sums.origin, numbers=sums.others[row.id])
        else:
            continue
        if any(told.values()):
            found.setdefault(row.name, []).append((KIND_OF_ROW[row.kind], row.dataset_id, told))
    return found


def _sum_up(ids: list[int], query: TemporalQuery) -> _Summed:
    firsts = {key: many[0] for key, many in raw(ids, query.start, query.end, first=1).items()}
    if not firsts:
        return _Summed(None, {}, {})
    origin = _EPOCH + min(one.observed_us for one in firsts.values()) * _US
    simple = [one for one in firsts if _is_simple(firsts[one], query)]
    series = _simple(simple, query, origin) if simple else {}
    others = {key: one.number is not None for key, one in firsts.items() if key not in series}
    return _Summed(origin, series, others)


def _is_simple(first: Raw, query: TemporalQuery) -> bool:
    """Whether the history can sum it up by itself: numbers, by stretches of a day or less, or of days."""
    length = query.period.length
    fits = _SECOND <= length <= _DAY or (length > _DAY and not length % _DAY)
    return (
        first.number is not None
        and fits
        and not query.period.months
        and not length.microseconds
        and set(query.methods) <= _SIMPLE
        and query.timeproperty == "observedAt"
    )


def _simple(series_ids: list[int], query: TemporalQuery, origin: datetime) -> dict[int, dict[int, _Sum]]:
    length = query.period.length
    width = min(length, _DAY)
    # Stretches are counted from 1970 by a clock that is so far behind that one of them begins at the origin.
    behind = ((origin - _EPOCH) // _US) % (width // _US)
    zone = timezone(-timedelta(microseconds=behind))
    lasts = raw(series_ids, query.start, query.end, last=1)
    end = _EPOCH + (max(many[-1].observed_us for many in lasts.values()) + 1) * _US
    found = buckets(series_ids, origin, end, width, zone=zone)
    if len(found) > _MOST:
        raise too_many()
    columns = (found.series_ids, found.starts.astype("int64"), found.counts, found.sums, found.lows)
    sums: dict[int, dict[int, _Sum]] = {}
    for series_id, start, count, total, low, high in zip(
        *(column.tolist() for column in columns), found.highs.tolist(), strict=True
    ):
        place = (_EPOCH + start * _US - origin) // length
        of_series = sums.setdefault(series_id, {})
        held = of_series.get(place)
        of_series[place] = (
            (count, total, low, high)
            if held is None
            else (held[0] + count, held[1] + total, min(held[2], low), max(held[3], high))
        )
    return sums


def _told(of_series: dict[int, _Sum], query: TemporalQuery, origin: datetime) -> Sums:
    told: dict[str, Rows] = {method: [] for method in query.methods}
    for place in sorted(of_series):
        count, total, low, high = of_series[place]
        values = {"totalCount": count, "sum": total, "avg": total / count, "min": low, "max": high}
        start = origin + query.period.length * place
        for method in query.methods:
            told[method].append((values[method], start, start + query.period.length))
    return told


def _thorough(series_id: int, query: TemporalQuery, origin: datetime, *, numbers: bool) -> Sums:
    methods = [one for one in query.methods if numbers or one in _ANY_KIND]
    told: dict[str, Rows] = {method: [] for method in methods}
    readings = raw([series_id], query.start, query.end).get(series_id, [])
    for start, end, values in _stretches(readings, query.period, origin):
        of_all = _of(values)
        for method in methods:
            if method in of_all:
                told[method].append((of_all[method], start, end))
    return told


def _stretches(
    readings: list[Raw], period: Period, origin: datetime
) -> list[tuple[datetime, datetime, list[Any]]]:
    if not readings:
        return []
    if not period:
        last = _EPOCH + readings[-1].observed_us * _US
        return [(origin, last, [_value(one) for one in readings])]
    found: list[tuple[datetime, datetime, list[Any]]] = []
    place = 0
    end = origin
    for one in readings:
        at = _EPOCH + one.observed_us * _US
        if not found or at >= end:
            place = _place(period, origin, at, place)
            end = period.after(origin, place + 1)
            found.append((period.after(origin, place), end, []))
            if len(found) > _MOST:
                raise too_many()
        found[-1][2].append(_value(one))
    return found


def _place(period: Period, origin: datetime, at: datetime, place: int) -> int:
    """The number of the stretch `at` lies in, which is `place` or later."""
    # A month has 31 days at most: so many stretches have surely begun.
    longest = timedelta(days=31) * period.months + period.length
    place = max(place, (at - origin) // longest)
    while period.after(origin, place + 1) <= at:
        place += 1
    return place


def _value(one: Raw) -> Any:
    return one.value if one.number is None else one.number


def _of(values: list[Any]) -> dict[str, float]:
    of_all: dict[str, float] = {
        "totalCount": len(values),
        "distinctCount": len({msgspec.json.encode(one, order="sorted") for one in values}),
    }
    numbers = [one for one in values if isinstance(one, float)]
    if numbers:
        mean = math.fsum(numbers) / len(numbers)
        of_all["sum"] = math.fsum(numbers)
        of_all["avg"] = mean
        of_all["min"], of_all["max"] = min(numbers), max(numbers)
        of_all["sumsq"] = math.fsum(one * one for one in numbers)
        of_all["stddev"] = math.sqrt(math.fsum((one - mean) ** 2 for one in numbers) / len(numbers))
    return of_all


def too_many() -> TooComplexQuery:
    return TooComplexQuery(
        N_("That gives more than {most} stretches of time. Ask for longer ones, or for less."), most=_MOST
    )
