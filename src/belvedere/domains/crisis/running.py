"""Verbs on a crisis itself: declare it, raise or lower its phase, end it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from belvedere.domains.access.public import Actor
from belvedere.domains.crisis.bodies import CardBody, PlanBody, packed, plan_body
from belvedere.domains.crisis.errors import BadCrisis, NoSuchPlan, WrongState
from belvedere.domains.crisis.models import Check, Crisis, CrisisRole, Plan, Task
from belvedere.domains.crisis.plan_actions import NO_SUCH_PLAN
from belvedere.domains.crisis.policies import may_declare, may_lead, require
from belvedere.domains.crisis.states import OPEN_TASKS, ORDER, Category, Phase, TaskAct, TaskState, Why
from belvedere.domains.crisis.telling import tell_holders
from belvedere.domains.crisis.views import CrisisDraft
from belvedere.domains.crisis.writing import held, journal, line, note, said, staff
from belvedere.domains.logbook import public as logbook
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

#: Clocks of people and of the platform differ a little.
AHEAD: Final = timedelta(minutes=5)
OLDEST: Final = timedelta(days=31)
LONGEST: Final = 4000
LONGEST_SUMMARY: Final = 8000
ENDS: Final = N_("The crisis was ended.")


def declare_crisis(*, actor: Actor, territory: TerritoryView, draft: CrisisDraft) -> UUID:
    """Begin a crisis: its roles are asked, the cards of its phase opened, its people told. Gives its id.

    Raises:
        BadCrisis: the reason, the time or the name cannot be taken.
        Refused: it is not the actor's to declare.
    """
    at = now()
    if not owners_among(territory.id, [draft.owner_id]):
        raise BadCrisis(N_("Choose the organisation."), field="owner")
    with transaction.atomic():
        plan = _plan(territory, draft)
        require(may_declare(actor, territory.id, draft.owner_id, plan))
        begun_at = draft.begun_at or at
        if not at - OLDEST <= begun_at <= at + AHEAD:
            raise BadCrisis(
                N_("Write when it began: within the last month, not in the future."), field="begun_at"
            )
        begun_at = min(begun_at, at)
        body = plan_body(plan.body) if plan is not None else PlanBody()
        row = Crisis.objects.create(
            territory_id=territory.id,
            owner_id=draft.owner_id,
            plan=plan,
            name=line(draft.name, "name", 120, needed=N_("Give it a name.")),
            kind=draft.kind,
            reason=said(draft.reason, "reason", LONGEST, needed=N_("Say why it is declared.")),
            is_exercise=draft.is_exercise,
            resources=plan.resources if plan is not None else "",
            body=packed(body),
            phase=draft.phase,
            phase_at=at,
            begun_at=begun_at,
            declared_at=at,
            declared_by_id=actor.person_id,
        )
        roles = _roles(row, body)
        note(row, actor, Category.PHASE, "declare", at, happened_at=begun_at, what=row.name, text=row.reason)
        opened = open_cards(row, actor, [draft.phase], roles, at)
        tell_holders(row, Why.DECLARED, roles, opened, at)
        _log(row, actor, f"begin:{row.phase}", at, row.reason)
        after = {"name": row.name, "phase": row.phase, "exercise": row.is_exercise, "kind": row.kind}
        journal(actor, "declare", row, after, row.reason)
    return row.pk


def change_phase(
    *,
    actor: Actor,
    territory: TerritoryView,
    crisis_id: UUID,
    phase: Phase,
    reason: str,
    expected: Phase | None = None,
    also_skipped: bool = False,
) -> None:
    """Raise or lower the phase: its cards are opened, and with `also_skipped` those of the phases between.

    `expected`: the phase as it was when this was decided; WrongState where somebody changed it meanwhile.
    """
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        roles = list(row.roles.all())
        require(may_lead(actor, row, roles))
        if expected is not None and row.phase != expected:
            raise WrongState(N_("Somebody changed the phase meanwhile. Look at it again."))
        if row.phase == phase:
            raise BadCrisis(N_("This is the phase already. Choose another one."), field="phase")
        reason = said(reason, "reason", LONGEST, needed=N_("Say why the phase changes."))
        before, at = Phase(row.phase), now()
        row.phase, row.phase_at = phase, at
        row.save(update_fields=["phase", "phase_at"])
        act = "raise" if ORDER.index(phase) > ORDER.index(before) else "lower"
        if phase is Phase.RECOVERY:
            act = "recover"
        note(row, actor, Category.PHASE, act, at, text=reason)
        between = ORDER[ORDER.index(before) + 1 : ORDER.index(phase)] if also_skipped else ()
        opened = open_cards(row, actor, [*between, phase], roles, at)
        tell_holders(row, Why.PHASE, roles, opened, at)
        _log(row, actor, f"phase:{row.phase}", at, reason)
        journal(actor, "change_phase", row, {"before": before.value, "phase": phase.value}, reason)


def end_crisis(*, actor: Actor, territory: TerritoryView, crisis_id: UUID, summary: str) -> None:
    """End it with a summary; tasks that are still open are cancelled."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        roles = list(row.roles.all())
        require(may_lead(actor, row, roles))
        summary = said(summary, "summary", LONGEST_SUMMARY, needed=N_("Sum up what happened, what remains."))
        at = max(now(), row.declared_at)
        for task in row.tasks.select_related("role").filter(state__in=OPEN_TASKS).order_by("number"):
            task.state, task.done_at, task.why = TaskState.CANCELLED, at, ENDS
            task.save(update_fields=["state", "done_at", "why"])
            note(row, actor, Category.TASK, TaskAct.CANCEL, at, task=task, text=ENDS)
        row.ended_at, row.ended_by_id, row.summary = at, actor.person_id, summary
        row.save(update_fields=["ended_at", "ended_by", "summary"])
        note(row, actor, Category.PHASE, "end", at, text=summary)
        tell_holders(row, Why.ENDED, roles, (), at)
        _log(row, actor, "end", at, summary)
        journal(actor, "end", row, {"phase": row.phase}, summary)


