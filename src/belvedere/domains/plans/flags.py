"""What a person should look at, derived from the facts of a measure on a day; never typed by hand.

Pure: `flags_of` takes a value and a day. The flags on the money itself (no cost, a gap, aid above the cost)
come out of resolving it, in `figures`. The limits stand in `thresholds`, with their sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from belvedere.domains.plans import thresholds
from belvedere.domains.plans.states import Flag, Implementation
from belvedere.kernel.money import Money

Dates = tuple[date | None, date | None]
# Nothing more is expected of these.
OVER = frozenset({Implementation.DONE, Implementation.ABANDONED, Implementation.REPLACED})
# Flags that a day passing can raise.
BY_THE_DAY = (Flag.LATE, Flag.DEADLINE_RISK, Flag.STALE)
ROUNDING = Decimal(1)


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """The dates of a phase; `stage` of the common ladder."""

    stage: int
    planned: Dates = (None, None)
    forecast: Dates = (None, None)
    actual: Dates = (None, None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What flags are derived from. Deadlines are those still to be met."""

    implementation: Implementation = Implementation.NOT_STARTED
    stage: int | None = None
    described: bool = True
    piloted: bool = True
    touched: date | None = None
    phases: tuple[PhaseFacts, ...] = ()
    works_start: date | None = None
    works_begun: bool = False  # really
    works_end: date | None = None
    start_deadline: date | None = None
    claim_deadline: date | None = None
    cost: Money | None = None
    previous_cost: Money | None = None
    previous_accuracy: Decimal | None = None
    promised: Decimal = Decimal(0)  # aid obtained, agreed or paid
    voted: Decimal = Decimal(0)  # by the owner: years voted, committed or paid, or a credit


def flags_of(facts: Facts, today: date) -> tuple[Flag, ...]:
    """The flags of a measure on a day, in the order of `Flag`."""
    found = []
    over = facts.implementation in OVER
    if not over and _late(facts, today):
        found.append(Flag.LATE)
    if not over and _deadline_at_risk(facts, today):
        found.append(Flag.DEADLINE_RISK)
    if _drifted(facts, today):
        found.append(Flag.COST_DRIFT)
    if not over and facts.touched is not None and facts.touched < stale_before(today):
        found.append(Flag.STALE)
    if not over and not (facts.described and facts.piloted and facts.stage is not None):
        found.append(Flag.INCOMPLETE)
    if facts.implementation is Implementation.IN_PROGRESS and _unfunded(facts):
        found.append(Flag.UNFUNDED)
    return tuple(found)


@lru_cache(maxsize=64)
def stale_before(today: date) -> date:
    """What was last touched before this day is stale."""
    return months_before(today, int(thresholds.value("stale_after", today)))


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise ValueError(day)


def _late(facts: Facts, today: date) -> bool:
    """A phase still ahead whose date has passed, or which will end after what was planned."""
    margin = timedelta(days=int(thresholds.value("late_after", today)))
    reached = facts.stage if facts.stage is not None else -1
    for phase in facts.phases:
        if phase.stage < reached or phase.actual[1] is not None:
            continue
        start = phase.forecast[0] or phase.planned[0]
        end = phase.forecast[1] or phase.planned[1]
        if end is not None and end < today:
            return True
        # Dates of a phase one is in already started, whatever the day that was entered.
        waits = phase.actual[0] is None and phase.stage > reached
        if waits and start is not None and start < today:
            return True
        planned, forecast = phase.planned[1], phase.forecast[1]
        if planned is not None and forecast is not None and forecast > planned + margin:
            return True
    return False


def _deadline_at_risk(facts: Facts, today: date) -> bool:
    """Works that start, or end for the claim, after a deadline or too little before it."""
    months = int(thresholds.value("deadline_margin", today))
    start = None if facts.works_begun else facts.works_start
    if facts.start_deadline is not None and start is not None:
        # What has not begun by today cannot begin before it.
        start = max(start, today)
        if start > months_before(facts.start_deadline, months):
            return True
    if facts.claim_deadline is not None and facts.works_end is not None:
        return facts.works_end > months_before(facts.claim_deadline, months)
    return False


def _drifted(facts: Facts, today: date) -> bool:
    """Compared only with an estimate of the same kind of money."""
    now, before = facts.cost, facts.previous_cost
    if now is None or before is None or now.kind != before.kind:
        return False
    limit = facts.previous_accuracy
    if limit is None:
        limit = thresholds.value("cost_drift", today)
    return abs(now.amount - before.amount) > before.amount * limit


def _unfunded(facts: Facts) -> bool:
    """What the owner did not vote must be borne by its part of the aid that was promised."""
    if facts.cost is None or facts.cost.amount <= 0:
        return False
    cost = facts.cost.amount
    open_part = cost - min(facts.voted, cost)
    return open_part - facts.promised * open_part / cost > ROUNDING


__all__ = ["BY_THE_DAY", "OVER", "Facts", "PhaseFacts", "flags_of", "months_before", "stale_before"]
