"""What can go wrong with rosters and plans of climbing."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchRoster(NotFound):
    default_code = "no_such_roster"


class NoSuchPlan(NotFound):
    default_code = "no_such_plan"


class NoSuchFeed(NotFound):
    default_code = "no_such_feed"


class BadCalendar(InvalidInput):
    default_code = "bad_calendar"


class BadRoster(InvalidInput):
    default_code = "bad_roster"


class BadPlan(InvalidInput):
    default_code = "bad_plan"


class ChangedMeanwhile(Conflict):
    """Somebody changed it since it was read."""

    default_code = "changed_meanwhile"
