"""The demo's plans: the programme in two generations, the master plan, those of communes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.demo import content
from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, plan_actions, values, vocabulary
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.money import Kind, Vat

# Everything current is at one price base, so that it adds up; first estimates keep the base of their day.
CURRENT = Kind("CHF", Vat.EXCLUDED, "2025-10")
FORMER = Kind("CHF", Vat.EXCLUDED, "2020-10")
FEDERAL_RATE = Decimal("0.40")
HORIZONS = {(4, "A"): (2024, 2027), (4, "B"): (2028, 2031), (4, "C"): (2032, 2035)} | {
    (5, "A"): (2028, 2031),
    (5, "B"): (2032, 2035),
    (5, "C"): (2036, 2039),
}
# Until when works start and aid is claimed, by generation: individual contributions, lump sums.
STARTS = {4: date(2029, 3, 31), 5: date(2032, 12, 31)}
CLAIMS = {4: date(2031, 11, 30), 5: date(2036, 11, 30)}
LUMP_CLAIMS = {4: date(2030, 11, 30), 5: date(2034, 11, 30)}
SOURCES = {
    4: "Accord sur les prestations PA4, ch. 4 (exemple, d’après les délais publiés en Suisse)",
    5: "Rapport d’examen PA5, ch. 3 (exemple, d’après les délais publiés en Suisse)",
}
Ids = Mapping[str, UUID]


@dataclass
class Plans:
    """Plans by code, axes by (plan, axis)."""

    ids: dict[str, UUID] = field(default_factory=dict)
    nodes: dict[tuple[str, str], UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A plan of its owner."""

    code: str
    owner: str
    type: str
    french: str
    german: str
    years: tuple[int, int]


DOCUMENTS = (
    Document(
        "PDI", "agglo", "master_plan", "Plan directeur intercommunal", "Regionaler Richtplan", (2024, 2040)
    ),
    Document(
        "PDC-SION",
        "sion",
        "communal_plan",
        "Plan directeur communal de Sion",
        "Kommunaler Richtplan Sitten",
        (2022, 2040),
    ),
    Document(
        "PQ-SION",
        "sion",
        "four_year_plan",
        "Plan quadriennal 2027–2030 de Sion",
        "Vierjahresplan 2027–2030 Sitten",
        (2027, 2030),
    ),
    Document(
        "PPI-SIERRE",
        "sierre",
        "investment_plan",
        "Plan des investissements de Sierre, 2024–2036",
        "Investitionsplan Siders, 2024–2036",
        (2024, 2036),
    ),
    Document(
        "PPI-CONTHEY",
        "conthey",
        "investment_plan",
        "Plan des investissements de Conthey, 2024–2036",
        "Investitionsplan Conthey, 2024–2036",
        (2024, 2036),
    ),
    Document(
        "PDC-NOBLE",
        "noble",
        "communal_plan",
        "Plan directeur communal de Noble-Contrée",
        "Kommunaler Richtplan Noble-Contrée",
        (2024, 2036),
    ),
)


def make(actor: Actor, territory: TerritoryView, organisations: Ids) -> Plans:
    """Create all plans with their axes and their rules of deadlines."""
    plans = Plans()
    maxima = {4: Decimal(62_000_000), 5: Decimal(88_000_000)}
    for generation, years in ((4, (2024, 2031)), (5, (2028, 2036))):
        code = f"PA{generation}"
        plans.ids[code] = actions.create_plan(
            actor=actor,
            territory_id=territory.id,
            owner_id=organisations["agglo"],
            type="agglomeration_programme",
            code=code,
            title={
                "fr": f"Projet d’agglomération, {generation}e génération",
                "de": f"Agglomerationsprogramm, {generation}. Generation",
            },
            money_kind=CURRENT,
            generation=generation,
            years=years,
            federal_rate=FEDERAL_RATE,
            federal_maximum=maxima[generation],
            previous_id=plans.ids.get("PA4"),
            has_agreement=True,
        )
        _axes(actor, plans, code, content.AXES)
        plan_actions.set_deadline_rules(
            actor=actor, plan_id=plans.ids[code], version=None, rules=_rules(generation)
        )
    for document in DOCUMENTS:
        plans.ids[document.code] = actions.create_plan(
            actor=actor,
            territory_id=territory.id,
            owner_id=organisations[document.owner],
            type=document.type,
            code=document.code,
            title={"fr": document.french, "de": document.german},
            money_kind=CURRENT,
            years=document.years,
        )
    _axes(actor, plans, "PDI", {key: (french, german) for key, (french, german, _) in content.FIELDS.items()})
    return plans


def _axes(actor: Actor, plans: Plans, code: str, axes: Mapping[str, tuple[str, str]]) -> None:
    for axis, (french, german) in axes.items():
        plans.nodes[(code, axis)] = actions.add_node(
            actor=actor, plan_id=plans.ids[code], code=axis, title={"fr": french, "de": german}
        )


def _rules(generation: int) -> list[values.DeadlineDraft]:
    first = date(2023, 10, 1) if generation == 4 else date(2026, 3, 1)
    return [
        values.DeadlineDraft(
            vocabulary.Contribution.INDIVIDUAL,
            first,
            STARTS[generation],
            CLAIMS[generation],
            SOURCES[generation],
        ),
        values.DeadlineDraft(
            vocabulary.Contribution.LUMP, first, None, LUMP_CLAIMS[generation], SOURCES[generation]
        ),
    ]
