"""Typed reads of webhooks, for who may set them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.webhooks.errors import NoSuchEndpoint
from belvedere.domains.webhooks.models import Endpoint
from belvedere.domains.webhooks.policies import require
from belvedere.domains.webhooks.states import DeliveryState, EventKind, Stopped
from belvedere.kernel.errors import N_

SHOWN = 100


@dataclass(frozen=True, slots=True)
class EndpointView:
    """`waiting`: messages not yet taken; `last_at`: when one was."""

    id: UUID
    url: str
    kinds: tuple[EventKind, ...]
    created_at: datetime
    failing_since: datetime | None
    stopped_at: datetime | None
    stopped: Stopped | None
    waiting: int
    given_up: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    id: UUID
    kind: EventKind
    created_at: datetime
    state: DeliveryState
    tries: int
    next_at: datetime | None
    status: int | None
    answer: str
    payload: str


def endpoints(actor: Actor, territory: TerritoryView) -> list[EndpointView]:
    """The webhooks of a territory, oldest first."""
    require(actor, territory)
    counted = Endpoint.objects.filter(territory_id=territory.id).annotate(
        waiting=Count(
            "deliveries",
            filter=Q(deliveries__state__in=[DeliveryState.WAITING, DeliveryState.SENDING]),
        ),
        given_up=Count("deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP)),
        last_at=Max("deliveries__done_at", filter=Q(deliveries__state=DeliveryState.DELIVERED)),
    )
    return [
        EndpointView(
            id=row.pk,
            url=row.url,
            kinds=tuple(EventKind(kind) for kind in row.kinds),
            created_at=row.created_at,
            failing_since=row.failing_since,
            stopped_at=row.stopped_at,
            stopped=Stopped(row.stopped_why) if row.stopped_why else None,
            waiting=row.waiting,
            given_up=row.given_up,
            last_at=row.last_at,
        )
        for row in counted.order_by("created_at", "pk")
    ]


def endpoint(actor: Actor, territory: TerritoryView, endpoint_id: UUID) -> EndpointView:
    """One webhook; NoSuchEndpoint where the territory has none such."""
    found = next((one for one in endpoints(actor, territory) if one.id == endpoint_id), None)
    if found is None:
        raise NoSuchEndpoint(N_("There is no such webhook here."))
    return found


def deliveries(actor: Actor, territory: TerritoryView, endpoint_id: UUID) -> list[DeliveryView]:
    """The latest messages of a webhook, newest first."""
    require(actor, territory)
    rows = Endpoint.objects.get(pk=endpoint_id, territory_id=territory.id).deliveries
    return [
        DeliveryView(
            id=row.pk,
            kind=EventKind(row.kind),
            created_at=row.created_at,
            state=DeliveryState(row.state),
            tries=row.tries,
            next_at=row.next_at,
            status=row.status,
            answer=row.answer,
            payload=row.payload,
        )
        for row in rows.order_by("-created_at", "-pk")[:SHOWN]
    ]
