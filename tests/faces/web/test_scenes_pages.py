"""The pages of scenes: writing, switching, exceptions, the order, the ledger; and who is refused."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from belvedere.domains.commands import public as commands
from belvedere.domains.scenes import public as scenes
from belvedere.domains.territory.models import Territory
from belvedere.kernel.clock import now
from tests.domains.commands.lamps import Lamps, set_up
from tests.domains.scenes.examples import switched_on, written
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/scenes/"


def browser(people: People, who: str = "lead") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


@pytest.fixture
def lamps(people: People, valbelle: Valbelle) -> Lamps:
    return set_up(people, valbelle)


def typed(lamps: Lamps, **more: Any) -> dict[str, Any]:
    steps = [("sunset", "", "100"), ("clock", "23:00", "30"), ("sunrise", "-10", "0")]
    found: dict[str, Any] = {
        "name": "Rue de la Gare",
        "owner": str(lamps.owner_id),
        "days0": [1, 2, 3, 4, 5, 6, 7],
    }
    for number, (by, at, value) in enumerate(steps):
        found |= {f"by0_{number}": by, f"at0_{number}": at, f"value0_{number}": value}
    figures = {"lamp_w": "40", "price": "0,27", "grams": "128", "source": "facture 2025", "before": "100"}
    return {**found, **figures, **more}


def only(lamps: Lamps) -> UUID:
    return scenes.scenes(lamps.lead, lamps.territory)[0].id


def test_from_a_preset_to_a_scene_that_is_on(people: People, lamps: Lamps) -> None:
    client = browser(people)
    assert "No scene yet" in said(client, HERE)
    form = said(client, f"{HERE}new/dimmed/")
    assert "Set the light (0–100 %)" in form and "Installed power of a lamp (W)" in form
    wrong = client.post(f"{HERE}new/dimmed/", typed(lamps, at0_1="25h99", name="Rue de la Gare, basse"))
    assert wrong.status_code == 422
    page = html.unescape(wrong.content.decode())
    assert "Write an hour like 22:00." in page and 'value="Rue de la Gare, basse"' in page
    assert 'value="25h99"' in page
    answer = client.post(f"{HERE}new/dimmed/", typed(lamps))
    assert answer.status_code == 302, answer.content
    address = answer["Location"]
    page = said(client, address)
    for told in (
        "The coming week, once it is on",
        "23:00 30",
        "10 min before sunrise",
        "In a year",
        "0.2700",
    ):
        assert told in page, told
    assert client.post(f"{address}switch/", {"to": "on"}).status_code == 302
    scenes.ask_due(now())
    page = said(client, address)
    assert "What was asked, and what was answered" in page and "Rue de la Gare 1" in page
    assert "1 scene is followed" in said(client, HERE)
    changed = client.post(f"{address}change/", typed(lamps, version="1", value0_1="20"))
    assert changed.status_code == 302
    assert client.post(f"{address}change/", typed(lamps, version="1")).status_code == 422
    assert client.post(f"{address}switch/", {"to": "off"}).status_code == 302
    assert client.post(f"{address}remove/").status_code == 302
    assert "No scene yet" in said(client, HERE)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"value0_1": "140"}, "Give a number from 0 to 100 %."),
        ({"days0": []}, "Choose days of the week."),
        ({"days0": [1, 8]}, "Say which public holidays are meant."),
        ({"first0": "01.11", "last0": ""}, "Write a day of the year like 01.11."),
        ({"at0_2": "tard"}, "Write minutes like 15, or -15 for before."),
        ({"price": "cher"}, "Give the price of a kWh, from 0 to 10."),
        ({"value0_0": "", "value0_1": "", "value0_2": ""}, "Write 1 to 12 steps."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    people: People, lamps: Lamps, more: dict[str, Any], told: str
) -> None:
    answer = browser(people).post(f"{HERE}new/dimmed/", typed(lamps, **more))
    assert answer.status_code == 422
    assert told in html.unescape(answer.content.decode())


def test_a_second_programme_for_the_week_end_in_winter(people: People, lamps: Lamps) -> None:
    second = {"days1": [6, 7, 8], "calendar": "CH-VS", "by1_0": "sunset", "at1_0": "+15", "value1_0": "80"}
    second |= {"days0": [1, 2, 3, 4, 5], "first1": "01.11", "last1": "31.3."}
    client = browser(people)
    answer = client.post(f"{HERE}new/dimmed/", typed(lamps, **second))
    assert answer.status_code == 302, answer.content
    page = said(client, answer["Location"])
    assert "Saturday and Sunday and public holidays, from 01.11. to 31.03." in page
    form = said(client, f"{answer['Location']}change/")
    assert 'value="+15"' in form and 'value="31.03"' in form


def test_by_hand_and_an_event(people: People, lamps: Lamps) -> None:
    made = switched_on(lamps)
    client = browser(people, "contributor")
    address = f"{HERE}{made}/"
    until = (now() + timedelta(hours=2)).astimezone(ZoneInfo("Europe/Zurich")).strftime("%Y-%m-%dT%H:%M")
    wrong = client.post(f"{address}by-hand/", {"value": "900", "until": until, "why": "accident"})
    assert wrong.status_code == 422 and 'value="accident"' in wrong.content.decode()
    told = {"value": "90", "until": until, "street": "gare 2", "why": "accident"}
    assert client.post(f"{address}by-hand/", told).status_code == 302
    assert "accident" in said(client, address)
    assert client.get(f"{address}exceptions/new/").status_code == 403
    lead = browser(people)
    day = (now() + timedelta(days=3)).date().isoformat()
    event = {
        "why": "carnaval",
        "value": "100",
        "first": day,
        "last": day,
        "begin_by": "sunset",
        "end_by": "clock",
    }
    assert "For an event" in said(lead, f"{address}exceptions/new/")
    assert lead.post(f"{address}exceptions/new/", {**event, "end": "?"}).status_code == 422
    assert lead.post(f"{address}exceptions/new/", {**event, "end": "02:00"}).status_code == 302
    assert "carnaval" in said(lead, address)
    for one in scenes.scene(lamps.lead, lamps.territory, made).overrides:
        assert lead.post(f"{address}exceptions/{one.id}/end/").status_code == 302
    assert "carnaval" not in said(lead, address)


def test_the_order_is_in_the_language_of_the_territory(people: People, lamps: Lamps) -> None:
    made = written(lamps)
    page = said(browser(people), f"{HERE}{made}/order/")
    assert 'lang="fr"' in page and "Article 1" in page
    assert "L. 2212-2" not in page  # of Switzerland
    Territory.objects.update(country="FR")
    assert "L. 2212-2" in said(browser(people), f"{HERE}{made}/order/")


def test_the_ledger_on_a_page_and_as_a_sheet(people: People, lamps: Lamps) -> None:
    client = browser(people)
    assert "Nothing in the ledger yet" in said(client, f"{HERE}ledger/")
    entry = {
        "title": "=LED", "owner": str(lamps.owner_id), "first": "2025-01-01", "last": "2025-12-31",
        "before_kwh": "12000", "after_kwh": "4500", "price": "0.27", "grams": "128", "spent": "38000",
        "confidence": "measured", "source": "compteur",
    }  # fmt: skip
    assert "Used before (kWh)" in said(client, f"{HERE}ledger/new/")
    assert client.post(f"{HERE}ledger/new/", {**entry, "last": "2024-12-31"}).status_code == 422
    assert client.post(f"{HERE}ledger/new/", entry).status_code == 302
    assert "7,500 kWh and 2,025 CHF saved" in said(client, f"{HERE}ledger/").replace("\u00a0", " ")
    sheet = client.get(f"{HERE}ledger.csv").content.decode()
    assert "'=LED;" in sheet and ";7500.00;2025.00;CHF;960.00;38000.00;" in sheet
    line = scenes.ledger(lamps.lead, lamps.territory)[0]
    assert browser(people, "contributor").post(f"{HERE}ledger/{line.entry_id}/remove/").status_code == 403
    assert client.post(f"{HERE}ledger/{line.entry_id}/remove/").status_code == 302


def test_who_may_not(people: People, lamps: Lamps) -> None:
    made = switched_on(lamps)
    for who, status in (("contributor", 403), ("reader", 403)):
        client = browser(people, who)
        said(client, f"{HERE}{made}/")
        for path in ("new/dimmed/", f"{made}/change/", f"{made}/exceptions/new/", "ledger/new/"):
            assert client.get(HERE + path).status_code == status, path
        for path in (f"{made}/switch/", f"{made}/remove/"):
            assert client.post(HERE + path, {"to": "off"}).status_code == status, path
    assert browser(people, "reader").post(f"{HERE}{made}/by-hand/", {"value": "1"}).status_code == 403
    neighbour = browser(people, "neighbour")
    for path in ("", "change/", "order/", "exceptions/new/"):
        assert neighbour.get(f"{HERE}{made}/{path}").status_code == 404, path
    for path in ("switch/", "remove/", "by-hand/", "exceptions/1/end/"):
        assert neighbour.post(f"{HERE}{made}/{path}").status_code == 404, path
    assert "Rue de la Gare" not in said(neighbour, f"{HERE}ledger/")
    assert english().get(f"{HERE}{made}/").status_code == 302


def test_a_limit_is_set_on_a_page(people: People, lamps: Lamps) -> None:
    client = browser(people)
    address = f"/cockpit/valbelle/commands/limits/{lamps.ids[0]}/"
    assert address in said(client, f"/cockpit/valbelle/commands/new/?thing={lamps.ids[0]}")
    assert "Not less than" in said(client, address)
    wrong = client.post(address, {"kind": "dim", "low": "80", "high": "20", "why": "passage"})
    assert wrong.status_code == 422
    assert "The least is not more than the most." in html.unescape(wrong.content.decode())
    assert client.post(address, {"kind": "dim", "low": "60", "high": "", "why": "passage"}).status_code == 302
    limit = commands.limit_of(lamps.ids[0], "dim")
    assert limit is not None and (limit.low, limit.high, limit.why) == (60, None, "passage")
    assert 'value="60' in said(client, address)
    assert client.post(address, {"kind": "dim", "low": "", "high": "", "why": ""}).status_code == 302
    assert commands.limit_of(lamps.ids[0], "dim") is None
    assert browser(people, "contributor").get(address).status_code == 403
    assert browser(people, "contributor").post(address, {"kind": "dim"}).status_code == 403
    assert browser(people, "neighbour").get(address).status_code == 404
