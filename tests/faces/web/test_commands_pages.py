"""The pages of commands: what is shown, who may do what, and that a second person confirms."""

from __future__ import annotations

import html
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.commands import public as commands
from belvedere.domains.commands.public import State, Wanted
from belvedere.kernel.paging import Window
from tests.domains.commands.lamps import Lamps, ask, set_up
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/commands/"


def browser(people: People, who: str = "contributor") -> Client:
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


def newest(lamps: Lamps) -> UUID:
    return commands.commands(lamps.lead, lamps.territory.id, Wanted(), Window(0, 1)).rows[0].id


def test_from_the_lamp_to_the_command_and_its_course(people: People, lamps: Lamps) -> None:
    client = browser(people)
    form = f"{HERE}new/?thing={lamps.ids[0]}"
    assert form in said(client, f"/cockpit/valbelle/live/things/{lamps.ids[0]}/")
    assert "Set the light (0–100 %)" in said(client, form)
    wrong = client.post(form, {"kind": "dim", "value": "140", "why": "fête"})
    assert wrong.status_code == 422
    assert "Give a number from 0 to 100 %." in html.unescape(wrong.content.decode())
    assert 'value="fête"' in wrong.content.decode()
    answer = client.post(form, {"kind": "dim", "value": "40"})
    assert answer.status_code == 302
    page = said(client, answer["Location"])
    for told in ("Set the light: 40 %", "Rue de la Gare 1", "asked for", "Cancel the command"):
        assert told in page
    assert "1 command is on its way" in said(client, HERE)
    assert "Set the light" not in said(client, f"{HERE}?state=done")
    client.post(f"{HERE}{newest(lamps)}/cancel/")
    assert "cancelled" in said(client, f"{HERE}?state=cancelled")


def test_a_valve_waits_for_the_second_person(people: People, lamps: Lamps) -> None:
    asker, second = browser(people, "lead"), browser(people, "administrator")
    form = f"{HERE}new/?thing={lamps.meter}"
    assert "A second person has to confirm this" in said(asker, form)
    assert asker.post(form, {"kind": "valve", "value": "close"}).status_code == 422
    assert asker.post(form, {"kind": "valve", "value": "close", "why": "fuite"}).status_code == 302
    address = f"{HERE}{newest(lamps)}/"
    assert "Confirm and send" not in said(asker, address)
    assert asker.post(f"{address}confirm/").status_code == 409
    assert browser(people).post(f"{address}confirm/").status_code == 403  # may ask, not confirm
    assert "1 command waits for a second person" in said(second, HERE)
    assert "Confirm and send" in said(second, address)
    assert second.post(f"{address}confirm/").status_code == 302
    assert commands.command(lamps.lead, newest(lamps)).state is State.CONFIRMED


@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("neighbour", 404)])
def test_who_may_not_command_is_told_so(people: People, lamps: Lamps, who: str, status: int) -> None:
    made, client = ask(lamps), browser(people, who)
    form = f"{HERE}new/?thing={lamps.ids[0]}"
    assert client.get(form).status_code == status
    assert client.post(form, {"kind": "dim", "value": "40"}).status_code == status
    for verb in ("cancel", "confirm"):
        assert client.post(f"{HERE}{made}/{verb}/").status_code == status
    assert client.get(f"{HERE}{made}/").status_code == (200 if who == "reader" else 404)
    assert ("Rue de la Gare" in said(client, HERE)) is (who == "reader")
    assert commands.command(lamps.lead, made).state is State.REQUESTED


def test_all_lamps_under_a_cabinet_are_told_at_once(people: People, lamps: Lamps) -> None:
    from belvedere.domains.equipment import public as equipment
    from belvedere.domains.equipment.public import EquipmentDraft, Facts

    cabinet = EquipmentDraft(lamps.owner_id, Facts("cabinet", "Armoire"))
    under = [
        EquipmentDraft(lamps.owner_id, Facts("luminaire", f"L{one}", parent_id=cabinet.id, entity_id=one))
        for one in lamps.ids[:2]
    ]
    made = equipment.register_many(actor=lamps.lead, territory=lamps.territory, drafts=[cabinet, *under])
    client = browser(people)
    form = f"{HERE}new/?under={made[0]}"
    assert form in said(client, f"/cockpit/valbelle/equipment/{made[0]}/")
    assert "2 luminaires are told at once." in said(client, form)
    assert client.post(form, {"kind": "switch", "value": "off"}).status_code == 302
    assert commands.tallies(lamps.lead, lamps.territory.id) == {State.REQUESTED: 2}
    assert browser(people, "neighbour").get(form).status_code == 404
    assert browser(people, "reader").get(form).status_code == 403
