"""The map that moves: layers, squares where things are many, the last day again, what everyone sees."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.live import pointing
from tests.faces.web.plans_examples import english
from tests.faces.web.test_live_things import HERE, bin_of, browser, said, tell
from tests.people import People, Valbelle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("feeds_anew")]
PUBLIC = "/valbelle/live/"


@pytest.fixture
def full(people: People, valbelle: Valbelle) -> int:
    """A full container that the neighbours see too."""
    entity_id = bin_of(people, valbelle, visibility=twin.Visibility.SHARED)
    tell("bac-1", {"fillingLevel": 0.97})
    return entity_id


def test_layers_count_the_states_of_their_kind_and_keep_what_is_hidden(people: People, full: int) -> None:
    page = said(browser(people), "?hide=waste-container")
    layer = page.partition('data-kind="waste-container"')[2].partition("</li>")[0]
    assert "1 in alarm" in layer
    assert 'value="waste-container" data-layer' in layer
    assert 'href="?kind=waste-container&state=alarm"' in layer
    shown = said(browser(people)).partition('data-kind="waste-container"')[2].partition("</li>")[0]
    assert 'value="waste-container" checked' in shown


def test_the_panel_says_why_it_matters_what_to_do_and_how_the_script_writes_the_value(
    people: People, full: int
) -> None:
    panel = said(browser(people), f"panel/{full}/")
    assert "have it emptied today" in panel
    assert "data-percent" in panel
    assert "Filling level, 14 days" in panel
    assert "/live/devices/0" in panel
    assert "/live/devices/0" not in said(browser(people, "neighbour"), f"panel/{full}/")


def test_a_value_that_cannot_be_true_calls_for_its_sensor_alone(people: People, full: int) -> None:
    from dataclasses import replace

    from belvedere.faces.web.pages.live.advice import what_to_do

    view = twin.entity_page(people.actor("lead"), full)
    impossible = [replace(one, note="out_of_range") for one in view.attributes]
    with translation.override("en"):
        assert "emptied today" in what_to_do(view)
        assert "its sensor was checked" in what_to_do(replace(view, attributes=tuple(impossible)))


def test_many_things_are_counted_by_square(
    monkeypatch: pytest.MonkeyPatch, people: People, valbelle: Valbelle, full: int
) -> None:
    bin_of(people, valbelle, "bac-2")
    bin_of(people, valbelle, "bac-3")
    client = browser(people)
    window = f"{HERE}points.json?box=7.2,46.1,7.5,46.4"
    assert client.get(window).json()["cells"] is False
    monkeypatch.setattr(pointing, "IN_WINDOW", 2)
    table = client.get(window).json()
    assert table["cells"] is True
    # What is in alarm stays a thing of its own, with its value.
    told = list(zip(table["ids"], table["prio"], table["n"], table["label"], strict=True))
    assert told == [(full, "~circle.alarm", 1, "97%"), (0, "~circle.normal", 2, "")]
    assert client.get(f"{HERE}points.json?box=8,46,8.1,46.1").json()["ids"] == []


@pytest.mark.parametrize("box", ["7,46,8", "8,46,7,47", "a,b,c,d", "7,46,8,nan", "7,46,8,91"])
def test_a_window_that_is_none_is_refused(box: str, people: People, full: int) -> None:
    assert browser(people).get(f"{HERE}points.json?box={box}").status_code == 422


def test_the_last_day_holds_what_changed_and_how_many_messages_came(people: People, full: int) -> None:
    day = browser(people).get(f"{HERE}day.json").json()
    assert (day["ids"], day["to"], day["first"]) == ([full], "a", {str(full): "n"})
    assert sum(n for _hour, n in day["hours"]) == 1
    assert day["start"] <= day["at"][0] < day["end"]
    assert browser(people).get(f"{HERE}day.json?kind=streetlight").json()["ids"] == []


def test_the_last_day_of_a_neighbour_holds_what_is_shared_only(
    people: People, valbelle: Valbelle, full: int
) -> None:
    """The second container differs by its visibility only."""
    own = bin_of(people, valbelle, "bac-2")
    tell("bac-2", {"fillingLevel": 0.97}, seq=2)
    assert browser(people, "neighbour").get(f"{HERE}day.json").json()["ids"] == [full]
    assert set(browser(people).get(f"{HERE}day.json").json()["ids"]) == {full, own}
    assert browser(people, "nobody").get(f"{HERE}day.json").status_code == 403


def rows(client: Client, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_as_csv_has_the_same_things_and_no_formula(people: People, valbelle: Valbelle) -> None:
    bin_of(people, valbelle, names={"fr": "=1+1"})
    tell("bac-1", {"fillingLevel": 0.97})
    found = rows(browser(people), f"{HERE}list.csv")
    assert [(one["name"], one["value"], one["state"]) for one in found] == [("'=1+1", "0.97", "alarm")]
    assert rows(browser(people, "neighbour"), f"{HERE}list.csv") == []
    assert browser(people, "nobody").get(f"{HERE}list.csv").status_code == 403


@pytest.mark.parametrize(("visibility", "status"), [("public", 200), ("shared", 404)])
def test_everyone_sees_what_is_public_and_nothing_else(
    visibility: str, status: int, people: People, valbelle: Valbelle
) -> None:
    """Shared differs from public by one word; even who may see it elsewhere does not see it in the portal."""
    entity_id = bin_of(people, valbelle, visibility=twin.Visibility(visibility))
    tell("bac-1", {"fillingLevel": 0.97})
    seen = status == 200
    for client in (english(), browser(people, "governor")):
        for path in (f"{entity_id}/", f"panel/{entity_id}/", f"{entity_id}/series.csv"):
            assert client.get(PUBLIC + path).status_code == status
        page = client.get(PUBLIC).content.decode()
        assert (f'data-id="{entity_id}"' in page) == seen
        assert ("Nobody is measured here" in page) == seen
        assert client.get(f"{PUBLIC}points.json").json()["ids"] == [entity_id] * seen
        assert client.get(f"{PUBLIC}day.json").json()["ids"] == [entity_id] * seen
        assert len(rows(client, f"{PUBLIC}list.csv")) == seen
        assert ('href="/valbelle/live/"' in client.get("/valbelle/works/").content.decode()) == seen


def test_the_public_page_of_a_thing_tells_neither_devices_nor_messages(
    people: People, valbelle: Valbelle
) -> None:
    entity_id = bin_of(people, valbelle, visibility=twin.Visibility.PUBLIC)
    tell("bac-1", {"fillingLevel": 0.97})
    client = english()
    for path in ("", f"{entity_id}/", f"panel/{entity_id}/"):
        page = client.get(PUBLIC + path).content.decode()
        assert "97%" in page
        assert "/cockpit/" not in page
        assert "bac-1.valbelle" not in page
        assert "have it emptied" not in page
    assert client.get(f"{PUBLIC}day.json").json()["hours"] == []


def test_a_public_thing_of_another_territory_or_of_an_unpublished_one_is_not_shown(
    people: People, valbelle: Valbelle
) -> None:
    from belvedere.domains.territory.models import Territory

    entity_id = bin_of(people, valbelle, visibility=twin.Visibility.PUBLIC)
    Territory.objects.create(
        slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF", languages=["fr"], published=True
    )
    assert english().get(f"{PUBLIC}{entity_id}/").status_code == 200
    assert english().get(f"/autre/live/{entity_id}/").status_code == 404
    Territory.objects.filter(pk=territory_by_slug("valbelle").id).update(published=False)
    assert english().get(PUBLIC).status_code == 404
