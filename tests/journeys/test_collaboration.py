"""Working together: a mention reaches who is meant; a reader of another commune has a measure corrected."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import expect

PAGES = [
    "collaboration/",
    "collaboration/preferences/",
    "collaboration/views/?q=sierre",
    "collaboration/suggestions/",
]


def test_two_people_talk_and_a_neighbour_has_a_measure_corrected(visit: Any) -> None:
    lead, office, neighbour = visit(), visit(), visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit("plans/measures/?q=sierre&view=table"))
    own = page.locator("tr[data-id]").filter(has=page.locator(".ow", has_text=re.compile("Sierre$")))
    published = own.filter(has_not=page.locator(".pm-hid"))
    measure = str(published.locator(".nm a").first.evaluate("a => a.href"))
    page.goto(measure)
    # The lead mentions the office: the name is chosen from the people who work on the measure.
    page.locator("#cv-write-new").fill("La variante nord est moins chère. ")
    page.locator("#cv-write-new").press("End")
    expect(page.locator("#cv-people option[value='@LaurentKalbfuss']")).to_be_attached()
    page.locator("input[data-mention=cv-write-new]").fill("@LaurentKalbfuss")
    expect(page.locator("#cv-write-new")).to_have_value(re.compile("chère. @LaurentKalbfuss $"))
    page.locator(".cv-write button[type=submit]").last.click()
    expect(page.locator(".cv-comment .cv-at").last).to_have_text("@LaurentKalbfuss")
    assert lead.faults() == []

    office.sign_in("administration")
    page = office.page
    page.goto(office.platform.cockpit("collaboration/"))
    expect(page.locator(".bv-bell b")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Damien Antonin vous mentionne")).first.click()
    page.wait_for_url(re.compile(re.escape(measure) + "#comments$"))
    expect(page.locator("#comments")).to_contain_text("La variante nord est moins chère.")
    faults = {}
    for path in PAGES:
        page.goto(office.platform.cockpit(path))
        if found := office.faults():
            faults[path] = found
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)

    # A reader of another commune: no comments, but a way to say what she knows.
    neighbour.sign_in("finances.sion")
    page = neighbour.page
    page.goto(measure)
    expect(page.locator("#comments")).to_have_count(0)
    named = page.locator("h1").inner_text().strip()
    page.locator(".bv-head-actions a[href$='/suggest/']").click()
    page.wait_for_url(re.compile("/suggest/$"))
    # The words it was found by stay: other journeys look for this measure too.
    title = f"{named}, corrigé par la voisine"
    page.locator("input[name=value]").fill(title)
    page.locator("textarea[name=message]").fill("C’est le nom du plan de quartier.")
    assert neighbour.faults() == []
    page.locator("#cv-suggest button[type=submit]").click()
    page.wait_for_url(measure)

    page = lead.page
    page.goto(lead.platform.cockpit("collaboration/suggestions/"))
    waiting = page.locator(".cv-queue > li").filter(has_text=title)
    expect(waiting).to_contain_text("Nathalie Brigger")
    waiting.locator("button[value=take]").click()
    expect(page.locator(".cv-queue")).not_to_contain_text(title)
    page.goto(measure)
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("#journal")).to_contain_text("Suggestion du")

    page = neighbour.page
    page.goto(neighbour.platform.cockpit("collaboration/suggestions/?show=mine"))
    expect(page.locator(".cv-queue")).to_contain_text("reprise")


def test_the_public_form(visit: Any) -> None:
    one = visit()
    page = one.page
    page.goto(one.platform.portal("plans/measures/?view=table"))
    page.goto(str(page.locator("tr[data-id] a").first.evaluate("a => a.href")))
    page.locator("a[href$='/suggest/']").click()
    page.wait_for_url(re.compile("/suggest/$"))
    page.locator("select[name=part]").select_option("other")
    expect(page.locator("[name=value]")).to_have_count(0)
    page.locator("textarea[name=message]").fill("La traversée est dangereuse.")
    assert one.faults() == []
    page.locator("#cv-suggest button[type=submit]").click()
    expect(page.locator("#bv-toasts")).to_contain_text("Merci")
