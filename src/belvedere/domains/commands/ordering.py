"""What scenes ask of things, each once by its key; for other domains, in their transaction, without an actor.

A scene has been written, and where its kind is dangerous switched on by a second person: nobody confirms
each command. What somebody works on is left out and told. Who asks keeps to `limits_of`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.actions import LimitView, give_way, new_row
from belvedere.domains.commands.kinds import Value, kind
from belvedere.domains.commands.models import Command, Limit
from belvedere.domains.commands.states import State
from belvedere.domains.equipment.public import things_under_maintenance
from belvedere.domains.twin.public import reachable


@dataclass(frozen=True, slots=True)
class Order:
    """What one thing is told: `key` once for ever; worth doing until `until`."""

    entity_id: int
    value: Value
    key: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Ordered:
    """What became of orders, as things: asked now; not to be reached, or not of the owner; worked on."""

    asked: tuple[int, ...] = ()
    unreachable: tuple[int, ...] = ()
    worked_on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A command that a thing has carried out, and when."""

    entity_id: int
    kind: str
    value: Value
    at: datetime


def order_once(
    orders: Sequence[Order],
    *,
    kind_slug: str,
    territory_id: UUID,
    owner_id: UUID,
    why: str,
    at: datetime,
    confirmed_by: UUID | None = None,
) -> Ordered:
    """Ask what was not asked under its key yet; older open commands of the kind give way."""
    wanted = kind(kind_slug)
    known = set(Command.objects.filter(key__in=[one.key for one in orders]).values_list("key", flat=True))
    fresh = {one.entity_id: one for one in orders if one.key not in known}
    found = reachable(fresh)
    worked_on = things_under_maintenance(at, list(fresh))
    rows: list[Command] = []
    unreachable: list[int] = []
    for number, one in sorted(fresh.items()):
        thing = found.get(number)
        theirs = thing is not None and (thing.territory_id, thing.owner_id) == (territory_id, owner_id)
        if thing is None or not theirs or thing.kind not in wanted.things:
            unreachable.append(number)
        elif number in worked_on:
            continue
        else:
            row = new_row(
                thing, wanted, one.value, at, actor=Actor.system(), why=why, key=one.key, until=one.until
            )
            row.next_at, row.needs_second, row.confirmed_by_id = at, False, confirmed_by
            rows.append(row)
    give_way(Actor.system(), at, wanted, rows)
    return Ordered(tuple(row.entity_id for row in rows), tuple(unreachable), tuple(sorted(worked_on)))


def limits_of(entity_ids: Collection[int], kind_slug: str) -> Mapping[int, LimitView]:
    """What these things may be told at least and at most, by thing; those without a limit are left out."""
    rows = Limit.objects.filter(entity_id__in=list(entity_ids), kind=kind_slug)
    return {one.entity_id: LimitView(one.low, one.high, one.why) for one in rows}


def done_between(
    entity_ids: Collection[int], kinds: Collection[str], since: datetime, until: datetime
) -> list[Done]:
    """What these things have carried out in a time, in that order; who asked for it does not matter."""
    rows = Command.objects.filter(
        entity_id__in=list(entity_ids),
        kind__in=list(kinds),
        state=State.DONE,
        finished_at__gte=since,
        finished_at__lt=until,
    )
    columns = ("entity_id", "kind", "value", "finished_at")
    return [Done(*row) for row in rows.order_by("finished_at", "pk").values_list(*columns)]


__all__ = ["Done", "Order", "Ordered", "done_between", "limits_of", "order_once"]
