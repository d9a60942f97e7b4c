"""Who reads what, and how the telling goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.aggregates import Count, Min

from belvedere.domains.access.public import Actor
from belvedere.domains.exchange.definition import written
from belvedere.domains.exchange.endpoints import with_login
from belvedere.domains.exchange.errors import NoSuchSubscription
from belvedere.domains.exchange.models import Lane, Notice, Subscription
from belvedere.domains.exchange.policies import may, require
from belvedere.domains.exchange.reading import notification_trigger
from belvedere.domains.exchange.secrets import opened
from belvedere.domains.exchange.states import Status, Stopped
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld import contexts
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.words import check_uri, instant


@dataclass(frozen=True, slots=True)
class Reads:
    """What a subscription reads, in short names: types, single things, attributes (empty: all)."""

    types: tuple[str, ...]
    things: tuple[str, ...]
    attributes: tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True)
class SubscriberView:
    """A subscription for people. `server` is the host only; `uri` and `answer` are "" for who may not manage
    it. `waiting_since`: since when the oldest notice waits; `parked`: put aside."""

    id: int
    urn: str
    name: str
    owner: str
    reads: Reads
    server: str
    uri: str
    status: Status
    expires_at: datetime | None
    stopped: Stopped
    created_at: datetime
    waiting: int
    waiting_since: datetime | None
    parked: int
    sent: int
    failed: int
    failures: int
    failing_since: datetime | None
    next_at: datetime
    last_taken_at: datetime | None
    last_failed_at: datetime | None
    answer_status: int | None
    answer: str
    may_manage: bool
    mine: bool

    @property
    def lag_s(self) -> float:
        """For how long the oldest notice has been waiting."""
        return 0.0 if self.waiting_since is None else max(0.0, (now() - self.waiting_since).total_seconds())


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the subscriptions, and how many there are."""

    rows: tuple[dict[str, Any], ...]
    total: int


def status_of(row: Subscription, at: datetime) -> Status:
    """Whether it is told (clause 5.2.12.3)."""
    if row.expires_at is not None and row.expires_at <= at:
        return Status.EXPIRED
    return Status.ACTIVE if row.is_active and not row.stopped else Status.PAUSED


def subscribers(actor: Actor, territory: TerritoryView) -> list[SubscriberView]:
    """Every subscription of a territory, those in trouble first; Refused for who does not work there."""
    require(actor, "view", territory.id)
    rows = list(
        Subscription.objects.filter(territory_id=territory.id).select_related("owner", "lane").order_by("pk")
    )
    counts = _counts([row.pk for row in rows])
    found = [_view(actor, row, counts.get(row.pk, _NOTHING)) for row in rows]
    return sorted(found, key=lambda one: (not one.failures, not one.stopped, -one.lag_s, one.created_at))


def subscriber(actor: Actor, territory: TerritoryView, urn: str) -> SubscriberView:
    """One of them."""
    found = next((one for one in subscribers(actor, territory) if one.urn == urn), None)
    if found is None:
        raise NoSuchSubscription(N_("There is no such subscription here."))
    return found


def retrieve(actor: Actor, territory: TerritoryView, urn: str, context: Context) -> dict[str, Any]:
    """A subscription as NGSI-LD has it (clause 5.8.3), with the names of `context`."""
    row = _own(actor, territory).filter(urn=check_uri(urn)).first()
    if row is None:
        raise NoSuchSubscription(N_("There is no such subscription, or it is somebody else’s."))
    return document(row, context)


def query(actor: Actor, territory: TerritoryView, context: Context, *, limit: int, offset: int) -> Page:
    """The subscriptions that the actor manages, oldest first (clause 5.8.4)."""
    rows = _own(actor, territory)
    found = rows.order_by("pk")[offset : offset + limit]
    return Page(tuple(document(row, context) for row in found), rows.count())


def document(row: Subscription, context: Context) -> dict[str, Any]:
    """A subscription as JSON (clause 5.2.12), without @context."""
    own = contexts.build(dict(row.names), _no_loader)
    body = row.body
    told: dict[str, Any] = {"id": row.urn, "type": "Subscription", **body}
    if "entities" in body:
        told["entities"] = [
            {**one, "type": written(one["type"], own, context)} if "type" in one else one
            for one in body["entities"]
        ]
    if "watchedAttributes" in body:
        told["watchedAttributes"] = _short(body["watchedAttributes"], own, context)
    if "geoproperty" in body.get("geoQ", {}):
        place = written(body["geoQ"]["geoproperty"], own, context)
        told["geoQ"] = {**body["geoQ"], "geoproperty": place}
    told["notificationTrigger"] = notification_trigger(body)
    told["notification"] = {**_notification(row, own, context), **_counted(row.lane)}
    told["status"] = status_of(row, now()).value
    return told


