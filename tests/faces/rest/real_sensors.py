"""Six files of real sensors, and the ways by which their numbers come out of the product."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.faces.rest.asking import Caller
from tests.realdata import real_data

DAYS = timedelta(days=14)
ZONE = ZoneInfo("Europe/Zurich")


@dataclass(frozen=True)
class Real:
    """`keep`: column and text of the lines taken, `unit`: in which the file writes its numbers."""

    name: str
    kind: str
    term: str
    unit: str
    time: str | int
    number: str | int
    keep: dict[str, str]
    most: int = 5_000
    delimiter: str = ","


METEO = "urn:ogc:def:parameter:x-istsos:1.0:"
SIX = [
    Real(
        "edinburgh_bins_enevo_2016.csv",
        "waste-container",
        "fillingLevel",
        "P1",
        "collected_at",
        "fill_before_pct",
        {"address": "Princes Street"},
    ),
    Real(
        "water_weusedto/feed_WholeHouse.MYD.csv",
        "water-consumption",
        "waterConsumption",
        "LTR",
        0,
        1,
        {},
        2_000,
        " ",
    ),
    Real(
        "water_weusedto/river_water-flow_tecnojest_2022.csv",
        "water-observed",
        "flow",
        "G51",
        "Time",
        "Water flow [l/s]",
        {},
    ),
    Real(
        "air_quality_openaq_2019.csv",
        "air-quality",
        "no2",
        "GQ",
        "date",
        "value",
        {"location": "London Westminster", "parameter": "no2"},
    ),
    Real(
        "meteo_istsos/T_BED.csv",
        "weather",
        "temperature",
        "CEL",
        f"{METEO}time:iso8601",
        f"{METEO}meteo:air:temperature",
        {},
    ),
    Real(
        "nab_traffic/speed_7578.csv", "traffic-flow", "averageVehicleSpeed", "KMH", "timestamp", "value", {}
    ),
]


def lines_of(real: Real) -> list[tuple[datetime, float]]:
    """Read without the product: instants and numbers of the sample, in order; of one instant the first."""
    with real_data(f"sensors/{real.name}").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text, delimiter=real.delimiter))
    head = rows.pop(0) if isinstance(real.time, str) else []
    found: dict[datetime, float] = {}
    for row in rows:
        if any(row[head.index(column)] != kept for column, kept in real.keep.items()):
            continue
        told = row[head.index(real.time) if isinstance(real.time, str) else real.time]
        at = datetime.fromtimestamp(int(told), UTC) if told.isdigit() else datetime.fromisoformat(told)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        number = row[head.index(real.number) if isinstance(real.number, str) else real.number]
        found.setdefault(at.astimezone(UTC), float(number))
    last = max(found)
    return sorted((at, number) for at, number in found.items() if at > last - DAYS)[-real.most :]


def two_hours(at: datetime) -> datetime:
    """The stretch of two hours by the clock on the wall that an instant lies in."""
    local = at.astimezone(ZONE)
    return local.replace(hour=local.hour // 2 * 2, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Ways:
    """The ways by which numbers come out."""

    territory: str
    token: Caller
    browser: Client
    thing_id: int
    series_id: int

    def check(self, expected: list[tuple[datetime, float]], end: datetime) -> None:
        path = f"things/{self.thing_id}/series/{self.series_id}"
        period = f"start={(end - DAYS - timedelta(days=1)).isoformat()}&end={end.isoformat()}&limit=100000"
        period = period.replace("+", "%2B")
        told = self.token.get(f"{path}?{period}").json()["points"]
        assert [(datetime.fromisoformat(one["at"]), one["number"]) for one in told] == expected
        table = self._table(self.token.get(f"{path}.csv?{period}"))
        assert [float(row["number"]) for row in table] == [number for _at, number in expected]
        page = f"/cockpit/{self.territory}/live/things/{self.thing_id}/"
        rows = [row for row in self._table(self.browser.get(f"{page}series.csv")) if row["mean"]]
        stretches: dict[datetime, list[float]] = {}
        for at, number in expected:
            stretches.setdefault(two_hours(at), []).append(number)
        assert [datetime.fromisoformat(row["from"]) for row in rows] == sorted(stretches)
        for row, numbers in zip(rows, [stretches[at] for at in sorted(stretches)], strict=True):
            assert (int(row["readings"]), float(row["lowest"]), float(row["highest"])) == (
                len(numbers),
                min(numbers),
                max(numbers),
            )
            assert float(row["mean"]) == pytest.approx(sum(numbers) / len(numbers), rel=1e-9, abs=1e-9)
        drawn = self.browser.get(page).content.decode()
        body = drawn.partition("data-chart-table")[2].partition("</tbody>")[0]
        cells = [re.findall('data-value="([^"]*)"', row)[:3] for row in body.split("<tr>")[2:]]
        assert [cell for cell in cells if cell[2]] == [
            [row["lowest"], row["highest"], row["mean"]] for row in rows
        ]
        buckets = self.token.get(f"{path}?{period}&width=2h").json()["buckets"]
        assert [one["avg"] for one in buckets] == [float(row["mean"]) for row in rows]

    def _table(self, answer: Any) -> list[dict[str, str]]:
        assert answer.status_code == 200
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
