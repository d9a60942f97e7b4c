"""The office plans a week on the board: by pointer, by keyboard, on a phone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.hands import Finger, Keys


def plan_one(office: Any, what: str, team: str = "", nth: int = 0) -> None:
    page = office.page
    page.goto(office.platform.cockpit("interventions/new/"))
    number = page.locator("#iv-equipment option").nth(nth).get_attribute("value")
    page.get_by_label("Ce qui est à faire").fill(what)
    page.locator("[name=equipment]").fill(number)
    if team:
        page.locator("[name=team]").select_option(label=team)
        page.locator("[name=planned_on]").fill("2099-06-01")
    page.get_by_role("button", name="Prévoir").click()
    expect(page.locator("h1")).to_contain_text(what)


def card(page: Page, what: str) -> Locator:
    return page.locator(".ib-card").filter(has_text=what)


def column(page: Page, what: str) -> Locator:
    return page.locator(".ib-col").filter(has=card(page, what))


def days(page: Page) -> list[str]:
    """The days of the columns, those without one left out."""
    found = [one.get_attribute("data-day") or "" for one in page.locator(".ib-col[data-day]").all()]
    return [one for one in found if one]


def test_a_week_is_planned_on_the_board(visit: Any) -> None:
    office = visit(DESKTOP)
    office.sign_in("projet.sierre")
    plan_one(office, "Redresser le mât")
    page = office.page
    page.goto(office.platform.cockpit("interventions/"))
    page.get_by_role("link", name="Tableau").click()
    shown = days(page)
    assert shown == [(date.fromisoformat(shown[0]) + timedelta(days=at)).isoformat() for at in range(7)]
    assert office.faults() == []
    page.set_viewport_size(DESKTOP)

    card(page, "Redresser le mât").drag_to(page.locator(f".ib-col[data-day='{shown[1]}']"))
    expect(page.get_by_text("est déplacée").first).to_be_visible()
    expect(column(page, "Redresser le mât")).to_have_attribute("data-day", shown[1])

    keys = Keys(page)
    keys.press(card(page, "Redresser le mât").locator("summary"))
    keys.choose(card(page, "Redresser le mât").locator("select[name=day]"), shown[0])
    keys.press(card(page, "Redresser le mât").get_by_role("button", name="Déplacer ici"))
    expect(column(page, "Redresser le mât")).to_have_attribute("data-day", shown[0])
    expect(card(page, "Redresser le mât")).to_be_focused()

    # Somebody else has it moved meanwhile: the one who is late is told, and overwrites nothing.
    other = visit(PHONE)
    other.sign_in("projet.sierre")
    other.page.goto(office.platform.cockpit("interventions/board/"))
    finger = Finger(other.page)
    finger.press(card(other.page, "Redresser le mât").locator("summary"))
    assert other.overflow() <= 0
    assert other.axe() == []
    finger.choose(card(other.page, "Redresser le mât").locator("select[name=day]"), shown[2])
    finger.press(card(other.page, "Redresser le mât").get_by_role("button", name="Déplacer ici"))
    expect(column(other.page, "Redresser le mât")).to_have_attribute("data-day", shown[2])
    card(page, "Redresser le mât").drag_to(page.locator(f".ib-col[data-day='{shown[3]}']"))
    expect(page.get_by_role("alert")).to_contain_text("Rien n’a été déplacé")
    expect(column(page, "Redresser le mât")).to_have_attribute("data-day", shown[2])
    assert office.axe() == []
    office.errors[:] = [one for one in office.errors if "409" not in one]


def test_a_day_is_put_in_order(visit: Any) -> None:
    office = visit(DESKTOP)
    office.sign_in("projet.sierre")
    for what, nth in (("Premier mât", 0), ("Deuxième mât", 4), ("Troisième mât", 2)):
        plan_one(office, what, "Éclairage et énergie (Sierre)", nth)
    page = office.page
    page.goto(office.platform.cockpit("interventions/day/"))
    page.locator("#pick-team").select_option(label="Éclairage et énergie")
    page.locator("#pick-day").fill("2099-06-01")
    page.get_by_role("button", name="Afficher").click()
    visits = page.locator(".ib-stops li")
    expect(visits).to_have_count(3)
    expect(page.locator("#day-map[data-ready]")).to_be_visible()
    assert office.faults() == []
    page.set_viewport_size(DESKTOP)

    first = visits.first.locator("h3").inner_text()
    Keys(page).press(visits.first.get_by_role("button", name="plus tard"))
    expect(visits.nth(1).locator("h3")).to_have_text(first)
    expect(page.locator(".bv-flag")).to_contain_text("le long des routes")
    take = page.get_by_role("button", name="Prendre cet ordre")
    if take.is_visible():
        take.click()
    expect(page.locator(".bv-flag")).to_contain_text("aucun ordre plus court")
