"""Typed reads of gateways."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.reach import bodies
from belvedere.domains.reach.actions import NO_SUCH_GATEWAY, gateways_of
from belvedere.domains.reach.errors import NoSuchGateway
from belvedere.domains.reach.models import Gateway
from belvedere.domains.reach.policies import may_see, require
from belvedere.domains.reach.states import ROOMS, Kind, Way
from belvedere.domains.reach.views import GatewayView


def gateways(actor: Actor, territory_id: UUID) -> list[GatewayView]:
    """The gateways that the actor may write, by name; Refused when there can be none."""
    require(may_see(actor, territory_id))
    return [_view(one) for one in gateways_of(actor, territory_id)]


def gateway(actor: Actor, territory_id: UUID, gateway_id: UUID) -> GatewayView:
    """One of them; NoSuchGateway when there is none that the actor may write."""
    require(may_see(actor, territory_id))
    found = next((one for one in gateways_of(actor, territory_id) if one.pk == gateway_id), None)
    if found is None:
        raise NoSuchGateway(NO_SUCH_GATEWAY)
    return _view(found)


def rooms(territory_id: UUID, owner_id: UUID | None = None, *, only_on: bool = False) -> dict[UUID, str]:
    """The names of the rooms of the territory and of an organisation (None: of all of them); for who plans
    whom an alarm reaches: a name says nothing of the address."""
    rows = Gateway.objects.filter(territory_id=territory_id, removed_at=None, kind__in=ROOMS).order_by("name")
    if only_on:
        rows = rows.filter(is_on=True)
    return {one.pk: one.name for one in rows if owner_id is None or one.owner_id in (owner_id, None)}


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room as it is written to."""

    name: str
    language: str


def room(gateway_id: UUID) -> RoomView:
    """A room, also one that was removed."""
    row = Gateway.objects.get(pk=gateway_id)
    return RoomView(row.name, row.language)


def _view(row: Gateway) -> GatewayView:
    kind = Kind(row.kind)
    return GatewayView(
        id=row.pk,
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        name=row.name,
        kind=kind,
        ways=tuple(Way(one) for one in row.ways),
        body=bodies.http_body(row.settings) if kind is Kind.HTTP else bodies.room_body(row.settings),
        language=row.language,
        version=row.version,
        is_on=row.is_on,
        sent=row.sent,
        failed=row.failed,
        last_sent_at=row.last_sent_at,
        last_error_at=row.last_error_at,
        last_error=row.last_error,
        retry_at=row.retry_at,
    )
