"""Notifications in browsers: whose they are, what comes, what a push service's answers mean."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.reach import public as reach
from belvedere.domains.reach.errors import BadBrowser, NoSuchBrowser
from belvedere.domains.reach.models import Browser as Row
from belvedere.domains.reach.public import Notification, Outcome, Subscribed, Way
from belvedere.duties.journal.models import EntryRow
from belvedere.duties.privacy.public import Order, Subject, erase, find
from belvedere.kernel.clock import now
from belvedere.kernel.errors import Refused
from belvedere.kernel.severity import Severity
from tests.browsers import Browser
from tests.domains.reach.listening import Listener, box
from tests.domains.reach.test_wishes import Mails, told
from tests.people import People, Valbelle

__all__ = ["box"]
pytestmark = pytest.mark.django_db
ALARM = Notification("Valbelle", "Majeure : lampe éteinte", "/cockpit/x/", "c1", "fr", is_urgent=True)


def switched_on(actor: Actor, service: Listener, path: str = "a") -> tuple[Browser, UUID]:
    """A browser in which the actor switched notifications on, and its number in their list."""
    service.status = 201
    browser = Browser(f"{service.url}/push/{path}")
    return browser, reach.add_browser(actor=actor, given=Subscribed(**browser.given), name="Firefox, Linux")


def shown(browser: Browser, service: Listener) -> Any:
    return json.loads(browser.opened(service.last.body))


def test_a_notification_comes_to_every_browser_of_a_person(people: People, box: Listener) -> None:
    lead = people.actor("lead")
    one, _ = switched_on(lead, box)
    other, _ = switched_on(lead, box, "b")
    assert reach.push(people.lead.pk, ALARM).taken
    assert [asked.path for asked in box.asked] == ["/push/a", "/push/b"]
    assert json.loads(one.opened(box.asked[0].body)) == shown(other, box)
    assert shown(other, box) == {
        "title": "Valbelle",
        "text": "Majeure : lampe éteinte",
        "link": "/cockpit/x/",
        "key": "c1",
        "language": "fr",
        "urgent": True,
    }
    assert box.asked[0].headers["topic"] == box.asked[1].headers["topic"]
    assert all(one.last_sent_at and one.last_error is None for one in reach.my_browsers(lead))
    assert not reach.push(people.reader.pk, ALARM).taken


def test_a_long_text_is_cut_so_that_every_push_service_takes_it(people: People, box: Listener) -> None:
    browser, _ = switched_on(people.actor("lead"), box)
    long = Notification("V", "🌊" * 5000, "/x/", "k", "fr")
    assert reach.push(people.lead.pk, long).taken
    assert len(box.last.body) <= 4096
    assert shown(browser, box)["text"].endswith("…")


@pytest.mark.parametrize(
    ("status", "stays", "is_permanent"),
    [(404, False, True), (410, False, True), (413, True, True), (429, True, False), (500, True, False)],
)
def test_what_the_answer_of_a_push_service_means(
    people: People, box: Listener, status: int, stays: bool, is_permanent: bool
) -> None:
    switched_on(people.actor("lead"), box)
    box.status = status
    outcome = reach.push(people.lead.pk, ALARM)
    assert (outcome.taken, outcome.is_permanent) == (False, is_permanent)
    mine = reach.my_browsers(people.actor("lead"))
    assert len(mine) == int(stays)
    if stays:
        assert mine[0].last_error is not None and mine[0].last_error["status"] == status


def test_one_browser_that_takes_it_is_enough(people: People, box: Listener) -> None:
    switched_on(people.actor("lead"), box)
    gone = Subscribed(**Browser("http://127.0.0.1:9/push").given)
    reach.add_browser(actor=people.actor("lead"), given=gone, name="")
    assert reach.push(people.lead.pk, ALARM).taken
    box.status = 503
    assert not reach.push(people.lead.pk, ALARM).is_permanent


def test_a_browser_belongs_to_whoever_switched_it_on_last(people: People, box: Listener) -> None:
    lead, officer = people.actor("lead"), people.actor("contributor")
    browser, _ = switched_on(lead, box)
    reach.add_browser(actor=officer, given=Subscribed(**browser.given), name="")
    assert reach.my_browsers(lead) == []
    assert len(reach.my_browsers(officer)) == 1
    assert not reach.push(people.lead.pk, ALARM).taken


def test_only_oneself_tries_and_removes_ones_browsers(people: People, box: Listener) -> None:
    lead, other = people.actor("lead"), people.actor("contributor")
    browser, number = switched_on(lead, box)
    words = {"title": "Belvédère", "text": "Essai", "link": "/account/reach/"}
    for act in (
        lambda actor: reach.try_browser(actor=actor, browser_id=number, **words),
        lambda actor: reach.remove_browser(actor=actor, browser_id=number),
    ):
        with pytest.raises(NoSuchBrowser):
            act(other)
        with pytest.raises(Refused):
            act(Actor.public())
    assert reach.try_browser(actor=lead, browser_id=number, **words) == Outcome()
    assert shown(browser, box)["text"] == "Essai"
    reach.remove_browser(actor=lead, browser_id=number)
    assert reach.my_browsers(lead) == []
    verbs = EntryRow.objects.filter(verb__startswith="reach.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["reach.add_browser", "reach.remove_browser"]


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "ftp://push.example.net/x"},
        {"endpoint": "nowhere"},
        {"key": "AAAA"},
        {"key": "é"},
        {"auth": "x"},
        {"auth": ""},
    ],
)
def test_what_is_no_subscription_is_refused(people: People, changed: dict[str, str]) -> None:
    given = Subscribed(**{**Browser("https://push.example.net/x").given, **changed})
    with pytest.raises(BadBrowser):
        reach.add_browser(actor=people.actor("lead"), given=given, name="")


def test_no_push_service_stands_inside_the_house(people: People) -> None:
    given = Subscribed(**Browser("https://10.0.0.4/push").given)
    with pytest.raises(BadBrowser):
        reach.add_browser(actor=people.actor("lead"), given=given, name="")


def test_ten_devices_at_most(people: People, box: Listener) -> None:
    for path in range(10):
        switched_on(people.actor("lead"), box, str(path))
    with pytest.raises(BadBrowser):
        switched_on(people.actor("lead"), box, "eleventh")
    switched_on(people.actor("contributor"), box, "eleventh")


def test_what_is_stored_does_not_say_where_to_write(people: People, box: Listener) -> None:
    browser, number = switched_on(people.actor("lead"), box)
    row = Row.objects.get(pk=number)
    assert browser.given["endpoint"].encode() not in bytes(row.subscription)
    assert browser.given["auth"].encode() not in bytes(row.subscription)


def test_who_switched_a_browser_on_is_told_there_first_and_by_mail_when_it_fails(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    here, owner = valbelle.territory.pk, valbelle.montaigu.pk
    assert reach.ways_of(people.lead.pk, Severity.MAJOR, here, owner) == (Way.MAIL,)
    browser, _ = switched_on(people.actor("lead"), box)
    assert reach.ways_of(people.lead.pk, Severity.MAJOR, here, owner) == (Way.PUSH, Way.MAIL)
    assert told(valbelle, people, key="one") == 1
    mails = Mails()
    assert reach.send_due(now(), mails) == 1
    assert shown(browser, box)["text"] == "I-1 is sent"
    assert (shown(browser, box)["link"], mails.posts) == ("/x/", [])
    box.status = 410
    assert told(valbelle, people, key="two") == 1
    reach.send_due(now(), mails)
    reach.send_due(now(), mails)
    assert [post.sentence for post in mails.posts] == ["I-1 is sent"]
    assert reach.my_browsers(people.actor("lead")) == []


def test_what_is_known_of_browsers_is_given_and_forgotten_with_the_account(
    people: People, box: Listener
) -> None:
    switched_on(people.actor("lead"), box)
    subject = Subject(email=people.lead.email)
    held = [one for one in find(subject)["reach"] if one.table == "reach.browser"]
    assert [one.values["name"] for one in held] == ["Firefox, Linux"]
    erase(subject, Order(by_id=None, by_label="DPO", reason="asked"))
    assert not Row.objects.exists()
