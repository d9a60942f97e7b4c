"""A project lead makes a measure out of nothing: plans, sites, three tracks of maturity, all of its money."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_measures import MAP_MS

MADE = re.compile(r"/plans/measures/[0-9a-f-]{36}/(#.*)?$")
SAVE = re.compile(r"^(Enregistrer|Franchir cette étape|Inscrire la mesure)$")
TITLE = "Liaison cyclable du Glarey"
ASSESSED, AGREED = "Appréciée par l’autorité", "Dans l’accord sur les prestations"
NUMBER = "90"  # in the codes of its plans
Fields = dict[str, str]


def named(where: Page | Locator, label: str, at: int = 0) -> Locator:
    """A field by its label, whether or not it must be filled."""
    words = r"\s".join(re.escape(word) for word in label.split())  # some are joined by a fixed space
    return where.get_by_label(re.compile(rf"^{words}(\s*\(facultatif\))?$")).nth(at)


def fill(where: Page | Locator, fields: Fields, at: int = 0) -> None:
    for label, value in fields.items():
        field = named(where, label, at)
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


class Sheet:
    """The page of one measure in the hands of its lead: each part opens in place and is saved there."""

    def __init__(self, visit: Any) -> None:
        self.visit = visit
        self.page: Page = visit.page
        self.address = ""

    def create(self, title: str, fields: Fields) -> None:
        page = self.page
        page.goto(self.visit.platform.cockpit())
        page.get_by_role("link", name="Nouvelle mesure").first.click()
        page.wait_for_url(re.compile("/measures/new/"))
        fill(page, {"Titre (Français)": title, **fields})
        page.get_by_role("button", name="Créer").click()
        page.wait_for_url(MADE)
        self.address = page.url.partition("#")[0]
        expect(page.get_by_role("heading", level=1)).to_have_text(title)

    def part(self, heading: str) -> Locator:
        """The smallest part of the page under this heading."""
        return self.page.locator("section").filter(has=self.page.get_by_role("heading", name=heading)).last

    def track(self, name: str) -> Locator:
        """One of the three tracks of maturity."""
        heading = self.page.get_by_role("heading", level=3, name=re.compile(rf"^{name}"))
        return self.page.locator("section#progress div").filter(has=heading).last

    def open(self, opener: Locator, fields: Fields | None = None) -> Locator:
        opener.click()
        form = self.page.locator("form[aria-label]:has(button[name=act])").first
        expect(form).to_be_visible()
        fill(form, fields or {})
        return form

    def save(self, form: Locator) -> None:
        form.get_by_role("button", name=SAVE).click()
        expect(form).to_have_count(0)  # the page is loaded again without it
        self.page.wait_for_url(re.compile(re.escape(self.address) + r"(\?saved=\d+)?(#.*)?$"))

    def walk(self, track: str, step: str, fields: Fields | None = None) -> None:
        """Take a step that is offered."""
        opener = self.track(track).get_by_role("link", name=step, exact=True)
        self.save(self.open(opener, fields))
        self.stands(track, step)

    def stands(self, track: str, step: str) -> None:
        expect(self.track(track).locator("[aria-current=step]")).to_contain_text(step)

    def refused(self, track: str, step: str, why: str) -> Locator:
        """The step is not offered; a sentence says why. Gives the way to what mends it."""
        row = self.track(track)
        expect(row.get_by_role("link", name=step, exact=True)).to_have_count(0)
        said = row.get_by_role("paragraph").filter(has_text=step).filter(has_text=why)
        expect(said).to_be_visible()
        return said.get_by_role("link")


def three_plans(sheet: Sheet) -> None:
    page = sheet.page
    for plan, code, priority in (("PDI", f"PDI-{NUMBER}", "B"), ("PPI-SIERRE", f"SIE-{NUMBER}", "A")):
        form = sheet.open(page.get_by_role("link", name="Inscrire dans un autre plan"))
        choice = named(form, "Plan")
        choice.select_option(value=choice.locator("option", has_text=f"{plan} ·").get_attribute("value"))
        fill(form, {"Code dans le plan": code, "Notre priorité": priority})
        sheet.save(form)
    codes = page.get_by_label("Codes dans les plans")
    for code, priority in ((f"PA5-{NUMBER}", "A"), (f"PDI-{NUMBER}", "B"), (f"SIE-{NUMBER}", "A")):
        listed = codes.locator("dd", has=page.get_by_role("link", name=code, exact=True))
        expect(listed).to_contain_text(priority)


def editor(sheet: Sheet, opener: Locator) -> Page:
    opener.click()
    page = sheet.page
    expect(page.locator("#pq-editmap[data-ready][data-map-editing]")).to_be_attached(timeout=MAP_MS)
    return page


def drawn(page: Page) -> Any:
    held = json.loads(page.locator("#pq-geometry").input_value())
    return [feature["geometry"] for feature in held["features"]]


def keep_site(sheet: Sheet) -> None:
    sheet.page.get_by_role("button", name="Enregistrer").click()
    sheet.page.wait_for_url(re.compile(re.escape(sheet.address) + r"(\?saved=.*)?(#.*)?$"))


def draw_line(sheet: Sheet, opener: Locator) -> None:
    """With the mouse: three clicks, the last one double."""
    page = editor(sheet, opener)
    fill(page, {"Nom de l’emprise": "Piste"})
    page.get_by_role("button", name="Ligne", exact=True).click()
    canvas = page.locator("#pq-editmap canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((-90, 40), (0, -30), (90, 20)):
        page.mouse.move(x + dx, y + dy, steps=3)
        page.mouse.click(x + dx, y + dy)
    page.keyboard.press("Enter")
    expect(page.locator("#pq-geometry")).to_have_value(re.compile("LineString"))
    (line,) = drawn(page)
    assert line["type"] == "LineString"
    assert len(line["coordinates"]) == 3
    keep_site(sheet)


def draw_point(sheet: Sheet, opener: Locator) -> None:
    """With the keyboard alone."""
    page = editor(sheet, opener)
    fill(page, {"Nom de l’emprise": "Abri à vélos"})
    page.get_by_text("Modifier au clavier ou par coordonnées").press("Enter")
    page.locator("[data-edit-act=add-point]").press("Enter")
    expect(page.locator("#pq-geometry")).to_have_value(re.compile("Point"))
    (before,) = drawn(page)
    page.get_by_role("button", name=re.compile("^Déplacer avec les flèches")).press("Shift+ArrowUp")
    expect(page.locator("[data-edit-said]")).to_contain_text(re.compile(r"100\sm vers le nord"))
    (after,) = drawn(page)
    assert after["coordinates"][1] > before["coordinates"][1]
    keep_site(sheet)


def sites(sheet: Sheet) -> None:
    place = sheet.part("Lieu")
    draw_point(sheet, place.get_by_role("link", name="Ajouter une emprise"))
    for name in ("Piste", "Abri à vélos"):
        expect(place.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    shown = json.loads(sheet.page.locator("script#pq-sites").text_content() or "")
    assert sorted(one["geometry"]["type"] for one in shown["features"]) == ["LineString", "Point"]


def planning(sheet: Sheet) -> None:
    """The site comes before the project."""
    form = sheet.open(sheet.track("Planification").get_by_role("link", name="Une autre phase"))
    form.get_by_role("radio", name="Avant-projet").check()
    expect(form.get_by_role("listitem").filter(has_text="Projet de l’ouvrage")).to_contain_text(
        "La mesure n’est pas sur la carte"
    )
    sheet.save(form)
    sheet.stands("Planification", "Avant-projet")
    mend = sheet.refused("Planification", "Projet de l’ouvrage", "Dessinez d’abord son emprise")
    draw_line(sheet, mend)
    sheet.walk("Planification", "Projet de l’ouvrage")


def agreement(sheet: Sheet) -> None:
    """The authority's priority, the cost and the number come before the agreement on services."""
    sheet.walk("Convention", "Proposée")
    priority = sheet.refused("Convention", ASSESSED, "Saisissez la priorité donnée par l’autorité")
    form = sheet.open(priority)
    form.get_by_role("radio", name="A", exact=True).check()
    sheet.save(form)
    sheet.stands("Convention", ASSESSED)
    cost = sheet.refused("Convention", AGREED, "Le coût n’est pas connu")
    estimate = {"Coût": "2 400 000", "Coût imputable": "2 000 000", "Précision, ± %": "15"}
    estimate |= {"Base de prix": "2025-10", "Genre d’estimation": "Projet", "Source": "Projet, novembre 2026"}
    sheet.save(sheet.open(cost, estimate))
    sheet.walk("Convention", AGREED, {"Numéro dans l’accord sur les prestations": f"6301.5.0{NUMBER}"})


