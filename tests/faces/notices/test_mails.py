"""Mails as a real server receives them: grouped, delayed, readable, in the reader's language, stoppable."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.collaboration.public import (
    Part,
    SuggestionDraft,
    make_suggestion,
    take_suggestion,
    write_comment,
)
from belvedere.duties.notifications.public import Rhythm, rhythms_of, set_rhythms
from belvedere.faces.notices.collaboration import send_waiting
from belvedere.faces.notices.mail import compose, send, wrapped
from belvedere.kernel.clock import standing_at
from tests.faces.notices.conftest import Mailbox
from tests.faces.web.plans_examples import street

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def measure(valbelle: Any, people: Any) -> UUID:
    valbelle.territory.published = True
    valbelle.territory.save()
    return street(valbelle)


def say(people: Any, who: str, measure: UUID, text: str, at: datetime) -> None:
    with standing_at(at):
        write_comment(actor=people.actor(who), measure_id=measure, text=text)


def to(mailbox: Mailbox, address: str) -> list[EmailMessage]:
    return [one for one, who in zip(mailbox.messages, mailbox.recipients, strict=True) if who == [address]]


def body(message: EmailMessage) -> str:
    assert message.get_content_type() == "text/plain"
    return str(message.get_content()).replace("\r\n", "\n").replace("\N{NO-BREAK SPACE}", " ")


def subject(message: EmailMessage) -> str:
    return str(message["Subject"]).replace("\N{NO-BREAK SPACE}", " ").strip()  # long ones are folded


def link(text: str, part: str) -> str:
    """The path of the only link of a mail that has `part` in it."""
    [found] = re.findall(rf"^\s*http://[^/\s]+(\S*{part}\S*)$", text, re.M)
    return str(found)


def test_what_concerns_one_person_is_one_mail_after_the_quiet(
    people: Any, measure: UUID, mailbox: Mailbox
) -> None:
    say(people, "lead", measure, "@Reader please look at the bridge", START)
    say(people, "contributor", measure, "@Reader and at the street", START + 10 * MINUTE)
    assert send_waiting(START + 24 * MINUTE) == 0
    assert send_waiting(START + 25 * MINUTE) >= 1
    [message] = to(mailbox, "reader@example.org")
    text = body(message)
    assert subject(message) == "2 messages : Lead vous mentionne sur « Rue du Pont »"
    assert text.startswith("Bonjour Reader,\n\n- Lead vous mentionne sur « Rue du Pont »\n  > @Reader")
    assert "- Contributor vous mentionne sur" in text
    assert text.index("bridge") < text.index("street")
    send_waiting(START + 600 * MINUTE)
    assert len(to(mailbox, "reader@example.org")) == 1, "never twice"


def test_a_mail_is_plain_readable_and_can_be_stopped(people: Any, measure: UUID, mailbox: Mailbox) -> None:
    say(people, "lead", measure, "@Reader " + "a long sentence that goes on " * 12, START)
    send_waiting(START + 15 * MINUTE)
    [message] = to(mailbox, "reader@example.org")
    assert all(len(line) <= 78 or "http" in line for line in body(message).splitlines())
    assert str(message["From"]) == "Valbelle · Belvédère <belvedere@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert re.fullmatch(r"<[0-9a-f]{40}@[\w.]+>", message["Message-ID"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.fullmatch(r"<http://[^/]+(/account/messages/stop/\S+/)>", message["List-Unsubscribe"])
    assert stop is not None and stop[1] == link(body(message), "/stop/")
    # A mail program: no cookie, no token, no session.
    one_click = Client(enforce_csrf_checks=True)
    assert one_click.get(stop[1]).status_code == 200
    assert rhythms_of(people.reader.pk)["mention"] is Rhythm.AT_ONCE, "looking stops nothing"
    assert one_click.post(stop[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert rhythms_of(people.reader.pk)["mention"] is Rhythm.NEVER
    assert rhythms_of(people.reader.pk)["deadline"] is Rhythm.DAILY, "of this kind only"
    say(people, "lead", measure, "@Reader again", START + 60 * MINUTE)
    send_waiting(START + 300 * MINUTE)
    assert len(to(mailbox, "reader@example.org")) == 1


def test_a_german_speaker_reads_german(people: Any, measure: UUID, mailbox: Mailbox) -> None:
    people.reader.language = "de"
    people.reader.save()
    say(people, "lead", measure, "@Reader bitte", START)
    send_waiting(START + 15 * MINUTE)
    [message] = to(mailbox, "reader@example.org")
    assert subject(message) == "Lead erwähnt Sie bei «Rue du Pont»"
    assert body(message).startswith("Guten Tag Reader\n\n")
    assert message["Content-Language"] == "de"


def test_the_link_of_a_mail_leads_to_the_measure_and_reads_the_notice(
    people: Any, measure: UUID, mailbox: Mailbox
) -> None:
    say(people, "lead", measure, "@Reader look", START)
    send_waiting(START + 15 * MINUTE)
    [message] = to(mailbox, "reader@example.org")
    client = Client()
    client.force_login(people.reader)
    answer = client.get(link(body(message), "/open/"))
    assert answer["Location"] == f"/cockpit/valbelle/plans/measures/{measure}/#comments"
    stranger = Client()
    stranger.force_login(people.lead)
    assert stranger.get(link(body(message), "/open/")).status_code == 404


def test_a_server_that_turns_away_loses_nothing(people: Any, measure: UUID, mailbox: Mailbox) -> None:
    say(people, "lead", measure, "@Reader look", START)
    mailbox.refuses = True
    send_waiting(START + 15 * MINUTE)
    mailbox.refuses = False
    assert mailbox.messages == []
    send_waiting(START + 16 * MINUTE)
    assert to(mailbox, "reader@example.org") == [], "the next attempt waits"
    send_waiting(START + 20 * MINUTE)
    assert len(to(mailbox, "reader@example.org")) == 1


def test_a_server_that_is_not_there_is_told_and_logged(settings: Any, caplog: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    assert not send("rose@example.org", "fr", "Subject", "Body")
    assert "not taken" in caplog.text and "rose" not in caplog.text


def test_who_wants_it_daily_gets_one_mail_in_the_morning(
    people: Any, measure: UUID, mailbox: Mailbox
) -> None:
    set_rhythms(people.reader.pk, {"mention": Rhythm.DAILY})
    for hours in (0, 3, 6):
        say(people, "lead", measure, f"@Reader {hours}", START + timedelta(hours=hours))
    send_waiting(START + timedelta(hours=12))
    assert to(mailbox, "reader@example.org") == []
    send_waiting(datetime(2026, 11, 21, 6, 0, tzinfo=UTC))  # 7 o'clock in Zurich
    [message] = to(mailbox, "reader@example.org")
    assert subject(message).startswith("3 messages")


def test_a_closed_account_gets_no_mail(people: Any, measure: UUID, mailbox: Mailbox) -> None:
    say(people, "lead", measure, "@Reader look", START)
    people.reader.is_active = False
    people.reader.save()
    send_waiting(START + 15 * MINUTE)
    send_waiting(START + 300 * MINUTE)
    assert to(mailbox, "reader@example.org") == []


def test_a_resident_confirms_and_is_told_the_answer(
    people: Any, measure: UUID, mailbox: Mailbox, django_capture_on_commit_callbacks: Any
) -> None:
    draft = SuggestionDraft(Part.TITLE, "de", "Alte Brücke", name="Rose Roten", email="rose@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        made = make_suggestion(actor=Actor.public(), measure_id=measure, draft=draft)
    [message] = to(mailbox, "rose@example.org")
    assert subject(message) == "Bestätigen Sie Ihren Vorschlag zu «Rue du Pont»"
    assert body(message).startswith("Guten Tag Rose Roten\n\n")
    confirm = link(body(message), "/confirm/")
    resident = Client()
    assert resident.get(confirm).status_code == 200
    assert resident.post(confirm).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        take_suggestion(actor=people.actor("lead"), suggestion_id=made, answer="Merci")
    send_waiting(START)
    [_, answer] = to(mailbox, "rose@example.org")
    assert subject(answer) == "Ihr Vorschlag zu «Alte Brücke» wurde übernommen"
    assert "> Merci" in body(answer)


def test_no_line_of_a_header_is_smuggled_in() -> None:
    message = compose("a@example.org", "fr", "One\r\nBcc: b@example.org", "Body", sender="Ville\r\nX: y")
    assert message.message()["Bcc"] is None
    assert message.subject == "One Bcc: b@example.org"
    assert "List-Unsubscribe" not in message.message()


def test_the_same_message_bears_the_same_name() -> None:
    one, two, other = (
        compose("a@example.org", "fr", "S", "B", key=key).message()["Message-ID"] for key in "xxy"
    )
    assert one == two != other


def test_words_are_folded_and_links_are_not() -> None:
    long = "https://example.org/" + "x" * 100
    text = wrapped(f"- {'word ' * 30}\n\n{long}\n")
    assert long in text.splitlines()
    assert all(len(line) <= 78 for line in text.splitlines() if line != long)
    assert text.splitlines()[1].startswith("  word")
