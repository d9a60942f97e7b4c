"""What the verbs take: the facts of an intervention, tidied and checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from belvedere.domains.interventions.errors import BadIntervention
from belvedere.domains.interventions.states import Kind
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity
from belvedere.kernel.texts import tidied

LONGEST = {"what": 200, "details": 5000, "skills": 200, "where": 300}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the office says of an intervention. `at`: longitude and latitude in degrees, of the equipment
    where none is given; `order`: its place among the visits of the day."""

    what: str
    kind: Kind = Kind.CORRECTIVE
    priority: Severity = Severity.MAJOR
    details: str = ""
    skills: str = ""
    where: str = ""
    at: tuple[float, float] | None = None
    team_id: UUID | None = None
    assigned_id: UUID | None = None
    planned_on: date | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """An intervention to plan. `owner_id` may be left out where equipment or an alarm says whose it is."""

    facts: Facts
    owner_id: UUID | None = None
    equipment_id: UUID | None = None
    entity_id: int | None = None
    alarm_id: int | None = None


def checked(facts: Facts) -> Facts:
    """The facts with tidy texts; BadIntervention names what cannot be."""
    tidy = tidied(facts, LONGEST, BadIntervention, lines=("details",))
    if not tidy["what"]:
        raise BadIntervention(N_("Say in a few words what is to be done."), field="what")
    if facts.at is not None and not (-180 <= facts.at[0] <= 180 and -90 <= facts.at[1] <= 90):
        raise BadIntervention(N_("The point lies outside the world. Choose it on the map."), field="at")
    if facts.planned_on is not None and not 2000 <= facts.planned_on.year <= 2150:
        raise BadIntervention(
            N_("This date cannot be meant. Write the year with four digits."), field="planned_on"
        )
    if facts.assigned_id is not None and facts.team_id is None:
        raise BadIntervention(N_("Choose the team of this person too."), field="team")
    return replace(facts, **tidy)
