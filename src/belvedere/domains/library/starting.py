"""“Start from this measure”: a draft in one's own territory, made through the verbs of plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.library import queries
from belvedere.domains.library.facts import Facts
from belvedere.domains.library.queries import Card
from belvedere.domains.plans.public import actions, follow, states, values, vocabulary
from belvedere.domains.plans.public import queries as plan_queries
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import fold
from belvedere.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Start:
    """What is taken over besides texts, kind and category.

    `quantity`: one's own, in the unit of the card; the estimate is its unit cost times it. `keep`: the
    quantities of the card are kept where no own one is given. `begins`: the day of the first phase.
    """

    owner_id: UUID
    quantity: Decimal | None = None
    keep: bool = False
    begins: date | None = None

    def __post_init__(self) -> None:
        if self.quantity is not None and not 0 < self.quantity < Decimal(10) ** 9:
            raise InvalidInput(N_("Your quantity is a number above 0."), field="quantity")


def estimate(card: Card, quantity: Decimal | None) -> tuple[vocabulary.QuantityUnit, Money] | None:
    """The unit and the amount that a quantity of one's own would cost; None without a unit cost."""
    prices = card.unit_costs
    if quantity is None or not prices:
        return None
    unit = next(iter(prices))
    return unit, prices[unit].times(quantity)


def source_of(card: Card, language: str) -> str:
    """“Library: Sion, Valais central, <title>”; with the platform of cards from elsewhere."""
    parts = [_in(card.facts.owner, language), _in(card.facts.territory, language), card.instance]
    return f"{', '.join(part for part in parts if part)}: {_in(card.facts.title, language)}"[:280]


def start_from(
    *, actor: Actor, card_id: UUID, territory_id: UUID, start: Start, language: str, reason: str = ""
) -> UUID:
    """Create a draft measure from a card; it is not published, whatever the card was.

    Raises:
        NoSuchCard: there is none, or it was withdrawn.
        Refused: the actor may not create measures for that owner.
    """
    card = queries.card(actor, card_id)
    source = source_of(card, language)
    draft = values.MeasureDraft(
        title=card.facts.title,
        owner_id=start.owner_id,
        description=card.facts.description,
        kind=card.facts.kind,
        category_id=_category(card.facts, territory_id),
        phase_scheme=card.facts.phase_scheme,
        estimates=tuple(_estimates(card, start, source)),
        phases=tuple(_phases(card.facts, start.begins)),
    )
    with transaction.atomic():
        measure_id = actions.create_measure(
            actor=actor, territory_id=territory_id, draft=draft, reason=reason or source
        )
        quantities = tuple(_quantities(card, start))
        if quantities:
            follow.record_follow_up(
                actor=actor,
                measure_id=measure_id,
                version=None,
                draft=follow.FollowDraft(quantities=quantities),
                reason=source,
            )
        record(
            **signed(actor),
            verb="library.start_from",
            subject=("plans.measure", str(measure_id)),
            territory_id=territory_id,
            after={
                "card": str(card.id),
                "source_id": str(card.facts.source_id),
                "source": source,
                "url": card.facts.url,
            },
            reason=reason,
        )
    return measure_id


def _in(texts: dict[str, str] | object, language: str) -> str:
    found = dict(texts) if isinstance(texts, dict) else {}
    return found.get(language) or next(iter(found.values()), "")


def _category(one: Facts, territory_id: UUID) -> int | None:
    """The category of the territory that has one of the names of the card's."""
    wanted = {fold(name) for name in one.category.values()}
    for pk, names in plan_queries.categories(territory_id):
        if wanted & {fold(name) for name in names.values()}:
            return pk
    return None


def _estimates(card: Card, start: Start, source: str) -> Iterator[values.EstimateDraft]:
    found = estimate(card, start.quantity)
    if found is not None:
        yield values.EstimateDraft(
            amount=found[1], dated=today(), kind=states.EstimateKind.STUDY, source=source
        )


def _quantities(card: Card, start: Start) -> Iterator[follow.QuantityDraft]:
    prices = card.unit_costs
    if start.quantity is not None and (prices or len(card.facts.quantities) == 1):
        yield follow.QuantityDraft(card.facts.quantities[0].unit, start.quantity)
        return
    for one in card.facts.quantities if start.keep else ():
        yield follow.QuantityDraft(one.unit, one.amount)


def _phases(one: Facts, begins: date | None) -> Iterator[values.PhaseDraft]:
    """The phases one after the other from the first day, each as long as it was there."""
    if begins is None:
        return
    day = begins
    for step in states.PHASE_SCHEMES[one.phase_scheme]:
        months = one.months.get(step.code)
        if months is None:
            continue
        end = _later(day, months)
        yield values.PhaseDraft(step.code, planned=(day, end))
        day = end


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


__all__ = ["Start", "estimate", "source_of", "start_from"]
