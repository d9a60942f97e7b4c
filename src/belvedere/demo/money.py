"""The money of the demo's measures: what its author wrote, and what is derived from it.

The same key always gives the same figures.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.demo import content
from belvedere.demo.content import Idea
from belvedere.demo.documents_of_plans import CURRENT, FEDERAL_RATE, FORMER, STARTS
from belvedere.domains.plans.public import states, values, vocabulary
from belvedere.kernel.money import Money, split
from belvedere.science.finance.funding import FillUp, LumpPerUnit, Residual, Rule

TODAY = date(2026, 10, 1)  # the day as of which the content was written
# What the Confederation does not pay for in an agglomeration programme.
WITHOUT_FEDERAL_AID = frozenset({"study", "service", "recurrent", "settlement"})
BODIES = frozenset({"canton", "canton_sdm", "canton_sdn", "confederation"})
BEFORE, AFTER = 2023, 2039  # all up to and including, all from
SUBSIDIES = {
    "batiments": "Subvention aux constructions scolaires",
    "eaux": "Subvention aux eaux",
    "energie": "Programme Bâtiments",
    "rue": "Loi sur les routes",
    "securite": "Loi sur les routes",
    "ouvrages": "Loi sur les routes",
    "paysage": "Loi sur la nature et le paysage",
}
Ids = Mapping[str, UUID]


def cost_of(idea: Idea) -> Money:
    return Money(Decimal(idea.thousands * 1000), CURRENT)


def estimates(idea: Idea, chance: random.Random, *, over: bool = False) -> tuple[values.EstimateDraft, ...]:
    """The sheet of the programme at former prices, a study, and what is known now."""
    cost, first, made = cost_of(idea), idea.years[0], []
    if 4 in idea.codes:
        before = _share(cost, chance.uniform(0.78, 0.93))
        made.append(
            values.EstimateDraft(
                Money(before, FORMER), date(2021, 6, 30), accuracy=Decimal("0.30"), source="Fiche du PA4"
            )
        )
    if first - TODAY.year <= 3:
        made.append(
            values.EstimateDraft(
                Money(_share(cost, chance.uniform(0.88, 1.08)), CURRENT),
                date(min(first - 1, 2025), 3, 31),
                kind=states.EstimateKind.STUDY,
                accuracy=Decimal("0.20"),
                source="Avant-projet",
            )
        )
    made.append(latest(idea, chance, over=over))
    return tuple(made)


def latest(
    idea: Idea, chance: random.Random, *, over: bool = False, dated: date = date(2025, 11, 30)
) -> values.EstimateDraft:
    """What is known now: the final account of what is over, a project, a study."""
    cost, certain = cost_of(idea), idea.years[0] <= TODAY.year
    kind = states.EstimateKind.PROJECT if certain else states.EstimateKind.STUDY
    share = Decimal(str(chance.choice([0.75, 0.8, 0.85, 0.9, 1])))
    return values.EstimateDraft(
        cost,
        dated,
        kind=states.EstimateKind.FINAL if over else kind,
        eligible=cost.times(share) if idea.codes and idea.funding is None else cost,
        accuracy=Decimal(0) if over else Decimal("0.10") if certain else Decimal("0.25"),
        source="Décompte final" if over else "Projet de l’ouvrage" if certain else "Étude préliminaire",
    )


def _share(cost: Money, share: float) -> Decimal:
    """A rough part of a cost, to ten thousand francs, a thousand where it is small."""
    step = Decimal(10_000 if cost.amount >= 400_000 else 1000)
    return (cost.amount * Decimal(str(round(share, 2))) / step).quantize(Decimal(1)) * step


def spending(idea: Idea) -> tuple[values.SpendDraft, ...]:
    """What was written, else a bell over the years: studies first, works in the middle, the balance last."""
    if idea.spending is not None:
        return tuple(_written(key, thousands) for key, thousands in idea.spending.items())
    first, last = idea.years
    count = last - first + 1
    weights = [Decimal(min(at + 1, count - at) * 2 - 1) for at in range(count)]
    if idea.kind in ("service", "recurrent"):
        weights = [Decimal(1)] * count
    nature = (
        "operation" if idea.kind in ("service", "recurrent") and idea.category != "eaux" else "investment"
    )
    return tuple(
        values.SpendDraft(first + at, Money(amount, CURRENT), _state(first + at), nature)
        for at, amount in enumerate(split(cost_of(idea).amount, weights))
    )


def _written(key: str, thousands: int) -> values.SpendDraft:
    amount = Money(Decimal(thousands * 1000), CURRENT)
    if key == "b":
        return values.SpendDraft(BEFORE, amount, states.SpendState.PAID, span=vocabulary.Span.BEFORE)
    if key == "a":
        return values.SpendDraft(AFTER, amount, span=vocabulary.Span.AFTER)
    return values.SpendDraft(int(key), amount, _state(int(key)))


def _state(year: int) -> states.SpendState:
    if year < TODAY.year:
        return states.SpendState.PAID
    if year == TODAY.year:
        return states.SpendState.COMMITTED
    return states.SpendState.VOTED if year == TODAY.year + 1 else states.SpendState.PROJECTED


def funding(idea: Idea, organisations: Ids, chance: random.Random) -> tuple[values.FundingDraft, ...]:
    """The rules as written, else those that measures of its kind have."""
    if idea.funding is not None:
        return tuple(_line(row, at, organisations) for at, row in enumerate(idea.funding, start=1))
    rows = [row for row in (_federal(idea), _cantonal(idea, chance), _filled_up(idea)) if row]
    return tuple(_line(row, at, organisations) for at, row in enumerate(rows, start=1))


def _line(row: Mapping[str, Any], position: int, organisations: Ids) -> values.FundingDraft:
    decided = row["st"] in ("obtained", "agreed", "paid")
    return values.FundingDraft(
        organisations[row["p"]],
        _rule(row),
        CURRENT,
        instrument=row["i"],
        state=states.FundingState(row["st"]),
        conditions=row.get("if", ""),
        position=position,
        advance_share=Decimal(str(row.get("adv", 1))),
        lag_years=row.get("lag", 0),
        indexed="lump" in row,
        requested_on=None if row["st"] == "considered" else date(2024, 9, 15),
        decided_on=date(2025, 6, 20) if decided else None,
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    def francs(name: str, unit: int = 1000) -> Money | None:
        return Money(Decimal(row[name] * unit), CURRENT) if name in row else None

    fixed, tariff = francs("fix"), francs("lump", 1)
    if fixed is not None:
        return values.Fixed(fixed)
    if tariff is not None:
        # The quantity is counted on what is followed of the measure.
        return LumpPerUnit(tariff, Decimal(0), row["u"], francs("cap"))
    if "fill" in row:
        return FillUp(Decimal(str(row["fill"])), francs("cap"))
    if "rest" in row:
        return Residual()
    return values.RateWithCap(Decimal(str(row["rate"])), francs("cap"))


def _federal(idea: Idea) -> dict[str, Any] | None:
    """40 % of the eligible cost, at most the maximum of the programme for this measure."""
    if not idea.codes or idea.kind in WITHOUT_FEDERAL_AID:
        return None
    generation = max(idea.codes)
    cap = int(idea.thousands * FEDERAL_RATE * Decimal("0.8")) // 10 * 10
    begun = idea.years[0] <= TODAY.year
    state = ("agreed" if begun else "obtained") if generation == 4 else "requested"
    if idea.key in content.agreements()["forfeited"]:
        state = "forfeited"
    row = {"p": "confederation", "rate": 0.4, "cap": cap, "adv": 0.2, "lag": 1, "st": state}
    row["i"] = f"Contribution FORTA, PA{generation}"
    if idea.codes[generation][1] == "A":
        row["if"] = f"Début des travaux au plus tard le {STARTS[generation]:%d.%m.%Y}"
    return row


def _cantonal(idea: Idea, chance: random.Random) -> dict[str, Any] | None:
    """The canton shares in some: by rate in the programme, by a round sum or a rate elsewhere."""
    if idea.owner in BODIES:
        return None
    state = "obtained" if idea.years[0] <= TODAY.year + 1 else "considered"
    line: dict[str, Any] = {"p": "canton", "adv": 0.5, "lag": 1, "st": state}
    if idea.codes:
        return line | {"rate": chance.choice([0.1, 0.15, 0.2, 0.25]), "i": "Loi sur la mobilité"}
    if idea.category not in SUBSIDIES or chance.random() > 0.7:
        return None
    share = chance.choice([0.08, 0.12, 0.2])
    line["i"] = SUBSIDIES[idea.category]
    if idea.category in ("rue", "securite", "ouvrages", "paysage"):
        return line | {"rate": share}
    return line | {"fix": max(10, int(idea.thousands * share) // 10 * 10)}


def _filled_up(idea: Idea) -> dict[str, Any] | None:
    """The agglomeration tops the aid of its communes' cycling routes up to half of the eligible cost."""
    if not idea.codes or idea.category != "velo" or idea.owner in BODIES | {"agglo"}:
        return None
    state = "agreed" if idea.years[0] <= TODAY.year else "requested"
    instrument = "Fonds d’agglomération, complément à 50 %"
    return {"p": "agglo", "fill": 0.5, "adv": 0, "lag": 1, "st": state, "i": instrument}
