"""Whom a level reaches now; never nobody while anybody looks after the organisation or the territory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from belvedere.domains.access.public import Role, holders, working_in
from belvedere.domains.duty.bodies import Whom, roster_body
from belvedere.domains.duty.models import Roster, StandIn
from belvedere.domains.duty.states import Target
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import territory_by_id
from belvedere.science.rosters import turns

_HEADS = (Role.MANAGER, Role.ADMINISTRATOR)
_HANDLES = (Role.CONTRIBUTOR, *_HEADS)


def rooms_of(whom: Iterable[Whom], territory_id: UUID) -> frozenset[UUID]:
    """The rooms among these that are there and switched on."""
    named = {one.id for one in whom if one.target is Target.ROOM}
    return frozenset(one for one in reach.rooms(territory_id, only_on=True) if one in named)


def on_duty_of(whom: Iterable[Whom], at: datetime) -> frozenset[UUID]:
    """Who of these is on duty by a roster: they are reached at any hour."""
    found = {on_duty_now(one.id, at) for one in whom if one.target is Target.ROSTER}
    return frozenset(one for one in found if one is not None)


def people_of(
    whom: Iterable[Whom], territory_id: UUID, owner_id: UUID | None, at: datetime
) -> frozenset[UUID]:
    """The people who are told. Who left the organisation is not; where nobody is left of those that are
    named, those who look after its alarms are told, else the administrators of the territory."""
    found: set[UUID] = set()
    for one in whom:
        found |= _named(one, territory_id, owner_id, at)
    found = found or _holding(owner_id, _HANDLES)
    return frozenset(found or _governors(territory_id))


def _named(one: Whom, territory_id: UUID, owner_id: UUID | None, at: datetime) -> set[UUID]:
    if one.target is Target.ROOM:
        return set()
    if one.target is Target.GOVERNORS:
        return _governors(territory_id)
    if one.target is Target.HEADS:
        return _holding(owner_id, _HEADS)
    if one.target is Target.HANDLERS:
        return _holding(owner_id, _HANDLES)
    who = on_duty_now(one.id, at) if one.target is Target.ROSTER else one.id
    return {who} & _holding(owner_id, ()) if who is not None else set()


def _holding(owner_id: UUID | None, roles: Iterable[Role]) -> set[UUID]:
    return set(holders([owner_id], *roles).get(owner_id, ())) if owner_id is not None else set()


def _governors(territory_id: UUID) -> set[UUID]:
    people = working_in(territory_id)
    return {one.person_id for one in people if one.governs(territory_id) and one.person_id is not None}


def on_duty_now(roster_id: UUID | None, at: datetime) -> UUID | None:
    """Who of a roster is on duty; None where it is gone or does not cover the instant."""
    if roster_id is None:
        return None
    row = Roster.objects.filter(pk=roster_id, removed_at__isnull=True).first()
    return turns.on_duty(calculated(row), at) if row is not None else None


def calculated(row: Roster) -> turns.Roster:
    """A roster with its stand-ins, to be calculated with."""
    stand_ins = StandIn.objects.filter(roster=row, removed_at__isnull=True).order_by("pk")
    return roster_body(row.body).roster(
        territory_by_id(row.territory_id).zone,
        tuple(turns.StandIn(one.since, one.until, one.person_id, one.instead_of_id) for one in stand_ins),
    )
