"""Whom a step of an intervention concerns: its team, who sent it out, who plans the work on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.access.public import Role, holders
from belvedere.domains.interventions.models import Intervention, Step
from belvedere.domains.interventions.policies import HANDS
from belvedere.domains.interventions.states import Act
from belvedere.kernel.severity import Severity


@dataclass(frozen=True, slots=True)
class Crew:
    """An intervention as those are told of it whom it concerns.

    `team`: who is in the team and still works for its organisation; `contacts`: managers and administrators
    of the contractor, where the team is a contractor's; `sender`: who sent it out last, where they may still
    plan; `planners`: who plans for the owner.
    """

    number: str
    what: str
    where: str
    priority: Severity
    team_name: str
    team: frozenset[UUID]
    contacts: frozenset[UUID]
    sender: UUID | None
    planners: frozenset[UUID]


def crew_of(intervention_id: UUID) -> Crew:
    """Of one intervention, whatever the reader: for the platform's own messages."""
    row = Intervention.objects.select_related("team").get(pk=intervention_id)
    planners = holders([row.owner_id], *HANDS).get(row.owner_id, frozenset())
    team, contacts = frozenset[UUID](), frozenset[UUID]()
    if row.team is not None:
        theirs = row.team.organisation_id
        members = set(row.team.members.values_list("person_id", flat=True))
        team = holders([theirs]).get(theirs, frozenset()) & members
        if theirs != row.owner_id:
            contacts = holders([theirs], Role.MANAGER, Role.ADMINISTRATOR).get(theirs, frozenset())
    sent = (
        Step.objects.filter(intervention=row, act__in=[Act.DISPATCH, Act.SEND_BACK]).order_by("-pk").first()
    )
    sender = sent.person_id if sent is not None and sent.person_id in planners else None
    return Crew(
        row.number,
        row.what,
        row.where,
        Severity(row.priority),
        row.team.name if row.team is not None else "",
        team,
        contacts,
        sender,
        planners,
    )
