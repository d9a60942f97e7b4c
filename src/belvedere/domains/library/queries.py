"""Typed reads of the library: search by likeness, one card, what things cost by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Q, QuerySet

from belvedere.domains.access.public import Actor
from belvedere.domains.library import facts, policies
from belvedere.domains.library.errors import NoSuchCard
from belvedere.domains.library.facts import Basis, Facts
from belvedere.domains.library.models import SharedMeasure, SharedQuantity
from belvedere.domains.plans.public import states, vocabulary
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold
from belvedere.kernel.money import CENT, Kind, Money, Vat
from belvedere.kernel.paging import Page, Window

LIKE_ENOUGH = 0.35  # of the words asked for, found in the card
LONGEST_QUESTION = 300


@dataclass(frozen=True, slots=True)
class Search:
    """Empty means all. `least` and `most` bound the quantity in `unit`."""

    text: str = ""
    kind: states.MeasureKind | None = None
    category: str = ""  # as `Facts.group` writes it
    unit: vocabulary.QuantityUnit | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    real: bool = False  # only what was paid or has its final account


@dataclass(frozen=True, slots=True)
class Card:
    """`instance` is "" for cards of this platform; `territory_id` then says whose."""

    id: UUID
    instance: str
    territory_id: UUID | None
    facts: Facts

    @property
    def unit_costs(self) -> dict[vocabulary.QuantityUnit, Money]:
        return self.facts.unit_costs


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one unit costs among the cards of a category; amounts of one kind of money only.

    `sources`: how many measures it rests on, `real`: of them paid or with a final account.
    """

    category: facts.Texts
    group: str
    unit: vocabulary.QuantityUnit
    kind: Kind
    sources: int
    real: int
    median: Money
    lowest: Money
    highest: Money
    years: tuple[int | None, int | None]


def _cards() -> QuerySet[SharedMeasure]:
    return SharedMeasure.objects.filter(withdrawn_at__isnull=True)


def search(actor: Actor, asked: Search, window: Window | None = None) -> Page[Card]:
    """The cards that fit, the most alike first, else the newest."""
    policies.require_reader(actor)
    window = window or Window(size=25)
    found = _cards().filter(_conditions(asked))
    words = fold(asked.text[:LONGEST_QUESTION])
    order: tuple[str, ...] = ("-shared_at", "pk")
    if words:
        found = found.annotate(likeness=TrigramWordSimilarity(words, "search"))
        every = Q()
        for word in words.split():
            every &= Q(search__contains=word)
        found = found.filter(every | Q(likeness__gte=LIKE_ENOUGH))
        order = ("-likeness", "-shared_at", "pk")
    total = found.count()
    rows = found.order_by(*order)[window.start : window.start + window.size]
    return Page([_card(row) for row in rows], total, window)


def _conditions(asked: Search) -> Q:
    found = Q()
    if asked.kind is not None:
        found &= Q(kind=asked.kind)
    if asked.category:
        found &= Q(category=asked.category)
    if asked.real:
        found &= Q(basis__in=facts.REAL)
    if asked.unit is not None:
        rows = SharedQuantity.objects.filter(shared=OuterRef("pk"), unit=asked.unit)
        if asked.least is not None:
            rows = rows.filter(amount__gte=asked.least)
        if asked.most is not None:
            rows = rows.filter(amount__lte=asked.most)
        found &= Q(Exists(rows))
    return found


def _card(row: SharedMeasure) -> Card:
    return Card(row.pk, row.instance, row.territory_id, facts.read(row.facts))


def card(actor: Actor, card_id: UUID) -> Card:
    """One card; NoSuchCard of a withdrawn one."""
    policies.require_reader(actor)
    row = _cards().filter(pk=card_id).first()
    if row is None:
        raise NoSuchCard(N_("There is no such card in the library, or it was withdrawn."))
    return _card(row)


def card_of(measure_id: UUID) -> UUID | None:
    """The card of a measure of this instance, None when it is not shared."""
    return _cards().filter(instance="", source_id=measure_id).values_list("pk", flat=True).first()


def own_cards(actor: Actor, territory_id: UUID | None = None) -> list[Facts]:
    """The cards of this instance, for the file; of one territory where it is given."""
    policies.require_reader(actor)
    rows = _cards().filter(instance="")
    if territory_id is not None:
        rows = rows.filter(territory_id=territory_id)
    return [facts.read(row.facts) for row in rows.order_by("pk")]


def categories(actor: Actor) -> list[tuple[str, facts.Texts, int]]:
    """The categories that cards have: how they are grouped, their names, how many cards."""
    policies.require_reader(actor)
    found: dict[str, tuple[facts.Texts, int]] = {}
    for group, names in _cards().exclude(category="").values_list("category", "facts__category"):
        known, number = found.get(group, (names, 0))
        found[group] = (known, number + 1)
    return sorted((group, names, number) for group, (names, number) in found.items())


def unit_costs(actor: Actor, asked: Search | None = None) -> list[UnitCost]:
    """Median and range of the cost of a unit, by category, unit and kind of money, most sources first.

    Amounts of another currency, VAT status or price base stand in rows of their own: none is converted.
    """
    policies.require_reader(actor)
    rows = (
        SharedQuantity.objects.filter(
            unit_cost__isnull=False, shared__in=_cards().filter(_conditions(asked or Search())).values("pk")
        )
        .select_related("shared")
        .order_by("unit_cost", "pk")
    )
    if asked is not None and asked.unit is not None:
        rows = rows.filter(unit=asked.unit)
    groups: dict[tuple[str, str, Kind], list[SharedQuantity]] = defaultdict(list)
    for row in rows:
        kind = Kind(row.shared.currency, Vat(row.shared.vat), row.shared.price_base)
        groups[row.shared.category, row.unit, kind].append(row)
    found = [_unit_cost(group, unit, kind, held) for (group, unit, kind), held in groups.items()]
    return sorted(found, key=lambda one: (-one.sources, one.group, one.unit, one.kind))


def _unit_cost(group: str, unit: str, kind: Kind, rows: list[SharedQuantity]) -> UnitCost:
    prices = [row.unit_cost for row in rows if row.unit_cost is not None]
    years = _years(row.shared for row in rows)
    return UnitCost(
        category=rows[0].shared.facts.get("category") or {},
        group=group,
        unit=vocabulary.QuantityUnit(unit),
        kind=kind,
        sources=len(prices),
        real=sum(row.shared.basis in facts.REAL for row in rows),
        median=Money(Decimal(median(prices)).quantize(CENT), kind),
        lowest=Money(prices[0], kind),
        highest=Money(prices[-1], kind),
        years=(min(years), max(years)) if years else (None, None),
    )


def _years(cards: Iterable[SharedMeasure]) -> list[int]:
    dated = ((one.facts.get("cost") or {}).get("dated") for one in cards)
    return [int(day[:4]) for day in dated if day]


__all__ = [
    "Basis",
    "Card",
    "Search",
    "UnitCost",
    "card",
    "card_of",
    "categories",
    "own_cards",
    "search",
    "unit_costs",
]
