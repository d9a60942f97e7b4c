"""Sums of measures, by year, by owner, by funder; each opens into its lines. A measure counts once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.counting import (
    FIGURES_KIND,
    KIND,
    SUMMED,
    ZERO,
    counted_by_year,
    kind_of,
    names_of,
    total_of,
    totals_of,
)
from belvedere.domains.plans.filters import MeasureFilter, chosen
from belvedere.domains.plans.language import in_language, language_of
from belvedere.domains.plans.models import FundingLine, Measure, SpendLine
from belvedere.domains.plans.states import LOST_FUNDING, SpendState
from belvedere.domains.plans.views import FunderTotal, OwnerTotal, SpendingRow, Totals, YearTotal
from belvedere.kernel.identifiers import fold
from belvedere.kernel.money import Kind, Money, Vat
from belvedere.kernel.paging import Page, Window


def _costed(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    return measures.filter(figures__cost__isnull=False)


def totals(actor: Actor, territory_id: UUID, which: MeasureFilter) -> Totals:
    """Cost, aid and net of the chosen measures, a sum for each kind of money."""
    measures = chosen(actor, territory_id, which).order_by()
    return totals_of(measures.values(*FIGURES_KIND).annotate(**SUMMED))


def _spending(actor: Actor, territory_id: UUID, which: MeasureFilter) -> QuerySet[SpendLine]:
    """The yearly lines of the chosen measures; a filter on years narrows the lines themselves."""
    chosen_ids = chosen(actor, territory_id, which).values("pk")
    lines = SpendLine.objects.filter(scenario="reference", measure__in=chosen_ids).exclude(amount=0, aid=0)
    return lines.filter(year__in=which.years) if which.years else lines


def by_year(
    actor: Actor,
    territory_id: UUID,
    which: MeasureFilter,
    *,
    measures: Mapping[int, int] | None = None,
) -> list[YearTotal]:
    """Spending of each year, with the aid that follows it, per kind of money.

    `measures`: how many of the chosen measures spend in each year, when the caller has it.
    """
    lines = _spending(actor, territory_id, which)
    rows = (
        lines.values("year", "state", *KIND).annotate(cost=Sum("amount"), helped=Sum("aid")).order_by("year")
    )
    sums: dict[tuple[int, Kind], list[Any]] = {}
    for row in rows:
        entry = sums.setdefault((row["year"], kind_of(row)), [ZERO, ZERO, defaultdict(lambda: ZERO)])
        entry[0] += row["cost"]
        entry[1] += row["helped"]
        entry[2][SpendState(row["state"])] += row["cost"]
    numbers = _measures_by_year(lines, {kind for _year, kind in sums}, measures)
    return [
        YearTotal(year, total_of(kind, numbers[year, kind], cost, aid), dict(states))
        for (year, kind), (cost, aid, states) in sorted(sums.items())
    ]


def _measures_by_year(
    lines: QuerySet[SpendLine], kinds: set[Kind], known: Mapping[int, int] | None
) -> dict[tuple[int, Kind], int]:
    """How many measures spend in each year; one with lines in two states counts once."""
    if len(kinds) > 1:
        found = counted_by_year(lines, *KIND)
        return {(year, Kind(money, Vat(vat), base)): n for (year, money, vat, base), n in found.items()}
    if known is None:
        known = {year: number for (year,), number in counted_by_year(lines).items()}
    return {(year, kind): number for year, number in known.items() for kind in kinds}


def by_owner(
    actor: Actor, territory_id: UUID, which: MeasureFilter, *, language: str, window: Window | None = None
) -> Page[OwnerTotal]:
    """What each owner's measures cost, what others pay of it and what is left to it, largest first."""
    window = window or Window(size=40)
    rows = list(
        _costed(chosen(actor, territory_id, which))
        .order_by()
        .values("owner_id", *FIGURES_KIND)
        .annotate(**SUMMED)
    )
    rows.sort(key=lambda row: (-row["cost"], row["owner_id"]))
    # Names are looked up for the window only, and for those that cost as much as its first or last.
    costs = [row["cost"] for row in rows[window.start : window.start + window.size]]
    near = {row["owner_id"] for row in rows if costs and costs[-1] <= row["cost"] <= costs[0]}
    names = names_of(Measure.owner, near, language)
    rows.sort(key=lambda row: (-row["cost"], fold(names.get(row["owner_id"], "")), row["owner_id"]))
    found = [
        OwnerTotal(
            row["owner_id"],
            names[row["owner_id"]],
            total_of(kind_of(row, "figures__"), row["number"], row["cost"], row["aid"]),
        )
        for row in rows[window.start : window.start + window.size]
    ]
    return Page(found, len(rows), window)


