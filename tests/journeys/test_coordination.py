"""A lead settles works that meet, then draws a site along the road: each page with axe, at both sizes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.test_measures import MAP_MS

DAVAL = (7.5050, 46.2770)  # on the invented Route de la Plaine
OFF = (7.5052, 46.2771)  # some twenty metres aside


def fits(one: Any) -> None:
    """Accessible, and not wider than the window; also on a phone."""
    before = one.page.viewport_size
    assert one.axe() == []
    assert one.overflow() <= 0
    one.page.set_viewport_size(PHONE)
    assert one.axe() == []
    assert one.overflow() <= 0
    one.page.set_viewport_size(before)


def held(page: Page) -> list[Any]:
    """What the form of the site would send."""
    value = page.locator("#pq-geometry").input_value()
    return [feature["geometry"] for feature in json.loads(value)["features"]] if value else []


def test_a_lead_coordinates_works_and_draws_along_the_road(visit: Any) -> None:
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit("coordination/"))
    expect(page.locator("h1")).to_contain_text("à coordonner")
    expect(page.locator("#bc-map[data-ready]")).to_be_attached(timeout=MAP_MS)
    fits(lead)
    pair = page.locator(".bc-pair", has_text="tronçon Granges – Noës").filter(has_text="Grône – Granges")
    expect(pair).to_contain_text("À coordonner")
    pair.locator("h2 a").click()
    expect(page.locator("#bc-pair-map[data-ready]")).to_be_attached(timeout=MAP_MS)
    fits(lead)
    page.get_by_label("Coordonnés").check()
    page.locator("button[value=save]").click()
    expect(page.locator(".bv-form")).to_contain_text("Dites lequel des deux maîtres d’ouvrage")
    # The refusal itself is what the browser notes.
    assert [error for error in lead.errors if "422" not in error] == []
    lead.errors.clear()
    page.get_by_label("Coordonnés").check()
    page.get_by_label("Qui conduit").select_option(label="Sierre")
    page.get_by_label("Remarque").fill("Un seul chantier à Daval")
    page.locator("button[value=save]").click()
    expect(page.locator(".bv-flag")).to_contain_text("Sous la conduite de Sierre")
    measure = str(page.locator(".bc-titles a", has_text="tronçon Granges – Noës").evaluate("a => a.href"))
    page.goto(lead.platform.cockpit("coordination/?state=coordinated"))
    expect(page.locator(".bc-pair", has_text="Un seul chantier à Daval")).to_be_visible()
    page.goto(lead.platform.cockpit("territory/networks/"))
    expect(page.locator("tbody")).to_contain_text("Routes principales")
    fits(lead)
    draw(page, measure)


def draw(page: Page, measure: str) -> None:
    with page.expect_response(re.compile(r"networks/lines\.json"), timeout=MAP_MS) as lines:
        page.goto(f"{measure}edit/site/")
    lines.value.finished()
    editor = page.locator("#pq-editmap[data-ready][data-map-editing]")
    expect(editor).to_be_attached(timeout=MAP_MS)
    expect(page.locator("[data-edit-snap]")).to_be_checked()
    page.locator(".bv-mapedit-keys summary").click()
    page.locator("[data-edit-act=add-point]").click()
    for name, value in zip(("lon", "lat"), OFF, strict=True):
        page.locator(f"[data-edit-{name}]").fill(str(value))
        page.locator(f"[data-edit-{name}]").press("Enter")
    page.locator("[data-edit-act=snap]").click()
    expect(page.locator("[data-edit-said]")).to_contain_text("Route de la Plaine (9)")
    (point,) = held(page)
    assert point["coordinates"] == pytest.approx(DAVAL, abs=4e-4)
    assert point["coordinates"] != list(OFF)
    # With the mouse: the first corner falls 6 pixels aside and snaps.
    page.locator("[data-edit-mode=linestring]").click()
    handle = page.locator(".bv-map-handle")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for at in ((x + 4, y - 5), (x + 70, y - 60)):
        page.mouse.move(*at, steps=3)
        page.mouse.click(*at)
    page.keyboard.press("Enter")
    expect(page.locator("#pq-geometry")).to_have_value(re.compile("LineString"))
    line = next(one for one in held(page) if one["type"] == "LineString")
    assert line["coordinates"][0] == pytest.approx(point["coordinates"], abs=2e-5)
    page.locator("[data-edit-shape]").select_option(index=1)
    page.locator("[data-edit-act=remove]").click()
    expect(page.locator("#pq-geometry")).not_to_have_value(re.compile("LineString"))
    page.locator("button[name=act][value=save]").click()
    page.wait_for_url(re.compile(re.escape(measure) + r"(\?saved=.*)?(#.*)?$"))
    expect(page.locator("#place")).to_contain_text("réseau")
