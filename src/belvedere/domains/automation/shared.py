"""What signals have in common: the hours left out, what is usual, who stands beside whom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from belvedere.domains.automation.bodies import Body, Compared, Expected, Neighbours, Usual, minutes
from belvedere.domains.automation.learning import Learnt
from belvedere.domains.automation.packing import NOTHING
from belvedere.domains.automation.targets import Target
from belvedere.kernel.holidays import holidays
from belvedere.science.alarms.comparing import Apart, Group, distance
from belvedere.science.alarms.foreseeing import Curve, Forecasts
from belvedere.science.alarms.hours import Schedule, Span

if TYPE_CHECKING:
    from belvedere.domains.automation.minds import Mind


#: What was read longer ago than that before a forecast is not compared any more.
LATEST_S = 86_400.0


class Comparison:
    """A clause that compares: what was read last, what it was compared with, and how far it lies from it.
    `forecasts`: of one that compares with them."""

    __slots__ = ("asked", "at", "centre", "clock", "forecasts", "group", "learnt", "number")

    def __init__(self, asked: Compared, learnt: Learnt, zone: str) -> None:
        self.asked = asked
        self.learnt = learnt
        self.clock = learnt.clock(zone)
        self.group: Group | None = None  # of a comparison with neighbours, once they are known
        self.forecasts = Forecasts(asked.lead_s) if isinstance(asked, Expected) else None
        self.number = self.centre = NOTHING
        self.at = -math.inf  # of the number

    def hears(self, target: Target, part: int, at: float, number: float) -> float:
        """How far this reading lies from what it is compared with; NaN where nothing can be said."""
        if not math.isfinite(number):
            return NOTHING
        self.number, self.at = number, at
        if self.group is not None:
            self.group.tell(target.thing.entity_id, at, number)
        return self.apart(target, part)

    def foresees(self, at: float, curve: Curve) -> None:
        """A forecast that was made then; what was read is not judged anew by it."""
        assert self.forecasts is not None
        self.forecasts.heard(at, curve)
        self.forecasts.forget(max(self.at, at - LATEST_S))

    def saved(self) -> list[Any]:
        """What `restore` reads."""
        told = [] if self.forecasts is None else [self.forecasts.saved()]
        return [self.number, self.centre, self.at, *told]

    def restore(self, saved: Sequence[Any]) -> None:
        self.number, self.centre, self.at, *told = saved
        if self.forecasts is not None and told:
            self.forecasts.restore(told[0])

    def apart(self, target: Target, part: int) -> float:
        """The same of what was read last, at its instant."""
        spread = NOTHING
        if isinstance(self.asked, Usual):
            series_id = target.series[part].series_id
            self.centre, spread = self.learnt.usual(series_id, self.asked.weeks, self.clock, self.at)
        elif self.group is not None:
            self.centre = self.group.median_of_others(target.thing.entity_id)
        elif self.forecasts is not None:
            self.centre = self.forecasts.at(self.at)
        apart = distance(self.number, self.centre, spread, self.asked.measure)
        return abs(apart) if self.asked.apart is Apart.EITHER else apart


class Shared:
    """What signals have in common: the schedule of each rule, what is usual, who stands beside whom."""

    def __init__(self, *, keeps: bool) -> None:
        self._schedules: dict[tuple[int, int], Schedule | None] = {}
        self.learnt = Learnt(keeps=keeps)

    def schedule(self, target: Target) -> Schedule | None:
        watching = target.watching
        key = (watching.rule.pk, watching.version.number)
        if key not in self._schedules:
            self._schedules[key] = schedule_of(watching.body, watching.zone)
        return self._schedules[key]

    def comparison(self, target: Target, part: int) -> Comparison | None:
        watching = target.watching
        condition = watching.body.clauses[part].condition
        if not isinstance(condition, Compared):
            return None
        if isinstance(condition, Usual):
            self.learnt.wants(target.series[part].series_id, condition.weeks, watching.zone)
        return Comparison(condition, self.learnt, watching.zone)

    def regroup(self, minds: Iterable[Mind]) -> None:
        """Who stands beside whom, anew, from what each read last."""
        groups: dict[tuple[Any, ...], Group] = {}
        for mind in minds:
            for part, one in enumerate(mind.compared):
                if one is None or not isinstance(one.asked, Neighbours):
                    continue
                thing, watching = mind.target.thing, mind.target.watching
                place = thing.place_id if one.asked.same_place else None
                key = (watching.rule.pk, watching.version.number, part, place)
                one.group = groups.setdefault(key, Group(one.asked.fresh_s))
                if math.isfinite(one.number):
                    one.group.tell(thing.entity_id, one.at, one.number)


def schedule_of(body: Body, zone: str) -> Schedule | None:
    """The hours that a rule leaves out; None where it leaves out none."""
    excepted = body.excepted
    if not excepted.hours and not excepted.holidays:
        return None
    spans = [
        Span(frozenset(one.days), minutes(one.start) or 0, minutes(one.end) or 0) for one in excepted.hours
    ]
    calendar = excepted.holidays
    is_free = (lambda day: day in holidays(calendar, day.year)) if calendar else None
    return Schedule(ZoneInfo(zone), spans, is_free)
