"""Notifications over MQTT (ETSI GS CIM 009, clauses 5.2.15 and 7.2): through the same outbox, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from belvedere.domains.exchange import public as exchange
from belvedere.domains.exchange.models import Lane, Notice, Subscription
from belvedere.domains.exchange.states import MOST_OFFERS, Fate
from belvedere.domains.territory.public import territory_by_slug
from belvedere.kernel.clock import now
from belvedere.kernel.errors import BelvedereError
from belvedere.standards.ngsi_ld import contexts
from tests.domains.exchange.examples import bench, deliver, subscribe, tell, updated
from tests.engines.broker import V3, V5, Broker, listening
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(settings: Any) -> Iterator[Broker]:
    settings.WEBHOOKS_PRIVATE = True
    with listening() as made:
        yield made


def endpoint(broker: Broker, login: str = "", **notifier: str) -> dict[str, Any]:
    pairs = [{"key": key.replace("_", "-"), "value": value} for key, value in notifier.items()]
    return {"endpoint": {"uri": broker.url("city/benches", login), "notifierInfo": pairs}}


def test_clause_7_2_a_notification_is_a_message_with_metadata_and_body(
    people: People, valbelle: Valbelle, broker: Broker
) -> None:
    told = endpoint(broker, MQTT_QoS="1")
    told["endpoint"]["receiverInfo"] = [{"key": "room", "value": "4b"}]
    urn = subscribe(people.actor("lead"), "", notification=told)
    for colour in ("red", "green"):
        tell(valbelle.territory.pk, updated(bench(colour=colour)))
    (outcome,) = deliver()
    assert (outcome.fate, outcome.posts, outcome.status) == (Fate.TAKEN, 2, None)
    first, second = broker.told
    assert (first.topic, first.qos, first.level) == ("city/benches", 1, V5)
    message = json.loads(first.payload)
    assert message.keys() == {"metadata", "body"}
    link = contexts.link_header(contexts.core().source)
    assert message["metadata"] == {
        "room": "4b", "Content-Type": "application/json", "NGSILD-Tenant": "valbelle", "Link": link
    }  # fmt: skip
    assert (message["body"]["type"], message["body"]["subscriptionId"]) == ("Notification", urn)
    colours = [json.loads(one.payload)["body"]["data"][0]["colour"]["value"] for one in (first, second)]
    assert colours == ["red", "green"] and not Notice.objects.exists()


def test_clause_7_2_the_version_asked_for_is_spoken(
    people: People, valbelle: Valbelle, broker: Broker
) -> None:
    subscribe(people.actor("lead"), "", notification=endpoint(broker, MQTT_QoS="2", MQTT_Version="mqtt3.1.1"))
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    deliver()
    assert [(one.level, one.qos) for one in broker.told] == [(V3, 2)]


@pytest.mark.parametrize("notifier", [{"MQTT_QoS": "3"}, {"MQTT_QoS": ""}, {"MQTT_Version": "mqtt4"}])
def test_clause_7_2_what_mqtt_does_not_know_is_refused(
    people: People, valbelle: Valbelle, broker: Broker, notifier: dict[str, str]
) -> None:
    with pytest.raises(BelvedereError) as refused:
        subscribe(people.actor("lead"), "", notification=endpoint(broker, **notifier))
    assert refused.value.status == 400


def test_a_broker_that_fell_gets_all_in_order_and_what_it_never_takes_is_put_aside(
    people: People, valbelle: Valbelle, broker: Broker
) -> None:
    actor, territory = people.actor("lead"), territory_by_slug("valbelle")
    urn = subscribe(actor, "", notification=endpoint(broker, MQTT_QoS="1"))
    for colour in ("red", "green"):
        tell(valbelle.territory.pk, updated(bench(colour=colour)))
    broker.lets_in = False
    deliver()
    view = exchange.subscriber(actor, territory, urn)
    assert (view.waiting, view.failures, view.answer) == (
        2,
        1,
        "The broker does not let us in: Not authorized.",
    )
    broker.lets_in, broker.refuses = True, 0x99
    for _ in range(MOST_OFFERS):
        Lane.objects.update(next_at=now())
        deliver(failing=True)
    assert exchange.subscriber(actor, territory, urn).parked == 1
    broker.refuses = 0
    assert exchange.replay(actor=actor, territory=territory, urn=urn) == 2
    deliver()
    colours = [json.loads(one.payload)["body"]["data"][0]["colour"]["value"] for one in broker.told]
    assert colours == ["red", "green"]


def test_clause_5_2_15_who_signs_in_at_a_broker_is_kept_encrypted_and_told_to_the_owner(
    people: People, valbelle: Valbelle, broker: Broker
) -> None:
    actor, territory = people.actor("lead"), territory_by_slug("valbelle")
    urn = subscribe(actor, "", notification=endpoint(broker, "us:s3cret", MQTT_QoS="1"))
    row = Subscription.objects.get()
    assert "s3cret" not in f"{row.body}{row.uri}" and b"s3cret" not in bytes(row.headers or b"")
    fragment = {"description": "benches"}  # and a change of something else leaves it as it is
    exchange.update_subscription(
        actor=actor, territory=territory, urn=urn, given=fragment, context=contexts.core()
    )
    found = exchange.retrieve(actor, territory, urn, contexts.core())
    assert found["notification"]["endpoint"]["uri"] == broker.url("city/benches", "us:s3cret")
    view = exchange.subscriber(people.actor("governor"), territory, urn)
    assert (view.server, view.uri) == (f"127.0.0.1:{broker.port}", broker.url("city/benches"))
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    deliver()
    assert [(one.user, one.password) for one in broker.told] == [("us", "s3cret")]
