"""The live territory in a browser: from a full container to a message that is read after all; by keyboard
where a hand would reach for the mouse; and what everyone sees."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.engines.mqtt import Device
from tests.journeys.conftest import DESKTOP, PHONE

KEY = "essai-en-direct"
NAME = "Conteneur de l’essai"
TRIES = 40


def registered(one: Any) -> tuple[int, str, str]:
    """A device of a new container: the port of the door, its user, its secret."""
    page = one.page
    page.goto(one.platform.cockpit("live/devices/new/"))
    page.get_by_label("Nom de l’objet", exact=True).fill(NAME)
    page.get_by_label("Type d’objet").select_option("waste-container")
    page.get_by_label("Nom de l’objet connecté").fill(KEY)
    page.get_by_label("Commune").select_option(label="Sion")
    page.get_by_role("button", name="Enregistrer l’objet connecté").click()
    user, secret = (page.locator(".lv-secret dd code").nth(at).inner_text() for at in (0, 1))
    port = re.search(r"-p (\d+)", page.locator("pre.lv-command").first.inner_text())
    assert port is not None
    return int(port[1]), user, secret


def told(door: tuple[int, str, str], number: int, **values: Any) -> None:
    """What the device says, acknowledged. Just after a start nobody opens the door yet: it knocks again."""
    port, user, secret = door
    for _ in range(TRIES):
        with Device(port, user, secret, KEY) as device:
            if device.accepted:
                device.publish(f"devices/valais-central/{KEY}", json.dumps(values).encode(), number)
                return
    raise AssertionError("the device may not sign in")


def until(page: Any, wanted: Locator) -> None:
    """The worker takes a message in its own time: the page is asked again until it says so."""
    for _ in range(TRIES):
        if wanted.count():
            return
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def test_from_a_full_container_to_a_message_that_is_read_after_all(visit: Any) -> None:
    one = visit(DESKTOP)
    page = one.page
    one.sign_in("administration")
    door = registered(one)
    told(door, 1, fillingLevel=0.42)

    # Full containers, from the layers; the first of them by keyboard.
    page.goto(one.platform.cockpit("live/things/"))
    page.locator('#lm-layers [data-kind="waste-container"] [data-count="alarm"]').click()
    expect(page.locator("[data-finding]")).to_have_text(re.compile("en alarme"))
    page.keyboard.press("j")
    panel = page.locator("#lm-panel")
    expect(panel).to_contain_text("le faire vider aujourd’hui")
    expect(panel).to_contain_text(re.compile(r"(9\d|100).%"))
    expect(panel.locator("figure[data-ready]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_empty()

    # One's own, in the list: its value and its state move.
    page.keyboard.press("l")
    expect(page.locator("#m-list")).to_be_visible()
    page.goto(one.platform.cockpit(f"live/things/?view=table&q={NAME}"))
    row = page.locator("#m-list tr[data-id]")
    until(page, row.get_by_text("42 %"))
    expect(page.locator("[data-status]")).to_have_text("En direct")
    page.keyboard.press("j")
    expect(panel).to_contain_text("42 %")
    told(door, 2, fillingLevel=0.97)
    expect(panel.locator(".pn-big")).to_contain_text("97 %")
    expect(row).to_contain_text("97 %")
    expect(row).to_have_attribute("data-state", "alarm")
    expect(page.locator("[data-told]")).to_contain_text(NAME)
    expect(page.locator("[data-finding]")).to_have_text("1 objet est en alarme")

    # The last day again, by the keys of the slider, and back.
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    slider = page.get_by_label("Instant affiché")
    expect(slider).to_be_visible()
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-then]")).to_contain_text("Passé")
    expect(page.locator("[data-finding]")).to_have_text("Tout est normal")
    page.get_by_role("button", name="Revenir au direct").click()
    expect(page.locator("[data-then]")).to_be_hidden()
    expect(page.locator("[data-finding]")).to_have_text(re.compile("en alarme"))

    # What is silent, and what to do about it.
    page.goto(one.platform.cockpit("live/things/?state=silent&view=table"))
    page.locator("#m-list tr[data-id] td").nth(1).click()
    expect(panel).to_contain_text("contrôler sa pile et son réseau")
    assert one.faults() == []
    page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})

    # A field that nobody explained: refused, explained, taken again.
    told(door, 3, niveau=0.31)
    page.goto(one.platform.cockpit(f"live/messages/?device={KEY}"))
    again = page.get_by_role("button", name=re.compile(f"^Reprendre : {KEY}"))
    until(page, again)
    expect(page.locator(".lv-letters")).to_contain_text("niveau")
    page.locator(".lv-letters a", has_text=KEY).click()
    page.locator("th.is-title a").first.click()
    page.locator('.lv-fields input[value="fillingLevel"]').fill("niveau")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.goto(one.platform.cockpit(f"live/messages/?device={KEY}"))
    again.click()
    expect(page.locator(".lv-letters")).to_have_count(0)
    page.goto(one.platform.cockpit(f"live/things/?view=table&q={NAME}"))
    expect(row).to_contain_text("31 %")


def test_everyone_reads_what_is_measured_in_public(visit: Any) -> None:
    one = visit(PHONE, scheme="dark", locale="de-CH")
    page = one.page
    page.goto(one.platform.portal("live/"))
    expect(page.locator("[data-status]").first).to_have_text("Live")
    assert one.faults() == []
    page.locator("#m-list tr[data-id] a").first.click()
    expect(page.locator(".pn-big b")).to_be_visible()
    assert one.faults() == []
