"""Messages to a broker: where they may go, and when they count as taken (OASIS MQTT 3.1.1 and 5.0)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from belvedere.engines import outgoing
from belvedere.engines.outgoing import AddressRefused, Unreachable
from belvedere.engines.publishing import Publisher, Topic, Unwanted, Version, checked_topic
from tests.engines.broker import V3, V5, Broker, listening


@pytest.fixture
def broker(settings: Any) -> Iterator[Broker]:
    settings.WEBHOOKS_PRIVATE = True
    with listening() as made:
        yield made


def publisher(broker: Broker, **given: Any) -> Publisher:
    return Publisher(checked_topic(broker.url("city/notices")), **{"whole_s": 5.0, **given})


@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize(("version", "level"), [(None, V5), (Version.V5, V5), (Version.V3, V3)])
def test_messages_arrive_in_their_order(broker: Broker, version: Version, level: int, qos: int) -> None:
    line = publisher(broker, version=version, qos=qos)
    for payload in (b"one", b"two"):
        line.publish(payload)
    line.close()
    if qos == 0:  # sent is taken: what is read of it is the broker’s affair
        return
    assert [(one.topic, one.payload, one.qos, one.level) for one in broker.told] == [
        ("city/notices", b"one", qos, level),
        ("city/notices", b"two", qos, level),
    ]


def test_a_broker_of_before_is_spoken_to_as_it_speaks(broker: Broker) -> None:
    broker.levels = (V3,)
    publisher(broker, qos=1).publish(b"one")
    assert [one.level for one in broker.told] == [V3]
    with pytest.raises(Unreachable):
        publisher(broker, qos=1, version=Version.V5).publish(b"two")


def test_who_is_not_let_in_or_hears_nothing_learns_it_in_time(broker: Broker) -> None:
    broker.is_silent = True
    with pytest.raises(Unreachable):
        publisher(broker, qos=1, whole_s=0.2).publish(b"one")
    broker.lets_in = False
    with pytest.raises(Unreachable, match="does not let us in"):
        publisher(broker).publish(b"one")
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(Unreachable):
        topic = Topic("127.0.0.1", mute.getsockname()[1], tls=False, name="a")
        Publisher(topic, whole_s=0.1).publish(b"one")


@pytest.mark.parametrize(("reason", "error"), [(0x99, Unwanted), (0x87, Unreachable)])
def test_what_a_broker_never_takes_differs_from_what_it_does_not_take_now(
    broker: Broker, reason: int, error: type[Exception]
) -> None:
    broker.refuses = reason
    line = publisher(broker, qos=1)
    with pytest.raises(error):
        line.publish(b"one")
    broker.refuses = 0
    line.publish(b"two")
    assert [one.payload for one in broker.told] == [b"two"]


def test_an_address_holds_the_topic_and_who_signs_in(broker: Broker) -> None:
    line = Publisher(checked_topic(broker.url("a%20b/%C3%A9t%C3%A9", "us:p%40w")), qos=1)
    line.publish(b"one")
    assert [(one.topic, one.user, one.password) for one in broker.told] == [("a b/été", "us", "p@w")]


@pytest.mark.parametrize(
    "url",
    [
        "mqtt://example.org/t", "mqtts://example.org", "mqtts://example.org/", "mqtts:///t", "mqtts://[::1/t",
        "mqtts://example.org/a/+", "mqtts://example.org/a/#", "mqtts://example.org/a?b", "https://example.org/t",
        "mqtts://example.org/%00", "mqtts://example.org/%ff", "mqtts://example.org:99999/t",
        "mqtts://exa mple.org/t", "mqtts://127.0.0.1/t", "mqtts://u:p@10.0.0.8/t", "mqtts://[fd00::1]/t",
        "mqtts://[::ffff:127.0.0.1]/t",
    ],
)  # fmt: skip
def test_what_is_no_topic_outside_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        checked_topic(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1", "localhost"])
def test_a_name_that_leads_inside_is_not_connected_to(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands for an address of inside is one when it is looked up."""
    topic = checked_topic(f"mqtts://{host}/t")
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("it was connected to"))
    with pytest.raises(AddressRefused):
        Publisher(topic).publish(b"one")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    answers = iter(["93.184.216.34", "127.0.0.1"])  # the name changes its mind

    def lookup(*_args: Any, **_given: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 8883))]

    def connect(address: Any, *_args: Any, **_given: Any) -> Any:
        asked.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        Publisher(checked_topic("mqtts://example.org/t")).publish(b"one")
    assert asked == [("93.184.216.34", 8883)]
    assert outgoing.certain_of("example.org").name == "example.org"  # and the certificate is the name’s
