"""Figures of packs that are not rules, computed from the history as it is now; nothing is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from belvedere.domains.access.public import Actor
from belvedere.domains.observations.public import hourly, raw
from belvedere.domains.packs import districts
from belvedere.domains.packs.policies import require
from belvedere.domains.packs.tabular import MOST, Column, Row, Table, sees
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import expand_term, watchable
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.science.environment import air, noise, vine, water

Vector = npt.NDArray[np.float64]
NIGHT_OF_POWER = slice(1, 5)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a figure reads: `days` whole local days before today, of these attributes of a kind."""

    title: str
    note: str
    kind: str
    attributes: tuple[str, ...]
    days: int
    columns: tuple[Column, ...]
    compute: Callable[[Mapping[str, Vector]], Sequence[float]]
    all_needed: bool = True


def figures(actor: Actor, territory: TerritoryView, wanted: Collection[str]) -> list[Table]:
    """The figures of a pack, of those things whose values the actor may see; Refused."""
    require(actor, "view", territory.id)
    return [_table(actor, territory, name) for name in wanted]


def _table(actor: Actor, territory: TerritoryView, name: str) -> Table:
    if (whole := TABLES.get(name)) is not None:
        return whole(actor, territory)
    asked = FIGURES[name]
    zone = ZoneInfo(territory.zone)
    last = now().astimezone(zone).date().toordinal()
    names = {expand_term(asked.kind, term): term for term in asked.attributes}
    things = [
        thing
        for thing in watchable(territory.id, kinds={asked.kind}, types=(), attributes=set(names))
        if sees(actor, territory, thing) and (not asked.all_needed or thing.series.keys() >= names.keys())
    ]
    some = things[:MOST]
    ids = {one.series_id for thing in some for one in thing.series.values()}
    first = last - asked.days
    read = _levels if name == "noise_levels" else hourly
    tables = read(sorted(ids), first, last, zone)
    rows = []
    for thing in some:
        found = {
            names[iri]: tables[one.series_id] for iri, one in thing.series.items() if one.series_id in tables
        }
        if not found or (asked.all_needed and len(found) < len(names)):
            continue
        values = tuple(value if math.isfinite(value) else None for value in asked.compute(found))
        rows.append(Row(thing.entity_id, thing.names, thing.kind, values))
    rows.sort(key=lambda row: (row.values[0] is None, -(row.values[0] or 0.0), row.entity_id))
    return Table(asked.title, asked.note, asked.columns, tuple(rows), asked.days, len(things) - len(some))


def _levels(ids: Sequence[int], first: int, last: int, zone: ZoneInfo) -> dict[int, Vector]:
    """The level of each hour: its mean energy, from the readings themselves."""
    start, end = (datetime.fromordinal(day).replace(tzinfo=zone) for day in (first, last))
    found: dict[int, Vector] = {}
    for series_id, rows in raw(ids, start, end).items():
        cells: dict[tuple[int, int], list[float]] = {}
        for row in rows:
            if row.number is not None:
                local = datetime.fromtimestamp(row.observed_us / 1e6, UTC).astimezone(zone)
                cells.setdefault((local.toordinal() - first, local.hour), []).append(row.number)
        table = np.full((last - first, noise.HOURS), np.nan)
        for (day, hour), levels in cells.items():
            table[day, hour] = noise.mean_level(np.array(levels))
        found[series_id] = table
    return found


# Each gives a value a column.


def _air(told: Mapping[str, Vector]) -> Sequence[float]:
    nothing = np.full((1, air.HOURS), np.nan)
    no2, o3 = told.get("no2", nothing), told.get("o3", nothing)
    pm10, pm25 = told.get("pm10", nothing), told.get("pm25", nothing)
    ozone, dust = air.daily_eight_hours(o3), air.daily_means(pm10)
    return (
        _mean(no2),
        _counted(no2, 200.0),
        _counted(ozone, 120.0),
        _mean(pm10),
        _counted(dust, 50.0),
        _mean(pm25),
    )


def _noise(told: Mapping[str, Vector]) -> Sequence[float]:
    table = told["LAeq"]
    hours = np.tile(np.arange(noise.HOURS), len(table))
    day, evening, night = noise.of_periods(hours, table.ravel())
    return noise.den(day, evening, night), day, evening, night


def _night_flow(told: Mapping[str, Vector]) -> Sequence[float]:
    table = told["minFlow"]
    nights = water.night_flows(table)
    known = nights[np.isfinite(nights)]
    lowest = float(np.median(known)) if len(known) else math.nan
    mean = _mean(table)
    return lowest, mean, lowest / mean * 100 if mean > 0 else math.nan, float((known > 0).sum())


