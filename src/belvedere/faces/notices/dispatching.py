"""Interventions that are sent out, sent back, given back or called off: told to those whom it concerns, in
the platform and by the ways they chose, written in the transaction of the step."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from belvedere.domains.interventions.events import InterventionMoved
from belvedere.domains.interventions.public import Act, Crew, State, crew_of
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.notifications.public import Rhythm, declare_kind, notify
from belvedere.kernel.errors import N_
from belvedere.kernel.events import subscribe_within

KIND = "intervention"
_SENT = {
    Act.DISPATCH: N_("Intervention {number} is given to the team {team}: {what}"),
    Act.SEND_BACK: N_("Intervention {number} comes back to the team {team}: {what}"),
    Act.CANCEL: N_("Intervention {number} is called off, the team {team} need not go: {what}"),
}
_BACK = N_("The team {team} gave intervention {number} back: {what}")


def listen() -> None:
    """Declare what is told, and hear of every step."""
    declare_kind(KIND, N_("An intervention concerns me"), Rhythm.NEVER, choice=False)
    subscribe_within(InterventionMoved, tell)


def tell(event: InterventionMoved) -> None:
    """Tell the team, or who sent it out; nobody is told of what they did themselves."""
    act = Act(event.act)
    was_out = event.before not in ("", State.PLANNED)
    if (act not in _SENT and act is not Act.GIVE_BACK) or (act is Act.CANCEL and not was_out):
        return
    crew = crew_of(event.intervention_id)
    text, people = (
        (_BACK, _planners(crew)) if act is Act.GIVE_BACK else (_SENT[act], crew.team | crew.contacts)
    )
    people -= {event.by_id} if event.by_id is not None else set()
    territory = territory_by_id(event.territory_id)
    values = {"number": crew.number, "team": crew.team_name, "what": _what(crew)}
    link = reverse("interventions:intervention", args=[territory, event.intervention_id])
    key = f"intervention:{event.intervention_id}:{act.value}:{event.at.isoformat()}"
    notify(
        people,
        KIND,
        text,
        values,
        key=key,
        group=f"intervention:{event.intervention_id}",
        subject_id=str(event.intervention_id),
        territory_id=event.territory_id,
        zone=territory.zone,
        link=link,
    )
    reach.tell(
        people,
        text,
        values,
        key=key,
        severity=int(crew.priority),
        territory_id=event.territory_id,
        owner_id=event.owner_id,
        link=link,
    )


def _planners(crew: Crew) -> frozenset[UUID]:
    """Who sent it out; where they left, all who plan for the owner."""
    return frozenset({crew.sender}) if crew.sender is not None else crew.planners


def _what(crew: Crew) -> str:
    return f"{crew.what}, {crew.where}" if crew.where else crew.what
