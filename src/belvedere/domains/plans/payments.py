"""What is bound by contracts, what was paid and what aid arrived, for the people of the owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import NoSuchMeasure
from belvedere.domains.plans.models import Commitment, FundingLine, Measure, Payment
from belvedere.domains.plans.policies import Thing, may, sees
from belvedere.domains.plans.states import FundingState
from belvedere.domains.plans.writing import thing_of
from belvedere.kernel.errors import N_, Refused
from belvedere.kernel.money import Kind, Money, Totals


@dataclass(frozen=True, slots=True)
class PaymentView:
    """Money that moved; `incoming` is aid received. A negative amount came back."""

    id: UUID
    dated: date
    year: int
    amount: Money
    reference: str
    commitment_id: UUID | None
    funding_line_id: UUID | None

    @property
    def incoming(self) -> bool:
        return self.funding_line_id is not None


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A contract, what was paid on it, what remains; below zero, more was paid than it binds."""

    id: UUID
    reference: str
    label: str
    dated: date
    amount: Money
    paid: Money

    @property
    def remaining(self) -> Money:
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """A funding line: what its rule grants today, and what arrived."""

    line_id: UUID
    organisation_id: UUID
    instrument: str
    state: FundingState
    granted: Money
    received: Money

    @property
    def remaining(self) -> Money:
        return self.granted - self.received


@dataclass(frozen=True, slots=True)
class YearOfAccount:
    """What went out and came in during a year, for one kind of money."""

    year: int
    paid: Money
    received: Money


@dataclass(frozen=True, slots=True)
class PaymentsView:
    measure_id: UUID
    version: int
    may_edit: bool
    commitments: tuple[CommitmentView, ...]
    payments: tuple[PaymentView, ...]  # oldest first
    funding: tuple[ReceivedView, ...]
    years: tuple[YearOfAccount, ...]  # a year once for each kind of money


def payments(actor: Actor, measure_id: UUID, *, territory_id: UUID | None = None) -> PaymentsView:
    """Contracts, payments and received aid of a measure.

    Raises:
        NoSuchMeasure: there is none, or the actor may not know of it.
        Refused: the measure is public, but its accounts are for the people who work on it.
    """
    found = Measure.objects.filter(pk=measure_id)
    measure = (found if territory_id is None else found.filter(territory_id=territory_id)).first()
    if measure is None or not sees(actor, thing_of(measure)):
        raise NoSuchMeasure(N_("There is no such measure, or it is not published."))
    if not sees(actor, Thing(measure.territory_id, measure.owner_id)):
        raise Refused(N_("Contracts and payments are open to the people who work on the measure only."))
    moved = tuple(_payment(row) for row in Payment.objects.filter(measure=measure))
    on_commitment: dict[UUID | None, Totals] = defaultdict(Totals)
    on_line: dict[UUID | None, Totals] = defaultdict(Totals)
    for one in moved:
        on_commitment[one.commitment_id].add(one.amount)
        on_line[one.funding_line_id].add(one.amount)
    return PaymentsView(
        measure_id=measure.pk,
        version=measure.version,
        may_edit=may(actor, "edit_money", thing_of(measure)) is None,
        commitments=tuple(
            _commitment(row, on_commitment[row.pk]) for row in Commitment.objects.filter(measure=measure)
        ),
        payments=moved,
        funding=tuple(_received(row, on_line[row.pk]) for row in FundingLine.objects.filter(measure=measure)),
        years=_years(moved),
    )


def _payment(row: Payment) -> PaymentView:
    return PaymentView(
        row.pk,
        row.dated,
        row.year,
        Money(row.amount, row.money_kind),
        row.reference,
        row.commitment_id,
        row.funding_line_id,
    )


def _commitment(row: Commitment, paid: Totals) -> CommitmentView:
    kind = row.money_kind
    return CommitmentView(row.pk, row.reference, row.label, row.dated, Money(row.amount, kind), paid.of(kind))


def _received(row: FundingLine, received: Totals) -> ReceivedView:
    kind = row.money_kind
    return ReceivedView(
        row.pk,
        row.organisation_id,
        row.instrument,
        FundingState(row.state),
        Money(row.resolved, kind),
        received.of(kind),
    )


def _years(moved: Iterable[PaymentView]) -> tuple[YearOfAccount, ...]:
    paid: dict[tuple[int, Kind], Totals] = defaultdict(Totals)
    received: dict[tuple[int, Kind], Totals] = defaultdict(Totals)
    for one in moved:
        (received if one.incoming else paid)[one.year, one.amount.kind].add(one.amount)
    return tuple(
        YearOfAccount(year, paid[year, kind].of(kind), received[year, kind].of(kind))
        for year, kind in sorted({*paid, *received})
    )
