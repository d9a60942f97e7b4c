"""From the map to the proof and back: each page of the chain leads to its neighbours, and no further than
its reader may see."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from belvedere.domains.access.models import Person
from belvedere.domains.interventions import public as interventions
from tests.domains.commands.lamps import ask
from tests.faces.rest.supervision import Supervised, supervise
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle"


@pytest.fixture
def chain(valbelle: Valbelle, people: People, lighting: Lighting) -> Supervised:
    made = supervise(valbelle, people, lighting)
    draft = interventions.Draft(interventions.Facts("Changer la lampe"), alarm_id=made.alarm_id)
    interventions.plan(actor=lighting.lead, territory=lighting.territory, draft=draft)
    return made


def links(client: Client, path: str) -> set[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return set(re.findall(r'href="([^"#]+)', answer.content.decode()))


def test_each_page_of_the_chain_leads_to_the_next(
    chain: Supervised, lighting: Lighting, people: People
) -> None:
    client = Client()
    client.force_login(people.lead)
    thing, lamp = f"{HERE}/live/things/{chain.thing_id}/", f"{HERE}/equipment/{lighting.lamps[0]}/"
    alarm, job = f"{HERE}/alarms/{chain.alarm_id}/", f"{HERE}/interventions/{chain.intervention_id}/"
    command = f"{HERE}/commands/{chain.command_id}/"
    of_thing, of_lamp = links(client, thing), links(client, lamp)
    assert {lamp, alarm, job, command, f"{HERE}/scenes/ledger/"} <= of_thing
    assert {thing, alarm, job, command, f"{HERE}/equipment/contracts/{lighting.contract_id}/"} <= of_lamp
    [planned] = [
        one
        for one in links(client, alarm)
        if one.startswith(f"{HERE}/interventions/") and one.count("-") == 4
    ]
    assert {lamp, thing, command} <= links(client, alarm)
    assert {lamp, thing, alarm, command} <= links(client, planned)
    assert {lamp, thing, command} <= links(client, job)
    assert thing in links(client, command)
    assert job in links(client, f"{HERE}/scenes/ledger/")
    assert {lamp, planned, command} <= links(client, f"{alarm}panel/")


def test_who_may_not_see_a_neighbour_is_not_led_there(chain: Supervised, lighting: Lighting) -> None:
    client = Client()
    client.force_login(Person.objects.get(email="lumelec@example.org"))
    shown = client.get(f"{HERE}/equipment/{lighting.lamps[0]}/")
    text = shown.content.decode()
    assert f"/interventions/{chain.intervention_id}/" in text
    assert f"/alarms/{chain.alarm_id}/" not in text
    assert f"/commands/{chain.command_id}/" not in text
    job = client.get(f"{HERE}/interventions/{chain.intervention_id}/").content.decode()
    assert "Lampes remplacées" not in job  # the ledger is the owner's


def test_more_neighbours_ask_no_more_of_the_database(
    chain: Supervised, lighting: Lighting, people: People
) -> None:
    client = Client()
    client.force_login(people.lead)

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as done:
            assert client.get(path).status_code == 200
        return len(done)

    paths = [f"{HERE}/live/things/{chain.thing_id}/", f"{HERE}/alarms/{chain.alarm_id}/"]
    before = [asked(path) for path in paths]
    for number in range(4):
        ask(chain.lamps, 10 + number)
        draft = interventions.Draft(interventions.Facts(f"Encore {number}"), alarm_id=chain.alarm_id)
        interventions.plan(actor=lighting.lead, territory=lighting.territory, draft=draft)
    # each step of the alarm's own timeline tells its person: names are read at once
    assert [asked(path) for path in paths] == before


def test_what_an_intervention_saved_is_entered_from_its_page(
    chain: Supervised, lighting: Lighting, people: People
) -> None:
    interventions.finish(actor=lighting.electrician, intervention_id=chain.intervention_id, note="Fini")
    client = Client()
    client.force_login(people.lead)
    page = f"{HERE}/interventions/{chain.intervention_id}/"
    entry = f"{HERE}/scenes/ledger/new/?intervention={chain.intervention_id}"
    assert entry in links(client, page)
    begun = client.get(entry).content.decode()
    assert 'value="Rétablir l’armoire"' in begun
    said = {
        "title": "Armoire rétablie",
        "owner": str(lighting.owner_id),
        "first": "2026-05-01",
        "last": "2026-05-31",
        "before_kwh": "900",
        "after_kwh": "300",
        "price": "0.25",
        "grams": "128",
        "spent": "480",
        "confidence": "measured",
        "source": "compteur",
    }
    assert client.post(entry, said).status_code == 302
    assert "Armoire rétablie" in client.get(page).content.decode()
    client.force_login(people.contributor)
    assert entry not in links(client, page)
