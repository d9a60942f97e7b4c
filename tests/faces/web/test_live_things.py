"""The things of the territory: list, map and page say the same, and only what one may know of."""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from belvedere.domains.intake import public as intake
from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from belvedere.kernel.geometry import from_geojson
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("feeds_anew")]
HERE = "/cockpit/valbelle/live/things/"


def browser(people: People, who: str = "contributor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def bin_of(people: People, valbelle: Valbelle, key: str = "bac-1", fields: Any = None, **given: Any) -> int:
    territory, actor = territory_by_slug("valbelle"), people.actor("governor")
    draft = twin.EntityDraft(
        **{
            "kind": "waste-container",
            "names": {"fr": f"Bac {key}"},
            "owner_id": valbelle.montaigu.pk,
            "shape": from_geojson({"type": "Point", "coordinates": [7.36, 46.23]}),
            **given,
        }
    )
    entity_id = twin.create_entity(actor=actor, territory=territory, draft=draft)
    device = twin.DeviceDraft(key=key, entity_id=entity_id, fields=fields)
    twin.register_device(actor=actor, territory=territory, draft=device)
    return entity_id


def tell(key: str, values: dict[str, Any], seq: int = 1, minutes: int = 6) -> None:
    at = now() - timedelta(minutes=minutes)
    intake.take("test", [intake.Message(f"devices.valbelle.{key}", json.dumps(values).encode(), seq, at)])


def said(client: Client, path: str = "") -> str:
    answer = client.get(HERE + path)
    assert answer.status_code == 200
    return html.unescape(" ".join(answer.content.decode().split()))


def test_the_title_says_what_calls_and_the_map_holds_the_same_things(
    people: People, valbelle: Valbelle
) -> None:
    client = browser(people)
    assert "No thing yet" in said(client)
    full, calm = bin_of(people, valbelle), bin_of(people, valbelle, "bac-nord")
    tell("bac-1", {"fillingLevel": 0.97})
    tell("bac-nord", {"fillingLevel": 0.2}, seq=2)
    page = said(client)
    assert "<h1 data-finding>1 thing is in alarm</h1>" in page
    assert page.index("Bac bac-1") < page.index("Bac bac-nord")
    assert "97%" in page
    table = client.get(f"{HERE}points.json").json()
    assert dict(zip(table["ids"], table["prio"], strict=True)) == {
        full: "~circle.alarm",
        calm: "~circle.normal",
    }
    assert (table["title"][0], table["label"][0]) == ("Bac bac-1", "97%")
    assert table["words"]["alarm"] == "In alarm"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=alarm", {"bac-1"}),
        ("?kind=waste-container&kind=nonsense", {"bac-1", "bac-nord"}),
        ("?kind=streetlight", set()),
        ("?q=NORD", {"bac-nord"}),
        ("?owner={owner}", {"bac-1", "bac-nord"}),
        ("?owner=none&place=x&state=odd&view=table", {"bac-1", "bac-nord"}),
    ],
)
def test_a_filter_in_the_address_holds_for_list_and_map(
    query: str, expected: set[str], people: People, valbelle: Valbelle
) -> None:
    for at, (key, level) in enumerate({"bac-1": 0.97, "bac-nord": 0.2}.items(), start=1):
        bin_of(people, valbelle, key)
        tell(key, {"fillingLevel": level}, seq=at)
    asked = query.format(owner=valbelle.montaigu.pk)
    page = said(browser(people), asked)
    titles = browser(people).get(f"{HERE}points.json{asked}").json()["title"]
    assert {key for key in ("bac-1", "bac-nord") if f"Bac {key}</bdi>" in page} == expected
    assert {title.split(",")[0].removeprefix("Bac ") for title in titles} == expected


def series_of(people: People, entity_id: int, term: str = "fillingLevel") -> int:
    view = twin.entity_page(people.actor("governor"), entity_id)
    return next(one.series_id for one in view.attributes if one.term == term)


def test_the_page_of_a_thing_draws_its_days_with_gaps_and_gives_the_same_as_csv(
    people: People, valbelle: Valbelle
) -> None:
    entity_id = bin_of(people, valbelle)
    number, at = series_of(people, entity_id), now()
    past = [
        observations.Reading(number, at - timedelta(hours=hour, minutes=1), hour / 500, None, 300 - hour, at)
        for hour in range(1, 300)
        if not 40 < hour < 60
    ]
    with transaction.atomic():
        observations.store(past)
    tell("bac-1", {"fillingLevel": 0.82, "batteryLevel": 0.05, "status": "lidOpen"}, seq=9)
    page = said(browser(people), f"{entity_id}/")
    for words in ("82%", "To watch", "lid open", "5.0%", "See as table", "the line is broken there"):
        assert words in page
    rows = list(
        csv.DictReader(
            io.StringIO(browser(people).get(f"{HERE}{entity_id}/series.csv").content.decode("utf-8-sig"))
        )
    )
    filled = [row for row in rows if row["mean"]]
    assert sum(int(row["readings"]) for row in rows) == len(past) + 1
    assert [row["mean"] for row in filled] == [value for value in page_values(page) if value]
    assert len(rows) - len(filled) >= 9  # the gap, and the days before the first reading


