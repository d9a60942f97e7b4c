"""A crisis from its plan to its paper: a lead leads it at a desk, an agent works it in the rain."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE


def test_a_flood_plan_is_written_and_changed(visit: Any) -> None:
    one = visit()
    one.sign_in("projet.sierre")
    page = one.page
    page.goto(one.platform.cockpit("crisis/plans/new/"))
    assert one.faults() == []
    page.get_by_role("link", name=re.compile("^Tempête")).first.click()
    expect(page.locator("h1")).to_contain_text("Nouveau plan de crise")
    page.locator("[name=r1-holder]").select_option(label="Damien Antonin")
    page.locator("[name=r2-holder]").select_option(label="Loïc Pralongin")
    page.get_by_role("button", name="Un rôle de plus").click()
    page.locator("[name=r5-name]").fill("Accueil des bénévoles")
    assert one.faults() == []
    page.get_by_role("button", name="Enregistrer le plan").click()
    expect(page.locator("h1")).to_contain_text("5 rôles, 9 fiches action, 3 rôles sans personne")
    assert one.faults() == []
    page.get_by_role("link", name="Modifier").click()
    page.get_by_role("button", name=re.compile("^Supprimer le plan")).click()
    expect(page.get_by_text("Le plan est supprimé.")).to_be_visible()


def test_a_crisis_is_declared_worked_in_the_rain_and_ended(visit: Any) -> None:
    office, agent = visit(), visit(PHONE)
    office.sign_in("projet.sierre")
    agent.sign_in("terrain.sierre")
    page = office.page
    page.goto(office.platform.cockpit("crisis/"))
    expect(page.locator("h1")).to_contain_text("Aucune crise en cours")
    assert office.faults() == []
    page.get_by_role("link", name="Faire un exercice").click()
    page.locator("[name=name]").fill("Crue d’essai")
    page.locator("[name=reason]").fill("2,1 m au pont de Sierre")
    assert office.faults() == []
    page.get_by_role("button", name="Déclencher").click()
    expect(page.locator("h1")).to_contain_text("Crue d’essai : Vigilance")
    crisis = page.url

    phone = agent.page
    phone.goto(agent.platform.cockpit("interventions/"))
    banner = phone.get_by_role("region", name="Crises en cours")
    expect(banner).to_contain_text("EXERCICE")
    banner.get_by_role("link", name=re.compile("pour vous")).click()
    phone.wait_for_url(f"{crisis}*")
    phone.get_by_role("button", name=re.compile("Je prends le rôle : Cellule terrain")).click()
    expect(phone.get_by_text("Vous avez maintenant ce rôle.")).to_be_visible()
    tick = phone.get_by_role("button", name=re.compile("^Grilles, vannes"))
    box = tick.bounding_box()
    assert box is not None and box["height"] >= 56  # with wet fingers
    tick.click()
    expect(phone.get_by_role("button", name=re.compile("^Grilles, vannes"))).to_have_attribute(
        "aria-pressed", "true"
    )
    assert agent.faults() == []
    phone.set_viewport_size(PHONE)
    phone.get_by_role("button", name=re.compile("^Terminer.*Contrôler")).click()
    expect(phone.get_by_text("La tâche est terminée.")).to_be_visible()

    page.goto(crisis)
    page.set_viewport_size(DESKTOP)
    page.keyboard.press("p")  # the keyboard alone
    page.wait_for_url("**/points/new/")
    assert office.faults() == []
    page.locator("[name=situation]").fill("2,1 m, la pluie faiblit")
    page.locator("[name=decisions]").fill("Berges fermées par précaution")
    page.get_by_role("button", name="Inscrire").click()
    expect(page.locator("#cr-point")).to_contain_text("Point de situation 1")
    page.get_by_role("link", name="Toutes").click()
    assert office.faults() == []
    page.get_by_role("link", name=re.compile("^Biffer")).click()
    page.locator("[name=situation]").fill("2,0 m, la pluie faiblit")
    page.get_by_role("button", name="Inscrire").click()
    expect(page.locator("#cr-point")).to_contain_text("Point de situation 2")

    page.keyboard.press("t")
    page.locator("[name=what]").fill("Porter des sacs de sable au pont")
    page.locator("[name=person]").select_option(label="Loïc Pralongin")
    assert office.faults() == []
    page.get_by_role("button", name="Ajouter la tâche").click()
    page.get_by_role("link", name="Porter des sacs de sable au pont").click()
    assert office.faults() == []
    page.go_back()

    page.keyboard.press("f")
    page.get_by_label("Alerte").check()
    page.locator("[name=reason]").fill("2,2 m")
    assert office.faults() == []
    page.get_by_role("button", name="Changer la phase").click()
    expect(page.locator("h1")).to_contain_text("Crue d’essai : Alerte")
    assert office.faults() == []
    phone.goto(crisis)
    expect(phone.get_by_role("link", name="Fermer berges, passages bas et parkings exposés")).to_be_visible()
    expect(phone.get_by_role("link", name="Porter des sacs de sable au pont")).to_be_visible()

    page.get_by_role("link", name="Transmettre, absences").click()
    assert office.faults() == []
    page.get_by_role("link", name=re.compile("^Transmettre : Cellule communication")).click()
    assert office.faults() == []
    page.locator("[name=person]").select_option(label="Loïc Pralongin")
    page.get_by_role("button", name="Transmettre").click()
    expect(page.get_by_role("listitem").filter(has_text="Cellule communication").first).to_contain_text(
        "Loïc Pralongin · sollicité"
    )

    page.goto(f"{crisis}?wall=1")
    expect(page.locator(".bv-rail")).to_be_hidden()
    assert office.faults() == []
    page.goto(office.platform.cockpit("alarms/desk/"))
    expect(page.get_by_role("region", name="Crises en cours")).to_contain_text("Crue d’essai")

    page.goto(f"{crisis}end/")
    page.locator("[name=summary]").fill("Bon exercice, à refaire.")
    assert office.faults() == []
    page.get_by_role("button", name="Y mettre fin").click()
    expect(page.locator("h1")).to_contain_text("terminée")
    page.get_by_role("link", name="Déroulement").click()
    expect(page.locator(".cr-log")).to_contain_text("Point de situation 2, biffe le 1")
    assert office.faults() == []
    page.get_by_role("link", name="Sur papier").click()
    assert office.faults() == []
    page.emulate_media(media="print")
    expect(page.locator(".cr-log li").first).to_contain_text("Déclenchée")
    expect(page.locator(".cr-drill")).to_be_visible()
    for hidden in (".bv-rail", "[data-print]"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")
