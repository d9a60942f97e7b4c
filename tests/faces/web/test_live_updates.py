"""The ticket for live updates says what its reader may hear, and pages may listen there and nowhere else."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from belvedere.engines import listening, ports
from belvedere.engines.listening import Ticket
from belvedere.kernel.audiences import EVERYONE, Audience
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
COCKPIT, PORTAL = "/cockpit/valbelle/live/ticket.json", "/valbelle/live/ticket.json"


def browser(people: People, who: str) -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def ticket(client: Client, path: str = COCKPIT) -> Ticket:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    told = answer.json()
    assert told["valid_s"] == 300
    read = listening.read(settings.HOME, told["ticket"], time.time())
    assert read is not None
    assert abs(read.expires_at - time.time() - 300) < 100
    return read


@pytest.mark.parametrize(
    ("who", "everything", "owners"),
    [
        ("contributor", False, {"montaigu"}),
        ("neighbour", False, {"rochefort"}),
        ("office", False, {"body", "montaigu", "rochefort"}),
        ("elected", True, set()),
        ("governor", True, set()),
    ],
)
def test_a_ticket_says_what_its_reader_may_hear(
    people: People, valbelle: Valbelle, who: str, everything: bool, owners: set[str]
) -> None:
    read = ticket(browser(people, who))
    wanted = (
        Audience(True)
        if everything
        else Audience(shared=True, owners=frozenset(getattr(valbelle, one).pk for one in owners))
    )
    assert (read.territory_id, read.audience) == (valbelle.territory.pk, wanted)


def test_who_does_not_work_in_the_territory_gets_none(people: People) -> None:
    """The near miss: somebody who signs in as well, and holds no role here."""
    assert browser(people, "nobody").get(COCKPIT).status_code == 403
    assert english().get(COCKPIT).status_code in (302, 401, 403)
    assert browser(people, "reader").get(COCKPIT).status_code == 200
    assert browser(people, "reader").post(COCKPIT).status_code == 405


def test_on_the_portal_everyone_hears_what_is_public(people: People, valbelle: Valbelle) -> None:
    for client in (english(), browser(people, "governor")):
        assert ticket(client, PORTAL).audience == EVERYONE
    valbelle.territory.published = False
    valbelle.territory.save()
    assert english().get(PORTAL).status_code == 404


def test_pages_may_listen_there_and_nowhere_else(
    people: People, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connects(**given: Any) -> list[str]:
        policy = english().get(PORTAL, **given)["Content-Security-Policy"]
        (words,) = (part.split()[1:] for part in policy.split("; ") if part.startswith("connect-src"))
        return [word for word in words if not word.startswith("https://") or "town" in word]

    def url(**given: Any) -> str:
        told: str = english().get(PORTAL, **given).json()["url"]
        return told

    monkeypatch.setattr(ports, "remembered", lambda home, name: None)
    assert (url(), connects()) == ("", ["'self'"])
    monkeypatch.setattr(ports, "remembered", lambda home, name: 23456)
    settings.ALLOWED_HOSTS = ["town.example", "testserver"]
    assert url(headers={"host": "town.example:8000"}) == "http://town.example:23456/events"
    assert connects(headers={"host": "town.example:8000"}) == ["'self'", "http://town.example:23456"]
    assert url(secure=True) == "", "a page over https cannot listen without it"
    monkeypatch.setenv(listening.URL, "https://town.example/live-updates/")
    assert url(secure=True) == "https://town.example/live-updates/events"
    assert connects(secure=True) == ["'self'", "https://town.example"]
    assert "Content-Security-Policy" in english().get(PORTAL, headers={"host": "evil.example"})
