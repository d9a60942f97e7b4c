"""Roles given, changed and ended. A role that ended stays in its table with its dates."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from belvedere.domains.access.actions.common import (
    in_organisation,
    in_territory,
    journal,
    keep_an_administrator,
    locked_person,
    tell,
)
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.events import RolesChanged
from belvedere.domains.access.models import Membership, TerritoryMembership
from belvedere.domains.access.policies import require
from belvedere.domains.access.states import Role, TerritoryRole
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict


def give_role(*, actor: Actor, person_id: UUID, organisation_id: UUID, role: Role, reason: str = "") -> None:
    """Give someone who has an account a role in an organisation; one they hold already changes nothing."""
    thing = in_organisation(organisation_id, person_id)
    require(actor, "give_role", thing)
    with transaction.atomic():
        person = locked_person(person_id)
        _, made = Membership.objects.get_or_create(
            person=person, organisation_id=organisation_id, role=Role(role), ended_at=None
        )
        if not made:
            return
        journal(
            actor,
            "give_role",
            ("person", person_id),
            territory_id=thing.territory_id,
            after={"organisation": organisation_id, "role": Role(role)},
            reason=reason,
        )
        _changed(person_id, thing.territory_id, organisation_id)


def change_role(
    *, actor: Actor, person_id: UUID, organisation_id: UUID, role: Role, new_role: Role, reason: str = ""
) -> None:
    """Replace one role of a person in an organisation by another.

    Raises:
        Conflict: when the person does not hold `role` there (any more).
    """
    thing = in_organisation(organisation_id, person_id)
    require(actor, "change_role", thing)
    if Role(role) is Role(new_role):
        return
    with transaction.atomic():
        person = locked_person(person_id)
        _end(person_id, organisation_id, Role(role))
        Membership.objects.get_or_create(
            person=person, organisation_id=organisation_id, role=Role(new_role), ended_at=None
        )
        journal(
            actor,
            "change_role",
            ("person", person_id),
            territory_id=thing.territory_id,
            before={"organisation": organisation_id, "role": Role(role)},
            after={"organisation": organisation_id, "role": Role(new_role)},
            reason=reason,
        )
        _changed(person_id, thing.territory_id, organisation_id)


def end_membership(
    *, actor: Actor, person_id: UUID, organisation_id: UUID, role: Role, reason: str = ""
) -> None:
    """End one role of a person in an organisation; anyone may leave.

    Raises:
        Conflict: when the person does not hold `role` there (any more).
    """
    thing = in_organisation(organisation_id, person_id)
    require(actor, "end_membership", thing)
    with transaction.atomic():
        locked_person(person_id)
        _end(person_id, organisation_id, Role(role))
        journal(
            actor,
            "end_membership",
            ("person", person_id),
            territory_id=thing.territory_id,
            before={"organisation": organisation_id, "role": Role(role)},
            reason=reason,
        )
        _changed(person_id, thing.territory_id, organisation_id)


def give_territory_role(
    *, actor: Actor, person_id: UUID, territory_id: UUID, role: TerritoryRole, reason: str = ""
) -> None:
    """Give someone who has an account a role in the whole territory."""
    thing = in_territory(territory_id, person_id)
    require(actor, "give_territory_role", thing)
    with transaction.atomic():
        person = locked_person(person_id)
        _, made = TerritoryMembership.objects.get_or_create(
            person=person, territory_id=territory_id, role=TerritoryRole(role), ended_at=None
        )
        if not made:
            return
        journal(
            actor,
            "give_territory_role",
            ("person", person_id),
            territory_id=territory_id,
            after={"role": TerritoryRole(role)},
            reason=reason,
        )
        _changed(person_id, territory_id, None)


def end_territory_role(
    *, actor: Actor, person_id: UUID, territory_id: UUID, role: TerritoryRole, reason: str = ""
) -> None:
    """End a role in the whole territory; anyone may leave, except its last administrator.

    Raises:
        Conflict: when the person does not hold `role` there (any more).
        LastAdministrator: when nobody would govern the territory.
    """
    thing = in_territory(territory_id, person_id)
    require(actor, "end_territory_role", thing)
    with transaction.atomic():
        if TerritoryRole(role) is TerritoryRole.ADMINISTRATOR:
            keep_an_administrator(territory_id, without=person_id)
        ended = TerritoryMembership.objects.filter(
            person_id=person_id, territory_id=territory_id, role=TerritoryRole(role), ended_at__isnull=True
        ).update(ended_at=now())
        if not ended:
            raise _not_held()
        journal(
            actor,
            "end_territory_role",
            ("person", person_id),
            territory_id=territory_id,
            before={"role": TerritoryRole(role)},
            reason=reason,
        )
        _changed(person_id, territory_id, None)


def _end(person_id: UUID, organisation_id: UUID, role: Role) -> None:
    ended = Membership.objects.filter(
        person_id=person_id, organisation_id=organisation_id, role=role, ended_at__isnull=True
    ).update(ended_at=now())
    if not ended:
        raise _not_held()


def _not_held() -> Conflict:
    return Conflict(
        N_("This person does not hold this role any more. Load the page again; nothing was changed."),
        code="role_not_held",
    )


def _changed(person_id: UUID, territory_id: UUID | None, organisation_id: UUID | None) -> None:
    if territory_id is not None:
        tell(RolesChanged(person_id, territory_id, organisation_id))