def implementation(sheet: Sheet) -> None:
    """No works before the signature: they would lose the aid."""
    signed = "Les travaux ne peuvent commencer qu’après la signature"
    sheet.refused("Mise en œuvre", "En cours", signed)
    sheet.walk("Convention", "Convention de financement demandée")
    numbers = {
        "Numéro de la convention de financement": "CF-2026-17",
        "Date de la convention de financement": "2026-11-02",
    }
    sheet.walk("Convention", "Convention de financement signée", numbers)
    sheet.walk("Mise en œuvre", "En cours")


def quantity(sheet: Sheet) -> None:
    opener = sheet.page.get_by_role("link", name="Ajouter une quantité")
    sheet.save(sheet.open(opener, {"À réaliser": "1 800", "Unité": "mètres"}))


def funding(sheet: Sheet) -> None:
    rules: list[Fields] = [
        {
            "Qui paie": "Confédération suisse",
            "Règle": "un taux du coût imputable",
            "Taux, %": "40",
            "Plafond": "750 000",
        },
        {
            "Qui paie": "Canton du Valais",
            "Règle": "un montant par unité construite",
            "Montant par unité": "150",
            "Unité": "mètres",
        },
        {
            "Qui paie": "Agglo Valais central",
            "Règle": "complète l’aide jusqu’à une part du coût",
            "Taux, %": "60",
        },
    ]
    for rule in rules:
        opener = sheet.page.get_by_role("link", name="Ajouter un cofinancement")
        sheet.save(sheet.open(opener, rule))
    table = sheet.page.get_by_role("table", name="Financement et règles")
    for payer, amount in (
        ("Confédération suisse", "0,75"),
        ("Canton du Valais", "0,27"),
        ("Agglo Valais central", "0,18"),
        ("Sierre", "1,20"),
        ("Coût total", "2,40"),
    ):
        row = table.get_by_role("row").filter(has=sheet.page.get_by_role("rowheader", name=payer))
        expect(row.get_by_role("cell").last).to_have_text(re.compile(rf"^\s*{amount}"))


