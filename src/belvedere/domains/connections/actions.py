"""Verbs on connections. A secret is shown once, by what makes it; the password of a broker never again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.brokers import checked_broker
from belvedere.domains.connections.errors import NoSuchConnection
from belvedere.domains.connections.journaling import note
from belvedere.domains.connections.models import Connection
from belvedere.domains.connections.policies import require_connect, require_owner
from belvedere.domains.connections.states import System, Way
from belvedere.domains.territory.public import TerritoryView
from belvedere.duties.privacy.public import encrypt
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput

MOST_CONNECTIONS = 20
SECRET_BYTES = 24  # 192 random bits: no need for a slow digest
NO_SUCH_CONNECTION = N_("There is no such connection here.")


@dataclass(frozen=True, slots=True)
class Broker:
    """Where to listen. `password` None: the one that is kept."""

    host: str
    port: int
    tls: bool
    user: str
    password: str | None

    def __repr__(self) -> str:
        return f"Broker({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A secret just made. Show it once, keep it nowhere."""

    connection_id: UUID
    plain: str

    def __repr__(self) -> str:
        return f"NewKey(connection_id={self.connection_id})"


def connect_webhook(
    *, actor: Actor, territory: TerritoryView, system: System, name: str, owner_id: UUID | None
) -> NewKey:
    """Give a network server an address to call, and the secret it must know."""
    plain = secrets.token_urlsafe(SECRET_BYTES)
    row = _new(actor, territory, system, name, owner_id)
    row.way, row.secret_sha256, row.secret_made_at = Way.WEBHOOK, digest(plain), row.created_at
    _keep(actor, row)
    return NewKey(row.pk, plain)


def connect_broker(
    *,
    actor: Actor,
    territory: TerritoryView,
    system: System,
    name: str,
    owner_id: UUID | None,
    broker: Broker,
) -> UUID:
    """Listen at the broker of a network server from now on."""
    row = _new(actor, territory, system, name, owner_id)
    row.way = Way.MQTT
    _write_broker(row, broker)
    _keep(actor, row)
    return row.pk


def change_broker(*, actor: Actor, territory: TerritoryView, connection_id: UUID, broker: Broker) -> None:
    """Listen elsewhere, or under another name."""
    with transaction.atomic():
        row = _locked(actor, territory, connection_id)
        if row.way != Way.MQTT:
            raise NoSuchConnection(NO_SUCH_CONNECTION)
        before = _told(row)
        _write_broker(row, broker)
        row.changed_at, row.problem, row.problem_at = now(), "", None
        row.save()
        note(actor, row, "change_broker", before=before, after=_told(row))


def rotate_key(*, actor: Actor, territory: TerritoryView, connection_id: UUID) -> NewKey:
    """A new secret; the old one opens nothing from now on."""
    plain = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        row = _locked(actor, territory, connection_id)
        if row.way != Way.WEBHOOK:
            raise NoSuchConnection(NO_SUCH_CONNECTION)
        row.secret_sha256, row.secret_made_at, row.changed_at = digest(plain), now(), now()
        row.save(update_fields=["secret_sha256", "secret_made_at", "changed_at"])
        note(actor, row, "rotate_key", after={"name": row.name})
    return NewKey(row.pk, plain)


def remove_connection(*, actor: Actor, territory: TerritoryView, connection_id: UUID) -> None:
    """Take nothing more from it; what came stays."""
    with transaction.atomic():
        row = _locked(actor, territory, connection_id)
        note(actor, row, "remove_connection", before=_told(row))
        row.delete()


def digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return sha256(secret.encode("utf-8", "replace")).digest()


def _new(
    actor: Actor, territory: TerritoryView, system: System, name: str, owner_id: UUID | None
) -> Connection:
    require_owner(actor, territory.id, owner_id)
    name = name.strip()
    if not name or len(name) > 100:
        raise InvalidInput(N_("Give it a name of 100 letters at most."), field="name")
    at = now()
    return Connection(
        territory_id=territory.id, owner_id=owner_id, name=name, system=system, created_at=at, changed_at=at
    )


def _keep(actor: Actor, row: Connection) -> None:
    with transaction.atomic():
        if Connection.objects.filter(territory_id=row.territory_id).count() >= MOST_CONNECTIONS:
            raise Conflict(
                N_("A territory has {most} connections at most. Remove one first."), most=MOST_CONNECTIONS
            )
        row.save(force_insert=True)
        note(actor, row, "connect", after=_told(row))


def _write_broker(row: Connection, broker: Broker) -> None:
    row.host, row.port = checked_broker(broker.host, broker.port), broker.port
    row.tls, row.user = broker.tls, broker.user.strip()
    if broker.password is not None:
        row.password = encrypt(broker.password) if broker.password else None


def _locked(actor: Actor, territory: TerritoryView, connection_id: UUID) -> Connection:
    rows = Connection.objects.select_for_update(of=("self",))
    row = rows.filter(pk=connection_id, territory_id=territory.id).first()
    if row is None:
        raise NoSuchConnection(NO_SUCH_CONNECTION)
    require_connect(actor, territory.id, row.owner_id)
    return row


def _told(row: Connection) -> dict[str, Any]:
    told: dict[str, Any] = {"name": row.name, "system": str(row.system), "way": str(row.way)}
    if row.way == Way.MQTT:
        told |= {"host": row.host, "port": row.port, "tls": row.tls, "user": row.user}
    return told
