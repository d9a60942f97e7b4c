"""Turns in calendars under private addresses, absences out of calendars; who may, and what is not kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from icalendar import Calendar

from belvedere.domains.access.models import Membership
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.absences import read_absences
from belvedere.domains.duty.models import Absence, Feed
from belvedere.domains.reach.models import Message
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.duties.journal.models import EntryRow
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import BelvedereError, NotFound, Refused
from tests.domains.automation.examples import AT
from tests.domains.duty.test_climbing import roster
from tests.faces.web.test_duty_pages import HERE, browser, said
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"
ZONE = "Europe/Zurich"


def here() -> TerritoryView:
    return territory_by_slug("valbelle")


def token(people: People, who: str, roster_id: UUID | None = None) -> str:
    actor = people.actor(who)
    made = duty.open_feed(actor=actor, territory=here(), roster_id=roster_id)
    return next(one.token for one in duty.my_feeds(actor, here().id) if one.id == made)


def events(client: Client, secret: str) -> list[Any]:
    answer = client.get(f"/feeds/duty/{secret}.ics")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "folded"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def ics(*parts: str) -> bytes:
    made = "".join(f"BEGIN:VEVENT\r\n{part}\r\nEND:VEVENT\r\n" for part in parts)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{made}END:VCALENDAR\r\n".encode()


def test_a_roster_in_a_calendar_with_stand_ins_and_holidays_in_utc(
    valbelle: Valbelle, people: People, client: Client
) -> None:
    made = roster(
        valbelle.montaigu.pk, people.contributor.pk, people.reader.pk,
        calendar="CH-VS", on_holidays=(people.lead.pk,),
    )  # fmt: skip
    with standing_at(AT):
        duty.add_stand_in(
            actor=people.actor("lead"), territory=here(), roster_id=made, person_id=people.lead.pk,
            instead_of=people.contributor.pk, since=AT + timedelta(hours=1), until=AT + timedelta(hours=5),
        )  # fmt: skip
        secret = token(people, "reader", made)
        found = events(client, secret)
        again = events(client, secret)
    summaries = [str(one["SUMMARY"]) for one in found]
    assert {f"Piquet{NBSP}: Contributor", f"Piquet{NBSP}: Reader"} <= set(summaries)
    stands = next(one for one in found if "Contributor" in str(one["DESCRIPTION"]))
    assert str(stands["SUMMARY"]) == f"Piquet{NBSP}: Lead" and "à la place de" in str(stands["DESCRIPTION"])
    assert stands.to_ical().count(b"DTSTART:2026") == 1 and b"Z\r\n" in stands.to_ical()
    assert "Jour férié (CH-VS)" in summaries
    uids = [str(one["UID"]) for one in found]
    assert len(set(uids)) == len(uids) and uids == [str(one["UID"]) for one in again]
    with standing_at(AT + timedelta(days=8)):
        later = {str(one["UID"]) for one in events(client, secret)}
    ahead = {
        str(one["UID"]) for one in found if one.decoded("DTSTART") == datetime(2026, 11, 30, 7, tzinfo=UTC)
    }
    assert ahead and ahead <= later, "the same turn keeps its UID as weeks go by"
    assert Feed.objects.get().read_at is not None


def test_ones_own_turns_and_an_address_that_is_revoked(
    valbelle: Valbelle, people: People, client: Client
) -> None:
    roster(valbelle.montaigu.pk, people.contributor.pk, people.reader.pk)
    secret = token(people, "reader")
    assert secret == token(people, "reader"), "one address, however often it is asked for"
    with standing_at(AT):
        assert {str(one["SUMMARY"]) for one in events(client, secret)} == {f"De piquet{NBSP}: Piquet"}
    (mine,) = duty.my_feeds(people.actor("reader"), here().id)
    with pytest.raises(NotFound):
        duty.close_feed(actor=people.actor("lead"), territory=here(), feed_id=mine.id)
    duty.close_feed(actor=people.actor("reader"), territory=here(), feed_id=mine.id)
    assert client.get(f"/feeds/duty/{secret}.ics").status_code == 404
    assert token(people, "reader") != secret
    verbs = EntryRow.objects.filter(verb__endswith="_feed").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["duty.open_feed", "duty.close_feed", "duty.open_feed"]


def test_an_address_is_worth_nothing_to_who_may_not_see(
    valbelle: Valbelle, people: People, client: Client
) -> None:
    made = roster(valbelle.montaigu.pk, people.contributor.pk)
    with pytest.raises(NotFound):
        duty.open_feed(actor=people.actor("neighbour"), territory=here(), roster_id=made)
    secret = token(people, "reader", made)
    forged = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for wrong in (forged, "A" * 60, "x" * 60):
        assert client.get(f"/feeds/duty/{wrong}.ics").status_code == 404
    Membership.objects.filter(person=people.reader).delete()
    assert client.get(f"/feeds/duty/{secret}.ics").status_code == 404, "who left reads nothing"
    people.reader.is_active = False
    people.reader.save()
    assert client.get(f"/feeds/duty/{secret}.ics").status_code == 404


def test_absences_as_calendars_write_them() -> None:
    content = ics(
        "UID:a\r\nDTSTART;VALUE=DATE:20261207\r\nDTEND;VALUE=DATE:20261209\r\nSUMMARY:Hospital",
        "UID:b\r\nDTSTART;TZID=Europe/Zurich:20261210T080000\r\nDTEND;TZID=Europe/Zurich:20261210T120000",
        "UID:c\r\nDTSTART:20261211T080000\r\nDURATION:PT2H",
        "UID:d\r\nDTSTART;VALUE=DATE:20261212",
        "UID:e\r\nDTSTART:20261213T080000Z\r\nDTEND:20261213T080000Z",
        "UID:f\r\nDTSTART:20261214T080000Z\r\nDTEND:20261214T090000Z\r\nSTATUS:CANCELLED",
        "UID:g\r\nDTSTART:20261214T080000Z\r\nDTEND:20261214T090000Z\r\nRRULE:FREQ=DAILY",
        "UID:h\r\nDTSTART:20200101T080000Z\r\nDTEND:20200101T090000Z",
        "UID:i\r\nSUMMARY:no time",
        "UID:a\r\nDTSTART;VALUE=DATE:20261207\r\nDTEND;VALUE=DATE:20261210",
    )
    read = read_absences(content, ZONE, AT)
    times = sorted((one.since.astimezone(UTC), one.until.astimezone(UTC)) for one in read.away)
    assert times == [
        (datetime(2026, 12, 6, 23, tzinfo=UTC), datetime(2026, 12, 9, 23, tzinfo=UTC)),
        (datetime(2026, 12, 10, 7, tzinfo=UTC), datetime(2026, 12, 10, 11, tzinfo=UTC)),
        (datetime(2026, 12, 11, 7, tzinfo=UTC), datetime(2026, 12, 11, 9, tzinfo=UTC)),
        (datetime(2026, 12, 11, 23, tzinfo=UTC), datetime(2026, 12, 12, 23, tzinfo=UTC)),
    ]
    assert (read.repeated, read.past, read.odd) == (1, 1, 3)


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"\xff\xfe\x00", b"x" * 600_000, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"]
)
def test_what_is_no_calendar_says_so(content: bytes) -> None:
    with pytest.raises(BelvedereError) as refused:
        read_absences(content, ZONE, AT)
    assert refused.value.data["field"] == "file"


def test_who_is_away_on_duty_is_shown_told_and_stood_in_for(valbelle: Valbelle, people: People) -> None:
    made = roster(valbelle.montaigu.pk, people.contributor.pk, people.reader.pk)
    week = ics("UID:a\r\nDTSTART;VALUE=DATE:20261208\r\nDTEND;VALUE=DATE:20261210\r\nSUMMARY:Hospital")
    taking: dict[str, Any] = {"territory": here(), "roster_id": made, "person_id": people.reader.pk}
    with standing_at(AT):
        duty.take_absences(actor=people.actor("reader"), **taking, content=week)
        (gap,) = duty.gaps_of(people.actor("lead"), here().id, made)
        assert gap.person_id == people.reader.pk and gap.until - gap.since == timedelta(days=2)
        told = sorted(one.person.display_name for one in Message.objects.select_related("person"))
        assert told == ["Administrator", "Lead"], "who writes the roster"
        page = said(browser(people, "lead"), f"rosters/{made}/")
        assert "Reader is away while on duty" in page and "Hospital" not in page
        duty.take_absences(actor=people.actor("lead"), **taking, content=week)
        assert Message.objects.count() == 2, "asked for once"
        duty.add_stand_in(
            actor=people.actor("lead"), territory=here(), roster_id=made, person_id=people.lead.pk,
            instead_of=people.reader.pk, since=gap.since, until=gap.until,
        )  # fmt: skip
        assert duty.gaps_of(people.actor("lead"), here().id, made) == []
        assert "Hospital" not in str(list(Absence.objects.values())) + str(list(EntryRow.objects.values()))
        duty.take_absences(actor=people.actor("reader"), **taking, content=ics())
        assert not Absence.objects.exists(), "what the calendar holds no more is over"


def test_who_gives_whose_absences(valbelle: Valbelle, people: People) -> None:
    made = roster(valbelle.montaigu.pk, people.contributor.pk, people.reader.pk)
    taking: dict[str, Any] = {"territory": here(), "roster_id": made, "person_id": people.reader.pk}
    with standing_at(AT):
        with pytest.raises(Refused):
            duty.take_absences(actor=people.actor("contributor"), **taking, content=ics())
        with pytest.raises(Refused):
            duty.forget_absences(actor=people.actor("contributor"), **taking)
        with pytest.raises(NotFound):
            duty.take_absences(actor=people.actor("neighbour"), **taking, content=ics())
        with pytest.raises(BelvedereError, match="Choose somebody of the roster"):
            duty.take_absences(
                actor=people.actor("lead"),
                territory=here(),
                roster_id=made,
                person_id=people.lead.pk,
                content=ics(),
            )
        assert duty.gaps_of(people.actor("neighbour"), here().id, made) == []


def test_calendars_on_their_pages(valbelle: Valbelle, people: People) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    made = roster(valbelle.montaigu.pk, people.contributor.pk, people.reader.pk)
    reader, path = browser(people, "reader"), f"rosters/{made}/"
    with standing_at(AT):
        page = said(reader, path)
        assert "Make a private address" in page and f'value="{people.reader.pk}"' in page
        assert "Forget the absences of Contributor" not in page, "one gives one's own"
        assert reader.post(f"{HERE}{path}calendar/").status_code == 302
        assert reader.post(f"{HERE}calendar/").status_code == 302
        page = said(reader, path)
        assert "/feeds/duty/" in page and "Not read yet." in page and "/feeds/duty/" in said(reader)
        week = ics(
            "UID:a\r\nDTSTART;VALUE=DATE:20261208\r\nDTEND;VALUE=DATE:20261210",
            "UID:g\r\nDTSTART:20261214T080000Z\r\nRRULE:FREQ=DAILY",
        )

        def sent(client: Client, content: bytes) -> str:
            file = SimpleUploadedFile("a.ics", content, "text/calendar")
            answer = client.post(
                f"{HERE}{path}absences/", {"person": str(people.reader.pk), "file": file}, follow=True
            )
            return answer.content.decode()

        told = sent(reader, week)
        assert "1 absence is kept. 1 event that comes back was not read" in told
        assert "This is not a calendar." in sent(reader, b"nonsense")
        assert "Choose who is away" in reader.post(f"{HERE}{path}absences/", {}, follow=True).content.decode()
        assert "Choose who is away" in sent(browser(people, "contributor"), week), "not that of another"
        neighbour = browser(people, "neighbour")
        for one in ("calendar/", "absences/", f"absences/{people.reader.pk}/forget/"):
            assert neighbour.post(f"{HERE}{path}{one}").status_code == 404, one
        foreign = duty.my_feeds(people.actor("reader"), here().id)[0].id
        assert neighbour.post(f"{HERE}calendar/{foreign}/close/").status_code == 404
        assert (
            browser(people, "contributor")
            .post(f"{HERE}{path}absences/{people.reader.pk}/forget/")
            .status_code
            == 403
        )
        assert reader.post(f"{HERE}{path}absences/{people.reader.pk}/forget/").status_code == 302
        assert reader.post(f"{HERE}calendar/{foreign}/close/").status_code == 302
