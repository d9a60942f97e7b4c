"""Typed reads of commands, for who asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.actions import NO_SUCH, LimitView
from belvedere.domains.commands.errors import NoSuchCommand
from belvedere.domains.commands.kinds import Value
from belvedere.domains.commands.models import Command, CommandStep, Limit
from belvedere.domains.commands.policies import may, visible
from belvedere.domains.commands.states import Act, State
from belvedere.kernel.paging import Page, Window


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the course of a command; `by`: a person's id, None for the platform or the device."""

    at: datetime
    act: Act
    by: UUID | None
    note: str


@dataclass(frozen=True, slots=True)
class CommandView:
    """A command as the actor sees it."""

    id: UUID
    territory_id: UUID
    owner_id: UUID | None
    entity_id: int
    names: Mapping[str, str]
    kind: str
    value: Value
    why: str
    asked_by: UUID | None
    confirmed_by: UUID | None
    needs_second: bool
    state: State
    created_at: datetime
    expires_at: datetime
    finished_at: datetime | None
    sends: int
    told: str
    may_confirm: bool = False
    may_cancel: bool = False
    steps: tuple[Step, ...] = ()

    @property
    def waits(self) -> bool:
        """For a second person."""
        return self.needs_second and self.state is State.REQUESTED


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which commands are asked for; empty asks for all."""

    states: Collection[str] = ()
    kinds: Collection[str] = ()
    entity_id: int | None = None
    waiting: bool = field(default=False)
    key: str = ""  # what it begins with


def commands(actor: Actor, territory_id: UUID, wanted: Wanted, window: Window) -> Page[CommandView]:
    """Those that fit and that the actor may see, the newest first."""
    rows = Command.objects.filter(visible(actor, territory_id))
    if wanted.states:
        rows = rows.filter(state__in=list(wanted.states))
    if wanted.kinds:
        rows = rows.filter(kind__in=list(wanted.kinds))
    if wanted.entity_id is not None:
        rows = rows.filter(entity_id=wanted.entity_id)
    if wanted.key:
        rows = rows.filter(key__startswith=wanted.key)
    if wanted.waiting:
        rows = rows.filter(needs_second=True, state=State.REQUESTED)
    some = rows.order_by("-created_at", "-pk")[window.start : window.start + window.size]
    return Page([_view(actor, row) for row in some], rows.count(), window)


def tallies(actor: Actor, territory_id: UUID) -> Mapping[State, int]:
    """How many commands the actor sees, by state."""
    rows = Command.objects.filter(visible(actor, territory_id)).order_by().values_list("state")
    return {State(state): many for state, many in rows.annotate(n=Count("*"))}


def command(actor: Actor, command_id: UUID) -> CommandView:
    """One with its steps; NoSuchCommand for who may not know of it."""
    row = Command.objects.filter(pk=command_id).first()
    if row is None or may(actor, "view", row.territory_id, row.owner_id) is not None:
        raise NoSuchCommand(NO_SUCH)
    steps = CommandStep.objects.filter(command=row).order_by("pk")
    return _view(actor, row, tuple(Step(one.at, Act(one.act), one.person_id, one.note) for one in steps))


def by_id(actor: Actor, territory_id: UUID, ids: Collection[UUID]) -> dict[UUID, CommandView]:
    """Those of `ids` that the actor may see, without their steps."""
    if not ids:
        return {}
    rows = Command.objects.filter(visible(actor, territory_id), pk__in=list(ids))
    return {row.pk: _view(actor, row) for row in rows}


def limit_of(entity_id: int, kind: str) -> LimitView | None:
    """What a thing may be told at least and at most, if that is limited."""
    found = Limit.objects.filter(entity_id=entity_id, kind=kind).values_list("low", "high", "why").first()
    return None if found is None else LimitView(*found)


def _view(actor: Actor, row: Command, steps: tuple[Step, ...] = ()) -> CommandView:
    state = State(row.state)
    waits = row.needs_second and state is State.REQUESTED
    return CommandView(
        id=row.pk,
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        entity_id=row.entity_id,
        names=row.names,
        kind=row.kind,
        value=row.value,
        why=row.why,
        asked_by=row.asked_by_id,
        confirmed_by=row.confirmed_by_id,
        needs_second=row.needs_second,
        state=state,
        created_at=row.created_at,
        expires_at=row.expires_at,
        finished_at=row.finished_at,
        sends=row.sends,
        told=row.told,
        may_confirm=waits
        and actor.person_id not in (None, row.asked_by_id)
        and may(actor, "confirm", row.territory_id, row.owner_id) is None,
        may_cancel=state in (State.REQUESTED, State.CONFIRMED)
        and may(actor, "cancel", row.territory_id, row.owner_id) is None,
        steps=steps,
    )
