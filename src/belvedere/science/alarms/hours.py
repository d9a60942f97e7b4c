"""When a rule applies: the hours and days that it leaves out, on the clock of a place.

Instants are seconds since 1970; hours are those of the local clock, summer time included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

FARTHEST_DAYS = 400
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """From a minute of the day to another one (of the next day when it is not later), on these weekdays
    (1 is Monday)."""

    days: frozenset[int]
    start: int
    end: int


@dataclass(slots=True)
class Schedule:
    """The hours that are left out, and the days for which `is_free` says so."""

    zone: ZoneInfo
    spans: Sequence[Span] = ()
    is_free: Callable[[date], bool] | None = None
    _known: tuple[float, float, bool] = field(default=(math.inf, -math.inf, True), repr=False)

    def at(self, instant: float) -> tuple[bool, float]:
        """Whether the rule applies at an instant, and until when that stays so (infinity: for ever)."""
        start, end, applies = self._known
        if not start <= instant < end:
            self._known = start, end, applies = self._around(instant)
        return applies, end

    def _around(self, instant: float) -> tuple[float, float, bool]:
        """The stretch about an instant in which nothing changes."""
        if not self.spans and self.is_free is None:
            return -math.inf, math.inf, True
        applies, since = True, instant
        until = -math.inf  # of what is left out about the instant
        for start, end in self._left_out(instant):
            if start <= instant:
                if end > instant:
                    applies, until = False, max(until, end)
            elif applies:
                return since, start, True
            elif start <= until:
                until = max(until, end)
            else:
                break
        return (since, until, False) if not applies else (since, math.inf, True)

    def _left_out(self, instant: float) -> Iterator[tuple[float, float]]:
        """What is left out from the day before an instant on, by its beginning."""
        today = datetime.fromtimestamp(instant, self.zone).date()
        for number in range(-1, FARTHEST_DAYS):
            day = today + timedelta(number)
            found = [
                (self._instant(day, one.start), self._instant(day, _after(one)))
                for one in self.spans
                if day.isoweekday() in one.days
            ]
            if self.is_free is not None and self.is_free(day):
                found.append((self._instant(day, 0), self._instant(day, DAY_MINUTES)))
            yield from sorted(found)

    def _instant(self, day: date, minute: int) -> float:
        days, rest = divmod(minute, DAY_MINUTES)
        day += timedelta(days)
        return datetime(day.year, day.month, day.day, rest // 60, rest % 60, tzinfo=self.zone).timestamp()


def _after(span: Span) -> int:
    return span.end if span.end > span.start else span.end + DAY_MINUTES
