"""What is followed on some forty measures: actors, milestones, quantities, risks, decisions, effects."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.demo import content, papers
from belvedere.demo.content import Idea
from belvedere.demo.documents_of_plans import CURRENT, Ids
from belvedere.demo.money import TODAY, cost_of
from belvedere.demo.programme import Filled, works
from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import follow, payment_actions, values, vocabulary
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.money import Money

STRUCTURE_M = 21_000  # francs for a metre of footbridge or underpass
CITIES = frozenset({"sion", "sierre", "conthey"})  # with a general council; elsewhere the people decide
OFFICES = {
    "technical": "Service des travaux publics",
    "planner": "Bureau d’étude (exemple)",
    "site_manager": "Direction locale des travaux (exemple)",
}


def follow_up(actor: Actor, territory: TerritoryView, organisations: Ids, made: Filled) -> None:
    """Everything of one measure in one act, then contracts, links and documents."""
    texts = content.follow_up()
    indicators = {row["code"]: _indicator(actor, territory, row) for row in texts["indicators"]}
    ideas = {idea.key: idea for idea in content.everything()}
    for key in texts["followed"]:
        follow.record_follow_up(
            actor=actor,
            measure_id=made.measures[key],
            version=None,
            draft=_draft(ideas[key], texts, indicators, organisations),
        )
    for key in texts["contracts"]:
        _pay(actor, made.measures[key], ideas[key])
    for source, kind, target, note, lag in texts["links"]:
        follow.set_link(
            actor=actor,
            measure_id=made.measures[source],
            version=None,
            draft=follow.LinkDraft(made.measures[target], vocabulary.LinkType(kind), note, lag),
        )
    for key, kind, title, public, form, text in texts["documents"]:
        _document(actor, made.measures[key], kind, title, text, form, public=public)


def _indicator(actor: Actor, territory: TerritoryView, row: Mapping[str, Any]) -> int:
    return follow.define_indicator(
        actor=actor,
        territory_id=territory.id,
        draft=follow.IndicatorDraft(
            names={"fr": row["fr"], "de": row["de"]},
            unit=row["unit"],
            code=row["code"],
            decimals=row.get("decimals", 0),
            direction=vocabulary.Direction(row["way"]),
            source=row["source"],
        ),
    )


def _draft(
    idea: Idea, texts: Mapping[str, Any], indicators: Mapping[str, int], organisations: Ids
) -> follow.FollowDraft:
    chance = random.Random(f"follow {idea.key}")  # noqa: S311 (an example, not a secret)
    kind = texts["by_category"][idea.category]
    return follow.FollowDraft(
        actors=_actors(idea, organisations),
        milestones=_milestones(idea, chance),
        quantities=_quantities(idea, kind),
        risks=tuple(_risk(idea, row) for row in texts["risks"].get(idea.category, ())),
        decisions=_decisions(idea),
        effects=_effects(idea, kind, indicators, chance),
    )


def _actors(idea: Idea, organisations: Ids) -> tuple[follow.ActorDraft, ...]:
    """Beside the pilot, who stands on it from the start."""
    payers = dict.fromkeys(row["p"] for row in idea.funding or () if row["p"] not in content.PAYING_BODIES)
    made = [follow.ActorDraft(vocabulary.ActorRole.PARTNER, organisations[payer]) for payer in payers]
    roles = ["technical", "planner"] + (["site_manager"] if works(idea)[0] <= TODAY else [])
    since = date(max(2020, works(idea)[0].year - 3), 1, 15)
    made += [
        follow.ActorDraft(vocabulary.ActorRole(role), label=OFFICES[role], since=since) for role in roles
    ]
    return tuple(made)


def _milestones(idea: Idea, chance: random.Random) -> tuple[follow.MilestoneDraft, ...]:
    """From the credit to the opening; what lies behind has its real day, some days or months late."""
    start, end = works(idea)
    kind = vocabulary.MilestoneType
    steps = [
        (kind.CREDIT, start.replace(year=start.year - 1, month=6, day=15)),
        (kind.PERMIT, start.replace(year=start.year - 1, month=10, day=10)),
        (kind.TENDER, start.replace(year=start.year - 1, month=12, day=5)),
        (kind.START, start),
        (kind.OPENING, end),
    ]
    if idea.codes and idea.kind == "infrastructure":
        steps.append((kind.CLAIM, date(end.year + 1, 5, 31)))
    made = []
    for step, planned in steps:
        forecast = planned.fromordinal(planned.toordinal() + chance.choice([0, 0, 0, 21, 75, 160]))
        over = forecast < TODAY
        made.append(
            follow.MilestoneDraft(
                step, planned=planned, forecast=None if over else forecast, actual=forecast if over else None
            )
        )
    return tuple(made)


def _quantities(idea: Idea, kind: Mapping[str, Any]) -> tuple[follow.QuantityDraft, ...]:
    """As written, else by what one unit of its kind costs, which differs from place to place."""
    each = kind["each"] if not _is_structure(idea) else max(kind["each"], STRUCTURE_M)
    each *= random.Random(f"unit {idea.key}").uniform(0.65, 1.5)  # noqa: S311 (an example, not a secret)
    units = idea.quantities or {kind["unit"]: max(1, round(idea.thousands * 1000 / each))}
    start, end = works(idea)
    done = min(1.0, max(0.0, (TODAY - start).days / max(1, (end - start).days)))
    return tuple(
        follow.QuantityDraft(
            vocabulary.QuantityUnit(unit),
            Decimal(planned),
            Decimal(round(planned * done)) if start <= TODAY else None,
        )
        for unit, planned in units.items()
    )


def _is_structure(idea: Idea) -> bool:
    return idea.titles["fr"].startswith(("Passage", "Passerelle", "Pont"))


def _risk(idea: Idea, row: list[Any]) -> follow.RiskDraft:
    kind, french, german, probability, impact, french_way, german_way = row
    over = works(idea)[1] < TODAY
    return follow.RiskDraft(
        vocabulary.RiskKind(kind),
        {"fr": french, "de": german},
        probability,
        impact,
        {"fr": french_way, "de": german_way},
        closed_on=date(2025, 12, 12) if over else None,
    )


def _decisions(idea: Idea) -> tuple[follow.DecisionDraft, ...]:
    """The credit of what is built or about to be; the general council decides in towns."""
    start, _end = works(idea)
    if start.year > TODAY.year + 1:
        return ()
    name = next((one.names["fr"] for one in content.communes() if one.key == idea.owner), "")
    body = f"Conseil général de {name}" if idea.owner in CITIES else f"Assemblée primaire de {name}"
    if not name:
        body = "Comité de l’agglomération" if idea.owner == "agglo" else "Conseil d’État"
    dated = min(date(start.year - 1, 6, 17), date(2026, 6, 16))
    return (
        follow.DecisionDraft(
            vocabulary.DecisionType.CREDIT,
            body,
            dated,
            {"fr": "Crédit d’engagement", "de": "Verpflichtungskredit"},
            cost_of(idea),
        ),
    )


def _effects(
    idea: Idea, kind: Mapping[str, Any], indicators: Mapping[str, int], chance: random.Random
) -> tuple[tuple[follow.EffectDraft, tuple[follow.IndicatorValueDraft, ...]], ...]:
    if "indicator" not in kind:
        return ()
    first, last = (Decimal(str(value)) for value in kind["range"])
    size = Decimal(chance.choice([8, 9, 10, 11, 12])) / 10
    low, high = ((first * size).quantize(Decimal("0.1")), (last * size).quantize(Decimal("0.1")))
    start, end = works(idea)
    effect = follow.EffectDraft(
        indicators[kind["indicator"]],
        baseline=low,
        baseline_on=date(2023, 9, 30),
        target=high,
        target_on=date(end.year + 2, 9, 30),
    )
    results = []
    if start.year <= TODAY.year:
        for year, share in ((2024, "0.1"), (2025, "0.35"), (2026, "0.55")):
            value = (low + (high - low) * Decimal(share)).quantize(Decimal("0.1"))
            results.append(
                follow.IndicatorValueDraft(date(year, 6, 30), value, source="Relevé annuel (exemple)")
            )
    return ((effect, tuple(results)),)


def _pay(actor: Actor, measure_id: UUID, idea: Idea) -> None:
    """A contract for most of the works, and what was paid on it so far."""
    start, _end = works(idea)
    bound = cost_of(idea).times(Decimal("0.8"))
    contract = payment_actions.record_commitment(
        actor=actor,
        measure_id=measure_id,
        version=None,
        draft=values.CommitmentDraft(
            f"C-{start.year}-01", date(start.year, 2, 12), bound, "Entreprise générale (exemple)"
        ),
    )
    for year in range(start.year, TODAY.year + 1):
        share = Decimal("0.22") if year == start.year else Decimal("0.3")
        payment_actions.record_payment(
            actor=actor,
            measure_id=measure_id,
            version=None,
            draft=values.PaymentDraft(
                Money(bound.times(share).amount, CURRENT),
                date(year, 9, 15),
                year,
                commitment_id=contract,
                reference=f"F-{year}-117",
            ),
        )


def _document(
    actor: Actor, measure_id: UUID, kind: str, title: str, text: str, form: str, *, public: bool
) -> None:
    file = papers.page(title, text) if form == "pdf" else text.encode()
    name = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    document = follow.add_document(
        actor=actor,
        measure_id=measure_id,
        version=None,
        draft=follow.DocumentDraft(
            vocabulary.DocumentType(kind), follow.FileDraft(f"{name}.{form}", file), title
        ),
    )
    if public:
        follow.publish_document(
            actor=actor, measure_id=measure_id, version=None, document_id=document, public=True
        )
