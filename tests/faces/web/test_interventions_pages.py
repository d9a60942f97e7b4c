"""The pages of interventions: planned, dispatched, done on a phone, verified; figures for both parties."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.access.models import Person
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import State
from belvedere.kernel.clock import now
from belvedere.kernel.identifiers import new_id
from tests.domains.interventions.examples import dispatched, electricians, planned
from tests.faces.web.plans_examples import english
from tests.lighting import Lighting
from tests.people import People

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/interventions/"


def browser(person: Any) -> Client:
    client = english()
    client.force_login(person)
    return client


def electrician(lighting: Lighting) -> Client:
    return browser(Person.objects.get(pk=lighting.electrician.person_id))


def sent(lighting: Lighting, intervention_id: Any, act: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "person": str(lighting.electrician.person_id),
        "intervention": str(intervention_id),
        "act": act,
        "at": now().isoformat(),
        **more,
    }


def post(client: Client, body: dict[str, Any]) -> Any:
    headers = {"Accept": "application/json"}
    return client.post(f"{HERE}field/act.json", json.dumps(body), "application/json", headers=headers)


def test_the_office_plans_dispatches_and_verifies(people: People, lighting: Lighting) -> None:
    team_id = electricians(lighting)
    client = browser(people.lead)
    form = {
        "what": "Rétablir l’armoire",
        "kind": "corrective",
        "priority": "3",
        "equipment": "ep-1",
        "team": str(team_id),
    }
    refused = client.post(f"{HERE}new/", {**form, "equipment": "EP-99"})
    assert (refused.status_code, "no equipment with this number" in refused.content.decode()) == (422, True)
    made = client.post(f"{HERE}new/", form)
    assert made.status_code == 302, made.content.decode()[:3000]
    page = client.get(made.url).content.decode()
    assert "Dispatch to Équipe 1" in page
    assert client.post(f"{made.url}act/", {"act": "cancel"}).status_code == 422  # without a word why
    assert client.post(f"{made.url}act/", {"act": "dispatch"}).status_code == 302
    page = client.get(made.url).content.decode()
    assert "Counted from the first dispatch" in page
    seen = client.get(f"{made.url}change/").content.decode()
    assert 'value="Rétablir l’armoire"' in seen
    listed = client.get(HERE, {"state": "dispatched", "team": str(team_id)}).content.decode()
    assert "Rétablir l’armoire" in listed
    assert "Rétablir" not in client.get(HERE, {"state": "verified"}).content.decode()


def test_the_phone_has_the_day_and_sends_what_was_done(people: People, lighting: Lighting) -> None:
    made = dispatched(lighting)
    client = electrician(lighting)
    page = client.get(f"{HERE}field/").content.decode()
    assert str(lighting.electrician.person_id) in page
    day = client.get(f"{HERE}field/day.json").json()
    assert [one["id"] for one in day["interventions"]] == [str(made)]
    body = sent(lighting, made, "accept")
    assert [post(client, body).json()["again"] for _ in range(2)] == [False, True]
    early = sent(lighting, made, "finish")
    assert post(client, early).json()["outcome"] == "refused"
    assert client.get(f"{HERE}field/day.json").json()["refused"][0]["id"] == early["id"]
    office = browser(people.lead)
    assert "Could not be taken from the phone" in office.get(f"{HERE}{made}/").content.decode()
    assert office.post(f"{HERE}{made}/kept/{early['id']}/settle/").status_code == 302
    assert "Could not be taken" not in office.get(f"{HERE}{made}/").content.decode()
    assert interventions.intervention(lighting.lead, made).row.state is State.ACCEPTED


def test_a_phone_of_somebody_else_and_a_broken_one_are_refused(lighting: Lighting) -> None:
    made = dispatched(lighting)
    body = sent(lighting, made, "accept")
    rival = browser(Person.objects.get(pk=lighting.rival.person_id))
    assert post(rival, body).status_code == 409
    assert post(electrician(lighting), {**body, "after": str(new_id())}).status_code == 409
    assert post(electrician(lighting), {**body, "at": "gestern"}).status_code == 422
    assert post(english(), body).status_code == 403  # nobody is signed in: the phone keeps it
    assert rival.get(f"{HERE}{made}/").status_code == 404


def test_both_parties_read_the_same_figures_and_no_other(people: People, lighting: Lighting) -> None:
    dispatched(lighting)
    pages = [
        one.get(f"{HERE}contracts/figures.csv", {"contract": str(lighting.contract_id)}).content
        for one in (browser(people.lead), electrician(lighting))
    ]
    assert pages[0].count(b"\r\n") == 2
    assert pages[0] == pages[1]
    shown = electrician(lighting).get(f"{HERE}contracts/").content.decode()
    assert "Lumelec kept all times of the contract" in shown
    rival = browser(Person.objects.get(pk=lighting.rival.person_id))
    assert "No contract to show" in rival.get(f"{HERE}contracts/").content.decode()


def test_teams_lists_and_maintenance_are_set_up_by_who_may(people: People, lighting: Lighting) -> None:
    client = browser(people.lead)
    here = {"organisation": str(lighting.owner_id)}
    members = [str(people.contributor.pk)]
    made = client.post(f"{HERE}setup/", {**here, "form": "team", "name": "Voirie", "people": members})
    assert made.status_code == 302
    again = client.post(f"{HERE}setup/", {**here, "form": "team", "name": "voirie", "people": members})
    assert (again.status_code, "has this name already" in again.content.decode()) == (422, True)
    (team,) = interventions.teams(lighting.lead, lighting.territory.id)
    rate = f"{HERE}setup/teams/{team.id}/rate/"
    said = client.post(rate, {**here, "hourly": "98,50"}, follow=True).content.decode()
    assert 'value="98.50"' in said and "keeps its rate" in said
    assert "is not an amount" in client.post(rate, {"hourly": "cher"}, follow=True).content.decode()
    assert "less than 10" in client.post(rate, {"hourly": "99999"}, follow=True).content.decode()
    for who, status in ((people.reader, 403), (Person.objects.get(pk=lighting.rival.person_id), 403)):
        assert browser(who).post(rate, {"hourly": "1"}).status_code == status
    assert Client().post(rate, {"hourly": "1"}).status_code == 302  # to the page where one signs in
    assert 'value="98.50"' in client.get(f"{HERE}setup/").content.decode()
    points = {**here, "form": "checklist", "equipment_kind": "cabinet", "points": "Baliser\n\nFermer"}
    assert client.post(f"{HERE}setup/", points).status_code == 302
    plan = {
        **here,
        "form": "preventive",
        "what": "Contrôle",
        "owner": str(lighting.owner_id),
        "equipment_kind": "cabinet",
        "every_months": "12",
        "first_on": "2099-01-31",
        "lead_days": "14",
    }
    assert client.post(f"{HERE}setup/", plan).status_code == 302
    page = client.get(f"{HERE}setup/").content.decode()
    assert all(word in page for word in ("Voirie", "Baliser", "every 12 months"))
    need = {**here, "form": "need", "what": "Nettoyer", "owner": str(lighting.owner_id)}
    need |= {"equipment_kind": "cabinet", "counter": "energyConsumed", "every": "1 000,5"}
    wrong = client.post(f"{HERE}setup/", need | {"every": "beaucoup"})
    assert (wrong.status_code, "Write a number" in wrong.content.decode()) == (422, True)
    assert client.post(f"{HERE}setup/", need).status_code == 302
    (plan,) = interventions.need_plans(lighting.lead, lighting.territory.id)
    assert (plan.counter, plan.every, plan.rule_id) == ("energyConsumed", 1000.5, None)
    page = client.get(f"{HERE}setup/").content.decode()
    assert "each time “Energy consumed” went on by 1,001 kWh" in page.replace("\N{NO-BREAK SPACE}", " ")
    stop = f"{HERE}setup/needs/{plan.id}/stop/"
    assert browser(people.reader).post(stop).status_code in (403, 404)
    assert interventions.need_plans(lighting.lead, lighting.territory.id)[0].is_running
    assert client.post(stop).status_code == 302
    assert not interventions.need_plans(lighting.lead, lighting.territory.id)[0].is_running
    cabinet = planned(lighting)
    assert len(interventions.intervention(lighting.lead, cabinet).points) == 2
    reader = browser(people.reader).get(f"{HERE}setup/").content.decode()
    assert "Make the team" not in reader
    posted = browser(people.reader).post(f"{HERE}setup/", {**here, "form": "team", "name": "Pirates"})
    assert "Pirates" not in {one.name for one in interventions.teams(lighting.lead, lighting.territory.id)}
    assert posted.status_code != 302
