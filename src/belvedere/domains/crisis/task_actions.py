"""Verbs on the tasks of a crisis: tick, begin, finish, cancel, open again, assign, add."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.crisis.bodies import checked_points
from belvedere.domains.crisis.errors import BadCrisis, BadPlan, WrongState
from belvedere.domains.crisis.models import Check, Crisis, Task
from belvedere.domains.crisis.policies import may_act, may_work, require
from belvedere.domains.crisis.role_actions import NOT_STAFF
from belvedere.domains.crisis.running import next_number
from belvedere.domains.crisis.states import OPEN_TASKS, TRANSITIONS, Category, TaskAct, TaskState, Why
from belvedere.domains.crisis.telling import tell
from belvedere.domains.crisis.views import TaskDraft
from belvedere.domains.crisis.writing import held, journal, line, note, said, staff
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

NO_SUCH_TASK = N_("This task is not of this crisis.")
_VERBS = {
    TaskAct.BEGIN: "begin_task",
    TaskAct.FINISH: "finish_task",
    TaskAct.CANCEL: "cancel_task",
    TaskAct.REOPEN: "reopen_task",
}
_TOO_LATE = {
    TaskAct.BEGIN: N_("Somebody began or finished this task already."),
    TaskAct.FINISH: N_("This task is finished or cancelled already."),
    TaskAct.CANCEL: N_("This task is finished or cancelled already."),
    TaskAct.REOPEN: N_("This task is open already."),
}


def tick_check(
    *,
    actor: Actor,
    territory: TerritoryView,
    crisis_id: UUID,
    task_id: UUID,
    position: int,
    ticked: bool = True,
) -> None:
    """Tick a point, or take the tick back; what is so already stays with who did it first. The first tick
    begins the task."""
    with transaction.atomic():
        row, task = _task(actor, territory, crisis_id, task_id)
        require(may_work(actor, row, task))
        if task.state not in OPEN_TASKS:
            raise WrongState(_TOO_LATE[TaskAct.FINISH])
        point = task.checks.filter(position=position).first()
        if point is None:
            raise BadCrisis(N_("The task has no such point."), field="position")
        if (point.ticked_at is not None) == ticked:
            return
        at = now()
        if ticked and task.state == TaskState.TODO:
            _set(task, TaskState.DOING)
            note(row, actor, Category.TASK, TaskAct.BEGIN, at, task=task)
        point.ticked_at, point.ticked_by_id = (at, actor.person_id) if ticked else (None, None)
        point.save(update_fields=["ticked_at", "ticked_by"])
        act = TaskAct.TICK if ticked else TaskAct.UNTICK
        note(row, actor, Category.TASK, act, at, task=task, text=point.text)
        after = {"task": task.what, "point": point.text, "ticked": ticked}
        journal(actor, "tick_task", row, after)


def move_task(
    *, actor: Actor, territory: TerritoryView, crisis_id: UUID, task_id: UUID, act: TaskAct, reason: str = ""
) -> None:
    """Begin, finish, cancel (with a reason) or open a task again (with a reason).

    Raises:
        WrongState: somebody else did it first.
    """
    with transaction.atomic():
        row, task = _task(actor, territory, crisis_id, task_id)
        require(may_work(actor, row, task))
        if act not in TRANSITIONS:
            raise BadCrisis(N_("Choose what to do with the task."), field="act")
        since, then = TRANSITIONS[act]
        if task.state not in since:
            raise WrongState(_TOO_LATE[act])
        needed = N_("Say why.") if act in (TaskAct.CANCEL, TaskAct.REOPEN) else ""
        reason, at = said(reason, "reason", 600, needed=needed), now()
        is_over = then not in OPEN_TASKS
        task.done_at, task.done_by_id = (at, actor.person_id) if is_over else (None, None)
        task.why = reason if is_over else ""
        _set(task, then, "done_at", "done_by", "why")
        note(row, actor, Category.TASK, act, at, task=task, text=reason)
        journal(actor, _VERBS[act], row, {"task": task.what, "state": then.value}, reason)


def assign_task(
    *, actor: Actor, territory: TerritoryView, crisis_id: UUID, task_id: UUID, person_id: UUID | None
) -> None:
    """Give a task to a person, who is told; None gives it back to who has its role."""
    with transaction.atomic():
        row, task = _task(actor, territory, crisis_id, task_id)
        require(may_work(actor, row, task))
        if task.state not in OPEN_TASKS:
            raise WrongState(_TOO_LATE[TaskAct.FINISH])
        if person_id is not None and person_id not in staff(row.owner_id):
            raise BadCrisis(NOT_STAFF, field="person")
        if person_id == task.person_id:
            return
        task.person_id = person_id
        task.save(update_fields=["person"])
        at = now()
        note(row, actor, Category.TASK, TaskAct.ASSIGN, at, task=task, other=person_id)
        if person_id is not None:
            tell(row, Why.TASK, person_id, at, tasks=[task], author_id=actor.person_id)
        journal(actor, "assign_task", row, {"task": task.what, "person": str(person_id or "")})


def add_task(*, actor: Actor, territory: TerritoryView, crisis_id: UUID, draft: TaskDraft) -> UUID:
    """Add what no card foresaw; gives its id. Who has to do it is told."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        roles = {one.pk: one for one in row.roles.all()}
        require(may_act(actor, row, list(roles.values())))
        role = roles.get(draft.role_id) if draft.role_id is not None else None
        if draft.role_id is not None and role is None:
            raise BadCrisis(N_("This role is not of this crisis."), field="role")
        if draft.person_id is not None and draft.person_id not in staff(row.owner_id):
            raise BadCrisis(NOT_STAFF, field="person")
        if role is None and draft.person_id is None:
            raise BadCrisis(N_("Say who does it: a role, a person or both."), field="role")
        try:
            points = checked_points(draft.points)
        except BadPlan as error:
            raise BadCrisis(error.message, **error.data) from None
        at = now()
        if draft.due_at is not None and draft.due_at < at:
            raise BadCrisis(N_("Write until when: not in the past."), field="due_at")
        task = Task.objects.create(
            crisis=row,
            number=next_number(row),
            role=role,
            phase=row.phase,
            what=line(draft.what, "what", 300, needed=N_("Say what is to be done.")),
            person_id=draft.person_id,
            opened_at=at,
            due_at=draft.due_at,
        )
        Check.objects.bulk_create(
            Check(task=task, position=position, text=text) for position, text in enumerate(points, 1)
        )
        note(row, actor, Category.TASK, TaskAct.OPEN, at, task=task, other=draft.person_id)
        person_id = draft.person_id or (role.person_id if role is not None else None)
        if person_id is not None:
            tell(row, Why.TASK, person_id, at, tasks=[task], author_id=actor.person_id)
        journal(actor, "add_task", row, {"task": task.what, "role": role.name if role else ""})
    return task.pk


def _task(actor: Actor, territory: TerritoryView, crisis_id: UUID, task_id: UUID) -> tuple[Crisis, Task]:
    row = held(actor, territory, crisis_id)
    task = row.tasks.select_related("role").filter(pk=task_id).first()
    if task is None:
        raise BadCrisis(NO_SUCH_TASK)
    return row, task


def _set(task: Task, state: TaskState, *more: str) -> None:
    task.state = state
    task.save(update_fields=["state", *more])
