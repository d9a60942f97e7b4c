"""Typed reads of crises, for who asks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.crisis.errors import NoSuchCrisis
from belvedere.domains.crisis.models import Check, Crisis, CrisisRole, SituationPoint, Task
from belvedere.domains.crisis.policies import is_mine, knows, may_act, may_lead, may_work, roles_of, visible
from belvedere.domains.crisis.states import OPEN_TASKS, ORDER, Kind, Phase, TaskState
from belvedere.domains.crisis.views import (
    CheckView,
    CrisisView,
    PointView,
    RoleView,
    Row,
    TaskView,
)
from belvedere.domains.crisis.writing import NO_SUCH
from belvedere.kernel.clock import now
from belvedere.kernel.paging import Page, Window

Names = Mapping[UUID, str]


def running(actor: Actor, territory_id: UUID) -> list[Row]:
    """The crises that run and that the actor may see, real ones first, with what waits for the actor."""
    rows = list(
        Crisis.objects.filter(territory_id=territory_id, ended_at__isnull=True).order_by(
            "is_exercise", "begun_at", "pk"
        )
    )
    if not rows:
        return []
    seen = set(
        Crisis.objects.filter(visible(actor, territory_id), pk__in=[one.pk for one in rows]).values_list(
            "pk", flat=True
        )
    )
    rows = [one for one in rows if one.pk in seen]
    return _rows(rows, _counted(actor, rows))


def ended(actor: Actor, territory_id: UUID, window: Window) -> Page[Row]:
    """Those that are over, the last first."""
    rows = Crisis.objects.filter(visible(actor, territory_id), ended_at__isnull=False)
    some = rows.order_by("-begun_at", "-pk")[window.start : window.start + window.size]
    return Page(_rows(list(some), {}), rows.count(), window)


def _counted(actor: Actor, rows: list[Crisis]) -> Counter[UUID]:
    found: Counter[UUID] = Counter()
    if actor.person_id is None:
        return found
    roles: dict[UUID, list[CrisisRole]] = defaultdict(list)
    ids = [one.pk for one in rows]
    for role in CrisisRole.objects.filter(crisis_id__in=ids, person_id=actor.person_id):
        roles[role.crisis_id].append(role)
    by_id = {one.pk: one for one in rows}
    for task in Task.objects.filter(crisis_id__in=ids, state__in=OPEN_TASKS):
        if is_mine(actor, by_id[task.crisis_id], task, roles[task.crisis_id]):
            found[task.crisis_id] += 1
    return found


def _rows(rows: Iterable[Crisis], mine: Mapping[UUID, int]) -> list[Row]:
    return [
        Row(
            id=row.pk,
            owner_id=row.owner_id,
            name=row.name,
            kind=Kind(row.kind),
            is_exercise=row.is_exercise,
            phase=Phase(row.phase),
            phase_at=row.phase_at,
            begun_at=row.begun_at,
            ended_at=row.ended_at,
            my_tasks=mine.get(row.pk, 0),
        )
        for row in rows
    ]


def found(actor: Actor, territory_id: UUID, crisis_id: UUID) -> Crisis:
    """The row of a crisis; NoSuchCrisis for who may not know of it."""
    row = Crisis.objects.filter(visible(actor, territory_id), pk=crisis_id).first()
    if row is None:
        raise NoSuchCrisis(NO_SUCH)
    return row


def crisis(actor: Actor, territory_id: UUID, crisis_id: UUID) -> CrisisView:
    """One crisis with its roles, its tasks and its latest situation point."""
    row = found(actor, territory_id, crisis_id)
    roles = list(row.roles.order_by("position"))
    tasks = list(row.tasks.order_by("number"))
    checks: dict[UUID, list[Check]] = defaultdict(list)
    for one in Check.objects.filter(task__crisis=row).order_by("position"):
        checks[one.task_id].append(one)
    last = row.points.filter(struck_by__isnull=True).select_related("strikes").order_by("-number").first()
    people = {row.declared_by_id, row.ended_by_id, last.person_id if last is not None else None}
    people |= {pk for role in roles for pk in (role.person_id, *role.people)}
    people |= {pk for task in tasks for pk in (task.person_id, task.done_by_id)}
    people |= {check.ticked_by_id for some in checks.values() for check in some}
    names = names_of({pk for pk in people if pk is not None})
    leads = row.ended_at is None and may_lead(actor, row, roles) is None
    shown = knows(actor, row.territory_id, row.owner_id)
    at = row.ended_at or now()
    mine = roles_of(actor, row, roles)
    return CrisisView(
        id=row.pk,
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        plan_id=row.plan_id if shown else None,
        name=row.name,
        kind=Kind(row.kind),
        reason=row.reason,
        is_exercise=row.is_exercise,
        resources=row.resources if shown else "",
        phase=Phase(row.phase),
        phase_at=row.phase_at,
        begun_at=row.begun_at,
        declared_at=row.declared_at,
        declared_by=_name(names, row.declared_by_id),
        ended_at=row.ended_at,
        ended_by=_name(names, row.ended_by_id),
        summary=row.summary,
        absent=frozenset(row.absent),
        roles=tuple(_role(actor, row, one, names, leads=leads, shown=shown) for one in roles),
        tasks=_in_order(
            _task(actor, row, one, roles, mine, checks[one.pk], names, leads=leads, at=at) for one in tasks
        ),
        point=_point(last, names) if last is not None else None,
        points=row.points.count(),
        may_lead=leads,
        may_act=row.ended_at is None and may_act(actor, row, roles) is None,
    )


def points(actor: Actor, territory_id: UUID, crisis_id: UUID) -> list[PointView]:
    """Every situation point, the last first."""
    row = found(actor, territory_id, crisis_id)
    return point_views(row)[::-1]


def point_views(row: Crisis) -> list[PointView]:
    rows = list(row.points.select_related("strikes", "struck_by").order_by("number"))
    names = names_of({one.person_id for one in rows if one.person_id})
    return [_point(one, names) for one in rows]


def _role(actor: Actor, row: Crisis, role: CrisisRole, names: Names, *, leads: bool, shown: bool) -> RoleView:
    named = actor.person_id in role.people and actor.allows("write") and row.owner_id in actor.roles
    has_it = role.person_id == actor.person_id and role.taken_at is not None
    works_here = row.owner_id in actor.roles
    return RoleView(
        id=role.pk,
        name=role.name,
        duty=role.duty,
        phone=role.phone if shown else "",
        leads=role.leads,
        person_id=role.person_id,
        person=_name(names, role.person_id),
        taken_at=role.taken_at,
        people=tuple((one, _name(names, one), one in row.absent) for one in role.people),
        mine=actor.person_id is not None and role.person_id == actor.person_id and works_here,
        may_take=row.ended_at is None and (named or (leads and works_here)) and not has_it,
    )


def _task(
    actor: Actor,
    row: Crisis,
    task: Task,
    roles: list[CrisisRole],
    mine: list[CrisisRole],
    checks: list[Check],
    names: Names,
    *,
    leads: bool,
    at: datetime,
) -> TaskView:
    role = next((one for one in roles if one.pk == task.role_id), None)
    is_open = task.state in OPEN_TASKS
    who = task.person_id or (role.person_id if role is not None else None)
    return TaskView(
        id=task.pk,
        number=task.number,
        role_id=task.role_id,
        role=role.name if role is not None else "",
        phase=Phase(task.phase),
        what=task.what,
        state=TaskState(task.state),
        given_to=task.person_id,
        person=_name(names, who),
        opened_at=task.opened_at,
        due_at=task.due_at,
        is_late=is_open and task.due_at is not None and task.due_at < at,
        done_at=task.done_at,
        done_by=_name(names, task.done_by_id),
        why=task.why,
        checks=tuple(
            CheckView(one.position, one.text, one.ticked_at, _name(names, one.ticked_by_id)) for one in checks
        ),
        mine=is_mine(actor, row, task, mine),
        may_work=row.ended_at is None and (leads or may_work(actor, row, task, roles) is None),
    )


def _in_order(tasks: Iterable[TaskView]) -> tuple[TaskView, ...]:
    """Open ones first, the soonest due; then those that are over, the last first."""
    rows = list(tasks)
    still = sorted(
        (one for one in rows if one.is_open),
        key=lambda one: (one.due_at is None, one.due_at or one.opened_at, ORDER.index(one.phase), one.number),
    )
    over = sorted(
        (one for one in rows if not one.is_open),
        key=lambda one: (one.done_at or one.opened_at, one.number),
        reverse=True,
    )
    return (*still, *over)


def _point(row: SituationPoint, names: Names) -> PointView:
    struck: SituationPoint | None = getattr(row, "struck_by", None)
    return PointView(
        id=row.pk,
        number=row.number,
        at=row.at,
        by=_name(names, row.person_id),
        situation=row.situation,
        done=row.done,
        expected=row.expected,
        decisions=row.decisions,
        next_at=row.next_at,
        strikes=row.strikes.number if row.strikes is not None else None,
        struck_by=struck.number if struck is not None else None,
    )


def _name(names: Names, person_id: UUID | None) -> str:
    return names.get(person_id, "") if person_id is not None else ""
