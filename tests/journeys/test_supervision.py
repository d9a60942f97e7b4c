"""What is supervised, page by page: the register, its contracts, interventions, duty and commands."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import ViewportSize, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.hands import Keys

# A page, and what is clicked on it, one after the other, to come to the one that is looked at.
PAGES: list[tuple[str, ...]] = [
    ("equipment/",),
    ("equipment/", "th.is-title a"),
    ("equipment/new/",),
    ("equipment/contracts/",),
    ("equipment/contracts/", "tbody th a"),
    ("equipment/contracts/new/",),
    ("equipment/sheets/",),
    ("interventions/",),
    ("interventions/new/",),
    ("duty/",),
    ("commands/",),
    ("alarms/figures/?days=90",),
    ("packs/",),
    ("packs/waste/",),
    ("packs/air-noise/",),
    ("packs/cameras/",),
]
SHEET = "Numéro;Désignation;Genre\nEP-1;Lampadaire de la place;Luminaire\nEP-2;;Fusée\n"


def test_pages_of_supervision(visit: Any) -> None:
    one = visit()
    one.sign_in("administration")
    page = one.page
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        expect(page.locator("h1").first).to_be_visible()
        if found := one.faults():
            faults[name] = found

    for path, *clicks in PAGES:
        page.goto(one.platform.cockpit(path))
        for click in clicks:
            page.locator(click).first.click()
        look(" > ".join([path, *clicks]))

    page.goto(one.platform.cockpit("equipment/sheets/"))
    page.locator("#file").set_input_files(
        {"name": "parc.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    page.locator("form .bv-form-actions .bv-btn.is-main").click()
    page.wait_for_url("**/equipment/sheets/*/")
    look("a sheet")

    page.goto(one.platform.cockpit("equipment/?kind=cabinet"))
    page.locator("th.is-title a").first.click()
    page.locator("a[href*='/commands/new/']").click()
    look("a new command")
    page.locator("form [name=value]").first.fill("40")
    page.locator("form .bv-btn.is-main").first.click()
    page.goto(one.platform.cockpit("commands/"))
    page.locator("tbody th a").first.click()
    look("a command")
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def test_a_plan_of_climbing_level_by_level(visit: Any) -> None:
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        one = visit(size, scheme=scheme)
        one.sign_in("administration")
        page = one.page
        page.goto(one.platform.cockpit("duty/"))
        page.locator("a[href$='/plans/new/']").click()
        expect(page.locator("h1")).to_contain_text("Nouveau plan d’escalade")
        assert one.faults() == []
        page.get_by_role("link", name="Sierre", exact=False).first.click()
        expect(page.locator("#du-level-1")).to_be_visible()
        page.get_by_role("button", name="Un niveau de plus").click()
        page.locator("[name=l2-after]").fill("45")
        page.locator("summary", has_text="Personnes, par leur nom").last.click()
        page.locator("[name=l2-people]").first.check()
        name = f"Astreinte de nuit {scheme}"
        page.locator("[name=name]").fill(name)
        # Read back while it is typed.
        expect(page.locator("#du-said")).to_contain_text("Après 45\N{NO-BREAK SPACE}min sans personne")
        assert one.faults() == []
        page.get_by_role("button", name="Enregistrer le plan").click()
        expect(page.locator("#du-plans")).to_be_visible()
        assert one.faults() == []
        page.get_by_role("link", name=name).click()
        expect(page.locator("[name=l2-after]")).to_have_value("45")
        page.locator("[name=l2-after]").fill("1")
        page.get_by_role("button", name="Enregistrer le plan").click()
        expect(page.locator(".bv-error").first).to_be_visible()
        assert one.faults() == [] and [told for told in one.errors if "422" not in told] == []
        one.errors.clear()
        page.get_by_role("button", name="Supprimer le plan").click()
        expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_a_roster_of_three_weeks(visit: Any) -> None:
    one = visit()
    one.sign_in("projet.sierre")
    page = one.page
    page.goto(one.platform.cockpit("duty/"))
    page.locator("a[href*='/rosters/new/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert one.faults() == []
    page.get_by_role("button", name="Une tranche de plus").click()
    expect(page.locator("#du-shift-1")).to_be_visible()
    assert one.faults() == []
    page.locator("form [name=name]").fill("Piquet de Sierre")
    page.locator("form select[name^=person]").first.select_option(index=1)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("h1")).to_contain_text("Piquet de Sierre")
    assert one.faults() == []


def test_a_shift_writes_strikes_prints_and_hands_over(visit: Any) -> None:
    """Written from the desk by a key; printed on A4 without what is to be pressed; left with a word."""
    one = visit()
    one.sign_in("projet.sierre")
    page = one.page
    page.goto(one.platform.cockpit("alarms/desk/"))
    expect(page.locator("#dk-log-h")).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.type("La barrière est fermée.")
    page.keyboard.press("Enter")
    expect(page.locator("[data-fresh=log]")).to_contain_text("La barrière est fermée.")
    expect(page.locator("#dk-line")).to_have_value("")
    page.get_by_role("link", name="Nouvelle inscription").click()
    page.wait_for_url("**/logbook/new/**")
    assert one.faults() == []
    page.locator("[name=text]").fill("Le bisse déborde au pont.")
    page.locator("[name=hand_over]").check()
    page.get_by_role("button", name="Inscrire").click()
    page.wait_for_url("**/alarms/desk/")
    expect(page.locator("[data-fresh=log]")).to_contain_text("Le bisse déborde")

    page.goto(one.platform.cockpit("logbook/?q=bisse"))
    expect(page.locator("ol.lg li")).to_have_count(1)
    assert one.faults() == []
    page.locator(".lg-strike").first.click()
    assert one.faults() == []
    page.locator("[name=text]").fill("La Raspille, pas le bisse.")
    page.get_by_role("button", name="Biffer").click()
    page.goto(one.platform.cockpit("logbook/?q=bisse"))
    expect(page.locator("ol.lg del")).to_have_text("Le bisse déborde au pont.")

    page.goto(one.platform.cockpit("logbook/print/?q=bisse"))
    assert one.faults() == []
    page.emulate_media(media="print")
    expect(page.locator("ol.lg li").first).to_be_visible()
    for hidden in (".bv-rail", "[data-print]"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")

    page.goto(one.platform.cockpit("logbook/hand-over/"))
    expect(page.locator("ol.lg")).to_contain_text("La Raspille")
    assert one.faults() == []
    page.locator("[name=text]").fill("Surveiller la Raspille.")
    page.get_by_role("button", name="Transmettre").click()
    expect(page.locator(".lg-text").first).to_have_text("Surveiller la Raspille.")
    assert one.faults() == []


def test_the_desk_by_keys_alone_with_sounds_of_its_own_and_a_wall(visit: Any) -> None:
    """Keys are told and all work; sounds begin silent, are heard, set and kept; a wall has one way out."""
    one = visit()
    one.sign_in("administration")
    page = one.page
    page.goto(one.platform.cockpit("alarms/desk/"))
    said = page.locator("[data-sound-said]")
    expect(said).to_have_text("Son coupé")
    expect(page.locator("#dk-duty-h")).to_be_visible()
    assert one.faults() == []
    page.set_viewport_size(ViewportSize(width=1440, height=900))
    page.keyboard.press("?")
    keys = page.locator("#al-keys")
    expect(keys).to_contain_text("régler les sons")
    assert one.axe() == []
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(page.locator("#dk-map[data-ready]")).to_be_attached()
    page.keyboard.press("g")
    expect(page.locator("#dk-map canvas")).to_be_focused()
    page.locator("#dk-map canvas").blur()

    page.keyboard.press("v")
    sounds = page.locator("#dk-sounds")
    expect(sounds).to_be_visible()
    assert one.axe() == []
    Keys(page).press(sounds.locator("[data-try='3']"))
    expect(page.locator("[data-sounded]")).to_contain_text("Majeure")
    Keys(page).reach(sounds.locator("[name=on]"))
    page.keyboard.press("Space")
    Keys(page).reach(sounds.locator("[name=of][value='3']"))
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(said).to_have_text("Son\N{NO-BREAK SPACE}: critique")
    page.reload()
    page.keyboard.press("v")
    expect(said).to_have_text("Son\N{NO-BREAK SPACE}: critique")
    expect(sounds.locator("[name=of][value='3']")).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(sounds).to_be_hidden()

    with page.expect_request("**/alarms/desk/?wall=1"):
        page.keyboard.press("w")
    page.wait_for_url("**/alarms/desk/?wall=1")
    assert one.faults() == []
    presses = page.locator(".dk :is(a, button, input, summary):visible")
    expect(presses).to_have_count(1)
    page.keyboard.press("Escape")
    page.wait_for_url("**/alarms/desk/")
