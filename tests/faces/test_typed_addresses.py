"""Wherever a person or a system may type an address that the platform then calls, the one guard stands before
the call: webhooks, notification endpoints (HTTP and MQTT), brokers of network servers."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from belvedere.connectors import listening
from belvedere.connectors.chirpstack import reading
from belvedere.domains.connections.public import Line, Listening, System
from belvedere.domains.exchange.models import Lane
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.webhooks import outbox
from belvedere.domains.webhooks import public as webhooks
from belvedere.domains.webhooks.models import Delivery
from belvedere.kernel.errors import InvalidInput
from tests.domains.exchange.conftest import _asked_anew
from tests.domains.exchange.examples import bench, deliver, subscribe, tell, updated
from tests.engines.waiting import until
from tests.faces.web.plans_examples import street
from tests.people import People, Valbelle

__all__ = ["_asked_anew"]
pytestmark = pytest.mark.django_db
Way = Callable[[str, People, Valbelle], str]
OUTSIDE, INSIDE = "93.184.216.34", "127.0.0.1"


def by_webhook(host: str, people: People, valbelle: Valbelle) -> str:
    territory, kinds = territory_by_slug("valbelle"), ["measure.created", "measure.changed"]
    url = f"https://{host}/hook"
    webhooks.create_endpoint(actor=people.actor("governor"), territory=territory, url=url, kinds=kinds)
    street(valbelle)
    outbox.deliver(Delivery.objects.values_list("pk", flat=True)[0])
    return Delivery.objects.filter(tries=1).values_list("answer", flat=True)[0]


def by_endpoint(uri: str) -> Way:
    def way(host: str, people: People, valbelle: Valbelle) -> str:
        info = [{"key": "X-Forwarded-Host", "value": "127.0.0.1"}]  # a header is not where it goes
        endpoint = {"uri": uri.format(host=host), "receiverInfo": info, "notifierInfo": info}
        subscribe(people.actor("lead"), "", notification={"endpoint": endpoint})
        tell(valbelle.territory.pk, updated(bench(colour="red")))
        deliver()
        return Lane.objects.get().answer

    return way


def by_broker(host: str, people: People, valbelle: Valbelle) -> str:
    from belvedere.domains.connections import brokers

    told: list[str] = []
    kept, listening.remember = listening.remember, lambda _line, problem: told.append(problem)
    at = Listening(
        Line(uuid4(), System.CHIRPSTACK, "valbelle", ""),
        *(brokers.checked_broker(host.strip("[]"), 8883), 8883, True, "", "", datetime.now(UTC)),
    )
    ear = listening.Ear(at, listening.Tongue(reading.TOPIC, reading.read))
    try:
        until(lambda: bool(told), "it says how it went")
    finally:
        ear.stop()
        ear.join()
        listening.remember = kept
    return told[0]


WAYS: dict[str, Way] = {
    "webhook": by_webhook,
    "notification": by_endpoint("https://{host}/hook"),
    "notification over MQTT": by_endpoint("mqtts://us:pw@{host}/benches"),
    "broker": by_broker,
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@dataclass
class Net:
    """What names stand for, one answer after the other, and where somebody tried to connect to."""

    answers: Iterator[list[str]]
    called: list[str] = field(default_factory=list)


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Net:
    made = Net(iter(()))

    def lookup(_host: str, port: int, *_args: Any, **_given: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in next(made.answers)]

    def connect(address: tuple[str, int], *_args: Any, **_given: Any) -> Any:
        made.called.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    return made


@every_way
@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:10.0.0.1]", "169.254.169.254", "[64:ff9b::7f00:1]"])
def test_an_address_of_inside_is_refused_where_it_is_typed(
    way: Way, host: str, net: Net, people: People, valbelle: Valbelle
) -> None:
    with pytest.raises(InvalidInput):
        way(host, people, valbelle)
    assert net.called == []


@every_way
@pytest.mark.parametrize(
    "found", [[INSIDE], [OUTSIDE, "10.0.0.1"], ["100.64.0.1"], ["fd00::1"], ["::ffff:7f00:1"]]
)
def test_a_name_that_leads_inside_is_not_called(
    way: Way, found: list[str], net: Net, people: People, valbelle: Valbelle
) -> None:
    """Decimal, octal and short forms of addresses are such names too, whatever they stand for."""
    net.answers = iter([found])
    assert "inside the network" in way("2130706433", people, valbelle)
    assert net.called == []


@every_way
def test_a_name_that_changes_its_mind_is_called_where_it_was_checked(
    way: Way, net: Net, people: People, valbelle: Valbelle
) -> None:
    net.answers = iter([[OUTSIDE], [INSIDE], [INSIDE]])
    way("example.org", people, valbelle)
    assert net.called == [OUTSIDE]
