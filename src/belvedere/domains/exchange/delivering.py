"""What each lane that a worker holds is to send, and how an attempt at it goes.

`prepare` reads the database and is called by one thread; `attempt` only sends, and is called by many.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, transaction
from msgspec.structs import replace as altered

from belvedere.domains.access.public import Actor, actor_of
from belvedere.domains.exchange import lanes, watching
from belvedere.domains.exchange.definition import understood
from belvedere.domains.exchange.lanes import Outcome, Row
from belvedere.domains.exchange.models import Subscription
from belvedere.domains.exchange.notices import Item, unpack
from belvedere.domains.exchange.rendering import Addressee, Message, latest, message, seen
from belvedere.domains.exchange.secrets import opened
from belvedere.domains.exchange.states import Fate, Stopped
from belvedere.domains.exchange.ways import Way, way_to
from belvedere.domains.twin.public import audience, load_things, seen_among, works_in
from belvedere.engines.outgoing import KEPT_BYTES, AddressRefused
from belvedere.kernel.audiences import Audience
from belvedere.kernel.clock import now
from belvedere.standards.ngsi_ld.documents import Document

GATHERED_FROM, MOST_GATHERED = 20, 100
TURN_S = 3.0  # after which the lane is let go, so that it is written down what was taken
LONGEST_S, USUAL_S = 20.0, 10.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and the notices it tells."""

    notices: tuple[int, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Round:
    """What one lane sends now. `idle`: notices of which nothing is left to tell."""

    to: Addressee
    failures: int
    letters: tuple[Letter, ...]
    idle: tuple[int, ...]


def prepare(held: Sequence[int], worker: int) -> list[Round]:
    """What these lanes send; those with nothing to send, or nobody to send for, are let go at once."""
    if not held:
        return []
    rows = Subscription.objects.select_related("territory", "owner", "lane").defer(
        "territory__waters", "territory__surroundings"
    )
    known = {row.pk: row for row in rows.filter(pk__in=held)}
    rounds = []
    for number, waiting in lanes.waiting(held).items():
        row = known.get(number)
        try:
            made = _round(row, waiting) if row is not None else None
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # a fault of ours with one of them is not one of the others
            log.exception("subscription %s could not be told", number)
            failures = row.lane.failures if row is not None else 0
            lanes.record(
                worker,
                Outcome(number, fate=Fate.FAILED, answer=type(error).__name__, failures=failures),
            )
            continue
        if made is None or not made.letters:
            lanes.record(worker, Outcome(number, taken=made.idle if made else ()))
        else:
            rounds.append(made)
    return rounds


def _round(row: Subscription, waiting: Sequence[Row]) -> Round | None:
    actor = owner_of(row)
    if actor is None:
        stop(row, Stopped.OWNER)
        return None
    to = addressee(row)
    sees = audience(actor, row.territory_id)
    letters: list[Letter] = []
    idle: list[int] = []
    unpacked = [(one, unpack(one.payload)) for one in waiting]
    gone = _gone(actor, row.territory_id, [item for _, items in unpacked for item in items])
    for numbers, items in groups(unpacked, throttled=to.throttled):
        left = [
            told
            for item in items
            if item.entity_id not in gone.hidden
            and (told := seen(item, to.definition, sees, gone.is_gone)) is not None
        ]
        if left:
            letters.append(Letter(numbers, message(to, left, now(), _linked(row.territory_id, sees))))
        else:
            idle += numbers
    return Round(to, row.lane.failures, tuple(letters), tuple(idle))


def groups(
    waiting: Sequence[tuple[Row, list[Item]]], *, throttled: bool
) -> list[tuple[tuple[int, ...], list[Item]]]:
    """Notices as they are told: one a message; of a throttled lane all in one, each thing as it is last; of
    a lane that is behind as many in one as tell of different things."""
    if throttled:
        last = latest(item for _, items in waiting for item in items)
        return [(tuple(one.id for one, _ in waiting), last)] if waiting else []
    if len(waiting) < GATHERED_FROM or not waiting[0][0].is_behind:
        return [((one.id,), items) for one, items in waiting]
    found: list[tuple[tuple[int, ...], list[Item]]] = []
    numbers: tuple[int, ...] = ()
    told: list[Item] = []
    things: set[int] = set()
    for one, items in waiting:
        mine = {item.entity_id for item in items}
        if told and (mine & things or len(told) + len(items) > MOST_GATHERED):
            found.append((numbers, told))
            numbers, told, things = (), [], set()
        numbers, told, things = (*numbers, one.id), [*told, *items], things | mine
    return [*found, (numbers, told)]


@dataclass(frozen=True, slots=True)
class _Gone:
    """`hidden`: things that are there and that the owner may not know of (any more)."""

    there: frozenset[int]
    hidden: frozenset[int]

    def is_gone(self, entity_id: int) -> bool:
        return entity_id not in self.there


def _gone(actor: Actor, territory_id: UUID, items: Iterable[Item]) -> _Gone:
    wanted = {item.entity_id for item in items}
    shown = seen_among(actor, territory_id, wanted)
    if shown == wanted:
        return _Gone(shown, frozenset())
    there = seen_among(Actor.system(), territory_id, wanted)
    return _Gone(there, there - shown)


def _linked(territory_id: UUID, sees: Audience) -> Callable[[Iterable[str]], dict[str, Document]]:
    def documents(urns: Iterable[str]) -> dict[str, Document]:
        found = {}
        for urn, held in load_things(territory_id, list(urns)).items():
            if sees.sees(held.row.owner_id, held.row.visibility):
                shown = {
                    name: many
                    for name, many in held.document.attributes.items()
                    if name not in held.kept or sees.sees(held.row.owner_id, held.kept[name])
                }
                found[urn] = altered(held.document, attributes=shown)
        return found

    return documents


def owner_of(row: Subscription) -> Actor | None:
    """In whose name a subscription is told; None when they may not subscribe here any more."""
    if row.owner_id is None:
        return None
    person = get_user_model().objects.filter(pk=row.owner_id, is_active=True).first()
    if person is None:
        return None
    actor = actor_of(person)
    return actor if works_in(actor, row.territory_id) else None


def addressee(row: Subscription) -> Addressee:
    """What the sending needs of a subscription."""
    endpoint = row.body["notification"]["endpoint"]
    timeout, cooldown = endpoint.get("timeout"), endpoint.get("cooldown")
    secrets = opened(row.headers)
    return Addressee(
        id=row.pk,
        urn=row.urn,
        territory_id=row.territory_id,
        tenant=row.territory.slug,
        definition=understood(row.body, row.names),
        uri=row.uri,
        login=secrets.login,
        endpoint=endpoint,
        headers=secrets.headers,
        context=row.context,
        throttled=row.throttling_s > 0,
        whole_s=min(LONGEST_S, timeout / 1000) if timeout else USUAL_S,
        cooldown_s=cooldown / 1000 if cooldown else 0.0,
    )


def stop(row: Subscription, why: Stopped) -> None:
    """Tell nothing more of a subscription, until somebody starts it again."""
    with transaction.atomic():
        Subscription.objects.filter(pk=row.pk).update(stopped=why.value)
        watching.changed()


# ------------------------------------------------------------------ sending
def attempt(one: Round, keep: Callable[[Way], None] = lambda way: None) -> Outcome:
    """Send the letters of a round in their order, until one is not taken or the turn is over (clause 5.8.6).

    `keep` is given the way, for whoever wants to cut it.
    """
    began = time.monotonic()
    taken, posts = list(one.idle), 0
    status, said, at = None, "", None
    fate = Fate.TAKEN
    offered: tuple[int, ...] = ()
    try:
        way = way_to(one.to)
    except AddressRefused as error:
        return Outcome(
            one.to.id, tuple(taken), fate=Fate.FAILED, answer=error.sentence(), failures=one.failures
        )
    keep(way)
    try:
        for letter in one.letters:
            posts += 1
            answered = way.send(letter.message)
            fate, status, said = answered.fate, answered.status, answered.answer
            if fate is not Fate.TAKEN:
                offered = letter.notices
                break
            at = now()
            taken += letter.notices
            if time.monotonic() - began > TURN_S:
                break
    finally:
        way.close()
    return Outcome(
        one.to.id,
        tuple(taken),
        offered,
        posts,
        fate,
        status,
        said[:KEPT_BYTES],
        one.failures,
        one.to.cooldown_s,
        at,
    )
