"""Gaps and contradictions in what owners report, derived from the frozen values on the round's day.

Pure: `findings_of` takes values and gives findings; who shows them has the words (a code and its data).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from belvedere.domains.plans.public import states
from belvedere.domains.reporting.frozen import Asked, FrozenMeasure, money_of
from belvedere.domains.reporting.states import LineState

DONE, STARTED = states.Implementation.DONE.value, states.Implementation.IN_PROGRESS.value
OVER = frozenset({DONE, states.Implementation.ABANDONED.value, states.Implementation.REPLACED.value})
WAITING = frozenset({states.Implementation.NOT_STARTED.value, states.Implementation.SUSPENDED.value})
# A cost that leaves the agreement by more than this needs a word to who pays.
COST_SHARE = Decimal("0.15")
UNSETTLED = frozenset({"final_account", "closed", "forfeited"})


class Code(StrEnum):
    """What is wrong or missing."""

    NOT_ANSWERED = "not_answered"
    START_PASSED = "start_passed"  # planned for a day that has passed, and not started
    END_PASSED = "end_passed"  # in progress after the day it was to end
    STARTED_UNSAID = "started_unsaid"  # a real start, but "not started"
    NO_REAL_START = "no_real_start"  # in progress without the day it started
    NO_REAL_END = "no_real_end"  # done without the day it ended
    AFTER_DEADLINE = "after_deadline"  # forecast beyond the deadline to start
    CLAIM_TOO_LATE = "claim_too_late"  # works end after the aid had to be claimed
    COST_CHANGED = "cost_changed"  # since the round opened, without a word why
    COST_LEFT = "cost_left"  # leaves the cost of the agreement by more than COST_SHARE
    PAID_ABOVE = "paid_above"  # more paid than it costs
    PAID_EARLY = "paid_early"  # paid although not started
    NO_COST = "no_cost"
    NO_DATES = "no_dates"
    NO_CODE = "no_code"  # in the agreement without the code of the federal office


GAPS = frozenset(
    {Code.NOT_ANSWERED, Code.NO_COST, Code.NO_DATES, Code.NO_CODE, Code.NO_REAL_START, Code.NO_REAL_END}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A gap or a contradiction; `data` holds days, amounts (Money) and shares for its sentence."""

    code: Code
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def is_gap(self) -> bool:
        return self.code in GAPS


def findings_of(
    measure: FrozenMeasure,
    as_of: date,
    *,
    state: LineState = LineState.CONFIRMED,
    opened: Asked | None = None,
    note: str = "",
) -> tuple[Finding, ...]:
    """What does not hold together on `as_of`, and what is missing."""
    found = [Finding(Code.NOT_ANSWERED)] if state is LineState.TO_CONFIRM else []
    found += _dates(measure, as_of)
    found += _deadlines(measure)
    found += _money(measure, opened, note)
    return tuple(found)


def _dates(measure: FrozenMeasure, as_of: date) -> Iterator[Finding]:
    works, doing = measure.works, measure.implementation
    start, end = measure.works_start, measure.works_end
    if doing in WAITING and works.actual_start is not None:
        yield Finding(Code.STARTED_UNSAID, {"day": works.actual_start})
    elif doing in WAITING and start is not None and start < as_of:
        yield Finding(Code.START_PASSED, {"day": start})
    if doing == STARTED and end is not None and end < as_of:
        yield Finding(Code.END_PASSED, {"day": end})
    infrastructure = measure.kind == states.MeasureKind.INFRASTRUCTURE.value
    if infrastructure and doing == STARTED and works.actual_start is None:
        yield Finding(Code.NO_REAL_START)
    if infrastructure and doing == DONE and works.actual_end is None:
        yield Finding(Code.NO_REAL_END)
    if doing not in OVER and start is None:
        yield Finding(Code.NO_DATES)


def _deadlines(measure: FrozenMeasure) -> Iterator[Finding]:
    """The nearest deadline of each kind that the dates miss."""
    if measure.implementation in OVER:
        return
    begun = measure.works.actual_start is not None or measure.implementation == STARTED
    alive = [one for one in measure.listings if one.agreement not in UNSETTLED]
    starts = [one.start_deadline for one in alive if one.start_deadline]
    if starts and not begun and measure.works_start and measure.works_start > min(starts):
        data = {"day": measure.works_start, "deadline": min(starts), "at_stake": money_of(measure.at_stake)}
        yield Finding(Code.AFTER_DEADLINE, data)
    claims = [one.claim_deadline for one in alive if one.claim_deadline]
    if claims and measure.works_end and measure.works_end > min(claims):
        data = {"day": measure.works_end, "deadline": min(claims), "at_stake": money_of(measure.at_stake)}
        yield Finding(Code.CLAIM_TOO_LATE, data)
    if any(
        one.agreement not in ("", "not_listed", "proposed", "assessed") and not one.are_code for one in alive
    ):
        yield Finding(Code.NO_CODE)


def _money(measure: FrozenMeasure, opened: Asked | None, note: str) -> Iterator[Finding]:
    cost = measure.cost
    if cost is None:
        if measure.implementation not in OVER:
            yield Finding(Code.NO_COST)
        return
    before = None if opened is None else money_of(opened.cost)
    if before is not None and before != cost and not note:
        yield Finding(Code.COST_CHANGED, {"before": before, "now": cost})
    for one in measure.listings:
        listed = money_of(one.listed_cost)
        if listed is None or listed.kind != cost.kind or not listed.amount:
            continue
        share = (cost.amount - listed.amount) / listed.amount
        if abs(share) > COST_SHARE:
            yield Finding(Code.COST_LEFT, {"share": share, "listed": listed, "now": cost})
        break  # the newest plan alone: those before it are history
    paid = measure.paid_in(cost.kind)
    if paid > cost.amount:
        yield Finding(Code.PAID_ABOVE, {"paid": paid, "now": cost})
    if paid > 0 and measure.implementation == states.Implementation.NOT_STARTED.value:
        yield Finding(Code.PAID_EARLY, {"paid": paid})


__all__ = ["GAPS", "Code", "Finding", "findings_of"]
