"""A forecast as a value: one reading that says what is expected, told at the instant at which it was made.

Two forms. Pairs, the simplified temporal representation of NGSI-LD (ETSI GS CIM 009, 4.5.9):
`{"values": [[2.1, "2026-11-23T12:00:00Z"], …]}`; and even steps: `{"start": "2026-11-23T12:00:00Z",
"every_s": 3600, "values": [2.1, …]}`. Instants are ISO 8601 with their zone or seconds (milliseconds) since
1970 and ascend; null is a gap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from belvedere.domains.twin.errors import BadForecast
from belvedere.kernel.clock import instant_of
from belvedere.kernel.errors import N_

MOST_VALUES = 1000
LONGEST_STEP_S = 366 * 86_400
#: Of instants, which are shown in local time too: no calendar ends there.
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (1990, 2990))

#: A number expected at an instant (seconds since 1970); NaN for a gap.
Expected = tuple[float, float]


def forecast(value: Any) -> list[Expected]:
    """What is expected when, ascending; raises BadForecast."""
    given = value.get("values") if isinstance(value, Mapping) else None
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_VALUES:
        raise BadForecast(
            N_("A forecast is an object with “values”: 1 to {most} pairs of a number and an instant."),
            most=MOST_VALUES,
        )
    found = list(_steps(value, given) if "start" in value else _pairs(given))
    if any(after[0] <= before[0] for before, after in pairwise(found)):
        raise BadForecast(N_("The instants of a forecast ascend, each only once."))
    if not FIRST <= found[0][0] <= found[-1][0] <= LAST:
        raise BadForecast(N_("The instants of a forecast lie between 1990 and 2990."))
    return found


def forecast_or_none(value: Any) -> list[Expected] | None:
    """What is expected when; None for what is no forecast."""
    try:
        return forecast(value)
    except BadForecast:
        return None


def turned(value: Mapping[str, Any], turn: Callable[[float], float]) -> dict[str, Any]:
    """The same forecast with each number in another unit, of one that `forecast` reads; raises BadForecast
    for a number too large for it."""

    def one(number: float | None) -> float | None:
        return None if number is None else _number(turn(float(number)))

    values = [[one(each[0]), each[1]] if isinstance(each, list) else one(each) for each in value["values"]]
    return {**value, "values": values}


def _pairs(given: list[Any]) -> Iterator[Expected]:
    for one in given:
        if not isinstance(one, list) or len(one) != 2:
            raise BadForecast(N_("Each value of a forecast is a pair of a number and an instant."))
        yield _instant(one[1]), _number(one[0])


def _steps(value: Mapping[str, Any], given: list[Any]) -> Iterator[Expected]:
    every_s = _figure(value.get("every_s"))
    if every_s is None or not 0 < every_s <= LONGEST_STEP_S:
        raise BadForecast(N_("A forecast with “start” says in “every_s” how many seconds lie in between."))
    start = _instant(value["start"])
    for place, one in enumerate(given):
        yield start + place * every_s, _number(one)


def _instant(given: Any) -> float:
    found = instant_of(given)
    if found is None:
        raise BadForecast(N_("“{given}” is no instant with a time zone."), given=_shown(given))
    return found.timestamp()


def _number(given: Any) -> float:
    if given is None:
        return math.nan
    found = _figure(given)
    if found is None:
        raise BadForecast(N_("“{given}” is no number of a forecast."), given=_shown(given))
    return found


def _figure(given: Any) -> float | None:
    """A finite number; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        found = float(given)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _shown(given: Any) -> str:
    return f"{given:.60}" if isinstance(given, str) else type(given).__name__


def range_of(expected: list[Expected]) -> tuple[float, float, datetime] | None:
    """The lowest and the highest number, and until when something is expected; None where nothing is."""
    known = [number for _at, number in expected if math.isfinite(number)]
    if not known:
        return None
    return min(known), max(known), datetime.fromtimestamp(expected[-1][0], UTC)
