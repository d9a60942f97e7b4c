"""When a contract's times are up. Values in, values out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

MOST_DAYS = 3660  # further ahead nobody promises anything


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works: on these days of the week (1 is Monday) from then to then, local time."""

    days: frozenset[int]
    start: time
    end: time


def due_at(
    since: datetime,
    hours: Decimal,
    working: Hours | None,
    zone: str,
    holidays: Collection[date] = (),
) -> datetime:
    """The instant at which `hours` since `since` have passed, counted round the clock or while `working`.

    Raises:
        ValueError: nobody ever works.
    """
    left = timedelta(hours=float(hours))
    if working is None:
        return since + left
    here = ZoneInfo(zone)
    day = since.astimezone(here).date()
    for _ in range(MOST_DAYS):
        if day.isoweekday() in working.days and day not in holidays:
            # Instants, not wall clocks: a day on which the clock changes is as long as it really is.
            start = max(datetime.combine(day, working.start, here).astimezone(since.tzinfo), since)
            end = datetime.combine(day, working.end, here).astimezone(since.tzinfo)
            if start < end:
                if left <= end - start:
                    return start + left
                left -= end - start
        day += timedelta(days=1)
    raise ValueError("no working hour within ten years")
