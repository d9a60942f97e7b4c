"""The pages of files of readings: brought, mapped, looked at, taken by who manages the devices."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.connections.models import ReadingsFile
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin.public import DeviceDraft, EntityDraft, create_entity, register_device
from belvedere.faces.web.pages.live import words
from tests.domains.intake.things import _database_goes_back_in_time
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

__all__ = ["_database_goes_back_in_time"]
pytestmark = pytest.mark.django_db
ALL = "/cockpit/valbelle/live/connections/"
HERE = f"{ALL}files/"
BODY = "nom;quand;libres\ngare;20.11.2026 08:00;12\ngare;30.02.2026 08:00;3\n=cmd;20.11.2026 08:00;4\n"
MAPPED = {
    "items": "", "id": "nom", "time": "quand",
    "f0-source": "libres", "f0-term": "availableSpotNumber", "f0-unit": "",
    "f1-source": "", "f1-term": "", "f1-unit": "",
}  # fmt: skip


def browser(people: People, who: str = "contributor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def typed(valbelle: Valbelle, body: str = BODY, **changed: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"like": "", "kind": "off-street-parking", "owner": str(valbelle.montaigu.pk)}
    return {**told, "device": "", "file": SimpleUploadedFile("places.csv", body.encode()), **changed}


@pytest.fixture
def gare(valbelle: Valbelle) -> None:
    here = territory_by_slug("valbelle")
    draft = EntityDraft(kind="off-street-parking", owner_id=valbelle.montaigu.pk)
    entity = create_entity(actor=Actor.system(), territory=here, draft=draft)
    register_device(actor=Actor.system(), territory=here, draft=DeviceDraft(key="gare", entity_id=entity))


@pytest.mark.usefixtures("gare")
def test_a_file_is_brought_mapped_looked_at_and_taken(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    assert HERE in client.get(ALL).content.decode()
    assert "20 MB and 60,000 rows at most" in client.get(HERE).content.decode()
    here = client.post(HERE, typed(valbelle))["Location"]
    page = client.get(here).content.decode()
    assert re.search(r'<option value="nom">\s*nom \(gare\)', page)
    assert "Take it" not in page
    assert client.post(f"{here}take/").status_code == 409
    assert client.post(f"{here}fields/", {"items": ""}).status_code == 200
    answer = client.post(f"{here}mapping/", {**MAPPED, "time": ""})
    assert (answer.status_code, "Say which field is the time" in answer.content.decode()) == (422, True)
    answer = client.post(f"{here}mapping/", {**MAPPED, "f0-term": ""})
    assert (answer.status_code, "Say what this field tells" in answer.content.decode()) == (422, True)
    assert client.post(f"{here}mapping/", MAPPED).status_code == 302
    page = client.get(here).content.decode()
    assert "1 would be taken, 2 refused." in page
    assert "A time that cannot be read: 1." in page
    assert client.post(f"{here}take/").status_code == 302
    page = client.get(here).content.decode()
    assert "What became of its 3 rows" in page
    assert "/live/ledger/" not in page  # that page is its administrators'
    table = client.get(f"{here}refused.csv").content.decode()
    assert [line.split(",")[0] for line in table.splitlines()] == ["\ufeffRow", "2", "3"]
    assert ",Unknown device,'=cmd" in table
    assert client.post(f"{here}take/").status_code == 409
    assert "reason=unknown_device" in browser(people, "governor").get(here).content.decode()

    like = re.search(r'<option value="(f[0-9a-f-]{36})">', client.get(HERE).content.decode())
    assert like is not None
    again = client.post(HERE, typed(valbelle, like=like[1], kind=""))["Location"]
    page = client.get(again).content.decode()
    assert "1 would be taken, 2 refused." in page
    assert "This file was here before" in page
    assert client.post(f"{again}remove/").status_code == 302
    assert ReadingsFile.objects.count() == 1


def test_what_cannot_be_kept_is_told(people: People, valbelle: Valbelle) -> None:
    client = browser(people)
    for wrong in (
        {"body": ""},
        {"body": "<html>"},
        {"kind": ""},
        {"owner": str(valbelle.rochefort.pk)},
        {"file": ""},
    ):
        answer = client.post(HERE, typed(valbelle, **wrong))
        assert answer.status_code == 422, wrong
    answer = client.post(HERE, typed(valbelle, body="a;b\n" + "1;2\n" * 60_001))
    assert (answer.status_code, "rows; 60" in answer.content.decode()) == (413, True)
    answer = client.post(HERE, typed(valbelle, body="a;b\n" + "1;2\n" * 5_300_000))
    assert (answer.status_code, "larger than 20 MB" in answer.content.decode()) == (413, True)
    assert not ReadingsFile.objects.exists()


@pytest.mark.usefixtures("gare")
def test_who_manages_no_device_of_the_owner_takes_no_file(people: People, valbelle: Valbelle) -> None:
    here = browser(people).post(HERE, typed(valbelle))["Location"]
    for who in ("reader", "finance", "elected"):
        client = browser(people, who)
        assert client.get(HERE).status_code == 403
        assert client.post(HERE, typed(valbelle)).status_code == 403
    for who in ("reader", "neighbour"):  # the neighbour does the same work for the commune beside
        client = browser(people, who)
        assert client.get(here).status_code == 404
        assert client.get(f"{here}refused.csv").status_code == 404
        for act in ("fields", "mapping", "take", "remove"):
            assert client.post(f"{here}{act}/", MAPPED).status_code == 404
    assert ReadingsFile.objects.filter(taken_at=None, mapping={}).count() == 1
    assert browser(people, "governor").get(here).status_code == 200


def test_instants_are_written_as_people_write_them() -> None:
    told = words.value("alert", "validFrom", None, "2026-11-22T08:00:00+00:00", "")
    assert re.fullmatch(r"22.11.2026, \d\d:00", told)
    assert words.value("alert", "description", None, "2026-11-22T99:00:00Z", "") == "2026-11-22T99:00:00Z"
