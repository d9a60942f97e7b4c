"""The pages of sources: connected, looked at, mapped and switched on by who manages devices."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.connections.models import Source
from belvedere.domains.twin.models import Device
from tests.domains.connections.answering import Server, answering
from tests.domains.intake.things import _database_goes_back_in_time
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

__all__ = ["_database_goes_back_in_time"]
pytestmark = pytest.mark.django_db
ALL = "/cockpit/valbelle/live/connections/"
HERE = f"{ALL}sources/"
PARKS = [
    {"id": "a", "nom": "Gare", "free": 12, "lat": 46.2, "lon": 7.3},
    {"id": "b", "nom": "Lac <b>", "free": "n/a", "lat": 46.2, "lon": 7.3},
    {"nom": "?"},
]


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.WEBHOOKS_PRIVATE = True
    with answering() as found:
        found.put("/parks", json.dumps({"data": {"parks": PARKS}}))
        yield found


def browser(people: People, who: str = "contributor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def typed(server: Server, valbelle: Valbelle, **changed: Any) -> dict[str, Any]:
    told = {
        "form": "list",
        "name": "Car parks",
        "url": f"{server.url}/parks",
        "kind": "off-street-parking",
        "owner": str(valbelle.montaigu.pk),
        "every": "300",
        "creates": "on",
        "visibility": "shared",
    }
    return {**told, "begins": "", "header": "", "secret": "", **changed}


def mapped(**changed: Any) -> dict[str, Any]:
    places = {"items": "data.parks", "id": "id", "name": "nom", "latitude": "lat", "longitude": "lon"}
    rows = {"f0-source": "free", "f0-term": "availableSpotNumber", "f0-unit": "", "f1-source": ""}
    return {**places, "time": "", **rows, "f1-term": "", "f1-unit": "", **changed}


def made(server: Server, people: People, valbelle: Valbelle, who: str = "contributor", **more: Any) -> str:
    answer = browser(people, who).post(f"{HERE}new/", typed(server, valbelle, **more))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_source_is_connected_looked_at_mapped_and_switched_on(
    server: Server, people: People, valbelle: Valbelle
) -> None:
    client = browser(people)
    assert "Connect a source" in client.get(ALL).content.decode()
    assert client.get(f"{HERE}new/").status_code == 200
    here = made(server, people, valbelle)
    assert "Read it now" in client.get(here).content.decode()
    assert client.post(f"{here}switch/", {"on": "1"}).status_code == 409
    page = client.post(f"{here}look/").content.decode()
    assert re.search(r'<option value="id" selected>\s*id \(a\)', page)
    assert "data.parks (3 rows)" in page
    told = client.post(f"{here}mapping/", mapped()).content.decode()
    assert "0 of known things, 1 of new things, 2 refused." in told
    assert "The row names no thing" in told
    assert "Not a number" in told
    assert "Lac &lt;b&gt;" in told
    assert not Device.objects.exists()
    assert client.post(f"{here}switch/", {"on": "1"}).status_code == 302
    row = Source.objects.get()
    assert (row.is_on, row.next_at is not None, row.mapping["id"]) == (True, True, "id")
    assert "1 source is asked" in client.get(ALL).content.decode()
    assert client.post(here, {**typed(server, valbelle), "name": "Parks", "every": "60"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.every_s, row.is_on) == ("Parks", 60, True)
    assert client.post(here, typed(server, valbelle, url=f"{server.url}/other")).status_code == 302
    row.refresh_from_db()
    assert (row.is_on, row.looked_at) == (False, None)
    assert client.post(f"{here}remove/").status_code == 302
    assert not Source.objects.exists()


def test_what_goes_wrong_is_told_on_the_page(server: Server, people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    for wrong in (
        {"url": "x"},
        {"url": "https://u:p@x.org"},
        {"kind": ""},
        {"every": "1"},
        {"header": "Host"},
    ):
        assert client.post(f"{HERE}new/", typed(server, valbelle, **wrong)).status_code == 422
    here = made(server, people, valbelle)
    client.post(f"{here}look/")
    for odd in (
        {"f0-source": ""},
        {"f0-term": ""},
        {"f0-unit": "CEL"},
        {"f1-source": "free", "f1-term": "availableSpotNumber"},
    ):
        answer = client.post(f"{here}mapping/", mapped(**odd))
        assert (answer.status_code, "errorlist" in answer.content.decode()) == (422, True)
    server.put("/parks", "<html>")
    answer = client.post(f"{here}look/")
    assert (answer.status_code, "A web page came instead of data" in answer.content.decode()) == (422, True)
    Source.objects.update(problem="The server answered {status}.", problem_data={"status": "404"}, failures=2)
    Source.objects.update(problem_at=Source.objects.get().created_at, is_on=True, next_at="2026-11-22T10:00Z")
    page = client.get(here).content.decode()
    assert "The server answered 404." in page
    assert "Ask who runs it for the new address. It failed 2 times" in page
    assert "1 source needs a look" in client.get(ALL).content.decode()


@pytest.mark.parametrize("who", ["reader", "finance", "elected"])
def test_who_manages_no_device_connects_no_source(
    server: Server, people: People, valbelle: Valbelle, who: str
) -> None:
    here = made(server, people, valbelle)
    client = browser(people, who)
    assert client.get(f"{HERE}new/").status_code == 403
    assert client.post(f"{HERE}new/", typed(server, valbelle)).status_code == 403
    assert client.get(here).status_code == 404
    assert Source.objects.count() == 1


def test_next_door_and_the_whole_territory_are_not_mine_to_ask(
    server: Server, people: People, valbelle: Valbelle
) -> None:
    mine = made(server, people, valbelle)
    all_of_it = made(server, people, valbelle, "governor", owner="none")
    neighbour, contributor, governor = (
        browser(people, who) for who in ("neighbour", "contributor", "governor")
    )
    asked = len(server.asked)
    for client, here in ((neighbour, mine), (contributor, all_of_it)):
        assert client.get(here).status_code == 404
        assert client.post(here, typed(server, valbelle)).status_code == 404
        for act in ("look", "mapping", "switch", "remove"):
            assert client.post(f"{here}{act}/", {**mapped(), "on": "1"}).status_code == 404
        assert client.post(f"{HERE}new/", typed(server, valbelle, owner="none")).status_code == 422
    assert governor.get(mine).status_code == 200
    assert len(server.asked) == asked
    assert Source.objects.filter(is_on=False, mapping={}).count() == 2
