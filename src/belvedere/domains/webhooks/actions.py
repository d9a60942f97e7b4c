"""Verbs on endpoints. The secret is shown once, by what creates or rotates it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.webhooks import outbox
from belvedere.domains.webhooks.errors import NoSuchDelivery, NoSuchEndpoint
from belvedere.domains.webhooks.models import Delivery, Endpoint
from belvedere.domains.webhooks.policies import require
from belvedere.domains.webhooks.states import CHOSEN, DeliveryState, EventKind, Stopped
from belvedere.duties.journal.public import record, signed
from belvedere.duties.privacy.public import encrypt
from belvedere.engines import signing
from belvedere.engines.outgoing import checked_url
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput

MOST_ENDPOINTS = 20
OLD_SECRET_SIGNS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just made. Show it once, keep it nowhere."""

    endpoint_id: UUID
    plain: str

    def __repr__(self) -> str:
        return f"NewSecret(endpoint_id={self.endpoint_id})"


def create_endpoint(*, actor: Actor, territory: TerritoryView, url: str, kinds: Collection[str]) -> NewSecret:
    """Tell an address of events from now on."""
    require(actor, territory)
    url, chosen = checked_url(url), _kinds(kinds)
    plain = signing.new_secret()
    with transaction.atomic():
        if Endpoint.objects.filter(territory_id=territory.id).count() >= MOST_ENDPOINTS:
            raise Conflict(
                N_("A territory has {most} webhooks at most. Remove one first."), most=MOST_ENDPOINTS
            )
        row = Endpoint.objects.create(
            territory_id=territory.id,
            created_by_id=actor.person_id,
            created_at=now(),
            url=url,
            kinds=chosen,
            secret=encrypt(plain),
        )
        _journal(actor, row, "create_endpoint", after={"url": url, "kinds": chosen})
    return NewSecret(row.pk, plain)


def change_endpoint(
    *, actor: Actor, territory: TerritoryView, endpoint_id: UUID, url: str, kinds: Collection[str]
) -> None:
    """Another address, or other events."""
    require(actor, territory)
    url, chosen = checked_url(url), _kinds(kinds)
    with transaction.atomic():
        row = _locked(territory, endpoint_id)
        before = {"url": row.url, "kinds": row.kinds}
        if before == {"url": url, "kinds": chosen}:
            return
        row.url, row.kinds, row.failing_since = url, chosen, None
        row.save(update_fields=["url", "kinds", "failing_since"])
        _journal(actor, row, "change_endpoint", before=before, after={"url": url, "kinds": chosen})


def stop_endpoint(*, actor: Actor, territory: TerritoryView, endpoint_id: UUID) -> None:
    """Tell it nothing more for now; what waits, waits."""
    require(actor, territory)
    with transaction.atomic():
        row = _locked(territory, endpoint_id)
        if row.stopped_at is None:
            outbox.stop(row, Stopped.BY_HAND)
            _journal(actor, row, "stop_endpoint", after={"why": Stopped.BY_HAND.value})


def start_endpoint(*, actor: Actor, territory: TerritoryView, endpoint_id: UUID) -> None:
    """Tell it again, in the name of who starts it; what waited is sent now."""
    require(actor, territory)
    with transaction.atomic():
        row = _locked(territory, endpoint_id)
        if row.stopped_at is None:
            return
        before = {"why": row.stopped_why}
        row.stopped_at, row.stopped_why, row.failing_since = None, "", None
        row.created_by_id = actor.person_id or row.created_by_id
        row.save(update_fields=["stopped_at", "stopped_why", "failing_since", "created_by"])
        waiting = row.deliveries.filter(state=DeliveryState.WAITING)
        waiting.update(next_at=now())
        _journal(actor, row, "start_endpoint", before=before, after={"why": ""})
        outbox.send_soon(list(waiting.values_list("pk", flat=True)))


def rotate_secret(*, actor: Actor, territory: TerritoryView, endpoint_id: UUID) -> NewSecret:
    """A new secret; the old one signs too for a day, so that the receiver can change in peace."""
    require(actor, territory)
    plain = signing.new_secret()
    with transaction.atomic():
        row = _locked(territory, endpoint_id)
        row.old_secret, row.old_until = row.secret, now() + OLD_SECRET_SIGNS
        row.secret = encrypt(plain)
        row.save(update_fields=["secret", "old_secret", "old_until"])
        _journal(actor, row, "rotate_secret", after={"old_until": row.old_until.isoformat()})
    return NewSecret(row.pk, plain)


def remove_endpoint(*, actor: Actor, territory: TerritoryView, endpoint_id: UUID) -> None:
    """Forget an endpoint with all its deliveries."""
    require(actor, territory)
    with transaction.atomic():
        row = _locked(territory, endpoint_id)
        _journal(actor, row, "remove_endpoint", before={"url": row.url, "kinds": row.kinds})
        row.delete()


def send_test(*, actor: Actor, territory: TerritoryView, endpoint_id: UUID) -> UUID:
    """Queue a test message; gives its delivery."""
    require(actor, territory)
    with transaction.atomic():
        row = _locked(territory, endpoint_id)
        _refuse_stopped(row)
        (made,) = outbox.queue([row], EventKind.PING, {"territory": territory.slug}, now())
    return made


def replay(*, actor: Actor, territory: TerritoryView, delivery_id: UUID) -> None:
    """Send a message once more, under the same id: a receiver that has it knows it again."""
    require(actor, territory)
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("endpoint")
            .filter(pk=delivery_id, endpoint__territory_id=territory.id)
            .first()
        )
        if row is None:
            raise NoSuchDelivery(N_("This message is no longer kept. Open the page again."))
        _refuse_stopped(row.endpoint)
        if row.state == DeliveryState.SENDING:
            return
        row.state, row.tries, row.next_at, row.done_at = DeliveryState.WAITING, 0, now(), None
        row.save(update_fields=["state", "tries", "next_at", "done_at"])
        _journal(actor, row.endpoint, "replay_delivery", after={"message": str(row.pk)})
        outbox.send_soon([row.pk])


def _refuse_stopped(row: Endpoint) -> None:
    if row.stopped_at is not None:
        raise Conflict(N_("This webhook is stopped. Start it again first."))


def _kinds(given: Collection[str]) -> list[str]:
    known = {kind.value for kind in CHOSEN}
    chosen = sorted(set(given) & known)
    if not chosen or set(given) - known:
        raise InvalidInput(N_("Choose at least one event to tell of."), field="kinds")
    return chosen


def _locked(territory: TerritoryView, endpoint_id: UUID) -> Endpoint:
    rows = Endpoint.objects.select_for_update(of=("self",))
    row = rows.filter(pk=endpoint_id, territory_id=territory.id).first()
    if row is None:
        raise NoSuchEndpoint(N_("There is no such webhook here."))
    return row


def _journal(actor: Actor, row: Endpoint, verb: str, **sides: Any) -> None:
    record(
        **signed(actor),
        verb=f"webhooks.{verb}",
        subject=("webhooks.endpoint", str(row.pk)),
        territory_id=row.territory_id,
        before=sides.get("before"),
        after=sides.get("after"),
    )
