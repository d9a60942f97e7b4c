"""How fast a contract was kept in a period, and what being late costs. Both parties read the same figures.

An intervention counts in the period in which it was first dispatched: from then its times run. Each step
(acknowledge, arrive, repair) is held against what was due by the contract as it was on that day; hours late
are hours of the clock, to the hundredth. What is not done yet is late by the time that has passed. The
penalty is the hours late of all steps times the price of an hour late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import Step
from belvedere.domains.interventions.models import Intervention
from belvedere.domains.interventions.states import Kind, State
from belvedere.domains.territory.public import territory_by_id
from belvedere.kernel.clock import now
from belvedere.kernel.money import Kind as MoneyKind
from belvedere.kernel.money import Money, Totals
from belvedere.kernel.severity import Severity

CENT = Decimal("0.01")
HOUR_S = 3600
_COLUMNS = {
    Step.ACKNOWLEDGE: ("due_acknowledge", "accepted_at"),
    Step.ARRIVE: ("due_arrive", "arrived_at"),
    Step.REPAIR: ("due_repair", "finished_at"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A step of an intervention against the contract. `took_h`: since it was dispatched, None while open."""

    step: Step
    due: datetime | None
    done: datetime | None
    took_h: Decimal | None
    late_h: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """An intervention in the figures of its contract."""

    id: UUID
    number: str
    what: str
    severity: Severity
    state: State
    dispatched_at: datetime
    steps: tuple[Held, ...]
    penalty: Money | None

    @property
    def late_h(self) -> Decimal:
        return sum((one.late_h for one in self.steps), Decimal(0))


@dataclass(frozen=True, slots=True)
class OfStep:
    """A step over all interventions of a period. `median_h`: None where none was done."""

    step: Step
    asked: int
    done: int
    late: int
    median_h: Decimal | None
    late_h: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """A contract in a period, `first` and `last` day included. `penalties`: by kind of money."""

    contract: equipment.ContractView
    first: date
    last: date
    at: datetime
    lines: tuple[Line, ...]
    steps: tuple[OfStep, ...]
    late: int
    late_h: Decimal
    penalties: tuple[Money, ...]


def figures(actor: Actor, contract_id: UUID, first: date, last: date) -> Figures:
    """The figures of a contract that the actor is a party of, or may see; NoSuchContract otherwise."""
    contract = equipment.contract(actor, contract_id)
    zone = ZoneInfo(territory_by_id(contract.territory_id).zone)
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    rows = Intervention.objects.filter(
        contract_id=contract_id, kind=Kind.CORRECTIVE, dispatched_at__gte=start, dispatched_at__lt=end
    ).exclude(state=State.CANCELLED)
    at = now()
    lines = tuple(_line(row, at) for row in rows.order_by("dispatched_at", "number"))
    return Figures(
        contract=contract,
        first=first,
        last=last,
        at=at,
        lines=lines,
        steps=tuple(_over(step, lines) for step in Step),
        late=sum(1 for one in lines if one.late_h),
        late_h=sum((one.late_h for one in lines), Decimal(0)),
        penalties=tuple(Totals(one.penalty for one in lines if one.penalty is not None)),
    )


def _line(row: Intervention, at: datetime) -> Line:
    assert row.dispatched_at is not None
    steps = tuple(_held(row, step, row.dispatched_at, at) for step in Step)
    late = sum((one.late_h for one in steps), Decimal(0))
    price = None if row.late_price is None else Money(row.late_price, MoneyKind(row.currency))
    return Line(
        id=row.pk,
        number=row.number,
        what=row.what,
        severity=Severity(row.priority),
        state=State(row.state),
        dispatched_at=row.dispatched_at,
        steps=steps,
        penalty=None if price is None else price.times(late),
    )


def _held(row: Intervention, step: Step, since: datetime, at: datetime) -> Held:
    due_column, done_column = _COLUMNS[step]
    due: datetime | None = getattr(row, due_column)
    done: datetime | None = getattr(row, done_column)
    late = Decimal(0) if due is None else max(Decimal(0), _hours((done or at) - due))
    return Held(step, due, done, None if done is None else _hours(done - since), late)


def _hours(span: timedelta) -> Decimal:
    return (Decimal(round(span.total_seconds())) / HOUR_S).quantize(CENT, ROUND_HALF_UP)


def _over(step: Step, lines: Iterable[Line]) -> OfStep:
    held = [one for line in lines for one in line.steps if one.step is step]
    took = [one.took_h for one in held if one.took_h is not None]
    return OfStep(
        step=step,
        asked=sum(1 for one in held if one.due is not None),
        done=len(took),
        late=sum(1 for one in held if one.late_h),
        median_h=Decimal(median(took)).quantize(CENT, ROUND_HALF_UP) if took else None,
        late_h=sum((one.late_h for one in held), Decimal(0)),
    )
