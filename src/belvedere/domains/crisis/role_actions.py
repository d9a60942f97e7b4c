"""Verbs on the roles of a crisis: take one, hand it on, say who is absent, add one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from belvedere.domains.access.public import Actor
from belvedere.domains.crisis.bodies import MOST_ROLES
from belvedere.domains.crisis.errors import BadCrisis, WrongState
from belvedere.domains.crisis.models import Crisis, CrisisRole
from belvedere.domains.crisis.policies import may_act, may_lead, require
from belvedere.domains.crisis.states import OPEN_TASKS, Category, Why
from belvedere.domains.crisis.telling import tell
from belvedere.domains.crisis.writing import held, journal, line, note, said, staff
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Refused

NOT_STAFF = N_("Choose somebody who works for the organisation.")


def take_role(*, actor: Actor, territory: TerritoryView, crisis_id: UUID, role_id: UUID) -> None:
    """Say "I have it": who is asked, a holder or stand-in of the role, or who leads."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        role = _role(row, role_id)
        if actor.person_id is None or actor.person_id not in staff(row.owner_id):
            raise Refused(NOT_STAFF)
        if not actor.allows("write") or actor.person_id not in role.people:
            require(may_lead(actor, row))
        if role.person_id == actor.person_id and role.taken_at is not None:
            raise WrongState(N_("You have this role already."))
        before, at = role.person_id, now()
        role.person_id, role.taken_at = actor.person_id, at
        role.save(update_fields=["person", "taken_at"])
        _back(row, actor.person_id)
        other = before if before != actor.person_id else None
        note(row, actor, Category.ROLE, "take", at, role=role, other=other)
        journal(actor, "take_role", row, {"role": role.name, "person": str(actor.person_id)})


def hand_role(
    *, actor: Actor, territory: TerritoryView, crisis_id: UUID, role_id: UUID, person_id: UUID, word: str = ""
) -> None:
    """Hand a role to another person, with a word: who has it, or who leads. They are told."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        role = _role(row, role_id)
        _require_own(actor, row, role)
        if person_id not in staff(row.owner_id):
            raise BadCrisis(NOT_STAFF, field="person")
        if person_id == role.person_id:
            raise BadCrisis(N_("This person has the role already."), field="person")
        _pass_on(row, actor, role, person_id, "hand", now(), said(word, "word", 2000))
        journal(actor, "hand_role", row, {"role": role.name, "person": str(person_id)}, word)


def mark_absent(*, actor: Actor, territory: TerritoryView, crisis_id: UUID, person_id: UUID) -> None:
    """Somebody cannot be reached, or leaves: the next stand-in is asked for each of their roles."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        roles = list(row.roles.all())
        if person_id != actor.person_id:
            require(may_lead(actor, row, roles))
        require(may_act(actor, row, roles))
        if person_id not in {one for role in roles for one in (*role.people, role.person_id)}:
            raise BadCrisis(N_("This person has no role in this crisis."), field="person")
        if person_id in row.absent:
            raise WrongState(N_("This person is marked absent already."))
        row.absent = [*row.absent, person_id]
        row.save(update_fields=["absent"])
        at = now()
        note(row, actor, Category.ROLE, "absent", at, other=person_id)
        for role in roles:
            if role.person_id == person_id:
                _pass_on(row, actor, role, _next(row, role), "stand_in", at)
        journal(actor, "mark_absent", row, {"person": str(person_id)})


def mark_back(*, actor: Actor, territory: TerritoryView, crisis_id: UUID, person_id: UUID) -> None:
    """Somebody is there again; what passed to others stays with them until it is handed back."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        if person_id != actor.person_id:
            require(may_lead(actor, row))
        if person_id not in row.absent:
            raise WrongState(N_("This person is not marked absent."))
        _back(row, person_id)
        at = now()
        note(row, actor, Category.ROLE, "back", at, other=person_id)
        for role in row.roles.filter(person__isnull=True):
            if person_id in role.people:
                _pass_on(row, actor, role, person_id, "stand_in", at)
        journal(actor, "mark_back", row, {"person": str(person_id)})


def add_role(
    *,
    actor: Actor,
    territory: TerritoryView,
    crisis_id: UUID,
    name: str,
    person_id: UUID | None = None,
    duty: str = "",
    phone: str = "",
) -> UUID:
    """A role that the plan did not foresee; gives its id."""
    with transaction.atomic():
        row = held(actor, territory, crisis_id)
        roles = list(row.roles.all())
        require(may_lead(actor, row, roles))
        name = line(name, "name", 120, needed=N_("Name the role."))
        if name.casefold() in {one.name.casefold() for one in roles}:
            raise BadCrisis(N_("Another role has this name already."), field="name")
        if len(roles) >= 2 * MOST_ROLES:
            raise BadCrisis(N_("A crisis has {most} roles at most."), most=2 * MOST_ROLES, field="name")
        if person_id is not None and person_id not in staff(row.owner_id):
            raise BadCrisis(NOT_STAFF, field="person")
        position = (row.roles.aggregate(most=Max("position"))["most"] or 0) + 1
        role = CrisisRole.objects.create(
            crisis=row,
            key=f"+{position}",
            position=position,
            name=name,
            duty=said(duty, "duty", 600),
            phone=line(phone, "phone", 120),
            people=[] if person_id is None else [person_id],
        )
        at = now()
        note(row, actor, Category.ROLE, "add", at, role=role)
        if person_id is not None:
            _pass_on(row, actor, role, person_id, "hand", at)
        journal(actor, "add_role", row, {"role": name, "person": str(person_id or "")})
    return role.pk


def _role(row: Crisis, role_id: UUID) -> CrisisRole:
    found = row.roles.filter(pk=role_id).first()
    if found is None:
        raise BadCrisis(N_("This role is not of this crisis."), field="role")
    return found


def _require_own(actor: Actor, row: Crisis, role: CrisisRole) -> None:
    mine = actor.person_id is not None and actor.person_id == role.person_id
    if not (mine and may_act(actor, row) is None):
        require(may_lead(actor, row))


def _next(row: Crisis, role: CrisisRole) -> UUID | None:
    here = staff(row.owner_id)
    return next((one for one in role.people if one in here and one not in row.absent), None)


def _back(row: Crisis, person_id: UUID) -> None:
    if person_id in row.absent:
        row.absent = [one for one in row.absent if one != person_id]
        row.save(update_fields=["absent"])


def _pass_on(
    row: Crisis,
    actor: Actor,
    role: CrisisRole,
    person_id: UUID | None,
    act: str,
    at: datetime,
    word: str = "",
) -> None:
    """To somebody who is told, or to nobody: then the timeline and the page say that nobody has it."""
    role.person_id, role.taken_at = person_id, None
    role.save(update_fields=["person", "taken_at"])
    if person_id is not None:
        _back(row, person_id)
    note(row, actor, Category.ROLE, act if person_id else "vacant", at, role=role, other=person_id, text=word)
    if person_id is not None:
        tasks = role.tasks.filter(state__in=OPEN_TASKS, person__isnull=True).order_by("number")
        tell(row, Why.ROLE, person_id, at, role_name=role.name, tasks=tasks, author_id=actor.person_id)