def by_funder(actor: Actor, territory_id: UUID, which: MeasureFilter, *, language: str) -> list[FunderTotal]:
    """What each funder brings to the chosen measures, as its rules resolve today."""
    # A line of a measure without cost resolves to 0, so `resolved` alone tells those that count.
    measures = chosen(actor, territory_id, which).values("pk")
    lines = FundingLine.objects.filter(measure__in=measures).exclude(resolved=0)
    alive = lines.exclude(state__in=LOST_FUNDING).order_by()
    rows = list(alive.values("organisation_id", *KIND).annotate(sum=Sum("resolved"), lines=Count("pk")))
    repeats = _repeats(alive)
    names = names_of(FundingLine.organisation, {row["organisation_id"] for row in rows}, language)
    found = [
        FunderTotal(
            row["organisation_id"],
            names[row["organisation_id"]],
            kind_of(row),
            row["lines"] - repeats[row["organisation_id"], kind_of(row)],
            Money(row["sum"], kind_of(row)),
        )
        for row in rows
    ]
    return sorted(
        found,
        key=lambda one: (-one.amount.amount, fold(one.organisation_name), one.organisation_id, one.kind),
    )


def _repeats(lines: QuerySet[FundingLine]) -> Counter[tuple[UUID, Kind]]:
    """How many lines of each funder are further lines on a measure that it already helps."""
    # Measures with several lines are few: they are found first, by the measure alone.
    several = lines.values("measure_id").annotate(lines=Count("pk")).filter(lines__gt=1).values("measure_id")
    rows = lines.filter(measure__in=several).values("organisation_id", "measure_id", *KIND)
    found: Counter[tuple[UUID, Kind]] = Counter()
    for row in rows.annotate(lines=Count("pk")).filter(lines__gt=1):
        found[row["organisation_id"], kind_of(row)] += row["lines"] - 1
    return found


def spending_rows(
    actor: Actor,
    territory_id: UUID,
    which: MeasureFilter,
    *,
    language: str,
    window: Window | None = None,
) -> Page[SpendingRow]:
    """The lines behind a total of years, largest first."""
    window = window or Window()
    lines = _spending(actor, territory_id, which)
    rows = (
        lines.annotate(
            shown_title=in_language("measure__title", language),
            owner_name=in_language("measure__owner__names", language),
            texts=F("measure__title"),
            codes=F("measure__figures__codes"),
        )
        .order_by("-amount", "year", "pk")
        .values(
            "measure_id",
            "shown_title",
            "owner_name",
            "texts",
            "codes",
            "year",
            "state",
            "amount",
            "aid",
            *KIND,
        )[window.start : window.start + window.size]
    )
    return Page([_spending_row(row, language) for row in rows], lines.count(), window)


def _spending_row(row: dict[str, Any], language: str) -> SpendingRow:
    kind = kind_of(row)
    amount, aid = Money(row["amount"], kind), Money(row["aid"], kind)
    return SpendingRow(
        measure_id=row["measure_id"],
        title=row["shown_title"],
        title_language=language_of(row["texts"], language),
        codes=row["codes"] or "",
        owner_name=row["owner_name"],
        year=row["year"],
        state=SpendState(row["state"]),
        amount=amount,
        aid=aid,
        net=amount - aid,
    )
