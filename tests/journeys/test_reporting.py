"""A reporting round from its opening to the tables: the office, an owner on a phone, one who is late."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE

NAME = "Rapport de contrôle"
MAIL_S = 20.0
BETWEEN = b"-" * 79


def mails(home: Path, to: str, about: str) -> list[str]:
    """The texts of the messages to someone whose subject names `about`, oldest first."""
    found = []
    for file in sorted((home / "mail").glob("*.log")):
        for raw in file.read_bytes().split(BETWEEN):
            message: Any = email.message_from_bytes(raw.strip(), policy=email.policy.default)
            if to in str(message["To"]) and about in str(message["Subject"]):
                found.append(str(message.get_content()))
    return found


def awaited(home: Path, to: str, count: int) -> str:
    """The newest message of the round to someone, once there are `count` of them."""
    deadline = time.monotonic() + MAIL_S
    while len(found := mails(home, to, NAME)) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count} messages to {to}"
    return found[-1]


def test_a_round_from_its_opening_to_the_tables(visit: Any) -> None:
    office = visit(DESKTOP)
    office.sign_in("administration")
    platform, page = office.platform, office.page
    page.goto(platform.cockpit("reporting/"))
    assert office.faults() == []
    page.goto(platform.cockpit("reporting/schedule/"))
    expect(page.locator(".rp-gantt svg").first).to_be_attached()
    assert office.faults() == []

    # The office opens a round; every owner is asked.
    page.goto(platform.cockpit("reporting/new/"))
    assert office.faults() == []
    page.locator("input[name=name]").fill(NAME)
    page.get_by_label(re.compile("PA5")).check()
    page.get_by_role("button", name="Ouvrir la campagne").click()
    expect(page.locator("h1")).to_contain_text("remises\u00a0: 0 sur 29")
    round_url = page.url
    assert office.faults() == []

    # An owner answers from the mail's link, on a phone, without signing in.
    mail = awaited(platform.home, platform.logins["projet.sierre"][0], 1)
    link = re.search(r"http\S+/answer/\S+", mail)
    assert link
    phone = visit(PHONE)
    owner = phone.page
    owner.goto(link[0])
    # How many the owner has depends on the journeys that ran before on this platform.
    expect(owner.locator("h1")).to_contain_text("mesures à confirmer")
    asked = int(owner.locator("h1").inner_text().split()[0])
    assert asked > 2
    assert phone.faults() == []
    owner.set_viewport_size(PHONE)
    owner.get_by_role("button", name="C’est juste").first.click()
    expect(owner.locator("h1")).to_contain_text(f"{asked - 1} mesures à confirmer")
    owner.get_by_role("link", name="Corriger").nth(1).click()
    assert phone.faults() == []
    owner.set_viewport_size(PHONE)
    owner.get_by_label("Payé à ce jour").fill("25 000")
    owner.get_by_label("Pourquoi").fill("Première facture")
    owner.get_by_role("button", name="Enregistrer la correction").click()
    expect(owner.locator("h1")).to_contain_text(f"{asked - 2} mesures à confirmer")
    expect(owner.locator(".rp-lines")).to_contain_text("Première facture")
    owner.get_by_role("button", name="Tout est juste").click()
    owner.get_by_role("button", name="Remettre").click()
    expect(owner.locator("h1")).to_contain_text("Merci")
    assert phone.overflow() <= 0
    owner.goto(platform.cockpit("reporting/"))
    expect(owner.locator("input[name=login]")).to_be_visible()  # the link opened nothing else

    # Another says nothing and is reminded.
    page.goto(round_url)
    expect(page.locator("h1")).to_contain_text("remises\u00a0: 1 sur 29")
    page.get_by_role("button", name="Rappeler Sion").click()
    expect(page.locator("tr", has_text="Sion").filter(has_text="rappel du")).to_be_visible()
    reminder = awaited(platform.home, platform.logins["finances.sion"][0], 2)
    assert "/answer/" in reminder

    # Closing says what is missing, freezes, and the tables come out the same each time.
    page.get_by_role("button", name="Clore et figer").click()
    expect(page.locator("[role=alert]")).to_contain_text("28 maîtres d’ouvrage")
    page.get_by_label("Pourquoi").fill("Délai de l’office fédéral")
    page.get_by_role("button", name="Clore et figer").click()
    expect(page.locator("h1")).to_contain_text("close")
    page.get_by_role("link", name="Tableau de mise en œuvre", exact=True).click()
    expect(page.locator(".rp-notes")).to_contain_text("Figé le")
    expect(page.locator(".rp-table")).to_contain_text("2399.5.")
    assert office.faults() == []
    files = [page.request.get(f"{round_url}tables/{key}.xlsx").body() for key in ("investment",) * 2]
    assert files[0] == files[1]
    assert files[0][:2] == b"PK"
    owner.goto(link[0])
    expect(owner.locator("h1")).to_contain_text("Ce lien a pris fin")
    # The browser notes the two refusals that belong to the story as faults of the page.
    phone.errors = [error for error in phone.errors if "403" not in error]
    office.errors = [error for error in office.errors if "409" not in error]
