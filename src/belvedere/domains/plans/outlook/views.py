"""What the outlook of an owner gives back: plain values in one kind of money, by column.

A `Row` holds one amount a column, in base units; the columns are those of `OutlookView.columns`: what came
before, the years, what comes after, and what has no year yet. Amounts of another kind of money are never in
it: `OutlookView.others` names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.domains.plans.states import FundingRule, FundingState, Implementation
from belvedere.domains.plans.vocabulary import Nature
from belvedere.kernel.money import Kind

Row = tuple[Decimal, ...]
ZERO = Decimal("0.00")


def total(row: Iterable[Decimal]) -> Decimal:
    """The sum of a row."""
    return sum(row, ZERO)


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is "before", "2026"…, "after" or "undated"; `year` None but for the years."""

    key: str
    year: int | None


@dataclass(frozen=True, slots=True)
class PayerRow:
    """What an organisation pays of the owner's measures: with the spending, and when it arrives."""

    organisation_id: UUID
    name: str
    aid: Row
    received: Row


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What may be spent net by year; None where nothing was decided."""

    key: str  # "owner", or the identifier of a plan or an axis
    label: str  # "" for the owner's own
    nature: Nature | None  # None: all spending
    limits: tuple[Decimal | None, ...]
    sources: tuple[str, ...]  # who decided, each once
    spent: Row = ()  # what counts under it: net and contributions, of its nature

    @property
    def row(self) -> str:
        """The row of its margin: “margin”, “margin:investment”."""
        return f"margin:{self.nature}" if self.nature else "margin"

    @property
    def margins(self) -> tuple[Decimal | None, ...]:
        """What is left under it, negative above it."""
        pairs = zip(self.limits, self.spent, strict=True)
        return tuple(None if most is None else most - spent for most, spent in pairs)


@dataclass(frozen=True, slots=True)
class Passed:
    """A ceiling passed in a year, and the smallest slip that mends it without losing aid, if one does."""

    key: str
    label: str
    nature: Nature | None
    year: int
    limit: Decimal
    spent: Decimal
    measures: tuple[UUID, ...]  # what makes the excess, the largest first
    mending_measure: UUID | None = None
    mending_shift: int = 0

    @property
    def over(self) -> Decimal:
        return self.spent - self.limit


@dataclass(frozen=True, slots=True)
class OtherKind:
    """Measures left out because their money is of another kind."""

    kind: Kind
    measures: int
    gross: Decimal


@dataclass(frozen=True, slots=True)
class PlanChoice:
    id: UUID
    code: str
    title: str
    measures: int


@dataclass(frozen=True, slots=True)
class AxisChoice:
    """An axis of the plan that is asked for, with the measures under it."""

    id: UUID
    code: str
    title: str
    path: str
    measures: int


@dataclass(frozen=True, slots=True)
class OutlookView:
    """What an owner has to budget. `charge` = net + contributions is what its ceilings compare with;
    those of one nature compare with their part of it.
    """

    organisation_id: UUID
    organisation_name: str
    kind: Kind  # of all the amounts
    constant_kind: Kind  # of the estimates they come from
    current_prices: bool
    price_note: str  # name of the index used, "" at constant prices
    columns: tuple[Column, ...]
    current_year: int
    planned: tuple[int, int] | None  # first and last year of the plan of the next years
    measures: int
    gross: Row
    payers: tuple[PayerRow, ...]  # the largest first
    net: Row
    contributions: Row  # to the measures of others
    need: Row  # what must be advanced: gross − what arrives, and the contributions
    ceilings: tuple[Ceiling, ...]  # of the owner, or of the plan or the axis that is asked for
    earlier: Row | None  # the charge of the reference, where a scenario is on
    earlier_need: Row | None
    plans: tuple[PlanChoice, ...]
    axes: tuple[AxisChoice, ...]  # of the plan that is asked for
    others: tuple[OtherKind, ...]
    given_up: int  # abandoned or replaced, left out
    unlike_lines: int  # funding lines whose money cannot be added: they bring nothing here

    @property
    def charge(self) -> Row:
        return tuple(net + paid for net, paid in zip(self.net, self.contributions, strict=True))

    @property
    def received(self) -> Row:
        return tuple(sum(column, ZERO) for column in zip(*(p.received for p in self.payers), strict=True))


@dataclass(frozen=True, slots=True)
class LostLine:
    """Aid that a scenario loses. `deadline` None: the payer leaves; `keeping_shift` None: none keeps it."""

    line_id: UUID
    measure_id: UUID
    measure_title: str
    payer_id: UUID
    payer_name: str
    amount: Decimal
    why: str  # "start", "claim", "departure"
    deadline: date | None
    works_start: date | None
    works_end: date | None
    keeping_shift: int | None


@dataclass(frozen=True, slots=True)
class Effects:
    """What the changes do, against the reference."""

    lost: Decimal
    lost_lines: tuple[LostLine, ...]  # the largest first
    lost_count: int
    charge: Decimal
    charge_before: Decimal
    passed: tuple[int, ...]  # years above the ceiling
    passed_before: tuple[int, ...]
    peak: tuple[Decimal, int] | None  # the largest need of a year, and the year
    peak_before: tuple[Decimal, int] | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Measures that belong together; each measure stands in one group only."""

    key: str
    label: str
    count: int
    gross: Row
    net: Row


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of the owner. `amounts` is the row asked for: gross, net, or the aid of one payer."""

    measure_id: UUID
    title: str
    title_language: str
    code: str
    also_in: tuple[str, ...]  # codes of the other plans that list it; it counts here only
    owner_name: str
    phase_scheme: str
    phase: str
    implementation: Implementation
    works_start: date | None
    works_start_before: date | None
    shift_years: int
    cost_share: Decimal  # 0.08 for + 8 %
    amounts: Row
    gross: Decimal
    net: Decimal
    loses_aid: bool


@dataclass(frozen=True, slots=True)
class FundingRow:
    """A funding line by column, with what its rule says."""

    line_id: UUID
    payer_id: UUID
    payer_name: str
    instrument: str
    rule: FundingRule
    rate: Decimal | None
    amount: Decimal | None
    tariff: Decimal | None
    unit: str
    cap: Decimal | None
    kind: Kind  # of the rule's own amounts
    state: FundingState
    amounts: Row
    capped: bool
    clipped: bool
    unlike: bool
    lost: str  # "", "start", "claim", "departure"
    at_stake: Decimal
    start_deadline: date | None
    claim_deadline: date | None
    keeping_shift: int | None


@dataclass(frozen=True, slots=True)
class MeasureDetail:
    """A measure opened: its funding lines, and what is left to the owner."""

    line: MeasureLine
    funding: tuple[FundingRow, ...]
    gross: Row
    net: Row


@dataclass(frozen=True, slots=True)
class Behind:
    """A line behind an amount: how much, of what, at which prices, from which source, known when."""

    label: str
    language: str
    measure_id: UUID | None
    amount: Decimal
    price_base: str
    source: str
    dated: date | None
    rule: FundingRow | None = None
    is_ceiling: bool = False  # the limit from which the other lines are taken


@dataclass(frozen=True, slots=True)
class Explanation:
    """The lines of an amount, the largest first; with `rest` (of `rest_count` lines) they add up to it."""

    amount: Decimal
    kind: Kind
    lines: tuple[Behind, ...]
    rest: Decimal
    rest_count: int
