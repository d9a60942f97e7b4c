"""Quiet hours: from a minute of the day until another one, on the clock of a place, on some days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from belvedere.science.rosters import instants

EVERY_DAY: Final = frozenset(range(1, 8))


def quiet_until(
    at: datetime, zone: ZoneInfo, since: int, until: int, days: Collection[int] = EVERY_DAY
) -> datetime | None:
    """The end of the quiet hours that `at` falls in, or None. They begin on these days (1 is Monday) at the
    minute `since` and last until the next minute `until` of the day; the same minute twice: never."""
    length = (until - since) % instants.DAY_MINUTES
    here = at.astimezone(zone).date()
    for day in (here - timedelta(1), here):
        if not length or day.isoweekday() not in days:
            continue
        begin, end = (instants.instant(day, minute, zone) for minute in (since, since + length))
        if begin <= at < end:
            return end
    return None
