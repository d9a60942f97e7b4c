"""What owners' outlooks rest on: prices, ceilings, a voted budget and what left it, scenarios."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.demo import content, money
from belvedere.demo.documents_of_plans import CURRENT, Ids
from belvedere.demo.programme import GREW, SLIPPED, Filled, phases
from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, money_actions, outlook, vocabulary
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.money import Money

# Half-yearly, October 2020 = 100: invented, near what building prices did in those years.
INDEX = {
    "2018-04": "98.9", "2018-10": "99.1", "2019-04": "99.6", "2019-10": "99.8", "2020-04": "99.9",
    "2020-10": "100.0", "2021-04": "102.1", "2021-10": "104.6", "2022-04": "109.8", "2022-10": "112.9",
    "2023-04": "113.8", "2023-10": "114.2", "2024-04": "114.6", "2024-10": "114.9", "2025-04": "115.4",
    "2025-10": "116.0", "2026-04": "116.7",
}  # fmt: skip
VAT = (
    (date(2018, 1, 1), "0.077", "Loi sur la TVA, art. 25, taux normal dès le 01.01.2018"),
    (date(2024, 1, 1), "0.081", "Loi sur la TVA, art. 25, taux normal dès le 01.01.2024"),
)
# Owner -> (first year, last year, thousands of francs, who decided, when).
CEILINGS: dict[str, tuple[tuple[int, int, int, str, date], ...]] = {
    "sion": (
        (2024, 2026, 9_000, "Conseil général, 20.06.2023", date(2023, 6, 20)),
        (2027, 2030, 11_500, "Conseil général, plan quadriennal, 16.06.2026", date(2026, 6, 16)),
        (2031, 2038, 10_000, "Conseil municipal, ligne directrice du 03.03.2026", date(2026, 3, 3)),
    ),
    "sierre": (
        (2024, 2026, 16_000, "Conseil général, 12.12.2023", date(2023, 12, 12)),
        (2027, 2030, 24_000, "Conseil général, 10.06.2026", date(2026, 6, 10)),
        (2031, 2036, 14_500, "Conseil municipal, ligne directrice du 20.01.2026", date(2026, 1, 20)),
    ),
    "conthey": (
        (2024, 2026, 9_500, "Conseil général, 11.12.2023", date(2023, 12, 11)),
        (2027, 2030, 14_000, "Conseil général, 15.12.2025", date(2025, 12, 15)),
        (2031, 2036, 8_000, "Conseil municipal, ligne directrice du 12.05.2026", date(2026, 5, 12)),
    ),
    "noble": ((2025, 2032, 3_300, "Assemblée primaire, 09.12.2024", date(2024, 12, 9)),),
}
REASONS: dict[str, tuple[str, str]] = {
    "SIO-13": ("money", "Désamiantage découvert lors des sondages de mars 2026."),
    "SIO-05": ("money", "Offre des conduites rentrée au-dessus de l’avant-projet, mai 2026."),
    "SIO-09": ("money", "Conduites industrielles à déplacer sous la place, demande du service de l’énergie."),
    "SIO-04": ("dates", "Convention avec Savièse signée en mars 2026 seulement : travaux décalés d’un an."),
    "SIO-17": ("dates", "Remise à l’enquête après une opposition."),
}


def arrange(actor: Actor, territory: TerritoryView, organisations: Ids, made: Filled) -> None:
    """Prices and ceilings, then Sion's vote, what left it since, and scenarios."""
    _prices(actor, territory)
    for owner, steps in CEILINGS.items():
        drafts = [
            outlook.FrameDraft(year, Money(Decimal(thousands * 1000), CURRENT), source, decided)
            for first, last, thousands, source, decided in steps
            for year in range(first, last + 1)
        ]
        outlook.set_frames(
            actor=actor, territory_id=territory.id, organisation_id=organisations[owner], drafts=drafts
        )
    _vote(actor, territory, organisations["sion"], made)
    _scenarios(actor, territory, organisations, made)


