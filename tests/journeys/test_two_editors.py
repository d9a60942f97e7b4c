"""Two people edit the same measure and both keep their work; several measures at once; the translator."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, Visit
from tests.journeys.test_whole_measure import Sheet, named

HERE, THERE = "Parvis de Géronde", "Parvis du lac de Géronde"


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).click()


def test_two_people_edit_the_same_measure_and_both_keep_their_work(visit: Any) -> None:
    lead, other = visit(), visit()
    lead.sign_in("projet.sierre")
    other.sign_in("administration")
    sheet = Sheet(lead)
    sheet.create(HERE, {})
    for one in (lead, other):
        one.page.goto(f"{sheet.address}edit/texts/")
    named(other.page, "Titre (Français)").fill(THERE)
    named(other.page, "Titre (Deutsch)").fill("Vorplatz Géronde")
    save(other.page)
    expect(other.page.get_by_role("heading", level=1)).to_have_text(THERE)

    page = lead.page
    named(page, "Titre (Français)").fill("Parvis de Géronde et abords")
    named(page, "Quoi et pourquoi (Français)").fill("Un parvis sans voitures.")
    save(page)
    asked = page.get_by_role("table", name="Vous avez tous deux modifié ceci")
    expect(asked.get_by_role("row")).to_have_count(2)  # with its head: one field clashes
    expect(asked).to_contain_text(THERE)
    expect(page.get_by_text("Repris automatiquement")).to_contain_text("Titre (Deutsch)")
    assert lead.faults() == []
    page.set_viewport_size(DESKTOP)
    asked.get_by_label(re.compile("prendre l’autre")).check()
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(THERE)
    expect(page.get_by_text("Un parvis sans voitures.").first).to_be_visible()
    lead.errors[:] = [error for error in lead.errors if "422" not in error]

    # The title of before comes back from the journal.
    journal = page.locator("#journal")
    journal.get_by_role("link", name=re.compile("Titre$")).first.click()
    page.get_by_role("button", name="Remettre", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HERE)

    several_at_once_and_back(lead)
    translated(lead)


def several_at_once_and_back(lead: Visit) -> None:
    page = lead.page
    page.goto(f"{lead.platform.cockpit('plans/measures/several/')}?q=parvis")
    page.get_by_label("Visibilité", exact=True).check()
    page.get_by_label(re.compile("Visible de tous")).select_option(label="oui")
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 mesure change")
    assert lead.faults() == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.get_by_role("button", name=re.compile(r"^Modifier \d+ mesure")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("d’un coup")
    assert lead.faults() == []
    page.get_by_role("button", name="Annuler cette modification").click()
    expect(page.get_by_text(re.compile(r"comme avant\."))).to_be_visible()


def translated(lead: Visit) -> None:
    page = lead.page
    page.goto(lead.platform.cockpit("plans/translations/?to=de"))
    assert lead.faults() == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    row = page.locator(".pq-tr-list > li").filter(has_text="Un parvis sans voitures.")
    row.get_by_role("textbox").fill("Ein Platz ohne Autos.")
    row.get_by_role("button", name="Enregistrer").click()
    done = page.locator(".pq-tr-list > li.is-done")
    expect(done).to_contain_text("Ein Platz ohne Autos.")
    expect(done.get_by_role("status")).to_have_text("Le texte est enregistré.")
