"""The elected member on a tablet: what to decide by December, what is at stake, the page for the council."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

TABLET = {"width": 820, "height": 1180}
DECISIONS = "section.ov-dec"


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def for_the_council(page: Page) -> None:
    """In print: no navigation, the table open, date and source at the foot, two A4 pages at most."""
    page.emulate_media(media="print")
    for hidden in (".bv-rail", ".bv-top", ".bv-head-actions", ".ov-choice", ".ov-grid footer"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".ov-foot")).to_contain_text("Source")
    expect(page.locator(".ov-twin table")).to_be_visible()
    assert pages_of(page.pdf(format="A4", prefer_css_page_size=True)) <= 2
    page.emulate_media(media="screen")


def test_what_to_decide_by_december(visit: Any) -> None:
    one = visit(TABLET)
    one.sign_in("élue" if "élue" in one.platform.logins else "elue")
    page = one.page
    page.wait_for_url(re.compile(r"/cockpit/valais-central/$"))  # no click: it is the first page
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile(r"décisions? d’ici au 31 décembre")
    )
    expect(page.get_by_role("heading", level=1)).to_contain_text("en jeu")
    line = page.locator(f"{DECISIONS} .ov-lines > li").first
    expect(line.locator("time")).to_be_visible()
    expect(line.locator(".a b")).to_contain_text("CHF")
    title = line.locator("h3 span").inner_text()
    assert one.faults() == []
    for_the_council(page)
    line.locator("h3 a").click()  # the one click: where it is decided
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_the_library(visit: Any) -> None:
    """Search, the costs of a unit, a card, a draft of one's own; each page loaded once."""
    one = visit()
    one.sign_in("administration")
    page = one.page
    faults: dict[str, list[str]] = {}
    for path in ("library/share/", "library/import/", "library/costs/", "library/"):
        page.goto(one.platform.cockpit(path))
        expect(page.locator("h1").first).to_be_visible()
        if found := one.faults():
            faults[path] = found
    page.locator(".lb-cards > li:has(.is-price) h2 a").first.click()
    title = page.get_by_role("heading", level=1).locator("span").first.inner_text()
    if found := one.faults():
        faults["card"] = found
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
    page.get_by_label(re.compile("^Votre quantité")).fill("100")
    page.get_by_role("button", name="Créer le brouillon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("non publiée", exact=True)).to_be_visible()
