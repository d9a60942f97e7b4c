"""Crisis mode as a source of personal data: who has a role in plans and crises, and what they did.

The timeline of a crisis is only added to: what was decided and done stays, without the name. Plans, and the
copies of them that crises keep, name the person no more; the number of a role goes with who held it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.db.models import F, Func, Q, QuerySet, Value

from belvedere.domains.access.public import AccountSource, staying
from belvedere.domains.crisis.bodies import PlanBody, RoleBody, packed, plan_body
from belvedere.domains.crisis.models import Call, Check, Crisis, CrisisRole, Fact, Plan, SituationPoint, Task
from belvedere.duties.privacy.public import Held, Outcome
from belvedere.kernel.errors import N_

_KEPT = N_("They prove what was decided and done in a crisis; they no longer show the name.")
_DID = ("crisis.crisis", "crisis.task", "crisis.check", "crisis.situationpoint", "crisis.fact")


class CrisisSource(AccountSource):
    """The answers of crisis mode."""

    def held(self, person_id: UUID) -> list[Held]:
        return [
            Held(f"crisis.{name}", str(row.pk), _values(row, person_id))
            for name, rows in _rows(person_id).items()
            for row in rows.order_by("pk")
        ]

    def let_go(self, person_id: UUID) -> list[Outcome]:
        kept = staying(self.held(person_id), _KEPT, _DID)
        plans = list(_naming(Plan.objects.all(), person_id))
        for one in (*plans, *_naming(Crisis.objects.all(), person_id)):
            _forget(one, person_id)
        absent = Func(F("absent"), Value(person_id), function="array_remove")
        Crisis.objects.filter(absent__contains=[person_id]).update(absent=absent)
        roles = CrisisRole.objects.filter(Q(person_id=person_id) | Q(people__contains=[person_id]))
        roles.filter(Q(person_id=person_id) | Q(people__0=person_id)).update(phone="")
        asked = Func(F("people"), Value(person_id), function="array_remove")
        return [
            Outcome("crisis.plan", len(plans)),
            Outcome("crisis.crisisrole", roles.update(people=asked)),
            Outcome("crisis.call", Call.objects.filter(person_id=person_id).delete()[0]),
            *kept,
        ]


def _rows(person_id: UUID) -> dict[str, QuerySet[Any]]:
    return {
        "plan": _naming(Plan.objects.all(), person_id),
        "crisis": Crisis.objects.filter(Q(declared_by_id=person_id) | Q(ended_by_id=person_id)),
        "crisisrole": CrisisRole.objects.filter(Q(person_id=person_id) | Q(people__contains=[person_id])),
        "task": Task.objects.filter(Q(person_id=person_id) | Q(done_by_id=person_id)),
        "check": Check.objects.filter(ticked_by_id=person_id),
        "situationpoint": SituationPoint.objects.filter(person_id=person_id),
        "fact": Fact.objects.filter(Q(person_id=person_id) | Q(other_id=person_id)),
        "call": Call.objects.filter(person_id=person_id),
    }


def _naming(rows: QuerySet[Any], person_id: UUID) -> QuerySet[Any]:
    """Plans, or crises with a copy of one, of which a role names the person."""
    holder, stand_in = {"roles": [{"holder": str(person_id)}]}, {"roles": [{"stand_ins": [str(person_id)]}]}
    return rows.filter(Q(body__contains=holder) | Q(body__contains=stand_in))


def _forget(row: Plan | Crisis, person_id: UUID) -> None:
    body = plan_body(row.body)
    row.body = packed(PlanBody(tuple(_without(one, person_id) for one in body.roles), body.cards))
    row.save(update_fields=["body"])


def _without(role: RoleBody, person_id: UUID) -> RoleBody:
    people = [one for one in role.people if one != person_id]
    return msgspec.structs.replace(
        role,
        holder=people[0] if people else None,
        stand_ins=tuple(people[1:]),
        phone="" if role.holder == person_id else role.phone,
    )


def _values(row: Any, person_id: UUID) -> dict[str, Any]:
    match row:
        case Plan():
            return {"plan": row.name, "roles": _roles(plan_body(row.body), person_id)}
        case Crisis():
            ended = row.ended_at if row.ended_by_id == person_id else None
            declared = row.declared_at if row.declared_by_id == person_id else None
            return {
                "crisis": row.name,
                "declared_at": declared and declared.isoformat(),
                "ended_at": ended and ended.isoformat(),
            }
        case CrisisRole():
            taken = row.taken_at if row.person_id == person_id else None
            phone = row.phone if row.person_id == person_id else ""
            return {"role": row.name, "phone": phone, "taken_at": taken and taken.isoformat()}
        case Task():
            return {"task": row.what, "state": row.state, "at": row.opened_at.isoformat()}
        case Check():
            return {"point": row.text, "at": row.ticked_at and row.ticked_at.isoformat()}
        case SituationPoint():
            return {"number": row.number, "situation": row.situation, "at": row.at.isoformat()}
        case Fact():
            return {"act": f"{row.category}:{row.act}", "what": row.what, "at": row.at.isoformat()}
        case _:
            return {"why": row.why, "state": row.state, "at": row.created_at.isoformat()}


def _roles(body: PlanBody, person_id: UUID) -> list[dict[str, str]]:
    return [
        {"role": one.name, "phone": one.phone if one.holder == person_id else ""}
        for one in body.roles
        if person_id in one.people
    ]
