"""Conflicts of works in words: what it is, what it costs to do nothing, the one thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil
from uuid import UUID

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.coordination.public import Advice, Conflict, Kind, Place, State
from belvedere.domains.plans.public import works
from belvedere.faces.web import formats

KINDS = {
    Kind.SECOND_TIME: _("Opened a second time"),
    Kind.SAME_TIME: _("At the same time"),
    Kind.JOINED: _("Joined"),
}
STATES = {
    State.TO_COORDINATE: _("To coordinate"),
    State.COORDINATED: _("Coordinated"),
    State.NO_CONFLICT: _("Not a conflict"),
}
LEVELS = {State.TO_COORDINATE: "warn", State.COORDINATED: "ok", State.NO_CONFLICT: "info"}
DAYS_A_MONTH = 30.44
# How near the day of decision is, in days, for each level.
PRESSING = ((184, "critical"), (730, "major"), (1461, "warn"))


@dataclass(frozen=True, slots=True)
class Named:
    """Titles and owners in the reader's language."""

    titles: dict[UUID, str]
    owners: dict[UUID, str]

    def title(self, one: works.MeasureWorks) -> str:
        return self.titles.get(one.id, "")

    def owner(self, one: works.MeasureWorks) -> str:
        return self.owners.get(one.owner_id, "")


def period(one: works.MeasureWorks) -> str:
    """“March to October 2027” as two dates; years alone where only the money is dated."""
    if not one.dated:
        if one.start.year == one.end.year:
            return str(one.start.year)
        return gettext("%(start)s to %(end)s") % {"start": one.start.year, "end": one.end.year}
    return gettext("%(start)s to %(end)s") % {
        "start": formats.day(one.start, "month"),
        "end": formats.day(one.end, "month"),
    }


def place(found: Conflict) -> str:
    """Where they meet."""
    shared = round(found.stretch_m / 10) * 10
    if found.place is not Place.SAME_ROAD and shared:
        said = {"n": formats.number(shared), "road": found.road}
        if found.road:
            return gettext("over %(n)s m, %(road)s") % said
        return gettext("over %(n)s m") % said
    if found.place is Place.OVERLAP:
        return (
            gettext("on the same ground, %(road)s") % {"road": found.road}
            if found.road
            else gettext("on the same ground")
        )
    if found.road and found.distance_m < 1:
        return gettext("end to end on %(road)s") % {"road": found.road}
    apart = formats.number(max(1, round(found.distance_m)))
    if found.road:
        return gettext("%(n)s m apart on %(road)s") % {"n": apart, "road": found.road}
    if found.place is Place.SAME_ROAD:
        return gettext("%(n)s m apart on the same road") % {"n": apart}
    return gettext("%(n)s m apart") % {"n": apart}


def cost(found: Conflict) -> str:
    """What happens if nothing is agreed."""
    first, second = found.first, found.second
    if found.gap_days > 0:
        years = second.start.year - first.start.year
        said = {"n": max(1, years), "first": first.start.year, "second": second.start.year}
        if not years:
            return gettext("If nothing is agreed, the ground is opened twice in %(first)s.") % said
        return (
            ngettext(
                "If nothing is agreed, the ground is opened twice within %(n)s year: in %(first)s, then in "
                "%(second)s.",
                "If nothing is agreed, the ground is opened twice within %(n)s years: in %(first)s, then in "
                "%(second)s.",
                said["n"],
            )
            % said
        )
    start, end = together(found)
    months = max(1, ceil(((end - start).days + 1) / DAYS_A_MONTH))
    return ngettext(
        "If nothing is agreed, two works sites are in each other’s way for %(n)s month, from %(start)s on.",
        "If nothing is agreed, two works sites are in each other’s way for %(n)s months, from %(start)s on.",
        months,
    ) % {"n": months, "start": formats.day(start, "month")}


def together(found: Conflict) -> tuple[date, date]:
    """The time in which both are at work."""
    return max(found.first.start, found.second.start), min(found.first.end, found.second.end)


def advice(found: Conflict, named: Named) -> str:
    """The one thing to do, with its dates."""
    first, second = named.title(found.first), named.title(found.second)
    said = {"first": first, "second": second, "period": period(found.first), "later": period(found.second)}
    match found.advice:
        case Advice.ADVANCE:
            said["year"] = str(found.first.start.year)
            return gettext("Do “%(second)s” with “%(first)s” in %(year)s (%(period)s).") % said
        case Advice.TAKE_IN:
            said["end"] = formats.day(found.first.end, "month")
            return (
                gettext(
                    "“%(first)s” is being built until %(end)s: take in now what “%(second)s” needs under "
                    "the ground."
                )
                % said
            )
        case Advice.PUT_OFF:
            said["end"] = formats.day(found.first.end, "month")
            return (
                gettext(
                    "The ground was closed again in %(end)s: put “%(second)s” off, or say why it cannot wait."
                )
                % said
            )
        case Advice.SHARE:
            start, end = together(found)
            said |= {"start": formats.day(start, "month"), "end": formats.day(end, "month")}
            return (
                gettext(
                    "Agree on one works site, one diversion and one notice to residents: both are at work "
                    "from %(start)s to %(end)s."
                )
                % said
            )
    return gettext("Check that the dates still fit: %(period)s, and %(later)s.") % said


def pressing(found: Conflict, day: date) -> str:
    """The level of its urgency."""
    if found.settled:
        return "ok"
    left = (found.decide_by - day).days
    if left <= 0:
        return "warn"  # both are under way: the dates are past changing
    return next((level for most, level in PRESSING if left <= most), "info")


def due(found: Conflict, day: date) -> str:
    """By when it has to be settled."""
    if found.decide_by <= day:
        return gettext("now: works are under way")
    return gettext("before %(day)s") % {"day": formats.day(found.decide_by)}
