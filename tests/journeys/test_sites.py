"""A lead moves a site on the map: with the mouse, with a finger, with the arrow keys."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_measures import MAP_MS, open_measure

STEPS = 8
BY = (48, -36)


def open_editor(page: Page) -> str:
    """Give the measure a site that is a point, then open its editor; the measure's address."""
    open_measure(page, "Sierre")
    address = page.url
    page.locator("#place a[href*='/edit/site/']").first.click()
    page.locator("input[name=x]").fill("7.5333")
    page.locator("input[name=y]").fill("46.2944")
    save(page, address)
    page.goto(address)
    page.locator("#place a[href*='/edit/site/']").first.click()
    expect(page.locator("#pq-editmap[data-ready][data-map-editing]")).to_be_attached(timeout=MAP_MS)
    return address


def save(page: Page, address: str) -> None:
    page.locator("button[name=act][value=save]").click()
    page.wait_for_url(re.compile(re.escape(address) + r"(\?saved=.*)?(#.*)?$"))


def drawn(page: Page) -> tuple[float, float]:
    """The only point that the form would send."""
    held = json.loads(page.locator("#pq-geometry").input_value())
    (feature,) = held["features"] if held["type"] == "FeatureCollection" else [{"geometry": held}]
    lon, lat = feature["geometry"]["coordinates"]
    return float(lon), float(lat)


def drag(page: Page, handle: Locator, *, finger: bool) -> None:
    """Press on the handle, move in small steps, let go."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    path = [(x + BY[0] * i / STEPS, y + BY[1] * i / STEPS) for i in range(STEPS + 1)]
    if not finger:
        page.mouse.move(*path[0])
        page.mouse.down()
        for at in path[1:]:
            page.mouse.move(*at)
        page.mouse.up()
        return
    touch = page.context.new_cdp_session(page)
    for i, (px, py) in enumerate(path):
        kind = "touchMove" if i else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def seen(page: Page, address: str, at: tuple[float, float]) -> None:
    """The page's map draws the site at its new place; the journal says it, in the reader's digits."""
    page.goto(address)
    shown = json.loads(page.locator("script#pq-sites").text_content() or "")
    assert list(at) in [feature["geometry"]["coordinates"] for feature in shown["features"]]
    for value in at:
        expect(page.locator("#journal")).to_contain_text(f"{value:.4f}".replace(".", ","))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["mouse", "finger"])
def test_a_lead_drags_a_site(visit: Any, size: dict[str, int]) -> None:
    lead = visit(size)
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    address = open_editor(page)
    before = drawn(page)
    drag(page, page.locator(".bv-map-handle"), finger=size is PHONE)
    expect(page.locator("#pq-geometry")).to_have_value(re.compile("FeatureCollection"))
    after = drawn(page)
    assert after[0] > before[0], "dragged to the right: further east"
    assert after[1] > before[1], "dragged upwards: further north"
    assert lead.overflow() <= 0
    save(page, address)
    seen(page, address, after)


def test_a_lead_moves_a_site_by_the_arrow_keys(visit: Any) -> None:
    lead = visit(DESKTOP)
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    address = open_editor(page)
    before = drawn(page)
    page.locator("#pq-editmap canvas").focus()
    page.keyboard.press("Tab")
    handle = page.locator(".bv-map-handle")
    expect(handle).to_be_focused()
    expect(handle).to_have_attribute("aria-label", re.compile("1 sur 1"))
    expect(handle).to_have_accessible_description(re.compile(r"10\sm.*100\sm"))
    page.keyboard.press("ArrowRight")
    said = page.locator("[data-edit-said]")
    expect(said).to_contain_text(re.compile(r"10\sm vers l’est"))
    expect(said).to_have_role("status")
    page.keyboard.press("Shift+ArrowUp")
    expect(said).to_contain_text(re.compile(r"100\sm vers le nord"))
    expect(handle).to_be_focused()
    after = drawn(page)
    assert after[0] - before[0] == pytest.approx(10 / 76_800, rel=0.02), "10 m east, at this latitude"
    assert after[1] - before[1] == pytest.approx(100 / 111_195, rel=0.02), "100 m north"
    save(page, address)
    seen(page, address, after)


def test_typed_coordinates_follow_what_is_dragged_afterwards(visit: Any) -> None:
    """Typed fields would else win over the later drag, in silence."""
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    address = open_editor(page)
    page.locator("input[name=x]").fill("7.5000")
    page.locator("input[name=y]").fill("46.3000")
    drag(page, page.locator(".bv-map-handle"), finger=False)
    at = drawn(page)
    typed = tuple(float(page.locator(f"input[name={name}]").input_value()) for name in ("x", "y"))
    assert typed == at != (7.5, 46.3)
    save(page, address)
    seen(page, address, at)


def test_coordinates_typed_while_the_editor_still_loads_are_kept(visit: Any) -> None:
    """On a slow machine a person types before the editor is there: its arrival is no drag."""
    lead = visit()
    lead.sign_in("projet.sierre")
    page = lead.page
    page.goto(lead.platform.cockpit())
    address = open_editor(page)
    held: list[Route] = []
    script = re.compile(r"/edit[^/]*\.js")
    page.route(script, lambda route: held.append(route))
    with page.expect_request(script, timeout=MAP_MS):
        page.reload()
    page.locator("input[name=x]").fill("7.5321")
    page.locator("input[name=y]").fill("46.2912")
    assert held and page.locator("[data-map-editing]").count() == 0, "the editor was still on its way"
    for route in held:
        route.continue_()
    expect(page.locator("#pq-editmap[data-map-editing]")).to_be_attached(timeout=MAP_MS)
    expect(page.locator(".bv-map-handle")).to_be_visible()
    save(page, address)
    seen(page, address, (7.5321, 46.2912))
