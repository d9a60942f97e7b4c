"""From the clock on the wall to instants, also on the two days a year when that clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When the clock of `zone` shows that minute of a day (1440: the end of it), in UTC.

    A time that comes twice is its first; one that is skipped is the instant of the jump: instants follow
    each other as the minutes do.
    """
    days, rest = divmod(minute, DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days), time(rest // 60, rest % 60))
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    jumped = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == jumped:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
