"""What is asked of an outlook: which plan, which prices, which changes over the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import numpy as np

from belvedere.domains.plans.outlook.reading import Holdings
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.money import Kind
from belvedere.science.finance.cents import E5
from belvedere.science.finance.moving import Moves

MOST_YEARS = 30
LEAST_COST, MOST_COST = Decimal("-0.99"), Decimal(5)


@dataclass(frozen=True, slots=True)
class Change:
    """A measure slips by `shift_years` and costs `cost_share` more (0.08 for + 8 %)."""

    shift_years: int = 0
    cost_share: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if abs(self.shift_years) > MOST_YEARS:
            raise InvalidInput(
                N_("A measure slips by at most {most} years."), most=MOST_YEARS, field="shift_years"
            )
        if not LEAST_COST <= self.cost_share <= MOST_COST:
            raise InvalidInput(N_("A cost changes by −99 % to +500 %."), field="cost_share")

    @property
    def cost_e5(self) -> int:
        return int((1 + self.cost_share) * E5)


NO_CHANGE = Change()


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Changes laid over the reference. `general` applies to what has not started and has none of its own."""

    changes: Mapping[UUID, Change] = field(default_factory=dict)
    leavers: frozenset[UUID] = frozenset()
    general: Change = NO_CHANGE

    def __bool__(self) -> bool:
        changed = any(change != NO_CHANGE for change in self.changes.values())
        return changed or bool(self.leavers) or self.general != NO_CHANGE

    def moves(self, holdings: Holdings) -> Moves:
        """These changes on the rows of `holdings`."""
        book = holdings.book
        shift = np.where(holdings.movable, self.general.shift_years, 0).astype(np.int64)
        cost = np.where(holdings.movable, self.general.cost_e5, E5).astype(np.int64)
        for measure_id, change in self.changes.items():
            row = holdings.row_of.get(measure_id)
            if row is not None:
                shift[row], cost[row] = change.shift_years, change.cost_e5
        leaving = frozenset(at for at, payer in enumerate(book.payers) if payer in self.leavers)
        return Moves(shift, cost, leaving)


REFERENCE = Adjustments()


@dataclass(frozen=True, slots=True)
class Question:
    """`kind` None: the kind of money that holds most. `plan_id` None: all plans, each measure once.

    `node_id`: an axis of a plan, with those under it; it says its plan.
    """

    plan_id: UUID | None = None
    node_id: UUID | None = None
    current_prices: bool = False
    kind: Kind | None = None
    adjustments: Adjustments = REFERENCE


__all__ = ["NO_CHANGE", "REFERENCE", "Adjustments", "Change", "Question"]
