"""Units of values by their UN/CEFACT codes (Recommendation 20), and how they convert.

Only codes of one quantity convert; a code that is not listed converts to itself alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from belvedere.domains.twin.values import Target


@dataclass(frozen=True, slots=True)
class Unit:
    """`symbol` is written after the number; base of the quantity = number × `factor` + `offset`."""

    symbol: str
    quantity: str
    factor: float = 1.0
    offset: float = 0.0


UNITS: dict[str, Unit] = {
    "C62": Unit("", "share"),
    "P1": Unit("%", "share", 0.01),
    "NX": Unit("‰", "share", 0.001),
    "CEL": Unit("°C", "temperature"),
    "KEL": Unit("K", "temperature", 1.0, -273.15),
    "FAH": Unit("°F", "temperature", 5 / 9, -160 / 9),
    "MTR": Unit("m", "length"),
    "KMT": Unit("km", "length", 1000.0),
    "CMT": Unit("cm", "length", 0.01),
    "MMT": Unit("mm", "length", 0.001),
    "MTK": Unit("m²", "area"),
    "MTQ": Unit("m³", "volume"),
    "LTR": Unit("l", "volume", 0.001),
    "KGM": Unit("kg", "mass"),
    "GRM": Unit("g", "mass", 0.001),
    "TNE": Unit("t", "mass", 1000.0),
    "MTS": Unit("m/s", "speed"),
    "KMH": Unit("km/h", "speed", 1 / 3.6),
    "KNT": Unit("kn", "speed", 1852 / 3600),
    "MQS": Unit("m³/s", "flow"),
    "MQH": Unit("m³/h", "flow", 1 / 3600),
    "E32": Unit("l/h", "flow", 1 / 3_600_000),
    "G51": Unit("l/s", "flow", 0.001),
    "L2": Unit("l/min", "flow", 1 / 60_000),
    "A97": Unit("hPa", "pressure", 100.0),
    "PAL": Unit("Pa", "pressure"),
    "KPA": Unit("kPa", "pressure", 1000.0),
    "MBR": Unit("mbar", "pressure", 100.0),
    "BAR": Unit("bar", "pressure", 100_000.0),
    "GQ": Unit("µg/m³", "mass concentration", 1e-6),
    "GP": Unit("mg/m³", "mass concentration", 1e-3),
    "M1": Unit("mg/l", "mass concentration", 1.0),
    "59": Unit("ppm", "mixing ratio"),
    "61": Unit("ppb", "mixing ratio", 0.001),
    "2N": Unit("dB", "level"),
    "DBM": Unit("dBm", "signal"),
    "DD": Unit("°", "angle"),
    "C81": Unit("rad", "angle", 180 / math.pi),
    "SEC": Unit("s", "duration"),
    "MIN": Unit("min", "duration", 60.0),
    "HUR": Unit("h", "duration", 3600.0),
    "DAY": Unit("d", "duration", 86_400.0),
    "WTT": Unit("W", "power"),
    "KWT": Unit("kW", "power", 1000.0),
    "D44": Unit("var", "reactive power"),
    "KVR": Unit("kvar", "reactive power", 1000.0),
    "D46": Unit("VA", "apparent power"),
    "KVA": Unit("kVA", "apparent power", 1000.0),
    "WHR": Unit("Wh", "energy", 0.001),
    "KWH": Unit("kWh", "energy"),
    "MWH": Unit("MWh", "energy", 1000.0),
    "K3": Unit("kvarh", "reactive energy"),
    "C79": Unit("kVAh", "apparent energy"),
    "VLT": Unit("V", "tension"),
    "2Z": Unit("mV", "tension", 0.001),
    "AMP": Unit("A", "current"),
    "4K": Unit("mA", "current", 0.001),
    "HTZ": Unit("Hz", "frequency"),
    "LUX": Unit("lx", "illuminance"),
    "D54": Unit("W/m²", "irradiance"),
    "D10": Unit("S/m", "conductivity"),
}


def symbol(code: str) -> str:
    """What is written after a number in this unit; the code itself where it is not known."""
    unit = UNITS.get(code)
    return unit.symbol if unit is not None else code


def conversion(given: str, kept: str) -> tuple[float, float] | None:
    """Factor and offset from one unit to another (kept = given × factor + offset); None: not one quantity."""
    if given == kept:
        return (1.0, 0.0)
    one, other = UNITS.get(given), UNITS.get(kept)
    if one is None or other is None or one.quantity != other.quantity:
        return None
    return (one.factor / other.factor, (one.offset - other.offset) / other.factor)


def to_stored(target: Target, number: float, unit: str = "") -> float | None:
    """`number` of a message as it is kept; None when the unit that the message names does not fit.

    Without a unit the mapping of the device says what the number means.
    """
    if not unit:
        return number * target.factor + target.offset
    turned = conversion(unit, target.unit)
    if turned is None:
        return None
    factor, offset = turned
    return number * factor + offset
