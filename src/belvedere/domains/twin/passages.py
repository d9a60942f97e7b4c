"""How things went from state to state: the history of one, and what a replay of the territory needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.domains.twin.models import Entity
from belvedere.domains.twin.models import Passage as Row
from belvedere.domains.twin.policies import NO_SUCH_ENTITY, sees
from belvedere.domains.twin.queries import Wanted, selected
from belvedere.domains.twin.states import State
from belvedere.domains.twin.writing import thing_of
from belvedere.kernel.clock import now

KEPT = timedelta(days=400)
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A thing went from `before` to `after` at `at`, as far as was known at that moment."""

    entity_id: int
    at: datetime
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class Passages:
    """What changed in a time, oldest first. `at_start` has the things that changed since `start`; the others
    are now what they were then. Where there were more than 50,000, `start` is later than what was asked."""

    start: datetime
    at_start: Mapping[int, State]
    passages: tuple[Passage, ...]


def passages(actor: Actor, entity_id: int, *, limit: int = 50) -> tuple[Passage, ...]:
    """The latest passages of a thing, newest first; NotFound for who may not know of it."""
    thing = Entity.objects.filter(pk=entity_id).first()
    if thing is None or not sees(actor, thing_of(thing)):
        raise NoSuchEntity(NO_SUCH_ENTITY)
    return tuple(_view(row) for row in thing.passages.order_by("-at", "-pk")[:limit])


def passages_between(
    actor: Actor, territory_id: UUID, start: datetime, end: datetime, wanted: Wanted | None = None
) -> Passages:
    """What changed from `start` (inclusive) to `end` (exclusive) among the things that the actor may see."""
    rows = Row.objects.filter(entity__in=selected(actor, territory_id, wanted or Wanted()).order_by())
    newest = [_view(row) for row in rows.filter(at__gte=start).order_by("-at", "-pk")[:MOST]]
    newest.reverse()
    if len(newest) == MOST:  # of the first instant some may be missing
        start = newest[0].at + timedelta(microseconds=1)
        newest = [one for one in newest if one.at >= start]
    at_start: dict[int, State] = {}
    for one in newest:
        at_start.setdefault(one.entity_id, one.before)
    return Passages(start, at_start, tuple(one for one in newest if one.at < end))


def forget_passages(at: datetime | None = None) -> int:
    """Delete those older than 400 days; how many."""
    return Row.objects.filter(at__lt=(at or now()) - KEPT).delete()[0]


def _view(row: Row) -> Passage:
    return Passage(row.entity_id, row.at, State(row.before), State(row.after))
