"""Sunrise, sunset and civil twilight by coordinates and day, to the minute.

Sources: the equations of NOAA's Solar Calculator (Global Monitoring Laboratory), which are those of
J. Meeus, *Astronomical Algorithms*, 2nd edition, chapters 25 and 28, kept to the low precision. The sun
is taken to rise and set when its middle stands 0.833° below the horizon (0.567° of refraction, 0.266°
of radius), and civil twilight to end at 6°. Valid from 1901 to 2099 within a minute between 65° south and
north; hills are unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

#: Degrees between the zenith and the middle of the sun.
RISING, CIVIL = 90.833, 96.0
_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_CENTURY_S = 36_525 * 86_400.0


class Polar(StrEnum):
    """A day on which the sun does not cross that height."""

    DAY = "day"  # it stays above
    NIGHT = "night"  # it stays below


@dataclass(frozen=True, slots=True)
class SunDay:
    """When the sun comes up to a height and goes below it on a day, in UTC; with `polar`, neither is."""

    noon: datetime
    rises: datetime | None
    sets: datetime | None
    polar: Polar | None = None


@lru_cache(maxsize=4096)
def sun_day(day: date, zone: ZoneInfo, latitude: float, longitude: float, zenith: float = RISING) -> SunDay:
    """The day of the sun around the noon of `day` on the clock of `zone`.

    `latitude` north and `longitude` east of Greenwich, in degrees; `zenith` in degrees.

    Raises:
        ValueError: no place on earth.
    """
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("a latitude is from -90 to 90, a longitude from -180 to 180")
    clock = datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC)
    noon = _noon(clock, longitude)
    rises, polar = _crossing(noon, latitude, zenith, -1)
    sets, _same = _crossing(noon, latitude, zenith, 1)
    if rises is None or sets is None:
        return SunDay(noon, None, None, polar or Polar.DAY)
    return SunDay(noon, rises, sets)


def _noon(near: datetime, longitude: float) -> datetime:
    """The transit of the sun that is nearest to an instant."""
    _declination, equation_min = _sun(near)
    minutes = 720 - 4 * longitude - equation_min
    begun = near.replace(hour=0, minute=0, second=0, microsecond=0)
    found = begun + timedelta(minutes=minutes)
    off = round((near - found) / timedelta(days=1))
    return found + timedelta(days=off)


def _crossing(
    noon: datetime, latitude: float, zenith: float, side: int
) -> tuple[datetime | None, Polar | None]:
    """When the sun crosses the height before (-1) or after (1) noon; asked again at the time found."""
    _declination, equation_at_noon = _sun(noon)
    at = noon
    for _again in range(3):
        declination, equation_min = _sun(at)
        angle, polar = _hour_angle(latitude, declination, zenith)
        if angle is None:
            return None, polar
        at = noon + timedelta(minutes=equation_at_noon - equation_min + 4 * side * angle)
    return at, None


def _hour_angle(latitude: float, declination: float, zenith: float) -> tuple[float | None, Polar | None]:
    """Degrees that the earth turns between noon and the crossing."""
    north, height = math.radians(latitude), math.radians(declination)
    below = math.cos(north) * math.cos(height)
    if abs(below) < 1e-12:  # at a pole
        return None, Polar.DAY if latitude * declination > 0 else Polar.NIGHT
    cosine = math.cos(math.radians(zenith)) / below - math.tan(north) * math.tan(height)
    if cosine > 1:
        return None, Polar.NIGHT
    if cosine < -1:
        return None, Polar.DAY
    return math.degrees(math.acos(cosine)), None


def _sun(at: datetime) -> tuple[float, float]:
    """Declination of the sun in degrees, equation of time in minutes (Meeus 25.2-25.8, 28.3)."""
    t = (at - _J2000).total_seconds() / _CENTURY_S
    mean_longitude = math.radians((280.46646 + t * (36_000.76983 + t * 0.0003032)) % 360)
    anomaly = math.radians(357.52911 + t * (35_999.05029 - 0.0001537 * t))
    eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    centre = (
        math.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
        + math.sin(2 * anomaly) * (0.019993 - 0.000101 * t)
        + math.sin(3 * anomaly) * 0.000289
    )
    node = math.radians(125.04 - 1934.136 * t)
    apparent = mean_longitude + math.radians(centre - 0.00569 - 0.00478 * math.sin(node))
    seconds = 21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))
    obliquity = math.radians(23 + (26 + seconds / 60) / 60 + 0.00256 * math.cos(node))
    declination = math.degrees(math.asin(math.sin(obliquity) * math.sin(apparent)))
    y = math.tan(obliquity / 2) ** 2
    equation = (
        y * math.sin(2 * mean_longitude)
        - 2 * eccentricity * math.sin(anomaly)
        + 4 * eccentricity * y * math.sin(anomaly) * math.cos(2 * mean_longitude)
        - 0.5 * y * y * math.sin(4 * mean_longitude)
        - 1.25 * eccentricity * eccentricity * math.sin(2 * anomaly)
    )
    return declination, 4 * math.degrees(equation)
