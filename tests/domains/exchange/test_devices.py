"""What devices tell, and what people change in the cockpit, reaches the systems that subscribed it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.exchange import lanes, ticking
from belvedere.domains.exchange.models import Lane, Notice
from belvedere.domains.exchange.notices import unpack
from belvedere.domains.intake.public import Message, take
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from tests.domains.exchange.examples import deliver, subscribe, told
from tests.domains.twin.conftest import container, territory
from tests.domains.twin.things import Bin
from tests.domains.webhooks.receiver import Receiver
from tests.people import People

__all__ = ["container", "territory"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("feeds_anew")]


def say(container: Bin, number: int, **values: Any) -> None:
    at = now()
    payload = json.dumps({"t": at.isoformat(), **values}).encode()
    take("test/1", [Message("devices.valbelle.eglise-1", payload, number, at)])


@pytest.fixture
def kind(container: Bin) -> str:
    """The type of the container, as a subscription names it."""
    (held,) = twin.held_by_id(container.territory.id, [container.entity_id]).values()
    return str(held.document.types[0])


def test_a_value_of_a_device_is_told_with_its_thing(
    container: Bin, kind: str, people: People, receiver: Receiver
) -> None:
    entities = [{"type": kind}]
    subscribe(people.actor("lead"), receiver.url, entities=entities, notification={"format": "keyValues"})
    subscribe(people.actor("lead"), receiver.url, entities=[{"type": "Bench"}])
    field, value = next(iter(fields(container))), 0.25
    say(container, 1, **{field: value})
    assert Notice.objects.count() == 1
    deliver()
    (thing,) = told(receiver).things
    assert value in thing.values()


def test_clause_5_3_1_the_value_before_that_of_a_device_is_told_where_it_is_wanted(
    container: Bin, kind: str, people: People, receiver: Receiver
) -> None:
    """The first value makes the attribute; each later one says what it replaced."""
    for triggers in (["attributeCreated"], ["attributeUpdated"]):
        subscribe(
            people.actor("lead"),
            receiver.url,
            entities=[{"type": kind}],
            notificationTrigger=triggers,
            notification={"showChanges": True},
        )
    field = next(iter(fields(container)))
    for number, value in ((1, 0.25), (2, 0.5), (3, 1)):
        say(container, number, **{field: value})
        deliver()
        Lane.objects.update(next_at=now())
    heard = [one for thing in told(receiver).things for one in thing.values() if isinstance(one, dict)]
    heard = [(one["value"], one.get("previousValue")) for one in heard if one.get("value") in (0.25, 0.5, 1)]
    assert heard == [(0.25, None), (0.5, 0.25), (1, 0.5)]


def fields(container: Bin) -> list[str]:
    feed = twin.feeds([("valbelle", "eglise-1")])["valbelle", "eglise-1"]
    return [name for name, target in feed.fields.items() if target.term == "fillingLevel"]


def test_what_is_changed_and_removed_in_the_cockpit_is_told(
    container: Bin, kind: str, people: People, receiver: Receiver
) -> None:
    subscribe(
        people.actor("lead"),
        receiver.url,
        entities=[{"type": kind}],
        notificationTrigger=["entityUpdated", "entityDeleted"],
    )
    actor, change = Actor.system(), twin.EntityChange(names={"fr": "Ailleurs"})
    twin.edit_entity(actor=actor, entity_id=container.entity_id, change=change)
    twin.revoke_device(actor=actor, device_id=container.secret.device_id)
    twin.remove_entity(actor=actor, entity_id=container.entity_id)
    changed, gone = [unpack(bytes(one.payload))[0] for one in Notice.objects.order_by("pk")]
    assert "Ailleurs" in str(changed.document.attributes)
    assert gone.deleted_at is not None
    deliver()
    assert "deletedAt" in told(receiver).things[-1]


def test_clause_5_8_6_by_the_clock_everything_as_it_is_now(
    container: Bin, kind: str, people: People, receiver: Receiver
) -> None:
    subscribe(people.actor("lead"), receiver.url, entities=[{"type": kind}], timeInterval=5)
    subscribe(people.actor("neighbour"), receiver.url, entities=[{"type": kind}], timeInterval=5)
    assert ticking.tick() == 0
    Lane.objects.update(tick_at=now() - timedelta(seconds=1))
    assert ticking.tick() == 2
    deliver()
    heard = told(receiver)
    assert len(heard.things) == 1  # the container is Montaigu’s own
    Lane.objects.update(tick_at=now() - timedelta(seconds=1))
    ticking.tick()
    Lane.objects.update(tick_at=now() - timedelta(seconds=1))
    ticking.tick()
    assert Notice.objects.count() == 1  # who is behind is told of now, not of each time
    assert lanes.next_due() is not None
