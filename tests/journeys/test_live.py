"""The live territory in a browser: from a full container to a message that is read after all, on a desk by
the keyboard alone, first in light then in dark; on a phone with a finger in the dark, then by its keyboard in
light; and what everyone sees."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.engines.mqtt import Device
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.hands import Finger, Hand, Keys

KEY = "essai-en-direct"
NAME = "Conteneur de l’essai"
TRIES = 40


@dataclass
class Door:
    """Where the device of these journeys sends, as whom, and how it calls its filling level just now."""

    port: int
    user: str
    secret: str
    field: str = "fillingLevel"


@pytest.fixture(scope="module")
def doors() -> list[Door]:
    """The one device: the first journey registers it, the next finds it here."""
    return []


def registered(one: Any, hand: Hand) -> Door:
    """A device of a new container, through the form."""
    page = one.page
    page.goto(one.platform.cockpit("live/devices/new/"))
    hand.write(page.get_by_label("Nom de l’objet", exact=True), NAME)
    hand.choose(page.get_by_label("Type d’objet"), "waste-container")
    hand.write(page.get_by_label("Nom de l’objet connecté"), KEY)
    commune = page.get_by_label("Commune")
    hand.choose(commune, commune.locator("option", has_text=re.compile("^Sion$")).get_attribute("value"))
    hand.press(page.get_by_role("button", name="Enregistrer l’objet connecté"))
    user, secret = (page.locator(".lv-secret dd code").nth(at).inner_text() for at in (0, 1))
    port = re.search(r"-p (\d+)", page.locator("pre.lv-command").first.inner_text())
    assert port is not None
    return Door(int(port[1]), user, secret)


def told(door: Door, number: int, **values: Any) -> None:
    """What the device says, acknowledged. Just after a start nobody opens the door yet: it knocks again."""
    for _ in range(TRIES):
        with Device(door.port, door.user, door.secret, KEY) as device:
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


def dressed(page: Any, scheme: str) -> None:
    """The same window in light or in dark, as the system says."""
    page.emulate_media(color_scheme=scheme)
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)


@pytest.mark.parametrize(
    "dress", ["desk, keyboard alone, light then dark", "phone, dark by finger then light by keyboard"]
)
def test_from_a_full_container_to_a_message_that_is_read_after_all(
    visit: Any, doors: list[Door], dress: str
) -> None:
    is_phone = dress.startswith("phone")
    one = visit(PHONE, scheme="dark") if is_phone else visit(DESKTOP)
    page = one.page
    hand: Hand = Finger(page) if is_phone else Keys(page)
    one.sign_in("administration")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark" if is_phone else "light")
    if not doors:
        doors.append(registered(one, hand))
    (door,) = doors
    told(door, 1, **{door.field: 0.42})

    # Full containers, from the layers; the first of them says why it matters and what to do.
    page.goto(one.platform.cockpit("live/things/"))
    full = page.locator('#lm-layers [data-kind="waste-container"] [data-count="alarm"]')
    if not full.is_visible():
        hand.press(page.locator("[data-fold]"))
    hand.press(full)
    expect(page.locator("[data-finding]")).to_have_text(re.compile("en alarme"))
    hand.first(page.locator("[data-select] [data-id]"))
    panel = page.locator("#lm-panel")
    expect(panel).to_contain_text("le faire vider aujourd’hui")
    expect(panel).to_contain_text(re.compile(r"(9\d|100).%"))
    expect(panel.locator("figure[data-ready]")).to_be_visible()
    hand.close(panel)
    expect(panel).to_be_empty()

    # One's own, found in the list: its value and its state move.
    hand.other_view()
    expect(page.locator("#m-list")).to_be_visible()
    page.goto(one.platform.cockpit("live/things/?view=table"))
    search = page.locator("#lm-q")
    hand.write(search, NAME)
    search.press("Enter")
    expect(page).to_have_url(re.compile("q=Conteneur"))
    row = page.locator("#m-list tr[data-id]")
    until(page, row.get_by_text("42 %"))
    expect(page.locator("[data-status]")).to_have_text("En direct")
    hand.first(row)
    expect(panel).to_contain_text("42 %")
    told(door, 2, **{door.field: 0.97})
    expect(panel.locator(".pn-big")).to_contain_text("97 %")
    expect(row).to_contain_text("97 %")
    expect(row).to_have_attribute("data-state", "alarm")
    expect(page.locator("[data-told]")).to_contain_text(NAME)
    expect(page.locator("[data-finding]")).to_have_text("1 objet est en alarme")

    # The last day again, and back.
    hand.close(panel)
    hand.other_view()
    slider = page.get_by_label("Instant affiché")
    expect(slider).to_be_visible()
    hand.to_start(slider)
    expect(page.locator("[data-then]")).to_contain_text("Passé")
    expect(page.locator("[data-finding]")).to_have_text("Tout est normal")
    hand.press(page.get_by_role("button", name="Revenir au direct"))
    expect(page.locator("[data-then]")).to_be_hidden()
    expect(page.locator("[data-finding]")).to_have_text(re.compile("en alarme"))

    # The evening falls at the desk; on the phone it dawns, and a keyboard is at hand.
    dressed(page, "light" if is_phone else "dark")
    hand = Keys(page)
    assert (found := one.axe()) == [], found

    # What is silent, and what to do about it.
    page.goto(one.platform.cockpit("live/things/?view=table"))
    hand.press(page.locator(".lm-q summary"))
    hand.press(page.locator(".lm-q li a").first)
    expect(page.locator("[data-finding]")).to_have_text(re.compile("muet"))
    hand.first(page.locator("#m-list tr[data-id]"))
    expect(panel).to_contain_text("contrôler sa pile et son réseau")
    if not is_phone:
        assert one.faults() == []
        page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
        dressed(page, "dark")

    # A field that nobody explained: refused, explained, taken again.
    odd = f"niveau-{dress[0]}"
    told(door, 3, **{odd: 0.31})
    page.goto(one.platform.cockpit(f"live/messages/?device={KEY}"))
    again = page.get_by_role("button", name=re.compile(f"^Reprendre : {KEY}"))
    until(page, again)
    expect(page.locator(".lv-letters")).to_contain_text(odd)
    hand.press(page.locator(".lv-letters a", has_text=KEY))
    hand.press(page.locator("th.is-title a").first)
    hand.write(page.locator(f'.lv-fields input[value="{door.field}"]'), odd)
    door.field = odd
    hand.press(page.get_by_role("button", name="Enregistrer", exact=True))
    expect(page.locator(f'.lv-fields input[value="{odd}"]')).to_be_visible()
    page.goto(one.platform.cockpit(f"live/messages/?device={KEY}"))
    hand.press(again)
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


def alarm_row(page: Any) -> Locator:
    return page.locator(".al-r", has_text=NAME)


def test_what_is_written_while_the_form_of_a_rule_is_drawn_anew_stays(visit: Any) -> None:
    desk = visit(DESKTOP)
    desk.sign_in("administration")
    page = desk.page
    page.goto(desk.platform.cockpit("rules/new/"))
    page.locator("#rl-kind").select_option("waste-container")
    expect(page.locator("#rl-attribute-0")).to_have_value("fillingLevel")
    page.get_by_label("Nom de la règle").fill("Conteneur surveillé")

    # Another question asks for other fields; the line is slow, and nobody waits for it.
    held: list[Any] = []
    page.route("**/rules/new/", lambda route: held.append(route), times=1)
    with page.expect_request("**/rules/new/"):
        page.locator("#rl-asks-0").select_option("below")
    page.locator("#rl-n-0").fill("12,5")
    page.locator("#rl-severity").select_option("4")
    page.locator("summary", has_text="La fin, et le reste").click()
    page.locator("#rl-gathers").select_option("yes")
    page.locator("[name=days-0]").first.check()
    page.get_by_label("Que faire alors").fill("Le faire ")
    page.keyboard.press("End")
    held[0].continue_()

    # What was chosen stays, the place where somebody writes too; the sentence says it all.
    expect(page.locator("#rl-preview")).to_contain_text("déclencher une alarme\N{NO-BREAK SPACE}: critique")
    page.keyboard.type("vider.")
    expect(page.get_by_label("Que faire alors")).to_have_value("Le faire vider.")
    expect(page.locator("#rl-asks-0")).to_have_value("below")
    expect(page.locator("#rl-gathers")).to_be_visible()
    expect(page.locator("#rl-gathers")).to_have_value("yes")
    expect(page.locator("[name=days-0]").first).to_be_checked()
    assert desk.faults() == []


def test_from_a_rule_in_a_sentence_to_an_alarm_closed_with_a_proof(visit: Any, doors: list[Door]) -> None:
    desk, phone = visit(DESKTOP), visit(PHONE, scheme="dark")
    page, pocket = desk.page, phone.page
    hand, finger = Keys(page), Finger(pocket)
    for one in (desk, phone):
        one.sign_in("administration")
    if not doors:
        doors.append(registered(desk, hand))
    (door,) = doors
    told(door, 11, **{door.field: 0.42})

    # Written as a sentence, tried on the past, switched on.
    page.goto(desk.platform.cockpit("rules/new/"))
    hand.write(page.get_by_label("Nom de la règle"), "Conteneur qui déborde")
    hand.choose(page.locator("#rl-kind"), "waste-container")
    expect(page.locator("#rl-attribute-0")).to_have_value("fillingLevel")
    hand.write(page.locator("#rl-n-0"), "99,2")
    hand.write(page.get_by_label("Que faire alors"), "Le faire vider.")
    hand.press(page.get_by_role("button", name="L’essayer sur les 30 derniers jours"))
    expect(page.locator("#rl-tried")).to_contain_text("Elle aurait déclenché")
    expect(page.locator("#rl-preview")).to_contain_text(re.compile("dépasse 99"))
    assert (found := desk.axe()) == [], found
    # The same of all things together, looked at and taken back.
    hand.choose(page.locator("#rl-tally"), "count")
    hand.write(page.locator("#rl-tally-n"), "3")
    hand.press(page.get_by_role("button", name="Lire la phrase"))
    expect(page.locator("#rl-preview")).to_contain_text("plus de 3 conteneurs")
    assert (found := desk.axe()) == [], found
    hand.choose(page.locator("#rl-tally"), "each")
    expect(page.locator("#rl-tally-n")).to_have_count(0)
    hand.press(page.get_by_role("button", name="Enregistrer la règle"))
    hand.press(page.get_by_role("button", name="Activer"))
    expect(page.get_by_role("button", name="Désactiver")).to_be_visible()
    assert (found := desk.axe()) == [], found

    # A value comes: the alarm is on both desks by itself; one acknowledges it, the other takes it up.
    for one in (desk, phone):
        one.page.goto(one.platform.cockpit("alarms/desk/"))
        expect(one.page.locator("[data-status].is-live")).to_be_visible()
    told(door, 12, **{door.field: 0.995})
    expect(alarm_row(page)).to_contain_text("Personne")
    expect(alarm_row(pocket)).to_contain_text("Personne")
    assert (found := [*desk.axe(), *phone.axe()]) == [], found
    assert phone.overflow() <= 0
    while not page.locator(".al-r.is-current", has_text=NAME).count():
        page.keyboard.press("j")
    expect(page.locator("#al-panel")).to_contain_text("Le faire vider.")
    page.keyboard.press("a")
    expect(alarm_row(page)).to_contain_text("acquittée")
    expect(alarm_row(pocket)).to_contain_text("acquittée")
    finger.press(alarm_row(pocket).get_by_role("button", name="Prendre en charge"))
    expect(page.locator("[data-fresh=running]")).to_contain_text(NAME)

    # The value is back; it is closed with what was done, and gone from both.
    told(door, 13, **{door.field: 0.1})
    expect(alarm_row(page)).to_have_class(re.compile("is-cleared"))
    expect(page.locator("#al-panel").get_by_role("button", name="Clore l’alarme")).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.type("Vidé à 14 h.")
    hand.press(page.locator("#al-panel").get_by_role("button", name="Clore l’alarme"))
    expect(alarm_row(page)).to_have_count(0)
    expect(alarm_row(pocket)).to_have_count(0)

    # Its page keeps the whole story.
    page.goto(desk.platform.cockpit("alarms/?state=closed"))
    assert desk.faults() == []
    page.goto(str(alarm_row(page).locator("a").first.evaluate("a => a.href")))
    expect(page.locator(".bv-log")).to_contain_text("Vidé à 14 h.")
    assert desk.faults() == []
    page.goto(desk.platform.cockpit(f"duty/alarms/{page.url.rstrip('/').rpartition('/')[2]}/"))
    expect(page.locator("h1")).to_be_visible()
    assert desk.faults() == []
    page.goto(desk.platform.cockpit("rules/"))
    expect(page.get_by_role("link", name="Conteneur qui déborde")).to_be_visible()
    assert (found := desk.axe()) == [], found
