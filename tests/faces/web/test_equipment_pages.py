"""The pages of the register: who sees what, forms that keep what was typed, labels and their address."""

from __future__ import annotations

import html
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.access.models import Person
from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.models import Contract, Equipment
from belvedere.domains.equipment.public import State, Wanted
from belvedere.domains.twin import public as twin
from tests.faces.web.plans_examples import english
from tests.lighting import Lighting
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/equipment/"
POINT = json.dumps({"type": "Point", "coordinates": [7.36, 46.23]})
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 30 + b"IEND\xaeB`\x82"


def browser(person: Any) -> Client:
    client = english()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def typed(valbelle: Valbelle, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "pump",
        "name": "Pompe du bisse",
        "owner": str(valbelle.montaigu.pk),
        "number": "",
        "geometry": POINT,
        "parent": "",
        "thing": "",
        "contract": "",
        **changed,
    }


def test_equipment_is_registered_seen_and_changed(
    lighting: Lighting, people: People, valbelle: Valbelle
) -> None:
    client = browser(people.contributor)
    made = client.post(
        f"{HERE}new/",
        typed(valbelle, parent="EP-1", contract=str(lighting.contract_id), installed_on="2024-05-02"),
    )
    assert made.status_code == 302
    page = client.get(made["Location"])
    assert "POM-0001" in text(page)
    assert "Lumelec" in text(page)
    assert "EP-1" in text(page)
    row = Equipment.objects.get(number="POM-0001")
    assert (row.longitude, row.latitude, row.parent_id) == (7.36, 46.23, lighting.cabinet)
    form = client.get(f"{made['Location']}change/")
    assert 'value="2024-05-02"' in text(form)
    kept = typed(valbelle, number="POM-0001", name="Pompe du bisse neuf", version="1")
    assert client.post(f"{made['Location']}change/", kept).status_code == 302
    again = client.post(f"{made['Location']}change/", {**kept, "name": "Autre", "maker": "KSB"})
    assert again.status_code == 422
    assert "Somebody changed this meanwhile" in text(again)
    assert 'value="KSB"' in text(again)  # what was typed is still there
    assert Equipment.objects.get(pk=row.pk).name == "Pompe du bisse neuf"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"parent": "EP-9"}, "There is no equipment with the number “EP-9”"),
        ({"thing": "Nulle part"}, "There is no thing called “Nulle part”"),
        ({"number": "ep-1"}, "has equipment with this number already"),
        ({"installed_on": "2024-05-02", "warranty_until": "2023-01-01"}, "The warranty ends before"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    lighting: Lighting, people: People, valbelle: Valbelle, changed: dict[str, str], words: str
) -> None:
    answer = browser(people.contributor).post(f"{HERE}new/", typed(valbelle, **changed))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Equipment.objects.filter(kind="pump").exists()


def test_the_list_narrows_and_points_to_the_map(lighting: Lighting, people: People) -> None:
    client = browser(people.lead)
    answer = text(client.get(HERE))
    assert "All 4 pieces of equipment are in service" in answer
    some = text(client.get(HERE, {"kind": "luminaire", "under": str(lighting.cabinet)}))
    assert "Rue de la Gare 1" in some
    assert "Place du Village" not in some
    Equipment.objects.filter(pk=lighting.cabinet).update(longitude=7.3, latitude=46.2)
    points = client.get(f"{HERE}points.json").json()
    assert points["title"] == ["EP-1 · Armoire de la gare"]
    panel = client.get(f"{HERE}panel/{lighting.cabinet}/", headers={"HX-Request": "true"})
    assert "Armoire de la gare" in text(panel)


