"""Who repairs in the demo: teams, who is on duty, what was done last week and what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from belvedere.demo.people import AGENT, CONTRACTOR, FITTER
from belvedere.domains.access.public import Actor, working_in
from belvedere.domains.duty.public import RosterBody, save_roster
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import Draft, Facts, Kind, PreventiveDraft
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import standing_at, today
from belvedere.kernel.severity import Severity

TOWN, LEAD = "sierre", "Damien Antonin"
POINTS = (
    "Couper le départ et poser le cadenas",
    "Nettoyer la vasque, contrôler le joint",
    "Mesurer la terre",
    "Remettre sous tension et regarder la lampe",
)
# What broke days ago: what is to be done, urgency, hours until somebody took it up, arrived, had repaired it.
PAST: tuple[tuple[int, str, Severity, float, float, float, str, str], ...] = (
    (8, "Lampe éteinte devant l’école", Severity.MAJOR, 0.5, 3.0, 4.25, "Driver LED 40 W", "128.50"),
    (6, "Mât heurté par une fraiseuse", Severity.CRITICAL, 0.25, 3.5, 7.0, "Mât 6 m, pose comprise", "1840"),
    (3, "Lampe qui clignote", Severity.MINOR, 4.0, 26.0, 26.5, "Connecteur étanche", "18.20"),
)


def fill(actor: Actor, territory: TerritoryView, organisations: Mapping[str, UUID]) -> int:
    """Teams, a roster, a preventive plan and interventions of Sierre; how many interventions there are."""
    owner, contractor = organisations[TOWN], organisations[CONTRACTOR]
    people = {one.label: one for one in working_in(territory.id)}
    lead, agent, fitter = people[LEAD], people[AGENT], people[FITTER]
    first = today(territory.zone) - timedelta(days=21)
    save_roster(
        actor=actor,
        territory=territory,
        owner_id=owner,
        name="Piquet technique",
        body=RosterBody(first, (_id(agent), _id(lead)), calendar="CH-VS"),
    )
    own = _team(actor, territory, owner, "Éclairage et énergie", agent)
    theirs = _team(actor, territory, contractor, "Dépannage Bas-Valais", fitter)
    interventions.save_checklist(
        actor=actor, territory=territory, organisation_id=owner, equipment_kind="luminaire", points=POINTS
    )
    interventions.plan_preventive(
        actor=actor,
        territory=territory,
        draft=PreventiveDraft(
            owner, "Contrôle annuel de l’armoire", 12, _next(territory, 10), "cabinet", team_id=own
        ),
    )
    lamps = equipment.listed(
        actor, territory.id, equipment.Wanted(kinds=("luminaire",), owners=(owner,))
    ).rows
    if not lamps:
        return 0
    spread = [lamps[at * len(lamps) // (len(PAST) + 2)].id for at in range(len(PAST) + 2)]
    for lamp, case in zip(spread, PAST, strict=False):
        _done(lead, fitter, territory, lamp, theirs, case)
    _open(lead, fitter, territory, spread[-2], theirs)
    _planned(lead, territory, spread[-1], own)
    return len(PAST) + 2


def _id(person: Actor) -> UUID:
    assert person.person_id is not None
    return person.person_id


def _team(actor: Actor, territory: TerritoryView, organisation: UUID, name: str, member: Actor) -> UUID:
    team_id = interventions.save_team(
        actor=actor, territory=territory, organisation_id=organisation, name=name, people=[_id(member)]
    )
    interventions.set_rate(actor=actor, team_id=team_id, hourly=Decimal("98.00"))
    return team_id


def _next(territory: TerritoryView, days: int) -> date:
    return today(territory.zone) + timedelta(days=days)


def _done(
    lead: Actor,
    fitter: Actor,
    territory: TerritoryView,
    lamp: UUID,
    team: UUID,
    case: tuple[int, str, Severity, float, float, float, str, str],
) -> None:
    """Broken, repaired by the contractor, looked at by the town."""
    days, what, severity, taken_h, there_h, done_h, part, price = case
    began = datetime.combine(_next(territory, -days), time(9), ZoneInfo(territory.zone))

    def after(hours: float) -> datetime:
        return began + timedelta(hours=hours)

    with standing_at(began):
        job = interventions.plan(
            actor=lead,
            territory=territory,
            draft=Draft(Facts(what, Kind.CORRECTIVE, severity, team_id=team), equipment_id=lamp),
        )
        interventions.dispatch(actor=lead, intervention_id=job)
    with standing_at(after(taken_h)):
        interventions.accept(actor=fitter, intervention_id=job)
    with standing_at(after(there_h)):
        interventions.arrive(actor=fitter, intervention_id=job)
    with standing_at(after(done_h)):
        for position in range(1, len(POINTS) + 1):
            interventions.tick(actor=fitter, intervention_id=job, position=position)
        interventions.note_part(actor=fitter, intervention_id=job, words=part, amount=Decimal(price))
        interventions.note_time(
            actor=fitter, intervention_id=job, minutes=max(15, round((done_h - there_h) * 60))
        )
        interventions.finish(actor=fitter, intervention_id=job)
    with standing_at(after(done_h + 2)):
        interventions.verify(actor=lead, intervention_id=job)


def _open(lead: Actor, fitter: Actor, territory: TerritoryView, lamp: UUID, team: UUID) -> None:
    """With the contractor since this morning."""
    job = interventions.plan(
        actor=lead,
        territory=territory,
        draft=Draft(
            Facts("Lampe qui reste allumée le jour", Kind.CORRECTIVE, Severity.MAJOR, team_id=team),
            equipment_id=lamp,
        ),
    )
    interventions.dispatch(actor=lead, intervention_id=job)
    interventions.accept(actor=fitter, intervention_id=job)


def _planned(lead: Actor, territory: TerritoryView, lamp: UUID, team: UUID) -> None:
    """For the town's own people, tomorrow."""
    interventions.plan(
        actor=lead,
        territory=territory,
        draft=Draft(
            Facts(
                "Orienter la lampe vers le passage piéton",
                Kind.CORRECTIVE,
                Severity.MINOR,
                details="Demande d’un riverain : le passage reste dans l’ombre.",
                team_id=team,
                planned_on=_next(territory, 1),
            ),
            equipment_id=lamp,
        ),
    )
