"""How far the aid of the programmes went: handed in, reviewed, agreed, signed, claimed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from belvedere.demo import content
from belvedere.demo.programme import Filled, works
from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import listing_actions, plan_reads, programme_actions, states

Agreement = states.Agreement
ROAD = (
    Agreement.IN_AGREEMENT,
    Agreement.REQUESTED,
    Agreement.SIGNED,
    Agreement.WORKS_STARTED,
    Agreement.CLAIMS,
    Agreement.FINAL_ACCOUNT,
    Agreement.CLOSED,
)


def review(actor: Actor, made: Filled) -> None:
    """Both generations are handed in; the authority gives its priorities, some unlike ours."""
    for generation in (4, 5):
        plan = f"PA{generation}"
        programme_actions.hand_in_programme(actor=actor, plan_id=made.plans.ids[plan])
        otherwise = content.agreements()["assessed"][plan]
        priorities = {
            made.measures[idea.key]: states.Priority(otherwise.get(idea.key, idea.codes[generation][1]))
            for idea in content.agglomeration()
            if generation in idea.codes
        }
        programme_actions.record_review(
            actor=actor,
            plan_id=made.plans.ids[plan],
            priorities=priorities,
            reason=f"Rapport d’examen du {plan} (exemple)",
        )


def walk(actor: Actor, made: Filled) -> None:
    """Some measures of the fourth generation go on to the agreement, a few to its end; one loses its aid."""
    ideas = {idea.key: idea for idea in content.agglomeration()}
    for number, (key, end) in enumerate(content.agreements()["walk"], start=1):
        code = f"PA4-{ideas[key].codes[4][0]}"
        listing = plan_reads.listing_under(actor, made.plans.ids["PA4"], code)
        signed = date(min(works(ideas[key])[0].year - 1, 2025), 11, 20)
        for step in ROAD[: ROAD.index(Agreement(end)) + 1]:
            _step(actor, made.measures[key], listing or 0, step, number, signed)
    for key in content.agreements()["forfeited"]:
        code = f"PA4-{ideas[key].codes[4][0]}"
        listing = plan_reads.listing_under(actor, made.plans.ids["PA4"], code)
        for step in (Agreement.IN_AGREEMENT, Agreement.FORFEITED):
            _step(actor, made.measures[key], listing or 0, step, 90, date(2025, 11, 20))


def _step(
    actor: Actor, measure_id: UUID, listing: int, step: states.Agreement, number: int, signed: date
) -> None:
    entering, signing = step is Agreement.IN_AGREEMENT, step is Agreement.SIGNED
    listing_actions.move_agreement(
        actor=actor,
        measure_id=measure_id,
        version=None,
        listing_id=listing,
        to=step,
        agreement_number=f"AP-4.{number:03d}" if entering else None,
        financing_number=f"CF-{signed.year}-{number:03d}" if signing else None,
        financing_date=signed if signing else None,
        reason="Le maître d’ouvrage renonce au délai : travaux reportés après 2031."
        if step is Agreement.FORFEITED
        else "",
    )
