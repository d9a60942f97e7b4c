"""How people want to be reached: numbers proved by a code, ways in order, quiet hours; messages."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from belvedere.domains.access.public import change_own_details
from belvedere.domains.reach import public as reach
from belvedere.domains.reach.models import Message, Wishes
from belvedere.domains.reach.phones import checked_phone
from belvedere.domains.reach.public import GivenWishes, Post, Way
from belvedere.duties.privacy.public import Order, Subject, erase, find
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.errors import BelvedereError, Refused
from belvedere.kernel.severity import Severity
from tests.domains.reach.listening import Listener, box
from tests.domains.reach.test_gateways import PHONE, http, written
from tests.people import People, Valbelle

__all__ = ["box"]
pytestmark = pytest.mark.django_db
#: A Monday, 23:30 on the clock of Zurich.
NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def given(**changed: Any) -> GivenWishes:
    order = (Way.SMS, Way.MAIL)
    members: dict[str, Any] = {
        "orders": dict.fromkeys(Severity, order),
        "is_quiet": False,
        "quiet_days": range(1, 8),
        "quiet_from": 22 * 60,
        "quiet_until": 7 * 60,
        "quiet_most": Severity.MAJOR,
    }
    return GivenWishes(**{**members, **changed})


def proved(people: People, box: Listener, who: str = "lead") -> None:
    """A number that was given and proved, as its person does it."""
    actor = people.actor(who)
    reach.give_phone(actor=actor, phone="+41 79 123 45 67")
    assert reach.send_code(actor=actor, text=lambda code: f"Code {code}").taken
    code = json.loads(box.last.body)["text"].removeprefix("Code ")
    assert re.fullmatch(r"[0-9]{6}", code)
    reach.prove_phone(actor=actor, code=f"{code[:3]} {code[3:]}")


class Mails:
    """Mails as they leave."""

    def __init__(self, takes: bool = True) -> None:
        self.takes, self.posts = takes, list[Post]()

    def __call__(self, post: Post) -> bool:
        self.posts.append(post)
        return self.takes


def told(valbelle: Valbelle, people: People, severity: Severity = Severity.MAJOR, key: str = "k") -> int:
    return reach.tell(
        [people.lead.pk], "{n} is sent", {"n": "I-1"}, key=key, severity=severity,
        territory_id=valbelle.territory.pk, owner_id=valbelle.montaigu.pk, link="/x/",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "rung"),
    [
        ("+41 79 123 45 67", PHONE), ("0041 79 123 45 67", PHONE), ("+41 (0)79 123.45-67", PHONE),
        ("+33\N{NO-BREAK SPACE}6 12 34 56 78", "+33612345678"), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_numbers_as_networks_take_them(typed: str, rung: str) -> None:
    assert checked_phone(typed) == rung


@pytest.mark.parametrize(
    "typed", ["079 123 45 67", "+0 79 123 45 67", "+41 79", "+41 79 123 45 67 89 01 23", "abc"]
)
def test_numbers_without_their_country_are_not_guessed(typed: str) -> None:
    with pytest.raises(BelvedereError, match="with its country"):
        checked_phone(typed)


def test_only_a_proved_number_is_rung_and_another_one_has_to_be_proved_anew(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/sms"))
    lead, where = people.actor("lead"), (valbelle.territory.pk, valbelle.montaigu.pk)
    reach.give_phone(actor=lead, phone=PHONE)
    assert reach.ways_of(people.lead.pk, 4, *where) == (Way.MAIL,)
    proved(people, box)
    assert reach.my_wishes(lead).is_known and reach.phone_to_ring(people.lead.pk) == PHONE
    assert reach.ways_of(people.lead.pk, 4, *where) == (Way.SMS, Way.MAIL)
    assert reach.ways_of(people.lead.pk, 2, *where) == (Way.MAIL,)
    assert reach.ways_of(people.lead.pk, 2, *where, first=Way.SMS) == (Way.SMS, Way.MAIL)
    assert reach.ways_of(people.lead.pk, 4, *where, first=Way.VOICE) == (Way.SMS, Way.MAIL), (
        "nothing calls here"
    )
    change_own_details(actor=lead, phone="+41 79 999 99 99")
    assert reach.phone_to_ring(people.lead.pk) == "" and not reach.my_wishes(lead).is_known
    reach.give_phone(actor=lead, phone="")
    assert reach.my_wishes(lead).phone == ""


def test_a_code_grows_old_is_guessed_five_times_and_asked_for_once_a_minute(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    lead = people.actor("lead")
    with pytest.raises(BelvedereError, match="Give your number first"):
        reach.send_code(actor=lead, text=str)
    reach.give_phone(actor=lead, phone=PHONE)
    at = now()
    with standing_at(at):
        assert not reach.send_code(actor=lead, text=str).taken, "no gateway is written"
    written(people, http(f"{box.url}/sms"))
    with standing_at(at + timedelta(minutes=2)):
        assert reach.send_code(actor=lead, text=str).taken
        with pytest.raises(BelvedereError, match="Wait a minute"):
            reach.send_code(actor=lead, text=str)
        code = json.loads(box.last.body)["text"]
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        for left in (4, 3, 2, 1, 0):
            with pytest.raises(BelvedereError, match=f"{left} more tries"):
                reach.prove_phone(actor=lead, code=wrong)
        with pytest.raises(BelvedereError, match="counts no more"):
            reach.prove_phone(actor=lead, code=code)
    with standing_at(at + timedelta(minutes=4)):
        assert reach.send_code(actor=lead, text=str).taken
    code = json.loads(box.last.body)["text"]
    with standing_at(at + timedelta(minutes=15)), pytest.raises(BelvedereError, match="counts no more"):
        reach.prove_phone(actor=lead, code=code)
    assert code not in str(Wishes.objects.values().get())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"quiet_from": 1440}, "quiet_from"),
        ({"quiet_days": [8]}, "quiet_from"),
        ({"is_quiet": True, "quiet_days": []}, "quiet_days"),
        ({"is_quiet": True, "quiet_until": 22 * 60}, "quiet_until"),
        ({"orders": {}}, "first_1"),
    ],
)
def test_wishes_that_cannot_be(
    valbelle: Valbelle, people: People, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(BelvedereError) as refused:
        reach.save_wishes(actor=people.actor("lead"), given=given(**changed))
    assert refused.value.data["field"] == field


def test_quiet_hours_hold_until_they_are_over_and_what_is_graver_passes(
    valbelle: Valbelle, people: People
) -> None:
    lead = people.lead.pk
    zone = "Europe/Zurich"
    assert reach.not_before(lead, 3, NIGHT, zone) == NIGHT, "nobody is quiet who did not say so"
    reach.save_wishes(actor=people.actor("lead"), given=given(is_quiet=True))
    assert reach.not_before(lead, 3, NIGHT, zone) == MORNING
    assert reach.not_before(lead, 4, NIGHT, zone) == NIGHT
    assert reach.not_before(lead, 3, MORNING, zone) == MORNING
    reach.save_wishes(actor=people.actor("lead"), given=given(is_quiet=True, quiet_days=[2]))
    assert reach.not_before(lead, 3, NIGHT, zone) == NIGHT, "the night of Monday is none of them"
    everything = given(is_quiet=True, quiet_most=Severity.CRITICAL)
    reach.save_wishes(actor=people.actor("lead"), given=everything)
    assert reach.not_before(lead, 4, NIGHT, zone) == MORNING


def test_a_message_goes_by_the_first_way_that_takes_it(
    valbelle: Valbelle, people: People, box: Listener
) -> None:
    written(people, http(f"{box.url}/sms"))
    proved(people, box)
    with standing_at(NIGHT):
        assert told(valbelle, people) == 1
        assert told(valbelle, people) == 0, "the same is told once"
        mails = Mails()
        assert reach.send_due(NIGHT, mails) == 1 and not mails.posts
    assert json.loads(box.last.body)["text"].startswith("I-1 is sent http")
    with standing_at(NIGHT):
        told(valbelle, people, key="k2")
        box.status = 500
        assert reach.send_due(NIGHT, mails) == 0 and reach.send_due(NIGHT, mails) == 1
    assert [one.sentence for one in mails.posts] == ["I-1 is sent"], "the gateway is out of order: by mail"


def test_a_mail_that_is_not_taken_is_tried_for_days_and_quiet_hours_wait(
    valbelle: Valbelle, people: People
) -> None:
    reach.save_wishes(actor=people.actor("lead"), given=given(is_quiet=True))
    with standing_at(NIGHT):
        told(valbelle, people)
    mails = Mails(takes=False)
    assert reach.send_due(NIGHT, mails) == 0 and not mails.posts
    assert reach.send_due(MORNING, mails) == 0 and len(mails.posts) == 1
    assert reach.send_due(MORNING + timedelta(seconds=20), mails) == 0 and len(mails.posts) == 1, (
        "not at once"
    )
    assert reach.send_due(MORNING + timedelta(minutes=1), mails) == 0 and len(mails.posts) == 2
    assert mails.posts[0].key == mails.posts[1].key, "the same letter"
    mails.takes = True
    assert reach.send_due(MORNING + timedelta(hours=1), mails) == 1
    assert reach.send_due(MORNING + timedelta(hours=2), mails) == 0
    with standing_at(NIGHT):
        told(valbelle, people, key="k3")
    mails.takes = False
    for hours in range(9, 90):
        reach.send_due(NIGHT + timedelta(hours=hours), mails)
    assert Message.objects.get(key="k3").state == "given_up"
    assert reach.forget_old(NIGHT + timedelta(days=40)) == 2


def test_one_who_dies_while_sending_sends_again(valbelle: Valbelle, people: People) -> None:
    with standing_at(NIGHT):
        told(valbelle, people)

    def dies(post: Post) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reach.send_due(NIGHT, dies)
    mails = Mails()
    assert reach.send_due(NIGHT + timedelta(seconds=4), mails) == 0, "what kills waits a little"
    assert reach.send_due(NIGHT + timedelta(seconds=6), mails) == 1
    assert Message.objects.get().attempts == 2


def test_what_is_held_about_a_person_is_found_and_erased(valbelle: Valbelle, people: People) -> None:
    reach.save_wishes(actor=people.actor("lead"), given=given())
    told(valbelle, people)
    subject = Subject(email="lead@example.org")
    tables = {one.table for one in find(subject)["reach"]}
    assert tables == {"reach.wishes", "reach.message"}
    erase(subject, Order(by_id=None, by_label="DPO", reason="asked"))
    assert not Wishes.objects.exists() and not Message.objects.exists()
    assert "reach" not in find(Subject(email="unknown@example.org"))


def test_who_is_not_signed_in_wishes_nothing(valbelle: Valbelle, people: People) -> None:
    from belvedere.domains.access.public import Actor

    for actor in (Actor.public(), Actor.system()):
        with pytest.raises(Refused):
            reach.save_wishes(actor=actor, given=given())
        with pytest.raises(Refused):
            reach.my_wishes(actor)
