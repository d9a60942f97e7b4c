"""What the demo's devices measure, kind by kind: numbers with their days, weeks and seasons.

Not for what goes wrong on their way: see `live_faults`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from belvedere.demo.live_world import (
    DAY_US,
    HOUR_US,
    Devices,
    Flags,
    Floats,
    Instants,
    Ints,
    World,
    between,
    fronts,
    instants,
    is_night,
    luck,
    rain,
    rush,
    season,
    spell,
    warmth,
    wave,
)

Numbers = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Kind:
    """How many of 2,000 are of this kind, how often they tell, who sees them, what people call them."""

    share: int
    interval_s: int
    is_public: bool
    french: str
    german: str


KINDS: Mapping[str, Kind] = {
    "waste-container": Kind(640, 3600, False, "Écopoint", "Sammelstelle"),
    "streetlight": Kind(620, 3600, False, "Éclairage", "Beleuchtung"),
    "off-street-parking": Kind(30, 300, True, "Parking", "Parkplatz"),
    "air-quality": Kind(40, 3600, True, "Station de l’air", "Luftmessstation"),
    "noise-level": Kind(60, 900, True, "Mesure du bruit", "Lärmmessung"),
    "traffic-flow": Kind(100, 900, False, "Comptage", "Verkehrszählung"),
    "water-observed": Kind(40, 900, True, "Niveau d’eau", "Wasserstand"),
    "weather": Kind(30, 900, True, "Station météo", "Wetterstation"),
    "water-consumption": Kind(400, 3600, False, "Compteur d’eau", "Wasserzähler"),
    "crowd-flow": Kind(40, 900, False, "Passage de personnes", "Personenzählung"),
}
# Bins that call for somebody when the demo is filled, by number.
FULL: Mapping[int, float] = {0: 0.98, 3: 0.97, 1: 0.86, 5: 0.83, 7: 0.81}
WEEK = np.array([0.9, 0.85, 0.9, 0.95, 1.1, 1.35, 0.95])  # what people throw away, by weekday
_BEFORE = np.concatenate([[0.0], np.cumsum(WEEK)[:-1]])
FULL_CYCLE, FULL_LEFT = 9.0, 2.0  # days between two emptyings of those, and to the next one


def told(world: World, devices: Devices, us: Ints) -> Numbers:
    """What each device measures at its instants, by term: arrays of the shape of `us`, rounded."""
    when = instants(world, us)
    measured = _MEASURE[devices.kind](world, devices, when)
    return {term: np.broadcast_to(values, us.shape) for term, values in measured.items()}


def _rounded(values: npt.ArrayLike, digits: int = 0) -> Floats:
    found: Floats = np.asarray(values, np.float64).round(digits)
    return found


def _around(devices: Devices, when: Instants, salt: int, spread: float) -> Floats:
    """Noise of a sensor: another one at each instant."""
    return between(-spread, spread, devices.seeds, salt, when.us)


# ------------------------------------------------------------------ kinds
def _bins(world: World, devices: Devices, when: Instants) -> Numbers:
    level = _filling(world, devices, when) + _around(devices, when, 1, 0.004)
    worn = 0.35 * luck(devices.seeds, 2) + (when.us - world.birth_us) / DAY_US * 0.0004
    battery = np.where(devices.numbers == 6, 0.07, np.clip(0.97 - worn, 0.12, 1.0))
    return {
        "fillingLevel": _rounded(np.clip(level, 0.0, 0.99), 3),
        "temperature": _rounded(warmth(when) + 2 + _around(devices, when, 3, 1.2), 1),
        "batteryLevel": _rounded(battery, 2),
    }


def _thrown(days: Floats) -> Floats:
    """What was thrown away up to then, in average days: more on Saturdays, hardly anything at night."""
    day = np.floor(days)
    weekday = (day.astype(np.int64) + 3) % 7
    passed = days - day
    part = passed - np.sin(2 * np.pi * (passed - 0.1)) / (2 * np.pi) + np.sin(-0.2 * np.pi) / (2 * np.pi)
    found: Floats = (day - weekday) + _BEFORE[weekday] + WEEK[weekday] * part
    return found


def _filling(world: World, devices: Devices, when: Instants) -> Floats:
    """It fills as people throw away, and is emptied every few days in the morning."""
    seeds, wanted = devices.seeds, np.zeros(devices.numbers.shape)
    for number, share in FULL.items():
        wanted = np.where(devices.numbers == number, share, wanted)
    known = wanted > 0
    cycle = np.where(known, FULL_CYCLE, 2 + np.floor(5 * luck(seeds, 10)))
    hour = between(6.5, 11.5, seeds, 11)
    birth = instants(world, np.full((1, 1), world.birth_us)).days
    first = np.where(
        known, birth - FULL_CYCLE + FULL_LEFT, np.floor(birth) + np.floor(9 * luck(seeds, 12)) + hour / 24
    )
    turn = np.floor((when.days - first) / cycle)
    began = _thrown(first + turn * cycle)
    part = (_thrown(when.days) - began) / (_thrown(first + (turn + 1) * cycle) - began)
    usual = between(0.5, 0.92, seeds, 13) * between(0.88, 1.12, seeds, 14, turn)
    usual = np.where(luck(seeds, 15, turn) < 0.03, 1.05, usual)  # a week like no other
    at_birth = (_thrown(birth) - _thrown(first)) / (_thrown(first + cycle) - _thrown(first))
    peak = np.where(known & (turn == 0), wanted / np.where(known, at_birth, 1.0), usual)
    found: Floats = part * peak
    return found


def is_broken(world: World, devices: Devices, us: Ints) -> Flags:
    """Whether a lamp does not burn when it should: the third one since the eve, others for some days."""
    third = (devices.numbers == 2) & (us > world.birth_us - 34 * HOUR_US) & (us < world.birth_us + 5 * DAY_US)
    found: Flags = third | (spell(devices.seeds, 20, us, 90, 0.1, (2, 5)) >= 0)
    return found


def full_w(devices: Devices) -> Floats:
    """The power of each lamp at full light, in watts."""
    return between(28, 62, devices.seeds, 22)


def _lamps(world: World, devices: Devices, when: Instants) -> Numbers:
    burns = is_night(when) & ~is_broken(world, devices, when.us)
    dimmed = np.where((when.hour < 5) & (luck(devices.seeds, 21) < 0.8), 0.5, 1.0)
    level = np.where(burns, dimmed, 0.0)
    watts = full_w(devices) * level + 0.4
    return {
        "illuminanceLevel": level,
        "powerConsumption": _rounded(watts + np.where(burns, _around(devices, when, 23, 0.6), 0.0), 1),
    }


def _parkings(world: World, devices: Devices, when: Instants) -> Numbers:
    spots = np.where(
        devices.numbers < 4, 120 + 80 * devices.numbers, np.floor(between(40, 320, devices.seeds, 30))
    )
    busy = np.where(devices.numbers == 0, 0.68, between(0.3, 0.6, devices.seeds, 31))
    of_visitors = luck(devices.seeds, 32) < 0.4  # full at weekends; the others on working days
    day = np.where(when.is_weekend == of_visitors, 1.0, 0.55)
    share = 0.22 + busy * day * wave(when.hour, 13) ** 1.3
    drift = 0.03 * np.sin(when.us / HOUR_US * 1.7 + 6 * luck(devices.seeds, 33))
    share = np.clip(share + drift + _around(devices, when, 34, 0.01), 0.0, 0.97)
    taken = _rounded(spots * share)
    return {
        "availableSpotNumber": spots - taken,
        "occupiedSpotNumber": taken,
        "occupancy": _rounded(taken / spots, 3),
    }


def _air(world: World, devices: Devices, when: Instants) -> Numbers:
    still = 1.25 - 0.6 * fronts(when.us)  # under high pressure nothing is carried off
    near = between(0.6, 1.25, devices.seeds, 40)
    raw: Floats = (9 + 30 * rush(when)) * near * still * (1 - 0.2 * season(when)) + _around(
        devices, when, 41, 2.5
    )
    no2 = _rounded(np.maximum(1.0, raw), 1)
    o3 = 35 + (45 + 30 * season(when)) * wave(when.hour, 16) - 0.5 * no2 + _around(devices, when, 42, 3)
    pm10 = (12 - 5 * season(when)) * still + 0.25 * no2 + _around(devices, when, 43, 2)
    return {
        "no2": no2,
        "o3": _rounded(np.maximum(2.0, o3), 1),
        "pm10": _rounded(np.maximum(1.0, pm10), 1),
        "temperature": _rounded(warmth(when) + _around(devices, when, 44, 0.6), 1),
    }


def _noise(world: World, devices: Devices, when: Instants) -> Numbers:
    base = between(40, 46, devices.seeds, 50) + np.where(devices.numbers == 0, 5.0, 0.0)
    loud = base + 9 * wave(when.hour, 14) + 7 * rush(when) + _around(devices, when, 51, 2)
    # Something passes by: nearly never, and loud.
    peak = loud + between(8, 16, devices.seeds, 52, when.us)
    return {"LAeq": _rounded(loud, 1), "LAmax": _rounded(peak, 1)}


def _traffic(world: World, devices: Devices, when: Instants) -> Numbers:
    most = between(180, 1100, devices.seeds, 60)
    cars = _rounded(most * (0.04 + rush(when)) * (1 + _around(devices, when, 61, 0.1)))
    speed = between(48, 78, devices.seeds, 62) - 14 * cars / most + _around(devices, when, 63, 2)
    return {"intensity": cars, "averageVehicleSpeed": _rounded(speed, 1)}


def _waters(world: World, devices: Devices, when: Instants) -> Numbers:
    melt = np.maximum(0.0, season(when))
    # What fell in the last hours comes down the valleys.
    rained = sum(rain(when.us - hours * HOUR_US) for hours in (3, 8, 14, 22)) / 4
    base = between(0.45, 1.1, devices.seeds, 70)
    height = base * (1 + 0.9 * melt + 0.25 * rained) + 0.05 * melt * wave(when.hour, 20)
    height = height + _around(devices, when, 71, 0.012)
    flow = between(6, 24, devices.seeds, 72) * (height / base) ** 1.7
    return {"waterLevel": _rounded(height, 2), "flow": _rounded(flow, 1)}


def _weather(world: World, devices: Devices, when: Instants) -> Numbers:
    cold = between(0, 7, devices.seeds, 80)  # some stand higher up
    degrees = warmth(when) - cold + _around(devices, when, 81, 0.4)
    broken = (devices.numbers == 1) & (when.us > world.birth_us - 2 * HOUR_US)
    broken = broken & (when.us < world.birth_us + 3 * DAY_US)  # a broken wire: out of bounds
    damp = (
        0.5 + 0.35 * fronts(when.us) - 0.18 * (wave(when.hour, 15) - 0.5) + _around(devices, when, 82, 0.03)
    )
    foehn = 3 * wave(when.hour, 16) + 6 * np.maximum(0, fronts(when.us + 12 * HOUR_US) - 0.6)
    wind = foehn * between(0.6, 1.3, devices.seeds, 83) * (1 + _around(devices, when, 84, 0.3))
    wet = rain(when.us) * between(0.7, 1.3, devices.seeds, 85)
    return {
        "temperature": np.where(broken, -88.0, _rounded(degrees, 1)),
        "relativeHumidity": _rounded(np.clip(damp, 0.15, 1.0), 2),
        "windSpeed": _rounded(np.maximum(0.0, wind), 1),
        "precipitation": _rounded(wet, 1),
    }


def _meters(world: World, devices: Devices, when: Instants) -> Numbers:
    leaks = (devices.numbers == 1) & (when.us > world.birth_us - 2 * DAY_US)
    leaks = leaks & (when.us < world.birth_us + 5 * DAY_US)
    leaks = leaks | (spell(devices.seeds, 90, when.us, 60, 0.06, (1, 4)) >= 0)
    used = between(60, 260, devices.seeds, 93) * (rush(when) + 0.05 + 0.15 * wave(when.hour, 13))
    used = used * (1 + _around(devices, when, 94, 0.35))
    lost = np.where(leaks, between(7, 14, devices.seeds, 95), between(0, 0.8, devices.seeds, 96, when.us))
    return {
        "waterConsumption": _rounded(used + np.where(leaks, lost * 60, 0.0)),
        "minFlow": _rounded(lost, 1),
    }


def _crowds(world: World, devices: Devices, when: Instants) -> Numbers:
    most = between(30, 260, devices.seeds, 97)
    market = np.where((when.weekday == 4) & (when.hour > 8) & (when.hour < 14), 1.6, 1.0)
    free = np.where(when.weekday == 5, 1.3, np.where(when.weekday == 6, 0.7, 1.0))
    dry = 1 - np.minimum(0.5, rain(when.us))
    people = most * (wave(when.hour, 15) ** 2 + 0.25 * rush(when)) * market * free * dry
    return {"peopleCount": _rounded(people * (1 + _around(devices, when, 98, 0.2)))}


_MEASURE: Mapping[str, Callable[[World, Devices, Instants], Numbers]] = {
    "waste-container": _bins,
    "streetlight": _lamps,
    "off-street-parking": _parkings,
    "air-quality": _air,
    "noise-level": _noise,
    "traffic-flow": _traffic,
    "water-observed": _waters,
    "weather": _weather,
    "water-consumption": _meters,
    "crowd-flow": _crowds,
}
