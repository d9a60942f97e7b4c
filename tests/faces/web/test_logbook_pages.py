"""The pages of the log book: written, struck, handed over, printed, taken as CSV; and who does none of it."""

from __future__ import annotations

import html
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.logbook import public as logbook
from belvedere.domains.logbook.models import Entry, HandOver
from belvedere.kernel.clock import standing_at
from tests.domains.automation.examples import AT, HOUR
from tests.domains.duty.test_climbing import raised
from tests.domains.logbook.test_logbook import write
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/logbook/"


def browser(people: People, who: str) -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(client: Client, path: str = "") -> str:
    answer = client.get(HERE + path)
    assert answer.status_code == 200, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


def test_an_entry_is_written_found_struck_and_taken_as_csv(valbelle: Valbelle, people: People) -> None:
    contributor, lead = browser(people, "contributor"), browser(people, "lead")
    with standing_at(AT):
        assert "Nothing is written in the log book yet" in said(contributor)
        given = {"category": "call", "text": "=Tree on the road", "happened_at": "2026-11-22T07:30"}
        given |= {"owner": str(valbelle.montaigu.pk), "hand_over": "on"}
        wrong = contributor.post(f"{HERE}new/", given | {"happened_at": "2027-11-22T07:30"})
        assert wrong.status_code == 422 and b"=Tree on the road" in wrong.content
        assert b"not in the future" in wrong.content
        made = contributor.post(f"{HERE}new/", given | {"next": "https://elsewhere.example/"})
        assert made.status_code == 302 and made["Location"] == HERE
        row = Entry.objects.get()
        assert row.happened_at.isoformat() == "2026-11-22T06:30:00+00:00" and row.hand_over
        page = said(browser(people, "reader"))
        assert "1 entry in the log book" in page and "Telephone call" in page and "to hand over" in page
        assert "written 22.11.2026, 09:00" in page and f"/{row.pk}/strike/" not in page
        assert "=Tree" in said(contributor, "?q=tree") and "No entry fits" in said(contributor, "?q=pump")
        assert "No entry fits" in said(contributor, "?since=2026-11-23")
        strike = f"{HERE}{row.pk}/strike/"
        assert lead.get(strike).status_code == 200 and lead.post(strike, {"text": " "}).status_code == 422
        assert lead.post(strike, {"text": "It was a pole"}).status_code == 302
        assert lead.post(strike, {"text": "again"}).status_code == 422
    page = said(contributor)
    assert "<del>=Tree on the road</del>" in page and f"Strikes entry {row.pk}" in page
    paper = said(browser(people, "reader"), "print/?q=pole")
    assert "Words: pole" in paper and "It was a pole" in paper and "Printed" in paper and "Reader" in paper
    answer = browser(people, "reader").get(f"{HERE}entries.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"].endswith('valbelle-logbook.csv"') and len(lines) == 3
    assert "'=Tree on the road" in lines[2] and lines[2].endswith(f"{row.pk + 1},1")


def test_a_shift_goes_from_one_to_another(valbelle: Valbelle, people: People) -> None:
    raised(valbelle.montaigu.pk)
    contributor, lead = browser(people, "contributor"), browser(people, "lead")
    with standing_at(AT):
        page = said(contributor, "hand-over/")
        assert "To hand over: 1 open alarms, 0 interventions, 0 entries" in page and "Bac plein" in page
        assert contributor.post(f"{HERE}hand-over/", {"text": ""}).status_code == 422
        assert contributor.post(f"{HERE}hand-over/", {"text": "All is calm"}).status_code == 302
        assert "All is calm" in said(contributor, "hand-over/")
        take = f"{HERE}hand-over/{HandOver.objects.get().pk}/take/"
        assert "/take/" not in said(contributor, "hand-over/") and take in said(lead, "hand-over/")
        assert contributor.post(take).status_code == 422
        assert browser(people, "reader").post(take).status_code == 403
        assert browser(people, "neighbour").post(take).status_code == 404
    with standing_at(AT + HOUR):
        assert lead.post(take).status_code == 302
        assert "handed over by Contributor to Lead" in said(lead, "hand-over/")
        assert said(contributor).count("Change of shift</b>") == 2
        assert lead.post(take).status_code == 409


