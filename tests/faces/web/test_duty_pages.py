"""The pages of duty: who is on duty, stand-ins, who was told; and who sees and does none of it."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from belvedere.domains.duty import public as duty
from belvedere.domains.duty.models import Roster
from belvedere.kernel.clock import standing_at
from tests.domains.automation.examples import AT
from tests.domains.duty.test_climbing import raised, roster
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/duty/"


def browser(people: People, who: str) -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(client: Client, path: str = "") -> str:
    answer = client.get(HERE + path)
    assert answer.status_code == 200, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


def test_a_roster_is_written_a_stand_in_entered_and_taken_back(valbelle: Valbelle, people: People) -> None:
    lead = browser(people, "lead")
    assert "No roster yet" in said(lead) and "At once: those who look after its alarms" in said(lead)
    given = {"name": "Piquet", "first": "2026-11-16", "weekday": "1", "hour": "08:00"}
    wrong = lead.post(f"{HERE}rosters/new/{valbelle.montaigu.pk}/", given)
    assert wrong.status_code == 422 and b"Piquet" in wrong.content
    person = {"person1": str(people.contributor.pk), "person2": str(people.reader.pk)}
    made = lead.post(f"{HERE}rosters/new/{valbelle.montaigu.pk}/", given | person)
    assert made.status_code == 302
    with standing_at(AT):
        path = f"rosters/{Roster.objects.get().pk}/"
        contributor = browser(people, "contributor")
        assert "Piquet: Contributor is on duty until" in said(contributor, path)
        assert "My duty" in said(contributor)
        times = {"since": "2026-11-22T08:00", "until": "2026-11-22T20:00"}
        stand_in = {"person": str(people.lead.pk), **times, "why": "Dentist"}
        wrong = contributor.post(f"{HERE}{path}stand-in/", stand_in | {"until": "2026-11-22T07:00"})
        assert wrong.status_code == 422 and b"Dentist" in wrong.content
        assert contributor.post(f"{HERE}{path}stand-in/", stand_in).status_code == 302
        page = said(contributor, path)
        assert "Lead is on duty until 22.11.2026, 20:00" in page and "instead of Contributor" in page
        number = duty.roster(people.actor("lead"), valbelle.territory.pk, Roster.objects.get().pk)
        end = f"{HERE}{path}stand-in/{number.stand_ins[0].id}/end/"
        assert browser(people, "neighbour").post(end).status_code == 404
        assert browser(people, "reader").post(end).status_code == 302, "who is on the roster may"
        assert "Contributor is on duty" in said(contributor, path)
    changed = lead.post(f"{HERE}{path}change/", given | person | {"name": "Piquet eau"})
    assert changed.status_code == 302 and "Piquet eau" in said(lead)
    assert lead.post(f"{HERE}{path}remove/").status_code == 302
    assert "No roster yet" in said(lead)


def test_the_neighbour_sees_nothing_and_a_reader_changes_nothing(valbelle: Valbelle, people: People) -> None:
    path = f"{HERE}rosters/{roster(valbelle.montaigu.pk, people.contributor.pk)}/"
    new = f"{HERE}rosters/new/{valbelle.montaigu.pk}/"
    neighbour, reader = browser(people, "neighbour"), browser(people, "reader")
    assert "Piquet" not in said(neighbour) and browser(people, "nobody").get(HERE).status_code == 403
    for page in (path, f"{path}change/"):
        assert neighbour.get(page).status_code == 404
    for verb in ("change/", "remove/", "stand-in/"):
        assert neighbour.post(path + verb).status_code == 404
        assert reader.post(path + verb).status_code == 403
    for client in (neighbour, reader):
        assert client.get(new).status_code == client.post(new).status_code == 403
    assert reader.get(path).status_code == 200 and reader.get(f"{path}change/").status_code == 403
    assert Roster.objects.filter(removed_at__isnull=True).count() == 1


def test_an_alarm_says_who_was_told_by_what_and_what_comes_next(valbelle: Valbelle, people: People) -> None:
    alarm_id = raised(valbelle.montaigu.pk)
    with standing_at(AT):
        duty.climb_due(AT)
        duty.send_due(AT, lambda letter: True)
    page = said(browser(people, "reader"), f"alarms/{alarm_id}/")
    assert "Unless somebody acknowledges it: level 2 · 22.11.2026, 10:00" in page
    assert page.count("by e-mail, told") == 3
    assert browser(people, "neighbour").get(f"{HERE}alarms/{alarm_id}/").status_code == 404


def test_shifts_are_written_changed_and_what_is_typed_stays(valbelle: Valbelle, people: People) -> None:
    lead, path = browser(people, "lead"), f"{HERE}rosters/new/{valbelle.montaigu.pk}/"
    given = {
        "name": "Piquet",
        "first": "2026-11-16",
        "turns": "shifts",
        "weekday": "1",
        "hour": "08:00",
        "shift": ["0", "1"],
        "s0-days": ["1", "2", "3", "4", "5"],
        "s0-start": "07:00",
        "s0-end": "17:00",
        "s0-person1": str(people.contributor.pk),
        "s0-person2": str(people.lead.pk),
        "s1-days": ["1", "2", "3", "4", "5"],
        "s1-start": "17:00",
        "s1-end": "07:00",
        "s1-person1": str(people.reader.pk),
    }
    more = lead.post(path, given | {"more": "1", "s1-start": "late"})
    assert more.status_code == 200 and b'value="late"' in more.content and b"Shift 3" in more.content
    fewer = lead.post(path, given | {"drop": "0"})
    assert b"Shift 2" not in fewer.content and b'name="s1-start" value="17:00"' in fewer.content
    for wrong, told in (
        ({"s1-start": "late"}, b"Enter a valid time."),
        ({"s1-days": []}, b"Say on which days."),
        ({"s1-person1": ""}, b"Say whose turn it is."),
        ({"s1-person1": str(people.neighbour.pk)}, b"Select a valid choice."),
        ({"s1-start": "16:00"}, b"Two shifts hold the same hour"),
    ):
        answer = lead.post(path, given | wrong)
        assert answer.status_code == 422 and told in answer.content and b'value="Piquet"' in answer.content
    assert lead.post(path, given).status_code == 302
    made = Roster.objects.get()
    with standing_at(AT):
        view = duty.roster(people.actor("lead"), valbelle.territory.pk, made.pk)
    assert [(one.start, one.end, len(one.people)) for one in view.body.shifts] == [
        (420, 1020, 2),
        (1020, 420, 1),
    ]
    assert not view.body.people
    change = f"rosters/{made.pk}/change/"
    assert 'value="17:00"' in said(lead, change) and 'value="shifts"' in said(lead, change)
    weeks = given | {"turns": "weeks", "person1": str(people.lead.pk)}
    assert lead.post(HERE + change, weeks).status_code == 302
    assert not duty.roster(people.actor("lead"), valbelle.territory.pk, made.pk).body.shifts


def test_a_stand_in_takes_the_place_of_one_person(valbelle: Valbelle, people: People) -> None:
    with standing_at(AT):
        key = roster(valbelle.montaigu.pk, people.contributor.pk, people.reader.pk)
        lead, path = browser(people, "lead"), f"rosters/{key}/"
        assert "whoever is on duty" in said(lead, path)
        times = {"since": "2026-11-22T08:00", "until": "2026-11-30T20:00", "why": "Leave"}
        given = {"person": str(people.lead.pk), "instead_of": str(people.reader.pk), **times}
        for wrong in (str(people.finance.pk), "x"):
            answer = lead.post(f"{HERE}{path}stand-in/", given | {"instead_of": wrong})
            assert answer.status_code == 422 and b"Leave" in answer.content
        itself = lead.post(f"{HERE}{path}stand-in/", given | {"person": str(people.reader.pk)})
        assert itself.status_code == 422 and b"Choose somebody of the roster" in itself.content
        assert lead.post(f"{HERE}{path}stand-in/", given).status_code == 302
        page = said(lead, path)
        assert "Contributor is on duty" in page, "it is not whom they stand in for"
        assert "instead of Reader" in page
