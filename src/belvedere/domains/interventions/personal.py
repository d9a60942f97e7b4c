"""Interventions as a source of personal data: teams, what a person did, what their phone sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from belvedere.domains.access.public import AccountSource, staying
from belvedere.domains.interventions.models import SentAct, Step, TeamMember, TimeSpent
from belvedere.duties.privacy.public import Held, Outcome
from belvedere.kernel.errors import N_

_KEPT = N_("They prove what was done on an intervention; they no longer show the name.")
_TIMELINE = ("interventions.step", "interventions.timespent")


class InterventionsSource(AccountSource):
    """The answers of interventions: out of the teams, and nothing left of the phone; the timeline stays."""

    def held(self, person_id: UUID) -> list[Held]:
        return _held(person_id)

    def let_go(self, person_id: UUID) -> list[Outcome]:
        kept = staying(_held(person_id), _KEPT, _TIMELINE)
        return [
            Outcome("interventions.teammember", TeamMember.objects.filter(person_id=person_id).delete()[0]),
            Outcome("interventions.sentact", SentAct.objects.filter(person_id=person_id).delete()[0]),
            *kept,
        ]


def _held(person_id: UUID) -> list[Held]:
    teams = TeamMember.objects.filter(person_id=person_id).select_related("team").order_by("pk")
    steps = Step.objects.filter(person_id=person_id).select_related("intervention").order_by("pk")
    times = TimeSpent.objects.filter(person_id=person_id).select_related("intervention").order_by("pk")
    sent = SentAct.objects.filter(person_id=person_id).order_by("received_at", "pk")
    return [
        *(Held("interventions.teammember", str(row.pk), {"team": row.team.name}) for row in teams),
        *(Held("interventions.step", str(row.pk), _step(row)) for row in steps),
        *(Held("interventions.timespent", str(row.pk), _time(row)) for row in times),
        *(Held("interventions.sentact", str(row.pk), _sent(row)) for row in sent),
    ]


def _step(row: Step) -> dict[str, Any]:
    return {
        "intervention": row.intervention.number,
        "act": row.act,
        "at": row.at.isoformat(),
        "note": row.note,
    }


def _time(row: TimeSpent) -> dict[str, Any]:
    return {"intervention": row.intervention.number, "minutes": row.minutes, "at": row.at.isoformat()}


def _sent(row: SentAct) -> dict[str, Any]:
    return {"act": row.act, "done_at": row.done_at.isoformat(), "outcome": row.outcome, "data": row.data}
