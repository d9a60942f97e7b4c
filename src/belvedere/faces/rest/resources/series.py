"""The history of what a thing tells: as it came, summed up by stretches of time, or as a chart's points."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from belvedere.domains.observations import public as observations
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.rest.resources.paging import following
from belvedere.faces.rest.resources.routing import OPEN, router
from belvedere.faces.rest.resources.things import TAGS, thing_at
from belvedere.faces.rest.schemas.live import BucketOut, PointOut, SeriesOut
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.texts import cell

USUAL = timedelta(days=14)
LARGEST = 100_000  # lines of one answer
FIRST, LAST = datetime(1950, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)
_WIDTH = re.compile(r"([1-9][0-9]{0,5})(s|min|h|d)")
_UNIT = {"s": 1, "min": 60, "h": 3600, "d": 86400}
CSV: dict[str, Any] = {"responses": {200: {"description": "The table", "content": {"text/csv": {}}}}}


class Asked(Schema):
    """`width` sums up, `n` chooses the points of a chart; without them the readings as they came."""

    start: datetime | None = Field(default=None, description="RFC 3339; else fourteen days before `end`")
    end: datetime | None = Field(default=None, description="Not included; now without it")
    last_n: int | None = Field(default=None, ge=1, le=LARGEST, description="Only the last readings")
    width: str = Field(
        default="",
        pattern=r"^([1-9][0-9]{0,5}(s|min|h|d))?$",
        description="Sum up by stretches such as 15min, 1h, 1d: avg, min, max, sum, count. "
        "Days are those of the territory",
    )
    n: int | None = Field(
        default=None,
        ge=3,
        le=10_000,
        description="At most so many points that keep the shape (LTTB), and one without a number in each gap",
    )
    limit: int = Field(default=10_000, ge=1, le=LARGEST)

    def period(self) -> tuple[datetime, datetime]:
        end = _instant(self.end, "end") or now() + timedelta(minutes=15)
        start = _instant(self.start, "start") or (FIRST if self.last_n else end - USUAL)
        if start >= end:
            raise InvalidInput(N_("The period ends before it starts. Correct “start” or “end”."), field="end")
        if sum(one is not None for one in (self.last_n, self.n, self.width or None)) > 1:
            raise InvalidInput(N_("Choose one of “last_n”, “n” and “width”."), field="width")
        return start, end

    def stretch(self, start: datetime, end: datetime) -> timedelta:
        found = _WIDTH.fullmatch(self.width)
        assert found is not None
        width = timedelta(seconds=int(found[1]) * _UNIT[found[2]])
        if (end - start) / width > LARGEST:
            raise InvalidInput(
                N_("That is more than {most} lines. Take a longer width or a shorter period."),
                most=LARGEST,
                field="width",
            )
        return width


def _instant(given: datetime | None, name: str) -> datetime | None:
    if given is None:
        return None
    if given.tzinfo is None or not FIRST.year <= given.year < LAST.year:
        raise InvalidInput(
            N_("Write the instant with its time zone, as in 2026-03-01T08:00:00Z."), field=name
        )
    return given


@dataclass(frozen=True, slots=True)
class Told:
    """What is answered: readings or sums; `cut`: from where on there is more."""

    start: datetime
    end: datetime
    points: list[PointOut] | None
    buckets: list[BucketOut] | None
    cut: datetime | None


def _attribute(request: HttpRequest, thing_id: int, series_id: int) -> tuple[twin.AttributeView, int, tzinfo]:
    """The attribute with its thing's expected interval (0: unknown) and the time zone of its territory."""
    view, territory = thing_at(request, thing_id)
    one = next((one for one in view.attributes if one.series_id == series_id), None)
    if one is None:
        raise NoSuchEntity(N_("This thing tells no such series."))
    return one, view.expected_s or 0, ZoneInfo(territory.zone)


