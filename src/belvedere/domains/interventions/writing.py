"""What the verbs share: locking an intervention, its number, its steps, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from belvedere.domains.access.public import Actor
from belvedere.domains.interventions import states
from belvedere.domains.interventions.drafts import Facts
from belvedere.domains.interventions.errors import ChangedMeanwhile, NoSuchIntervention, WrongState
from belvedere.domains.interventions.events import InterventionMoved
from belvedere.domains.interventions.models import Intervention, Step
from belvedere.domains.interventions.policies import NO_SUCH, may_do, may_plan, require, visible
from belvedere.domains.interventions.states import OF_THE_FIELD, TRANSITIONS, Act, State
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold


def locked(actor: Actor, act: Act, intervention_id: UUID, version: int | None = None) -> Intervention:
    """The intervention for the one who acts now, if he may and its state allows it.

    Raises:
        NoSuchIntervention, Refused; WrongState; ChangedMeanwhile when it is not as it was seen (`version`).
    """
    rows = Intervention.objects.select_for_update(of=("self",)).select_related("team", "territory")
    row = rows.filter(pk=intervention_id).first()
    if row is None:
        raise NoSuchIntervention(NO_SUCH)
    if not Intervention.objects.filter(visible(actor, row.territory_id), pk=row.pk).exists():
        raise NoSuchIntervention(NO_SUCH)
    if act in OF_THE_FIELD:
        require(may_do(actor, row))
    else:
        require(may_plan(actor, row.territory_id, row.owner_id))
    if version is not None and version != row.version:
        raise ChangedMeanwhile(
            N_(
                "Somebody changed this meanwhile: nothing was saved. What you typed is still here; open the "
                "page anew to see their change, then save again."
            )
        )
    refuse_wrong_state(row, act)
    return row


def refuse_wrong_state(row: Intervention, act: Act) -> None:
    if states.can(act, State(row.state)):
        return
    if row.state == State.CANCELLED:
        raise WrongState(N_("This intervention was cancelled meanwhile."), state=row.state)
    if row.state == State.VERIFIED:
        raise WrongState(N_("This intervention is verified: nothing can be added to it."), state=row.state)
    if act in OF_THE_FIELD and row.state == State.PLANNED:
        raise WrongState(N_("This intervention is with the office again."), state=row.state)
    raise WrongState(
        N_("This cannot be done where the intervention stands now. Look at it again."), state=row.state
    )


def instant(row: Intervention, at: datetime | None, known_at: datetime) -> datetime:
    """When something was done: what the phone says, but neither to come nor before it was sent out."""
    at = min(at or known_at, known_at)
    return max(at, row.dispatched_at) if row.dispatched_at else at


def step(
    actor: Actor,
    row: Intervention,
    act: Act,
    *,
    at: datetime | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    journal: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None,
) -> datetime:
    """Move the row where the act leads, save it, add the step, journal and announce it; gives the instant.

    `journal`: what the journal keeps as before and after, the states where nothing else is given.
    """
    known_at = now()
    done_at = instant(row, at, known_at)
    before = "" if act is Act.PLAN else str(row.state)
    if act in TRANSITIONS:
        row.state = TRANSITIONS[act][State(before)]
    row.version += 1
    row.modified_at = known_at
    row.save()
    said = dict(data or {})
    if at is not None and at != done_at:
        said["said_at"] = at.isoformat()  # the clock of the phone was wrong
    Step.objects.create(
        intervention=row,
        at=done_at,
        known_at=known_at,
        act=act,
        before=before,
        after=row.state,
        person_id=actor.person_id,
        note=note,
        data=said,
    )
    was, became = journal or ({"state": before}, {"state": row.state, **said})
    record_many([entry(actor, row, act, was, became, note)])
    announce(
        InterventionMoved(
            row.territory_id,
            row.pk,
            row.owner_id,
            row.team_id,
            row.alarm_id,
            act.value,
            before,
            row.state,
            done_at,
            actor.person_id,
        )
    )
    return done_at


def entry(
    actor: Actor,
    row: Intervention,
    act: Act,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
) -> Entry:
    return Entry(
        **signed(actor),
        verb=f"interventions.{act.value}",
        subject=("interventions.intervention", str(row.pk)),
        territory_id=row.territory_id,
        before=before,
        after={"number": row.number, **after},
        reason=reason.strip()[:500],
    )


def next_number(territory_id: UUID, day: date) -> str:
    """The next number of the year: “26-0001”. Others wait for theirs until the transaction ends."""
    key = int.from_bytes(sha256(b"interventions" + territory_id.bytes).digest()[:8], "big", signed=True)
    prefix = f"{day:%y}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        cursor.execute(
            "SELECT max(substring(number FROM 4)::int) FROM interventions_intervention"
            " WHERE territory_id = %s AND number LIKE %s",
            [territory_id, prefix + "%"],
        )
        found = cursor.fetchone()
    return f"{prefix}{((found[0] if found else None) or 0) + 1:04d}"


def put_facts(row: Intervention, facts: Facts) -> None:
    """Write the facts into the row (not saved)."""
    row.what, row.kind, row.priority = facts.what, facts.kind, facts.priority.value
    row.details, row.skills, row.where = facts.details, facts.skills, facts.where
    row.longitude, row.latitude = facts.at or (None, None)
    row.team_id, row.assigned_id = facts.team_id, facts.assigned_id
    row.planned_on, row.day_order = facts.planned_on, facts.order
    row.search = fold(" ".join([row.number, facts.what, facts.where, facts.skills]))


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the journal keeps them."""
    return {name: plain(value) for name, value in facts.items()}


def plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
