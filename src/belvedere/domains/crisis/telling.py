"""Who is told what in a crisis: a notice in the inbox and a letter that waits to leave, with the fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from belvedere.domains.crisis.models import Call, Crisis, CrisisRole, Task
from belvedere.domains.crisis.states import Why
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.notifications.public import Rhythm, declare_kind, notify
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.severity import Severity

KIND: Final = "crisis"
_SAID: Final = {
    (Why.DECLARED, False): N_("Crisis declared: {crisis}"),
    (Why.DECLARED, True): N_("Exercise declared: {crisis}"),
    (Why.PHASE, False): N_("The phase of the crisis changed: {crisis}"),
    (Why.PHASE, True): N_("The phase of the exercise changed: {crisis}"),
    (Why.TASK, False): N_("A task for you in the crisis {crisis}: {task}"),
    (Why.TASK, True): N_("A task for you in the exercise {crisis}: {task}"),
    (Why.ROLE, False): N_("You are asked for a role in the crisis {crisis}: {role}"),
    (Why.ROLE, True): N_("You are asked for a role in the exercise {crisis}: {role}"),
    (Why.ENDED, False): N_("Crisis ended: {crisis}"),
    (Why.ENDED, True): N_("Exercise ended: {crisis}"),
}


def declare_kinds() -> None:
    """Its mail leaves at once by itself, never gathered with others."""
    declare_kind(KIND, N_("A crisis in which I have a role"), Rhythm.NEVER, choice=False)


def tell_holders(
    row: Crisis, why: Why, roles: Iterable[CrisisRole], tasks: Iterable[Task], at: datetime
) -> None:
    """Everybody who has a role, once, with the tasks that were opened for them."""
    named: dict[UUID, list[str]] = defaultdict(list)
    for role in roles:
        if role.person_id is not None:
            named[role.person_id].append(role.name)
    opened: dict[UUID, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.role is not None and task.role.person_id is not None:
            opened[task.role.person_id].append(task)
    for person, names in named.items():
        tell(row, why, person, at, role_name=", ".join(names), tasks=opened[person])


def tell(
    row: Crisis,
    why: Why,
    person_id: UUID,
    at: datetime,
    *,
    role_name: str = "",
    tasks: Iterable[Task] = (),
    author_id: UUID | None = None,
) -> None:
    """One person; who did it is not told of it."""
    if person_id == author_id:
        return
    given = list(tasks)
    territory, key = territory_by_id(row.territory_id), f"{row.pk}:{why}:{new_id().hex}"
    said = _SAID[why, row.is_exercise]
    values = {"crisis": row.name, "role": role_name, "task": given[0].what if given else ""}
    link = f"/cockpit/{territory.slug}/crisis/{row.pk}/"
    notify(
        [person_id],
        KIND,
        said,
        values,
        key=key,
        group=f"crisis:{row.pk}",
        subject_id=str(row.pk),
        territory_id=row.territory_id,
        zone=territory.zone,
        link=link,
        at=at,
    )
    _ring(row, person_id, said, values, key, link)
    Call.objects.create(
        crisis=row,
        person_id=person_id,
        why=why,
        role_name=role_name[:120],
        task_ids=[one.pk for one in given],
        created_at=at,
        next_at=at,
    )


def _ring(row: Crisis, person_id: UUID, said: str, values: Mapping[str, str], key: str, link: str) -> None:
    """Who chose to be reached by a message or a call before e-mail is reached so too; the letter leaves in
    any case, with all that they have to do."""
    severity = Severity.MAJOR if row.is_exercise else Severity.CRITICAL
    first, *_then = reach.ways_of(person_id, severity, row.territory_id, row.owner_id)
    if first is not reach.Way.MAIL:
        reach.tell(
            [person_id],
            said,
            values,
            key=f"crisis:{key}",
            severity=severity,
            territory_id=row.territory_id,
            owner_id=row.owner_id,
            link=link,
        )
