"""Typed reads of rosters, plans of climbing, and who was told of an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.automation import public as automation
from belvedere.domains.duty.bodies import plan_body, roster_body
from belvedere.domains.duty.errors import NoSuchPlan, NoSuchRoster
from belvedere.domains.duty.models import Climb, Plan, Roster, StandIn
from belvedere.domains.duty.policies import visible
from belvedere.domains.duty.reaching import calculated
from belvedere.domains.duty.states import CallState, Channel, Ended
from belvedere.domains.duty.views import CallView, ClimbView, PlanView, RosterView, StandInView
from belvedere.domains.reach import public as reach
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity
from belvedere.science.rosters import turns

SHOWN = timedelta(weeks=6)
#: The last turn that is shown is looked at so much longer: it ends when it ends, not where looking does.
TAIL = timedelta(weeks=2)
NO_SUCH_ROSTER = N_("There is no such roster, or it is not for you to see.")
NO_SUCH_PLAN = N_("There is no such plan of climbing, or it is not for you to see.")


def rosters(actor: Actor, territory_id: UUID, *, length: timedelta = SHOWN) -> list[RosterView]:
    """The rosters that the actor may see, by name, with the turns of the coming weeks."""
    rows = Roster.objects.filter(visible(actor, territory_id)).order_by("name", "pk")
    return [view_of(row, now(), length) for row in rows]


def roster(actor: Actor, territory_id: UUID, roster_id: UUID, *, length: timedelta = SHOWN) -> RosterView:
    """One roster; NoSuchRoster when the actor may not see it."""
    row = Roster.objects.filter(visible(actor, territory_id), pk=roster_id).first()
    if row is None:
        raise NoSuchRoster(NO_SUCH_ROSTER)
    return view_of(row, now(), length)


def view_of(row: Roster, at: datetime, length: timedelta) -> RosterView:
    """A roster with its turns from `at` on, whoever looks. Private to the domain."""
    body = roster_body(row.body)
    stand_ins = StandIn.objects.filter(roster=row, removed_at__isnull=True, until__gt=at).order_by("since")
    shown = tuple(
        StandInView(one.pk, one.person_id, one.instead_of_id, one.since, one.until, one.why)
        for one in stand_ins
    )
    everybody = {*body.everybody(), *(one.person_id for one in shown)}
    return RosterView(
        row.pk,
        row.territory_id,
        row.owner_id,
        row.name,
        body,
        row.version,
        tuple(one for one in turns.turns(calculated(row), at, at + length + TAIL) if one.since < at + length),
        shown,
        names_of(everybody),
    )


def plans(actor: Actor, territory_id: UUID) -> list[PlanView]:
    """The plans of climbing that the actor may see."""
    rows = Plan.objects.filter(visible(actor, territory_id)).order_by("name", "pk")
    return [_plan(row) for row in rows]


def plan(actor: Actor, territory_id: UUID, plan_id: UUID) -> PlanView:
    row = Plan.objects.filter(visible(actor, territory_id), pk=plan_id).first()
    if row is None:
        raise NoSuchPlan(NO_SUCH_PLAN)
    return _plan(row)


def _plan(row: Plan) -> PlanView:
    return PlanView(
        row.pk,
        row.territory_id,
        row.owner_id,
        row.name,
        tuple(sorted((Severity(one) for one in row.severities), reverse=True)),
        tuple(row.kinds),
        plan_body(row.body),
        row.version,
    )


def told_of(actor: Actor, alarm_id: int) -> ClimbView | None:
    """Who was told of an alarm since it was raised the last time, and what comes next; None where it does
    not climb. NoSuchAlarm when the actor may not see it."""
    automation.alarm(actor, alarm_id)
    row = Climb.objects.filter(alarm_id=alarm_id).order_by("-pk").first()
    if row is None:
        return None
    calls = list(row.calls.order_by("pk"))
    names = names_of({one.person_id for one in calls if one.person_id is not None})
    rooms = reach.rooms(row.territory_id)
    shown = tuple(
        CallView(
            one.person_id,
            names.get(one.person_id, "") if one.person_id else rooms.get(one.gateway_id or UUID(int=0), ""),
            Channel(one.channel),
            one.level,
            one.round,
            # What waits while it is over is not sent any more.
            CallState.NOT_SENT
            if one.state == CallState.WAITING and row.ended_at is not None
            else CallState(one.state),
            one.done_at or one.created_at,
            one.attempts,
            one.wrong,
            one.next_at if one.state == CallState.WAITING and one.next_at > now() else None,
        )
        for one in calls
    )
    return ClimbView(
        shown,
        plan_body(row.body),
        row.plan_id,
        row.begun_at,
        row.level,
        row.round,
        row.due_at,
        Ended(row.ended) if row.ended else None,
    )
