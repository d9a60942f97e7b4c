"""Measures of Valbelle to look at through pages, each differing from the next by one fact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, states, values
from belvedere.kernel.geometry import from_geojson
from belvedere.kernel.money import Kind, Money, Vat


def english() -> Client:
    """A browser whose reader has chosen English, whatever the person's own language."""
    client = Client()
    client.cookies["belvedere_language"] = "en"
    return client


BASE = Kind("CHF", Vat.EXCLUDED, "2025-10")
OLD = Kind("CHF", Vat.EXCLUDED, "2020-10")


def chf(amount: int | str, kind: Kind = BASE) -> Money:
    return Money(Decimal(amount), kind)


def point(longitude: float = 7.4, latitude: float = 46.2) -> values.SiteDraft:
    shape = from_geojson({"type": "Point", "coordinates": [longitude, latitude]})
    return values.SiteDraft(shape, states.SiteMethod.DRAWN, "Place")


def estimate(amount: int, kind: Kind = BASE, eligible: int | None = None) -> values.EstimateDraft:
    part = None if eligible is None else chf(eligible, kind)
    return values.EstimateDraft(chf(amount, kind), date(2025, 10, 1), eligible=part, accuracy=Decimal("0.15"))


def rate(payer: Any, share: str, cap: int | None = None) -> values.FundingDraft:
    rule = values.RateWithCap(Decimal(share), None if cap is None else chf(cap))
    return values.FundingDraft(payer.pk, rule, BASE, "Programme", states.FundingState.AGREED)


def create(valbelle: Any, owner: Any, title: str, **more: Any) -> UUID:
    """A measure of `owner`; `more` are fields of the draft."""
    draft = values.MeasureDraft(title={"fr": title}, owner_id=owner.pk, **more)
    return actions.create_measure(actor=Actor.system(), territory_id=valbelle.territory.pk, draft=draft)


def street(valbelle: Any, owner: Any = None, *, published: bool = True, title: str = "Rue du Pont") -> UUID:
    """12 M CHF over two years, 35 % by the canton with a cap of 3 M: others pay 3 M, the owner 9 M."""
    return create(
        valbelle,
        owner or valbelle.montaigu,
        title,
        published=published,
        phase="32",
        estimates=(estimate(12_000_000),),
        spending=(
            values.SpendDraft(2028, chf(4_000_000)),
            values.SpendDraft(2029, chf(8_000_000), states.SpendState.VOTED),
        ),
        funding=(rate(valbelle.canton, "0.35", 3_000_000),),
        sites=(point(),),
    )
