"""Crisis mode in the demo: the flood plan of Sierre, and an exercise that was held by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from belvedere.demo.people import AGENT
from belvedere.domains.access.public import Actor, working_in
from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.public import CrisisDraft, Kind, Phase, PlanBody, PlanDraft, PointDraft, TaskAct
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import standing_at, today

TOWN, LEAD = "sierre", "Damien Antonin"
DAYS_AGO = 12
PHONES = ("079 000 00 11", "079 000 00 12")
SUMMARY = (
    "Exercice de table et de terrain, deux heures. Les rôles ont été pris en six minutes, les berges fermées "
    "en vingt. À corriger : la clé de la salle de la Sacoche n’était pas au guichet ; le numéro du gardien "
    "du barrage a changé. Le plan est mis à jour."
)


def fill(actor: Actor, territory: TerritoryView, organisations: Mapping[str, UUID]) -> UUID:
    """Write the plan, and hold the exercise; gives the id of the exercise."""
    owner = organisations[TOWN]
    people = {one.label: one for one in working_in(territory.id)}
    lead, agent = people[LEAD], people[AGENT]
    plan = _plan(actor, territory, owner, _id(lead), _id(agent))
    began = datetime.combine(
        today(territory.zone) - timedelta(days=DAYS_AGO), time(13, 30), ZoneInfo(territory.zone)
    )
    with standing_at(began):
        made = crises.declare_crisis(
            actor=lead,
            territory=territory,
            draft=CrisisDraft(
                owner_id=owner,
                name="Exercice Rhône d’automne",
                kind=Kind.FLOOD,
                phase=Phase.VIGILANCE,
                reason="Exercice annuel : 90 mm de pluie annoncés en 24 heures, isotherme zéro à 3 400 m.",
                plan_id=plan,
                is_exercise=True,
            ),
        )
    _hold(territory, made, lead, agent, began)
    # What was told then is not mailed today.
    crises.send_due(began + timedelta(days=1), lambda letter: True)
    return made


def _id(person: Actor) -> UUID:
    assert person.person_id is not None
    return person.person_id


def _plan(actor: Actor, territory: TerritoryView, owner: UUID, lead: UUID, agent: UUID) -> UUID:
    """The example, with the people of Sierre: the lead directs, the agent is in the field."""
    start = crises.example("flood").draft("fr")
    roles = []
    for one in start.body.roles:
        first, then = (agent, lead) if one.key in ("3", "4") else (lead, agent)
        phone = PHONES[0] if first == lead else PHONES[1]
        roles.append(replace(one, holder=first, stand_ins=(then,), phone=phone))
    draft = PlanDraft(
        name="Crue du Rhône",
        kinds=(Kind.FLOOD,),
        body=PlanBody(tuple(roles), start.body.cards),
        conditions=start.conditions,
        resources=start.resources,
    )
    return crises.save_plan(actor=actor, territory=territory, owner_id=owner, draft=draft)


def _hold(territory: TerritoryView, made: UUID, lead: Actor, agent: Actor, began: datetime) -> None:
    def step(minutes: int, who: Actor, verb: Callable[..., Any], **given: Any) -> None:
        with standing_at(began + timedelta(minutes=minutes)):
            verb(actor=who, territory=territory, crisis_id=made, **given)

    def view() -> crises.CrisisView:
        return crises.crisis(lead, territory.id, made)

    for minute, who in ((3, lead), (6, agent)):
        for role in view().roles:
            if role.person_id == who.person_id:
                step(minute, who, crises.take_role, role_id=role.id)
    _work(step, view, 15, lead, agent)
    step(
        25,
        lead,
        crises.change_phase,
        phase=Phase.ALERT,
        reason="La station du pont atteint 2,0 m (valeur d’exercice).",
    )
    step(
        35,
        lead,
        crises.write_point,
        draft=PointDraft(
            "2,0 m au pont, +20 cm par heure.",
            "Poste de commandement ouvert, berges en cours de fermeture.",
            "Pic attendu à 18 heures, entre 2,4 et 2,6 m.",
            "Évacuer le camping dès 2,2 m.",
            began + timedelta(minutes=75),
        ),
    )
    _work(step, view, 45, lead, agent)
    step(60, lead, crises.change_phase, phase=Phase.CRISIS, reason="2,5 m, débordement simulé rive droite.")
    step(
        75,
        lead,
        crises.write_point,
        draft=PointDraft(
            "Débordement rive droite, douze personnes au camping.",
            "Camping évacué, salle ouverte.",
            "Décrue dans la soirée.",
            "Pas d’évacuation du quartier.",
        ),
    )
    _work(step, view, 85, lead, agent)
    step(105, lead, crises.change_phase, phase=Phase.RECOVERY, reason="1,8 m, décrue confirmée.")
    step(120, lead, crises.end_crisis, summary=SUMMARY)


def _work(
    step: Callable[..., None], view: Callable[[], crises.CrisisView], minute: int, lead: Actor, agent: Actor
) -> None:
    """Who has the role ticks what is open, and finishes it."""
    for task in [one for one in view().tasks if one.is_open]:
        role = next(one for one in view().roles if one.id == task.role_id)
        who = lead if role.person_id == lead.person_id else agent
        for check in task.checks:
            step(minute, who, crises.tick_check, task_id=task.id, position=check.position)
        step(minute + 2, who, crises.move_task, task_id=task.id, act=TaskAct.FINISH)
