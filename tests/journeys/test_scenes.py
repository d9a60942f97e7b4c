"""A street switched by schedule and by hand: lamps answer, one refuses, and what it saves is reckoned."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from playwright.sync_api import expect

ANSWERED_S = 90


def test_a_street_follows_its_scene_and_a_hand(visit: Any) -> None:
    one = visit()
    one.sign_in("administration")
    page = one.page
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        expect(page.locator("h1").first).to_be_visible()
        if found := one.faults():
            faults[name] = found

    def until_told(*texts: str) -> None:
        """Load the page again until a line says so: devices answer by themselves."""
        deadline, wanted = time.monotonic() + ANSWERED_S, page.locator("tbody tr")
        for text in texts:
            wanted = wanted.filter(has_text=text)
        while wanted.count() == 0:
            assert time.monotonic() < deadline, page.locator("main").inner_text()
            page.reload()

    # By schedule: the scene of the demo is on, and its lamps have confirmed what holds now.
    page.goto(one.platform.cockpit("scenes/"))
    expect(page.locator("h1")).to_contain_text("1 scène est suivie")
    look("scenes")
    page.get_by_role("link", name="Sion, éclairage abaissé la nuit").click()
    address = page.url
    expect(page.locator("tbody tr").first).to_contain_text(re.compile(r"\d\d:\d\d\s100\s%"))
    until_told("exécutée")

    # By hand: all but one obey, and it says why.
    page.get_by_label("Régler la lumière", exact=False).fill("41")
    page.get_by_label("Pourquoi").fill("accident")
    page.get_by_role("button", name="Commander maintenant").click()
    until_told("41", "exécutée")
    until_told("41", "driver does not dim (DALI 0x4F)")
    expect(page.get_by_role("heading", name=re.compile("n’(a|ont) pas été exécuté"))).to_be_visible()
    expect(page.get_by_text("W × (").first).to_be_visible()
    expect(page.get_by_text("Aucun compteur n’a été lu.")).to_be_visible()
    look("a scene")

    page.get_by_role("button", name="Y mettre fin maintenant").click()
    expect(page.get_by_text("le programme vaut de nouveau").first).to_be_visible()

    # An event, the order, the ledger.
    page.get_by_role("link", name="Saisir une exception").click()
    look("an exception")
    page.get_by_label("Occasion").fill("Foire du Valais")
    page.get_by_label("Régler la lumière", exact=False).fill("100")
    page.get_by_label("Heure, ou minutes après le soleil").last.fill("11:30")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(address)
    expect(page.get_by_text("Foire du Valais")).to_be_visible()
    page.get_by_role("link", name="Arrêté à imprimer").click()
    expect(page.locator("article")).to_contain_text("Article 2")
    look("the order")
    page.goto(one.platform.cockpit("scenes/ledger/"))
    expect(page.locator("tbody")).to_contain_text("Sion, éclairage abaissé la nuit")
    look("the ledger")
    page.get_by_role("link", name="Saisir une économie").click()
    look("a saving")

    # A scene of one's own.
    page.goto(one.platform.cockpit("scenes/new/dark/"))
    look("a new scene")
    page.locator("#id_name").fill("Place du Village, éteinte la nuit")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="une fois en marche")).to_be_visible()
    page.get_by_role("button", name="Supprimer la scène").click()
    expect(page.locator("h1")).to_contain_text("1 scène est suivie")

    # What a lamp must not be told.
    page.goto(one.platform.cockpit("equipment/?kind=luminaire"))
    page.locator("th.is-title a").first.click()
    page.locator("a[href*='/commands/new/']").click()
    page.locator("a[href*='/commands/limits/']").click()
    look("limits")
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
