"""Prices of a territory: indexes with their source and their assumption, rates of VAT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import IndexSeries, IndexValue, Plan, VatRate
from belvedere.domains.plans.outlook.keeping import govern, noted
from belvedere.domains.plans.outlook.values import IndexDraft, VatDraft
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound

PLACES = Decimal("0.0001")
RATE_PLACES = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class IndexView:
    """An index of prices: its values by month, oldest first."""

    id: int
    code: str
    names: Mapping[str, str]
    source: str
    values: tuple[tuple[str, Decimal], ...]
    yearly_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class VatView:
    valid_from: date
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class PricesView:
    """What prices rest on in a territory; open to everyone, like the statistics they come from."""

    indexes: tuple[IndexView, ...]  # by code; the first is the one outlooks use
    vat: tuple[VatView, ...]  # oldest first
    may_edit: bool


def prices(actor: Actor, territory_id: UUID) -> PricesView:
    """The indexes and rates of VAT of a territory."""
    series = IndexSeries.objects.filter(territory_id=territory_id).order_by("code")
    rates = VatRate.objects.filter(territory_id=territory_id).order_by("valid_from")
    return PricesView(
        tuple(_index(row) for row in series.prefetch_related("values")),
        tuple(VatView(row.valid_from, row.rate, row.source) for row in rates),
        actor.governs(territory_id) and actor.allows("write"),
    )


def _index(row: IndexSeries) -> IndexView:
    return IndexView(row.pk, row.code, row.names, row.source, tuple(_values_of(row).items()), row.yearly_rate)


def set_index(*, actor: Actor, territory_id: UUID, draft: IndexDraft, reason: str = "") -> int:
    """Write an index of prices, all of it; the one of the same code is replaced. Gives its identifier."""
    govern(actor, territory_id)
    values = {month: value.quantize(PLACES) for month, value in sorted(draft.values.items())}
    with transaction.atomic():
        row = (
            IndexSeries.objects.select_for_update().filter(territory_id=territory_id, code=draft.code).first()
        )
        before = {} if row is None else _index_said(row, _values_of(row))
        row = row or IndexSeries(territory_id=territory_id, code=draft.code)
        row.names, row.source = dict(draft.names), draft.source
        row.yearly_rate = None if draft.yearly_rate is None else draft.yearly_rate.quantize(RATE_PLACES)
        after = _index_said(row, values)
        if before == after:
            return row.pk
        row.save()
        IndexValue.objects.filter(series=row).delete()
        IndexValue.objects.bulk_create(
            IndexValue(series=row, month=month, value=value) for month, value in values.items()
        )
        subject = ("plans.index", str(row.pk))
        noted(actor, "set_index", subject, territory_id, before=before, after=after, reason=reason)
        return row.pk


def remove_index(*, actor: Actor, territory_id: UUID, index_id: int, reason: str = "") -> None:
    """Take an index away that no plan refers to."""
    govern(actor, territory_id)
    with transaction.atomic():
        row = IndexSeries.objects.select_for_update().filter(territory_id=territory_id, pk=index_id).first()
        if row is None:
            raise NotFound(N_("This index of prices is gone: someone removed it."))
        if Plan.objects.filter(index=row).exists():
            raise Conflict(N_("A plan refers to this index. Let the plan take another first."))
        subject, before = ("plans.index", str(row.pk)), _index_said(row, _values_of(row))
        row.delete()
        noted(actor, "remove_index", subject, territory_id, before=before, reason=reason)


def _values_of(row: IndexSeries) -> dict[str, Decimal]:
    return {value.month: value.value for value in row.values.all()}


def _index_said(row: IndexSeries, values: Mapping[str, Decimal]) -> dict[str, Any]:
    return {
        "code": row.code,
        "names": dict(row.names),
        "source": row.source,
        "yearly_rate": None if row.yearly_rate is None else str(row.yearly_rate),
        "values": {month: str(value) for month, value in values.items()},
    }


def set_vat_rates(*, actor: Actor, territory_id: UUID, rates: Sequence[VatDraft], reason: str = "") -> None:
    """Replace the rates of VAT of a territory."""
    govern(actor, territory_id)
    ordered = sorted(rates, key=lambda rate: rate.valid_from)
    if len({rate.valid_from for rate in ordered}) != len(ordered):
        raise InvalidInput(N_("Two rates of VAT start on the same day. Keep one."), field="valid_from")
    with transaction.atomic():
        known = VatRate.objects.select_for_update().filter(territory_id=territory_id).order_by("valid_from")
        before = [_vat_said(row.valid_from, row.rate, row.source) for row in known]
        after = [_vat_said(rate.valid_from, rate.rate, rate.source) for rate in ordered]
        if before == after:
            return
        VatRate.objects.filter(territory_id=territory_id).delete()
        VatRate.objects.bulk_create(
            VatRate(
                territory_id=territory_id,
                valid_from=rate.valid_from,
                rate=rate.rate.quantize(PLACES),
                source=rate.source,
            )
            for rate in ordered
        )
        noted(
            actor,
            "set_vat_rates",
            ("plans.vat", str(territory_id)),
            territory_id,
            before={"rates": before},
            after={"rates": after},
            reason=reason,
        )


def _vat_said(valid_from: date, rate: Decimal, source: str) -> str:
    return f"{valid_from.isoformat()}: {rate.quantize(PLACES)} ({source})"
