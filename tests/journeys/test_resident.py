"""A resident follows a work site from a phone, confirms by the link of the mail, and gets the calendar."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

ROSE = "rose@example.org"
WAIT_S = 20


def mail_to(home: Path, address: str) -> str:
    """The text of the message to `address`, once it is there: each is a file of the home."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        for path in sorted((home / "mail").glob("*")):
            for part in path.read_bytes().split(b"-" * 79):
                message = email.message_from_bytes(part.strip() + b"\n", policy=email.policy.default)
                if message["To"] == address:
                    return str(message.get_content())
        time.sleep(0.2)
    raise AssertionError(f"no message to {address}")


def test_a_resident_follows_a_work_site_and_gets_the_calendar(visit: Any) -> None:
    one = visit(PHONE)
    page, platform = one.page, one.platform
    page.goto(platform.portal("works/"))
    page.get_by_role("searchbox").fill("sion")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator("h1")).to_contain_text("Sion")
    assert page.locator(".wk-item").count() > 0
    assert one.axe() == [] and one.overflow() <= 0
    page.locator(".wk-item a").first.click()
    title = (page.locator("h1").evaluate("h => h.firstChild.textContent") or "").strip()
    assert one.axe() == [] and one.overflow() <= 0

    calendar = page.get_by_role("link", name=re.compile(r"Fichier d’agenda")).get_attribute("href")
    answer = page.request.get(platform.url + str(calendar))
    read = Calendar.from_ical(answer.body())
    assert read["X-WR-CALNAME"] == title
    assert read.walk("VEVENT"), "the works are in it"

    page.get_by_label("E-mail", exact=True).fill(ROSE)
    page.get_by_role("button", name="M’avertir par e-mail").click()
    expect(page.locator("h1")).to_contain_text("Regardez votre boîte")
    assert one.axe() == []
    found = re.search(r"https?://\S+/confirm/\S+", mail_to(platform.home, ROSE))
    assert found is not None
    page.goto(platform.url + urlsplit(found[0]).path)
    page.get_by_role("button", name="Oui, avertissez-moi").click()
    expect(page.locator("h1")).to_contain_text("Ce que je suis")
    expect(page.locator(".wk-mine h2")).to_have_text(title)
    assert one.axe() == [] and one.overflow() <= 0
    page.get_by_role("button", name=re.compile("^Arrêter")).first.click()
    expect(page.locator("h1")).to_contain_text("Vous ne recevrez plus de messages")


def test_the_frame_for_other_sites_is_accessible(visit: Any) -> None:
    one = visit(PHONE, locale="de-CH")
    answer = one.page.goto(one.platform.portal("works/embed/?lang=de"))
    assert answer is not None and "frame-ancestors *" in answer.headers["content-security-policy"]
    expect(one.page.locator(".wk-item").first).to_be_visible()
    assert one.axe() == [] and one.overflow() <= 0
    assert one.page.context.cookies() == []
