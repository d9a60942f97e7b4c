"""Who reads the live territory: what each person sees and does there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from belvedere.domains.exchange.models import Lane, Notice, Subscription
from belvedere.kernel.clock import now
from tests.domains.exchange.conftest import _asked_anew, receiver
from tests.domains.exchange.examples import bench, deliver, subscribe, tell, told, updated
from tests.domains.webhooks.receiver import Receiver
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

__all__ = ["_asked_anew", "receiver"]
pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/live/exchange/"


def browser(people: People, who: str) -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def page(people: People, who: str) -> str:
    return browser(people, who).get(HERE).content.decode()


def failed(people: People, valbelle: Valbelle, receiver: Receiver) -> str:
    """A subscription of the lead whose receiver refuses; its identifier."""
    urn = subscribe(people.actor("lead"), receiver.url + "?key=s3cret", subscriptionName="GIS")
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    receiver.status, receiver.body = 503, b"<b>at lunch</b>"
    deliver()
    return urn


def test_the_owner_sees_lag_and_error_and_sends_again(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    assert "No other system reads" in page(people, "lead")
    urn = failed(people, valbelle, receiver)
    shown = page(people, "lead")
    assert "1 system does not receive" in shown and "&lt;b&gt;at lunch&lt;/b&gt;" in shown
    assert "Bench: all attributes" in shown
    receiver.status, receiver.received = 204, []
    answer = browser(people, "lead").post(f"{HERE}replay/", {"urn": urn})
    assert answer.status_code == 302
    deliver()
    assert len(told(receiver).things) == 1
    assert "1 system reads the live territory" in page(people, "lead")


def test_it_is_paused_and_resumed_and_removed(people: People, valbelle: Valbelle, receiver: Receiver) -> None:
    urn = subscribe(people.actor("lead"), receiver.url)
    client = browser(people, "lead")
    client.post(f"{HERE}pause/", {"urn": urn})
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    assert "Paused" in page(people, "lead") and not Notice.objects.exists()
    client.post(f"{HERE}resume/", {"urn": urn})
    tell(valbelle.territory.pk, updated(bench(colour="green")))
    assert Notice.objects.count() == 1
    client.post(f"{HERE}remove/", {"urn": urn})
    assert not Subscription.objects.exists() and not Lane.objects.exists() and not Notice.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees", "manages"),
    [
        ("lead", True, True),
        ("contributor", True, False),  # of the same commune, not the owner
        ("governor", True, True),
        ("stranger", True, False),  # works in the territory
        ("nobody", False, False),
    ],
)
def test_who_sees_the_readers_and_who_manages_one(
    who: str, sees: bool, manages: bool, people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    urn = failed(people, valbelle, receiver)
    client = browser(people, who)
    answer = client.get(HERE)
    text = answer.content.decode()
    assert answer.status_code == (200 if sees else 403)
    assert ("GIS" in text, "s3cret" in text, "at lunch" in text) == (sees, manages, manages)
    Subscription.objects.update(is_active=True)
    answer = client.post(f"{HERE}pause/", {"urn": urn})
    assert answer.status_code == (302 if manages else 403 if sees else 404)
    assert Subscription.objects.get().is_active is not manages


def test_how_long_it_has_been_waiting_is_said(people: People, valbelle: Valbelle, receiver: Receiver) -> None:
    from datetime import timedelta

    subscribe(people.actor("lead"), receiver.url)
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    Notice.objects.update(created_at=now() - timedelta(hours=3, minutes=1))
    shown: Any = page(people, "lead")
    assert "for 3 hours" in shown and "Behind" in shown


def test_what_is_read_is_told_in_words_where_it_is_described() -> None:
    from belvedere.faces.web.pages.exchange.words import _of

    with translation.override("en"):
        assert _of(["WasteContainer", "Bench"], [], ["fillingLevel", "slats"]) == (
            "Container, Bench: Filling level, slats"
        )


def test_an_administrator_sees_what_each_program_reads(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.access.public import write_readings
    from tests.faces.rest.asking import holder

    assert "No program has a token" in page(people, "administrator")
    program = holder(people, "contributor", ["read"])
    assert "Nothing here so far" in page(people, "administrator")
    for path in ("things?kind=waste-container", "things?kind=waste-container", "measures"):
        assert program.get(f"territories/valbelle/{path}").status_code == 200
    assert program.get("things/999999").status_code == 404
    write_readings()
    shown = page(people, "administrator")
    assert "Things of the live territory (Container)" in shown and "2 times since" in shown
    assert "Measures of the plans" in shown and "1 time since" in shown
    assert "what is published, and all of: Montaigu" in shown
    assert "You see your own tokens" in page(people, "lead")
    assert "Measures of the plans" not in page(people, "lead")


def test_one_that_expired_says_so_and_is_extended(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    from datetime import timedelta

    urn = subscribe(people.actor("lead"), receiver.url, expiresAt="2999-01-01T00:00:00Z")
    assert "until " in page(people, "lead") and "1 system reads" in page(people, "lead")
    tell(valbelle.territory.pk, updated(bench(colour="red")))
    Subscription.objects.update(expires_at=now() - timedelta(hours=1))
    shown = page(people, "lead")
    assert "Nobody is told of changes: 1 subscription" in shown and "Expired since" in shown
    assert "Send now" not in shown  # it would not be
    client = browser(people, "lead")
    for day in ("", "soon", "2020-01-01"):
        assert client.post(f"{HERE}extend/", {"urn": urn, "until": day}).status_code == 422
    assert client.post(f"{HERE}extend/", {"urn": urn, "until": "2998-12-31"}).status_code == 302
    assert "1 system reads" in page(people, "lead") and "Send now" in page(people, "lead")
