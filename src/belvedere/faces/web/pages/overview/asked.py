"""What the page is asked: until when decisions are looked for, since when changes are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import QueryDict

DAYS = (7, 30, 90)
# So near the end of the year, "by the end of the year" would leave the months ahead unsaid.
NEAR_DAYS = 14
FIRST_DAYS = 30  # told to who comes for the first time


@dataclass(frozen=True, slots=True)
class Asked:
    """`until`: last day looked at, `by` how asked; `since`: where changes begin, `days` 0: the last visit."""

    by: str
    until: date
    days: int
    since: datetime
    before: datetime | None
    mine: bool  # only what the person's own organisations carry

    def query(self, *, by: str = "", days: int | None = None, mine: bool | None = None) -> str:
        """The address with one of the two asked otherwise."""
        asked = QueryDict(mutable=True)
        if (by or self.by) != "year":
            asked["by"] = by or self.by
        if chosen := self.days if days is None else days:
            asked["days"] = str(chosen)
        if self.mine if mine is None else mine:
            asked["mine"] = "1"
        return f"?{asked.urlencode()}" if asked else "?"


def asked_of(given: QueryDict, *, moment: datetime, day: date, before: datetime | None) -> Asked:
    """What is asked; anything unknown is the default. `before`: when the visit before ended."""
    by = "months" if given.get("by") == "months" else "year"
    days = next((one for one in DAYS if given.get("days") == str(one)), 0)
    since = moment - timedelta(days=days or FIRST_DAYS) if days or before is None else before
    return Asked(by, _until(by, day), days, since, before, "mine" in given)


def _until(by: str, day: date) -> date:
    if by == "months":
        return day + timedelta(days=365)
    end = date(day.year, 12, 31)
    return end if (end - day).days >= NEAR_DAYS else date(day.year + 1, 12, 31)