def test_the_neighbour_reads_nothing_and_a_reader_writes_nothing(valbelle: Valbelle, people: People) -> None:
    number = write(people, valbelle)
    raised(valbelle.montaigu.pk)
    neighbour, reader = browser(people, "neighbour"), browser(people, "reader")
    for path in ("", "print/", "?q=police"):
        assert "police" in said(reader, path)
        assert "La police signale" not in said(neighbour, path) and "Bac plein" not in said(neighbour, path)
        assert browser(people, "nobody").get(HERE + path).status_code == 403
    assert b"police" not in neighbour.get(f"{HERE}entries.csv").content
    strike = f"{HERE}{number}/strike/"
    assert neighbour.get(strike).status_code == neighbour.post(strike, {"text": "x"}).status_code == 404
    for path in (f"{number}/strike/", "new/", "hand-over/"):
        assert reader.get(HERE + path).status_code == 403
        assert reader.post(HERE + path, {"text": "x"}).status_code == 403
    of_montaigu = {"category": "call", "text": "x", "happened_at": "2026-11-22T07:30"}
    of_montaigu["owner"] = str(valbelle.montaigu.pk)
    assert neighbour.post(f"{HERE}new/", of_montaigu).status_code == 422
    assert neighbour.get(f"{HERE}hand-over/?book={valbelle.montaigu.pk}").status_code == 403
    assert neighbour.get(f"{HERE}hand-over/?book=territory").status_code == 403
    assert reader.get(f"{HERE}hand-over/?book=x").status_code == 403
    assert browser(people, "governor").get(f"{HERE}hand-over/?book=x").status_code == 404
    assert Entry.objects.filter(category="call").count() == 1


def test_the_desk_shows_the_last_entries_and_where_to_write(valbelle: Valbelle, people: People) -> None:
    write(people, valbelle)
    desk = "/cockpit/valbelle/alarms/desk/"
    shown = browser(people, "contributor").get(desk).content.decode()
    assert "La police signale un arbre." in shown and 'data-key="l"' in shown
    assert 'data-key="l"' not in browser(people, "reader").get(desk).content.decode()
    assert 'data-key="l"' not in browser(people, "contributor").get(f"{desk}?wall=1").content.decode()
    assert "La police" not in browser(people, "neighbour").get(desk).content.decode()


def test_a_command_and_an_intervention_are_lines_of_the_book(valbelle: Valbelle, people: People) -> None:
    """What is gone or not to be seen has a line without words."""
    Entry.objects.create(
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.montaigu.pk,
        happened_at=AT,
        written_at=AT,
        category=logbook.Category.COMMAND,
        command_id=UUID(int=7),
        act="fail",
    )
    assert "Something that is not for you to see" in said(browser(people, "lead"))


def test_a_line_from_the_desk_is_an_observation_of_now(valbelle: Valbelle, people: People) -> None:
    line = {"quick": "1", "text": "Le Rhône monte", "owner": str(valbelle.montaigu.pk)}
    contributor = browser(people, "contributor")
    with standing_at(AT):
        made = contributor.post(f"{HERE}new/", line, HTTP_ACCEPT="application/json")
        assert made.json()["message"] == "It is written in the log book."
        row = Entry.objects.get()
        assert (row.category, row.happened_at, row.text) == ("observation", AT, "Le Rhône monte")
        wrong = contributor.post(f"{HERE}new/", line | {"text": " "}, HTTP_ACCEPT="application/json")
        assert wrong.status_code == 422 and wrong.json()["message"]
        back = {"next": "/cockpit/valbelle/alarms/desk/"}
        assert contributor.post(f"{HERE}new/", line | back)["Location"] == back["next"]
        for who in ("reader", "neighbour"):
            assert browser(people, who).post(f"{HERE}new/", line).status_code in (403, 422)
    assert Entry.objects.count() == 2
