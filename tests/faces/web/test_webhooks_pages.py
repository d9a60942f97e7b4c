"""The pages of webhooks: what an administrator sees and does, and who does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.webhooks import outbox
from belvedere.domains.webhooks import public as webhooks
from belvedere.domains.webhooks.models import Delivery, Endpoint
from belvedere.kernel.clock import now
from tests.domains.webhooks.receiver import Receiver, receiving
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/webhooks/"


@pytest.fixture
def receiver(settings: Any) -> Any:
    settings.WEBHOOKS_PRIVATE = True
    with receiving() as made:
        yield made


def browser(people: People, who: str = "governor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def made_one(people: People, receiver: Receiver) -> webhooks.NewSecret:
    actor: Actor = people.actor("governor")
    return webhooks.create_endpoint(
        actor=actor, territory=territory_by_slug("valbelle"), url=receiver.url, kinds=["measure.changed"]
    )


def test_the_secret_of_a_new_webhook_is_shown_once(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    client = browser(people)
    assert "No other system is told" in client.get(HERE).content.decode()
    answer = client.post(HERE, {"url": receiver.url, "kinds": ["measure.created"]})
    assert (answer.status_code, "whsec_" in answer.content.decode()) == (200, True)
    again = client.get(HERE).content.decode()
    assert ("whsec_" in again, receiver.url in again) == (False, True)
    assert "Nothing was sent to another system yet" in again


@pytest.mark.parametrize(("who", "shown"), [("governor", True), ("administrator", False)])
def test_the_rail_offers_webhooks_to_who_may_set_them_up(
    who: str, shown: bool, people: People, valbelle: Valbelle
) -> None:
    page = browser(people, who).get("/cockpit/valbelle/collaboration/").content.decode()
    assert (f'href="{HERE}"' in page) is shown


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "https://127.0.0.1/", "nonsense"])
def test_an_address_of_inside_is_refused_and_kept_in_the_form(
    url: str, people: People, valbelle: Valbelle
) -> None:
    answer = browser(people).post(HERE, {"url": url, "kinds": ["measure.created"]})
    assert (answer.status_code, url in answer.content.decode()) == (422, True)
    assert not Endpoint.objects.exists()


def test_a_test_message_and_its_answer_stand_on_the_page(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    client, page = browser(people), f"{HERE}{made_one(people, receiver).endpoint_id}/"
    receiver.status, receiver.body = 418, b"<b>teapot</b>"
    assert client.post(f"{page}test/").status_code == 302
    message = Delivery.objects.get()
    outbox.deliver(message.pk)
    shown = client.get(page).content.decode()
    assert "418" in shown
    assert "&lt;b&gt;teapot" in shown
    assert "Next try" in shown
    receiver.status = 200
    assert client.post(f"{page}messages/{message.pk}/").status_code == 302
    outbox.deliver(message.pk)
    assert "Received" in client.get(page).content.decode()


def test_a_webhook_is_changed_stopped_started_and_removed(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    client, page = browser(people), f"{HERE}{made_one(people, receiver).endpoint_id}/"
    client.post(page, {"url": receiver.url + "/two", "kinds": ["measure.created"]})
    assert Endpoint.objects.get().url.endswith("/two")
    assert client.post(page, {"url": "nonsense", "kinds": ["measure.created"]}).status_code == 422
    client.post(f"{page}stop/")
    assert "Start again" in client.get(page).content.decode()
    client.post(f"{page}start/")
    assert "whsec_" in client.post(f"{page}secret/").content.decode()
    client.post(f"{page}remove/")
    assert client.get(page).status_code == 404


def test_a_webhook_that_failed_for_days_says_so(
    people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    made = made_one(people, receiver)
    Endpoint.objects.update(failing_since=now(), stopped_at=now(), stopped_why="failing")
    client = browser(people)
    assert "took no message for 5 days" in client.get(f"{HERE}{made.endpoint_id}/").content.decode()
    assert "1 system does not receive" in client.get(HERE).content.decode()


@pytest.mark.parametrize("who", ["administrator", "elected"])
@pytest.mark.parametrize("act", ["", "one", "secret", "test", "stop", "start", "remove", "message"])
def test_only_who_governs_the_territory_comes_in(
    who: str, act: str, people: People, valbelle: Valbelle, receiver: Receiver
) -> None:
    made = made_one(people, receiver)
    page = f"{HERE}{made.endpoint_id}/"
    paths = {"": HERE, "one": page, "message": f"{page}messages/{made.endpoint_id}/"}
    path = paths.get(act, f"{page}{act}/")
    answer = browser(people, who).post(path, {"url": receiver.url, "kinds": ["measure.created"]})
    assert answer.status_code == 403
    if act in ("", "one"):
        assert browser(people, who).get(path).status_code == 403
        assert browser(people).get(path).status_code == 200
