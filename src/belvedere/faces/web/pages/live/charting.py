"""Fourteen days of a series as the rows of a chart: two hours each, the empty ones kept as gaps; and what is
forecast of it, for the week to come at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from belvedere.domains.observations import public as observations
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.clock import now

DAYS = 14
WIDTH = timedelta(hours=2)
AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """What was read from `start` for two hours; `mean`, `low` and `high` are None where nothing was.
    `expected`: the mean of what is forecast for them."""

    start: datetime
    mean: float | None
    low: float | None
    high: float | None
    count: int
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the chart's table, in words and in plain numbers."""

    label: str
    short: str
    mean: str
    low: str
    high: str
    expected: str
    plain: tuple[str, str, str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A series over fourteen days. `scale`: what one unit of the axis is; `watch`, `alarm`: thresholds."""

    label: str
    unit: str
    scale: str
    cells: tuple[Cell, ...]
    readings: int
    gaps: int
    watch: str
    alarm: str
    is_forecast: bool = False


def rows(room: Room, series_id: int, expected: Sequence[tuple[datetime, float]] = ()) -> list[Row]:
    """The rows of a series up to now, and on as far as something is expected, oldest first."""
    zone = ZoneInfo(room.territory.zone)
    end = now()
    first = (end - timedelta(days=DAYS)).astimezone(zone)
    first = first.replace(hour=first.hour // 2 * 2, minute=0, second=0, microsecond=0)
    found = observations.buckets([series_id], first.astimezone(UTC), end, WIDTH, zone=zone)
    held = {
        start: (float(mean), float(low), float(high), int(count))
        for start, mean, low, high, count in zip(
            found.starts.tolist(),
            found.means.tolist(),
            found.lows.tolist(),
            found.highs.tolist(),
            found.counts.tolist(),
            strict=True,
        )
    }
    told: list[Row] = []
    at = first.astimezone(UTC)
    last = max((when for when, _number in expected), default=end)
    while at < end or at <= last:
        mean, low, high, count = held.pop(at.replace(tzinfo=None), (None, None, None, 0))
        near = [number for when, number in expected if at <= when < at + WIDTH]
        ahead = sum(near) / len(near) if near else None
        told.append(Row(at.astimezone(zone), mean, low, high, count, ahead))
        at += WIDTH
    for start, (mean, low, high, count) in held.items():  # around a change of the clock
        told.append(Row(start.replace(tzinfo=UTC).astimezone(zone), mean, low, high, count))
    return sorted(told, key=lambda row: row.start)


def _expected(view: twin.EntityPage, one: twin.AttributeView) -> list[tuple[datetime, float]]:
    """What is forecast of an attribute from now on; none where nothing tells it."""
    described = twin.descriptions().get(view.kind)
    known = described.attributes.get(one.term) if described is not None else None
    if known is None or not known.forecast:
        return []
    told = next((other.value for other in view.attributes if other.term == known.forecast), None)
    found = [(datetime.fromtimestamp(at, UTC), number) for at, number in twin.forecast_or_none(told) or ()]
    return [(at, number) for at, number in found if now() < at <= now() + AHEAD and math.isfinite(number)]


def chart(room: Room, view: twin.EntityPage, one: twin.AttributeView, label: str) -> Chart:
    """The chart of an attribute, with what is forecast of it where the thing tells that."""
    expected = _expected(view, one)
    found = rows(room, one.series_id, expected)
    cells = tuple(_cell(row, one) for row in found)
    past = [row for row in found if row.start <= now()]
    lead = next((at for at, row in enumerate(past) if row.count), len(past))
    return Chart(
        label=label,
        unit="%" if one.percent else twin.symbol(one.unit) or gettext("number"),
        scale="0.01" if one.percent else "1",
        cells=cells,
        readings=sum(row.count for row in found),
        gaps=sum(1 for row in past[lead:] if not row.count),
        watch=_bound(one.watch_high if one.watch_high is not None else one.watch_low),
        alarm=_bound(one.alarm_high if one.alarm_high is not None else one.alarm_low),
        is_forecast=bool(expected),
    )


def _bound(value: float | None) -> str:
    return "" if value is None else repr(value)


def _cell(row: Row, one: twin.AttributeView) -> Cell:
    def said(value: float | None) -> str:
        return "" if value is None else words.number(value, one.unit, percent=one.percent)

    def plain(value: float | None) -> str:
        return "" if value is None else repr(value)

    return Cell(
        label=formats.moment(row.start),
        short=f"{row.start.day}.{row.start.month}., {row.start:%H} h",
        mean=said(row.mean),
        low=said(row.low),
        high=said(row.high),
        expected=said(row.expected),
        plain=(plain(row.mean), plain(row.low), plain(row.high), plain(row.expected)),
        count=row.count,
    )
