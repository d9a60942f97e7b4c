"""Public holidays of the Swiss cantons and of France, computed for any year; names are not needed here.

Switzerland: what each canton treats like a Sunday, from the list of the Federal Office of Justice; what only
a part of a canton keeps is left out. France: Code du travail, art. L3133-1, and in Moselle, Bas-Rhin and
Haut-Rhin art. L3134-13. A table and not a library: that which knows all countries takes 46 MB of memory.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

CANTONS: Final = (
    "AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE",
    "NW", "OW", "SG", "SH", "SO", "SZ", "TG", "TI", "UR", "VD", "VS", "ZG", "ZH",
)  # fmt: skip
#: Départements where 26 December and Good Friday are holidays too.
ALSACE_MOSELLE: Final = ("57", "67", "68")
CALENDARS: Final = (*(f"CH-{one}" for one in CANTONS), "FR", *(f"FR-{one}" for one in ALSACE_MOSELLE))

_CATHOLIC = "AG AI JU LU NW OW SZ TI UR VS ZG"
# (month, day) -> cantons
_FIXED: Final = {
    (1, 1): "*",
    (1, 2): "AG BE JU LU TG VD",
    (1, 6): "SZ TI UR",
    (3, 1): "NE",
    (3, 19): "NW SZ TI UR VS",
    (5, 1): "AG BL BS JU NE SH TG TI ZH",
    (6, 23): "JU",
    (6, 29): "TI",
    (8, 1): "*",
    (8, 15): _CATHOLIC,
    (9, 25): "OW",
    (11, 1): f"{_CATHOLIC} GL SG",
    (12, 8): "AG AI LU NW OW SZ TI UR VS ZG",
    (12, 25): "*",
    (12, 26): "AG AI AR BE BL BS GL GR LU SG SH SZ TG TI UR ZH",
    (12, 31): "GE",
}
# days after Easter Sunday -> cantons, or those that do not ("-")
_MOVING: Final = {
    -2: "- GR TI VS",
    1: "- FR NE NW OW SO VS ZG",
    39: "*",
    50: "- FR NE NW OW SO VS ZG",
    60: f"{_CATHOLIC} NE",
}
_FRANCE: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_SUNDAY, _THURSDAY = 6, 3


@cache
def holidays(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of a year in one of `CALENDARS`; of none other, none."""
    country, _dash, part = calendar.partition("-")
    easter = easter_of(year)
    if country == "CH" and part in CANTONS:
        found = {date(year, *day) for day, where in _FIXED.items() if _keeps(part, where)}
        found |= {easter + timedelta(days) for days, where in _MOVING.items() if _keeps(part, where)}
        return frozenset(found | _of_its_own(part, year, easter))
    if country == "FR" and part in ("", *ALSACE_MOSELLE):
        found = {date(year, *day) for day in _FRANCE} | {easter + timedelta(days) for days in (1, 39, 50)}
        if part:
            found |= {easter - timedelta(2), date(year, 12, 26)}
        return frozenset(found)
    return frozenset()


def easter_of(year: int) -> date:
    """Easter Sunday (Gregorian), by the algorithm of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _keeps(canton: str, where: str) -> bool:
    if where.startswith("-"):
        return canton not in where.split()
    return where == "*" or canton in where.split()


def _of_its_own(canton: str, year: int, easter: date) -> set[date]:
    """Days that a single canton reckons in its own way."""
    if canton == "GE":  # Jeûne genevois: Thursday after the first Sunday of September
        return {_nth(year, 9, _SUNDAY, 1) + timedelta(4)}
    if canton == "VD":  # Monday of the federal fast
        return {_nth(year, 9, _SUNDAY, 3) + timedelta(1)}
    if canton == "GL":  # Näfelser Fahrt: first Thursday of April, a week later in Holy Week
        first = _nth(year, 4, _THURSDAY, 1)
        return {first + timedelta(7) if first == easter - timedelta(3) else first}
    return set()


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (which - 1))


__all__ = ["CALENDARS", "easter_of", "holidays"]
