"""Verbs on subscriptions (ETSI GS CIM 009, clause 5.8), and those of the people who look after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.context.public import context_document
from belvedere.domains.exchange import watching
from belvedere.domains.exchange.errors import NoSuchSubscription, SubscriptionExists
from belvedere.domains.exchange.models import Lane, Notice, Subscription
from belvedere.domains.exchange.policies import may, require
from belvedere.domains.exchange.queries import endpoint_of, status_of
from belvedere.domains.exchange.reading import Read, changed, check_kind, read
from belvedere.domains.exchange.secrets import closed
from belvedere.domains.exchange.states import KEPT, Status, Stopped
from belvedere.domains.territory.public import TerritoryView
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput
from belvedere.standards.ngsi_ld import contexts
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.words import check_uri, instant

MOST_SUBSCRIPTIONS = 1000
_NO_SUCH = N_("There is no such subscription, or it is somebody else’s.")


def create_subscription(*, actor: Actor, territory: TerritoryView, given: Any, context: Context) -> str:
    """Tell another system of changes from now on; gives the identifier (clause 5.8.1).

    `given`: the body of the request; `context`: what its names mean.

    Raises:
        BadRequestData, AddressRefused: it cannot be taken.
        LdContextNotAvailable: the context that it asks for is not to be had.
        SubscriptionExists: of that identifier.
    """
    require(actor, "subscribe", territory.id)
    members = check_kind(given, whole=True)
    urn = check_uri(members["id"]) if "id" in members else f"urn:ngsi-ld:Subscription:{uuid4()}"
    at = now()
    told = read(members, context, {}, at)
    value = _value_of_context(told.body, context)
    with transaction.atomic():
        here = Subscription.objects.filter(territory_id=territory.id)
        if here.filter(urn=urn).exists():
            raise SubscriptionExists(N_("There is a subscription {urn} already."), urn=urn)
        if here.count() >= MOST_SUBSCRIPTIONS:
            raise Conflict(
                N_("A territory has {most} subscriptions at most. Remove one first."), most=MOST_SUBSCRIPTIONS
            )
        row = Subscription(
            territory_id=territory.id,
            urn=urn,
            owner_id=actor.person_id,
            created_at=at,
            modified_at=at,
            context=value,
        )
        _put(row, told)
        row.save(force_insert=True)
        Lane.objects.create(subscription=row, next_at=at, tick_at=_next_tick(told))
        watching.changed()
        _journal(actor, row, "create_subscription", after=_said(row))
    watching.settle()
    return urn


def update_subscription(
    *, actor: Actor, territory: TerritoryView, urn: str, given: Any, context: Context
) -> None:
    """Put a fragment over a subscription (clause 5.8.2); raises as `create_subscription` does."""
    fragment = check_kind(given, whole=False)
    with transaction.atomic():
        row = locked(actor, territory, urn)
        before = _said(row)
        body = changed(row.body, fragment)
        if "notification" not in fragment:
            body["notification"] = _whole(row)
        if "expiresAt" not in fragment:
            body.pop("expiresAt", None)
        told = read(body, context, row.names, now())
        if "expiresAt" not in fragment and row.expires_at is not None:
            told.body["expiresAt"] = row.body["expiresAt"]
            told = replace(told, expires_at=row.expires_at)
        if "jsonldContext" in fragment:
            row.context = _value_of_context(told.body, context)
        _put(row, told)
        row.modified_at = now()
        if fragment.get("isActive") is True:
            row.stopped = Stopped.NOT
        row.save()
        Lane.objects.filter(pk=row.pk).update(tick_at=_next_tick(told))
        watching.changed()
        _journal(actor, row, "change_subscription", before=before, after=_said(row))
    watching.settle()


def delete_subscription(*, actor: Actor, territory: TerritoryView, urn: str) -> None:
    """Tell it nothing more and forget what waits (clause 5.8.5)."""
    with transaction.atomic():
        row = locked(actor, territory, urn)
        number = row.pk
        _journal(actor, row, "remove_subscription", before=_said(row))
        row.delete()
        Notice.objects.filter(subscription_id=number).delete()
        watching.changed()
    watching.forget()


def pause_subscription(*, actor: Actor, territory: TerritoryView, urn: str) -> None:
    """Tell it nothing of what changes from now on; what waits, waits."""
    with transaction.atomic():
        row = locked(actor, territory, urn)
        if row.is_active:
            _activate(row, active=False)
            _journal(actor, row, "pause_subscription", after={"active": False})
    watching.forget()


def resume_subscription(*, actor: Actor, territory: TerritoryView, urn: str) -> None:
    """Tell it again; what waited is sent now."""
    with transaction.atomic():
        row = locked(actor, territory, urn)
        if not row.is_active or row.stopped:
            _activate(row, active=True)
            Lane.objects.filter(pk=row.pk).update(next_at=now(), failures=0)
            _journal(actor, row, "resume_subscription", after={"active": True})
    watching.settle()


def extend_subscription(*, actor: Actor, territory: TerritoryView, urn: str, until: datetime) -> None:
    """Tell it until then, also if it has expired; what waited is sent now."""
    if until <= now():
        raise InvalidInput(N_("Choose a day to come: a subscription cannot end in the past."), field="until")
    with transaction.atomic():
        row = locked(actor, territory, urn)
        before = _said(row)
        row.expires_at, row.modified_at = until, now()
        row.body = {**row.body, "expiresAt": instant(until)}
        row.save(update_fields=["expires_at", "modified_at", "body"])
        Lane.objects.filter(pk=row.pk).update(next_at=now(), failures=0)
        watching.changed()
        _journal(actor, row, "change_subscription", before=before, after=_said(row))
        lanes_wake()
    watching.settle()


def replay(*, actor: Actor, territory: TerritoryView, urn: str) -> int:
    """Send what was put aside once more, in its order, before what waits; and what waits, now. How many."""
    with transaction.atomic():
        row = locked(actor, territory, urn)
        if status_of(row, now()) is Status.EXPIRED:
            raise Conflict(N_("This subscription has expired: extend it, and what waits is sent."))
        again = Notice.objects.filter(subscription_id=row.pk, parked_at__isnull=False)
        many = again.update(parked_at=None, why="", offers=0, created_at=now())
        waiting = Notice.objects.filter(subscription_id=row.pk, parked_at__isnull=True).count()
        Lane.objects.filter(pk=row.pk).update(next_at=now(), failures=0)
        _journal(actor, row, "replay_notices", after={"notices": many, "waiting": waiting})
        lanes_wake()
    return waiting


def lanes_wake() -> None:
    """Have the workers look."""
    from django.db import connection

    from belvedere.domains.exchange.lanes import CHANNEL

    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def forget() -> int:
    """Delete what was put aside a month ago, and what waits for subscriptions that expired then or are no
    more."""
    old = Notice.objects.filter(parked_at__lt=now() - KEPT).delete()[0]
    known = Subscription.objects.exclude(expires_at__lt=now() - KEPT).values("pk")
    return old + Notice.objects.exclude(subscription_id__in=known).delete()[0]


def locked(actor: Actor, territory: TerritoryView, urn: str) -> Subscription:
    """The subscription, held; NoSuchSubscription for who may not know of it."""
    row = (
        Subscription.objects.select_for_update(of=("self",))
        .filter(territory_id=territory.id, urn=check_uri(urn))
        .first()
    )
    if row is None or (row.owner_id != actor.person_id and not actor.governs(territory.id)):
        if row is not None and may(actor, "view", territory.id) is None:
            require(actor, "manage", territory.id, row.owner_id)
        raise NoSuchSubscription(_NO_SUCH)
    require(actor, "manage", territory.id, row.owner_id)
    return row


def _next_tick(told: Read) -> datetime | None:
    return None if told.interval_s is None else now() + timedelta(seconds=told.interval_s)


def _put(row: Subscription, told: Read) -> None:
    row.body, row.names, row.uri = told.body, told.names, told.uri
    row.headers = closed(told.secrets)
    row.is_active, row.expires_at = told.is_active, told.expires_at
    row.throttling_s, row.interval_s = told.throttling_s, told.interval_s


def _whole(row: Subscription) -> dict[str, Any]:
    """The notification as it was given."""
    return {**row.body["notification"], "endpoint": endpoint_of(row)}


def _activate(row: Subscription, *, active: bool) -> None:
    row.is_active, row.stopped, row.modified_at = active, Stopped.NOT, now()
    row.body = {**row.body, "isActive": active}
    row.save(update_fields=["is_active", "stopped", "modified_at", "body"])
    watching.changed()


def _value_of_context(body: Mapping[str, Any], context: Context) -> Any:
    """The value of @context with which it is told: the one it asks for, else that of the request."""
    wanted = body.get("jsonldContext")
    if wanted is None:
        return context.source
    contexts.build(wanted, context_document)
    return wanted


def _said(row: Subscription) -> dict[str, Any]:
    """What the journal keeps of a subscription: no secrets, which may stand in the address."""
    shown = ("entities", "watchedAttributes", "q", "expiresAt")
    told = {name: row.body[name] for name in shown if name in row.body}
    return {**told, "server": row.uri.split("?")[0], "active": row.is_active}


def _journal(
    actor: Actor,
    row: Subscription,
    verb: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(
        **signed(actor),
        verb=f"exchange.{verb}",
        subject=("exchange.subscription", str(row.pk)),
        territory_id=row.territory_id,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
