"""Short ways to make drafts in tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from belvedere.domains.plans.public import values
from belvedere.kernel.money import Kind, Money, Vat

CHF = Kind("CHF", Vat.EXCLUDED, "2025-10")


def chf(amount: object, kind: Kind = CHF) -> Money:
    return Money(Decimal(str(amount)), kind)


def estimate(amount: object, kind: Kind = CHF, **more: Any) -> values.EstimateDraft:
    return values.EstimateDraft(amount=chf(amount, kind), dated=date(2026, 1, 15), **more)


def draft(owner: Any, title: str = "Voie verte", **more: Any) -> values.MeasureDraft:
    return values.MeasureDraft(title={"fr": title}, owner_id=owner.pk, **more)


def full(owner: Any, funder: Any, *, cost: object = "1000.00", title: str = "Voie verte", **more: Any) -> Any:
    """A measure with an estimate, two years and a 40 % share capped at 300."""
    half = Decimal(str(cost)) / 2
    return draft(
        owner,
        title,
        estimates=(estimate(cost),),
        spending=(values.SpendDraft(2027, chf(half)), values.SpendDraft(2028, chf(half))),
        funding=(
            values.FundingDraft(
                organisation_id=funder.pk, rule=values.RateWithCap(Decimal("0.4"), chf(300)), money_kind=CHF
            ),
        ),
        **more,
    )