def _told(one: twin.AttributeView, asked: Asked, expected_s: int, zone: tzinfo) -> Told:
    start, end = asked.period()
    if asked.width:
        width = asked.stretch(start, end)
        return Told(start, end, None, _buckets(one.series_id, start, end, width, zone), None)
    if one.value_kind is not twin.ValueType.NUMBER:
        if asked.n is not None:
            raise InvalidInput(N_("Only numbers can be drawn or summed up."), field="n")
        said = observations.values(one.series_id, start, end, last_n=asked.last_n)
        points = [PointOut(at=told.observed_at, value=told.value) for told in said]
    elif asked.n is not None:
        interval = timedelta(seconds=expected_s) if expected_s else None
        points = _points(observations.lttb(one.series_id, start, end, asked.n, interval=interval))
    else:
        points = _points(observations.series(one.series_id, start, end, last_n=asked.last_n))
    limit = len(points) if asked.n is not None or asked.last_n is not None else asked.limit
    cut = points[limit].at if len(points) > limit else None
    return Told(start, end, points[:limit], None, cut)


def _points(found: observations.Points) -> list[PointOut]:
    return [
        PointOut(at=at.replace(tzinfo=UTC), number=None if math.isnan(number) else number)
        for at, number in zip(found.times.tolist(), found.numbers.tolist(), strict=True)
    ]


def _buckets(
    series_id: int, start: datetime, end: datetime, width: timedelta, zone: tzinfo
) -> list[BucketOut]:
    found = observations.buckets([series_id], start, end, width, zone=zone)
    columns = (found.starts, found.counts, found.means, found.lows, found.highs, found.sums)
    return [
        BucketOut(start=at.replace(tzinfo=UTC), count=count, avg=mean, min=low, max=high, sum=total)
        for at, count, mean, low, high, total in zip(*(one.tolist() for one in columns), strict=True)
    ]


@router.get(
    "/things/{int:thing_id}/series/{int:series_id}",
    response=SeriesOut,
    operation_id="read_series",
    url_name="series",
    openapi_extra=OPEN,
    tags=TAGS,
    exclude_none=True,
)
def read_series(
    request: HttpRequest, response: HttpResponse, thing_id: int, series_id: int, asked: Query[Asked]
) -> Any:
    """The history of a value: as it came, summed up, or few points for a chart; hot days and lake as one."""
    one, expected_s, zone = _attribute(request, thing_id, series_id)
    told = _told(one, asked, expected_s, zone)
    further = None
    if told.cut is not None:
        further = following(request, response, start=told.cut.isoformat(), end=told.end.isoformat())
    return SeriesOut(
        series=series_id,
        thing_id=thing_id,
        term=one.term,
        unit=one.unit,
        start=told.start,
        end=told.end,
        next=further,
        points=told.points,
        buckets=told.buckets,
    )


@router.get(
    "/things/{int:thing_id}/series/{int:series_id}.csv",
    operation_id="export_series",
    openapi_extra={**OPEN, **CSV},
    tags=TAGS,
)
def export_series(request: HttpRequest, thing_id: int, series_id: int, asked: Query[Asked]) -> Any:
    """The same numbers as a table. Whole: nothing is cut, up to the largest answer."""
    one, expected_s, zone = _attribute(request, thing_id, series_id)
    told = _told(one, asked.model_copy(update={"limit": LARGEST}), expected_s, zone)
    if told.cut is not None:
        raise InvalidInput(
            N_("That is more than {most} lines. Take a longer width or a shorter period."),
            most=LARGEST,
            field="start",
        )
    return table(f"{thing_id}-{series_id}.csv", _rows(told))


def _rows(told: Told) -> Iterator[list[Any]]:
    if told.buckets is not None:
        yield ["start", "count", "avg", "min", "max", "sum"]
        for one in told.buckets:
            numbers = [repr(number) for number in (one.avg, one.min, one.max, one.sum)]
            yield [one.start.isoformat(), one.count, *numbers]
        return
    yield ["at", "number", "value"]
    for point in told.points or []:
        number = "" if point.number is None else repr(point.number)
        yield [point.at.isoformat(), number, "" if point.value is None else cell(str(point.value))]


def table(name: str, rows: Iterable[list[Any]]) -> HttpResponse:
    """Rows as a file of comma-separated values, UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