def page_values(page: str) -> list[str]:
    """The means as the chart reads them: the third number of each row."""
    body = page.partition("data-chart-table")[2].partition("</tbody>")[0]
    return [row.split('data-value="')[3].partition('"')[0] for row in body.split("<tr>")[2:]]


def test_what_is_forecast_is_told_and_goes_on_in_the_chart(people: People, valbelle: Valbelle) -> None:
    terms = ("waterLevel", "waterLevelForecast")
    fields = {term: twin.FieldDraft(term) for term in terms}
    gauge = bin_of(people, valbelle, "gauge", fields, kind="water-observed")
    start = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    expected = {"start": start.isoformat(), "every_s": 3600, "values": [1.5, 2.5, None, 3.5]}
    tell("gauge", {"waterLevel": 1.2})
    assert ">Forecast<" not in said(browser(people), f"{gauge}/")
    tell("gauge", {"waterLevelForecast": expected}, seq=2)
    for path in (f"{gauge}/", f"panel/{gauge}/"):
        page = said(browser(people), path)
        body = page.partition("data-chart-table")[2].partition("</tbody>")[0]
        assert "data-pattern>Forecast</th>" in body
        numbers = [row.rpartition('data-value="')[2].partition('"')[0] for row in body.split("<tr>")[2:]]
        found = [float(one) for one in numbers if one]
        assert found in ([1.5, 2.5, 3.5], [2.0, 3.5]), "by two hours, as the clock cuts them"
    assert "1.50 m to 3.50 m expected until" in said(browser(people), f"{gauge}/")
    csv_rows = browser(people).get(f"{HERE}{gauge}/series.csv").content.decode()
    assert "3.5" not in csv_rows, "what was told, not what is expected"


def test_a_value_out_of_bounds_is_shown_with_its_quality(people: People, valbelle: Valbelle) -> None:
    entity_id = bin_of(people, valbelle)
    tell("bac-1", {"fillingLevel": 0.4, "temperature": 500})
    page = said(browser(people), f"{entity_id}/")
    assert "outside its bounds" in page
    assert "lidOpen" not in page


def test_the_panel_says_the_same_as_the_page(people: People, valbelle: Valbelle) -> None:
    entity_id = bin_of(people, valbelle)
    tell("bac-1", {"fillingLevel": 0.97})
    panel = said(browser(people), f"panel/{entity_id}/")
    assert "In alarm" in panel
    assert "97%" in panel
    assert "<html" not in panel


@pytest.mark.parametrize("path", ["{id}/", "panel/{id}/", "{id}/series.csv"])
@pytest.mark.parametrize(
    ("who", "visibility", "status"),
    [
        ("reader", "own", 200),
        ("neighbour", "own", 404),
        ("neighbour", "shared", 200),
        ("nobody", "public", 403),
    ],
)
def test_a_thing_is_shown_to_those_it_is_meant_for(
    path: str, who: str, visibility: str, status: int, people: People, valbelle: Valbelle
) -> None:
    """A neighbour differs from a reader by the organisation only; shared differs from own by one word."""
    entity_id = bin_of(people, valbelle, visibility=twin.Visibility(visibility))
    tell("bac-1", {"fillingLevel": 0.5})
    client = browser(people, who)
    assert client.get(HERE + path.format(id=entity_id)).status_code == status
    if who != "nobody":
        for layout in ("", "?view=table"):
            listed = f'data-id="{entity_id}"' in client.get(HERE + layout).content.decode()
            assert listed == (status == 200)
        assert (entity_id in client.get(f"{HERE}points.json").json()["ids"]) == (status == 200)


def test_devices_of_others_are_not_told_on_the_page_of_a_shared_thing(
    people: People, valbelle: Valbelle
) -> None:
    entity_id = bin_of(people, valbelle, visibility=twin.Visibility.SHARED)
    assert "/live/devices/0" in said(browser(people), f"{entity_id}/")
    assert "/live/devices/0" not in said(browser(people, "neighbour"), f"{entity_id}/")


def test_a_thing_has_no_page_under_another_territory(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.access.models import TerritoryMembership
    from belvedere.domains.access.public import TerritoryRole
    from belvedere.domains.territory.models import Territory

    entity_id = bin_of(people, valbelle)
    other = Territory.objects.create(
        slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF", languages=["fr"]
    )
    TerritoryMembership.objects.create(
        person=people.governor, territory=other, role=TerritoryRole.ADMINISTRATOR
    )
    client = browser(people, "governor")
    assert client.get(f"{HERE}{entity_id}/").status_code == 200
    assert client.get(f"/cockpit/autre/live/things/{entity_id}/").status_code == 404
    assert client.get(f"/cockpit/autre/live/things/panel/{entity_id}/").status_code == 404