def test_a_contractor_finds_its_equipment_and_no_button(lighting: Lighting) -> None:
    electrician = Person.objects.get(email="lumelec@example.org")
    client = browser(electrician)
    page = text(client.get(HERE))
    assert "Armoire de la gare" in page
    assert "Place du Village" not in page
    assert "Register equipment" not in page
    own = text(client.get(f"{HERE}{lighting.cabinet}/"))
    assert "Take out of service" not in own
    assert client.get(f"{HERE}{lighting.alone}/").status_code == 404
    assert client.get(f"{HERE}{lighting.cabinet}/change/").status_code == 403
    refused = client.post(f"{HERE}{lighting.cabinet}/service/", {"to": "out"})
    assert refused.status_code == 403
    assert client.get(f"{HERE}contracts/{lighting.contract_id}/").status_code == 200
    rival = browser(Person.objects.get(email="voltis@example.org"))
    assert rival.get(f"{HERE}{lighting.cabinet}/").status_code == 404
    assert rival.get(f"{HERE}contracts/{lighting.contract_id}/").status_code == 404
    Contract.objects.update(ends_on=date(2021, 1, 1))
    assert client.get(f"{HERE}{lighting.cabinet}/").status_code == 404


def test_maintenance_and_service_from_the_page(lighting: Lighting, people: People) -> None:
    client, page = browser(people.contributor), f"{HERE}{lighting.cabinet}/"
    bad = client.post(f"{page}maintenance/", {"m-reason": "", "version": "1"})
    assert bad.status_code == 422
    backwards = {"m-reason": "Relampage", "m-starts_at": "2030-01-02T08:00", "m-ends_at": "2030-01-01T08:00"}
    wrong = client.post(f"{page}maintenance/", backwards)
    assert wrong.status_code == 422
    assert "The maintenance ends after it begins" in text(wrong)
    assert client.post(f"{page}maintenance/", {"m-reason": "Relampage"}).status_code == 302
    assert "Relampage" in text(client.get(page))
    assert equipment.equipment(lighting.lead, lighting.cabinet).state is State.MAINTENANCE
    client.post(f"{page}service/", {"to": "in"})
    assert equipment.equipment(lighting.lead, lighting.cabinet).state is State.IN_SERVICE
    kept = client.post(f"{page}remove/", {"version": ""})
    assert kept.status_code == 409
    assert "Other equipment stands under it" in text(kept)


def test_a_photo_is_kept_and_shown_to_who_may_see_it(lighting: Lighting, people: People) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, page = browser(people.contributor), f"{HERE}{lighting.alone}/"
    program = SimpleUploadedFile("photo.png", b"MZ\0\0")
    refused = client.post(f"{page}files/", {"f-file": program})
    assert refused.status_code == 422
    assert "This is a program" in text(refused)
    sent = client.post(f"{page}files/", {"f-file": SimpleUploadedFile("mat.png", PNG), "f-title": "Mât"})
    assert sent.status_code == 302
    [photo] = equipment.equipment(lighting.lead, lighting.alone).photos
    opened = client.get(f"{HERE}files/{photo.id}/")
    assert opened.content == PNG
    assert "sandbox" in opened["Content-Security-Policy"]
    electrician = browser(Person.objects.get(email="lumelec@example.org"))
    assert electrician.get(f"{HERE}files/{photo.id}/").status_code == 404  # none of its contracts'
    assert client.post(f"{page}files/{photo.id}/remove/").status_code == 302
    assert client.get(f"{HERE}files/{photo.id}/").status_code == 404


