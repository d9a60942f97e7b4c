"""A subscription ends by itself (ETSI GS CIM 009, clause 5.2.12, expiresAt), and can be extended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belvedere.domains.exchange import lanes, ticking
from belvedere.domains.exchange import public as exchange
from belvedere.domains.exchange.actions import forget
from belvedere.domains.exchange.models import Lane, Notice, Subscription
from belvedere.domains.exchange.states import KEPT, Status
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import now
from belvedere.kernel.errors import Conflict, InvalidInput, Refused
from tests.domains.exchange.examples import bench, deliver, subscribe, tell, told, updated
from tests.domains.webhooks.receiver import Receiver
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
SOON = "2999-01-01T00:00:00Z"


def expire(ago: timedelta = timedelta(seconds=1)) -> None:
    """The clock of the database goes on; so the end comes to meet it."""
    Subscription.objects.update(expires_at=now() - ago)


def test_clause_5_2_12_nothing_more_is_written_or_sent_and_what_waited_is_sent_when_extended(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    actor, territory = people.actor("lead"), territory_by_slug("valbelle")
    urn = subscribe(actor, receiver.url, expiresAt=SOON)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    expire()
    from belvedere.domains.exchange import watching

    watching.changed()
    tell(valbelle.territory.pk, updated(bench(colour="green")))
    assert deliver() == [] and Notice.objects.count() == 1
    view = exchange.subscriber(actor, territory, urn)
    assert (view.status, view.waiting) == (Status.EXPIRED, 1)
    with pytest.raises(Conflict):
        exchange.replay(actor=actor, territory=territory, urn=urn)
    with pytest.raises(InvalidInput):
        exchange.extend_subscription(actor=actor, territory=territory, urn=urn, until=now())
    with pytest.raises(Refused):  # of the same commune, not the owner
        exchange.extend_subscription(
            actor=people.actor("contributor"), territory=territory, urn=urn, until=now() + KEPT
        )
    exchange.extend_subscription(actor=actor, territory=territory, urn=urn, until=now() + KEPT)
    tell(valbelle.territory.pk, updated(bench(colour="blue")))
    deliver()
    assert [one["colour"]["value"] for one in told(receiver).things] == ["red", "blue"]


def test_what_is_told_no_more_wakes_no_worker_and_is_no_backlog(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    actor, territory = people.actor("lead"), territory_by_slug("valbelle")
    urn = subscribe(actor, receiver.url, expiresAt=SOON)
    subscribe(actor, receiver.url, timeInterval=5, expiresAt=SOON)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    Lane.objects.filter(tick_at__isnull=False).update(tick_at=now() - timedelta(seconds=1))
    due = lanes.next_due()
    assert due is not None and due <= timedelta(0) and lanes.backlog()[0] == 1
    expire()
    assert (lanes.next_due(), lanes.backlog()[0], ticking.tick()) == (None, 0, 0)
    Subscription.objects.update(expires_at=None)
    exchange.pause_subscription(actor=actor, territory=territory, urn=urn)
    Lane.objects.filter(tick_at__isnull=False).update(tick_at=None)
    assert lanes.next_due() is None


def test_what_waits_for_one_that_expired_long_ago_is_forgotten(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url, expiresAt=SOON)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    expire(KEPT - timedelta(minutes=1))
    assert forget() == 0
    expire(KEPT + timedelta(minutes=1))
    assert forget() == 1 and Subscription.objects.count() == 1
