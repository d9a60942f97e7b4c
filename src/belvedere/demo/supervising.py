"""Rules of the demo: what calls for somebody among the invented devices."""

from __future__ import annotations

from belvedere.domains.access.public import Actor
from belvedere.domains.automation.public import (
    Body,
    Clause,
    Closing,
    Condition,
    Foreseen,
    Level,
    RuleDraft,
    Says,
    Silence,
    Watched,
    save_rule,
    switch_rule,
)
from belvedere.domains.packs.public import switch_on
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.severity import Severity
from belvedere.science.alarms.conditions import Side

HOUR_S = 3600
#: Switched on beside the rules that the territory wrote itself.
PACKS = ("air-noise", "parking-crowds")
# Name, what is watched, when, for how long, how urgent, what to do.
RULES: tuple[tuple[str, str, str, Condition, int, Severity, str], ...] = (
    (
        "Conteneur plein",
        "waste-container",
        "fillingLevel",
        Level(Side.ABOVE, 0.9, clears_at=0.5),
        HOUR_S // 2,
        Severity.MINOR,
        "Ajouter le conteneur à la prochaine tournée. S’il déborde, appeler la voirie.",
    ),
    (
        "Lampe défectueuse",
        "streetlight",
        "status",
        Says(words=("defectiveLamp",)),
        0,
        Severity.MAJOR,
        "Prévoir une intervention selon le contrat d’entretien. Sur un passage piéton : le jour même.",
    ),
    (
        "Lampadaire muet",
        "streetlight",
        "powerConsumption",
        Silence(after_s=12 * HOUR_S),
        0,
        Severity.MINOR,
        "Regarder d’abord si toute l’armoire se tait.",
    ),
    (
        "Fuite probable",
        "water-consumption",
        "minFlow",
        Level(Side.ABOVE, 3.0),
        24 * HOUR_S,
        Severity.MAJOR,
        "De l’eau coule sans arrêt depuis un jour : prévenir l’abonné, puis contrôler le branchement.",
    ),
    (
        "Crue : niveau d’alerte",
        "water-observed",
        "waterLevel",
        Level(Side.ABOVE, 2.0, clears_at=1.8),
        HOUR_S // 4,
        Severity.CRITICAL,
        "Avertir l’état-major de conduite et suivre le plan d’alarme de la commune.",
    ),
    (
        "Gel prévu",
        "weather",
        "temperatureForecast",
        Foreseen(Side.BELOW, 0.0, within_s=12 * HOUR_S, clears_at=1.0),
        0,
        Severity.MINOR,
        "Décider du salage de la nuit ; prévenir les vignerons du 15 mars au 31 mai.",
    ),
    (
        "Mesure impossible",
        "weather",
        "temperature",
        Level(Side.BELOW, -45.0),
        0,
        Severity.INFO,
        "La sonde est à remplacer ; ses valeurs ne comptent pas.",
    ),
)


def fill(actor: Actor, territory: TerritoryView) -> int:
    """Write the rules and switch them on, and two packs; how many rules the territory wrote itself."""
    for name, kind, attribute, condition, for_s, severity, advice in RULES:
        body = Body(
            watched=Watched(kind=kind),
            clauses=(Clause(attribute, condition),),
            for_s=for_s,
            advice=advice,
            closing=Closing.BY_ITSELF if severity < Severity.MAJOR else Closing.BY_HAND,
        )
        made = save_rule(actor=actor, territory=territory, draft=RuleDraft(None, name, severity, body))
        switch_rule(actor=actor, rule_id=made.id, on=True)
    for slug in PACKS:
        switch_on(actor=actor, territory=territory, slug=slug, watch=True)
    return len(RULES)