def _plan(territory: TerritoryView, draft: CrisisDraft) -> Plan | None:
    if draft.plan_id is None:
        return None
    found = Plan.objects.filter(
        pk=draft.plan_id, territory_id=territory.id, owner_id=draft.owner_id, removed_at__isnull=True
    ).first()
    if found is None:
        raise NoSuchPlan(NO_SUCH_PLAN)
    return found


def _roles(row: Crisis, body: PlanBody) -> list[CrisisRole]:
    """The roles of the plan; asked is the first of each who still works for the organisation."""
    here = staff(row.owner_id)
    made = []
    for position, role in enumerate(body.roles):
        people = [one for one in role.people if one in here]
        made.append(
            CrisisRole(
                crisis=row,
                key=role.key,
                position=position,
                name=role.name,
                duty=role.duty,
                phone=role.phone,
                leads=role.leads,
                people=people,
                person_id=people[0] if people else None,
            )
        )
    return CrisisRole.objects.bulk_create(made)


def open_cards(
    row: Crisis, actor: Actor, phases: Collection[Phase], roles: Iterable[CrisisRole], at: datetime
) -> list[Task]:
    """The tasks of these phases that are not open yet; due so long after now."""
    body, by_key = plan_body(row.body), {one.key: one for one in roles}
    standing = set(row.tasks.filter(state__in=OPEN_TASKS).values_list("card", flat=True))
    number = next_number(row)
    made: list[Task] = []
    for place, card in enumerate(body.cards):
        if card.phase in phases and place not in standing:
            made.append(_open(row, actor, card, place, number + len(made), by_key.get(card.role), at))
    return made


def next_number(row: Crisis) -> int:
    """The number of the next task of a crisis that is held."""
    return (row.tasks.aggregate(most=Max("number"))["most"] or 0) + 1


def _open(
    row: Crisis, actor: Actor, card: CardBody, place: int, number: int, role: CrisisRole | None, at: datetime
) -> Task:
    task = Task.objects.create(
        crisis=row,
        number=number,
        role=role,
        card=place,
        phase=card.phase,
        what=card.what,
        opened_at=at,
        due_at=at + timedelta(minutes=card.due_min) if card.due_min is not None else None,
    )
    Check.objects.bulk_create(
        Check(task=task, position=position, text=text) for position, text in enumerate(card.points, 1)
    )
    note(row, actor, Category.TASK, TaskAct.OPEN, at, task=task)
    return task


def _log(row: Crisis, actor: Actor, act: str, at: datetime, text: str) -> None:
    logbook.note_crisis(
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        crisis_id=row.pk,
        act=act,
        at=at,
        text=text,
        name=row.name,
        person_id=actor.person_id,
    )
