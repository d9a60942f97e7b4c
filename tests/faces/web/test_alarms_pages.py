"""The pages of alarms: what is listed, who may do what about it, and that what was typed is kept."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from belvedere.domains.access.public import change_own_details
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Alarm
from belvedere.domains.automation.public import AlarmState
from belvedere.kernel.clock import now, standing_at
from tests.domains.automation.examples import AT, HOUR, clear_one, container, raise_one, rule
from tests.domains.duty.test_climbing import roster
from tests.domains.interventions.examples import dispatched
from tests.faces.web.plans_examples import english
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/alarms/"
JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


def browser(people: People, who: str = "contributor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(client: Client, path: str = "", **headers: Any) -> str:
    answer = client.get(HERE + path, **headers)
    assert answer.status_code == 200, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


@pytest.fixture
def full(valbelle: Valbelle, people: People) -> int:
    """A full container of Montaigu; the number of its alarm."""
    made = rule(valbelle.montaigu.pk)
    return raise_one(made.id, container(valbelle.montaigu.pk))


def state(people: People, alarm_id: int) -> AlarmState:
    return automation.alarm(people.actor("governor"), alarm_id).alarm.state


def test_the_list_says_how_urgent_which_thing_by_which_rule_and_which_value(
    full: int, people: People
) -> None:
    Alarm.objects.filter(pk=full).update(kind="waste-container")
    page = said(browser(people))
    assert '<h1 data-fresh="finding">1 alarm waits for somebody</h1>' in page
    for told in ("Major", "Bac plein", "PAV", "Filling level 95%", "Nobody yet"):
        assert told in page
    assert "Bac plein" in said(browser(people), "?q=plein&severity=3&kind=waste-container&state=raised")
    for other in ("?severity=4", "?state=closed", "?state=shelved", "?q=lampe", "?kind=streetlight"):
        assert 'data-id="' not in said(browser(people), other)


def test_the_neighbour_sees_none_of_it(full: int, people: People) -> None:
    client = browser(people, "neighbour")
    assert 'data-id="' not in said(client)
    assert client.get(f"{HERE}points.json").json()["ids"] == []
    for path in (f"{full}/", f"{full}/panel/", f"{full}/beneath/"):
        assert client.get(HERE + path).status_code == 404
    for verb in ("acknowledge", "take-up", "close", "comment", "shelve", "unshelve"):
        given = {"proof": "x", "text": "x", "why": "x", "hours": "1"}
        assert client.post(f"{HERE}{full}/{verb}/", given).status_code == 404
    assert client.post(f"{HERE}acknowledge/", {"alarm": full}).status_code == 404
    assert browser(people, "nobody").get(HERE).status_code == 403
    assert state(people, full) is AlarmState.RAISED


def test_a_reader_sees_and_does_nothing(full: int, people: People) -> None:
    client = browser(people, "reader")
    page = said(client, f"{full}/")
    assert "By which rule" in page and "data-act" not in page and "data-key" not in page
    assert f"?alarm={full}" not in page
    assert f"interventions/new/?alarm={full}" in said(browser(people), f"{full}/")
    for verb in ("acknowledge", "take-up", "comment", "shelve"):
        given = {"text": "x", "why": "x", "hours": "1"}
        assert client.post(f"{HERE}{full}/{verb}/", given).status_code == 403
    assert client.post(f"{HERE}acknowledge/", {"alarm": full}, **JSON).status_code == 403


def test_from_raised_to_closed_with_its_timeline(full: int, people: People) -> None:
    client = browser(people)
    back = f"{HERE}?severity=3"
    answer = client.post(f"{HERE}{full}/acknowledge/", {"expected": "raised", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    stale = client.post(f"{HERE}{full}/acknowledge/", {"expected": "raised"})
    assert stale.status_code == 409 and "meanwhile" in stale.content.decode()
    assert client.post(f"{HERE}{full}/take-up/", **JSON).json()["message"] == "You look after it now."
    assert "Contributor" in said(client)
    view = automation.alarm(people.actor("governor"), full).alarm
    clear_one(view.rule_id, view.entity_id)
    empty = client.post(f"{HERE}{full}/close/", {"proof": " "})
    assert empty.status_code == 422 and "that is the proof" in html.unescape(empty.content.decode())
    assert client.post(f"{HERE}{full}/close/", {"proof": "Emptied."})["Location"] == f"{HERE}{full}/"
    page = said(client, f"{full}/")
    for told in ("acknowledged", "taken up", "cleared", "Emptied.", "version 1, as it was"):
        assert told in page
    assert "data-act" not in page


def test_what_was_typed_is_kept_when_it_cannot_be_done(full: int, people: People) -> None:
    answer = browser(people).post(f"{HERE}{full}/shelve/", {"why": "Chantier", "hours": "5"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and 'value="Chantier"' in page and "Choose until when" in page
    assert browser(people).post(f"{HERE}{full}/no-such/").status_code == 404
    far = browser(people).post(f"{HERE}{full}/comment/", {"text": "x", "next": "https://example.org/"})
    assert far["Location"] == f"{HERE}{full}/"


def test_what_is_shelved_is_out_of_the_list_until_it_is_shown_again(full: int, people: People) -> None:
    client = browser(people)
    client.post(f"{HERE}{full}/shelve/", {"why": "Chantier", "hours": "4"})
    assert 'data-id="' not in said(client)
    assert "shelved until" in said(client, "?state=shelved")
    assert "Not shown until" in said(client, f"{full}/panel/")
    client.post(f"{HERE}{full}/unshelve/")
    assert f'data-id="{full}"' in said(client)


def test_what_the_platform_put_aside_is_said_in_the_words_of_the_reader(full: int, people: People) -> None:
    lead = people.actor("lead")
    automation.shelve(actor=lead, alarm_id=full, until=now() + HOUR, why=automation.MAINTENANCE)
    client = browser(people)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    page = said(client, f"{full}/")
    assert "In Wartung" in page and "Under maintenance" not in page


def test_several_are_acknowledged_at_once_and_the_list_goes_on_by_pages(
    valbelle: Valbelle, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from belvedere.faces.web.pages.automation import asking

    monkeypatch.setattr(asking, "STEP", 2)
    made = rule(valbelle.montaigu.pk)
    ids = [raise_one(made.id, container(valbelle.montaigu.pk, f"Bac {n}"), AT + n * HOUR) for n in range(3)]
    client = browser(people)
    first = client.get(HERE)
    assert first.context["found"].after and len(first.context["lines"]) == 2
    rest = client.get(HERE + first.context["next_url"], HTTP_HX_REQUEST="true").content.decode()
    assert f'data-id="{ids[0]}"' in rest and "<html" not in rest
    assert len(client.get(f"{HERE}?rows=3").context["lines"]) == 3
    assert client.post(f"{HERE}acknowledge/", {}).status_code == 422
    told = client.post(f"{HERE}acknowledge/", {"alarm": ids}, **JSON).json()
    assert told["message"] == "3 alarms are acknowledged."
    assert {state(people, one) for one in ids} == {AlarmState.ACKNOWLEDGED}


def test_the_map_draws_alarms_by_shape_and_urgency(valbelle: Valbelle, people: People) -> None:
    one = raise_one(rule(valbelle.montaigu.pk).id, container(valbelle.montaigu.pk))
    Alarm.objects.filter(pk=one).update(longitude=7.36, latitude=46.23, kind="waste-container")
    table = browser(people).get(f"{HERE}points.json").json()
    assert (table["ids"], table["prio"], table["label"]) == ([one], ["~circle.alarm"], ["Bac plein"])
    assert table["title"] == ["PAV, Bac plein, Major"]


def test_the_desk_shows_map_alarms_and_what_is_in_progress_and_the_wall_has_nothing_to_press(
    full: int, people: People
) -> None:
    client = browser(people)
    automation.take_up(actor=people.actor("lead"), alarm_id=full)
    page = said(client, "desk/")
    assert 'id="dk-map"' in page and f'data-id="{full}"' in page and "Lead" in page and "data-sound" in page
    assert 'data-id="' not in said(client, "desk/?state=raised")
    wall = said(client, "desk/?wall=1")
    assert f'data-id="{full}"' in wall and "data-panel-url" not in wall and "data-sounds" not in wall
    room = wall[wall.index("data-desk") : wall.index("</main>")]
    assert "data-stale" in room and "<button" not in room
    assert 'data-id="' not in said(browser(people, "neighbour"), "desk/")
    assert browser(people, "nobody").get(f"{HERE}desk/").status_code == 403


def test_the_desk_shows_who_is_on_duty_and_rings_only_for_who_sends_them(
    valbelle: Valbelle, people: People
) -> None:
    change_own_details(actor=people.actor("contributor"), phone="+41 27 555 01 12")
    with standing_at(AT):
        roster(valbelle.montaigu.pk, people.contributor.pk)
        assert 'href="tel:%2B41%2027%20555%2001%2012"' in said(browser(people, "lead"), "desk/")
        reader = said(browser(people, "reader"), "desk/")
        assert "Contributor" in reader and "tel:" not in reader and "555" not in reader
        assert "555" not in said(browser(people, "lead"), "desk/?wall=1"), "visitors read a wall"
        assert "Contributor" not in said(browser(people, "neighbour"), "desk/")


def test_the_desk_shows_jobs_on_their_way(people: People, lighting: Lighting) -> None:
    client = browser(people, "lead")
    assert "Nobody is on the way" in said(client, "desk/")
    dispatched(lighting)
    page = said(client, "desk/")
    assert "1 intervention<" in page and "Rétablir l’armoire" in page and 'class="is-done"' in page
    assert "Rétablir" not in said(browser(people, "neighbour"), "desk/")
