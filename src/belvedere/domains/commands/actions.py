"""Verbs on commands: ask for one, confirm it as the second person, cancel it; set limits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.errors import (
    BadCommand,
    ChangedMeanwhile,
    Interlocked,
    NoSuchCommand,
    WrongState,
)
from belvedere.domains.commands.kinds import Form, Kind, Value, kind
from belvedere.domains.commands.models import Command, Limit
from belvedere.domains.commands.moving import Moves
from belvedere.domains.commands.policies import may, require
from belvedere.domains.commands.states import OPEN, Act, State
from belvedere.domains.equipment.public import things_under_maintenance
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.domains.twin.public import Reachable, Thing, reachable
from belvedere.domains.twin.public import may as may_in_twin
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

MOST_AT_ONCE = 2000
LONGEST_WHY = 500
NO_SUCH = N_("There is no such command, or it is not for you to see.")
NO_SUCH_THING = N_("There is no such thing, or it is not published.")


@dataclass(frozen=True, slots=True)
class LimitView:
    """What a thing may be told at least and at most, and why."""

    low: float | None
    high: float | None
    why: str


def request_command(
    *, actor: Actor, territory_id: UUID, entity_id: int, kind_slug: str, value: Any, why: str = ""
) -> UUID:
    """Ask a thing's device to do something. What is dangerous waits for a second person.

    Raises:
        BadCommand: the thing does not take it, or not this value.
        Interlocked: a limit or a maintenance stands against it.
        Refused: it is not the actor's to command.
    """
    return request_commands(
        actor=actor,
        territory_id=territory_id,
        entity_ids=[entity_id],
        kind_slug=kind_slug,
        value=value,
        why=why,
    )[0]


def request_commands(
    *,
    actor: Actor,
    territory_id: UUID,
    entity_ids: Collection[int],
    kind_slug: str,
    value: Any,
    why: str = "",
) -> list[UUID]:
    """The same of several things, all or none; an older command of the kind that is open gives way."""
    wanted = kind(kind_slug)
    checked = wanted.checked(value)
    why = why.strip()
    if len(why) > LONGEST_WHY:
        raise BadCommand(N_("Write {most} characters at most."), field="why", most=LONGEST_WHY)
    if wanted.dangerous and not why:
        raise BadCommand(N_("Say why: a second person reads it before confirming."), field="why")
    ids = list(dict.fromkeys(entity_ids))
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise BadCommand(N_("Choose 1 to {most} things."), most=MOST_AT_ONCE)
    at = now()
    try:
        with transaction.atomic():
            found = _reached(actor, territory_id, ids, wanted)
            _interlock(at, ids, wanted, checked)
            rows = [new_row(found[one], wanted, checked, at, actor=actor, why=why) for one in ids]
            give_way(actor, at, wanted, rows)
    except IntegrityError as error:
        if "commands_one_open" not in str(error):
            raise
        raise ChangedMeanwhile(
            N_("Somebody asked the same of it at this moment. Look at what was asked, then ask again.")
        ) from error
    return [row.pk for row in rows]


def _reached(actor: Actor, territory_id: UUID, ids: list[int], wanted: Kind) -> dict[int, Reachable]:
    found = reachable(ids)
    for one in ids:
        thing = found.get(one)
        if thing is None or thing.territory_id != territory_id:
            raise BadCommand(
                N_("This thing has no device in service that could be told anything."), field="thing"
            )
        seen = Thing(thing.territory_id, thing.owner_id, thing.visibility)
        if may_in_twin(actor, "view", seen) is not None:
            raise NoSuchEntity(NO_SUCH_THING)
        require(actor, "request", thing.territory_id, thing.owner_id)
        if thing.kind not in wanted.things:
            raise BadCommand(N_("This kind of thing does not take this command."), field="kind")
    return found


def _interlock(at: datetime, ids: list[int], wanted: Kind, value: Value) -> None:
    worked_on = things_under_maintenance(at, ids)
    if worked_on:
        under = next(iter(worked_on.values()))
        raise Interlocked(
            N_("Somebody may be working on it: it is under maintenance ({why}). Nothing was sent."),
            why=under.reason or "–",
        )
    if wanted.form is Form.LEVEL:
        for limit in Limit.objects.filter(entity_id__in=ids, kind=wanted.slug):
            if not within(limit, float(value)):
                bound = limit.low if limit.low is not None and float(value) < limit.low else limit.high
                raise Interlocked(
                    N_("A limit of {bound} {unit} is set for it: {why}. Nothing was sent."),
                    bound=f"{bound:g}",
                    unit=wanted.unit,
                    why=limit.why,
                )


def within(limit: Limit, value: float) -> bool:
    return (limit.low is None or value >= limit.low) and (limit.high is None or value <= limit.high)


def new_row(
    thing: Reachable,
    wanted: Kind,
    value: Value,
    at: datetime,
    *,
    actor: Actor,
    why: str,
    key: str | None = None,
    until: datetime | None = None,
) -> Command:
    return Command(
        territory_id=thing.territory_id,
        owner_id=thing.owner_id,
        entity_id=thing.entity_id,
        names=dict(thing.names),
        user=thing.user,
        kind=wanted.slug,
        value=value,
        why=why,
        asked_by_id=actor.person_id,
        needs_second=wanted.dangerous,
        key=key,
        created_at=at,
        expires_at=until or at + timedelta(minutes=wanted.minutes),
        next_at=None if wanted.dangerous else at,
    )


def give_way(actor: Actor, at: datetime, wanted: Kind, rows: Collection[Command]) -> None:
    """Write new commands; older open ones of the kind for their things are over: sent again, they would undo
    the newer. Private to the domain."""
    older = Command.objects.select_for_update().filter(
        entity_id__in=[one.entity_id for one in rows], kind=wanted.slug, state__in=[one.value for one in OPEN]
    )
    moves = Moves(actor, at)
    for row in older.order_by("pk"):
        moves.move(row, Act.REPLACE)
    moves.write(rows)


def confirm_command(*, actor: Actor, command_id: UUID, note: str = "") -> None:
    """As the second person: it is sent now, and its time counts from now."""
    at = now()
    with transaction.atomic():
        row = _locked(actor, command_id)
        require(actor, "confirm", row.territory_id, row.owner_id)
        if not row.needs_second or row.state != State.REQUESTED:
            raise WrongState(N_("This command does not wait for anybody."))
        if actor.person_id is None or actor.person_id == row.asked_by_id:
            raise WrongState(N_("Somebody else has to confirm what you asked for."))
        if row.expires_at <= at:
            raise WrongState(N_("This command has expired. Ask for it again if it is still needed."))
        wanted = kind(row.kind)
        _interlock(at, [row.entity_id], wanted, row.value)
        row.confirmed_by_id = actor.person_id
        row.next_at, row.expires_at = at, at + timedelta(minutes=wanted.minutes)
        moves = Moves(actor, at)
        moves.move(row, Act.CONFIRM, note.strip())
        moves.write()


def cancel_command(*, actor: Actor, command_id: UUID, note: str = "") -> None:
    """Take it back before it is sent."""
    with transaction.atomic():
        row = _locked(actor, command_id)
        require(actor, "cancel", row.territory_id, row.owner_id)
        moves = Moves(actor, now())
        if not moves.move(row, Act.CANCEL, note.strip()):
            raise WrongState(N_("It was sent already: ask for the opposite instead."))
        moves.write()


def set_limit(
    *,
    actor: Actor,
    territory_id: UUID,
    entity_id: int,
    kind_slug: str,
    low: float | None,
    high: float | None,
    why: str,
) -> None:
    """Say the least and the most that a thing may be told; without both, the limit ends."""
    wanted = kind(kind_slug)
    if wanted.form is not Form.LEVEL:
        raise BadCommand(N_("Only levels have limits."), field="kind")
    given = [wanted.checked(one) for one in (low, high) if one is not None]
    if low is not None and high is not None and low > high:
        raise BadCommand(N_("The least is not more than the most."), field="low")
    why = why.strip()[:300]
    if given and not why:
        raise BadCommand(N_("Say why the limit is set."), field="why")
    with transaction.atomic():
        thing = _reached(actor, territory_id, [entity_id], wanted)[entity_id]
        require(actor, "set_limit", thing.territory_id, thing.owner_id)
        old = Limit.objects.select_for_update().filter(entity_id=entity_id, kind=wanted.slug).first()
        before = {} if old is None else {"low": old.low, "high": old.high, "why": old.why}
        if given:
            Limit.objects.update_or_create(
                entity_id=entity_id,
                kind=wanted.slug,
                defaults={"territory_id": territory_id, "low": low, "high": high, "why": why},
            )
        elif old is not None:
            old.delete()
        record(
            **signed(actor),
            verb="commands.set_limit",
            subject=("twin.entity", str(entity_id)),
            territory_id=territory_id,
            before=before,
            after={"kind": wanted.slug, "low": low, "high": high, "why": why} if given else {},
            reason=why,
        )


def _locked(actor: Actor, command_id: UUID) -> Command:
    row = Command.objects.select_for_update().filter(pk=command_id).first()
    if row is None or may(actor, "view", row.territory_id, row.owner_id) is not None:
        raise NoSuchCommand(NO_SUCH)
    return row