def test_a_contract_is_made_changed_and_ended(lighting: Lighting, people: People, valbelle: Valbelle) -> None:
    client = browser(people.lead)
    terms = {
        "name": "Pompes",
        "owner": str(valbelle.montaigu.pk),
        "contractor": str(lighting.contractor.pk),
        "starts_on": "2026-01-01",
        "currency": "CHF",
        "work_days": ["1", "2", "3", "4", "5"],
        "works_from": "07:30",
        "works_until": "17:00",
        "acknowledge_4": "0.5",
        "repair_4": "8",
        "penalty_4": "120",
        "always_4": "on",
    }
    wrong = client.post(f"{HERE}contracts/new/", {**terms, "arrive_4": "9"})
    assert wrong.status_code == 422
    assert "the times rise" in text(wrong)
    made = client.post(f"{HERE}contracts/new/", terms)
    assert made.status_code == 302
    page = text(client.get(made["Location"]))
    assert "30 min" in page
    assert "round the clock" in page
    form = text(client.get(f"{made['Location']}change/"))
    assert 'value="0.5"' in form
    changed = client.post(f"{made['Location']}change/", {**terms, "name": "Pompes et vannes", "version": "1"})
    assert changed.status_code == 302
    assert client.post(f"{made['Location']}end/", {"last_day": "2025-01-01"}).status_code == 422
    assert client.post(f"{made['Location']}end/", {"last_day": "2027-12-31"}).status_code == 302
    row = Contract.objects.get(name="Pompes et vannes")
    assert row.ends_on == date(2027, 12, 31)
    refused = browser(people.contributor)
    assert refused.get(f"{HERE}contracts/new/").status_code == 403
    assert refused.post(f"{made['Location']}change/", terms).status_code == 403


def test_a_label_opens_the_page_after_signing_in(lighting: Lighting, people: People) -> None:
    code = Equipment.objects.get(pk=lighting.cabinet).code
    visitor = english().get(f"/e/{code}/")
    assert visitor.status_code == 302
    assert visitor["Location"].startswith("/account/login/?next=/e/")
    client = browser(people.reader)
    assert client.get(f"/e/{code.upper()}/")["Location"] == f"{HERE}{lighting.cabinet}/"
    assert browser(people.neighbour).get(f"/e/{code}/").status_code == 404
    assert client.get("/e/nothing22/").status_code == 404


def test_labels_are_a_sheet_whose_codes_carry_the_short_address(lighting: Lighting, people: People) -> None:
    from belvedere.faces.web.pages.equipment import labels

    client = browser(people.lead)
    answer = client.get(f"{HERE}labels.pdf", {"id": [str(lighting.cabinet)]})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    code = Equipment.objects.get(pk=lighting.cabinet).code
    assert labels.short_address(code).endswith(f"/e/{code}/")
    assert labels.code_svg("x") != labels.code_svg("y")
    none = client.get(f"{HERE}labels.pdf", {"kind": "pump"})
    assert none.status_code == 422
    assert (
        browser(people.neighbour).get(f"{HERE}labels.pdf", {"id": [str(lighting.cabinet)]}).status_code == 422
    )


def test_the_page_says_what_its_thing_says_to_who_may_know(lighting: Lighting, people: People) -> None:
    draft = twin.EntityDraft(
        kind="streetlight",
        names={"fr": "Lampadaire 12"},
        owner_id=lighting.owner_id,
        attributes=(twin.AttributeDraft("powerState", "on"),),
    )
    thing = twin.create_entity(actor=lighting.lead, territory=lighting.territory, draft=draft)
    form = browser(people.contributor).get(f"{HERE}new/", {"thing": str(thing)})
    assert 'value="Lampadaire 12"' in text(form)
    equipment.link_thing(actor=lighting.lead, equipment_id=lighting.lamps[0], version=None, entity_id=thing)
    page = f"{HERE}{lighting.lamps[0]}/"
    assert "Lampadaire 12" in text(browser(people.reader).get(page))
    electrician = browser(Person.objects.get(email="lumelec@example.org"))
    assert "Lampadaire 12" not in text(electrician.get(page))  # the thing is its owner's alone


@pytest.mark.parametrize("which", ["", "contracts/", "new/", "points.json", "labels.pdf"])
def test_the_register_is_for_those_who_work_here(people: People, which: str) -> None:
    assert english().get(f"{HERE}{which}").status_code == 302
    assert browser(people.nobody).get(f"{HERE}{which}").status_code == 403


def test_a_page_of_another_territory_is_not_shown(lighting: Lighting, people: People) -> None:
    found = equipment.listed(lighting.lead, UUID(int=1), Wanted())
    assert found.total == 0
