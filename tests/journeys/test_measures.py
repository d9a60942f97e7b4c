"""The project lead's and the finance officer's day, the public's visit: on a desk and on a phone."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.journeys.conftest import DESKTOP, PHONE

MEASURE = re.compile(r"/plans/measures/[0-9a-f-]{36}/$")
MAP_MS = 60_000  # software drawing on a busy machine
NO_WEBGL = """
const asked = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith('webgl') ? null : asked.call(this, kind, ...more);
};
"""


def open_measure(page: Page, word: str) -> None:
    """Filter the list by `word` and open the first measure that has it in its title.

    Another one may be found by its site alone: journeys before this one give measures other titles.
    """
    page.locator("#pm-q").fill(word)
    first = page.locator("tr[data-id] a").filter(has_text=re.compile(word, re.I)).first
    expect(first).to_be_visible()
    page.goto(str(first.evaluate("a => a.href")))
    page.wait_for_url(MEASURE)


def list_total(page: Page) -> str:
    return page.locator("#m-list").inner_text()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_lead_finds_a_measure_and_changes_its_cost(visit: Any, size: dict[str, int]) -> None:
    lead = visit(size)
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit("plans/measures/?q=sierre"))
    before = page.locator("h1").inner_text()
    open_measure(page, "Sierre")
    address = page.url
    page.goto(f"{address}edit/estimate/")
    amount = page.locator("input[name=amount]")
    new = "11321987.00" if size is DESKTOP else "11567891.00"
    amount.fill(new)
    page.locator("textarea[name=reason], input[name=reason]").fill("Offre rentrée, séance du 12 novembre")
    page.locator("button[name=act][value=save]").click()
    page.wait_for_url(re.compile(re.escape(address) + r"(\?saved=.*)?(#.*)?$"))
    written = "11,32" if size is DESKTOP else "11,57"
    expect(page.locator("main")).to_contain_text(written)
    expect(page.locator("#journal")).to_contain_text("Offre rentrée, séance du 12 novembre")
    page.goto(lead.platform.cockpit("plans/measures/?q=sierre"))
    assert page.locator("h1").inner_text() != before, "the total in the title follows"
    assert lead.overflow() <= 0


def test_a_lead_moves_a_site_by_its_coordinates(visit: Any) -> None:
    lead = visit(PHONE)
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit("plans/measures/"))
    open_measure(page, "Sierre")
    address = page.url
    page.locator("#place a[href*='/edit/site/']").first.click()
    expect(page.locator("#pq-editmap[data-ready], #pq-editmap [data-ready]").first).to_be_attached(
        timeout=MAP_MS
    )
    page.locator("input[name=x]").fill("7.5298")
    page.locator("input[name=y]").fill("46.2921")
    page.locator("button[name=act][value=save]").click()
    page.wait_for_url(re.compile(re.escape(address) + r"(\?saved=.*)?(#.*)?$"))
    page.goto(address)
    expect(page.locator("#journal")).to_contain_text("7,5298")


def test_the_selected_measure_is_one_in_list_map_and_panel(visit: Any) -> None:
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    expect(page.locator("[data-map][data-ready]")).to_be_attached(timeout=MAP_MS)
    row = page.locator("tr[data-id]").nth(1)
    title = row.locator("a").inner_text()
    row.locator("td").last.click()
    expect(row).to_have_attribute("aria-current", "true")
    expect(page.locator("#m-panel, .pm-panel").first).to_contain_text(title)


def test_of_several_chosen_quickly_the_panel_shows_the_last(visit: Any) -> None:
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit("plans/measures/?view=table"))
    rows = page.locator("tr[data-id]")
    held: list[Route] = []
    page.route(re.compile(r"/panel/"), lambda route: held.append(route), times=1)
    with page.expect_request(re.compile(r"/panel/")):
        page.keyboard.press("j")
    for _row in range(3):
        page.keyboard.press("j")
    expect(rows.nth(3)).to_have_attribute("aria-current", "true")
    for route in held:
        with suppress(Error):  # nobody waits for it any more
            route.continue_()
    expect(page.locator("#pm-panel")).to_contain_text(rows.nth(3).locator("a").first.inner_text())
    expect(page.locator("#pm-panel")).not_to_have_attribute("inert", "")
    assert lead.faults() == []


def test_a_panel_that_comes_before_the_map_starts_no_second_map(visit: Any) -> None:
    """On a slow line the chosen measure is there first; the map is still drawn once."""
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit("plans/measures/?view=table"))
    chosen = page.locator("tr[data-id]").first.get_attribute("data-id")
    held: list[Route] = []
    script = re.compile(r"/map-[^/]*\.js")
    page.route(script, lambda route: held.append(route))
    with page.expect_request(script, timeout=MAP_MS):
        page.goto(lead.platform.cockpit(f"plans/measures/?view=map&sel={chosen}"))
    expect(page.locator("#pm-panel a[href*='/plans/measures/']").first).to_be_attached()
    assert held and page.locator(".maplibregl-map").count() == 0, "the map was still on its way"
    for route in held:
        route.continue_()
    expect(page.locator("[data-map][data-ready]")).to_be_attached(timeout=MAP_MS)
    assert page.locator(".maplibregl-map").count() == 1


def test_without_webgl_the_map_says_what_to_use_and_the_list_works(visit: Any) -> None:
    lead = visit()
    lead.page.add_init_script(NO_WEBGL)
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    said = page.locator("[data-map][data-failed] [data-map-status]")
    expect(said).to_be_visible(timeout=MAP_MS)
    expect(said).to_have_text("La carte ne peut pas être dessinée ici. La liste montre les mêmes objets.")
    row = page.locator("tr[data-id]").nth(1)
    row.locator("td").last.click()
    expect(page.locator("#pm-panel")).to_contain_text(row.locator("a").inner_text())
    assert lead.faults() == []


def test_everything_by_keyboard(visit: Any) -> None:
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    expect(page.locator("tr[data-id]").first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('bv-skip')"), (
        "first stop: skip to content"
    )
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "pm-q"
    page.keyboard.type("gare")
    expect(page.locator("tr[data-id] a").first).to_contain_text(re.compile("gare", re.I))
    page.keyboard.press("ArrowDown")
    expect(page.locator("tr[data-id][aria-current=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(MEASURE)


def test_the_reader_switches_language(visit: Any) -> None:
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    for code, word in (("de", "Massnahmen"), ("en", "measures"), ("fr", "mesures")):
        page.locator(f"button[name=language][value={code}]").first.click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        expect(page.locator("h1").first).to_contain_text(re.compile(word, re.I))


def test_a_finance_officer_opens_a_year_into_its_lines(visit: Any) -> None:
    officer = visit()
    officer.sign_in("finances.sion")
    page = officer.page
    page.goto(officer.platform.cockpit("plans/money/"))
    expect(page.locator("h1")).to_contain_text("CHF")
    page.locator("a[href*='lines/?'][href*='year']").first.click()
    page.wait_for_url(re.compile("/money/lines/"))
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_public_sees_projects_and_no_way_to_change_them(visit: Any) -> None:
    resident = visit(PHONE)
    page = resident.page
    page.goto(resident.platform.portal())
    expect(page.locator("h1")).to_contain_text("Valais central")
    page.goto(resident.platform.portal("plans/measures/"))
    first = page.locator("a[href*='/plans/measures/']").filter(has_text=re.compile(r"\w{4}")).first
    expect(first).to_be_visible()
    page.goto(str(page.locator("tr[data-id] a").first.evaluate("a => a.href")))
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("a[href*='/edit/'], button[name=act]").count() == 0
    answer = page.goto(resident.platform.cockpit())
    assert "/account/login/" in page.url
    assert answer is not None
    assert answer.status == 200
