"""Reporting as people meet it: pages, the link of a mail, files that come out the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from belvedere.domains.plans.public import actions, page
from belvedere.domains.reporting.models import ReportingRound, RoundLine, RoundTask
from belvedere.domains.reporting.public import close_round, outputs, queries, states
from belvedere.domains.reporting.tasks import remind_by_the_day
from belvedere.faces.web.pages.reporting import files, presenting
from belvedere.faces.web.pages.reporting.schedule import missed_first
from belvedere.kernel.clock import standing_at
from tests.domains.reporting.examples import NOW, Programme, opened, programme
from tests.faces.web.plans_examples import english

pytestmark = pytest.mark.django_db
BASE = "/cockpit/valbelle/reporting/"


@pytest.fixture
def made(valbelle: Any) -> Programme:
    return programme(valbelle)


@pytest.fixture
def round_id(valbelle: Any, people: Any, made: Programme, django_capture_on_commit_callbacks: Any) -> Any:
    """A round whose owners were written to; the clock stands on the day of its opening."""
    with standing_at(NOW):
        with django_capture_on_commit_callbacks(execute=True):
            found = opened(valbelle, people.actor("office"), made, message="Merci d’avance.")
        yield found


def task_of(owner: Any) -> RoundTask:
    return RoundTask.objects.get(organisation=owner)


def signed_in(person: Any) -> Client:
    client = english()
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())).replace("\xa0", " ")


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found
    return found[1]


def test_owners_are_written_to_in_their_language_each_with_a_link(
    valbelle: Any, people: Any, round_id: UUID
) -> None:
    to = {one.to[0]: one for one in mail.outbox}
    assert set(to) == {"lead@example.org", "administrator@example.org", "neighbour@example.org"}
    one = to["lead@example.org"]
    assert "Rapport 2026" in one.subject
    assert "Montaigu" in one.subject
    assert "Merci d’avance." in one.body
    assert len({link_in(message) for message in mail.outbox}) == 3


def test_reminders_say_whether_the_day_has_come_in_the_readers_language(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, django_capture_on_commit_callbacks: Any
) -> None:
    people.neighbour.language = "de"
    people.neighbour.save()
    said = []
    for day in (date(2026, 11, 27), date(2026, 12, 1)):
        mail.outbox.clear()
        with standing_at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)):
            with django_capture_on_commit_callbacks(execute=True):
                remind_by_the_day(day)
            said.append({one.to[0]: one.subject for one in mail.outbox})
    lead, neighbour = "lead@example.org", "neighbour@example.org"
    assert "sont attendues le 30 novembre 2026" in said[0][lead]
    assert "étaient attendues le 30 novembre 2026" in said[1][lead]
    assert "am 30. November 2026 erwartet" in said[0][neighbour]
    assert "waren am 30. November 2026 fällig" in said[1][neighbour]


def test_an_owner_answers_on_a_phone_without_signing_in(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, django_capture_on_commit_callbacks: Any
) -> None:
    url = link_in(next(one for one in mail.outbox if one.to == ["lead@example.org"]))
    phone = english()
    first = phone.get(url)
    assert first.status_code == 200
    assert "2 measures to confirm" in text_of(first)
    street = RoundLine.objects.get(measure_id=made.measures["street"])
    answer = phone.post(f"{url}confirm/", {"line": str(street.pk)})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#m-{made.measures['bridge']}")
    early = phone.post(f"{url}hand-in/")
    assert early.status_code == 422
    assert "wait for an answer: 1" in text_of(early)
    bridge = RoundLine.objects.get(measure_id=made.measures["bridge"])
    form = phone.get(f"{url}lines/{bridge.pk}/")
    assert 'name="works_start"' in form.content.decode()
    given = {
        "version": "1",
        "implementation": "not_started",
        "phase": "2",
        "works_start": "2027-05-01",
        "works_end": "2029-05-01",
        "cost": "1’100’000",
        "paid": "0",
        "note": "Recours",
    }
    refused = phone.post(f"{url}lines/{bridge.pk}/", {**given, "note": ""})
    assert refused.status_code == 422
    assert "1’100’000" in refused.content.decode()
    corrected = phone.post(f"{url}lines/{bridge.pk}/", given)
    assert corrected.status_code == 302
    measure = page.measure_page(people.actor("lead"), bridge.measure_id, language="fr")
    assert str(measure.cost).startswith("1100000.00")
    assert phone.post(f"{url}hand-in/", {"note": "Voilà"}).status_code == 302
    assert "Thank you: everything is handed in" in text_of(phone.get(url))
    assert phone.session.is_empty() or "_auth_user_id" not in phone.session


def test_the_link_opens_nothing_else(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    """With the link in hand, every other page still asks for a password or refuses."""
    url = link_in(next(one for one in mail.outbox if one.to == ["lead@example.org"]))
    phone = english()
    phone.get(url)
    task, other = task_of(valbelle.montaigu), task_of(valbelle.rochefort)
    square = RoundLine.objects.get(measure_id=made.measures["square"])
    for path in (
        f"{BASE}", f"{BASE}{round_id}/", f"{BASE}tasks/{task.pk}/", f"{BASE}tasks/{other.pk}/",
        f"{BASE}schedule/", f"{BASE}{round_id}/tables/finance/", f"{BASE}{round_id}/tables/finance.xlsx",
        "/cockpit/valbelle/plans/measures/", f"/cockpit/valbelle/plans/measures/{made.measures['street']}/",
        "/account/",
    ):  # fmt: skip
        answer = phone.get(path)
        assert answer.status_code in (302, 403, 404), path
        assert answer.status_code != 302 or "/login/" in answer["Location"], path
    assert phone.get(f"{url}lines/{square.pk}/").status_code == 404
    assert phone.post(f"{url}confirm/", {"line": str(square.pk)}).status_code == 404
    assert phone.get(url.replace("/valbelle/", "/elsewhere/")).status_code == 404
    assert phone.get(url[:-4] + "xxx/").status_code == 404
    assert RoundLine.objects.get(pk=square.pk).state == states.LineState.TO_CONFIRM


def test_the_link_is_over_with_the_round(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    url = link_in(mail.outbox[0])
    close_round(actor=people.actor("office"), round_id=round_id, with_gaps=True, reason="Délai")
    answer = english().get(url)
    assert answer.status_code == 403
    assert "is closed" in text_of(answer)


@pytest.mark.parametrize(
    ("who", "status"),
    [("office", 200), ("elected", 200), ("governor", 200), ("lead", 403), ("stranger", 404), ("nobody", 403)],
)
def test_who_opens_the_round_and_its_tables(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, who: str, status: int
) -> None:
    client = signed_in(getattr(people, who))
    for path in ("", "tables/implementation/", "tables/costs.xlsx", "tables/cofunding.pdf"):
        assert client.get(f"{BASE}{round_id}/{path}").status_code == status, path
    if status == 200:
        assert client.get(f"{BASE}{round_id}/tables/nothing/").status_code == 404
        text = text_of(client.get(f"{BASE}{round_id}/"))
        assert "0 of 2 owners handed in" in text
        assert ("Close and freeze" in text) == (who != "elected")


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("reader", 200), ("office", 200), ("neighbour", 404), ("stranger", 404)],
)
def test_who_opens_a_checklist(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, who: str, status: int
) -> None:
    client, task = signed_in(getattr(people, who)), task_of(valbelle.montaigu)
    answer = client.get(f"{BASE}tasks/{task.pk}/")
    assert answer.status_code == status
    if status == 200:
        assert ("This is right" in text_of(answer)) == (who == "lead")
    # Writing is for the owner's people alone, whatever the page shows.
    posted = client.post(f"{BASE}tasks/{task.pk}/confirm/")
    assert posted.status_code == (302 if who == "lead" else 403 if status == 200 else 404)


@pytest.mark.parametrize("who", ["lead", "reader", "elected", "stranger"])
def test_the_verbs_of_the_office_are_refused_to_others(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, who: str
) -> None:
    client, task = signed_in(getattr(people, who)), task_of(valbelle.montaigu)
    assert client.get(f"{BASE}new/").status_code == 403
    assert client.post(f"{BASE}{round_id}/remind/").status_code in (403, 404)
    assert client.post(f"{BASE}{round_id}/close/", {"with_gaps": "on", "reason": "x"}).status_code in (
        403,
        404,
    )
    assert client.post(f"{BASE}tasks/{task.pk}/reopen/", {"reason": "x"}).status_code in (403, 404)
    assert ReportingRound.objects.get().state == states.RoundState.OPEN


def test_the_office_opens_reminds_asks_again_and_closes(
    valbelle: Any, people: Any, made: Programme, django_capture_on_commit_callbacks: Any
) -> None:
    office = signed_in(people.office)
    with standing_at(NOW):
        wrong = {"name": "R", "plans": [str(made.plan)], "as_of": "2026-10-31", "due": "2026-01-01"}
        answer = office.post(f"{BASE}new/", {**wrong, "questions": ["cost"]})
        assert answer.status_code == 422
        assert "still to come" in text_of(answer)
        with django_capture_on_commit_callbacks(execute=True):
            answer = office.post(
                f"{BASE}new/", {**wrong, "due": "2026-11-30", "questions": ["cost", "dates"]}
            )
        assert answer.status_code == 302
        round_url = answer["Location"]
        page = text_of(office.get(round_url))
        assert "0 of 2 owners handed in" in page
        assert "Measures answered of which corrected" in page
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            office.post(f"{round_url}remind/", {"task": str(task_of(valbelle.rochefort).pk)})
        assert [one.to for one in mail.outbox] == [["neighbour@example.org"]]
        task = task_of(valbelle.rochefort)
        neighbour = signed_in(people.neighbour)
        neighbour.post(f"{BASE}tasks/{task.pk}/confirm/")
        neighbour.post(f"{BASE}tasks/{task.pk}/hand-in/")
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            office.post(f"{BASE}tasks/{task.pk}/reopen/", {"reason": "La date"})
        assert "La date" in mail.outbox[0].body
        refused = office.post(f"{round_url}close/")
        assert refused.status_code == 409
        assert "Remind them, or close with these gaps" in text_of(refused)
        assert office.post(f"{round_url}close/", {"with_gaps": "on", "reason": "Délai"}).status_code == 302
        assert "is closed: 0 of 2" in text_of(office.get(round_url))


def test_the_files_of_a_closed_round_are_the_same_bytes_a_year_later(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    close_round(actor=people.actor("office"), round_id=round_id, with_gaps=True, reason="Délai")
    office = signed_in(people.office)
    before = _files(office, round_id)
    actions.edit_measure(
        actor=people.actor("lead"), measure_id=made.measures["street"], version=None, title={"fr": "Autre"}
    )
    with standing_at(NOW.replace(year=2027)):
        assert _files(office, round_id) == before
    assert all(before.values())


def _files(client: Client, round_id: UUID) -> dict[str, bytes]:
    made = {}
    for key in outputs.TABLES:
        for form in ("xlsx", "pdf"):
            answer: Any = client.get(f"{BASE}{round_id}/tables/{key}.{form}")
            made[f"{key}.{form}"] = b"".join(answer.streaming_content)
    return made


def test_a_table_in_german_and_french_says_the_same_numbers(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    from django.utils import translation

    kept = queries.frozen(people.actor("office"), round_id, territory_id=valbelle.territory.pk)
    said = {}
    for language in ("fr", "de", "en"):
        with translation.override(language):
            shown = presenting.shown(kept, outputs.table(kept, "investment"))
            said[language] = [cell.value for row in shown.sections[0].rows for cell in row]
            assert files.workbook(kept, shown, language)[:2] == b"PK"
            assert all(shown.heads)
            assert [numeric for _head, numeric in shown.columns][2:5] == [False, True, True]
    assert said["fr"] == said["de"] == said["en"]
    assert replace(kept, sha256="x").is_preview is False


def test_what_will_be_missed_stands_before_what_is_near() -> None:
    told = [
        {"day": date(2030, month, 1), "level": level}
        for month, level in ((1, "warn"), (2, "ok"), (3, "major"), (4, "warn"), (5, "major"))
    ]
    assert [one["day"].month for one in missed_first(told)] == [3, 5, 1, 2, 4]


def test_the_schedule_shows_bars_and_deadlines(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    client = signed_in(people.office)
    answer = client.get(f"{BASE}schedule/")
    text = text_of(answer)
    assert "No deadline of aid is missed" in text
    assert answer.content.decode().count("<svg viewBox") == 3
    assert "Montaigu" in text
    lead = signed_in(people.lead).get(f"{BASE}schedule/?by=plan&plan={made.plan}")
    assert "PA5" in text_of(lead)
    assert signed_in(people.stranger).get(f"{BASE}schedule/").status_code == 200
    assert "Street" not in text_of(signed_in(people.stranger).get(f"{BASE}schedule/"))
    assert signed_in(people.nobody).get(f"{BASE}schedule/").status_code == 403
    assert date(2028, 3, 31).strftime("%d.%m.%Y") in text.replace("/", ".")
