"""A town's money to look at: three measures, a ceiling, a federal deadline, a part in another's measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.plans.public import states, values
from tests.faces.web.plans_examples import BASE, OLD, chf, create, estimate, rate


@dataclass
class Town:
    """The measures of Montaigu, and one of Rochefort that Montaigu pays a fifth of."""

    bus: UUID
    hall: UUID
    path: UUID
    neighbours: UUID
    lines: dict[str, UUID]


def _years(amounts: dict[int, int]) -> tuple[values.SpendDraft, ...]:
    return tuple(values.SpendDraft(year, chf(amount)) for year, amount in amounts.items())


def fill(valbelle: Any, year: int) -> Town:
    """Amounts around `year`, the current one: the bus starts three years later, two before its deadline."""
    from belvedere.domains.plans import figures
    from belvedere.domains.plans.models import Frame, FundingLine, Measure

    def of(
        title: str, years: dict[int, int], funding: tuple[values.FundingDraft, ...], owner: Any = None
    ) -> UUID:
        start = min(years)
        return create(
            valbelle,
            owner or valbelle.montaigu,
            title,
            published=True,
            phase="31",
            estimates=(estimate(sum(years.values())),),
            spending=_years(years),
            funding=funding,
            phases=(values.PhaseDraft("52", forecast=(date(start, 3, 1), date(max(years), 10, 1))),),
        )

    bus = of(
        "Bus à haut niveau de service",
        {year + 3: 4_000_000, year + 4: 6_000_000},
        (rate(valbelle.canton, "0.40", 3_500_000), rate(valbelle.rochefort, "0.05")),
    )
    hall = of(
        "Halle de gymnastique", {year + 1: 3_000_000, year + 2: 5_000_000}, (rate(valbelle.canton, "0.20"),)
    )
    path = of("Voie verte", {year: 900_000, year + 1: 600_000}, ())
    neighbours = of(
        "Déchetterie", {year + 2: 1_000_000}, (rate(valbelle.montaigu, "0.20"),), valbelle.rochefort
    )
    create(
        valbelle,
        valbelle.montaigu,
        "Ancien mur",
        estimates=(estimate(250_000, OLD),),
        spending=(values.SpendDraft(year + 1, chf(250_000, OLD)),),
    )
    line = FundingLine.objects.get(measure_id=bus, organisation=valbelle.canton)
    FundingLine.objects.filter(pk=line.pk).update(
        start_deadline=date(year + 5, 12, 31), advance_share=Decimal("0.2"), lag_years=1
    )
    figures.refresh([bus, hall, path, neighbours])
    Measure.objects.filter(pk=bus).update(version=50)
    for at in range(15):
        Frame.objects.create(
            territory=valbelle.territory,
            organisation=valbelle.montaigu,
            year=year - 2 + at,
            ceiling=Decimal(4_000_000 if at < 5 else 6_000_000),
            currency="CHF",
            vat=BASE.vat.value,
            price_base=BASE.price_base,
            source="Conseil général",
            decided_on=date(year - 1, 6, 17),
        )
    return Town(bus, hall, path, neighbours, {"canton": line.pk})


__all__ = ["Town", "fill", "states"]
