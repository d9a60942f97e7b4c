"""Subscriptions, changes and a worker of one turn, for tests of exchange."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.context.events import Change, Trigger
from belvedere.domains.exchange import public as exchange
from belvedere.domains.exchange import telling, watching
from belvedere.domains.territory.public import territory_by_slug
from belvedere.standards.ngsi_ld import contexts
from belvedere.standards.ngsi_ld.documents import Document, Instance, Kind
from tests.domains.webhooks.receiver import Receiver

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DEFAULT = "https://uri.etsi.org/ngsi-ld/default-context/"
BENCH, COLOUR, WEIGHT = f"{DEFAULT}Bench", f"{DEFAULT}colour", f"{DEFAULT}weight"
WORKER = 4711


def subscribe(actor: Actor, uri: str, **members: Any) -> str:
    """A subscription to all benches, told to `uri`; `notification` is put over the usual one."""
    told = {"endpoint": {"uri": uri}, **members.pop("notification", {})}
    given = {"type": "Subscription", "entities": [{"type": "Bench"}], "notification": told, **members}
    given = {name: value for name, value in given.items() if value is not None}
    return exchange.create_subscription(
        actor=actor, territory=territory_by_slug("valbelle"), given=given, context=contexts.core()
    )


def bench(number: int = 1, **values: Any) -> Document:
    """A bench with properties of the default context."""
    attributes = {
        f"{DEFAULT}{name}": [Instance(kind=Kind.PROPERTY, value=value, created_at=AT, modified_at=AT)]
        for name, value in values.items()
    }
    return Document(
        id=f"urn:ngsi-ld:Bench:{number}", types=(BENCH,), attributes=attributes, created_at=AT, modified_at=AT
    )


def updated(
    document: Document,
    before: Document | None = None,
    *,
    entity_id: int = -1,
    owner_id: UUID | None = None,
    visibility: str = "shared",
    kept: Mapping[str, str] | None = None,
    what: Trigger = Trigger.ENTITY_UPDATED,
    attribute: Trigger = Trigger.ATTRIBUTE_UPDATED,
    names: tuple[str, ...] = (COLOUR,),
) -> Change:
    """A change of a thing that the database does not have: who sees it is what the change says."""
    is_gone = what is Trigger.ENTITY_DELETED
    return Change(
        entity_id=entity_id,
        urn=document.id,
        what=what,
        attributes=dict.fromkeys(names, attribute),
        before=document if is_gone else before,
        after=None if is_gone else document,
        owner_id=owner_id,
        visibility=visibility,
        kept=kept or {},
    )


def tell(territory_id: UUID, *changes: Change) -> None:
    telling.tell(watching.watchers(territory_id), changes)


def deliver(*, worker: int = WORKER, failing: bool = False) -> list[exchange.Outcome]:
    """What a worker does when it is woken, in one thread."""
    outcomes = []
    for one in exchange.prepare(exchange.claim(worker, 10, failing=failing), worker):
        outcomes.append(exchange.attempt(one))
        exchange.record(worker, outcomes[-1])
    return outcomes


@dataclass
class Told:
    """What a receiver was told: bodies and headers."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def things(self) -> list[dict[str, Any]]:
        return [one for body in self.bodies for one in body["data"]]


def told(receiver: Receiver) -> Told:
    return Told(
        [json.loads(body) for _, body in receiver.received], [headers for headers, _ in receiver.received]
    )
