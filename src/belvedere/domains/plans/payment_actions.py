"""Verbs on the money that is bound and that moves: contracts, payments out, aid received.

Not for: what is planned or promised (`money_actions`). Read them back with `payments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.models import Commitment, FundingLine, Payment
from belvedere.domains.plans.parts import money_fields
from belvedere.domains.plans.values import CommitmentDraft, PaymentDraft
from belvedere.domains.plans.writing import Change, changing
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound
from belvedere.kernel.money import Kind, Money, UnlikeMoney


@dataclass(frozen=True, slots=True)
class Recorded:
    """A payment is kept. `above`: by how much more was now paid than bound, or received than granted."""

    id: UUID
    above: Money | None


def record_commitment(
    *, actor: Actor, measure_id: UUID, version: int | None, draft: CommitmentDraft, reason: str = ""
) -> UUID:
    """A contract or an order; its reference stands once on the measure."""
    with changing(
        actor, measure_id, verb="record_commitment", right="edit_money", reason=reason, version=version
    ) as change:
        row = Commitment(measure_id=measure_id)
        _write(change, row, draft, None)
        return row.pk


def change_commitment(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    commitment_id: UUID,
    draft: CommitmentDraft,
    reason: str,
) -> None:
    """Correct or extend a contract, with a reason; paid ones keep their kind of money."""
    with changing(
        actor, measure_id, verb="change_commitment", right="edit_money", reason=reason, version=version
    ) as change:
        row = _commitment(measure_id, commitment_id)
        if draft.amount.kind != row.money_kind and row.payments.exists():
            raise Conflict(
                N_("Payments were made on this contract: it keeps its currency, VAT status and price base.")
            )
        before = _commitment_said(row)
        _due(reason, N_("Say why the contract changes: the reason is kept in the journal."))
        _write(change, row, draft, before)


def _write(change: Change, row: Commitment, draft: CommitmentDraft, before: dict[str, Any] | None) -> None:
    twins = Commitment.objects.filter(measure=change.measure, reference=draft.reference).exclude(pk=row.pk)
    if twins.exists():
        raise AlreadyThere(
            N_("The contract {reference} is already there."), reference=draft.reference, field="reference"
        )
    row.reference, row.label, row.dated = draft.reference, draft.label.strip()[:200], draft.dated
    row.amount = draft.amount.amount
    for name, value in money_fields(draft.amount).items():
        setattr(row, name, value)
    if change.note("commitment", before, _commitment_said(row)):
        row.save()


def remove_commitment(
    *, actor: Actor, measure_id: UUID, version: int | None, commitment_id: UUID, reason: str
) -> None:
    """Take a contract away that nothing was paid on."""
    with changing(
        actor, measure_id, verb="remove_commitment", right="edit_money", reason=reason, version=version
    ) as change:
        row = _commitment(measure_id, commitment_id)
        if row.payments.exists():
            raise Conflict(N_("Payments were made on this contract. Remove them first, or keep it."))
        _due(reason, N_("Say why the contract goes: the reason is kept in the journal."))
        change.note("commitment", _commitment_said(row), None)
        row.delete()


def record_payment(
    *, actor: Actor, measure_id: UUID, version: int | None, draft: PaymentDraft, reason: str = ""
) -> Recorded:
    """Money that moved, of the kind of its contract or funding line.

    Paying above what is bound, or receiving above what is granted, is kept and told, not refused. Money
    that came back (a negative amount) needs a reason.
    """
    with changing(
        actor, measure_id, verb="record_payment", right="edit_money", reason=reason, version=version
    ) as change:
        if draft.amount.amount < 0:
            _due(reason, N_("Say why money came back: the reason is kept in the journal."))
        bound = _bound(measure_id, draft)
        if bound is not None and bound.money_kind != draft.amount.kind:
            raise UnlikeMoney(
                N_("The payment ({paid}) must be of the kind of money of its contract or aid ({bound})."),
                paid=_kind_said(draft.amount.kind),
                bound=_kind_said(bound.money_kind),
                field="amount",
            )
        row = Payment.objects.create(
            measure_id=measure_id,
            commitment_id=draft.commitment_id,
            funding_line_id=draft.funding_line_id,
            dated=draft.dated,
            year=draft.year,
            amount=draft.amount.amount,
            reference=draft.reference.strip()[:80],
            **money_fields(draft.amount),
        )
        change.note("payment", None, _payment_said(row))
        return Recorded(row.pk, _above(bound))


def remove_payment(
    *, actor: Actor, measure_id: UUID, version: int | None, payment_id: UUID, reason: str
) -> None:
    """Take a payment away that was recorded by mistake; the journal keeps it, with the reason."""
    with changing(
        actor, measure_id, verb="remove_payment", right="edit_money", reason=reason, version=version
    ) as change:
        row = Payment.objects.filter(measure_id=measure_id, pk=payment_id).first()
        if row is None:
            raise NotFound(N_("This payment is gone. Open the measure again."))
        _due(reason, N_("Say why the payment goes: the reason is kept in the journal."))
        change.note("payment", _payment_said(row), None)
        row.delete()


def _bound(measure_id: UUID, draft: PaymentDraft) -> Commitment | FundingLine | None:
    if draft.commitment_id is not None:
        return _commitment(measure_id, draft.commitment_id)
    if draft.funding_line_id is None:
        return None
    line = FundingLine.objects.filter(measure_id=measure_id, pk=draft.funding_line_id).first()
    if line is None:
        raise NotFound(N_("This funding line is gone. Open the measure again."))
    return line


def _above(bound: Commitment | FundingLine | None) -> Money | None:
    if bound is None:
        return None
    paid = bound.payments.aggregate(paid=Sum("amount"))["paid"] or Decimal(0)
    limit = bound.amount if isinstance(bound, Commitment) else bound.resolved
    return Money(paid - limit, bound.money_kind) if paid > limit else None


def _commitment(measure_id: UUID, commitment_id: UUID) -> Commitment:
    row = Commitment.objects.filter(measure_id=measure_id, pk=commitment_id).first()
    if row is None:
        raise NotFound(N_("This contract is gone. Open the measure again."))
    return row


def _due(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise InvalidInput(sentence, field="reason")


def _kind_said(kind: Kind) -> str:
    return f"{kind.currency}, {kind.vat.value}, {kind.price_base or 'nominal'}"


def _commitment_said(row: Commitment) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "reference": row.reference,
        "label": row.label,
        "dated": row.dated.isoformat(),
        "amount": str(Money(row.amount, row.money_kind)),
    }


def _payment_said(row: Payment) -> dict[str, Any]:
    said = {
        "id": str(row.pk),
        "amount": str(Money(row.amount, row.money_kind)),
        "dated": row.dated.isoformat(),
        "year": row.year,
        "reference": row.reference,
        "commitment": str(row.commitment_id or ""),
        "funding_line": str(row.funding_line_id or ""),
    }
    return {name: value for name, value in said.items() if value != ""}