def _notification(row: Subscription, own: Context, context: Context) -> dict[str, Any]:
    told = dict(row.body["notification"])
    for name in ("attributes", "pick", "omit"):
        if name in told:
            told[name] = _short(told[name], own, context)
    return {**told, "endpoint": endpoint_of(row)}


def endpoint_of(row: Subscription) -> dict[str, Any]:
    """The endpoint as it was given, with what is kept apart."""
    endpoint: dict[str, Any] = dict(row.body["notification"]["endpoint"])
    secrets = opened(row.headers)
    if secrets.headers:
        pairs = [{"key": key, "value": value} for key, value in secrets.headers.items()]
        endpoint["receiverInfo"] = pairs
    return {**endpoint, "uri": with_login(endpoint["uri"], secrets.login)}


def _counted(lane: Lane) -> dict[str, Any]:
    """How the telling went (clause 5.2.14.2)."""
    told: dict[str, Any] = {}
    for name, moment in (
        ("lastNotification", lane.last_sent_at),
        ("lastSuccess", lane.last_taken_at),
        ("lastFailure", lane.last_failed_at),
    ):
        if moment is not None:
            told[name] = instant(moment)
    if lane.sent or lane.failed:
        told["timesSent"] = lane.sent
        told["status"] = "failed" if lane.failures else "ok"
    if lane.failed:
        told["timesFailed"] = lane.failed
    return told


def _short(names: Sequence[str], own: Context, context: Context) -> list[str]:
    return [written(one, own, context) for one in names]


def _own(actor: Actor, territory: TerritoryView) -> QuerySet[Subscription]:
    """Those that the actor manages."""
    require(actor, "view", territory.id)
    rows = Subscription.objects.filter(territory_id=territory.id).select_related("lane")
    return rows if actor.governs(territory.id) else rows.filter(owner_id=actor.person_id)


@dataclass(frozen=True, slots=True)
class _Counts:
    waiting: int = 0
    since: datetime | None = None
    parked: int = 0


_NOTHING = _Counts()


def _counts(numbers: Sequence[int]) -> Mapping[int, _Counts]:
    rows = Notice.objects.filter(subscription_id__in=numbers).order_by()
    waiting = {
        row["subscription_id"]: row
        for row in rows.filter(parked_at__isnull=True)
        .values("subscription_id")
        .annotate(many=Count("pk"), since=Min("created_at"))
    }
    parked = dict(
        rows.filter(parked_at__isnull=False).values_list("subscription_id").annotate(many=Count("pk"))
    )
    return {
        number: _Counts(
            waiting[number]["many"] if number in waiting else 0,
            waiting[number]["since"] if number in waiting else None,
            parked.get(number, 0),
        )
        for number in {*waiting, *parked}
    }


def _view(actor: Actor, row: Subscription, counts: _Counts) -> SubscriberView:
    lane = row.lane
    manages = may(actor, "manage", row.territory_id, row.owner_id) is None
    return SubscriberView(
        id=row.pk,
        urn=row.urn,
        name=row.body.get("subscriptionName") or row.body.get("description") or "",
        owner=row.owner.display_name if row.owner is not None else "",
        reads=_reads(row.body),
        server=row.uri.split("/")[2].rpartition("@")[2],
        uri=row.uri if manages else "",
        status=status_of(row, now()),
        expires_at=row.expires_at,
        stopped=Stopped(row.stopped),
        created_at=row.created_at,
        waiting=counts.waiting,
        waiting_since=counts.since,
        parked=counts.parked,
        sent=lane.sent,
        failed=lane.failed,
        failures=lane.failures,
        failing_since=lane.since,
        next_at=lane.next_at,
        last_taken_at=lane.last_taken_at,
        last_failed_at=lane.last_failed_at,
        answer_status=lane.status,
        answer=lane.answer if manages else "",
        may_manage=manages,
        mine=row.owner_id is not None and row.owner_id == actor.person_id,
    )


def _reads(body: Mapping[str, Any]) -> Reads:
    entities = body.get("entities", [])
    told = body["notification"]
    return Reads(
        types=tuple(dict.fromkeys(_last(one["type"]) for one in entities if "type" in one)),
        things=tuple(
            one.get("id") or one["idPattern"] for one in entities if "id" in one or "idPattern" in one
        ),
        attributes=tuple(_last(one) for one in told.get("attributes") or told.get("pick") or ()),
        where=" ".join(str(body[name]) for name in ("q", "scopeQ") if name in body),
    )


def _last(name: str) -> str:
    """The part of an IRI that people read."""
    return name.rstrip("/#").rpartition("#")[2].rpartition("/")[2] if "://" in name else name


def _no_loader(url: str) -> dict[str, Any]:
    raise AssertionError(f"a kept subscription names no context: {url}")
