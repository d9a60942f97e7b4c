"""The board of interventions: days and teams, who moves what, and what is refused with a sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.access.models import Person
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.models import Intervention
from belvedere.kernel.clock import now, today
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.severity import Severity
from tests.domains.interventions.examples import dispatched, electricians, planned
from tests.faces.web.test_interventions_pages import HERE, browser
from tests.lighting import Lighting
from tests.people import People

pytestmark = pytest.mark.django_db
BOARD = f"{HERE}board/"


def row(lighting: Lighting, made: UUID) -> interventions.Row:
    return interventions.intervention(lighting.lead, made).row


def move(client: Client, made: UUID, **said: Any) -> Any:
    return client.post(f"{HERE}{made}/move/", {key: str(value) for key, value in said.items()})


def test_cards_stand_in_the_column_of_their_day_and_are_moved(people: People, lighting: Lighting) -> None:
    team_id = electricians(lighting)
    here = today(lighting.territory.zone)
    made = planned(lighting, equipment_id=lighting.alone)
    other = planned(lighting, team_id, planned_on=here + timedelta(days=1), order=4, what="Changer la lampe")
    client = browser(people.lead)
    page = client.get(BOARD).content.decode()
    assert "1 intervention waits for a day" in page
    free, tomorrow = page.index('id="col-none"'), page.index(f'id="col-{here + timedelta(days=1)}"')
    assert free < page.index(f'id="card-{made}"') < tomorrow < page.index(f'id="card-{other}"')
    # The luminaire has no contract: the contractor's team is not offered for it.
    assert f'id="team-{other}"' in page
    offered = page[page.index(f'id="card-{made}"') : tomorrow]
    assert str(team_id) not in offered
    answer = move(client, made, day=here + timedelta(days=1), team="", version=row(lighting, made).version)
    assert answer.status_code == 302
    assert answer.url.startswith(BOARD) and answer.url.endswith(f"#card-{made}")
    assert row(lighting, made).planned_on == here + timedelta(days=1)
    assert "Each open intervention has its day" in client.get(BOARD).content.decode()
    filtered = client.get(BOARD, {"team": str(team_id)}).content.decode()
    assert f"card-{other}" in filtered
    assert f"card-{made}" not in filtered


def test_a_team_gets_it_with_the_day_and_after_its_other_visits(people: People, lighting: Lighting) -> None:
    team_id = electricians(lighting)
    here = today(lighting.territory.zone)
    planned(lighting, team_id, planned_on=here, order=3)
    made = planned(lighting)
    moved = move(browser(people.lead), made, day=here, team=team_id, version=row(lighting, made).version)
    assert moved.status_code == 302
    seen = row(lighting, made)
    assert (seen.team_id, seen.planned_on, seen.order) == (team_id, here, 4)


def test_what_was_changed_meanwhile_is_not_overwritten(people: People, lighting: Lighting) -> None:
    here = today(lighting.territory.zone)
    made = planned(lighting)
    seen = row(lighting, made).version
    client = browser(people.lead)
    assert move(client, made, day=here, version=seen).status_code == 302
    again = move(client, made, day=here + timedelta(days=2), version=seen)
    page = again.content.decode()
    assert again.status_code == 409
    assert "Somebody changed" in page
    assert "stays where they put it" in page
    assert row(lighting, made).planned_on == here
    assert f'name="version" value="{row(lighting, made).version}"' in page  # as it is now: it can be moved


def test_a_day_or_team_that_cannot_be_is_refused_with_a_sentence(people: People, lighting: Lighting) -> None:
    here = today(lighting.territory.zone)
    made = planned(lighting, equipment_id=lighting.alone)
    contractors = electricians(lighting)
    client = browser(people.lead)
    version = row(lighting, made).version
    for said, sentence in (
        ({"day": "2026-13-40"}, "Choose a day of the list."),
        ({"day": here - timedelta(days=1)}, "This day is over."),
        ({"day": here, "team": "les bleus"}, "Choose a team of the list."),
        ({"day": here, "team": new_id()}, "Choose a team of the organisation itself"),
        ({"day": here, "team": contractors}, "Choose a team of the organisation itself"),
        ({"day": here, "version": "x"}, "Open the board anew"),
    ):
        answer = move(client, made, **{"version": version, **said})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), said
    assert (row(lighting, made).planned_on, row(lighting, made).version) == (None, version)


def test_what_is_over_stands_first_and_one_with_a_team_keeps_it(people: People, lighting: Lighting) -> None:
    here = today(lighting.territory.zone)
    made = dispatched(lighting, planned_on=here - timedelta(days=3))
    client = browser(people.lead)
    page = client.get(BOARD).content.decode()
    assert "1 intervention is open though its day is over" in page
    assert page.index('id="col-over"') < page.index(f'id="card-{made}"') < page.index('id="col-none"')
    assert f'id="team-{made}"' not in page
    # Its day may be kept, though it is over.
    kept = move(client, made, day=here - timedelta(days=3), version=row(lighting, made).version)
    assert kept.status_code == 302
    assert move(client, made, day=here, version=row(lighting, made).version).status_code == 302
    later = client.get(BOARD, {"from": (here + timedelta(days=7)).isoformat()}).content.decode()
    assert f"card-{made}" not in later
    assert client.get(BOARD, {"from": "hier", "team": "x"}).status_code == 200


def test_who_may_not_plan_reads_and_moves_nothing(people: People, lighting: Lighting) -> None:
    made = dispatched(lighting, planned_on=today(lighting.territory.zone))
    electrician = browser(Person.objects.get(pk=lighting.electrician.person_id))
    page = electrician.get(BOARD).content.decode()
    assert f"card-{made}" in page
    assert 'draggable="true"' not in page
    said = {"day": "", "version": row(lighting, made).version}
    assert move(electrician, made, **said).status_code == 403
    rival = browser(Person.objects.get(pk=lighting.rival.person_id))
    assert f"card-{made}" not in rival.get(BOARD).content.decode()
    assert move(rival, made, **said).status_code == 404
    assert move(browser(people.reader), made, **said).status_code == 403
    assert move(Client(), made, **said).status_code == 302  # to the page where one signs in
    assert row(lighting, made).version == said["version"]


def test_the_board_is_narrowed_by_words_urgency_and_lateness(people: People, lighting: Lighting) -> None:
    made = planned(lighting, what="Redresser le mât", priority=Severity.CRITICAL)
    other = dispatched(lighting)
    client = browser(people.lead)

    def shown(**said: str) -> list[bool]:
        page = client.get(BOARD, said).content.decode()
        return [f"card-{one}" in page for one in (made, other)]

    assert shown() == [True, True]
    assert shown(q="mat redresser") == [True, False]
    assert shown(urgency=str(Severity.CRITICAL.value)) == [True, False]
    assert shown(late="1") == [False, False]
    Intervention.objects.filter(pk=other).update(due_acknowledge=now() - timedelta(hours=1))
    assert shown(late="1") == [False, True]
    nothing = client.get(BOARD, {"q": "nirgends"}).content.decode()
    assert "No open intervention in this choice" in nothing
    # A card moved from a narrowed board comes back to the same choice.
    answer = client.post(
        f"{HERE}{made}/move/?q=redresser&urgency=4&late=1",
        {"day": "", "team": "", "version": str(row(lighting, made).version)},
    )
    assert "q=redresser&urgency=4&late=1#card-" in answer.url


def test_a_team_is_sent_out_from_the_board_once(people: People, lighting: Lighting) -> None:
    made, nobodys = planned(lighting, electricians(lighting)), planned(lighting)
    client = browser(people.lead)
    page = client.get(BOARD).content.decode()
    assert [f"{one}/send/" in page for one in (made, nobodys)] == [True, False]
    answer = client.post(f"{HERE}{made}/send/")
    assert (answer.status_code, answer.url.endswith(f"#card-{made}")) == (302, True)
    assert row(lighting, made).state is interventions.State.DISPATCHED
    page = client.get(BOARD).content.decode()
    assert "is dispatched to Équipe 1" in page
    assert f"{made}/send/" not in page
    assert client.post(f"{HERE}{made}/send/").status_code == 409
    missing = client.post(f"{HERE}{nobodys}/send/")
    assert (missing.status_code, "Choose the team first." in missing.content.decode()) == (422, True)


def test_neither_the_contractor_nor_a_stranger_sends_a_team_out(lighting: Lighting) -> None:
    made = planned(lighting, electricians(lighting))
    for who, status in ((lighting.electrician, 403), (lighting.rival, 404)):
        client = browser(Person.objects.get(pk=who.person_id))
        assert f"{made}/send/" not in client.get(BOARD).content.decode()
        assert client.post(f"{HERE}{made}/send/").status_code == status
    assert row(lighting, made).state is interventions.State.PLANNED
