"""From an event to messages that wait, and each message to its endpoint: at least once, in no order.

A message is a row before anybody tries to send it; the job only says that it is time. When a job is lost,
the minute clock finds the row.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q

from belvedere.domains.access.public import Actor, actor_of
from belvedere.domains.webhooks.models import Delivery, Endpoint
from belvedere.domains.webhooks.states import (
    DELAYS,
    FAILING_DAYS,
    JITTER,
    KEPT_DAYS,
    DeliveryState,
    EventKind,
    Stopped,
)
from belvedere.duties.privacy.public import decrypt
from belvedere.engines import outgoing, signing
from belvedere.engines.outgoing import AddressRefused, Unreachable
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import new_id

HELD = timedelta(minutes=5)  # whoever holds a message longer has died


def queue(
    endpoints: Iterable[Endpoint], kind: EventKind, data: Mapping[str, Any], at: datetime
) -> list[UUID]:
    """A message waiting for each endpoint; sent once the transaction is committed."""
    payload = {"type": kind.value, "timestamp": at.isoformat(), "data": dict(data)}
    body = json.dumps(payload, ensure_ascii=False)
    rows = [
        Delivery(id=new_id(), endpoint=endpoint, kind=kind.value, payload=body, created_at=at, next_at=at)
        for endpoint in endpoints
    ]
    Delivery.objects.bulk_create(rows)
    ids = [row.pk for row in rows]
    send_soon(ids)
    return ids


def send_soon(ids: list[UUID]) -> None:
    """Let the workers send these once the transaction is committed."""
    from belvedere.domains.webhooks.tasks import deliver_later  # the task calls back into this module

    def defer() -> None:
        for pk in ids:
            deliver_later.defer(delivery_id=str(pk))

    transaction.on_commit(defer)


def teller_of(endpoint: Endpoint) -> Actor | None:
    """In whose name an endpoint is told; None when they may not set it up any more."""
    if endpoint.created_by_id is None:
        return None
    person = get_user_model().objects.filter(pk=endpoint.created_by_id, is_active=True).first()
    if person is None:
        return None
    actor = actor_of(person)
    return actor if actor.governs(endpoint.territory_id) else None


def stop(endpoint: Endpoint, why: Stopped) -> None:
    endpoint.stopped_at, endpoint.stopped_why = now(), why.value
    endpoint.save(update_fields=["stopped_at", "stopped_why"])


# ------------------------------------------------------------------ sending
def deliver(delivery_id: UUID) -> bool:
    """Try to send one message; False when somebody else holds it, it is done, or its endpoint is stopped."""
    at = now()
    held = Delivery.objects.filter(
        Q(state=DeliveryState.WAITING, next_at__lte=at)
        | Q(state=DeliveryState.SENDING, claimed_at__lt=at - HELD),
        pk=delivery_id,
        endpoint__stopped_at__isnull=True,
    ).update(state=DeliveryState.SENDING, claimed_at=at, tries=F("tries") + 1)
    if not held:
        return False
    row = Delivery.objects.select_related("endpoint").get(pk=delivery_id)
    endpoint = row.endpoint
    if teller_of(endpoint) is None:
        _end(row, None, "", endpoint_stops=Stopped.CREATOR)
        return False
    body = row.payload.encode("utf-8")
    headers = signing.headers(_keys(endpoint, at), f"msg_{row.pk.hex}", at, body)
    try:
        answer = outgoing.post(endpoint.url, body, {"Content-Type": "application/json", **headers})
    except (Unreachable, AddressRefused) as error:
        _end(row, None, error.sentence())
        return True
    if answer.taken:
        _delivered(row, answer)
    elif answer.status == 410:
        _end(row, answer.status, answer.body, endpoint_stops=Stopped.GONE)
    else:
        _end(row, answer.status, answer.body)
    return True


def _keys(endpoint: Endpoint, at: datetime) -> list[str]:
    keys = [decrypt(endpoint.secret)]
    if endpoint.old_secret is not None and endpoint.old_until is not None and endpoint.old_until > at:
        keys.append(decrypt(endpoint.old_secret))
    return keys


def _delivered(row: Delivery, answer: outgoing.Answer) -> None:
    row.state, row.status, row.answer = DeliveryState.DELIVERED, answer.status, answer.body
    row.done_at, row.next_at, row.claimed_at = now(), None, None
    row.save()
    Endpoint.objects.filter(pk=row.endpoint_id).update(failing_since=None)


def _end(row: Delivery, status: int | None, said: str, *, endpoint_stops: Stopped | None = None) -> None:
    """Note a failure: the next try, or none; the endpoint stops when it has failed for days."""
    at = now()
    row.status, row.answer, row.claimed_at = status, said[: outgoing.KEPT_BYTES], None
    if row.tries > len(DELAYS):
        row.state, row.next_at, row.done_at = DeliveryState.GIVEN_UP, None, at
    else:
        by_chance = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 (spreads the load, hides nothing)
        row.state, row.next_at = DeliveryState.WAITING, at + DELAYS[row.tries - 1] * by_chance
    with transaction.atomic():
        row.save()
        endpoint = Endpoint.objects.select_for_update(of=("self",)).get(pk=row.endpoint_id)
        if endpoint.failing_since is None:
            endpoint.failing_since = at
            endpoint.save(update_fields=["failing_since"])
        if endpoint.stopped_at is None:
            if at - endpoint.failing_since >= timedelta(days=FAILING_DAYS):
                endpoint_stops = endpoint_stops or Stopped.FAILING
            if endpoint_stops is not None:
                stop(endpoint, endpoint_stops)


def due(at: datetime, *, most: int = 500) -> list[UUID]:
    """Messages that should be sent by now, also those of a worker that died."""
    waiting = Q(state=DeliveryState.WAITING, next_at__lte=at)
    lost = Q(state=DeliveryState.SENDING, claimed_at__lt=at - HELD)
    rows = Delivery.objects.filter(waiting | lost, endpoint__stopped_at__isnull=True)
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True)[:most])


def forget(at: datetime) -> int:
    """Delete messages that are done and older than a month."""
    done = Q(state__in=[DeliveryState.DELIVERED, DeliveryState.GIVEN_UP])
    return Delivery.objects.filter(done, created_at__lt=at - timedelta(days=KEPT_DAYS)).delete()[0]
