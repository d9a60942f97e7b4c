"""The figures that guards and flags are set by: each dated, each with its source.

A figure that changes is a new row with its day; `value` and `planning_state` take the row in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

SIA = "SIA 102 (2014), art. 4.31: the cost of the preliminary project is known within 15 %"
RPAV = (
    "ARE, directives on the agglomeration programmes (RPAV, 2020): planning state 1 up to 10 Mio CHF, "
    "2 above 10 Mio, 3 above 50 Mio, without VAT"
)
HOUSE = "Convention of Belvédère"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure in force from a day on. `unit` is "share", "months", "days" or "money" (base units)."""

    code: str
    value: Decimal
    unit: str
    since: date
    source: str


THRESHOLDS: tuple[Threshold, ...] = (
    Threshold("tender_accuracy", Decimal("0.15"), "share", date(2014, 1, 1), SIA),
    Threshold("cost_drift", Decimal("0.15"), "share", date(2014, 1, 1), SIA),
    Threshold("deadline_margin", Decimal(12), "months", date(2020, 1, 1), HOUSE),
    Threshold("stale_after", Decimal(12), "months", date(2020, 1, 1), HOUSE + ": a reporting round a year"),
    Threshold("late_after", Decimal(30), "days", date(2020, 1, 1), HOUSE),
    # A measure leaves what was voted: this share of its net and this amount, or these days.
    Threshold("variance_share", Decimal("0.05"), "share", date(2020, 1, 1), HOUSE),
    Threshold("variance_amount", Decimal(10_000), "money", date(2020, 1, 1), HOUSE),
    Threshold("variance_days", Decimal(90), "days", date(2020, 1, 1), HOUSE),
)


@lru_cache(maxsize=256)
def value(code: str, day: date) -> Decimal:
    """The figure in force on `day`; the first known one before it."""
    rows = sorted((row for row in THRESHOLDS if row.code == code), key=lambda row: row.since)
    if not rows:
        raise LookupError(code)
    return next((row.value for row in reversed(rows) if row.since <= day), rows[0].value)


@dataclass(frozen=True, slots=True)
class PlanningState:
    """What a measure above an amount (CHF without VAT) must have reached to enter the agreement."""

    level: int
    above: Decimal
    stage: int  # of the common ladder: 1 objectives, 2 preliminary study, 3 preliminary project
    accuracy: Decimal | None  # the estimate must be at least that good, ± share
    since: date
    source: str


PLANNING_STATES: tuple[PlanningState, ...] = (
    PlanningState(1, Decimal(0), 1, None, date(2020, 1, 1), RPAV),
    PlanningState(2, Decimal(10_000_000), 2, Decimal("0.30"), date(2020, 1, 1), RPAV),
    PlanningState(3, Decimal(50_000_000), 3, Decimal("0.30"), date(2020, 1, 1), RPAV),
)


def planning_state(amount: Decimal, day: date) -> PlanningState:
    """The requirement for a measure of this amount (CHF without VAT) on `day`."""
    inforce = [row for row in PLANNING_STATES if row.since <= day] or list(PLANNING_STATES)
    newest = max(row.since for row in inforce)
    rows = sorted((row for row in inforce if row.since == newest), key=lambda row: row.above)
    return next((row for row in reversed(rows) if amount > row.above), rows[0])
