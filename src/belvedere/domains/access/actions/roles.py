"""Roles given, changed and ended. A role that ended stays in its table with its dates."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from belvedere.domains.access.actions.common import (
    in_organisation,
    in_territory,
    journal,
    keep_an_administrator,
    locked_person,
)
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.events import RolesChanged
from belvedere.domains.access.models import Membership, TerritoryMembership
from belvedere.domains.access.policies import Thing, require
from belvedere.domains.access.states import Role, TerritoryRole
from belvedere.engines.transactions import announce
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
        _note(actor, "give_role", thing, person_id, after=Role(role), reason=reason)


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
        _end(Membership.objects.filter(person_id=person_id, organisation_id=organisation_id, role=Role(role)))
        Membership.objects.get_or_create(
            person=person, organisation_id=organisation_id, role=Role(new_role), ended_at=None
        )
        _note(actor, "change_role", thing, person_id, before=Role(role), after=Role(new_role), reason=reason)


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
        _end(Membership.objects.filter(person_id=person_id, organisation_id=organisation_id, role=Role(role)))
        _note(actor, "end_membership", thing, person_id, before=Role(role), reason=reason)


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
        _note(actor, "give_territory_role", thing, person_id, after=TerritoryRole(role), reason=reason)


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
        held = TerritoryMembership.objects.filter(person_id=person_id, territory_id=territory_id)
        _end(held.filter(role=TerritoryRole(role)))
        _note(actor, "end_territory_role", thing, person_id, before=TerritoryRole(role), reason=reason)


def _end(held: QuerySet[Membership] | QuerySet[TerritoryMembership]) -> None:
    if not held.filter(ended_at__isnull=True).update(ended_at=now()):
        raise Conflict(
            N_("This person does not hold this role any more. Load the page again; nothing was changed."),
            code="role_not_held",
        )


def _note(
    actor: Actor,
    verb: str,
    thing: Thing,
    person_id: UUID,
    *,
    before: Role | TerritoryRole | None = None,
    after: Role | TerritoryRole | None = None,
    reason: str,
) -> None:
    """Journal what became of a role in the organisation or the territory that `thing` is, and tell it."""
    where = {"organisation": thing.organisation_id} if thing.organisation_id else {}
    journal(
        actor,
        verb,
        ("person", person_id),
        territory_id=thing.territory_id,
        before={**where, "role": before} if before else None,
        after={**where, "role": after} if after else None,
        reason=reason,
    )
    if thing.territory_id is not None:
        announce(RolesChanged(person_id, thing.territory_id, thing.organisation_id))
