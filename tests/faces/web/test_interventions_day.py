"""A team's day: numbered on the map, a shorter order taken, one visit moved by hand, others refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.access.models import Person
from belvedere.domains.interventions import public as interventions
from belvedere.kernel.clock import today
from belvedere.kernel.identifiers import new_id
from tests.domains.interventions.examples import electricians, planned
from tests.faces.web.test_interventions_pages import HERE, browser
from tests.lighting import Lighting
from tests.people import People
from tests.roads import lay_roads

pytestmark = pytest.mark.django_db
DAY = f"{HERE}day/"
SPOTS = [(7.50, 46.2), (7.54, 46.2), (7.51, 46.2), (7.53, 46.2)]


def a_day(lighting: Lighting) -> tuple[dict[str, str], list[UUID]]:
    """A team's day of today with four visits in a long order: its address, the visits."""
    team_id, day = electricians(lighting), today(lighting.territory.zone)
    made = [planned(lighting, team_id, at=spot, planned_on=day, order=at) for at, spot in enumerate(SPOTS, 1)]
    return {"team": str(team_id), "day": day.isoformat()}, made


def order(client: Client, asked: dict[str, str], seen: list[UUID], **said: Any) -> Any:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    posted = {"seen": ",".join(map(str, seen)), **{key: str(value) for key, value in said.items()}}
    return client.post(f"{DAY}order/?{query}", posted)


def stands(lighting: Lighting, asked: dict[str, str]) -> list[UUID]:
    found = interventions.propose_day(
        lighting.lead, lighting.territory.id, UUID(asked["team"]), today(lighting.territory.zone)
    )
    return [one.id for one in found.rows]


def drawn(page: str, name: str) -> Any:
    found = re.search(f'<script id="{name}" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_visits_are_numbered_and_a_shorter_order_is_taken(people: People, lighting: Lighting) -> None:
    asked, made = a_day(lighting)
    client = browser(people.lead)
    page = client.get(DAY, asked).content.decode()
    assert "Équipe 1 has 4 visits on" in page
    assert "3.1 km instead of 6.9 km in another order: 3.8 km less" in page
    assert "Measured on straight lines" in page
    points = drawn(page, "day-points")
    assert (points["ids"], points["prio"]) == ([str(one) for one in made], ["#1", "#2", "#3", "#4"])
    line = drawn(page, "day-line")["features"][0]["geometry"]
    assert [tuple(one) for one in line["coordinates"]] == SPOTS
    taken = order(client, asked, made, take=1)
    assert (taken.status_code, taken.url.startswith(DAY)) == (302, True)
    assert stands(lighting, asked) == [made[0], made[2], made[3], made[1]]
    after = client.get(taken.url).content.decode()
    assert "no order was found that is shorter" in after
    assert "Take this order" not in after


def test_a_visit_goes_up_and_down_by_hand(people: People, lighting: Lighting) -> None:
    asked, made = a_day(lighting)
    one, two, three, four = made
    client = browser(people.lead)
    assert order(client, asked, made, up=three).status_code == 302
    assert stands(lighting, asked) == [one, three, two, four]
    assert order(client, asked, [one, three, two, four], down=one).status_code == 302
    assert stands(lighting, asked) == [three, one, two, four]
    for said in ({"up": three}, {"down": four}, {"up": new_id()}, {"up": "x"}, {}):
        assert order(client, asked, [three, one, two, four], **said).status_code == 422
    assert stands(lighting, asked) == [three, one, two, four]


def test_a_day_changed_meanwhile_keeps_its_order(people: People, lighting: Lighting) -> None:
    asked, made = a_day(lighting)
    client = browser(people.lead)
    interventions.cancel(actor=lighting.lead, intervention_id=made[3], why="Déjà réparé")
    for said in ({"take": 1}, {"up": made[1]}):
        answer = order(client, asked, made, **said)
        assert (answer.status_code, "Somebody changed this day" in answer.content.decode()) == (409, True)
    assert stands(lighting, asked) == made[:3]


def test_who_does_not_plan_sees_the_order_and_leaves_it(people: People, lighting: Lighting) -> None:
    asked, made = a_day(lighting)
    electrician = browser(Person.objects.get(pk=lighting.electrician.person_id))
    page = electrician.get(DAY, asked).content.decode()
    assert "6.9 km" in page
    assert "Take this order" not in page
    assert 'name="up"' not in page
    for client, status in (
        (electrician, 403),
        (browser(people.reader), 403),
        (browser(Person.objects.get(pk=lighting.rival.person_id)), 404),
        (Client(), 302),  # to the page where one signs in
    ):
        assert order(client, asked, made, take=1).status_code == status
        assert order(client, asked, made, up=made[1]).status_code == status
    assert stands(lighting, asked) == made


def test_another_day_or_team_is_told_in_a_sentence(people: People, lighting: Lighting) -> None:
    asked, _made = a_day(lighting)
    client = browser(people.lead)
    assert "has no open visit on" in client.get(DAY, {**asked, "day": "2031-01-05"}).content.decode()
    assert client.get(DAY, {"day": "hier"}).status_code == 200
    assert client.get(DAY, {"team": str(new_id())}).status_code == 404
    assert client.get(DAY, {"team": "x"}).status_code == 404


def test_where_roads_are_known_the_day_follows_them(
    people: People, lighting: Lighting, tmp_path: Path
) -> None:
    """Both banks have a road, the bridge is in the east; no road leads up the mountain."""
    lay_roads(
        lighting.territory.id,
        tmp_path,
        south=[(7.50, 46.2), (7.56, 46.2)],
        bridge=[(7.56, 46.2), (7.56, 46.203)],
        north=[(7.50, 46.203), (7.56, 46.203)],
    )
    team_id, day = electricians(lighting), today(lighting.territory.zone)
    asked = {"team": str(team_id), "day": day.isoformat()}
    spots = [(7.50, 46.2), (7.50, 46.203), (7.55, 46.2)]
    made = [planned(lighting, team_id, at=spot, planned_on=day, order=at) for at, spot in enumerate(spots, 1)]
    client = browser(people.lead)
    page = client.get(DAY, asked).content.decode()
    assert "Measured along the roads of the territory." in page
    assert "straight line" not in page
    assert "9.6 km instead of" in page
    assert [7.56, 46.203] in drawn(page, "day-line")["features"][0]["geometry"]["coordinates"]
    assert order(client, asked, made, take=1).status_code == 302
    assert stands(lighting, asked) == [made[0], made[2], made[1]]
    planned(lighting, team_id, at=(7.53, 46.3), planned_on=day, order=4)
    page = client.get(DAY, asked).content.decode()
    assert "1 of 3 legs is a straight line" in page
    assert "/networks/" in page
