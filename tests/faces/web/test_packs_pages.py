"""The pages of packs: what they show, who may switch, and that what was typed is kept."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.packs import public as packs
from belvedere.domains.territory.public import territory_by_slug
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/packs/"
CAMERA = {
    "camera": "CAM-1", "place": "Gare", "purpose": "Compter", "legal_basis": "CSI L251-2",
    "contact": "Mairie", "kept_days": "0",
}  # fmt: skip


def browser(people: People, who: str = "governor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


def test_a_pack_is_looked_at_switched_on_and_off(valbelle: Valbelle, people: People) -> None:
    client = browser(people)
    assert "No pack is switched on" in said(client.get(HERE))
    page = said(client.get(f"{HERE}waste/"))
    assert "not made" in page and "When “Filling level” is above 90%" in page and "R2224-23" in page
    client.post(f"{HERE}waste/switch/", {"to": "drafts"})
    assert "draft, switched off" in said(client.get(f"{HERE}waste/"))
    client.post(f"{HERE}waste/switch/", {"to": "on"})
    page = said(client.get(f"{HERE}waste/"))
    assert "Waste containers: switched on" in page and "1 pack is switched on" in said(client.get(HERE))
    found = packs.shown(people.actor("governor"), territory_by_slug("valbelle"), "waste")
    view = found.rules[0].view
    assert view is not None
    assert "Comes from the pack" in said(client.get(f"/cockpit/valbelle/rules/{view.id}/"))
    client.post(f"{HERE}waste/switch/", {"to": "off"})
    assert "No pack is switched on" in said(client.get(HERE))


@pytest.mark.parametrize("slug", sorted(packs.packs()))
def test_every_pack_has_a_page_in_each_language(slug: str, valbelle: Valbelle, people: People) -> None:
    client = browser(people, "reader")
    for language in ("fr", "de", "en"):
        client.cookies["django_language"] = language
        page = said(client.get(f"{HERE}{slug}/", HTTP_ACCEPT_LANGUAGE=language))
        assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_who_does_not_govern_switches_nothing(valbelle: Valbelle, people: People) -> None:
    for who, status in (("administrator", 403), ("reader", 403), ("nobody", 403)):
        client = browser(people, who)
        for path in ("switch/", "rules/full/take-over/", "notices/add/", "notices/1/remove/"):
            given = CAMERA | {"to": "on"}
            assert client.post(f"{HERE}waste/{path}", given).status_code == status, (who, path)
    assert browser(people, "nobody").get(HERE).status_code == 403
    assert browser(people, "nobody").get(f"{HERE}waste/").status_code == 403
    assert browser(people).get(f"{HERE}moon/").status_code == 404
    assert browser(people).post(f"{HERE}waste/rules/full/take-over/").status_code == 404


def test_a_camera_is_entered_with_all_that_the_law_asks_for(valbelle: Valbelle, people: People) -> None:
    client = browser(people)
    page = said(client.post(f"{HERE}cameras/notices/add/", CAMERA | {"purpose": "", "kept_days": "60"}), 422)
    assert 'value="CAM-1"' in page and "has-error" in page
    assert client.post(f"{HERE}cameras/notices/add/", CAMERA).status_code == 302
    page = said(client.get(f"{HERE}cameras/"))
    assert "CAM-1" in page and "no sign tells people" in page
    (one,) = packs.notices(people.actor("governor"), territory_by_slug("valbelle"))
    assert client.post(f"{HERE}cameras/notices/{one.id}/remove/").status_code == 302
    assert "No camera in the register" in said(client.get(f"{HERE}cameras/"))
