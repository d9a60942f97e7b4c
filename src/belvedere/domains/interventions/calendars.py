"""Days on which nobody's contract runs, as far as the platform knows a territory."""

from __future__ import annotations

from datetime import date
from functools import cache

from belvedere.kernel.holidays import CANTONS, holidays


@cache
def common_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of this year and the next that all of the country keep: a territory does not say
    in which canton or département it lies."""
    found: set[date] = set()
    for one in (year, year + 1):
        if country == "FR":
            found |= holidays("FR", one)
        elif country == "CH":
            found |= frozenset.intersection(*(holidays(f"CH-{canton}", one) for canton in CANTONS))
    return frozenset(found)