def _prices(actor: Actor, territory: TerritoryView) -> None:
    outlook.set_index(
        actor=actor,
        territory_id=territory.id,
        draft=outlook.IndexDraft(
            code="construction-exemple",
            names={
                "fr": "Indice des prix de la construction (exemple)",
                "de": "Baupreisindex (Beispiel)",
            },
            source="Valeurs inventées pour la démonstration ; octobre 2020 = 100",
            values={month: Decimal(value) for month, value in INDEX.items()},
            yearly_rate=Decimal("0.013"),
        ),
    )
    rates = [outlook.VatDraft(since, Decimal(rate), source) for since, rate, source in VAT]
    outlook.set_vat_rates(actor=actor, territory_id=territory.id, rates=rates)


def _vote(actor: Actor, territory: TerritoryView, sion: UUID, made: Filled) -> None:
    """The budget of last year, with the works of two measures a year earlier and four costs lower."""
    ideas = {idea.key: idea for idea in content.everything()}

    def picture() -> outlook.Picture:
        return outlook.open_picture(actor, territory.id, sion, outlook.Question(), language="fr")

    snapshot = outlook.vote(
        picture(),
        kind=vocabulary.SnapshotKind.BUDGET,
        title="Budget 2026 et planification 2027–2030",
        body="Conseil général de Sion",
        voted_on=date(2025, 12, 16),
    )
    for key in GREW:
        _grow(actor, made.measures[key], ideas[key])
    for key in SLIPPED:
        actions.set_phase_dates(
            actor=actor,
            measure_id=made.measures[key],
            version=None,
            phases=phases(ideas[key], slipped=1),
            reason=REASONS[key][1],
        )
    now = picture()
    for key, (about, reason) in REASONS.items():
        kind = vocabulary.VarianceKind(about)
        outlook.explain_difference(now, snapshot, made.measures[key], kind, reason)


def _grow(actor: Actor, measure_id: UUID, idea: content.Idea) -> None:
    chance = random.Random(idea.key)  # noqa: S311 (figures of an example, not secrets)
    reason = REASONS.get(idea.key, ("", "Devis mis à jour en mai 2026."))[1]
    money_actions.record_estimate(
        actor=actor,
        measure_id=measure_id,
        version=None,
        draft=money.latest(idea, chance, dated=date(2026, 5, 20)),
        reason=reason,
    )
    money_actions.set_spending(
        actor=actor, measure_id=measure_id, version=None, lines=money.spending(idea), reason=reason
    )


def _scenarios(actor: Actor, territory: TerritoryView, organisations: Ids, made: Filled) -> None:
    change = outlook.Change
    own = {
        "PA4-TIM.04": change(1),
        "SIO-13": change(1),
        "SIO-09": change(1, Decimal("-0.05")),
    }
    prudent = outlook.Adjustments(general=change(1, Decimal("0.08")))
    drafts = [
        ("sion", "Prudent : un an de retard, coûts + 8 %", prudent, vocabulary.ScenarioType.PRUDENT),
        (
            "sion",
            "Étaler 2028 : Platta, rue du Rhône et avenue de France un an plus tard",
            outlook.Adjustments({made.measures[key]: one for key, one in own.items()}),
            vocabulary.ScenarioType.OWN,
        ),
        ("sierre", "Prudent : un an de retard, coûts + 8 %", prudent, vocabulary.ScenarioType.PRUDENT),
        (
            "noble",
            "École de Veyras un an plus tard",
            outlook.Adjustments({made.measures["NOB-01"]: change(1)}),
            vocabulary.ScenarioType.OWN,
        ),
    ]
    for owner, name, adjustments, kind in drafts:
        outlook.save_scenario(
            actor=actor,
            territory_id=territory.id,
            organisation_id=organisations[owner],
            draft=outlook.ScenarioDraft(name, adjustments, kind),
        )
