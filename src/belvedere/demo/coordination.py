"""Works that meet in the demo: how near is near here, and what was said of some of them."""

from __future__ import annotations

from belvedere.demo.documents_of_plans import Ids
from belvedere.demo.programme import Filled
from belvedere.domains.access.public import Actor
from belvedere.domains.coordination.public import Params, State, conflict, give_verdict, set_rule
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import today

# A dense valley: only what shares a street, not a crossing.
RULE = Params(within_m=20.0, along_m=50.0, within_years=5.0, shared_m=200.0)
# Drawn along the same anchors on purpose: first, second.
PLANTED = (
    ("PA4-TP.07", "PA4-TP.06"),  # the rue de Lausanne is opened again for the bus
    ("PA4-TIM.10", "PA5-MD.21"),  # the crossing of Grône, then its cycle lane a year later
    ("PA4-MD.04", "PA5-MD.07"),  # two cycle routes by Daval, of two communes
    ("SIE-10", "SIE-17"),  # paving of the rue du Bourg, then its cycle lanes
    ("PDI-026", "PDI-001"),  # a pavement, then the water main below it
)
# pair -> what was said, the note, which owner leads
SAID: dict[tuple[str, str], tuple[State, str, str]] = {
    ("PA4-MD.04", "PA5-MD.07"): (
        State.TO_COORDINATE,
        "Grône et Sierre se voient au printemps pour fixer un seul chantier à Daval.",
        "",
    ),
    ("SIE-10", "SIE-17"): (
        State.COORDINATED,
        "Les bandes cyclables sont marquées avec le pavage ; un seul chantier, une seule déviation.",
        "sierre",
    ),
}


def coordinate(actor: Actor, territory: TerritoryView, organisations: Ids, made: Filled) -> None:
    """Set the rule of the valley and what was said of some pairs that still meet today."""
    set_rule(actor=actor, territory_id=territory.id, rule=RULE, reason="Vallée dense")
    day = today(territory.zone)
    for (first, second), (state, note, leader) in SAID.items():
        pair = (made.measures[first], made.measures[second])
        if conflict(actor, territory.id, pair, day=day) is None:
            continue  # the works are over by now
        give_verdict(
            actor=actor,
            territory_id=territory.id,
            pair=pair,
            state=state,
            note=note,
            leader_id=organisations[leader] if leader else None,
        )
