"""Fourteen days of a series as the rows of a chart: two hours each, the empty ones kept as gaps."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Row:
    """What was read from `start` for two hours; `mean`, `low` and `high` are None where nothing was."""

    start: datetime
    mean: float | None
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the chart's table, in words and in plain numbers."""

    label: str
    short: str
    mean: str
    low: str
    high: str
    plain: tuple[str, str, str]
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


def rows(room: Room, series_id: int) -> list[Row]:
    """The rows of a series up to now, oldest first."""
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
    while at < end:
        mean, low, high, count = held.pop(at.replace(tzinfo=None), (None, None, None, 0))
        told.append(Row(at.astimezone(zone), mean, low, high, count))
        at += WIDTH
    for start, (mean, low, high, count) in held.items():  # around a change of the clock
        told.append(Row(start.replace(tzinfo=UTC).astimezone(zone), mean, low, high, count))
    return sorted(told, key=lambda row: row.start)


def chart(room: Room, one: twin.AttributeView, label: str) -> Chart:
    """The chart of an attribute."""
    found = rows(room, one.series_id)
    cells = tuple(_cell(row, one) for row in found)
    lead = next((at for at, row in enumerate(found) if row.count), len(found))
    return Chart(
        label=label,
        unit="%" if one.percent else twin.symbol(one.unit) or gettext("number"),
        scale="0.01" if one.percent else "1",
        cells=cells,
        readings=sum(row.count for row in found),
        gaps=sum(1 for row in found[lead:] if not row.count),
        watch=_bound(one.watch_high if one.watch_high is not None else one.watch_low),
        alarm=_bound(one.alarm_high if one.alarm_high is not None else one.alarm_low),
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
        plain=(plain(row.mean), plain(row.low), plain(row.high)),
        count=row.count,
    )
