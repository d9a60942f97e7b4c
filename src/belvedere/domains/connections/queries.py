"""Typed reads of connections, scripts and readers, for those who may change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.actions import NO_SUCH_CONNECTION
from belvedere.domains.connections.errors import NoSuchConnection, NoSuchScript
from belvedere.domains.connections.models import Connection, Reader, Script
from belvedere.domains.connections.policies import may_connect, may_script
from belvedere.domains.connections.states import System, Way
from belvedere.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """`taken`: uplinks kept; `refused`: calls that could not be; `problem`: a msgid, "" when all is well."""

    id: UUID
    name: str
    system: System
    way: Way
    owner_id: UUID | None
    created_at: datetime
    secret_made_at: datetime | None
    host: str
    port: int | None
    tls: bool
    user: str
    has_password: bool
    taken: int
    refused: int
    heard_at: datetime | None
    problem: str
    problem_at: datetime | None


@dataclass(frozen=True, slots=True)
class ScriptView:
    """`devices`: how many are read by it."""

    id: UUID
    name: str
    source: str
    changed_at: datetime
    devices: int


@dataclass(frozen=True, slots=True)
class ReaderView:
    """How a device's uplinks are read; both empty: as its network server does."""

    model: str
    script_id: UUID | None
    script_name: str


def connections(actor: Actor, territory_id: UUID) -> list[ConnectionView]:
    """Those that the actor may change, oldest first."""
    rows = Connection.objects.filter(territory_id=territory_id).order_by("created_at", "pk")
    return [_view(row) for row in rows if may_connect(actor, territory_id, row.owner_id) is None]


def connection(actor: Actor, territory_id: UUID, connection_id: UUID) -> ConnectionView:
    """One of them."""
    found = next((one for one in connections(actor, territory_id) if one.id == connection_id), None)
    if found is None:
        raise NoSuchConnection(NO_SUCH_CONNECTION)
    return found


def scripts(territory_id: UUID) -> list[tuple[UUID, str]]:
    """The decoders of a territory, for who may say how a device is read: identifiers and names."""
    rows = Script.objects.filter(territory_id=territory_id).order_by("name")
    return list(rows.values_list("pk", "name"))


def scripts_whole(actor: Actor, territory_id: UUID) -> list[ScriptView]:
    """The decoders with their source, for who may change them; nothing for others."""
    if may_script(actor, territory_id) is not None:
        return []
    rows = (
        Script.objects.filter(territory_id=territory_id).annotate(devices=Count("readers")).order_by("name")
    )
    return [ScriptView(row.pk, row.name, row.source, row.changed_at, row.devices) for row in rows]


def script(actor: Actor, territory_id: UUID, script_id: UUID) -> ScriptView:
    """One of them."""
    found = next((one for one in scripts_whole(actor, territory_id) if one.id == script_id), None)
    if found is None:
        raise NoSuchScript(N_("There is no such decoder here."))
    return found


def reader(device_id: UUID) -> ReaderView:
    """How a device is read. The caller knows that the actor may know of the device."""
    row = Reader.objects.select_related("script").filter(device_id=device_id).first()
    if row is None:
        return ReaderView("", None, "")
    return ReaderView(row.model, row.script_id, row.script.name if row.script else "")


def _view(row: Connection) -> ConnectionView:
    return ConnectionView(
        id=row.pk,
        name=row.name,
        system=System(row.system),
        way=Way(row.way),
        owner_id=row.owner_id,
        created_at=row.created_at,
        secret_made_at=row.secret_made_at,
        host=row.host,
        port=row.port,
        tls=row.tls,
        user=row.user,
        has_password=row.password is not None,
        taken=row.taken,
        refused=row.refused,
        heard_at=row.heard_at,
        problem=row.problem,
        problem_at=row.problem_at,
    )
