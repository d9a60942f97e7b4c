"""Who sees and who does what in plans and crises.

A plan is seen by its organisation and the bodies it belongs to, written by its managers and administrators.
A crisis is declared and ended by the administrators of the organisation and by the roles of its plan that
lead; who has a role works its tasks. The people of the other public bodies of the territory read a crisis,
without its telephone numbers; companies, associations and residents see nothing.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.crisis.bodies import plan_body
from belvedere.domains.crisis.models import Crisis, CrisisRole, Plan, Task
from belvedere.domains.territory.public import OrganisationKind, organisations_by_id
from belvedere.kernel.errors import N_, Refused

NOT_BODIES = (OrganisationKind.OPERATOR, OrganisationKind.ASSOCIATION, OrganisationKind.PRIVATE)
READS_ONLY = N_("This token only reads. Create one that may write.")
WRITES = (Role.MANAGER, Role.ADMINISTRATOR)


def require(reason: str | None) -> None:
    if reason is not None:
        raise Refused(reason)


# ------------------------------------------------------------------ plans
def may_write_plan(actor: Actor, territory_id: UUID, owner_id: UUID) -> str | None:
    """None when the actor may write plans of that organisation, else the reason (a msgid)."""
    if not actor.allows("write"):
        return READS_ONLY
    if actor.governs(territory_id) or actor.has(owner_id, *WRITES):
        return None
    return N_("Only managers and administrators of the organisation write its crisis plans.")


def knows(actor: Actor, territory_id: UUID, owner_id: UUID) -> bool:
    """Whether the actor sees the plans and the telephone numbers of that organisation."""
    return actor.governs(territory_id) or actor.is_elected(territory_id) or owner_id in actor.sees


def visible_plans(actor: Actor, territory_id: UUID) -> Q:
    here = Q(territory_id=territory_id, removed_at__isnull=True)
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return here
    return here & Q(owner_id__in=list(actor.sees))


# ------------------------------------------------------------------ crises
def follows_all(actor: Actor, territory_id: UUID) -> bool:
    """Whether the actor reads every crisis of the territory: works for a public body there."""
    if actor.governs(territory_id) or actor.is_elected(territory_id):
        return True
    bodies = organisations_by_id(actor.roles).values() if actor.roles else ()
    return any(one.territory_id == territory_id and one.kind not in NOT_BODIES for one in bodies)


def visible(actor: Actor, territory_id: UUID) -> Q:
    """The crises of a territory that the actor may see."""
    here = Q(territory_id=territory_id)
    return here if follows_all(actor, territory_id) else here & Q(owner_id__in=list(actor.sees))


def may_declare(actor: Actor, territory_id: UUID, owner_id: UUID, plan: Plan | None = None) -> str | None:
    """None when the actor may declare a crisis of that organisation, by that plan or without one."""
    if not actor.allows("write"):
        return READS_ONLY
    if actor.governs(territory_id) or actor.has(owner_id, Role.ADMINISTRATOR):
        return None
    is_theirs = plan is not None and plan.owner_id == owner_id and owner_id in actor.roles
    if is_theirs and plan is not None and actor.person_id in plan_body(plan.body).leaders():
        return None
    return N_("Only administrators and the roles that the plan names declare a crisis.")


def may_lead(actor: Actor, crisis: Crisis, roles: list[CrisisRole] | None = None) -> str | None:
    """None when the actor may change the phase, end it, give roles and tasks."""
    if not actor.allows("write"):
        return READS_ONLY
    if actor.governs(crisis.territory_id) or actor.has(crisis.owner_id, Role.ADMINISTRATOR):
        return None
    if any(one.leads and one.person_id == actor.person_id for one in roles_of(actor, crisis, roles)):
        return None
    return N_("Only who leads this crisis does that: an administrator, or a role that the plan lets lead.")


def may_act(actor: Actor, crisis: Crisis, roles: list[CrisisRole] | None = None) -> str | None:
    """None when the actor may write situation points and add tasks: leads, or has a role."""
    reason = may_lead(actor, crisis, roles)
    if reason is None or (actor.allows("write") and roles_of(actor, crisis, roles)):
        return None
    return N_("Only who has a role in this crisis does that.")


def may_work(actor: Actor, crisis: Crisis, task: Task, roles: list[CrisisRole] | None = None) -> str | None:
    """None when the actor may tick, begin, finish and cancel the task."""
    if may_lead(actor, crisis, roles) is None:
        return None
    if actor.allows("write") and is_mine(actor, crisis, task, roles_of(actor, crisis, roles)):
        return None
    return N_("This task is of somebody else. Who leads the crisis can give it to you.")


def is_mine(actor: Actor, crisis: Crisis, task: Task, mine: list[CrisisRole]) -> bool:
    """Whether the task is given to the actor, or of a role that they have and nobody else was given it."""
    if actor.person_id is None or crisis.owner_id not in actor.roles:
        return False
    if task.person_id is not None:
        return task.person_id == actor.person_id
    return task.role_id in {one.pk for one in mine}


def roles_of(actor: Actor, crisis: Crisis, roles: list[CrisisRole] | None) -> list[CrisisRole]:
    """Those that the actor has; nobody has one who does not work for the organisation any more."""
    if actor.person_id is None or crisis.owner_id not in actor.roles:
        return []
    rows = crisis.roles.all() if roles is None else roles
    return [one for one in rows if one.person_id == actor.person_id]
