"""The pages of gateways and of how one is reached: written, tested, refused; no secret is shown again."""

from __future__ import annotations

import hashlib
import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.reach.models import Browser as Row
from belvedere.domains.reach.models import Gateway, Wishes
from belvedere.engines import webpush
from belvedere.faces.web.pages.reach import words
from belvedere.faces.web.pages.reach.browsers import named
from belvedere.kernel.identifiers import new_id
from tests.browsers import Browser
from tests.domains.reach.listening import Listener, box
from tests.domains.reach.test_gateways import PHONE, http, written
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

__all__ = ["box"]
pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/reach/"
MINE = "/account/reach/"


def browser(people: People, who: str) -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(client: Client, path: str = HERE, data: Any = None, status: int = 200) -> str:
    answer = client.get(path) if data is None else client.post(path, data, follow=True)
    assert answer.status_code == status, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


def typed(url: str, **changed: Any) -> dict[str, Any]:
    return {
        "name": "SMS mairie",
        "ways": ["sms"],
        "user": "me",
        "secret": "s3cret-key",
        "url": url,
        "method": "POST",
        "coding": "json",
        "headers": "Authorization: Basic {basic}",
        "body": '{"to": "{to}", "text": "{text}"}',
        **changed,
    }


def test_a_gateway_is_begun_from_a_provider_written_tested_and_removed(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    governor = browser(people, "governor")
    assert "No gateway yet: people are reached by e-mail" in said(governor)
    page = said(governor, f"{HERE}new/")
    assert "Swisscom" in page and "SMSEagle" in page and "Matrix room" in page
    page = said(governor, f"{HERE}new/?as=twilio")
    assert 'value="https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json"' in page
    wrong = said(governor, f"{HERE}new/?as=http", typed(f"{box.url}/sms", body="{to}"), 422)
    assert "The body is written as JSON" in wrong and "SMS mairie" in wrong and "s3cret" not in wrong
    page = said(governor, f"{HERE}new/?as=http", typed(f"{box.url}/sms"))
    assert "The gateway is saved. Send yourself a test now." in page and "s3cret" not in page
    path = f"{HERE}{Gateway.objects.get().pk}/"
    assert "A test rings your own telephone" in said(governor, f"{path}test/", {})
    people.governor.refresh_from_db()
    said(governor, f"{MINE}phone/", {"phone": "+41 79 123 45 67"})
    tested = said(governor, f"{path}test/", {})
    assert "The gateway took the message. Look whether it arrives." in tested and "Works well" in tested
    told = json.loads(box.last.body)
    assert told["to"] == PHONE and "Test of Belvédère for Valbelle, asked for by Governor" in told["text"]
    assert "1 gateway reaches people" in said(governor)
    assert "The gateway is off" in said(governor, f"{path}off/", {})
    assert "The gateway is on." in said(governor, f"{path}on/", {})
    changed = typed(f"{box.url}/sms", name="SMS ville", secret="", version="1")
    assert "SMS ville" in said(governor, path, changed)
    assert "Somebody changed it meanwhile" in said(governor, path, changed, 422)
    assert "The gateway is removed" in said(governor, f"{path}remove/", {})
    assert governor.get(path).status_code == 404


def test_rooms_and_a_secret_that_is_shown_once(valbelle: Valbelle, people: People, box: Listener) -> None:
    administrator = browser(people, "administrator")
    page = said(administrator, f"{HERE}new/?as=webhook")
    assert "Montaigu" in page and "The whole territory" not in page and "Rochefort" not in page
    given = {"name": "Salle", "owner": str(valbelle.montaigu.pk), "url": f"{box.url}/hook", "language": "de"}
    made = said(administrator, f"{HERE}new/?as=webhook", given)
    assert "whsec_" in made and "Copy the secret now" in made
    path = f"{HERE}{Gateway.objects.get().pk}/"
    assert "whsec_" not in said(administrator, path)
    assert "The gateway took the message" in said(administrator, f"{path}test/", {})
    box.status = 503
    Gateway.objects.update(last_sent_at=None)
    assert "The gateway is out of order (503)" in said(administrator, f"{path}test/", {})
    assert "“Salle” failed the last time" in said(administrator)
    matrix = {**given, "room": "nowhere", "secret": "tok"}
    assert "Give the identifier of the room" in said(administrator, f"{HERE}new/?as=matrix", matrix, 422)
    lost = {**matrix, "room": "!a:b.org", "secret": ""}
    assert "Give the access token" in said(administrator, f"{HERE}new/?as=matrix", lost, 422)


@pytest.mark.parametrize("who", ["lead", "reader", "neighbour", "elected", "nobody"])
def test_who_may_not(valbelle: Valbelle, people: People, who: str) -> None:
    made = written(people, http("https://sms.example.org/"), valbelle.montaigu.pk)
    other, path = browser(people, who), f"{HERE}{made}/"
    for one in (HERE, f"{HERE}new/", f"{HERE}new/?as=http", path):
        assert other.get(one).status_code == 403, one
    before = Gateway.objects.values().get()
    for one in (f"{HERE}new/?as=http", path, f"{path}test/", f"{path}on/", f"{path}off/", f"{path}remove/"):
        assert other.post(one, typed("https://sms.example.org/")).status_code == 403, one
    assert Gateway.objects.values().get() == before
    assert "/reach/" not in other.get("/cockpit/valbelle/duty/").content.decode().replace(MINE, "")
    foreign = browser(people, "administrator")
    whole = written(people, http("https://sms.example.org/"))
    assert foreign.get(f"{HERE}{whole}/").status_code == 404
    assert foreign.post(f"{HERE}{whole}/remove/").status_code == 403


def test_ones_own_page(valbelle: Valbelle, people: People, box: Listener) -> None:
    lead = browser(people, "lead")
    page = said(lead, MINE)
    assert "nobody has written a gateway" in page and "you are reached by: E-mail" in page
    assert "with its country" in said(lead, f"{MINE}phone/", {"phone": "079 123 45 67"}, 422)
    assert "Your number is saved." in said(lead, f"{MINE}phone/", {"phone": "+41 79 123 45 67"})
    assert "No gateway for SMS or calls" in said(lead, f"{MINE}code/", {})
    Wishes.objects.update(code_sent_at=None)
    written(people, http(f"{box.url}/sms"))
    assert "Send me a code" in said(lead, MINE)
    assert "A code is on its way" in said(lead, f"{MINE}code/", {})
    assert "Wait a minute" in said(lead, f"{MINE}code/", {})
    code = json.loads(box.last.body)["text"].split(": ")[1][:6]
    assert "This is not the code" in said(lead, f"{MINE}prove/", {"code": "0"}, 422)
    assert "Your number is proved" in said(lead, f"{MINE}prove/", {"code": code})
    wishes = {f"first_{one}": "sms" for one in (4, 3, 2)} | {"second_4": "voice", "third_4": "mail"}
    quiet = {
        "is_quiet": "on",
        "quiet_days": ["1", "2"],
        "quiet_from": "21:30",
        "quiet_until": "06:00",
        "quiet_most": "3",
    }
    page = said(lead, MINE, {**wishes, **quiet})
    assert "How you are reached is saved." in page and "reached by: SMS, then Telephone call, E-mail" in page
    assert 'value="21:30"' in page
    wrong = said(lead, MINE, {**wishes, **quiet, "quiet_days": []}, 422)
    assert "Say on which days quiet hours begin." in wrong and 'value="06:00"' in wrong


def test_who_is_not_signed_in_is_asked_to(valbelle: Valbelle) -> None:
    client = english()
    for path in (MINE, f"{MINE}phone/", f"{MINE}code/", f"{MINE}prove/"):
        answer = client.get(path) if path == MINE else client.post(path, {})
        assert answer.status_code in (302, 403), path
        if answer.status_code == 302:
            assert "/account/login/" in answer["Location"]


@pytest.mark.parametrize(
    ("told", "words_of_it"),
    [
        ({"status": 401, "said": ""}, "look at the user and the secret"),
        ({"status": 404, "said": ""}, "no such address (404)"),
        ({"status": 429, "said": ""}, "left alone"),
        ({"status": 422, "said": "bad {to}"}, "refused the message (422): bad {to}"),
        ({"status": 502, "said": ""}, "out of order (502): –"),
        ({"status": 200, "said": "KO"}, "not that it took the message: KO"),
        ({"message": "No answer: {why}.", "data": {"why": "timed out"}}, "No answer: timed out."),
    ],
)
def test_answers_in_plain_words(told: dict[str, Any], words_of_it: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert words_of_it in words.wrong(told)


def test_notifications_are_switched_on_tried_and_removed(people: People, box: Listener) -> None:
    lead, box.status = browser(people, "lead"), 201
    page = said(lead, MINE)
    assert "No notification comes to this device yet." in page
    key = re.search(r'data-key="([A-Za-z0-9_-]+)"', page)
    assert key and len(webpush.read(key[1])) == 65
    given = Browser(f"{box.url}/push/1").given
    agent = "Mozilla/5.0 (Linux; Android 15; Mobile) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36"
    answer = lead.post(f"{MINE}browsers/", given, headers={"user-agent": agent}, follow=True)
    assert "Notifications come to this device from now on." in answer.content.decode()
    page = said(lead, MINE)
    assert "Chrome, Android" in page and "Never tried" in page
    assert hashlib.sha256(given["endpoint"].encode()).hexdigest()[:16] in page
    assert given["endpoint"] not in page and given["auth"] not in page
    [number] = Row.objects.values_list("pk", flat=True)
    tries = f"{MINE}browsers/{number}/try/"
    assert "The notification is on its way." in said(lead, tries, {})
    box.status = 500
    assert "did not take the notification (500)" in said(lead, tries, {})
    assert "did not take the notification (500)" in said(lead, MINE)
    assert "not in your list" in said(browser(people, "contributor"), tries, {})
    assert "not in your list" in said(browser(people, "contributor"), f"{MINE}browsers/{number}/remove/", {})
    assert "No notification goes to this device" in said(lead, f"{MINE}browsers/{number}/remove/", {})
    assert not Row.objects.exists()
    assert "gave no address" in said(lead, f"{MINE}browsers/", {"endpoint": "x"})


def test_nobody_who_is_not_signed_in_switches_notifications_on(db: None, client: Client) -> None:
    for path in ("browsers/", f"browsers/{new_id()}/try/", f"browsers/{new_id()}/remove/"):
        answer = client.post(f"{MINE}{path}", Browser("https://push.example.net/1").given)
        assert (answer.status_code, "/account/login/" in answer.url) == (302, True)
    assert not Row.objects.exists()


def test_the_script_that_shows_notifications_and_the_manifest_are_there_for_browsers(client: Client) -> None:
    script = client.get(f"{MINE}notifying.js")
    assert (script.status_code, script["Service-Worker-Allowed"]) == (200, MINE)
    assert script["Content-Type"].startswith("text/javascript")
    told = client.get("/manifest.webmanifest").json()
    assert (told["start_url"], told["display"]) == ("/", "standalone")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari, iPhone",
        ),
        ("curl/8", ""),
    ],
)
def test_a_browser_has_a_name_that_people_know(agent: str, name: str) -> None:
    assert named(agent) == name