def _building(told: Mapping[str, Vector]) -> Sequence[float]:
    steps = water.taken(told["waterConsumption"].ravel())
    known = steps[np.isfinite(steps)]
    if not len(known):
        return math.nan, math.nan
    return float(known.sum()) / 1000, float(len(known)) / len(steps) * 100


def _night_power(told: Mapping[str, Vector]) -> Sequence[float]:
    table = told["totalActivePower"]
    night, whole = _mean(table[:, NIGHT_OF_POWER]), _mean(table)
    return night / whole * 100 if whole > 0 else math.nan, night / 1000, whole / 1000


def _vine(told: Mapping[str, Vector]) -> Sequence[float]:
    temperature = told["temperature"]
    wet = vine.wet_bulb_cel(temperature, told["relativeHumidity"])
    rain = told["precipitation"]
    known = np.isfinite(rain).sum(axis=1) >= air.LEAST_OF_DAY
    sums = np.where(known, np.nansum(rain, axis=1), np.nan)
    tens = vine.three_tens(sums, air.daily_means(temperature))
    lowest = float(np.nanmin(wet)) if np.isfinite(wet).any() else math.nan
    frosty = float((wet < 0).sum())
    return frosty, lowest, float(np.nansum(sums)), float(tens.sum())


def _mean(table: Vector) -> float:
    return float(np.nanmean(table)) if np.isfinite(table).any() else math.nan


def _counted(values: Vector, limit: float) -> float:
    return float(air.above(values, limit)) if np.isfinite(values).any() else math.nan


FIGURES: Final[Mapping[str, _Asked]] = {
    "air_limits": _Asked(
        N_("Air against its limits"),
        N_("Directive 2008/50/EC; a day needs 18 hours, means of a year are held against these days."),
        "air-quality",
        ("no2", "o3", "pm10", "pm25"),
        30,
        (
            Column(N_("NO₂, mean"), "µg/m³", 40),
            Column(N_("NO₂, hours above 200"), "", 18, 0),
            Column(N_("O₃, days above 120 over 8 h"), "", 25, 0),
            Column(N_("PM10, mean"), "µg/m³", 40),
            Column(N_("PM10, days above 50"), "", 35, 0),
            Column(N_("PM2.5, mean"), "µg/m³", 25),
        ),
        _air,
        all_needed=False,
    ),
    "noise_levels": _Asked(
        N_("Levels of noise"),
        N_("Mean energies; Lden as in directive 2002/49/EC, limit 68 dB(A) for roads in France."),
        "noise-level",
        ("LAeq",),
        7,
        (
            Column("Lden", "dB(A)", 68),
            Column(N_("Day 6–18 h"), "dB(A)"),
            Column(N_("Evening 18–22 h"), "dB(A)"),
            Column(N_("Night 22–6 h"), "dB(A)", 62),
        ),
        _noise,
    ),
    "night_flow": _Asked(
        N_("Minimum night flow"),
        N_(
            "The lowest mean of an hour from 2 to 4 h, the middle of these nights. Never zero: a leak likely."
        ),
        "water-consumption",
        ("minFlow",),
        7,
        (
            Column(N_("Minimum night flow"), "l/h"),
            Column(N_("Mean flow"), "l/h"),
            Column(N_("Share of the mean"), "%", None, 0),
            Column(N_("Nights that were never still"), "", None, 0),
        ),
        _night_flow,
    ),
    "building_water": _Asked(
        N_("Water taken"),
        N_("From the index of each meter, hour by hour; hours that were not heard are not guessed."),
        "water-consumption",
        ("waterConsumption",),
        7,
        (Column(N_("Taken"), "m³"), Column(N_("Hours known"), "%", None, 0)),
        _building,
    ),
    "night_power": _Asked(
        N_("Base load of the night"),
        N_("Mean power from 1 to 5 h against the mean of the day."),
        "three-phase",
        ("totalActivePower",),
        7,
        (
            Column(N_("Night against the mean"), "%", None, 0),
            Column(N_("Night"), "kW"),
            Column(N_("Mean"), "kW"),
        ),
        _night_power,
    ),
    "vine": _Asked(
        N_("Frost and three tens"),
        N_("Hours of wet-bulb frost, days of the three tens; shoots of 10 cm are for people to see."),
        "weather",
        ("temperature", "relativeHumidity", "precipitation"),
        14,
        (
            Column(N_("Hours of wet-bulb frost"), "", None, 0),
            Column(N_("Lowest wet bulb"), "°C"),
            Column(N_("Rain"), "mm"),
            Column(N_("Days of three tens"), "", None, 0),
        ),
        _vine,
    ),
}

#: Those that are not computed thing by thing.
TABLES: Final[Mapping[str, Callable[[Actor, TerritoryView], Table]]] = {"districts": districts.table}
NAMES: Final = FIGURES.keys() | TABLES.keys()
