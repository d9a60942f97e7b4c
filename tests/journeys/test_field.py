"""A job is dispatched, done on a phone without a network, and seen with its proof by the office."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.engines.waiting import until
from tests.journeys.conftest import DESKTOP, PHONE

AWAY = re.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
# A point of a picture, as PNG: the phone makes a JPEG of it.
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63e8"
    "4873010002ac013330cd12850000000049454e44ae426082"
)
# The worker looks after the page, and has it with all that it is made of.
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const cache = await caches.open("belvedere-field-1");
  const made = performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname);
  const needed = [location.pathname, ...made.filter((path) => path.startsWith("/static/"))];
  return (await Promise.all(needed.map((path) => cache.match(path)))).every(Boolean);
}"""


def wait_until_kept(page: Page) -> None:
    """Until the phone has all that the page needs without a network."""
    until(lambda: page.evaluate(KEPT), "the phone has the page")


def planned_by_the_office(office: Any) -> str:
    """A team, a list of points and a job for the team; the address of the job."""
    page = office.page
    page.goto(office.platform.cockpit("interventions/setup/"))
    page.get_by_label("Nom de l’équipe").fill("Équipe de nuit")
    page.get_by_label("Damien Antonin").check()
    page.get_by_role("button", name="Créer l’équipe").click()
    expect(page.get_by_role("listitem").filter(has_text="Équipe de nuit")).to_be_visible()
    page.locator("[name=points]").fill("Zone balisée\nArmoire fermée à clé")
    page.get_by_role("button", name="Enregistrer la liste").click()
    expect(page.get_by_role("listitem").filter(has_text="Zone balisée")).to_be_visible()
    assert office.faults() == []
    page.goto(office.platform.cockpit("interventions/new/"))
    number = page.locator("#iv-equipment option[value^=EP-SIE]").first.get_attribute("value")
    page.get_by_label("Ce qui est à faire").fill("Rétablir l’armoire")
    page.locator("[name=equipment]").fill(number)
    page.locator("[name=team]").select_option(label="Équipe de nuit (Sierre)")
    page.get_by_role("button", name="Prévoir").click()
    expect(page.get_by_role("button", name="Envoyer à Équipe de nuit")).to_be_visible()
    job = str(page.url)
    page.goto(office.platform.cockpit("interventions/board/?q=armoire"))
    card = page.locator(f"#card-{job.rstrip('/').rsplit('/', 1)[1]}")
    expect(card).to_be_visible()
    assert office.faults() == []
    page.set_viewport_size(DESKTOP)
    card.get_by_role("button", name=re.compile("^Envoyer")).click()
    expect(page.get_by_text("est envoyée à Équipe de nuit")).to_be_visible()
    page.goto(job)
    expect(page.get_by_text("Compté dès le premier envoi")).to_be_visible()
    return job


def done_without_a_network(agent: Any) -> None:
    page = agent.page
    page.goto(agent.platform.cockpit("interventions/field/"))
    page.get_by_role("button", name=re.compile("Rétablir l’armoire")).click()
    wait_until_kept(page)
    assert agent.faults() == []
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("Hors ligne.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Accepter")).click()
    page.get_by_role("button", name=re.compile("^Je suis sur place")).click()
    page.get_by_label("Zone balisée").check()
    page.get_by_label("Armoire fermée à clé").check()
    expect(page.get_by_text("4 gardés sur ce téléphone")).to_be_visible()
    page.get_by_label("Ce que montre la photo").fill("Après")
    page.get_by_label("Prendre une photo").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": POINT}
    )
    expect(page.get_by_role("img", name="Après")).to_be_visible()
    box = page.get_by_role("img", name=re.compile("^Signez")).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=4)
    page.mouse.up()
    page.get_by_label("Nom de qui signe").fill("Mme Fournier")
    page.get_by_role("button", name="Garder la signature").click()
    page.get_by_role("button", name=re.compile("^Terminer")).click()
    expect(page.get_by_text("7 gardés sur ce téléphone")).to_be_visible()
    page.reload()  # nothing of it is lost with the page
    expect(page.get_by_text("7 gardés sur ce téléphone")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Tout est envoyé.")).to_be_visible()
    agent.errors[:] = [one for one in agent.errors if not AWAY.search(one)]


def test_a_job_done_offline_reaches_the_office_with_its_proof(visit: Any) -> None:
    office = visit(DESKTOP)
    office.sign_in("projet.sierre")
    job = planned_by_the_office(office)
    agent = visit(PHONE)
    agent.sign_in("projet.sierre")
    done_without_a_network(agent)
    page = office.page
    page.goto(job)
    expect(page.get_by_text("2 points sur 2")).to_be_visible()
    expect(page.get_by_role("img", name="Après")).to_be_visible()
    expect(page.get_by_text("Signé par Mme Fournier")).to_be_visible()
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("Vérifiée").first).to_be_visible()
    assert office.faults() == []
    page.goto(office.platform.cockpit("interventions/contracts/"))
    line = page.get_by_role("row", name=re.compile("Rétablir l’armoire"))
    expect(line).to_contain_text("Vérifiée")
    assert office.faults() == []
