"""The programs that read a territory with a token: what they may read, what they read, how often."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.models import ApiToken, Reading
from belvedere.domains.access.queries import actor_of, administered, people_of
from belvedere.domains.access.states import Door, Scope
from belvedere.kernel.clock import now


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What a token reads through a door; `what` is OTHERS where it reads too many things to name them."""

    door: Door
    what: str
    attributes: tuple[str, ...]
    times: int
    since: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ReaderView:
    """A program with a token: what it may read (`sees_all`, or all of `bodies`), and what it reads."""

    token_id: UUID
    name: str
    person: str
    mine: bool
    sees_all: bool
    bodies: tuple[UUID, ...]
    may_write: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    readings: tuple[ReadingView, ...]

    @property
    def times(self) -> int:
        return sum(one.times for one in self.readings)

    @property
    def last_at(self) -> datetime | None:
        return max((one.last_at for one in self.readings), default=None)


def readers_of(actor: Actor, territory_id: UUID) -> list[ReaderView]:
    """The programs that read the territory, or may, with a token that is good: those that read last first.

    Administrators see those of their people, everyone else their own.
    """
    people = set[UUID]()
    if administered(actor, territory_id):
        people = {one.id for one in people_of(actor, territory_id)}
    if actor.person_id is not None:
        people.add(actor.person_id)
    tokens = ApiToken.objects.filter(
        Q(person_id__in=people) | Q(pk__in=_outsiders(actor, territory_id)),
        person__is_active=True,
        revoked_at__isnull=True,
        expires_at__gt=now(),
        scopes__contains=[Scope.READ.value],
    ).select_related("person")
    rows = list(tokens.order_by("-created_at"))
    readings: dict[UUID, list[ReadingView]] = defaultdict(list)
    for row in Reading.objects.filter(territory_id=territory_id, token__in=rows).order_by("-last_at", "pk"):
        readings[row.token_id].append(_reading(row))
    actors = {person.pk: actor_of(person) for person in {row.person for row in rows}}
    found = [_reader(actor, actors[row.person_id], row, territory_id, readings[row.pk]) for row in rows]
    return sorted(found, key=lambda one: one.last_at.timestamp() if one.last_at else 0.0, reverse=True)


def _outsiders(actor: Actor, territory_id: UUID) -> Any:
    """Tokens of people without a role there that read it all the same: what is published."""
    rows = Reading.objects.filter(territory_id=territory_id)
    return (rows if actor.governs(territory_id) else rows.none()).values("token_id")


def _reading(row: Reading) -> ReadingView:
    return ReadingView(
        door=Door(row.door),
        what=row.what,
        attributes=tuple(filter(None, row.attributes.split(","))),
        times=row.times,
        since=row.since,
        last_at=row.last_at,
    )


def _reader(
    actor: Actor, holder: Actor, row: ApiToken, territory_id: UUID, readings: list[ReadingView]
) -> ReaderView:
    return ReaderView(
        token_id=row.pk,
        name=row.name,
        person=row.person.display_name,
        mine=row.person_id == actor.person_id,
        sees_all=holder.governs(territory_id) or holder.is_elected(territory_id),
        bodies=tuple(holder.roles),
        may_write=Scope.WRITE in row.scopes,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        readings=tuple(readings),
    )