def years(sheet: Sheet) -> None:
    form = sheet.open(sheet.part("Dépenses par an").get_by_role("link", name="Modifier"))
    lines: list[Fields] = [
        {"Année": "2026", "Couvre": "jusqu’à cette année", "État": "payé", "Montant": "160 000"},
        {"Année": "2027", "Couvre": "cette année", "État": "voté", "Montant": "840 000"},
        {"Année": "2028", "Couvre": "cette année", "État": "projeté", "Montant": "1 400 000"},
    ]
    for at, line in enumerate(lines):
        fill(form, line, at)
    sheet.save(form)
    table = sheet.page.get_by_role("table", name="Montants par année")
    for year, cost, net, aid in (
        ("jusqu’à 2026", "0,16", "0,08", "0,08"),
        ("2027", "0,84", "0,42", "0,42"),
        ("2028", "1,40", "0,70", "0,70"),
    ):
        row = table.get_by_role("row").filter(has=sheet.page.get_by_role("rowheader", name=year))
        for at, figure in enumerate((cost, net, aid), start=1):
            expect(row.get_by_role("cell").nth(at)).to_have_text(figure)


def totals(sheet: Sheet) -> None:
    facts = sheet.part("Argent").locator("dl").first
    expect(facts).to_contain_text(re.compile(r"Coût\s*2,40"))
    expect(facts).to_contain_text(re.compile(r"D’autres\spaient\s*1,20"))
    expect(facts).to_contain_text(re.compile(r"Reste à\sSierre\s*1,20"))
    expect(facts).to_contain_text(re.compile(r"50\s%"))


def test_a_lead_makes_a_whole_measure(visit: Any) -> None:
    lead = visit(DESKTOP)
    lead.sign_in("projet.sierre")
    sheet = Sheet(lead)
    sheet.create(TITLE, {"Plan": "PA5", "Code dans le plan": f"PA5-{NUMBER}", "Priorité": "A"})
    three_plans(sheet)
    planning(sheet)
    sites(sheet)
    agreement(sheet)
    implementation(sheet)
    quantity(sheet)
    funding(sheet)
    years(sheet)
    totals(sheet)
    assert lead.axe() == []
    assert lead.overflow() <= 0
    lead.page.goto(lead.platform.cockpit(f"plans/measures/?q=SIE-{NUMBER}"))
    expect(lead.page.locator("tr[data-id]")).to_have_count(1)  # in three plans, counted once


def test_a_lead_walks_a_new_measure_on_a_phone(visit: Any) -> None:
    lead = visit(PHONE)
    lead.sign_in("projet.sierre")
    sheet = Sheet(lead)
    sheet.create("Passage piéton de Borzuat", {"Plan": "PA5", "Code dans le plan": "PA5-TEL"})
    sheet.walk("Planification", "Définition des objectifs")
    sheet.walk("Convention", "Proposée")
    sheet.refused("Convention", ASSESSED, "Saisissez la priorité donnée par l’autorité")
    opener = sheet.page.get_by_role("link", name="Nouvelle estimation")
    sheet.save(sheet.open(opener, {"Coût": "180 000"}))
    rule = {"Qui paie": "Canton du Valais", "Règle": "tout ce qui reste"}
    sheet.save(sheet.open(sheet.page.get_by_role("link", name="Ajouter un cofinancement"), rule))
    expect(sheet.part("Argent").locator("dl").first).to_contain_text(re.compile(r"Reste à\sSierre\s*0"))
    assert lead.axe() == []
    assert lead.overflow() <= 0
