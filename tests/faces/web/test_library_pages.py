"""The library in the cockpit: each address with who is refused by one fact."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.library.public import queries, share_measure
from belvedere.domains.plans.public import follow, page, vocabulary
from tests.faces.web.plans_examples import english, street

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/library/"
SYSTEM = Actor.system()


@pytest.fixture
def client() -> Client:
    return english()


@pytest.fixture
def measure(valbelle: Any) -> UUID:
    made = street(valbelle)
    follow.set_quantity(
        actor=SYSTEM,
        measure_id=made,
        version=None,
        draft=follow.QuantityDraft(vocabulary.QuantityUnit.METRE, Decimal(6000)),
    )
    return made


@pytest.fixture
def card(measure: UUID) -> UUID:
    return share_measure(actor=SYSTEM, measure_id=measure, url="https://here.example/1/")


def text(answer: Any) -> str:
    plain = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " ").replace("\u202f", " "))


def test_who_may_open_the_pages(card: UUID, people: Any, client: Client) -> None:
    for address in ("", "costs/", "export.json", f"{card}/"):
        client.force_login(people.nobody)
        assert client.get(HERE + address).status_code == 403, address
        client.force_login(people.stranger)
        assert client.get(HERE + address).status_code == 200, address


def test_the_list_and_its_search(card: UUID, people: Any, client: Client) -> None:
    client.force_login(people.reader)
    said = text(client.get(HERE))
    assert "1 measure to learn from" in said
    assert "2,000 CHF/m" in said
    assert "estimate of 2025, without VAT, prices of October 2025, not indexed" in said
    assert "Rue du Pont" in text(client.get(HERE + "?q=rue+pont"))
    assert "Nothing like it" in text(client.get(HERE + "?q=barrage"))
    assert client.get(HERE + "?kind=x&unit=y&least=z&page=-3&category=%00").status_code == 200


def test_unit_costs(card: UUID, people: Any, client: Client) -> None:
    client.force_login(people.reader)
    said = text(client.get(HERE + "costs/"))
    assert "2,000 CHF/m in the middle of 1 measure" in said


def test_sharing_by_the_page(measure: UUID, valbelle: Any, people: Any, client: Client) -> None:
    for near in ("contributor", "reader", "elected"):
        client.force_login(getattr(people, near))
        assert client.get(HERE + "share/").status_code == 403, near
        assert client.post(HERE + "share/", {"measure": str(measure)}).status_code == 403, near
    client.force_login(people.neighbour)  # may share, but not this one
    assert "Rue du Pont" not in text(client.get(HERE + "share/"))
    assert client.post(HERE + "share/", {"measure": str(measure)}).status_code == 403
    assert queries.card_of(measure) is None
    client.force_login(people.lead)
    assert "Rue du Pont" in text(client.get(HERE + "share/"))
    assert client.post(HERE + "share/", {"measure": str(measure)}).status_code == 302
    assert queries.card_of(measure) is not None
    assert "already shared" in text(client.get(HERE + "share/"))


def test_withdrawing_by_the_page(card: UUID, measure: UUID, people: Any, client: Client) -> None:
    client.force_login(people.neighbour)
    assert "Withdraw" not in text(client.get(f"{HERE}{card}/"))
    assert client.post(f"{HERE}{card}/withdraw/").status_code == 403
    client.force_login(people.lead)
    assert "Withdraw" in text(client.get(f"{HERE}{card}/"))
    assert client.get(f"{HERE}{card}/withdraw/").status_code == 405
    assert client.post(f"{HERE}{card}/withdraw/").status_code == 302
    assert client.get(f"{HERE}{card}/").status_code == 404
    assert queries.card_of(measure) is None


def test_starting_by_the_page(card: UUID, valbelle: Any, people: Any, client: Client) -> None:
    client.force_login(people.reader)
    assert "Start from this measure" not in text(client.get(f"{HERE}{card}/"))
    client.force_login(people.neighbour)
    assert "The estimate proposed is 2,000 CHF/m times your quantity" in text(client.get(f"{HERE}{card}/"))
    wrong = client.post(f"{HERE}{card}/", {"owner": str(valbelle.montaigu.pk), "quantity": "10"})
    assert wrong.status_code == 422  # not an organisation of theirs
    bad = client.post(f"{HERE}{card}/", {"owner": str(valbelle.rochefort.pk), "quantity": "-3"})
    assert bad.status_code == 422
    assert "Your quantity is a number above 0." in text(bad)
    done = client.post(f"{HERE}{card}/", {"owner": str(valbelle.rochefort.pk), "quantity": "1500"})
    assert done.status_code == 302
    made = UUID(re.findall(r"measures/([0-9a-f-]{36})/", done["Location"])[0])
    view = page.measure_page(SYSTEM, made, language="fr")
    assert view.cost is not None
    assert view.cost.amount == Decimal(3_000_000)
    assert not view.published


def test_the_file_out_and_in(card: UUID, people: Any, client: Client) -> None:
    client.force_login(people.reader)
    out = client.get(HERE + "export.json")
    document = json.loads(out.content)
    assert (document["format"], document["schema"], len(document["measures"])) == ("belvedere-library", 1, 1)
    document["instance"] = "elsewhere.example"

    def upload() -> Any:
        content = SimpleUploadedFile("library.json", json.dumps(document).encode())
        return client.post(HERE + "import/", {"file": content}, follow=True)

    for near in ("administrator", "elected", "reader"):
        client.force_login(getattr(people, near))
        assert upload().status_code == 403, near
        assert client.get(HERE + "import/").status_code == 403, near
    client.force_login(people.governor)
    assert "From elsewhere.example: 1 new, 0 changed, 0 as before." in text(upload())
    assert "From elsewhere.example: 0 new, 0 changed, 1 as before." in text(upload())
    document["schema"] = 9
    bad = upload()
    assert bad.status_code == 422
    assert "of version 9; this platform reads version 1" in text(bad)
    assert "elsewhere.example" in text(client.get(HERE))
